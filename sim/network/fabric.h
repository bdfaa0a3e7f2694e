/* SPDX-License-Identifier: MIT */
/*
 * What of a network never changes once it is made: where nodes are, the delays between them, the draws that vary
 * them. Clones of a network share its fabric, which counts them; they stay in one thread. Private to the room.
 */
#ifndef POSIM_NETWORK_FABRIC_H
#define POSIM_NETWORK_FABRIC_H

#include "base/random.h"
#include "network/graph.h"
#include "network/jitter.h"
#include "network/latency.h"
#include "network/params.h"
#include "network/placement.h"
#include "network/rates.h"
#include "network/relay.h"

struct fabric {
    struct random_seed seed;
    struct jitter_key jitter;
    const struct jitter_kernels *kernels;
    struct latency latency;
    struct placement placement;
    uint32_t node_count;
    uint32_t *region_of;          /* by node, the graph's included */
    uint64_t bandwidth_bit_per_s; /* 0: none */
    time_ns retry_most_ns;        /* what is lost and sent again, and arrives, does within so long */
    time_ns gst_ns;               /* 0: delays are bounded from the start */
    time_ns skew_ns;              /* of clocks */
    uint64_t drift_ppb;           /* the most, in billionths */
    struct rates rates;           /* by node, instead of that */
    struct rate *queue_rates;     /* of queues, by node, the graph's included; NULL: all have the plan's */
    uint32_t *first_core;         /* by node: of its processors among all; one more: their number; NULL: no limit */
    char **empty_groups;          /* of processors: a text for each that took no node; NULL-terminated; may be NULL */
    struct graph *graph;          /* NULL: all nodes are linked directly, with the latency model's delays */
    struct graph_paths *paths;    /* of the graph without faults */
    node_id *keeper;              /* by node of the graph: of a relay, whose it is; NULL: no relay is anybody's */
    uint32_t links_by_model;      /* of the graph's: those with the latency model's delay */
    const char *topology;         /* the variant's name */
    struct relay_plan plan;       /* how messages spread where arrivals are not by formula */
};

/* NULL and a GError as for network_new. */
struct fabric *fabric_new(const struct network_params *params, uint32_t node_count, const char *const *regions,
                          const struct random_seed *seed, GError **error);
struct fabric *fabric_share(struct fabric *fabric);
void fabric_unshare(struct fabric *fabric);

/* On the sender's side: the whole message at the node's rate, rounded up; no queue. */
time_ns fabric_transmission(const struct fabric *fabric, uint32_t size_bytes);

/* By the rates of both ends; 0 where nodes have no rates of their own. */
static inline time_ns fabric_at_rates(const struct fabric *fabric, node_id from, node_id to, uint32_t size_bytes)
{
    if (!fabric->rates.of)
        return 0;
    uint64_t up = fabric->rates.of[from].up_bit_per_s, down = fabric->rates.of[to].down_bit_per_s;
    return rate_takes(up < down ? up : down, size_bytes);
}

/* The base delay between two different nodes; and of a message of that size over the slowest pair that was looked at.
 */
time_ns fabric_base(const struct fabric *fabric, node_id from, node_id to);
time_ns fabric_slowest(const struct fabric *fabric, uint32_t size_bytes);

/* Pairs of regions that nodes are in, whose figure was filled by distance. */
uint64_t fabric_pairs_filled(const struct fabric *fabric);

/* Delays from the sender's region, by region of the receiver. */
static inline const time_ns *fabric_region_row(const struct fabric *fabric, node_id from)
{
    return fabric->latency.between_ns + (size_t)fabric->region_of[from] * fabric->latency.region_count;
}

#endif
