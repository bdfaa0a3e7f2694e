/* SPDX-License-Identifier: MIT */
#include "experiment/columns.h"

#include "base/assert.h"
#include "base/interval.h"
#include "experiment/point_tally.h"

#include <stdio.h>
#include <string.h>

#define INTEGER(column, column_unit, column_meaning)                                                                   \
    {                                                                                                                  \
        .name = column, .kind = VALUE_INTEGER, .unit = column_unit, .meaning = column_meaning                          \
    }
#define NUMBER(column, column_unit, column_meaning)                                                                    \
    {                                                                                                                  \
        .name = column, .kind = VALUE_NUMBER, .unit = column_unit, .meaning = column_meaning                           \
    }
#define WORD(column, column_words, column_meaning)                                                                     \
    {                                                                                                                  \
        .name = column, .kind = VALUE_WORD, .words = column_words, .meaning = column_meaning                           \
    }
#define TEXT(column, column_meaning)                                                                                   \
    {                                                                                                                  \
        .name = column, .kind = VALUE_TEXT, .meaning = column_meaning                                                  \
    }

static const struct description point_columns[] = {
    INTEGER("point", NULL, "the point of the sweep; 0 without one"),
};

static const struct description replication_columns[] = {
    INTEGER("replication", NULL, "the replication at that point, from 0"),
};

static const char *const statuses[] = {"fine", "failed", NULL};

static const struct description run_columns[] = {
    {.name = "seed", .kind = VALUE_HEX64, .meaning = "what all luck derives from, with the replication"},
    WORD("status", statuses, "whether the run came to its end"),
    TEXT("stopped", "why it ended: duration, height, quiescent or stalled"),
    INTEGER("events", NULL, "events that it took"),
    NUMBER("simulated_s", "s", "time that it simulated"),
    TEXT("trace_hash", "hash of all that happened in it, in hex"),
};

static const struct description judged_columns[] = {
    NUMBER("liveness_judged_share", "1", "share of the time in which liveness was judged; faults cover the rest"),
};

static const char *const stops[] = {"reached", "max", "failed", NULL}; /* stop_decision_name() */

static const struct description summary_columns[] = {
    TEXT("metric", "the metric, or VERDICT_holds: how often that verdict held"),
    TEXT("unit", "its unit; 1 for shares"),
    INTEGER("n", NULL, "runs that have a value"),
    NUMBER(
        "mean", NULL,
        "their mean, in the unit of the row; jackknife95: the ratio of sums; batch95: the mean of batches of one run"),
    NUMBER("sd", NULL, "standard deviation of the runs' values"),
    NUMBER("ci_lo", NULL, "lower end of the interval of the mean"),
    NUMBER("ci_hi", NULL, "upper end"),
    {.name = "ci_method", .kind = VALUE_WORD, .meaning = "how that interval was made"}, /* add_summary: words */
    NUMBER("p05", NULL, "5 % quantile of the values"),
    NUMBER("p05_lo", NULL, "lower end of its interval"),
    NUMBER("p05_hi", NULL, "upper end"),
    NUMBER("p50", NULL, "their median"),
    NUMBER("p50_lo", NULL, "lower end of its interval"),
    NUMBER("p50_hi", NULL, "upper end"),
    NUMBER("p95", NULL, "95 % quantile"),
    NUMBER("p95_lo", NULL, "lower end of its interval"),
    NUMBER("p95_hi", NULL, "upper end"),
    WORD("stop", stops,
         "in the row of the metric that replicate.until watches, why the point has no more runs: its mean is known as "
         "well as asked for, or there are as many runs as are allowed, or the first batch failed to the last run"),
};

static const struct description steady_columns[] = {
    TEXT("metric", "the metric, a mean of observations in the order of the run"),
    TEXT("unit", "its unit"),
    INTEGER("observations", NULL, "observations after time.warmup"),
    NUMBER("warmup_s", "s", "time.warmup"),
    NUMBER("warm_up_s", "s", "when the first observation was that MSER-5 keeps; NA where it would cut half or more"),
    INTEGER("warm_up_observations", NULL, "observations before that, which are left out"),
    INTEGER("batches", NULL, "batches of the observations that are kept"),
    INTEGER("batch_size", NULL, "observations in each; those that fill none are left out, at the front"),
    NUMBER("mean", NULL, "mean of the batches, in the unit of the row; without batches, of all that are kept"),
    NUMBER("ci_lo", NULL, "lower end of its interval, batch95; NA unless steady"),
    NUMBER("ci_hi", NULL, "upper end"),
    NUMBER("rank_correlation", "1",
           "correlation of neighbours' ranks among 400 shorter batches, of the second half where a warm-up has no end; "
           "steady: at most 0.3"),
    {.name = "verdict",
     .kind = VALUE_WORD,
     .meaning = "steady; or why there is no interval: too short (below 400 observations after the warm-up), warming up "
                "(MSER-5 would cut half or more), correlated (the run is too short for how long its batches remember), "
                "constant (all batches have one mean)"}, /* add_steady: words */
};

static const struct description timing_columns[] = {
    NUMBER("wall_s", "s", "time that the run took"),
    INTEGER("memory_bytes", "bytes",
            "most memory that its process held meanwhile, the program included; NA where Linux does not tell"),
};

static void add(struct columns *columns, const struct description *added, size_t count)
{
    columns->at = g_renew(struct description, columns->at, columns->count + count);
    for (size_t i = 0; i < count; i++)
        columns->at[columns->count++] = added[i];
}

