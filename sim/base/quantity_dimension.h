/* SPDX-License-Identifier: MIT */
/*
 * The units of a scenario's quantities: one table for parsing, for printing and for the JSON schema of scenarios.
 * Others go through quantity.h; the tables are constants.
 */
#ifndef POSIM_BASE_QUANTITY_DIMENSION_H
#define POSIM_BASE_QUANTITY_DIMENSION_H

#include <stdint.h>

#define QUANTITY_DIGITS_MAXIMUM 38 /* as many as any uint128 can hold */

struct unit {
    const char *name;
    uint64_t factor;
};

/* Something that is written with a unit and held as a count of the smallest one. */
struct dimension {
    const char *thing;
    const char *whole;    /* what the count counts */
    const char *units;    /* all of them, in words */
    const char *examples; /* for a text that is not a number at all */
    const char *suggested[3];
    uint64_t maximum;
    const char *maximum_text;
    struct unit unit[8]; /* ends with a NULL name */
};

extern const struct dimension dimension_duration;
extern const struct dimension dimension_size;
extern const struct dimension dimension_rate;
extern const struct dimension dimension_tx_rate;

#endif
