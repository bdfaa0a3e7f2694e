/* SPDX-License-Identifier: MIT */
#include "report/theory.h"

#include "base/table_file.h"
#include "report/sweep_view.h"

#include <math.h>

static const struct param number_element = {
    .key = "number",
    .type = PARAM_TEXT,
    .meaning = "a number, with its unit if it has one",
};
const struct param theory_point_element = {
    .key = "point",
    .type = PARAM_LIST,
    .element = &number_element,
    .minimum = "2",
    .maximum = "2",
    .meaning = "a point of the curve: x and y",
};

/* `where` is what errors call the point. */
static bool add_point(struct theory *theory, const char *where, const char *unit, const char *x, const char *y,
                      GError **error)
{
    struct theory_point point = {sweep_parse_number(unit, x), sweep_parse_number("", y)};
    if (isnan(point.x))
        return sweep_refuse(error, "%s: `%s` is no value of x", where, x);
    if (isnan(point.y) || point.y < 0 || point.y > 1)
        return sweep_refuse(error, "%s: `%s` is no share from 0 to 1", where, y);
    if (theory->points.count == SHEET_ROWS)
        return sweep_refuse(error, "%s: a curve has at most %d points", where, SHEET_ROWS);
    vector_push(&theory->points, point);
    return true;
}

static bool read_points(struct theory *theory, const struct param_list *points, const char *unit, GError **error)
{
    bool fine = true;
    for (size_t i = 0; i < points->count && fine; i++) {
        const char *const *numbers = ((const struct param_list *)points->items)[i].items;
        fine = add_point(theory, "theory", unit, numbers[0], numbers[1], error);
    }
    return fine;
}

static bool read_file(struct theory *theory, const char *path, const char *unit, GError **error)
{
    struct table_file *table = table_file_read(path, error);
    if (!table)
        return false;
    bool fine = table->column_count >= 2 || sweep_refuse(error, "theory_file: %s needs two columns, x and y", path);
    for (size_t row = 0; row < table->row_count && fine; row++) {
        char *where = g_strdup_printf("theory_file: %s:%u", path, table->lines[row + 1]);
        fine = add_point(theory, where, unit, table_file_cell(table, row, 0), table_file_cell(table, row, 1), error);
        g_free(where);
    }
    table_file_free(table);
    return fine;
}

bool theory_read(struct theory *theory, const struct theory_params *params, const char *unit, GError **error)
{
    *theory = (struct theory){0};
    bool fine = !(params->points.count && params->file) ||
                sweep_refuse(error, "theory and theory_file are two ways to say the same: choose one");
    fine = fine && read_points(theory, &params->points, unit, error) &&
           (!params->file || read_file(theory, params->file, unit, error));
    if (!fine)
        theory_release(theory);
    return fine;
}

void theory_release(struct theory *theory)
{
    vector_release(&theory->points);
}
