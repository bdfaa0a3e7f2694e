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

#include <stdlib.h>
#include <string.h>

#define HAS_LANDED    ((time_ns)-1)
#define LOOKS_IN_VAIN 6u

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

/* A sum that may meet the watch: what of these classes, which are counted together, the predicate accepts. */
struct sum {
    const struct delivery *delivery;
    const struct standing *standing;
    const struct part *parts;
    size_t part_count;
    struct predicate predicate;
    bool patient; /* reckons with those who are awaited */
    bool own;     /* and with those of the replica's own node, whose votes can be here at once */
};

static bool counts(const struct sum *sum, const struct value *value)
{
    return count_accepts(sum->delivery, &sum->predicate, value->block) &&
           count_admits(sum->delivery, sum->standing->replica, &sum->standing->watch.votes, value);
}

/* Weight of what was cast and counts, and of what is awaited. */
static stake_amount weight_of(const struct sum *sum)
{
    stake_amount weight = 0;
    for (size_t p = 0; p < sum->part_count; p++) {
        const struct vote_class *class = sum->parts[p].class;
        if (sum->patient)
            weight = stake_add(weight, awaited_weight(sum->delivery, class, sum->standing->replica));
        if (sum->own)
            weight = stake_add(weight, awaited_own(sum->delivery, class, sum->standing->replica));
        for (size_t slot = 0; slot < class->values.count; slot++)
            if (counts(sum, &class->values.at[slot]))
                weight = stake_add(weight, class->values.at[slot].cast);
    }
    return weight;
}

/* ---- the column ---- */

/* What fills a column: keys from `base_ns` on, seen from `now_ns`. */
struct filling {
    const struct delivery *delivery;
    struct column *column;
    time_ns base_ns, now_ns;
    bool narrow;
};

static void put(struct filling *filling, uint32_t key, stake_amount weight)
{
    struct column *column = filling->column;
    column->keys.at[column->count] = key;
    if (filling->narrow)
        column->narrow.at[column->count] = (uint32_t)weight;
    else
        column->wide.at[column->count] = weight;
    column->count++;
}

static uint32_t shifted(uint32_t key, uint64_t shift)
{
    if (key >= KEY_FAR)
        return key;
    return key + shift < KEY_FAR ? (uint32_t)(key + shift) : KEY_FAR;
}

static void put_awaited(void *user, time_ns after_ns, stake_amount weight)
{
    struct filling *filling = user;
    uint64_t key = (uint64_t)(filling->now_ns - filling->base_ns) + (uint64_t)after_ns;
    if (planted(filling->delivery, PLANT_FAR_AWAITED))
        key += 4 * (uint64_t)after_ns;
    put(filling, key < KEY_FAR ? (uint32_t)key : KEY_FAR, weight);
}

static void reserve(struct filling *filling, size_t more)
{
    size_t room = filling->column->count + more + COLUMN_BLOCK;
    vector_reserve(&filling->column->keys, room);
    if (filling->narrow)
        vector_reserve(&filling->column->narrow, room);
    else
        vector_reserve(&filling->column->wide, room);
}

static bool all_count(const struct sum *sum, const struct vote_class *class)
{
    for (size_t slot = 0; slot < class->values.count; slot++)
        if (!counts(sum, &class->values.at[slot]))
            return false;
    return true;
}

static void put_weights(const struct sum *sum, struct filling *filling, const struct vote_class *class)
{
    struct column *column = filling->column;
    size_t votes = class->casts.count, slots = class->values.count;
    bool all = all_count(sum, class);
    struct scratch *scratch = sum->delivery->scratch;
    if (all && filling->narrow) {
        memcpy(column->narrow.at + column->count, class->late.narrow.at, votes * sizeof(uint32_t));
        return;
    }
    vector_reserve(&scratch->slots, slots + 1);
    for (size_t slot = 0; slot < slots; slot++)
        scratch->slots.at[slot] = all || counts(sum, &class->values.at[slot]);
    for (size_t vote = 0; vote < votes; vote++) {
        const struct cast *cast = &class->casts.at[vote];
        stake_amount weight = scratch->slots.at[cast->slot] ? cast->weight : 0;
        if (filling->narrow)
            column->narrow.at[column->count + vote] = (uint32_t)weight;
        else
            column->wide.at[column->count + vote] = weight;
    }
}

