/* SPDX-License-Identifier: MIT */
/*
 * Quantiles of the binomial distribution, for the band in which a validator's share of blocks should lie. Only sums,
 * products and quotients of doubles are used, in a fixed order, so every machine and compiler gives the same integer.
 */
#ifndef POSIM_RECORD_BINOMIAL_H
#define POSIM_RECORD_BINOMIAL_H

#include "base/stake.h"

struct binomial_band {
    uint64_t low, high; /* smallest k with P(X <= k) >= tail, and >= 1 - tail */
};

/* X counts successes in `trials`, each with probability part/whole (at most 1; whole above 0). */
struct binomial_band binomial_band(uint64_t trials, stake_amount part, stake_amount whole, double tail);

#endif
