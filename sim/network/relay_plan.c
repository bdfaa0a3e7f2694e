/* SPDX-License-Identifier: MIT */
/* From what a scenario says of relaying, queues and processors to what the carrier does; or why that does not fit. */
#include "network/carrier_inside.h"
#include "network/params.h"
#include "network/topology_file.h"

#include <string.h>

static uint64_t rate_or_none(uint64_t bit_per_s)
{
    return bit_per_s == (uint64_t)PARAM_ABSENT ? 0 : bit_per_s;
}

/* Whether anything is asked for that arrivals by formula do not have. */
static bool is_stateful(const struct relay_plan *plan)
{
    return plan->limits_up || plan->limits_down || plan->limits_cores || plan->slow_start.initial_window_bytes ||
           plan->block_ns || plan->block_kib_ns;
}

static void copy_params(const struct param_variant_value *relay, struct relay_plan *plan)
{
    if (!relay->variant->table)
        return;
    memcpy(&plan->params, relay->value, relay->variant->table->size);
    plan->relays_targeted = plan->kind->pass_on && plan->params.common.relay_targeted;
}

static bool leads_both_ways(const struct graph *graph, node_id *from, node_id *to)
{
    for (uint32_t i = 0; i < graph->link_count; i++) {
        const struct graph_link *link = &graph->links[i];
        uint32_t back = graph->first[link->to];
        while (back < graph->first[link->to + 1] && graph->links[back].to != link->from)
            back++;
        if (back < graph->first[link->to + 1])
            continue;
        *from = link->from;
        *to = link->to;
        return false;
    }
    return true;
}

/* Whether the rates of the queues are where `from` says, and nowhere else. */
static bool has_rates(const struct network_params *params, GError **error)
{
    const struct topology_file_params *file = topology_file_of(&params->topology);
    int from = params->capacity.from;
    if (params->rates.variant && from != CAPACITY_RATES)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.rates: with network.relay, network.capacity or network.cpu messages queue: say "
                    "`capacity: {from: rates}` to have the queues run at these rates, or leave them out");
    else if (!params->rates.variant && from == CAPACITY_RATES)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.capacity.from: rates: there is no network.rates to take them from");
    else if (from == CAPACITY_TOPOLOGY && !file)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.capacity.from: topology: only a topology's file gives rates, one in GML: this topology is "
                    "%s",
                    params->topology.variant ? params->topology.variant->name : "direct");
    else if (from == CAPACITY_TOPOLOGY && file->bandwidth)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.topology.bandwidth: network.capacity takes the file's rates for its queues: leave one of "
                    "the two out, or messages would take them twice");
    else
        return true;
    return false;
}

static bool fits(const struct network_params *params, const struct graph *graph, const struct relay_plan *plan,
                 GError **error)
{
    const char *name = params->relay.variant->name;
    node_id from, to;
    if (plan->kind == &relay_direct && graph)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.relay: a flood takes the shortest path and meets no queues, so network.capacity and "
                    "network.cpu need another kind on this topology: push is the nearest");
    else if (plan->kind->along_links && !graph)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.relay: %s needs peers, and with `network.topology: direct` every node would be one: "
                    "choose a topology with links",
                    name);
    else if (plan->kind->both_ways && !leads_both_ways(graph, &from, &to))
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.relay: %s needs links that lead both ways, but node %u has one to node %u and none back: "
                    "`bidirectional: on` makes them so",
                    name, from, to);
    else if (plan->limits_up && params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.bandwidth: network.capacity says how fast nodes send: give one of the two");
    else
        return has_rates(params, error);
    return false;
}

bool relay_plan_make(const struct network_params *params, const struct graph *graph, struct relay_plan *plan,
                     GError **error)
{
    const struct capacity_params *capacity = &params->capacity;
    *plan = (struct relay_plan){
        .kind = params->relay.variant->plugin,
        .up_bit_per_s = rate_or_none(capacity->up_bit_per_s),
        .down_bit_per_s = rate_or_none(capacity->down_bit_per_s),
        .fair = capacity->queue == QUEUE_FAIR,
        .limits_cores = params->cpu.cores != PARAM_ABSENT || params->cpu.groups.count,
        .block_ns = params->cpu.block_ns,
        .block_kib_ns = params->cpu.block_kib_ns,
    };
    plan->limits_up = plan->up_bit_per_s || capacity->from != CAPACITY_SAME;
    plan->limits_down = plan->down_bit_per_s || capacity->from != CAPACITY_SAME;
    if (capacity->slow_start.variant)
        plan->slow_start = *(const struct slow_start_params *)capacity->slow_start.value;
    copy_params(&params->relay, plan);
    if (plan->kind == &relay_direct && !is_stateful(plan))
        plan->kind = NULL;
    return !plan->kind || fits(params, graph, plan, error);
}
