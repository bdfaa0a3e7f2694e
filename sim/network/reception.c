/* SPDX-License-Identifier: MIT */
/*
 * What a node does with what comes in: it goes through the node's queue downwards; the first copy of a message is
 * validated, by a processor when one is free, then counts and is passed on. Further copies only fill the queue.
 */
#include "base/assert.h"
#include "network/carrier_inside.h"

time_ns reception_when_up(const struct carrier *carrier, node_id node, time_ns at_ns)
{
    return node < carrier->node_count ? faults_receive(&carrier->network->faults, node, at_ns) : at_ns;
}

/* Whether the node will act on it; a further copy is a duplicate from when it comes in. */
static bool is_first(struct carrier *carrier, const struct clock_item *item, uint32_t size_bytes)
{
    struct carried *message = carried_at(carrier, (uint32_t)(item->data >> 32));
    if (item->kind == CARRIER_SHRED_TO_RELAY)
        return true; /* the relay passes it on, whatever it has */
    bool is_sketch = item->kind == CARRIER_SKETCH, completes = !is_sketch;
    if (item->kind == CARRIER_SHRED || item->kind == CARRIER_REPAIR_SHRED)
        completes = ++message->shreds[item->where] == carrier->plan->params.rotor.data_shreds;
    bool has = node_bit(message->seen, item->where);
    if (has || (is_sketch && node_bit(message->sketched, item->where))) {
        reception_count_duplicate(carrier, message, size_bytes);
        return false;
    }
    if (completes)
        node_bit_set(message->seen, item->where);
    return completes || is_sketch;
}

/* What becomes of it once it is through the queue. */
static enum carrier_item after_queue(uint32_t item)
{
    if (item == CARRIER_SKETCH)
        return CARRIER_SKETCH_TAKEN;
    return item == CARRIER_SHRED_TO_RELAY ? CARRIER_RELAY_HAS : CARRIER_TAKEN;
}

/* Copies are pipelined: one alone is through when it is in, if the node keeps up with what it was sent at. */
time_ns reception_fill_queue(struct carrier *carrier, node_id node, time_ns takes_ns, time_ns in_ns)
{
    time_ns *free_ns = &carrier->nodes[node].down_free_ns;
    time_ns begun_ns = time_max(*free_ns, in_ns - takes_ns);
    time_ns done_ns = transfer_done_ns(carrier, node, begun_ns, takes_ns, rate_down(carrier, node));
    return *free_ns = time_max(in_ns, done_ns);
}

static void queue_down(struct carrier *carrier, const struct clock_item *item, uint32_t detail, time_ns takes_ns,
                       bool first)
{
    time_ns now_ns = carrier_now(carrier);
    time_ns through_ns = reception_fill_queue(carrier, item->where, takes_ns, now_ns);
    uint32_t slot = (uint32_t)(item->data >> 32);
    if (!first)
        return;
    if (through_ns == now_ns)
        reception_through(carrier, item->kind, slot, item->where, detail);
    else
        carrier_schedule(carrier, through_ns, after_queue(item->kind), item->where, slot, detail);
}

void reception_land(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32), detail = (uint32_t)item->data;
    const struct carried *message = carried_at(carrier, slot);
    uint32_t size_bytes = reception_size(message, item->kind);
    time_ns takes_ns = reception_takes_ns(carrier, message, item->where, size_bytes);
    bool first = is_first(carrier, item, size_bytes);
    if (!first && item->kind == CARRIER_SKETCH)
        ask_hear(carrier, slot, item->where, detail); /* somebody else to ask */
    if (first && item->kind == CARRIER_FLOWN)
        detail = flow_from(carrier, slot, item->where, detail);
    if (carrier->fair_down) {
        struct transfer transfer = {
            .item = item->kind, .slot = slot, .to = item->where, .detail = detail, .size_bytes = size_bytes};
        if (first)
            fair_add(carrier, FAIR_DOWN, item->where, &transfer, takes_ns);
        else
            fair_add_duplicate(carrier, item->where, size_bytes, takes_ns);
        return;
    }
    carrier->nodes[item->where].load.down_bytes += size_bytes;
    if (carrier->queues_down)
        queue_down(carrier, item, detail, takes_ns, first);
    else if (first)
        reception_through(carrier, item->kind, slot, item->where, detail);
}

void reception_through(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id node, uint32_t detail)
{
    enum carrier_item then = after_queue(item);
    if (then != CARRIER_TAKEN)
        carrier->plan->kind->land(carrier, &(struct clock_item){then, node, (uint64_t)slot << 32 | detail});
    else
        reception_taken(carrier, slot, node, detail);
}

/* The processor of a node that is free first; NULL: there is always one. */
static time_ns *first_free_core(const struct carrier *carrier, node_id node)
{
    uint32_t cores = carrier_cores(carrier, node);
    if (cores == 0)
        return NULL;
    time_ns *free_ns = carrier->core_free_ns + carrier->first_core[node], *first = free_ns;
    for (uint32_t core = 1; core < cores; core++)
        if (free_ns[core] < *first)
            first = &free_ns[core];
    return first;
}

/* When the first processor that is free has validated it. */
static time_ns validated_ns(struct carrier *carrier, node_id node, time_ns takes_ns)
{
    time_ns *free_ns = first_free_core(carrier, node), start_ns = carrier_now(carrier);
    if (free_ns)
        start_ns = time_max(start_ns, *free_ns);
    time_ns done_ns = transfer_done_ns(carrier, node, start_ns, takes_ns, 0);
    if (free_ns)
        *free_ns = done_ns;
    time_ns *busy_ns = &carrier->nodes[node].load.busy_ns;
    *busy_ns = time_add(*busy_ns, done_ns - start_ns);
    return done_ns;
}

void reception_taken(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    const struct carried *message = carried_at(carrier, slot);
    time_ns now_ns = carrier_now(carrier), valid_ns = now_ns;
    if (message->passed_on && carrier->plan->kind->taken)
        carrier->plan->kind->taken(carrier, slot, node, from);
    if (message->validation_ns && node < carrier->node_count)
        valid_ns = validated_ns(carrier, node, message->validation_ns);
    valid_ns = reception_when_up(carrier, node, valid_ns);
    if (valid_ns == TIME_NEVER)
        return; /* it goes down and loses what it held */
    if (valid_ns == now_ns)
        reception_valid(carrier, slot, node, from);
    else
        carrier_schedule(carrier, valid_ns, CARRIER_VALID, node, slot, from);
}

void reception_valid(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    const struct carried *message = carried_at(carrier, slot);
    if (node < carrier->node_count) {
        CHECK(carrier_now(carrier) == carrier->clock->now.ns); /* nobody is told ahead of the clock */
        const struct carrier_client *client = &carrier->clients.at[message->client];
        client->arrived(client->user, message->ticket, node);
    }
    if (message->passed_on && carrier->plan->kind->pass_on)
        carrier->plan->kind->pass_on(carrier, slot, node, from);
}
