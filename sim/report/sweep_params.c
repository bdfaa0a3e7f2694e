/* SPDX-License-Identifier: MIT */
#include "report/sweep_params.h"

#include "base/suggest.h"
#include "report/label.h"

#include <string.h>

const struct param sweep_at_element = {
    .key = "point",
    .type = PARAM_TEXT,
    .meaning = "a swept key and its value, as KEY=VALUE",
};

const char *sweep_metrics[METRICS + 1];
const char *sweep_outcomes[METRICS + SWEEP_VERDICTS + 1];
const char *sweep_proportions[METRICS + 2 * SWEEP_VERDICTS + 1];

static const char *const verdict_names[SWEEP_VERDICTS][3] = {
    {"safety", "safety_holds", "safety_fails"},
    {"liveness", "liveness_holds", "liveness_fails"},
    {"accountability", "accountability_holds", "accountability_fails"},
    {"conservation", "conservation_holds", "conservation_fails"},
};

const char *const sweep_key_params[] = {"x", "y", "by", NULL};

void sweep_refuse_key(GError **error, const char *parameter, const char *key, const char *const *swept)
{
    const char **near = suggest(key, swept);
    char *meant = near && near[0] ? suggest_join(near, "or") : NULL, *all = suggest_join(swept, "and");
    const char *not_swept = swept[0] ? "swept are " : "nothing is swept";
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_PARAMETER, "%s: `%s` is not swept; %s%s%s%s%s", parameter, key,
                not_swept, swept[0] ? all : "", meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
    g_free(all);
    g_free(meant);
    g_free((void *)near);
}

void sweep_names_init(void)
{
    for (int m = 0; m < METRICS; m++)
        sweep_metrics[m] = sweep_outcomes[m] = sweep_proportions[m] = metrics[m].name;
    for (int v = 0; v < SWEEP_VERDICTS; v++) {
        sweep_outcomes[METRICS + v] = sweep_proportions[METRICS + v] = verdict_names[v][1];
        sweep_proportions[METRICS + SWEEP_VERDICTS + v] = verdict_names[v][2];
    }
}

const char *sweep_verdict_column(enum sweep_verdict verdict)
{
    return verdict_names[verdict][0];
}

const char *sweep_outcome_unit(const char *outcome)
{
    enum metric_id metric = metric_find(outcome);
    return metric == METRICS ? "1" : metrics[metric].unit;
}

char *sweep_metric_label(const char *outcome)
{
    if (metric_find(outcome) != METRICS)
        return label_metric(outcome);
    for (int v = 0; v < SWEEP_VERDICTS; v++)
        for (int how = 1; how <= 2; how++)
            if (strcmp(verdict_names[v][how], outcome) == 0)
                return g_strdup_printf("Share of runs in which %s %s", verdict_names[v][0],
                                       how == 1 ? "holds" : "fails");
    return label_metric(outcome);
}

char *sweep_metric_title(const char *outcome, const struct scale *scale, const char *given)
{
    if (given)
        return label_axis_given(given, scale);
    char *label = sweep_metric_label(outcome), *title = label_axis(label, scale);
    g_free(label);
    return title;
}
