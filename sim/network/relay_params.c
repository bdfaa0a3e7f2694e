/* SPDX-License-Identifier: MIT */
/* Tables of `network.relay`, `network.capacity` and `network.cpu`. */
#include "network/carrier_inside.h"
#include "network/params.h"

#define RELAY_TARGETED(params_type)                                                                                    \
    {                                                                                                                  \
        .key = "relay_targeted", .type = PARAM_FLAG, .offset = offsetof(params_type, common.relay_targeted),           \
        .by_default = "on",                                                                                            \
        .meaning = "whether nodes pass on what an adversary sent to some of them only, as honest software does",       \
    }

static const struct param push_params[] = {
    {.key = "fanout",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_push_params, fanout),
     .minimum = "1",
     .maximum = "100_000",
     .meaning = "peers, drawn for each message and node, to whom a node forwards; absent: all of them",
     .optional = true},
    RELAY_TARGETED(struct relay_push_params),
};
static const struct param_table push_table =
    PARAM_TABLE("push relay", "whole messages are forwarded to peers", struct relay_push_params, push_params);

#define GOSSIPSUB_V10 "libp2p gossipsub v1.0, section Parameters"

static const struct param gossipsub_params[] = {
    {.key = "degree",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_gossipsub_params, degree),
     .by_default = "6",
     .minimum = "1",
     .maximum = "1000",
     .meaning = "D: peers of the mesh that a node asks for",
     .source = GOSSIPSUB_V10},
    {.key = "degree_low",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_gossipsub_params, degree_low),
     .by_default = "4",
     .minimum = "0",
     .maximum = "1000",
     .meaning = "D_low: with fewer peers in its mesh a node grafts more",
     .source = GOSSIPSUB_V10},
    {.key = "degree_high",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_gossipsub_params, degree_high),
     .by_default = "12",
     .minimum = "1",
     .maximum = "1000",
     .meaning = "D_high: with more peers in its mesh a node prunes some",
     .source = GOSSIPSUB_V10},
    {.key = "degree_lazy",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_gossipsub_params, degree_lazy),
     .by_default = "6",
     .minimum = "0",
     .maximum = "1000",
     .meaning = "D_lazy: peers outside the mesh that a node tells at least, at each heartbeat, what it has (IHAVE)",
     .source = GOSSIPSUB_V10},
    {.key = "gossip_factor",
     .type = PARAM_SHARE,
     .offset = offsetof(struct relay_gossipsub_params, gossip_factor),
     .by_default = "25 %",
     .meaning = "share of the peers outside the mesh that it tells, where that is more than degree_lazy",
     .source = "libp2p gossipsub v1.1, section Adaptive Gossip Dissemination"},
    {.key = "heartbeat",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_gossipsub_params, heartbeat_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .maximum = "1 h",
     .meaning = "time between two heartbeats of a node; each node has its own phase",
     .source = GOSSIPSUB_V10},
    {.key = "history_gossip",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_gossipsub_params, history_gossip),
     .by_default = "3",
     .minimum = "0",
     .maximum = "100",
     .meaning = "mcache_gossip: heartbeats at which a node tells of a message",
     .source = GOSSIPSUB_V10},
    {.key = "id_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_gossipsub_params, id_bytes),
     .by_default = "20 B",
     .maximum = "1 kB",
     .meaning = "bytes of a message's id in IHAVE and IWANT",
     .source = "Ethereum consensus specs, phase0/p2p-interface.md: message-id is the first 20 bytes of a hash"},
    {.key = "flood_publish",
     .type = PARAM_FLAG,
     .offset = offsetof(struct relay_gossipsub_params, flood_publish),
     .by_default = "on",
     .meaning = "whether the sender of a message sends it to all of its peers, not only to those in its mesh",
     .source = "libp2p gossipsub v1.1, section Flood Publishing"},
    {.key = "followup",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_gossipsub_params, followup_ns),
     .by_default = "3 s",
     .minimum = "1 ms",
     .maximum = "1 h",
     .meaning = "how long a node waits for what it asked for (IWANT) before it asks another peer",
     .source = "go-libp2p-pubsub, GossipSubIWantFollowupTime"},
    {.key = "prune_backoff",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_gossipsub_params, prune_backoff_ns),
     .by_default = "1 min",
     .minimum = "1 ms",
     .maximum = "1 d",
     .meaning = "how long two nodes of which one has pruned the other do not graft each other again",
     .source = "libp2p gossipsub v1.1, section PRUNE Backoff and Peer Exchange"},
    RELAY_TARGETED(struct relay_gossipsub_params),
};

