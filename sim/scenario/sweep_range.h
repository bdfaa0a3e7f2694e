/* SPDX-License-Identifier: MIT */
/*
 * The values of a range, `{from: 0 %, to: 30 %, step: 10 %}` or `{from: 1 ms, to: 1 s, factor: 10}`: computed exactly,
 * in the type of the key, and written as texts that a scenario could hold. `to` is included where a step lands on it.
 */
#ifndef POSIM_SCENARIO_SWEEP_RANGE_H
#define POSIM_SCENARIO_SWEEP_RANGE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

/* Whether a node is meant as a range: a map with `from` or `to`. */
bool sweep_is_range(const struct yaml_node *node);

/* The list of a range's values for the key `path`, `most` at most; NULL after an error. */
const struct yaml_node *sweep_range(struct pool *pool, const struct yaml_node *range, const char *path,
                                    const struct param *param, uint64_t most, struct diagnostics *diagnostics);

#endif
