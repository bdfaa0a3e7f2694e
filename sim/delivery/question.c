/* SPDX-License-Identifier: MIT */
/*
 * What watches of several replicas ask alike is kept once. Most of the time the votes cast cannot meet it, wherever
 * they are by now; so the watches sleep, and casting a vote costs a comparison for each question, not for each watch.
 * When the weight cast at some place, a (height, round) where watches count rounds apart, suffices, every watch of the
 * question is looked at, and from then on reckons with that place.
 *
 * A question that covers an eventful class makes all others that it covers eventful: a watch is either counted as votes
 * arrive, or forecast.
 */
#include "delivery/inside.h"

#include <string.h>

static struct reached place_of(const struct question *question, const struct vote_class *class)
{
    if (!question->watch.within_one_round)
        return (struct reached){0, 0};
    return (struct reached){class->height, class->round};
}

/* Position of the first place that is not before this one. */
static size_t find_reached(const struct question *question, struct reached place)
{
    size_t low = 0, high = question->reached.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_before(question->reached.at[middle], place))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_reached(const struct question *question, struct reached place)
{
    size_t at = find_reached(question, place);
    return at < question->reached.count && !place_before(place, question->reached.at[at]);
}

static void add_reached(struct question *question, struct reached place)
{
    size_t at = find_reached(question, place);
    vector_push(&question->reached, place);
    memmove(question->reached.at + at + 1, question->reached.at + at,
            (question->reached.count - 1 - at) * sizeof *question->reached.at);
    question->reached.at[at] = place;
}

bool question_reached(const struct question *question, const struct vote_class *class)
{
    return is_reached(question, place_of(question, class));
}

/* ---- what was cast ---- */

static stake_amount cast_for_block(const struct vote_class *class, block_id block)
{
    stake_amount sum = 0;
    for (size_t slot = 0; slot < class->values.count; slot++)
        if (class->values.at[slot].block == block)
            sum = stake_add(sum, class->values.at[slot].cast);
    return sum;
}

/* No sum that the query asks for can get more than this from the class. */
static stake_amount most_of(const struct delivery *delivery, const struct vote_query *query,
                            const struct vote_class *class)
{
    stake_amount most = 0;
    struct predicate predicate = {query->value, query->block};
    for (size_t slot = 0; slot < class->values.count; slot++) {
        const struct value *value = &class->values.at[slot];
        if (!count_accepts(delivery, &predicate, value->block))
            continue;
        if (query->value != WATCH_SOME_BLOCK)
            most = stake_add(most, value->cast);
        else if (value->cast > most || class->values.count > 1)
            most = MAX(most, cast_for_block(class, value->block));
    }
    return most;
}

/* ---- waking ---- */

/* Every watch of the question that is not met looks out for what was cast at the place of the class. */
static void wake(struct delivery *delivery, uint32_t at, const struct vote_class *class)
{
    size_t kept = 0;
    for (size_t i = 0; i < delivery->questions.at[at].members.count; i++) {
        struct question *question = &delivery->questions.at[at];
        struct member member = question->members.at[i];
        struct standing *standing = &delivery->watches.at[member.place];
        if (standing->generation != member.generation)
            continue;
        question->members.at[kept++] = member;
        standing->looks = 0;
        if (!standing->asleep)
            forecast_add(delivery, member.place, class);
    }
    delivery->questions.at[at].members.count = kept;
}

/* Notes the places that have become reachable, and what is lacking for another; whether there are new ones. */
static bool refresh(struct delivery *delivery, struct question *question)
{
    const struct vote_query *query = &question->watch.votes;
    stake_amount sum = 0, closest = 0;
    struct reached place = {0, 0};
    bool is_new = false;
    for (size_t i = classes_from(delivery, query->height_first, query->round_first); i <= delivery->classes.count;
         i++) {
        const struct vote_class *class = i < delivery->classes.count ? delivery->classes.at[i] : NULL;
        if (class && query_ends(query, class))
            class = NULL;
        if (class && !query_covers(query, class))
            continue;
        struct reached next = class ? place_of(question, class) : place;
        if (!class || next.height != place.height || next.round != place.round) {
            if (sum >= question->watch.threshold && !is_reached(question, place)) {
                add_reached(question, place);
                is_new = true;
            } else if (sum < question->watch.threshold) {
                closest = MAX(closest, sum);
            }
            place = next;
            sum = 0;
        }
        if (!class)
            break;
        sum = stake_add(sum, most_of(delivery, query, class));
    }
    question->need = stake_add(question->covered, question->watch.threshold - closest);
    question->spared = 0;
    return is_new;
}

/*
 * The same after a vote was cast at the place of the class, which alone can be new. What is lacking for others is found
 * again, of all of them, after as many times as there are classes.
 */
static bool refresh_place(struct delivery *delivery, struct question *question, const struct vote_class *class)
{
    if (!question->watch.within_one_round || question->spared++ >= delivery->classes.count)
        return refresh(delivery, question);
    if (question_reached(question, class))
        return false;
    stake_amount sum = 0;
    for (size_t i = classes_from(delivery, class->height, class->round); i < delivery->classes.count; i++) {
        const struct vote_class *other = delivery->classes.at[i];
        if (other->height != class->height || other->round != class->round)
            break;
        if (query_covers(&question->watch.votes, other))
            sum = stake_add(sum, most_of(delivery, &question->watch.votes, other));
    }
    if (sum < question->watch.threshold)
        return false;
    add_reached(question, place_of(question, class));
    return true;
}

