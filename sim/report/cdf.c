/* SPDX-License-Identifier: MIT */
#include "report/cdf.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_STEP   (1.0 / 1000)
#define NOTHING_SPAN MILLISECOND
#define ROUNDING     1e-12 /* as in record/survival.c */

void cdf_add(struct cdf *cdf, time_ns length_ns, bool ended)
{
    struct duration duration = {length_ns, ended};
    vector_push(&cdf->durations, duration);
}

void cdf_release(struct cdf *cdf)
{
    vector_release(&cdf->durations);
}

size_t cdf_censored(const struct cdf *cdf)
{
    size_t count = 0;
    for (size_t i = 0; i < cdf->durations.count; i++)
        count += !cdf->durations.at[i].ended;
    return count;
}

/* By length; at one length those that ended come first. */
static int compare(const void *first, const void *second)
{
    const struct duration *a = first, *b = second;
    if (a->length_ns != b->length_ns)
        return a->length_ns < b->length_ns ? -1 : 1;
    return (int)b->ended - (int)a->ended;
}

static void sort(struct cdf *cdf)
{
    if (cdf->durations.count)
        qsort(cdf->durations.at, cdf->durations.count, sizeof *cdf->durations.at, compare);
}

/* What remains of `lasting` after all that end at the length of `*at`; moves `*at` behind them. */
static double step(const struct cdf *cdf, size_t *at, double lasting)
{
    const struct duration *durations = cdf->durations.at;
    size_t count = cdf->durations.count, from = *at;
    while (*at < count && durations[*at].length_ns == durations[from].length_ns && durations[*at].ended)
        ++*at;
    return lasting * (double)(count - *at) / (double)(count - from);
}

size_t cdf_points(struct cdf *cdf, struct cdf_point points[CDF_POINTS])
{
    sort(cdf);
    size_t count = 0;
    double lasting = 1;
    struct cdf_point last = {0};
    for (size_t i = 0; i < cdf->durations.count;) {
        if (!cdf->durations.at[i].ended) {
            i++;
            continue;
        }
        time_ns length_ns = cdf->durations.at[i].length_ns;
        if (count == 0)
            points[count++] = (struct cdf_point){length_ns, 0};
        lasting = step(cdf, &i, lasting);
        last = (struct cdf_point){length_ns, 1 - lasting};
        if (last.share - points[count - 1].share >= LEAST_STEP)
            points[count++] = last;
    }
    if (count && last.share > points[count - 1].share)
        points[count++] = last;
    return count;
}

time_ns cdf_quantile(struct cdf *cdf, double share)
{
    sort(cdf);
    double lasting = 1;
    for (size_t i = 0; i < cdf->durations.count;) {
        if (!cdf->durations.at[i].ended) {
            i++;
            continue;
        }
        time_ns length_ns = cdf->durations.at[i].length_ns;
        lasting = step(cdf, &i, lasting);
        if (lasting <= 1 - share + ROUNDING)
            return length_ns;
    }
    return TIME_NEVER;
}

time_ns cdf_shortest(const struct cdf *cdf)
{
    time_ns shortest_ns = TIME_NEVER;
    for (size_t i = 0; i < cdf->durations.count; i++)
        if (cdf->durations.at[i].ended)
            shortest_ns = MIN(shortest_ns, cdf->durations.at[i].length_ns);
    return shortest_ns;
}

/* The share of durations longer than that. */
static double longer_than(const struct cdf *cdf, time_ns length_ns)
{
    double lasting = 1;
    for (size_t i = 0; i < cdf->durations.count && cdf->durations.at[i].length_ns <= length_ns;)
        if (cdf->durations.at[i].ended)
            lasting = step(cdf, &i, lasting);
        else
            i++;
    return lasting;
}

struct cdf_span cdf_span(struct cdf *cdf)
{
    time_ns p99_ns = cdf_quantile(cdf, 0.99), least_ns = cdf_shortest(cdf), longest_ns = 0;
    for (size_t i = 0; i < cdf->durations.count; i++)
        if (cdf->durations.at[i].ended)
            longest_ns = cdf->durations.at[i].length_ns;
    struct cdf_span span = {.to_ns = longest_ns, .longest_ns = longest_ns, .beyond = NAN};
    if (least_ns == TIME_NEVER)
        return span;
    span.logarithmic = least_ns > 0 && p99_ns != TIME_NEVER && p99_ns / 10 > cdf_quantile(cdf, 0.5);
    if (span.logarithmic)
        span.from_ns = least_ns - least_ns / 10;
    else if (p99_ns != TIME_NEVER && longest_ns / 3 > p99_ns)
        span.to_ns = p99_ns + MAX((p99_ns - least_ns) / 5, p99_ns / 100);
    if (span.to_ns == least_ns)
        span.to_ns += least_ns ? least_ns : NOTHING_SPAN;
    else if (!span.logarithmic && least_ns > span.to_ns / 2)
        span.from_ns = least_ns - (span.to_ns - least_ns) / 10;
    span.beyond = longer_than(cdf, span.to_ns);
    return span;
}
