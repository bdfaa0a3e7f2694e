/* SPDX-License-Identifier: MIT */
/*
 * The delivery room from inside; nobody else includes this. How the parts hang together:
 *   flight.c     a message under way: its arrivals in the order of time
 *   lane.c       votes under way, landing window by window
 *   parcel.c     messages that are not votes, and the certificates that they carry
 *   votes.c      the votes of one (type, height, round), stored once; what of them each replica holds (a tally)
 *   late.c       classes of votes whose arrivals are not events (DELIVERY_LATE)
 *   late_keys.c  when the votes of a late class reach each replica
 *   awaited.c    who will probably still vote in a late class, and how soon that can arrive
 *   question.c   watches that ask the same, which sleep until the votes cast can answer
 *   forecast.c   the time before which a watch over late classes is not met
 *   kernel.c     the loops that these run
 *   count.c      what a query counts, exactly; ghost.c the same along the tree
 *   watches.c    standing questions, and when it is worth to count again
 *   blocks.c     which block is available where, and what waits for it
 *   delivery.c   the contract of delivery.h on top of them
 *   clone.c      a whole copy
 *
 * A class of votes is either eventful, every arrival an event that enters the replica's tally when it lands, or late:
 * then a tally is brought up to date only when somebody looks at it, and a watch has an event where it will be met.
 * Counting knows no difference. A class becomes eventful, for good, where its votes are not what late classes are made
 * for: a voter votes twice, a vote goes to some replicas only, a watch wants each vote.
 */
#ifndef POSIM_DELIVERY_INSIDE_H
#define POSIM_DELIVERY_INSIDE_H

#include "base/vector.h"
#include "delivery/bits.h"
#include "delivery/delivery.h"
#include "delivery/index_map.h"
#include "delivery/kernel.h"

/* The type of a class that holds the proposals of a place, kept to see who proposes twice; no query covers it. */
#define TYPE_PROPOSAL UINT16_MAX

enum delivery_item {
    ITEM_FLIGHT, /* where: the flight */
    ITEM_LANE,   /* the next vote lands */
    ITEM_LOOK,   /* where: the watch; data: its generation */
};

/* A set of votes that cannot be told apart by a query. */
struct value {
    block_id block;
    electorate_id electorate;
    stake_amount cast; /* weight of all such votes, whoever holds them */
};

/* What counting needs of a vote, apart from the message for the sake of the cache. */
struct cast {
    stake_amount weight;
    uint32_t slot;         /* in the class's values */
    uint32_t older, newer; /* the same voter's other votes in the class, or INDEX_NONE */
};

#define VOTES_A_CHUNK 64u /* messages of votes must not move */

/* When COLUMN_BLOCK votes of a late class reach each replica. */
struct strip {
    uint32_t *keys;    /* by replica and vote; NULL once all have landed that arrive at all ... */
    uint16_t *missing; /* ... and then by replica a bit for each vote that does not arrive; NULL: all do */
    time_ns latest_ns; /* the last arrival */
    bool whole;        /* every vote reaches every replica */
};

/* A vote that arrives too late for a key. */
struct far_arrival {
    time_ns at_ns;
};

/*
 * Voters of whom a vote is still to be expected in a class: what they weigh, by validator, by node and by zone. A vote
 * that is as awaited reaches another node no sooner than the least delay from zone to zone after now; one that is not
 * makes watches look again.
 */
struct awaited {
    stake_amount *weight;  /* by validator; NULL: nobody is awaited */
    stake_amount *by_node; /* of nodes */
    stake_amount *by_zone; /* of the network's zones */
    stake_amount total;
    bool leaks; /* some watch does not reckon with them: every vote pulls looks forward */
};

