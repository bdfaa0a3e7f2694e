/* SPDX-License-Identifier: MIT */
/*
 * When a sum of votes comes to a watch's threshold at the earliest: the weighted quantile of what was cast, at its time
 * of arrival, and of what is awaited, as early as it can arrive. By keys, in columns for the kernels; by times where a
 * vote is too far away for a key, or where keys cannot tell what has landed.
 */
#include "delivery/inside.h"

#include <stdlib.h>
#include <string.h>

#define HAS_LANDED    ((time_ns)-1)
#define MOST_APART_NS (20 * MILLISECOND) /* to look through more is no gain */

bool sum_counts(const struct sum *sum, const struct value *value)
{
    return count_accepts(sum->delivery, &sum->predicate, value->block) &&
           count_admits(sum->delivery, sum->standing->replica, &sum->standing->watch.votes, value);
}

/* Weight of what was cast and counts, and of what is awaited. */
stake_amount sum_weight(const struct sum *sum)
{
    stake_amount weight = 0;
    for (size_t p = 0; p < sum->part_count; p++) {
        const struct vote_class *class = sum->parts[p].class;
        if (sum->patient)
            weight = stake_add(weight, awaited_weight(sum->delivery, class, sum->standing->replica));
        if (sum->own)
            weight = stake_add(weight, awaited_own(sum->delivery, class, sum->standing->replica));
        for (size_t slot = 0; slot < class->values.count; slot++)
            if (sum_counts(sum, &class->values.at[slot]))
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
        if (!sum_counts(sum, &class->values.at[slot]))
            return false;
    return true;
}

static void put_weights(const struct sum *sum, struct filling *filling, const struct vote_class *class)
{
    struct column *column = filling->column;
    size_t votes = class->casts.count, slots = class->values.count;
    bool all = all_count(sum, class);
    struct scratch *scratch = sum->delivery->scratch;
    if (all) {
        if (filling->narrow)
            memcpy(column->narrow.at + column->count, class->late.narrow.at, votes * sizeof(uint32_t));
        else
            memcpy(column->wide.at + column->count, class->late.wide.at, votes * sizeof(uint64_t));
        return;
    }
    vector_reserve(&scratch->slots, slots + 1);
    for (size_t slot = 0; slot < slots; slot++)
        scratch->slots.at[slot] = sum_counts(sum, &class->values.at[slot]);
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
            if (at.ns != TIME_NEVER && sum_counts(sum, &class->values.at[class->casts.at[vote].slot]))
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

/* ---- guesses ---- */

/* What one replica gets, its neighbours get about as soon. */
static struct guess *guess_of(const struct sum *sum)
{
    const struct delivery *delivery = sum->delivery;
    if (!delivery->guesses)
        return NULL;
    return &delivery->guesses[delivery->zone_of[delivery->node_of[sum->standing->replica]]];
}

static struct key_range guessed_range(const struct guess *guess, time_ns base_ns)
{
    if (!guess)
        return (struct key_range){0, 0};
    time_ns low = guess->at_ns - guess->spread_ns - base_ns, high = guess->at_ns + guess->spread_ns - base_ns;
    if (low < 0 || high >= (time_ns)KEY_FAR)
        return (struct key_range){0, 0};
    return (struct key_range){(uint32_t)low, (uint32_t)high};
}

/* The spread grows where guesses fail by little, and shrinks else: about one in nine fails. */
static void learn(struct guess *guess, time_ns at_ns)
{
    time_ns apart_ns = at_ns > guess->at_ns ? at_ns - guess->at_ns : guess->at_ns - at_ns;
    if (apart_ns < guess->spread_ns)
        guess->spread_ns -= guess->spread_ns / 12;
    else if (apart_ns / 8 < guess->spread_ns)
        guess->spread_ns += guess->spread_ns / 4 + 1;
    else /* another sum; or spreads have become other ones */
        guess->spread_ns += guess->spread_ns / 64 + MICROSECOND;
    guess->spread_ns = MIN(guess->spread_ns, MOST_APART_NS);
    guess->at_ns = at_ns;
}

/* ---- one sum ---- */

static time_ns reach_by_key(const struct sum *sum, bool narrow)
{
    const struct kernels *kernels = sum->delivery->kernels;
    stake_amount threshold = sum->standing->watch.threshold;
    struct filling filling = fill(sum, narrow);
    struct column *column = filling.column;
    size_t blocks = column->count / COLUMN_BLOCK;
    struct guess *guess = guess_of(sum);
    struct key_range range = guessed_range(guess, filling.base_ns);
    uint32_t key = narrow ? kernels->reach_narrow(column->keys.at, column->narrow.at, blocks, threshold, range)
                          : kernels->reach_wide(column->keys.at, column->wide.at, blocks, threshold, range);
    struct instant next = delivery_next_instant(sum->delivery);
    if (key == KEY_NEVER || (key == KEY_FAR && planted(sum->delivery, PLANT_UNSEEN_HEAL)))
        return TIME_NEVER;
    time_ns at_ns = filling.base_ns + key;
    if (guess)
        learn(guess, at_ns);
    /* What is far has no key; what has landed does not suffice, as those of several classes may seem to. */
    bool may_have_landed = at_ns < next.ns || (at_ns == next.ns && next.microstep > 0 && sum->part_count > 1);
    if (key == KEY_FAR || may_have_landed)
        return reach_by_time(sum, next);
    return at_ns;
}

static time_ns reach_all(const struct sum *sum)
{
    stake_amount weight = sum_weight(sum);
    if (weight < sum->standing->watch.threshold)
        return TIME_NEVER;
    bool fits = weight < UINT64_MAX; /* else sums might overflow */
    for (size_t p = 0; p < sum->part_count; p++)
        fits &= sum->parts[p].class->total < UINT64_MAX;
    if (!fits)
        return reach_by_time(sum, delivery_next_instant(sum->delivery));
    return reach_by_key(sum, weight <= UINT32_MAX);
}

/* If votes of the own node could meet it at once they are left out: they pull the look forward when they are cast. */
time_ns sum_reach(struct sum *sum)
{
    time_ns look_ns = reach_all(sum);
    if (!sum->own || look_ns > sum->delivery->settings.clock->now.ns)
        return look_ns;
    sum->own = false;
    return reach_all(sum);
}
