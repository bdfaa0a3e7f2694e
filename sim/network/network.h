/* SPDX-License-Identifier: MIT */
/*
 * Where nodes are and how long messages take. The time at which a message reaches a node is a pure function of the
 * message's id and size, sender, receiver, the time it was sent and the timetable of faults: it is the same whenever,
 * and in whatever order, it is asked for. Nothing here holds a queue; where the scenario asks for hops, queues or
 * processors, messages go over a carrier instead (carrier.h), which reads the same delays and faults.
 *
 * A network is built in three steps: network_new from the scenario's parameters (latency model, topology, placement,
 * bandwidth), then the faults of the timetable (network_partition, network_outage, ...) before the first message, then
 * only questions. What a fault of links does to a message is decided by the time it was sent; a message in flight
 * when a partition begins still arrives. Held messages arrive as if they had been sent when the hold ends. An outage
 * acts by the time of arrival.
 */
#ifndef POSIM_NETWORK_NETWORK_H
#define POSIM_NETWORK_NETWORK_H

#include "base/ids.h"
#include "base/param.h"
#include "base/random.h"

#include <stdbool.h>

/* Scenario key `network`; the struct behind it is private to the room. */
extern const struct param_table network_params_table;

struct network;

/*
 * `parameters` is a filled struct of network_params_table. `regions` by node: the region's name where the scenario
 * places nodes itself, or NULL entries / NULL to place them by the latency model's own distribution.
 * NULL and a GError where the parameters do not fit (unknown region, unreadable file, too few nodes in the topology).
 */
struct network *network_new(const void *parameters, uint32_t node_count, const char *const *regions,
                            const struct random_seed *seed, GError **error);
void network_free(struct network *network);
struct network *network_clone(const struct network *network);

/* How many nodes there are: the length that network_arrivals fills. */
uint32_t network_node_count(const struct network *network);

/* The name of the node's region, or "" where the latency model has none; what traces print. */
const char *network_region(const struct network *network, node_id node);

/*
 * What the network was given that the scenario's files do not say, one text each, for a user to read; NULL-terminated,
 * g_strfreev it.
 */
char **network_warnings(const struct network *network);

/* Stake of each node where the topology's file gives it (stake_of_node then returns it); else false. */
bool network_gives_stakes(const void *parameters, uint32_t *node_count, stake_amount **stakes, GError **error);

/*
 * What the graph of links looks like. Degrees count links out, over relays too; hops and delays are those of shortest
 * paths between the scenario's nodes, without jitter, sizes and faults.
 */
struct network_shape {
    const char *topology;    /* its kind */
    uint32_t nodes;          /* the scenario's */
    uint32_t relays;         /* nodes beside them, which only pass messages on */
    uint64_t links;          /* one a direction */
    uint64_t links_by_model; /* those with a delay from the latency model; the others' is a file's */
    uint64_t pairs_filled;   /* pairs of regions with nodes, for which the latency model's file has no figure */
    uint32_t places_drawn;   /* nodes whose place is another's, as the placement's file has none for them */
    uint32_t degree_least, degree_most;
    struct ratio degree_mean;
    uint32_t path_sources; /* nodes whose paths were followed: all, or a sample where there are many */
    uint32_t hops_most;
    struct ratio hops_mean;               /* denominator 0: there is one node */
    time_ns delay_most_ns, delay_mean_ns; /* TIME_NEVER: there is one node */
    time_ns stake_delay_ns;      /* mean from a node drawn by stake to another drawn by stake; TIME_NEVER: none */
    uint32_t clustering_sources; /* nodes whose neighbours were looked at */
    struct ratio clustering;     /* mean share of the pairs of a node's neighbours that are linked */
};

/* `stakes` by node. Takes time: some hundred searches of the graph. */
void network_shape(const struct network *network, const stake_amount *stakes, struct network_shape *shape);

/*
 * Timetable. `until` may be TIME_NEVER. Nodes by a flag each (`side`, `in`), copied. Side 0 is cut off from nobody (a
 * node that stands on every side); nodes of different sides above 0 cannot hear each other. Of several partitions that
 * divide two nodes, one that drops decides; else the message leaves when the last of them ends, and meets what is
 * active then. Slowness and loss hit what the nodes `in` (NULL: every node) send and what is sent to them, once a
 * message.
 */
void network_partition(struct network *network, time_ns from, time_ns until, const uint8_t *side, bool drop);
/* Messages to a node that is down are held until it is up again (peers send again what it missed), or dropped. */
void network_outage(struct network *network, node_id node, time_ns from, time_ns until, bool drop);
void network_slow(struct network *network, time_ns from, time_ns until, const bool *in, time_ns extra_ns);
/*
 * The same between two groups only: what goes from nodes `in` to nodes `toward`, and back. `toward` NULL: whatever the
 * other end is. `stretch` of the base delay comes on top of extra_ns; denominator 0: nothing.
 */
struct network_links {
    const bool *in, *toward;
};
void network_slow_links(struct network *network, time_ns from, time_ns until, const struct network_links *links,
                        time_ns extra_ns, struct ratio stretch);
/* Whether a block's content takes processors time. */
bool network_blocks_cost(const struct network *network);
/* Nodes (NULL: all) send and receive at no more than that rate, which is above 0. */
void network_throttle(struct network *network, time_ns from, time_ns until, const bool *in, uint64_t bit_per_s);
/*
 * Nodes validate at a part of their speed, more than 0 and at most 1; of several at once the least counts. False and a
 * GError where messages are not carried.
 */
