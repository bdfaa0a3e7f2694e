/* SPDX-License-Identifier: MIT */
/*
 * Votes, stored once in classes, and tallies, what each replica holds of a class. A class lives while some replica
 * holds a vote of it that it has not forgotten, or one is under way; so memory does not grow with history. A replica
 * that is down for good holds what it held, and no more.
 */
#include "delivery/inside.h"

#include "base/assert.h"

#include <string.h>

/* ---- classes ---- */

static int compare_place(const struct vote_class *class, uint64_t height, uint32_t round, uint16_t type)
{
    if (class->height != height)
        return class->height < height ? -1 : 1;
    if (class->round != round)
        return class->round < round ? -1 : 1;
    return (class->type > type) - (class->type < type);
}

/* Position of the first class that is not before the place. */
static size_t lower_bound(const struct delivery *delivery, uint64_t height, uint32_t round, uint16_t type)
{
    size_t low = 0, high = delivery->classes.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_place(delivery->classes.at[middle], height, round, type) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t classes_from(const struct delivery *delivery, uint64_t height, uint32_t round)
{
    return lower_bound(delivery, height, round, 0);
}

struct vote_class *class_find(const struct delivery *delivery, uint16_t type, uint64_t height, uint32_t round)
{
    size_t at = lower_bound(delivery, height, round, type);
    if (at == delivery->classes.count || compare_place(delivery->classes.at[at], height, round, type) != 0)
        return NULL;
    return delivery->classes.at[at];
}

static bool starts_eventful(const struct delivery *delivery, const struct vote_class *class)
{
    if (delivery->settings.backend == DELIVERY_EVENTS || class->type == TYPE_PROPOSAL ||
        question_is_eventful(delivery, class))
        return true;
    if (delivery->each_watches == 0)
        return false;
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        if (watches_want_each(delivery, class, replica))
            return true;
    return false;
}

struct vote_class *class_obtain(struct delivery *delivery, uint16_t type, uint64_t height, uint32_t round)
{
    struct vote_class *class = class_find(delivery, type, height, round);
    if (class)
        return class;
    class = g_new0(struct vote_class, 1);
    class->height = height;
    class->round = round;
    class->type = type;
    class->tallies = g_new0(struct tally *, delivery->replicas);
    class->eventful = starts_eventful(delivery, class);
    if (!class->eventful)
        class->late.expects = g_new0(uint64_t, bits_words(delivery->replicas));

    size_t at = lower_bound(delivery, height, round, type);
    vector_push(&delivery->classes, class);
    memmove(delivery->classes.at + at + 1, delivery->classes.at + at,
            (delivery->classes.count - 1 - at) * sizeof *delivery->classes.at);
    delivery->classes.at[at] = class;
    if (class->eventful)
        question_end(delivery, class);
    return class;
}

static bool is_needed(const struct vote_class *class)
{
    return class->tally_count || class->in_flight || class->late.expecting;
}

/* Lists a class that nobody needs any more; it is freed when the next instant begins. */
static void let_idle(struct delivery *delivery, struct vote_class *class)
{
    if (class->idle || is_needed(class))
        return;
    class->idle = true;
    vector_push(&delivery->idle, class);
}

void class_release_use(struct delivery *delivery, struct vote_class *class)
{
    CHECK(class->in_flight);
    class->in_flight--;
    let_idle(delivery, class);
}

static void tally_free(struct tally *tally)
{
    if (tally)
        g_free(tally->stamps);
    g_free(tally);
}

void class_forget(struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    struct tally *tally = class->tallies[replica];
    if (tally) {
        class->tallies[replica] = NULL;
        class->tally_count--;
        tally_free(tally);
    }
    if (!class->eventful)
        late_forget(class, replica);
    let_idle(delivery, class);
}

void class_free(struct delivery *delivery, struct vote_class *class)
{
    for (replica_id replica = 0; class->tally_count && replica < delivery->replicas; replica++)
        tally_free(class->tallies[replica]);
    for (size_t i = 0; i < class->chunks.count; i++)
        g_free(class->chunks.at[i]);
    late_release(delivery, class);
    vector_release(&class->casts);
    vector_release(&class->chunks);
    vector_release(&class->values);
    index_map_release(&class->newest);
    g_free(class->tallies);
    g_free(class);
}

void classes_bury(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->idle.count; i++) {
        struct vote_class *class = delivery->idle.at[i];
        class->idle = false;
        if (is_needed(class))
            continue;
        size_t at = lower_bound(delivery, class->height, class->round, class->type);
        delivery->classes.count--;
        memmove(delivery->classes.at + at, delivery->classes.at + at + 1,
                (delivery->classes.count - at) * sizeof *delivery->classes.at);
        class_free(delivery, class);
    }
    vector_clear(&delivery->idle);
}

/* ---- casting ---- */

static uint32_t slot_of(struct vote_class *class, const struct message *message)
{
    for (size_t i = 0; i < class->values.count; i++)
        if (class->values.at[i].block == message->block && class->values.at[i].electorate == message->electorate)
            return (uint32_t)i;
    vector_push(&class->values, (struct value){message->block, message->electorate, 0});
    return (uint32_t) class->values.count - 1;
}

