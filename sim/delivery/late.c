/* SPDX-License-Identifier: MIT */
/*
 * Late classes: their votes are kept with the times at which they reach each replica, and nothing happens when they do.
 * A tally is brought up to date when somebody looks. A watch that is not met yet gets one event, at the instant in
 * which the votes cast so far will meet it; a later vote that arrives earlier moves it forward. Nobody votes twice in a
 * late class, so what a watch counts there only grows, and the forecast is exact. Where a watch also covers classes
 * that are eventful, each arrival there makes a new forecast, which then may only come too early: a look that finds the
 * watch not met looks again. One thing could make it come too late (an equivocator counts everywhere, by its heaviest
 * vote), and there the watch looks at each late arrival instead.
 */
#include "delivery/inside.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define NEVER ((struct instant){TIME_NEVER, 0})

static struct instant arrival_of(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct late_row *row = &class->rows.at[vote];
    time_ns ns = row->arrival_ns[replica];
    return (struct instant){ns, ns == row->soonest.ns ? row->soonest.microstep : 0};
}

/* ---- tallies on demand ---- */

void late_advance(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    struct instant next = delivery_next_instant(delivery);
    struct tally *tally = class->tallies[replica];
    if (!bit_get(class->expects, replica))
        return;
    if (tally && tally->known == class->rows.count && !instant_before(tally->known_at, next))
        return;
    for (uint32_t vote = 0; vote < class->rows.count; vote++) {
        if (!instant_before(arrival_of(class, vote, replica), next))
            continue;
        tally = tally_obtain(delivery, class, replica);
        if (!tally_holds(tally, vote))
            tally_add(class, &class->tallies[replica], vote);
    }
    tally = class->tallies[replica];
    if (tally) {
        tally->known = (uint32_t) class->rows.count;
        tally->known_at = next;
    }
}

void late_forget(struct vote_class *class, replica_id replica)
{
    if (!bit_get(class->expects, replica))
        return;
    class->expects[replica / 64] &= ~((uint64_t)1 << (replica % 64));
    class->expecting--;
}

/* ---- the end of lateness ---- */

/* What of the vote is still to come, to scratch->replica_ns. */
static void find_rest(const struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    struct instant next = delivery_next_instant(delivery);
    time_ns *rest_ns = delivery->scratch->replica_ns.at;
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        struct instant at = arrival_of(class, vote, replica);
        struct tally *tally = class->tallies[replica];
        bool comes =
            bit_get(class->expects, replica) && !instant_before(at, next) && !(tally && tally_holds(tally, vote));
        rest_ns[replica] = comes ? at.ns : TIME_NEVER;
    }
}

void late_release(struct vote_class *class)
{
    for (size_t i = 0; i < class->rows.count; i++)
        g_free(class->rows.at[i].arrival_ns);
    vector_release(&class->rows);
    g_free(class->expects);
    class->expects = NULL;
    class->expecting = 0;
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
    for (uint32_t vote = 0; vote < class->rows.count; vote++) {
        find_rest(delivery, class, vote);
        flight_start(delivery, class, vote);
    }
    late_release(class);
    class->eventful = true;
    class_release_use(delivery, class);
}

/* ---- forecasts ---- */

static void set_look(struct delivery *delivery, uint32_t place, struct instant at)
{
    struct standing *standing = &delivery->watches.at[place];
    if (standing->look_at.ns == at.ns && standing->look_at.microstep == at.microstep)
        return;
    clock_cancel(delivery->settings.clock, standing->look);
    standing->look = (struct clock_event){0};
    standing->look_at = at;
    if (at.ns == TIME_NEVER)
        return;
    struct clock_event look = delivery_schedule(delivery, at.ns, ITEM_LOOK, place, standing->generation);
    delivery->watches.at[place].look = look;
}

/* Whether the watch counts votes of this value, as far as is known now. */
static bool counts(const struct delivery *delivery, const struct standing *standing, const struct value *value)
{
    return count_matches(delivery, standing->replica, &standing->watch.votes, value);
}

static void expect_class(const struct delivery *delivery, const struct standing *standing,
                         const struct vote_class *class)
{
    struct scratch *scratch = delivery->scratch;
    struct tally *tally = class->tallies[standing->replica];
    if (!bit_get(class->expects, standing->replica))
        return;
    for (uint32_t vote = 0; vote < class->rows.count; vote++) {
        struct instant at = arrival_of(class, vote, standing->replica);
        const struct cast *cast = &class->casts.at[vote];
        const struct value *value = &class->values.at[cast->slot];
        if (at.ns == TIME_NEVER || (tally && tally_holds(tally, vote)) || !counts(delivery, standing, value))
            continue;
        vector_push(&scratch->expected, (struct expected){.at = at,
                                                          .voter = class_message(class, vote)->sender,
                                                          .weight = cast->weight,
                                                          .block = value->block,
                                                          .height = class->height,
                                                          .round = class->round});
    }
}

