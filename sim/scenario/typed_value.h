/* SPDX-License-Identifier: MIT */
/*
 * Values of a sweep as they are compared: numbers and quantities exactly and in order, all else as texts that are equal
 * or not. Pure functions.
 */
#ifndef POSIM_SCENARIO_TYPED_VALUE_H
#define POSIM_SCENARIO_TYPED_VALUE_H

#include "base/param.h"

struct typed_value {
    const struct param *param; /* NULL: a text */
    const char *text;
    union { /* by the type of an ordered parameter */
        int64_t integer;
        uint64_t natural;
        struct ratio ratio;
    };
};

/* Whether values of this parameter (NULL: texts) have an order. */
bool typed_is_ordered(const struct param *param);

/* Whether the values of two parameters can be compared: in order where they have one, else for being equal. */
bool typed_are_alike(const struct param *a, const struct param *b);

/* Reads a text as the parameter does, its range aside; false and an error where it is none. Keeps the text. */
bool typed_parse(const struct param *param, const char *text, struct typed_value *value, GError **error);

/* -1, 0, 1 of values that are alike; of texts 0 where they are equal, else 1. */
int typed_compare(const struct typed_value *a, const struct typed_value *b);

#endif