static const char *gossipsub_check(const void *filled, char **message)
{
    const struct relay_gossipsub_params *params = filled;
    if (params->degree_low > params->degree) {
        *message = g_strdup("must not be above `degree`");
        return "degree_low";
    }
    if (params->degree_high < params->degree) {
        *message = g_strdup("must not be below `degree`");
        return "degree_high";
    }
    return NULL;
}

static const struct param_table gossipsub_table =
    PARAM_TABLE_CHECKED("gossipsub relay", "whole messages to the peers of a mesh, their ids to others",
                        struct relay_gossipsub_params, gossipsub_params, gossipsub_check);

static const struct param pull_params[] = {
    {.key = "pull_above",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_pull_params, pull_above_bytes),
     .by_default = "1 kB",
     .meaning = "messages larger than this are announced and requested, others pushed"},
    {.key = "announce_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_pull_params, announce_bytes),
     .by_default = "1024 B",
     .minimum = "1 B",
     .meaning = "bytes of an announcement (a block's header), and of a request",
     .source = "ouroboros-leios, data/simulation/config.default.yaml: rb-head-size-bytes"},
    {.key = "timeout",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_pull_params, timeout_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .maximum = "1 d",
     .meaning = "how long a node waits for what it requested before it asks the next peer that announced it"},
    RELAY_TARGETED(struct relay_pull_params),
};
static const struct param_table pull_table =
    PARAM_TABLE("pull relay", "large messages are announced to peers and requested from the first that did",
                struct relay_pull_params, pull_params);

static const struct param compact_params[] = {
    {.key = "above",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, above_bytes),
     .by_default = "1 kB",
     .meaning = "blocks larger than this are sent compactly, everything else whole"},
    {.key = "header_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, header_bytes),
     .by_default = "300 B",
     .meaning = "bytes of a compact block beside its short ids: header, nonce, lengths, and what is sent of the block",
     .source = "BIP 152, HeaderAndShortIDs: 80 + 8 bytes, two lengths of up to 3, and the coinbase transaction"},
    {.key = "short_id_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, short_id_bytes),
     .by_default = "6 B",
     .minimum = "1 B",
     .maximum = "64 B",
     .meaning = "bytes of a transaction's short id",
     .source = "BIP 152, Short transaction IDs"},
    {.key = "transaction_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, transaction_bytes),
     .by_default = "400 B",
     .minimum = "1 B",
     .meaning = "bytes of a transaction, for how many of them a block holds"},
    {.key = "known",
     .type = PARAM_SHARE,
     .offset = offsetof(struct relay_compact_params, known),
     .by_default = "95 %",
     .meaning = "share of a block's transactions that a node has before the block, where it lacks any"},
    {.key = "complete",
     .type = PARAM_SHARE,
     .offset = offsetof(struct relay_compact_params, complete),
     .by_default = "0 %",
     .meaning = "probability with which a node lacks none of a block's transactions, drawn for each of both"},
    {.key = "high_bandwidth",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_compact_params, high_bandwidth),
     .by_default = "3",
     .minimum = "0",
     .maximum = "1000",
     .meaning = "peers, drawn for each node, that send it compact blocks unasked and before validation; the others "
                "announce blocks that they have validated",
     .source = "BIP 152, Implementation Notes 1 and 2: at most three"},
    {.key = "announce_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, announce_bytes),
     .by_default = "106 B",
     .minimum = "1 B",
     .meaning = "bytes of an announcement",
     .source = "BIP 130: a `headers` message with one header, 24 + 1 + 81 bytes"},
    {.key = "request_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_compact_params, request_bytes),
     .by_default = "61 B",
     .minimum = "1 B",
     .meaning = "bytes of a request for a compact block, and of one for transactions beside 3 for each of them",
     .source = "Bitcoin's `getdata` with one entry, 24 + 1 + 36 bytes; BIP 152, BlockTransactionsRequest"},
    {.key = "timeout",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_compact_params, timeout_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .maximum = "1 d",
     .meaning = "how long a node waits for what it requested before it asks the next peer that announced the block"},
    RELAY_TARGETED(struct relay_compact_params),
};
static const struct param_table compact_table =
    PARAM_TABLE("compact relay", "blocks as short ids of their transactions, of which the receiver has most",
                struct relay_compact_params, compact_params);