static void put_class(const struct sum *sum, struct filling *filling, const struct part *part)
{
    struct vote_class *class = part->class;
    struct column *column = filling->column;
    size_t votes = class->casts.count;
    uint64_t shift = (uint64_t)(class->late.base_ns - filling->base_ns);
    reserve(filling, votes + sum->delivery->zones + 1);
    uint32_t *keys = column->keys.at + column->count;
    memcpy(keys, late_keys(sum->delivery, class, sum->standing->replica), votes * sizeof *keys);
    for (size_t vote = 0; shift && vote < votes; vote++)
        keys[vote] = shifted(keys[vote], shift);
    for (size_t vote = 0; part->tally && part->tally->early && vote < votes; vote++)
        if (tally_holds(part->tally, (uint32_t)vote))
            keys[vote] = 0;
    if (planted(sum->delivery, PLANT_IGNORED_VOTE))
        keys[votes - 1] = KEY_NEVER;
    put_weights(sum, filling, class);
    column->count += votes;
    if (sum->patient)
        awaited_each(sum->delivery, class, sum->standing->replica, put_awaited, filling);
    if (sum->own)
        put_awaited(filling, 0, awaited_own(sum->delivery, class, sum->standing->replica));
}

static void fill_up(struct filling *filling)
{
    reserve(filling, COLUMN_BLOCK);
    while (filling->column->count % COLUMN_BLOCK)
        put(filling, KEY_NEVER, 0);
}

static struct filling fill(const struct sum *sum, bool narrow)
{
    struct filling filling = {
        .delivery = sum->delivery,
        .column = &sum->delivery->scratch->column,
        .base_ns = sum->parts[0].class->late.base_ns,
        .now_ns = sum->delivery->settings.clock->now.ns,
        .narrow = narrow,
    };
    filling.column->count = 0;
    for (size_t p = 1; p < sum->part_count; p++)
        filling.base_ns = MIN(filling.base_ns, sum->parts[p].class->late.base_ns);
    for (size_t p = 0; p < sum->part_count; p++)
        put_class(sum, &filling, &sum->parts[p]);
    fill_up(&filling);
    return filling;
}

/* ---- without keys ---- */

struct timing {
    struct scratch *scratch;
    time_ns now_ns;
};

static void time_awaited(void *user, time_ns after_ns, stake_amount weight)
{
    struct timing *timing = user;
    vector_push(&timing->scratch->timed, (struct timed_weight){time_add(timing->now_ns, after_ns), weight});
}

static int compare_timed(const void *left, const void *right)
{
    const struct timed_weight *a = left, *b = right;
    return (a->at_ns > b->at_ns) - (a->at_ns < b->at_ns); /* the weights of equal times add up in any order */
}

/* The time at which the sum comes to the threshold, of whatever is far away; and if not `from_ns` or later, from then.
 */
static time_ns reach_by_time(const struct sum *sum, struct instant from)
{
    struct scratch *scratch = sum->delivery->scratch;
    struct timing timing = {scratch, sum->delivery->settings.clock->now.ns};
    vector_clear(&scratch->timed);
    for (size_t p = 0; p < sum->part_count; p++) {
        struct vote_class *class = sum->parts[p].class;
        struct tally *tally = sum->parts[p].tally;
        for (uint32_t vote = 0; vote < class->casts.count; vote++) {
            struct instant at = late_arrival(class, vote, sum->standing->replica);
            bool held = tally && tally->early && tally_holds(tally, vote);
            if (held || instant_before(at, from))
                at.ns = HAS_LANDED;
            if (at.ns != TIME_NEVER && counts(sum, &class->values.at[class->casts.at[vote].slot]))
                vector_push(&scratch->timed, (struct timed_weight){at.ns, class->casts.at[vote].weight});
        }
        if (sum->patient)
            awaited_each(sum->delivery, class, sum->standing->replica, time_awaited, &timing);
        if (sum->own)
            time_awaited(&timing, 0, awaited_own(sum->delivery, class, sum->standing->replica));
    }
    if (scratch->timed.count)
        qsort(scratch->timed.at, scratch->timed.count, sizeof *scratch->timed.at, compare_timed);
    stake_amount weight = 0;
    for (size_t i = 0; i < scratch->timed.count; i++) {
        weight = stake_add(weight, scratch->timed.at[i].weight);
        if (weight >= sum->standing->watch.threshold && scratch->timed.at[i].at_ns != HAS_LANDED)
            return scratch->timed.at[i].at_ns;
    }
    return TIME_NEVER;
}

/* ---- one sum ---- */

