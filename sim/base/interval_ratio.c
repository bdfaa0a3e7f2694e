/* SPDX-License-Identifier: MIT */
#include "base/interval.h"

#include "base/assert.h"

#include <stdbool.h>

/* Of values that are shares, the interval is one of shares too. */
static struct interval within_shares(struct interval interval)
{
    interval.low = interval.low < 0 ? 0 : interval.low;
    interval.high = interval.high > 1 ? 1 : interval.high;
    return interval;
}

/*
 * With sums N, D and ratio R the pseudovalue of replication i, n R - (n - 1) (N - N_i) / (D - D_i), is
 * R + (n - 1) (N_i - R D_i) / (D - D_i), which cancels nothing.
 */
struct interval interval_of_ratio_at(const double *numerators, const double *denominators, size_t count,
                                     double confidence)
{
    double numerator = 0, denominator = 0;
    bool shares = true;
    for (size_t i = 0; i < count; i++) {
        REQUIRE(denominators[i] >= 0);
        numerator += numerators[i];
        denominator += denominators[i];
        shares = shares && numerators[i] >= 0 && numerators[i] <= denominators[i];
    }
    double ratio = numerator / denominator;
    struct moments moments = {0};
    for (size_t i = 0; i < count; i++) {
        double others = denominator - denominators[i];
        if (!(others > 0))
            return interval_none();
        moments_add(&moments, ratio + (double)(count - 1) * (numerators[i] - ratio * denominators[i]) / others);
    }
    struct interval interval = interval_of_moments(&moments, confidence);
    if (interval.method == INTERVAL_NONE)
        return interval;
    interval.method = INTERVAL_JACKKNIFE;
    return shares ? within_shares(interval) : interval;
}

struct interval interval_of_ratio(const double *numerators, const double *denominators, size_t count)
{
    return interval_of_ratio_at(numerators, denominators, count, 0.95);
}
