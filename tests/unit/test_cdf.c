/* SPDX-License-Identifier: MIT */
/* Distributions as curves: with and without censoring, thinned out, and the span that an axis should show. */
#include "report/cdf.h"

#include <math.h>

static void close_to(double value, double expected)
{
    g_assert_cmpfloat_with_epsilon(value, expected, 1e-12);
}

/* 1, 2, 2, 4 s: steps of a quarter, a half and a quarter. */
static void plain_steps(void)
{
    struct cdf cdf = {0};
    static const time_ns lengths[] = {4 * SECOND, 2 * SECOND, SECOND, 2 * SECOND};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++)
        cdf_add(&cdf, lengths[i], true);
    struct cdf_point points[CDF_POINTS];
    g_assert_cmpuint(cdf_points(&cdf, points), ==, 4);
    static const struct cdf_point expected[] = {{SECOND, 0}, {SECOND, 0.25}, {2 * SECOND, 0.75}, {4 * SECOND, 1}};
    for (size_t i = 0; i < 4; i++) {
        g_assert_cmpint(points[i].length_ns, ==, expected[i].length_ns);
        close_to(points[i].share, expected[i].share);
    }
    g_assert_cmpint(cdf_quantile(&cdf, 0.5), ==, 2 * SECOND);
    g_assert_cmpint(cdf_quantile(&cdf, 0.76), ==, 4 * SECOND);
    g_assert_cmpuint(cdf_censored(&cdf), ==, 0);
    cdf_release(&cdf);
}

/*
 * Kaplan and Meier by hand: of six, one ends at 1 s (5/6 last), one is lost from sight at 2 s, one ends at 3 s (of the
 * four that are left: 5/6 * 3/4), two are lost at 3 s, the last at 5 s. The curve stops at 3/8.
 */
static void censored_steps(void)
{
    struct cdf cdf = {0};
    static const struct duration seen[] = {
        {5 * SECOND, false}, {3 * SECOND, false}, {3 * SECOND, true},
        {SECOND, true},      {2 * SECOND, false}, {3 * SECOND, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
        cdf_add(&cdf, seen[i].length_ns, seen[i].ended);
    struct cdf_point points[CDF_POINTS];
    g_assert_cmpuint(cdf_points(&cdf, points), ==, 3);
    close_to(points[1].share, 1.0 / 6);
    g_assert_cmpint(points[2].length_ns, ==, 3 * SECOND);
    close_to(points[2].share, 3.0 / 8);
    g_assert_cmpuint(cdf_censored(&cdf), ==, 4);
    g_assert_cmpint(cdf_quantile(&cdf, 0.375), ==, 3 * SECOND);
    g_assert_cmpint(cdf_quantile(&cdf, 0.5), ==, TIME_NEVER);
    cdf_release(&cdf);
}

/* The same quantiles as those of the metrics, on durations of which every fifth is censored. */
static void quantiles_agree_with_the_metrics(void)
{
    struct cdf cdf = {0};
    struct survival survival = {0};
    for (uint64_t i = 0; i < 997; i++) {
        time_ns length_ns = (time_ns)(i * i * 31 % 1009) * MILLISECOND;
        cdf_add(&cdf, length_ns, i % 5 != 0);
        survival_add(&survival, length_ns, i % 5 != 0);
    }
    for (uint32_t percent = 1; percent < 100; percent++)
        g_assert_cmpint(cdf_quantile(&cdf, percent / 100.0), ==, survival_quantile(&survival, percent));
    survival_release(&survival);
    cdf_release(&cdf);
}

/* 100,000 different durations become at most CDF_POINTS points, never further apart than 1/1000 and one step. */
static void long_curves_are_thinned(void)
{
    struct cdf cdf = {0};
    for (int i = 1; i <= 100000; i++)
        cdf_add(&cdf, i, true);
    struct cdf_point points[CDF_POINTS];
    size_t count = cdf_points(&cdf, points);
    g_assert_cmpuint(count, >, 900);
    g_assert_cmpuint(count, <, CDF_POINTS);
    for (size_t i = 1; i < count; i++)
        g_assert_cmpfloat(points[i].share - points[i - 1].share, <, 0.00102);
    g_assert_cmpint(points[count - 1].length_ns, ==, 100000);
    close_to(points[count - 1].share, 1);
    cdf_release(&cdf);
}

static void nothing_that_ended_is_no_curve(void)
{
    struct cdf cdf = {0};
    struct cdf_point points[CDF_POINTS];
    g_assert_cmpuint(cdf_points(&cdf, points), ==, 0);
    cdf_add(&cdf, SECOND, false);
    g_assert_cmpuint(cdf_points(&cdf, points), ==, 0);
    g_assert_cmpint(cdf_quantile(&cdf, 0.01), ==, TIME_NEVER);
    g_assert_true(isnan(cdf_span(&cdf).beyond));
    cdf_release(&cdf);
}

static struct cdf_span span_of(const time_ns *lengths, size_t count, size_t times)
{
    struct cdf cdf = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < (i + 1 == count ? 1 : times); t++)
            cdf_add(&cdf, lengths[i], true);
    struct cdf_span span = cdf_span(&cdf);
    cdf_release(&cdf);
    return span;
}

/*
 * Axes: from 0 where lengths differ; near the shortest where they are alike; room around a constant, 0 included; cut
 * where one in 401 is far out, and that one told; logarithmic where the last tenth is far out.
 */
static void spans_of_axes(void)
{
    static const time_ns plain[] = {SECOND, 2 * SECOND, 3 * SECOND}, alike[] = {90, 95, 100}, constant[] = {150, 150};
    struct cdf_span span = span_of(plain, 3, 5);
    g_assert_cmpint(span.from_ns, ==, 0);
    g_assert_cmpint(span.to_ns, ==, 3 * SECOND);
    span = span_of(alike, 3, 5);
    g_assert_cmpint(span.from_ns, ==, 89);
    g_assert_cmpint(span.to_ns, ==, 100);
    span = span_of(constant, 2, 5);
    g_assert_cmpint(span.from_ns, ==, 0);
    g_assert_cmpint(span.to_ns, ==, 300);
    static const time_ns nothing[] = {0, 0};
    span = span_of(nothing, 2, 5);
    g_assert_cmpint(span.from_ns, ==, 0);
    g_assert_cmpint(span.to_ns, ==, MILLISECOND);
    g_assert_cmpint(span.longest_ns, ==, 0);

    static const time_ns far[] = {100, 110, 5000}, tail[] = {100, 110, 120, 130, 140, 150, 160, 170, 180, 9000, 9000};
    span = span_of(far, 3, 200);
    g_assert_cmpint(span.to_ns, ==, 112);
    g_assert_cmpint(span.longest_ns, ==, 5000);
    g_assert_false(span.logarithmic);
    close_to(span.beyond, 1.0 / 401);
    span = span_of(tail, 11, 20);
    g_assert_true(span.logarithmic);
    g_assert_cmpint(span.from_ns, ==, 90);
    g_assert_cmpint(span.to_ns, ==, 9000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdf/plain steps", plain_steps);
    g_test_add_func("/cdf/censored steps", censored_steps);
    g_test_add_func("/cdf/quantiles agree with the metrics", quantiles_agree_with_the_metrics);
    g_test_add_func("/cdf/long curves are thinned", long_curves_are_thinned);
    g_test_add_func("/cdf/nothing that ended is no curve", nothing_that_ended_is_no_curve);
    g_test_add_func("/cdf/spans of axes", spans_of_axes);
    return g_test_run();
}
