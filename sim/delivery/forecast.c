/* SPDX-License-Identifier: MIT */
/*
 * When a watch over late classes is looked at next. What was cast reaches the replica at known times, what is awaited
 * no sooner than the network's least delays allow; where the weight of both, in the order of time, comes to the
 * threshold, the watch is met at the earliest. It is counted then: if only votes that were cast came before that, it is
 * met, else it is forecast again. A vote that was not awaited as it was cast, or comes from the replica's own node,
 * pulls the look forward to its arrival.
 *
 * Nobody votes twice in a late class, so the sum of one class is exact; over several classes a voter is reckoned with
 * for each, which makes the look too early at worst.
 *
 * Those who are awaited may never vote, and would be looked out for at every moment: a watch that was looked at a few
 * times in vain leaves them out, and every vote that is cast from then on pulls looks forward.
 */
#include "delivery/inside.h"

#define LOOKS_IN_VAIN 6u
#define BLOCK_TO_COME (BLOCK_NONE - 1) /* one that nobody has voted for yet */

static void set_look(struct delivery *delivery, uint32_t place, time_ns at_ns)
{
    struct standing *standing = &delivery->watches.at[place];
    time_ns now_ns = delivery->settings.clock->now.ns;
    if (at_ns < now_ns)
        at_ns = now_ns;
    if (standing->look_ns == at_ns)
        return;
    clock_cancel(delivery->settings.clock, standing->look);
    standing->look = (struct clock_event){0};
    standing->look_ns = at_ns;
    if (at_ns == TIME_NEVER)
        return;
    struct clock_event look = delivery_schedule(delivery, at_ns, ITEM_LOOK, place, standing->generation);
    delivery->watches.at[place].look = look;
}

/* ---- all sums of one place ---- */

/* Which of the class's values count, as bits; false where there are too many. */
static bool slots_that_count(const struct sum *sum, const struct vote_class *class, uint64_t *slots)
{
    *slots = 0;
    if (class->values.count > 64)
        return false;
    for (size_t slot = 0; slot < class->values.count; slot++)
        *slots |= (uint64_t)sum_counts(sum, &class->values.at[slot]) << slot;
    return true;
}

/* The same as the last watch at the replica asked, mostly. */
static time_ns reach_of(struct sum *sum)
{
    struct forecast_made *made = &sum->delivery->scratch->forecast;
    const struct part *part = &sum->parts[0];
    uint64_t slots;
    if (sum->part_count > 1 || !sum->patient || (part->tally && part->tally->early) ||
        !slots_that_count(sum, part->class, &slots))
        return sum_reach(sum);
    struct instant next = delivery_next_instant(sum->delivery);
    uint32_t votes = (uint32_t)part->class->casts.count;
    if (made->class == part->class && made->replica == sum->standing->replica && made->votes == votes &&
        made->slots == slots && made->threshold == sum->standing->watch.threshold && made->at.ns == next.ns &&
        made->at.microstep == next.microstep) {
        sum->own &= made->own;
        return made->look_ns;
    }
    time_ns look_ns = sum_reach(sum);
    *made = (struct forecast_made){
        .class = part->class,
        .replica = sum->standing->replica,
        .votes = votes,
        .own = sum->own,
        .at = next,
        .threshold = sum->standing->watch.threshold,
        .slots = slots,
        .look_ns = look_ns,
    };
    return look_ns;
}

/* Each block that was voted for is a sum; so is one for which there are only votes to come. */
static time_ns reach_some_block(struct sum *sum)
{
    time_ns look_ns = TIME_NEVER;
    for (size_t p = 0; p < sum->part_count; p++) {
        const struct vote_class *class = sum->parts[p].class;
        for (size_t slot = 0; slot < class->values.count; slot++) {
            sum->predicate = (struct predicate){WATCH_BLOCK, class->values.at[slot].block};
            if (class->values.at[slot].block != BLOCK_NONE)
                look_ns = MIN(look_ns, reach_of(sum));
        }
    }
    if (!sum->patient)
        return look_ns;
    sum->predicate = (struct predicate){WATCH_BLOCK, BLOCK_TO_COME};
    return sum_weight(sum) >= sum->standing->watch.threshold ? MIN(look_ns, reach_of(sum)) : look_ns;
}

static time_ns reach_place(const struct delivery *delivery, struct standing *standing, const struct part *parts,
                           size_t count)
{
    const struct vote_query *query = &standing->watch.votes;
    struct sum sum = {delivery, standing, parts, count, {query->value, query->block}, true, true};
    sum.patient = sum.own = standing->looks < LOOKS_IN_VAIN;
    for (size_t p = 0; !sum.patient && p < count; p++)
        parts[p].class->late.awaited.leaks = true;
    time_ns look_ns = query->value == WATCH_SOME_BLOCK ? reach_some_block(&sum) : reach_of(&sum);
    standing->own &= sum.own;
    return look_ns;
}

/* ---- a watch ---- */

/* The classes at one place that the watch reckons with, from position *at on, to scratch->parts; false: no more. */
static bool next_place(const struct delivery *delivery, const struct standing *standing, size_t *at)
{
    struct scratch *scratch = delivery->scratch;
    const struct vote_query *query = &standing->watch.votes;
    const struct question *question = &delivery->questions.at[standing->question];
    const struct vote_class *first = NULL;
    vector_clear(&scratch->parts);
    for (; *at < delivery->classes.count; ++*at) {
        struct vote_class *class = delivery->classes.at[*at];
        if (query_ends(query, class))
            break;
        if (!query_covers(query, class) || class->height < delivery->forgotten[standing->replica] ||
            class->casts.count == 0 || !question_reached(question, class))
            continue;
        if (first && standing->watch.within_one_round &&
            (class->height != first->height || class->round != first->round))
            break;
        first = class;
        vector_push(&scratch->parts, (struct part){class, class->tallies[standing->replica]});
    }
    return scratch->parts.count > 0;
}

