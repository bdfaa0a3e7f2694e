/* SPDX-License-Identifier: MIT */
/*
 * The share of runs in which something happened, such as an attack that succeeded, over a swept key, with the interval
 * of a proportion, beside a curve from theory. What counts is a verdict, or that a metric lies within bounds. Where
 * further keys vary their runs are pooled: the interval of a mixture is no narrower than it should be.
 */
#include "base/interval.h"
#include "report/sweep_note.h"
#include "report/theory.h"

#include <math.h>

struct success_params {
    struct figure_common common;
    struct sweep_choices sweep;
    struct theory_params theory;
    const char *x, *by;
    int y, x_axis, y_axis;
    struct ratio minimum, maximum;
};

static const char *check(const void *filled, char **message)
{
    const struct success_params *params = filled;
    bool bounded = params->minimum.denominator || params->maximum.denominator;
    if (!bounded || (params->y >= 0 && params->y < METRICS))
        return NULL;
    *message = g_strdup("only a metric has bounds: name one with `y`");
    return params->minimum.denominator ? "min" : "max";
}

static const struct param params[] = {
    SWEEP_PARAMS(struct success_params),
    SWEEP_ACROSS_PARAM(struct success_params, x),
    SWEEP_CHOICE_PARAM("y", struct success_params, y, sweep_proportions,
                       "what counts: a verdict, or a metric that is 0 or 1 or has bounds; absent: safety_fails"),
    {.key = "min",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct success_params, minimum),
     .optional = true,
     .meaning = "the least value of the metric with which a run counts"},
    {.key = "max",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct success_params, maximum),
     .optional = true,
     .meaning = "the greatest value of the metric with which a run counts"},
    SWEEP_BY_PARAMS(struct success_params),
    THEORY_PARAMS(struct success_params),
    SWEEP_X_AXIS_PARAM(struct success_params),
    SWEEP_Y_AXIS_PARAM(struct success_params, y_axis),
};
static const struct param_table table = PARAM_TABLE_CHECKED("success_curve", "how often something happens over a key",
                                                            struct success_params, params, check);

struct tally {
    uint64_t successes, trials;
};

struct success {
    const struct success_params *params;
    struct sweep_view view;
    struct sweep_keys keys;
    struct theory theory;
    const char *outcome;
    struct tally *tallies; /* by style, then x */
    struct sweep_basis basis;
    struct axis x, y; /* y in % */
    bool any;         /* of them a success */
    bool none;        /* at some place there is none */
};

