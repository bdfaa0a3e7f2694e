/* SPDX-License-Identifier: MIT */
/*
 * Mean, deviation and skewness of values that come one at a time: four numbers, updated in the order of the values, so
 * that the same values in plan order give the same bytes. One that is zeroed (`{0}`) holds no values. Updates lose
 * nothing to a large common offset, and equal values leave exactly no spread. For reports and stop rules of
 * experiments; values must be finite. Pébay, "Formulas for robust, one-pass parallel computation of covariances and
 * arbitrary-order statistical moments", Sandia report SAND2008-6212, 2008; Welford 1962 for the first two.
 */
#ifndef POSIM_BASE_MOMENTS_H
#define POSIM_BASE_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct moments {
    uint64_t count;
    double mean;   /* in the unit of the values */
    double second; /* sum of (value - mean)^2 */
    double third;  /* sum of (value - mean)^3 */
};

void moments_add(struct moments *moments, double value);

struct moments moments_of(const double *values, size_t count);

/* Standard deviation of the sample (divides by count - 1); NAN below 2 values. */
double moments_deviation(const struct moments *moments);

/* Whether values differ by more than rounding: their deviation is above 10^-12 of `scale`, which is in their unit. */
bool moments_differ(const struct moments *moments, double scale);

/*
 * Skewness of the sample, adjusted for its size (G1 of Joanes, Gill 1998): no unit, at most sqrt(count) either way; 0
 * where all values are equal; NAN below 3 values.
 */
double moments_skewness(const struct moments *moments);

#endif
