/* SPDX-License-Identifier: MIT */
/*
 * Messages of one chain on their way, and what has reached whom: broadcasts, arrivals, blocks that wait for their
 * parents, votes by class, watches. Two backends give byte-identical worlds: DELIVERY_EVENTS makes every arrival of a
 * vote an event and counts as it comes (the reference); DELIVERY_LATE keeps the arrivals and looks at a replica's only
 * when a watch that stands there may be met. Blocks, proposals, requests and other
 * messages are events in both.
 *
 * The world drives it: `delivery_send` when an effect is carried out; at each instant `delivery_land` for every item of
 * this room that the clock gave, then `delivery_settle` once, which reports through the sink what happened in the
 * instant, replicas and events in no particular order (the world sorts). Between instants, and during steps, the
 * queries answer as of the last settled instant. Replicas are dense; replica r runs at node_of[r].
 */
#ifndef POSIM_DELIVERY_DELIVERY_H
#define POSIM_DELIVERY_DELIVERY_H

#include "consensus/block_tree.h"
#include "consensus/message.h"
#include "consensus/watch.h"
#include "engine/clock_item.h"
#include "network/carrier.h"

enum delivery_backend {
    DELIVERY_EVENTS,
    DELIVERY_LATE,
};

/* A block on its way while nothing else is but another one of them, and whom it has reached. */
#define SPREADS_MOST 2u
struct delivery_spread {
    block_id block;
    uint64_t message; /* its proposal's id */
    struct instant sent;
    const time_ns *at_ns;   /* by replica: when it gets the block */
    const time_ns *came_ns; /* when it comes, where some are told of it only later (options.not_before_ns); else NULL */
    uint32_t reached;       /* replicas that have got it */
    uint32_t waiting;       /* to which it has come, and which have not got it: set when it is ended */
    time_ns first_ns, last_ns;
};

/*
 * When a replica gets it: in the microstep after that of its sending, if that is at once. Where the replica has waited,
 * it is after all that lands in that instant.
 */
struct instant delivery_spread_landing(const struct delivery_spread *spread, replica_id replica);
/* Those that have come to the replica until then, in the order in which it is told of them; how many. */
uint32_t delivery_spread_order(const struct delivery_spread *spreads, uint32_t count, replica_id replica,
                               struct instant until, block_id here[SPREADS_MOST]);

/* What delivery tells the world in delivery_settle (and, `delivered`, in delivery_land). All but user required. */
struct delivery_sink {
    /* The block and all its ancestors are here; message is its proposal, where one arrived in this instant, or NULL. */
    void (*block)(void *user, replica_id replica, block_id block, const struct message *message);
    /* A proposal whose block is available; other kinds as they arrive, REQUEST, RESPONSE, OTHER, EVIDENCE. */
    void (*message)(void *user, replica_id replica, const struct message *message);
    /* `vote` only for each_vote watches. */
    void (*watch)(void *user, replica_id replica, uint64_t tag, uint64_t height, uint32_t round, block_id block,
                  const struct message *vote);
    /*
     * The replica now holds two votes or proposals of one validator that contradict: same kind, type, height and round,
     * different blocks. Told once for a validator at such a place: its first message there (a) and the first for
     * another block (b); what arrives for a height that the replica has forgotten is not looked at.
     */
    void (*equivocation)(void *user, replica_id replica, const struct message *a, const struct message *b);
    /*
     * Optional, for options.may_spread: the blocks that spread have reached these replicas, at these times; TIME_NEVER:
     * they have not, and come to them by `block`, but for those who wait: they have come to these, at came_ns, and
     * nothing more is told of them. Told when they have reached everybody, or when delivery_end_spread is called. In
     * the order of sending.
     */
    void (*spread)(void *user, const struct delivery_spread *spreads, uint32_t count);
    /* Optional: every arrival as it lands, for the trace; setting it makes DELIVERY_LATE refuse (use EVENTS). */
    void (*delivered)(void *user, replica_id replica, const struct message *message);
    void *user;
};

/* Faults of DELIVERY_LATE for tests to plant, which a comparison with DELIVERY_EVENTS must show. */
enum delivery_plant {
    PLANT_NONE,
    PLANT_LATE_BOUND,   /* a watch is looked at a nanosecond too late */
    PLANT_IGNORED_VOTE, /* the last vote cast is left out of forecasts */
    PLANT_UNSEEN_CAST,  /* a vote that was not awaited does not make watches look again */
    PLANT_UNSEEN_HEAL,  /* votes that something holds for long are taken for lost */
    PLANT_FAR_AWAITED,  /* who is awaited is thought five times as far away as it is */
    PLANT_EARLY_TAKEN, /* of blocks that spread: one is taken as it comes, though nobody takes it before its time ... */
    PLANT_EARLY_FIRST, /* ... or it is taken before what else happens at that time */
};

/*
 * Who is likely to vote, from where, and with what weight: what DELIVERY_LATE reckons with, so that it need not look
 * again whenever a vote is cast. A guess that is wrong costs time and changes nothing; count 0: nobody knows.
 */
struct delivery_voters {
    uint32_t count;
    const replica_id *home_of; /* by validator: the replica that casts its votes, or ID_NONE; copied */
    /* Adds the weights of the electorate's members, by validator, to zeros; the sink's user. Required where count. */
    void (*weigh)(void *user, electorate_id electorate, stake_amount *weights);
};

