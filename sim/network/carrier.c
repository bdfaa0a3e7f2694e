/* SPDX-License-Identifier: MIT */
/* Messages under way, and what the clock has of them. */
#include "network/carrier.h"

#include "base/assert.h"
#include "engine/pages.h"
#include "network/carrier_inside.h"

#include <stdlib.h>
#include <string.h>

bool network_is_carried(const struct network *network)
{
    return network->fabric->plan.kind != NULL;
}

bool network_relays_targeted(const struct network *network)
{
    return network->fabric->plan.kind && network->fabric->plan.relays_targeted;
}

/* ---- making one ---- */

static void make_queues(struct carrier *carrier)
{
    const struct relay_plan *plan = carrier->plan;
    if (plan->limits_up && plan->fair)
        carrier->fair_up = fair_new(carrier->all_count);
    if (plan->limits_down && plan->fair)
        carrier->fair_down = fair_new(carrier->all_count);
    carrier->queues_up = plan->limits_up && !plan->fair;
    carrier->queues_down = plan->limits_down && !plan->fair;
    if (carrier->first_core)
        carrier->core_free_ns = g_new0(time_ns, carrier->first_core[carrier->node_count]);
    if (plan->slow_start.initial_window_bytes && carrier->graph)
        carrier->windows = g_new0(struct link_window, carrier->graph->link_count);
}

static void sum_stakes(struct carrier *carrier, const stake_amount *stake_of_node)
{
    carrier->stake_up_to = g_new(stake_amount, carrier->node_count);
    stake_amount sum = 0;
    for (node_id node = 0; node < carrier->node_count; node++) {
        REQUIRE(!__builtin_add_overflow(sum, stake_of_node[node], &sum));
        carrier->stake_up_to[node] = sum;
    }
}

struct carrier *carrier_new(const struct network *network, const stake_amount *stake_of_node, struct clock *clock,
                            uint32_t first_kind)
{
    REQUIRE(network_is_carried(network) && clock->payload_size == sizeof(struct clock_item));
    struct carrier *carrier = g_new0(struct carrier, 1);
    carrier->network = network;
    carrier->fabric = network->fabric;
    carrier->graph = network->fabric->graph;
    carrier->plan = &network->fabric->plan;
    carrier->clock = clock;
    carrier->first_kind = first_kind;
    carrier->node_count = network->fabric->node_count;
    carrier->all_count = carrier->graph ? carrier->graph->node_count : carrier->node_count;
    carrier->rates = network->fabric->queue_rates;
    carrier->first_core = network->fabric->first_core;
    carrier->elides = !carrier->plan->limits_down;
    carrier->end_ns = TIME_NEVER;
    carrier->nodes = pages_new(carrier->all_count * sizeof *carrier->nodes);
    memset(carrier->nodes, 0, carrier->all_count * sizeof *carrier->nodes);
    slab_init(&carrier->fair_groups, sizeof(struct fair_group));
    make_queues(carrier);
    flow_init(carrier);
    sum_stakes(carrier, stake_of_node);
    if (carrier->plan->kind->set_up)
        carrier->plan->kind->set_up(carrier);
    return carrier;
}

static void release_parts(struct carried *message)
{
    g_clear_pointer(&message->targets, g_free);
    g_clear_pointer(&message->had_ns, g_free);
    g_clear_pointer(&message->shreds, g_free);
    g_clear_pointer(&message->sketched, g_free);
    ask_forget(message);
}

static void release_relay(struct carrier *carrier)
{
    for (node_id node = 0; carrier->histories && node < carrier->all_count; node++)
        vector_release(&carrier->histories[node].kept);
    for (uint32_t link = 0; carrier->routines && link < carrier->graph->link_count; link++)
        vector_release(&carrier->routines[link].waiting);
    g_free(carrier->histories);
    g_free(carrier->routines);
    g_free(carrier->pushes);
    gossipsub_mesh_release(&carrier->mesh);
}

void carrier_free(struct carrier *carrier)
{
    if (!carrier)
        return;
    for (size_t slot = 0; slot < carrier->messages.count; slot++) {
        release_parts(&carrier->messages.at[slot]);
        g_free(carrier->messages.at[slot].seen);
        g_free(carrier->messages.at[slot].due);
    }
    release_relay(carrier);
    fair_free(carrier->fair_up, carrier->all_count);
    fair_free(carrier->fair_down, carrier->all_count);
    slab_release(&carrier->fair_groups);
    vector_release(&carrier->clients);
    vector_release(&carrier->traffic);
    vector_release(&carrier->messages);
    vector_release(&carrier->free_slots);
    vector_release(&carrier->landing);
    vector_release(&carrier->space);
    vector_release(&carrier->joined);
    vector_release(&carrier->picked);
    flow_release(&carrier->flow);
    free(carrier->nodes);
    g_free(carrier->windows);
    g_free(carrier->core_free_ns);
    g_free(carrier->stake_up_to);
    g_free(carrier);
}

