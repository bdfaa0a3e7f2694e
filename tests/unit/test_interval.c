/* SPDX-License-Identifier: MIT */
/* Intervals against values computed to 40 digits, against the binomial distribution, and where they are not given. */
#include "base/interval.h"

#include "base/statistics.h"
#include "pinned.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

static void is_none(struct interval interval)
{
    g_assert_cmpint(interval.method, ==, INTERVAL_NONE);
    g_assert_true(isnan(interval.low) && isnan(interval.high));
}

static void methods_have_names(void)
{
    g_assert_cmpstr(interval_method_name(INTERVAL_NONE), ==, "NA");
    g_assert_cmpstr(interval_method_name(INTERVAL_HALL), ==, "hall95");
    g_assert_cmpstr(interval_method_name(INTERVAL_ORDER), ==, "order95");
    g_assert_cmpstr(interval_method_name(INTERVAL_WILSON), ==, "wilson95");
    g_assert_cmpstr(interval_method_name(INTERVAL_EXACT), ==, "exact95");
    g_assert_cmpstr(interval_method_name(INTERVAL_JACKKNIFE), ==, "jackknife95");
    g_assert_cmpstr(interval_method_name(INTERVAL_BATCH), ==, "batch95");
    g_assert_cmpstr(interval_method_name(INTERVAL_ZERO), ==, "zero95");
}

/* .1 .2 .4 .8 1.6 3.2 by hand in 40 digits; and a deviation that a large offset would leave without a digit. */
static void moments_are_known(void)
{
    static const double doubling[] = {.1, .2, .4, .8, 1.6, 3.2};
    struct moments moments = moments_of(doubling, 6);
    close_to(moments.mean, 1.05, 1e-15);
    close_to(moments_deviation(&moments), 1.1861703081766969, 1e-15);
    close_to(moments_skewness(&moments), 1.4996929578604362, 1e-14);
    static const double far[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    moments = moments_of(far, 4);
    close_to(moments_deviation(&moments), sqrt(30), 1e-14);
    g_assert_cmpfloat(fabs(moments_skewness(&moments)), <, 1e-12);
    static const double same[] = {.1, .1, .1};
    moments = moments_of(same, 3);
    g_assert_true(moments.second >= 0 && moments.second <= 0 && moments_skewness(&moments) <= 0);
    moments = moments_of(same, 2);
    g_assert_true(isnan(moments_skewness(&moments)));
    moments = moments_of(same, 1);
    g_assert_true(isnan(moments_deviation(&moments)));
}

static void means_are_known(void)
{
    static const double doubling[] = {.1, .2, .4, .8, 1.6, 3.2}, even[] = {1, 2, 3, 4, 5};
    double squares[20], negative[12];
    for (int i = 0; i < 20; i++)
        squares[i] = (i + 1) * (i + 1);
    for (int i = 0; i < 12; i++)
        negative[i] = -(1 << i);
    const struct {
        const double *values;
        size_t count;
        double low, high;
    } known[] = {
        {doubling, 6, -.6304926851224895, 7.5780652534501445},
        {squares, 20, 83.639877958336944, 214.57686113081095},
        {even, 5, .21219471070186807, 5.7878052892981319}, /* no skewness: Student's, 42 % wider */
        {negative, 12, -1920.8314252393222, 51.119661304128328},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        struct interval given = interval_of_mean(known[i].values, known[i].count);
        g_assert_cmpint(given.method, ==, INTERVAL_HALL);
        close_to(given.low, known[i].low, 1e-11);
        close_to(given.high, known[i].high, 1e-11);
    }
    struct moments moments = moments_of(doubling, 6);
    close_to(interval_of_moments(&moments, .99).high, 8.4736436459648952, 1e-11);
}

static void means_need_values_that_differ(void)
{
    static const double few[] = {1, 2, 3, 4}, same[] = {.1, .1, .1, .1, .1, .1, .1};
    is_none(interval_of_mean(few, 0));
    is_none(interval_of_mean(few, 4));
    is_none(interval_of_mean(same, 7));
}

/* Never narrower than Student's, and its mirror image for mirrored values. */
static void means_contain_student(void)
{
    double values[30], mirrored[30];
    for (int i = 0; i < 30; i++) {
        values[i] = 1.0 / (1 + (i * 7) % 30);
        mirrored[i] = -values[i];
    }
    for (size_t count = 5; count <= 30; count++) {
        struct interval given = interval_of_mean(values, count), other = interval_of_mean(mirrored, count);
        struct confidence_interval student = mean_interval(values, count, .95);
        g_assert_cmpfloat(given.low, <=, student.low + 1e-12);
        g_assert_cmpfloat(given.high, >=, student.high - 1e-12);
        close_to(given.low, -other.high, 1e-12);
        close_to(given.high, -other.low, 1e-12);
    }
}

/* C(n, k) p^k (1 - p)^(n - k), by multiplication. */
static double binomial(unsigned n, unsigned k, double p)
{
    double value = 1;
    for (unsigned i = 0; i < n; i++)
        value *= i < k ? p * (n - i) / (i + 1) : 1 - p;
    return value;
}

/* The ranks that interval_of_quantile took, read from values that are their own ranks. */
static bool ranks_of(unsigned n, double share, unsigned *low, unsigned *high)
{
    double *values = g_new(double, n + 1);
    for (unsigned i = 0; i < n; i++)
        values[i] = i + 1;
    struct interval given = interval_of_quantile(values, n, share);
    g_free(values);
    if (given.method == INTERVAL_NONE)
        return false;
    g_assert_cmpint(given.method, ==, INTERVAL_ORDER);
    *low = (unsigned)given.low;
    *high = (unsigned)given.high;
    return true;
}

/* Tabulated ranks of 95 % intervals for the median: 6: 1, 6; 10: 2, 9; 20: 6, 15; 100: 40, 61 (David, Nagaraja). */
static void quantile_ranks_are_known(void)
{
    static const struct {
        unsigned n;
        double share;
        unsigned low, high;
    } known[] = {
        {6, .5, 1, 6},     {10, .5, 2, 9},       {20, .5, 6, 15},   {100, .5, 40, 61},
        {73, .95, 65, 73}, {200, .95, 184, 197}, {200, .05, 4, 17},
    };
    unsigned low, high;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_assert_true(ranks_of(known[i].n, known[i].share, &low, &high));
        g_assert_cmpuint(low, ==, known[i].low);
        g_assert_cmpuint(high, ==, known[i].high);
    }
    g_assert_false(ranks_of(0, .5, &low, &high));
    g_assert_false(ranks_of(5, .5, &low, &high));
    g_assert_false(ranks_of(58, .05, &low, &high));
    g_assert_false(ranks_of(58, .95, &low, &high));
    g_assert_true(ranks_of(59, .05, &low, &high));
    g_assert_true(ranks_of(59, .95, &low, &high));
    g_assert_cmpuint(high, ==, 59);
}