/* What a late class keeps beside its votes. */
struct late {
    uint32_t replicas;
    time_ns base_ns;                /* of the keys: when the first vote was cast */
    VECTOR(struct instant) soonest; /* by vote: the next instant after it was sent, the only one with a microstep */
    VECTOR(struct strip) strips;
    size_t landed;           /* strips before this one have no keys */
    time_ns rows_latest_ns;  /* of the votes in rows the last arrival ... */
    bool rows_miss;          /* ... and whether some do not reach everybody */
    uint32_t *rows;          /* of the votes that do not fill a strip yet: their keys, by vote and replica */
    VECTOR(uint32_t) narrow; /* weight by vote, filled up to whole blocks, as far as they fit; and so ... */
    VECTOR(uint64_t) wide;
    stake_amount total;
    bool weightless; /* some vote weighs nothing, so that a sum of 0 does not tell that none has landed */
    VECTOR(struct far_arrival) far;
    struct index_map far_at; /* (vote, replica) */
    uint64_t *expects;       /* replicas that some vote reaches and that have not forgotten the height */
    uint32_t expecting;      /* how many */
    uint8_t *asked;          /* by replica: it was expecting once, or had forgotten the height before the first vote */
    bool all_asked;
    struct awaited awaited;
};

struct vote_class {
    uint64_t height;
    uint32_t round;
    uint16_t type;
    bool eventful;
    bool uneven; /* some voter has votes of different weights */
    bool idle;   /* listed to be freed */
    VECTOR(struct cast) casts;
    VECTOR(struct message *) chunks;
    VECTOR(struct value) values;
    struct index_map newest; /* by voter: its last vote cast */
    uint32_t repeats;        /* votes beyond the first of their voter */
    struct tally **tallies;  /* by replica; NULL: holds none of it */
    uint32_t tally_count;
    uint32_t in_flight; /* flights, parcels and certificates that name the class */
    struct late late;   /* unless eventful */
};

/* What one replica holds of one class. */
struct tally {
    stake_amount total;   /* weight of the votes held, duplicates included; stops at the largest stake_amount */
    stake_amount trigger; /* no watch of this class alone can be met before the total reaches this */
    stake_amount seen;    /* the total that watches of several classes know of */
    uint32_t known;       /* late: votes there were when its sums were last brought up to date ... */
    struct instant known_at;
    uint32_t listed; /* ... and its bits */
    struct instant listed_at;
    bool early; /* late: a certificate brought some of its votes */
    uint32_t vote_room, slot_room;
    bool touched;     /* in the list of this instant */
    bool each;        /* a watch wants each vote */
    uint64_t *stamps; /* by vote: the settled instants before it landed, where its voter had others; else 0; or NULL */
    uint64_t words[]; /* weight by slot, then a bit for each vote held (late: see tally_listed) */
};

static inline stake_amount *tally_weights(struct tally *tally)
{
    return tally->words;
}

static inline uint64_t *tally_bits(struct tally *tally)
{
    return tally->words + tally->slot_room;
}

static inline bool tally_holds(struct tally *tally, uint32_t vote)
{
    return vote < tally->vote_room && bit_get(tally_bits(tally), vote);
}

static inline const struct message *class_message(const struct vote_class *class, uint32_t vote)
{
    return &class->chunks.at[vote / VOTES_A_CHUNK][vote % VOTES_A_CHUNK];
}

/* Names a vote beyond the life of its class. */
struct vote_name {
    uint64_t height;
    uint32_t round;
    uint16_t type;
    uint32_t vote;
};

struct flight {
    time_ns base_ns;
    uint64_t *arrivals;       /* nanoseconds after the base << 32 | replica, ascending; NULL: the place is free */
    uint32_t next, count;     /* the next arrival that is not in the lane's window */
    uint32_t left;            /* that have not landed */
    bool listed;              /* in the lane */
    struct vote_class *class; /* NULL: a parcel */
    uint32_t which;           /* the vote or parcel; the next free place */
};

struct lane_entry {
    uint32_t after; /* ns after the window's base */
    uint32_t flight;
    replica_id replica;
};

struct lane {
    VECTOR(uint32_t) listed;          /* flights of votes that have arrivals outside the window */
    VECTOR(struct lane_entry) window; /* every arrival before end_ns, sorted by time */
    VECTOR(struct lane_entry) space;
    size_t next; /* of the window; those before it have landed */
    time_ns base_ns, end_ns;
    time_ns width_ns;    /* of the next window */
    time_ns shortest_ns; /* of recent ways of votes */
    time_ns wake_ns;     /* TIME_NEVER: nothing under way */
    struct clock_event wake;
};

/* Votes of one class that a response carries. */
struct certificate_part {
    struct vote_class *class;
    uint32_t *votes;
    uint32_t count;
};

