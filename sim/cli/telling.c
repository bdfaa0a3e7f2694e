/* SPDX-License-Identifier: MIT */
#include "cli/telling_inside.h"

#include <stdio.h>
#include <string.h>

struct telling *telling_new(const struct cli *cli, const struct scenario *scenario)
{
    struct telling *telling = g_new0(struct telling, 1);
    telling->cli = cli;
    telling->scenario = scenario;
    telling->settings = root_experiment(&cli->root, scenario_values(scenario));
    telling->warnings = warnings_new(scenario);
    telling->stops = stops_new(scenario, telling->settings);
    telling->judged = g_new0(struct judged, MAX(telling->settings->expect.count, 1));
    return telling;
}

void telling_free(struct telling *telling)
{
    vector_release(&telling->points);
    g_free(telling->judged);
    warnings_free(telling->warnings);
    stops_free(telling->stops);
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
    stops_note(telling->stops, tally);
    warm_up_tally_add(&telling->warm_up, &tally->warm_up);
    if (telling->points.count == POINTS_TOLD)
        return;
    struct noted noted = {.point = tally->point, .runs = tally->runs, .fine = tally->fine};
    for (int m = 0; m < METRICS; m++)
        point_tally_summary(tally, (enum metric_id)m, &noted.metrics[m]);
    memcpy(noted.series, tally->series, sizeof noted.series);
    vector_push(&telling->points, noted);
}

/* Telling. */

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

static void tell_failures(const struct telling *telling)
{
    for (unsigned f = 0; f < MIN(telling->failures, FAILURES_TOLD); f++)
        fprintf(stderr, "posim: %s\n", telling->failed[f]);
    if (telling->failures > FAILURES_TOLD)
        fprintf(stderr, "posim: and at %u more points; runs.csv has each\n", telling->failures - FAILURES_TOLD);
}

static bool all_met(const struct telling *telling)
{
    for (size_t i = 0; i < telling->settings->expect.count; i++)
        if (telling->judged[i].met < telling->judged[i].points)
            return false;
    return true;
}

int telling_tell(const struct telling *telling, const struct experiment *experiment, bool json)
{
    tell_failures(telling);
    warnings_tell(telling->warnings, experiment->name);
    stops_tell(telling->stops, experiment->name);
    if (json)
        telling_tell_json(telling, experiment);
    else
        telling_tell_people(telling, experiment);
    return experiment->failed ? EXIT_RUNS_FAILED : all_met(telling) ? EXIT_FINE : EXIT_EXPECTATION;
}
