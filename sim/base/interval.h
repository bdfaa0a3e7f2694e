/* SPDX-License-Identifier: MIT */
/*
 * Intervals of what replications measured, each with the name of the method that made it. All are two-sided at 95 %.
 * Each is given only where, over 10,000 experiments with known truth, it covered at least 93 % (the table in
 * tests/README.md); elsewhere `low` and `high` are NAN and the method is INTERVAL_NONE, which tables print as NA.
 *
 * Pure functions on doubles, pinned as in statistics.h; no draw is taken. Pass values in plan order. Values must be
 * finite: leave out runs that failed, and what was not measured. Low and high have the unit of the values.
 */
#ifndef POSIM_BASE_INTERVAL_H
#define POSIM_BASE_INTERVAL_H

#include "base/moments.h"

#include <stddef.h>
#include <stdint.h>

enum interval_method {
    INTERVAL_NONE,      /* "NA": too few values, or none that differ */
    INTERVAL_HALL,      /* "hall95": Student's t, wider on the side to which values are skewed (Hall 1992) */
    INTERVAL_ORDER,     /* "order95": two of the values, by the binomial distribution */
    INTERVAL_WILSON,    /* "wilson95": score interval of a proportion */
    INTERVAL_EXACT,     /* "exact95": Clopper-Pearson interval of a proportion */
    INTERVAL_JACKKNIFE, /* "jackknife95": ratio of sums, as hall95 on the jackknife's pseudovalues */
    INTERVAL_BATCH,     /* "batch95": mean of one long series, by batches; steady_state.h */
    INTERVAL_ZERO,      /* "zero95": nothing (or everything) happened in N trials; one bound is 3/N */
    INTERVAL_METHODS,
};

struct interval {
    double low;
    double high;
    enum interval_method method;
};

/* As tables name it; "NA" for INTERVAL_NONE. */
const char *interval_method_name(enum interval_method method);

/* No interval: low and high are NAN. */
struct interval interval_none(void);

#define INTERVAL_FEWEST_MEAN 5 /* values */

/*
 * Of the mean. Student's t alone covers 82 to 93 % for skewed values (exponential, lognormal) at 5 to 50 replications.
 * So each end is the farther of Student's and of Hall's, who transforms t by a monotone cubic that removes the sample's
 * skewness: Hall, "On the removal of skewness by transformation", J. R. Statist. Soc. B 54(1), 1992. Two corrections
 * for few values were fitted to the coverage measured: with a = skewness / sqrt(count), Hall's t is 1 + |a| min(1/2, 5
 * / count) times larger, and below 11 values the whole is 7 % wider for each that is missing. For normal values it is
 * twice as wide as Student's at 5, 4 % at 20 (medians). NONE below 5 values, or if all are equal but for
 * rounding, since equal values do not say how they spread. No method holds for all distributions (Bahadur, Savage, Ann.
 * Math. Statist. 27, 1956): what is rare and huge is missed by every one.
 */
struct interval interval_of_mean(const double *values, size_t count);

/* The same from moments, at any confidence in (.5, 1). */
struct interval interval_of_moments(const struct moments *moments, double confidence);

/*
 * Two-sided probability of a mean at least as far off if the true one were `mean`: 1 - the confidence at which
 * interval_of_moments just reaches it, so that both always agree. NAN where that gives no interval.
 */
double p_value_of_moments(const struct moments *moments, double mean);

/*
 * Of a quantile: from sorted values (ascending; statistics_sort), `share` in (0, 1) as .95. The ends are the two values
 * nearest to the quantile that hold it between them with a probability of at least 95 % whatever the distribution is,
 * as the number of values below it is binomial: David, Nagaraja, "Order Statistics", 3rd ed., 2003, section 7.1. NONE
 * where the values are too few to hold it: below 6 for the median, below 59 for shares .05 and .95. (The percentile
 * bootstrap of the same quantiles covers 63 to 92 % there, and can fall below 93 % up to 200 values.)
 */
struct interval interval_of_quantile(const double *sorted, size_t count, double share);

/*
 * Of a proportion, `successes` of `trials` independent ones: zero95 if there was none or nothing else (0 to 3/trials,
 * or 1 - 3/trials to 1: Hanley, Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249(13), 1983),
 * exact95 if there were fewer than 20 of either, else wilson95. NONE for no trials. So composed it covers at least
 * 93 % for any true proportion and any number of trials, which is computed, not sampled, in the tests; Wilson's alone
 * falls to 84 %.
 */
struct interval interval_of_proportion(uint64_t successes, uint64_t trials);

/*
 * Of a ratio of sums, sum(numerators) / sum(denominators) over replications (orphans / blocks): interval_of_moments on
 * the pseudovalues that leaving out one replication after another gives. Replications are weighted by their
 * denominators, and need not be trials of one chance each, as interval_of_proportion demands. Denominators are not
 * negative; numerators as they like, but if each lies between 0 and its denominator, so do the ends of the interval
 * between 0 and 1. NONE below 5 replications, if all ratios are equal (so when nothing happened in any: then
 * interval_of_proportion tells more, if the denominators count independent trials), or if one replication has all of
 * the denominators. Quenouille 1956; Miller, "The jackknife: a review", Biometrika 61(1), 1974, section 4.
 */
struct interval interval_of_ratio(const double *numerators, const double *denominators, size_t count);

/* The same at any confidence in (.5, 1). */
struct interval interval_of_ratio_at(const double *numerators, const double *denominators, size_t count,
                                     double confidence);

#endif
