/* SPDX-License-Identifier: MIT */
/*
 * The points of a sweep by two metrics, and the front of those that no other point beats in both. Labels say which
 * values a point has.
 */
#include "report/label_place.h"
#include "report/sweep_note.h"

#include <math.h>

#define LABELLED_MOST 12 /* of more points only those of the front have labels */
#define FRONT_LABELS  40

enum better { BETTER_AUTO, BETTER_LESS, BETTER_MORE };
static const char *const betters[] = {"auto", "lower", "higher", NULL};

struct pareto_params {
    struct figure_common common;
    struct sweep_choices sweep;
    const char *by;
    int x, y, x_better, y_better, x_axis, y_axis;
};

#define BETTER_PARAM(name, field)                                                                                      \
    {                                                                                                                  \
        .key = (name), .type = PARAM_CHOICE, .offset = offsetof(struct pareto_params, field), .by_default = "auto",    \
        .choices = betters, .meaning = "which values are better; auto: as the metric says, else lower ones"            \
    }

static const struct param params[] = {
    SWEEP_PARAMS(struct pareto_params),
    SWEEP_CHOICE_PARAM("x", struct pareto_params, x, sweep_outcomes, "the metric across; absent: a cost that differs"),
    SWEEP_CHOICE_PARAM("y", struct pareto_params, y, sweep_outcomes, "the metric upwards; absent: one that differs"),
    SWEEP_BY_PARAMS(struct pareto_params),
    BETTER_PARAM("x_better", x_better),
    BETTER_PARAM("y_better", y_better),
    SWEEP_AXIS_PARAM("x_axis", struct pareto_params, x_axis, "the axis across: log from a ratio of 100"),
    SWEEP_Y_AXIS_PARAM(struct pareto_params, y_axis),
};
static const struct param_table table =
    PARAM_TABLE("pareto", "two metrics of the points of a sweep", struct pareto_params, params);

struct measure {
    const char *metric;
    bool more; /* is better */
    struct scale scale;
    struct axis axis;
};

struct spot {
    size_t point, style;
    double x, y, x_low, x_high, y_low, y_high; /* in the units of the axes */
    bool front;
    char *label;
    struct placed_label place;
};

struct pareto {
    const struct pareto_params *params;
    struct sweep_view view;
    struct sweep_keys keys;
    struct measure x, y;
    VECTOR(struct spot) spots; /* the best x first, then the best y */
    struct sweep_basis basis;
    size_t front;
};

static const char *default_cost(const struct sweep_view *view, const char *besides)
{
    static const char *const costs[] = {"messages", "bytes", "deliveries", "block_interval_s", NULL};
    size_t varying = sweep_table_varying(&view->table, costs);
    if (costs[varying] && g_strcmp0(costs[varying], besides) != 0)
        return costs[varying];
    const char **others = g_new0(const char *, METRICS + 1);
    size_t count = 0;
    for (size_t i = 0; i < METRICS; i++)
        if (g_strcmp0(sweep_metrics[i], besides) != 0)
            others[count++] = sweep_metrics[i];
    const char *found = others[sweep_table_varying(&view->table, others)];
    g_free((void *)others);
    return found;
}

static bool choose_metrics(struct pareto *pareto, GError **error)
{
    const struct pareto_params *wanted = pareto->params;
    pareto->y.metric = sweep_view_metric(&pareto->view, wanted->y, error);
    if (!pareto->y.metric)
        return false;
    pareto->x.metric = wanted->x >= 0 ? sweep_outcomes[wanted->x] : default_cost(&pareto->view, pareto->y.metric);
    if (!pareto->x.metric)
        return figure_empty(error, "only one metric differs between the points");
    return pareto->x.metric != pareto->y.metric || sweep_refuse(error, "x and y are both `%s`", pareto->x.metric);
}

/* Verdicts hold: the more the better. */
static bool more_is_better(const char *metric, int choice)
{
    enum metric_id id = metric_find(metric);
    return choice == BETTER_AUTO ? id == METRICS || metrics[id].better == BETTER_HIGHER : choice == BETTER_MORE;
}

