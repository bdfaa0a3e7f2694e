/* SPDX-License-Identifier: MIT */
#include "report/stake_graph.h"

#include "report/figure.h"

/* Sets what holds each item of a kind; says how many holders there are, and whether one holds several. */
static uint32_t hold(struct stake_graph *graph, uint32_t held, bool *several)
{
    const struct securing *securing = &graph->securing;
    uint32_t holders = 0, *count = g_new0(uint32_t, securing->items.count + 1);
    *several = false;
    for (size_t i = 0; i < securing->edges.count; i++) {
        const struct securing_edge *edge = &securing->edges.at[i];
        if (stake_graph_kind(graph, edge->to) != held || graph->holder[edge->to] == edge->from)
            continue;
        graph->holder[edge->to] = edge->from;
        holders += count[edge->from] == 0;
        *several |= ++count[edge->from] > 1;
    }
    g_free(count);
    return holders;
}

/* Lets regions hold validators, in place of the nodes between. */
static void pass_nodes_over(struct stake_graph *graph)
{
    for (uint32_t i = 0; i < graph->securing.items.count; i++)
        if (stake_graph_kind(graph, i) == SECURING_VALIDATOR && graph->holder[i] != ID_NONE)
            graph->holder[i] = graph->holder[graph->holder[i]];
}

/* Which columns there are. */
static bool choose_columns(struct stake_graph *graph, enum left_choice left, GError **error)
{
    bool shared, ignored;
    uint32_t regions = hold(graph, SECURING_NODE, &ignored);
    hold(graph, SECURING_VALIDATOR, &shared);
    if (left == LEFT_AUTO)
        left = shared ? LEFT_NODE : regions > 1 ? LEFT_REGION : LEFT_NONE;
    if (left == LEFT_REGION && regions == 0) {
        g_set_error_literal(error, FIGURE_ERROR, FIGURE_ERROR_PARAMETER,
                            "left: region: no node of these results stands in a region");
        return false;
    }
    if (left == LEFT_REGION)
        pass_nodes_over(graph);
    if (left != LEFT_NONE)
        graph->columns[graph->column_count++].kind = left == LEFT_REGION ? SECURING_REGION : SECURING_NODE;
    graph->columns[graph->column_count++].kind = SECURING_VALIDATOR;
    graph->columns[graph->column_count++].kind = SECURING_CHAIN;
    return true;
}

/* Only what secures a chain counts; what stands left of a validator has its stake. */
static void add_up(struct stake_graph *graph)
{
    for (size_t i = 0; i < graph->securing.edges.count; i++) {
        const struct securing_edge *edge = &graph->securing.edges.at[i];
        if (stake_graph_kind(graph, edge->to) != SECURING_CHAIN)
            continue;
        graph->stake[edge->from] += edge->stake;
        graph->stake[edge->to] += edge->stake;
        graph->total += edge->stake;
        if (graph->holder[edge->from] != ID_NONE)
            graph->stake[graph->holder[edge->from]] += edge->stake;
    }
}

static int by_stake(const void *first, const void *second, void *user)
{
    const struct stake_graph *graph = user;
    uint32_t a = *(const uint32_t *)first, b = *(const uint32_t *)second;
    if (graph->stake[a] != graph->stake[b])
        return graph->stake[a] > graph->stake[b] ? -1 : 1;
    const struct securing_item *items = graph->securing.items.at;
    return (items[a].id > items[b].id) - (items[a].id < items[b].id);
}

static void put_into(struct stake_graph *graph, struct stake_column *column, size_t number, uint32_t item)
{
    struct stake_group *group = &column->groups.at[number];
    group->item = item;
    group->items++;
    group->stake += graph->stake[item];
    group->corrupt = graph->securing.items.at[item].corrupt;
    graph->group[item] = (uint32_t)number;
}

