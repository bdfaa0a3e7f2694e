/* SPDX-License-Identifier: MIT */
/*
 * When a watch over late classes will be met. The votes cast so far and their arrivals give the instant exactly, since
 * nobody votes twice there and sums only grow. A forecast takes a pass over the votes, so it is not made anew for each
 * later vote: that may bring the instant forward, but not before the known votes alone come as close to the threshold
 * as the later ones weigh. The watch then looks at that bound, is met or forecasts again.
 *
 * Where a watch also covers eventful classes, each arrival there makes a new forecast, which may then only come too
 * early. One thing could make it come too late (an equivocator counts everywhere, by its heaviest vote), and there the
 * watch looks at each late arrival instead.
 */
#include "delivery/inside.h"

#include <stdlib.h>

#define NEVER   ((struct instant){TIME_NEVER, 0})
#define AT_ONCE ((struct instant){0, 0})
#define PARTS   16u /* of the threshold make a step */

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

/* ---- steps ---- */

/* Fills steps from the lowest on as a sum grows. */
struct climb {
    stake_amount threshold;
    unsigned next; /* this step and those before it in the array, which are higher, are not reached; 0: the last one */
    bool done;
    struct instant step[FORECAST_STEPS + 1];
};

static struct climb climb_start(stake_amount threshold)
{
    struct climb climb = {.threshold = threshold, .next = FORECAST_STEPS};
    for (unsigned i = 0; i <= FORECAST_STEPS; i++)
        climb.step[i] = NEVER;
    return climb;
}

static stake_amount level(stake_amount threshold, unsigned step)
{
    return threshold - (stake_amount)((uint128)threshold * step / PARTS);
}

static void climb_to(struct climb *climb, stake_amount sum, struct instant at)
{
    while (!climb->done && sum >= level(climb->threshold, climb->next)) {
        climb->step[climb->next] = at;
        climb->done = climb->next == 0;
        climb->next -= !climb->done;
    }
}

/* The step that lies no higher than the threshold less `fresh`; above FORECAST_STEPS where there is none. */
static unsigned step_below(stake_amount threshold, stake_amount fresh)
{
    uint128 step = ((uint128)fresh * PARTS + threshold - 1) / threshold;
    return step > FORECAST_STEPS ? FORECAST_STEPS + 1 : (unsigned)step;
}

/* ---- one class ---- */

/* Which sum each value counts towards (scratch->sum_of), and what is held of it; the most that was cast for any. */
static stake_amount start_sums(const struct delivery *delivery, const struct standing *standing,
                               const struct vote_class *class)
{
    struct scratch *scratch = delivery->scratch;
    struct tally *tally = class->tallies[standing->replica];
    bool by_block = standing->watch.votes.value == WATCH_SOME_BLOCK;
    size_t count = class->values.count;
    stake_amount most = 0;
    vector_reserve(&scratch->sums, 2 * count); /* held, then cast */
    vector_reserve(&scratch->sum_of, count);
    stake_amount *held = scratch->sums.at, *cast = scratch->sums.at + count;
    for (uint32_t slot = 0; slot < count; slot++) {
        const struct value *value = &class->values.at[slot];
        uint32_t sum = by_block ? slot : 0;
        held[slot] = cast[slot] = 0;
        for (uint32_t same = 0; by_block && same < slot; same++)
            sum = class->values.at[same].block == value->block && sum == slot ? same : sum;
        scratch->sum_of.at[slot] = counts(delivery, standing, value) ? sum : INDEX_NONE;
        if (scratch->sum_of.at[slot] == INDEX_NONE)
            continue;
        held[sum] = stake_add(held[sum], tally && slot < tally->slot_room ? tally_weights(tally)[slot] : 0);
        cast[sum] = stake_add(cast[sum], value->cast);
        most = cast[sum] > most ? cast[sum] : most;
    }
    return most;
}

/* Goes through what is to come, in time. */
static void climb_class(const struct delivery *delivery, const struct vote_class *class, replica_id replica,
                        struct climb *climb)
{
    struct scratch *scratch = delivery->scratch;
    stake_amount *sums = scratch->sums.at;
    for (size_t slot = 0; slot < class->values.count; slot++)
        climb_to(climb, sums[slot], AT_ONCE);
    late_coming(delivery, class, replica);
    for (size_t i = 0; i < scratch->coming.count && !climb->done; i++) {
        uint32_t vote = scratch->coming.at[i].vote;
        uint32_t sum = scratch->sum_of.at[class->casts.at[vote].slot];
        if (sum == INDEX_NONE)
            continue;
        sums[sum] = stake_add(sums[sum], class->casts.at[vote].weight);
        if (sums[sum] >= level(climb->threshold, climb->next))
            climb_to(climb, sums[sum], late_arrival(class, vote, replica));
    }
}

