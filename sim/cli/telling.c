/* SPDX-License-Identifier: MIT */
#include "cli/telling.h"

#include "base/vector.h"
#include "cli/warnings.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    POINTS_TOLD = 24,
    COLUMNS_TOLD = 4,
    FAILURES_TOLD = 5,
    SWEPT_MOST = 64,
};

/* A point as it is shown. */
struct noted {
    uint64_t point;
    uint64_t runs, fine;
    struct summary metrics[METRICS];
    struct series_mean series[METRIC_SERIES]; /* of its one run */
};

/* What an expectation came to over all points. */
struct judged {
    uint64_t points, met;
    struct expectation_result first; /* not met, or else of the first point */
    uint64_t first_point;
};

struct telling {
    const struct cli *cli;
    const struct scenario *scenario;
    const struct experiment_settings *settings;
    VECTOR(struct noted) points; /* POINTS_TOLD at most */
    uint64_t verdicts[VERDICTS][VERDICT_STATUSES];
    struct judged_time times[VERDICTS];
    char violations[VERDICTS][480]; /* the first one */
    struct judged *judged;          /* by expectation */
    unsigned failures;
    char failed[FAILURES_TOLD][480];
    struct warm_up_tally warm_up;
    struct warnings *warnings;
};

struct telling *telling_new(const struct cli *cli, const struct scenario *scenario)
{
    struct telling *telling = g_new0(struct telling, 1);
    telling->cli = cli;
    telling->scenario = scenario;
    telling->settings = root_experiment(&cli->root, scenario_values(scenario));
    telling->warnings = warnings_new(scenario);
    telling->judged = g_new0(struct judged, MAX(telling->settings->expect.count, 1));
    return telling;
}

void telling_free(struct telling *telling)
{
    vector_release(&telling->points);
    g_free(telling->judged);
    warnings_free(telling->warnings);
    g_free(telling);
}

/* Taking note. */

static void note_failure(struct telling *telling, const struct point_tally *tally)
{
    if (tally->fine == tally->runs)
        return;
    if (telling->failures < FAILURES_TOLD) {
        const struct run_record *record = &tally->first_failure;
        char *more = tally->runs - tally->fine > 1
                         ? g_strdup_printf(", and %" G_GUINT64_FORMAT " more there", tally->runs - tally->fine - 1)
                         : g_strdup("");
        g_snprintf(telling->failed[telling->failures], sizeof telling->failed[0],
                   "run %" G_GUINT64_FORMAT "-%u failed%s: %s", record->job.point, record->job.replication, more,
                   record->message);
        g_free(more);
    }
    telling->failures++;
}

static void note_verdicts(struct telling *telling, const struct point_tally *tally)
{
    for (int v = 0; v < VERDICTS; v++) {
        if (tally->verdicts[v][VERDICT_FAIL] && !telling->violations[v][0]) {
            char *where = cli_name_point(telling->scenario, tally->point);
            g_snprintf(telling->violations[v], sizeof telling->violations[v], "%s%s", where, tally->violations[v].text);
            g_free(where);
        }
        for (int status = 0; status < VERDICT_STATUSES; status++)
            telling->verdicts[v][status] += tally->verdicts[v][status];
        telling->times[v].ns += tally->judged[v].ns;
        telling->times[v].of_ns += tally->judged[v].of_ns;
    }
}

static void note_expectations(struct telling *telling, const struct point_tally *tally)
{
    for (size_t i = 0; i < telling->settings->expect.count; i++) {
        struct judged *judged = &telling->judged[i];
        struct expectation_result result;
        expectation_judge(&((const struct expectation *)telling->settings->expect.items)[i], tally, &result);
        bool first_unmet = !result.met && judged->met == judged->points;
        if (judged->points == 0 || first_unmet) {
            judged->first = result;
            judged->first_point = tally->point;
        }
        judged->points++;
        judged->met += result.met;
    }
}

void telling_note(void *user, const struct point_tally *tally)
{
    struct telling *telling = user;
    note_failure(telling, tally);
    note_verdicts(telling, tally);
    note_expectations(telling, tally);
    warnings_note(telling->warnings, tally);
    warm_up_tally_add(&telling->warm_up, &tally->warm_up);
    if (telling->points.count == POINTS_TOLD)
        return;
    struct noted noted = {.point = tally->point, .runs = tally->runs, .fine = tally->fine};
    for (int m = 0; m < METRICS; m++)
        point_tally_summary(tally, (enum metric_id)m, &noted.metrics[m]);
    memcpy(noted.series, tally->series, sizeof noted.series);
    vector_push(&telling->points, noted);
}

/* Telling people. */

static void tell_failures(const struct telling *telling)
{
    for (unsigned f = 0; f < MIN(telling->failures, FAILURES_TOLD); f++)
        fprintf(stderr, "posim: %s\n", telling->failed[f]);
    if (telling->failures > FAILURES_TOLD)
        fprintf(stderr, "posim: and at %u more points; runs.csv has each\n", telling->failures - FAILURES_TOLD);
}

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

