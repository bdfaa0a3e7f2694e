/* SPDX-License-Identifier: MIT */
/* Delays from a table: one row and one column a region, milliseconds from the row's region to the column's. */
#include "base/table_file.h"
#include "network/latency.h"

#include <string.h>

struct latency_regions_params {
    const char *file;
    int measures;
    time_ns intra_region_ns;
    struct ratio jitter;
};

enum {
    MEASURES_ONE_WAY,
    MEASURES_ROUND_TRIP,
};
static const char *const measures[] = {"one_way", "round_trip", NULL};

#define AT(field) .offset = offsetof(struct latency_regions_params, field)

static const struct param params[] = {
    {.key = "file",
     .type = PARAM_FILE,
     AT(file),
     .meaning = "CSV: a header of region names, then a row a region with its name and the delays in ms"},
    {.key = "measures",
     .type = PARAM_CHOICE,
     AT(measures),
     .by_default = "one_way",
     .meaning = "what the file's figures are; a round trip counts half",
     .choices = measures},
    LATENCY_INTRA_REGION_PARAM(struct latency_regions_params),
    LATENCY_JITTER_PARAM(struct latency_regions_params),
};
const struct param_table latency_regions_params_table =
    PARAM_TABLE("regions latency", "delays between regions from a CSV file", struct latency_regions_params, params);

/* One cell: a figure, or nothing ("", "NA", "-") for a pair that was not measured. */
static bool read_cell(const struct table_file *table, size_t row, size_t column, int measure, time_ns *delay_ns,
                      GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    if (!*cell || strcmp(cell, "NA") == 0 || strcmp(cell, "-") == 0)
        return true;
    int64_t ns;
    uint32_t scale = measure == MEASURES_ROUND_TRIP ? MILLISECOND / 2 : MILLISECOND;
    if (!table_file_number(table, row, column, scale, &ns, error))
        return false;
    if (ns > DAY) {
        table_file_refuse(table, row, column, error, "%s ms is too long: at most a day", cell);
        return false;
    }
    *delay_ns = ns;
    return true;
}

static bool read_row(const struct latency_regions_params *given, const struct table_file *table, size_t row, bool *seen,
                     struct latency *latency, GError **error)
{
    const char *name = table_file_cell(table, row, 0);
    uint32_t from = latency_find_region(latency, name);
    if (from == ID_NONE || seen[from]) {
        table_file_refuse(table, row, 0, error, from == ID_NONE ? "no column is named %s" : "there is a second row %s",
                          name);
        return false;
    }
    seen[from] = true;
    time_ns *delays_ns = &latency->between_ns[(size_t)from * latency->region_count];
    for (uint32_t to = 0; to < latency->region_count; to++)
        if (!read_cell(table, row, to + 1, given->measures, &delays_ns[to], error))
            return false;
    if (delays_ns[from] <= 0)
        delays_ns[from] = given->intra_region_ns;
    return true;
}

static bool read_names(const struct table_file *table, struct latency *latency, GError **error)
{
    for (size_t column = 1; column < table->column_count; column++) {
        const char *name = table_file_header(table, column);
        size_t first;
        if (*name && table_file_find(table, name, &first) && first >= column) {
            latency->region_names[column - 1] = g_strdup(name);
            continue;
        }
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE,
                    "%s: column %zu: a region needs a name of its own, not \"%s\"", table->path, column + 1, name);
        return false;
    }
    return true;
}

static bool read_table(const struct latency_regions_params *given, const struct table_file *table,
                       struct latency *latency, GError **error)
{
    if (table->column_count < 2) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: there is no region: the header names one a column",
                    table->path);
        return false;
    }
    uint32_t count = (uint32_t)(table->column_count - 1);
    latency_init(latency, count);
    if (!read_names(table, latency, error))
        return false;
    bool *seen = g_new0(bool, count);
    bool fine = true;
    for (size_t row = 0; fine && row < table->row_count; row++)
        fine = read_row(given, table, row, seen, latency, error);
    g_free(seen);
    return fine;
}

static bool describe(const void *parameters, struct latency *latency, GError **error)
{
    const struct latency_regions_params *given = parameters;
    struct table_file *table = table_file_read(given->file, error);
    bool fine = table && read_table(given, table, latency, error);
    if (fine)
        latency_set_jitter(latency, given->jitter);
    table_file_free(table);
    return fine;
}

const struct latency_model latency_regions = {.describe = describe};
