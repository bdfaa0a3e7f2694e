/* SPDX-License-Identifier: MIT */
#include "network/fabric.h"

#include "network/capacity.h"
#include "network/faults.h"
#include "network/topology.h"
#include "network/topology_file.h"

#define SOURCES_SAMPLED 64u /* of a graph, for the slowest pair */

static void clear(void *box)
{
    struct fabric *fabric = box;
    latency_release(&fabric->latency);
    placement_release(&fabric->placement);
    rates_release(&fabric->rates);
    g_free(fabric->queue_rates);
    g_free(fabric->first_core);
    g_strfreev(fabric->empty_groups);
    g_free(fabric->region_of);
    g_free(fabric->keeper);
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
    bool fine = true;
    for (uint32_t from = 0; from < latency->region_count && fine; from++)
        for (uint32_t to = 0; to < latency->region_count && fine; to++) {
            fine = !is_used(count, from, to) ||
                   latency->between_ns[(size_t)from * latency->region_count + to] != LATENCY_ABSENT;
            if (!fine)
                latency_refuse_pair(latency, from, to, error);
        }
    g_free(count);
    return fine;
}

/* Places the nodes; a topology that is generated between them then makes the graph. */
static bool fill_by_model(struct fabric *fabric, const struct network_params *params, const char *const *regions,
                          GError **error)
{
    if (!placement_open(&fabric->placement, &params->placement, &params->latency, &fabric->latency, error))
        return false;
    fabric->region_of = g_new(uint32_t, fabric->node_count);
    return placement_assign(&fabric->placement, &fabric->latency, fabric->node_count, regions, &fabric->seed,
                            fabric->region_of, error) &&
           has_delays(fabric, error) && topology_generate(&params->topology, fabric, error);
}

static void take_graph(struct fabric *fabric)
{
    fabric->graph->end_count = fabric->node_count;
    fabric->paths = graph_paths_new(fabric->graph, NULL, 0);
}

/* Queues need the rates of nodes beyond the scenario's, too, unless those have a keeper's. */
static uint32_t count_with_rates(const struct network_params *params, const struct fabric *fabric)
{
    bool all = params->capacity.from == CAPACITY_RATES && fabric->graph && !fabric->keeper;
    return all ? fabric->graph->node_count : fabric->node_count;
}

static bool make_rates(const struct network_params *params, struct fabric *fabric, GError **error)
{
    if (params->rates.variant && params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE,
                    "network.bandwidth: network.rates says how fast each node sends: give one of the two");
        return false;
    }
    return rates_make(&params->rates, &fabric->latency, fabric->region_of, count_with_rates(params, fabric),
                      &fabric->seed, &fabric->rates, error);
}

static uint64_t in_billionths(struct ratio share)
{
    return (uint64_t)((uint128)share.numerator * 1000000000 / share.denominator);
}

/* What differs from a network on which all is well. */
static void take_imperfections(const struct network_params *params, struct fabric *fabric)
{
    fabric->gst_ns = params->gst.at_ns;
    fabric->skew_ns = params->clocks.skew_ns;
    fabric->drift_ppb = in_billionths(params->clocks.drift);
    if (params->loss.probability.numerator && params->loss.retry.after_ns != PARAM_ABSENT)
        fabric->retry_most_ns = faults_retry_most(&params->loss.retry);
}

struct fabric *fabric_new(const struct network_params *params, uint32_t node_count, const char *const *regions,
                          const struct random_seed *seed, GError **error)
{
    struct fabric *fabric = g_rc_box_new0(struct fabric);
    fabric->seed = *seed;
    fabric->jitter = jitter_key_of(seed);
    fabric->kernels = jitter_kernels_best();
    fabric->node_count = node_count;
    if (params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT)
        fabric->bandwidth_bit_per_s = params->bandwidth_bit_per_s;
    take_imperfections(params, fabric);
    fabric->topology = params->topology.variant ? params->topology.variant->name : "direct";
    const struct topology_file_params *file = topology_file_of(&params->topology);
    if (file ? topology_file_load(params, file, regions, fabric, error)
             : fill_by_model(fabric, params, regions, error)) {
        if (fabric->graph)
            take_graph(fabric);
        if (make_rates(params, fabric, error) && relay_plan_make(params, fabric->graph, &fabric->plan, error) &&
            capacity_make(params, fabric, error))
            return fabric;
    }
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
    return fabric->bandwidth_bit_per_s ? rate_takes(fabric->bandwidth_bit_per_s, size_bytes) : 0;
}

uint64_t fabric_pairs_filled(const struct fabric *fabric)
{
    const struct latency *latency = &fabric->latency;
    if (!latency->filled)
        return 0;
    uint32_t *count = nodes_by_region(fabric);
    uint64_t filled = 0;
    for (uint32_t from = 0; from < latency->region_count; from++)
        for (uint32_t to = 0; to < latency->region_count; to++)
            filled += is_used(count, from, to) && latency->filled->pairs[(size_t)from * latency->region_count + to];
    g_free(count);
    return filled;
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
                                            graph_row_size_ns(row, to, size_bytes));
    }
    return slowest;
}