uint32_t carrier_join(struct carrier *carrier, struct carrier_client client)
{
    vector_push(&carrier->clients, client);
    for (uint32_t kind = 0; kind < CARRIER_KINDS; kind++)
        vector_push(&carrier->traffic, (struct carrier_traffic){0});
    return (uint32_t)carrier->clients.count - 1;
}

void carrier_rejoin(struct carrier *carrier, uint32_t client, void *user)
{
    REQUIRE(client < carrier->clients.count);
    carrier->clients.at[client].user = user;
}

/* ---- items ---- */

struct clock_event carrier_schedule_plain(struct carrier *carrier, time_ns at_ns, enum carrier_item item,
                                          uint32_t where, uint64_t data)
{
    return clock_put(carrier->clock, at_ns, (struct clock_item){carrier->first_kind + item, where, data});
}

void carrier_schedule(struct carrier *carrier, time_ns at_ns, enum carrier_item item, node_id where, uint32_t slot,
                      uint32_t detail)
{
    carried_at(carrier, slot)->under_way++;
    if (item == CARRIER_TIMEOUT && flow_put(carrier, at_ns, item, where, slot, detail))
        return;
    clock_put(carrier->clock, at_ns,
              (struct clock_item){carrier->first_kind + item, where, (uint64_t)slot << 32 | detail});
}

void carrier_free_slot(struct carrier *carrier, uint32_t slot)
{
    struct carried *message = carried_at(carrier, slot);
    release_parts(message);
    vector_push(&carrier->free_slots, slot);
    const struct carrier_client *client = &carrier->clients.at[message->client];
    client->done(client->user, message->ticket);
}

/* ---- sending ---- */

/* A free slot, with what a message before it left there for reuse. */
static uint32_t take_slot(struct carrier *carrier)
{
    if (carrier->free_slots.count)
        return carrier->free_slots.at[--carrier->free_slots.count];
    vector_push(&carrier->messages, (struct carried){0});
    return (uint32_t)carrier->messages.count - 1;
}

static void mark_nobody(const struct carrier *carrier, struct carried *message)
{
    size_t words = node_words(carrier->all_count);
    if (!message->seen)
        message->seen = g_new(uint64_t, words);
    memset(message->seen, 0, words * sizeof *message->seen);
    if (!carrier->elides)
        return;
    if (!message->due)
        message->due = g_new(uint16_t, carrier->all_count);
    memset(message->due, 0xff, carrier->all_count * sizeof *message->due);
}

static time_ns validation_ns(const struct relay_plan *plan, const struct carrier_message *message)
{
    if (!message->has_block)
        return message->verify_ns;
    time_ns by_size = (time_ns)((uint128)(uint64_t)plan->block_kib_ns * message->size_bytes / 1024);
    return time_add(message->verify_ns, time_add(plan->block_ns, by_size));
}

void carrier_send(struct carrier *carrier, uint32_t client, uint32_t ticket, const struct carrier_message *sent,
                  node_id from)
{
    REQUIRE(client < carrier->clients.count && sent->kind < CARRIER_KINDS && from < carrier->node_count);
    REQUIRE(sent->delay_ns >= 0 && sent->verify_ns >= 0);
    const struct relay_plan *plan = carrier->plan;
    uint32_t slot = take_slot(carrier);
    struct carried *message = carried_at(carrier, slot);
    *message = (struct carried){
        .id = sent->id,
        .origin = from,
        .client = client,
        .ticket = ticket,
        .kind = sent->kind,
        .size_bytes = sent->size_bytes,
        .has_block = sent->has_block,
        .passed_on = !sent->targets || sent->passed_on,
        .targets = g_memdup2(sent->targets, sent->targets ? sent->target_count * sizeof *sent->targets : 0),
        .sparse = sent->targets != NULL,
        .target_count = sent->target_count,
        .sent_ns = time_add(carrier_now(carrier), sent->delay_ns),
        .up_ns = time_at_rate(sent->size_bytes, plan->up_bit_per_s),
        .down_ns = time_at_rate(sent->size_bytes, plan->down_bit_per_s),
        .validation_ns = validation_ns(plan, sent),
        .seen = message->seen,
        .due = message->due,
    };
    mark_nobody(carrier, message);
    if (message->sent_ns == TIME_NEVER)
        message->sent_ns = TIME_NEVER - 1; /* beyond the end of any run */
    carrier_schedule(carrier, message->sent_ns, CARRIER_START, from, slot, from);
}

/* The sender has its message, and lets it go. */
static void start(struct carrier *carrier, uint32_t slot, node_id node)
{
    struct carried *message = carried_at(carrier, slot);
    bool is_addressed = !message->sparse;
    node_bit_set(message->seen, node);
    for (uint32_t i = 0; i < message->target_count; i++) {
        node_id to = message->targets[i];
        REQUIRE(to < carrier->node_count);
        is_addressed |= to == node;
        if (to != node)
            transfer_copy(carrier, slot, node, to);
    }
    if (is_addressed) {
        const struct carrier_client *client = &carrier->clients.at[message->client];
        client->arrived(client->user, message->ticket, node);
    }
    if (!message->sparse)
        carrier->plan->kind->publish(carrier, slot, node);
}

