/* SPDX-License-Identifier: MIT */
/*
 * Pull, as Cardano's block fetch does and Bitcoin did before compact blocks (relay_compact.c): a node that has a
 * large message announces it to its peers, who request it from the first that did; ask.c has the rest. Small messages
 * are pushed, since asking would take longer than sending.
 */
#include "network/carrier_inside.h"

static void pass_on(struct carrier *carrier, uint32_t slot, node_id node, node_id from)
{
    const struct carried *message = carried_at(carrier, slot);
    const struct relay_pull_params *params = &carrier->plan->params.pull;
    uint32_t count = relay_pick_links(carrier, message->id, node, from, PICK_ALL);
    for (uint32_t i = 0; i < count; i++)
        if (message->size_bytes > params->pull_above_bytes)
            ask_announce(carrier, slot, carrier->picked.at[i], params->announce_bytes);
        else
            transfer_copy_along(carrier, slot, carrier->picked.at[i]);
}

static void publish(struct carrier *carrier, uint32_t slot, node_id node)
{
    pass_on(carrier, slot, node, ID_NONE);
}

const struct relay_kind relay_pull = {.name = "pull",
                                      .along_links = true,
                                      .flown = 1u << CARRIER_ANNOUNCE | 1u << CARRIER_REQUEST | 1u << CARRIER_TIMEOUT,
                                      .publish = publish,
                                      .pass_on = pass_on};
