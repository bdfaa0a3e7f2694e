/* SPDX-License-Identifier: MIT */
#include "cli/outcome.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

static void tell_failures(const struct experiment *experiment)
{
    unsigned told = 0;
    for (uint64_t r = 0; r < experiment->count; r++) {
        const struct run_record *record = &experiment->records[r];
        if (record->status != RUN_FINE && told++ < 5)
            fprintf(stderr, "posim run: run %u failed: %s\n", record->replication, record->message);
    }
    if (told > 5)
        fprintf(stderr, "posim run: and %u more\n", told - 5);
}

static uint64_t count_verdicts(const struct experiment *experiment, int verdict, enum verdict_status status)
{
    uint64_t count = 0;
    for (uint64_t r = 0; r < experiment->count; r++)
        count += experiment->records[r].status == RUN_FINE && experiment->records[r].verdicts[verdict].status == status;
    return count;
}

static const struct run_verdict *first_failure(const struct experiment *experiment, int verdict)
{
    for (uint64_t r = 0; r < experiment->count; r++) {
        const struct run_record *record = &experiment->records[r];
        if (record->status == RUN_FINE && record->verdicts[verdict].status == VERDICT_FAIL)
            return &record->verdicts[verdict];
    }
    return NULL;
}

static void tell_verdicts(const struct experiment *experiment)
{
    for (int v = 0; v < VERDICTS; v++) {
        uint64_t passed = count_verdicts(experiment, v, VERDICT_PASS);
        uint64_t failed = count_verdicts(experiment, v, VERDICT_FAIL);
        const char *name = run_verdict_name((enum verdict_id)v);
        if (!passed && !failed)
            printf("  %-15s not applicable\n", name);
        else if (!failed)
            printf("  %-15s holds in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs\n", name, passed, passed);
        else
            printf("  %-15s VIOLATED in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs: %s\n", name, failed,
                   passed + failed, first_failure(experiment, v)->text);
    }
}

static void tell_metrics(const struct experiment *experiment)
{
    printf("\n  %-32s %14s  %-28s %s\n", "metric", "mean", "95 % interval (t)", "unit");
    for (int m = 0; m < METRICS; m++) {
        struct summary summary;
        summary_of(experiment->records, experiment->count, (enum metric_id)m, &summary);
        if (!summary.n)
            continue;
        char interval[64] = "";
        if (!isnan(summary.low))
            g_snprintf(interval, sizeof interval, "%.5g to %.5g", summary.low, summary.high);
        printf("  %-32s %14.6g  %-28s %s\n", metrics[m].name, summary.mean, interval, metrics[m].unit);
    }
}

static bool tell_expectations(const struct experiment *experiment, bool quiet)
{
    size_t count;
    struct expectation_result *results = experiment_expectations(experiment, &count);
    bool all_met = true;
    for (size_t i = 0; i < count; i++) {
        const struct expectation *expectation = results[i].expectation;
        all_met &= results[i].met;
        if (quiet)
            continue;
        printf("%s  expected %s", i ? "" : "\n", metrics[expectation->metric].name);
        if (expectation->minimum.denominator)
            printf(" >= %g", (double)expectation->minimum.numerator / (double)expectation->minimum.denominator);
        if (expectation->maximum.denominator)
            printf(" <= %g", (double)expectation->maximum.numerator / (double)expectation->maximum.denominator);
        if (results[i].known)
            printf(": %s, mean %g over %zu runs", results[i].met ? "met" : "NOT MET", results[i].summary.mean,
                   results[i].summary.n);
        else
            printf(": NOT MET, the metric is not available in this run");
        printf("%s%s%s\n", expectation->source ? " (" : "", expectation->source ? expectation->source : "",
               expectation->source ? ")" : "");
    }
    g_free(results);
    return all_met;
}

static void set_number(JsonBuilder *builder, const char *name, double value)
{
    json_builder_set_member_name(builder, name);
    if (isnan(value))
        json_builder_add_null_value(builder);
    else
        json_builder_add_double_value(builder, value);
}

static void add_verdicts(JsonBuilder *builder, const struct experiment *experiment)
{
    json_builder_set_member_name(builder, "verdicts");
    json_builder_begin_object(builder);
    for (int v = 0; v < VERDICTS; v++) {
        json_builder_set_member_name(builder, run_verdict_name((enum verdict_id)v));
        json_builder_begin_object(builder);
        set_number(builder, "held", (double)count_verdicts(experiment, v, VERDICT_PASS));
        set_number(builder, "violated", (double)count_verdicts(experiment, v, VERDICT_FAIL));
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void add_metrics(JsonBuilder *builder, const struct experiment *experiment)
{
    json_builder_set_member_name(builder, "metrics");
    json_builder_begin_object(builder);
    for (int m = 0; m < METRICS; m++) {
        struct summary summary;
        summary_of(experiment->records, experiment->count, (enum metric_id)m, &summary);
        json_builder_set_member_name(builder, metrics[m].name);
        json_builder_begin_object(builder);
        set_number(builder, "n", (double)summary.n);
        set_number(builder, "mean", summary.mean);
        set_number(builder, "sd", summary.deviation);
        set_number(builder, "ci_lo", summary.low);
        set_number(builder, "ci_hi", summary.high);
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void tell_json(const struct experiment *experiment)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "name");
    json_builder_add_string_value(builder, experiment->name);
    json_builder_set_member_name(builder, "results");
    json_builder_add_string_value(builder, experiment->folder);
    set_number(builder, "runs", (double)experiment->count);
    set_number(builder, "failed", (double)experiment_failed(experiment));
    add_verdicts(builder, experiment);
    add_metrics(builder, experiment);
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

int outcome_tell(const struct experiment *experiment, bool json)
{
    uint64_t failed = experiment_failed(experiment);
    tell_failures(experiment);
    if (json) {
        tell_json(experiment);
    } else {
        printf("%s: %" G_GUINT64_FORMAT " run%s", experiment->name, experiment->count,
               experiment->count == 1 ? "" : "s");
        printf(", seed %" G_GUINT64_FORMAT ", results in %s\n\n", experiment->seed, experiment->folder);
        if (failed == experiment->count) {
            puts("  no run finished");
        } else {
            tell_verdicts(experiment);
            tell_metrics(experiment);
        }
    }
    bool met = tell_expectations(experiment, json);
    return failed ? EXIT_RUNS_FAILED : met ? EXIT_FINE : EXIT_EXPECTATION;
}