static const struct param per_peer_params[] = {
    {.key = "sleep",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_per_peer_params, sleep_ns),
     .by_default = "100 ms",
     .minimum = "1 us",
     .maximum = "1 h",
     .meaning = "how long the routine of a peer sleeps when it finds nothing that the peer lacks",
     .source = "CometBFT, config.go: PeerGossipSleepDuration"},
    {.key = "have_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_per_peer_params, have_bytes),
     .by_default = "20 B",
     .maximum = "1 kB",
     .meaning = "bytes by which a node tells each peer that it has a message (HasVote)",
     .source = "CometBFT, consensus/types.proto: HasVote is four small integers, with framing"},
    RELAY_TARGETED(struct relay_per_peer_params),
};
static const struct param_table per_peer_table =
    PARAM_TABLE("per_peer relay", "for each peer a routine that sends what the peer lacks, one message after another",
                struct relay_per_peer_params, per_peer_params);

static const struct param rotor_params[] = {
    {.key = "data",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_rotor_params, data_shreds),
     .by_default = "32",
     .minimum = "1",
     .maximum = "10_000",
     .meaning = "shreds of a message that suffice to put it together",
     .source = "Alpenglow white paper v1.1, section 2.2 Rotor"},
    {.key = "total",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_rotor_params, total_shreds),
     .by_default = "64",
     .minimum = "1",
     .maximum = "10_000",
     .meaning = "shreds that are sent, each by way of a relay drawn by stake",
     .source = "Alpenglow white paper v1.1, section 2.2 Rotor"},
    {.key = "above",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_rotor_params, above_bytes),
     .by_default = "1 kB",
     .meaning = "messages larger than this are cut into shreds, others sent to each node directly",
     .source = "Alpenglow white paper v1.1, section 2.1: votes are broadcast directly"},
    {.key = "overhead",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_rotor_params, overhead_bytes),
     .by_default = "208 B",
     .meaning = "bytes of a shred beside its share of the message",
     .source = "Solana's Merkle shreds: 88 bytes of header and signature, a path of six hashes of 20 bytes"},
    {.key = "repair_tries",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct relay_rotor_params, repair_tries),
     .by_default = "20",
     .minimum = "0",
     .maximum = "1000",
     .meaning = "how often a node asks for the shreds that it lacks before it gives up; 0: never",
     .source = "Alpenglow white paper v1.1, section 2.8 Repair, algorithm 4, which asks until it has them"},
    {.key = "repair_after",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_rotor_params, repair_after_ns),
     .by_default = "500 ms",
     .minimum = "1 ms",
     .maximum = "1 d",
     .meaning = "how long after a message was sent a node that has not enough shreds asks for them first",
     .source = "Agave, repair_service.rs: DEFER_REPAIR_THRESHOLD, 250 ms from the first shred; here two hops more"},
    {.key = "repair_timeout",
     .type = PARAM_DURATION,
     .offset = offsetof(struct relay_rotor_params, repair_timeout_ns),
     .by_default = "2 s",
     .minimum = "1 ms",
     .maximum = "1 d",
     .meaning = "how long a node waits for shreds that it asked for before it asks other nodes",
     .source = "Alpenglow's reference implementation, repair.rs: REPAIR_TIMEOUT"},
    {.key = "repair_request",
     .type = PARAM_SIZE,
     .offset = offsetof(struct relay_rotor_params, repair_request_bytes),
     .by_default = "160 B",
     .minimum = "1 B",
     .meaning = "bytes of a request for one shred",
     .source =
         "Agave, serve_repair.rs, WindowIndex: 64 of signature, two keys of 32, 12 of time and nonce, 20 of what"},
};

