/* SPDX-License-Identifier: MIT */
/* Paired differences against values computed to 40 digits, Holm's procedure against worked examples, and the edges. */
#include "base/paired.h"

#include "base/statistics.h"
#include "pinned.h"

#include <glib.h>
#include <math.h>

static void tails_of_student_are_known(void)
{
    static const struct {
        double t, degrees, p;
    } known[] = {
        {0, 5, 1},
        {.5, 3, .65144796484815099},
        {.001, 7, .99923001724499884},
        {2.0930240544083096, 19, .05},
        {3.2498355415921263, 9, .01},
        {10, 19, 5.2630261623359003e-9},
        {40, 19, 8.30775719933843e-20},
        {5, 200, 1.2501981277715395e-6},
        {9, 1000, 1.11290771718715e-18},
        {4, 100000, 6.3387997557195339e-5},
        {4.5, .7, .21529880705634224},
        {200, 50, 2.882250046557392e-74},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        close_to(student_t_two_tails(known[i].t, known[i].degrees), known[i].p, 1e-9);
}

/* The p-value is where the interval just reaches the mean that is tested. */
static void p_values_agree_with_intervals(void)
{
    static const double doubling[] = {.1, .2, .4, .8, 1.6, 3.2};
    static const struct {
        double mean, p;
    } known[] = {{0, .16915132583873}, {.5, .4396349103656}, {2, .49416154313767}, {4, .29408030025062}};
    struct moments moments = moments_of(doubling, 6);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        double p = p_value_of_moments(&moments, known[i].mean);
        close_to(p, known[i].p, 1e-10);
        struct interval interval = interval_of_moments(&moments, 1 - p);
        double end = known[i].mean < moments.mean ? interval.low : interval.high;
        g_assert_cmpfloat(fabs(end - known[i].mean), <, 1e-9);
    }
    close_to(p_value_of_moments(&moments, moments.mean), 1, 1e-12);
}

static const double first[] = {12.1, 11.4, 13.9, 12.2, 15.0, 11.1, 12.8, 13.3, 12.6, 14.1, 12.0, 13.7};
static const double second[] = {11.6, 11.5, 13.1, 12.0, 13.2, 11.0, 12.2, 12.9, 12.3, 13.2, 11.9, 13.0};

static void differences_are_known(void)
{
    struct paired_difference given = paired_difference_of(first, second, 12), back;
    g_assert_cmpuint(given.count, ==, 12);
    close_to(given.first_mean, 12.85, 1e-14);
    close_to(given.second_mean, 12.325, 1e-14);
    close_to(given.mean, .525, 1e-12);
    close_to(given.interval.low, .20429704661349072, 1e-10);
    close_to(given.interval.high, 2.0707917845631939, 1e-10);
    close_to(given.p_value, .0041475229608829642, 1e-9);
    close_to(given.correlation, .95731980729977476, 1e-12);
    close_to(given.variance_reduction, 7.6119536128456735, 1e-10);
    g_assert_true(difference_established(given.p_value));
    back = paired_difference_of(second, first, 12);
    close_to(back.mean, -.525, 1e-12);
    close_to(back.interval.low, -given.interval.high, 1e-12);
    close_to(back.p_value, given.p_value, 1e-12);
}

/* Without the pairing the same numbers would show nothing: the intervals of both overlap. */
static void pairing_shows_what_is_hidden(void)
{
    struct interval of_first = interval_of_mean(first, 12), of_second = interval_of_mean(second, 12);
    g_assert_cmpfloat(of_first.low, <, of_second.high);
}

static void too_few_pairs_establish_nothing(void)
{
    for (size_t count = 0; count < 5; count++) {
        struct paired_difference given = paired_difference_of(first, second, count);
        g_assert_cmpint(given.interval.method, ==, INTERVAL_NONE);
        g_assert_true(isnan(given.p_value) && !difference_established(given.p_value));
        g_assert_true(isnan(given.mean) == (count == 0));
    }
}

