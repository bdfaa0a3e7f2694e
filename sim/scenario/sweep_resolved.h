/* SPDX-License-Identifier: MIT */
/*
 * A scenario with a sweep, written down: what was filled at its first point, but where values of the sweep add to what
 * is there or change its kind, what was given before any of them. Else the other points would inherit keys of the
 * first. It loads to the same points with the same values and numbers.
 */
#ifndef POSIM_SCENARIO_SWEEP_RESOLVED_H
#define POSIM_SCENARIO_SWEEP_RESOLVED_H

#include "scenario/fill.h"
#include "scenario/sweep.h"

/* `tree` is the scenario before anything is laid over it, `filled` its first point; new nodes come from `pool`. */
const struct filled *sweep_resolved(const struct sweep *sweep, const struct param_table *root,
                                    const struct yaml_node *tree, const struct filled *filled, struct pool *pool);

#endif
