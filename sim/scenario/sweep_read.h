/* SPDX-License-Identifier: MIT */
/*
 * Reading a sweep: sweep_keys.c finds which keys are given with which values,
 * sweep_overrides.c what --set changes of them, sweep_read.c finds what each key means,
 * types its values and counts the places, sweep_write.c writes all of it down again.
 */
#ifndef POSIM_SCENARIO_SWEEP_READ_H
#define POSIM_SCENARIO_SWEEP_READ_H

#include "scenario/sweep.h"

struct sweep_source {
    struct pool *pool;
    const struct param_table *root;
    const struct yaml_node *tree;      /* the scenario, `sweep` included, with the overrides around swept keys */
    const struct yaml_node *overrides; /* all --set as one tree, or NULL */
    const char *const *added;          /* --sweep KEY=VALUES, or NULL */
    const char *only;                  /* --only CONDITION, or NULL */
    const char *folder;                /* what paths on the command line start from */
    struct diagnostics *diagnostics;
    /* The whole scenario as it would be if it extended this preset, file or map; NULL after an error. */
    const struct yaml_node *(*extend)(void *user, const struct yaml_node *reference);
    void *user;
};

struct sweep_reading {
    const struct sweep *sweep; /* NULL where nothing is swept, or after errors */
    /*
     * The scenario; after errors with the first value of each key, so that it can still be checked and all that is
     * wrong is told at once.
     */
    const struct yaml_node *first;
    bool is_broken; /* there are errors, or filling `first` will find some */
};

/* What it makes belongs to the pool. */
struct sweep_reading sweep_read(const struct sweep_source *source);

/* The overrides (may be NULL) without what lies at or within keys that `tree`, --set or --sweep sweep over. */
const struct yaml_node *sweep_overrides_around(struct pool *pool, const struct yaml_node *tree,
                                               const char *const *added, const struct yaml_node *overrides);

#endif