static void measure_init(struct measure *measure, const struct estimate *estimates, const bool *shown, size_t points,
                         int better, int axis)
{
    double least = INFINITY, most = -INFINITY, positive = INFINITY;
    for (size_t point = 0; point < points; point++) {
        const double values[] = {estimates[point].mean, estimates[point].low, estimates[point].high};
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            if (shown[point] && !isnan(values[v])) {
                least = MIN(least, values[v]);
                most = MAX(most, values[v]);
                positive = values[v] > 0 ? MIN(positive, values[v]) : positive;
            }
    }
    measure->more = more_is_better(measure->metric, better);
    measure->scale = scale_rounded(sweep_outcome_unit(measure->metric), MAX(fabs(least), fabs(most)));
    double factor = measure->scale.factor;
    measure->axis = axis_of(least / factor, most / factor, positive / factor, (enum axis_choice)axis);
}

static double end_of(double end, const struct measure *measure)
{
    double value = end / measure->scale.factor;
    return measure->axis.logarithmic && value < measure->axis.from ? measure->axis.from : value;
}

static void add_spots(struct pareto *pareto, const struct estimate *x, const struct estimate *y)
{
    for (size_t point = 0; point < pareto->view.table.points.count; point++) {
        size_t style = sweep_keys_style(&pareto->keys, point);
        if (!pareto->view.shown[point] || style == NO_LEVEL || isnan(x[point].mean) || isnan(y[point].mean))
            continue;
        struct spot spot = {
            .point = point,
            .style = style,
            .x = x[point].mean / pareto->x.scale.factor,
            .y = y[point].mean / pareto->y.scale.factor,
            .x_low = end_of(x[point].low, &pareto->x),
            .x_high = end_of(x[point].high, &pareto->x),
            .y_low = end_of(y[point].low, &pareto->y),
            .y_high = end_of(y[point].high, &pareto->y),
        };
        vector_push(&pareto->spots, spot);
        sweep_basis_add(&pareto->basis, MIN(x[point].n, y[point].n), x[point].method);
        sweep_basis_add(&pareto->basis, MIN(x[point].n, y[point].n), y[point].method);
    }
}

static bool read_spots(struct pareto *pareto, GError **error)
{
    const struct sweep_table *swept = &pareto->view.table;
    struct estimate *x = sweep_table_estimates(swept, pareto->x.metric, error);
    struct estimate *y = x ? sweep_table_estimates(swept, pareto->y.metric, error) : NULL;
    if (y) {
        const struct pareto_params *wanted = pareto->params;
        size_t points = swept->points.count;
        measure_init(&pareto->x, x, pareto->view.shown, points, wanted->x_better, wanted->x_axis);
        measure_init(&pareto->y, y, pareto->view.shown, points, wanted->y_better, wanted->y_axis);
        add_spots(pareto, x, y);
    }
    bool fine = y != NULL;
    g_free(x);
    g_free(y);
    if (fine && pareto->spots.count == 0)
        fine = sweep_refuse(error, "no point has both `%s` and `%s`", pareto->x.metric, pareto->y.metric);
    return fine && (pareto->spots.count <= SHEET_ROWS ||
                    sweep_refuse(error, "%zu points are more than a figure can show: choose some with at",
                                 pareto->spots.count));
}

/* -1 where a is better, 1 where b is. */
static int compare_values(double a, double b, bool more)
{
    int order = (a > b) - (a < b);
    return more ? -order : order;
}

static int compare_spots(const void *first, const void *second, void *user)
{
    const struct spot *a = first, *b = second;
    const struct pareto *pareto = user;
    int by_x = compare_values(a->x, b->x, pareto->x.more), by_y = compare_values(a->y, b->y, pareto->y.more);
    return by_x ? by_x : by_y ? by_y : (a->point > b->point) - (a->point < b->point);
}

