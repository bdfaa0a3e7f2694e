/* SPDX-License-Identifier: MIT */
/* Every load over every peer, each pair its own function; tables for those who run them all. */
#ifndef POSIM_TESTS_BENCH_CONTENDERS_H
#define POSIM_TESTS_BENCH_CONTENDERS_H

#include "load.h"

enum contender { NO_QUEUE, BINARY_24, BINARY_16, QUATERNARY_16, QUEUE, CONTENDERS };

static const struct peer *const contender_peers[CONTENDERS] = {&table_peer, &binary24_peer, &binary16_peer,
                                                               &quaternary16_peer, &queue_peer};

struct load {
    void (*start[CONTENDERS])(struct load_state *state);
    uint64_t (*round[CONTENDERS])(struct load_state *state);
};

#define LOAD_OVER(name, peer)                                                                                          \
    static __attribute__((noinline)) void name##_start_##peer(struct load_state *state)                                \
    {                                                                                                                  \
        name##_start(&peer##_peer, state);                                                                             \
    }                                                                                                                  \
    static __attribute__((noinline)) uint64_t name##_round_##peer(struct load_state *state)                            \
    {                                                                                                                  \
        return name##_round(&peer##_peer, state);                                                                      \
    }

#define LOAD(name)                                                                                                     \
    LOAD_OVER(name, table)                                                                                             \
    LOAD_OVER(name, binary24)                                                                                          \
    LOAD_OVER(name, binary16)                                                                                          \
    LOAD_OVER(name, quaternary16)                                                                                      \
    LOAD_OVER(name, queue)                                                                                             \
    static const struct load name##_load = {                                                                           \
        .start = {name##_start_table, name##_start_binary24, name##_start_binary16, name##_start_quaternary16,         \
                  name##_start_queue},                                                                                 \
        .round = {name##_round_table, name##_round_binary24, name##_round_binary16, name##_round_quaternary16,         \
                  name##_round_queue},                                                                                 \
    };

LOAD(hold)
LOAD(burst)
LOAD(tie)
LOAD(sparse)
LOAD(far)
LOAD(storm)

/* The queue is made and filled; `armed` is there for the load that wants it. */
static inline struct load_state load_state_new(const struct load *load, enum contender contender, uint32_t pending,
                                               uint32_t operations)
{
    struct load_state state = {.random = 42, .pending = pending, .operations = operations};
    state.queue = contender_peers[contender]->make();
    state.armed = g_new0(uint32_t, pending);
    load->start[contender](&state);
    return state;
}

static inline void load_state_free(struct load_state *state, enum contender contender)
{
    contender_peers[contender]->drop(state->queue);
    g_free(state->armed);
}

#endif
