/* SPDX-License-Identifier: MIT */
/*
 * The carrier from inside; nobody else includes this.
 *   carrier.c       messages under way, their items, the instant
 *   carrier_order.c in which order things happen that happen at once
 *   carrier_clone.c a whole copy of it
 *   carrier_idle.c  what a message takes while nothing else is under way
 *   flow.c          copies on their way, which are most of what there is, beside the clock
 *   flow_ahead.c    what of them needs no instant of the clock
 *   transfer.c      a copy's way from node to node: queue upwards, slow start, faults, delay
 *   fair.c          a queue whose copies share the rate
 *   reception.c     what a node does with a copy: queue downwards, deduplication, validation
 *   ask.c           announcements, requests and their timeouts
 *   gossipsub_mesh.c  which links are of gossipsub's meshes
 *   relay_*.c       who sends what to whom
 *   rotor_repair.c  shreds that did not come are asked for
 *
 * A message lives in a slot for as long as items of the clock, or entries of a queue, name it (`under_way`).
 */
#ifndef POSIM_NETWORK_CARRIER_INSIDE_H
#define POSIM_NETWORK_CARRIER_INSIDE_H

#include "base/assert.h"
#include "base/vector.h"
#include "engine/slab.h"
#include "network/carrier_item.h"
#include "network/fair.h"
#include "network/flow.h"
#include "network/inside.h"

#define SLOT_NONE UINT32_MAX
#define LINK_NONE UINT32_MAX
#define DUE_NEVER UINT16_MAX
#define DUE_SHIFT 17 /* times in `due` are in units of 2^17 ns, about .13 ms; up to 8.6 s */

/* Something on its way from one node to another. */
struct transfer {
    uint32_t item; /* what happens when it comes in */
    uint32_t slot; /* SLOT_NONE: of no message */
    node_id from, to;
    uint32_t detail; /* low half of the item's data */
    uint32_t link;   /* LINK_NONE: not along a link of the graph */
    uint32_t size_bytes;
    time_ns way_ns; /* base delay */
};

struct announcer {
    node_id node;
    uint32_t before; /* who announced it to the same receiver before, or LINK_NONE */
};

struct carried {
    uint64_t id;
    node_id origin;
    uint32_t client, ticket;
    uint32_t kind;
    uint32_t size_bytes;
    uint32_t under_way; /* 0: the slot is free */
    bool has_block;
    bool passed_on; /* nodes relay it */
    bool sparse;    /* some nodes are sent nothing: targets that do not pass on */
    node_id *targets;
    uint32_t target_count;
    time_ns sent_ns;
    time_ns up_ns, down_ns; /* the whole of it at the rates that all nodes have */
    time_ns validation_ns;
    uint64_t *seen; /* by node: a first copy has come in */
    uint16_t *due;  /* by node: not later than this after sent_ns a copy comes in, as far as is known; or NULL */
    /* ask.c */
    uint32_t *last_announcer; /* by node, into `announcers`, or LINK_NONE; NULL: nothing was announced */
    uint64_t *asked;          /* by node: a request is under way */
    VECTOR(struct announcer) announcers;
    /* relay_compact.c */
    uint64_t *sketched;                /* by node: it has the compact block; NULL: sent whole */
    uint32_t sketch_bytes, fill_bytes; /* of the compact block; of what a node lacks of it */
    uint32_t missing;                  /* transactions that that is */
    /* relay_per_peer.c */
    time_ns *had_ns; /* by node: when it had the message whole and valid */
    /* relay_rotor.c */
    uint16_t *shreds; /* by node: how many have come in; NULL: not cut up */
    uint32_t shred_bytes;
    time_ns shred_up_ns, shred_down_ns;
    uint32_t lacking;          /* nodes of the scenario that do not have it */
    time_ns repair_ns;         /* when nodes that lack it begin to ask ... */
    struct clock_event repair; /* ... by this event; 0: they never do */
};

struct link_window {
    uint64_t bytes; /* 0: never used */
    time_ns used_ns;
};

struct kept_message {
    uint32_t slot;
    uint32_t rounds; /* heartbeats at which it is still told of */
};

struct gossipsub_mesh {
    uint64_t *in; /* by link, a bit */
    /* Where nodes go down; else NULL. */
    uint64_t *down;            /* by node */
    uint64_t *lost;            /* by node: down, and does not get what it misses */
    uint64_t *owed;            /* by link: to a node that was of the mesh, is down and gets what it misses */
    time_ns *backoff_until_ns; /* by link: it is not grafted before */
};

struct node_history {
    VECTOR(struct kept_message) kept;
    uint64_t beats;
    bool awake;
};

