/* SPDX-License-Identifier: MIT */
/* When messages arrive: one by one, and the same for all nodes at once. */
#include "network/network.h"

#include "base/assert.h"
#include "network/inside.h"

#include <string.h>

#define LATEST_SEND_NS ((time_ns)1 << 61) /* what is sent later never arrives, so that sums do not overflow */
#define STRETCH        (4 * JITTER_GROUP) /* receivers whose draws are made together */

time_ns network_draw_delay(const struct fabric *fabric, uint64_t message, node_id from, node_id to, time_ns base_ns)
{
    const struct jitter_stream stream = {fabric->jitter, message, from};
    return latency_vary(&fabric->latency, base_ns, jitter_at(&stream, to));
}

/* A partition's sides for all nodes of the graph: relays stand where the node does that keeps them, others on all. */
static uint8_t *sides_of_all(const struct fabric *fabric, const uint8_t *side)
{
    uint8_t *all = g_new0(uint8_t, fabric->graph->node_count);
    memcpy(all, side, fabric->node_count);
    for (node_id node = fabric->node_count; fabric->keeper && node < fabric->graph->node_count; node++)
        all[node] = side[fabric->keeper[node]];
    return all;
}

/* Paths that avoid what the partitions of a segment cut. */
static struct graph_paths *cut_paths(const struct network *network, const struct fault_segment *segment)
{
    const struct graph *graph = network->fabric->graph;
    uint8_t **sides = g_new(uint8_t *, segment->partitions);
    uint32_t count = 0;
    for (uint32_t i = 0; i < segment->active; i++) {
        const struct link_fault *fault = &network->faults.links[segment->links[i]];
        if (fault->kind == FAULT_PARTITION)
            sides[count++] = sides_of_all(network->fabric, fault->nodes);
    }
    CHECK(count == segment->partitions);
    struct graph_paths *paths = graph_paths_new(graph, (const uint8_t *const *)sides, count);
    while (count > 0)
        g_free(sides[--count]);
    g_free(sides);
    return paths;
}

/* Shortest paths among the links that are there at a time. */
static struct graph_paths *paths_at(const struct network *network, time_ns at)
{
    const struct fault_segment *segment = faults_segment(&network->faults, at);
    if (!segment || !segment->partitions)
        return network->fabric->paths;
    struct cuts *cuts = network->cuts;
    if (!cuts->by_segment) {
        cuts->count = network->faults.segment_count;
        cuts->by_segment = g_new0(struct graph_paths *, cuts->count);
    }
    struct graph_paths **paths = &cuts->by_segment[segment - network->faults.segments];
    if (!*paths)
        *paths = cut_paths(network, segment);
    return *paths;
}

/*
 * When a message leaves, and its base delay from there on (size on the way apart). On a graph, a pair that a partition
 * does not divide may still have no path inside its part; that is held or dropped by the partition that ends first.
 */
static time_ns leave(const struct network *network, const struct network_message *message, node_id from, node_id to,
                     const struct graph_row **row)
{
    time_ns leaves = message->sent_ns;
    for (;;) {
        leaves = faults_leave(&network->faults, from, to, leaves);
        if (leaves == TIME_NEVER || !network->fabric->graph)
            return leaves;
        *row = graph_paths_from(paths_at(network, leaves), from);
        if ((*row)->delay_ns[to] != TIME_NEVER)
            return leaves;
        const struct link_fault *fault = faults_first_heal(&network->faults, leaves);
        if (fault->drop || fault->until_ns == TIME_NEVER)
            return TIME_NEVER;
        leaves = fault->until_ns;
    }
}

/* When a message that leaves then is taken in: slowed down, lost, or held until the receiver is up. */
static time_ns land(const struct network *network, const struct fault_way *way, time_ns leaves, time_ns delay_ns)
{
    if (leaves > LATEST_SEND_NS)
        return TIME_NEVER;
    time_ns extra = faults_hinder(&network->faults, &network->fabric->seed, way, leaves);
    if (extra == TIME_NEVER)
        return TIME_NEVER;
    return faults_receive(&network->faults, way->to, time_add(time_add(leaves, delay_ns), extra));
}