/* Fills scratch->expected; whether all classes that the watch covers are late. */
static bool expect_all(const struct delivery *delivery, const struct standing *standing)
{
    bool all_late = true;
    const struct vote_query *query = &standing->watch.votes;
    vector_clear(&delivery->scratch->expected);
    for (size_t i = classes_from(delivery, query->height_first); i < delivery->classes.count; i++) {
        const struct vote_class *class = delivery->classes.at[i];
        if (class->height > query->height_last)
            break;
        if (!query_covers(query, class))
            continue;
        if (class->eventful)
            all_late = false;
        else
            expect_class(delivery, standing, class);
    }
    return all_late;
}

static int compare_expected(const void *left, const void *right)
{
    const struct expected *a = left, *b = right;
    if (a->at.ns != b->at.ns)
        return a->at.ns < b->at.ns ? -1 : 1;
    if (a->at.microstep != b->at.microstep)
        return a->at.microstep < b->at.microstep ? -1 : 1;
    if (a->voter != b->voter)
        return a->voter < b->voter ? -1 : 1;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    return (a->round > b->round) - (a->round < b->round);
}

/* One sum among those that can meet the watch: of all, of one block, of one round. */
struct forecast {
    const struct delivery *delivery;
    const struct standing *standing;
    struct predicate predicate;
    const struct expected *like; /* of one round: that of this vote; else NULL */
};

static bool is_like(const struct forecast *forecast, uint64_t height, uint32_t round)
{
    return !forecast->like || (forecast->like->height == height && forecast->like->round == round);
}

/* What is held already towards the sum; leaves the voters gathered, with what each has added. */
static stake_amount held_already(const struct forecast *forecast)
{
    struct scratch *scratch = forecast->delivery->scratch;
    VECTOR(struct part) parts = {0};
    for (size_t i = 0; i < scratch->parts.count; i++)
        if (is_like(forecast, scratch->parts.at[i].class->height, scratch->parts.at[i].class->round))
            vector_push(&parts, scratch->parts.at[i]);
    const struct vote_query *query = &forecast->standing->watch.votes;
    count_gather(forecast->delivery, forecast->standing->replica, query, parts.at, parts.count);
    vector_release(&parts);

    stake_amount sum = 0;
    for (size_t i = 0; i < scratch->voters.count; i++) {
        struct voter *voter = &scratch->voters.at[i];
        voter->counted = count_voter(forecast->delivery, voter, query->duplicates, &forecast->predicate);
        sum = stake_add(sum, voter->counted);
    }
    return sum;
}

static bool is_asked(const struct forecast *forecast, const struct expected *expected)
{
    return is_like(forecast, expected->height, expected->round) &&
           count_accepts(forecast->delivery, &forecast->predicate, expected->block);
}

/* The forecast where nobody has two votes: a running sum. */
static struct instant crossing_of_single(const struct forecast *forecast, stake_amount sum)
{
    const struct scratch *scratch = forecast->delivery->scratch;
    for (size_t i = 0; i < scratch->expected.count; i++) {
        const struct expected *expected = &scratch->expected.at[i];
        if (!is_asked(forecast, expected))
            continue;
        sum = stake_add(sum, expected->weight);
        if (sum >= forecast->standing->watch.threshold)
            return expected->at;
    }
    return NEVER;
}

/* The forecast over several classes: a voter counts by its heaviest vote. */
static struct instant crossing_of_several(const struct forecast *forecast)
{
    struct scratch *scratch = forecast->delivery->scratch;
    stake_amount sum = held_already(forecast);
    for (size_t i = 0; i < scratch->expected.count; i++) {
        const struct expected *expected = &scratch->expected.at[i];
        if (!is_asked(forecast, expected))
            continue;
        uint32_t at = count_find_voter(scratch, expected->voter);
        struct voter *voter = &scratch->voters.at[at];
        if (expected->weight <= voter->counted)
            continue;
        sum = stake_add(sum, expected->weight - voter->counted);
        voter->counted = expected->weight;
        if (sum >= forecast->standing->watch.threshold)
            return expected->at;
    }
    return NEVER;
}

