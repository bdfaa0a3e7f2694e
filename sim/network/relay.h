/* SPDX-License-Identifier: MIT */
/*
 * What a scenario says of relaying, queues and processors (`network.relay`, `network.capacity`, `network.cpu`), and the
 * plan that comes of it. Private to the room.
 */
#ifndef POSIM_NETWORK_RELAY_H
#define POSIM_NETWORK_RELAY_H

#include "base/param.h"
#include "network/graph.h"

/* The first member of the parameters of every way in which nodes pass messages on. */
struct relay_common {
    bool relay_targeted;
};

struct relay_push_params {
    struct relay_common common;
    int64_t fanout; /* PARAM_ABSENT: all peers */
};

struct relay_gossipsub_params {
    struct relay_common common;
    int64_t degree, degree_low, degree_high, degree_lazy;
    struct ratio gossip_factor;
    time_ns heartbeat_ns;
    int64_t history_gossip;
    uint64_t id_bytes;
    bool flood_publish;
    time_ns followup_ns;
    time_ns prune_backoff_ns;
};

struct relay_pull_params {
    struct relay_common common;
    uint64_t pull_above_bytes;
    uint64_t announce_bytes;
    time_ns timeout_ns;
};

struct relay_compact_params {
    struct relay_common common;
    uint64_t above_bytes;
    uint64_t header_bytes, short_id_bytes;
    uint64_t transaction_bytes;
    struct ratio known, complete;
    int64_t high_bandwidth;
    uint64_t announce_bytes, request_bytes;
    time_ns timeout_ns;
};

struct relay_per_peer_params {
    struct relay_common common;
    time_ns sleep_ns;
    uint64_t have_bytes;
};

struct relay_rotor_params {
    int64_t data_shreds, total_shreds;
    uint64_t above_bytes;
    uint64_t overhead_bytes;
    int64_t repair_tries;
    time_ns repair_after_ns, repair_timeout_ns;
    uint64_t repair_request_bytes;
};

enum queue_discipline { QUEUE_FIFO, QUEUE_FAIR };
enum capacity_source { CAPACITY_SAME, CAPACITY_RATES, CAPACITY_TOPOLOGY };

struct slow_start_params {
    uint64_t initial_window_bytes;
    time_ns idle_ns;
};

struct capacity_params {
    int from;                              /* enum capacity_source */
    uint64_t up_bit_per_s, down_bit_per_s; /* (uint64_t)PARAM_ABSENT: not limited; CAPACITY_SAME only */
    int queue;                             /* enum queue_discipline */
    struct param_variant_value slow_start; /* variant NULL: none */
};

/* Nodes with another number of processors than the rest. */
struct core_group {
    const char *region; /* NULL: any */
    struct ratio share; /* of the nodes that it could take: the probability that it takes one */
    int64_t cores;
};

struct cpu_params {
    int64_t cores;            /* PARAM_ABSENT: as many as needed */
    struct param_list groups; /* of struct core_group: the first that takes a node decides */
    time_ns block_ns;
    time_ns block_kib_ns;
};

extern const struct param_variants relay_kinds;
extern const struct param_table capacity_params_table;
extern const struct param_table cpu_params_table;

struct relay_kind;

/* The parameters of whichever way of relaying was chosen. */
union relay_params {
    struct relay_common common;
    struct relay_push_params push;
    struct relay_gossipsub_params gossipsub;
    struct relay_pull_params pull;
    struct relay_compact_params compact;
    struct relay_per_peer_params per_peer;
    struct relay_rotor_params rotor;
};

/* What a network does with messages; a value, copied freely. */
struct relay_plan {
    const struct relay_kind *kind; /* NULL: arrivals are pure functions, and the rest is not read */
    union relay_params params;
    bool relays_targeted;
    bool limits_up, limits_down;           /* there are queues */
    uint64_t up_bit_per_s, down_bit_per_s; /* of all nodes alike; 0: not limited, or the fabric has each node's */
    bool fair;
    struct slow_start_params slow_start; /* initial_window_bytes 0: none */
    bool limits_cores;                   /* the fabric has each node's */
    time_ns block_ns, block_kib_ns;
};

struct network_params;

/* False and a GError where the parts do not fit each other, or the graph (NULL: none). */
bool relay_plan_make(const struct network_params *params, const struct graph *graph, struct relay_plan *plan,
                     GError **error);

#endif
