/* SPDX-License-Identifier: MIT */
#include "cli/telling_inside.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS_TOLD = 4, SWEPT_MOST = 64 };

/* Said only where something was not judged: rounded down, so that it never reads 100 %. */
static void tell_judged(struct judged_time time)
{
    if (time.ns < time.of_ns)
        printf(" (judged %u %% of the time; faults cover the rest)", (unsigned)(time.ns * 100 / time.of_ns));
}

static void tell_verdicts(const struct telling *telling)
{
    for (int v = 0; v < VERDICTS; v++) {
        uint64_t passed = telling->verdicts[v][VERDICT_PASS], failed = telling->verdicts[v][VERDICT_FAIL];
        const char *name = run_verdict_name((enum verdict_id)v);
        if (failed) {
            printf("  %-15s VIOLATED in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs: %s\n", name, failed,
                   passed + failed, telling->violations[v]);
            continue;
        }
        if (passed)
            printf("  %-15s holds in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs", name, passed, passed);
        else
            printf("  %-15s not applicable", name);
        tell_judged(telling->times[v]);
        putchar('\n');
    }
}

/* Of one run, a mean of observations has an interval, or a reason why it has none. */
static void print_interval(const struct noted *noted, enum metric_id metric, char *text, size_t room)
{
    const struct interval *interval = &noted->metrics[metric].interval;
    enum metric_series series = metrics[metric].series;
    *text = '\0';
    if (!isnan(interval->low))
        g_snprintf(text, room, "%.5g to %.5g", interval->low, interval->high);
    else if (noted->runs == 1 && series != SERIES_NONE)
        g_snprintf(text, room, "none: %s", steady_verdict_name(noted->series[series].verdict));
}

static void tell_metrics(const struct noted *noted)
{
    printf("\n  %-32s %14s  %-28s %s\n", "metric", "mean", "95 % interval", "unit");
    for (int m = 0; m < METRICS; m++) {
        const struct summary *summary = &noted->metrics[m];
        if (!summary->n)
            continue;
        char interval[64];
        print_interval(noted, (enum metric_id)m, interval, sizeof interval);
        printf("  %-32s %14.6g  %-28s %s\n", metrics[m].name, summary->mean, interval, metrics[m].unit);
    }
}

/* The metrics of the table: those that telling_choose names and that some point has. */
static size_t choose_columns(const struct telling *telling, enum metric_id *columns)
{
    enum metric_id chosen[METRICS];
    size_t count = 0, wished = telling_choose(telling->settings, chosen, METRICS);
    for (size_t c = 0; c < wished && count < COLUMNS_TOLD; c++)
        for (size_t p = 0; p < telling->points.count; p++)
            if (telling->points.at[p].metrics[chosen[c]].n) {
                columns[count++] = chosen[c];
                break;
            }
    return count;
}

static int width_of(const char *header, int least)
{
    return MAX((int)strlen(header), least);
}

/* A mean with as many decimals as its interval's half width makes sense of: two digits of that. */
static void write_estimate(const struct summary *summary, char *text, gulong size)
{
    const double longest = 1e7;
    double half = (summary->interval.high - summary->interval.low) / 2;
    if (!summary->n)
        g_snprintf(text, size, "NA");
    else if (isnan(half))
        g_snprintf(text, size, "%.5g", summary->mean);
    else if (!(half > 1 / longest) || fabs(summary->mean) >= longest)
        g_snprintf(text, size, "%.5g +-%.2g", summary->mean, half);
    else {
        int decimals = MAX(1 - (int)floor(log10(half)), 0);
        g_snprintf(text, size, "%.*f +-%.*f", decimals, summary->mean, decimals, half);
    }
}

