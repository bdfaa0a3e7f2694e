/* SPDX-License-Identifier: MIT */
#include "base/paired.h"

#include "base/statistics.h"

#include <glib.h>
#include <math.h>

/* Half of pairs would be above and half below, if there were no difference: 2 (1/2)^count. */
static double sign_test(size_t count)
{
    double p = 2;
    for (size_t i = 0; i < count && p > 0; i++)
        p /= 2;
    return p;
}

static double p_value_of(const struct moments *differences)
{
    if (differences->count < INTERVAL_FEWEST_MEAN || differences->second > 0)
        return p_value_of_moments(differences, 0);
    return fabs(differences->mean) > 0 ? sign_test(differences->count) : 1;
}

/* first - second, where what is only the rounding of larger values counts as no spread and no difference. */
static struct moments differences_of(const double *first, const double *second, size_t count)
{
    const double rounding = 1e-12;
    struct moments differences = {0};
    double scale = 0;
    for (size_t i = 0; i < count; i++) {
        moments_add(&differences, first[i] - second[i]);
        scale = fabs(first[i]) > scale ? fabs(first[i]) : scale;
    }
    if (fabs(differences.mean) <= rounding * scale)
        differences.mean = 0;
    return moments_differ(&differences, scale) ? differences
                                               : (struct moments){.count = count, .mean = differences.mean};
}

/* Rounding alone may lead beyond 1. */
static double correlation_of(const double *first, const double *second, const struct moments *of_first,
                             const struct moments *of_second)
{
    double product = 0;
    for (size_t i = 0; i < of_first->count; i++)
        product += (first[i] - of_first->mean) * (second[i] - of_second->mean);
    double scale = sqrt(of_first->second) * sqrt(of_second->second);
    if (!(scale > 0))
        return NAN;
    double correlation = product / scale;
    return correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
}

struct paired_difference paired_difference_of(const double *first, const double *second, size_t count)
{
    struct moments of_first = moments_of(first, count), of_second = moments_of(second, count);
    struct moments differences = differences_of(first, second, count);
    return (struct paired_difference){
        .count = count,
        .first_mean = count > 0 ? of_first.mean : NAN,
        .second_mean = count > 0 ? of_second.mean : NAN,
        .mean = count > 0 ? differences.mean : NAN,
        .interval = interval_of_moments(&differences, 0.95),
        .p_value = p_value_of(&differences),
        .correlation = correlation_of(first, second, &of_first, &of_second),
        .variance_reduction = differences.second > 0 ? (of_first.second + of_second.second) / differences.second : NAN,
    };
}

/* The i-th smallest (from 0) of m p-values counts m - i times, and never less than a smaller one. */
static void adjust_sorted(const double *sorted, double *adjusted, size_t family)
{
    double least = 0;
    for (size_t rank = 0; rank < family; rank++) {
        double counted = sorted[rank] * (double)(family - rank);
        least = counted > least ? counted : least;
        adjusted[rank] = least < 1 ? least : 1;
    }
}

static size_t rank_of(double value, const double *sorted, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void holm_adjust(double *p_values, size_t count)
{
    double *sorted = g_new(double, count), *adjusted = g_new(double, count);
    size_t family = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(p_values[i]))
            sorted[family++] = p_values[i];
    statistics_sort(sorted, family);
    adjust_sorted(sorted, adjusted, family);
    for (size_t i = 0; i < count; i++)
        if (!isnan(p_values[i]))
            p_values[i] = adjusted[rank_of(p_values[i], sorted, family)];
    g_free(adjusted);
    g_free(sorted);
}

bool difference_established(double adjusted_p_value)
{
    return adjusted_p_value < 0.05;
}
