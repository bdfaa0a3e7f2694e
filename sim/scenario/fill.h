/* SPDX-License-Identifier: MIT */
/*
 * From a merged tree to the structs that the tables describe: every scalar typed and checked, every default put in,
 * every error told. Beside the structs it makes a tree of what was filled, in the order of the tables, with the text
 * and the origin of each value: the resolved scenario and its origins are printed from that.
 *
 * All memory, that of the values too, is the pool's.
 */
#ifndef POSIM_SCENARIO_FILL_H
#define POSIM_SCENARIO_FILL_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

/* One value as filled: a scalar's text, or the parts of a map or list. */
struct filled {
    const char *key; /* NULL: an item of a list */
    const struct param *param;
    enum yaml_kind kind;
    const char *text;   /* YAML_SCALAR: as a scenario would write it */
    struct place place; /* where it was written; its source is NULL for a default */
    struct filled *first;
    struct filled *last;
    struct filled *next;
};

struct filler {
    struct pool *pool;
    const struct param_table *root;
    const char *presets; /* folder that files named by defaults are relative to; NULL: the current one */
    GHashTable *moved;   /* where files lie now, by absolute path, of those that do not lie there; may be NULL */
    struct diagnostics *diagnostics;
    GPtrArray *inputs; /* files named by the scenario are added, as texts of the pool */
    bool is_partial;   /* part of the scenario could not be read: nothing is called missing */
};

/*
 * Fills `values` (root->size zeroed bytes) from a tree. Returns what was filled; where errors were added it is
 * incomplete, and so are the values.
 */
const struct filled *fill_root(const struct filler *filler, const struct yaml_node *tree, void *values);

/*
 * Adds what a parameter that has a default is by default to `parent`. False where that cannot be, as for a file that is
 * not there.
 */
bool fill_by_default(const struct filler *filler, const struct param *param, struct filled *parent);

/* Adds what is written in a tree to `parent`, as it is written, as if it had been filled. */
void filled_add_written(struct pool *pool, struct filled *parent, const char *key, const struct yaml_node *node);

#endif