bool network_slow_processors(struct network *network, time_ns from, time_ns until, const bool *in, struct ratio speed,
                             GError **error);

/* Links that fill up once a period, as those of homes do in the evening; each end of a message adds its own part. */
struct network_congestion {
    time_ns extra_ns;  /* at the worst: extra_ns (1 - cos) / 2 over the period */
    time_ns period_ns; /* at least 2 ns */
    time_ns peak_ns;   /* after the begin of the run, and of each period */
    bool local_time;   /* later by the longitude: in the west */
};
/* False and a GError where local_time is asked for, and it is not known where the regions of the nodes are. */
bool network_congest(struct network *network, time_ns from, time_ns until, const bool *in,
                     const struct network_congestion *congestion, GError **error);

/* The partition, slowness, ... added last comes again: the same nodes, and the same luck of what it draws. */
void network_repeat(struct network *network, time_ns from, time_ns until);
void network_lose(struct network *network, time_ns from, time_ns until, const bool *in, struct ratio probability);

/* How often what was lost is sent again: after_ns later, then after as long again, or twice as long each time. */
struct network_retry {
    time_ns after_ns; /* at most a minute; PARAM_ABSENT: never */
    int64_t most;     /* at most RETRIES_MAXIMUM; what is lost all these times too is lost for good */
    bool doubles;
};
#define RETRIES_MAXIMUM 16
#define RETRIES_DEFAULT "8"
#define NETWORK_RETRY_PARAMS(params_type, member)                                                                      \
    {.key = "retransmit_after",                                                                                        \
     .type = PARAM_DURATION,                                                                                           \
     .offset = offsetof(params_type, member.after_ns),                                                                 \
     .minimum = "1 us",                                                                                                \
     .maximum = "1 min",                                                                                               \
     .optional = true,                                                                                                 \
     .meaning = "after so long what was lost is sent again; absent: it is not"},                                       \
        {.key = "most",                                                                                                \
         .type = PARAM_INTEGER,                                                                                        \
         .offset = offsetof(params_type, member.most),                                                                 \
         .by_default = RETRIES_DEFAULT,                                                                                \
         .minimum = "1",                                                                                               \
         .maximum = "16",                                                                                              \
         .meaning = "how often it is sent again before it is lost for good"},                                          \
    {                                                                                                                  \
        .key = "doubling", .type = PARAM_FLAG, .offset = offsetof(params_type, member.doubles), .by_default = "on",    \
        .meaning = "each wait is twice the one before", .source = "TCP: RFC 6298, rule 5.5"                            \
    }

/* The key that says how nothing is sent again, and a message to g_free; NULL where all is well. */
const char *network_retry_check(const struct network_retry *retry, char **message);

/* Loss with retries: what is lost arrives later, by a geometric draw for each message and receiver. */
void network_lose_and_retry(struct network *network, time_ns from, time_ns until, const struct network_links *links,
                            struct ratio probability, const struct network_retry *retry);

/* Until when the network is asynchronous (network.gst); 0: never. */
time_ns network_gst(const struct network *network);

/*
 * Clocks of nodes. What a node's own clock shows at a time; it is never behind by more than its drift, and never
 * negative. And the first time at which it shows that, or more.
 */
time_ns network_clock_shows(const struct network *network, node_id node, time_ns at);
time_ns network_clock_reaches(const struct network *network, node_id node, time_ns shown);
/* A time at which every node's clock shows that, or more. */
time_ns network_clocks_reach(const struct network *network, time_ns shown);
/* Whether clocks differ at all. */
bool network_clocks_differ(const struct network *network);

/* A node's rates, 0 where the scenario gives none by node (network.rates). */
struct network_rate {
    uint64_t up_bit_per_s, down_bit_per_s;
};
struct network_rate network_rate(const struct network *network, node_id node);

/* Whether a node is down at a time (network_outage). */
bool network_is_down(const struct network *network, node_id node, time_ns at);

struct network_message {
    uint64_t id; /* message_id; keys the draws of jitter and loss */
    uint32_t size_bytes;
    time_ns sent_ns;     /* with an adversary's extra delay already added */
    time_ns receiver_ns; /* constant cost at every receiver: verifying signatures */
};

/*
 * When the message reaches `to`; TIME_NEVER if it is lost. A message to the sender itself takes no time. Never before
 * sent_ns.
 */
time_ns network_arrival(const struct network *network, const struct network_message *message, node_id from, node_id to);

/* The same for every node at once: arrival_ns[node]. */
void network_arrivals(const struct network *network, const struct network_message *message, node_id from,
                      time_ns *arrival_ns);

/* A lower bound on the delay between two different nodes, over every message and time; at least 0. */
time_ns network_least_delay(const struct network *network, node_id from, node_id to);

/*
 * Zones: nodes of one zone are as far from the others as each other, as least delays go; regions, or each node its own
 * zone where a topology tells nodes apart. network_zone_least: the least delay between two different nodes of these
 * zones.
 */
uint32_t network_zone_count(const struct network *network);
uint32_t network_zone(const struct network *network, node_id node);
time_ns network_zone_least(const struct network *network, uint32_t from, uint32_t to);

/*
 * The largest delay of a message of that size without faults of the timetable, and sent after network_gst: the bound
 * where the model has one, else the p99 of the slowest pair, from a fixed sample; with every retry of network.loss. For
 * liveness bounds and `posim explain`, never for a decision of the simulation. Where messages are carried it knows
 * nothing of hops and queues; carrier_idle_delay does.
 */
time_ns network_delay_bound(const struct network *network, uint32_t size_bytes);

#endif
