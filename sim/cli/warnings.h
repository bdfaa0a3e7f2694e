/* SPDX-License-Identifier: MIT */
/*
 * What is no mistake in a scenario, but may not be what its writer means: shares above zero that have come to nobody,
 * more sets than results have room for, and what files left open. Points are noted one by one; each set and each text
 * is told once, for the first point.
 */
#ifndef POSIM_CLI_WARNINGS_H
#define POSIM_CLI_WARNINGS_H

#include "experiment/point_tally.h"
#include "scenario/scenario.h"

struct warnings;

/* The scenario must outlive them. */
struct warnings *warnings_new(const struct scenario *scenario);
void warnings_free(struct warnings *warnings);

void warnings_note(struct warnings *warnings, const struct point_tally *tally);

/* On stderr, a line a warning that begins with what it is about: "first.yaml: warning: ...". */
void warnings_tell(const struct warnings *warnings, const char *about);

#endif
