/* SPDX-License-Identifier: MIT */
#include "network/fabric.h"

#include "network/placement.h"
#include "network/topology.h"

#define SOURCES_SAMPLED 64u /* of a graph, for the slowest pair */

static void clear(void *box)
{
    struct fabric *fabric = box;
    latency_release(&fabric->latency);
    g_free(fabric->region_of);
    graph_paths_free(fabric->paths);
    graph_free(fabric->graph);
}

/* How many nodes are in each region; g_free it. */
static uint32_t *nodes_by_region(const struct fabric *fabric)
{
    uint32_t *count = g_new0(uint32_t, fabric->latency.region_count);
    for (node_id node = 0; node < fabric->node_count; node++)
        count[fabric->region_of[node]]++;
    return count;
}

/* Whether a message between two different nodes can go from one region to the other. */
static bool is_used(const uint32_t *count, uint32_t from, uint32_t to)
{
    return from == to ? count[from] > 1 : count[from] && count[to];
}

/* Whether the model has a delay for every pair of regions that two different nodes are in. */
static bool has_delays(const struct fabric *fabric, GError **error)
{
    const struct latency *latency = &fabric->latency;
    uint32_t *count = nodes_by_region(fabric);
    const char *missing_from = NULL, *missing_to = NULL;
    for (uint32_t from = 0; from < latency->region_count && !missing_from; from++)
        for (uint32_t to = 0; to < latency->region_count && !missing_from; to++)
            if (is_used(count, from, to) &&
                latency->between_ns[(size_t)from * latency->region_count + to] == LATENCY_ABSENT) {
                missing_from = latency->region_names[from];
                missing_to = latency->region_names[to];
            }
    g_free(count);
    if (missing_from)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION,
                    "network.latency: there is no delay from %s to %s: add it, or place no nodes in one of them",
                    missing_from, missing_to);
    return !missing_from;
}

static bool fill_direct(struct fabric *fabric, const struct network_params *params, const char *const *regions,
                        GError **error)
{
    const struct latency_model *model = params->latency.variant->plugin;
    if (!model->describe(params->latency.value, &fabric->latency, error))
        return false;
    fabric->region_of = g_new(uint32_t, fabric->node_count);
    return placement_assign(&params->placement, &fabric->latency, fabric->node_count, regions, &fabric->seed,
                            fabric->region_of, error) &&
           has_delays(fabric, error);
}

/* The file of nodes says where they are, so nobody else can. */
static bool fill_from_file(struct fabric *fabric, const struct topology_file_params *params, const char *const *regions,
                           GError **error)
{
    for (node_id node = 0; regions && node < fabric->node_count; node++)
        if (regions[node]) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                        "node %u: region %s cannot be chosen: the topology's file places the nodes", node,
                        regions[node]);
            return false;
        }
    if (!topology_file_load(params, fabric->node_count, &fabric->graph, &fabric->latency, &fabric->region_of, error))
        return false;
    fabric->paths = graph_paths_new(fabric->graph, NULL, 0);
    return true;
}

struct fabric *fabric_new(const struct network_params *params, uint32_t node_count, const char *const *regions,
                          const struct random_seed *seed, GError **error)
{
    struct fabric *fabric = g_rc_box_new0(struct fabric);
    fabric->seed = *seed;
    fabric->node_count = node_count;
    if (params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT)
        fabric->bandwidth_bit_per_s = params->bandwidth_bit_per_s;
    const struct topology_file_params *file = topology_file_of(&params->topology);
    if (file ? fill_from_file(fabric, file, regions, error) : fill_direct(fabric, params, regions, error))
        return fabric;
    fabric_unshare(fabric);
    return NULL;
}

struct fabric *fabric_share(struct fabric *fabric)
{
    return g_rc_box_acquire(fabric);
}

void fabric_unshare(struct fabric *fabric)
{
    g_rc_box_release_full(fabric, clear);
}

time_ns fabric_transmission(const struct fabric *fabric, uint32_t size_bytes)
{
    if (!fabric->bandwidth_bit_per_s)
        return 0;
    uint128 bit_ns = (uint128)size_bytes * 8 * (uint64_t)SECOND;
    return (time_ns)((bit_ns + fabric->bandwidth_bit_per_s - 1) / fabric->bandwidth_bit_per_s);
}

time_ns fabric_base(const struct fabric *fabric, node_id from, node_id to)
{
    if (fabric->graph)
        return graph_paths_from(fabric->paths, from)->delay_ns[to];
    return fabric_region_row(fabric, from)[fabric->region_of[to]];
}

static time_ns slowest_regions(const struct fabric *fabric)
{
    uint32_t regions = fabric->latency.region_count;
    uint32_t *count = nodes_by_region(fabric);
    time_ns slowest = 0;
    for (uint32_t from = 0; from < regions; from++)
        for (uint32_t to = 0; to < regions; to++)
            if (is_used(count, from, to))
                slowest = time_max(slowest, fabric->latency.between_ns[(size_t)from * regions + to]);
    g_free(count);
    return slowest;
}

time_ns fabric_slowest(const struct fabric *fabric, uint32_t size_bytes)
{
    if (!fabric->graph)
        return latency_bound(&fabric->latency, slowest_regions(fabric));
    time_ns slowest = 0;
    uint32_t sources = MIN(SOURCES_SAMPLED, fabric->node_count);
    for (uint32_t i = 0; i < sources; i++) {
        node_id source = (node_id)((uint64_t)i * fabric->node_count / sources);
        const struct graph_row *row = graph_paths_from(fabric->paths, source);
        for (node_id to = 0; to < fabric->node_count; to++)
            slowest = time_max(slowest, latency_bound(&fabric->latency, row->delay_ns[to]) +
                                            (time_ns)((uint128)row->byte_ps[to] * size_bytes / 1000));
    }
    return slowest;
}
