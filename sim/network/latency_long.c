/* SPDX-License-Identifier: MIT */
#include "base/vector.h"
#include "network/latency_file.h"

struct long_columns {
    size_t from, to, value;
};

struct long_table {
    const struct latency_file *file;
    struct long_columns columns;
    GHashTable *ids; /* regions by name, from 1; looked up only, never walked */
    VECTOR(const char *) names;
};

static bool name_region(struct long_table *reading, size_t row, size_t column, GError **error)
{
    const char *name = table_file_cell(reading->file->table, row, column);
    if (!*name) {
        table_file_refuse(reading->file->table, row, column, error, "a region needs a name");
        return false;
    }
    if (g_hash_table_lookup(reading->ids, name))
        return true;
    vector_push(&reading->names, name);
    g_hash_table_insert(reading->ids, (gpointer)name, GUINT_TO_POINTER((guint)reading->names.count));
    if (reading->names.count <= LATENCY_REGIONS_MAXIMUM)
        return true;
    table_file_refuse(reading->file->table, row, column, error, "%s is one region too many: at most %u are read", name,
                      LATENCY_REGIONS_MAXIMUM);
    return false;
}

static bool name_regions(struct long_table *reading, struct latency *latency, GError **error)
{
    const struct table_file *table = reading->file->table;
    for (size_t row = 0; row < table->row_count; row++)
        if (latency_file_counts(reading->file, row) && (!name_region(reading, row, reading->columns.from, error) ||
                                                        !name_region(reading, row, reading->columns.to, error)))
            return false;
    if (!reading->names.count) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: no row counts, so there is no region", table->path);
        return false;
    }
    latency_init(latency, (uint32_t)reading->names.count);
    for (uint32_t region = 0; region < latency->region_count; region++)
        latency->region_names[region] = g_strdup(reading->names.at[region]);
    return true;
}

static uint32_t region_in(const struct long_table *reading, size_t row, size_t column)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(reading->ids, table_file_cell(reading->file->table, row, column))) - 1;
}

static bool read_pair(const struct long_table *reading, size_t row, struct latency *latency, GError **error)
{
    const struct long_columns *columns = &reading->columns;
    uint32_t from = region_in(reading, row, columns->from), to = region_in(reading, row, columns->to);
    time_ns *delay_ns = &latency->between_ns[(size_t)from * latency->region_count + to];
    if (*delay_ns != LATENCY_ABSENT) {
        table_file_refuse(reading->file->table, row, columns->value, error, "there is a second figure from %s to %s",
                          latency->region_names[from], latency->region_names[to]);
        return false;
    }
    return latency_file_cell(reading->file, row, columns->value, delay_ns, error);
}

static bool find_columns(const struct table_file *table, const char *from, const char *to, const char *value,
                         struct long_columns *columns, GError **error)
{
    return table_file_need(table, from, &columns->from, error) && table_file_need(table, to, &columns->to, error) &&
           table_file_need(table, value, &columns->value, error);
}

static void fill_within(struct latency *latency, time_ns intra_region_ns)
{
    for (uint32_t region = 0; region < latency->region_count; region++) {
        time_ns *delay_ns = &latency->between_ns[(size_t)region * latency->region_count + region];
        if (*delay_ns <= 0)
            *delay_ns = intra_region_ns;
    }
}

bool latency_long_read(const struct latency_file *file, const char *from, const char *to, const char *value,
                       struct latency *latency, GError **error)
{
    struct long_table reading = {.file = file, .ids = g_hash_table_new(g_str_hash, g_str_equal)};
    bool fine =
        find_columns(file->table, from, to, value, &reading.columns, error) && name_regions(&reading, latency, error);
    for (size_t row = 0; fine && row < file->table->row_count; row++)
        fine = !latency_file_counts(file, row) || read_pair(&reading, row, latency, error);
    if (fine)
        fill_within(latency, file->intra_region_ns);
    g_hash_table_destroy(reading.ids);
    vector_release(&reading.names);
    return fine;
}
