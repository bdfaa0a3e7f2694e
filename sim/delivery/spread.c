/* SPDX-License-Identifier: MIT */
/*
 * A block that is sent to all while nothing else is on its way, but perhaps another such block: the times at which it
 * arrives are all there is to know, and nothing happens at them. One event ends it, when the last replica has it. If
 * something happens before, those whom it has reached are told at once, and the rest of its arrivals become a flight.
 */
#include "base/assert.h"
#include "delivery/inside.h"

#include <string.h>

/* Whether the parcel is the only one but for those that spread, and all that came before is everywhere. */
static bool is_alone(const struct delivery *delivery, const struct message *message)
{
    size_t parcels = delivery->parcels.count - delivery->free_parcels.count - delivery->dead_parcels.count;
    block_id parent = block_tree_get(delivery->settings.tree, message->block)->parent;
    return parcels == 1 + delivery->spreading && block_is_everywhere(delivery, parent);
}

static bool may_spread(const struct delivery *delivery, const struct message *message,
                       const struct delivery_options *options)
{
    return options->may_spread && delivery->spreading < SPREADS_MOST && delivery->settings.backend == DELIVERY_LATE &&
           message->kind == MESSAGE_PROPOSAL && message->block != BLOCK_NONE && !options->target.replicas &&
           !options->certificate.kinds && !delivery->settings.sees_equivocation && !delivery->watches.count &&
           is_alone(delivery, message);
}

/*
 * Whether it comes to everybody, and together with those that spread already within the 2^32 ns that the flights of its
 * rest could span.
 */
static bool reaches_all(const struct delivery *delivery, struct delivery_spread *told)
{
    const time_ns *arrival_ns = delivery->scratch->replica_ns.at;
    time_ns first = TIME_NEVER, last = 0;
    for (uint32_t i = 0; i < delivery->replicas; i++) {
        first = arrival_ns[i] < first ? arrival_ns[i] : first;
        last = arrival_ns[i] > last ? arrival_ns[i] : last;
    }
    told->first_ns = first;
    told->last_ns = last;
    time_ns from = delivery->spreading ? MIN(delivery->spreads[0].told.first_ns, first) : first;
    return last != TIME_NEVER && last - from <= UINT32_MAX;
}

bool spread_start(struct delivery *delivery, const struct message *message, const struct delivery_options *options,
                  uint32_t parcel)
{
    struct delivery_spread told = {.block = message->block,
                                   .message = message->id,
                                   .sent = delivery->settings.clock->now,
                                   .reached = delivery->replicas};
    if (!may_spread(delivery, message, options) || !reaches_all(delivery, &told))
        return false;
    struct spread *spread = &delivery->spreads[delivery->spreading++];
    vector_reserve(&spread->at_ns, delivery->replicas);
    spread->at_ns.count = delivery->replicas;
    memcpy(spread->at_ns.at, delivery->scratch->replica_ns.at, delivery->replicas * sizeof *spread->at_ns.at);
    told.at_ns = spread->at_ns.at;
    spread->told = told;
    spread->parcel = parcel;
    spread->landed = false;
    delivery->parcels.at[parcel]->uses++;
    delivery_schedule(delivery, told.last_ns, ITEM_SPREAD, message->block, 0);
    return true;
}

/* Arrivals at the time of sending land a microstep later. */
static struct instant landing_of(const struct delivery_spread *told, replica_id replica)
{
    time_ns at_ns = told->at_ns[replica];
    return (struct instant){.ns = at_ns, .microstep = at_ns == told->sent.ns ? told->sent.microstep + 1 : 0};
}

static int compare_instants(struct instant a, struct instant b)
{
    if (a.ns != b.ns)
        return a.ns < b.ns ? -1 : 1;
    return a.microstep < b.microstep ? -1 : a.microstep > b.microstep;
}

/* What lands in one instant is stepped in the order of messages. */
int delivery_spread_compare(const struct delivery_spread *a, const struct delivery_spread *b, replica_id replica)
{
    int order = compare_instants(landing_of(a, replica), landing_of(b, replica));
    return order ? order : a->message < b->message ? -1 : 1;
}

