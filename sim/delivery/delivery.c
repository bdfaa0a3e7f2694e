/* SPDX-License-Identifier: MIT */
#include "delivery/delivery.h"

#include "base/assert.h"
#include "delivery/inside.h"

#include <stdlib.h>
#include <string.h>

/* The replicas of each node: its own, then twins. */
static void list_replicas(struct delivery *delivery)
{
    uint32_t nodes = network_node_count(delivery->settings.network);
    delivery->first_at = g_new(replica_id, nodes);
    delivery->next_at = g_new(replica_id, delivery->replicas);
    for (node_id node = 0; node < nodes; node++)
        delivery->first_at[node] = ID_NONE;
    for (replica_id replica = delivery->replicas; replica-- > 0;) {
        delivery->next_at[replica] = delivery->first_at[delivery->node_of[replica]];
        delivery->first_at[delivery->node_of[replica]] = replica;
    }
}

struct delivery *delivery_new(const struct delivery_settings *settings)
{
    REQUIRE(settings->kinds >= DELIVERY_ITEM_KINDS && settings->clock->payload_size == sizeof(struct clock_item));
    REQUIRE((!settings->sink.delivered && !settings->carrier) || settings->backend == DELIVERY_EVENTS);
    struct delivery *delivery = g_new0(struct delivery, 1);
    delivery->settings = *settings;
    delivery->replicas = settings->replica_count;
    delivery->node_of = g_memdup2(settings->node_of, settings->replica_count * sizeof *settings->node_of);
    delivery->settings.node_of = delivery->node_of;
    delivery->stamp = 1;
    delivery->one_a_node = settings->replica_count == network_node_count(settings->network);
    for (replica_id replica = 0; replica < settings->replica_count; replica++)
        delivery->one_a_node &= settings->node_of[replica] == replica;
    delivery->scratch = g_new0(struct scratch, 1);
    delivery->forgotten = g_new0(uint64_t, settings->replica_count);
    delivery->whole = g_new0(struct reached, settings->replica_count);
    delivery->watches_of = g_new0(struct standing_list, settings->replica_count);
    lane_init(&delivery->lane);
    delivery->free_flight = delivery->free_wait = delivery->free_watch = delivery->free_question = INDEX_NONE;
    if (settings->backend == DELIVERY_LATE || settings->carrier)
        list_replicas(delivery);
    if (settings->backend == DELIVERY_LATE)
        late_init(delivery);
    delivery->free_shipment = INDEX_NONE;
    if (settings->carrier)
        shipments_join(delivery);
    return delivery;
}

static void release_scratch(struct scratch *scratch)
{
    vector_release(&scratch->voter_at);
    vector_release(&scratch->voters);
    vector_release(&scratch->entries);
    vector_release(&scratch->slots);
    vector_release(&scratch->parts);
    vector_release(&scratch->node_ns);
    vector_release(&scratch->replica_ns);
    vector_release(&scratch->packed);
    vector_release(&scratch->sorted);
    vector_release(&scratch->keys);
    vector_release(&scratch->column.keys);
    vector_release(&scratch->column.narrow);
    vector_release(&scratch->column.wide);
    vector_release(&scratch->timed);
}

static void release_votes(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->classes.count; i++)
        class_free(delivery, delivery->classes.at[i]);
    vector_release(&delivery->classes);
    vector_release(&delivery->idle);
}

static void release_messages(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->flights.count; i++)
        g_free(delivery->flights.at[i].arrivals);
    for (uint32_t i = 0; i < delivery->parcels.count; i++)
        if (delivery->parcels.at[i])
            parcel_free(delivery, i);
    vector_release(&delivery->flights);
    lane_release(&delivery->lane);
    vector_release(&delivery->parcels);
    vector_release(&delivery->free_parcels);
    vector_release(&delivery->dead_parcels);
}

static void release_blocks(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->blocks.count; i++)
        g_free(delivery->blocks.at[i].here);
    spreads_release(delivery);
    vector_release(&delivery->blocks);
    vector_release(&delivery->waits);
    index_map_release(&delivery->waiting);
}

static void release_watches(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->watches.count; i++) {
        vector_release(&delivery->watches.at[i].held);
        vector_release(&delivery->watches.at[i].places);
    }
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        vector_release(&delivery->watches_of[replica]);
    vector_release(&delivery->watches);
    g_free(delivery->watches_of);
    questions_release(delivery);
}

