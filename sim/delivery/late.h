/* SPDX-License-Identifier: MIT */
/* Late classes from inside: what they keep, and the functions of late.c, late_keys.c and awaited.c. See inside.h. */
#ifndef POSIM_DELIVERY_LATE_H
#define POSIM_DELIVERY_LATE_H

#include "base/vector.h"
#include "delivery/delivery.h"
#include "delivery/index_map.h"
#include "delivery/kernel.h"

struct vote_class;

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
    VECTOR(struct far_arrival) far;
    struct index_map far_at; /* (vote, replica) */
    uint64_t *expects;       /* replicas that some vote reaches and that have not forgotten the height */
    uint32_t expecting;      /* how many */
    time_ns *asked; /* by replica: TIME_NEVER if it was expecting once, or had forgotten the height before the first
                       vote; else 0 */
    bool all_asked;
    struct awaited awaited;
};

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
/* For a copy of the delivery, whose vectors have been copied as they are. */
void late_keys_copy(struct delivery *delivery, struct late *copy, const struct late *late);
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

#endif