static void choose(enum metric_id metric, enum metric_id *chosen, size_t most, size_t *count)
{
    for (size_t c = 0; c < *count; c++)
        if (chosen[c] == metric)
            return;
    if (*count < most)
        chosen[(*count)++] = metric;
}

size_t telling_choose(const struct experiment_settings *settings, enum metric_id *chosen, size_t most)
{
    static const enum metric_id usual[] = {METRIC_FINALITY_LAST_P50, METRIC_BLOCK_INTERVAL, METRIC_ORPHAN_RATE,
                                           METRIC_MESSAGES};
    size_t count = 0;
    if (settings->replicate.until.metric >= 0)
        choose((enum metric_id)settings->replicate.until.metric, chosen, most, &count);
    for (size_t i = 0; i < settings->expect.count; i++)
        choose((enum metric_id)((const struct expectation *)settings->expect.items)[i].metric, chosen, most, &count);
    for (size_t u = 0; u < G_N_ELEMENTS(usual); u++)
        choose(usual[u], chosen, most, &count);
    return count;
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

static bool tell_expectations(const struct telling *telling, bool quiet)
{
    bool all_met = true;
    for (size_t i = 0; i < telling->settings->expect.count; i++) {
        const struct judged *judged = &telling->judged[i];
        const struct expectation *expectation = judged->first.expectation;
        bool met = judged->met == judged->points;
        all_met &= met;
        if (quiet)
            continue;
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
    return all_met;
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

static void tell_people(const struct telling *telling, const struct experiment *experiment)
{
    printf("%s: ", experiment->name);
    if (experiment->points > 1)
        printf("%" G_GUINT64_FORMAT " points, ", experiment->points);
    printf("%" G_GUINT64_FORMAT " run%s, seed %" G_GUINT64_FORMAT ", results in %s\n\n", experiment->runs,
           experiment->runs == 1 ? "" : "s", experiment->seed, experiment->folder);
    if (experiment->failed == experiment->runs) {
        puts("  no run finished");
        return;
    }
    tell_verdicts(telling);
    if (scenario_swept(telling->scenario, NULL, 0))
        tell_points(telling, experiment);
    else
        tell_metrics(&telling->points.at[0]);
    tell_warm_up(telling);
}

/* Telling programs. */

static void set_number(JsonBuilder *builder, const char *name, double value)
{
    json_builder_set_member_name(builder, name);
    if (isnan(value))
        json_builder_add_null_value(builder);
    else
        json_builder_add_double_value(builder, value);
}

static void set_text(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

static void add_verdicts(JsonBuilder *builder, const struct telling *telling)
{
    json_builder_set_member_name(builder, "verdicts");
    json_builder_begin_object(builder);
    for (int v = 0; v < VERDICTS; v++) {
        json_builder_set_member_name(builder, run_verdict_name((enum verdict_id)v));
        json_builder_begin_object(builder);
        set_number(builder, "held", (double)telling->verdicts[v][VERDICT_PASS]);
        set_number(builder, "violated", (double)telling->verdicts[v][VERDICT_FAIL]);
        if (telling->times[v].of_ns)
            set_number(builder, "judged_share", (double)telling->times[v].ns / (double)telling->times[v].of_ns);
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void add_metrics(JsonBuilder *builder, const struct noted *noted)
{
    json_builder_set_member_name(builder, "metrics");
    json_builder_begin_object(builder);
    for (int m = 0; m < METRICS; m++) {
        const struct summary *summary = &noted->metrics[m];
        json_builder_set_member_name(builder, metrics[m].name);
        json_builder_begin_object(builder);
        set_number(builder, "n", (double)summary->n);
        set_number(builder, "mean", summary->mean);
        set_number(builder, "sd", summary->deviation);
        set_number(builder, "ci_lo", summary->interval.low);
        set_number(builder, "ci_hi", summary->interval.high);
        set_text(builder, "ci_method", interval_method_name(summary->interval.method));
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void tell_json(const struct telling *telling, const struct experiment *experiment)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    set_text(builder, "name", experiment->name);
    set_text(builder, "results", experiment->folder);
    set_number(builder, "points", (double)experiment->points);
    set_number(builder, "runs", (double)experiment->runs);
    set_number(builder, "failed", (double)experiment->failed);
    add_verdicts(builder, telling);
    if (experiment->points == 1)
        add_metrics(builder, &telling->points.at[0]);
    json_builder_end_object(builder);
    JsonGenerator *generator = json_generator_new();
    JsonNode *node = json_builder_get_root(builder);
    json_generator_set_root(generator, node);
    json_generator_set_pretty(generator, TRUE);
    char *text = json_generator_to_data(generator, NULL);
    puts(text);
    g_free(text);
    json_node_free(node);
    g_object_unref(generator);
    g_object_unref(builder);
}

int telling_tell(const struct telling *telling, const struct experiment *experiment, bool json)
{
    tell_failures(telling);
    warnings_tell(telling->warnings, experiment->name);
    if (json)
        tell_json(telling, experiment);
    else
        tell_people(telling, experiment);
    bool met = tell_expectations(telling, json);
    return experiment->failed ? EXIT_RUNS_FAILED : met ? EXIT_FINE : EXIT_EXPECTATION;
}
