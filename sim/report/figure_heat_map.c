/* SPDX-License-Identifier: MIT */
/*
 * A metric over two swept keys: a cell for each pair of values, in a shade for the mean. Where further keys vary, a
 * cell shows the mean over the points that fall into it, without an interval.
 */
#include "report/sweep_note.h"

#include <math.h>

#define LABELS_MOST 8
/* Cells of so few columns and rows have room for intervals, whose characters are as many in a row of cells at most. */
#define WIDE_COLUMNS    5
#define TALL_ROWS       6
#define CHARACTERS_MOST 46

struct heat_map_params {
    struct figure_common common;
    struct sweep_choices sweep;
    const char *x, *y;
    int z, z_axis;
    const char *z_label;
};

static const struct param params[] = {
    SWEEP_PARAMS(struct heat_map_params),
    SWEEP_ACROSS_PARAM(struct heat_map_params, x),
    SWEEP_KEY_PARAM("y", struct heat_map_params, y, "the swept key upwards; absent: that with the most of the others"),
    SWEEP_CHOICE_PARAM("z", struct heat_map_params, z, sweep_outcomes, "the metric; absent: one that differs"),
    SWEEP_AXIS_PARAM("z_axis", struct heat_map_params, z_axis, "the shades: log from a ratio of 100"),
    {.key = "z_label",
     .type = PARAM_TEXT,
     .offset = offsetof(struct heat_map_params, z_label),
     .optional = true,
     .meaning = "what the shades are called; absent: after the metric"},
};
static const struct param_table table =
    PARAM_TABLE("heat_map", "a metric over two swept keys", struct heat_map_params, params);

struct cell {
    double sum, low, high;
    size_t points;
};

struct heat_map {
    const struct heat_map_params *params;
    struct sweep_view view;
    struct sweep_keys keys; /* by is y */
    const char *metric;
    struct cell *cells; /* by x, then y */
    struct sweep_basis basis;
    struct scale scale;
    struct axis shades;
};

static size_t cell_count(const struct heat_map *map)
{
    return map->keys.x_count * map->keys.by_count;
}

static double value_of(const struct cell *cell)
{
    return cell->points ? cell->sum / (double)cell->points : NAN;
}

static bool read_cells(struct heat_map *map, GError **error)
{
    if (cell_count(map) > SHEET_ROWS)
        return sweep_refuse(error, "%zu cells are more than a figure can show", cell_count(map));
    struct estimate *estimates = sweep_table_estimates(&map->view.table, map->metric, error);
    if (!estimates)
        return false;
    map->cells = g_new0(struct cell, cell_count(map));
    for (size_t point = 0; point < map->view.table.points.count; point++) {
        size_t x = sweep_keys_x_level(&map->keys, point), y = sweep_keys_style(&map->keys, point);
        const struct estimate *estimate = &estimates[point];
        if (!map->view.shown[point] || x == NO_LEVEL || y == NO_LEVEL || isnan(estimate->mean))
            continue;
        struct cell *cell = &map->cells[x * map->keys.by_count + y];
        cell->sum += estimate->mean;
        cell->points++;
        cell->low = cell->points == 1 ? estimate->low : NAN;
        cell->high = cell->points == 1 ? estimate->high : NAN;
        sweep_basis_add(&map->basis, estimate->n, estimate->method);
    }
    g_free(estimates);
    return map->basis.any || sweep_refuse(error, "z: no run shown has a value of `%s`", map->metric);
}

static void find_shades(struct heat_map *map)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < cell_count(map); i++) {
        double value = value_of(&map->cells[i]);
        least = isnan(value) ? least : MIN(least, value);
        most = isnan(value) ? most : MAX(most, value);
    }
    map->scale = scale_rounded(sweep_outcome_unit(map->metric), MAX(fabs(least), fabs(most)));
    double factor = map->scale.factor;
    map->shades = axis_of(least / factor, most / factor, least > 0 ? least / factor : INFINITY,
                          (enum axis_choice)map->params->z_axis);
    map->shades.from = least / factor;
    map->shades.to = most > least ? most / factor : least / factor + 1;
}

/* A cell's interval as "0.10–0.14", g_free it; NULL where it has none. */
static char *interval_text(const struct heat_map *map, const struct cell *cell)
{
    if (!cell->points || isnan(cell->low))
        return NULL;
    char *low = label_number(cell->low, &map->scale, 3), *high = label_number(cell->high, &map->scale, 3);
    char *interval = g_strdup_printf(cell->low < 0 ? "%s to %s" : "%s–%s", low, high);
    g_free(high);
    g_free(low);
    return interval;
}

