/* SPDX-License-Identifier: MIT */
#include "cli/telling_inside.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

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

/* Points by how replicate.until ended them; nothing without it. */
static void add_stops(JsonBuilder *builder, const struct telling *telling)
{
    if (telling->settings->replicate.until.metric < 0)
        return;
    json_builder_set_member_name(builder, "stop");
    json_builder_begin_object(builder);
    for (int decision = STOP_NOT_YET + 1; decision < STOP_DECISIONS; decision++)
        set_number(builder, stop_decision_name((enum stop_decision)decision),
                   (double)stops_count(telling->stops, (enum stop_decision)decision));
    json_builder_end_object(builder);
}

void telling_tell_json(const struct telling *telling, const struct experiment *experiment)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    set_text(builder, "name", experiment->name);
    set_text(builder, "results", experiment->folder);
    set_number(builder, "points", (double)experiment->points);
    set_number(builder, "runs", (double)experiment->runs);
    set_number(builder, "failed", (double)experiment->failed);
    add_stops(builder, telling);
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
