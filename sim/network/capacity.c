/* SPDX-License-Identifier: MIT */
#include "network/capacity.h"

#define LUCK_CORES 2 /* counters of a node's stateless draws of RANDOM_PLACE, from here on; before them rates.c's */

/* The scenario's nodes have network.rates; a relay has those of the node that keeps it. */
static void take_rates(struct fabric *fabric)
{
    uint32_t all = fabric->graph ? fabric->graph->node_count : fabric->node_count;
    fabric->queue_rates = g_new(struct rate, all);
    for (node_id node = 0; node < all; node++)
        fabric->queue_rates[node] = fabric->rates.of[node < fabric->rates.count ? node : fabric->keeper[node]];
}

static bool find_regions(const struct param_list *groups, const struct latency *latency, uint32_t *region,
                         GError **error)
{
    const struct core_group *group = groups->items;
    for (size_t i = 0; i < groups->count; i++) {
        region[i] = group[i].region ? latency_find_region(latency, group[i].region) : ID_NONE;
        if (!group[i].region || region[i] != ID_NONE)
            continue;
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION,
                    "network.cpu.groups: group %zu: there is no region %s in this network", i + 1, group[i].region);
        return false;
    }
    return true;
}

/* The first group that takes the node, of those that could; 0 cores: as many as needed. */
static uint32_t cores_of(const struct cpu_params *cpu, const struct fabric *fabric, const uint32_t *region,
                         node_id node)
{
    const struct core_group *group = cpu->groups.items;
    for (size_t i = 0; i < cpu->groups.count; i++) {
        if (region[i] != ID_NONE && region[i] != fabric->region_of[node])
            continue;
        uint64_t drawn = random_at(&fabric->seed, RANDOM_PLACE, node, LUCK_CORES + i);
        if ((uint128)drawn * group[i].share.denominator >> 64 < group[i].share.numerator)
            return (uint32_t)group[i].cores;
    }
    return cpu->cores == PARAM_ABSENT ? 0 : (uint32_t)cpu->cores;
}

static bool give_cores(const struct cpu_params *cpu, struct fabric *fabric, GError **error)
{
    uint32_t *region = g_new(uint32_t, cpu->groups.count);
    bool fine = find_regions(&cpu->groups, &fabric->latency, region, error);
    fabric->first_core = g_new0(uint32_t, (size_t)fabric->node_count + 1);
    for (node_id node = 0; fine && node < fabric->node_count; node++)
        fabric->first_core[node + 1] = fabric->first_core[node] + cores_of(cpu, fabric, region, node);
    g_free(region);
    return fine;
}

bool capacity_make(const struct network_params *params, struct fabric *fabric, GError **error)
{
    if (!fabric->plan.kind)
        return true;
    if (params->capacity.from == CAPACITY_RATES)
        take_rates(fabric);
    return !fabric->plan.limits_cores || give_cores(&params->cpu, fabric, error);
}
