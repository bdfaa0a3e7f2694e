/* SPDX-License-Identifier: MIT */
/*
 * Gossipsub (libp2p specs, pubsub/gossipsub v1.0 and v1.1): each node keeps a mesh of a few peers to whom it forwards
 * whole messages, and at heartbeats tells some of the others which messages it has (IHAVE); who lacks one asks for it
 * (IWANT, ask.c). All messages are of one topic.
 *
 * DEVIATION: meshes are made before the run, by heartbeats of the rules for grafting and pruning until nothing changes,
 * and stay as they are: peers are neither scored nor do they leave. A copy to a peer that is down waits for it.
 */
#include "network/carrier_inside.h"

#define ROUNDS_MOST 100u
#define IHAVE_BYTES 20u /* of the control message beside its ids: topic and framing */

static const struct relay_gossipsub_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.gossipsub;
}

/* ---- the mesh ---- */

uint32_t gossipsub_mesh_degree(const struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    uint32_t degree = 0;
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++)
        degree += node_bit(carrier->in_mesh, link);
    return degree;
}

/* A mesh link is in both meshes. */
static void set_in_mesh(struct carrier *carrier, uint32_t link, bool in)
{
    uint32_t back = carrier_link(carrier, carrier->graph->links[link].to, carrier->graph->links[link].from);
    if (in) {
        node_bit_set(carrier->in_mesh, link);
        node_bit_set(carrier->in_mesh, back);
    } else {
        node_bit_clear(carrier->in_mesh, link);
        node_bit_clear(carrier->in_mesh, back);
    }
}

/* Grafts (`in`) or prunes up to `wanted` peers, drawn at random; whether it changed anything. */
static bool change(struct carrier *carrier, node_id node, uint32_t round, bool in, uint32_t wanted)
{
    uint32_t changed = 0;
    uint32_t count = relay_pick_links(carrier, UINT64_MAX - round, node, ID_NONE, PICK_MIXED);
    for (uint32_t i = 0; i < count && changed < wanted; i++) {
        uint32_t link = carrier->picked.at[i];
        if (node_bit(carrier->in_mesh, link) == in ||
            carrier_link(carrier, node, carrier->graph->links[link].to) != link) /* a second link to the same peer */
            continue;
        set_in_mesh(carrier, link, in);
        changed++;
    }
    return changed;
}

static bool maintain(struct carrier *carrier, node_id node, uint32_t round)
{
    const struct relay_gossipsub_params *params = params_of(carrier);
    uint32_t degree = gossipsub_mesh_degree(carrier, node);
    if (degree > params->degree_high)
        return change(carrier, node, round, false, degree - (uint32_t)params->degree);
    if (degree < params->degree_low || (round == 0 && degree < params->degree))
        return change(carrier, node, round, true, (uint32_t)params->degree - degree);
    return false;
}

static void set_up(struct carrier *carrier)
{
    carrier->in_mesh = g_new0(uint64_t, node_words(carrier->graph->link_count));
    carrier->histories = g_new0(struct node_history, carrier->all_count);
    bool changed = true;
    for (uint32_t round = 0; changed && round < ROUNDS_MOST; round++) {
        changed = false;
        for (node_id node = 0; node < carrier->all_count; node++)
            changed |= maintain(carrier, node, round);
    }
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

/* Puts it into the node's message cache; the slot stays in use as long as it is there. */
static void keep(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct node_history *history = &carrier->histories[node];
    const struct relay_gossipsub_params *params = params_of(carrier);
    if (!params->history_gossip || !params->degree_lazy)
        return;
    carried_at(carrier, slot)->under_way++;
    vector_push(&history->kept, (struct kept_message){slot, (uint32_t)params->history_gossip});
    if (!history->awake)
        carrier_schedule_plain(carrier, next_beat_ns(carrier, node), CARRIER_HEARTBEAT, node, 0);
    history->awake = true;
}

static void pass_on(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    uint64_t id = carried_at(carrier, slot)->id;
    node_id origin = carried_at(carrier, slot)->origin;
    uint32_t count = relay_pick_links(carrier, id, node, from, PICK_ALL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = carrier->picked.at[i];
        if (node_bit(carrier->in_mesh, link) && carrier->graph->links[link].to != origin)
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
        if (node_bit(carrier->in_mesh, carrier->picked.at[i]))
            continue;
        tell(carrier, history, carrier->picked.at[i]);
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

static void land(struct carrier *carrier, const struct clock_item *item)
{
    struct node_history *history = &carrier->histories[item->where];
    gossip(carrier, item->where);
    shift(carrier, history);
    history->awake = history->kept.count > 0;
    if (history->awake)
        carrier_schedule_plain(carrier, next_beat_ns(carrier, item->where), CARRIER_HEARTBEAT, item->where, 0);
}

const struct relay_kind relay_gossipsub = {.name = "gossipsub",
                                           .along_links = true,
                                           .both_ways = true,
                                           .set_up = set_up,
                                           .publish = publish,
                                           .pass_on = pass_on,
                                           .land = land};