struct link_routine {
    VECTOR(uint32_t) waiting; /* slots that the peer may lack */
    bool awake;
    uint32_t sending; /* the slot that is leaving, or SLOT_NONE */
    time_ns idle_ns;  /* when it last found nothing to do */
    uint64_t sent;
};

/* What is kept of a node; a line of the cache. */
struct node_state {
    struct carrier_load load;
    time_ns up_free_ns, down_free_ns; /* when its queues are empty */
};
_Static_assert(sizeof(struct node_state) == 64, "a node's state fills a line of the cache");

struct carrier {
    time_ns ahead_ns; /* what comes up to then has been dealt with, where that is later than the clock's time */
    const struct network *network;
    const struct fabric *fabric;
    const struct graph *graph; /* NULL: all nodes are linked */
    const struct relay_plan *plan;
    struct clock *clock;
    uint32_t first_kind;
    uint32_t node_count; /* of the scenario */
    uint32_t all_count;  /* with those that only pass messages on */
    VECTOR(struct carrier_client) clients;
    VECTOR(struct carrier_traffic) traffic; /* by client and kind */
    VECTOR(struct carried) messages;
    VECTOR(uint32_t) free_slots;
    VECTOR(struct clock_item) landing, space;
    VECTOR(uint32_t) picked; /* scratch of the ways of relaying */
    struct carrier_traffic upkeep;

    struct node_state *nodes;
    bool queues_up, queues_down; /* first come, first served */
    const struct rate *rates;    /* by node; NULL: all have the plan's */
    const uint32_t *first_core;  /* by node; NULL: processors are not limited */
    struct flow flow;
    struct fair_queue *fair_up, *fair_down;
    struct slab fair_groups;
    VECTOR(struct fair_port) joined; /* that have no event for it yet */
    struct link_window *windows;     /* by link */
    time_ns *core_free_ns;           /* by core */
    bool elides;                     /* copies that cannot be first are counted at once ... */
    time_ns end_ns;                  /* ... if they come in by then */
    stake_amount *stake_up_to;       /* rotor: of all nodes up to this one */

    /* relay_gossipsub.c */
    struct gossipsub_mesh mesh;
    struct node_history *histories;
    /* relay_compact.c */
    uint64_t *pushes; /* by link, a bit: compact blocks are sent unasked */
    /* relay_per_peer.c */
    struct link_routine *routines;
};

/* One way in which messages spread. Optional functions are marked. */
struct relay_kind {
    const char *name;
    bool along_links;                        /* needs a topology with links ... */
    bool both_ways;                          /* ... each of which leads both ways */
    uint32_t flown;                          /* items that are many enough for the flow, a bit each */
    void (*set_up)(struct carrier *carrier); /* optional */
    /* The sender, which has its message, spreads a broadcast. */
    void (*publish)(struct carrier *carrier, uint32_t slot, node_id node);
    /* A node that has a message whole and validated for the first time passes it on; optional. */
    void (*pass_on)(struct carrier *carrier, uint32_t slot, node_id node, node_id from);
    /* A node has it whole, and validates it before it passes it on; optional. */
    void (*taken)(struct carrier *carrier, uint32_t slot, node_id node, node_id from);
    /* How a node asks a peer for it, and what the peer sends; optional: a request, and the whole of it. */
    void (*request)(struct carrier *carrier, uint32_t slot, node_id node, node_id peer);
    void (*answer)(struct carrier *carrier, uint32_t slot, node_id node, node_id asks);
    /* One of the way's own items; optional. */
    void (*land)(struct carrier *carrier, const struct clock_item *item);
    /* The last of a transfer along a link has left its sender, now or at a later time; optional. */
    void (*left)(struct carrier *carrier, const struct transfer *transfer, time_ns at_ns);
};

extern const struct relay_kind relay_compact, relay_direct, relay_gossipsub, relay_per_peer, relay_pull, relay_push,
    relay_rotor;

static inline struct carried *carried_at(const struct carrier *carrier, uint32_t slot)
{
    return &carrier->messages.at[slot];
}

static inline time_ns carrier_now(const struct carrier *carrier)
{
    return time_max(carrier->clock->now.ns, carrier->ahead_ns);
}

static inline bool node_bit(const uint64_t *bits, uint32_t node)
{
    return bits[node / 64] >> (node % 64) & 1;
}

static inline void node_bit_set(uint64_t *bits, uint32_t node)
{
    bits[node / 64] |= UINT64_C(1) << (node % 64);
}

static inline void node_bit_clear(uint64_t *bits, uint32_t node)
{
    bits[node / 64] &= ~(UINT64_C(1) << (node % 64));
}

