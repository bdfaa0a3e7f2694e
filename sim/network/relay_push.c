/* SPDX-License-Identifier: MIT */
/* Push: a node that has a message for the first time forwards it to its peers, but not to the one it came from. */
#include "network/carrier_inside.h"

/* Words of 32 bits for the choices that a node makes about a message, eight at a time. */
struct draws {
    struct random_block block;
    uint32_t used;
};

static uint32_t draw(const struct carrier *carrier, struct draws *draws, uint64_t message, node_id node)
{
    uint32_t place = draws->used++ % 8;
    if (place == 0)
        draws->block =
            random_at256(&carrier->fabric->seed, RANDOM_GOSSIP, message, (uint64_t)node << 32 | draws->used / 8);
    uint64_t word = draws->block.word[place / 2];
    return place % 2 ? (uint32_t)word : (uint32_t)(word >> 32);
}

uint32_t relay_pick_links(struct carrier *carrier, uint64_t message, node_id node, node_id but, uint32_t wanted)
{
    const struct graph *graph = carrier->graph;
    struct draws draws = {.used = 0};
    vector_clear(&carrier->picked);
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++)
        if (graph->to[link] != but)
            vector_push(&carrier->picked, link);
    uint32_t count = (uint32_t)carrier->picked.count;
    if (wanted == PICK_ALL && !carrier->queues_up)
        return count;
    for (uint32_t i = 0; i < wanted && i + 1 < count; i++) {
        uint32_t other = i + (uint32_t)((uint64_t)draw(carrier, &draws, message, node) * (count - i) >> 32);
        uint32_t swap = carrier->picked.at[i];
        carrier->picked.at[i] = carrier->picked.at[other];
        carrier->picked.at[other] = swap;
    }
    return MIN(wanted, count);
}

/* It lies all over the memory. */
void relay_prefetch_peers(const struct carrier *carrier, uint32_t slot, node_id node)
{
    const struct graph *graph = carrier->graph;
    const struct carried *message = carried_at(carrier, slot);
    for (uint32_t link = graph->first[node]; carrier->elides && link < graph->first[node + 1]; link++) {
        __builtin_prefetch(&message->due[graph->to[link]], 1);
        __builtin_prefetch(&carrier->nodes[graph->to[link]], 1);
    }
}

void relay_push_to_all(struct carrier *carrier, uint32_t slot, node_id node, node_id but)
{
    relay_prefetch_peers(carrier, slot, node);
    uint32_t count = relay_pick_links(carrier, carried_at(carrier, slot)->id, node, but, PICK_ALL);
    transfer_copies_along(carrier, node, slot, carrier->picked.at, count);
}

static void forward(struct carrier *carrier, uint32_t slot, node_id node, node_id but)
{
    int64_t fanout = carrier->plan->params.push.fanout;
    uint32_t wanted = fanout == PARAM_ABSENT ? PICK_ALL : (uint32_t)fanout;
    relay_prefetch_peers(carrier, slot, node);
    uint32_t count = relay_pick_links(carrier, carried_at(carrier, slot)->id, node, but, wanted);
    transfer_copies_along(carrier, node, slot, carrier->picked.at, count);
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    forward(carrier, slot, node, ID_NONE);
}

const struct relay_kind relay_push = {.name = "push", .along_links = true, .publish = publish, .pass_on = forward};
