/* SPDX-License-Identifier: MIT */
/*
 * The structs that the files of this room share. Nobody outside sim/world includes this.
 *
 *   world.c      making and freeing a world, and running it
 *   people.c     validators, the nodes that host them, and whom adversaries and faults pick
 *   chain.c      one chain: its replicas, its block tree, the states of its blocks
 *   shares.c     what adversaries and faults asked for, and what they got
 *   timetable.c  faults, written into the network before the start, and crashes and recoveries as they come
 *   instant.c    one instant: what landed, who steps in what order
 *   carry_out.c  effects
 *   spread.c     blocks that reach everybody without an event for each; spread_rows.c: what the trace is told of them
 *   see.c        views
 *   sign.c       real signatures
 *   corrupt.c    adversaries: their set-up, filters, wakes
 *   tell.c       rows of the trace
 *   warnings.c   what of the scenario does nothing
 */
#ifndef POSIM_WORLD_INSIDE_H
#define POSIM_WORLD_INSIDE_H

#include "base/quantity.h"
#include "crypto/profile.h"
#include "crypto/signature.h"
#include "crypto/vrf.h"
#include "engine/clock_item.h"
#include "workload/workload.h"
#include "world/world.h"

/* Items of the clock that are the world's own; those from ITEM_CARRIER on belong to the network's
 * carrier, those from ITEM_DELIVERY on to the chains' deliveries. */
enum world_item {
    ITEM_TIMER,   /* where: replica; data: chain << 32 | place in the replica's list of timers */
    ITEM_EPOCH,   /* where: chain; data: number */
    ITEM_SLOT,    /* where: chain; data: number */
    ITEM_CRASH,   /* where: node */
    ITEM_RECOVER, /* where: node */
    ITEM_FAULT,   /* where: index of the fault; data: 2 x its window, and 1 where that ends, so that one without length
                     begins first */
    ITEM_WAKE,    /* where: adversary; data: tag */
    ITEM_START,   /* once, at time 0 */
    ITEM_SET,     /* where: replica; data: chain; its head's validator set is another one */
    ITEM_OWN_EPOCH, /* where: replica; data: chain << 40 | number; where clocks differ, in place of the chain's */
    ITEM_OWN_SLOT,  /* the same */
    ITEM_CARRIER = 16,
    ITEM_DELIVERY = ITEM_CARRIER + CARRIER_ITEM_KINDS,
};

/*
 * Something that happened to a replica in this instant, until it has stepped. Its message is the delivery's, which
 * keeps what it has shown until the next instant; that of a watch missed is the replica's own copy.
 */
struct pending {
    chain_id chain;
    replica_id replica;
    struct event event;
    uint32_t timer;           /* TIMER: its place in the replica's list ... */
    struct clock_event armed; /* ... and its arming: one that was cancelled or set anew meanwhile does not fire */
};

typedef VECTOR(struct pending) pending_list;

struct timer {
    uint64_t tag;
    struct clock_event event;
    bool armed;
};

struct replica {
    node_id node;
    uint8_t instance;   /* 0, or the number of the twin */
    uint32_t adversary; /* who controls it, or ID_NONE */
    void *state;
    block_id head, final;
    uint32_t requests; /* sent so far: tells equal requests apart */
    struct random_stream stream;
    VECTOR(struct timer) timers;
    VECTOR(struct stake_operation) evidence; /* what a block that it makes would carry */
    pending_list missed;                     /* watches met while its node was down */
};

/* What the election remembers at a block; shared by blocks that leave it as it was. */
struct election_state {
    void *state;
    uint32_t users;
};

struct block_state {
    ledger_version ledger;
    uint32_t election; /* index into election_states; ID_NONE once nobody can ask any more */
};

struct chain {
    chain_id id;
    struct world *world;
    const struct protocol *protocol;
    const void *parameters;
    const struct election *election;
    struct election_context election_context;
    struct schedule schedule;
    struct verdict_rules rules;
    struct block_tree tree;
    struct ledger *ledger;
    struct delivery *delivery;
    struct workload *workload;         /* NULL: blocks are as the protocol says */
    VECTOR(struct block_state) states; /* by block */
    VECTOR(struct election_state) election_states;
    VECTOR(uint32_t) free_election_states;
    VECTOR(struct replica) replicas;
    VECTOR(node_id) node_of;       /* by replica */
    bool spreads;                  /* blocks may spread without each replica's being told (spread.c) ... */
    block_id common;               /* ... what all of them have for their head, or BLOCK_NONE: each its own */
    block_id common_final;         /* what they hold final then */
    VECTOR(stake_amount) stake_of; /* by replica: its node's; where blocks may spread */
    uint64_t epoch_begun;          /* where clocks differ: the last epoch that has begun by any of them */
    bool has_epochs;
    size_t looked_at;               /* blocks there were when election states were last freed */
    uint64_t freed_height;          /* election states below are gone */
    block_id oldest_kept;           /* no block before it has an election state */
    VECTOR(bool) seen_equivocating; /* by validator: the trace has told of it */
    bool **corrupt;                 /* by adversary, by replica; NULL where it was not asked for yet */
};

