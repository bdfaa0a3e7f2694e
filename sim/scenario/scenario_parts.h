/* SPDX-License-Identifier: MIT */
/* A scenario from inside. Private to scenario.c, which loads one, and scenario_points.c, which makes its points. */
#ifndef POSIM_SCENARIO_SCENARIO_PARTS_H
#define POSIM_SCENARIO_SCENARIO_PARTS_H

#include "scenario/fill.h"
#include "scenario/scenario.h"
#include "scenario/sweep.h"

struct scenario {
    struct pool pool;
    const struct param_table *root;
    char *presets;
    GHashTable *moved; /* as in scenario_source; may be NULL */
    GPtrArray *inputs; /* absolute paths, texts of the pool; once loaded without repetitions, and NULL last */
    const struct yaml_node *tree; /* before anything is laid over it; the sweep as it is written down */
    const struct sweep *sweep;    /* NULL: none */
    const struct filled *filled;
    void *values;
};

struct scenario *scenario_new(const struct param_table *root, const char *presets, GHashTable *moved);

/* Fills the scenario from a tree; the diagnostics tell whether that went well. */
void scenario_fill(struct scenario *scenario, const struct yaml_node *tree, bool is_partial,
                   struct diagnostics *diagnostics);

/* Inputs without repetitions, as a list that ends with NULL. */
void scenario_tidy_inputs(struct scenario *scenario);

/* A tree with another value for one of its keys, or (NULL) without it. */
const struct yaml_node *scenario_replace(struct pool *pool, const struct yaml_node *tree, const char *key,
                                         const struct yaml_node *value);

/* Fills with the values of a point of `whole` laid over its tree; errors of several values say at which point. */
void scenario_fill_point(struct scenario *scenario, const struct scenario *whole, uint64_t point, bool is_partial,
                         struct diagnostics *diagnostics);

/*
 * Fills the first `most` values of each key, each at one point, as far as one is found that the condition leaves.
 * False and diagnostics where one is wrong.
 */
bool scenario_check_values(struct scenario *scenario, uint64_t most, struct diagnostics *diagnostics);

#endif
