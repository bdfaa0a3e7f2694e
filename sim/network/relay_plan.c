/* SPDX-License-Identifier: MIT */
/* From what a scenario says of relaying, queues and processors to what the carrier does; or why that does not fit. */
#include "network/carrier_inside.h"
#include "network/params.h"

#include <string.h>

static uint64_t rate_or_none(uint64_t bit_per_s)
{
    return bit_per_s == (uint64_t)PARAM_ABSENT ? 0 : bit_per_s;
}

/* Whether anything is asked for that arrivals by formula do not have. */
static bool is_stateful(const struct relay_plan *plan)
{
    return plan->up_bit_per_s || plan->down_bit_per_s || plan->cores || plan->slow_start.initial_window_bytes ||
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
    else if (plan->up_bit_per_s && params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.bandwidth: network.capacity.up says how fast nodes send: give one of the two");
    else if (params->rates.variant)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.rates: rates by node are for messages that do not queue: leave out network.relay, "
                    "network.capacity and network.cpu, or give all nodes one rate, in network.capacity");
    else
        return true;
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
        .cores = params->cpu.cores == PARAM_ABSENT ? 0 : (uint32_t)params->cpu.cores,
        .block_ns = params->cpu.block_ns,
        .block_kib_ns = params->cpu.block_kib_ns,
    };
    if (capacity->slow_start.variant)
        plan->slow_start = *(const struct slow_start_params *)capacity->slow_start.value;
    copy_params(&params->relay, plan);
    if (plan->kind == &relay_direct && !is_stateful(plan))
        plan->kind = NULL;
    return !plan->kind || fits(params, graph, plan, error);
}
