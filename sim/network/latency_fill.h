/* SPDX-License-Identifier: MIT */
/*
 * Figures for pairs of regions that a table leaves out: from the other direction, or by distance, as a straight line
 * (least squares, in integers) through the pairs that it has. What was filled is noted in the description, so that it
 * can be told. Private to the room.
 */
#ifndef POSIM_NETWORK_LATENCY_FILL_H
#define POSIM_NETWORK_LATENCY_FILL_H

#include "network/latency.h"

/* Gives each pair that is known in one direction only the figure of the other. */
void latency_fill_symmetric(struct latency *latency);

/*
 * Gives pairs without a figure one by the distance between their regions, where both have a place (`placed`, by region,
 * as `places`). A filled delay is never below that of light in fibre along the great circle. False and an error that
 * begins with `about` where the known pairs make no line: fewer than two distances, or delays that fall with distance.
 */
bool latency_fill_by_distance(struct latency *latency, const struct place *places, const bool *placed,
                              const char *about, GError **error);

#endif