static void release_instant(struct delivery *delivery)
{
    vector_release(&delivery->touched);
    vector_release(&delivery->due);
    vector_release(&delivery->singles);
    vector_release(&delivery->joined);
    vector_release(&delivery->suspects);
    vector_release(&delivery->landed);
    vector_release(&delivery->fresh);
    index_map_release(&delivery->fresh_at);
}

void delivery_free(struct delivery *delivery)
{
    if (!delivery)
        return;
    release_votes(delivery);
    release_messages(delivery);
    shipments_release(delivery);
    release_blocks(delivery);
    release_watches(delivery);
    release_instant(delivery);
    release_scratch(delivery->scratch);
    g_free(delivery->scratch);
    g_free(delivery->forgotten);
    g_free(delivery->whole);
    g_free(delivery->confined);
    g_free(delivery->first_at);
    g_free(delivery->next_at);
    g_free(delivery->home_of);
    g_free(delivery->zone_of);
    g_free(delivery->guesses);
    g_free(delivery->zone_least_ns);
    g_free(delivery->last_cast);
    for (size_t i = 0; i < delivery->spare_keys.count; i++)
        free(delivery->spare_keys.at[i]);
    vector_release(&delivery->spare_keys);
    g_free(delivery->node_of);
    g_free(delivery);
}

struct clock_event delivery_schedule(struct delivery *delivery, time_ns at_ns, enum delivery_item kind, uint32_t where,
                                     uint64_t data)
{
    return clock_put(delivery->settings.clock, at_ns,
                     (struct clock_item){delivery->settings.first_kind + kind, where, data});
}

/* ---- sending ---- */

bool delivery_may_pass(const struct delivery *delivery, replica_id from, replica_id to)
{
    if (!delivery->confined || from == to)
        return true;
    size_t words = bits_words(delivery->replicas);
    return bit_get(delivery->confined + words * from, to) && bit_get(delivery->confined + words * to, from);
}

/* Whether it was confined itself: who only cannot reach those that are speaks to everybody. */
bool delivery_is_confined(const struct delivery *delivery, replica_id replica)
{
    if (!delivery->confined)
        return false;
    const uint64_t *row = delivery->confined + bits_words(delivery->replicas) * replica;
    for (replica_id other = 0; other < delivery->replicas; other++)
        if (!bit_get(row, other))
            return true;
    return false;
}

void delivery_confine(struct delivery *delivery, replica_id replica, const bool *members)
{
    size_t words = bits_words(delivery->replicas);
    if (!delivery->confined) {
        delivery->confined = g_new(uint64_t, words * delivery->replicas);
        memset(delivery->confined, 0xff, words * delivery->replicas * sizeof *delivery->confined);
    }
    uint64_t *row = delivery->confined + words * replica;
    memset(row, 0, words * sizeof *row);
    for (replica_id other = 0; other < delivery->replicas; other++)
        if (members[other])
            bit_set(row, other);
}

static void arrivals_at_all(struct delivery *delivery, const struct network_message *sent, node_id from)
{
    struct scratch *scratch = delivery->scratch;
    if (delivery->one_a_node) {
        network_arrivals(delivery->settings.network, sent, from, scratch->replica_ns.at);
        return;
    }
    vector_reserve(&scratch->node_ns, network_node_count(delivery->settings.network));
    network_arrivals(delivery->settings.network, sent, from, scratch->node_ns.at);
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        scratch->replica_ns.at[replica] = scratch->node_ns.at[delivery->node_of[replica]];
}

static void arrivals_at_some(struct delivery *delivery, const struct network_message *sent, node_id from,
                             const struct delivery_target *target)
{
    time_ns *arrival_ns = delivery->scratch->replica_ns.at;
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        arrival_ns[replica] = TIME_NEVER;
    for (uint32_t i = 0; i < target->count; i++) {
        replica_id to = target->replicas[i];
        REQUIRE(to < delivery->replicas);
        arrival_ns[to] = network_arrival(delivery->settings.network, sent, from, delivery->node_of[to]);
    }
}

