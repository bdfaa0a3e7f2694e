/* SPDX-License-Identifier: MIT */
/* Watches over late classes from inside: the questions that they share (question.c) and their looks (forecast.c). */
#ifndef POSIM_DELIVERY_QUESTION_H
#define POSIM_DELIVERY_QUESTION_H

#include "base/vector.h"
#include "delivery/delivery.h"

struct vote_class;

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

static inline bool place_before(struct reached a, struct reached b)
{
    return a.height != b.height ? a.height < b.height : a.round < b.round;
}

/* A watch that counts rounds apart is not met at a place before this. */
struct place_look {
    struct reached place;
    time_ns at_ns;
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
    size_t spared;                 /* times that only one place was looked at since all were */
    VECTOR(struct reached) reached;
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

/* When a sum was last met at a replica of a zone, and within how much of it most are met at the next. */
struct guess {
    time_ns at_ns, spread_ns;
};

struct timed_weight {
    time_ns at_ns;
    stake_amount weight;
};

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
/* The same where only the place of this class has changed since, by a vote that was cast. */
void forecast_add(struct delivery *delivery, uint32_t standing, const struct vote_class *class);
/* The same where its look has come and found it short. */
void forecast_again(struct delivery *delivery, uint32_t standing);
/* A vote that the replica's watches did not reckon with; `own`: those that reckon with votes of their own node did. */
void forecast_pull(struct delivery *delivery, const struct vote_class *class, uint32_t vote, replica_id replica,
                   bool own);

#endif