static void tell_points(const struct telling *telling, const struct experiment *experiment)
{
    enum { SWEPT_WIDTH = 8, METRIC_WIDTH = 16 };
    struct scenario_swept keys[SWEPT_MOST];
    size_t count = scenario_swept(telling->scenario, keys, SWEPT_MOST);
    enum metric_id chosen[COLUMNS_TOLD];
    size_t columns = choose_columns(telling, chosen);
    printf("\n  %6s", "point");
    for (size_t k = 0; k < count; k++)
        printf("  %*s", width_of(keys[k].column, SWEPT_WIDTH), keys[k].column);
    for (size_t c = 0; c < columns; c++)
        printf("  %*s", width_of(metrics[chosen[c]].name, METRIC_WIDTH), metrics[chosen[c]].name);
    putchar('\n');
    for (size_t p = 0; p < telling->points.count; p++) {
        const struct noted *noted = &telling->points.at[p];
        printf("  %6" G_GUINT64_FORMAT, noted->point);
        for (size_t k = 0; k < count; k++)
            printf("  %*s", width_of(keys[k].column, SWEPT_WIDTH),
                   scenario_swept_value(telling->scenario, noted->point, k));
        for (size_t c = 0; c < columns; c++) {
            char text[64];
            write_estimate(&noted->metrics[chosen[c]], text, sizeof text);
            printf("  %*s", width_of(metrics[chosen[c]].name, METRIC_WIDTH), text);
        }
        putchar('\n');
    }
    if (experiment->points > telling->points.count)
        printf("  ... and %" G_GUINT64_FORMAT " more points in %s/summary.csv\n",
               experiment->points - (uint64_t)telling->points.count, experiment->folder);
}

static void tell_bounds(const struct expectation *expectation)
{
    printf("  expected %s", metrics[expectation->metric].name);
    if (expectation->minimum.denominator)
        printf(" >= %g", (double)expectation->minimum.numerator / (double)expectation->minimum.denominator);
    if (expectation->maximum.denominator)
        printf(" <= %g", (double)expectation->maximum.numerator / (double)expectation->maximum.denominator);
}

static void tell_expectations(const struct telling *telling)
{
    for (size_t i = 0; i < telling->settings->expect.count; i++) {
        const struct judged *judged = &telling->judged[i];
        const struct expectation *expectation = judged->first.expectation;
        bool met = judged->met == judged->points;
        if (i == 0)
            putchar('\n');
        tell_bounds(expectation);
        printf(": %s", met ? "met" : "NOT MET");
        if (judged->points > 1)
            printf(" at %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " points", judged->met, judged->points);
        if (!met || judged->points == 1) {
            char *where = cli_name_point(telling->scenario, judged->first_point);
            const struct summary *summary = &judged->first.summary;
            if (judged->first.known)
                printf(", %smean %g over %zu runs", where, summary->mean, summary->n);
            else
                printf(", %sthe metric is not available", where);
            g_free(where);
        }
        printf("%s%s%s\n", expectation->source ? " (" : "", expectation->source ? expectation->source : "",
               expectation->source ? ")" : "");
    }
}

/*
 * Whether time.warmup was long enough, where MSER-5 says that it was not: of series without any warm-up about one in
 * twenty looks so, hence more of them must.
 */
static void tell_warm_up(const struct telling *telling)
{
    const struct warm_up_tally *tally = &telling->warm_up;
    const struct late_warm_up *latest = &tally->latest;
    if (10 * tally->late <= tally->series)
        return;
    printf("\n  time.warmup may be too short: in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
           " series MSER-5 finds a warm-up that ends later, and %s of run %" G_GUINT64_FORMAT "-%u ",
           tally->late, tally->series, metrics[latest->metric].name, latest->job.point, latest->job.replication);
    if (latest->until_ns == TIME_NEVER)
        printf("does not settle in half of the run");
    else
        printf("settles at %.5g s only", (double)latest->until_ns / (double)SECOND);
    puts("; steady_state.csv has each");
}

static void tell_outcome(const struct telling *telling, const struct experiment *experiment)
{
    tell_verdicts(telling);
    if (scenario_swept(telling->scenario, NULL, 0))
        tell_points(telling, experiment);
    else
        tell_metrics(&telling->points.at[0]);
    tell_warm_up(telling);
}

void telling_tell_people(const struct telling *telling, const struct experiment *experiment)
{
    printf("%s: ", experiment->name);
    if (experiment->points > 1)
        printf("%" G_GUINT64_FORMAT " points, ", experiment->points);
    printf("%" G_GUINT64_FORMAT " run%s, seed %" G_GUINT64_FORMAT ", results in %s\n\n", experiment->runs,
           experiment->runs == 1 ? "" : "s", experiment->seed, experiment->folder);
    if (experiment->failed == experiment->runs)
        puts("  no run finished");
    else
        tell_outcome(telling, experiment);
    tell_expectations(telling);
}