static const char *rotor_check(const void *filled, char **message)
{
    const struct relay_rotor_params *params = filled;
    if (params->data_shreds <= params->total_shreds)
        return NULL;
    *message = g_strdup("must not be above `total`");
    return "data";
}

static const struct param_table rotor_table =
    PARAM_TABLE_CHECKED("rotor relay", "erasure-coded shreds, each relayed once to every node",
                        struct relay_rotor_params, rotor_params, rotor_check);

static const struct param_variant kinds[] = {
    {.name = "compact",
     .meaning = "as Bitcoin's compact blocks: a block as short ids of its transactions, and those that are missing",
     .table = &compact_table,
     .plugin = &relay_compact},
    {.name = "flood",
     .meaning = "by the shortest path, without hops or queues; directly where all nodes are linked",
     .plugin = &relay_direct},
    {.name = "gossipsub",
     .meaning = "libp2p's gossipsub: whole messages along a mesh, ids to other peers at heartbeats",
     .table = &gossipsub_table,
     .plugin = &relay_gossipsub},
    {.name = "per_peer",
     .meaning = "as Tendermint does: a routine for each peer sends it what it lacks, one message at a time",
     .table = &per_peer_table,
     .plugin = &relay_per_peer},
    {.name = "pull",
     .meaning = "large messages are announced, and requested from the first peer that announced them",
     .table = &pull_table,
     .plugin = &relay_pull},
    {.name = "push",
     .meaning = "each node forwards a message to its peers when it has it for the first time",
     .table = &push_table,
     .plugin = &relay_push},
    {.name = "rotor",
     .meaning = "as Alpenglow's Rotor and Turbine: erasure-coded shreds, each by way of one relay drawn by stake",
     .table = &rotor_table,
     .plugin = &relay_rotor},
};
const struct param_variants relay_kinds = {kinds, G_N_ELEMENTS(kinds)};

static const struct param tcp_params[] = {
    {.key = "initial_window",
     .type = PARAM_SIZE,
     .offset = offsetof(struct slow_start_params, initial_window_bytes),
     .by_default = "14600 B",
     .minimum = "1 B",
     .meaning = "bytes that a link may send before the first acknowledgement; each round trip doubles it",
     .source = "RFC 6928: ten segments of 1460 bytes"},
    {.key = "idle",
     .type = PARAM_DURATION,
     .offset = offsetof(struct slow_start_params, idle_ns),
     .by_default = "1 s",
     .meaning = "after so long without sending a link starts from its initial window again",
     .source = "RFC 5681, section 4.1, with the least timeout of RFC 6298"},
};
static const struct param_table tcp_table =
    PARAM_TABLE("tcp slow start", "windows of links, as TCP opens them", struct slow_start_params, tcp_params);

static const struct param_variant slow_starts[] = {
    {.name = "tcp",
     .meaning = "each link's window doubles with every round trip",
     .table = &tcp_table,
     .implied_by = "initial_window"},
};
static const struct param_variants slow_start_kinds = {slow_starts, G_N_ELEMENTS(slow_starts)};

static const char *const queue_choices[] = {[QUEUE_FIFO] = "fifo", [QUEUE_FAIR] = "fair", NULL};
static const char *const source_choices[] = {
    [CAPACITY_SAME] = "same", [CAPACITY_RATES] = "rates", [CAPACITY_TOPOLOGY] = "topology", NULL};