struct delivery_settings {
    enum delivery_backend backend;
    chain_id chain;
    uint32_t replica_count;
    const node_id *node_of;        /* by replica; copied */
    const struct block_tree *tree; /* the world's; outlives this */
    const struct network *network; /* the world's; outlives this */
    struct carrier *carrier;       /* the world's, where the network needs one; then the backend must be EVENTS */
    struct clock *clock;           /* the world's; items of this room carry `first_kind` and up */
    uint32_t first_kind;
    uint32_t kinds;         /* how many kinds of item the room may use: DELIVERY_ITEM_KINDS */
    bool sees_equivocation; /* report equivocations; costs a look at each arrival */
    struct delivery_sink sink;
    struct delivery_voters voters;
    enum delivery_plant plant; /* tests only */
};
#define DELIVERY_ITEM_KINDS 8

struct delivery;

struct delivery *delivery_new(const struct delivery_settings *settings);
void delivery_free(struct delivery *delivery);
/* A copy that continues apart, for a cloned world: its tree, network, carrier, clock and sink's user are given anew. */
struct delivery *delivery_clone(const struct delivery *delivery, const struct block_tree *tree,
                                const struct network *network, struct carrier *carrier, struct clock *clock,
                                void *user);

/* Who is addressed; ids must be of this chain. */
struct delivery_target {
    const replica_id *replicas; /* NULL: all */
    uint32_t count;
};

/*
 * Sends `message` (id, sent_ns, which is now, and origin filled in by the caller) to the target; the sender's own
 * replica gets it one microstep later if it is among them. receiver_ns: constant cost at each receiver. A PROPOSAL or
 * RESPONSE with a block carries that block, with those of its ancestors that the receiver lacks where `with_ancestors`.
 * A proposal of a block that already came is still a message.
 */
struct delivery_options {
    struct delivery_target target;
    time_ns extra_delay_ns;
    time_ns receiver_ns;
    bool with_ancestors;
    bool may_spread;       /* the replicas need not be told of its block one by one, if nothing else is on its way */
    time_ns not_before_ns; /* with may_spread: no replica takes the block before its own clock shows this; 0: at once */
    bool passed_on; /* with a target, over a carrier: those who get it relay it to others, as honest software does */
    struct vote_query
        certificate; /* RESPONSE: carries the matching votes that the sender holds now; kinds == 0: none */
};
void delivery_send(struct delivery *delivery, const struct message *message, const struct delivery_options *options);

/*
 * Blocks that spread (`may_spread`): between sending and the last arrival there is no event; whether a block is here is
 * looked up in the arrivals. There may be two at a time. They end when the last arrival is there, or by
 * delivery_end_spread, before anything else is sent on the chain: then what is still to come comes as events.
 * `landing`: this instant's items have yet to land, and what comes now does so with them.
 *
 * A replica that does not take a block when it comes (not_before_ns) gets it at the time at which it does, after all
 * that lands then. Where anything steps at such a time, spreads must be ended before, with `landing`.
 */
uint32_t delivery_spreads(const struct delivery *delivery);                        /* how many are under way ... */
const struct delivery_spread *delivery_spreading(const struct delivery *delivery); /* ... and these they are */
bool delivery_spread_is_taken(const struct delivery *delivery); /* somebody who has waited gets a block now */
void delivery_end_spread(struct delivery *delivery, bool landing);

/* Only messages between these replicas pass; applies to both directions. `members` by replica, copied. */
void delivery_confine(struct delivery *delivery, replica_id replica, const bool *members);

void delivery_watch(struct delivery *delivery, replica_id replica, const struct watch *watch);
void delivery_unwatch(struct delivery *delivery, replica_id replica, uint64_t tag);
void delivery_forget(struct delivery *delivery, replica_id replica, uint64_t height);

/* One item of this room that the clock gave for the present instant. */
void delivery_land(struct delivery *delivery, const struct clock_item *item);
void delivery_settle(struct delivery *delivery);

/* Queries, as of the last settled instant: see contract/view.h for their meaning. */
bool delivery_has_block(const struct delivery *delivery, replica_id replica, block_id block);
stake_amount delivery_weight(const struct delivery *delivery, replica_id replica, const struct vote_query *query);
void delivery_each_vote(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                        void (*visit)(void *user, const struct message *vote), void *user);
bool delivery_best_payload(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                           struct message *best);
block_id delivery_heaviest_subtree(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                   block_id root, stake_amount threshold);

/*
 * Counted since the start, when messages are sent: the arrivals that they will make one by one, or would make (to the
 * sender itself included, lost copies not); the bytes of all copies but the sender's own, lost ones included. Over a
 * carrier arrivals are counted when they are made, and bytes are those of every copy from node to node.
 */
struct delivery_counts {
    uint64_t messages, bytes, arrivals;
    uint64_t messages_by_kind[MESSAGE_KINDS], bytes_by_kind[MESSAGE_KINDS], arrivals_by_kind[MESSAGE_KINDS];
};
struct delivery_counts delivery_counts(const struct delivery *delivery);
/* How much was done of what grows with the classes of votes that are kept; for tests, which results do not depend on.
 */
struct delivery_work {
    uint64_t packed;    /* classes of which votes were put into certificates */
    uint64_t counted;   /* classes that were counted for watches and queries */
    uint64_t forecasts; /* places of watches at which looks were reckoned */
};
struct delivery_work delivery_work(const struct delivery *delivery);
/* What the carrier counted of this chain's messages of a kind; there must be a carrier. */
struct carrier_traffic delivery_traffic(const struct delivery *delivery, enum message_kind kind);

#endif
