/* SPDX-License-Identifier: MIT */
/*
 * Repair (Alpenglow white paper v1.1, section 2.8): who lacks a block fetches it, each shred from a node that is
 * sampled by stake (definition 19: sampleNode, getShred; algorithm 4), and from another where none comes. Here a node
 * that has not enough shreds some time after the message was sent asks for as many as it lacks, one request each, and
 * again after a timeout, until it has them or has tried often enough. Who has the message answers with a shred; others
 * do not. Where nobody lacks anything there is no event and no byte.
 *
 * DEVIATION: a certificate or a child tells a node there that it lacks a block, here the time does. A message is one
 * slice, whose root is known, so getSliceCount and getSliceHash are left out: that is a round trip or two less for who
 * got no shred at all. Shreds are counted, not told apart: one that was only late counts beside the one that was asked
 * for instead.
 */
#include "base/assert.h"
#include "network/carrier_inside.h"

#define ALL_NODES UINT32_MAX /* a timer's detail: the message's first, for every node that lacks it */

static const struct relay_rotor_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.rotor;
}

void rotor_repair_watch(struct carrier *carrier, uint32_t slot)
{
    struct carried *message = carried_at(carrier, slot);
    const struct relay_rotor_params *params = params_of(carrier);
    time_ns at_ns = time_add(carrier_now(carrier), params->repair_after_ns);
    message->lacking = carrier->node_count - 1;
    if (!params->repair_tries || !message->lacking || at_ns == TIME_NEVER)
        return;
    message->under_way++;
    message->repair =
        carrier_schedule_plain(carrier, at_ns, CARRIER_REPAIR, message->origin, (uint64_t)slot << 32 | ALL_NODES);
    message->repair_ns = at_ns;
}

/* Once every node has it there is nothing to repair. What comes in this very instant can no longer be taken back. */
void rotor_repair_have(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct carried *message = carried_at(carrier, slot);
    if (!message->shreds || node >= carrier->node_count)
        return;
    CHECK(message->lacking);
    if (--message->lacking || message->repair_ns <= carrier_now(carrier))
        return;
    clock_cancel(carrier->clock, message->repair);
    carrier_release_use(carrier, slot);
}

/* Another node than this, drawn by stake; ID_NONE where no other has any. */
static node_id draw_other(const struct carrier *carrier, uint64_t message, node_id node, uint32_t try, uint32_t shred)
{
    stake_amount before = node ? carrier->stake_up_to[node - 1] : 0;
    stake_amount own = carrier->stake_up_to[node] - before;
    stake_amount others = carrier->stake_up_to[carrier->node_count - 1] - own;
    if (!others)
        return ID_NONE;
    uint64_t drawn =
        random_at(&carrier->fabric->seed, RANDOM_GOSSIP, message, (uint64_t)node << 32 | (uint64_t)try << 16 | shred);
    stake_amount at = (stake_amount)((uint128)drawn * others >> 64);
    return rotor_node_at(carrier, at < before ? at : at + own);
}

/* One request for each shred that it lacks. */
static void ask_for_missing(struct carrier *carrier, uint32_t slot, node_id node, uint32_t try)
{
    const struct carried *message = carried_at(carrier, slot);
    const struct relay_rotor_params *params = params_of(carrier);
    for (uint32_t shred = message->shreds[node]; shred < params->data_shreds; shred++) {
        node_id peer = draw_other(carrier, message->id, node, try, shred);
        if (peer != ID_NONE)
            transfer_control(carrier, CARRIER_REPAIR_REQUEST, slot, node, peer, LINK_NONE,
                             params->repair_request_bytes);
    }
}

/* A node that is down asks nobody, and looks again as if it had. */
static void try_once(struct carrier *carrier, uint32_t slot, node_id node, uint32_t try)
{
    const struct relay_rotor_params *params = params_of(carrier);
    if (node_bit(carried_at(carrier, slot)->seen, node))
        return;
    if (!faults_down(&carrier->network->faults, node, carrier_now(carrier)))
        ask_for_missing(carrier, slot, node, try);
    time_ns again_ns = time_add(carrier_now(carrier), params->repair_timeout_ns);
    if (try + 1 < params->repair_tries && again_ns != TIME_NEVER)
        carrier_schedule(carrier, again_ns, CARRIER_REPAIR, node, slot, try + 1);
}

static void answer(struct carrier *carrier, uint32_t slot, node_id node, node_id asks)
{
    if (node_bit(carried_at(carrier, slot)->seen, node))
        rotor_send_shred(carrier, CARRIER_REPAIR_SHRED, slot, node, asks, node);
}

void rotor_repair_land(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32), detail = (uint32_t)item->data;
    if (item->kind == CARRIER_REPAIR_REQUEST) {
        answer(carrier, slot, item->where, detail);
        return;
    }
    if (detail != ALL_NODES) {
        try_once(carrier, slot, item->where, detail);
        return;
    }
    for (node_id node = 0; node < carrier->node_count; node++)
        try_once(carrier, slot, node, 0);
}
