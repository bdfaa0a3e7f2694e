/* SPDX-License-Identifier: MIT */
#include "experiment/results.h"
#include "experiment/run.h"
#include "experiment/shares.h"
#include "record/metrics.h"
#include "report/findings_parts.h"
#include "report/rows.h"

#include <math.h>
#include <string.h>

/* Of the columns that all runs have; those of shares and of claims' metrics follow. */
enum { POINT, REPLICATION, STATUS, SIMULATED, JUDGED, VERDICT, SHARE = VERDICT + VERDICTS };

/* Of each claim. */
enum { CLAIM_VALUE, CLAIM_NUMERATOR, CLAIM_DENOMINATOR, CLAIM_COLUMNS };

/* What is being read: the runs of one point. */
struct reading {
    struct findings *findings;
    struct rows *rows;
    size_t claim; /* the column of the first */
    size_t place;
    uint64_t runs, failed;
    struct verdict_tally verdicts[VERDICTS];
};

/* The metric, and what it is a quotient of; itself again where it is none. */
static void choose_claim(const char **columns, enum metric_id metric)
{
    bool is_ratio = metric_is_ratio(metric);
    columns[CLAIM_VALUE] = metrics[metric].name;
    columns[CLAIM_NUMERATOR] = is_ratio ? metric_parts[metrics[metric].numerator].name : metrics[metric].name;
    columns[CLAIM_DENOMINATOR] = is_ratio ? metric_parts[metrics[metric].denominator].name : metrics[metric].name;
}

/* A column for each thing wanted, NULL-terminated; g_free the list, whose texts belong to others. */
static const char **choose_columns(const struct findings *findings, struct share_columns *shares)
{
    size_t count = shares ? share_columns_count(shares) : 0;
    const char **columns = g_new0(const char *, SHARE + count + CLAIM_COLUMNS * findings->claims.count + 1);
    columns[POINT] = "point";
    columns[REPLICATION] = "replication";
    columns[STATUS] = "status";
    columns[SIMULATED] = "simulated_s";
    columns[JUDGED] = "liveness_judged_share";
    for (int v = 0; v < VERDICTS; v++)
        columns[VERDICT + v] = run_verdict_name((enum verdict_id)v);
    for (size_t s = 0; s < count; s++)
        columns[SHARE + s] = share_columns_name(shares, s);
    for (size_t c = 0; c < findings->claims.count; c++)
        choose_claim(&columns[SHARE + count + CLAIM_COLUMNS * c],
                     (enum metric_id)findings->claims.at[c].expectation->metric);
    return columns;
}

static void add_verdict(struct verdict_tally *tally, const char *cell)
{
    tally->held += strcmp(cell, "pass") == 0;
    tally->violated += strcmp(cell, "fail") == 0;
    tally->open += strcmp(cell, "not applicable") == 0;
}

static void add_share(struct findings_share *share, double value)
{
    if (isnan(value))
        return;
    share->least = share->runs ? fmin(share->least, value) : value;
    share->most = share->runs ? fmax(share->most, value) : value;
    share->sum += value;
    share->runs++;
}

static void add_time(struct findings *findings, double simulated_s, double judged)
{
    if (isnan(simulated_s))
        return;
    bool is_first = findings->runs == findings->failed;
    findings->simulated_least_s = is_first ? simulated_s : fmin(findings->simulated_least_s, simulated_s);
    findings->simulated_most_s = is_first ? simulated_s : fmax(findings->simulated_most_s, simulated_s);
    if (!isnan(judged)) {
        findings->judged_s += judged * simulated_s;
        findings->judgeable_s += simulated_s;
    }
}

static void add_to_claim(struct findings_claim *claim, struct rows *rows, size_t column)
{
    struct metric_sample sample = metric_sample_none();
    sample.value = rows_real(rows, column + CLAIM_VALUE);
    if (metric_is_ratio((enum metric_id)claim->expectation->metric)) {
        sample.numerator = rows_real(rows, column + CLAIM_NUMERATOR);
        sample.denominator = rows_real(rows, column + CLAIM_DENOMINATOR);
    }
    metric_sample_add(&sample, &claim->mean);
}

