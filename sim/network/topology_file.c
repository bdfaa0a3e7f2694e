/* SPDX-License-Identifier: MIT */
/*
 * A topology from two tables: links (edges) and, optionally, nodes. Columns are found by the names that the scenario
 * gives. A node is known by its name, any text; its id is its place in the file of nodes, or without one the order of
 * the names: numbers by value, else as they first appear.
 */
#include "base/table_file.h"
#include "base/vector.h"
#include "network/topology.h"

#include <string.h>

#define AT(field) .offset = offsetof(struct topology_file_params, field)

static const struct param params[] = {
    {.key = "file", .type = PARAM_FILE, AT(edges), .meaning = "CSV of links, one a row"},
    {.key = "nodes", .type = PARAM_FILE, AT(nodes), .meaning = "CSV of nodes, one a row", .optional = true},
    {.key = "from",
     .type = PARAM_TEXT,
     AT(from),
     .by_default = "producer",
     .meaning = "column of links: the node that messages come from"},
    {.key = "to",
     .type = PARAM_TEXT,
     AT(to),
     .by_default = "node",
     .meaning = "column of links: the node that messages go to"},
    {.key = "latency",
     .type = PARAM_TEXT,
     AT(latency),
     .by_default = "latency_ms",
     .meaning = "column of links: one-way delay in ms"},
    {.key = "rate",
     .type = PARAM_TEXT,
     AT(rate),
     .by_default = "bandwidth_bytes_per_s",
     .meaning = "column of links: rate in bytes a second, read where bandwidth is on"},
    {.key = "node",
     .type = PARAM_TEXT,
     AT(node),
     .by_default = "node",
     .meaning = "column of nodes: the name that links use"},
    {.key = "stake",
     .type = PARAM_TEXT,
     AT(stake),
     .by_default = "stake_ada",
     .meaning = "column of nodes: stake in whole units; without it the scenario gives stakes"},
    {.key = "region",
     .type = PARAM_TEXT,
     AT(region),
     .by_default = "region",
     .meaning = "column of nodes: region, for traces and faults; may be missing"},
    {.key = "bidirectional",
     .type = PARAM_FLAG,
     AT(bidirectional),
     .by_default = "off",
     .meaning = "whether each link carries messages both ways"},
    {.key = "bandwidth",
     .type = PARAM_FLAG,
     AT(bandwidth),
     .by_default = "off",
     .meaning = "whether each link on the way adds size / rate, without a queue"},
    {.key = "jitter",
     .type = PARAM_SHARE,
     AT(jitter),
     .by_default = "0 %",
     .meaning = "median of what varies from message to message, as a share of the least delay"},
};
const struct param_table topology_file_params_table =
    PARAM_TABLE("file topology", "links and their delays from a CSV file", struct topology_file_params, params);

/* Names of nodes in the order of their ids, and ids by name. Names are borrowed from the tables. */
struct names {
    VECTOR(const char *) list;
    GHashTable *ids; /* looked up only, never walked */
};

static void names_release(struct names *names)
{
    vector_release(&names->list);
    if (names->ids)
        g_hash_table_destroy(names->ids);
}

static bool names_find(const struct names *names, const char *name, node_id *node)
{
    gpointer found;
    if (!g_hash_table_lookup_extended(names->ids, name, NULL, &found))
        return false;
    *node = GPOINTER_TO_UINT(found);
    return true;
}

/* False where the name is there already. */
static bool names_add(struct names *names, const char *name)
{
    node_id node;
    if (names_find(names, name, &node))
        return false;
    g_hash_table_insert(names->ids, (gpointer)name, GUINT_TO_POINTER((guint)names->list.count));
    vector_push(&names->list, name);
    return true;
}

static bool names_from_nodes(struct names *names, const struct table_file *nodes, size_t column, GError **error)
{
    for (size_t row = 0; row < nodes->row_count; row++) {
        const char *name = table_file_cell(nodes, row, column);
        if (*name && names_add(names, name))
            continue;
        if (*name)
            table_file_refuse(nodes, row, column, error, "there is a second node %s", name);
        else
            table_file_refuse(nodes, row, column, error, "a node needs a name");
        return false;
    }
    return true;
}

static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && digits <= 18 && name[digits] == '\0';
}

static int compare_numbers(const void *a, const void *b)
{
    guint64 left = g_ascii_strtoull(*(const char *const *)a, NULL, 10);
    guint64 right = g_ascii_strtoull(*(const char *const *)b, NULL, 10);
    if (left != right)
        return left < right ? -1 : 1;
    return strcmp(*(const char *const *)a, *(const char *const *)b); /* 7 and 07 are two names */
}

