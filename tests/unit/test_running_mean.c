/* SPDX-License-Identifier: MIT */
/* Means over replications that grow: of values, of ratios, and of one long run. */
#include "base/running_mean.h"

#include <glib.h>
#include <math.h>

static const double numerators[] = {3, 1, 4, 1, 5, 9, 2, 6}, denominators[] = {30, 50, 20, 40, 60, 70, 10, 80};

static struct running_mean ratios(void)
{
    struct running_mean mean = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(numerators); i++)
        running_mean_add_ratio(&mean, numerators[i], denominators[i]);
    return mean;
}

static void values_are_as_moments(void)
{
    struct running_mean mean = {0};
    g_assert_true(isnan(running_mean_value(&mean)));
    for (size_t i = 0; i < G_N_ELEMENTS(numerators); i++)
        running_mean_add(&mean, numerators[i]);
    struct moments moments = moments_of(numerators, G_N_ELEMENTS(numerators));
    struct interval expected = interval_of_moments(&moments, .9), given = running_mean_interval(&mean, .9);
    g_assert_true(running_mean_value(&mean) == moments.mean);
    g_assert_cmpint(given.method, ==, INTERVAL_HALL);
    g_assert_true(given.low == expected.low && given.high == expected.high);
    g_assert_cmpfloat_with_epsilon(running_mean_error(&mean), moments_deviation(&moments) / sqrt(8), 1e-15);
    running_mean_release(&mean);
}

/* 31 of 360, not the mean of the eight shares; replications weigh as much as they have in the denominator. */
static void ratios_are_of_sums(void)
{
    struct running_mean mean = ratios();
    struct interval expected = interval_of_ratio(numerators, denominators, 8);
    struct interval given = running_mean_interval(&mean, .95), wider = running_mean_interval(&mean, .99);
    g_assert_cmpuint(running_mean_count(&mean), ==, 8);
    g_assert_cmpfloat_with_epsilon(running_mean_value(&mean), 31. / 360, 1e-15);
    g_assert_cmpint(given.method, ==, INTERVAL_JACKKNIFE);
    g_assert_true(given.low == expected.low && given.high == expected.high);
    g_assert_true(wider.low < given.low && wider.high > given.high);
    running_mean_release(&mean);
}

/* The delta method, by its definition: sum of (numerator - ratio * denominator)^2. */
static void error_of_ratios_is_by_the_delta_method(void)
{
    struct running_mean mean = ratios();
    double squares = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(numerators); i++)
        squares += pow(numerators[i] - 31. / 360 * denominators[i], 2);
    g_assert_cmpfloat_with_epsilon(running_mean_error(&mean), sqrt(squares / 7 / 8) / 45, 1e-14);
    running_mean_release(&mean);
}

static void cleared_is_empty(void)
{
    struct running_mean mean = ratios();
    running_mean_clear(&mean);
    g_assert_cmpuint(running_mean_count(&mean), ==, 0);
    g_assert_true(isnan(running_mean_value(&mean)));
    running_mean_add(&mean, 2);
    g_assert_true(running_mean_value(&mean) == 2);
    running_mean_release(&mean);
}

/* What one run's batches say holds at 95 %, for one run, and not without an interval. */
static void one_run_is_known_by_its_batches(void)
{
    struct running_mean mean = {0};
    running_mean_add(&mean, 7);
    running_mean_take_steady(&mean, 6, interval_none());
    g_assert_true(running_mean_value(&mean) == 7);
    running_mean_take_steady(&mean, 6, (struct interval){5, 8, INTERVAL_BATCH});
    g_assert_true(running_mean_value(&mean) == 6);
    g_assert_cmpint(running_mean_interval(&mean, .95).method, ==, INTERVAL_BATCH);
    g_assert_cmpint(running_mean_interval(&mean, .99).method, ==, INTERVAL_NONE);
    running_mean_add(&mean, 9);
    g_assert_true(running_mean_value(&mean) == 8);
    g_assert_cmpint(running_mean_interval(&mean, .95).method, ==, INTERVAL_NONE);
    running_mean_release(&mean);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/running mean/values are as moments", values_are_as_moments);
    g_test_add_func("/running mean/ratios are of sums", ratios_are_of_sums);
    g_test_add_func("/running mean/error of ratios is by the delta method", error_of_ratios_is_by_the_delta_method);
    g_test_add_func("/running mean/cleared is empty", cleared_is_empty);
    g_test_add_func("/running mean/one run is known by its batches", one_run_is_known_by_its_batches);
    return g_test_run();
}
