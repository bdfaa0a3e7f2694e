/* SPDX-License-Identifier: MIT */
/*
 * Stake is an integer count of base units; sums and comparisons are made in 128 bits, so that no threshold is decided
 * by rounding. A ratio is an exact fraction; scenario files write it `33 %` or `1/3`.
 */
#ifndef POSIM_BASE_STAKE_H
#define POSIM_BASE_STAKE_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t stake_amount;

__extension__ typedef unsigned __int128 uint128;
__extension__ typedef __int128 int128;

struct ratio {
    uint64_t numerator;
    uint64_t denominator; /* never 0 */
};

/* floor(amount * ratio); the ratio must not exceed 1. */
static inline stake_amount stake_share(stake_amount amount, struct ratio ratio)
{
    return (stake_amount)((uint128)amount * ratio.numerator / ratio.denominator);
}

/* Whether part/whole > ratio, exactly. */
static inline bool stake_exceeds(stake_amount part, stake_amount whole, struct ratio ratio)
{
    return (uint128)part * ratio.denominator > (uint128)whole * ratio.numerator;
}

/* Whether part/whole >= ratio, exactly. */
static inline bool stake_reaches(stake_amount part, stake_amount whole, struct ratio ratio)
{
    return (uint128)part * ratio.denominator >= (uint128)whole * ratio.numerator;
}

/* The smallest amount that exceeds ratio * whole: a quorum of "more than 2/3" of 300 is 201. */
static inline stake_amount stake_above(stake_amount whole, struct ratio ratio)
{
    return stake_share(whole, ratio) + 1;
}

#endif
