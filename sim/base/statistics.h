/* SPDX-License-Identifier: MIT */
/*
 * Statistics of reports, on doubles, pinned: only +, -, *, / and sqrt (which IEEE 754 fixes) and the logarithms and
 * powers of fixed.h, so that the same inputs in the same order give the same bytes on every compiler and CPU. Pass
 * values in plan order. Nothing here decides anything in a simulation. Functions are pure; inputs must be finite.
 * Where too few values are given the result is NAN, which decimal_print writes as NA.
 */
#ifndef POSIM_BASE_STATISTICS_H
#define POSIM_BASE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct confidence_interval {
    double low;
    double high;
};

double statistics_mean(const double *values, size_t count);

/* Standard deviation of a sample (divides by count - 1), by two passes. */
double statistics_deviation(const double *values, size_t count);

/* Ascending; equal values keep no trace of their order. */
void statistics_sort(double *values, size_t count);

/* The smallest of sorted values that at least `share` (0 to 1) of them do not exceed: nearest rank. */
double statistics_quantile(const double *sorted, size_t count, double share);

/* Quantiles of Student's t with that many degrees of freedom (any positive number): relative error below 1e-9. */
double student_t_quantile(double probability, double degrees);

/* P(|T| >= t) of Student's t for t >= 0: relative error below 1e-9 down to 1e-300. */
double student_t_two_tails(double t, double degrees);

/* Of a standard normal variate, for probabilities from 2^-64 to 1 - 2^-53. */
double normal_distribution_quantile(double probability);

/*
 * The regularised incomplete beta function I_x(a, b), a and b positive: NIST DLMF 8.17. Error below 1e-10 for a, b up
 * to 1e5; P(X >= k) of a binomial(n, p) is I_p(k, n - k + 1).
 */
double incomplete_beta(double x, double a, double b);

/* Two-sided intervals of a mean, by t; `confidence` as .95. */
struct confidence_interval mean_interval(const double *values, size_t count, double confidence);

/* Two-sided intervals of a proportion: exact (Clopper, Pearson 1934) and by score (Wilson 1927); trials > 0. */
struct confidence_interval proportion_exact(uint64_t successes, uint64_t trials, double confidence);
struct confidence_interval proportion_wilson(uint64_t successes, uint64_t trials, double confidence);

#endif
