/* SPDX-License-Identifier: MIT */
/*
 * A block that is sent to all while nothing else is on its way: the times at which it arrives are all there is to know,
 * and nothing happens at them. One event ends it, when the last replica has it. If something happens before, those whom
 * it has reached are told at once, and the rest of its arrivals become a flight.
 */
#include "base/assert.h"
#include "delivery/inside.h"

#include <string.h>

/* Whether the parcel is the only one, and all that came before is everywhere. */
static bool is_alone(const struct delivery *delivery, const struct message *message)
{
    size_t parcels = delivery->parcels.count - delivery->free_parcels.count - delivery->dead_parcels.count;
    block_id parent = block_tree_get(delivery->settings.tree, message->block)->parent;
    return parcels == 1 && block_is_everywhere(delivery, parent);
}

static bool may_spread(const struct delivery *delivery, const struct message *message,
                       const struct delivery_options *options)
{
    return options->may_spread && delivery->settings.backend == DELIVERY_LATE && message->kind == MESSAGE_PROPOSAL &&
           message->block != BLOCK_NONE && !options->target.replicas && !options->certificate.kinds &&
           !delivery->settings.sees_equivocation && !delivery->watches.count && is_alone(delivery, message);
}

/* Whether it comes to everybody, within the 2^32 ns that the flights of its rest could span. */
static bool reaches_all(const time_ns *arrival_ns, uint32_t count, time_ns *first_ns, time_ns *last_ns)
{
    time_ns first = TIME_NEVER, last = 0;
    for (uint32_t i = 0; i < count; i++) {
        first = arrival_ns[i] < first ? arrival_ns[i] : first;
        last = arrival_ns[i] > last ? arrival_ns[i] : last;
    }
    *first_ns = first;
    *last_ns = last;
    return last != TIME_NEVER && last - first <= UINT32_MAX;
}

bool spread_start(struct delivery *delivery, const struct message *message, const struct delivery_options *options,
                  uint32_t parcel)
{
    struct spread *spread = &delivery->spread;
    struct scratch *scratch = delivery->scratch;
    if (!may_spread(delivery, message, options) ||
        !reaches_all(scratch->replica_ns.at, delivery->replicas, &spread->first_ns, &spread->last_ns))
        return false;
    CHECK(!spread->open);
    vector_reserve(&spread->at_ns, delivery->replicas);
    memcpy(spread->at_ns.at, scratch->replica_ns.at, delivery->replicas * sizeof *spread->at_ns.at);
    spread->open = true;
    spread->block = message->block;
    spread->parcel = parcel;
    spread->sent = delivery->settings.clock->now;
    delivery->parcels.at[parcel]->uses++;
    delivery_schedule(delivery, spread->last_ns, ITEM_SPREAD, message->block, 0);
    return true;
}

/* Arrivals at the time of sending land a microstep later. Negative: it lands before `now`; 0: in it. */
static int compare_landing(const struct spread *spread, replica_id replica, struct instant now)
{
    time_ns at_ns = spread->at_ns.at[replica];
    uint32_t microstep = at_ns == spread->sent.ns ? spread->sent.microstep + 1 : 0;
    if (at_ns != now.ns)
        return at_ns < now.ns ? -1 : 1;
    return microstep < now.microstep ? -1 : microstep > now.microstep;
}

bool spread_has_reached(const struct delivery *delivery, replica_id replica)
{
    return compare_landing(&delivery->spread, replica, delivery->settings.clock->now) <= 0;
}

bool delivery_spreads(const struct delivery *delivery)
{
    return delivery->spread.open;
}

block_id delivery_spread_at(const struct delivery *delivery, replica_id replica)
{
    return delivery->spread.open && spread_has_reached(delivery, replica) ? delivery->spread.block : BLOCK_NONE;
}

/* Nothing, if it ended before. */
void spread_land(struct delivery *delivery, block_id block)
{
    struct spread *spread = &delivery->spread;
    if (!spread->open || spread->block != block)
        return;
    spread->open = false;
    block_mark_everywhere(delivery, block);
    parcel_drop(delivery, spread->parcel);
    struct delivery_spread told = {block, spread->at_ns.at, delivery->replicas, spread->first_ns, spread->last_ns};
    delivery->settings.sink.spread(delivery->settings.sink.user, &told);
}

/* Marks the block where it is; the rest of its arrivals go to scratch->replica_ns. */
static struct delivery_spread part(struct delivery *delivery, bool landing)
{
    struct spread *spread = &delivery->spread;
    struct delivery_spread told = {spread->block, spread->at_ns.at, 0, TIME_NEVER, 0};
    time_ns *rest_ns = delivery->scratch->replica_ns.at;
    for (replica_id r = 0; r < delivery->replicas; r++) {
        time_ns *at_ns = &spread->at_ns.at[r];
        int order = compare_landing(spread, r, delivery->settings.clock->now);
        rest_ns[r] = *at_ns;
        if (landing ? order >= 0 : order > 0) {
            *at_ns = TIME_NEVER;
            continue;
        }
        rest_ns[r] = TIME_NEVER;
        told.reached++;
        told.first_ns = MIN(told.first_ns, *at_ns);
        told.last_ns = time_max(told.last_ns, *at_ns);
        block_mark(delivery, r, spread->block);
    }
    return told;
}

/* What arrives now does so before anybody steps. */
static void land_now(struct delivery *delivery, uint32_t parcel)
{
    time_ns *rest_ns = delivery->scratch->replica_ns.at;
    delivery_begin_instant(delivery);
    for (replica_id r = 0; r < delivery->replicas; r++)
        if (rest_ns[r] == delivery->settings.clock->now.ns) {
            rest_ns[r] = TIME_NEVER;
            parcel_land(delivery, parcel, r);
        }
}

void delivery_end_spread(struct delivery *delivery, bool landing)
{
    struct spread *spread = &delivery->spread;
    CHECK(spread->open);
    vector_reserve(&delivery->scratch->replica_ns, delivery->replicas);
    struct delivery_spread told = part(delivery, landing);
    spread->open = false;
    delivery->settings.sink.spread(delivery->settings.sink.user, &told);
    if (landing)
        land_now(delivery, spread->parcel);
    flight_start(delivery, NULL, spread->parcel);
    parcel_drop(delivery, spread->parcel);
}