/* The way of a message between two nodes, of which the base delay is known. */
static struct fault_way way_of(const struct fabric *fabric, const struct network_message *message, node_id from,
                               node_id to, time_ns base_ns)
{
    return (struct fault_way){.message = message->id,
                              .from = from,
                              .to = to,
                              .size_bytes = message->size_bytes,
                              .base_ns = base_ns,
                              .sending_ns = fabric_transmission(fabric, message->size_bytes) +
                                            fabric_at_rates(fabric, from, to, message->size_bytes)};
}

time_ns network_arrival(const struct network *network, const struct network_message *message, node_id from, node_id to)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && to < fabric->node_count && message->sent_ns >= 0 && message->receiver_ns >= 0);
    if (from == to)
        return message->sent_ns;
    if (message->sent_ns > LATEST_SEND_NS)
        return TIME_NEVER;
    const struct graph_row *row = NULL;
    time_ns leaves = leave(network, message, from, to, &row);
    if (leaves == TIME_NEVER)
        return TIME_NEVER;
    time_ns base = row ? row->delay_ns[to] : fabric_region_row(fabric, from)[fabric->region_of[to]];
    struct fault_way way = way_of(fabric, message, from, to, base);
    time_ns delay = network_vary(fabric, message->id, from, to, base) + way.sending_ns +
                    (row ? graph_row_size_ns(row, to, message->size_bytes) : 0);
    return land(network, &way, leaves, time_add(delay, message->receiver_ns));
}

/* delay_ns[node] by region, and on a graph by path. */
static void base_by_region(const struct fabric *fabric, node_id from, time_ns *restrict delay_ns)
{
    const time_ns *restrict row = fabric_region_row(fabric, from);
    const uint32_t *restrict region_of = fabric->region_of;
    for (node_id node = 0; node < fabric->node_count; node++)
        delay_ns[node] = row[region_of[node]];
}

static void base_by_path(const struct fabric *fabric, node_id from, time_ns *restrict delay_ns)
{
    const struct graph_row *row = graph_paths_from(fabric->paths, from);
    for (node_id node = 0; node < fabric->node_count; node++)
        delay_ns[node] = row->delay_ns[node];
}

static void add_on_the_way(const struct fabric *fabric, node_id from, uint32_t size_bytes, time_ns *restrict delay_ns)
{
    const struct graph_row *row = graph_paths_from(fabric->paths, from);
    for (node_id node = 0; node < fabric->node_count; node++)
        delay_ns[node] += graph_row_size_ns(row, node, size_bytes);
}

/* The draws for so many receivers from `first` on; the greatest of them, or of some that follow. */
static uint32_t draw_stretch(const struct fabric *fabric, uint64_t message, node_id from, node_id first, uint32_t count,
                             uint32_t drawn[STRETCH])
{
    const struct jitter_stream stream = {fabric->jitter, message, from};
    return fabric->kernels->draw(&stream, first, (count + JITTER_GROUP - 1) / JITTER_GROUP, drawn);
}

/* Varies each of the delays by its draw; one loop a kind of draw. */
static void vary_uniformly(const struct fabric *fabric, uint64_t message, node_id from, time_ns *restrict delay_ns)
{
    uint32_t drawn[STRETCH];
    for (node_id first = 0; first < fabric->node_count; first += STRETCH) {
        uint32_t count = MIN(STRETCH, fabric->node_count - first);
        draw_stretch(fabric, message, from, first, count, drawn);
        for (uint32_t i = 0; i < count; i++)
            delay_ns[first + i] += latency_uniform_part(&fabric->latency, drawn[i]);
    }
}

