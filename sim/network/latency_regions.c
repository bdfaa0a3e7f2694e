/* SPDX-License-Identifier: MIT */
/*
 * Delays from a file of the user's: read, named, made whole. The first figure of a matrix is from the row's region to
 * the column's.
 */
#include "network/latency_file.h"
#include "network/latency_fill.h"
#include "network/places.h"
#include "network/where.h"

#include <string.h>

struct names_params {
    const char *file; /* NULL: names are as they are */
    const char *id, *name;
};

struct places_params {
    const char *file; /* NULL: none is known */
    const char *name, *latitude, *longitude;
};

struct latency_regions_params {
    const char *file;
    int layout;
    const char *from, *to, *value;
    struct where_params where;
    int measures;
    bool symmetric;
    struct names_params names;
    struct places_params places;
    time_ns intra_region_ns;
    struct ratio jitter;
};

enum {
    LAYOUT_MATRIX,
    LAYOUT_LONG,
};
static const char *const layouts[] = {"matrix", "long", NULL};

enum {
    MEASURES_ONE_WAY,
    MEASURES_ROUND_TRIP,
};
static const char *const measures[] = {"one_way", "round_trip", NULL};

#define NAMES(field) .offset = offsetof(struct names_params, field)
static const struct param names_params[] = {
    {.key = "file", .type = PARAM_FILE, NAMES(file), .optional = true, .meaning = "CSV with a row a region"},
    {.key = "id",
     .type = PARAM_TEXT,
     NAMES(id),
     .by_default = "id",
     .meaning = "the column that holds what the file of delays calls a region"},
    {.key = "name", .type = PARAM_TEXT, NAMES(name), .by_default = "name", .meaning = "the column of its name here"},
};
static const struct param_table names_table =
    PARAM_TABLE("names of regions", "what a file's regions are called", struct names_params, names_params);

#define PLACES(field) .offset = offsetof(struct places_params, field)
static const struct param places_params[] = {
    {.key = "file", .type = PARAM_FILE, PLACES(file), .optional = true, .meaning = "CSV with a row a region"},
    {.key = "name", .type = PARAM_TEXT, PLACES(name), .by_default = "name", .meaning = "the column of regions' names"},
    {.key = "latitude",
     .type = PARAM_TEXT,
     PLACES(latitude),
     .by_default = "latitude",
     .meaning = "the column of degrees north"},
    {.key = "longitude",
     .type = PARAM_TEXT,
     PLACES(longitude),
     .by_default = "longitude",
     .meaning = "the column of degrees east"},
};
static const struct param_table places_table =
    PARAM_TABLE("places of regions", "where regions are", struct places_params, places_params);

#define AT(field) .offset = offsetof(struct latency_regions_params, field)
static const struct param params[] = {
    {.key = "file",
     .type = PARAM_FILE,
     AT(file),
     .meaning = "CSV with a header: delays in ms, as a matrix or with a row a pair"},
    {.key = "layout",
     .type = PARAM_CHOICE,
     AT(layout),
     .by_default = "matrix",
     .meaning = "a row and a column a region, or a row a pair of regions",
     .choices = layouts},
    {.key = "from",
     .type = PARAM_TEXT,
     AT(from),
     .optional = true,
     .meaning = "the column of the region from which a row's delays are; of a matrix, absent: the first"},
    {.key = "to",
     .type = PARAM_TEXT,
     AT(to),
     .optional = true,
     .meaning = "of a long table: the column of the region to which the delay is"},
    {.key = "value",
     .type = PARAM_TEXT,
     AT(value),
     .optional = true,
     .meaning = "of a long table: the column of the delay, in ms"},
    WHERE_PARAM(struct latency_regions_params),
    {.key = "measures",
     .type = PARAM_CHOICE,
     AT(measures),
     .by_default = "one_way",
     .meaning = "what the file's figures are; a round trip counts half",
     .choices = measures},
    {.key = "symmetric",
     .type = PARAM_FLAG,
     AT(symmetric),
     .by_default = "off",
     .meaning = "a pair with a figure in one direction only has the same in the other"},
    {.key = "names",
     .type = PARAM_STRUCT,
     AT(names),
     .by_default = "",
     .table = &names_table,
     .meaning = "a file that says what the regions are called here; without it they keep their names"},
    {.key = "places",
     .type = PARAM_STRUCT,
     AT(places),
     .by_default = "",
     .table = &places_table,
     .meaning = "a file of coordinates; pairs without a figure are then filled by distance, and a warning says so"},
    LATENCY_INTRA_REGION_PARAM(struct latency_regions_params),
    LATENCY_JITTER_PARAM(struct latency_regions_params),
};

static const char *check(const void *filled, char **message)
{
    const struct latency_regions_params *given = filled;
    bool is_long = given->layout == LAYOUT_LONG;
    const char *const columns[] = {given->from, given->to, given->value};
    static const char *const keys[] = {"from", "to", "value"};
    for (int i = 0; i < 3; i++) {
        if (is_long && !columns[i]) {
            *message = g_strdup_printf("a long table needs `from`, `to` and `value`: the names of its columns");
            return keys[i];
        }
        if (!is_long && i > 0 && columns[i]) {
            *message = g_strdup("is of a long table: a matrix has a column a region");
            return keys[i];
        }
    }
    return NULL;
}
const struct param_table latency_regions_params_table = PARAM_TABLE_CHECKED(
    "regions latency", "delays between regions from a CSV file", struct latency_regions_params, params, check);

