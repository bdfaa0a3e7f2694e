/* SPDX-License-Identifier: MIT */
#include "record/binomial.h"

#include "base/assert.h"

#define NEGLIGIBLE 1e-20 /* beside the weight of the mode */

/* P(X = k + 1) / P(X = k). */
static double step_up(double trials, double k, double odds)
{
    return (trials - k) / (k + 1) * odds;
}

struct binomial_band binomial_band(uint64_t trials, stake_amount part, stake_amount whole, double tail)
{
    REQUIRE(whole > 0 && part <= whole && tail > 0 && tail < 0.5);
    if (part == 0)
        return (struct binomial_band){0, 0};
    if (part == whole)
        return (struct binomial_band){trials, trials};

    double n = (double)trials, odds = (double)part / (double)(whole - part);
    uint64_t mode = (uint64_t)((uint128)(trials)*part / whole), first = mode;
    double weight = 1, total = 1;
    for (; first > 0 && weight > NEGLIGIBLE; first--) {
        weight /= step_up(n, (double)(first - 1), odds);
        total += weight;
    }
    double lowest = weight;
    weight = 1;
    for (uint64_t k = mode; k < trials && weight > NEGLIGIBLE; k++) {
        weight *= step_up(n, (double)k, odds);
        total += weight;
    }

    struct binomial_band band = {first, first};
    double sum = lowest;
    weight = lowest;
    bool low_found = false;
    for (uint64_t k = first;; k++) {
        if (!low_found && sum >= tail * total) {
            band.low = k;
            low_found = true;
        }
        band.high = k;
        if (sum >= (1 - tail) * total || k == trials)
            return band;
        weight *= step_up(n, (double)k, odds);
        sum += weight;
    }
}
