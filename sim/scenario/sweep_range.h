/* SPDX-License-Identifier: MIT */
/*
 * Ranges of swept values: {from: 4 s, to: 12 s, step: 4 s} and {from: 1, to: 1000, factor: 10}. Each value is computed
 * exactly, or refused; `to` is among them where a step lands on it.
 */
#ifndef POSIM_SCENARIO_SWEEP_RANGE_H
#define POSIM_SCENARIO_SWEEP_RANGE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

/* Whether a node is meant as a range. */
bool sweep_is_range(const struct yaml_node *node);

/* The values of a range, at most `most`, as a list of texts that the parameter reads; NULL after errors. */
const struct yaml_node *sweep_range(struct pool *pool, const struct yaml_node *node, const char *path,
                                    const struct param *param, size_t most, struct diagnostics *diagnostics);

#endif
