/* SPDX-License-Identifier: MIT */
/*
 * Ahead of the clock: most of what is in the flow makes no node have a message, and an instant of the clock for each
 * would be most of what it costs. As long as the clock has nothing earlier nothing can come between now and the next of
 * them, so it may be dealt with at once: the carrier's own time (`ahead_ns`) then goes ahead of the clock's.
 */
#include "network/carrier_inside.h"

#define AHEAD_MOST 24u

static bool has(const struct carrier *carrier, const struct flown *flown)
{
    return node_bit(carried_at(carrier, flown->slot)->seen, flown->to);
}

static bool is_asked(const struct carried *message, node_id node)
{
    return message->asked && node_bit(message->asked, node);
}

/* What a node touches that sends to its peers. */
static void prefetch_sending(const struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    __builtin_prefetch(&carrier->nodes[node], 1);
    if (carrier->fair_up)
        fair_prefetch(carrier, FAIR_UP, node);
    if (graph)
        __builtin_prefetch(&graph->to[graph->first[node]]);
}

static void prefetch_links(const struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    if (!graph)
        return;
    uint32_t first = graph->first[node], end = graph->first[node + 1];
    for (uint32_t link = first; link < end; link += 2)
        __builtin_prefetch(&graph->links[link]);
}

/* What an entry leads to. */
static void prefetch_entry(const struct carrier *carrier, const struct flown *flown)
{
    const struct flow *flow = &carrier->flow;
    const struct carried *message = carried_at(carrier, flown->slot);
    switch (flown->item) {
    case CARRIER_PORT_UP:
        fair_prefetch_next(carrier, FAIR_UP, flown->to);
        __builtin_prefetch(&carrier->nodes[flown->to], 1);
        prefetch_links(carrier, flown->to);
        return;
    case CARRIER_PORT_DOWN:
        fair_prefetch_next(carrier, FAIR_DOWN, flown->to);
        prefetch_sending(carrier, flown->to);
        return;
    case CARRIER_ROUTINE:
    case CARRIER_TIMEOUT:
        return;
    default:
        break;
    }
    if (carrier->fair_down)
        fair_prefetch(carrier, FAIR_DOWN, flown->to);
    else
        __builtin_prefetch(&carrier->nodes[flown->to], 1);
    bool answers = flown->item == CARRIER_REQUEST || flown->item == CARRIER_FILL_REQUEST;
    if (flown->item == CARRIER_SHRED || (!answers && has(carrier, flown)))
        return;
    if (carrier->graph && flown->number < flow->direct)
        __builtin_prefetch(&flow->in_from[flow->first_in[flown->to] + flown->number]);
    if (is_asked(message, flown->to)) {
        __builtin_prefetch(&message->last_announcer[flown->to], 1);
        if (flown->item == CARRIER_ANNOUNCE)
            return;
    }
    if (!carrier->fair_down) {
        prefetch_sending(carrier, flown->to);
        prefetch_links(carrier, flown->to);
    }
}

/* Copies come in all over the network: what they touch is fetched for many of them at once. */
static void prefetch(struct carrier *carrier)
{
    struct flow *flow = &carrier->flow;
    const struct queue_entry *entry;
    for (flow->fetched = 0; flow->fetched < AHEAD_MOST; flow->fetched++) {
        entry = queue_foresee(&flow->queue, flow->fetched);
        if (!entry)
            break;
        struct flown flown = flow_read(flow, entry->handle);
        prefetch_entry(carrier, &flown);
    }
}

/* Whether nothing else comes in this instant. Where something does the order matters to some, and is the landing's. */
static bool is_alone(const struct carrier *carrier)
{
    const struct queue_entry *next = queue_foresee(&carrier->flow.queue, 1);
    return !next || next->at_ns != carrier_now(carrier);
}

/* A shred that does not complete its message. Others may come to the same node through a shared queue. */
static bool is_further_shred(const struct carrier *carrier, const struct flown *flown)
{
    uint32_t shreds = carried_at(carrier, flown->slot)->shreds[flown->to] + 1u;
    return shreds != carrier->plan->params.rotor.data_shreds && (!carrier->fair_down || is_alone(carrier));
}

/*
 * Whether the next in the flow changes nothing but its receiver's queue and counts: a duplicate, a shred that does not
 * complete its message, an announcement to who has asked somebody already, the timeout of a request that was answered.
 */
static bool is_quiet(const struct carrier *carrier, const struct flown *flown)
{
    const struct carried *message = carried_at(carrier, flown->slot);
    switch (flown->item) {
    case CARRIER_FLOWN:
    case CARRIER_TIMEOUT:
        return has(carrier, flown);
    case CARRIER_SHRED:
        return has(carrier, flown) || is_further_shred(carrier, flown);
    case CARRIER_ANNOUNCE:
        return has(carrier, flown) || (is_asked(message, flown->to) && is_alone(carrier));
    case CARRIER_SKETCH:
        return has(carrier, flown) ||
               (node_bit(message->sketched, flown->to) && is_asked(message, flown->to) && is_alone(carrier));
    default:
        return false;
    }
}

