/* SPDX-License-Identifier: MIT */
/*
 * Carries messages from node to node where what happens on the way depends on what else is under way: hops of gossip,
 * queues at nodes' links, processors that validate. Where a network has none of these its arrivals are pure functions
 * (network.h) and there is no carrier; network_is_carried tells.
 *
 * A world has one carrier, shared by its chains, on the world's clock. Each chain joins as a client and sends messages
 * under tickets of its own. Every hop is an item of the clock; the world hands the carrier the items of an instant
 * (carrier_land), then lets it act on them (carrier_settle), before the deliveries settle; and tells it when all of the
 * instant is done and nobody sends any more before the next (carrier_end_instant). `arrived` is called once for
 * each node that has the message whole and validated, the sender's own included (one microstep after it was sent);
 * `done` once, when nothing of the message is under way any more. Both come out of these calls only, and must not send.
 *
 * A message without targets is a broadcast, which the network's way of relaying spreads. One with targets goes from the
 * sender to each of them directly, through the same queues; `passed_on` lets those who got it relay it further.
 *
 * What happens in one instant does not depend on the order in which it was scheduled: items are sorted by node first.
 */
#ifndef POSIM_NETWORK_CARRIER_H
#define POSIM_NETWORK_CARRIER_H

#include "engine/clock_item.h"
#include "network/network.h"

struct carrier;

struct carrier_client {
    void (*arrived)(void *user, uint32_t ticket, node_id node);
    void (*done)(void *user, uint32_t ticket);
    void *user;
};

struct carrier_message {
    uint64_t id;            /* message_id; keys the draws of jitter, loss and peers */
    uint32_t kind;          /* what it is counted under: below CARRIER_KINDS */
    uint32_t size_bytes;    /* of each copy */
    time_ns delay_ns;       /* how much later than now it leaves: an adversary's */
    time_ns verify_ns;      /* processor time for its signatures, at each receiver */
    bool has_block;         /* validating it takes what the scenario says for blocks */
    const node_id *targets; /* NULL: all nodes; each at most once; copied */
    uint32_t target_count;
    bool passed_on; /* with targets: whether those who got it relay it */
};

#define CARRIER_ITEM_KINDS 26u /* of the clock's items: from first_kind on */
#define CARRIER_KINDS      8u

/* Whether messages on this network need a carrier. */
bool network_is_carried(const struct network *network);
/* Whether nodes relay what was sent to some of them only (scenario key `relay_targeted`). */
bool network_relays_targeted(const struct network *network);

/* `stake_of_node` is copied. The network must outlive the carrier; its timetable of faults must be complete. */
struct carrier *carrier_new(const struct network *network, const stake_amount *stake_of_node, struct clock *clock,
                            uint32_t first_kind);
void carrier_free(struct carrier *carrier);
/* A copy that goes on apart, for a cloned world; each client's user is then given anew by carrier_rejoin. */
struct carrier *carrier_clone(const struct carrier *carrier, const struct network *network, struct clock *clock);

/*
 * How long a broadcast like that one takes at most, to all nodes, while nothing else is under way: the slowest from a
 * fixed sample of senders, without faults of the timetable, and with every retry of network.loss once. `id` is not
 * read. For liveness bounds, as network_delay_bound: a network that is overloaded takes longer, which no bound may
 * forgive.
 */
time_ns carrier_idle_delay(const struct network *network, const stake_amount *stake_of_node,
                           const struct carrier_message *message);

/*
 * Duplicates that are known beforehand count only if they come in by then, at the end of the run; without it all do. To
 * be called before anything is sent.
 */
void carrier_count_until(struct carrier *carrier, time_ns end_ns);

/* Clients are numbered in the order in which they join. */
uint32_t carrier_join(struct carrier *carrier, struct carrier_client client);
void carrier_rejoin(struct carrier *carrier, uint32_t client, void *user);

/* Sends now. Tickets are the client's; one is in use until `done`. */
void carrier_send(struct carrier *carrier, uint32_t client, uint32_t ticket, const struct carrier_message *message,
                  node_id from);

void carrier_land(struct carrier *carrier, const struct clock_item *item);
void carrier_settle(struct carrier *carrier);
/* `limit_ns`: what happens after that does not count any more. */
void carrier_end_instant(struct carrier *carrier, time_ns limit_ns);

/* What was sent of one client's messages of a kind, counted as it is sent; duplicates as they are found out. */
struct carrier_traffic {
    uint64_t copies, bytes;                   /* whole messages, and pieces, from node to node */
    uint64_t duplicates, duplicate_bytes;     /* of them, those that reached a node that had the message */
    uint64_t lost;                            /* of them, those that faults dropped */
    uint64_t control_messages, control_bytes; /* announcements and requests */
};
struct carrier_traffic carrier_traffic(const struct carrier *carrier, uint32_t client, uint32_t kind);

/* Control messages that belong to no message: GRAFT and PRUNE of meshes that the timetable's outages change. */
struct carrier_traffic carrier_upkeep(const struct carrier *carrier);

/* What a node did, by node. */
struct carrier_load {
    uint64_t up_bytes, down_bytes; /* copies and control messages that it sent; copies that it received */
    uint64_t queued;               /* copies and control messages that went through its queue upwards ... */
    time_ns waited_ns;             /* ... how long they stood in it for others, in all ... */
    time_ns waited_most_ns;        /* ... and at most */
    time_ns busy_ns;               /* of its processors, in all */
};
struct carrier_load carrier_load(const struct carrier *carrier, node_id node);

/* Processors of a node of the scenario; 0: not limited. */
uint32_t carrier_cores(const struct carrier *carrier, node_id node);

/* Bytes held, without the clock's. */
size_t carrier_bytes(const struct carrier *carrier);

#endif
