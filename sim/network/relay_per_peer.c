/* SPDX-License-Identifier: MIT */
/*
 * Gossip as Tendermint's consensus reactor does it (CometBFT, internal/consensus/reactor.go): a node runs a routine for
 * each peer, which sends the peer one of the messages that it lacks, drawn at random, waits until that has left, and
 * goes on; when there is none it sleeps. What a peer has is known from what it sent, and from its announcements
 * (HasVote), which arrive a link's delay after it had the message.
 *
 * DEVIATION: blocks are sent whole, not in parts, and are announced as votes are. Announcements take no place in
 * queues, only their bytes are counted.
 */
#include "network/carrier_inside.h"

static const struct relay_per_peer_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.per_peer;
}

static void set_up(struct carrier *carrier)
{
    uint64_t sleep = (uint64_t)params_of(carrier)->sleep_ns;
    carrier->routines = g_new0(struct link_routine, carrier->graph->link_count);
    for (uint32_t link = 0; link < carrier->graph->link_count; link++) {
        uint64_t drawn =
            random_at(&carrier->fabric->seed, RANDOM_GOSSIP, UINT64_MAX, (uint64_t)UINT32_MAX << 32 | link);
        /* Its phase: as if it had begun to sleep less than one sleep before the start. */
        carrier->routines[link].sending = SLOT_NONE;
        carrier->routines[link].idle_ns = (time_ns)((uint128)drawn * sleep >> 64) - (time_ns)sleep;
    }
}

/* When a routine that sleeps looks again. */
static time_ns next_look_ns(const struct carrier *carrier, const struct link_routine *routine)
{
    time_ns sleep_ns = params_of(carrier)->sleep_ns;
    time_ns passed_ns = carrier_now(carrier) - routine->idle_ns;
    return routine->idle_ns + (passed_ns + sleep_ns - 1) / sleep_ns * sleep_ns;
}

static void wake(struct carrier *carrier, uint32_t link, time_ns at_ns)
{
    carrier->routines[link].awake = true;
    node_id node = carrier->graph->links[link].from;
    if (!flow_put(carrier, at_ns, CARRIER_ROUTINE, node, 0, link - carrier->graph->first[node]))
        carrier_schedule_plain(carrier, at_ns, CARRIER_ROUTINE, node, link);
}

static void pass_on(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    const struct graph *graph = carrier->graph;
    struct carried *message = carried_at(carrier, slot);
    if (!message->had_ns) {
        message->had_ns = g_new(time_ns, carrier->all_count);
        for (node_id other = 0; other < carrier->all_count; other++)
            message->had_ns[other] = TIME_NEVER;
    }
    message->had_ns[node] = carrier_now(carrier);
    uint32_t peers = graph->first[node + 1] - graph->first[node];
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    traffic->control_messages += peers;
    traffic->control_bytes += peers * params_of(carrier)->have_bytes;
    carrier->nodes[node].load.up_bytes += peers * params_of(carrier)->have_bytes;
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++) {
        if (graph->to[link] == from)
            continue;
        struct link_routine *routine = &carrier->routines[link];
        message->under_way++;
        vector_push(&routine->waiting, slot);
        if (!routine->awake)
            wake(carrier, link, next_look_ns(carrier, routine));
    }
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    pass_on(carrier, slot, node, ID_NONE);
}

/* Whether the sender knows by now that its peer has the message. */
static bool knows(const struct carrier *carrier, uint32_t link, uint32_t slot)
{
    const struct carried *message = carried_at(carrier, slot);
    node_id peer = carrier->graph->to[link];
    if (!node_bit(message->seen, peer))
        return false; /* most often, and near at hand */
    time_ns had_ns = message->had_ns[peer];
    return had_ns != TIME_NEVER && had_ns + carrier->graph->links[link].delay_ns <= carrier_now(carrier);
}

/* Strikes out what the peer is known to have. */
static void strike_out(struct carrier *carrier, uint32_t link)
{
    struct link_routine *routine = &carrier->routines[link];
    size_t kept = 0;
    for (size_t i = 0; i < routine->waiting.count; i++) {
        uint32_t slot = routine->waiting.at[i];
        if (knows(carrier, link, slot))
            carrier_release_use(carrier, slot);
        else
            routine->waiting.at[kept++] = slot;
    }
    routine->waiting.count = kept;
}

static uint32_t take_one(struct carrier *carrier, uint32_t link)
{
    struct link_routine *routine = &carrier->routines[link];
    uint64_t drawn = random_at(&carrier->fabric->seed, RANDOM_GOSSIP, UINT64_MAX - 1,
                               (uint64_t)link << 32 | (uint32_t)routine->sent++);
    size_t place = (size_t)((uint128)drawn * routine->waiting.count >> 64);
    uint32_t slot = routine->waiting.at[place];
    routine->waiting.at[place] = routine->waiting.at[--routine->waiting.count];
    return slot;
}

static void land(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t link = (uint32_t)item->data;
    struct link_routine *routine = &carrier->routines[link];
    strike_out(carrier, link);
    if (routine->waiting.count == 0) {
        routine->awake = false;
        routine->idle_ns = carrier_now(carrier);
        return;
    }
    uint32_t slot = take_one(carrier, link);
    routine->sending = slot;
    transfer_copy_along(carrier, slot, link); /* `left` sets the next look */
    carrier_release_use(carrier, slot);
}

static void left(struct carrier *carrier, const struct transfer *transfer, time_ns at_ns)
{
    struct link_routine *routine = &carrier->routines[transfer->link];
    if (transfer->item != CARRIER_COPY || routine->sending != transfer->slot)
        return;
    routine->sending = SLOT_NONE;
    wake(carrier, transfer->link, at_ns);
}

const struct relay_kind relay_per_peer = {.name = "per_peer",
                                          .along_links = true,
                                          .flown = 1u << CARRIER_ROUTINE,
                                          .set_up = set_up,
                                          .publish = publish,
                                          .pass_on = pass_on,
                                          .land = land,
                                          .left = left};
