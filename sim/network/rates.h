/* SPDX-License-Identifier: MIT */
/*
 * Rates at which nodes send and receive, node by node, from files of a user's: one of each for a region, or a histogram
 * from which each node draws, keyed by the node. Private to the room; made once, then only read.
 */
#ifndef POSIM_NETWORK_RATES_H
#define POSIM_NETWORK_RATES_H

#include "base/ids.h"
#include "base/param.h"
#include "base/random.h"
#include "network/latency.h"

struct rate {
    uint64_t up_bit_per_s, down_bit_per_s;
};

struct rates {
    struct rate *of; /* by node; NULL: the scenario gives none */
    uint32_t count;
    struct rate least; /* of each, over all nodes */
};

extern const struct param_variants rates_kinds;

/* False and a GError where a file cannot be read, or has nothing for a region that a node is in. */
bool rates_make(const struct param_variant_value *chosen, const struct latency *latency, const uint32_t *region_of,
                uint32_t node_count, const struct random_seed *seed, struct rates *rates, GError **error);
void rates_release(struct rates *rates);

/* How long so many bytes take at a rate, rounded up. */
static inline time_ns rate_takes(uint64_t bit_per_s, uint32_t size_bytes)
{
    uint128 bit_ns = (uint128)size_bytes * 8 * (uint64_t)SECOND;
    if (bit_ns <= UINT64_MAX - bit_per_s)
        return (time_ns)(((uint64_t)bit_ns + bit_per_s - 1) / bit_per_s);
    return (time_ns)((bit_ns + bit_per_s - 1) / bit_per_s);
}

#endif