static const struct param capacity_params[] = {
    {.key = "from",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct capacity_params, from),
     .by_default = "same",
     .choices = source_choices,
     .meaning = "where nodes' rates come from: `up` and `down`, the same for all; network.rates, each node its own; or "
                "the topology's file, where that is GML with host_bandwidth_up and host_bandwidth_down"},
    {.key = "up",
     .type = PARAM_RATE,
     .offset = offsetof(struct capacity_params, up_bit_per_s),
     .minimum = "1 kbit/s",
     .maximum = "1000 Gbit/s",
     .meaning = "rate at which each node sends, all its copies together; absent: not limited",
     .optional = true},
    {.key = "down",
     .type = PARAM_RATE,
     .offset = offsetof(struct capacity_params, down_bit_per_s),
     .minimum = "1 kbit/s",
     .maximum = "1000 Gbit/s",
     .meaning = "rate at which each node receives, all its copies together; absent: not limited",
     .optional = true},
    {.key = "queue",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct capacity_params, queue),
     .by_default = "fifo",
     .choices = queue_choices,
     .meaning = "whether copies that wait for the same node go one after another, or share its rate equally"},
    {.key = "slow_start",
     .type = PARAM_ONE_OF,
     .offset = offsetof(struct capacity_params, slow_start),
     .discriminator = "kind",
     .variants = &slow_start_kinds,
     .meaning = "whether a copy larger than its link's window waits for round trips; absent: it does not",
     .optional = true},
};

static const char *capacity_check(const void *filled, char **message)
{
    const struct capacity_params *params = filled;
    bool up = params->up_bit_per_s != (uint64_t)PARAM_ABSENT, down = params->down_bit_per_s != (uint64_t)PARAM_ABSENT;
    if (params->from == CAPACITY_SAME || (!up && !down))
        return NULL;
    *message = g_strdup_printf("with `from: %s` each node has a rate of its own: leave one of the two out",
                               source_choices[params->from]);
    return up ? "up" : "down";
}

const struct param_table capacity_params_table =
    PARAM_TABLE_CHECKED("capacity", "queues at nodes' links", struct capacity_params, capacity_params, capacity_check);

static const struct param group_params[] = {
    {.key = "region",
     .type = PARAM_TEXT,
     .offset = offsetof(struct core_group, region),
     .optional = true,
     .meaning = "only nodes of this region of the latency model; absent: nodes anywhere"},
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct core_group, share),
     .by_default = "100 %",
     .meaning = "share of these nodes: the probability with which each, drawn by itself, is of the group"},
    {.key = "cores",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct core_group, cores),
     .minimum = "1",
     .maximum = "1024",
     .meaning = "processors of each node of the group"},
};
static const struct param_table group_table =
    PARAM_TABLE("group of nodes", "nodes with the same number of processors", struct core_group, group_params);
static const struct param group_element = {
    .key = "group", .type = PARAM_STRUCT, .table = &group_table, .meaning = "nodes with a number of processors"};

static const struct param cpu_params[] = {
    {.key = "cores",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct cpu_params, cores),
     .minimum = "1",
     .maximum = "1024",
     .meaning = "processors of each node; validations wait for one; absent: as many as needed",
     .optional = true},
    {.key = "groups",
     .type = PARAM_LIST,
     .offset = offsetof(struct cpu_params, groups),
     .element = &group_element,
     .optional = true,
     .meaning = "nodes with other numbers of processors; the first group that takes a node decides, `cores` is for the "
                "rest"},
    {.key = "block",
     .type = PARAM_DURATION,
     .offset = offsetof(struct cpu_params, block_ns),
     .by_default = "0 s",
     .maximum = "1 h",
     .meaning = "time to validate a block, whatever its size, beside its signatures; 50 ms in the simulations of "
                "ouroboros-leios"},
    {.key = "block_per_kib",
     .type = PARAM_DURATION,
     .offset = offsetof(struct cpu_params, block_kib_ns),
     .by_default = "0 s",
     .maximum = "1 h",
     .meaning = "and for each KiB of the block; 512 us in the simulations of ouroboros-leios"},
};
const struct param_table cpu_params_table =
    PARAM_TABLE("cpu", "what it takes to validate messages", struct cpu_params, cpu_params);
