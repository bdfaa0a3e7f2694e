/* SPDX-License-Identifier: MIT */
/*
 * The mean of a metric over replications, as it grows: of values, or of ratios (orphans of a run / blocks of it), whose
 * mean is the ratio of the sums. Tables, what is shown of a running experiment, and the rule by which replications stop
 * all ask this, so they all say the same. A mean is of values or of ratios, not of both.
 *
 * Add in plan order where bytes matter. One that is zeroed (`{0}`) holds nothing; release it. Inputs must be finite.
 */
#ifndef POSIM_BASE_RUNNING_MEAN_H
#define POSIM_BASE_RUNNING_MEAN_H

#include "base/interval.h"
#include "base/vector.h"

struct running_mean {
    struct moments moments; /* of the values, or of each replication's own ratio */
    /* Inside. Of ratios: */
    VECTOR(double) numerators, denominators;
    double numerator, denominator; /* their sums */
    double numerator_mean, denominator_mean, numerator_second, denominator_second, product;
    /* Of one long run: */
    struct interval steady;
    double steady_mean;
};

void running_mean_add(struct running_mean *estimate, double value);

/* The denominator must be positive: leave out what has none. */
void running_mean_add_ratio(struct running_mean *estimate, double numerator, double denominator);

/*
 * Says that the one value added is all there will be, and what its own run's observations say of their mean
 * (steady_state.h). An interval that is not INTERVAL_BATCH changes nothing.
 */
void running_mean_take_steady(struct running_mean *estimate, double mean, struct interval interval);

void running_mean_clear(struct running_mean *estimate);
void running_mean_release(struct running_mean *estimate);

uint64_t running_mean_count(const struct running_mean *estimate);

/* NAN for nothing. */
double running_mean_value(const struct running_mean *estimate);

/* interval_of_moments, interval_of_ratio_at, or the one taken, which is known at a confidence of .95 only. */
struct interval running_mean_interval(const struct running_mean *estimate, double confidence);

/* The standard error of the mean, of ratios by the delta method, in constant time; NAN below 2 replications. */
double running_mean_error(const struct running_mean *estimate);

#endif
