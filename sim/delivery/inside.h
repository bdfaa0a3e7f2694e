/* SPDX-License-Identifier: MIT */
/*
 * The delivery room from inside; nobody else includes this. How the parts hang together:
 *   flight.c     a message under way: its arrivals in the order of time
 *   lane.c       votes under way, landing window by window
 *   shipment.c   a message that the network's carrier has
 *   parcel.c     messages that are not votes, and the certificates that they carry
 *   votes.c      the votes of one (type, height, round), stored once; what of them each replica holds (a tally)
 *   late.c       classes of votes whose arrivals are not events (DELIVERY_LATE)
 *   late_keys.c  when the votes of a late class reach each replica
 *   awaited.c    who will probably still vote in a late class, and how soon that can arrive
 *   question.c   watches that ask the same, which sleep until the votes cast can answer
 *   forecast.c   the time before which a watch over late classes is not met
 *   reach.c      the time before which one sum of votes does not come to its threshold
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
#include "delivery/late.h"
#include "delivery/question.h"

/* The type of a class that holds the proposals of a place, kept to see who proposes twice; no query covers it. */
#define TYPE_PROPOSAL UINT16_MAX

enum delivery_item {
    ITEM_FLIGHT, /* where: the flight */
    ITEM_LANE,   /* the next vote lands */
    ITEM_LOOK,   /* where: the watch; data: its generation */
    ITEM_SPREAD, /* where: the block; it has reached everybody */
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

struct vote_class {
    uint64_t height;
    uint32_t round;
    uint16_t type;
    bool eventful;
    bool uneven;        /* some voter has votes of different weights */
    bool weightless;    /* some vote weighs nothing, so that weights do not tell which votes are held */
    bool idle;          /* listed to be freed */
    stake_amount total; /* weight of all votes cast; stops at the largest stake_amount */
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

/* A message that the carrier has; its ticket is the place in the list. */
struct shipment {
    struct vote_class *class; /* NULL: a parcel */
    uint32_t which;           /* the vote or parcel; the next free place */
    replica_id *targets;      /* NULL: every replica of the nodes that it reaches */
    uint32_t target_count;
};

/* Votes of one class that a response carries. */
struct certificate_part {
    struct vote_class *class;
    uint64_t *votes; /* bits */
    size_t words;
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

struct standing {
    struct watch watch;
    replica_id replica;
    uint64_t generation; /* 0: the place is free */
    bool single;         /* counts one class */
    bool asleep;         /* until its look */
    bool due;            /* to be counted in this instant ... */
    bool due_whole;      /* ... and not only because its look has come */
    stake_amount bound;  /* several classes: its weight is not above this */
    struct clock_event look;
    time_ns look_ns;   /* late: not met before this, as far as is known; TIME_NEVER: not by what is cast and awaited */
    bool own;          /* late: the look reckons with votes that are awaited of its own node */
    uint32_t looks;    /* late: forecasts since a place was reached */
    uint32_t question; /* late, not each_vote; else INDEX_NONE */
    VECTOR(struct place_look) places; /* late, within_one_round: where it may be met, the soonest at its look */
    VECTOR(struct vote_name) held;    /* each_vote: votes that wait for not_before_ns */
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

/* A place to count in, kept for its memory. Nothing in it but the work outlives a call. */
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
    struct delivery_work work;
};

/* The rest of what is known of a block that spreads. */
struct spread {
    uint32_t parcel;
    bool landed;                           /* everywhere, and waits for the other one */
    VECTOR(time_ns) at_ns;                 /* by replica */
    VECTOR(time_ns) came_ns;               /* the same; empty: no replica waits */
    VECTOR(time_ns) rest_ns;               /* of those to whom it has not come when it is ended; else TIME_NEVER */
    time_ns taken_first_ns, taken_last_ns; /* of those that wait */
};

struct delivery {
    struct delivery_settings settings;
    node_id *node_of;
    uint32_t replicas;
    bool one_a_node; /* replica r is all there is at node r, and every node has one */
    bool uneven;     /* some class is, or was */
    uint64_t stamp;  /* instants settled, + 1 */
    struct scratch *scratch;
    struct delivery_counts counts;
    const struct kernels *kernels;
    replica_id *first_at; /* by node: a replica there, or ID_NONE */
    replica_id *next_at;  /* by replica: another one at the same node, or ID_NONE */
    replica_id *home_of;  /* by validator; NULL: nobody is awaited */
    uint32_t *zone_of;    /* by node; with home_of */
    uint32_t zones;
    struct guess *guesses;         /* by zone; for speed alone */
    time_ns *zone_least_ns;        /* [from * zones + to]; NULL: many zones, ask the network */
    uint64_t *last_cast;           /* by validator: the number of the class in which it last voted */
    VECTOR(uint32_t *) spare_keys; /* of strips that have landed, for new ones; freed with free() */
    uint64_t classes_begun;        /* late ones */
    uint64_t *confined;            /* a row of bits for each replica, once any is confined; else NULL */

    VECTOR(struct vote_class *) classes; /* by (height, round, type) */
    VECTOR(struct vote_class *) idle;
    uint64_t *forgotten;   /* by replica: the least height that it can still ask for */
    struct reached *whole; /* by replica: it holds all votes cast at places before this, or has forgotten them ... */
    struct reached whole_most; /* ... and this is before none of them */

    VECTOR(struct flight) flights;
    struct lane lane;
    uint32_t free_flight;
    uint32_t client; /* of the carrier */
    VECTOR(struct shipment) shipments;
    uint32_t free_shipment;
    VECTOR(struct parcel *) parcels;
    VECTOR(uint32_t) free_parcels;
    VECTOR(uint32_t) dead_parcels; /* freed when the next instant begins */

