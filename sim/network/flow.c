/* SPDX-License-Identifier: MIT */
/*
 * Copies, parts, announcements and requests on their way. They are most of the events of a network, and each needs
 * only to be told which message comes in where, and along which link: so they are entries of a queue of their own,
 * whose memory is read in order, and not items of the clock, whose payloads lie all over its slab. Where messages or
 * links are too many to be named by 32 bits, and for the few that take other ways, there is the clock.
 */
#include "network/carrier_inside.h"

#define AHEAD_MOST 24u

/* In the order in which ways of relaying need them. */
enum cargo {
    CARGO_COPY,
    CARGO_SHRED,
    CARGO_ANNOUNCE,
    CARGO_REQUEST,
    CARGO_SKETCH,
    CARGO_FILL_REQUEST,
    CARGO_FILL,
};

static const enum carrier_item items_of[] = {
    [CARGO_COPY] = CARRIER_FLOWN,      [CARGO_SHRED] = CARRIER_SHRED,   [CARGO_ANNOUNCE] = CARRIER_ANNOUNCE,
    [CARGO_REQUEST] = CARRIER_REQUEST, [CARGO_SKETCH] = CARRIER_SKETCH, [CARGO_FILL_REQUEST] = CARRIER_FILL_REQUEST,
    [CARGO_FILL] = CARRIER_FILL};

/* What a handle says. */
struct flown {
    enum cargo cargo;
    uint32_t slot;
    node_id to;
    uint32_t number;
};

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

/* What is rare enough is left to the clock, so that a handle has room for more messages. */
static uint32_t cargo_bits(const struct relay_kind *kind)
{
    if (kind == &relay_compact)
        return 3;
    if (kind == &relay_pull)
        return 2;
    return kind == &relay_rotor ? 1 : 0;
}

void flow_init(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    flow->cargo_bits = cargo_bits(carrier->plan->kind);
    queue_init(&flow->queue);
    flow->wake_ns = TIME_NEVER;
    flow->direct = carrier->graph ? number_links(carrier) + 1 : 0;
    while (flow->direct >> flow->number_bits)
        flow->number_bits++;
    uint32_t way_bits = flow->number_bits + flow->cargo_bits;
    flow->link_bits = way_bits;
    while (carrier->all_count >> (flow->link_bits - way_bits))
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

static bool cargo_of(uint32_t item, enum cargo *cargo)
{
    *cargo = CARGO_COPY;
    if (item == CARRIER_COPY)
        return true;
    for (uint32_t i = CARGO_SHRED; i < G_N_ELEMENTS(items_of); i++)
        if (items_of[i] == item)
            *cargo = i;
    return *cargo != CARGO_COPY;
}

/* What tells ways to one node apart: the link's number, or that of the direct way from the message's sender. */
static bool number_way(const struct carrier *carrier, const struct transfer *transfer, struct flown *flown)
{
    const struct flow *flow = &carrier->flow;
    uint32_t link = transfer->link;
    flown->number = flow->direct;
    if (!cargo_of(transfer->item, &flown->cargo) || flown->cargo >> flow->cargo_bits)
        return false;
    if (flown->cargo == CARGO_SHRED)
        return true; /* nobody asks where it came from */
    if (flown->cargo == CARGO_REQUEST || flown->cargo == CARGO_FILL_REQUEST)
        link = carrier_link(carrier, transfer->from, transfer->to);
    if (link != LINK_NONE)
        flown->number = flow->number_of[link];
    return link != LINK_NONE || transfer->from == carried_at(carrier, transfer->slot)->origin;
}

bool flow_add(struct carrier *carrier, time_ns at_ns, const struct transfer *transfer)
{
    struct flow *flow = &carrier->flow;
    uint32_t slot = transfer->slot, way_bits = flow->number_bits + flow->cargo_bits;
    struct flown flown;
    if (flow->link_bits >= 32 || slot >> (32 - flow->link_bits) || !number_way(carrier, transfer, &flown))
        return false;
    carried_at(carrier, slot)->under_way++;
    queue_push(&flow->queue, at_ns,
               slot << flow->link_bits | transfer->to << way_bits | flown.cargo << flow->number_bits | flown.number);
    return true;
}

static struct flown read_handle(const struct flow *flow, uint32_t handle)
{
    uint32_t way = handle & ((UINT32_C(1) << flow->link_bits) - 1);
    return (struct flown){.cargo = way >> flow->number_bits & ((1u << flow->cargo_bits) - 1),
                          .slot = handle >> flow->link_bits,
                          .to = way >> (flow->number_bits + flow->cargo_bits),
                          .number = way & ((UINT32_C(1) << flow->number_bits) - 1)};
}

node_id flow_from(const struct carrier *carrier, uint32_t slot, node_id to, uint32_t number)
{
    const struct flow *flow = &carrier->flow;
    return number < flow->direct ? flow->in_from[flow->first_in[to] + number] : carried_at(carrier, slot)->origin;
}

/* Most copies are duplicates, of which it does not matter where they came from: that is looked up for the others. */
static struct clock_item item_of(const struct carrier *carrier, uint32_t handle)
{
    struct flown flown = read_handle(&carrier->flow, handle);
    uint32_t detail = flown.number;
    if (flown.cargo > CARGO_SHRED)
        detail = flow_from(carrier, flown.slot, flown.to, flown.number);
    return (struct clock_item){items_of[flown.cargo], flown.to, (uint64_t)flown.slot << 32 | detail};
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
        struct flown flown = read_handle(flow, handle);
        const struct carried *message = carried_at(carrier, flown.slot);
        __builtin_prefetch(&carrier->nodes[flown.to], 1);
        __builtin_prefetch(&message->seen[flown.to / 64], 1);
        if (carrier->fair_down)
            __builtin_prefetch(&carrier->fair_down[flown.to], 1);
        if (flown.cargo == CARGO_SHRED)
            __builtin_prefetch(&message->shreds[flown.to], 1);
        if (flown.cargo == CARGO_ANNOUNCE && message->asked)
            __builtin_prefetch(&message->last_announcer[flown.to], 1);
        flow->fetched++;
    }
}