static void add_run(struct reading *reading)
{
    struct findings *findings = reading->findings;
    struct rows *rows = reading->rows;
    bool is_fine = rows_equal(rows, STATUS, "fine");
    reading->runs++;
    reading->failed += !is_fine;
    if (is_fine)
        add_time(findings, rows_real(rows, SIMULATED), rows_real(rows, JUDGED));
    findings->runs++;
    findings->failed += !is_fine;
    for (int v = 0; v < VERDICTS; v++) {
        add_verdict(&reading->verdicts[v], rows_text(rows, VERDICT + v));
        struct findings_verdict *verdict = &findings->verdicts[v];
        if (reading->verdicts[v].violated && verdict->runs.violated == 0 && reading->verdicts[v].violated == 1 &&
            rows_equal(rows, VERDICT + v, "fail")) {
            verdict->first_point = rows_number(rows, POINT);
            verdict->first_replication = (uint32_t)rows_number(rows, REPLICATION);
        }
    }
    if (!is_fine && findings->failed == 1) {
        findings->failure_point = rows_number(rows, POINT);
        findings->failure_replication = (uint32_t)rows_number(rows, REPLICATION);
    }
    for (size_t s = 0; s < findings->shares.count; s++)
        add_share(&findings->shares.at[s], rows_real(rows, SHARE + s));
    for (size_t c = 0; c < findings->claims.count; c++)
        add_to_claim(&findings->claims.at[c], rows, reading->claim + CLAIM_COLUMNS * c);
}

static bool is_worse(const struct verdict_tally *one, const struct verdict_tally *other)
{
    uint64_t judged = one->held + one->violated, others = other->held + other->violated;
    return judged && (others == 0 || (double)one->violated * (double)others > (double)other->violated * (double)judged);
}

static void settle_verdict(struct findings_verdict *verdict, const struct verdict_tally *tally, size_t place)
{
    uint64_t judged = tally->held + tally->violated;
    verdict->runs.held += tally->held;
    verdict->runs.violated += tally->violated;
    verdict->runs.open += tally->open;
    verdict->points_violated += tally->violated > 0;
    if (judged) {
        verdict->fewest = verdict->points ? MIN(verdict->fewest, judged) : judged;
        verdict->points++;
    }
    if (is_worse(tally, &verdict->at_worst)) {
        verdict->at_worst = *tally;
        verdict->worst = place;
    }
}

/* All runs of the point have been read. */
static void settle(struct reading *reading)
{
    struct findings *findings = reading->findings;
    static const struct finding nothing = {.mean = NAN, .low = NAN, .high = NAN};
    if (reading->runs == 0)
        return;
    struct findings_point *point =
        reading->place < findings->points.count ? &findings->points.at[reading->place] : NULL;
    bool is_first = findings->runs == reading->runs;
    findings->fewest_runs = is_first ? reading->runs : MIN(findings->fewest_runs, reading->runs);
    findings->most_runs = MAX(findings->most_runs, reading->runs);
    for (int v = 0; v < VERDICTS; v++)
        settle_verdict(&findings->verdicts[v], &reading->verdicts[v], reading->place);
    for (size_t c = 0; c < findings->claims.count; c++) {
        struct findings_claim *claim = &findings->claims.at[c];
        findings_judge_claim(claim, reading->place, point ? &point->metrics[claim->expectation->metric] : &nothing);
    }
    if (point) {
        point->runs = reading->runs;
        point->failed = reading->failed;
        memcpy(point->verdicts, reading->verdicts, sizeof point->verdicts);
    }
    reading->runs = reading->failed = 0;
    memset(reading->verdicts, 0, sizeof reading->verdicts);
}

static void read_points(struct reading *reading)
{
    struct findings *findings = reading->findings;
    while (rows_next(reading->rows)) {
        size_t place = findings_place(findings, rows_number(reading->rows, POINT), reading->place);
        if (place == findings->table.points.count)
            continue;
        if (place != reading->place)
            settle(reading);
        reading->place = place;
        add_run(reading);
    }
    settle(reading);
}

bool findings_read_runs(struct findings *findings, GError **error)
{
    struct share_columns *shares = findings->scenario ? share_columns_new(findings->scenario) : NULL;
    const char **columns = choose_columns(findings, shares);
    for (size_t s = 0; shares && s < share_columns_count(shares); s++)
        vector_push(&findings->shares, (struct findings_share){.column = g_strdup(share_columns_name(shares, s))});
    struct rows *rows = findings_open_table(findings, RESULTS_RUNS, columns, error);
    bool fine = rows != NULL;
    if (fine) {
        struct reading reading = {.findings = findings, .rows = rows, .claim = SHARE + findings->shares.count};
        read_points(&reading);
        fine = rows_close(rows, error);
    }
    g_free(columns);
    share_columns_free(shares);
    return fine;
}
