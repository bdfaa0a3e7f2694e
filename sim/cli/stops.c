/* SPDX-License-Identifier: MIT */
#include "cli/stops.h"

#include "base/vector.h"
#include "cli/cli.h"
#include "experiment/plan.h"

#include <math.h>
#include <stdio.h>

enum { POINTS_TOLD = 5 };

/* A point that stopped too early for its metric. */
struct stopped {
    uint64_t point, runs, values;
    enum stop_decision decision;
    double mean, half_width; /* relative, as a share */
};

struct stops {
    const struct scenario *scenario;
    const struct until_settings *until;
    bool has_rule;
    struct stop_rule rule;
    VECTOR(struct stopped) told; /* POINTS_TOLD at most */
    uint64_t counts[STOP_DECISIONS];
};

struct stops *stops_new(const struct scenario *scenario, const struct experiment_settings *settings)
{
    struct stops *stops = g_new0(struct stops, 1);
    uint32_t first_asked;
    stops->scenario = scenario;
    stops->until = &settings->replicate.until;
    stops->has_rule = plan_stop_rule(settings, &stops->rule, &first_asked);
    return stops;
}

void stops_free(struct stops *stops)
{
    if (!stops)
        return;
    vector_release(&stops->told);
    g_free(stops);
}

void stops_note(struct stops *stops, const struct point_tally *tally)
{
    if (!stops->has_rule)
        return;
    stops->counts[tally->stop]++;
    if (tally->stop == STOP_PRECISE || tally->stop == STOP_NOT_YET || stops->told.count == POINTS_TOLD)
        return;
    const struct running_mean *estimate = &tally->means[stops->until->metric];
    struct stopped stopped = {
        .point = tally->point,
        .runs = tally->runs,
        .values = running_mean_count(estimate),
        .decision = tally->stop,
        .mean = running_mean_value(estimate),
        .half_width = stop_relative_half_width(estimate, stops->rule.confidence),
    };
    vector_push(&stops->told, stopped);
}

static void tell_half_width(const struct stops *stops, const struct stopped *stopped)
{
    const char *metric = metrics[stops->until->metric].name;
    double wanted = stops->rule.relative_half_width;
    if (stopped->values == 0)
        fprintf(stderr, "%s has no value in any of them", metric);
    else if (!(fabs(stopped->mean) > 0))
        fprintf(stderr, "the mean of %s is 0, and no interval is narrow beside 0", metric);
    else if (isnan(stopped->half_width))
        fprintf(stderr, "%" G_GUINT64_FORMAT " with a value of %s, all alike, are too few to know it to within %.3g %%",
                stopped->values, metric, 100 * wanted);
    else if (stopped->half_width <= wanted)
        fprintf(stderr, "%s is known to within %.3g %% of its mean, but was not to within %.3g %% at %d looks in a row",
                metric, 100 * stopped->half_width, 100 * wanted, STOP_IN_A_ROW);
    else
        fprintf(stderr, "%s is known to within %.3g %% of its mean, not %.3g %%", metric, 100 * stopped->half_width,
                100 * wanted);
}

static void tell_one(const struct stops *stops, const struct stopped *stopped, const char *about)
{
    char *where = cli_name_point(stops->scenario, stopped->point);
    fprintf(stderr, "%s: %s", about, where);
    if (stopped->decision == STOP_FAILED) {
        fprintf(stderr, "replicate.until ended after %" G_GUINT64_FORMAT " runs, all of which failed", stopped->runs);
    } else {
        fprintf(stderr, "replicate.until ended at `max`, %" G_GUINT64_FORMAT " runs: ", stopped->runs);
        tell_half_width(stops, stopped);
    }
    fputc('\n', stderr);
    g_free(where);
}

void stops_tell(const struct stops *stops, const char *about)
{
    uint64_t all = stops->counts[STOP_MOST] + stops->counts[STOP_FAILED];
    for (size_t s = 0; s < stops->told.count; s++)
        tell_one(stops, &stops->told.at[s], about);
    if (all > stops->told.count)
        fprintf(stderr, "%s: and so at %" G_GUINT64_FORMAT " more points; summary.csv says `stop` of each\n", about,
                all - (uint64_t)stops->told.count);
}

uint64_t stops_count(const struct stops *stops, enum stop_decision decision)
{
    return stops->counts[decision];
}

void stops_warn(const struct experiment_settings *settings, const char *about)
{
    const struct until_settings *until = &settings->replicate.until;
    struct stop_rule rule;
    uint32_t first_asked;
    if (!plan_stop_rule(settings, &rule, &first_asked))
        return;
    if (!stop_rule_can_hold(&rule))
        fprintf(stderr,
                "%s: warning: `replicate.until` always ends at `max`, %" G_GINT64_FORMAT
                " runs: an interval must be narrow at %d looks in a row, one every %d runs\n",
                about, until->maximum, STOP_IN_A_ROW, STOP_BATCH);
    else if (metrics[until->metric].may_be_zero)
        fprintf(stderr,
                "%s: warning: %s may be 0 in every run of a point, and no interval is narrow beside a mean of 0: "
                "`replicate.until` then ends at `max`, %" G_GINT64_FORMAT " runs\n",
                about, metrics[until->metric].name, until->maximum);
}
