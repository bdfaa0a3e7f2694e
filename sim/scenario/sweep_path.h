/* SPDX-License-Identifier: MIT */
/*
 * Paths of swept keys, such as "protocol.slot" or "faults.split.at": what stands there in a scenario's tree and in the
 * tables. Pure functions.
 */
#ifndef POSIM_SCENARIO_SWEEP_PATH_H
#define POSIM_SCENARIO_SWEEP_PATH_H

#include "base/param.h"
#include "scenario/yaml.h"

/* What a path leads to. */
struct sweep_path {
    const struct param *param;    /* NULL: there is no such key */
    const struct yaml_node *node; /* NULL: the tree has nothing there */
    const struct param *around;   /* what the last key stands in; NULL: the whole scenario */
    const char *key;              /* the last one, within the path; of a list its item's name or number */
};

struct sweep_path sweep_path_walk(const struct param_table *root, const struct yaml_node *tree, const char *path);

/* How many keys it has: a value of a longer path changes one of a shorter. */
size_t sweep_path_depth(const char *path);

/* The number of the item that an address means, by name or number; SIZE_MAX where the list has none. */
size_t sweep_path_item(const struct yaml_node *list, const char *address);

/* Goes one key on: from `param` and *node to the parameter and the node of that key, both NULL where there is none. */
const struct param *sweep_path_step(const struct param *param, const struct yaml_node **node, const char *key);

#endif