/* One in thirty-two stretches has a draw in the last cell, and goes the slow way as a whole. */
static void vary_by_factor(const struct fabric *fabric, uint64_t message, node_id from, time_ns *restrict delay_ns)
{
    const struct quantiles *factor = &fabric->latency.factor;
    uint32_t drawn[STRETCH];
    for (node_id first = 0; first < fabric->node_count; first += STRETCH) {
        uint32_t count = MIN(STRETCH, fabric->node_count - first);
        uint32_t greatest = draw_stretch(fabric, message, from, first, count, drawn);
        if (factor->packed && greatest < QUANTILES_LAST &&
            fabric->kernels->scale(factor->packed, factor->body[0], drawn, count, delay_ns + first))
            continue;
        for (uint32_t i = 0; i < count; i++)
            delay_ns[first + i] = quantiles_scale(factor, delay_ns[first + i], drawn[i]);
    }
}

/* Turns times of arrival without faults into those under the timetable; not for cut graphs. */
static void hinder(const struct network *network, const struct network_message *message, node_id from,
                   time_ns *arrival_ns)
{
    const struct fabric *fabric = network->fabric;
    const struct graph_row *row = fabric->graph ? graph_paths_from(fabric->paths, from) : NULL;
    const time_ns *by_region = fabric_region_row(fabric, from);
    for (node_id node = 0; node < fabric->node_count; node++) {
        time_ns leaves = faults_leave(&network->faults, from, node, message->sent_ns);
        time_ns base_ns = row ? row->delay_ns[node] : by_region[fabric->region_of[node]];
        struct fault_way way = way_of(fabric, message, from, node, base_ns);
        arrival_ns[node] = land(network, &way, leaves, arrival_ns[node] - message->sent_ns);
    }
}

static void receive(const struct network *network, time_ns *arrival_ns)
{
    const struct faults *faults = &network->faults;
    for (uint32_t i = 0; i < faults->hit_count; i++)
        arrival_ns[faults->hit[i]] = faults_receive(faults, faults->hit[i], arrival_ns[faults->hit[i]]);
}

/* arrival_ns[node] without faults; `constant_ns` is what the same message takes to every node. */
static void arrivals_without_faults(const struct fabric *fabric, const struct network_message *message, node_id from,
                                    time_ns constant_ns, time_ns *restrict arrival_ns)
{
    if (fabric->graph)
        base_by_path(fabric, from, arrival_ns);
    else
        base_by_region(fabric, from, arrival_ns);
    if (fabric->latency.draw == LATENCY_UNIFORM)
        vary_uniformly(fabric, message->id, from, arrival_ns);
    else if (fabric->latency.draw == LATENCY_FACTOR)
        vary_by_factor(fabric, message->id, from, arrival_ns);
    if (fabric->graph && fabric->graph->has_rates)
        add_on_the_way(fabric, from, message->size_bytes, arrival_ns);
    for (node_id node = 0; fabric->rates.of && node < fabric->node_count; node++)
        arrival_ns[node] += fabric_at_rates(fabric, from, node, message->size_bytes);
    for (node_id node = 0; node < fabric->node_count; node++)
        arrival_ns[node] += constant_ns;
}

void network_arrivals(const struct network *network, const struct network_message *message, node_id from,
                      time_ns *arrival_ns)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && message->sent_ns >= 0 && message->receiver_ns >= 0);
    time_ns constant = time_add(message->sent_ns, message->receiver_ns);
    const struct fault_segment *segment = faults_segment(&network->faults, message->sent_ns);
    if (constant > LATEST_SEND_NS || (fabric->graph && segment && segment->partitions)) {
        for (node_id node = 0; node < fabric->node_count; node++)
            arrival_ns[node] = network_arrival(network, message, from, node);
        return;
    }
    constant += fabric_transmission(fabric, message->size_bytes);
    arrivals_without_faults(fabric, message, from, constant, arrival_ns);
    if (segment)
        hinder(network, message, from, arrival_ns);
    else if (network->faults.outages)
        receive(network, arrival_ns);
    arrival_ns[from] = message->sent_ns;
}
