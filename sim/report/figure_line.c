/* SPDX-License-Identifier: MIT */
/*
 * A metric over a swept key: a line for each value of another key, each estimate with its interval as a band. Where
 * further keys vary, each combination of their values has a line of its own.
 */
#include "report/sweep_note.h"

#include <math.h>
#include <stdlib.h>

#define LINES_MOST 200

enum band { BAND_CI95, BAND_P05_P95, BAND_NONE };
static const char *const bands[] = {"ci95", "p05_p95", "none", NULL};

struct line_params {
    struct figure_common common;
    struct sweep_choices sweep;
    const char *x, *by;
    int y, band, x_axis, y_axis;
};

static const struct param params[] = {
    SWEEP_PARAMS(struct line_params),
    SWEEP_ACROSS_PARAM(struct line_params, x),
    SWEEP_CHOICE_PARAM("y", struct line_params, y, sweep_outcomes, "the metric upwards; absent: one that differs"),
    SWEEP_BY_PARAMS(struct line_params),
    {.key = "band",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct line_params, band),
     .by_default = "ci95",
     .choices = bands,
     .meaning = "around the mean its interval, around the median where 90 % of the runs lie, or none"},
    SWEEP_X_AXIS_PARAM(struct line_params),
    SWEEP_Y_AXIS_PARAM(struct line_params, y_axis),
};
static const struct param_table table = PARAM_TABLE("line", "a metric over a swept key", struct line_params, params);

struct dot {
    size_t point, style, level;
    double middle, low, high;
};

struct lines {
    const struct line_params *params;
    struct sweep_view view;
    struct sweep_keys keys;
    const char *metric;
    VECTOR(struct dot) dots; /* those of a line together, in the order of x */
    struct sweep_basis basis;
    struct scale scale;
    struct axis x, y;
};

static struct dot dot_of(const struct lines *lines, size_t point, const struct estimate *estimate)
{
    struct dot dot = {.point = point,
                      .style = sweep_keys_style(&lines->keys, point),
                      .level = sweep_keys_x_level(&lines->keys, point),
                      .middle = estimate->mean,
                      .low = NAN,
                      .high = NAN};
    if (lines->params->band == BAND_CI95) {
        dot.low = estimate->low;
        dot.high = estimate->high;
    } else if (lines->params->band == BAND_P05_P95) {
        dot.middle = estimate->p50;
        dot.low = estimate->p05;
        dot.high = estimate->p95;
    }
    return dot;
}

static bool read_dots(struct lines *lines, GError **error)
{
    struct estimate *estimates = sweep_table_estimates(&lines->view.table, lines->metric, error);
    if (!estimates)
        return false;
    for (size_t point = 0; point < lines->view.table.points.count; point++) {
        struct dot dot = dot_of(lines, point, &estimates[point]);
        if (!lines->view.shown[point] || dot.level == NO_LEVEL || dot.style == NO_LEVEL || isnan(dot.middle))
            continue;
        vector_push(&lines->dots, dot);
        sweep_basis_add(&lines->basis, estimates[point].n,
                        lines->params->band == BAND_CI95 ? estimates[point].method : "");
    }
    g_free(estimates);
    if (lines->dots.count == 0)
        return sweep_refuse(error, "y: no run shown has a value of `%s`", lines->metric);
    return lines->dots.count <= SHEET_ROWS ||
           sweep_refuse(error, "%zu points are more than a figure can show: choose some with at", lines->dots.count);
}

