/* SPDX-License-Identifier: MIT */
#include "network/graph.h"

#include "base/assert.h"

#include <glib.h>

struct graph *graph_new(uint32_t node_count, const struct graph_link *links, uint32_t link_count)
{
    struct graph *graph = g_new(struct graph, 1);
    *graph = (struct graph){.node_count = node_count,
                            .end_count = node_count,
                            .link_count = link_count,
                            .first = g_new0(uint32_t, (size_t)node_count + 1),
                            .links = g_new(struct graph_link, link_count),
                            .to = g_new(node_id, link_count)};
    for (uint32_t i = 0; i < link_count; i++) {
        REQUIRE(links[i].from < node_count && links[i].to < node_count);
        graph->first[links[i].from + 1]++;
        graph->has_rates = graph->has_rates || links[i].byte_ps;
    }
    for (node_id node = 0; node < node_count; node++)
        graph->first[node + 1] += graph->first[node];
    uint32_t *next = g_memdup2(graph->first, node_count * sizeof *next);
    for (uint32_t i = 0; i < link_count; i++)
        graph->links[next[links[i].from]++] = links[i];
    for (uint32_t i = 0; i < link_count; i++)
        graph->to[i] = graph->links[i].to;
    g_free(next);
    return graph;
}

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    g_free(graph->first);
    g_free(graph->links);
    g_free(graph->to);
    g_free(graph);
}

struct graph_paths *graph_paths_new(const struct graph *graph, const uint8_t *const *sides, uint32_t cut_count)
{
    struct graph_paths *paths = g_new(struct graph_paths, 1);
    *paths = (struct graph_paths){.graph = graph,
                                  .sides = g_new(uint8_t *, cut_count),
                                  .cut_count = cut_count,
                                  .rows = g_new0(struct graph_row, graph->node_count)};
    for (uint32_t cut = 0; cut < cut_count; cut++)
        paths->sides[cut] = g_memdup2(sides[cut], graph->node_count);
    return paths;
}

void graph_paths_free(struct graph_paths *paths)
{
    if (!paths)
        return;
    for (node_id source = 0; source < paths->graph->node_count; source++) {
        g_free(paths->rows[source].delay_ns);
        g_free(paths->rows[source].byte_ps);
    }
    for (uint32_t cut = 0; cut < paths->cut_count; cut++)
        g_free(paths->sides[cut]);
    g_free(paths->sides);
    g_free(paths->rows);
    g_free(paths);
}

/* Dijkstra's algorithm with a binary heap of nodes; `place` says where each is in the heap, so that keys can fall. */
struct search {
    const struct graph_row *row;
    node_id *heap;
    uint32_t *place; /* by node; ID_NONE: never in the heap */
    uint32_t count;
};

/* A total order: delay, then bytes, then id; so that the result has no ties. */
static bool comes_before(const struct search *search, node_id a, node_id b)
{
    const struct graph_row *row = search->row;
    if (row->delay_ns[a] != row->delay_ns[b])
        return row->delay_ns[a] < row->delay_ns[b];
    if (row->byte_ps[a] != row->byte_ps[b])
        return row->byte_ps[a] < row->byte_ps[b];
    return a < b;
}

static void put(struct search *search, uint32_t place, node_id node)
{
    search->heap[place] = node;
    search->place[node] = place;
}

static void rise(struct search *search, node_id node)
{
    uint32_t place = search->place[node];
    for (; place > 0 && comes_before(search, node, search->heap[(place - 1) / 2]); place = (place - 1) / 2)
        put(search, place, search->heap[(place - 1) / 2]);
    put(search, place, node);
}

static node_id take_first(struct search *search)
{
    node_id first = search->heap[0];
    node_id moved = search->heap[--search->count];
    uint32_t place = 0;
    for (uint32_t child = 1; child < search->count; child = 2 * place + 1) {
        if (child + 1 < search->count && comes_before(search, search->heap[child + 1], search->heap[child]))
            child++;
        if (!comes_before(search, search->heap[child], moved))
            break;
        put(search, place, search->heap[child]);
        place = child;
    }
    if (search->count > 0)
        put(search, place, moved);
    return first;
}

/* Takes a link into account from a node whose path is final. */
static void relax(struct search *search, const struct graph_link *link)
{
    const struct graph_row *row = search->row;
    time_ns delay_ns = row->delay_ns[link->from] + link->delay_ns;
    uint64_t byte_ps = row->byte_ps[link->from] + link->byte_ps;
    bool is_new = search->place[link->to] == ID_NONE;
    if (!is_new && (delay_ns > row->delay_ns[link->to] ||
                    (delay_ns == row->delay_ns[link->to] && byte_ps >= row->byte_ps[link->to])))
        return;
    row->delay_ns[link->to] = delay_ns;
    row->byte_ps[link->to] = byte_ps;
    if (is_new)
        put(search, search->count++, link->to);
    rise(search, link->to);
}

static bool is_cut(const struct graph_paths *paths, const struct graph_link *link)
{
    for (uint32_t cut = 0; cut < paths->cut_count; cut++)
        if (graph_parts(paths->sides[cut][link->from], paths->sides[cut][link->to]))
            return true;
    return false;
}

void graph_search_from(const struct graph_paths *paths, node_id source, const struct graph_row *row)
{
    const struct graph *graph = paths->graph;
    struct search search = {
        .row = row, .heap = g_new(node_id, graph->node_count), .place = g_new(uint32_t, graph->node_count)};
    for (node_id node = 0; node < graph->node_count; node++) {
        row->delay_ns[node] = TIME_NEVER;
        row->byte_ps[node] = 0;
        search.place[node] = ID_NONE;
    }
    row->delay_ns[source] = 0;
    put(&search, search.count++, source);
    while (search.count > 0) {
        node_id node = take_first(&search);
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++)
            if (!is_cut(paths, &graph->links[i]))
                relax(&search, &graph->links[i]);
    }
    g_free(search.heap);
    g_free(search.place);
}

/* Only what is asked for is kept: delays to ends, and rates where links have any. */
const struct graph_row *graph_paths_from(struct graph_paths *paths, node_id source)
{
    const struct graph *graph = paths->graph;
    REQUIRE(source < graph->node_count);
    struct graph_row *row = &paths->rows[source];
    if (row->delay_ns)
        return row;
    row->delay_ns = g_new(time_ns, graph->node_count);
    row->byte_ps = g_new(uint64_t, graph->node_count);
    graph_search_from(paths, source, row);
    if (graph->end_count < graph->node_count)
        row->delay_ns = g_renew(time_ns, row->delay_ns, graph->end_count);
    if (!graph->has_rates)
        g_clear_pointer(&row->byte_ps, g_free);
    else if (graph->end_count < graph->node_count)
        row->byte_ps = g_renew(uint64_t, row->byte_ps, graph->end_count);
    return row;
}
