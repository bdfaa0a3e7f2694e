/* SPDX-License-Identifier: MIT */
/*
 * How often intervals hold the truth, counted over experiments whose truth is known. 10,000 experiments a row with
 * `-m thorough` (suite full), fewer else. Every row is printed; a row whose intervals cover less than 93 % of the times
 * that they are given fails, in the short run only if luck does not explain it. Draws are pinned, so a row is the same
 * everywhere.
 */
#ifndef POSIM_TESTS_UNIT_COVERAGE_H
#define POSIM_TESTS_UNIT_COVERAGE_H

#include "base/fixed.h"
#include "base/interval.h"
#include "base/random.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

#define COVERAGE_EXPERIMENTS 10000
#define COVERAGE_BAR         0.93

struct coverage {
    uint64_t experiments;
    uint64_t given;
    uint64_t covered;
    double width; /* sum over those given */
};

static inline uint64_t coverage_experiments(uint64_t quick)
{
    return g_test_thorough() ? COVERAGE_EXPERIMENTS : quick;
}

static inline void coverage_add(struct coverage *coverage, struct interval interval, double truth)
{
    coverage->experiments++;
    if (interval.method == INTERVAL_NONE) {
        g_assert_true(isnan(interval.low) && isnan(interval.high));
        return;
    }
    g_assert_true(interval.low <= interval.high);
    coverage->given++;
    coverage->covered += interval.low <= truth && truth <= interval.high;
    coverage->width += interval.high - interval.low;
}

static inline double coverage_share(const struct coverage *coverage)
{
    return (double)coverage->covered / (double)coverage->given;
}

/* Prints a row: what, how often an interval was given, how often that covered, its mean width. */
static inline void coverage_print(const struct coverage *coverage, const char *what, const char *note)
{
    if (coverage->given == 0) {
        g_test_message("%-46s given   0.0 %%%s", what, note);
        return;
    }
    g_test_message("%-46s given %5.1f %%  covered %6.2f %%  mean width %.4g%s", what,
                   100 * (double)coverage->given / (double)coverage->experiments, 100 * coverage_share(coverage),
                   coverage->width / (double)coverage->given, note);
}

/* Below the bar by more than 3 standard errors in a short run, or at all in a long one. */
static inline bool coverage_is_below(double bar, const struct coverage *coverage)
{
    double given = (double)coverage->given, luck = g_test_thorough() ? 0 : 3 * sqrt(bar * (1 - bar) * given);
    return (double)coverage->covered + luck < bar * given;
}

/* Prints the row, and fails if it is below the bar. */
static inline void coverage_hold_to(double bar, const struct coverage *coverage, const char *what, const char *note)
{
    coverage_print(coverage, what, note);
    if (coverage_is_below(bar, coverage))
        g_error("%s: covered %.2f %%", what, 100 * coverage_share(coverage));
}

static inline void coverage_hold(const struct coverage *coverage, const char *what, const char *note)
{
    coverage_hold_to(COVERAGE_BAR, coverage, what, note);
}

/* Variates by inversion of 64 bits, through the pinned functions. */
static inline double coverage_double(q64 value)
{
    return (double)value * 0x1p-64;
}

static inline double draw_uniform(struct random_stream *stream)
{
    return ((double)(random_u64(stream) >> 11) + 0.5) * 0x1p-53;
}

static inline double draw_normal(struct random_stream *stream)
{
    return coverage_double(q64_normal_quantile(random_u64(stream)));
}

static inline double draw_exponential(struct random_stream *stream)
{
    uint64_t draw = random_u64(stream);
    q64 minus_log2 = q64_from_integer(65) - q64_log2_integer((uint128)draw * 2 + 1);
    return coverage_double(q64_multiply(minus_log2, Q64_LN2));
}

static inline double draw_lognormal(struct random_stream *stream, double sigma)
{
    q64 exponent = (q64)(draw_normal(stream) * sigma * 0x1p64);
    return coverage_double(q64_exp(exponent));
}

#endif
