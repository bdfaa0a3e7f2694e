/* SPDX-License-Identifier: MIT */
/*
 * Differences between two points of an experiment whose replications share their random numbers: replication i of one
 * is compared with replication i of the other, so that luck common to both cancels. And whether a difference is
 * established when several were looked at. Pure functions on doubles, pinned as in statistics.h; pass pairs in plan
 * order, and leave a pair out if either run has no value.
 */
#ifndef POSIM_BASE_PAIRED_H
#define POSIM_BASE_PAIRED_H

#include "base/interval.h"

#include <stdbool.h>
#include <stddef.h>

struct paired_difference {
    size_t count;                   /* pairs */
    double first_mean, second_mean; /* over the pairs; NAN for none */
    double mean;                    /* of first - second, in their unit; NAN for no pairs */
    struct interval
        interval;   /* of that mean, as interval_of_moments; NONE below 5 pairs or if all differ by the same */
    double p_value; /* two-sided, of no difference in the mean; NAN below 5 pairs */
    /*
     * Pearson's correlation of the pairs, -1 to 1: what the common random numbers achieved. NAN where either side does
     * not vary.
     */
    double correlation;
    /*
     * (variance of first + of second) / variance of the difference: how many times more replications independent
     * random numbers would need for an interval as narrow. Below 1 they would have been better; NAN where all
     * differences are equal.
     */
    double variance_reduction;
};

/*
 * Where all pairs differ by the same amount no interval can be given; p is then that of the sign test, 2^(1 - count),
 * or 1 if the amount is 0. Law, "Simulation Modeling and Analysis", 5th ed., sections 10.2.1 (paired t) and 11.2
 * (common random numbers).
 */
struct paired_difference paired_difference_of(const double *first, const double *second, size_t count);

/*
 * Adjusts, in place, the p-values of all differences that one look compares, so that the chance of calling any
 * difference established that is none stays below the level. NAN (what could not be tested) stays and is not counted.
 * So measured for pairs alike in distribution, however skewed; where only the means are alike and differences are
 * skewed like an exponential, from 20 pairs on (8 % at 10 pairs and ten comparisons; 17 % if like a lognormal of sigma
 * 1). Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6(2), 1979.
 */
void holm_adjust(double *p_values, size_t count);

/* Established at 5 %: the adjusted p-value is below .05. NAN is not established. For one difference: 0 is outside of
 * its interval. */
bool difference_established(double adjusted_p_value);

#endif
