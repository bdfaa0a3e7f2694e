/* SPDX-License-Identifier: MIT */
#include "base/steady_state.h"

#include "base/assert.h"
#include "base/statistics.h"

#include <math.h>

const char *steady_verdict_name(enum steady_verdict verdict)
{
    static const char *const names[] = {
        [STEADY] = "steady",
        [STEADY_TOO_SHORT] = "too short",
        [STEADY_WARMING] = "warming up",
        [STEADY_CORRELATED] = "correlated",
        [STEADY_CONSTANT] = "constant",
    };
    REQUIRE(verdict < sizeof names / sizeof *names);
    return names[verdict];
}

/*
 * From the back, so that sums of what is left grow by one group at a time. Of equal cuts the earliest is taken. Where
 * the last cut allowed is best, a later one would be better still.
 */
size_t mser5_warm_up(const double *values, size_t count)
{
    enum { GROUP = 5 };
    size_t groups = count / GROUP, last = groups / 2, best = last;
    double centre = statistics_mean(values, groups * GROUP), sum = 0, squares = 0, least = INFINITY;
    for (size_t cut = groups; cut-- > 0;) {
        double off = statistics_mean(values + cut * GROUP, GROUP) - centre, left = (double)(groups - cut);
        sum += off;
        squares += off * off;
        double error = (squares - sum * sum / left) / (left * left);
        if (cut <= last && error <= least) {
            least = error;
            best = cut;
        }
    }
    return best < last ? best * GROUP : count;
}

/* Means of the last batches that fit, each of `size` values. */
static void batch_means(const double *values, size_t count, size_t batches, size_t size, double *means)
{
    const double *first = values + (count - batches * size);
    for (size_t b = 0; b < batches; b++)
        means[b] = statistics_mean(first + b * size, size);
}

/* How many of sorted values lie below a value, those equal to it counted half. */
static double rank_of(double value, const double *sorted, size_t count)
{
    size_t below = 0, not_above = 0;
    for (size_t step = count; step > 0; step /= 2) {
        while (below + step <= count && sorted[below + step - 1] < value)
            below += step;
        while (not_above + step <= count && sorted[not_above + step - 1] <= value)
            not_above += step;
    }
    return (double)(below + not_above) / 2;
}

/* Correlation of each rank with the next; 0 if all are equal. */
static double rank_correlation(const double *values, size_t count)
{
    double sorted[STEADY_SHORT_BATCHES], before = 0, products = 0, squares = 0;
    REQUIRE(count <= STEADY_SHORT_BATCHES);
    for (size_t i = 0; i < count; i++)
        sorted[i] = values[i];
    statistics_sort(sorted, count);
    for (size_t i = 0; i < count; i++) {
        double off = rank_of(values[i], sorted, count) - (double)count / 2;
        products += before * off;
        squares += off * off;
        before = off;
    }
    return squares > 0 ? products / squares : 0;
}

static struct interval widened(struct interval interval, double centre, double factor)
{
    return (struct interval){centre - factor * (centre - interval.low), centre + factor * (interval.high - centre),
                             INTERVAL_BATCH};
}

struct steady_mean batch_mean_of(const double *values, size_t count)
{
    struct steady_mean result = {
        .verdict = STEADY_TOO_SHORT,
        .mean = statistics_mean(values, count),
        .correlation = NAN,
        .interval = interval_none(),
    };
    if (count < STEADY_SHORT_BATCHES)
        return result;
    double means[STEADY_SHORT_BATCHES];
    batch_means(values, count, STEADY_SHORT_BATCHES, count / STEADY_SHORT_BATCHES, means);
    result.correlation = rank_correlation(means, STEADY_SHORT_BATCHES);
    result.batch_size = count / STEADY_BATCHES;
    batch_means(values, count, STEADY_BATCHES, result.batch_size, means);
    struct moments moments = moments_of(means, STEADY_BATCHES);
    result.mean = moments.mean;
    result.verdict = STEADY_CORRELATED;
    if (result.correlation > STEADY_MOST_CORRELATION)
        return result;
    struct interval interval = interval_of_moments(&moments, 0.95);
    result.verdict = interval.method == INTERVAL_NONE ? STEADY_CONSTANT : STEADY;
    if (result.verdict == STEADY) {
        double excess = result.correlation > 0 ? result.correlation : 0;
        result.interval = widened(interval, moments.mean, 1 + 20 * excess * excess);
    }
    return result;
}

struct steady_mean steady_mean_of(const double *values, size_t count)
{
    size_t warm_up = mser5_warm_up(values, count);
    if (warm_up == count && count >= STEADY_SHORT_BATCHES)
        return (struct steady_mean){STEADY_WARMING, count, 0, NAN, NAN, interval_none()};
    warm_up = warm_up == count ? 0 : warm_up;
    struct steady_mean result = batch_mean_of(values + warm_up, count - warm_up);
    result.warm_up = warm_up;
    return result;
}
