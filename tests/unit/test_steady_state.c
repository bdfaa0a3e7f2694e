/* SPDX-License-Identifier: MIT */
/* Warm-ups and batch means on series made for it: what is cut, what is refused and why, against plain recomputation. */
#include "base/steady_state.h"

#include "base/random.h"
#include "base/statistics.h"
#include "pinned.h"

#include <glib.h>
#include <math.h>

/* Uniform noise on -1/2 .. 1/2, the same in every run. */
static double noise(uint64_t at)
{
    const struct random_seed seed = {.seed = 5};
    return (double)(random_at(&seed, RANDOM_TEST, 0, at) >> 11) * 0x1p-53 - 0.5;
}

/* Noise around 10, the first `transient` values raised by 3. */
static double *series_new(size_t count, size_t transient)
{
    double *values = g_new(double, count);
    for (size_t i = 0; i < count; i++)
        values[i] = 10 + noise(i) + (i < transient ? 3 : 0);
    return values;
}

static void warm_up_is_cut(void)
{
    static const size_t transients[] = {5, 50, 100, 400, 800};
    for (size_t i = 0; i < G_N_ELEMENTS(transients); i++) {
        double *values = series_new(2000, transients[i]);
        size_t cut = mser5_warm_up(values, 2000);
        g_assert_cmpuint(cut, >=, transients[i]);
        g_assert_cmpuint(cut, <=, transients[i] + 30);
        g_assert_cmpuint(cut % 5, ==, 0);
        g_free(values);
    }
}

/* The definition, straight: for each cut the mean square of what is left, over how much it is. */
static void warm_up_is_as_defined(void)
{
    for (uint64_t trial = 0; trial < 50; trial++) {
        enum { COUNT = 203, GROUPS = 40 };
        double values[COUNT], least = INFINITY;
        size_t best = 0;
        for (size_t i = 0; i < COUNT; i++)
            values[i] = noise(1000 * trial + i) + 4.0 * (double)(trial % 5) / (double)(1 + i);
        for (size_t cut = 0; cut <= GROUPS / 2; cut++) {
            double groups[GROUPS], squares = 0;
            for (size_t g = cut; g < GROUPS; g++)
                groups[g] = statistics_mean(values + 5 * g, 5);
            double mean = statistics_mean(groups + cut, GROUPS - cut);
            for (size_t g = cut; g < GROUPS; g++)
                squares += (groups[g] - mean) * (groups[g] - mean);
            double error = squares / (double)((GROUPS - cut) * (GROUPS - cut));
            best = error < least ? cut : best;
            least = error < least ? error : least;
        }
        g_assert_cmpuint(mser5_warm_up(values, COUNT), ==, best < GROUPS / 2 ? best * 5 : COUNT);
    }
}

/* A rise that goes on to the end; and a step that comes too late for a cut, but shows in the batches. */
static void what_never_settles_is_refused(void)
{
    double *values = series_new(2000, 0);
    for (int i = 0; i < 2000; i++)
        values[i] += 0.01 * i;
    g_assert_cmpuint(mser5_warm_up(values, 2000), ==, 2000);
    struct steady_mean mean = steady_mean_of(values, 2000);
    g_assert_cmpint(mean.verdict, ==, STEADY_WARMING);
    g_assert_cmpint(mean.interval.method, ==, INTERVAL_NONE);
    g_assert_true(isnan(mean.mean));
    g_free(values);
    values = series_new(2000, 1500);
    mean = steady_mean_of(values, 2000);
    g_assert_cmpint(mean.verdict, ==, STEADY_CORRELATED);
    g_assert_cmpint(mean.interval.method, ==, INTERVAL_NONE);
    g_assert_cmpuint(mser5_warm_up(values, 0), ==, 0);
    g_assert_cmpuint(mser5_warm_up(values, 7), ==, 7);
    g_free(values);
}

/* 2,011 values after 100: batches of 100, the 11 left over dropped in front of them. */
static void batches_are_as_defined(void)
{
    double *values = series_new(2111, 100), means[20];
    struct steady_mean given = batch_mean_of(values + 100, 2011), whole = steady_mean_of(values, 2111);
    for (size_t b = 0; b < 20; b++)
        means[b] = statistics_mean(values + 111 + 100 * b, 100);
    struct interval plain = interval_of_mean(means, 20);
    g_assert_cmpint(given.verdict, ==, STEADY);
    g_assert_cmpint(given.interval.method, ==, INTERVAL_BATCH);
    g_assert_cmpuint(given.batch_size, ==, 100);
    g_assert_cmpuint(given.warm_up, ==, 0);
    double factor = 1 + (given.correlation > 0 ? 20 * given.correlation * given.correlation : 0);
    g_assert_cmpfloat(fabs(given.mean - statistics_mean(means, 20)), <, 1e-12);
    g_assert_cmpfloat(fabs(given.interval.low - given.mean - factor * (plain.low - given.mean)), <, 1e-12);
    g_assert_cmpfloat(fabs(given.interval.high - given.mean - factor * (plain.high - given.mean)), <, 1e-12);
    g_assert_cmpint(whole.verdict, ==, STEADY);
    g_assert_cmpuint(whole.warm_up, >=, 100);
    g_assert_cmpfloat(whole.interval.high, <, 10.1);
    g_free(values);
}