/*
 * For all counts to 300 the interval holds the quantile with at least 95 %, summed here from binomial terms; and where
 * none is given, even the outermost values would hold it with less.
 */
static void quantiles_cover_for_certain(void)
{
    static const double shares[] = {.05, .1, .25, .5, .75, .95};
    for (unsigned n = 1; n <= 300; n++)
        for (size_t s = 0; s < G_N_ELEMENTS(shares); s++) {
            unsigned low = 1, high = n;
            bool given = ranks_of(n, shares[s], &low, &high);
            double covered = 0;
            for (unsigned k = low; k < high; k++)
                covered += binomial(n, k, shares[s]);
            g_assert_true(given ? covered >= .95 - 1e-9 : covered < .95 + 1e-9);
        }
}

static void proportions_name_their_method(void)
{
    struct interval none = interval_of_proportion(0, 200), all = interval_of_proportion(200, 200);
    g_assert_cmpint(none.method, ==, INTERVAL_ZERO);
    g_assert_cmpint(all.method, ==, INTERVAL_ZERO);
    close_to(none.high, .015, 1e-15);
    close_to(all.low, .985, 1e-15);
    g_assert_true(none.low >= 0 && none.low <= 0 && all.high >= 1 && all.high <= 1);
    g_assert_true(interval_of_proportion(0, 2).high <= 1 && interval_of_proportion(2, 2).low >= 0);
    struct interval exact = interval_of_proportion(19, 1000), mirrored = interval_of_proportion(981, 1000);
    g_assert_cmpint(exact.method, ==, INTERVAL_EXACT);
    g_assert_cmpint(mirrored.method, ==, INTERVAL_EXACT);
    close_to(exact.low, proportion_exact(19, 1000, .95).low, 0);
    close_to(exact.low, 1 - mirrored.high, 1e-9);
    struct interval wilson = interval_of_proportion(20, 1000);
    g_assert_cmpint(wilson.method, ==, INTERVAL_WILSON);
    close_to(wilson.high, proportion_wilson(20, 1000, .95).high, 0);
    is_none(interval_of_proportion(0, 0));
}

/* P(the interval of a binomial number holds p): summed outwards from the mode, where the terms are largest. */
static double proportion_coverage(const struct interval *intervals, unsigned n, double p)
{
    double covered = 0, whole = 0, term = 1;
    unsigned mode = (unsigned)((n + 1) * p);
    for (unsigned k = mode; k <= n && term > 1e-18; k++) {
        whole += term;
        covered += intervals[k].low <= p && p <= intervals[k].high ? term : 0;
        term *= (n - k) * p / ((k + 1) * (1 - p));
    }
    term = mode * (1 - p) / ((n - mode + 1) * p);
    for (unsigned k = mode; k-- > 0 && term > 1e-18;) {
        whole += term;
        covered += intervals[k].low <= p && p <= intervals[k].high ? term : 0;
        term *= k * (1 - p) / ((n - k + 1) * p);
    }
    return covered / whole;
}