/* The voter's votes that were counted as of even weight are not any more: every watch must look at each arrival. */
static void become_uneven(struct delivery *delivery, struct vote_class *class)
{
    class->uneven = delivery->uneven = true;
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        if (class->tallies[replica])
            class->tallies[replica]->trigger = 0;
}

static bool is_same_vote(const struct message *a, const struct message *b)
{
    return a->id == b->id && a->block == b->block && a->weight == b->weight && a->electorate == b->electorate;
}

uint32_t class_cast(struct delivery *delivery, struct vote_class *class, const struct message *message, bool *is_new)
{
    uint32_t older = index_map_find(&class->newest, message->sender);
    *is_new = false;
    for (uint32_t vote = older; vote != INDEX_NONE; vote = class->casts.at[vote].older)
        if (is_same_vote(class_message(class, vote), message))
            return vote;

    *is_new = true;
    uint32_t vote = (uint32_t) class->casts.count;
    class->total = stake_add(class->total, message->weight);
    class->weightless |= message->weight == 0;
    whole_ends(delivery, class);
    if (vote % VOTES_A_CHUNK == 0)
        vector_push(&class->chunks, g_new(struct message, VOTES_A_CHUNK));
    class->chunks.at[vote / VOTES_A_CHUNK][vote % VOTES_A_CHUNK] = *message;
    uint32_t slot = slot_of(class, message);
    class->values.at[slot].cast = stake_add(class->values.at[slot].cast, message->weight);
    vector_push(&class->casts, (struct cast){message->weight, slot, older, INDEX_NONE});
    index_map_set(&class->newest, message->sender, vote);
    if (older == INDEX_NONE)
        return vote;
    class->repeats++;
    class->casts.at[older].newer = vote;
    if (!class->uneven && class->casts.at[older].weight != message->weight)
        become_uneven(delivery, class);
    return vote;
}

/* ---- tallies ---- */

static struct tally *tally_alloc(uint32_t vote_room, uint32_t slot_room)
{
    size_t words = slot_room + bits_words(vote_room);
    struct tally *tally = g_malloc0(sizeof *tally + words * sizeof *tally->words);
    tally->vote_room = vote_room;
    tally->slot_room = slot_room;
    return tally;
}

/* A tally with room for every vote cast so far, and for some more. */
static void tally_grow(const struct vote_class *class, struct tally **place)
{
    struct tally *old = *place;
    uint32_t votes = (uint32_t) class->casts.room, slots = (uint32_t) class->values.count;
    struct tally *tally = tally_alloc(votes > old->vote_room ? votes : old->vote_room,
                                      slots > old->slot_room ? slots + 2 : old->slot_room);
    uint32_t vote_room = tally->vote_room, slot_room = tally->slot_room;
    *tally = *old;
    tally->vote_room = vote_room;
    tally->slot_room = slot_room;
    memcpy(tally_weights(tally), tally_weights(old), old->slot_room * sizeof(stake_amount));
    memcpy(tally_bits(tally), tally_bits(old), bits_words(old->vote_room) * sizeof(uint64_t));
    if (old->stamps) {
        tally->stamps = g_new0(uint64_t, vote_room);
        memcpy(tally->stamps, old->stamps, old->vote_room * sizeof *tally->stamps);
    }
    tally_free(old);
    *place = tally;
}

void tally_make_room(const struct vote_class *class, struct tally **tally)
{
    if ((*tally)->vote_room < class->casts.count || (*tally)->slot_room < class->values.count)
        tally_grow(class, tally);
}

struct tally *tally_obtain(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    if (class->tallies[replica])
        return class->tallies[replica];
    struct tally *tally = tally_alloc((uint32_t) class->casts.room, (uint32_t) class->values.count + 2);
    tally->each = delivery->each_watches && watches_want_each(delivery, class, replica);
    class->tallies[replica] = tally;
    class->tally_count++;
    return tally;
}

struct tally *tally_now(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    if (class->height < delivery->forgotten[replica])
        return NULL;
    if (!class->eventful)
        late_advance(delivery, class, replica);
    return class->tallies[replica];
}

bool tally_is_whole(const struct vote_class *class, const struct tally *tally)
{
    return tally->total == class->total && class->total < UINT64_MAX && !class->weightless;
}

struct tally *tally_listed(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    if (class->height < delivery->forgotten[replica])
        return NULL;
    if (!class->eventful)
        late_list(delivery, class, replica);
    return class->tallies[replica];
}

void tally_add(struct vote_class *class, struct tally **place, uint32_t vote)
{
    const struct cast *cast = &class->casts.at[vote];
    struct tally *tally = *place;
    if (__builtin_expect(vote >= tally->vote_room || cast->slot >= tally->slot_room, 0)) {
        tally_grow(class, place);
        tally = *place;
    }
    bit_set(tally_bits(tally), vote);
    stake_amount *weight = &tally_weights(tally)[cast->slot];
    *weight = stake_add(*weight, cast->weight);
    tally->total = stake_add(tally->total, cast->weight);
}

