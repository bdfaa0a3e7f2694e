/* SPDX-License-Identifier: MIT */
/*
 * Random numbers as a pure function of what they are for. Every draw is keyed by (seed, replication, branch, purpose,
 * entity) and a counter, so a new draw in one place moves no other, and two points of a sweep see the same luck. The
 * generator is Philox 4x64-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) of
 * the Random123 library: the names above fill its key and counter without hashing, so two of them never share a block.
 *
 * Two styles. A stateless draw, random_at, for what is looked up in any order or late (delays, lotteries). A sequential
 * stream, random_stream, for what is drawn one after another (stakes, an adversary's choices). The two never overlap,
 * even for the same purpose and entity. Streams are plain values without memory of their own: copy them freely, but a
 * copy repeats the draws of the original. Callable at any time; nothing here is shared or global.
 */
#ifndef POSIM_BASE_RANDOM_H
#define POSIM_BASE_RANDOM_H

#include "base/stake.h"

#include <Random123/philox.h>
#include <stdint.h>

/* What draws are for. The numbers are part of every recorded result: append new ones, never renumber or reuse. */
enum random_purpose {
    RANDOM_STAKE = 1,      /* amounts of stake */
    RANDOM_PLACE = 2,      /* regions and coordinates of nodes */
    RANDOM_HOSTING = 3,    /* which node hosts which validator */
    RANDOM_TOPOLOGY = 4,   /* links and peers */
    RANDOM_BEHAVIOUR = 5,  /* who is silent, equivocates, delays */
    RANDOM_LATENCY = 6,    /* jitter of one message on one link */
    RANDOM_LOSS = 7,       /* whether one message on one link is lost */
    RANDOM_GOSSIP = 8,     /* which peers a node forwards to */
    RANDOM_VRF = 9,        /* ideal outputs of a verifiable random function */
    RANDOM_KEYS = 10,      /* seeds of signing and VRF keys */
    RANDOM_ADVERSARY = 11, /* an adversary's choices */
    RANDOM_PROTOCOL = 12,  /* an honest protocol instance's choices */
    RANDOM_ELECTION = 13,  /* public randomness of elections */
    RANDOM_FAULT = 14,     /* who is hit by a fault, and when */
    RANDOM_WORKLOAD = 15,  /* transactions and stake operations */
    RANDOM_BOOTSTRAP = 16, /* resampling of results */
    RANDOM_CLOCK = 17,     /* offsets and drift of node clocks */
    RANDOM_CPU = 18,       /* processing times */
    RANDOM_CHURN = 19,     /* joining and leaving */
    RANDOM_CANDIDATE = 20, /* candidates of a thinned lottery */
    RANDOM_TEST = 21,      /* tests and benches only */
};

/* The root of a world's luck. `branch` is 0 but for clones that were forked in mid-run. */
struct random_seed {
    uint64_t seed;
    uint32_t replication;
    uint32_t branch;
};

/* 256 bits of one draw, the most significant word first: word[0] alone is what random_at gives. */
struct random_block {
    uint64_t word[4];
};

/* A sequence of draws. Set it by random_stream_init; the fields are private. */
struct random_stream {
    philox4x64_key_t key;
    philox4x64_ctr_t counter;
    struct random_block block;
    uint32_t used; /* words of the block already given out */
};

static inline philox4x64_key_t random_key_(const struct random_seed *seed)
{
    return (philox4x64_key_t){{seed->seed, (uint64_t)seed->replication << 32 | seed->branch}};
}

/* The whole 256-bit block of the draw `counter` of (purpose, entity): one number, refined by its later words. */
static inline struct random_block random_at256(const struct random_seed *seed, enum random_purpose purpose,
                                               uint64_t entity, uint64_t counter)
{
    philox4x64_ctr_t at = {{counter, entity, (uint64_t)purpose, 0}};
    philox4x64_ctr_t drawn = philox4x64_R(10, at, random_key_(seed));
    return (struct random_block){{drawn.v[0], drawn.v[1], drawn.v[2], drawn.v[3]}};
}

/* 64 uniform bits: the first word of random_at256. */
static inline uint64_t random_at(const struct random_seed *seed, enum random_purpose purpose, uint64_t entity,
                                 uint64_t counter)
{
    return random_at256(seed, purpose, entity, counter).word[0];
}

/* 128 uniform bits: the first two words of random_at256, the first on top. */
static inline uint128 random_at128(const struct random_seed *seed, enum random_purpose purpose, uint64_t entity,
                                   uint64_t counter)
{
    struct random_block block = random_at256(seed, purpose, entity, counter);
    return (uint128)block.word[0] << 64 | block.word[1];
}

static inline void random_stream_init(struct random_stream *stream, const struct random_seed *seed,
                                      enum random_purpose purpose, uint64_t entity)
{
    *stream =
        (struct random_stream){.key = random_key_(seed), .counter = {{0, entity, (uint64_t)purpose, 1}}, .used = 4};
}

/*
 * Goes on under another branch number, for the clone of a forked world; words not yet given out are dropped. Under the
 * number that it has it goes on as it was.
 */
static inline void random_stream_branch(struct random_stream *stream, uint32_t branch)
{
    if ((uint32_t)stream->key.v[1] == branch)
        return;
    stream->key.v[1] = (stream->key.v[1] & ~(uint64_t)UINT32_MAX) | branch;
    stream->used = 4;
}

static inline uint64_t random_u64(struct random_stream *stream)
{
    if (stream->used == 4) {
        philox4x64_ctr_t drawn = philox4x64_R(10, stream->counter, stream->key);
        for (int i = 0; i < 4; i++)
            stream->block.word[i] = drawn.v[i];
        stream->counter.v[0]++;
        stream->used = 0;
    }
    return stream->block.word[stream->used++];
}

/*
 * Uniform on 0 .. bound-1, without bias; bound must not be 0. Lemire, "Fast random integer generation in an interval",
 * ACM TOMACS 29(1), 2019, algorithm 5.
 */
static inline uint64_t random_below(struct random_stream *stream, uint64_t bound)
{
    uint128 product = (uint128)random_u64(stream) * bound;
    if ((uint64_t)product < bound) {
        uint64_t rejected = -bound % bound;
        while ((uint64_t)product < rejected)
            product = (uint128)random_u64(stream) * bound;
    }
    return (uint64_t)(product >> 64);
}

#endif
