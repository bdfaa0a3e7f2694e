/* SPDX-License-Identifier: MIT */
#include "experiment/tables.h"

#include "base/interval.h"
#include "experiment/columns.h"
#include "experiment/shares.h"
#include "experiment/stream.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct tables {
    const struct scenario *scenario;
    size_t swept_count;
    uint64_t seed;
    int stop_metric; /* enum metric_id of the rule by which points stop; -1: none */
    struct share_columns *shares;
    struct stream runs, summary, steady, timing;
};

/* Text. */

static void put_number(FILE *file, double value)
{
    char printed[G_ASCII_DTOSTR_BUF_SIZE];
    fputs(isnan(value) ? "NA" : g_ascii_formatd(printed, sizeof printed, "%.9g", value), file);
}

static double seconds_of(time_ns time)
{
    return time == TIME_NEVER ? (double)NAN : (double)time / (double)SECOND;
}

static void put_next_number(FILE *file, double value)
{
    fputc(',', file);
    put_number(file, value);
}

/* Denominator 0: not available. */
static void put_next_share(FILE *file, struct ratio share)
{
    put_next_number(file, share.denominator ? (double)share.numerator / (double)share.denominator : NAN);
}

/* A text as a field of CSV: quoted where RFC 4180 wants it. */
static void put_text(FILE *file, const char *text)
{
    if (*text && !strpbrk(text, ",\"\r\n")) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void put_point(FILE *file, const struct scenario *scenario, size_t count, uint64_t point)
{
    fprintf(file, "%" G_GUINT64_FORMAT, point);
    for (size_t k = 0; k < count; k++) {
        fputc(',', file);
        put_text(file, scenario_swept_value(scenario, point, k));
    }
}

/* Headers. */

static void put_header(const struct tables *tables, enum results_file table, FILE *file)
{
    struct columns *columns = columns_new(table, tables->scenario, tables->shares);
    columns_print_header(columns, file);
    columns_free(columns);
}

struct tables *tables_new(const char *folder, const struct scenario *scenario, const struct root *root, GError **error)
{
    struct tables *tables = g_new0(struct tables, 1);
    tables->scenario = scenario;
    tables->swept_count = scenario_swept(scenario, NULL, 0);
    const struct replicate_settings *replicate = &root_experiment(root, scenario_values(scenario))->replicate;
    tables->seed = (uint64_t)replicate->seed;
    tables->stop_metric = replicate->until.metric;
    tables->shares = share_columns_new(scenario);
    if (!stream_open(&tables->runs, folder, RESULTS_RUNS, error) ||
        !stream_open(&tables->summary, folder, RESULTS_SUMMARY, error) ||
        !stream_open(&tables->steady, folder, RESULTS_STEADY, error) ||
        !stream_open(&tables->timing, folder, RESULTS_TIMING, error)) {
        tables_discard(tables);
        return NULL;
    }
    put_header(tables, RESULTS_RUNS, tables->runs.file);
    put_header(tables, RESULTS_SUMMARY, tables->summary.file);
    put_header(tables, RESULTS_STEADY, tables->steady.file);
    put_header(tables, RESULTS_TIMING, tables->timing.file);
    return tables;
}

/* Rows. */

/* What the observations of one metric within a run say of their mean. Without any there is no row. */
static void add_one_series(struct tables *tables, const struct run_record *record, enum metric_series which)
{
    FILE *file = tables->steady.file;
    const struct series_mean *series = &record->values.series[which];
    const struct metric *metric = &metrics[metric_of_series(which)];
    if (series->observations == 0)
        return;
    put_point(file, tables->scenario, tables->swept_count, record->job.point);
    fprintf(file, ",%u,%s,%s,%" G_GUINT64_FORMAT, record->job.replication, metric->name, metric->unit,
            series->observations);
    put_next_number(file, seconds_of(record->warmup_ns));
    put_next_number(file, seconds_of(series->warm_up ? series->warm_up_ns : record->warmup_ns));
    fprintf(file, ",%" G_GUINT64_FORMAT ",%d,%" G_GUINT64_FORMAT, series->warm_up,
            series->batch_size ? STEADY_BATCHES : 0, series->batch_size);
    put_next_number(file, series->mean);
    put_next_number(file, series->low);
    put_next_number(file, series->high);
    put_next_number(file, series->correlation);
    fprintf(file, ",%s\n", steady_verdict_name(series->verdict));
}

static void add_series(struct tables *tables, const struct run_record *record)
{
    for (int s = SERIES_NONE + 1; s < METRIC_SERIES; s++)
        add_one_series(tables, record, (enum metric_series)s);
}

void tables_add_run(struct tables *tables, const struct run_record *record)
{
    FILE *file = tables->runs.file;
    bool fine = record->status == RUN_FINE;
    put_point(file, tables->scenario, tables->swept_count, record->job.point);
    fprintf(file, ",%u,0x%016" G_GINT64_MODIFIER "x,%s,%s,%" G_GUINT64_FORMAT, record->job.replication, tables->seed,
            fine ? "fine" : "failed", record->stopped[0] ? record->stopped : "NA", record->events);
    put_next_number(file, record->simulated_s);
    fprintf(file, ",%s", record->trace_hash[0] ? record->trace_hash : "NA");
    for (size_t s = 0; s < share_columns_count(tables->shares); s++)
        put_next_share(file, share_columns_value(tables->shares, record, s));
    for (int v = 0; v < VERDICTS; v++)
        fprintf(file, ",%s", fine ? verdict_status_name(record->verdicts[v].status) : "NA");
    put_next_share(file, record->verdicts[VERDICT_LIVENESS].judged);
    for (int m = 0; m < METRICS; m++)
        put_next_number(file, fine ? record->values.metrics[m] : NAN);
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        put_next_number(file, fine ? record->values.parts[p] : NAN);
    fputc('\n', file);
    if (fine)
        add_series(tables, record);
    fprintf(tables->timing.file, "%" G_GUINT64_FORMAT ",%u", record->job.point, record->job.replication);
    put_next_number(tables->timing.file, record->wall_s);
    if (record->memory_bytes)
        fprintf(tables->timing.file, ",%" G_GUINT64_FORMAT "\n", record->memory_bytes);
    else
        fputs(",NA\n", tables->timing.file);
}

static void put_row_head(struct tables *tables, uint64_t point, const char *metric, const char *unit, size_t count)
{
    put_point(tables->summary.file, tables->scenario, tables->swept_count, point);
    fprintf(tables->summary.file, ",%s,%s,%zu", metric, unit, count);
}

static void put_quantile(FILE *file, double value, const struct interval *interval)
{
    put_next_number(file, value);
    put_next_number(file, interval->low);
    put_next_number(file, interval->high);
}

static void add_metric(struct tables *tables, const struct point_tally *tally, enum metric_id metric)
{
    FILE *file = tables->summary.file;
    struct summary summary;
    point_tally_summary(tally, metric, &summary);
    put_row_head(tables, tally->point, metrics[metric].name, metrics[metric].unit, summary.n);
    put_next_number(file, summary.mean);
    put_next_number(file, summary.deviation);
    put_next_number(file, summary.interval.low);
    put_next_number(file, summary.interval.high);
    fprintf(file, ",%s", interval_method_name(summary.interval.method));
    put_quantile(file, summary.p05, &summary.interval_p05);
    put_quantile(file, summary.p50, &summary.interval_p50);
    put_quantile(file, summary.p95, &summary.interval_p95);
    fprintf(file, ",%s\n", stop_decision_name((int)metric == tables->stop_metric ? tally->stop : STOP_NOT_YET));
}

/* How often a verdict held, of the runs that it applied to. */
static void add_verdict(struct tables *tables, const struct point_tally *tally, enum verdict_id verdict)
{
    FILE *file = tables->summary.file;
    uint64_t held = tally->verdicts[verdict][VERDICT_PASS];
    uint64_t judged = held + tally->verdicts[verdict][VERDICT_FAIL];
    struct interval interval = interval_of_proportion(held, judged);
    char *name = g_strdup_printf("%s_holds", run_verdict_name(verdict));
    put_row_head(tables, tally->point, name, "1", (size_t)judged);
    put_next_number(file, judged ? (double)held / (double)judged : NAN);
    put_next_number(file, NAN);
    put_next_number(file, interval.low);
    put_next_number(file, interval.high);
    fprintf(file, ",%s", interval_method_name(interval.method));
    fputs(",NA,NA,NA,NA,NA,NA,NA,NA,NA,NA\n", file);
    g_free(name);
}

void tables_add_point(struct tables *tables, const struct point_tally *tally)
{
    for (int m = 0; m < METRICS; m++)
        add_metric(tables, tally, (enum metric_id)m);
    for (int v = 0; v < VERDICTS; v++)
        add_verdict(tables, tally, (enum verdict_id)v);
}

const struct share_columns *tables_shares(const struct tables *tables)
{
    return tables->shares;
}

bool tables_finish(struct tables *tables, GError **error)
{
    struct stream *streams[] = {&tables->timing, &tables->steady, &tables->summary, &tables->runs};
    bool fine = true;
    for (size_t i = 0; i < G_N_ELEMENTS(streams) && fine; i++)
        fine = stream_close(streams[i], error);
    for (size_t i = 0; i < G_N_ELEMENTS(streams) && fine; i++)
        fine = stream_name(streams[i], error);
    tables_discard(tables);
    return fine;
}

void tables_discard(struct tables *tables)
{
    if (!tables)
        return;
    stream_discard(&tables->runs);
    stream_discard(&tables->summary);
    stream_discard(&tables->steady);
    stream_discard(&tables->timing);
    share_columns_free(tables->shares);
    g_free(tables);
}

void tables_print_plan(FILE *file, const struct scenario *scenario)
{
    struct columns *columns = columns_new(RESULTS_PLAN, scenario, NULL);
    size_t count = scenario_swept(scenario, NULL, 0);
    columns_print_header(columns, file);
    columns_free(columns);
    for (uint64_t point = 0; point < scenario_points(scenario); point++) {
        if (!scenario_has_point(scenario, point))
            continue;
        put_point(file, scenario, count, point);
        fputc('\n', file);
    }
}

bool tables_write_plan(const char *folder, const struct scenario *scenario, GError **error)
{
    struct stream stream = {0};
    bool fine = stream_open(&stream, folder, RESULTS_PLAN, error);
    if (fine)
        tables_print_plan(stream.file, scenario);
    fine = fine && stream_close(&stream, error) && stream_name(&stream, error);
    stream_discard(&stream);
    return fine;
}
