/* SPDX-License-Identifier: MIT */
/*
 * Loads for event queues. Each fills a queue once and then works in rounds; a round returns a checksum of what was
 * popped and when, which must be the same for every queue that began with the same random state.
 */
#ifndef POSIM_TESTS_BENCH_LOAD_H
#define POSIM_TESTS_BENCH_LOAD_H

#include "peer.h"

/* ---- random numbers: a bench's own, cheap and the same everywhere ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
ALWAYS_INLINE uint64_t load_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/*
 * An exponential duration with the given mean, at most 2^40 ns, in integers: -ln u = ln 2 (zeros + 1 - log2 m), where u
 * has `zeros` leading zeros before the mantissa m in [1, 2). log2 m is taken as m - 1 + .344 (m - 1)(2 - m), right to a
 * per cent, which is enough for a load.
 */
ALWAYS_INLINE time_ns load_exponential(uint64_t *state, time_ns mean_ns)
{
    uint64_t random = load_random(state) | 1;
    unsigned zeros = (unsigned)__builtin_clzll(random);
    uint64_t fraction = random << zeros << 1 >> 40; /* m - 1 in units of 2^-24 */
    uint64_t bend = fraction * (((uint64_t)1 << 24) - fraction) >> 24;
    uint64_t bits = ((uint64_t)(zeros + 1) << 24) - fraction - (bend * 352 >> 10);
    uint64_t mean_ln2 = (uint64_t)mean_ns * 709 >> 10;
    return (time_ns)((mean_ln2 >> 10) * bits >> 14);
}

ALWAYS_INLINE uint64_t load_sum(uint64_t sum, struct popped popped)
{
    return (sum ^ (uint64_t)popped.at_ns ^ (uint64_t)popped.handle << 40) * UINT64_C(0x9e3779b97f4a7c15);
}

/* ---- the loads ---- */

/* What a load runs over: one queue and its own random stream, kept from round to round. */
struct load_state {
    void *queue;
    uint64_t random;
    uint32_t pending;    /* entries that the load keeps in the queue */
    uint32_t operations; /* pops, or re-armings, in a round */
    uint32_t pushed;
    time_ns now_ns;
    uint32_t *armed; /* cancel storm: by timer, the push that counts */
};

#define LOAD_MEAN SECOND

ALWAYS_INLINE void load_push(const struct peer *peer, struct load_state *state, time_ns at_ns, uint32_t handle)
{
    state->pushed++;
    peer->push(state->queue, at_ns, handle);
}

/* Take the earliest, push it again after a delay: the loop of most loads. */
ALWAYS_INLINE uint64_t load_again(const struct peer *peer, struct load_state *state,
                                  time_ns (*delay_ns)(struct load_state *state))
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < state->operations; i++) {
        struct popped popped = {0};
        if (!peer->pop(state->queue, &popped))
            break;
        sum = load_sum(sum, popped);
        load_push(peer, state, popped.at_ns + delay_ns(state), popped.handle);
    }
    return sum;
}

/* The hold model (Jones 1986): as many pending all the time, each again an exponential increment later. */
ALWAYS_INLINE void hold_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t handle = 0; handle < state->pending; handle++)
        load_push(peer, state, load_exponential(&state->random, LOAD_MEAN), handle);
}

ALWAYS_INLINE time_ns hold_delay(struct load_state *state)
{
    return load_exponential(&state->random, LOAD_MEAN);
}

ALWAYS_INLINE uint64_t hold_round(const struct peer *peer, struct load_state *state)
{
    return load_again(peer, state, hold_delay);
}

/* Bursts at one instant: every time is a multiple of 12 s, a few slots ahead. */
ALWAYS_INLINE time_ns burst_delay(struct load_state *state)
{
    return (time_ns)(1 + (load_random(&state->random) >> 62)) * 12 * SECOND;
}

ALWAYS_INLINE void burst_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t handle = 0; handle < state->pending; handle++)
        load_push(peer, state, burst_delay(state), handle);
}

ALWAYS_INLINE uint64_t burst_round(const struct peer *peer, struct load_state *state)
{
    return load_again(peer, state, burst_delay);
}

/* Ties by the million: all at one time, all taken, all again one second later. */
ALWAYS_INLINE time_ns tie_delay(struct load_state *state)
{
    (void)state;
    return SECOND;
}

ALWAYS_INLINE void tie_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t handle = 0; handle < state->pending; handle++)
        load_push(peer, state, 0, handle);
}

ALWAYS_INLINE uint64_t tie_round(const struct peer *peer, struct load_state *state)
{
    return load_again(peer, state, tie_delay);
}

/* Sparse front: sixteen entries tick every few microseconds before timers that are hours away. */
#define SPARSE_ACTIVE 16u

ALWAYS_INLINE void sparse_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t handle = 0; handle < state->pending; handle++)
        load_push(peer, state,
                  handle < SPARSE_ACTIVE ? (time_ns)handle : HOUR + load_exponential(&state->random, HOUR / 16),
                  handle);
}

ALWAYS_INLINE time_ns sparse_delay(struct load_state *state)
{
    return load_exponential(&state->random, 5 * MICROSECOND);
}

ALWAYS_INLINE uint64_t sparse_round(const struct peer *peer, struct load_state *state)
{
    return load_again(peer, state, sparse_delay);
}

/* Far timers: delays of every magnitude, from a nanosecond to thirteen days, as likely as each other. */
ALWAYS_INLINE time_ns far_delay(struct load_state *state)
{
    uint64_t random = load_random(&state->random);
    return (time_ns)((random >> 14 | (uint64_t)1 << 49) >> random % 50);
}

ALWAYS_INLINE void far_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t handle = 0; handle < state->pending; handle++)
        load_push(peer, state, far_delay(state), handle);
}

ALWAYS_INLINE uint64_t far_round(const struct peer *peer, struct load_state *state)
{
    return load_again(peer, state, far_delay);
}

/*
 * Cancel storm: timers are re-armed before they fire, fifteen times of sixteen. The queue is not told; an entry whose
 * timer was armed again since is dropped when it comes up.
 */
ALWAYS_INLINE void storm_arm(const struct peer *peer, struct load_state *state, uint32_t timer)
{
    state->armed[timer] = state->pushed;
    load_push(peer, state, state->now_ns + load_exponential(&state->random, LOAD_MEAN), timer);
}

ALWAYS_INLINE void storm_start(const struct peer *peer, struct load_state *state)
{
    for (uint32_t timer = 0; timer < state->pending; timer++)
        storm_arm(peer, state, timer);
}

ALWAYS_INLINE uint64_t storm_round(const struct peer *peer, struct load_state *state)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < state->operations; i++) {
        uint32_t timer = (uint32_t)((load_random(&state->random) >> 32) * state->pending >> 32);
        if (i % 16 == 0) {
            struct popped popped = {0};
            while (peer->pop(state->queue, &popped) && popped.sequence != state->armed[popped.handle])
                continue;
            state->now_ns = popped.at_ns;
            sum = load_sum(sum, popped);
            timer = popped.handle;
        }
        storm_arm(peer, state, timer);
    }
    return sum;
}

#endif
