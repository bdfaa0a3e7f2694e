/* SPDX-License-Identifier: MIT */
/*
 * A block that is sent to all while nothing else is on its way, but perhaps another such block: the times at which it
 * arrives are all there is to know, and nothing happens at them. One event ends it, when the last replica has it. If
 * something happens before, those whom it has reached are told at once, and the rest of its arrivals become a flight.
 *
 * Where a block comes to replicas by whose clocks it is too early, these get it at the time that their clock says. Such
 * times take the place of arrivals in all that is told; the arrivals are kept beside them.
 */
#include "base/assert.h"
#include "delivery/inside.h"

#include <string.h>

/* Whether the parcel is the only one but for those that spread, and all that came before is everywhere. */
static bool is_alone(const struct delivery *delivery, const struct message *message)
{
    size_t parcels = delivery->parcels.count - delivery->free_parcels.count - delivery->dead_parcels.count;
    block_id parent = block_tree_get(delivery->settings.tree, message->block)->parent;
    return parcels == 1 + delivery->spread_count && block_is_everywhere(delivery, parent);
}

static bool may_spread(const struct delivery *delivery, const struct message *message,
                       const struct delivery_options *options)
{
    return options->may_spread && delivery->spread_count < SPREADS_MOST &&
           delivery->settings.backend == DELIVERY_LATE && message->kind == MESSAGE_PROPOSAL &&
           message->block != BLOCK_NONE && !options->target.replicas && !options->certificate.kinds &&
           !delivery->settings.sees_equivocation && !delivery->watches.count && is_alone(delivery, message);
}

/* Whether it comes to everybody, and all that spread do so within the 2^32 ns that a list of arrivals spans. */
static bool reaches_all(const struct delivery *delivery, struct delivery_spread *told)
{
    const time_ns *at_ns = told->at_ns;
    time_ns first = TIME_NEVER, last = 0;
    for (uint32_t i = 0; i < delivery->replicas; i++) {
        first = at_ns[i] < first ? at_ns[i] : first;
        last = at_ns[i] > last ? at_ns[i] : last;
    }
    told->first_ns = first;
    told->last_ns = last;
    for (uint32_t i = 0; i < delivery->spread_count; i++) {
        first = MIN(first, delivery->spreading[i].first_ns);
        last = time_max(last, delivery->spreading[i].last_ns);
    }
    return last != TIME_NEVER && last - first <= UINT32_MAX;
}

/* The replica gets the block at that time, which is after it has come. */
static void let_wait(struct delivery *delivery, struct spread *spread, replica_id replica, time_ns taken_ns)
{
    if (!spread->came_ns.count) {
        vector_reserve(&spread->came_ns, delivery->replicas);
        spread->came_ns.count = delivery->replicas;
        memcpy(spread->came_ns.at, delivery->scratch->replica_ns.at, delivery->replicas * sizeof *spread->came_ns.at);
    }
    spread->at_ns.at[replica] = taken_ns;
    spread->taken_first_ns = MIN(spread->taken_first_ns, taken_ns);
    spread->taken_last_ns = time_max(spread->taken_last_ns, taken_ns);
}

/* Finds those to whom it comes before their own clocks show that time; nobody's needs to be asked later than `all`. */
static void find_waiting(struct delivery *delivery, struct spread *spread, time_ns shown)
{
    const struct network *network = delivery->settings.network;
    time_ns all = network_clocks_reach(network, shown);
    for (replica_id r = 0; r < delivery->replicas; r++) {
        if (spread->at_ns.at[r] >= all)
            continue;
        time_ns taken_ns = network_clock_reaches(network, delivery->node_of[r], shown);
        if (taken_ns > spread->at_ns.at[r])
            let_wait(delivery, spread, r, taken_ns);
    }
}

static void find_times(struct delivery *delivery, struct spread *spread, const struct delivery_options *options)
{
    vector_reserve(&spread->at_ns, delivery->replicas);
    spread->at_ns.count = delivery->replicas;
    memcpy(spread->at_ns.at, delivery->scratch->replica_ns.at, delivery->replicas * sizeof *spread->at_ns.at);
    spread->came_ns.count = 0;
    spread->taken_first_ns = TIME_NEVER;
    spread->taken_last_ns = 0;
    if (options->not_before_ns && !planted(delivery, PLANT_EARLY_TAKEN))
        find_waiting(delivery, spread, options->not_before_ns);
}

