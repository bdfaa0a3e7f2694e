/* SPDX-License-Identifier: MIT */
/*
 * What of a scenario differs from the defaults of the tables: the few lines that say what it is about. A part is left
 * out where filling it from nothing gives the same.
 */
#ifndef POSIM_SCENARIO_CHANGED_H
#define POSIM_SCENARIO_CHANGED_H

#include "scenario/fill.h"

/* The parts of `root` that differ, as another tree in the filler's pool; it loads to the same values. */
const struct filled *changed_parts(const struct filler *filler, const struct filled *root);

#endif