    uint32_t spread_count;
    struct delivery_spread spreading[SPREADS_MOST];
    struct spread spreads[SPREADS_MOST]; /* of the same */
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
    struct index_map fresh_at; /* (block, replica): of the first `indexed` */
    size_t indexed;
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

/* Whether the class and all those after it are beyond what the query covers. */
static inline bool query_ends(const struct vote_query *query, const struct vote_class *class)
{
    return class->height > query->height_last ||
           (class->round > query->round_last && class->height == query->height_last);
}

static inline bool query_covers(const struct vote_query *query, const struct vote_class *class)
{
    return class->type < 32 && query->kinds >> class->type & 1 && class->height >= query->height_first &&
           class->height <= query->height_last && class->round >= query->round_first &&
           class->round <= query->round_last;
}

struct clock_event delivery_schedule(struct delivery *delivery, time_ns at_ns, enum delivery_item kind, uint32_t where,
                                     uint64_t data);

/* delivery.c */
void delivery_begin_instant(struct delivery *delivery);
bool delivery_may_pass(const struct delivery *delivery, replica_id from, replica_id to);
bool delivery_is_confined(const struct delivery *delivery, replica_id replica);

/* shipment.c */
void shipments_join(struct delivery *delivery);
void shipments_release(struct delivery *delivery);
void shipment_start(struct delivery *delivery, struct vote_class *class, uint32_t which, const struct message *message,
                    const struct delivery_options *options);

/* flight.c: from scratch->replica_ns. */
void flight_start(struct delivery *delivery, struct vote_class *class, uint32_t which);
/* A parcel to one replica. */
void flight_to_one(struct delivery *delivery, uint32_t parcel, replica_id replica, time_ns at_ns);
void flight_land(struct delivery *delivery, uint32_t flight);
void flight_end(struct delivery *delivery, uint32_t flight);

/* spread.c */
/* Whether the message, whose arrivals are in scratch->replica_ns, spreads; if so it has started to. */
bool spread_start(struct delivery *delivery, const struct message *message, const struct delivery_options *options,
                  uint32_t parcel);
/* The one of the block, or NULL. */
const struct delivery_spread *spread_of(const struct delivery *delivery, block_id block);
/* Whether the block has come to the replica. */
bool spread_has_come(const struct delivery *delivery, const struct delivery_spread *spread, replica_id replica);
void spreads_release(struct delivery *delivery);
void spread_land(struct delivery *delivery, block_id block);

/* lane.c */
void lane_init(struct lane *lane);
void lane_release(struct lane *lane);
void lane_add(struct delivery *delivery, uint32_t flight);
void lane_land(struct delivery *delivery);

/* parcel.c */
/* A vote was cast there: replicas do not hold all of what was cast so far. */
void whole_ends(struct delivery *delivery, const struct vote_class *class);
/* The parcel has one use, which the caller ends with parcel_drop. */
uint32_t parcel_new(struct delivery *delivery, const struct message *message, const struct delivery_options *options);
void parcel_land(struct delivery *delivery, uint32_t parcel, replica_id replica);
void parcel_drop(struct delivery *delivery, uint32_t parcel);
void parcel_free(struct delivery *delivery, uint32_t parcel);
void parcels_bury(struct delivery *delivery);

/* votes.c */
/* Position of the first class of the round, or of what comes after it. */
size_t classes_from(const struct delivery *delivery, uint64_t height, uint32_t round);
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
/* Whether it holds every vote cast so far; false where weights do not tell. */
bool tally_is_whole(const struct vote_class *class, const struct tally *tally);
struct tally *tally_obtain(const struct delivery *delivery, struct vote_class *class, replica_id replica);
/* Makes room in the tally for all votes and values of the class. */
void tally_make_room(const struct vote_class *class, struct tally **tally);
/* Adds a vote that the tally does not hold. */
void tally_add(struct vote_class *class, struct tally **tally, uint32_t vote);
void vote_land(struct delivery *delivery, struct vote_class *class, uint32_t vote, replica_id replica);
/* The same for a set of votes, as bits, of which the replica holds most already. */
void votes_land(struct delivery *delivery, struct vote_class *class, const uint64_t *votes, size_t words,
                replica_id replica);
bool vote_is_first(const struct vote_class *class, struct tally *tally, uint32_t vote, electorate_id electorate);
void suspects_report(struct delivery *delivery);

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
/* The same of one place only. */
struct count_answer count_place(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                struct reached place, stake_amount threshold);
bool count_matches(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                   const struct value *value);

/* reach.c */
/* A sum that may meet the watch: what of these classes, which are counted together, the predicate accepts. */
struct sum {
    const struct delivery *delivery;
    const struct standing *standing;
    const struct part *parts;
    size_t part_count;
    struct predicate predicate;
    bool patient; /* reckons with those who are awaited */
    bool own;     /* and with those of the replica's own node, whose votes can be here at once */
};
/* Whether the sum counts votes of this value, as far as is known now. */
bool sum_counts(const struct sum *sum, const struct value *value);
/* Weight of what was cast and counts, and of what is awaited. */
stake_amount sum_weight(const struct sum *sum);
/*
 * The sum does not come to the threshold before this; never where it does not at all. Leaves votes of the own node out
 * (sum->own) if they could bring it there at once: they pull the look forward when they are cast.
 */
time_ns sum_reach(struct sum *sum);

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
/* Nobody is told of these. */
void block_mark(struct delivery *delivery, replica_id replica, block_id block);
void block_mark_everywhere(struct delivery *delivery, block_id block);
bool block_is_everywhere(const struct delivery *delivery, block_id block);

#endif
