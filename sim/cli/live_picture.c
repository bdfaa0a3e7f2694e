/* SPDX-License-Identifier: MIT */
#include "base/interval.h"
#include "cli/grid.h"
#include "cli/live_inside.h"

#include <math.h>
#include <string.h>

#define QUIET_S    10 /* without a run that ends, after which it is said */
#define UNATTENDED "nobody is running this: `posim run ... --resume` goes on"

enum { BAR_MOST = 50 };

/* Texts. */

static void append_time(GString *out, double time_s)
{
    if (time_s < 100)
        g_string_append_printf(out, "%.0f s", time_s);
    else if (time_s < 6000)
        g_string_append_printf(out, "%.0f min", time_s / 60);
    else if (time_s < 172800)
        g_string_append_printf(out, "%.0f h", time_s / 3600);
    else
        g_string_append_printf(out, "%.0f days", time_s / 86400);
}

static void append_rate(GString *out, double rate)
{
    if (rate >= 1)
        g_string_append_printf(out, ", %.1f runs/s", rate);
    else if (rate >= 1. / 60)
        g_string_append_printf(out, ", %.1f runs/min", rate * 60);
    else
        g_string_append_printf(out, ", %.1f runs/h", rate * 3600);
}

/* "sizes: 13 of 20 runs, 2 failed, 12.3 runs/s, about 22 s left" */
static void append_head(const struct live *live, GString *out)
{
    uint64_t failed = overview_failed(live->overview), total = overview_total(live->overview);
    double rate = live_rate(live);
    g_string_append_printf(out, "%s%s%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " run%s",
                           screen_look(&live->screen, LOOK_BOLD), live->name, screen_look(&live->screen, LOOK_PLAIN),
                           live->over, total, total == 1 ? "" : "s");
    if (failed)
        g_string_append_printf(out, ", %s%" G_GUINT64_FORMAT " failed%s", screen_look(&live->screen, LOOK_BAD), failed,
                               screen_look(&live->screen, LOOK_PLAIN));
    if (rate <= 0 || live->over == total)
        return;
    append_rate(out, rate);
    g_string_append(out, ", about ");
    append_time(out, ((double)total - live_done(live)) / rate);
    g_string_append(out, " left");
}

/* "0.3012 (0.2981 to 0.3053)" */
static char *estimate_text(const struct running_mean *estimate)
{
    struct interval interval = running_mean_interval(estimate, 0.95);
    if (!running_mean_count(estimate))
        return g_strdup("");
    if (isnan(interval.low))
        return g_strdup_printf("%.5g", running_mean_value(estimate));
    return g_strdup_printf("%.5g (%.5g to %.5g)", running_mean_value(estimate), interval.low, interval.high);
}

