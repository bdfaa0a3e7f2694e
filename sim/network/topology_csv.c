/* SPDX-License-Identifier: MIT */
/*
 * A topology from two tables: links (edges) and, optionally, nodes. Columns are found by the names that the scenario
 * gives. A node is known by its name, any text; its id is its place in the file of nodes, or without one the order of
 * the names: numbers by value, else as they first appear. A link whose delay is empty or NA gets the latency model's.
 */
#include "base/table_file.h"
#include "network/topology_map.h"

#include <string.h>

static bool read_names(struct topology_map *map, const struct table_file *nodes, size_t column, GError **error)
{
    for (size_t row = 0; row < nodes->row_count; row++) {
        const char *name = table_file_cell(nodes, row, column);
        if (*name && topology_map_add(map, name))
            continue;
        if (*name)
            table_file_refuse(nodes, row, column, error, "there is a second node %s", name);
        else
            table_file_refuse(nodes, row, column, error, "a node needs a name");
        return false;
    }
    return true;
}

static bool read_stakes(struct topology_map *map, const struct table_file *nodes, size_t column, GError **error)
{
    for (size_t row = 0; row < nodes->row_count; row++) {
        int64_t stake;
        if (!table_file_number(nodes, row, column, 1, &stake, error))
            return false;
        map->nodes.at[row].stake = (stake_amount)stake;
    }
    return true;
}

static bool read_nodes(const struct topology_file_params *given, const struct table_file *nodes,
                       struct topology_map *map, GError **error)
{
    size_t column;
    if (!table_file_need(nodes, given->node, &column, error) || !read_names(map, nodes, column, error))
        return false;
    map->has_regions = table_file_find(nodes, given->region, &column);
    for (size_t row = 0; map->has_regions && row < nodes->row_count; row++)
        map->nodes.at[row].region = topology_map_text(map, table_file_cell(nodes, row, column));
    map->has_stakes = table_file_find(nodes, given->stake, &column);
    return !map->has_stakes || read_stakes(map, nodes, column, error);
}

bool topology_csv_read_nodes(const struct topology_file_params *given, struct topology_map *map, GError **error)
{
    struct table_file *nodes = table_file_read(given->nodes, error);
    bool fine = nodes && read_nodes(given, nodes, map, error);
    table_file_free(nodes);
    return fine;
}

static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && digits <= 18 && name[digits] == '\0';
}

static int compare_numbers(const void *a, const void *b)
{
    const struct map_node *first = a, *second = b;
    guint64 left = g_ascii_strtoull(first->name, NULL, 10);
    guint64 right = g_ascii_strtoull(second->name, NULL, 10);
    if (left != right)
        return left < right ? -1 : 1;
    return strcmp(first->name, second->name); /* 7 and 07 are two names */
}

static void names_from_edges(struct topology_map *map, const struct table_file *edges, size_t to, size_t from)
{
    bool all_numbers = true;
    for (size_t row = 0; row < edges->row_count; row++) {
        const char *ends[] = {table_file_cell(edges, row, to), table_file_cell(edges, row, from)};
        for (int end = 0; end < 2; end++) {
            all_numbers = all_numbers && is_number(ends[end]);
            (void)topology_map_add(map, ends[end]);
        }
    }
    if (!all_numbers || map->nodes.count == 0)
        return;
    qsort(map->nodes.at, map->nodes.count, sizeof *map->nodes.at, compare_numbers);
    for (size_t i = 0; i < map->nodes.count; i++)
        g_hash_table_insert(map->ids, (gpointer)map->nodes.at[i].name, GUINT_TO_POINTER((guint)i));
}

struct edge_columns {
    size_t from, to, latency, rate;
};

static bool find_edge_columns(const struct topology_file_params *given, const struct table_file *edges,
                              struct edge_columns *columns, GError **error)
{
    return table_file_need(edges, given->from, &columns->from, error) &&
           table_file_need(edges, given->to, &columns->to, error) &&
           table_file_need(edges, given->latency, &columns->latency, error) &&
           (!given->bandwidth || table_file_need(edges, given->rate, &columns->rate, error));
}

static bool read_end(const struct table_file *edges, size_t row, size_t column, const struct topology_map *map,
                     node_id *node, GError **error)
{
    const char *name = table_file_cell(edges, row, column);
    if (topology_map_find(map, name, node))
        return true;
    table_file_refuse(edges, row, column, error, "the file of nodes has no node %s", name);
    return false;
}

static bool read_delay(const struct table_file *edges, size_t row, size_t column, time_ns *delay_ns, GError **error)
{
    const char *cell = table_file_cell(edges, row, column);
    *delay_ns = LATENCY_ABSENT;
    if (!*cell || strcmp(cell, "NA") == 0)
        return true;
    if (!table_file_number(edges, row, column, MILLISECOND, delay_ns, error))
        return false;
    if (*delay_ns <= MAP_DELAY_MOST)
        return true;
    table_file_refuse(edges, row, column, error, "the delay is too long: at most an hour");
    return false;
}

static bool read_rate(const struct table_file *edges, size_t row, size_t column, uint64_t *byte_ps, GError **error)
{
    int64_t rate;
    if (!table_file_number(edges, row, column, 1, &rate, error))
        return false;
    if (rate == 0) {
        table_file_refuse(edges, row, column, error, "a rate of 0: at least 1 byte a second");
        return false;
    }
    *byte_ps = topology_byte_ps((uint64_t)rate);
    return true;
}

static bool read_link(const struct topology_file_params *given, const struct table_file *edges, size_t row,
                      const struct edge_columns *columns, const struct topology_map *map, struct graph_link *link,
                      GError **error)
{
    *link = (struct graph_link){0};
    if (!read_end(edges, row, columns->from, map, &link->from, error) ||
        !read_end(edges, row, columns->to, map, &link->to, error) ||
        !read_delay(edges, row, columns->latency, &link->delay_ns, error) ||
        (given->bandwidth && !read_rate(edges, row, columns->rate, &link->byte_ps, error)))
        return false;
    if (link->from != link->to)
        return true;
    table_file_refuse(edges, row, columns->to, error, "a link from node %s to itself", map->nodes.at[link->to].name);
    return false;
}

static bool read_edges(const struct topology_file_params *given, const struct table_file *edges,
                       struct topology_map *map, GError **error)
{
    struct edge_columns columns;
    if (!find_edge_columns(given, edges, &columns, error))
        return false;
    if (!given->nodes)
        names_from_edges(map, edges, columns.to, columns.from);
    for (size_t row = 0; row < edges->row_count; row++) {
        struct graph_link link;
        if (!read_link(given, edges, row, &columns, map, &link, error))
            return false;
        topology_map_link(map, edges->lines[row + 1], link, given->bidirectional);
    }
    return true;
}

bool topology_csv_read(const struct topology_file_params *given, struct topology_map *map, GError **error)
{
    struct table_file *edges = table_file_read(given->file, error);
    bool fine =
        edges && (!given->nodes || topology_csv_read_nodes(given, map, error)) && read_edges(given, edges, map, error);
    table_file_free(edges);
    return fine;
}