static inline size_t node_words(uint32_t count)
{
    return ((size_t)count + 63) / 64;
}

static inline struct carrier_traffic *traffic_of(const struct carrier *carrier, const struct carried *message)
{
    return &carrier->traffic.at[(size_t)message->client * CARRIER_KINDS + message->kind];
}

/* A rate's time for so many bytes, rounded up; 0 for the rate 0, which is no limit. */
static inline time_ns time_at_rate(uint64_t bytes, uint64_t bit_per_s)
{
    if (!bit_per_s)
        return 0;
    if (bytes <= UINT32_MAX)
        return rate_takes(bit_per_s, (uint32_t)bytes);
    return (time_ns)(((uint128)bytes * 8 * (uint64_t)SECOND + bit_per_s - 1) / bit_per_s);
}

static inline uint64_t rate_up(const struct carrier *carrier, node_id node)
{
    return carrier->rates ? carrier->rates[node].up_bit_per_s : carrier->plan->up_bit_per_s;
}

static inline uint64_t rate_down(const struct carrier *carrier, node_id node)
{
    return carrier->rates ? carrier->rates[node].down_bit_per_s : carrier->plan->down_bit_per_s;
}

/* carrier.c */
/* An item that belongs to no message. */
struct clock_event carrier_schedule_plain(struct carrier *carrier, time_ns at_ns, enum carrier_item item,
                                          uint32_t where, uint64_t data);
void carrier_schedule(struct carrier *carrier, time_ns at_ns, enum carrier_item item, node_id where, uint32_t slot,
                      uint32_t detail);
/* One item of the flow or the landing. */
void carrier_act(struct carrier *carrier, struct clock_item item);
/* Nobody uses the slot any more. */
void carrier_free_slot(struct carrier *carrier, uint32_t slot);

/* Ends one use of the slot. */
static inline void carrier_release_use(struct carrier *carrier, uint32_t slot)
{
    struct carried *message = carried_at(carrier, slot);
    CHECK(message->under_way);
    if (--message->under_way == 0)
        carrier_free_slot(carrier, slot);
}

/* carrier_order.c */
/* Whether it is about a message, whose slot its data begins with. */
bool carrier_is_of_message(enum carrier_item item);
void carrier_sort_landing(struct carrier *carrier);

/* transfer.c */
void transfer_send(struct carrier *carrier, const struct transfer *transfer);
/* A fair queue upwards has let it through. */
void transfer_leave(struct carrier *carrier, const struct transfer *transfer, time_ns left_ns, time_ns sending_ns);
/* Copies went through a node's queue upwards, for which each of them had waited so long. */
void transfer_note_wait(struct carrier *carrier, node_id node, time_ns waited_ns, uint32_t copies);
/* It has let through copies along links, each of which took takes_ns to send. */
void transfer_leave_copies(struct carrier *carrier, uint32_t slot, const uint32_t *links, uint32_t count,
                           time_ns takes_ns);
/* A whole copy along a link, along links out of one node, or between any two nodes. */
void transfer_copy_along(struct carrier *carrier, uint32_t slot, uint32_t link);
void transfer_copies_along(struct carrier *carrier, node_id node, uint32_t slot, const uint32_t *links, uint32_t count);
void transfer_copy(struct carrier *carrier, uint32_t slot, node_id from, node_id to);
/* Part of a message, counted as a copy of its size. */
void transfer_part(struct carrier *carrier, const struct transfer *transfer);
void transfer_control(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id from, node_id to,
                      uint32_t link, uint64_t bytes);
/* Bytes of a control message whose arrival changes nothing: they load the sender's queue. */
void transfer_control_bytes(struct carrier *carrier, uint32_t slot, node_id from, uint64_t bytes);
/* A control message that belongs to no message, along a link, which is the item's data. */
void transfer_upkeep(struct carrier *carrier, enum carrier_item item, uint32_t link, uint64_t bytes);
/* Base delay between two nodes: of the link between them where there is one, either way. */
time_ns transfer_way_ns(const struct carrier *carrier, node_id from, node_id to);
/* The link from one node to another, or LINK_NONE. */
uint32_t carrier_link(const struct carrier *carrier, node_id from, node_id to);

/*
 * When a node has done what takes it takes_ns at full pace, or so much work (in WORK_PARTS), and how much it does in a
 * time, by the timetable: of its line at that rate, or of its processors (bit_per_s 0).
 */
time_ns transfer_done_ns(const struct carrier *carrier, node_id node, time_ns start_ns, time_ns takes_ns,
                         uint64_t bit_per_s);
time_ns transfer_work_done(const struct carrier *carrier, node_id node, time_ns start_ns, uint128 work,
                           uint64_t bit_per_s);
