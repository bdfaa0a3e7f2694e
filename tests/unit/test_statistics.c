/* SPDX-License-Identifier: MIT */
/* Pinned statistics against values computed to 40 digits, against identities, and against counted coverage. */
#include "base/statistics.h"

#include "base/random.h"
#include "pinned.h"

#include <glib.h>
#include <math.h>

static void means_and_deviations(void)
{
    static const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    close_to(statistics_mean(values, 8), 5, 0);
    close_to(statistics_deviation(values, 8), sqrt(32.0 / 7), 1e-15);
    g_assert_true(isnan(statistics_mean(values, 0)));
    g_assert_true(isnan(statistics_deviation(values, 1)));
    g_assert_true(isnan(mean_interval(values, 1, .95).low));
}

/* A large offset would leave a one-pass formula with no digit: 1e9 + {4, 7, 13, 16} has deviation sqrt(30). */
static void deviation_survives_an_offset(void)
{
    static const double values[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    close_to(statistics_deviation(values, 4), sqrt(30), 1e-15);
    static const double same[] = {.1, .1, .1};
    g_assert_cmpfloat(statistics_deviation(same, 3), <, 1e-16);
}

static void quantiles_are_of_nearest_rank(void)
{
    double values[] = {15, 50, 35, 40, 20};
    statistics_sort(values, 5);
    g_assert_cmpfloat(statistics_quantile(values, 5, 0), ==, 15);
    g_assert_cmpfloat(statistics_quantile(values, 5, .05), ==, 15);
    g_assert_cmpfloat(statistics_quantile(values, 5, .3), ==, 20);
    g_assert_cmpfloat(statistics_quantile(values, 5, .4), ==, 20);
    g_assert_cmpfloat(statistics_quantile(values, 5, .5), ==, 35);
    g_assert_cmpfloat(statistics_quantile(values, 5, 1), ==, 50);
    double twenty[20];
    for (int i = 0; i < 20; i++)
        twenty[i] = i + 1;
    g_assert_cmpfloat(statistics_quantile(twenty, 20, .95), ==, 19); /* .95 * 20 is not 19 in doubles */
    double zeros[] = {0.0, -0.0, 0.0, -0.0};
    statistics_sort(zeros, 4);
    g_assert_true(signbit(zeros[0]) && signbit(zeros[1]) && !signbit(zeros[2]) && !signbit(zeros[3]));
}

static void student_quantiles_are_known(void)
{
    static const struct {
        double probability, degrees, t;
    } known[] = {
        {.975, 1, 12.7062047361747046},   {.975, 2, 4.30265272974946385},   {.975, 4, 2.77644510519779436},
        {.995, 9, 3.24983554159212628},   {.975, 19, 2.09302405440830977},  {.995, 29, 2.75638590367060549},
        {.9995, 99, 3.39152883336365056}, {.975, 999, 1.96234146113344998}, {.75, 3, .764892328404345281},
        {.975, 2.5, 3.57465484200368322},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        close_to(student_t_quantile(known[i].probability, known[i].degrees), known[i].t, 1e-11);
        close_to(student_t_quantile(1 - known[i].probability, known[i].degrees), -known[i].t, 1e-11);
    }
    /* The two ways of computing meet where they change over, and end in the normal distribution. */
    close_to(student_t_quantile(.995, 99999.9), student_t_quantile(.995, 100000.1), 1e-9);
    close_to(student_t_quantile(.975, 1e12), 1.95996398454005424, 1e-11);
    close_to(normal_distribution_quantile(.975), 1.95996398454005424, 1e-14);
}

static void incomplete_beta_is_known(void)
{
    static const struct {
        double x, a, b, value;
    } known[] = {
        {.3, 2, 5, .579825},
        {.01, 30, 2000, .025072720349620573},
        {.25, 250, 750, .50485653350360745},
        {.26, 250, 750, .76912378846102169},
        {.502, 50000, 50000, .8970487347555719},
        {1e-5, 1, 100000, .63212239823342773},
        {.999, 3, 1, .997002999},
        {.2, .5, .5, .29516723530086655},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        close_to(incomplete_beta(known[i].x, known[i].a, known[i].b), known[i].value, 1e-10);
        close_to(incomplete_beta(1 - known[i].x, known[i].b, known[i].a), 1 - known[i].value, 1e-10);
    }
    g_assert_cmpfloat(incomplete_beta(0, 2, 3), ==, 0);
    g_assert_cmpfloat(incomplete_beta(1, 2, 3), ==, 1);
}

static void proportions_are_known(void)
{
    static const struct {
        uint64_t successes, trials;
        double confidence, low, high;
    } exact[] =
        {
            {0, 1000, .95, 0, .0036820838968656721},
            {1, 10, .95, .0025285785444617845, .44501611702819542},
            {5, 10, .95, .18708602844739853, .81291397155260147},
            {10, 10, .95, .69150289218123918, 1},
            {543, 1000, .99, .5017953386974303, .58378960680912301},
            {30, 100000, .95, .00020241760578305175, .0004282411864474596},
        },
      wilson[] = {
          {1, 10, .95, .017876213095072904, .4041500267952385},
          {0, 100, .95, 0, .036993498206985685},
          {543, 1000, .99, .50227298351994494, .58316017629836207},
          {100, 100, .95, 1 - .036993498206985685, 1},
      };
    for (size_t i = 0; i < G_N_ELEMENTS(exact); i++) {
        struct confidence_interval given = proportion_exact(exact[i].successes, exact[i].trials, exact[i].confidence);
        close_to(given.low, exact[i].low, 1e-10);
        close_to(given.high, exact[i].high, 1e-10);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wilson); i++) {
        struct confidence_interval given =
            proportion_wilson(wilson[i].successes, wilson[i].trials, wilson[i].confidence);
        close_to(given.low, wilson[i].low, 1e-12);
        close_to(given.high, wilson[i].high, 1e-12);
    }
}