/* Whether an earlier expected vote asks for the same sum. */
static bool forecast_before(const struct scratch *scratch, const struct watch *watch, size_t of)
{
    const struct expected *asked = &scratch->expected.at[of];
    for (size_t i = 0; i < of; i++) {
        const struct expected *other = &scratch->expected.at[i];
        bool same_round = other->height == asked->height && other->round == asked->round;
        bool same_block = watch->votes.value != WATCH_SOME_BLOCK || other->block == asked->block;
        if (same_block && (same_round || !watch->within_one_round))
            return true;
    }
    return false;
}

/* When the first of the sums that can meet the watch will. */
static struct instant first_crossing(const struct delivery *delivery, const struct standing *standing)
{
    const struct scratch *scratch = delivery->scratch;
    const struct watch *watch = &standing->watch;
    struct instant first = NEVER;
    for (size_t i = 0; i < scratch->expected.count; i++) {
        if (forecast_before(scratch, watch, i))
            continue;
        struct forecast forecast = {.delivery = delivery,
                                    .standing = standing,
                                    .predicate = {watch->votes.value, watch->votes.block},
                                    .like = watch->within_one_round ? &scratch->expected.at[i] : NULL};
        if (watch->votes.value == WATCH_SOME_BLOCK)
            forecast.predicate = (struct predicate){WATCH_BLOCK, scratch->expected.at[i].block};
        struct instant at =
            standing->single
                ? crossing_of_single(&forecast, count_sum(delivery, standing->replica, &watch->votes, scratch->parts.at,
                                                          scratch->parts.count, &forecast.predicate))
                : crossing_of_several(&forecast);
        if (instant_before(at, first))
            first = at;
    }
    return first;
}

static struct instant first_arrival(const struct scratch *scratch)
{
    struct instant first = NEVER;
    for (size_t i = 0; i < scratch->expected.count; i++)
        if (instant_before(scratch->expected.at[i].at, first))
            first = scratch->expected.at[i].at;
    return first;
}

/* No sum of the watch will exceed this by what has been cast. */
static stake_amount reachable(const struct scratch *scratch)
{
    stake_amount sum = 0;
    for (size_t i = 0; i < scratch->parts.count; i++)
        sum = stake_add(sum, scratch->parts.at[i].tally->total);
    for (size_t i = 0; i < scratch->expected.count; i++)
        sum = stake_add(sum, scratch->expected.at[i].weight);
    return sum;
}

void late_expect(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    struct scratch *scratch = delivery->scratch;
    count_parts(delivery, standing->replica, &standing->watch.votes);
    standing->mixed = !expect_all(delivery, standing) && standing->watch.votes.duplicates == DUPLICATES_EVERYWHERE;
    standing->reachable = reachable(scratch);
    struct instant at = NEVER;
    if (standing->mixed) {
        at = first_arrival(scratch);
    } else if (standing->reachable >= standing->watch.threshold && scratch->expected.count) {
        qsort(scratch->expected.at, scratch->expected.count, sizeof *scratch->expected.at, compare_expected);
        at = first_crossing(delivery, standing);
    }
    set_look(delivery, place, at);
}

/* ---- casting ---- */

/* A vote was cast that will reach the watch's replica: does it bring the watch's look forward? */
static void consider(struct delivery *delivery, uint32_t place, const struct vote_class *class, uint32_t vote)
{
    struct standing *standing = &delivery->watches.at[place];
    const struct cast *cast = &class->casts.at[vote];
    if (standing->asleep || !query_covers(&standing->watch.votes, class) ||
        !counts(delivery, standing, &class->values.at[cast->slot]))
        return;
    standing->reachable = stake_add(standing->reachable, cast->weight);
    if (!standing->mixed && standing->reachable < standing->watch.threshold)
        return;
    if (instant_before(arrival_of(class, vote, standing->replica), standing->look_at))
        late_expect(delivery, place);
}

void late_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    CHECK(vote == class->rows.count);
    const time_ns *arrival_ns = delivery->scratch->replica_ns.at;
    struct late_row row = {delivery_next_instant(delivery),
                           g_memdup2(arrival_ns, delivery->replicas * sizeof *arrival_ns)};
    vector_push(&class->rows, row);
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        if (row.arrival_ns[replica] == TIME_NEVER || class->height < delivery->forgotten[replica])
            continue;
        class->expecting += !bit_get(class->expects, replica);
        bit_set(class->expects, replica);
        const struct standing_list *list = &delivery->watches_of[replica];
        for (size_t i = 0; i < list->count; i++)
            consider(delivery, list->at[i], class, vote);
    }
}
