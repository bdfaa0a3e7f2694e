/* SPDX-License-Identifier: MIT */
/*
 * The values of a swept key: what the key means, what a value is called in tables, and the files that it names, made
 * absolute so that a value means the same wherever it is written down. Pure functions; memory is the pool's.
 */
#ifndef POSIM_SCENARIO_SWEEP_VALUE_H
#define POSIM_SCENARIO_SWEEP_VALUE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/sweep.h"
#include "scenario/yaml.h"

/* The parameter at a path such as "faults.split.at", read along a scenario's tree; NULL where there is none. */
const struct param *sweep_param_at(const struct param_table *root, const struct yaml_node *tree, const char *path);

/* What a column of such values has at its end and what an axis says: "s", "bytes", "bits_per_s", "". */
const char *sweep_unit(const struct param *param);

/* The column of a key: "protocol_slot_s". */
const char *sweep_column(struct pool *pool, const char *path, const struct param *param);

/* Fills a value from its node; false after an error. */
bool sweep_value_read(struct pool *pool, const char *path, const struct param *param, const struct yaml_node *node,
                      struct sweep_value *value, struct diagnostics *diagnostics);

/* The same value with absolute paths where `param` (may be NULL) says that a text is one. */
const struct yaml_node *sweep_value_absolute(struct pool *pool, const struct param *param,
                                             const struct yaml_node *node);

/* A map with a `label` before its other keys. */
const struct yaml_node *sweep_value_labelled(struct pool *pool, const struct yaml_node *map, const char *label);

/* The node itself, or a map without its `label`. */
const struct yaml_node *sweep_value_without_label(struct pool *pool, const struct yaml_node *node);

#endif