/*
 * Whether what comes in next changes nothing but its receiver's queue and counts: a duplicate, a shred that does not
 * complete its message, an announcement to who has asked somebody already.
 */
static bool next_is_quiet(const struct carrier *carrier, struct flown *flown)
{
    uint32_t handle;
    if (!queue_foresee(&carrier->flow.queue, 0, &handle))
        return false;
    *flown = read_handle(&carrier->flow, handle);
    const struct carried *message = carried_at(carrier, flown->slot);
    bool has = node_bit(message->seen, flown->to);
    switch (flown->cargo) {
    case CARGO_COPY:
        return has;
    case CARGO_SHRED:
        return has || message->shreds[flown->to] + 1 != carrier->plan->params.rotor.data_shreds;
    case CARGO_ANNOUNCE:
        return has || (message->asked && node_bit(message->asked, flown->to));
    case CARGO_SKETCH:
        return has || (node_bit(message->sketched, flown->to) && message->asked && node_bit(message->asked, flown->to));
    case CARGO_REQUEST:
    case CARGO_FILL_REQUEST:
    case CARGO_FILL:
        break;
    }
    return false;
}

static void pass_piece(struct carrier *carrier, const struct flown *flown, uint32_t size_bytes, time_ns at_ns)
{
    const struct carried *message = carried_at(carrier, flown->slot);
    if (flown->cargo == CARGO_SKETCH || node_bit(message->seen, flown->to))
        reception_count_duplicate(carrier, message, size_bytes);
    carrier->nodes[flown->to].load.down_bytes += size_bytes;
    if (carrier->queues_down)
        (void)reception_fill_queue(carrier, flown->to, reception_takes_ns(carrier, message, flown->to, size_bytes),
                                   at_ns);
}

static void pass_quietly(struct carrier *carrier, const struct flown *flown, time_ns at_ns)
{
    struct carried *message = carried_at(carrier, flown->slot);
    if (flown->cargo == CARGO_ANNOUNCE || flown->cargo == CARGO_SKETCH)
        ask_hear(carrier, flown->slot, flown->to, flow_from(carrier, flown->slot, flown->to, flown->number));
    if (flown->cargo == CARGO_SHRED)
        message->shreds[flown->to]++;
    if (flown->cargo != CARGO_ANNOUNCE)
        pass_piece(carrier, flown, reception_size(message, items_of[flown->cargo]), at_ns);
    carrier_release_use(carrier, flown->slot);
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
    struct flown flown;
    struct queue_entry entry;
    while ((next_ns = queue_peek_ns(&flow->queue)) < quiet_ns && next_ns <= limit_ns) {
        if (!flow->fetched)
            prefetch(carrier);
        if (!next_is_quiet(carrier, &flown))
            return;
        queue_pop(&flow->queue, &entry);
        flow->fetched -= MIN(flow->fetched, 1);
        pass_quietly(carrier, &flown, next_ns);
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
