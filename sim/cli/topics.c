/* SPDX-License-Identifier: MIT */
#include "cli/topics.h"
#include "record/metric.h"

static void append_metric(GString *out, const struct metric *metric)
{
    static const char *const better[] = {"", "; lower is better", "; higher is better"};
    g_string_append_printf(out, "%s: a metric, unit %s%s\n  %s\n", metric->name, metric->unit, better[metric->better],
                           metric->definition);
    if (metric->applies && metric->applies[0])
        g_string_append_printf(out, "  applies: %s\n", metric->applies);
}

bool topics_explain_metric(const char *name, GString *out)
{
    enum metric_id id = metric_find(name);
    if (id != METRICS) {
        append_metric(out, &metrics[id]);
        return true;
    }
    bool any = false;
    for (int m = 0; m < METRICS; m++)
        if (g_str_has_prefix(metrics[m].name, name)) {
            append_metric(out, &metrics[m]);
            any = true;
        }
    return any;
}
