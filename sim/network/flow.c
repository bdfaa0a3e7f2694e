/* SPDX-License-Identifier: MIT */
/*
 * Copies, parts, announcements, requests, and what wakes queues and routines. They are most of the events of a network,
 * and each needs only to be told which message it is about, where, and along which link: so they are entries of a queue
 * of their own, whose memory is read in order, and not items of the clock, whose payloads lie all over its slab. Where
 * messages or links are too many to be named by 32 bits, and for the few that take other ways, there is the clock.
 */
#include "base/assert.h"
#include "network/carrier_inside.h"

#include <string.h>

#define NOT_CARGO UINT8_MAX

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

static void take_cargo(struct flow *flow, enum carrier_item item)
{
    REQUIRE(flow->cargoes < FLOW_CARGOES);
    flow->cargo_of[item] = (uint8_t)flow->cargoes;
    flow->item_of[flow->cargoes++] = (uint8_t)item;
}

/* What is rare enough is left to the clock, so that a handle has room for more messages. */
static void list_cargoes(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    memset(flow->cargo_of, NOT_CARGO, sizeof flow->cargo_of);
    take_cargo(flow, CARRIER_FLOWN);
    for (uint32_t item = 0; item < CARRIER_ITEMS; item++)
        if (carrier->plan->kind->flown >> item & 1)
            take_cargo(flow, item);
    if (carrier->fair_up)
        take_cargo(flow, CARRIER_PORT_UP);
    if (carrier->fair_down)
        take_cargo(flow, CARRIER_PORT_DOWN);
    flow->cargo_of[CARRIER_COPY] = flow->cargo_of[CARRIER_FLOWN];
}

static uint32_t bits_below(uint32_t count)
{
    uint32_t bits = 0;
    while (count > (UINT32_C(1) << bits))
        bits++;
    return bits;
}

/* Most links out of a node: a routine is named by its node and which of its links it is. */
static uint32_t most_out(const struct graph *graph)
{
    uint32_t most = 0;
    for (node_id node = 0; node < graph->node_count; node++)
        most = MAX(most, graph->first[node + 1] - graph->first[node]);
    return most;
}

void flow_init(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    list_cargoes(carrier);
    queue_init(&flow->queue);
    flow->wake_ns = TIME_NEVER;
    flow->direct = carrier->graph ? number_links(carrier) + 1 : 0;
    uint32_t numbers = flow->direct + 1;
    if (flow->cargo_of[CARRIER_ROUTINE] != NOT_CARGO)
        numbers = MAX(numbers, most_out(carrier->graph));
    flow->number_bits = bits_below(numbers);
    flow->cargo_bits = bits_below(flow->cargoes);
    flow->to_bits = flow->number_bits + flow->cargo_bits;
    flow->way_bits = flow->to_bits + bits_below(carrier->all_count + 1);
    flow->way_mask = (uint32_t)((UINT64_C(1) << MIN(flow->way_bits, 32)) - 1);
    flow->cargo_mask = (UINT32_C(1) << flow->cargo_bits) - 1;
    flow->number_mask = (UINT32_C(1) << flow->number_bits) - 1;
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

/* What the 32 bits of a handle have no room for goes by the clock. */
static inline bool put(struct carrier *carrier, time_ns at_ns, enum carrier_item item, node_id where, uint32_t slot,
                       uint32_t number)
{
    struct flow *flow = &carrier->flow;
    uint32_t cargo = flow->cargo_of[item];
    if (cargo == NOT_CARGO || flow->way_bits >= 32 || slot >> (32 - flow->way_bits))
        return false;
    uint32_t way = (where << flow->cargo_bits | cargo) << flow->number_bits | number;
    queue_push(&flow->queue, at_ns, slot << flow->way_bits | way);
    return true;
}

bool flow_put(struct carrier *carrier, time_ns at_ns, enum carrier_item item, node_id where, uint32_t slot,
              uint32_t number)
{
    return put(carrier, at_ns, item, where, slot, number);
}

/* What tells ways to one node apart: the link's number, or that of the direct way from the message's sender. */
static bool number_way(const struct carrier *carrier, const struct transfer *transfer, uint32_t *number)
{
    const struct flow *flow = &carrier->flow;
    uint32_t link = transfer->link;
    if (link == LINK_NONE && (transfer->item == CARRIER_REQUEST || transfer->item == CARRIER_FILL_REQUEST))
        link = carrier_link(carrier, transfer->from, transfer->to);
    *number = link != LINK_NONE ? flow->number_of[link] : flow->direct;
    return link != LINK_NONE || transfer->item == CARRIER_SHRED /* nobody asks where it came from */ ||
           transfer->from == carried_at(carrier, transfer->slot)->origin;
}

bool flow_add(struct carrier *carrier, time_ns at_ns, const struct transfer *transfer)
{
    uint32_t number;
    if (!number_way(carrier, transfer, &number) ||
        !put(carrier, at_ns, transfer->item, transfer->to, transfer->slot, number))
        return false;
    carried_at(carrier, transfer->slot)->under_way++;
    return true;
}

bool flow_add_copy(struct carrier *carrier, time_ns at_ns, uint32_t slot, uint32_t link)
{
    if (!put(carrier, at_ns, CARRIER_COPY, carrier->graph->to[link], slot, carrier->flow.number_of[link]))
        return false;
    carried_at(carrier, slot)->under_way++;
    return true;
}

node_id flow_from(const struct carrier *carrier, uint32_t slot, node_id to, uint32_t number)
{
    const struct flow *flow = &carrier->flow;
    return number < flow->direct ? flow->in_from[flow->first_in[to] + number] : carried_at(carrier, slot)->origin;
}

/* Most copies are duplicates, of which it does not matter where they came from: that is looked up for the others. */
struct clock_item flow_item(const struct carrier *carrier, const struct flown *flown)
{
    uint64_t data = (uint64_t)flown->slot << 32;
    switch (flown->item) {
    case CARRIER_FLOWN:
    case CARRIER_SHRED:
        data |= flown->number;
        break;
    case CARRIER_ROUTINE:
        data = carrier->graph->first[flown->to] + flown->number;
        break;
    case CARRIER_TIMEOUT:
    case CARRIER_PORT_UP:
    case CARRIER_PORT_DOWN:
        break;
    default:
        data |= flow_from(carrier, flown->slot, flown->to, flown->number);
    }
    return (struct clock_item){flown->item, flown->to, data};
}

void flow_land(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    flow->wake_ns = TIME_NEVER;
    queue_pop_instant(&flow->queue, &flow->batch);
    flow->fetched -= (uint32_t)MIN(flow->fetched, flow->batch.count);
    for (size_t i = 0; i < flow->batch.count; i++) {
        struct flown flown = flow_read(flow, flow->batch.at[i].handle);
        vector_push(&carrier->landing, flow_item(carrier, &flown));
    }
}

void flow_withdraw(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    if (flow->wake_ns != TIME_NEVER)
        clock_cancel(carrier->clock, flow->wake);
    flow->wake_ns = TIME_NEVER;
}

void flow_arm(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    flow->wake_ns = queue_peek_ns(&flow->queue);
    if (flow->wake_ns != TIME_NEVER)
        flow->wake = carrier_schedule_plain(carrier, flow->wake_ns, CARRIER_FLOW, 0, 0);
}
