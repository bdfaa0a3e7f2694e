/* SPDX-License-Identifier: MIT */
/*
 * A distribution of positive factors as a table of its quantiles, so that a draw is 32 random bits, one lookup and one
 * multiplication, in integers. The body has 4,096 cells of equal probability; the last cell, where long delays live, is
 * divided again into 4,096, so the table ends at the quantile 1 - 2^-25. Between knots it is linear. Made once by the
 * pinned functions of base/fixed.h: the same on every compiler.
 */
#ifndef POSIM_NETWORK_QUANTILES_H
#define POSIM_NETWORK_QUANTILES_H

#include "base/fixed.h"
#include "base/time.h"

#define QUANTILES_BITS  12
#define QUANTILES_CELLS (1u << QUANTILES_BITS)
#define QUANTILES_ONE   ((uint64_t)1 << 32) /* the factor 1 */

struct quantiles {
    uint64_t *body; /* QUANTILES_CELLS + 1 knots, in units of 1 / QUANTILES_ONE; NULL: none */
    uint64_t *tail; /* as many, for the last cell of the body */
    /*
     * By cell of the body but the last: the knot after the least one in the lower half, the step to the next in the
     * upper; NULL where they do not fit. For bulk draws (jitter.h).
     */
    uint64_t *packed;
};

/* Draws from here on lie in the last cell. */
#define QUANTILES_LAST (UINT32_MAX << (32 - QUANTILES_BITS))

/* The factors fixed + median * e^(sigma z), z standard normal; sigma at most 2, the greatest factor below 2^31. */
void quantiles_init_lognormal(struct quantiles *quantiles, q64 fixed, q64 median, q64 sigma);
void quantiles_release(struct quantiles *quantiles);

/* The factor at the quantile drawn / 2^32. */
static inline uint64_t quantiles_at(const struct quantiles *quantiles, uint32_t drawn)
{
    const uint64_t *knots = quantiles->body;
    if (drawn >= QUANTILES_LAST) {
        knots = quantiles->tail;
        drawn <<= QUANTILES_BITS;
    }
    uint32_t cell = drawn >> (32 - QUANTILES_BITS);
    uint64_t within = drawn & (UINT32_MAX >> QUANTILES_BITS);
    return knots[cell] + (uint64_t)((uint128)(knots[cell + 1] - knots[cell]) * within >> (32 - QUANTILES_BITS));
}

/* floor(duration * factor). */
static inline time_ns quantiles_scale(const struct quantiles *quantiles, time_ns duration_ns, uint32_t drawn)
{
    return (time_ns)((uint128)duration_ns * quantiles_at(quantiles, drawn) >> 32);
}

#endif
