/* SPDX-License-Identifier: MIT */
/*
 * The draws that vary delays: 32 bits for each message and way, by a keyed hash of their own, since they are by far the
 * most that a run draws. It is Philox 4x32-7 (Salmon et al. 2011; the fewest rounds that pass BigCrush) with a key of
 * 64 bits, which the world's generator (base/random.h) draws from the seed. The counter holds the message's id, the
 * sender and the receiver in full, so two draws of a world never share a block by accident.
 *
 * One draw at a time (jitter_at) is Random123's; all receivers of a message are drawn by kernels, one source
 * (jitter_body.inc) compiled once for each instruction set and picked when the program runs, with the same results.
 * Where a receiver's draw stands in its block is laid out for them: eight blocks make 32 draws, whose first words are
 * those of the first eight receivers. Integers only. Private to the room.
 */
#ifndef POSIM_NETWORK_JITTER_H
#define POSIM_NETWORK_JITTER_H

#include "base/ids.h"
#include "base/random.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>

#define JITTER_ROUNDS 7
#define JITTER_GROUP  32u /* receivers of eight blocks */

struct jitter_key {
    uint32_t word[2];
};

struct jitter_key jitter_key_of(const struct random_seed *seed);

/* Of which way, but for the receiver. */
struct jitter_stream {
    struct jitter_key key;
    uint64_t message;
    node_id from;
};

static inline uint32_t jitter_at(const struct jitter_stream *stream, node_id to)
{
    uint32_t block = to / JITTER_GROUP * 8 + to % 8, word = to % JITTER_GROUP / 8;
    philox4x32_ctr_t counter = {{block, stream->from, (uint32_t)stream->message, (uint32_t)(stream->message >> 32)}};
    philox4x32_key_t key = {{stream->key.word[0], stream->key.word[1]}};
    return philox4x32_R(JITTER_ROUNDS, counter, key).v[word];
}

struct jitter_kernels {
    const char *name;
    /*
     * drawn[i]: the draw of receiver first + i, for whole groups; first is a multiple of JITTER_GROUP. The greatest of
     * them.
     */
    uint32_t (*draw)(const struct jitter_stream *stream, node_id first, size_t groups, uint32_t *drawn);
    /*
     * Multiplies delays, all at least 0, by factors of a packed table (quantiles.h) at these draws, none of them in the
     * last cell. False, and nothing done, where a delay has more than 32 bits.
     */
    bool (*scale)(const uint64_t *packed, uint64_t least, const uint32_t *drawn, size_t count, time_ns *delay_ns);
};

/* Those for this machine; and each that it can run, for tests and benches: NULL after the last. */
const struct jitter_kernels *jitter_kernels_best(void);
const struct jitter_kernels *jitter_kernels_at(unsigned index);

#endif
