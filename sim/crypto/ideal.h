/* SPDX-License-Identifier: MIT */
/*
 * The ideal verifiable random function: to each (validator, input) belongs an output that is uniform, independent of
 * all others, and the same whenever it is asked for. It has the distribution of the real one (a random oracle) without
 * its cost: a draw is one call of the counter-based generator, some ten nanoseconds. An input is named by 64 bits
 * (`struct vrf_input` in vrf.h makes them from bytes; an election may number its inputs itself): two inputs of one
 * validator share an output with probability 2^-64. Pure; callable at any time, in any order.
 *
 * The output reads as one big-endian number, as Praos and Algorand read theirs: ideal_vrf_u64 and ideal_vrf_u128 are
 * its leading bits, ideal_vrf_output its bytes.
 */
#ifndef POSIM_CRYPTO_IDEAL_H
#define POSIM_CRYPTO_IDEAL_H

#include "base/ids.h"
#include "base/random.h"

#include <stddef.h>

/* The 256 bits of the output that begin at bit 256 * `position`. */
static inline struct random_block ideal_vrf_block(const struct random_seed *seed, validator_id validator,
                                                  uint64_t input, uint32_t position)
{
    return random_at256(seed, RANDOM_VRF, (uint64_t)position << 32 | validator, input);
}

/* The first 64 bits of the output. */
static inline uint64_t ideal_vrf_u64(const struct random_seed *seed, validator_id validator, uint64_t input)
{
    return ideal_vrf_block(seed, validator, input, 0).word[0];
}

/* The first 128 bits of the output. */
static inline uint128 ideal_vrf_u128(const struct random_seed *seed, validator_id validator, uint64_t input)
{
    struct random_block block = ideal_vrf_block(seed, validator, input, 0);
    return (uint128)block.word[0] << 64 | block.word[1];
}

/* The first `length` bytes of the output, which has no end (2^37 bytes). */
void ideal_vrf_output(const struct random_seed *seed, validator_id validator, uint64_t input, uint8_t *output,
                      size_t length);

#endif
