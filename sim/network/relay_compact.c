/* SPDX-License-Identifier: MIT */
/*
 * Compact blocks (BIP 152): what a node is told of a block is a header with a short id for each transaction. Most of
 * the transactions it has already; the missing ones it asks for (getblocktxn, blocktxn), and then has the block whole.
 * So a block costs its short ids and what was not known of it.
 *   - In high-bandwidth mode a peer sends the compact block unasked, as soon as it has the block and before it has
 *     validated it ("Intended Protocol Flow"; "cmpctblock", 5). Each node has that from up to three peers
 *     ("Implementation Notes", 1 and 2).
 *   - In low-bandwidth mode a peer announces a block that it has validated; who lacks it asks the first that did for
 * the compact block, and the next after the timeout (ask.c). Everything that is no block, or too small, is pushed.
 *
 * DEVIATION: which transactions a node has is not followed; a share is `known`, and with a probability everything. The
 * peers of the high-bandwidth mode are drawn before the run, not by how quick they were. Who is asked in vain is never
 * asked for the whole block, but the next is for the missing transactions.
 */
#include "network/carrier_inside.h"

#define INDEX_BYTES 3u /* of a missing transaction in getblocktxn: one or three */

static const struct relay_compact_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.compact;
}

/* Each node draws the peers that push to it. */
static void set_up(struct carrier *carrier)
{
    const struct graph *graph = carrier->graph;
    carrier->pushes = g_new0(uint64_t, node_words(graph->link_count));
    for (node_id node = 0; node < carrier->all_count; node++) {
        uint32_t wanted = (uint32_t)params_of(carrier)->high_bandwidth;
        uint32_t count = relay_pick_links(carrier, UINT64_MAX, node, ID_NONE, wanted);
        for (uint32_t i = 0; i < count; i++) {
            node_id peer = graph->links[carrier->picked.at[i]].to;
            node_bit_set(carrier->pushes, carrier_link(carrier, peer, node));
        }
    }
}

/* Sizes that depend on the message alone; false where it is better sent whole. */
static bool prepare(const struct carrier *carrier, struct carried *message)
{
    const struct relay_compact_params *params = params_of(carrier);
    if (message->sketched)
        return true;
    if (!message->has_block || message->size_bytes <= params->above_bytes)
        return false;
    uint64_t count = (message->size_bytes + params->transaction_bytes - 1) / params->transaction_bytes;
    uint64_t sketch_bytes = params->header_bytes + params->short_id_bytes * count;
    if (sketch_bytes >= message->size_bytes)
        return false;
    const struct ratio *known = &params->known;
    uint128 unknown = (uint128)count * (known->denominator - known->numerator);
    message->missing = (uint32_t)((unknown + known->denominator - 1) / known->denominator);
    message->sketch_bytes = (uint32_t)sketch_bytes;
    message->fill_bytes = (uint32_t)MIN(message->missing * params->transaction_bytes, message->size_bytes);
    message->sketched = g_new0(uint64_t, node_words(carrier->all_count));
    return true;
}

/* Whether the node has every transaction of the block. */
static bool knows_all(const struct carrier *carrier, const struct carried *message, node_id node)
{
    const struct ratio *complete = &params_of(carrier)->complete;
    uint64_t drawn = random_at(&carrier->fabric->seed, RANDOM_GOSSIP, message->id, (uint64_t)node << 32 | UINT32_MAX);
    return !message->missing || (uint128)drawn * complete->denominator >> 64 < complete->numerator;
}

static void send_part(struct carrier *carrier, enum carrier_item item, uint32_t slot, uint32_t link,
                      uint32_t size_bytes)
{
    const struct graph_link *along = &carrier->graph->links[link];
    transfer_part(carrier, &(struct transfer){.item = item,
                                              .slot = slot,
                                              .from = along->from,
                                              .to = along->to,
                                              .detail = along->from,
                                              .link = link,
                                              .size_bytes = size_bytes,
                                              .way_ns = along->delay_ns});
}

/* High-bandwidth mode: to those who want it so; low-bandwidth mode: an announcement to the others. */
static void tell(struct carrier *carrier, uint32_t slot, node_id node, node_id but, bool unasked)
{
    relay_prefetch_peers(carrier, slot, node);
    uint32_t count = relay_pick_links(carrier, carried_at(carrier, slot)->id, node, but, PICK_ALL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = carrier->picked.at[i];
        if (node_bit(carrier->pushes, link) != unasked)
            continue;
        if (unasked)
            send_part(carrier, CARRIER_SKETCH, slot, link, carried_at(carrier, slot)->sketch_bytes);
        else
            ask_announce(carrier, slot, link, params_of(carrier)->announce_bytes);
    }
}

static void taken(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    if (prepare(carrier, carried_at(carrier, slot)))
        tell(carrier, slot, node, from, true);
}

static void pass_on(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    if (prepare(carrier, carried_at(carrier, slot)))
        tell(carrier, slot, node, from, false);
    else
        relay_push_to_all(carrier, slot, node, from);
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    taken(carrier, slot, node, ID_NONE);
    pass_on(carrier, slot, node, ID_NONE);
}

/* What a node lacks: the compact block, or the transactions that it does not have of it. */
static void request(struct carrier *carrier, uint32_t slot, node_id node, node_id peer)
{
    const struct carried *message = carried_at(carrier, slot);
    uint64_t bytes = params_of(carrier)->request_bytes;
    if (message->sketched && node_bit(message->sketched, node))
        transfer_control(carrier, CARRIER_FILL_REQUEST, slot, node, peer, LINK_NONE,
                         bytes + (uint64_t)message->missing * INDEX_BYTES);
    else
        transfer_control(carrier, CARRIER_REQUEST, slot, node, peer, LINK_NONE, bytes);
}

static void answer(struct carrier *carrier, uint32_t slot, node_id node, node_id asks)
{
    send_part(carrier, CARRIER_SKETCH, slot, carrier_link(carrier, node, asks),
              carried_at(carrier, slot)->sketch_bytes);
}

/* The node has the compact block: it puts the block together, or asks for what is missing. */
static void read_sketch(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    struct carried *message = carried_at(carrier, slot);
    if (node_bit(message->seen, node) || node_bit(message->sketched, node)) {
        reception_count_duplicate(carrier, message, message->sketch_bytes); /* another was before it in the queue */
        ask_hear(carrier, slot, node, from);
        return;
    }
    node_bit_set(message->sketched, node);
    if (!knows_all(carrier, message, node)) {
        ask_peer(carrier, slot, node, from);
        return;
    }
    node_bit_set(message->seen, node);
    reception_taken(carrier, slot, node, from);
}

static void land(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32);
    node_id from = (node_id)item->data;
    if (item->kind == CARRIER_SKETCH_TAKEN)
        read_sketch(carrier, slot, item->where, from);
    else
        send_part(carrier, CARRIER_FILL, slot, carrier_link(carrier, item->where, from),
                  carried_at(carrier, slot)->fill_bytes);
}

const struct relay_kind relay_compact = {.name = "compact",
                                         .along_links = true,
                                         .both_ways = true,
                                         .flown = 1u << CARRIER_ANNOUNCE | 1u << CARRIER_REQUEST |
                                                  1u << CARRIER_TIMEOUT | 1u << CARRIER_SKETCH |
                                                  1u << CARRIER_FILL_REQUEST | 1u << CARRIER_FILL,
                                         .set_up = set_up,
                                         .publish = publish,
                                         .taken = taken,
                                         .pass_on = pass_on,
                                         .request = request,
                                         .answer = answer,
                                         .land = land};