/* In order, a point is on the front if its y is better than every one before; its equals are on it too. */
static void find_front(struct pareto *pareto)
{
    g_qsort_with_data(pareto->spots.at, (gint)pareto->spots.count, sizeof *pareto->spots.at, compare_spots, pareto);
    const struct spot *best = NULL;
    for (size_t i = 0; i < pareto->spots.count; i++) {
        struct spot *spot = &pareto->spots.at[i];
        int against = best ? compare_values(spot->y, best->y, pareto->y.more) : -1;
        spot->front = against < 0 || (against == 0 && compare_values(spot->x, best->x, pareto->x.more) == 0);
        best = spot->front ? spot : best;
        pareto->front += spot->front;
    }
}

/* The keys that labels tell: those that vary and have no style. */
static bool is_told(const struct pareto *pareto, size_t key)
{
    struct levels levels;
    levels_init(&levels, &pareto->view, key);
    bool told = key != pareto->keys.by.key && levels.all.count > 1;
    levels_release(&levels);
    return told;
}

static void write_labels(struct pareto *pareto)
{
    size_t keys = pareto->view.table.keys.count;
    for (size_t i = 0; i < pareto->spots.count; i++)
        pareto->spots.at[i].label = g_strdup("");
    for (size_t key = 0; key < keys; key++) {
        struct levels levels;
        if (!is_told(pareto, key))
            continue;
        levels_init(&levels, &pareto->view, key);
        for (size_t i = 0; i < pareto->spots.count; i++) {
            struct spot *spot = &pareto->spots.at[i];
            size_t level = levels_find(&levels, &pareto->view, spot->point);
            char *text = level == NO_LEVEL ? g_strdup("NA") : levels_text(&levels, level), *before = spot->label;
            spot->label = *before ? g_strconcat(before, " / ", text, NULL) : g_strdup(text);
            g_free(before);
            g_free(text);
        }
        levels_release(&levels);
    }
}

static void place_labels(struct pareto *pareto)
{
    struct placed_label *places = g_new0(struct placed_label, pareto->spots.count);
    for (size_t i = 0; i < pareto->spots.count; i++) {
        const struct spot *spot = &pareto->spots.at[i];
        places[i] = (struct placed_label){
            .x = label_position(&pareto->x.axis, spot->x, LABEL_PLOT_WIDE),
            .y = label_position(&pareto->y.axis, spot->y, LABEL_PLOT_TALL),
            .length = (size_t)g_utf8_strlen(spot->label, -1),
            .lean_x = pareto->x.more ? 1 : -1,
            .lean_y = pareto->y.more ? 1 : -1,
            .needed = spot->front,
            .wanted =
                *spot->label && (spot->front ? pareto->front <= FRONT_LABELS : pareto->spots.count <= LABELLED_MOST),
        };
    }
    if (pareto->spots.count <= LABELLED_MOST || pareto->front <= FRONT_LABELS)
        label_place(places, pareto->spots.count);
    for (size_t i = 0; i < pareto->spots.count; i++)
        pareto->spots.at[i].place = places[i];
    g_free(places);
}

static bool save_spots(const struct pareto *pareto, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "style,x,y,x_low,x_high,y_low,y_high,front,label,shown,dx_cm,dy_cm,side");
    for (size_t i = 0; i < pareto->spots.count; i++) {
        const struct spot *spot = &pareto->spots.at[i];
        const double values[] = {spot->x, spot->y, spot->x_low, spot->x_high, spot->y_low, spot->y_high};
        sheet_number(&sheet, spot->style);
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            sheet_real(&sheet, values[v]);
        sheet_number(&sheet, spot->front);
        sheet_text(&sheet, *spot->label ? spot->label : "NA");
        sheet_number(&sheet, spot->place.shown);
        sheet_real(&sheet, spot->place.dx);
        sheet_real(&sheet, spot->place.dy);
        sheet_real(&sheet, spot->place.side);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "pareto", error);
}

static void add_corner(struct sheet *sheet, double x, double y)
{
    sheet_real(sheet, x);
    sheet_real(sheet, y);
    sheet_end(sheet);
}

