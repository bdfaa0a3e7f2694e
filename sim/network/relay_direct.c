/* SPDX-License-Identifier: MIT */
/* Direct: the sender sends a copy to every other node, through its own queue, in an order drawn for the message. */
#include "network/carrier_inside.h"

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct random_stream stream;
    random_stream_init(&stream, &carrier->fabric->seed, RANDOM_GOSSIP, carried_at(carrier, slot)->id);
    vector_clear(&carrier->picked);
    for (node_id to = 0; to < carrier->node_count; to++)
        if (to != node)
            vector_push(&carrier->picked, to);
    for (uint32_t i = 0; i < carrier->picked.count; i++) {
        uint32_t other = i + (uint32_t)random_below(&stream, carrier->picked.count - i);
        node_id to = carrier->picked.at[other];
        carrier->picked.at[other] = carrier->picked.at[i];
        transfer_copy(carrier, slot, node, to);
    }
}

const struct relay_kind relay_direct = {.name = "direct", .publish = publish};
