/* SPDX-License-Identifier: MIT */
/*
 * The lane of votes. Votes all-to-all are what most arrivals are, so they do not go through the clock's queue one by
 * one: when the next of them lands, the arrivals of a short window of time are taken from all flights at once, which
 * reads each flight's list in order, and sorted; then they land one after the other out of that window, and the clock
 * holds one event for all. The window is no wider than the shortest way of a message, so that what is sent meanwhile
 * rarely falls into it; where it does, a few arrivals are inserted, and many dissolve the window.
 */
#include "delivery/inside.h"

#include "base/assert.h"

#include <string.h>

#define WINDOW_MOST 8192u
#define WINDOW_FEW  2048u
#define INSERT_MOST 8u
#define SHORT_LIST  32u
#define AHEAD       6u /* entries whose tallies are fetched before they land */
#define WIDEST_NS   ((time_ns)1 << 31)
#define FIRST_WIDTH (4 * MICROSECOND)

static time_ns next_ns(const struct flight *flight)
{
    return flight->base_ns + (time_ns)(flight->arrivals[flight->next] >> 32);
}

static bool window_is_open(const struct lane *lane)
{
    return lane->next < lane->window.count;
}

static void wake_at(struct delivery *delivery, time_ns at_ns)
{
    struct lane *lane = &delivery->lane;
    if (at_ns >= lane->wake_ns)
        return;
    clock_cancel(delivery->settings.clock, lane->wake);
    lane->wake_ns = at_ns;
    lane->wake = delivery_schedule(delivery, at_ns, ITEM_LANE, 0, 0);
}

/* ---- the window ---- */

static void sort_short(struct lane_entry *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct lane_entry entry = list[i];
        size_t j = i;
        for (; j > 0 && list[j - 1].after > entry.after; j--)
            list[j] = list[j - 1];
        list[j] = entry;
    }
}

static void sort_pass(const struct lane_entry *from, struct lane_entry *to, size_t count, unsigned shift)
{
    uint32_t start[257] = {0};
    for (size_t i = 0; i < count; i++)
        start[(from[i].after >> shift & 255) + 1]++;
    for (unsigned byte = 1; byte < 256; byte++)
        start[byte] += start[byte - 1];
    for (size_t i = 0; i < count; i++)
        to[start[from[i].after >> shift & 255]++] = from[i];
}

static void sort_window(struct lane *lane)
{
    size_t count = lane->window.count;
    if (count <= SHORT_LIST) {
        sort_short(lane->window.at, count);
        return;
    }
    uint32_t difference = 0;
    for (size_t i = 0; i < count; i++)
        difference |= lane->window.at[i].after;
    vector_reserve(&lane->space, lane->window.room);
    struct lane_entry *from = lane->window.at, *to = lane->space.at;
    for (unsigned shift = 0; shift < 32 && difference >> shift; shift += 8) {
        sort_pass(from, to, count, shift);
        struct lane_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != lane->window.at)
        memcpy(lane->window.at, from, count * sizeof *from);
}

/* Puts what has not landed back to its flights. */
static void dissolve(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    for (size_t i = lane->next; i < lane->window.count; i++) {
        uint32_t place = lane->window.at[i].flight;
        struct flight *flight = &delivery->flights.at[place];
        flight->next--;
        if (!flight->listed)
            vector_push(&lane->listed, place);
        flight->listed = true;
    }
    lane->next = lane->window.count = 0;
}

/* Moves the flight's arrivals before the window's end into it; false when that is too many. */
static bool take_from(struct lane *lane, struct flight *flight, uint32_t place)
{
    uint64_t end = (uint64_t)(lane->end_ns - flight->base_ns);
    uint32_t shift = (uint32_t)(flight->base_ns - lane->base_ns); /* wraps when the flight's base is the earlier */
    vector_reserve(&lane->window, WINDOW_MOST + 1);
    while (flight->next < flight->count && flight->arrivals[flight->next] >> 32 < end) {
        if (lane->window.count > WINDOW_MOST)
            return false;
        uint64_t arrival = flight->arrivals[flight->next++];
        lane->window.at[lane->window.count++] =
            (struct lane_entry){(uint32_t)(arrival >> 32) + shift, place, (replica_id)arrival};
    }
    return true;
}

static bool take_all(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    for (size_t i = 0; i < lane->listed.count;) {
        uint32_t place = lane->listed.at[i];
        struct flight *flight = &delivery->flights.at[place];
        if (flight->base_ns < lane->end_ns && !take_from(lane, flight, place))
            return false;
        if (flight->next == flight->count) {
            flight->listed = false;
            lane->listed.at[i] = lane->listed.at[--lane->listed.count];
        } else {
            i++;
        }
    }
    return true;
}

/* A window from now on; false when one instant alone is too much for it. */
static bool open_window(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    lane->base_ns = delivery->settings.clock->now.ns;
    lane->next = lane->window.count = 0;
    lane->end_ns = lane->base_ns + lane->width_ns;
    while (!take_all(delivery)) {
        dissolve(delivery);
        if (lane->width_ns == 1)
            return false;
        lane->width_ns = lane->width_ns > 4 ? lane->width_ns / 4 : 1;
        lane->end_ns = lane->base_ns + lane->width_ns;
    }
    sort_window(lane);
    time_ns widest_ns = lane->shortest_ns < WIDEST_NS ? lane->shortest_ns : WIDEST_NS;
    if (lane->window.count < WINDOW_FEW && lane->width_ns < widest_ns)
        lane->width_ns = 2 * lane->width_ns < widest_ns ? 2 * lane->width_ns : widest_ns;
    if (lane->shortest_ns < WIDEST_NS)
        lane->shortest_ns += lane->shortest_ns / 16 + 1; /* forgets a short way that nobody goes any more */
    return true;
}

