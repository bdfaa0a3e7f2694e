/* SPDX-License-Identifier: MIT */
/*
 * Messages that the network's carrier takes from node to node. What it says has arrived lands exactly as flights do:
 * votes in tallies, parcels at replicas; and a node may host several replicas.
 */
#include "delivery/inside.h"

#include "base/assert.h"

static uint32_t take_place(struct delivery *delivery)
{
    if (delivery->free_shipment == INDEX_NONE) {
        vector_push(&delivery->shipments, (struct shipment){0});
        return (uint32_t)delivery->shipments.count - 1;
    }
    uint32_t place = delivery->free_shipment;
    delivery->free_shipment = delivery->shipments.at[place].which;
    return place;
}

static bool is_addressed(const struct shipment *shipment, replica_id replica)
{
    for (uint32_t i = 0; i < shipment->target_count; i++)
        if (shipment->targets[i] == replica)
            return true;
    return shipment->targets == NULL;
}

static void land_at(struct delivery *delivery, const struct shipment *shipment, replica_id replica)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    const struct message *message = shipment->class ? class_message(shipment->class, shipment->which)
                                                    : &delivery->parcels.at[shipment->which]->message;
    if (!is_addressed(shipment, replica) || !delivery_may_pass(delivery, message->origin, replica))
        return;
    delivery->counts.arrivals++;
    delivery->counts.arrivals_by_kind[message->kind]++;
    if (sink->delivered)
        sink->delivered(sink->user, replica, message);
    if (shipment->class)
        vote_land(delivery, shipment->class, shipment->which, replica);
    else
        parcel_land(delivery, shipment->which, replica);
}

static void on_arrived(void *user, uint32_t ticket, node_id node)
{
    struct delivery *delivery = user;
    delivery_begin_instant(delivery);
    for (replica_id replica = delivery->first_at[node]; replica != ID_NONE; replica = delivery->next_at[replica])
        land_at(delivery, &delivery->shipments.at[ticket], replica);
}

static void on_done(void *user, uint32_t ticket)
{
    struct delivery *delivery = user;
    struct shipment *shipment = &delivery->shipments.at[ticket];
    g_clear_pointer(&shipment->targets, g_free);
    if (shipment->class)
        class_release_use(delivery, shipment->class);
    else
        parcel_drop(delivery, shipment->which);
    shipment->class = NULL;
    shipment->which = delivery->free_shipment;
    delivery->free_shipment = ticket;
}

void shipments_join(struct delivery *delivery)
{
    struct carrier_client client = {.arrived = on_arrived, .done = on_done, .user = delivery};
    delivery->client = carrier_join(delivery->settings.carrier, client);
}

void shipments_release(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->shipments.count; i++)
        g_free(delivery->shipments.at[i].targets);
    vector_release(&delivery->shipments);
}

/* The nodes of the replicas that are addressed and may be reached, each once; NULL: all nodes. */
static node_id *nodes_of(const struct delivery *delivery, const struct message *message,
                         const struct delivery_target *target, bool confined, uint32_t *count)
{
    *count = 0;
    if (!target->replicas && !confined)
        return NULL;
    if (target->replicas && target->count == 1) {
        *count = delivery_may_pass(delivery, message->origin, target->replicas[0]);
        return g_memdup2(&delivery->node_of[target->replicas[0]], sizeof(node_id));
    }
    uint32_t nodes = network_node_count(delivery->settings.network);
    bool *chosen = g_new0(bool, nodes);
    uint32_t candidates = target->replicas ? target->count : delivery->replicas;
    for (uint32_t i = 0; i < candidates; i++) {
        replica_id replica = target->replicas ? target->replicas[i] : i;
        REQUIRE(replica < delivery->replicas);
        if (delivery_may_pass(delivery, message->origin, replica))
            chosen[delivery->node_of[replica]] = true;
    }
    node_id *list = g_new(node_id, nodes);
    for (node_id node = 0; node < nodes; node++)
        if (chosen[node])
            list[(*count)++] = node;
    g_free(chosen);
    return list;
}

void shipment_start(struct delivery *delivery, struct vote_class *class, uint32_t which, const struct message *message,
                    const struct delivery_options *options)
{
    uint32_t place = take_place(delivery);
    const struct delivery_target *target = &options->target;
    bool confined = delivery_is_confined(delivery, message->origin);
    bool passed_on = options->passed_on && !confined;
    struct shipment *shipment = &delivery->shipments.at[place];
    *shipment = (struct shipment){.class = class, .which = which};
    if (target->replicas && !passed_on) {
        shipment->targets = g_memdup2(target->replicas, MAX(target->count, 1u) * sizeof *target->replicas);
        shipment->target_count = target->count;
    }
    if (class)
        class->in_flight++;
    else
        delivery->parcels.at[which]->uses++;
    struct carrier_message sent = {
        .id = message->id,
        .kind = message->kind,
        .size_bytes = message->size_bytes,
        .delay_ns = options->extra_delay_ns,
        .verify_ns = options->receiver_ns,
        .has_block = message->kind == MESSAGE_PROPOSAL && message->block != BLOCK_NONE,
        .passed_on = passed_on,
    };
    node_id *nodes = nodes_of(delivery, message, target, confined, &sent.target_count);
    sent.targets = nodes;
    delivery->counts.messages++;
    delivery->counts.messages_by_kind[message->kind]++;
    carrier_send(delivery->settings.carrier, delivery->client, place, &sent, delivery->node_of[message->origin]);
    g_free(nodes);
}