bool latency_file_cell(const struct latency_file *file, size_t row, size_t column, time_ns *delay_ns, GError **error)
{
    const char *cell = table_file_cell(file->table, row, column);
    if (!*cell || strcmp(cell, "NA") == 0 || strcmp(cell, "-") == 0)
        return true;
    int64_t ns;
    if (!table_file_number(file->table, row, column, file->scale, &ns, error))
        return false;
    if (ns > DAY) {
        table_file_refuse(file->table, row, column, error, "%s ms is too long: at most a day", cell);
        return false;
    }
    *delay_ns = ns;
    return true;
}

/* A table of regions' names and a column of them; row[region] is its row, or SIZE_MAX. */
static size_t *rows_of_regions(const struct table_file *table, size_t column, const struct latency *latency,
                               GError **error)
{
    GHashTable *rows = g_hash_table_new(g_str_hash, g_str_equal); /* from 1; looked up only, never walked */
    bool fine = true;
    for (size_t row = 0; fine && row < table->row_count; row++) {
        const char *name = table_file_cell(table, row, column);
        fine = g_hash_table_insert(rows, (gpointer)name, GSIZE_TO_POINTER(row + 1));
        if (!fine)
            table_file_refuse(table, row, column, error, "there is a second row %s", name);
    }
    size_t *found = fine ? g_new(size_t, latency->region_count) : NULL;
    for (uint32_t region = 0; fine && region < latency->region_count; region++)
        found[region] = GPOINTER_TO_SIZE(g_hash_table_lookup(rows, latency->region_names[region])) - 1;
    g_hash_table_destroy(rows);
    return found;
}

static bool take_names(const struct table_file *table, size_t name, const size_t *rows, struct latency *latency,
                       GError **error)
{
    GHashTable *taken = g_hash_table_new(g_str_hash, g_str_equal); /* looked up only, never walked */
    bool fine = true;
    for (uint32_t region = 0; fine && region < latency->region_count; region++) {
        char **now = &latency->region_names[region];
        if (rows[region] == SIZE_MAX) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: there is no row for region %s", table->path,
                        *now);
            fine = false;
            break;
        }
        const char *called = table_file_cell(table, rows[region], name);
        fine = *called && g_hash_table_add(taken, (gpointer)called);
        if (!fine)
            table_file_refuse(table, rows[region], name, error, "a region needs a name of its own, not \"%s\"", called);
        g_free(*now);
        *now = g_strdup(called);
    }
    g_hash_table_destroy(taken);
    return fine;
}

static bool rename_regions(const struct names_params *given, struct latency *latency, GError **error)
{
    if (!given->file)
        return true;
    struct table_file *table = table_file_read(given->file, error);
    size_t id, name, *rows = NULL;
    bool fine = table && table_file_need(table, given->id, &id, error) &&
                table_file_need(table, given->name, &name, error) &&
                (rows = rows_of_regions(table, id, latency, error)) && take_names(table, name, rows, latency, error);
    g_free(rows);
    table_file_free(table);
    return fine;
}

static bool read_places(const struct table_file *table, const struct places_params *given,
                        const struct latency *latency, struct place *places, bool *placed, GError **error)
{
    size_t name, *rows;
    struct place_columns columns;
    if (!table_file_need(table, given->name, &name, error) ||
        !table_file_need(table, given->latitude, &columns.latitude, error) ||
        !table_file_need(table, given->longitude, &columns.longitude, error) ||
        !(rows = rows_of_regions(table, name, latency, error)))
        return false;
    bool fine = true;
    for (uint32_t region = 0; fine && region < latency->region_count; region++)
        fine = rows[region] == SIZE_MAX ||
               place_read(table, rows[region], &columns, &places[region], &placed[region], error);
    g_free(rows);
    return fine;
}

static bool all(const bool *flags, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!flags[i])
            return false;
    return true;
}

static bool fill_by_distance(const struct latency_regions_params *given, struct latency *latency, GError **error)
{
    if (!given->places.file)
        return true;
    struct place *places = g_new0(struct place, latency->region_count);
    bool *placed = g_new0(bool, latency->region_count);
    struct table_file *table = table_file_read(given->places.file, error);
    bool fine = table && read_places(table, &given->places, latency, places, placed, error) &&
                latency_fill_by_distance(latency, places, placed, given->file, error);
    table_file_free(table);
    if (fine && all(placed, latency->region_count))
        latency->places = g_steal_pointer(&places);
    g_free(places);
    g_free(placed);
    return fine;
}

static bool open_file(const struct latency_regions_params *given, struct latency_file *file, GError **error)
{
    *file = (struct latency_file){
        .table = table_file_read(given->file, error),
        .rows = &given->where,
        .scale = given->measures == MEASURES_ROUND_TRIP ? MILLISECOND / 2 : MILLISECOND,
        .intra_region_ns = given->intra_region_ns,
    };
    return file->table && where_find(file->rows, file->table, &file->where, error);
}

static bool describe(const void *parameters, struct latency *latency, GError **error)
{
    const struct latency_regions_params *given = parameters;
    struct latency_file file;
    bool fine =
        open_file(given, &file, error) &&
        (given->layout == LAYOUT_LONG ? latency_long_read(&file, given->from, given->to, given->value, latency, error)
                                      : latency_matrix_read(&file, given->from, latency, error)) &&
        rename_regions(&given->names, latency, error);
    if (fine && given->symmetric)
        latency_fill_symmetric(latency);
    fine = fine && fill_by_distance(given, latency, error);
    if (fine)
        latency_set_jitter(latency, given->jitter);
    table_file_free(file.table);
    return fine;
}

const struct latency_model latency_regions = {.describe = describe};
