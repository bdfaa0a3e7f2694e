/* SPDX-License-Identifier: MIT */
/*
 * One instant: everything that arrives lands first; then the replicas that something woke step in the order of chain
 * and id, each through its events in the order of their kinds. Nothing depends on the order in which items were
 * scheduled: what is not sorted here has no effect on anything that is.
 */
#include "base/assert.h"
#include "world/inside.h"

#include <stdlib.h>

void instant_expect(struct world *world, chain_id chain, replica_id replica, const struct event *event,
                    const struct message *message)
{
    if (event->kind != EVENT_START && !(world->chains[chain].protocol->wakes & WAKE(event->kind)))
        return;
    struct pending pending = {.chain = chain, .replica = replica, .event = *event};
    pending.event.message = message;
    vector_push(&world->pending, pending);
}

/* What delivery reports. */

static void on_block(void *user, replica_id replica, block_id block, const struct message *message)
{
    struct chain *chain = user;
    struct event event = {.kind = EVENT_BLOCK, .block = block};
    instant_expect(chain->world, chain->id, replica, &event, message);
}

/* Evidence goes to the replica's pool: the next block that it makes carries it. */
static void take_evidence(struct chain *chain, replica_id replica, const struct message *message)
{
    struct replica *to = &chain->replicas.at[replica];
    for (size_t i = 0; i < to->evidence.count; i++)
        if (to->evidence.at[i].validator == message->subject)
            return;
    struct stake_operation operation = {.kind = STAKE_EVIDENCE,
                                        .validator = message->subject,
                                        .height = message->height,
                                        .round = message->round,
                                        .detail = message->type};
    vector_push(&to->evidence, operation);
}

static void on_message(void *user, replica_id replica, const struct message *message)
{
    static const enum event_kind kinds[MESSAGE_KINDS] = {[MESSAGE_PROPOSAL] = EVENT_PROPOSAL,
                                                         [MESSAGE_OTHER] = EVENT_MESSAGE,
                                                         [MESSAGE_REQUEST] = EVENT_REQUEST,
                                                         [MESSAGE_RESPONSE] = EVENT_RESPONSE,
                                                         [MESSAGE_EVIDENCE] = EVENT_EQUIVOCATION};
    struct chain *chain = user;
    if (message->kind == MESSAGE_EVIDENCE) {
        take_evidence(chain, replica, message);
        return;
    }
    struct event event = {.kind = kinds[message->kind],
                          .block = message->block,
                          .number = message->height,
                          .round = message->round,
                          .validator = message->sender};
    instant_expect(chain->world, chain->id, replica, &event, message);
}

static void on_watch(void *user, replica_id replica, uint64_t tag, uint64_t height, uint32_t round, block_id block,
                     const struct message *vote)
{
    struct chain *chain = user;
    struct event event = {.kind = EVENT_WATCH, .tag = tag, .number = height, .round = round, .block = block};
    instant_expect(chain->world, chain->id, replica, &event, vote);
}

static void on_equivocation(void *user, replica_id replica, const struct message *a, const struct message *b)
{
    struct chain *chain = user;
    const struct message *first = a->id < b->id ? a : b;
    if (!chain->seen_equivocating.at[a->sender]) {
        chain->seen_equivocating.at[a->sender] = true;
        struct trace_incident row = {.at_ns = world_now(chain->world),
                                     .kind = INCIDENT_EQUIVOCATION,
                                     .chain = chain->id,
                                     .node = chain->replicas.at[replica].node,
                                     .validator = a->sender,
                                     .until_ns = TIME_NEVER};
        tell_incident(chain->world, &row);
    }
    struct event event = {.kind = EVENT_EQUIVOCATION,
                          .validator = first->sender,
                          .number = first->height,
                          .round = first->round,
                          .block = first->block};
    instant_expect(chain->world, chain->id, replica, &event, first);
}

static void on_delivered(void *user, replica_id replica, const struct message *message)
{
    struct chain *chain = user;
    struct trace_arrival row = {.at_ns = world_now(chain->world),
                                .chain = chain->id,
                                .message = message->id,
                                .replica = replica,
                                .sent_ns = message->sent_ns};
    trace_write(chain->world->options.sink, TRACE_ARRIVAL, &row);
}

struct delivery_sink instant_sink(struct chain *chain)
{
    return (struct delivery_sink){
        .block = on_block,
        .message = on_message,
        .watch = on_watch,
        .equivocation = on_equivocation,
        .spread = spread_told,
        .delivered = chain->world->options.opt_in[TRACE_ARRIVAL] ? on_delivered : NULL,
        .user = chain,
    };
}

/* Landing: items of the clock, those of the world in a fixed order, and those of the deliveries. */

static int compare_items(const void *left, const void *right)
{
    const struct clock_item *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->where != b->where)
        return a->where < b->where ? -1 : 1;
    return a->data < b->data ? -1 : a->data > b->data;
}

