/* SPDX-License-Identifier: MIT */
/* Statistics of a network's graph, in integers: the same everywhere. */
#include "network/inside.h"

#define SOURCES_ALL     1000u     /* up to so many nodes, paths are followed from all of them */
#define SOURCES_MOST    100u      /* else from so many, and from as many drawn by stake, ... */
#define SOURCES_LEAST   20u       /* ... fewer, down to this, where there are many links: */
#define LINKS_FOLLOWED  10000000u /* so many in all */
#define NEIGHBOURS_MOST 50000000u /* looked at for clustering; then nodes are sampled */
#define BILLION         1000000000u

/* One source at a time: hops and delays from it, by node. */
struct survey {
    const struct network *network;
    const stake_amount *stakes;
    stake_amount total;
    uint32_t sampled; /* sources where not all are taken */
    struct graph_row row;
    uint32_t *hops;
    node_id *queue;
    uint128 delay_sum, hops_sum, pairs;
    uint128 stake_sum, stake_weights; /* of means from one source, each by its weight */
};

static void survey_init(struct survey *survey, const struct network *network, const stake_amount *stakes)
{
    const struct fabric *fabric = network->fabric;
    uint32_t count = fabric->graph ? fabric->graph->node_count : fabric->node_count;
    *survey = (struct survey){.network = network,
                              .stakes = stakes,
                              .row = {.delay_ns = g_new(time_ns, count), .byte_ps = g_new(uint64_t, count)},
                              .hops = g_new(uint32_t, count),
                              .queue = g_new(node_id, count)};
    for (node_id node = 0; node < fabric->node_count; node++)
        survey->total += stakes[node];
    uint32_t affordable = fabric->graph ? LINKS_FOLLOWED / MAX(fabric->graph->link_count, 1) : SOURCES_MOST;
    survey->sampled = CLAMP(affordable, SOURCES_LEAST, SOURCES_MOST);
}

static void survey_release(struct survey *survey)
{
    g_free(survey->row.delay_ns);
    g_free(survey->row.byte_ps);
    g_free(survey->hops);
    g_free(survey->queue);
}

/* Breadth first. */
static void find_hops(struct survey *survey, node_id source)
{
    const struct graph *graph = survey->network->fabric->graph;
    uint32_t known = 0;
    for (node_id node = 0; node < graph->node_count; node++)
        survey->hops[node] = ID_NONE;
    survey->hops[source] = 0;
    survey->queue[known++] = source;
    for (uint32_t next = 0; next < known; next++) {
        node_id node = survey->queue[next];
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            node_id to = graph->links[i].to;
            if (survey->hops[to] != ID_NONE)
                continue;
            survey->hops[to] = survey->hops[node] + 1;
            survey->queue[known++] = to;
        }
    }
}

static void follow_paths(struct survey *survey, node_id source)
{
    const struct fabric *fabric = survey->network->fabric;
    if (fabric->graph) {
        graph_search_from(fabric->paths, source, &survey->row);
        find_hops(survey, source);
        return;
    }
    for (node_id node = 0; node < fabric->node_count; node++) {
        survey->row.delay_ns[node] = node == source ? 0 : fabric_base(fabric, source, node);
        survey->hops[node] = node != source;
    }
}

static void add_paths(struct survey *survey, struct network_shape *shape)
{
    for (node_id node = 0; node < shape->nodes; node++) {
        shape->hops_most = MAX(shape->hops_most, survey->hops[node]);
        shape->delay_most_ns = MAX(shape->delay_most_ns, survey->row.delay_ns[node]);
        survey->hops_sum += survey->hops[node];
        survey->delay_sum += (uint64_t)survey->row.delay_ns[node];
    }
    survey->pairs += shape->nodes - 1;
}

