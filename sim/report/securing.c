/* SPDX-License-Identifier: MIT */
#include "report/securing.h"

#include "report/rows.h"

static const char *const columns[] = {"chain",   "block", "from_kind", "from_id", "from_name", "corrupt",
                                      "to_kind", "to_id", "to_name",   "stake",   NULL};
enum { CHAIN, BLOCK, FROM_KIND, FROM_ID, FROM_NAME, CORRUPT, TO_KIND, TO_ID, TO_NAME, STAKE };

struct reading {
    struct securing *securing;
    struct rows *rows;
    GHashTable *items; /* from kind and id to its index + 1 */
    GHashTable *edges; /* from a key of text to its index + 1 */
    const char *unknown;
};

static uint32_t read_kind(struct reading *reading, size_t column)
{
    uint32_t kind = 0;
    while (kind < SECURING_KINDS && !rows_equal(reading->rows, column, securing_kinds[kind]))
        kind++;
    if (kind == SECURING_KINDS)
        reading->unknown = columns[column];
    return kind;
}

/* The item's index; of several rows that name it the first one that has a name counts. */
static uint32_t item(struct reading *reading, size_t kind_column, size_t id_column, size_t name_column)
{
    struct securing_item new = {.kind = read_kind(reading, kind_column), .id = rows_id(reading->rows, id_column)};
    int64_t key = (int64_t)((uint64_t) new.kind << 32 | new.id);
    uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(reading->items, &key));
    if (!known) {
        vector_push(&reading->securing->items, new);
        known = (uint32_t)reading->securing->items.count;
        g_hash_table_insert(reading->items, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(known));
    }
    struct securing_item *item = &reading->securing->items.at[known - 1];
    if (!item->name && !rows_missing(reading->rows, name_column))
        item->name = g_strdup(rows_text(reading->rows, name_column));
    return known - 1;
}

/* A later row of the same edge replaces what an earlier one said. */
static void put_edge(struct reading *reading, struct securing_edge edge)
{
    struct securing *securing = reading->securing;
    char *key = g_strdup_printf("%u %u %u", edge.chain, edge.from, edge.to);
    uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(reading->edges, key));
    if (known) {
        securing->edges.at[known - 1] = edge;
        g_free(key);
        return;
    }
    vector_push(&securing->edges, edge);
    g_hash_table_insert(reading->edges, key, GUINT_TO_POINTER((uint32_t)securing->edges.count));
}

static void read_row(struct reading *reading)
{
    struct securing *securing = reading->securing;
    struct securing_edge edge = {.from = item(reading, FROM_KIND, FROM_ID, FROM_NAME),
                                 .to = item(reading, TO_KIND, TO_ID, TO_NAME),
                                 .chain = rows_id(reading->rows, CHAIN),
                                 .stake = rows_number(reading->rows, STAKE)};
    if (rows_number(reading->rows, CORRUPT))
        securing->items.at[edge.from].corrupt = true;
    put_edge(reading, edge);
}

bool securing_read(struct securing *securing, const struct figure_run *run, bool at_end, GError **error)
{
    *securing = (struct securing){0};
    struct reading reading = {.securing = securing,
                              .rows = figure_source_rows(run, TABLE_SECURING, columns, error),
                              .items = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                              .edges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    while (reading.rows && !reading.unknown && rows_next(reading.rows)) {
        bool at_start = rows_number(reading.rows, BLOCK) == 0;
        securing->changed |= at_end && !at_start;
        if (at_start || at_end)
            read_row(&reading);
    }
    g_hash_table_unref(reading.items);
    g_hash_table_unref(reading.edges);
    bool fine = reading.rows && !reading.unknown;
    if (reading.unknown)
        g_set_error(error, ROWS_ERROR, ROWS_ERROR_CELL, "%s: column %s: not region, node, validator or chain",
                    rows_path(reading.rows), reading.unknown);
    if (reading.rows)
        fine = rows_close(reading.rows, fine ? error : NULL) && fine;
    for (size_t i = 0; i < securing->items.count; i++)
        securing->chains += securing->items.at[i].kind == SECURING_CHAIN;
    return fine;
}

void securing_release(struct securing *securing)
{
    for (size_t i = 0; i < securing->items.count; i++)
        g_free(securing->items.at[i].name);
    vector_release(&securing->items);
    vector_release(&securing->edges);
}