/* ---- the instant ---- */

void carrier_land(struct carrier *carrier, const struct clock_item *item)
{
    struct clock_item own = *item;
    own.kind -= carrier->first_kind;
    if (own.kind == CARRIER_FLOW)
        flow_land(carrier);
    else
        vector_push(&carrier->landing, own);
}

/* Items of a message, of which this was one use. */
static void act_on_message(struct carrier *carrier, const struct clock_item *item)
{
    uint32_t slot = (uint32_t)(item->data >> 32), from = (uint32_t)item->data;
    switch ((enum carrier_item)item->kind) {
    case CARRIER_START:
        start(carrier, slot, item->where);
        break;
    case CARRIER_COPY:
    case CARRIER_FLOWN:
    case CARRIER_SHRED:
    case CARRIER_REPAIR_SHRED:
    case CARRIER_SHRED_TO_RELAY:
    case CARRIER_SKETCH:
    case CARRIER_FILL:
        reception_land(carrier, item);
        break;
    case CARRIER_TAKEN:
        reception_taken(carrier, slot, item->where, from);
        break;
    case CARRIER_VALID:
        reception_valid(carrier, slot, item->where, from);
        break;
    case CARRIER_ANNOUNCE:
    case CARRIER_REQUEST:
    case CARRIER_TIMEOUT:
        ask_land(carrier, item);
        break;
    default:
        carrier->plan->kind->land(carrier, item);
    }
    carrier_release_use(carrier, slot);
}

static void act(struct carrier *carrier, const struct clock_item *item)
{
    if (item->kind == CARRIER_PORT_UP)
        fair_land(carrier, FAIR_UP, item->where);
    else if (item->kind == CARRIER_PORT_DOWN)
        fair_land(carrier, FAIR_DOWN, item->where);
    else if (carrier_is_of_message(item->kind))
        act_on_message(carrier, item);
    else
        carrier->plan->kind->land(carrier, item);
}

void carrier_act(struct carrier *carrier, struct clock_item item)
{
    act(carrier, &item);
    if (carrier->joined.count)
        fair_arm_joined(carrier);
}

void carrier_settle(struct carrier *carrier)
{
    carrier_sort_landing(carrier);
    for (size_t i = 0; i < carrier->landing.count; i++)
        carrier_act(carrier, carrier->landing.at[i]); /* nothing lands meanwhile */
    vector_clear(&carrier->landing);
}

void carrier_count_until(struct carrier *carrier, time_ns end_ns)
{
    carrier->end_ns = end_ns;
}

void carrier_end_instant(struct carrier *carrier, time_ns limit_ns)
{
    flow_withdraw(carrier);
    flow_look_ahead(carrier, limit_ns);
    flow_arm(carrier);
}

/* ---- what is asked of it ---- */

struct carrier_traffic carrier_traffic(const struct carrier *carrier, uint32_t client, uint32_t kind)
{
    REQUIRE(client < carrier->clients.count && kind < CARRIER_KINDS);
    return carrier->traffic.at[(size_t)client * CARRIER_KINDS + kind];
}

struct carrier_traffic carrier_upkeep(const struct carrier *carrier)
{
    return carrier->upkeep;
}

struct carrier_load carrier_load(const struct carrier *carrier, node_id node)
{
    REQUIRE(node < carrier->all_count);
    struct carrier_load load = carrier->nodes[node].load;
    load.down_bytes += carrier->fair_down ? carrier->fair_down[node].bytes : 0;
    return load;
}

uint32_t carrier_cores(const struct carrier *carrier, node_id node)
{
    REQUIRE(node < carrier->node_count);
    return carrier->first_core ? carrier->first_core[node + 1] - carrier->first_core[node] : 0;
}

size_t carrier_bytes(const struct carrier *carrier)
{
    size_t bytes = carrier->messages.room * sizeof *carrier->messages.at;
    for (size_t slot = 0; slot < carrier->messages.count; slot++) {
        const struct carried *message = carried_at(carrier, (uint32_t)slot);
        bytes += message->seen ? node_words(carrier->all_count) * sizeof(uint64_t) : 0;
        bytes += message->due ? carrier->all_count * sizeof *message->due : 0;
        bytes += message->had_ns ? carrier->all_count * sizeof *message->had_ns : 0;
        bytes += message->sketched ? node_words(carrier->all_count) * sizeof(uint64_t) : 0;
        bytes += message->shreds ? carrier->all_count * sizeof *message->shreds : 0;
        bytes += message->announcers.room * sizeof *message->announcers.at;
    }
    bytes += (carrier->landing.room + carrier->space.room) * sizeof *carrier->landing.at;
    bytes += carrier->fair_groups.room * carrier->fair_groups.stride;
    bytes += carrier->fair_up ? carrier->all_count * sizeof *carrier->fair_up : 0;
    bytes += carrier->fair_down ? carrier->all_count * sizeof *carrier->fair_down : 0;
    return bytes + queue_bytes(&carrier->flow.queue) + carrier->all_count * sizeof *carrier->nodes;
}