static double value_of(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

/*
 * "; to within 5 %: now 7.1 %, and 100 runs are all that are allowed", of the metric that says when to stop. Narrow is
 * not enough: it must be so at several looks in a row.
 */
static void append_precision(const struct live *live, const struct overview_point *point, size_t m, GString *out)
{
    const struct until_settings *until = &live->settings->replicate.until;
    if (until->metric != (int)live->metrics[m])
        return;
    double half_width = stop_relative_half_width(&point->metrics[m], value_of(until->confidence));
    g_string_append_printf(out, "%sto within %.3g %%", out->len ? "; " : "", 100 * value_of(until->relative_halfwidth));
    if (!isnan(half_width))
        g_string_append_printf(out, ": now %.3g %%", 100 * half_width);
    bool at_most = overview_point_is_done(point) && point->stop == STOP_MOST;
    if (point->stop != STOP_PRECISE && half_width <= value_of(until->relative_halfwidth))
        g_string_append_printf(out, ", %s at %d looks in a row", at_most ? "but not" : "needed", STOP_IN_A_ROW);
    if (at_most)
        g_string_append_printf(out, ", and %" G_GINT64_FORMAT " runs are all that are allowed", until->maximum);
}

/* "expected >= 0.1, <= 0.5", and whether the mean is so. */
static void append_expectations(const struct live *live, enum metric_id metric, const struct running_mean *estimate,
                                GString *out)
{
    const struct expectation *expectations = live->settings->expect.items;
    for (size_t e = 0; e < live->settings->expect.count; e++) {
        const struct expectation *expectation = &expectations[e];
        if (expectation->metric != (int)metric)
            continue;
        bool has_least = expectation->minimum.denominator, has_most = expectation->maximum.denominator;
        bool met = (!has_least || running_mean_value(estimate) >= value_of(expectation->minimum)) &&
                   (!has_most || running_mean_value(estimate) <= value_of(expectation->maximum));
        g_string_append_printf(out, "%sexpected", out->len ? "; " : "");
        if (has_least)
            g_string_append_printf(out, " >= %g", value_of(expectation->minimum));
        if (has_most)
            g_string_append_printf(out, "%s <= %g", has_least ? "," : "", value_of(expectation->maximum));
        if (running_mean_count(estimate))
            g_string_append_printf(out, ": so far %s%s%s", screen_look(&live->screen, met ? LOOK_GOOD : LOOK_BAD),
                                   met ? "met" : "not met", screen_look(&live->screen, LOOK_PLAIN));
    }
}

/* The picture. */

/* One point: a line a metric. */
static void append_metrics(const struct live *live, GString *out)
{
    static const enum look looks[LIVE_METRICS_MOST];
    static const struct overview_point none;
    static const char *const titles[] = {"metric", "unit", "runs", "mean (95 % interval)", ""};
    size_t count;
    const struct overview_point *point = overview_begun(live->overview, &count);
    point = count ? point : &none;
    struct grid grid;
    grid_init(&grid, G_N_ELEMENTS(titles));
    grid.has_remarks = true;
    for (size_t t = 0; t < G_N_ELEMENTS(titles); t++)
        grid_add(&grid, g_strdup(titles[t]));
    for (size_t m = 0; m < live->metric_count; m++) {
        const struct running_mean *estimate = &point->metrics[m];
        GString *wanted = g_string_new(NULL);
        append_precision(live, point, m, wanted);
        append_expectations(live, live->metrics[m], estimate, wanted);
        grid_add(&grid, g_strdup(metrics[live->metrics[m]].name));
        grid_add(&grid, g_strdup(metrics[live->metrics[m]].unit));
        grid_add(&grid, g_strdup_printf("%" G_GUINT64_FORMAT, running_mean_count(estimate)));
        grid_add(&grid, estimate_text(estimate));
        grid_add(&grid, g_string_free(wanted, FALSE));
    }
    grid_finish(&grid, &live->screen, looks, out);
}

/* The first of the points shown: those under way are to be among them, with some that were before. */
static size_t first_shown(const struct overview_point *points, size_t count, size_t room)
{
    size_t open = 0;
    while (open < count && overview_point_is_done(&points[open]))
        open++;
    size_t before = MIN(open, room / 3);
    return MIN(open - before, count - MIN(count, room));
}

static void add_point(const struct live *live, const struct overview_point *point, struct grid *grid)
{
    uint32_t over = point->fine + point->failed;
    grid_add(grid, g_strdup_printf("%" G_GUINT64_FORMAT, point->number));
    for (size_t k = 0; k < live->swept_count; k++)
        grid_add(grid, g_strdup(scenario_swept_value(live->scenario, point->number, k)));
    GString *runs = g_string_new(NULL);
    g_string_printf(runs, "%u/%u", over, point->asked);
    if (point->failed)
        g_string_append_printf(runs, ", %u failed", point->failed);
    if (overview_point_is_done(point) && point->stop == STOP_MOST)
        g_string_append(runs, ", max");
    grid_add(grid, g_string_free(runs, FALSE));
    for (size_t m = 0; m < live->metric_count; m++)
        grid_add(grid, estimate_text(&point->metrics[m]));
}

/* A sweep: a line a point. */
static void append_points(const struct live *live, size_t room, GString *out)
{
    size_t count;
    const struct overview_point *points = overview_begun(live->overview, &count);
    size_t first = first_shown(points, count, room), shown = MIN(room, count - first);
    enum look *looks = g_new0(enum look, shown + 1);
    struct grid grid;
    grid_init(&grid, 2 + live->swept_count + live->metric_count);
    grid_add(&grid, g_strdup("point"));
    for (size_t k = 0; k < live->swept_count; k++)
        grid_add(&grid, g_strdup(live->swept[k].column));
    grid_add(&grid, g_strdup("runs"));
    for (size_t m = 0; m < live->metric_count; m++)
        grid_add(&grid, g_strdup(metrics[live->metrics[m]].name));
    for (size_t p = 0; p < shown; p++) {
        add_point(live, &points[first + p], &grid);
        looks[p] = overview_point_is_done(&points[first + p]) ? LOOK_DIM : LOOK_PLAIN;
    }
    grid_finish(&grid, &live->screen, looks, out);
    g_free(looks);
}

static void append_bar(const struct live *live, unsigned columns, GString *out)
{
    uint64_t total = overview_total(live->overview);
    double share = total ? live_done(live) / (double)total : 1;
    unsigned width = MIN(columns > 20 ? columns - 20 : 1, BAR_MOST), full = (unsigned)(share * width);
    const char *filled = screen_has_blocks() ? "\u2588" : "#", *empty = screen_has_blocks() ? "\u2591" : ".";
    g_string_append(out, "  ");
    for (unsigned c = 0; c < width; c++)
        g_string_append(out, c < full ? filled : empty);
    g_string_append_printf(out, " %.0f %%\n", floor(share * 100));
}

/* Points that ended at replicate.until's `max`. */
static uint64_t points_at_most(const struct live *live)
{
    size_t begun;
    const struct overview_point *points = overview_begun(live->overview, &begun);
    uint64_t count = 0;
    for (size_t p = 0; p < begun; p++)
        count += points[p].stop == STOP_MOST;
    return count;
}

/* How many points are where; and that nothing comes, where that is so. */
static void append_foot(const struct live *live, GString *out)
{
    size_t begun;
    overview_begun(live->overview, &begun);
    uint64_t finished = overview_points_done(live->overview), all = overview_points(live->overview);
    if (live->swept_count)
        g_string_append_printf(
            out, "  points: %" G_GUINT64_FORMAT " done, %" G_GUINT64_FORMAT " under way, %" G_GUINT64_FORMAT " to come",
            finished, begun - finished, all - begun);
    uint64_t at_most = live->swept_count ? points_at_most(live) : 0;
    if (at_most)
        g_string_append_printf(out, "; %" G_GUINT64_FORMAT " at max, not precise enough at %d looks in a row", at_most,
                               STOP_IN_A_ROW);
    double quiet_s = live_now_s() - live->changed_s;
    const char *mark = live->swept_count ? ";" : " ";
    if (live->unattended)
        g_string_append_printf(out, "%s " UNATTENDED, mark);
    else if (quiet_s >= QUIET_S && live->over < overview_total(live->overview)) {
        g_string_append_printf(out, "%s no run has ended for ", mark);
        append_time(out, quiet_s);
    }
    g_string_append_c(out, '\n');
}

void live_append_picture(const struct live *live, size_t room, unsigned columns, GString *out)
{
    append_head(live, out);
    g_string_append_c(out, '\n');
    append_bar(live, columns, out);
    g_string_append_c(out, '\n');
    if (live->swept_count)
        append_points(live, room, out);
    else
        append_metrics(live, out);
    append_foot(live, out);
}

void live_append_rest(const struct live *live, GString *out)
{
    size_t begun;
    overview_begun(live->overview, &begun);
    if (live->swept_count && begun > LIVE_POINTS_PRINTED)
        g_string_append_printf(out, "  %zu more points with runs are left off; when all is over summary.csv has each\n",
                               begun - LIVE_POINTS_PRINTED);
}

void live_append_line(const struct live *live, GString *out)
{
    size_t begun;
    const struct overview_point *points = overview_begun(live->overview, &begun);
    append_head(live, out);
    if (live->swept_count)
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " points done",
                               overview_points_done(live->overview), overview_points(live->overview));
    for (size_t m = 0; begun && !live->swept_count && m < live->metric_count; m++) {
        char *estimate = estimate_text(&points->metrics[m]);
        if (*estimate)
            g_string_append_printf(out, "; %s %s", metrics[live->metrics[m]].name, estimate);
        g_free(estimate);
    }
    if (live->unattended)
        g_string_append(out, "; " UNATTENDED);
}
