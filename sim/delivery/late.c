/* SPDX-License-Identifier: MIT */
/*
 * Late classes: their votes are kept with the times at which they reach each replica, and nothing happens when they do.
 * A tally is brought up to date when somebody looks, and somebody looks when a watch may be met (forecast.c). Nobody
 * votes twice in a late class; late_end makes it eventful before that.
 */
#include "delivery/inside.h"

#include "base/assert.h"

#include <string.h>

static inline time_ns arrival_ns(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    return class->strips.at[vote / VOTES_A_STRIP][(size_t)replica * VOTES_A_STRIP + vote % VOTES_A_STRIP];
}

struct instant late_arrival(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct instant *soonest = &class->soonest.at[vote];
    time_ns ns = arrival_ns(class, vote, replica);
    return (struct instant){ns, ns == soonest->ns ? soonest->microstep : 0};
}

/* ---- tallies on demand ---- */

void late_advance(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    struct instant next = delivery_next_instant(delivery);
    struct tally *tally = class->tallies[replica];
    if (!bit_get(class->expects, replica))
        return;
    if (tally && tally->known == class->soonest.count && !instant_before(tally->known_at, next))
        return;
    for (uint32_t vote = 0; vote < class->soonest.count; vote++) {
        if (arrival_ns(class, vote, replica) > next.ns || !instant_before(late_arrival(class, vote, replica), next))
            continue;
        tally = tally_obtain(delivery, class, replica);
        if (!tally_holds(tally, vote))
            tally_add(class, &class->tallies[replica], vote);
    }
    tally = class->tallies[replica];
    if (tally) {
        tally->known = (uint32_t) class->soonest.count;
        tally->known_at = next;
    }
}

/* ---- what is still to come ---- */

/* One pass of a stable radix sort by the byte at `shift`. */
static void sort_pass(const struct coming *from, struct coming *to, size_t count, unsigned shift)
{
    uint32_t start[257] = {0};
    for (size_t i = 0; i < count; i++)
        start[(from[i].ns >> shift & 255) + 1]++;
    for (unsigned byte = 1; byte < 256; byte++)
        start[byte] += start[byte - 1];
    for (size_t i = 0; i < count; i++)
        to[start[from[i].ns >> shift & 255]++] = from[i];
}

/* By the bytes in which the times differ at all. */
static void sort_coming(struct scratch *scratch)
{
    size_t count = scratch->coming.count;
    uint64_t difference = 0;
    for (size_t i = 0; i < count; i++)
        difference |= scratch->coming.at[i].ns ^ scratch->coming.at[0].ns;
    vector_reserve(&scratch->coming_space, count);
    struct coming *from = scratch->coming.at, *to = scratch->coming_space.at;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((difference >> shift & 255) == 0)
            continue;
        sort_pass(from, to, count, shift);
        struct coming *swap = from;
        from = to;
        to = swap;
    }
    if (from != scratch->coming.at)
        memcpy(scratch->coming.at, from, count * sizeof *from);
}

static void collect_coming(struct scratch *scratch, const struct vote_class *class, replica_id replica)
{
    struct tally *tally = class->tallies[replica];
    vector_clear(&scratch->coming);
    vector_reserve(&scratch->coming, class->soonest.count);
    size_t count = 0;
    for (uint32_t vote = 0; vote < class->soonest.count; vote++) {
        time_ns ns = arrival_ns(class, vote, replica);
        scratch->coming.at[count] = (struct coming){(uint64_t)ns, vote};
        count += ns != TIME_NEVER && !(tally && tally_holds(tally, vote));
    }
    scratch->coming.count = count;
}

void late_coming(const struct delivery *delivery, const struct vote_class *class, replica_id replica)
{
    struct scratch *scratch = delivery->scratch;
    struct instant next = delivery_next_instant(delivery);
    if (scratch->coming_class == class && scratch->coming_replica == replica &&
        scratch->coming_votes == class->soonest.count && !instant_before(scratch->coming_since, next))
        return;
    collect_coming(scratch, class, replica);
    if (scratch->coming.count)
        sort_coming(scratch);
    scratch->coming_class = class;
    scratch->coming_replica = replica;
    scratch->coming_votes = class->soonest.count;
    scratch->coming_since = next;
}

/* ---- casting ---- */

static void keep_arrivals(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    size_t places = (size_t)delivery->replicas * VOTES_A_STRIP;
    if (vote % VOTES_A_STRIP == 0)
        vector_push(&class->strips, g_new(time_ns, places));
    time_ns *strip = class->strips.at[vote / VOTES_A_STRIP] + vote % VOTES_A_STRIP;
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        strip[(size_t)replica * VOTES_A_STRIP] = delivery->scratch->replica_ns.at[replica];
    vector_push(&class->soonest, delivery_next_instant(delivery));
}

void late_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    CHECK(vote == class->soonest.count);
    keep_arrivals(delivery, class, vote);
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        if (delivery->scratch->replica_ns.at[replica] == TIME_NEVER || class->height < delivery->forgotten[replica])
            continue;
        class->expecting += !bit_get(class->expects, replica);
        bit_set(class->expects, replica);
        forecast_revise(delivery, class, vote, replica);
    }
}

/* ---- forgetting ---- */

void late_forget(struct vote_class *class, replica_id replica)
{
    if (!bit_get(class->expects, replica))
        return;
    class->expects[replica / 64] &= ~((uint64_t)1 << (replica % 64));
    class->expecting--;
}

void late_release(struct delivery *delivery, struct vote_class *class)
{
    if (delivery->scratch->coming_class == class)
        delivery->scratch->coming_class = NULL;
    for (size_t i = 0; i < class->strips.count; i++)
        g_free(class->strips.at[i]);
    vector_release(&class->strips);
    vector_release(&class->soonest);
    g_free(class->expects);
    class->expects = NULL;
    class->expecting = 0;
}

/* ---- the end of lateness ---- */

/* What of the vote is still to come, to scratch->replica_ns. */
static void find_rest(const struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    struct instant next = delivery_next_instant(delivery);
    time_ns *rest_ns = delivery->scratch->replica_ns.at;
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        struct instant at = late_arrival(class, vote, replica);
        struct tally *tally = class->tallies[replica];
        bool comes =
            bit_get(class->expects, replica) && !instant_before(at, next) && !(tally && tally_holds(tally, vote));
        rest_ns[replica] = comes ? at.ns : TIME_NEVER;
    }
}

void late_end(struct delivery *delivery, struct vote_class *class)
{
    if (class->eventful)
        return;
    class->in_flight++;
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        late_advance(delivery, class, replica);
        if (class->tallies[replica])
            class->tallies[replica]->trigger = 0;
    }
    vector_reserve(&delivery->scratch->replica_ns, delivery->replicas);
    for (uint32_t vote = 0; vote < class->soonest.count; vote++) {
        find_rest(delivery, class, vote);
        flight_start(delivery, class, vote);
    }
    late_release(delivery, class);
    class->eventful = true;
    class_release_use(delivery, class);
}