struct parcel {
    struct message message;
    uint32_t uses; /* flights and waiting replicas */
    bool with_ancestors;
    struct vote_class *class; /* where equivocations are looked for: a proposal's, as a vote; else NULL */
    uint32_t vote;
    VECTOR(struct certificate_part) certificate;
};

enum wait_kind {
    WAIT_BLOCK,   /* which: a child that has arrived */
    WAIT_MESSAGE, /* which: a parcel; stamp: when it landed */
    WAIT_VOTE,    /* which: a watch that wants each vote; stamp: its generation; vote */
};

/* Something at a replica that waits for a block; chained by (block, replica). */
struct wait {
    enum wait_kind kind;
    uint32_t which;
    uint64_t stamp;
    struct vote_name vote;
    uint32_t next; /* in the chain, or among the free */
};

/* A block that became available in this instant. */
struct fresh_block {
    replica_id replica;
    block_id block;
    uint32_t parcel; /* the proposal that brought it in this instant, or INDEX_NONE */
};

struct block_state {
    uint64_t *here; /* by replica; NULL: at none or at all */
    uint32_t count;
};

/* A standing watch, as long as its place is not taken by another. */
struct member {
    uint32_t place;
    uint64_t generation;
};

/* One place of a chain whose votes cast so far can meet the watches of a question. */
struct reached {
    uint64_t height;
    uint32_t round;
};

/*
 * What watches of several replicas ask alike (DELIVERY_LATE). They sleep until the votes cast for some place can meet
 * them, wherever they arrive.
 */
struct question {
    struct watch watch; /* its votes, threshold and within_one_round are what is asked */
    uint64_t hash;
    uint32_t standing;             /* watches that ask it; 0: the place is free */
    bool eventful;                 /* covers eventful classes, and so no late ones */
    VECTOR(struct member) members; /* some may be gone */
    stake_amount covered;          /* weight cast while it was asked ... */
    stake_amount need;             /* ... without which no further place is reached */
    VECTOR(struct reached) reached;
};

struct standing {
    struct watch watch;
    replica_id replica;
    uint64_t generation; /* 0: the place is free */
    bool single;         /* counts one class */
    bool asleep;         /* until its look */
    bool due;            /* to be counted in this instant */
    stake_amount bound;  /* several classes: its weight is not above this */
    struct clock_event look;
    time_ns look_ns;   /* late: not met before this, as far as is known; TIME_NEVER: not by what is cast and awaited */
    bool own;          /* late: the look reckons with votes that are awaited of its own node */
    uint32_t looks;    /* late: forecasts since a place was reached */
    uint32_t question; /* late, not each_vote; else INDEX_NONE */
    VECTOR(struct vote_name) held; /* each_vote: votes that wait for not_before_ns */
};

/* A replica's vote that landed and that somebody looks at one by one. */
struct landed_vote {
    struct vote_class *class;
    uint32_t vote;
    replica_id replica;
};

struct touched {
    struct vote_class *class;
    replica_id replica;
};

struct landed_parcel {
    uint32_t parcel;
    replica_id replica;
};

struct entry {
    const struct vote_class *class;
    uint32_t vote;
    block_id block;
    stake_amount weight;
    uint32_t next; /* of the same voter, or INDEX_NONE */
};

struct voter {
    validator_id id;
    uint32_t first; /* entry */
    stake_amount heaviest;
    bool equivocates;
};

struct part {
    struct vote_class *class;
    struct tally *tally;
};

/* What one replica gets, for the kernels; narrow or wide weights. */
struct column {
    VECTOR(uint32_t) keys;
    VECTOR(uint32_t) narrow;
    VECTOR(uint64_t) wide;
    size_t count;
};

/* Which keys are in scratch->keys. */
struct keys_name {
    const struct vote_class *class; /* NULL: none */
    replica_id replica;
    uint32_t votes;
};

/* The last forecast that was made, for the next watch at the replica. */
struct forecast_made {
    const struct vote_class *class; /* NULL: none */
    replica_id replica;
    uint32_t votes;
    bool own; /* see standing */
    struct instant at;
    stake_amount threshold;
    uint64_t slots; /* that count */
    time_ns look_ns;
};

struct timed_weight {
    time_ns at_ns;
    stake_amount weight;
};

