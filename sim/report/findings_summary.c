/* SPDX-License-Identifier: MIT */
#include "base/stop_rule.h"
#include "experiment/results.h"
#include "report/findings_parts.h"
#include "report/rows.h"

#include <math.h>
#include <string.h>

enum { POINT, METRIC, N, MEAN, DEVIATION, LOW, HIGH, METHOD, P05, P50, P95, STOP };
static const char *const columns[] = {"point",     "metric", "n",   "mean", "sd",   "ci_lo", "ci_hi",
                                      "ci_method", "p05",    "p50", "p95",  "stop", NULL};

static struct finding read_finding(struct rows *rows)
{
    struct finding finding = {
        .n = rows_number(rows, N),
        .mean = rows_real(rows, MEAN),
        .deviation = rows_real(rows, DEVIATION),
        .low = rows_real(rows, LOW),
        .high = rows_real(rows, HIGH),
        .p05 = rows_real(rows, P05),
        .p50 = rows_real(rows, P50),
        .p95 = rows_real(rows, P95),
    };
    g_strlcpy(finding.method, rows_text(rows, METHOD), sizeof finding.method);
    return finding;
}

static void add_to_range(struct findings_range *range, const struct finding *finding, size_t place)
{
    if (finding->n == 0 || isnan(finding->mean))
        return;
    if (range->points == 0 || finding->mean < range->least.mean) {
        range->least = *finding;
        range->least_at = place;
    }
    if (range->points == 0 || finding->mean > range->most.mean) {
        range->most = *finding;
        range->most_at = place;
    }
    range->runs_least = range->points ? MIN(range->runs_least, finding->n) : finding->n;
    range->runs_most = MAX(range->runs_most, finding->n);
    range->points++;
}

/* Earlier versions did not say why points had no more runs. */
static struct rows *open_summary(struct findings *findings, bool *has_stop, GError **error)
{
    static const char *earlier[G_N_ELEMENTS(columns) - 1];
    struct rows *rows = findings_open_table(findings, RESULTS_SUMMARY, columns, NULL);
    *has_stop = rows != NULL;
    if (rows)
        return rows;
    memcpy(earlier, columns, STOP * sizeof *columns);
    return findings_open_table(findings, RESULTS_SUMMARY, earlier, error);
}

static double relative_half_width(const struct finding *finding)
{
    double half_width = fmax(finding->mean - finding->low, finding->high - finding->mean) / fabs(finding->mean);
    return isfinite(half_width) ? half_width : 0;
}

static void count_stop(struct findings *findings, const struct rows *rows, const struct finding *finding)
{
    if (rows_equal(rows, STOP, stop_decision_name(STOP_MOST))) {
        findings->stopped_at_most++;
        findings->stopped_widest = fmax(findings->stopped_widest, relative_half_width(finding));
    }
    findings->stopped_failed += rows_equal(rows, STOP, stop_decision_name(STOP_FAILED));
}

bool findings_read_summary(struct findings *findings, GError **error)
{
    bool has_stop;
    struct rows *rows = open_summary(findings, &has_stop, error);
    if (!rows)
        return false;
    size_t place = 0;
    while (rows_next(rows)) {
        enum metric_id metric = metric_find(rows_text(rows, METRIC));
        place = findings_place(findings, rows_number(rows, POINT), place);
        if (metric == METRICS || place == findings->table.points.count)
            continue; /* proportions of verdicts: runs.csv has their counts */
        struct finding finding = read_finding(rows);
        if (has_stop)
            count_stop(findings, rows, &finding);
        if (place < findings->points.count)
            findings->points.at[place].metrics[metric] = finding;
        add_to_range(&findings->ranges[metric], &finding, place);
    }
    return rows_close(rows, error);
}