void instant_ring(struct world *world, chain_id chain, replica_id replica, uint32_t place)
{
    const struct timer *timer = &world->chains[chain].replicas.at[replica].timers.at[place];
    size_t before = world->pending.count;
    struct event event = {.kind = EVENT_TIMER, .tag = timer->tag, .block = BLOCK_NONE};
    instant_expect(world, chain, replica, &event, NULL);
    if (world->pending.count > before) {
        world->pending.at[before].timer = place;
        world->pending.at[before].armed = timer->event;
    }
}

/* Whether the timer is still armed as it was when it came due; it is not any more from here on. */
static bool take_timer(struct replica *replica, const struct pending *pending)
{
    struct timer *timer = &replica->timers.at[pending->timer];
    if (!timer->armed || timer->event.handle != pending->armed.handle ||
        timer->event.generation != pending->armed.generation)
        return false;
    timer->armed = false;
    return true;
}

/* A slot or an epoch of a chain begins: every replica learns of it, and the next one is put on the clock. */
static void land_calendar(struct world *world, const struct clock_item *item, enum event_kind kind, time_ns length_ns)
{
    struct chain *chain = &world->chains[item->where];
    struct event event = {.kind = kind, .number = item->data, .block = BLOCK_NONE};
    for (replica_id r = 0; r < chain->replicas.count; r++)
        instant_expect(world, chain->id, r, &event, NULL);
    clock_put(&world->clock, time_add(world_now(world), length_ns),
              (struct clock_item){item->kind, item->where, item->data + 1});
}

/* When a node's own clock begins the slot or epoch. */
static void put_own_calendar(struct world *world, const struct chain *chain, replica_id replica, enum world_item kind,
                             uint64_t number)
{
    time_ns epoch_ns = chain->schedule.slot_ns * (time_ns)chain->schedule.epoch_slots;
    time_ns shown = (time_ns)number * (kind == ITEM_OWN_EPOCH ? epoch_ns : chain->schedule.slot_ns);
    time_ns at = network_clock_reaches(world->network, chain->replicas.at[replica].node, shown);
    clock_put(&world->clock, time_max(at, world_now(world)),
              (struct clock_item){kind, replica, (uint64_t)chain->id << 40 | number});
}

static void land_own_calendar(struct world *world, const struct clock_item *item)
{
    struct chain *chain = &world->chains[item->data >> 40];
    uint64_t number = item->data & ((UINT64_C(1) << 40) - 1);
    if (item->kind == ITEM_OWN_EPOCH)
        chain->epoch_begun = MAX(chain->epoch_begun, number);
    struct event event = {
        .kind = item->kind == ITEM_OWN_EPOCH ? EVENT_EPOCH : EVENT_SLOT, .number = number, .block = BLOCK_NONE};
    instant_expect(world, chain->id, item->where, &event, NULL);
    put_own_calendar(world, chain, item->where, (enum world_item)item->kind, number + 1);
}

void instant_begin_calendar(struct world *world, chain_id id, enum world_item kind)
{
    const struct chain *chain = &world->chains[id];
    if (!network_clocks_differ(world->network)) {
        clock_put(&world->clock, 0, (struct clock_item){kind, id, 0});
        return;
    }
    for (replica_id r = 0; r < chain->replicas.count; r++)
        put_own_calendar(world, chain, r, kind == ITEM_EPOCH ? ITEM_OWN_EPOCH : ITEM_OWN_SLOT, 0);
}

static void land_start(struct world *world)
{
    struct event event = {.kind = EVENT_START, .block = BLOCK_NONE};
    for (uint32_t c = 0; c < world->chain_count; c++)
        for (replica_id r = 0; r < world->chains[c].replicas.count; r++)
            instant_expect(world, c, r, &event, NULL);
}

static void land_set_changed(struct world *world, const struct clock_item *item)
{
    struct event event = {.kind = EVENT_SET_CHANGED, .block = world->chains[item->data].replicas.at[item->where].head};
    instant_expect(world, (chain_id)item->data, item->where, &event, NULL);
}

static void land(struct world *world, const struct clock_item *item)
{
    const struct schedule *schedule;
    switch ((enum world_item)item->kind) {
    case ITEM_TIMER:
        instant_ring(world, (chain_id)(item->data >> 32), item->where, (uint32_t)item->data);
        break;
    case ITEM_EPOCH:
        schedule = &world->chains[item->where].schedule;
        land_calendar(world, item, EVENT_EPOCH, schedule->slot_ns * (time_ns)schedule->epoch_slots);
        break;
    case ITEM_SLOT:
        land_calendar(world, item, EVENT_SLOT, world->chains[item->where].schedule.slot_ns);
        break;
    case ITEM_OWN_EPOCH:
    case ITEM_OWN_SLOT:
        land_own_calendar(world, item);
        break;
    case ITEM_CRASH:
        timetable_crash(world, item->where);
        break;
    case ITEM_RECOVER:
        timetable_recover(world, item->where);
        break;
    case ITEM_FAULT:
        timetable_fault(world, item->where, (uint32_t)(item->data >> 1), (item->data & 1) == 0);
        break;
    case ITEM_WAKE:
        corrupt_wake(world, item->where, item->data);
        break;
    case ITEM_START:
        land_start(world);
        break;
    case ITEM_SET:
        land_set_changed(world, item);
        break;
    case ITEM_CARRIER:
    case ITEM_DELIVERY:
        break;
    }
}

