/* SPDX-License-Identifier: MIT */
/*
 * Rotor (Alpenglow white paper v1.1, section 2.2), as Turbine with a tree of one level: a message is coded into `total`
 * shreds of which any `data` suffice; the sender sends each to a relay, drawn by stake, and the relay sends it to every
 * node. So no node sends much more than the others, and nobody is more than two hops away. Small messages go to each
 * node directly, as votes do there.
 *
 * Who gets too few shreds asks for more (rotor_repair.c).
 *
 * DEVIATION: relays are drawn independently with replacement, not by partition sampling (section 3.1).
 */
#include "network/carrier_inside.h"

node_id rotor_node_at(const struct carrier *carrier, stake_amount at)
{
    uint32_t low = 0, high = carrier->node_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (carrier->stake_up_to[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static node_id draw_relay(const struct carrier *carrier, uint64_t message, uint32_t shred)
{
    stake_amount total = carrier->stake_up_to[carrier->node_count - 1];
    uint64_t drawn = random_at(&carrier->fabric->seed, RANDOM_GOSSIP, message, (uint64_t)shred << 32 | UINT32_MAX);
    return rotor_node_at(carrier, (stake_amount)((uint128)drawn * total >> 64));
}

void rotor_send_shred(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id from, node_id to,
                      uint32_t detail)
{
    const struct carried *message = carried_at(carrier, slot);
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    traffic->copies++;
    traffic->bytes += message->shred_bytes;
    transfer_send(carrier, &(struct transfer){.item = item,
                                              .slot = slot,
                                              .from = from,
                                              .to = to,
                                              .detail = detail,
                                              .link = LINK_NONE,
                                              .size_bytes = message->shred_bytes,
                                              .way_ns = fabric_base(carrier->fabric, from, to)});
}

/* A relay sends its shred to everybody but the sender and itself, in an order drawn for the two. */
static void relay(struct carrier *carrier, uint32_t slot, node_id node)
{
    const struct carried *message = carried_at(carrier, slot);
    struct random_stream stream;
    random_stream_init(&stream, &carrier->fabric->seed, RANDOM_GOSSIP, message->id ^ (uint64_t)node << 32);
    uint32_t first = (uint32_t)random_below(&stream, carrier->node_count);
    for (uint32_t i = 0; i < carrier->node_count; i++) {
        node_id to = (first + i) % carrier->node_count;
        if (to != node && to != message->origin)
            rotor_send_shred(carrier, CARRIER_SHRED, slot, node, to, node);
    }
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    const struct relay_rotor_params *params = &carrier->plan->params.rotor;
    struct carried *message = carried_at(carrier, slot);
    if (message->size_bytes <= params->above_bytes || carrier->stake_up_to[carrier->node_count - 1] == 0) {
        relay_direct.publish(carrier, slot, node);
        return;
    }
    uint64_t data = (uint64_t)params->data_shreds;
    message->shreds = g_new0(uint16_t, carrier->all_count);
    message->shred_bytes = (uint32_t)((message->size_bytes + data - 1) / data + params->overhead_bytes);
    message->shred_up_ns = time_at_rate(message->shred_bytes, carrier->plan->up_bit_per_s);
    message->shred_down_ns = time_at_rate(message->shred_bytes, carrier->plan->down_bit_per_s);
    rotor_repair_watch(carrier, slot);
    for (uint32_t shred = 0; shred < params->total_shreds; shred++) {
        node_id to = draw_relay(carrier, message->id, shred);
        if (to == node)
            relay(carrier, slot, node);
        else
            rotor_send_shred(carrier, CARRIER_SHRED_TO_RELAY, slot, node, to, shred);
    }
}

/* The relay has its shred: it counts for itself, and goes to everybody. */
static void land_at_relay(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32);
    struct carried *message = carried_at(carrier, slot);
    bool completes = ++message->shreds[item->where] == carrier->plan->params.rotor.data_shreds;
    relay(carrier, slot, item->where);
    if (!completes || node_bit(message->seen, item->where))
        return;
    node_bit_set(message->seen, item->where);
    reception_taken(carrier, slot, item->where, message->origin);
}

static void land(struct carrier *carrier, const struct clock_item *item)
{
    if (item->kind == CARRIER_RELAY_HAS)
        land_at_relay(carrier, item);
    else
        rotor_repair_land(carrier, item);
}

static void taken(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    (void)from;
    rotor_repair_have(carrier, slot, node);
}

const struct relay_kind relay_rotor = {
    .name = "rotor", .flown = 1u << CARRIER_SHRED, .publish = publish, .taken = taken, .land = land};