/* The mean delay from the source to another node drawn by stake. */
static void add_stake_paths(struct survey *survey, node_id source, uint64_t weight)
{
    stake_amount others = survey->total - survey->stakes[source];
    if (!others || !weight)
        return;
    uint128 sum = 0;
    for (node_id node = 0; node < survey->network->fabric->node_count; node++)
        sum += (uint128)survey->stakes[node] * (uint64_t)survey->row.delay_ns[node];
    survey->stake_sum += sum / others * weight;
    survey->stake_weights += weight;
}

/* The node in which a share of (2 k + 1) / (2 sampled) of all stake, in the order of ids, ends. */
static void follow_by_stake(struct survey *survey)
{
    uint128 reached = 0;
    node_id node = 0;
    for (uint32_t k = 0; k < survey->sampled && survey->total; k++) {
        uint128 wanted = (uint128)survey->total * (2 * k + 1) / (2 * survey->sampled);
        while (reached + survey->stakes[node] <= wanted)
            reached += survey->stakes[node++];
        follow_paths(survey, node);
        add_stake_paths(survey, node, 1);
    }
}

static void measure_paths(struct survey *survey, struct network_shape *shape)
{
    bool all = shape->nodes <= SOURCES_ALL;
    shape->path_sources = all ? shape->nodes : survey->sampled;
    for (uint32_t i = 0; i < shape->path_sources; i++) {
        node_id source = (node_id)((uint64_t)i * shape->nodes / shape->path_sources);
        follow_paths(survey, source);
        add_paths(survey, shape);
        if (all)
            add_stake_paths(survey, source, survey->stakes[source]);
    }
    if (!all)
        follow_by_stake(survey);
    shape->hops_mean = (struct ratio){(uint64_t)survey->hops_sum, (uint64_t)survey->pairs};
    bool alone = survey->pairs == 0;
    shape->delay_mean_ns = alone ? TIME_NEVER : (time_ns)(survey->delay_sum / survey->pairs);
    shape->delay_most_ns = alone ? TIME_NEVER : shape->delay_most_ns;
    shape->stake_delay_ns = survey->stake_weights ? (time_ns)(survey->stake_sum / survey->stake_weights) : TIME_NEVER;
}

static int compare_nodes(const void *a, const void *b)
{
    node_id left = *(const node_id *)a, right = *(const node_id *)b;
    return left < right ? -1 : left > right;
}

/* Whoever is linked to a node, whatever the direction, once each. */
struct neighbours {
    uint32_t *first; /* by node */
    uint32_t *count; /* by node */
    node_id *at;
};

static void neighbours_init(struct neighbours *neighbours, const struct graph *graph)
{
    uint32_t nodes = graph->node_count;
    *neighbours = (struct neighbours){.first = g_new0(uint32_t, (size_t)nodes + 1),
                                      .count = g_new0(uint32_t, nodes),
                                      .at = g_new(node_id, 2 * (size_t)graph->link_count + 1)};
    for (uint32_t i = 0; i < graph->link_count; i++) {
        neighbours->first[graph->links[i].from + 1]++;
        neighbours->first[graph->links[i].to + 1]++;
    }
    for (node_id node = 0; node < nodes; node++)
        neighbours->first[node + 1] += neighbours->first[node];
    for (uint32_t i = 0; i < graph->link_count; i++) {
        node_id from = graph->links[i].from, to = graph->links[i].to;
        neighbours->at[neighbours->first[from] + neighbours->count[from]++] = to;
        neighbours->at[neighbours->first[to] + neighbours->count[to]++] = from;
    }
    for (node_id node = 0; node < nodes; node++) {
        node_id *list = neighbours->at + neighbours->first[node];
        uint32_t kept = 0;
        qsort(list, neighbours->count[node], sizeof *list, compare_nodes);
        for (uint32_t i = 0; i < neighbours->count[node]; i++)
            if (i == 0 || list[i] != list[i - 1])
                list[kept++] = list[i];
        neighbours->count[node] = kept;
    }
}