/*
 * Coverage jumps where p passes an interval's end and is smooth between: its least value over all p is next to an end.
 * At least 93 % for every p and every number of trials that is tried.
 */
static void proportions_cover_for_certain(void)
{
    double least = 1;
    for (unsigned n = 1; n <= 4000; n += 1 + n / 12) {
        struct interval *intervals = g_new(struct interval, n + 1);
        for (unsigned k = 0; k <= n; k++)
            intervals[k] = interval_of_proportion(k, n);
        for (unsigned k = 0; k <= n; k++)
            for (int side = 0; side < 4; side++) {
                double p = (side % 2 ? intervals[k].low : intervals[k].high) + (side < 2 ? 1e-10 : -1e-10);
                if (p > 1e-9 && p < 1 - 1e-9)
                    least = MIN(least, proportion_coverage(intervals, n, p));
            }
        g_free(intervals);
    }
    g_test_message("proportions: least coverage over all p %.2f %%", 100 * least);
    g_assert_cmpfloat(least, >=, .93);
}

/* Pseudovalues by leaving out, in 40 digits. */
static void ratios_are_known(void)
{
    static const double numerators[] = {3, 1, 4, 1, 5, 9, 2, 6}, denominators[] = {30, 50, 20, 40, 60, 70, 10, 80};
    struct interval given = interval_of_ratio(numerators, denominators, 8);
    g_assert_cmpint(given.method, ==, INTERVAL_JACKKNIFE);
    close_to(given.low, .033098223903884054, 1e-11);
    close_to(given.high, .13529131808243174, 1e-11);
    static const double profits[] = {-3, 1, 4, 1, 5}, costs[] = {2, 5, 2, 4, 6}; /* not shares: not cut */
    given = interval_of_ratio(profits, costs, 5);
    close_to(given.low, -.88133471372241616, 1e-11);
    close_to(given.high, 1.7127511934996231, 1e-11);
    static const double rare[] = {0, 0, 0, 0, 0, 1}, often[] = {10, 10, 10, 10, 10, 9},
                        ten[] = {10, 10, 10, 10, 10, 10};
    given = interval_of_ratio(rare, ten, 6);
    g_assert_true(given.low >= 0 && given.low <= 0);
    close_to(given.high, .18176171063274241, 1e-11);
    given = interval_of_ratio(often, ten, 6);
    g_assert_true(given.high >= 1 && given.high <= 1);
    close_to(given.low, 1 - .18176171063274241, 1e-9);
}

static void ratios_need_replications_that_differ(void)
{
    static const double nothing[6] = {0}, ten[] = {10, 10, 10, 10, 10, 10}, one[] = {1, 2, 1, 2, 1, 2};
    static const double alone[] = {0, 0, 10, 0, 0, 0};
    is_none(interval_of_ratio(nothing, ten, 6));
    is_none(interval_of_ratio(ten, ten, 6));
    is_none(interval_of_ratio(one, alone, 6));
    is_none(interval_of_ratio(one, nothing, 6));
    is_none(interval_of_ratio(one, ten, 4));
    is_none(interval_of_ratio(one, ten, 0));
}

/* The same bytes on every compiler and optimisation level. */
static void results_are_pinned(void)
{
    static const double values[] = {.1, .2, .4, .8, 1.6, 3.2, 6.4};
    static const double squares[] = {1, 4, 9, 16, 25, 36, 49};
    struct interval mean = interval_of_mean(values, 7), median = interval_of_quantile(values, 7, .5);
    double results[] = {mean.low,
                        mean.high,
                        median.low,
                        median.high,
                        interval_of_proportion(25, 90).low,
                        interval_of_ratio(values, squares, 7).high};
    static const char *const expected[] = {"-0x1.cd5ca386bd5p-1",  "0x1.91f0a61bf0e54p+3", "0x1.999999999999ap-4",
                                           "0x1.999999999999ap+2", "0x1.90fdf5fc8fd8ap-3", "0x1.3d8eff34a4705p-2"};
    G_STATIC_ASSERT(G_N_ELEMENTS(results) == G_N_ELEMENTS(expected));
    are_pinned(results, expected, G_N_ELEMENTS(expected));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interval/methods have names", methods_have_names);
    g_test_add_func("/interval/moments are known", moments_are_known);
    g_test_add_func("/interval/means are known", means_are_known);
    g_test_add_func("/interval/means need values that differ", means_need_values_that_differ);
    g_test_add_func("/interval/means contain student", means_contain_student);
    g_test_add_func("/interval/quantile ranks are known", quantile_ranks_are_known);
    g_test_add_func("/interval/quantiles cover for certain", quantiles_cover_for_certain);
    g_test_add_func("/interval/proportions name their method", proportions_name_their_method);
    g_test_add_func("/interval/proportions cover for certain", proportions_cover_for_certain);
    g_test_add_func("/interval/ratios are known", ratios_are_known);
    g_test_add_func("/interval/ratios need replications that differ", ratios_need_replications_that_differ);
    g_test_add_func("/interval/results are pinned", results_are_pinned);
    return g_test_run();
}