struct node {
    const validator_id *validators;
    uint32_t validator_count;
    uint32_t down;      /* faults that keep it down */
    uint32_t adversary; /* who controls it, or ID_NONE */
    stake_amount stake;
};

struct confinement {
    replica_id replica;
    uint32_t group;
};

struct replica_group {
    replica_id *replicas;
    uint32_t count;
};

/* One adversary or behaviour: a plug-in, its state and its people. */
struct corruption {
    const struct adversary *plugin;
    const struct adversary_common *common;
    void *state;
    bool *validators; /* by validator */
    struct random_stream stream;
    uint32_t index;
};

/* A time during which a fault lasts. */
struct fault_window {
    time_ns from, until; /* until may be TIME_NEVER */
};

struct fault {
    enum fault_kind kind;
    const struct fault_common *common;
    const char *name;
    VECTOR(struct fault_window) windows;
    bool *nodes;   /* whom it hits; NULL: everybody */
    bool *toward;  /* at the other end of the links that it hits; NULL: whoever is there */
    uint8_t *side; /* partitions */
    uint32_t sides;
};

struct outage {
    node_id node;
    time_ns from, until;
};

struct world {
    const struct world_settings *settings;
    struct world_options options;
    struct random_seed seed;
    struct clock clock;
    struct network *network;
    struct carrier *carrier; /* NULL: arrivals are by formula */
    struct vrf_provider *vrf;
    struct signature_key_pair *keys; /* by validator; NULL: nothing is really signed */
    struct signature_profile signatures;
    bool signatures_cost; /* whether verifying takes time */

    struct stake_list people; /* stakes and names by validator */
    GHashTable *by_name;      /* validators by name; NULL until somebody is looked for; never walked */
    stake_amount total_stake;
    node_id *node_of_validator;
    validator_id *hosted; /* validators, by node */
    struct node *nodes;
    uint32_t node_count;
    uint32_t nodes_down;

    struct chain *chains;
    uint32_t chain_count;

    struct corruption *corruptions;
    uint32_t corruption_count;
    VECTOR(struct confinement) confinements;
    VECTOR(struct replica_group) groups;
    struct world_share *shares; /* the adversaries' at their indices */
    uint32_t share_count;

    struct fault *faults;
    uint32_t fault_count;
    VECTOR(struct outage) outages;

    pending_list pending, stepping;
    VECTOR(struct message *) recovered; /* of missed watches that step in this instant; freed after it */
    VECTOR(struct clock_item) landing;
    struct effects effects;
    enum world_stop stopped;
    time_ns happened_ns; /* the last instant that was more than messages which nobody waited for */
    uint64_t events;
    bool is_clone;
};

/* world.c */
/* Of each node, to g_free. */
stake_amount *world_node_stakes(const struct world *world);

/* people.c */
bool people_make(struct world *world, GError **error);
void people_release(struct world *world);
/* The validator of that name or number, or ID_NONE. */
validator_id people_find(struct world *world, const char *name);
/* Marks the largest set of units, reachable in a random order, whose weight does not exceed limit; its weight. */
stake_amount people_pick(const stake_amount *weights, const bool *excluded, uint32_t count, stake_amount limit,
                         struct random_stream *stream, bool *picked);

/* chain.c */
bool chain_init(struct chain *chain, struct world *world, chain_id id, GError **error);
void chain_start(struct chain *chain); /* replicas' number is settled: makes the delivery */
void chain_release(struct chain *chain);
void chain_clone(struct chain *copy, const struct chain *chain, struct world *world);
replica_id chain_add_replica(struct chain *chain, node_id node, uint8_t instance);
block_id chain_add_block(struct chain *chain, const struct block *block, const struct stake_operation *operations,
                         uint32_t count);
const struct electorate *chain_electorate(const struct chain *chain, block_id parent);
void chain_election_place(const struct chain *chain, block_id parent, struct election_place *place);
void chain_free_old_states(struct chain *chain);
bool chain_reached(const struct chain *chain, uint64_t height);

/* shares.c */
/* `taken`: whom others had before it chose. */
void shares_note_adversary(struct world *world, const struct corruption *corruption, const bool *taken);
void shares_note_fault(struct world *world, uint32_t fault);

/* fault_nodes.c */
/*
 * Whom a fault hits (nodes, toward, side); the stream is the fault's own. Names that nobody has are added to the
 * refusals, a line each.
 */