/* Strikes out what confinement stops. */
static void confine(struct delivery *delivery, replica_id origin)
{
    for (replica_id to = 0; delivery->confined && to < delivery->replicas; to++)
        if (!delivery_may_pass(delivery, origin, to))
            delivery->scratch->replica_ns.at[to] = TIME_NEVER;
}

static uint64_t count_arrivals(const time_ns *restrict arrival_ns, uint32_t count)
{
    uint64_t arrivals = 0;
    for (uint32_t i = 0; i < count; i++)
        arrivals += arrival_ns[i] != TIME_NEVER;
    return arrivals;
}

/* Counts what is sent and what arrives. */
static void count_sent(struct delivery *delivery, const struct message *message, uint64_t copies, uint64_t arrivals,
                       bool to_itself)
{
    struct delivery_counts *counts = &delivery->counts;
    uint64_t bytes = (copies - to_itself) * message->size_bytes;
    counts->messages++;
    counts->messages_by_kind[message->kind]++;
    counts->arrivals += arrivals;
    counts->arrivals_by_kind[message->kind] += arrivals;
    counts->bytes += bytes;
    counts->bytes_by_kind[message->kind] += bytes;
}

static struct network_message on_the_way(const struct message *message, const struct delivery_options *options)
{
    return (struct network_message){message->id, message->size_bytes,
                                    time_add(message->sent_ns, options->extra_delay_ns), options->receiver_ns};
}

/* Times at which the message reaches the target, into scratch->replica_ns. */
static void find_arrivals(struct delivery *delivery, const struct message *message,
                          const struct delivery_options *options)
{
    struct scratch *scratch = delivery->scratch;
    struct network_message sent = on_the_way(message, options);
    node_id from = delivery->node_of[message->origin];
    vector_reserve(&scratch->replica_ns, delivery->replicas);
    if (options->target.replicas)
        arrivals_at_some(delivery, &sent, from, &options->target);
    else
        arrivals_at_all(delivery, &sent, from);
    confine(delivery, message->origin);
    const time_ns *arrival_ns = scratch->replica_ns.at;
    count_sent(delivery, message, options->target.replicas ? options->target.count : delivery->replicas,
               count_arrivals(arrival_ns, delivery->replicas), arrival_ns[message->origin] != TIME_NEVER);
}

/* A question or an answer: most messages to some replicas are to one. */
static void send_to_one(struct delivery *delivery, const struct message *message,
                        const struct delivery_options *options, uint32_t parcel)
{
    replica_id to = options->target.replicas[0];
    REQUIRE(to < delivery->replicas);
    struct network_message sent = on_the_way(message, options);
    time_ns at_ns =
        network_arrival(delivery->settings.network, &sent, delivery->node_of[message->origin], delivery->node_of[to]);
    if (delivery->confined && !delivery_may_pass(delivery, message->origin, to))
        at_ns = TIME_NEVER;
    count_sent(delivery, message, 1, at_ns != TIME_NEVER, to == message->origin && at_ns != TIME_NEVER);
    if (at_ns != TIME_NEVER)
        flight_to_one(delivery, parcel, to, at_ns);
}

static void send_vote(struct delivery *delivery, const struct message *message, const struct delivery_options *options)
{
    REQUIRE(message->type < 32);
    bool is_new;
    struct vote_class *class = class_obtain(delivery, message->type, message->height, message->round);
    class->in_flight++;
    uint32_t vote = class_cast(delivery, class, message, &is_new);
    if (!is_new || class->repeats || options->target.replicas)
        late_end(delivery, class);
    if (delivery->settings.carrier) {
        shipment_start(delivery, class, vote, message, options);
        class_release_use(delivery, class);
        return;
    }
    find_arrivals(delivery, message, options);
    if (class->eventful)
        flight_start(delivery, class, vote);
    else
        late_cast(delivery, class, vote);
    class_release_use(delivery, class);
}

void delivery_send(struct delivery *delivery, const struct message *message, const struct delivery_options *options)
{
    REQUIRE(message->chain == delivery->settings.chain && message->origin < delivery->replicas);
    REQUIRE(message->sent_ns == delivery->settings.clock->now.ns && options->extra_delay_ns >= 0);
    if (message->kind == MESSAGE_VOTE) {
        send_vote(delivery, message, options);
        return;
    }
    uint32_t parcel = parcel_new(delivery, message, options);
    if (delivery->settings.carrier) {
        shipment_start(delivery, NULL, parcel, message, options);
    } else if (options->target.replicas && options->target.count == 1) {
        send_to_one(delivery, message, options, parcel);
    } else {
        find_arrivals(delivery, message, options);
        if (!spread_start(delivery, message, options, parcel))
            flight_start(delivery, NULL, parcel);
    }
    parcel_drop(delivery, parcel);
}