void question_cast(struct delivery *delivery, const struct vote_class *class, uint32_t vote)
{
    for (uint32_t at = 0; at < delivery->questions.count; at++) {
        struct question *question = &delivery->questions.at[at];
        if (!question->standing || question->eventful || !query_covers(&question->watch.votes, class))
            continue;
        question->covered = stake_add(question->covered, class->casts.at[vote].weight);
        bool wakes = vote == 0 && question_reached(question, class);
        if (question->covered >= question->need)
            wakes |= refresh_place(delivery, question, class);
        if (wakes)
            wake(delivery, at, class);
    }
}

/* ---- eventful classes ---- */

/* Makes all classes that the question covers eventful, and its watches count at the next arrival. */
static void become_eventful(struct delivery *delivery, uint32_t at)
{
    struct question *question = &delivery->questions.at[at];
    const struct vote_query query = question->watch.votes;
    question->eventful = true;
    for (size_t i = 0; i < question->members.count; i++) {
        struct standing *standing = &delivery->watches.at[question->members.at[i].place];
        if (standing->generation == question->members.at[i].generation)
            standing->bound = UINT64_MAX;
    }
    for (size_t i = classes_from(delivery, query.height_first, query.round_first); i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        if (query_ends(&query, class))
            return;
        if (query_covers(&query, class))
            late_end(delivery, class);
    }
}

void question_end(struct delivery *delivery, const struct vote_class *class)
{
    for (uint32_t at = 0; at < delivery->questions.count; at++) {
        const struct question *question = &delivery->questions.at[at];
        if (question->standing && !question->eventful && query_covers(&question->watch.votes, class))
            become_eventful(delivery, at);
    }
}

bool question_is_eventful(const struct delivery *delivery, const struct vote_class *class)
{
    for (size_t at = 0; at < delivery->questions.count; at++) {
        const struct question *question = &delivery->questions.at[at];
        if (question->standing && question->eventful && query_covers(&question->watch.votes, class))
            return true;
    }
    return false;
}

static bool covers_eventful(const struct delivery *delivery, const struct vote_query *query)
{
    for (size_t i = classes_from(delivery, query->height_first, query->round_first); i < delivery->classes.count; i++) {
        const struct vote_class *class = delivery->classes.at[i];
        if (query_ends(query, class))
            return false;
        if (class->eventful && query_covers(query, class))
            return true;
    }
    return false;
}

/* ---- joining and leaving ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct watch *watch)
{
    const struct vote_query *query = &watch->votes;
    uint64_t hash = mix(query->kinds, watch->threshold);
    hash = mix(hash, query->height_first);
    hash = mix(hash, query->height_last);
    hash = mix(hash, (uint64_t)query->round_first << 32 | query->round_last);
    hash = mix(hash, (uint64_t)query->electorate << 32 | query->block);
    return mix(hash, (uint64_t)query->value << 1 | watch->within_one_round);
}

/* The blocks that have arrived and the rule for duplicates make no difference to what was cast. */
static bool is_same(const struct watch *a, const struct watch *b)
{
    const struct vote_query *left = &a->votes, *right = &b->votes;
    return left->kinds == right->kinds && a->threshold == b->threshold && left->height_first == right->height_first &&
           left->height_last == right->height_last && left->round_first == right->round_first &&
           left->round_last == right->round_last && left->electorate == right->electorate &&
           left->block == right->block && left->value == right->value && a->within_one_round == b->within_one_round;
}

static uint32_t take_place(struct delivery *delivery)
{
    uint32_t at = delivery->free_question;
    if (at == INDEX_NONE) {
        vector_push(&delivery->questions, (struct question){0});
        return (uint32_t)delivery->questions.count - 1;
    }
    delivery->free_question = (uint32_t)delivery->questions.at[at].need;
    return at;
}

/* The question's place; another question of the same hash moves this one on. */
static uint32_t find(struct delivery *delivery, const struct watch *watch)
{
    uint64_t hash = hash_of(watch);
    for (;; hash++) {
        uint32_t at = index_map_find(&delivery->question_at, hash);
        if (at == INDEX_NONE)
            break;
        if (is_same(&delivery->questions.at[at].watch, watch))
            return at;
    }
    uint32_t at = take_place(delivery);
    struct question *question = &delivery->questions.at[at];
    vector_clear(&question->members);
    vector_clear(&question->reached);
    question->watch = *watch;
    question->hash = hash;
    question->covered = 0;
    question->eventful = false;
    index_map_set(&delivery->question_at, hash, at);
    return at;
}

static void drop_gone(const struct delivery *delivery, struct question *question)
{
    size_t kept = 0;
    for (size_t i = 0; i < question->members.count; i++)
        if (delivery->watches.at[question->members.at[i].place].generation == question->members.at[i].generation)
            question->members.at[kept++] = question->members.at[i];
    question->members.count = kept;
}

void question_join(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    uint32_t at = find(delivery, &standing->watch);
    struct question *question = &delivery->questions.at[at];
    standing->question = at;
    if (question->members.count > 2 * (size_t)question->standing + 16)
        drop_gone(delivery, question);
    vector_push(&question->members, (struct member){place, standing->generation});
    if (question->standing++)
        return;
    if (covers_eventful(delivery, &standing->watch.votes))
        become_eventful(delivery, at);
    else
        refresh(delivery, question);
}

void question_leave(struct delivery *delivery, uint32_t place)
{
    uint32_t at = delivery->watches.at[place].question;
    if (at == INDEX_NONE)
        return;
    struct question *question = &delivery->questions.at[at];
    if (--question->standing)
        return;
    index_map_remove(&delivery->question_at, question->hash);
    question->need = delivery->free_question;
    delivery->free_question = at;
}

void questions_release(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->questions.count; i++) {
        vector_release(&delivery->questions.at[i].members);
        vector_release(&delivery->questions.at[i].reached);
    }
    vector_release(&delivery->questions);
    index_map_release(&delivery->question_at);
}
