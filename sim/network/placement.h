/* SPDX-License-Identifier: MIT */
/*
 * Which node is in which region: by name where the scenario places a node itself, else by shares of the regions.
 * Private to the room.
 */
#ifndef POSIM_NETWORK_PLACEMENT_H
#define POSIM_NETWORK_PLACEMENT_H

#include "base/ids.h"
#include "base/param.h"
#include "base/random.h"
#include "network/latency.h"

extern const struct param_variants placement_kinds;

/*
 * Fills region_of (by node). `names` by node, or NULL; nodes without a name are placed by `chosen`: numbers of nodes by
 * largest remainder, and which node goes where by a shuffle from the keyed stream. False and a GError where a region
 * is unknown or the shares do not add up to 1.
 */
bool placement_assign(const struct param_variant_value *chosen, const struct latency *latency, uint32_t node_count,
                      const char *const *names, const struct random_seed *seed, uint32_t *region_of, GError **error);

#endif