/* Correlation of neighbours' ranks, on series whose ranks are known: 0 1 0 1 ... and 200 low, 200 high. */
static void correlation_is_known(void)
{
    double values[400];
    for (int i = 0; i < 400; i++)
        values[i] = i % 2;
    g_assert_cmpfloat(fabs(batch_mean_of(values, 400).correlation + 399.0 / 400), <, 1e-12);
    for (int i = 0; i < 400; i++)
        values[i] = i < 200;
    struct steady_mean mean = batch_mean_of(values, 400);
    g_assert_cmpfloat(fabs(mean.correlation - 397.0 / 400), <, 1e-12);
    g_assert_cmpint(mean.verdict, ==, STEADY_CORRELATED);
    for (int i = 0; i < 400; i++)
        values[i] = pow(2, i % 100);
    double of_powers = batch_mean_of(values, 400).correlation;
    for (int i = 0; i < 400; i++)
        values[i] = i % 100;
    g_assert_cmpfloat(fabs(batch_mean_of(values, 400).correlation - of_powers), <, 1e-12);
}

static void short_and_constant_series_are_refused(void)
{
    double *values = series_new(400, 0);
    g_assert_cmpint(batch_mean_of(values, 400).verdict, ==, STEADY);
    struct steady_mean mean = steady_mean_of(values, 399);
    g_assert_cmpint(mean.verdict, ==, STEADY_TOO_SHORT);
    g_assert_cmpuint(mean.batch_size, ==, 0);
    g_assert_true(isnan(mean.correlation) && isnan(mean.interval.low));
    g_assert_true(isnan(steady_mean_of(values, 0).mean));
    for (int i = 0; i < 400; i++)
        values[i] = .1;
    mean = steady_mean_of(values, 400);
    g_assert_cmpint(mean.verdict, ==, STEADY_CONSTANT);
    g_assert_cmpfloat(fabs(mean.mean - .1), <, 1e-15);
    g_assert_cmpint(mean.interval.method, ==, INTERVAL_NONE);
    g_free(values);
}

static void verdicts_have_names(void)
{
    g_assert_cmpstr(steady_verdict_name(STEADY), ==, "steady");
    g_assert_cmpstr(steady_verdict_name(STEADY_TOO_SHORT), ==, "too short");
    g_assert_cmpstr(steady_verdict_name(STEADY_WARMING), ==, "warming up");
    g_assert_cmpstr(steady_verdict_name(STEADY_CORRELATED), ==, "correlated");
    g_assert_cmpstr(steady_verdict_name(STEADY_CONSTANT), ==, "constant");
}

/* The same bytes on every compiler and optimisation level. */
static void results_are_pinned(void)
{
    double *values = series_new(2000, 50);
    struct steady_mean mean = steady_mean_of(values, 2000);
    double results[] = {(double)mean.warm_up, mean.mean, mean.correlation, mean.interval.low, mean.interval.high};
    g_free(values);
    static const char *const expected[] = {"0x1.9p+5", "0x1.4044d3a1d43e6p+3", "0x1.cc8fffa3fca44p-6",
                                           "0x1.3fc8c213c21bap+3", "0x1.40b14f3f9e85cp+3"};
    G_STATIC_ASSERT(G_N_ELEMENTS(results) == G_N_ELEMENTS(expected));
    are_pinned(results, expected, G_N_ELEMENTS(expected));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/steady state/warm-up is cut", warm_up_is_cut);
    g_test_add_func("/steady state/warm-up is as defined", warm_up_is_as_defined);
    g_test_add_func("/steady state/what never settles is refused", what_never_settles_is_refused);
    g_test_add_func("/steady state/batches are as defined", batches_are_as_defined);
    g_test_add_func("/steady state/correlation is known", correlation_is_known);
    g_test_add_func("/steady state/short and constant series are refused", short_and_constant_series_are_refused);
    g_test_add_func("/steady state/verdicts have names", verdicts_have_names);
    g_test_add_func("/steady state/results are pinned", results_are_pinned);
    return g_test_run();
}
