/* SPDX-License-Identifier: MIT */
/*
 * Copies on their way. They are most of the events of a network, and each needs only to be told which message comes in
 * where, and along which link: so they are entries of a queue of their own, whose memory is read in order, and not
 * items of the clock, whose payloads lie all over its slab. Where messages or links are too many to be named by 32
 * bits, and for the few that take other ways, there is the clock.
 */
#include "network/carrier_inside.h"

#define AHEAD_MOST 24u

/* Links by the node that they lead to; returns the greatest number of any. */
static uint32_t number_links(struct carrier *carrier)
{
    const struct graph *graph = carrier->graph;
    struct flow *flow = &carrier->flow;
    uint32_t most = 0;
    flow->first_in = g_new0(uint32_t, (size_t)graph->node_count + 1);
    flow->in_from = g_new(node_id, graph->link_count);
    flow->number_of = g_new(uint32_t, graph->link_count);
    for (uint32_t link = 0; link < graph->link_count; link++) {
        flow->number_of[link] = flow->first_in[graph->links[link].to + 1]++;
        most = MAX(most, flow->number_of[link]);
    }
    for (node_id node = 0; node < graph->node_count; node++)
        flow->first_in[node + 1] += flow->first_in[node];
    for (uint32_t link = 0; link < graph->link_count; link++)
        flow->in_from[flow->first_in[graph->links[link].to] + flow->number_of[link]] = graph->links[link].from;
    return most;
}

void flow_init(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    queue_init(&flow->queue);
    flow->wake_ns = TIME_NEVER;
    flow->direct = carrier->graph ? number_links(carrier) + 1 : 0;
    while ((flow->direct + 1) >> flow->number_bits)
        flow->number_bits++;
    flow->link_bits = flow->number_bits;
    while (carrier->all_count >> (flow->link_bits - flow->number_bits))
        flow->link_bits++;
}

void flow_release(struct flow *flow)
{
    queue_release(&flow->queue);
    vector_release(&flow->batch);
    g_free(flow->first_in);
    g_free(flow->in_from);
    g_free(flow->number_of);
}

void flow_clone(struct flow *copy, const struct flow *original, const struct graph *graph)
{
    *copy = *original;
    queue_clone(&copy->queue, &original->queue);
    copy->batch = (struct queue_batch){0};
    if (!graph)
        return;
    copy->first_in = g_memdup2(original->first_in, ((size_t)graph->node_count + 1) * sizeof *copy->first_in);
    copy->in_from = g_memdup2(original->in_from, graph->link_count * sizeof *copy->in_from);
    copy->number_of = g_memdup2(original->number_of, graph->link_count * sizeof *copy->number_of);
}

static void wake_at(struct carrier *carrier, time_ns at_ns)
{
    struct flow *flow = &carrier->flow;
    if (at_ns >= flow->wake_ns)
        return;
    if (flow->wake_ns != TIME_NEVER)
        clock_cancel(carrier->clock, flow->wake);
    flow->wake_ns = at_ns;
    flow->wake = carrier_schedule_plain(carrier, at_ns, CARRIER_FLOW, 0, 0);
}

/* What tells ways to one node apart: the link's number, then the direct way from the sender, then that of a shred. */
static bool number_way(const struct carrier *carrier, const struct transfer *transfer, uint32_t *number)
{
    const struct flow *flow = &carrier->flow;
    *number = flow->direct + (transfer->item == CARRIER_SHRED);
    if (transfer->item == CARRIER_SHRED)
        return true;
    if (transfer->item == CARRIER_COPY && transfer->link != LINK_NONE)
        *number = flow->number_of[transfer->link];
    else
        return transfer->item == CARRIER_COPY && transfer->from == carried_at(carrier, transfer->slot)->origin;
    return true;
}

bool flow_add(struct carrier *carrier, time_ns at_ns, const struct transfer *transfer)
{
    struct flow *flow = &carrier->flow;
    uint32_t slot = transfer->slot, number;
    if (flow->link_bits >= 32 || slot >> (32 - flow->link_bits) || !number_way(carrier, transfer, &number))
        return false;
    carried_at(carrier, slot)->under_way++;
    queue_push(&flow->queue, at_ns, slot << flow->link_bits | transfer->to << flow->number_bits | number);
    return true;
}

