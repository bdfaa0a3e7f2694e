/* SPDX-License-Identifier: MIT */
/*
 * Flights: the arrivals of one message as one sorted list. A list spans 2^32 ns; what arrives later (held by a
 * partition, say) makes another flight. A parcel's flight has one pending event, for the next arrival; votes, of which
 * there are many more, land out of the lane.
 */
#include "delivery/inside.h"

#include "base/assert.h"
#include "base/packed_sort.h"

static uint32_t take_place(struct delivery *delivery)
{
    if (delivery->free_flight == INDEX_NONE) {
        vector_push(&delivery->flights, (struct flight){0});
        return (uint32_t)delivery->flights.count - 1;
    }
    uint32_t place = delivery->free_flight;
    delivery->free_flight = delivery->flights.at[place].which;
    return place;
}

static void depart(struct delivery *delivery, struct vote_class *class, uint32_t which, time_ns base_ns,
                   const uint64_t *arrivals, uint32_t count)
{
    uint32_t place = take_place(delivery);
    delivery->flights.at[place] = (struct flight){.base_ns = base_ns,
                                                  .arrivals = g_memdup2(arrivals, count * sizeof *arrivals),
                                                  .count = count,
                                                  .left = count,
                                                  .class = class,
                                                  .which = which};
    if (class) {
        class->in_flight++;
        lane_add(delivery, place);
    } else {
        delivery->parcels.at[which]->uses++;
        delivery_schedule(delivery, base_ns + (time_ns)(arrivals[0] >> 32), ITEM_FLIGHT, place, 0);
    }
}

static time_ns earliest(const time_ns *arrival_ns, uint32_t count)
{
    time_ns least = TIME_NEVER;
    for (uint32_t i = 0; i < count; i++)
        least = arrival_ns[i] < least ? arrival_ns[i] : least;
    return least;
}

void flight_start(struct delivery *delivery, struct vote_class *class, uint32_t which)
{
    struct scratch *scratch = delivery->scratch;
    time_ns *arrival_ns = scratch->replica_ns.at;
    time_ns base_ns;
    while ((base_ns = earliest(arrival_ns, delivery->replicas)) != TIME_NEVER) {
        vector_reserve(&scratch->packed, delivery->replicas);
        vector_reserve(&scratch->sorted, delivery->replicas);
        uint32_t count = 0;
        for (replica_id replica = 0; replica < delivery->replicas; replica++) {
            if (arrival_ns[replica] == TIME_NEVER || arrival_ns[replica] - base_ns > UINT32_MAX)
                continue;
            scratch->packed.at[count++] = (uint64_t)(arrival_ns[replica] - base_ns) << 32 | replica;
            arrival_ns[replica] = TIME_NEVER;
        }
        packed_sort(scratch->packed.at, scratch->sorted.at, count);
        depart(delivery, class, which, base_ns, scratch->packed.at, count);
    }
}

void flight_to_one(struct delivery *delivery, uint32_t parcel, replica_id replica, time_ns at_ns)
{
    uint64_t arrival = replica;
    depart(delivery, NULL, parcel, at_ns, &arrival, 1);
}

void flight_end(struct delivery *delivery, uint32_t place)
{
    struct flight *flight = &delivery->flights.at[place];
    g_free(flight->arrivals);
    flight->arrivals = NULL;
    if (flight->class)
        class_release_use(delivery, flight->class);
    else
        parcel_drop(delivery, flight->which);
    flight->which = delivery->free_flight;
    delivery->free_flight = place;
}

/* Parcels only: votes land out of the lane. */
void flight_land(struct delivery *delivery, uint32_t place)
{
    struct flight flight = delivery->flights.at[place];
    CHECK(flight.arrivals && !flight.class);
    const struct delivery_sink *sink = &delivery->settings.sink;
    uint64_t now = (uint64_t)(delivery->settings.clock->now.ns - flight.base_ns);
    uint32_t next = flight.next;
    for (; next < flight.count && flight.arrivals[next] >> 32 == now; next++) {
        replica_id replica = (replica_id)flight.arrivals[next];
        if (sink->delivered)
            sink->delivered(sink->user, replica, &delivery->parcels.at[flight.which]->message);
        parcel_land(delivery, flight.which, replica);
    }
    delivery->flights.at[place].next = next;
    if (next == flight.count)
        flight_end(delivery, place);
    else
        delivery_schedule(delivery, flight.base_ns + (time_ns)(flight.arrivals[next] >> 32), ITEM_FLIGHT, place, 0);
}
