/* SPDX-License-Identifier: MIT */
/*
 * How unequally stake is spread: the figures that chains publish of themselves, from integers by integers, so that the
 * same stakes give the same figure everywhere. Callable at any time; the amounts, in any order, are not changed. Who
 * holds nothing counts as a holder: leave them out where only those with stake are meant.
 */
#ifndef POSIM_BASE_CONCENTRATION_H
#define POSIM_BASE_CONCENTRATION_H

#include "base/stake.h"

#include <stdint.h>

#define GINI_ONE UINT64_C(1000000000)

/*
 * The Gini coefficient of the population, in billionths (GINI_ONE is 1), to the nearest: the sum over all pairs of
 * |a - b|, over 2 count * sum. 0 where all are equal, 1 - 1/count where one has all, 0 where nobody has anything. The
 * amounts add up to less than 2^64.
 */
uint64_t gini_coefficient(const stake_amount *amounts, uint32_t count);

/*
 * The Nakamoto coefficient: how many of the largest, at least, together hold more than `above` of all; usually 1/3
 * (what stops a quorum of two thirds). 0 where nobody has anything or no number of them holds that much.
 */
uint32_t nakamoto_coefficient(const stake_amount *amounts, uint32_t count, struct ratio above);

#endif
