/* SPDX-License-Identifier: MIT */
#include "network/where.h"

#include <string.h>

#define WHERE(field) .offset = offsetof(struct where_params, field)
static const struct param where_params[] = {
    {.key = "column", .type = PARAM_TEXT, WHERE(column), .optional = true, .meaning = "a column of the file"},
    {.key = "is", .type = PARAM_TEXT, WHERE(is), .optional = true, .meaning = "what it holds in rows that count"},
};
static const char *check_where(const void *filled, char **message)
{
    const struct where_params *where = filled;
    if (!where->column == !where->is)
        return NULL;
    *message = g_strdup("give both `column` and `is`");
    return where->column ? "is" : "column";
}
const struct param_table where_table =
    PARAM_TABLE_CHECKED("rows that count", "rows that hold something in a column; without it all rows",
                        struct where_params, where_params, check_where);

bool where_find(const struct where_params *where, const struct table_file *table, size_t *column, GError **error)
{
    *column = 0;
    return !where->column || table_file_need(table, where->column, column, error);
}

bool where_counts(const struct where_params *where, const struct table_file *table, size_t row, size_t column)
{
    return !where->column || strcmp(table_file_cell(table, row, column), where->is) == 0;
}