/* "0.12", and its interval; texts that a cell shows where it has room for them. */
static void add_texts(struct sheet *sheet, const struct heat_map *map, const struct cell *cell)
{
    char *value = label_number(value_of(cell), &map->scale, 3), *interval = interval_text(map, cell);
    sheet_text(sheet, cell->points ? value : "NA");
    sheet_text(sheet, interval ? interval : "NA");
    g_free(interval);
    g_free(value);
}

static bool save_cells(const struct heat_map *map, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "x,y,value,low,high,text,interval");
    for (size_t i = 0; i < cell_count(map); i++) {
        const struct cell *cell = &map->cells[i];
        double factor = map->scale.factor;
        sheet_number(&sheet, i / map->keys.by_count);
        sheet_number(&sheet, i % map->keys.by_count);
        sheet_real(&sheet, value_of(cell) / factor);
        sheet_real(&sheet, cell->points ? cell->low / factor : NAN);
        sheet_real(&sheet, cell->points ? cell->high / factor : NAN);
        add_texts(&sheet, map, cell);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "heat_map", error);
}

/* Whether the cells say their intervals: where they have room for them, and each shows one point. */
static bool says_intervals(const struct heat_map *map)
{
    bool says = map->keys.x_count <= WIDE_COLUMNS && map->keys.by_count <= TALL_ROWS;
    for (size_t key = 0; key < map->view.table.keys.count; key++)
        says &= !map->keys.open[key];
    for (size_t i = 0; i < cell_count(map) && says; i++) {
        char *interval = interval_text(map, &map->cells[i]);
        says = !interval || (size_t)g_utf8_strlen(interval, -1) * map->keys.x_count <= CHARACTERS_MOST;
        g_free(interval);
    }
    return says;
}

static bool save_facts(const struct heat_map *map, size_t x_ticks, size_t y_ticks, const char *folder, GError **error)
{
    const struct sweep_choices *choices = &map->params->sweep;
    struct sweep_basis basis = map->basis;
    basis.methods = says_intervals(map) ? basis.methods : 0;
    char *x_title = levels_title(&map->keys.x, &map->view, choices->x_label);
    char *y_title = levels_title(&map->keys.by, &map->view, choices->y_label);
    char *z_title = sweep_metric_title(map->metric, &map->scale, map->params->z_label);
    char *note = sweep_note(&map->view, &basis, "mean", &map->keys, "mean over: ");
    struct sheet facts;
    sheet_init(&facts, "note,x_title,columns,x_ticks,y_title,rows,y_ticks,z_title,from,to,log,intervals");
    sheet_text(&facts, note);
    sheet_text(&facts, x_title);
    sheet_number(&facts, map->keys.x_count);
    sheet_number(&facts, x_ticks);
    sheet_text(&facts, y_title);
    sheet_number(&facts, map->keys.by_count);
    sheet_number(&facts, y_ticks);
    sheet_text(&facts, z_title);
    sheet_axis(&facts, &map->shades);
    sheet_number(&facts, says_intervals(map));
    sheet_end(&facts);
    g_free(note);
    g_free(z_title);
    g_free(y_title);
    g_free(x_title);
    return sheet_save(&facts, folder, "heat_map_facts", error);
}

static bool save(struct heat_map *map, const char *folder, GError **error)
{
    size_t x_ticks, y_ticks;
    find_shades(map);
    return save_cells(map, folder, error) &&
           levels_save_places(&map->keys.x, LABELS_MOST, folder, "heat_map_x_ticks", &x_ticks, error) &&
           levels_save_places(&map->keys.by, LABELS_MOST, folder, "heat_map_y_ticks", &y_ticks, error) &&
           save_facts(map, x_ticks, y_ticks, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct heat_map_params *wanted = source->params;
    struct heat_map map = {.params = wanted};
    if (!sweep_view_open(&map.view, source, &wanted->sweep, error))
        return false;
    map.metric = sweep_view_metric(&map.view, wanted->z, error);
    bool fine = map.metric && sweep_keys_find_plane(&map.keys, &map.view, wanted->x, wanted->y, error) &&
                read_cells(&map, error) && save(&map, folder, error);
    g_free(map.cells);
    sweep_keys_release(&map.keys);
    sweep_view_release(&map.view);
    return fine;
}

static const char *const sheets[] = {"x_ticks", "y_ticks", NULL};

const struct figure figure_heat_map = {
    .name = "heat_map",
    .meaning = "a metric over two swept keys",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
