/* SPDX-License-Identifier: MIT */
/* Into how many parts a graph falls. */
#include "network/graph.h"

#include <glib.h>

/* The same graph with every link turned round. */
static struct graph *turned(const struct graph *graph)
{
    struct graph_link *links = g_new(struct graph_link, graph->link_count);
    for (uint32_t i = 0; i < graph->link_count; i++)
        links[i] = (struct graph_link){.from = graph->links[i].to, .to = graph->links[i].from};
    struct graph *other = graph_new(graph->node_count, links, graph->link_count);
    g_free(links);
    return other;
}

/* A walk in depth: each node on the way with the link that it goes on with. */
struct walk {
    const struct graph *graph;
    bool *seen;
    node_id *way;
    uint32_t *next; /* by node */
    uint32_t depth;
};

static void walk_init(struct walk *walk, const struct graph *graph)
{
    *walk = (struct walk){.graph = graph,
                          .seen = g_new0(bool, graph->node_count),
                          .way = g_new(node_id, graph->node_count),
                          .next = g_memdup2(graph->first, graph->node_count * sizeof *graph->first)};
}

static void walk_release(struct walk *walk)
{
    g_free(walk->seen);
    g_free(walk->way);
    g_free(walk->next);
}

static void walk_enter(struct walk *walk, node_id node)
{
    walk->seen[node] = true;
    walk->way[walk->depth++] = node;
}

/* Goes on to the next node that is left for good, having been everywhere from there; ID_NONE at the end. */
static node_id walk_leave(struct walk *walk)
{
    while (walk->depth > 0) {
        node_id node = walk->way[walk->depth - 1];
        if (walk->next[node] == walk->graph->first[node + 1]) {
            walk->depth--;
            return node;
        }
        node_id to = walk->graph->links[walk->next[node]++].to;
        if (!walk->seen[to])
            walk_enter(walk, to);
    }
    return ID_NONE;
}

/* How many nodes a walk from there sees that no earlier one has. */
static uint32_t walk_count(struct walk *walk, node_id from)
{
    uint32_t count = 0;
    walk_enter(walk, from);
    while (walk_leave(walk) != ID_NONE)
        count++;
    return count;
}

/* Nodes in the order in which walks from each in turn leave them; g_free it. */
static node_id *order_of_leaving(const struct graph *graph)
{
    node_id *order = g_new(node_id, graph->node_count);
    uint32_t left = 0;
    struct walk walk;
    walk_init(&walk, graph);
    for (node_id node = 0; node < graph->node_count; node++) {
        if (walk.seen[node])
            continue;
        walk_enter(&walk, node);
        for (node_id done = walk_leave(&walk); done != ID_NONE; done = walk_leave(&walk))
            order[left++] = done;
    }
    walk_release(&walk);
    return order;
}

/* A node that node 0 does not reach, or ID_NONE. */
static node_id find_unreached(const struct graph *graph)
{
    struct walk walk;
    walk_init(&walk, graph);
    (void)walk_count(&walk, 0);
    node_id node = 0;
    while (node < graph->node_count && walk.seen[node])
        node++;
    walk_release(&walk);
    return node < graph->node_count ? node : ID_NONE;
}

/*
 * Kosaraju's algorithm (Sharir, "A strong-connectivity algorithm and its applications in data flow analysis", 1981):
 * walks over the turned graph that begin at what was left last see one part each.
 */
static void count_parts(const struct graph *graph, const struct graph *against, struct graph_split *split)
{
    node_id *order = order_of_leaving(graph);
    struct walk walk;
    walk_init(&walk, against);
    for (uint32_t i = graph->node_count; i-- > 0;) {
        if (walk.seen[order[i]])
            continue;
        uint32_t nodes = walk_count(&walk, order[i]);
        split->parts++;
        split->largest = MAX(split->largest, nodes);
    }
    walk_release(&walk);
    g_free(order);
}

struct graph_split graph_split(const struct graph *graph)
{
    struct graph_split split = {.from = ID_NONE, .to = ID_NONE};
    if (graph->node_count == 0)
        return split;
    struct graph *against = turned(graph);
    node_id unreached = find_unreached(graph), unreaching = find_unreached(against);
    if (unreached == ID_NONE && unreaching == ID_NONE) {
        split.parts = 1;
        split.largest = graph->node_count;
    } else {
        split.from = unreached != ID_NONE ? 0 : unreaching;
        split.to = unreached != ID_NONE ? unreached : 0;
        count_parts(graph, against, &split);
    }
    graph_free(against);
    return split;
}