void fault_pick(struct world *world, struct fault *fault, struct random_stream *stream, GString *refusals);

/* fault_outages.c */
void outages_of_churn(struct world *world, const struct fault *fault, uint32_t index);
void outages_of_crash(struct world *world, const struct fault *fault);
void outages_of_maintenance(struct world *world, struct fault *fault, struct random_stream *stream);

/* timetable.c */
/* "`faults.1.regions` (delay)": a key of a fault, or the fault where that is NULL, and what it is called. */
void fault_append_name(GString *text, const struct world *world, const struct fault *fault, const char *key);
bool timetable_make(struct world *world, GError **error);
void timetable_release(struct world *world);
void timetable_schedule(struct world *world);
void timetable_crash(struct world *world, node_id node);
void timetable_recover(struct world *world, node_id node);
void timetable_fault(struct world *world, uint32_t fault, uint32_t window, bool begins);

/* instant.c */
/* The first slot or epoch of a chain (ITEM_SLOT, ITEM_EPOCH), on the clock or on those of all its nodes. */
void instant_begin_calendar(struct world *world, chain_id chain, enum world_item kind);
void instant_pass(struct world *world);
void instant_expect(struct world *world, chain_id chain, replica_id replica, const struct event *event,
                    const struct message *message);
/* A timer that comes due in this instant. */
void instant_ring(struct world *world, chain_id chain, replica_id replica, uint32_t place);
struct delivery_sink instant_sink(struct chain *chain);

/* carry_out.c */
void carry_out(struct chain *chain, replica_id replica, const struct effects *effects);
/* A timer that the replica has set before now: it may be due in this instant, whose items have yet to land. */
void carry_out_timer(struct chain *chain, replica_id replica, const struct effect *effect);

/* spread.c */
/* Whether and how; after the delivery's backend is settled. */
void spread_init(struct chain *chain, enum delivery_backend backend);
/* Whether and how the block may spread: all replicas have its parent for their head. */
void spread_allow(struct chain *chain, block_id block, struct delivery_options *options);
/* After something was sent that does not spread, replicas have their own heads; `before`: how many spread until then.
 */
void spread_end_unless_begun(struct chain *chain, uint32_t before);
/* Before a block is made that may not spread together with what does. */
void spread_end_unless_rival(struct chain *chain, block_id parent);
/* Brings the replica up to what has reached it, before it steps on the event. */
void spread_catch_up(struct chain *chain, replica_id replica, enum event_kind event);
/* Nothing spreads from here on, and each replica has its own head; `landing`: see delivery_end_spread. */
void spread_end(struct chain *chain, bool landing);
/* Ends all chains' before an instant that may change what spreads rely on. */
void spread_end_before(struct world *world);
/* Whether there were any. */
bool spread_end_all(struct world *world);
void spread_told(void *user, const struct delivery_spread *spreads, uint32_t count);

/* The head of a replica to which these blocks have come, in this order, while it had the common one. */
block_id spread_head(const struct chain *chain, const block_id *here, uint32_t count);
/* What is final for a replica that goes from the common head to the block. */
block_id spread_final(const struct chain *chain, block_id block);

/* spread_rows.c: before replicas are brought up. */
void spread_tell(const struct chain *chain, const struct delivery_spread *spread);
void spread_tell_rivals(const struct chain *chain, const struct delivery_spread spreads[2]);

/* sign.c */
void sign_init(struct world *world);
void sign_message(const struct world *world, const struct message *message, uint64_t block_hash);

/* see.c */
struct view see(struct chain *chain, replica_id replica);

/* corrupt.c */
bool corrupt_choose(struct world *world, GError **error);
void corrupt_set_up(struct world *world);
/* Frees what adversaries saw of a chain. */
void corrupt_leave(struct chain *chain);
void corrupt_filter(struct chain *chain, replica_id replica, const struct view *view, struct effects *effects);
void corrupt_observe(struct chain *chain, const struct message *message);
void corrupt_wake(struct world *world, uint32_t adversary, uint64_t tag);
void corrupt_release(struct world *world);

/* tell.c */
void tell_start(struct world *world);
void tell_end(struct world *world);
void tell_block(struct chain *chain, block_id block, const struct ledger_change *changes, uint32_t change_count);
void tell_vote(struct chain *chain, const struct message *vote);
void tell_message(struct chain *chain, const struct message *message);
void tell_head(struct chain *chain, replica_id replica, block_id before, block_id after);
void tell_final(struct chain *chain, replica_id replica, block_id block);
void tell_incident(struct world *world, const struct trace_incident *incident);
void tell_evidence(struct chain *chain, const struct trace_evidence *evidence);

#endif