static void neighbours_release(struct neighbours *neighbours)
{
    g_free(neighbours->first);
    g_free(neighbours->count);
    g_free(neighbours->at);
}

/* How many nodes can be looked at, evenly spread, within what it may cost. */
static uint32_t clustering_sources(const struct neighbours *neighbours, uint32_t nodes)
{
    uint64_t work = 0;
    for (node_id node = 0; node < nodes; node++)
        work += (uint64_t)neighbours->count[node] * neighbours->count[node];
    if (work <= NEIGHBOURS_MOST)
        return nodes;
    return (uint32_t)MAX((uint64_t)nodes * NEIGHBOURS_MOST / work, 1);
}

/* The share of the pairs of a node's neighbours that are linked, in billionths; `mark` by node holds no `number`. */
static uint64_t local_clustering(const struct neighbours *neighbours, node_id node, uint32_t number, uint32_t *mark)
{
    const node_id *own = neighbours->at + neighbours->first[node];
    uint64_t count = neighbours->count[node], linked = 0;
    if (count < 2)
        return 0;
    for (uint32_t i = 0; i < count; i++)
        mark[own[i]] = number;
    for (uint32_t i = 0; i < count; i++) {
        const node_id *theirs = neighbours->at + neighbours->first[own[i]];
        for (uint32_t j = 0; j < neighbours->count[own[i]]; j++)
            linked += mark[theirs[j]] == number;
    }
    return linked * BILLION / (count * (count - 1));
}

static void measure_clustering(const struct graph *graph, struct network_shape *shape)
{
    struct neighbours neighbours;
    neighbours_init(&neighbours, graph);
    uint32_t *mark = g_new0(uint32_t, graph->node_count);
    uint64_t sum = 0;
    shape->clustering_sources = clustering_sources(&neighbours, graph->node_count);
    for (uint32_t i = 0; i < shape->clustering_sources; i++)
        sum += local_clustering(&neighbours, (node_id)((uint64_t)i * graph->node_count / shape->clustering_sources),
                                i + 1, mark);
    shape->clustering = (struct ratio){sum, (uint64_t)shape->clustering_sources * BILLION};
    g_free(mark);
    neighbours_release(&neighbours);
}

static void measure_links(const struct graph *graph, struct network_shape *shape)
{
    shape->links = graph->link_count;
    shape->degree_least = UINT32_MAX;
    for (node_id node = 0; node < graph->node_count; node++) {
        uint32_t degree = graph->first[node + 1] - graph->first[node];
        shape->degree_least = MIN(shape->degree_least, degree);
        shape->degree_most = MAX(shape->degree_most, degree);
    }
    shape->degree_mean = (struct ratio){graph->link_count, graph->node_count};
    measure_clustering(graph, shape);
}

/* All with all. */
static void measure_direct(struct network_shape *shape)
{
    uint32_t others = shape->nodes - 1;
    shape->links = shape->links_by_model = (uint64_t)shape->nodes * others;
    shape->degree_least = shape->degree_most = others;
    shape->degree_mean = (struct ratio){others, 1};
    shape->clustering_sources = shape->nodes;
    shape->clustering = (struct ratio){others > 1, 1};
}

void network_shape(const struct network *network, const stake_amount *stakes, struct network_shape *shape)
{
    const struct fabric *fabric = network->fabric;
    *shape = (struct network_shape){.topology = fabric->topology,
                                    .nodes = fabric->node_count,
                                    .pairs_filled = fabric_pairs_filled(fabric),
                                    .places_drawn = fabric->placement.drawn};
    if (fabric->graph) {
        shape->relays = fabric->graph->node_count - fabric->node_count;
        shape->links_by_model = fabric->links_by_model;
        measure_links(fabric->graph, shape);
    } else {
        measure_direct(shape);
    }
    struct survey survey;
    survey_init(&survey, network, stakes);
    measure_paths(&survey, shape);
    survey_release(&survey);
}