/* No success in 1,000,000 trials: the one-sided 95 % bound is the rule of three, 3/N, to 0.2 %. */
static void nothing_in_many_trials(void)
{
    close_to(proportion_exact(0, 1000000, .90).high, 3e-6, .0015);
}

/* 4,000 samples of 10 uniform values: the 95 % interval holds the mean 1/2 in 94 to 96 % (uniform is nearly normal). */
static void intervals_cover(void)
{
    struct random_seed seed = {.seed = 41};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, 0);
    int covered = 0;
    for (int i = 0; i < 4000; i++) {
        double values[10];
        for (int j = 0; j < 10; j++)
            values[j] = (double)random_u64(&stream) * 0x1p-64;
        struct confidence_interval interval = mean_interval(values, 10, .95);
        covered += interval.low < .5 && .5 < interval.high;
    }
    g_assert_cmpint(covered, >, 3760);
    g_assert_cmpint(covered, <, 3840);
}

/* The same bytes on every compiler and optimisation level: the hexadecimal of what goes through every function. */
static void results_are_pinned(void)
{
    static const double values[] = {.1, .2, .4, .8, 1.6, 3.2};
    double results[] = {
        statistics_deviation(values, 6), mean_interval(values, 6, .95).low, student_t_quantile(.99, 17),
        incomplete_beta(.37, 12.5, 31),  proportion_exact(7, 90, .95).high, proportion_wilson(7, 90, .95).low,
    };
    static const char *const expected[] = {"0x1.2fa8db791aeb7p+0", "-0x1.8ef83a937c7fp-3", "0x1.48914af38b58fp+1",
                                           "0x1.c4224fc2b7268p-1", "0x1.3aca449b424f6p-3", "0x1.38cf5c9fbad3dp-5"};
    G_STATIC_ASSERT(G_N_ELEMENTS(results) == G_N_ELEMENTS(expected));
    are_pinned(results, expected, G_N_ELEMENTS(expected));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/means and deviations", means_and_deviations);
    g_test_add_func("/statistics/deviation survives an offset", deviation_survives_an_offset);
    g_test_add_func("/statistics/quantiles are of nearest rank", quantiles_are_of_nearest_rank);
    g_test_add_func("/statistics/student quantiles are known", student_quantiles_are_known);
    g_test_add_func("/statistics/incomplete beta is known", incomplete_beta_is_known);
    g_test_add_func("/statistics/proportions are known", proportions_are_known);
    g_test_add_func("/statistics/nothing in many trials", nothing_in_many_trials);
    g_test_add_func("/statistics/intervals cover", intervals_cover);
    g_test_add_func("/statistics/results are pinned", results_are_pinned);
    return g_test_run();
}