/* A place to count in, kept for its memory. Nothing in it outlives a call. */
struct scratch {
    VECTOR(uint32_t) voter_at; /* by validator: where it would be in `voters` */
    VECTOR(struct voter) voters;
    VECTOR(struct entry) entries;
    VECTOR(bool) slots;
    VECTOR(struct part) parts;
    VECTOR(time_ns) node_ns;
    VECTOR(time_ns) replica_ns;
    VECTOR(uint64_t) packed;
    VECTOR(uint64_t) sorted;
    VECTOR(uint32_t) keys; /* of one class at one replica, in whole blocks */
    struct keys_name keys_name;
    struct column column;
    struct forecast_made forecast;
    VECTOR(struct timed_weight) timed;
};

struct delivery {
    struct delivery_settings settings;
    node_id *node_of;
    uint32_t replicas;
    bool one_a_node; /* replica r is all there is at node r, and every node has one */
    uint64_t stamp;  /* instants settled, + 1 */
    struct scratch *scratch;
    struct delivery_counts counts;
    const struct kernels *kernels;
    replica_id *first_at; /* by node: a replica there, or ID_NONE */
    replica_id *next_at;  /* by replica: another one at the same node, or ID_NONE */
    replica_id *home_of;  /* by validator; NULL: nobody is awaited */
    uint32_t *zone_of;    /* by node; with home_of */
    uint32_t zones;
    time_ns *zone_least_ns;        /* [from * zones + to]; NULL: many zones, ask the network */
    uint64_t *last_cast;           /* by validator: the number of the class in which it last voted */
    VECTOR(uint32_t *) spare_keys; /* of strips that have landed, for new ones */
    uint64_t classes_begun;        /* late ones */
    uint64_t *confined;            /* a row of bits for each replica, once any is confined; else NULL */

    VECTOR(struct vote_class *) classes; /* by (height, round, type) */
    VECTOR(struct vote_class *) idle;
    uint64_t *forgotten; /* by replica: the least height that it can still ask for */

    VECTOR(struct flight) flights;
    struct lane lane;
    uint32_t free_flight;
    VECTOR(struct parcel *) parcels;
    VECTOR(uint32_t) free_parcels;
    VECTOR(uint32_t) dead_parcels; /* freed when the next instant begins */

    VECTOR(struct block_state) blocks;
    VECTOR(struct wait) waits;
    uint32_t free_wait;
    struct index_map waiting; /* (block, replica): the chain */

    VECTOR(struct standing) watches;
    uint32_t free_watch;
    VECTOR(struct question) questions;
    uint32_t free_question;
    struct index_map question_at; /* by hash */
    uint64_t generation;
    struct standing_list {
        uint32_t *at;
        size_t count, room;
    } * watches_of;        /* by replica */
    uint32_t each_watches; /* how many want each vote */

    /* What happened in the instant that lands. */
    bool landing;
    VECTOR(struct touched) touched;
    VECTOR(uint32_t) due;
    VECTOR(struct landed_vote) singles;  /* for watches that want each vote */
    VECTOR(struct wait) joined;          /* the same, whose blocks came only now */
    VECTOR(struct landed_vote) suspects; /* by voters that have others in the class */
    VECTOR(struct landed_parcel) landed;
    VECTOR(struct fresh_block) fresh;
    struct index_map fresh_at; /* (block, replica) */
};

static inline uint64_t block_and_replica(block_id block, replica_id replica)
{
    return (uint64_t)block << 32 | replica;
}