static double value_of(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

/* The column of runs.csv; sets the value of a verdict that counts, 1 where it fails. */
static const char *column_of(const struct success *success, int *counts)
{
    int y = success->params->y;
    *counts = -1;
    if (y >= 0 && y < METRICS)
        return sweep_metrics[y];
    int verdict = y < 0 ? SWEEP_VERDICTS + SWEEP_SAFETY : y - METRICS;
    *counts = verdict >= SWEEP_VERDICTS;
    return sweep_verdict_column((enum sweep_verdict)(verdict % SWEEP_VERDICTS));
}

static bool is_bounded(const struct success_params *wanted)
{
    return wanted->minimum.denominator || wanted->maximum.denominator;
}

static bool is_success(const struct success_params *wanted, int counts, double value)
{
    if (counts >= 0)
        return counts ? value > .5 : value < .5;
    if (!is_bounded(wanted))
        return value > .5;
    return (!wanted->minimum.denominator || value >= value_of(wanted->minimum)) &&
           (!wanted->maximum.denominator || value <= value_of(wanted->maximum));
}

/* Whether the values say yes or no by themselves. */
static bool are_fit(const struct success *success, int counts, const struct run_values *runs, GError **error)
{
    bool fit = counts >= 0 || is_bounded(success->params);
    for (size_t i = 0; i < runs->all.count && !fit; i++) {
        double value = runs->all.at[i];
        if ((value < 0 || value > 0) && (value < 1 || value > 1))
            return sweep_refuse(error, "y: `%s` is not 0 or 1 in every run: say with min or max which runs count",
                                success->outcome);
    }
    return true;
}

static bool count_runs(struct success *success, GError **error)
{
    int counts;
    const char *column = column_of(success, &counts);
    const struct sweep_table *swept = &success->view.table;
    struct run_values *runs = sweep_table_runs(swept, column, error);
    bool fine = runs != NULL;
    success->tallies = g_new0(struct tally, success->keys.x_count * success->keys.by_count);
    for (size_t point = 0; fine && point < swept->points.count; point++) {
        size_t x = sweep_keys_x_level(&success->keys, point), style = sweep_keys_style(&success->keys, point);
        if (!success->view.shown[point] || x == NO_LEVEL || style == NO_LEVEL)
            continue;
        struct tally *tally = &success->tallies[style * success->keys.x_count + x];
        fine = are_fit(success, counts, &runs[point], error);
        for (size_t i = 0; i < runs[point].all.count; i++)
            tally->successes += is_success(success->params, counts, runs[point].all.at[i]);
        tally->trials += runs[point].all.count;
    }
    sweep_table_runs_free(swept, runs);
    return fine;
}

static void widen(struct success *success, double *least, double *most, double *positive)
{
    for (size_t i = 0; i < success->keys.x_count * success->keys.by_count; i++) {
        const struct tally *tally = &success->tallies[i];
        if (tally->trials == 0)
            continue;
        struct interval interval = interval_of_proportion(tally->successes, tally->trials);
        double share = (double)tally->successes / (double)tally->trials;
        *least = MIN(*least, interval.low);
        *most = MAX(*most, interval.high);
        *positive = share > 0 ? MIN(*positive, share) : MIN(*positive, interval.high);
        success->any |= tally->successes > 0;
        success->none |= tally->successes == 0;
        sweep_basis_add(&success->basis, tally->trials, interval_method_name(interval.method));
    }
}

static bool find_axes(struct success *success, GError **error)
{
    double least = 1, most = 0, positive = INFINITY;
    widen(success, &least, &most, &positive);
    if (!success->basis.any)
        return sweep_refuse(error, "y: no run shown says whether `%s`", success->outcome);
    if (!success->any && success->theory.points.count == 0)
        return figure_empty(error, "it happened in no run");
    success->x = sweep_keys_axis(&success->keys, (enum axis_choice)success->params->x_axis);
    double from = success->x.from * success->keys.x.scale.factor, to = success->x.to * success->keys.x.scale.factor;
    for (size_t i = 0; i < success->theory.points.count; i++)
        if (success->theory.points.at[i].x >= from && success->theory.points.at[i].x <= to)
            most = MAX(most, success->theory.points.at[i].y);
    success->y = axis_of(100 * least, 100 * most, 100 * positive, (enum axis_choice)success->params->y_axis);
    success->y.from = success->y.logarithmic ? success->y.from : MIN(success->y.from, 0);
    success->y.to = MIN(success->y.to, success->y.logarithmic ? 110 : 104);
    return true;
}

/* On a logarithmic axis nothing stands at its foot. */
static double on_axis(const struct axis *axis, double value)
{
    return axis->logarithmic && value < axis->from ? axis->from : value;
}

static bool save_points(const struct success *success, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "style,x,share,low,high,successes,runs");
    for (size_t i = 0; i < success->keys.x_count * success->keys.by_count; i++) {
        const struct tally *tally = &success->tallies[i];
        if (tally->trials == 0)
            continue;
        struct interval interval = interval_of_proportion(tally->successes, tally->trials);
        double share = 100 * (double)tally->successes / (double)tally->trials;
        sheet_number(&sheet, i / success->keys.x_count);
        sheet_real(&sheet, sweep_keys_place(&success->keys, i % success->keys.x_count));
        sheet_real(&sheet, on_axis(&success->y, share));
        sheet_real(&sheet, on_axis(&success->y, 100 * interval.low));
        sheet_real(&sheet, on_axis(&success->y, 100 * interval.high));
        sheet_number(&sheet, tally->successes);
        sheet_number(&sheet, tally->trials);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "success_curve", error);
}

static bool save_theory(const struct success *success, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "x,share");
    for (size_t i = 0; i < success->theory.points.count; i++) {
        sheet_real(&sheet, success->theory.points.at[i].x / success->keys.x.scale.factor);
        sheet_real(&sheet, 100 * success->theory.points.at[i].y);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "success_curve_theory", error);
}