/*
 * Recoveries come before crashes: where one outage ends as another begins the node stays down. The crash then finds the
 * node up for no time at all, and its EVENT_RECOVERED is not delivered, since the node is down when replicas step.
 */
static void land_all(struct world *world)
{
    const struct clock_events *batch = &world->clock.batch;
    vector_clear(&world->landing);
    for (size_t i = 0; i < batch->count; i++) {
        const struct clock_item *item = clock_payload(&world->clock, batch->at[i]);
        if (!item)
            continue;
        struct clock_item copy = *item;
        if (copy.kind < ITEM_CARRIER)
            vector_push(&world->landing, copy);
        else if (copy.kind < ITEM_DELIVERY)
            carrier_land(world->carrier, &copy);
        else
            delivery_land(world->chains[(copy.kind - ITEM_DELIVERY) / DELIVERY_ITEM_KINDS].delivery, &copy);
    }
    if (world->landing.count > 1)
        qsort(world->landing.at, world->landing.count, sizeof *world->landing.at, compare_items);
    for (size_t i = 0; i < world->landing.count; i++)
        if (world->landing.at[i].kind == ITEM_RECOVER)
            land(world, &world->landing.at[i]);
    for (size_t i = 0; i < world->landing.count; i++)
        if (world->landing.at[i].kind != ITEM_RECOVER)
            land(world, &world->landing.at[i]);
    if (world->carrier)
        carrier_settle(world->carrier);
    for (uint32_t c = 0; c < world->chain_count; c++)
        delivery_settle(world->chains[c].delivery);
}

/* Stepping. */

#define STEPS_AHEAD 8u /* replicas whose states are fetched before they step */

#define COMPARE(field)                                                                                                 \
    if (a->field != b->field)                                                                                          \
    return a->field < b->field ? -1 : 1

static int compare_pending(const void *left, const void *right)
{
    const struct pending *a = left, *b = right;
    COMPARE(chain);
    COMPARE(replica);
    COMPARE(event.kind);
    COMPARE(event.tag);
    COMPARE(event.number);
    COMPARE(event.round);
    if (!a->event.message != !b->event.message)
        return a->event.message ? 1 : -1;
    if (a->event.message)
        COMPARE(event.message->id);
    COMPARE(event.block);
    COMPARE(event.validator);
    return 0;
}

/* Mostly things come in the order in which they are stepped: a message to all, by replica. */
static void sort_pending(pending_list *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (compare_pending(&list->at[i - 1], &list->at[i]) > 0) {
            qsort(list->at, list->count, sizeof *list->at, compare_pending);
            return;
        }
}

/* What a replica needs to step; the states of thousands do not fit into the near caches. */
static void prefetch(const struct world *world, const struct pending *pending)
{
    const struct replica *replica = &world->chains[pending->chain].replicas.at[pending->replica];
    __builtin_prefetch(replica->state, 1);
    __builtin_prefetch((const char *)replica->state + 64, 1);
}

/* Its node is down: the watch is told when it recovers. */
static void miss(struct replica *replica, const struct pending *pending)
{
    struct pending missed = *pending;
    missed.event.message = g_memdup2(missed.event.message, missed.event.message ? sizeof *missed.event.message : 0);
    vector_push(&replica->missed, missed);
}

static void step(struct world *world, const struct pending *pending)
{
    struct chain *chain = &world->chains[pending->chain];
    struct replica *replica = &chain->replicas.at[pending->replica];
    if (pending->event.kind == EVENT_TIMER && !take_timer(replica, pending))
        return;
    if (world->nodes[replica->node].down) {
        if (pending->event.kind == EVENT_WATCH)
            miss(replica, pending);
        return;
    }
    spread_catch_up(chain, pending->replica, pending->event.kind);
    struct view view = see(chain, pending->replica);
    vector_clear(&world->effects.list);
    chain->protocol->step(replica->state, &view, &pending->event, &world->effects);
    if (replica->adversary != ID_NONE)
        corrupt_filter(chain, pending->replica, &view, &world->effects);
    carry_out(chain, pending->replica, &world->effects);
    world->events++;
}

void instant_pass(struct world *world)
{
    world->events += world->clock.batch.count;
    spread_end_before(world);
    land_all(world);
    pending_list stepping = world->stepping;
    world->stepping = world->pending;
    world->pending = stepping;
    vector_clear(&world->pending);
    if (world->landing.count || world->stepping.count)
        world->happened_ns = world_now(world);
    sort_pending(&world->stepping);
    for (size_t i = 0; i < world->stepping.count; i++) {
        if (i + STEPS_AHEAD < world->stepping.count)
            prefetch(world, &world->stepping.at[i + STEPS_AHEAD]);
        step(world, &world->stepping.at[i]);
    }
    CHECK(world->pending.count == 0);
    if (world->carrier)
        carrier_end_instant(world->carrier, world->settings->time.duration_ns);
    vector_clear(&world->stepping);
    for (size_t i = 0; i < world->recovered.count; i++)
        g_free(world->recovered.at[i]);
    vector_clear(&world->recovered);
}
