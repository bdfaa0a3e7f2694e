/* SPDX-License-Identifier: MIT */
#include "network/capacity.h"

#include "base/quantity.h"

#define LUCK_CORES 2 /* counters of a node's stateless draws of RANDOM_PLACE, from here on; before them rates.c's */

/* The scenario's nodes have network.rates; a relay has those of the node that keeps it. */
static void take_rates(struct fabric *fabric)
{
    uint32_t all = fabric->graph ? fabric->graph->node_count : fabric->node_count;
    fabric->queue_rates = g_new(struct rate, all);
    for (node_id node = 0; node < all; node++)
        fabric->queue_rates[node] = fabric->rates.of[node < fabric->rates.count ? node : fabric->keeper[node]];
}

/* What became of a group: how many nodes it could take, as they are in its region and no group before it took them. */
struct fate {
    uint32_t region; /* ID_NONE: any */
    uint32_t there, offered, taken;
};

static bool find_regions(const struct param_list *groups, const struct latency *latency, struct fate *fates,
                         GError **error)
{
    const struct core_group *group = groups->items;
    for (size_t i = 0; i < groups->count; i++) {
        fates[i].region = group[i].region ? latency_find_region(latency, group[i].region) : ID_NONE;
        if (!group[i].region || fates[i].region != ID_NONE)
            continue;
        char *whose = g_strdup_printf("network.cpu.groups.%zu.region", i);
        latency_refuse_region(latency, whose, group[i].region, error);
        g_free(whose);
        return false;
    }
    return true;
}

/* The first group that takes the node, of those that could; 0 cores: as many as needed. */
static uint32_t cores_of(const struct cpu_params *cpu, const struct fabric *fabric, struct fate *fates, node_id node)
{
    const struct core_group *group = cpu->groups.items, *found = NULL;
    for (size_t i = 0; i < cpu->groups.count; i++) {
        if (fates[i].region != ID_NONE && fates[i].region != fabric->region_of[node])
            continue;
        fates[i].there++;
        if (found)
            continue;
        fates[i].offered++;
        uint64_t drawn = random_at(&fabric->seed, RANDOM_PLACE, node, LUCK_CORES + i);
        if ((uint128)drawn * group[i].share.denominator >> 64 < group[i].share.numerator)
            found = &group[i];
        fates[i].taken += found != NULL;
    }
    if (found)
        return (uint32_t)found->cores;
    return cpu->cores == PARAM_ABSENT ? 0 : (uint32_t)cpu->cores;
}

static char *tell_empty(size_t number, const struct core_group *group, const struct fate *fate)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "`network.cpu.groups.%zu` takes no node: ", number);
    if (!fate->there) {
        g_string_append_printf(text, "none is in the region %s", group->region);
    } else if (!fate->offered) {
        g_string_append_printf(text, "the groups before it take all %u that it could", fate->there);
    } else {
        char *share = quantity_print(&(struct param){.key = "share", .type = PARAM_SHARE}, &group->share);
        g_string_append_printf(text, "of the %u that it could, none was drawn with a chance of %s", fate->offered,
                               share);
        g_free(share);
    }
    return g_string_free(text, FALSE);
}

static char **tell_all_empty(const struct param_list *groups, const struct fate *fates)
{
    const struct core_group *group = groups->items;
    GPtrArray *texts = g_ptr_array_new();
    for (size_t i = 0; i < groups->count; i++)
        if (!fates[i].taken && group[i].share.numerator)
            g_ptr_array_add(texts, tell_empty(i, &group[i], &fates[i]));
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

static bool give_cores(const struct cpu_params *cpu, struct fabric *fabric, GError **error)
{
    struct fate *fates = g_new0(struct fate, cpu->groups.count);
    bool fine = find_regions(&cpu->groups, &fabric->latency, fates, error);
    fabric->first_core = g_new0(uint32_t, (size_t)fabric->node_count + 1);
    for (node_id node = 0; fine && node < fabric->node_count; node++)
        fabric->first_core[node + 1] = fabric->first_core[node] + cores_of(cpu, fabric, fates, node);
    if (fine)
        fabric->empty_groups = tell_all_empty(&cpu->groups, fates);
    g_free(fates);
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
