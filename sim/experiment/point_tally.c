/* SPDX-License-Identifier: MIT */
#include "experiment/point_tally.h"

#include "base/statistics.h"

#include <math.h>
#include <string.h>

void point_tally_begin(struct point_tally *tally, uint64_t point)
{
    for (int m = 0; m < METRICS; m++)
        vector_clear(&tally->metrics[m]);
    for (int m = 0; m < METRICS; m++)
        running_mean_clear(&tally->means[m]);
    for (int s = 0; s < METRIC_SERIES; s++)
        tally->series[s] = series_mean_none();
    tally->warm_up = (struct warm_up_tally){0};
    tally->point = point;
    tally->runs = tally->fine = 0;
    tally->stop = STOP_NOT_YET;
    *tally->notes = '\0';
    tally->share_count = 0;
    for (int s = 0; s < RUN_SHARES_MOST; s++)
        tally->shares[s] = (struct share_tally){0};
    for (int v = 0; v < VERDICTS; v++) {
        tally->violations[v] = (struct run_verdict){0};
        tally->judged[v] = (struct judged_time){0};
        for (int status = 0; status < VERDICT_STATUSES; status++)
            tally->verdicts[v][status] = 0;
    }
}

void point_tally_release(struct point_tally *tally)
{
    for (int m = 0; m < METRICS; m++)
        vector_release(&tally->metrics[m]);
    for (int m = 0; m < METRICS; m++)
        running_mean_release(&tally->means[m]);
}

static void add_shares(struct point_tally *tally, const struct run_shares *shares)
{
    tally->share_count = MAX(tally->share_count, shares->count);
    for (uint32_t s = 0; s < MIN(shares->count, RUN_SHARES_MOST); s++)
        if (!shares->realised[s].units && !tally->shares[s].empty++)
            tally->shares[s].first = shares->realised[s];
}

static void add_late(struct warm_up_tally *tally, const struct late_warm_up *late)
{
    if (tally->late == 0 || late->until_ns > tally->latest.until_ns)
        tally->latest = *late;
}

static void add_warm_ups(struct warm_up_tally *tally, const struct run_record *record)
{
    for (int s = SERIES_NONE + 1; s < METRIC_SERIES; s++) {
        const struct series_mean *series = &record->values.series[s];
        tally->series += series_mean_is_telling(series);
        if (!series_mean_warms_up(series))
            continue;
        struct late_warm_up late = {metric_of_series((enum metric_series)s), record->job, series->warm_up_ns};
        add_late(tally, &late);
        tally->late++;
    }
}

void warm_up_tally_add(struct warm_up_tally *tally, const struct warm_up_tally *other)
{
    if (other->late)
        add_late(tally, &other->latest);
    tally->series += other->series;
    tally->late += other->late;
}

void point_tally_add(struct point_tally *tally, const struct run_record *record)
{
    tally->runs++;
    if (record->status != RUN_FINE) {
        if (tally->runs - tally->fine == 1)
            tally->first_failure = *record;
        return;
    }
    if (tally->fine++ == 0)
        memcpy(tally->notes, record->notes, sizeof tally->notes);
    add_shares(tally, &record->shares);
    for (int m = 0; m < METRICS; m++) {
        if (isnan(record->values.metrics[m]))
            continue;
        vector_push(&tally->metrics[m], record->values.metrics[m]);
        struct metric_sample sample = metric_sample_of(&record->values, (enum metric_id)m);
        metric_sample_add(&sample, &tally->means[m]);
    }
    if (tally->fine == 1)
        memcpy(tally->series, record->values.series, sizeof tally->series);
    add_warm_ups(&tally->warm_up, record);
    for (int v = 0; v < VERDICTS; v++) {
        const struct run_verdict *verdict = &record->verdicts[v];
        tally->verdicts[v][verdict->status]++;
        tally->judged[v].ns += verdict->judged.numerator;
        tally->judged[v].of_ns += verdict->judged.denominator;
        if (verdict->status == VERDICT_FAIL && tally->verdicts[v][VERDICT_FAIL] == 1)
            tally->violations[v] = *verdict;
    }
}

void point_tally_summary(const struct point_tally *tally, enum metric_id metric, struct summary *summary)
{
    size_t count = tally->metrics[metric].count;
    const struct series_mean *series = &tally->series[metrics[metric].series];
    double *values = g_memdup2(tally->metrics[metric].at, count * sizeof *values);
    *summary = (struct summary){
        .n = count,
        .mean = statistics_mean(values, count),
        .deviation = statistics_deviation(values, count),
        .interval = running_mean_interval(&tally->means[metric], 0.95),
    };
    if (count && metric_is_ratio(metric))
        summary->mean = running_mean_value(&tally->means[metric]);
    if (count == 1 && tally->runs == 1 && series->verdict == STEADY) {
        summary->mean = series->mean;
        summary->interval = series_mean_interval(series);
    }
    statistics_sort(values, count);
    summary->p05 = statistics_quantile(values, count, 0.05);
    summary->p50 = statistics_quantile(values, count, 0.5);
    summary->p95 = statistics_quantile(values, count, 0.95);
    summary->interval_p05 = interval_of_quantile(values, count, 0.05);
    summary->interval_p50 = interval_of_quantile(values, count, 0.5);
    summary->interval_p95 = interval_of_quantile(values, count, 0.95);
    g_free(values);
}
