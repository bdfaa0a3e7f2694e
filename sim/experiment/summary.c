/* SPDX-License-Identifier: MIT */
/* runs.csv, timing.csv and summary.csv, from the records of all runs in plan order. */
#include "base/statistics.h"
#include "experiment/results.h"

#include <math.h>

static void append_number(GString *text, double value)
{
    char printed[G_ASCII_DTOSTR_BUF_SIZE];
    if (isnan(value))
        g_string_append(text, "NA");
    else
        g_string_append(text, g_ascii_formatd(printed, sizeof printed, "%.9g", value));
}

static void append_header(GString *text, const char *const *share_names, uint32_t share_count)
{
    g_string_append(text, "point,replication,seed,status,stopped,events,simulated_s,trace_hash");
    for (uint32_t s = 0; s < share_count; s++)
        g_string_append_printf(text, ",share_%u_%s", s, share_names[s]);
    for (int v = 0; v < VERDICTS; v++)
        g_string_append_printf(text, ",%s", run_verdict_name((enum verdict_id)v));
    for (int m = 0; m < METRICS; m++)
        g_string_append_printf(text, ",%s", metrics[m].name);
    g_string_append_c(text, '\n');
}

static void append_run(GString *text, const struct run_record *record, uint64_t seed, uint32_t share_count)
{
    g_string_append_printf(text, "%" G_GUINT64_FORMAT ",%u,0x%016" G_GINT64_MODIFIER "x,%s,%s,", record->point,
                           record->replication, seed, record->status == RUN_FINE ? "fine" : "failed",
                           record->stopped[0] ? record->stopped : "NA");
    g_string_append_printf(text, "%" G_GUINT64_FORMAT ",", record->events);
    append_number(text, record->simulated_s);
    g_string_append_printf(text, ",%s", record->trace_hash[0] ? record->trace_hash : "NA");
    for (uint32_t s = 0; s < share_count; s++) {
        const struct ratio *share = &record->shares[s];
        g_string_append_c(text, ',');
        append_number(text, share->denominator ? (double)share->numerator / (double)share->denominator : NAN);
    }
    for (int v = 0; v < VERDICTS; v++)
        g_string_append_printf(text, ",%s",
                               record->status == RUN_FINE ? verdict_status_name(record->verdicts[v].status) : "NA");
    for (int m = 0; m < METRICS; m++) {
        g_string_append_c(text, ',');
        append_number(text, record->status == RUN_FINE ? record->metrics[m] : NAN);
    }
    g_string_append_c(text, '\n');
}

static char *runs_text(const struct run_record *records, uint64_t count, uint64_t seed, const char *const *share_names,
                       uint32_t share_count)
{
    GString *text = g_string_new(NULL);
    append_header(text, share_names, share_count);
    for (uint64_t r = 0; r < count; r++)
        append_run(text, &records[r], seed, share_count);
    return g_string_free(text, FALSE);
}

static char *timing_text(const struct run_record *records, uint64_t count)
{
    GString *text = g_string_new("point,replication,wall_s,memory_bytes\n");
    for (uint64_t r = 0; r < count; r++) {
        g_string_append_printf(text, "%" G_GUINT64_FORMAT ",%u,", records[r].point, records[r].replication);
        append_number(text, records[r].wall_s);
        g_string_append_printf(text, ",%" G_GUINT64_FORMAT "\n", records[r].memory_bytes);
    }
    return g_string_free(text, FALSE);
}

void summary_of(const struct run_record *records, uint64_t count, enum metric_id metric, struct summary *summary)
{
    double *values = g_new(double, MAX(count, 1));
    size_t n = 0;
    for (uint64_t r = 0; r < count; r++)
        if (records[r].status == RUN_FINE && !isnan(records[r].metrics[metric]))
            values[n++] = records[r].metrics[metric];
    struct confidence_interval interval = mean_interval(values, n, 0.95);
    *summary = (struct summary){
        .n = n,
        .mean = statistics_mean(values, n),
        .deviation = statistics_deviation(values, n),
        .low = interval.low,
        .high = interval.high,
    };
    statistics_sort(values, n);
    summary->p05 = statistics_quantile(values, n, 0.05);
    summary->p50 = statistics_quantile(values, n, 0.5);
    summary->p95 = statistics_quantile(values, n, 0.95);
    g_free(values);
}

static char *summary_text(const struct run_record *records, uint64_t count)
{
    GString *text = g_string_new("point,metric,unit,n,mean,sd,ci_lo,ci_hi,ci_method,p05,p50,p95\n");
    for (int m = 0; m < METRICS; m++) {
        const struct metric *info = &metrics[m];
        struct summary summary;
        summary_of(records, count, (enum metric_id)m, &summary);
        g_string_append_printf(text, "0,%s,%s,%zu", info->name, info->unit, summary.n);
        const double before[] = {summary.mean, summary.deviation, summary.low, summary.high};
        const double after[] = {summary.p05, summary.p50, summary.p95};
        for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
            g_string_append_c(text, ',');
            append_number(text, before[i]);
        }
        g_string_append(text, isnan(summary.low) ? ",NA" : ",t95");
        for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
            g_string_append_c(text, ',');
            append_number(text, after[i]);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

bool results_write_tables(const char *folder, const struct run_record *records, uint64_t count, uint64_t seed,
                          const char *const *share_names, uint32_t share_count, GError **error)
{
    char *runs = runs_text(records, count, seed, share_names, share_count);
    char *timing = timing_text(records, count);
    char *summary = summary_text(records, count);
    bool written = results_write_text(folder, "runs.csv", runs, error) &&
                   results_write_text(folder, "timing.csv", timing, error) &&
                   results_write_text(folder, "summary.csv", summary, error);
    g_free(runs);
    g_free(timing);
    g_free(summary);
    return written;
}