/* "Runs in which safety fails (%)", "Runs with reorg depth max at least 6 (%)" */
static char *title_of(const struct success *success)
{
    const struct success_params *wanted = success->params;
    if (wanted->sweep.y_label)
        return g_strdup(wanted->sweep.y_label);
    if (metric_find(success->outcome) == METRICS) {
        char *label = sweep_metric_label(success->outcome), *title = g_strdup_printf("%s (%%)", label);
        g_free(label);
        return title;
    }
    static const struct scale plain = {"", 1};
    char *words = g_strdelimit(g_strdup(success->outcome), "_", ' ');
    char *least = label_number(wanted->minimum.denominator ? value_of(wanted->minimum) : NAN, &plain, 9);
    char *most = label_number(wanted->maximum.denominator ? value_of(wanted->maximum) : NAN, &plain, 9);
    bool low = wanted->minimum.denominator, high = wanted->maximum.denominator;
    char *title = low && high ? g_strdup_printf("Runs with %s from %s to %s (%%)", words, least, most)
                  : low       ? g_strdup_printf("Runs with %s of %s or more (%%)", words, least)
                  : high      ? g_strdup_printf("Runs with %s of %s or less (%%)", words, most)
                              : g_strdup_printf("Runs with %s (%%)", words);
    g_free(most);
    g_free(least);
    g_free(words);
    return title;
}

static bool save_facts(const struct success *success, size_t ticks, const char *folder, GError **error)
{
    char *x_title = levels_title(&success->keys.x, &success->view, success->params->sweep.x_label);
    char *y_title = title_of(success), *by_title = sweep_keys_by_title(&success->keys);
    char *note = sweep_note(&success->view, &success->basis, "share", &success->keys, "pooled: ");
    struct sheet facts;
    sheet_init(&facts, "note,x_title,x_from,x_to,x_log,numeric,y_title,y_from,y_to,y_log,by_title,styles,ticks,"
                       "none,theory,theory_label");
    sheet_text(&facts, note);
    sheet_text(&facts, x_title);
    sheet_axis(&facts, &success->x);
    sheet_number(&facts, success->keys.x.numeric);
    sheet_text(&facts, y_title);
    sheet_axis(&facts, &success->y);
    sheet_text(&facts, by_title);
    sheet_number(&facts, success->keys.by.all.count);
    sheet_number(&facts, ticks);
    sheet_number(&facts, success->none);
    sheet_number(&facts, success->theory.points.count);
    sheet_text(&facts, success->params->theory.label);
    sheet_end(&facts);
    g_free(note);
    g_free(by_title);
    g_free(y_title);
    g_free(x_title);
    return sheet_save(&facts, folder, "success_curve_facts", error);
}

static bool save(const struct success *success, const char *folder, GError **error)
{
    size_t ticks;
    return save_points(success, folder, error) && save_theory(success, folder, error) &&
           sweep_keys_save_styles(&success->keys, folder, "success_curve", error) &&
           sweep_keys_save_ticks(&success->keys, &success->x, folder, "success_curve", &ticks, error) &&
           save_facts(success, ticks, folder, error);
}

/* A curve can only stand where x is a number. */
static bool read_theory(struct success *success, GError **error)
{
    const struct theory_params *wanted = &success->params->theory;
    if (!success->keys.x.numeric && (wanted->points.count || wanted->file))
        return sweep_refuse(error, "theory: the values of x are texts, over which there is no curve");
    return theory_read(&success->theory, wanted, success->view.table.keys.at[success->keys.x.key].unit, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct success_params *wanted = source->params;
    struct success success = {.params = wanted};
    success.outcome =
        wanted->y < 0 ? sweep_proportions[METRICS + SWEEP_VERDICTS + SWEEP_SAFETY] : sweep_proportions[wanted->y];
    if (!sweep_view_open(&success.view, source, &wanted->sweep, error))
        return false;
    bool fine =
        sweep_keys_find(&success.keys, &success.view, SWEEP_X_NEEDED, wanted->x, wanted->by, STYLES_MOST, error) &&
        read_theory(&success, error) && count_runs(&success, error) && find_axes(&success, error) &&
        save(&success, folder, error);
    g_free(success.tallies);
    theory_release(&success.theory);
    sweep_keys_release(&success.keys);
    sweep_view_release(&success.view);
    return fine;
}

static const char *const sheets[] = {"styles", "theory", "ticks", NULL};

const struct figure figure_success_curve = {
    .name = "success_curve",
    .meaning = "how often an attack succeeds, or anything else happens, over a swept key; with theory beside it",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