static inline stake_amount stake_add(stake_amount a, stake_amount b)
{
    stake_amount sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline bool instant_before(struct instant a, struct instant b)
{
    return a.ns != b.ns ? a.ns < b.ns : a.microstep < b.microstep;
}

/* The first instant whose arrivals have not landed yet. */
static inline struct instant delivery_next_instant(const struct delivery *delivery)
{
    const struct clock *clock = delivery->settings.clock;
    return (struct instant){clock->now.ns, clock->now.microstep + clock->entered};
}

/* Whether a test has planted this fault; never but in tests. */
static inline bool planted(const struct delivery *delivery, enum delivery_plant plant)
{
    return __builtin_expect(delivery->settings.plant == plant, 0);
}

static inline bool query_covers(const struct vote_query *query, const struct vote_class *class)
{
    return class->type < 32 && query->kinds >> class->type & 1 && class->height >= query->height_first &&
           class->height <= query->height_last && class->round >= query->round_first &&
           class->round <= query->round_last;
}

struct clock_event delivery_schedule(struct delivery *delivery, time_ns at_ns, enum delivery_item kind, uint32_t where,
                                     uint64_t data);

/* flight.c: from scratch->replica_ns. */
void flight_start(struct delivery *delivery, struct vote_class *class, uint32_t which);
void flight_land(struct delivery *delivery, uint32_t flight);
void flight_end(struct delivery *delivery, uint32_t flight);

/* lane.c */
void lane_init(struct lane *lane);
void lane_release(struct lane *lane);
void lane_add(struct delivery *delivery, uint32_t flight);
void lane_land(struct delivery *delivery);

/* parcel.c */
/* The parcel has one use, which the caller ends with parcel_drop. */
uint32_t parcel_new(struct delivery *delivery, const struct message *message, const struct delivery_options *options);
void parcel_land(struct delivery *delivery, uint32_t parcel, replica_id replica);
void parcel_drop(struct delivery *delivery, uint32_t parcel);
void parcel_free(struct delivery *delivery, uint32_t parcel);
void parcels_bury(struct delivery *delivery);

/* votes.c */
size_t classes_from(const struct delivery *delivery, uint64_t height); /* position of the first */
struct vote_class *class_find(const struct delivery *delivery, uint16_t type, uint64_t height, uint32_t round);
struct vote_class *class_obtain(struct delivery *delivery, uint16_t type, uint64_t height, uint32_t round);
/* The vote's place in its class; an old one for a message that the class holds already. */
uint32_t class_cast(struct delivery *delivery, struct vote_class *class, const struct message *message, bool *is_new);
void class_release_use(struct delivery *delivery, struct vote_class *class);
void class_forget(struct delivery *delivery, struct vote_class *class, replica_id replica);
void class_free(struct delivery *delivery, struct vote_class *class);
void classes_bury(struct delivery *delivery);
/* What the replica holds of the class as of the last settled instant; NULL: nothing. */
struct tally *tally_now(const struct delivery *delivery, struct vote_class *class, replica_id replica);
/* The same with its bits. */
struct tally *tally_listed(const struct delivery *delivery, struct vote_class *class, replica_id replica);
struct tally *tally_obtain(const struct delivery *delivery, struct vote_class *class, replica_id replica);
/* Makes room in the tally for all votes and values of the class. */
void tally_make_room(const struct vote_class *class, struct tally **tally);
/* Adds a vote that the tally does not hold. */
void tally_add(struct vote_class *class, struct tally **tally, uint32_t vote);
void vote_land(struct delivery *delivery, struct vote_class *class, uint32_t vote, replica_id replica);
bool vote_is_first(const struct vote_class *class, struct tally *tally, uint32_t vote, electorate_id electorate);
void suspects_report(struct delivery *delivery);

/* late.c */
void late_init(struct delivery *delivery);
void late_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote);
/* Brings the sums of the replica's tally up to date; and the bits. */
void late_advance(const struct delivery *delivery, struct vote_class *class, replica_id replica);
void late_list(const struct delivery *delivery, struct vote_class *class, replica_id replica);
void late_end(struct delivery *delivery, struct vote_class *class);
void late_release(struct delivery *delivery, struct vote_class *class);
void late_forget(struct vote_class *class, replica_id replica);

/* late_keys.c */
/* Keeps scratch->replica_ns. */
void late_keys_keep(struct delivery *delivery, struct vote_class *class, uint32_t vote);
void late_keys_release(struct delivery *delivery, struct late *late);
void late_keys_copy(struct late *copy, const struct late *late);
struct instant late_arrival(const struct vote_class *class, uint32_t vote, replica_id replica);
/* The class's keys at the replica, in whole blocks; until the scratch is used for others. */
const uint32_t *late_keys(const struct delivery *delivery, const struct vote_class *class, replica_id replica);

/* awaited.c */
void awaited_init(struct delivery *delivery);
/* The class's first vote is about to be cast. */
void awaited_start(struct delivery *delivery, struct vote_class *class, electorate_id electorate);
/* A vote was cast: whether it was awaited as it is. */
bool awaited_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote);
void awaited_release(struct awaited *awaited);
/* What of the awaited weight can reach the replica from elsewhere, and from its own node. */
stake_amount awaited_weight(const struct delivery *delivery, const struct vote_class *class, replica_id replica);
stake_amount awaited_own(const struct delivery *delivery, const struct vote_class *class, replica_id replica);
/* Calls visit for what can arrive at the replica `after_ns` from now, or later. */
void awaited_each(const struct delivery *delivery, struct vote_class *class, replica_id replica,
                  void (*visit)(void *user, time_ns after_ns, stake_amount weight), void *user);