static void names_from_edges(struct names *names, const struct table_file *edges, size_t to, size_t from)
{
    bool all_numbers = true;
    for (size_t row = 0; row < edges->row_count; row++) {
        const char *ends[] = {table_file_cell(edges, row, to), table_file_cell(edges, row, from)};
        for (int end = 0; end < 2; end++) {
            all_numbers = all_numbers && is_number(ends[end]);
            (void)names_add(names, ends[end]);
        }
    }
    if (!all_numbers || names->list.count == 0)
        return;
    qsort(names->list.at, names->list.count, sizeof *names->list.at, compare_numbers);
    for (size_t i = 0; i < names->list.count; i++)
        g_hash_table_insert(names->ids, (gpointer)names->list.at[i], GUINT_TO_POINTER((guint)i));
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

static bool read_end(const struct table_file *edges, size_t row, size_t column, const struct names *names,
                     node_id *node, GError **error)
{
    const char *name = table_file_cell(edges, row, column);
    if (names_find(names, name, node))
        return true;
    table_file_refuse(edges, row, column, error, "the file of nodes has no node %s", name);
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
    *byte_ps = UINT64_C(1000000000000) / (uint64_t)rate;
    return true;
}

static bool read_link(const struct topology_file_params *given, const struct table_file *edges, size_t row,
                      const struct edge_columns *columns, const struct names *names, struct graph_link *link,
                      GError **error)
{
    *link = (struct graph_link){0};
    if (!read_end(edges, row, columns->from, names, &link->from, error) ||
        !read_end(edges, row, columns->to, names, &link->to, error) ||
        !table_file_number(edges, row, columns->latency, MILLISECOND, &link->delay_ns, error) ||
        (given->bandwidth && !read_rate(edges, row, columns->rate, &link->byte_ps, error)))
        return false;
    if (link->from == link->to) {
        table_file_refuse(edges, row, columns->to, error, "a link from node %s to itself", names->list.at[link->to]);
        return false;
    }
    if (link->delay_ns > HOUR) {
        table_file_refuse(edges, row, columns->latency, error, "the delay is too long: at most an hour");
        return false;
    }
    return true;
}

static struct graph *read_graph(const struct topology_file_params *given, const struct table_file *edges,
                                const struct edge_columns *columns, const struct names *names, GError **error)
{
    VECTOR(struct graph_link) links = {0};
    for (size_t row = 0; row < edges->row_count; row++) {
        struct graph_link link;
        if (!read_link(given, edges, row, columns, names, &link, error)) {
            vector_release(&links);
            return NULL;
        }
        vector_push(&links, link);
        if (given->bidirectional)
            vector_push(&links, (struct graph_link){link.to, link.from, link.delay_ns, link.byte_ps});
    }
    struct graph *graph = graph_new((uint32_t)names->list.count, links.at, (uint32_t)links.count);
    vector_release(&links);
    return graph;
}

static bool check_graph(const struct topology_file_params *given, const struct graph *graph, uint32_t node_count,
                        const struct names *names, GError **error)
{
    if (graph->node_count < node_count) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.topology: %s has %u nodes, but the scenario has %u", given->edges, graph->node_count,
                    node_count);
        return false;
    }
    node_id from, to;
    if (graph_is_connected(graph, &from, &to))
        return true;
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                "network.topology: in %s no path leads from node %s to node %s", given->edges, names->list.at[from],
                names->list.at[to]);
    return false;
}

/* Regions in the order in which the file of nodes names them first; without them one region without a name. */
static void read_regions(const struct topology_file_params *given, const struct table_file *nodes, size_t count,
                         struct latency *latency, uint32_t **region_of)
{
    *region_of = g_new0(uint32_t, count);
    size_t column;
    if (!nodes || !table_file_find(nodes, given->region, &column)) {
        latency_init_single(latency, LATENCY_ABSENT);
        return;
    }
    struct names names = {.ids = g_hash_table_new(g_str_hash, g_str_equal)};
    for (size_t row = 0; row < nodes->row_count; row++)
        (void)names_add(&names, table_file_cell(nodes, row, column));
    latency_init(latency, (uint32_t)names.list.count);
    for (size_t region = 0; region < names.list.count; region++)
        latency->region_names[region] = g_strdup(names.list.at[region]);
    for (size_t row = 0; row < nodes->row_count; row++)
        (void)names_find(&names, table_file_cell(nodes, row, column), &(*region_of)[row]);
    names_release(&names);
}

static bool load(const struct topology_file_params *given, const struct table_file *edges,
                 const struct table_file *nodes, uint32_t node_count, struct names *names, struct graph **graph,
                 GError **error)
{
    struct edge_columns columns;
    size_t node_column;
    if (!find_edge_columns(given, edges, &columns, error))
        return false;
    if (!nodes)
        names_from_edges(names, edges, columns.to, columns.from);
    else if (!table_file_need(nodes, given->node, &node_column, error) ||
             !names_from_nodes(names, nodes, node_column, error))
        return false;
    *graph = read_graph(given, edges, &columns, names, error);
    return *graph && check_graph(given, *graph, node_count, names, error);
}

bool topology_file_load(const struct topology_file_params *given, uint32_t node_count, struct graph **graph,
                        struct latency *latency, uint32_t **region_of, GError **error)
{
    struct table_file *edges = table_file_read(given->edges, error);
    struct table_file *nodes = edges && given->nodes ? table_file_read(given->nodes, error) : NULL;
    struct names names = {.ids = g_hash_table_new(g_str_hash, g_str_equal)};
    *graph = NULL;
    bool fine = edges && (nodes || !given->nodes) && load(given, edges, nodes, node_count, &names, graph, error);
    if (fine) {
        read_regions(given, nodes, names.list.count, latency, region_of);
        latency_set_jitter(latency, given->jitter);
    } else {
        graph_free(*graph);
        *graph = NULL;
    }
    names_release(&names);
    table_file_free(nodes);
    table_file_free(edges);
    return fine;
}

bool topology_file_stakes(const struct topology_file_params *given, uint32_t *node_count, stake_amount **stakes,
                          GError **error)
{
    struct table_file *nodes = given->nodes ? table_file_read(given->nodes, error) : NULL;
    size_t column;
    bool fine = nodes && table_file_find(nodes, given->stake, &column);
    if (fine) {
        *node_count = (uint32_t)nodes->row_count;
        *stakes = g_new(stake_amount, nodes->row_count);
        for (size_t row = 0; fine && row < nodes->row_count; row++) {
            int64_t stake = 0;
            fine = table_file_number(nodes, row, column, 1, &stake, error);
            (*stakes)[row] = (stake_amount)stake;
        }
        if (!fine)
            g_clear_pointer(stakes, g_free);
    }
    table_file_free(nodes);
    return fine;
}