bool spread_start(struct delivery *delivery, const struct message *message, const struct delivery_options *options,
                  uint32_t parcel)
{
    if (!may_spread(delivery, message, options))
        return false;
    struct spread *spread = &delivery->spreads[delivery->spread_count];
    find_times(delivery, spread, options);
    struct delivery_spread told = {.block = message->block,
                                   .message = message->id,
                                   .sent = delivery->settings.clock->now,
                                   .at_ns = spread->at_ns.at,
                                   .came_ns = spread->came_ns.count ? spread->came_ns.at : NULL,
                                   .reached = delivery->replicas};
    if (!reaches_all(delivery, &told))
        return false;
    spread->parcel = parcel;
    spread->landed = false;
    delivery->spreading[delivery->spread_count++] = told;
    delivery->parcels.at[parcel]->uses++;
    delivery_schedule(delivery, told.last_ns, ITEM_SPREAD, message->block, 0);
    return true;
}

static struct instant landing_at(const struct delivery_spread *spread, time_ns at_ns)
{
    return (struct instant){.ns = at_ns, .microstep = at_ns == spread->sent.ns ? spread->sent.microstep + 1 : 0};
}

struct instant delivery_spread_landing(const struct delivery_spread *spread, replica_id replica)
{
    return landing_at(spread, spread->at_ns[replica]);
}

static struct instant coming(const struct delivery_spread *spread, replica_id replica)
{
    return landing_at(spread, spread->came_ns ? spread->came_ns[replica] : spread->at_ns[replica]);
}

static bool waits(const struct delivery_spread *spread, replica_id replica)
{
    return spread->came_ns && spread->came_ns[replica] < spread->at_ns[replica];
}

static int compare_instants(struct instant a, struct instant b)
{
    if (a.ns != b.ns)
        return a.ns < b.ns ? -1 : 1;
    return a.microstep < b.microstep ? -1 : a.microstep > b.microstep;
}

/* What lands in one instant is stepped in the order of messages; then what has waited, in that of blocks. */
static bool comes_first(const struct delivery_spread *a, const struct delivery_spread *b, replica_id replica)
{
    int order = compare_instants(delivery_spread_landing(a, replica), delivery_spread_landing(b, replica));
    if (order)
        return order < 0;
    if (waits(a, replica) != waits(b, replica))
        return waits(b, replica);
    return waits(a, replica) ? a->block < b->block : a->message < b->message;
}

uint32_t delivery_spread_order(const struct delivery_spread *spreads, uint32_t count, replica_id replica,
                               struct instant until, block_id here[SPREADS_MOST])
{
    uint32_t come = 0;
    for (uint32_t i = 0; i < count; i++)
        if (compare_instants(delivery_spread_landing(&spreads[i], replica), until) <= 0)
            here[come++] = spreads[i].block;
    if (come == 2 && comes_first(&spreads[1], &spreads[0], replica)) {
        here[0] = spreads[1].block;
        here[1] = spreads[0].block;
    }
    return come;
}

const struct delivery_spread *spread_of(const struct delivery *delivery, block_id block)
{
    for (uint32_t i = 0; i < delivery->spread_count; i++)
        if (delivery->spreading[i].block == block)
            return &delivery->spreading[i];
    return NULL;
}

bool spread_has_come(const struct delivery *delivery, const struct delivery_spread *spread, replica_id replica)
{
    return compare_instants(coming(spread, replica), delivery->settings.clock->now) <= 0;
}

static bool takes_now(const struct delivery *delivery, uint32_t which)
{
    const struct delivery_spread *told = &delivery->spreading[which];
    const struct spread *spread = &delivery->spreads[which];
    time_ns now = delivery->settings.clock->now.ns;
    if (now < spread->taken_first_ns || now > spread->taken_last_ns)
        return false;
    for (replica_id r = 0; r < delivery->replicas; r++)
        if (told->at_ns[r] == now && waits(told, r))
            return true;
    return false;
}

bool delivery_spread_is_taken(const struct delivery *delivery)
{
    bool any = false;
    for (uint32_t i = 0; i < delivery->spread_count && delivery->settings.clock->now.microstep == 0; i++)
        any |= takes_now(delivery, i);
    return any;
}

uint32_t delivery_spreads(const struct delivery *delivery)
{
    return delivery->spread_count;
}

const struct delivery_spread *delivery_spreading(const struct delivery *delivery)
{
    return delivery->spreading;
}

void spreads_release(struct delivery *delivery)
{
    for (uint32_t i = 0; i < SPREADS_MOST; i++) {
        vector_release(&delivery->spreads[i].at_ns);
        vector_release(&delivery->spreads[i].came_ns);
        vector_release(&delivery->spreads[i].rest_ns);
    }
}

