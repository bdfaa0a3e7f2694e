/* SPDX-License-Identifier: MIT */
#include "experiment/point_tally.h"

#include "base/statistics.h"

#include <math.h>

void point_tally_begin(struct point_tally *tally, uint64_t point)
{
    for (int m = 0; m < METRICS; m++)
        vector_clear(&tally->metrics[m]);
    tally->point = point;
    tally->runs = tally->fine = 0;
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
}

static void add_shares(struct point_tally *tally, const struct run_shares *shares)
{
    tally->share_count = MAX(tally->share_count, shares->count);
    for (uint32_t s = 0; s < MIN(shares->count, RUN_SHARES_MOST); s++)
        if (!shares->realised[s].units && !tally->shares[s].empty++)
            tally->shares[s].first = shares->realised[s];
}

void point_tally_add(struct point_tally *tally, const struct run_record *record)
{
    tally->runs++;
    if (record->status != RUN_FINE) {
        if (tally->runs - tally->fine == 1)
            tally->first_failure = *record;
        return;
    }
    tally->fine++;
    add_shares(tally, &record->shares);
    for (int m = 0; m < METRICS; m++)
        if (!isnan(record->metrics[m]))
            vector_push(&tally->metrics[m], record->metrics[m]);
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
    double *values = g_memdup2(tally->metrics[metric].at, count * sizeof *values);
    *summary = (struct summary){
        .n = count,
        .mean = statistics_mean(values, count),
        .deviation = statistics_deviation(values, count),
        .interval = interval_of_mean(values, count),
    };
    statistics_sort(values, count);
    summary->p05 = statistics_quantile(values, count, 0.05);
    summary->p50 = statistics_quantile(values, count, 0.5);
    summary->p95 = statistics_quantile(values, count, 0.95);
    summary->interval_p05 = interval_of_quantile(values, count, 0.05);
    summary->interval_p50 = interval_of_quantile(values, count, 0.5);
    summary->interval_p95 = interval_of_quantile(values, count, 0.95);
    g_free(values);
}