static void pass_piece(struct carrier *carrier, const struct flown *flown, uint32_t size_bytes)
{
    const struct carried *message = carried_at(carrier, flown->slot);
    if (flown->item == CARRIER_SKETCH || node_bit(message->seen, flown->to))
        reception_count_duplicate(carrier, message, size_bytes);
    if (carrier->fair_down) {
        fair_add_duplicate(carrier, flown->to, size_bytes, reception_takes_ns(carrier, message, flown->to, size_bytes));
        return;
    }
    carrier->nodes[flown->to].load.down_bytes += size_bytes;
    if (carrier->queues_down)
        (void)reception_fill_queue(carrier, flown->to, reception_takes_ns(carrier, message, flown->to, size_bytes),
                                   carrier_now(carrier));
}

static void pass_quietly(struct carrier *carrier, const struct flown *flown)
{
    struct carried *message = carried_at(carrier, flown->slot);
    switch (flown->item) {
    case CARRIER_FLOWN:
        pass_piece(carrier, flown, message->size_bytes);
        break;
    case CARRIER_SHRED:
        message->shreds[flown->to]++;
        pass_piece(carrier, flown, message->shred_bytes);
        break;
    case CARRIER_SKETCH:
        pass_piece(carrier, flown, message->sketch_bytes);
        /* fall through */
    case CARRIER_ANNOUNCE:
        if (!has(carrier, flown))
            ask_hear(carrier, flown->slot, flown->to, flow_from(carrier, flown->slot, flown->to, flown->number));
        break;
    default:
        break;
    }
    carrier_release_use(carrier, flown->slot);
    if (carrier->joined.count)
        fair_arm_joined(carrier);
}

/* Whether a node may have a message by it at once; what only makes others come later needs nobody but the carrier. */
static bool tells(const struct carrier *carrier, const struct flown *flown)
{
    const struct carried *message = carried_at(carrier, flown->slot);
    switch (flown->item) {
    case CARRIER_ANNOUNCE:
    case CARRIER_REQUEST:
    case CARRIER_FILL_REQUEST:
    case CARRIER_TIMEOUT:
    case CARRIER_PORT_UP:
    case CARRIER_ROUTINE:
        return false;
    case CARRIER_PORT_DOWN:
        return carrier->fair_down[flown->to].next_ns == carrier_now(carrier);
    case CARRIER_SKETCH:
        if (message->missing && !carrier->plan->params.compact.complete.numerator)
            return false; /* the rest comes later */
        /* fall through */
    case CARRIER_SHRED:
    case CARRIER_FLOWN:
    case CARRIER_FILL:
        return !carrier->fair_down && !has(carrier, flown) && !message->validation_ns &&
               flown->to < carrier->node_count;
    default:
        return true;
    }
}

/* Whether all that comes after the next in the flow, at the carrier's time, tells nobody. */
static bool rest_is_silent(const struct carrier *carrier)
{
    const struct queue_entry *entry;
    for (size_t i = 1; (entry = queue_foresee(&carrier->flow.queue, i)) && entry->at_ns == carrier_now(carrier); i++) {
        struct flown flown = flow_read(&carrier->flow, entry->handle);
        if (tells(carrier, &flown))
            return false;
    }
    return true;
}

/* The next in the flow, which has been reached, is taken out of it. */
static void drop(struct flow *flow)
{
    queue_drop(&flow->queue);
    flow->fetched -= flow->fetched > 0;
}

/* The next in the flow does what it does now, as the only one of its instant. */
static void act_alone(struct carrier *carrier, const struct flown *flown)
{
    drop(&carrier->flow);
    carrier_act(carrier, flow_item(carrier, flown));
}

/* The next in the flow, and what else comes with it. */
static void act_together(struct carrier *carrier)
{
    flow_land(carrier);
    carrier_settle(carrier);
}

void flow_look_ahead(struct carrier *carrier, time_ns limit_ns)
{
    struct flow *flow = &carrier->flow;
    time_ns bound_ns = MIN(clock_quiet_until_ns(carrier->clock), time_add(limit_ns, 1));
    while (queue_reach_before(&flow->queue, bound_ns)) {
        carrier->ahead_ns = queue_foresee(&flow->queue, 0)->at_ns;
        if (!flow->fetched)
            prefetch(carrier);
        struct flown next = flow_read(flow, queue_foresee(&flow->queue, 0)->handle);
        if (is_quiet(carrier, &next)) {
            drop(flow);
            pass_quietly(carrier, &next);
            continue;
        }
        if (tells(carrier, &next) || !rest_is_silent(carrier))
            return;
        if (is_alone(carrier))
            act_alone(carrier, &next);
        else
            act_together(carrier);
        bound_ns = MIN(clock_quiet_until_ns(carrier->clock), time_add(limit_ns, 1));
    }
}