static void forecast_class(const struct delivery *delivery, struct standing *standing)
{
    const struct vote_query *query = &standing->watch.votes;
    struct vote_class *class =
        class_find(delivery, (uint16_t)bit_lowest(query->kinds), query->height_first, query->round_first);
    if (!class || class->eventful)
        return;
    tally_now(delivery, class, standing->replica);
    struct forecast *forecast = &standing->forecast;
    forecast->known = start_sums(delivery, standing, class);
    if (forecast->known < standing->watch.threshold)
        return;
    struct climb climb = climb_start(standing->watch.threshold);
    climb_class(delivery, class, standing->replica, &climb);
    forecast->stepped = true;
    for (unsigned i = 0; i <= FORECAST_STEPS; i++)
        forecast->step[i] = climb.step[i];
}

/* ---- several classes: voter by voter ---- */

static void expect_class(const struct delivery *delivery, const struct standing *standing,
                         const struct vote_class *class)
{
    struct scratch *scratch = delivery->scratch;
    struct tally *tally = class->tallies[standing->replica];
    if (!bit_get(class->expects, standing->replica))
        return;
    for (uint32_t vote = 0; vote < class->soonest.count; vote++) {
        struct instant at = late_arrival(class, vote, standing->replica);
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

/* By time; what comes in one instant may stay in any order, as all of it counts then. */
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
struct sum {
    const struct delivery *delivery;
    const struct standing *standing;
    struct predicate predicate;
    const struct expected *like; /* of one round: that of this vote; else NULL */
};

static bool is_like(const struct sum *sum, uint64_t height, uint32_t round)
{
    return !sum->like || (sum->like->height == height && sum->like->round == round);
}

/* What is held already towards the sum; leaves the voters gathered, with what each has added. */
static stake_amount held_already(const struct sum *sum)
{
    struct scratch *scratch = sum->delivery->scratch;
    VECTOR(struct part) parts = {0};
    for (size_t i = 0; i < scratch->parts.count; i++)
        if (is_like(sum, scratch->parts.at[i].class->height, scratch->parts.at[i].class->round))
            vector_push(&parts, scratch->parts.at[i]);
    const struct vote_query *query = &sum->standing->watch.votes;
    count_gather(sum->delivery, sum->standing->replica, query, parts.at, parts.count);
    vector_release(&parts);

    stake_amount total = 0;
    for (size_t i = 0; i < scratch->voters.count; i++) {
        struct voter *voter = &scratch->voters.at[i];
        voter->counted = count_voter(sum->delivery, voter, query->duplicates, &sum->predicate);
        total = stake_add(total, voter->counted);
    }
    return total;
}

/* A voter counts by its heaviest vote. */
static void climb_sum(const struct sum *sum, struct climb *climb)
{
    struct scratch *scratch = sum->delivery->scratch;
    stake_amount total = held_already(sum);
    climb_to(climb, total, AT_ONCE);
    for (size_t i = 0; i < scratch->expected.count && !climb->done; i++) {
        const struct expected *expected = &scratch->expected.at[i];
        if (!is_like(sum, expected->height, expected->round) ||
            !count_accepts(sum->delivery, &sum->predicate, expected->block))
            continue;
        uint32_t at = count_find_voter(scratch, expected->voter);
        struct voter *voter = &scratch->voters.at[at];
        if (expected->weight <= voter->counted)
            continue;
        total = stake_add(total, expected->weight - voter->counted);
        voter->counted = expected->weight;
        climb_to(climb, total, expected->at);
    }
}

/* Whether an earlier expected vote asks for the same sum. */
static bool asked_before(const struct scratch *scratch, const struct watch *watch, size_t of)
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

static void climb_all(const struct delivery *delivery, struct standing *standing)
{
    const struct scratch *scratch = delivery->scratch;
    const struct watch *watch = &standing->watch;
    for (size_t i = 0; i < scratch->expected.count; i++) {
        if (asked_before(scratch, watch, i))
            continue;
        struct sum sum = {.delivery = delivery,
                          .standing = standing,
                          .predicate = {watch->votes.value, watch->votes.block},
                          .like = watch->within_one_round ? &scratch->expected.at[i] : NULL};
        if (watch->votes.value == WATCH_SOME_BLOCK)
            sum.predicate = (struct predicate){WATCH_BLOCK, scratch->expected.at[i].block};
        struct climb climb = climb_start(watch->threshold);
        climb_sum(&sum, &climb);
        for (unsigned step = 0; step <= FORECAST_STEPS; step++)
            if (instant_before(climb.step[step], standing->forecast.step[step]))
                standing->forecast.step[step] = climb.step[step];
    }
}

static stake_amount most_of_several(const struct scratch *scratch)
{
    stake_amount sum = 0;
    for (size_t i = 0; i < scratch->parts.count; i++)
        sum = stake_add(sum, scratch->parts.at[i].tally->total);
    for (size_t i = 0; i < scratch->expected.count; i++)
        sum = stake_add(sum, scratch->expected.at[i].weight);
    return sum;
}

static void forecast_several(const struct delivery *delivery, struct standing *standing)
{
    struct scratch *scratch = delivery->scratch;
    struct forecast *forecast = &standing->forecast;
    count_parts(delivery, standing->replica, &standing->watch.votes);
    bool all_late = expect_all(delivery, standing);
    forecast->mixed = !all_late && standing->watch.votes.duplicates == DUPLICATES_EVERYWHERE;
    forecast->known = most_of_several(scratch);
    for (size_t i = 0; forecast->mixed && i < scratch->expected.count; i++)
        if (instant_before(scratch->expected.at[i].at, forecast->step[0]))
            forecast->step[0] = scratch->expected.at[i].at;
    if (forecast->mixed || forecast->known < standing->watch.threshold)
        return;
    if (scratch->expected.count)
        qsort(scratch->expected.at, scratch->expected.count, sizeof *scratch->expected.at, compare_expected);
    climb_all(delivery, standing);
    /* A vote to come may open a sum of its own, of which nothing is known yet: no step but the last is a bound. */
    forecast->stepped = false;
}

/* ---- making and revising ---- */

void forecast_make(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    standing->forecast = (struct forecast){.first_fresh = NEVER};
    for (unsigned i = 0; i <= FORECAST_STEPS; i++)
        standing->forecast.step[i] = NEVER;
    if (standing->single)
        forecast_class(delivery, standing);
    else
        forecast_several(delivery, standing);
    set_look(delivery, place, standing->forecast.step[0]);
}

/* A vote that arrives before the watch's look. */
static void revise(struct delivery *delivery, uint32_t place, stake_amount weight, struct instant at)
{
    struct standing *standing = &delivery->watches.at[place];
    struct forecast *forecast = &standing->forecast;
    if (forecast->mixed) {
        set_look(delivery, place, at);
        return;
    }
    forecast->fresh = stake_add(forecast->fresh, weight);
    if (instant_before(at, forecast->first_fresh))
        forecast->first_fresh = at;
    if (stake_add(forecast->known, forecast->fresh) < standing->watch.threshold)
        return;
    unsigned step = step_below(standing->watch.threshold, forecast->fresh);
    if (!forecast->stepped || step > FORECAST_STEPS) {
        forecast_make(delivery, place);
        return;
    }
    struct instant bound = forecast->step[step];
    if (instant_before(bound, forecast->first_fresh))
        bound = forecast->first_fresh;
    if (instant_before(bound, delivery_next_instant(delivery)))
        forecast_make(delivery, place); /* the bound has passed: it says nothing */
    else if (instant_before(bound, standing->look_at))
        set_look(delivery, place, bound);
}

void forecast_revise(struct delivery *delivery, const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    const struct cast *cast = &class->casts.at[vote];
    struct instant at = late_arrival(class, vote, replica);
    for (size_t i = 0; i < list->count; i++) {
        const struct standing *standing = &delivery->watches.at[list->at[i]];
        if (query_covers(&standing->watch.votes, class) && !standing->asleep && instant_before(at, standing->look_at) &&
            counts(delivery, standing, &class->values.at[cast->slot]))
            revise(delivery, list->at[i], cast->weight, at);
    }
}