uint128 transfer_work_between(const struct carrier *carrier, node_id node, time_ns from_ns, time_ns until_ns,
                              uint64_t bit_per_s);

/* reception.c */
/* Bytes of what comes in: the whole message or a part, by the item. */
static inline uint32_t reception_size(const struct carried *message, uint32_t item)
{
    if (item == CARRIER_COPY || item == CARRIER_FLOWN)
        return message->size_bytes;
    if (item == CARRIER_SKETCH)
        return message->sketch_bytes;
    return item == CARRIER_FILL ? message->fill_bytes : message->shred_bytes;
}

/* What so much of a message takes a node to receive; most often known already. */
static inline time_ns reception_takes_ns(const struct carrier *carrier, const struct carried *message, node_id node,
                                         uint32_t size_bytes)
{
    if (carrier->rates)
        return rate_takes(carrier->rates[node].down_bit_per_s, size_bytes);
    if (size_bytes == message->size_bytes)
        return message->down_ns;
    return size_bytes == message->shred_bytes ? message->shred_down_ns
                                              : time_at_rate(size_bytes, carrier->plan->down_bit_per_s);
}

/* Something comes in at a queue downwards that is first come first served; returns when it is through. */
time_ns reception_fill_queue(struct carrier *carrier, node_id node, time_ns takes_ns, time_ns in_ns);
static inline void reception_count_duplicate(const struct carrier *carrier, const struct carried *message,
                                             uint32_t size_bytes)
{
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    traffic->duplicates++;
    traffic->duplicate_bytes += size_bytes;
}

void reception_land(struct carrier *carrier, const struct clock_item *item);
/* What came in is through the node's queue. */
void reception_through(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id node, uint32_t detail);
void reception_taken(struct carrier *carrier, uint32_t slot, node_id node, node_id from);
void reception_valid(struct carrier *carrier, uint32_t slot, node_id node, node_id from);
/* A node that is down acts when it is up again; TIME_NEVER: it has lost what it held. */
time_ns reception_when_up(const struct carrier *carrier, node_id node, time_ns at_ns);

/* ask.c */
void ask_announce(struct carrier *carrier, uint32_t slot, uint32_t link, uint64_t bytes);
/* A node hears that a peer has the message. */
void ask_hear(struct carrier *carrier, uint32_t slot, node_id node, node_id announcer);
/* A node asks that peer, whom it has heard of by other ways; the next it asks after the timeout. */
void ask_peer(struct carrier *carrier, uint32_t slot, node_id node, node_id peer);
void ask_land(struct carrier *carrier, const struct clock_item *item);
void ask_forget(struct carried *message);

/* relay_gossipsub.c */
/* The node has something to do at its next heartbeat. */
void gossipsub_unsettle(struct carrier *carrier, node_id node);

/* gossipsub_mesh.c */
void gossipsub_mesh_set_up(struct carrier *carrier);
void gossipsub_mesh_release(struct gossipsub_mesh *mesh);
void gossipsub_mesh_land(struct carrier *carrier, const struct clock_item *item);
/* A node's part of a heartbeat; whether it has to look again at the next. */
bool gossipsub_mesh_maintain(struct carrier *carrier, node_id node);
uint32_t gossipsub_mesh_degree(const struct carrier *carrier, node_id node);

/* relay_rotor.c */
/* The node to which that part of all stake belongs. */
node_id rotor_node_at(const struct carrier *carrier, stake_amount at);
void rotor_send_shred(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id from, node_id to,
                      uint32_t detail);

/* rotor_repair.c */
/* The message has been cut into shreds, of which none has left. */
void rotor_repair_watch(struct carrier *carrier, uint32_t slot);
/* A node has it whole. */
void rotor_repair_have(struct carrier *carrier, uint32_t slot, node_id node);
void rotor_repair_land(struct carrier *carrier, const struct clock_item *item);

/* relay_push.c */
/*
 * The links out of a node, without those to `but`, into carrier->picked; returns how many. The first `wanted` in an
 * order drawn by (message, node); all of them, PICK_ALL, in such an order only where copies wait for each other;
 * PICK_MIXED always.
 */
#define PICK_ALL   UINT32_MAX
#define PICK_MIXED (UINT32_MAX - 1)
uint32_t relay_pick_links(struct carrier *carrier, uint64_t message, node_id node, node_id but, uint32_t wanted);
/* What sending the message to all peers will touch is fetched. */
void relay_prefetch_peers(const struct carrier *carrier, uint32_t slot, node_id node);
/* Whole copies to all peers but one. */
void relay_push_to_all(struct carrier *carrier, uint32_t slot, node_id node, node_id but);

#endif
