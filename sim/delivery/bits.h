/* SPDX-License-Identifier: MIT */
/* Sets of small integers as bits in words of 64. */
#ifndef POSIM_DELIVERY_BITS_H
#define POSIM_DELIVERY_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline size_t bits_words(size_t count)
{
    return (count + 63) / 64;
}

static inline bool bit_get(const uint64_t *bits, uint32_t index)
{
    return bits[index / 64] >> (index % 64) & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t index)
{
    bits[index / 64] |= (uint64_t)1 << (index % 64);
}

/* The lowest member of a word that is not empty. */
static inline uint32_t bit_lowest(uint64_t word)
{
    return (uint32_t)__builtin_ctzll(word);
}

#endif