/* ---- watches ---- */

void delivery_watch(struct delivery *delivery, replica_id replica, const struct watch *watch)
{
    delivery_unwatch(delivery, replica, watch->tag);
    if (watch->votes.height_last >= delivery->forgotten[replica])
        watch_set(delivery, replica, watch);
}

void delivery_unwatch(struct delivery *delivery, replica_id replica, uint64_t tag)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    for (size_t i = 0; i < list->count; i++)
        if (delivery->watches.at[list->at[i]].watch.tag == tag) {
            watch_remove(delivery, list->at[i]);
            return;
        }
}

void delivery_forget(struct delivery *delivery, replica_id replica, uint64_t height)
{
    if (height <= delivery->forgotten[replica])
        return;
    watches_forget(delivery, replica, height);
    for (size_t i = classes_from(delivery, delivery->forgotten[replica], 0);
         i < delivery->classes.count && delivery->classes.at[i]->height < height; i++)
        class_forget(delivery, delivery->classes.at[i], replica);
    delivery->forgotten[replica] = height;
    watches_recount(delivery, replica, height);
}

/* ---- the instant ---- */

/* What died in an earlier instant goes now: until then the world may have shown it to protocols. */
void delivery_begin_instant(struct delivery *delivery)
{
    if (delivery->landing)
        return;
    delivery->landing = true;
    if (delivery->dead_parcels.count)
        parcels_bury(delivery);
    if (delivery->idle.count)
        classes_bury(delivery);
}

void delivery_land(struct delivery *delivery, const struct clock_item *item)
{
    delivery_begin_instant(delivery);
    switch ((enum delivery_item)(item->kind - delivery->settings.first_kind)) {
    case ITEM_FLIGHT:
        flight_land(delivery, item->where);
        break;
    case ITEM_LANE:
        lane_land(delivery);
        break;
    case ITEM_LOOK:
        watches_look(delivery, item->where, item->data);
        break;
    case ITEM_SPREAD:
        spread_land(delivery, item->where);
        break;
    }
}

static void settle_parcels(struct delivery *delivery)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    for (size_t i = 0; i < delivery->landed.count; i++) {
        struct landed_parcel landed = delivery->landed.at[i];
        sink->message(sink->user, landed.replica, &delivery->parcels.at[landed.parcel]->message);
    }
    vector_clear(&delivery->landed);
}

/* Most instants bring a vote that changes no answer. */
static bool is_quiet(const struct delivery *delivery)
{
    return (delivery->touched.count | delivery->due.count | delivery->singles.count | delivery->joined.count |
            delivery->suspects.count | delivery->landed.count | delivery->fresh.count) == 0;
}

void delivery_settle(struct delivery *delivery)
{
    delivery->stamp++;
    delivery->landing = false;
    if (is_quiet(delivery))
        return;
    watches_each(delivery);
    watches_touch(delivery);
    blocks_settle(delivery);
    watches_settle(delivery);
    settle_parcels(delivery);
    suspects_report(delivery);
}

struct delivery_work delivery_work(const struct delivery *delivery)
{
    return delivery->scratch->work;
}

struct delivery_counts delivery_counts(const struct delivery *delivery)
{
    struct delivery_counts counts = delivery->counts;
    for (uint32_t kind = 0; delivery->settings.carrier && kind < MESSAGE_KINDS; kind++) {
        struct carrier_traffic traffic = carrier_traffic(delivery->settings.carrier, delivery->client, kind);
        counts.bytes_by_kind[kind] = traffic.bytes + traffic.control_bytes;
        counts.bytes += counts.bytes_by_kind[kind];
    }
    return counts;
}

struct carrier_traffic delivery_traffic(const struct delivery *delivery, enum message_kind kind)
{
    return carrier_traffic(delivery->settings.carrier, delivery->client, kind);
}