static node_id handle_to(const struct flow *flow, uint32_t handle)
{
    return (handle & ((UINT32_C(1) << flow->link_bits) - 1)) >> flow->number_bits;
}

/* Most copies are duplicates, of which it does not matter where they came from: that is looked up for the others. */
static struct clock_item item_of(const struct carrier *carrier, uint32_t handle)
{
    const struct flow *flow = &carrier->flow;
    uint32_t number = handle & ((UINT32_C(1) << flow->number_bits) - 1);
    return (struct clock_item){number > flow->direct ? CARRIER_SHRED : CARRIER_FLOWN, handle_to(flow, handle),
                               (uint64_t)(handle >> flow->link_bits) << 32 | number};
}

node_id flow_from(const struct carrier *carrier, uint32_t slot, node_id to, uint32_t number)
{
    const struct flow *flow = &carrier->flow;
    return number < flow->direct ? flow->in_from[flow->first_in[to] + number] : carried_at(carrier, slot)->origin;
}

void flow_land(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    flow->wake_ns = TIME_NEVER;
    queue_pop_instant(&flow->queue, &flow->batch);
    flow->fetched -= (uint32_t)MIN(flow->fetched, flow->batch.count);
    for (size_t i = 0; i < flow->batch.count; i++)
        vector_push(&carrier->landing, item_of(carrier, flow->batch.at[i].handle));
}

/* Copies come in all over the network: what they touch is fetched for many of them at once. */
static void prefetch(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    uint32_t handle;
    for (uint32_t i = 0; i < AHEAD_MOST && queue_foresee(&flow->queue, i, &handle); i++) {
        node_id to = handle_to(flow, handle);
        __builtin_prefetch(&carrier->nodes[to], 1);
        __builtin_prefetch(&carried_at(carrier, handle >> flow->link_bits)->seen[to / 64], 1);
        flow->fetched++;
    }
}

/* Whether the next copy is of a message that its receiver has; then nothing is to be done but to count it. */
static bool next_is_duplicate(const struct carrier *carrier, uint32_t *handle)
{
    const struct flow *flow = &carrier->flow;
    if (!queue_foresee(&flow->queue, 0, handle) || (*handle & ((UINT32_C(1) << flow->number_bits) - 1)) > flow->direct)
        return false;
    return node_bit(carried_at(carrier, *handle >> flow->link_bits)->seen, handle_to(flow, *handle));
}

static void pass_duplicate(struct carrier *carrier, uint32_t handle, time_ns at_ns)
{
    uint32_t slot = handle >> carrier->flow.link_bits;
    const struct carried *message = carried_at(carrier, slot);
    node_id to = handle_to(&carrier->flow, handle);
    struct node_state *node = &carrier->nodes[to];
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    traffic->duplicates++;
    traffic->duplicate_bytes += message->size_bytes;
    node->load.down_bytes += message->size_bytes;
    if (carrier->queues_down)
        (void)reception_fill_queue(carrier, to, copy_down_ns(carrier, message, to), at_ns);
    carrier_release_use(carrier, slot);
}

/*
 * Most copies are duplicates, and an instant of the clock for each would be most of what they cost. As long as the
 * clock has nothing earlier, nothing can come between now and the next copy, so it may be dealt with at once.
 */
void flow_look_ahead(struct carrier *carrier, time_ns limit_ns)
{
    struct flow *flow = &carrier->flow;
    if (carrier->fair_down)
        return;
    if (flow->wake_ns != TIME_NEVER)
        clock_cancel(carrier->clock, flow->wake);
    flow->wake_ns = TIME_NEVER;
    time_ns quiet_ns = clock_quiet_until_ns(carrier->clock), next_ns;
    uint32_t handle;
    struct queue_entry entry;
    while ((next_ns = queue_peek_ns(&flow->queue)) < quiet_ns && next_ns <= limit_ns) {
        if (!flow->fetched)
            prefetch(carrier);
        if (!next_is_duplicate(carrier, &handle))
            return;
        queue_pop(&flow->queue, &entry);
        flow->fetched -= MIN(flow->fetched, 1);
        pass_duplicate(carrier, handle, next_ns);
    }
}

void flow_arm(struct carrier *carrier)
{
    time_ns next_ns = queue_peek_ns(&carrier->flow.queue);
    if (next_ns == TIME_NEVER)
        return;
    if (!carrier->flow.fetched)
        prefetch(carrier);
    wake_at(carrier, next_ns);
}