static void add_one(struct columns *columns, struct description added)
{
    add(columns, &added, 1);
}

#define ADD(columns, array) add(columns, array, G_N_ELEMENTS(array))

static const char *keep(struct columns *columns, char *text)
{
    const char *kept = g_string_chunk_insert(columns->texts, text);
    g_free(text);
    return kept;
}

static void add_swept(struct columns *columns, const struct scenario *scenario)
{
    struct scenario_swept swept[SWEEP_MOST_KEYS];
    size_t count = scenario_swept(scenario, swept, G_N_ELEMENTS(swept));
    for (size_t k = 0; k < count; k++)
        add_one(columns, (struct description){
                             .name = swept[k].column,
                             .kind = swept[k].is_number ? VALUE_NUMBER : VALUE_TEXT,
                             .unit = *swept[k].unit ? swept[k].unit : NULL,
                             .meaning = keep(columns, g_strdup_printf("value of `%s` at this point", swept[k].path)),
                         });
}

static void add_shares(struct columns *columns, const struct share_columns *shares)
{
    for (size_t s = 0; s < share_columns_count(shares); s++)
        add_one(columns,
                (struct description)NUMBER(share_columns_name(shares, s), "1", share_columns_meaning(shares, s)));
}

static void add_verdicts(struct columns *columns)
{
    static const char *words[VERDICT_STATUSES + 1];
    for (int status = 0; status < VERDICT_STATUSES; status++)
        words[status] = verdict_status_name((enum verdict_status)status);
    for (int v = 0; v < VERDICTS; v++)
        add_one(columns, (struct description)WORD(verdict_kinds[v].name, words, verdict_kinds[v].meaning));
}

static void add_metrics(struct columns *columns)
{
    for (int m = 0; m < METRICS; m++)
        add_one(columns, (struct description)NUMBER(metrics[m].name, metrics[m].unit, metrics[m].definition));
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        add_one(columns,
                (struct description)NUMBER(metric_parts[p].name, metric_parts[p].unit, metric_parts[p].definition));
}

static void add_summary(struct columns *columns)
{
    static const char *words[INTERVAL_METHODS]; /* all but INTERVAL_NONE, which is NA */
    for (int method = INTERVAL_NONE + 1; method < INTERVAL_METHODS; method++)
        words[method - 1] = interval_method_name((enum interval_method)method);
    size_t first = columns->count;
    ADD(columns, summary_columns);
    for (size_t c = first; c < columns->count; c++)
        if (columns->at[c].kind == VALUE_WORD && !columns->at[c].words)
            columns->at[c].words = words;
}

/* The last column has the words of verdicts. */
static void add_steady(struct columns *columns)
{
    static const char *words[STEADY_VERDICTS + 1];
    for (int verdict = 0; verdict < STEADY_VERDICTS; verdict++)
        words[verdict] = steady_verdict_name((enum steady_verdict)verdict);
    ADD(columns, steady_columns);
    columns->at[columns->count - 1].words = words;
}

bool columns_has(enum results_file file)
{
    return file == RESULTS_PLAN || file == RESULTS_RUNS || file == RESULTS_SUMMARY || file == RESULTS_STEADY ||
           file == RESULTS_TIMING;
}

struct columns *columns_new(enum results_file file, const struct scenario *scenario, const struct share_columns *shares)
{
    REQUIRE(columns_has(file));
    struct columns *columns = g_new0(struct columns, 1);
    columns->texts = g_string_chunk_new(256);
    ADD(columns, point_columns);
    columns->key[0] = "point";
    columns->key[1] = file == RESULTS_PLAN ? NULL : file == RESULTS_SUMMARY ? "metric" : "replication";
    if (file != RESULTS_TIMING)
        add_swept(columns, scenario);
    if (file == RESULTS_SUMMARY)
        add_summary(columns);
    if (file == RESULTS_RUNS || file == RESULTS_STEADY || file == RESULTS_TIMING)
        ADD(columns, replication_columns);
    if (file == RESULTS_STEADY) {
        add_steady(columns);
        columns->key[2] = "metric";
    }
    if (file == RESULTS_TIMING)
        ADD(columns, timing_columns);
    if (file != RESULTS_RUNS)
        return columns;
    ADD(columns, run_columns);
    add_shares(columns, shares);
    add_verdicts(columns);
    ADD(columns, judged_columns);
    add_metrics(columns);
    return columns;
}

struct columns *columns_of_trace(enum table table, bool shared)
{
    size_t keys = 0;
    struct table_info info = table_info(table);
    struct columns *columns = g_new0(struct columns, 1);
    columns->texts = g_string_chunk_new(1);
    if (shared) {
        ADD(columns, point_columns);
        ADD(columns, replication_columns);
    }
    if (shared && info.key[0]) {
        columns->key[keys++] = "point";
        columns->key[keys++] = "replication";
    }
    for (size_t c = 0; c < info.column_count; c++)
        add_one(columns, column_description(&info.columns[c]));
    memcpy(columns->key + keys, info.key, sizeof info.key);
    return columns;
}

void columns_free(struct columns *columns)
{
    if (!columns)
        return;
    g_string_chunk_free(columns->texts);
    g_free(columns->at);
    g_free(columns);
}

void columns_print_header(const struct columns *columns, FILE *file)
{
    for (size_t c = 0; c < columns->count; c++)
        fprintf(file, "%s%s", c ? "," : "", columns->at[c].name);
    fputc('\n', file);
}