/* The same by all pairs: no interval, but six of six signs are one in 32. Rounding counts as nothing. */
static void equal_differences_are_counted(void)
{
    double more[6], other[6];
    for (int i = 0; i < 6; i++) {
        more[i] = first[i] + 2;
        other[i] = first[i] * (1 + 1e-15);
    }
    struct paired_difference given = paired_difference_of(more, first, 6);
    g_assert_cmpint(given.interval.method, ==, INTERVAL_NONE);
    close_to(given.mean, 2, 1e-12);
    close_to(given.p_value, 1.0 / 32, 0);
    close_to(given.correlation, 1, 1e-12);
    g_assert_true(isnan(given.variance_reduction) && difference_established(given.p_value));
    given = paired_difference_of(more, first, 5);
    g_assert_false(difference_established(given.p_value));
    given = paired_difference_of(other, first, 6);
    g_assert_true(given.p_value >= 1 && given.mean >= 0 && given.mean <= 0);
    static const double up[] = {1, 0, 1, 0, 1, 1, 0}, down[] = {0, 1, 1, 1, 0, 0, 1};
    given = paired_difference_of(up, down, 6);
    g_assert_false(given.mean <= 0);
    given = paired_difference_of(up, down, 7); /* a mean of differences that cancel is 0, not what adding left */
    g_assert_true(given.mean >= 0 && given.mean <= 0 && given.interval.low < 0);
    static const double same[] = {3, 3, 3, 3, 3, 3};
    given = paired_difference_of(same, first, 6);
    g_assert_true(isnan(given.correlation));
    close_to(given.variance_reduction, 1, 1e-12);
}

static void adjusted(const double *p_values, const double *expected, size_t count)
{
    double *values = g_memdup2(p_values, count * sizeof *p_values);
    holm_adjust(values, count);
    for (size_t i = 0; i < count; i++)
        if (isnan(expected[i]))
            g_assert_true(isnan(values[i]));
        else
            close_to(values[i], expected[i], 1e-14);
    g_free(values);
}

static void holm_is_known(void)
{
    adjusted((double[]){.01, .04, .03, .005}, (double[]){.03, .06, .06, .02}, 4);
    adjusted((double[]){.02}, (double[]){.02}, 1);
    adjusted((double[]){.01, .01, .01}, (double[]){.03, .03, .03}, 3);
    adjusted((double[]){.5, NAN, .001, .6}, (double[]){1, NAN, .003, 1}, 4);
    adjusted((double[]){NAN}, (double[]){NAN}, 1);
    adjusted((double[]){.04, 0}, (double[]){.04, 0}, 2);
    holm_adjust(NULL, 0);
}

/* The same bytes on every compiler and optimisation level. */
static void results_are_pinned(void)
{
    struct paired_difference difference = paired_difference_of(first, second, 12);
    double p_values[] = {difference.p_value, .01, .2};
    holm_adjust(p_values, 3);
    double results[] = {difference.interval.low, difference.interval.high,      difference.p_value,
                        difference.correlation,  difference.variance_reduction, p_values[0]};
    static const char *const expected[] = {"0x1.a2667d6efea1cp-3", "0x1.090fb487c31f2p+1", "0x1.0fcfe379f5718p-8",
                                           "0x1.ea25d26054c3dp-1", "0x1.e72a3f7c75d58p+2", "0x1.97b7d536f02a4p-7"};
    G_STATIC_ASSERT(G_N_ELEMENTS(results) == G_N_ELEMENTS(expected));
    are_pinned(results, expected, G_N_ELEMENTS(expected));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paired/tails of student are known", tails_of_student_are_known);
    g_test_add_func("/paired/p values agree with intervals", p_values_agree_with_intervals);
    g_test_add_func("/paired/differences are known", differences_are_known);
    g_test_add_func("/paired/pairing shows what is hidden", pairing_shows_what_is_hidden);
    g_test_add_func("/paired/too few pairs establish nothing", too_few_pairs_establish_nothing);
    g_test_add_func("/paired/equal differences are counted", equal_differences_are_counted);
    g_test_add_func("/paired/holm is known", holm_is_known);
    g_test_add_func("/paired/results are pinned", results_are_pinned);
    return g_test_run();
}