/* The corners of the front, from where y is worst to where x is: what lies behind it is beaten by a point on it. */
static bool save_front(const struct pareto *pareto, const char *folder, GError **error)
{
    struct sheet sheet;
    const struct axis *x = &pareto->x.axis, *y = &pareto->y.axis;
    sheet_init(&sheet, "x,y");
    add_corner(&sheet, pareto->spots.at[0].x, pareto->y.more ? y->from : y->to);
    double last_y = NAN;
    for (size_t i = 0; i < pareto->spots.count && sheet.rows < SHEET_ROWS - 3; i++) {
        const struct spot *spot = &pareto->spots.at[i];
        if (!spot->front)
            continue;
        if (!isnan(last_y))
            add_corner(&sheet, spot->x, last_y);
        add_corner(&sheet, spot->x, spot->y);
        last_y = spot->y;
    }
    add_corner(&sheet, pareto->x.more ? x->from : x->to, last_y);
    return sheet_save(&sheet, folder, "pareto_front", error);
}

static char *label_keys(const struct pareto *pareto)
{
    GString *text = g_string_new(NULL);
    for (size_t key = 0; key < pareto->view.table.keys.count; key++)
        if (is_told(pareto, key))
            g_string_append_printf(text, "%s%s", text->len ? " / " : "labels: ", pareto->view.table.keys.at[key].key);
    return g_string_free(text, FALSE);
}

static bool save_facts(const struct pareto *pareto, const char *folder, GError **error)
{
    const struct sweep_choices *choices = &pareto->params->sweep;
    char *x_title = sweep_metric_title(pareto->x.metric, &pareto->x.scale, choices->x_label);
    char *y_title = sweep_metric_title(pareto->y.metric, &pareto->y.scale, choices->y_label);
    char *by_title = sweep_keys_by_title(&pareto->keys), *labels = label_keys(pareto);
    char *note = sweep_note(&pareto->view, &pareto->basis, "mean", NULL, "");
    char *all = *labels ? g_strdup_printf("%s; %s", note, labels) : g_strdup(note);
    struct sheet facts;
    sheet_init(&facts, "note,x_title,x_from,x_to,x_log,y_title,y_from,y_to,y_log,by_title,styles,points,front");
    sheet_text(&facts, all);
    sheet_text(&facts, x_title);
    sheet_axis(&facts, &pareto->x.axis);
    sheet_text(&facts, y_title);
    sheet_axis(&facts, &pareto->y.axis);
    sheet_text(&facts, by_title);
    sheet_number(&facts, pareto->keys.by.all.count);
    sheet_number(&facts, pareto->spots.count);
    sheet_number(&facts, pareto->front);
    sheet_end(&facts);
    g_free(all);
    g_free(note);
    g_free(labels);
    g_free(by_title);
    g_free(y_title);
    g_free(x_title);
    return sheet_save(&facts, folder, "pareto_facts", error);
}

static bool save(struct pareto *pareto, const char *folder, GError **error)
{
    find_front(pareto);
    write_labels(pareto);
    place_labels(pareto);
    return save_spots(pareto, folder, error) && save_front(pareto, folder, error) &&
           sweep_keys_save_styles(&pareto->keys, folder, "pareto", error) && save_facts(pareto, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct pareto_params *wanted = source->params;
    struct pareto pareto = {.params = wanted};
    if (!sweep_view_open(&pareto.view, source, &wanted->sweep, error))
        return false;
    bool fine = choose_metrics(&pareto, error) &&
                sweep_keys_find(&pareto.keys, &pareto.view, SWEEP_X_NONE, NULL, wanted->by, STYLES_MOST, error) &&
                read_spots(&pareto, error) && save(&pareto, folder, error);
    for (size_t i = 0; i < pareto.spots.count; i++)
        g_free(pareto.spots.at[i].label);
    vector_release(&pareto.spots);
    sweep_keys_release(&pareto.keys);
    sweep_view_release(&pareto.view);
    return fine;
}

static const char *const sheets[] = {"front", "styles", NULL};

const struct figure figure_pareto = {
    .name = "pareto",
    .meaning = "the points of a sweep by two metrics, and those that no other beats in both",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
