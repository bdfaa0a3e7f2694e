/* SPDX-License-Identifier: MIT */
/* A sweep while it is being read. Private to sweep_keys.c, sweep_overrides.c, sweep_read.c and
 * sweep_write.c. */
#ifndef POSIM_SCENARIO_SWEEP_PARTS_H
#define POSIM_SCENARIO_SWEEP_PARTS_H

#include "scenario/sweep_read.h"

#define SWEEP_GRID_KEY  "grid"
#define SWEEP_ZIP_KEY   "zip"
#define SWEEP_WHERE_KEY "where"

struct sweep_draft {
    const struct sweep_source *source;
    const struct yaml_node *node; /* `sweep:` of the scenario, a map; NULL: it has none */
    struct sweep *sweep;
    /* What each key of the sweep was given: a list or a range; NULL after an error that was told. */
    const struct yaml_node *given[SWEEP_MOST_KEYS];
    bool zipped[SWEEP_MOST_KEYS];
    const struct param *params[SWEEP_MOST_KEYS]; /* what each key means; NULL where that is not known */
    const char *only;                            /* `where` and --only as one condition; NULL without --only */
    bool is_broken;                              /* after any error */
};

/* Adds an error. */
struct diagnostic *sweep_complain(struct sweep_draft *draft, struct place place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Takes all keys from `sweep:` and the command line, with the values as given and in the order of laying. */
void sweep_take_keys(struct sweep_draft *draft);

/* Lays what --set has within a key over each of the key's values; refuses a --set on the key itself. */
void sweep_override(struct sweep_draft *draft, size_t k);

/* The value of `where` as it is written, or NULL. */
const struct yaml_node *sweep_where_node(const struct sweep_draft *draft);

/* Fills what `sweep` says of how it is written. */
void sweep_write(struct sweep_draft *draft);

#endif
