/* SPDX-License-Identifier: MIT */
/*
 * Small random worlds for a delivery: a few replicas that send, watch, forget and ask at random times over a random
 * network with faults, and react to what they are told. What they do depends only on the world's number and on what has
 * been told so far; so two deliveries that behave alike give the same log, and the first difference shows in it.
 */
#ifndef POSIM_TESTS_PROPERTY_DELIVERY_WORLD_H
#define POSIM_TESTS_PROPERTY_DELIVERY_WORLD_H

#include "base/vector.h"
#include "delivery/delivery.h"

enum world_subject {
    SUBJECT_EVENTS,
    SUBJECT_LATE,
    SUBJECT_ORACLE,
};

enum told_kind {
    TOLD_BLOCK,
    TOLD_MESSAGE,
    TOLD_WATCH,
    TOLD_EQUIVOCATION,
    TOLD_WEIGHT, /* answers to questions */
    TOLD_VOTES,
    TOLD_PAYLOAD,
    TOLD_HEAVIEST,
};

/* One line of the log. */
struct told {
    struct instant at;
    uint32_t kind;
    replica_id replica;
    uint64_t tag, height, number;
    uint32_t round;
    block_id block;
    message_id first, second;
};

struct log {
    struct told *at;
    size_t count, room;
};

struct world_options {
    uint64_t number;           /* which world */
    uint32_t moves;            /* about how many things are done */
    uint64_t seed;             /* of the network: another one makes another world */
    bool clone_midway;         /* goes on with a clone from some move on */
    enum delivery_plant plant; /* a fault in SUBJECT_LATE */
    bool crowded;              /* many voters and votes, high thresholds; too slow for the oracle */
};

/* Runs the world to its end and returns the log; vector_release it. */
struct log world_log(enum world_subject subject, const struct world_options *options);

/* Index of the first line that differs, or SIZE_MAX where the logs are equal. */
size_t log_difference(const struct log *a, const struct log *b);
void log_print(const char *name, const struct log *log, size_t from, size_t to);

#endif
