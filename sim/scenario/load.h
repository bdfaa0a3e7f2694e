/* SPDX-License-Identifier: MIT */
/*
 * Reading a scenario file and all that it extends into one tree. Each file says `posim: 1`; `extends:` names another
 * file, relative to the one that names it, or a preset by its bare name. Neither key is left in the tree.
 */
#ifndef POSIM_SCENARIO_LOAD_H
#define POSIM_SCENARIO_LOAD_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

struct loader {
    struct pool *pool;
    const struct param_table *root;
    const char *presets; /* folder of presets, or NULL */
    struct diagnostics *diagnostics;
    GPtrArray *inputs; /* absolute paths of the files read, in order of reading; texts of the pool */
    /* What the first file extends, whatever it says: a preset, a file, or a map; NULL: what it says. */
    const struct yaml_node *extends_instead;
    bool is_partial; /* set where something that the scenario extends could not be read */
};

/* The tree of a source, over what it extends; NULL after errors that leave nothing to type. */
const struct yaml_node *load_tree(struct loader *loader, const struct source *source);

/* Reads a file into a source; `wanted` is where it was asked for (line 0: by the user). NULL after an error. */
const struct source *load_source(struct loader *loader, const char *name, const char *path, struct place wanted);

#endif
