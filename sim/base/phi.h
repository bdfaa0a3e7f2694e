/* SPDX-License-Identifier: MIT */
/*
 * The exact chance of a private lottery: phi(f, part, whole) = 1 - (1 - f)^(part / whole), by which Ouroboros Praos
 * (David, Gazi, Kiayias, Russell 2018, section 3.3) and BABE elect leaders. A value drawn uniformly from 0 .. 2^n - 1
 * wins if value / 2^n < phi, and that comparison is decided exactly: phi is enclosed in an interval of integers, at
 * 128 binary places first and at more until the value lies outside of it. Where phi is a rational number (all of the
 * stake, or the odd perfect power) the comparison is one of fractions.
 *
 * A struct phi is a plain value: set it once per stake, use it for every slot. All functions are pure. Numbers of
 * several words have the most significant word first, as hashes are written.
 */
#ifndef POSIM_BASE_PHI_H
#define POSIM_BASE_PHI_H

#include "base/random.h"
#include "base/stake.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHI_WORDS_MAXIMUM 8 /* values have at most 512 bits */

struct phi {
    struct ratio f; /* the chance that all of the stake together has; at most 1 */
    uint64_t part;
    uint64_t whole;
    uint64_t low; /* a first word below `low` wins, one above `high` loses, others need the words that follow */
    uint64_t high;
};

/* Needs 0 < whole and part <= whole, and f at most 1. Takes some 5 us. */
void phi_init(struct phi *phi, struct ratio f, uint64_t part, uint64_t whole);

/* floor(2^(64 words) * phi); where phi is 1, the largest number that fits. */
void phi_threshold(const struct phi *phi, uint64_t *threshold, size_t words);

/* Whether value / 2^(64 words) < phi, exactly, for 1 to PHI_WORDS_MAXIMUM words. */
bool phi_exceeds(const struct phi *phi, const uint64_t *value, size_t words);

/* The same for a value as bytes, most significant first; length is a multiple of 8, at most 64. */
bool phi_exceeds_bytes(const struct phi *phi, const uint8_t *value, size_t length);

/* Whether an ideal draw of 256 bits wins: one comparison but for one draw in 2^64. */
static inline bool phi_wins(const struct phi *phi, const struct random_block *draw)
{
    if (draw->word[0] < phi->low)
        return true;
    return draw->word[0] <= phi->high && phi_exceeds(phi, draw->word, 4);
}

#endif
