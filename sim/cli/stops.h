/* SPDX-License-Identifier: MIT */
/*
 * What `replicate.until` came to: points that have no more runs although their metric is not known as well as was
 * asked for, told when all is over; and, before anything is run, rules that may have no other end.
 */
#ifndef POSIM_CLI_STOPS_H
#define POSIM_CLI_STOPS_H

#include "experiment/point_tally.h"
#include "experiment/root.h"
#include "scenario/scenario.h"

struct stops;

/* The scenario and its settings must outlive them. */
struct stops *stops_new(const struct scenario *scenario, const struct experiment_settings *settings);
void stops_free(struct stops *stops);

void stops_note(struct stops *stops, const struct point_tally *tally);

/* On stderr, a line a point; of many the first ones. */
void stops_tell(const struct stops *stops, const char *about);

/* How many points ended so. */
uint64_t stops_count(const struct stops *stops, enum stop_decision decision);

/* On stderr, a line that begins with what it is about, where the rule may end at `max` only. */
void stops_warn(const struct experiment_settings *settings, const char *about);

#endif
