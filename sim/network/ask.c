/* SPDX-License-Identifier: MIT */
/*
 * Announcements and requests: a node that hears of a message which it lacks asks the first peer that announced it, and
 * when that takes too long the next. Who has the message when an announcement leaves is not told of it, since it would
 * do nothing; its bytes are sent all the same.
 */
#include "network/carrier_inside.h"

static time_ns timeout_ns(const struct carrier *carrier)
{
    const union relay_params *params = &carrier->plan->params;
    if (carrier->plan->kind == &relay_pull)
        return params->pull.timeout_ns;
    return carrier->plan->kind == &relay_compact ? params->compact.timeout_ns : params->gossipsub.followup_ns;
}

static uint64_t request_bytes(const struct carrier *carrier)
{
    return carrier->plan->kind == &relay_pull ? carrier->plan->params.pull.announce_bytes
                                              : carrier->plan->params.gossipsub.id_bytes;
}

void ask_announce(struct carrier *carrier, uint32_t slot, uint32_t link, uint64_t bytes)
{
    const struct graph_link *along = &carrier->graph->links[link];
    if (node_bit(carried_at(carrier, slot)->seen, along->to))
        transfer_control_bytes(carrier, slot, along->from, bytes);
    else
        transfer_control(carrier, CARRIER_ANNOUNCE, slot, along->from, along->to, link, bytes);
}

static void make_lists(const struct carrier *carrier, struct carried *message)
{
    if (message->asked)
        return;
    message->last_announcer = g_new(uint32_t, carrier->all_count);
    for (node_id node = 0; node < carrier->all_count; node++)
        message->last_announcer[node] = LINK_NONE;
    message->asked = g_new0(uint64_t, node_words(carrier->all_count));
}

void ask_forget(struct carried *message)
{
    g_clear_pointer(&message->last_announcer, g_free);
    g_clear_pointer(&message->asked, g_free);
    vector_release(&message->announcers);
}

static void request(struct carrier *carrier, uint32_t slot, node_id node, node_id peer)
{
    if (carrier->plan->kind->request)
        carrier->plan->kind->request(carrier, slot, node, peer);
    else
        transfer_control(carrier, CARRIER_REQUEST, slot, node, peer, LINK_NONE, request_bytes(carrier));
}

static void ask(struct carrier *carrier, uint32_t slot, node_id node, node_id announcer)
{
    node_bit_set(carried_at(carrier, slot)->asked, node);
    request(carrier, slot, node, announcer);
    time_ns again_ns = time_add(carrier_now(carrier), timeout_ns(carrier));
    if (again_ns != TIME_NEVER)
        carrier_schedule(carrier, again_ns, CARRIER_TIMEOUT, node, slot, 0);
}

/* Remembers who else could be asked: a list for each node, from the last back to the first, so that a new one touches
 * no other. */
static void remember(struct carried *message, node_id node, node_id announcer)
{
    uint32_t place = (uint32_t)message->announcers.count;
    vector_push(&message->announcers, (struct announcer){announcer, message->last_announcer[node]});
    message->last_announcer[node] = place;
}

void ask_hear(struct carrier *carrier, uint32_t slot, node_id node, node_id announcer)
{
    struct carried *message = carried_at(carrier, slot);
    if (node_bit(message->seen, node))
        return;
    make_lists(carrier, message);
    if (node_bit(message->asked, node))
        remember(message, node, announcer);
    else
        ask(carrier, slot, node, announcer);
}

/* Its timeout runs where it has asked somebody already. */
void ask_peer(struct carrier *carrier, uint32_t slot, node_id node, node_id peer)
{
    struct carried *message = carried_at(carrier, slot);
    make_lists(carrier, message);
    if (node_bit(message->asked, node))
        request(carrier, slot, node, peer);
    else
        ask(carrier, slot, node, peer);
}

/* Takes the first off the list, which is not empty. */
static node_id take_first(struct carried *message, node_id node)
{
    struct announcer *list = message->announcers.at;
    uint32_t *end = &message->last_announcer[node];
    while (list[*end].before != LINK_NONE)
        end = &list[*end].before;
    node_id first = list[*end].node;
    *end = LINK_NONE;
    return first;
}

static void ask_next(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct carried *message = carried_at(carrier, slot);
    if (node_bit(message->seen, node))
        return;
    if (message->last_announcer[node] == LINK_NONE)
        node_bit_clear(message->asked, node); /* whoever announces it next is asked at once */
    else
        ask(carrier, slot, node, take_first(message, node));
}

static void answer(struct carrier *carrier, uint32_t slot, node_id node, node_id asks)
{
    uint32_t link = carrier_link(carrier, node, asks);
    if (carrier->plan->kind->answer)
        carrier->plan->kind->answer(carrier, slot, node, asks);
    else if (link == LINK_NONE)
        transfer_copy(carrier, slot, node, asks);
    else
        transfer_copy_along(carrier, slot, link);
}

void ask_land(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32), from = (uint32_t)item->data;
    if (item->kind == CARRIER_ANNOUNCE)
        ask_hear(carrier, slot, item->where, from);
    else if (item->kind == CARRIER_REQUEST)
        answer(carrier, slot, item->where, from);
    else
        ask_next(carrier, slot, item->where);
}