/* The largest by themselves, then the other honest ones together, then the other corrupt ones. */
static void group_column(struct stake_graph *graph, struct stake_column *column, size_t show)
{
    VECTOR(uint32_t) members = {0};
    for (uint32_t i = 0; i < graph->securing.items.count; i++)
        if (stake_graph_kind(graph, i) == column->kind && graph->stake[i] > 0)
            vector_push(&members, i);
    if (members.count)
        g_qsort_with_data(members.at, (gint)members.count, sizeof *members.at, by_stake, graph);
    size_t shown = MIN(members.count, show), others[2] = {0, 0};
    for (size_t i = 0; i < shown; i++) {
        vector_push(&column->groups, (struct stake_group){0});
        put_into(graph, column, i, members.at[i]);
    }
    for (int corrupt = 0; corrupt <= 1; corrupt++) {
        for (size_t i = shown; i < members.count; i++) {
            if (graph->securing.items.at[members.at[i]].corrupt != corrupt)
                continue;
            if (others[corrupt]++ == 0)
                vector_push(&column->groups, (struct stake_group){0});
            put_into(graph, column, column->groups.count - 1, members.at[i]);
        }
    }
    vector_release(&members);
}

/* Stake between the groups of a column and those of the next, by (from, to). */
static void join(struct stake_graph *graph, size_t left)
{
    size_t width = graph->columns[left + 1].groups.count;
    uint128 *flows = g_new0(uint128, graph->columns[left].groups.count * width + 1);
    bool to_chains = graph->columns[left + 1].kind == SECURING_CHAIN;
    for (size_t i = 0; i < graph->securing.edges.count; i++) {
        const struct securing_edge *edge = &graph->securing.edges.at[i];
        uint32_t from = to_chains ? edge->from : graph->holder[edge->from];
        uint32_t to = to_chains ? edge->to : edge->from;
        if (stake_graph_kind(graph, edge->to) == SECURING_CHAIN && from != ID_NONE && edge->stake > 0)
            flows[graph->group[from] * width + graph->group[to]] += edge->stake;
    }
    for (size_t i = 0; i < graph->columns[left].groups.count * width; i++) {
        struct ribbon ribbon = {.from = i / width, .to = i % width, .weight = (double)flows[i] / (double)graph->total};
        if (flows[i])
            vector_push(&graph->ribbons[left], ribbon);
    }
    g_free(flows);
}

static void place(struct stake_graph *graph)
{
    struct layer layers[STAKE_GRAPH_COLUMNS];
    for (size_t c = 0; c < graph->column_count; c++) {
        struct stake_column *column = &graph->columns[c];
        column->layer = (struct layer){g_new0(struct post, column->groups.count), column->groups.count};
        for (size_t i = 0; i < column->groups.count; i++)
            column->layer.posts[i].weight = (double)column->groups.at[i].stake / (double)graph->total;
        layers[c] = column->layer;
    }
    graph->tall = layers_place(layers, graph->column_count);
    for (size_t c = 0; c + 1 < graph->column_count; c++)
        ribbons_place(graph->ribbons[c].at, graph->ribbons[c].count, &layers[c], &layers[c + 1]);
}

bool stake_graph_build(struct stake_graph *graph, enum left_choice left, size_t show, GError **error)
{
    size_t count = graph->securing.items.count;
    graph->holder = g_new(uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        graph->holder[i] = ID_NONE;
    graph->stake = g_new0(uint128, count + 1);
    graph->group = g_new0(uint32_t, count + 1);
    if (!choose_columns(graph, left, error))
        return false;
    add_up(graph);
    if (graph->total == 0)
        return figure_empty(error, "nobody has stake that counts");
    for (size_t c = 0; c < graph->column_count; c++)
        group_column(graph, &graph->columns[c], show);
    for (size_t c = 0; c + 1 < graph->column_count; c++)
        join(graph, c);
    place(graph);
    return true;
}

void stake_graph_release(struct stake_graph *graph)
{
    for (size_t c = 0; c < graph->column_count; c++) {
        vector_release(&graph->columns[c].groups);
        g_free(graph->columns[c].layer.posts);
        if (c + 1 < STAKE_GRAPH_COLUMNS)
            vector_release(&graph->ribbons[c]);
    }
    g_free(graph->holder);
    g_free(graph->stake);
    g_free(graph->group);
    securing_release(&graph->securing);
}
