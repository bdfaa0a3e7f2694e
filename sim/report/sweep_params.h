/* SPDX-License-Identifier: MIT */
/*
 * What can be said of every figure of a sweep, as parameters: which points, and what axes are called; and the names
 * that its parameters choose metrics from. A struct of such parameters has `struct figure_common common` first and
 * `struct sweep_choices sweep` behind it. Its parameters x, y and by of type text name swept keys.
 */
#ifndef POSIM_REPORT_SWEEP_PARAMS_H
#define POSIM_REPORT_SWEEP_PARAMS_H

#include "base/param.h"
#include "record/metric.h"
#include "report/figure.h"
#include "report/label.h"

struct sweep_choices {
    struct param_list at;          /* const char *: KEY=VALUE */
    const char *x_label, *y_label; /* NULL: after what the axis shows */
    const char *by_label;          /* NULL: after the key; of figures with SWEEP_BY_PARAMS */
};

extern const struct param sweep_at_element;

#define SWEEP_PARAMS(struct_type)                                                                                      \
    FIGURE_COMMON_PARAMS(struct_type),                                                                                 \
        {.key = "at",                                                                                                  \
         .type = PARAM_LIST,                                                                                           \
         .offset = offsetof(struct_type, sweep.at),                                                                    \
         .optional = true,                                                                                             \
         .element = &sweep_at_element,                                                                                 \
         .meaning = "only the points with these swept values, as [protocol.slot=4 s]; absent: all points"},            \
        {.key = "x_label",                                                                                             \
         .type = PARAM_TEXT,                                                                                           \
         .offset = offsetof(struct_type, sweep.x_label),                                                               \
         .optional = true,                                                                                             \
         .meaning = "what the axis across is called, without its unit; absent: after what it shows"},                  \
    {                                                                                                                  \
        .key = "y_label", .type = PARAM_TEXT, .offset = offsetof(struct_type, sweep.y_label), .optional = true,        \
        .meaning = "what the axis upwards is called, without its unit; absent: after what it shows"                    \
    }

/* A parameter that names a swept key. */
#define SWEEP_KEY_PARAM(name, struct_type, field, text)                                                                \
    {                                                                                                                  \
        .key = (name), .type = PARAM_TEXT, .offset = offsetof(struct_type, field), .optional = true, .meaning = (text) \
    }

/* A parameter that chooses from a list of names; -1 where it is absent. */
#define SWEEP_CHOICE_PARAM(name, struct_type, field, names, text)                                                      \
    {                                                                                                                  \
        .key = (name), .type = PARAM_CHOICE, .offset = offsetof(struct_type, field), .optional = true,                 \
        .choices = (names), .meaning = (text)                                                                          \
    }

#define SWEEP_AXIS_PARAM(name, struct_type, field, text)                                                               \
    {                                                                                                                  \
        .key = (name), .type = PARAM_CHOICE, .offset = offsetof(struct_type, field), .by_default = "auto",             \
        .choices = axis_choices, .meaning = (text)                                                                     \
    }

/* The keys of text parameters that name swept keys. */
extern const char *const sweep_key_params[];

/* Sets FIGURE_ERROR_PARAMETER about a key that is not among those swept (NULL-terminated). */
void sweep_refuse_key(GError **error, const char *parameter, const char *key, const char *const *swept);

/* What most figures have: the key across, one that is told apart by style, and the two axes. */
#define SWEEP_ACROSS_PARAM(struct_type, field)                                                                         \
    SWEEP_KEY_PARAM("x", struct_type, field, "the swept key across; absent: the one with the most values")
#define SWEEP_BY_PARAMS(struct_type)                                                                                   \
    SWEEP_KEY_PARAM("by", struct_type, by, SWEEP_BY_MEANING),                                                          \
    {                                                                                                                  \
        .key = "by_label", .type = PARAM_TEXT, .offset = offsetof(struct_type, sweep.by_label), .optional = true,      \
        .meaning = "what that key is called; absent: after its name"                                                   \
    }
#define SWEEP_X_AXIS_PARAM(struct_type)                                                                                \
    SWEEP_AXIS_PARAM("x_axis", struct_type, x_axis, "the axis across: log where the values call for it")
#define SWEEP_Y_AXIS_PARAM(struct_type, field)                                                                         \
    SWEEP_AXIS_PARAM("y_axis", struct_type, field, "the axis upwards: log from a ratio of 100")

#define SWEEP_BY_MEANING                                                                                               \
    "a swept key: a style for each of its values, at most 7; absent: one that fits, `none`: all points alike"

enum sweep_verdict { SWEEP_SAFETY, SWEEP_LIVENESS, SWEEP_ACCOUNTABILITY, SWEEP_CONSERVATION, SWEEP_VERDICTS };

/* NULL-terminated; the metrics first, in the order of their ids. Empty until sweep_names_init. */
extern const char *sweep_metrics[METRICS + 1];                          /* columns of runs.csv */
extern const char *sweep_outcomes[METRICS + SWEEP_VERDICTS + 1];        /* and safety_holds, ...: rows of summary.csv */
extern const char *sweep_proportions[METRICS + 2 * SWEEP_VERDICTS + 1]; /* and safety_fails, ... */
void sweep_names_init(void);

/* "s", "1" for a proportion of verdicts. */
const char *sweep_outcome_unit(const char *outcome);

/* "Median finality at last node", "Share of runs in which safety holds"; g_free it. */
char *sweep_metric_label(const char *outcome);

/* The same with its unit, or what the user calls it. */
char *sweep_metric_title(const char *outcome, const struct scale *scale, const char *given);

/* The column of a verdict in runs.csv. */
const char *sweep_verdict_column(enum sweep_verdict verdict);

#endif