static time_ns reach_next(struct delivery *delivery, struct standing *standing)
{
    const struct scratch *scratch = delivery->scratch;
    delivery->scratch->work.forecasts++;
    time_ns look_ns = reach_place(delivery, standing, scratch->parts.at, scratch->parts.count);
    return planted(delivery, PLANT_LATE_BOUND) && look_ns != TIME_NEVER ? look_ns + 1 : look_ns;
}

void forecast_make(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    const struct question *question = &delivery->questions.at[standing->question];
    time_ns look_ns = TIME_NEVER;
    standing->own = true;
    vector_clear(&standing->places);
    if (question->reached.count && !question->eventful) {
        standing->looks++;
        size_t at = classes_from(delivery, standing->watch.votes.height_first, standing->watch.votes.round_first);
        while (next_place(delivery, standing, &at)) {
            const struct vote_class *class = delivery->scratch->parts.at[0].class;
            time_ns place_ns = reach_next(delivery, standing);
            look_ns = MIN(look_ns, place_ns);
            if (standing->watch.within_one_round && place_ns != TIME_NEVER)
                vector_push(&standing->places, (struct place_look){{class->height, class->round}, place_ns});
        }
    }
    set_look(delivery, place, look_ns);
}

/* ---- a watch of many places ---- */

/* The soonest of them is when the watch is looked at. */
static void set_soonest(struct delivery *delivery, uint32_t place)
{
    const struct standing *standing = &delivery->watches.at[place];
    time_ns look_ns = TIME_NEVER;
    for (size_t i = 0; i < standing->places.count; i++)
        look_ns = MIN(look_ns, standing->places.at[i].at_ns);
    set_look(delivery, place, look_ns);
}

static struct place_look *find_place(const struct standing *standing, const struct vote_class *class)
{
    for (size_t i = standing->places.count; i-- > 0;)
        if (standing->places.at[i].place.height == class->height && standing->places.at[i].place.round == class->round)
            return &standing->places.at[i];
    return NULL;
}

/* It may be met at the place of the class at that time, if not sooner. */
static void note_place(struct standing *standing, const struct vote_class *class, time_ns at_ns)
{
    struct place_look *noted = find_place(standing, class);
    if (noted)
        noted->at_ns = MIN(noted->at_ns, at_ns);
    else if (at_ns != TIME_NEVER)
        vector_push(&standing->places, (struct place_look){{class->height, class->round}, at_ns});
}

/* As of now; TIME_NEVER where the replica has forgotten the place. */
static time_ns reach_at(struct delivery *delivery, struct standing *standing, struct reached place)
{
    size_t at = classes_from(delivery, place.height, place.round);
    if (!next_place(delivery, standing, &at))
        return TIME_NEVER;
    const struct vote_class *class = delivery->scratch->parts.at[0].class;
    return class->height == place.height && class->round == place.round ? reach_next(delivery, standing) : TIME_NEVER;
}

/*
 * What was reckoned for the other places stays a lower bound: what was cast there arrives when it did, what is awaited
 * cannot come sooner as time passes, and what was not awaited pulls.
 */
void forecast_add(struct delivery *delivery, uint32_t place, const struct vote_class *class)
{
    struct standing *standing = &delivery->watches.at[place];
    if (!standing->watch.within_one_round || delivery->questions.at[standing->question].reached.count == 1) {
        forecast_make(delivery, place);
        return;
    }
    standing->looks++;
    note_place(standing, class, reach_at(delivery, standing, (struct reached){class->height, class->round}));
    set_soonest(delivery, place);
}

void forecast_again(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    time_ns now_ns = delivery->settings.clock->now.ns;
    standing->looks++;
    size_t kept = 0;
    for (size_t i = 0; i < standing->places.count; i++) {
        struct place_look look = standing->places.at[i];
        if (look.at_ns <= now_ns)
            look.at_ns = reach_at(delivery, standing, look.place);
        if (look.at_ns != TIME_NEVER)
            standing->places.at[kept++] = look;
    }
    standing->places.count = kept;
    set_soonest(delivery, place);
}

/* ---- votes that were not awaited ---- */

void forecast_pull(struct delivery *delivery, const struct vote_class *class, uint32_t vote, replica_id replica,
                   bool own)
{
    if (planted(delivery, PLANT_UNSEEN_CAST))
        return;
    const struct standing_list *list = &delivery->watches_of[replica];
    const struct value *value = &class->values.at[class->casts.at[vote].slot];
    struct instant at = late_arrival(class, vote, replica);
    for (size_t i = 0; i < list->count; i++) {
        struct standing *standing = &delivery->watches.at[list->at[i]];
        if (standing->question == INDEX_NONE || standing->asleep || (own && standing->own))
            continue;
        const struct question *question = &delivery->questions.at[standing->question];
        bool many_places = standing->watch.within_one_round && question->reached.count > 1;
        if ((at.ns >= standing->look_ns && !many_places) || !query_covers(&standing->watch.votes, class) ||
            !count_matches(delivery, replica, &standing->watch.votes, value))
            continue;
        if (question->eventful || !question_reached(question, class))
            continue;
        if (standing->watch.within_one_round)
            note_place(standing, class, at.ns);
        set_look(delivery, list->at[i], MIN(at.ns, standing->look_ns));
    }
}
