/* SPDX-License-Identifier: MIT */
/* What results do not say, as far as it can be told from them. */
#include "report/words.h"

#include "base/interval.h"
#include "base/stop_rule.h"

#include <math.h>
#include <string.h>

static void add(GPtrArray *limits, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add(GPtrArray *limits, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(limits, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void add_runs(GPtrArray *limits, const struct findings *findings)
{
    bool swept = findings->table.points.count > 1;
    const char *where = swept ? " at each point" : "";
    uint64_t fewest = findings->fewest_runs;
    if (fewest == 1)
        add(limits,
            "There is one run%s: of its numbers only means over its course can have intervals (batch means, where it "
            "is "
            "long and steady enough), another seed may give others, and how often a verdict holds is not known.",
            where);
    else if (fewest < INTERVAL_FEWEST_MEAN)
        add(limits, "With %" G_GUINT64_FORMAT " runs%s means have no intervals; %d are the fewest that give one.%s",
            fewest, where, INTERVAL_FEWEST_MEAN,
            fewest <= 3 ? " So few bound nothing on how often a verdict is violated." : ""); /* 3/N is all of them */
    else
        add(limits,
            "Each interval holds its true value in at least 93 of 100 experiments (95 is what it aims at), so of many "
            "on a page some miss%s.",
            swept ? "; whether two points differ is a question for posim compare, which corrects for that" : "");
}

static void add_failures(GPtrArray *limits, const struct findings *findings)
{
    if (!findings->failed)
        return;
    char *runs = words_count(findings->runs, "run");
    add(limits,
        "%" G_GUINT64_FORMAT " of %s failed and %s in no number here; the first is run %" G_GUINT64_FORMAT "-%u%s%s.",
        findings->failed, runs, findings->failed == 1 ? "is" : "are", findings->failure_point,
        findings->failure_replication, findings->failure ? ": " : "", findings->failure ? findings->failure : "");
    g_free(runs);
}

/* "At 1 of 2 points "; "" where there is one. */
static char *where_stopped(const struct findings *findings)
{
    size_t all = findings->table.points.count;
    if (all == 1)
        return g_strdup("");
    char *points = words_count(all, "point");
    char *text = g_strdup_printf("At %" G_GUINT64_FORMAT " of %s ", findings->stopped_at_most, points);
    g_free(points);
    return text;
}

/* ", where its 95 % interval reaches 4.1 % from the mean"; "" where there is no interval. */
static char *width_of(const struct findings *findings)
{
    double widest = findings->stopped_widest;
    return widest > 0 ? g_strdup_printf(", where its 95 %% interval reaches %s%.3g %% from the mean",
                                        findings->stopped_at_most > 1 ? "up to " : "", 100 * widest)
                      : g_strdup("");
}

/* What replicate.until was to make sure of, and did not. */
static void add_stops(GPtrArray *limits, const struct findings *findings)
{
    const struct until_settings *until = findings->settings ? &findings->settings->replicate.until : NULL;
    if (!until || until->metric < 0)
        return;
    const char *metric = metrics[until->metric].name;
    double wanted = 100 * (double)until->relative_halfwidth.numerator / (double)until->relative_halfwidth.denominator;
    char *points = words_count(findings->table.points.count, "point");
    if (findings->stopped_at_most) {
        char *most = words_number((double)until->maximum), *where = where_stopped(findings),
             *width = width_of(findings);
        add(limits,
            "%s%s was not known to within %.3g %% at %d looks in a row, as was asked for: replicate.until ended at the "
            "%s runs that are allowed%s.",
            where, metric, wanted, STOP_IN_A_ROW, most, width);
        g_free(width);
        g_free(where);
        g_free(most);
    }
    if (findings->stopped_failed)
        add(limits,
            "At %" G_GUINT64_FORMAT " of %s all runs of the first batch failed, so replicate.until asked for no more.",
            findings->stopped_failed, points);
    g_free(points);
}

static void add_censored(GPtrArray *limits, const struct findings *findings)
{
    const struct findings_range *range = &findings->ranges[METRIC_CENSORED_BLOCKS];
    if (!range->points || !(range->most.mean > 0))
        return;
    char *blocks = words_number(range->most.mean);
    add(limits,
        "Up to %s blocks a run (mean) were not final when it ended. Times to finality count them as censored "
        "(Kaplan-Meier): they are not left out, but how long they would have taken is not known.",
        blocks);
    g_free(blocks);
}

/* A metric that is expected, or finality, and has no value in some runs. */
static void add_missing(GPtrArray *limits, const struct findings *findings)
{
    enum metric_id keys[8];
    size_t count = findings_key_metrics(findings, keys, G_N_ELEMENTS(keys));
    uint64_t fine = findings->most_runs;
    for (size_t k = 0; k < count && !findings->failed; k++) {
        const struct findings_range *range = &findings->ranges[keys[k]];
        bool at_every_point = range->points == findings->table.points.count;
        if (at_every_point && (range->runs_least == fine || range->runs_least >= findings->fewest_runs))
            continue;
        char *label = label_metric(metrics[keys[k]].name);
        add(limits, "%s has no value in some runs, which are left out of its mean: it is there %s.", label,
            metrics[keys[k]].applies);
        g_free(label);
    }
}

static void add_claims(GPtrArray *limits, const struct findings *findings)
{
    size_t open = 0;
    for (size_t c = 0; c < findings->claims.count; c++)
        open += findings->claims.at[c].statuses[CLAIM_INCONCLUSIVE] > 0;
    if (open)
        add(limits,
            "Expectations are met by the mean. For %zu of them the interval at 99 %% crosses a bound somewhere, or "
            "there is none, so more runs could decide otherwise.",
            open);
}

static void add_scenario(GPtrArray *limits, const struct findings *findings)
{
    if (!findings->scenario) {
        add(limits, "The scenario beside these results could not be read by this version of posim, so what it asked "
                    "and expected is not told.");
        return;
    }
    const struct world_settings *world = root_world(scenario_values(findings->scenario));
    if (world->time.warmup_ns > 0)
        add(limits, "Blocks proposed during the warm-up (%g s) do not count for metrics.",
            (double)world->time.warmup_ns / (double)SECOND);
    if (findings->settings->replicate.until.relative_halfwidth.denominator)
        add(limits, "How many runs there are was decided by a rule (replicate.until), which watches one metric.");
    if (world->adversary.variant || world->behaviours.count)
        add(limits, "Who misbehaves does what the scenario says. That it does no harm proves nothing about a cleverer "
                    "adversary.");
    add(limits, "What the model of the protocol or of the network leaves out cannot go wrong here; posim's README and "
                "that of each protocol list it.");
}

static void add_shares(GPtrArray *limits, const struct findings *findings)
{
    for (size_t s = 0; s < findings->shares.count; s++) {
        const struct findings_share *share = &findings->shares.at[s];
        if (!share->runs || share->most > 0)
            continue;
        char *name = words_share(share->column);
        add(limits, "The %s came to nothing in every run.", name);
        g_free(name);
    }
}

GPtrArray *words_limits(const struct findings *findings)
{
    GPtrArray *limits = g_ptr_array_new_with_free_func(g_free);
    add_runs(limits, findings);
    add_failures(limits, findings);
    add_stops(limits, findings);
    add_censored(limits, findings);
    add_missing(limits, findings);
    add_claims(limits, findings);
    add_shares(limits, findings);
    add_scenario(limits, findings);
    return limits;
}