/* By style, then by the values of open keys in the order of the plan, then by x. */
static int compare_dots(const void *first, const void *second, void *user)
{
    const struct dot *a = first, *b = second;
    const struct lines *lines = user;
    if (a->style != b->style)
        return a->style < b->style ? -1 : 1;
    const struct sweep_table *swept = &lines->view.table;
    for (size_t key = 0; key < swept->keys.count; key++) {
        const struct swept_value *of_a = sweep_table_value(swept, a->point, key),
                                 *of_b = sweep_table_value(swept, b->point, key);
        if (!lines->keys.open[key] || of_a->text == of_b->text)
            continue;
        if (!isnan(of_a->number) && !isnan(of_b->number))
            return of_a->number < of_b->number ? -1 : 1;
        return g_strcmp0(of_a->text, of_b->text);
    }
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

static bool begins_line(const struct lines *lines, size_t i)
{
    const struct dot *dot = &lines->dots.at[i], *before = dot - 1;
    return i == 0 || dot->style != before->style || !sweep_keys_same_line(&lines->keys, dot->point, before->point);
}

static void find_axes(struct lines *lines)
{
    double least = INFINITY, most = -INFINITY, positive = INFINITY;
    for (size_t i = 0; i < lines->dots.count; i++) {
        const struct dot *dot = &lines->dots.at[i];
        const double values[] = {dot->middle, dot->low, dot->high};
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            if (!isnan(values[v])) {
                least = MIN(least, values[v]);
                most = MAX(most, values[v]);
                positive = values[v] > 0 ? MIN(positive, values[v]) : positive;
            }
    }
    lines->scale = scale_rounded(sweep_outcome_unit(lines->metric), MAX(fabs(least), fabs(most)));
    double factor = lines->scale.factor;
    lines->x = sweep_keys_axis(&lines->keys, (enum axis_choice)lines->params->x_axis);
    lines->y = axis_of(least / factor, most / factor, positive / factor, (enum axis_choice)lines->params->y_axis);
}

/* On a logarithmic axis a band that reaches 0 begins at the foot. */
static double on_axis(const struct axis *axis, double value)
{
    return axis->logarithmic && value < axis->from ? axis->from : value;
}

/* The lines count from 0. One of a single point, or over texts, has bars in place of a band. */
static bool save_dots(const struct lines *lines, const char *folder, size_t *count, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "line,style,x,y,low,high,bar");
    *count = 0;
    for (size_t i = 0; i < lines->dots.count; i++) {
        const struct dot *dot = &lines->dots.at[i];
        bool begins = begins_line(lines, i), ends = i + 1 == lines->dots.count || begins_line(lines, i + 1);
        *count += begins;
        sheet_number(&sheet, *count - 1);
        sheet_number(&sheet, dot->style);
        sheet_real(&sheet, sweep_keys_place(&lines->keys, dot->level));
        sheet_real(&sheet, dot->middle / lines->scale.factor);
        sheet_real(&sheet, on_axis(&lines->y, dot->low / lines->scale.factor));
        sheet_real(&sheet, on_axis(&lines->y, dot->high / lines->scale.factor));
        sheet_number(&sheet, !lines->keys.x.numeric || (begins && ends));
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "line", error);
}

static bool save_facts(const struct lines *lines, size_t count, size_t ticks, const char *folder, GError **error)
{
    const struct sweep_choices *choices = &lines->params->sweep;
    char *x_title = levels_title(&lines->keys.x, &lines->view, choices->x_label);
    char *y_title = sweep_metric_title(lines->metric, &lines->scale, choices->y_label);
    char *by_title = sweep_keys_by_title(&lines->keys);
    static const char *const what[] = {"mean", "median; 5 to 95 % of the runs", "mean"};
    char *note = sweep_note(&lines->view, &lines->basis, what[lines->params->band], &lines->keys, "separate lines: ");
    struct sheet facts;
    sheet_init(&facts, "note,x_title,x_from,x_to,x_log,numeric,y_title,y_from,y_to,y_log,by_title,styles,ticks,lines");
    sheet_text(&facts, note);
    sheet_text(&facts, x_title);
    sheet_axis(&facts, &lines->x);
    sheet_number(&facts, lines->keys.x.numeric);
    sheet_text(&facts, y_title);
    sheet_axis(&facts, &lines->y);
    sheet_text(&facts, by_title);
    sheet_number(&facts, lines->keys.by.all.count);
    sheet_number(&facts, ticks);
    sheet_number(&facts, count);
    sheet_end(&facts);
    g_free(note);
    g_free(by_title);
    g_free(y_title);
    g_free(x_title);
    return sheet_save(&facts, folder, "line_facts", error);
}

static bool save(struct lines *lines, const char *folder, GError **error)
{
    size_t count, ticks;
    g_qsort_with_data(lines->dots.at, (gint)lines->dots.count, sizeof *lines->dots.at, compare_dots, lines);
    find_axes(lines);
    if (!save_dots(lines, folder, &count, error))
        return false;
    if (count > LINES_MOST)
        return sweep_refuse(error, "%zu lines are more than can be told apart: choose some with at", count);
    return sweep_keys_save_styles(&lines->keys, folder, "line", error) &&
           sweep_keys_save_ticks(&lines->keys, &lines->x, folder, "line", &ticks, error) &&
           save_facts(lines, count, ticks, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct line_params *wanted = source->params;
    struct lines lines = {.params = wanted};
    if (!sweep_view_open(&lines.view, source, &wanted->sweep, error))
        return false;
    lines.metric = sweep_view_metric(&lines.view, wanted->y, error);
    bool fine = lines.metric &&
                sweep_keys_find(&lines.keys, &lines.view, SWEEP_X_NEEDED, wanted->x, wanted->by, STYLES_MOST, error) &&
                read_dots(&lines, error) && save(&lines, folder, error);
    vector_release(&lines.dots);
    sweep_keys_release(&lines.keys);
    sweep_view_release(&lines.view);
    return fine;
}

static const char *const sheets[] = {"styles", "ticks", NULL};

const struct figure figure_line = {
    .name = "line",
    .meaning = "a metric over a swept key: a line for each value of another, with intervals",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