/* The voter has other votes in the class: the order of arrival may matter, and so may the contradiction. */
static void land_repeated(struct delivery *delivery, struct vote_class *class, struct tally *tally, uint32_t vote,
                          replica_id replica)
{
    if (!tally->stamps)
        tally->stamps = g_new0(uint64_t, tally->vote_room);
    tally->stamps[vote] = delivery->stamp;
    if (delivery->settings.sees_equivocation)
        vector_push(&delivery->suspects, (struct landed_vote){class, vote, replica});
}

/* A vote that the replica's tally does not hold. */
static void land_new(struct delivery *delivery, struct vote_class *class, uint32_t vote, replica_id replica)
{
    tally_add(class, &class->tallies[replica], vote);
    struct tally *tally = class->tallies[replica];
    tally->early = !class->eventful;
    const struct cast *cast = &class->casts.at[vote];
    if (__builtin_expect(cast->older != INDEX_NONE || cast->newer != INDEX_NONE, 0))
        land_repeated(delivery, class, tally, vote, replica);
    if (tally->each)
        vector_push(&delivery->singles, (struct landed_vote){class, vote, replica});
    if ((tally->total >= tally->trigger || !class->eventful) && !tally->touched) {
        tally->touched = true;
        vector_push(&delivery->touched, (struct touched){class, replica});
    }
}

void vote_land(struct delivery *delivery, struct vote_class *class, uint32_t vote, replica_id replica)
{
    if (class->height < delivery->forgotten[replica])
        return;
    if (!class->eventful)
        late_list(delivery, class, replica);
    if (!tally_holds(tally_obtain(delivery, class, replica), vote))
        land_new(delivery, class, vote, replica);
}

void votes_land(struct delivery *delivery, struct vote_class *class, const uint64_t *votes, size_t words,
                replica_id replica)
{
    if (class->height < delivery->forgotten[replica])
        return;
    if (!class->eventful)
        late_list(delivery, class, replica);
    tally_obtain(delivery, class, replica);
    tally_make_room(class, &class->tallies[replica]);
    for (size_t word = 0; word < words; word++)
        for (uint64_t rest = votes[word] & ~tally_bits(class->tallies[replica])[word]; rest; rest &= rest - 1)
            land_new(delivery, class, (uint32_t)word * 64 + bit_lowest(rest), replica);
}

/* ---- a voter that voted twice ---- */

static uint64_t stamp_of(const struct tally *tally, uint32_t vote)
{
    return tally->stamps ? tally->stamps[vote] : 0;
}

/* The order in which a replica got the votes of one voter: by instant, then by message id. */
static bool came_before(const struct vote_class *class, const struct tally *tally, uint32_t a, uint32_t b)
{
    uint64_t stamp_a = stamp_of(tally, a), stamp_b = stamp_of(tally, b);
    if (stamp_a != stamp_b)
        return stamp_a < stamp_b;
    message_id id_a = class_message(class, a)->id, id_b = class_message(class, b)->id;
    return id_a != id_b ? id_a < id_b : a < b;
}

static uint32_t newest_of_voter(const struct vote_class *class, uint32_t vote)
{
    while (class->casts.at[vote].newer != INDEX_NONE)
        vote = class->casts.at[vote].newer;
    return vote;
}

bool vote_is_first(const struct vote_class *class, struct tally *tally, uint32_t vote, electorate_id electorate)
{
    for (uint32_t other = newest_of_voter(class, vote); other != INDEX_NONE; other = class->casts.at[other].older) {
        if (other == vote || !tally_holds(tally, other))
            continue;
        if (electorate != ID_NONE && class_message(class, other)->electorate != electorate)
            continue;
        if (came_before(class, tally, other, vote))
            return false;
    }
    return true;
}

/* The first vote of the voter that the replica got, of those for other blocks than `unlike` names (INDEX_NONE: any). */
static uint32_t first_vote(const struct vote_class *class, struct tally *tally, uint32_t of, uint32_t unlike)
{
    uint32_t first = INDEX_NONE;
    for (uint32_t vote = newest_of_voter(class, of); vote != INDEX_NONE; vote = class->casts.at[vote].older) {
        if (!tally_holds(tally, vote))
            continue;
        if (unlike != INDEX_NONE && class_message(class, vote)->block == class_message(class, unlike)->block)
            continue;
        if (first == INDEX_NONE || came_before(class, tally, vote, first))
            first = vote;
    }
    return first;
}

/* A voter is reported once in a class: when the first vote that contradicts its first one has landed. */
void suspects_report(struct delivery *delivery)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    for (size_t i = 0; i < delivery->suspects.count; i++) {
        struct landed_vote landed = delivery->suspects.at[i];
        struct tally *tally = landed.class->tallies[landed.replica];
        uint32_t first = first_vote(landed.class, tally, landed.vote, INDEX_NONE);
        uint32_t second = first_vote(landed.class, tally, landed.vote, first);
        if (second == landed.vote)
            sink->equivocation(sink->user, landed.replica, class_message(landed.class, first),
                               class_message(landed.class, second));
    }
    vector_clear(&delivery->suspects);
}
