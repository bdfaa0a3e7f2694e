/* SPDX-License-Identifier: MIT */
/*
 * The values of a swept key: what they are called in tables, and the files that they name, made absolute so that a
 * value means the same wherever it is written down. Pure functions; memory is the pool's.
 */
#ifndef POSIM_SCENARIO_SWEEP_VALUE_H
#define POSIM_SCENARIO_SWEEP_VALUE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/sweep.h"
#include "scenario/yaml.h"

/* What a map that is a value is called. */
#define SWEEP_LABEL_KEY "label"

/* What a column of such values has at its end and what an axis says: "s", "bytes", "bits_per_s", "". */
const char *sweep_unit(const struct param *param);

/* The column of a key: "protocol_slot_s". */
const char *sweep_column(struct pool *pool, const char *path, const struct param *param);

/* Fills a value from its node; `param` is what the key means, or NULL. False after an error. */
bool sweep_value_read(struct pool *pool, const char *path, const struct param *param, const struct yaml_node *node,
                      struct sweep_value *value, struct diagnostics *diagnostics);

/*
 * Calls the values of a key that names files by the ends of their paths, as long as needed to tell them apart: so they
 * are called alike wherever the scenario lies.
 */
void sweep_value_shorten(struct pool *pool, struct sweep_value *values, size_t count);

/* The same value with absolute paths where `param` (may be NULL) says that a text is one. */
const struct yaml_node *sweep_value_absolute(struct pool *pool, const struct param *param,
                                             const struct yaml_node *node);

/* A map with a `label` before its other keys; it had none. */
const struct yaml_node *sweep_value_labelled(struct pool *pool, const struct yaml_node *map, const char *label);

/* The node itself, or a map without its `label`. */
const struct yaml_node *sweep_value_without_label(struct pool *pool, const struct yaml_node *node);

#endif