/* question.c */
void question_join(struct delivery *delivery, uint32_t standing);
void question_leave(struct delivery *delivery, uint32_t standing);
/* A vote of a late class was cast; wakes the watches that it may have a part in meeting. */
void question_cast(struct delivery *delivery, const struct vote_class *class, uint32_t vote);
/* Whether the watch reckons with the class. */
bool question_reached(const struct question *question, const struct vote_class *class);
/* The class has become eventful: so do the others that are counted together with it. */
void question_end(struct delivery *delivery, const struct vote_class *class);
/* Whether a class that begins now is counted together with eventful ones. */
bool question_is_eventful(const struct delivery *delivery, const struct vote_class *class);
void questions_release(struct delivery *delivery);

/* forecast.c */
/* Sets the look of a watch that is not met: the first time at which it may be. */
void forecast_make(struct delivery *delivery, uint32_t standing);
/* A vote that the replica's watches did not reckon with; `own`: those that reckon with votes of their own node did. */
void forecast_pull(struct delivery *delivery, const struct vote_class *class, uint32_t vote, replica_id replica,
                   bool own);

/* count.c */
/* Fills scratch->parts with what the replica holds within the query's kinds, heights and rounds. */
void count_parts(const struct delivery *delivery, replica_id replica, const struct vote_query *query);
void count_gather(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                  const struct part *parts, size_t part_count);
/* A question that a single sum answers; not WATCH_SOME_BLOCK, which is asked block by block. */
struct predicate {
    enum watch_value value;
    block_id block;
};
bool count_accepts(const struct delivery *delivery, const struct predicate *predicate, block_id block);
/* Whether the query counts votes of this value at all, for whatever they were cast. */
bool count_admits(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                  const struct value *value);
/* The sum of what the replica holds in these parts, which are counted together. Gathers unless it is plain. */
bool parts_are_plain(const struct part *parts, size_t part_count);
stake_amount count_sum(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                       const struct part *parts, size_t part_count, const struct predicate *predicate);
stake_amount count_voter(const struct delivery *delivery, const struct voter *voter, enum watch_duplicates duplicates,
                         const struct predicate *predicate);
uint32_t count_find_voter(struct scratch *scratch, validator_id id);
/* What met the threshold, or the largest weight that fell short of it. */
struct count_answer {
    stake_amount weight;
    uint64_t height;
    uint32_t round;
    block_id block;
};
struct count_answer count_watch(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                bool within_one_round, stake_amount threshold);
bool count_matches(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                   const struct value *value);

/* watches.c */
void watch_set(struct delivery *delivery, replica_id replica, const struct watch *watch);
void watch_remove(struct delivery *delivery, uint32_t standing);
void watches_forget(struct delivery *delivery, replica_id replica, uint64_t height);
/* What the replica has forgotten below the height may count no more: only in what an equivocator is refused can a sum
 * grow by it. */
void watches_recount(struct delivery *delivery, replica_id replica, uint64_t height);
void watches_touch(struct delivery *delivery);
void watches_block(struct delivery *delivery, replica_id replica);
void watches_look(struct delivery *delivery, uint32_t standing, uint64_t generation);
void watches_settle(struct delivery *delivery);
void watches_each(struct delivery *delivery);
bool watches_want_each(const struct delivery *delivery, const struct vote_class *class, replica_id replica);

/* blocks.c */
bool block_is_here(const struct delivery *delivery, replica_id replica, block_id block);
void block_land(struct delivery *delivery, replica_id replica, block_id block, bool with_ancestors);
/* Adds to the chain of what waits at the replica for the block. */
void block_await(struct delivery *delivery, replica_id replica, block_id block, struct wait wait);
/* A proposal of an available block landed: it may have been what completed the block. */
void block_credit(struct delivery *delivery, replica_id replica, block_id block, uint32_t parcel);
void blocks_settle(struct delivery *delivery);

#endif