/* They are under way no more. */
static void tell_all(struct delivery *delivery)
{
    uint32_t count = delivery->spread_count;
    delivery->spread_count = 0;
    delivery->settings.sink.spread(delivery->settings.sink.user, delivery->spreading, count);
}

/* Nothing, if it was ended before. */
void spread_land(struct delivery *delivery, block_id block)
{
    bool all = true, known = false;
    for (uint32_t i = 0; i < delivery->spread_count; i++) {
        bool is_it = delivery->spreading[i].block == block;
        delivery->spreads[i].landed |= is_it;
        known |= is_it;
        all &= delivery->spreads[i].landed;
    }
    if (!known || !all)
        return;
    for (uint32_t i = 0; i < delivery->spread_count; i++) {
        block_mark_everywhere(delivery, delivery->spreading[i].block);
        parcel_drop(delivery, delivery->spreads[i].parcel);
    }
    tell_all(delivery);
}

/* Whether it is over: with `landing`, before anything of this instant. */
static bool is_over(const struct delivery *delivery, struct instant instant, bool landing)
{
    int order = compare_instants(instant, delivery->settings.clock->now);
    return landing ? order < 0 : order <= 0;
}

/* The replica has the block, and has got it or waits. */
static void hand_over(struct delivery *delivery, uint32_t which, replica_id replica, bool landing)
{
    struct delivery_spread *told = &delivery->spreading[which];
    time_ns *at_ns = &delivery->spreads[which].at_ns.at[replica];
    if (!is_over(delivery, delivery_spread_landing(told, replica), landing && !planted(delivery, PLANT_EARLY_FIRST))) {
        *at_ns = TIME_NEVER;
        told->waiting++;
        return;
    }
    told->reached++;
    told->first_ns = MIN(told->first_ns, *at_ns);
    told->last_ns = time_max(told->last_ns, *at_ns);
}

/* It has yet to come to the replica. */
static void hold_back(struct delivery *delivery, uint32_t which, replica_id replica)
{
    struct spread *spread = &delivery->spreads[which];
    time_ns *at_ns = &spread->at_ns.at[replica];
    time_ns *came_ns = spread->came_ns.count ? &spread->came_ns.at[replica] : at_ns;
    spread->rest_ns.at[replica] = *came_ns;
    *came_ns = *at_ns = TIME_NEVER;
}

/* Marks the block where it is; the rest of its arrivals are kept apart. */
static void part(struct delivery *delivery, uint32_t which, bool landing)
{
    struct delivery_spread *told = &delivery->spreading[which];
    struct spread *spread = &delivery->spreads[which];
    told->reached = told->waiting = 0;
    told->first_ns = TIME_NEVER;
    told->last_ns = 0;
    vector_reserve(&spread->rest_ns, delivery->replicas);
    for (replica_id r = 0; r < delivery->replicas; r++) {
        if (!is_over(delivery, coming(told, r), landing)) {
            hold_back(delivery, which, r);
            continue;
        }
        spread->rest_ns.at[r] = TIME_NEVER;
        hand_over(delivery, which, r, landing);
        block_mark(delivery, r, told->block);
    }
}

/* What arrives now does so before anybody steps. */
static void land_now(struct delivery *delivery, const struct spread *spread)
{
    delivery_begin_instant(delivery);
    for (replica_id r = 0; r < delivery->replicas; r++)
        if (spread->rest_ns.at[r] == delivery->settings.clock->now.ns) {
            spread->rest_ns.at[r] = TIME_NEVER;
            parcel_land(delivery, spread->parcel, r);
        }
}

static void fly_on(struct delivery *delivery, const struct spread *spread)
{
    struct scratch *scratch = delivery->scratch;
    vector_reserve(&scratch->replica_ns, delivery->replicas);
    memcpy(scratch->replica_ns.at, spread->rest_ns.at, delivery->replicas * sizeof *scratch->replica_ns.at);
    flight_start(delivery, NULL, spread->parcel);
    parcel_drop(delivery, spread->parcel);
}

void delivery_end_spread(struct delivery *delivery, bool landing)
{
    uint32_t count = delivery->spread_count;
    for (uint32_t i = 0; i < count; i++)
        part(delivery, i, landing);
    tell_all(delivery);
    for (uint32_t i = 0; i < count && landing; i++)
        land_now(delivery, &delivery->spreads[i]);
    for (uint32_t i = 0; i < count; i++)
        fly_on(delivery, &delivery->spreads[i]);
}
