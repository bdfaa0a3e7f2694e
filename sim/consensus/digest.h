/* SPDX-License-Identifier: MIT */
/*
 * A 64-bit name for a piece of content, the same on every machine: four words at a time are enciphered by Philox 4x64
 * under the 128 bits reached so far. Good against accidents (two of 2^32 contents share a name with probability below
 * one half), not against anyone who looks for collisions; names that must resist that come from sim/crypto. A digest is
 * a plain value.
 */
#ifndef POSIM_CONSENSUS_DIGEST_H
#define POSIM_CONSENSUS_DIGEST_H

#include <Random123/philox.h>
#include <stdint.h>

struct digest {
    philox4x64_key_t state;
};

/* `domain` keeps apart contents of different kinds that have the same words. */
static inline struct digest digest_start(uint64_t domain)
{
    return (struct digest){{{domain, 0}}};
}

static inline void digest_add(struct digest *digest, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    philox4x64_ctr_t words = {{a, b, c, d}};
    philox4x64_ctr_t mixed = philox4x64_R(10, words, digest->state);
    digest->state.v[0] = mixed.v[0];
    digest->state.v[1] = mixed.v[1];
}

static inline uint64_t digest_name(const struct digest *digest)
{
    return digest->state.v[0];
}

/* Two 32-bit words in one of 64. */
static inline uint64_t digest_pair(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

#endif
