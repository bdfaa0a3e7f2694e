/* SPDX-License-Identifier: MIT */
#include "election/candidates.h"

#include "base/assert.h"

#include <stdbool.h>

/* What the draws of one lottery are for: the two highest bits of the counter. */
enum draw { DRAW_WINDOW, DRAW_SLOT, DRAW_REFINED, DRAW_TAG };

static struct random_block draw(const struct random_seed *seed, uint64_t lottery, enum draw kind, uint64_t counter)
{
    REQUIRE(counter < (uint64_t)1 << 62);
    return random_at256(seed, RANDOM_CANDIDATE, lottery, (uint64_t)kind << 62 | counter);
}

/*
 * floor(2^64 * P(X <= k)) for X binomial with 1,024 trials of chance 1/1024: the chances of each count are right to
 * 2^-64. The test of this file computes them again.
 */
static const uint64_t at_most[CANDIDATES_IN_A_WINDOW] = {
    0x5e2191f384e5d765, 0xbc5ab22f18b0a17e, 0xeb77424ce296068a, 0xfb27844f4c30934b, 0xff119e4a04d191c0,
    0xffd9736c40287a2c, 0xfffaa0461960e793, 0xffff579bba906dda, 0xffffeda3d601f8a0, 0xfffffe3233bc5d69,
    0xffffffd6b9682218, 0xfffffffc9e011042, 0xffffffffbe7c352e, 0xfffffffffb66074a, 0xffffffffffb2cea3,
    0xfffffffffffb4287, 0xffffffffffffb9e8, 0xfffffffffffffc2d, 0xffffffffffffffcd, 0xfffffffffffffffd,
    0xffffffffffffffff,
};

static uint32_t count_of(uint64_t word)
{
    uint32_t count = 0;
    while (count < CANDIDATES_IN_A_WINDOW && word >= at_most[count])
        count++;
    return count;
}

/* Keeps the candidates sorted; false where the slot is taken already. */
static bool insert(struct candidate *candidates, uint32_t count, struct candidate candidate)
{
    uint32_t at = count;
    while (at > 0 && candidates[at - 1].offset > candidate.offset)
        at--;
    if (at > 0 && candidates[at - 1].offset == candidate.offset)
        return false;
    for (uint32_t i = count; i > at; i--)
        candidates[i] = candidates[i - 1];
    candidates[at] = candidate;
    return true;
}

uint32_t candidates_draw(const struct random_seed *seed, uint64_t lottery, uint64_t window,
                         struct candidate candidates[CANDIDATES_IN_A_WINDOW])
{
    /* The window's first word is the count; each further one a place (10 bits) and a number (54 bits). */
    struct random_block block = draw(seed, lottery, DRAW_WINDOW, window << 8);
    uint32_t wanted = count_of(block.word[0]), count = 0;
    for (uint32_t used = 1; count < wanted; used++) {
        if (used % 4 == 0)
            block = draw(seed, lottery, DRAW_WINDOW, window << 8 | used / 4 % 256);
        uint64_t word = block.word[used % 4];
        count += insert(candidates, count,
                        (struct candidate){(uint32_t)(word >> (64 - CANDIDATE_BITS)), word & (CANDIDATE_LIMIT - 1)});
    }
    return count;
}

struct random_block candidate_refine(const struct random_seed *seed, uint64_t lottery, uint64_t slot, uint64_t word)
{
    struct random_block block = draw(seed, lottery, DRAW_REFINED, slot);
    block.word[0] = word;
    return block;
}

struct random_block candidate_slot(const struct random_seed *seed, uint64_t lottery, uint64_t slot)
{
    return draw(seed, lottery, DRAW_SLOT, slot);
}

uint64_t candidate_tag(const struct random_seed *seed, uint64_t lottery, uint64_t slot)
{
    return draw(seed, lottery, DRAW_TAG, slot).word[0];
}
