/* SPDX-License-Identifier: MIT */
/*
 * Gossipsub (libp2p specs, pubsub/gossipsub v1.0 and v1.1): each node keeps a mesh of a few peers to whom it forwards
 * whole messages, and at heartbeats tells some of the others which messages it has (IHAVE); who lacks one asks for it
 * (IWANT, ask.c). All messages are of one topic. gossipsub_mesh.c keeps the mesh.
 */
#include "network/carrier_inside.h"

#define IHAVE_BYTES 20u /* of the control message beside its ids: topic and framing */

static const struct relay_gossipsub_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.gossipsub;
}

/* ---- messages ---- */

/* The next heartbeat of a node after now: each has its own phase. */
static time_ns next_beat_ns(const struct carrier *carrier, node_id node)
{
    time_ns interval_ns = params_of(carrier)->heartbeat_ns;
    uint64_t drawn = random_at(&carrier->fabric->seed, RANDOM_GOSSIP, UINT64_MAX, (uint64_t)UINT32_MAX << 32 | node);
    time_ns phase_ns = (time_ns)((uint128)drawn * (uint64_t)interval_ns >> 64);
    time_ns now_ns = carrier_now(carrier);
    if (now_ns < phase_ns)
        return phase_ns;
    return phase_ns + ((now_ns - phase_ns) / interval_ns + 1) * interval_ns;
}

static void wake(struct carrier *carrier, node_id node)
{
    struct node_history *history = &carrier->histories[node];
    if (!history->awake)
        carrier_schedule_plain(carrier, next_beat_ns(carrier, node), CARRIER_HEARTBEAT, node, 0);
    history->awake = true;
}

void gossipsub_unsettle(struct carrier *carrier, node_id node)
{
    wake(carrier, node);
}

/* Puts it into the node's message cache; the slot stays in use as long as it is there. */
static void keep(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct node_history *history = &carrier->histories[node];
    const struct relay_gossipsub_params *params = params_of(carrier);
    if (!params->history_gossip || !params->degree_lazy)
        return;
    carried_at(carrier, slot)->under_way++;
    vector_push(&history->kept, (struct kept_message){slot, (uint32_t)params->history_gossip});
    wake(carrier, node);
}

static bool is_down(const struct carrier *carrier, node_id node)
{
    return carrier->mesh.down && node_bit(carrier->mesh.down, node);
}

/* Whether what the node has goes along this link: of the mesh, or to a peer that will be back. */
static bool forwards(const struct carrier *carrier, uint32_t link)
{
    return node_bit(carrier->mesh.in, link) || (carrier->mesh.owed && node_bit(carrier->mesh.owed, link));
}

/* Whether there is no use in sending anything: the connection is broken, and nobody sends it again. */
static bool is_lost(const struct carrier *carrier, uint32_t link)
{
    return carrier->mesh.lost && node_bit(carrier->mesh.lost, carrier->graph->links[link].to);
}

static void pass_on(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    uint64_t id = carried_at(carrier, slot)->id;
    node_id origin = carried_at(carrier, slot)->origin;
    uint32_t count = relay_pick_links(carrier, id, node, from, PICK_ALL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = carrier->picked.at[i];
        if (forwards(carrier, link) && carrier->graph->links[link].to != origin)
            transfer_copy_along(carrier, slot, link);
    }
    keep(carrier, slot, node);
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    if (!params_of(carrier)->flood_publish) {
        pass_on(carrier, slot, node, ID_NONE);
        return;
    }
    uint32_t count = relay_pick_links(carrier, carried_at(carrier, slot)->id, node, ID_NONE, PICK_ALL);
    for (uint32_t i = 0; i < count; i++)
        if (!is_lost(carrier, carrier->picked.at[i]))
            transfer_copy_along(carrier, slot, carrier->picked.at[i]);
    keep(carrier, slot, node);
}

/* ---- heartbeats ---- */

/* One IHAVE to a peer. Only the ids that the peer lacks can do anything; all of them are sent. */
static void tell(struct carrier *carrier, const struct node_history *history, uint32_t link)
{
    uint64_t id_bytes = params_of(carrier)->id_bytes;
    for (size_t i = 0; i < history->kept.count; i++)
        ask_announce(carrier, history->kept.at[i].slot, link, id_bytes + (i == 0 ? IHAVE_BYTES : 0));
}

/* How many of so many peers outside the mesh are told. */
static uint32_t told_count(const struct relay_gossipsub_params *params, uint32_t outside)
{
    uint64_t share = (uint64_t)((uint128)outside * params->gossip_factor.numerator / params->gossip_factor.denominator);
    return (uint32_t)MIN(MAX(share, (uint64_t)params->degree_lazy), outside);
}

static void gossip(struct carrier *carrier, node_id node)
{
    struct node_history *history = &carrier->histories[node];
    uint32_t links = relay_pick_links(carrier, UINT64_MAX / 2 - history->beats++, node, ID_NONE, PICK_MIXED);
    uint32_t outside = links - gossipsub_mesh_degree(carrier, node);
    uint32_t left = told_count(params_of(carrier), outside);
    for (uint32_t i = 0; i < links && left > 0; i++) {
        uint32_t link = carrier->picked.at[i];
        if (node_bit(carrier->mesh.in, link) || is_down(carrier, carrier->graph->links[link].to))
            continue;
        tell(carrier, history, link);
        left--;
    }
}

/* Messages that have been told of often enough leave the cache. */
static void shift(struct carrier *carrier, struct node_history *history)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->kept.count; i++) {
        struct kept_message message = history->kept.at[i];
        if (--message.rounds)
            history->kept.at[kept++] = message;
        else
            carrier_release_use(carrier, message.slot);
    }
    history->kept.count = kept;
}

static void beat(struct carrier *carrier, node_id node)
{
    struct node_history *history = &carrier->histories[node];
    bool unsettled = gossipsub_mesh_maintain(carrier, node);
    if (!is_down(carrier, node))
        gossip(carrier, node);
    shift(carrier, history);
    history->awake = false;
    if (unsettled || history->kept.count)
        wake(carrier, node);
}

static void land(struct carrier *carrier, const struct clock_item *item)
{
    if (item->kind == CARRIER_HEARTBEAT)
        beat(carrier, item->where);
    else
        gossipsub_mesh_land(carrier, item);
}

static void set_up(struct carrier *carrier)
{
    carrier->histories = g_new0(struct node_history, carrier->all_count);
    gossipsub_mesh_set_up(carrier);
}

const struct relay_kind relay_gossipsub = {.name = "gossipsub",
                                           .along_links = true,
                                           .both_ways = true,
                                           .set_up = set_up,
                                           .publish = publish,
                                           .pass_on = pass_on,
                                           .land = land};