/* ---- flights ---- */

/* The time of the first arrival that is not at once tells how short ways are. */
static void learn_shortest(struct lane *lane, const struct flight *flight, time_ns now_ns)
{
    for (uint32_t i = flight->next; i < flight->count && i < flight->next + 4; i++) {
        time_ns way_ns = flight->base_ns + (time_ns)(flight->arrivals[i] >> 32) - now_ns;
        if (way_ns == 0)
            continue;
        lane->shortest_ns = way_ns < lane->shortest_ns ? way_ns : lane->shortest_ns;
        lane->width_ns = way_ns < lane->width_ns ? way_ns : lane->width_ns;
        return;
    }
}

static void insert(struct lane *lane, struct lane_entry entry)
{
    size_t low = lane->next, high = lane->window.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lane->window.at[middle].after <= entry.after)
            low = middle + 1;
        else
            high = middle;
    }
    vector_push(&lane->window, entry);
    memmove(lane->window.at + low + 1, lane->window.at + low, (lane->window.count - 1 - low) * sizeof *lane->window.at);
    lane->window.at[low] = entry;
}

/* Moves those of a new flight's arrivals that lie within the open window there. */
static void join_window(struct delivery *delivery, uint32_t place)
{
    struct lane *lane = &delivery->lane;
    struct flight *flight = &delivery->flights.at[place];
    if (!window_is_open(lane))
        return;
    if (flight->count > INSERT_MOST &&
        flight->base_ns + (time_ns)(flight->arrivals[INSERT_MOST] >> 32) < lane->end_ns) {
        dissolve(delivery);
        return;
    }
    for (; flight->next < flight->count && next_ns(flight) < lane->end_ns; flight->next++)
        insert(lane, (struct lane_entry){(uint32_t)(next_ns(flight) - lane->base_ns), place,
                                         (replica_id)flight->arrivals[flight->next]});
}

void lane_add(struct delivery *delivery, uint32_t place)
{
    struct lane *lane = &delivery->lane;
    struct flight *flight = &delivery->flights.at[place];
    time_ns first_ns = next_ns(flight);
    learn_shortest(lane, flight, delivery->settings.clock->now.ns);
    join_window(delivery, place);
    flight->listed = flight->next < flight->count;
    if (flight->listed)
        vector_push(&lane->listed, place);
    wake_at(delivery, first_ns);
}

static time_ns earliest_ns(const struct delivery *delivery)
{
    const struct lane *lane = &delivery->lane;
    if (window_is_open(lane))
        return lane->base_ns + (time_ns)lane->window.at[lane->next].after;
    time_ns earliest = TIME_NEVER;
    for (size_t i = 0; i < lane->listed.count; i++) {
        const struct flight *flight = &delivery->flights.at[lane->listed.at[i]];
        if (flight->next < flight->count && next_ns(flight) < earliest)
            earliest = next_ns(flight);
    }
    return earliest;
}

/* ---- landing ---- */

static void prefetch(const struct delivery *delivery, const struct lane_entry *entry)
{
    const struct tally *tally = delivery->flights.at[entry->flight].class->tallies[entry->replica];
    if (tally) {
        __builtin_prefetch(tally, 1);
        __builtin_prefetch(tally->words, 1);
    }
}

static void land_one(struct delivery *delivery, uint32_t place, replica_id replica)
{
    struct flight *flight = &delivery->flights.at[place];
    struct vote_class *class = flight->class;
    uint32_t vote = flight->which;
    bool is_last = --flight->left == 0;
    const struct delivery_sink *sink = &delivery->settings.sink;
    if (sink->delivered)
        sink->delivered(sink->user, replica, class_message(class, vote));
    vote_land(delivery, class, vote, replica);
    if (is_last)
        flight_end(delivery, place);
}

static void land_window(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    uint32_t now = (uint32_t)(delivery->settings.clock->now.ns - lane->base_ns);
    while (lane->next < lane->window.count && lane->window.at[lane->next].after == now) {
        if (lane->next + AHEAD < lane->window.count)
            prefetch(delivery, &lane->window.at[lane->next + AHEAD]);
        struct lane_entry entry = lane->window.at[lane->next++];
        land_one(delivery, entry.flight, entry.replica);
    }
}

/* So much lands in this one instant that it is better taken flight by flight. */
static void land_flights(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    time_ns now_ns = delivery->settings.clock->now.ns;
    for (size_t i = 0; i < lane->listed.count;) {
        uint32_t place = lane->listed.at[i];
        struct flight *flight = &delivery->flights.at[place];
        bool ends = false;
        while (!ends && next_ns(flight) == now_ns) {
            replica_id replica = (replica_id)flight->arrivals[flight->next++];
            ends = flight->next == flight->count;
            if (ends) {
                flight->listed = false;
                lane->listed.at[i] = lane->listed.at[--lane->listed.count];
            }
            land_one(delivery, place, replica);
        }
        i += !ends;
    }
}

void lane_land(struct delivery *delivery)
{
    struct lane *lane = &delivery->lane;
    lane->wake_ns = TIME_NEVER;
    if (window_is_open(lane) || open_window(delivery))
        land_window(delivery);
    else
        land_flights(delivery);
    time_ns next = earliest_ns(delivery);
    if (next != TIME_NEVER)
        wake_at(delivery, next);
}

void lane_init(struct lane *lane)
{
    *lane = (struct lane){.width_ns = FIRST_WIDTH, .shortest_ns = WIDEST_NS, .wake_ns = TIME_NEVER};
}

void lane_release(struct lane *lane)
{
    vector_release(&lane->listed);
    vector_release(&lane->window);
    vector_release(&lane->space);
}
