/* SPDX-License-Identifier: MIT */
/*
 * Whether parts of an experiment are of one: their scenarios must be the same, value by value, however they are
 * written, and so must be what was in the files that they name, wherever these lie.
 */
#ifndef POSIM_EXPERIMENT_SAME_SCENARIO_H
#define POSIM_EXPERIMENT_SAME_SCENARIO_H

#include "experiment/root.h"
#include "scenario/scenario.h"

/* Whether the results are of that scenario, as far as there are any yet; else false and an error. */
bool results_are_of(const char *folder, const struct root *root, const struct scenario *scenario, GError **error);

/*
 * Whether all of these results are of the scenario of the first, however many replications they have; else false and an
 * error that names two.
 */
bool results_are_of_one(const char *const *folders, const struct root *root, GError **error);

#endif
