/* SPDX-License-Identifier: MIT */
#include "base/interval.h"

#include "base/assert.h"
#include "base/statistics.h"

/* P(fewer than `rank` of `count` values lie below the quantile), rank from 1 to count. */
static double fewer_below(size_t rank, size_t count, double share)
{
    return incomplete_beta(1 - share, (double)(count - rank + 1), (double)rank);
}

/* The largest rank whose value lies above the quantile with at most that probability; 0 if the first does already. */
static size_t rank_below(size_t count, double share, double probability)
{
    size_t rank = 0, too_far = count + 1;
    while (too_far - rank > 1) {
        size_t middle = rank + (too_far - rank) / 2;
        if (fewer_below(middle, count, share) <= probability)
            rank = middle;
        else
            too_far = middle;
    }
    return rank;
}

/*
 * 2.5 % are for each side. Where even the outermost value on one side is missed more often than that, it is taken and
 * the other side gets what is left of 5 %. The rank from above is that from below with the values upside down.
 */
struct interval interval_of_quantile(const double *sorted, size_t count, double share)
{
    const double missed = 0.05, half = missed / 2;
    REQUIRE(share > 0 && share < 1);
    if (count == 0)
        return interval_none();
    double below_smallest = fewer_below(1, count, share), above_largest = fewer_below(1, count, 1 - share);
    if (below_smallest + above_largest > missed)
        return interval_none();
    double for_low = above_largest > half ? missed - above_largest : half;
    double for_high = below_smallest > half ? missed - below_smallest : half;
    size_t low = below_smallest > half ? 1 : rank_below(count, share, for_low);
    size_t high = above_largest > half ? 1 : rank_below(count, 1 - share, for_high);
    return (struct interval){sorted[low - 1], sorted[count - high], INTERVAL_ORDER};
}