const struct spread *spread_of(const struct delivery *delivery, block_id block)
{
    for (uint32_t i = 0; i < delivery->spreading; i++)
        if (delivery->spreads[i].told.block == block)
            return &delivery->spreads[i];
    return NULL;
}

bool spread_has_reached(const struct delivery *delivery, const struct spread *spread, replica_id replica)
{
    return compare_instants(landing_of(&spread->told, replica), delivery->settings.clock->now) <= 0;
}

uint32_t delivery_spreads(const struct delivery *delivery)
{
    return delivery->spreading;
}

uint32_t delivery_spread_here(const struct delivery *delivery, replica_id replica, block_id here[SPREADS_MOST])
{
    const struct spread *first = &delivery->spreads[0], *second = &delivery->spreads[1];
    uint32_t count = 0;
    for (uint32_t i = 0; i < delivery->spreading; i++)
        if (spread_has_reached(delivery, &delivery->spreads[i], replica))
            here[count++] = delivery->spreads[i].told.block;
    if (count == 2 && delivery_spread_compare(&first->told, &second->told, replica) > 0) {
        here[0] = second->told.block;
        here[1] = first->told.block;
    }
    return count;
}

void spreads_release(struct delivery *delivery)
{
    for (uint32_t i = 0; i < SPREADS_MOST; i++) {
        vector_release(&delivery->spreads[i].at_ns);
        vector_release(&delivery->spreads[i].rest_ns);
    }
}

/* They are under way no more. */
static void tell_all(struct delivery *delivery)
{
    const struct delivery_spread told[SPREADS_MOST] = {delivery->spreads[0].told, delivery->spreads[1].told};
    uint32_t count = delivery->spreading;
    delivery->spreading = 0;
    delivery->settings.sink.spread(delivery->settings.sink.user, told, count);
}

/* Nothing, if it was ended before. */
void spread_land(struct delivery *delivery, block_id block)
{
    bool all = delivery->spreading != 0, known = false;
    for (uint32_t i = 0; i < delivery->spreading; i++) {
        struct spread *spread = &delivery->spreads[i];
        known |= spread->told.block == block;
        spread->landed |= spread->told.block == block;
        all &= spread->landed;
    }
    if (!known || !all)
        return;
    for (uint32_t i = 0; i < delivery->spreading; i++) {
        block_mark_everywhere(delivery, delivery->spreads[i].told.block);
        parcel_drop(delivery, delivery->spreads[i].parcel);
    }
    tell_all(delivery);
}

/* Marks the block where it is; the rest of its arrivals are kept apart. */
static void part(struct delivery *delivery, struct spread *spread, bool landing)
{
    struct delivery_spread *told = &spread->told;
    told->reached = 0;
    told->first_ns = TIME_NEVER;
    told->last_ns = 0;
    vector_reserve(&spread->rest_ns, delivery->replicas);
    for (replica_id r = 0; r < delivery->replicas; r++) {
        time_ns *at_ns = &spread->at_ns.at[r];
        int order = compare_instants(landing_of(told, r), delivery->settings.clock->now);
        spread->rest_ns.at[r] = *at_ns;
        if (landing ? order >= 0 : order > 0) {
            *at_ns = TIME_NEVER;
            continue;
        }
        spread->rest_ns.at[r] = TIME_NEVER;
        told->reached++;
        told->first_ns = MIN(told->first_ns, *at_ns);
        told->last_ns = time_max(told->last_ns, *at_ns);
        block_mark(delivery, r, told->block);
    }
}

/* What arrives now does so before anybody steps. */
static void land_now(struct delivery *delivery, struct spread *spread)
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
    uint32_t count = delivery->spreading;
    for (uint32_t i = 0; i < count; i++)
        part(delivery, &delivery->spreads[i], landing);
    tell_all(delivery);
    for (uint32_t i = 0; i < count && landing; i++)
        land_now(delivery, &delivery->spreads[i]);
    for (uint32_t i = 0; i < count; i++)
        fly_on(delivery, &delivery->spreads[i]);
}