static time_ns reach_by_key(const struct sum *sum, bool narrow)
{
    const struct kernels *kernels = sum->delivery->kernels;
    stake_amount threshold = sum->standing->watch.threshold;
    struct filling filling = fill(sum, narrow);
    struct column *column = filling.column;
    size_t blocks = column->count / COLUMN_BLOCK;
    uint32_t key = narrow ? kernels->reach_narrow(column->keys.at, column->narrow.at, blocks, threshold)
                          : kernels->reach_wide(column->keys.at, column->wide.at, blocks, threshold);
    struct instant next = delivery_next_instant(sum->delivery);
    if (key == KEY_NEVER || (key == KEY_FAR && planted(sum->delivery, PLANT_UNSEEN_HEAL)))
        return TIME_NEVER;
    time_ns at_ns = filling.base_ns + key;
    /* What is far has no key; what has landed does not suffice, as those of several classes may seem to. */
    bool may_have_landed = at_ns < next.ns || (at_ns == next.ns && next.microstep > 0 && sum->part_count > 1);
    if (key == KEY_FAR || may_have_landed)
        return reach_by_time(sum, next);
    return at_ns;
}

static time_ns reach_all(const struct sum *sum)
{
    stake_amount weight = weight_of(sum);
    if (weight < sum->standing->watch.threshold)
        return TIME_NEVER;
    bool fits = weight < UINT64_MAX; /* else sums might overflow */
    for (size_t p = 0; p < sum->part_count; p++)
        fits &= sum->parts[p].class->late.total < UINT64_MAX;
    if (!fits)
        return reach_by_time(sum, delivery_next_instant(sum->delivery));
    return reach_by_key(sum, weight <= UINT32_MAX);
}

/* If votes of the own node could meet it at once they are left out: they pull the look forward when they are cast. */
static time_ns reach(struct sum *sum)
{
    time_ns look_ns = reach_all(sum);
    if (!sum->own || look_ns > sum->delivery->settings.clock->now.ns)
        return look_ns;
    sum->own = false;
    return reach_all(sum);
}

/* ---- all sums of one place ---- */

/* Which of the class's values count, as bits; false where there are too many. */
static bool slots_that_count(const struct sum *sum, const struct vote_class *class, uint64_t *slots)
{
    *slots = 0;
    if (class->values.count > 64)
        return false;
    for (size_t slot = 0; slot < class->values.count; slot++)
        *slots |= (uint64_t)counts(sum, &class->values.at[slot]) << slot;
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
        return reach(sum);
    struct instant next = delivery_next_instant(sum->delivery);
    uint32_t votes = (uint32_t)part->class->casts.count;
    if (made->class == part->class && made->replica == sum->standing->replica && made->votes == votes &&
        made->slots == slots && made->threshold == sum->standing->watch.threshold && made->at.ns == next.ns &&
        made->at.microstep == next.microstep) {
        sum->own &= made->own;
        return made->look_ns;
    }
    time_ns look_ns = reach(sum);
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
    sum->predicate = (struct predicate){WATCH_BLOCK, BLOCK_NONE};
    return weight_of(sum) >= sum->standing->watch.threshold ? MIN(look_ns, reach_of(sum)) : look_ns;
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
        if (class->height > query->height_last)
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

void forecast_make(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    const struct question *question = &delivery->questions.at[standing->question];
    time_ns look_ns = TIME_NEVER;
    if (question->reached.count && !question->eventful) {
        standing->looks++;
        standing->own = true;
        size_t at = classes_from(delivery, standing->watch.votes.height_first);
        while (next_place(delivery, standing, &at))
            look_ns = MIN(look_ns,
                          reach_place(delivery, standing, delivery->scratch->parts.at, delivery->scratch->parts.count));
    }
    if (planted(delivery, PLANT_LATE_BOUND) && look_ns != TIME_NEVER)
        look_ns++;
    set_look(delivery, place, look_ns);
}

void forecast_pull(struct delivery *delivery, const struct vote_class *class, uint32_t vote, replica_id replica,
                   bool own)
{
    if (planted(delivery, PLANT_UNSEEN_CAST))
        return;
    const struct standing_list *list = &delivery->watches_of[replica];
    const struct value *value = &class->values.at[class->casts.at[vote].slot];
    struct instant at = late_arrival(class, vote, replica);
    for (size_t i = 0; i < list->count; i++) {
        const struct standing *standing = &delivery->watches.at[list->at[i]];
        if (standing->question == INDEX_NONE || standing->asleep || (own && standing->own) ||
            at.ns >= standing->look_ns || !query_covers(&standing->watch.votes, class) ||
            !count_matches(delivery, replica, &standing->watch.votes, value))
            continue;
        const struct question *question = &delivery->questions.at[standing->question];
        if (!question->eventful && question_reached(question, class))
            set_look(delivery, list->at[i], at.ns);
    }
}
