/* SPDX-License-Identifier: MIT */
#include "network/latency_file.h"

#include <string.h>

/* Which columns are which region's. */
struct matrix {
    const struct latency_file *file;
    size_t from;     /* the column of names */
    size_t *columns; /* by region */
    GHashTable *ids; /* regions by name, from 1; looked up only, never walked */
    bool *seen;      /* regions that have a row */
};

static bool find_from(const struct latency_file *file, const char *from, size_t *column, GError **error)
{
    if (from)
        return table_file_need(file->table, from, column, error);
    *column = file->rows->column && file->where == 0;
    return true;
}

static bool add_region(struct matrix *matrix, size_t column, struct latency *latency, uint32_t *count, GError **error)
{
    const struct table_file *table = matrix->file->table;
    const char *name = table_file_header(table, column);
    if (!*name || g_hash_table_lookup(matrix->ids, name)) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE,
                    "%s: column %zu: a region needs a name of its own, not \"%s\"", table->path, column + 1, name);
        return false;
    }
    latency->region_names[*count] = g_strdup(name);
    matrix->columns[(*count)++] = column;
    g_hash_table_insert(matrix->ids, (gpointer)name, GUINT_TO_POINTER(*count));
    return true;
}

static bool read_header(struct matrix *matrix, struct latency *latency, GError **error)
{
    const struct latency_file *file = matrix->file;
    size_t left = 1 + (file->rows->column != NULL);
    uint32_t count = 0;
    if (file->table->column_count <= left) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: there is no region: the header names one a column",
                    file->table->path);
        return false;
    }
    if (file->table->column_count - left > LATENCY_REGIONS_MAXIMUM) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: there are %zu regions; at most %u are read",
                    file->table->path, file->table->column_count - left, LATENCY_REGIONS_MAXIMUM);
        return false;
    }
    latency_init(latency, (uint32_t)(file->table->column_count - left));
    matrix->columns = g_new(size_t, latency->region_count);
    matrix->seen = g_new0(bool, latency->region_count);
    for (size_t column = 0; column < file->table->column_count; column++)
        if (column != matrix->from && !(file->rows->column && column == file->where) &&
            !add_region(matrix, column, latency, &count, error))
            return false;
    return true;
}

/* What is wrong with a row of that region (0: of none); a column before the regions' names may tell tables apart. */
static void refuse_row(const struct matrix *matrix, size_t row, uint32_t number, GError **error)
{
    const struct table_file *table = matrix->file->table;
    const char *name = table_file_cell(table, row, matrix->from);
    if (number > 0)
        table_file_refuse(table, row, matrix->from, error, "there is a second row %s", name);
    else if (matrix->file->rows->column)
        table_file_refuse(table, row, matrix->from, error, "no column is named %s", name);
    else
        table_file_refuse(
            table, row, matrix->from, error,
            "no column is named %s; where the file has several tables and this column tells which, choose "
            "one: `where: {column: %s, is: %s}`",
            name, table_file_header(table, matrix->from), name);
}

static bool read_row(const struct matrix *matrix, size_t row, struct latency *latency, GError **error)
{
    const struct table_file *table = matrix->file->table;
    const char *name = table_file_cell(table, row, matrix->from);
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(matrix->ids, name));
    if (number == 0 || matrix->seen[number - 1]) {
        refuse_row(matrix, row, number, error);
        return false;
    }
    uint32_t from = number - 1;
    matrix->seen[from] = true;
    time_ns *delays_ns = &latency->between_ns[(size_t)from * latency->region_count];
    for (uint32_t to = 0; to < latency->region_count; to++)
        if (!latency_file_cell(matrix->file, row, matrix->columns[to], &delays_ns[to], error))
            return false;
    if (delays_ns[from] <= 0)
        delays_ns[from] = matrix->file->intra_region_ns;
    return true;
}

bool latency_matrix_read(const struct latency_file *file, const char *from, struct latency *latency, GError **error)
{
    struct matrix matrix = {.file = file, .ids = g_hash_table_new(g_str_hash, g_str_equal)};
    bool fine = find_from(file, from, &matrix.from, error) && read_header(&matrix, latency, error);
    for (size_t row = 0; fine && row < file->table->row_count; row++)
        fine = !latency_file_counts(file, row) || read_row(&matrix, row, latency, error);
    g_hash_table_destroy(matrix.ids);
    g_free(matrix.columns);
    g_free(matrix.seen);
    return fine;
}
