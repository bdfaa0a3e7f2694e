/* SPDX-License-Identifier: MIT */
#include "base/running_mean.h"

#include "base/assert.h"

#include <math.h>

static bool is_ratio(const struct running_mean *estimate)
{
    return estimate->numerators.count > 0;
}

static bool is_steady(const struct running_mean *estimate)
{
    return estimate->moments.count == 1 && estimate->steady.method == INTERVAL_BATCH;
}

void running_mean_add(struct running_mean *estimate, double value)
{
    REQUIRE(!is_ratio(estimate));
    moments_add(&estimate->moments, value);
}

/* Sums of products about the means, each value moving the means as it comes (Welford 1962). */
void running_mean_add_ratio(struct running_mean *estimate, double numerator, double denominator)
{
    REQUIRE(denominator > 0);
    REQUIRE(estimate->moments.count == estimate->numerators.count);
    moments_add(&estimate->moments, numerator / denominator);
    vector_push(&estimate->numerators, numerator);
    vector_push(&estimate->denominators, denominator);
    estimate->numerator += numerator;
    estimate->denominator += denominator;
    double count = (double)estimate->moments.count;
    double before = numerator - estimate->numerator_mean, below = denominator - estimate->denominator_mean;
    estimate->numerator_mean += before / count;
    estimate->denominator_mean += below / count;
    double after = numerator - estimate->numerator_mean;
    estimate->numerator_second += before * after;
    estimate->denominator_second += below * (denominator - estimate->denominator_mean);
    estimate->product += below * after;
}

void running_mean_take_steady(struct running_mean *estimate, double mean, struct interval interval)
{
    REQUIRE(estimate->moments.count == 1 && !is_ratio(estimate));
    estimate->steady_mean = mean;
    estimate->steady = interval;
}

void running_mean_clear(struct running_mean *estimate)
{
    struct running_mean empty = {.numerators = estimate->numerators, .denominators = estimate->denominators};
    *estimate = empty;
    vector_clear(&estimate->numerators);
    vector_clear(&estimate->denominators);
}

void running_mean_release(struct running_mean *estimate)
{
    vector_release(&estimate->numerators);
    vector_release(&estimate->denominators);
    *estimate = (struct running_mean){0};
}

uint64_t running_mean_count(const struct running_mean *estimate)
{
    return estimate->moments.count;
}

double running_mean_value(const struct running_mean *estimate)
{
    if (is_steady(estimate))
        return estimate->steady_mean;
    if (is_ratio(estimate))
        return estimate->numerator / estimate->denominator;
    return estimate->moments.count ? estimate->moments.mean : (double)NAN;
}

struct interval running_mean_interval(const struct running_mean *estimate, double confidence)
{
    if (is_steady(estimate))
        return confidence == 0.95 ? estimate->steady : interval_none();
    if (is_ratio(estimate))
        return interval_of_ratio_at(estimate->numerators.at, estimate->denominators.at, estimate->numerators.count,
                                    confidence);
    return interval_of_moments(&estimate->moments, confidence);
}

double running_mean_error(const struct running_mean *estimate)
{
    double count = (double)estimate->moments.count, ratio = estimate->numerator / estimate->denominator;
    if (!is_ratio(estimate))
        return moments_deviation(&estimate->moments) / sqrt(count);
    double squares =
        estimate->numerator_second - 2 * ratio * estimate->product + ratio * ratio * estimate->denominator_second;
    if (estimate->moments.count < 2)
        return (double)NAN;
    return sqrt((squares > 0 ? squares : 0) / (count - 1) / count) / estimate->denominator_mean;
}
