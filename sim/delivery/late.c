/* SPDX-License-Identifier: MIT */
/*
 * Late classes: their votes are kept with the times at which they reach each replica, and nothing happens when they do.
 * A tally is brought up to date when somebody looks, and somebody looks when a watch may be met (question.c,
 * forecast.c). Nobody votes twice in a late class; late_end makes it eventful before that.
 */
#include "delivery/inside.h"

#include "base/assert.h"

#include <string.h>

/* ---- tallies on demand ---- */

/* The sums hold still: nothing was cast since, and no time has passed or all had landed. */
static bool sums_are_current(const struct tally *tally, const struct vote_class *class, struct instant next)
{
    return tally->known == class->late.soonest.count &&
           (!instant_before(tally->known_at, next) || tally_is_whole(class, tally));
}

/* The same of the bits, where the sums are current; they are listed no later than these. */
static bool bits_are_current(const struct tally *tally, const struct vote_class *class, struct instant next)
{
    return tally->listed == class->late.soonest.count &&
           (!instant_before(tally->listed_at, next) ||
            (tally_is_whole(class, tally) && !instant_before(tally->listed_at, tally->known_at)));
}

/* What has a key below it has landed, but for what was sent at this very time. */
static uint32_t landed_limit(const struct late *late, struct instant next)
{
    uint64_t limit = (uint64_t)(next.ns - late->base_ns) + (next.microstep > 0);
    return limit < KEY_FAR ? (uint32_t)limit : KEY_FAR;
}

/* Whether arrivals of the class cannot be told to have landed by keys alone. */
static bool needs_times(const struct late *late, struct instant next)
{
    return late->far.count && next.ns - late->base_ns >= (time_ns)KEY_FAR;
}

/* Whether keys below the limit tell what has landed: no vote was sent at this very time, or has come from far. */
static bool keys_tell(const struct late *late, struct instant next)
{
    return late->soonest.at[late->soonest.count - 1].ns != next.ns && !needs_times(late, next);
}

static bool has_landed(const struct vote_class *class, uint32_t vote, replica_id replica, struct instant next)
{
    return instant_before(late_arrival(class, vote, replica), next);
}

/* Of the votes sent at this very time, those that were counted as landed and have not. */
static stake_amount landed_too_soon(const struct vote_class *class, replica_id replica, uint32_t limit,
                                    struct instant next)
{
    stake_amount weight = 0;
    for (size_t i = class->late.soonest.count; i-- > 0 && class->late.soonest.at[i].ns == next.ns;) {
        struct instant at = late_arrival(class, (uint32_t)i, replica);
        if (at.ns == next.ns && limit && next.microstep > 0 && !instant_before(at, next))
            weight += class->casts.at[i].weight;
    }
    return weight;
}

/* What has landed of a class whose votes are all for one value. */
static stake_amount landed_sum(const struct delivery *delivery, const struct vote_class *class, replica_id replica,
                               struct instant next)
{
    const struct late *late = &class->late;
    size_t blocks = (late->soonest.count + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
    const uint32_t *keys = late_keys(delivery, class, replica);
    uint32_t limit = landed_limit(late, next);
    stake_amount sum = class->total <= UINT32_MAX ? delivery->kernels->sum_narrow(keys, late->narrow.at, blocks, limit)
                                                  : delivery->kernels->sum_wide(keys, late->wide.at, blocks, limit);
    return sum - landed_too_soon(class, replica, limit, next);
}

static void sum_by_value(const struct delivery *delivery, const struct vote_class *class, replica_id replica,
                         struct instant next, struct tally *tally)
{
    stake_amount *weights = tally_weights(tally);
    memset(weights, 0, tally->slot_room * sizeof(stake_amount));
    if (!tally->early && class->total < UINT64_MAX && keys_tell(&class->late, next)) {
        const uint32_t *keys = late_keys(delivery, class, replica);
        uint32_t limit = landed_limit(&class->late, next);
        for (size_t vote = 0; vote < class->late.soonest.count; vote++)
            weights[class->casts.at[vote].slot] += keys[vote] < limit ? class->casts.at[vote].weight : 0;
        return;
    }
    for (uint32_t vote = 0; vote < class->late.soonest.count; vote++) {
        const struct cast *cast = &class->casts.at[vote];
        bool held = tally->early && tally_holds(tally, vote);
        if (held || has_landed(class, vote, replica, next))
            weights[cast->slot] = stake_add(weights[cast->slot], cast->weight);
    }
}

static void sum_up(struct tally *tally)
{
    tally->total = 0;
    for (uint32_t slot = 0; slot < tally->slot_room; slot++)
        tally->total = stake_add(tally->total, tally_weights(tally)[slot]);
}

void late_advance(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    struct instant next = delivery_next_instant(delivery);
    struct tally *tally = class->tallies[replica];
    if (!bit_get(class->late.expects, replica) || (tally && sums_are_current(tally, class, next)))
        return;
    bool plain = class->values.count == 1 && class->total < UINT64_MAX && !(tally && tally->early) &&
                 !needs_times(&class->late, next);
    stake_amount sum = plain ? landed_sum(delivery, class, replica, next) : 0;
    if (plain && !sum && !tally && !class->weightless)
        return;
    tally_obtain(delivery, class, replica);
    tally_make_room(class, &class->tallies[replica]);
    tally = class->tallies[replica];
    if (plain)
        tally_weights(tally)[0] = sum;
    else
        sum_by_value(delivery, class, replica, next, tally);
    sum_up(tally);
    tally->known = (uint32_t) class->late.soonest.count;
    tally->known_at = next;
}

/* Those that a certificate brought stay. */
static void list_by_keys(const struct delivery *delivery, const struct vote_class *class, replica_id replica,
                         uint32_t limit, uint64_t *bits)
{
    const uint32_t *keys = late_keys(delivery, class, replica);
    size_t votes = class->late.soonest.count, words = bits_words(votes);
    struct scratch *scratch = delivery->scratch;
    vector_reserve(&scratch->packed, words);
    delivery->kernels->bits_below(keys, (votes + COLUMN_BLOCK - 1) / COLUMN_BLOCK, limit, scratch->packed.at);
    for (size_t word = 0; word < words; word++)
        bits[word] |= scratch->packed.at[word];
}

void late_list(const struct delivery *delivery, struct vote_class *class, replica_id replica)
{
    struct instant next = delivery_next_instant(delivery);
    late_advance(delivery, class, replica);
    struct tally *tally = class->tallies[replica];
    if (!tally || !bit_get(class->late.expects, replica) || bits_are_current(tally, class, next))
        return;
    bool by_keys = keys_tell(&class->late, next);
    if (by_keys)
        list_by_keys(delivery, class, replica, landed_limit(&class->late, next), tally_bits(tally));
    for (uint32_t vote = 0; !by_keys && vote < class->late.soonest.count; vote++)
        if (has_landed(class, vote, replica, next))
            bit_set(tally_bits(tally), vote);
    tally->listed = (uint32_t) class->late.soonest.count;
    tally->listed_at = next;
}

/* ---- casting ---- */

static void keep_weight(struct late *late, uint32_t vote, stake_amount weight)
{
    if (vote % COLUMN_BLOCK == 0) {
        vector_reserve(&late->narrow, (size_t)vote + COLUMN_BLOCK);
        vector_reserve(&late->wide, (size_t)vote + COLUMN_BLOCK);
        memset(late->narrow.at + vote, 0, COLUMN_BLOCK * sizeof *late->narrow.at);
        memset(late->wide.at + vote, 0, COLUMN_BLOCK * sizeof *late->wide.at);
        late->narrow.count = late->wide.count = (size_t)vote + COLUMN_BLOCK;
    }
    late->narrow.at[vote] = (uint32_t)weight;
    late->wide.at[vote] = weight;
}

/* Whether the vote reaches replicas that were not asked yet whether they expect the class. */
static bool reaches_others(const time_ns *restrict arrival_ns, const time_ns *restrict asked, uint32_t replicas)
{
    time_ns others = 0;
    for (uint32_t i = 0; i < replicas; i++)
        others |= (arrival_ns[i] | asked[i]) ^ TIME_NEVER; /* times are not negative, so or with TIME_NEVER is that */
    return others != 0;
}

/* The replicas that the vote reaches expect the class from now on. */
static void expect(const struct delivery *delivery, struct vote_class *class)
{
    struct late *late = &class->late;
    if (late->all_asked || !reaches_others(delivery->scratch->replica_ns.at, late->asked, delivery->replicas))
        return;
    late->all_asked = true;
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        bool reached = delivery->scratch->replica_ns.at[replica] != TIME_NEVER;
        late->all_asked &= reached || late->asked[replica] == TIME_NEVER;
        if (!reached || class->height < delivery->forgotten[replica])
            continue;
        late->asked[replica] = TIME_NEVER;
        late->expecting += !bit_get(late->expects, replica);
        bit_set(late->expects, replica);
    }
}

static void begin(struct delivery *delivery, struct vote_class *class)
{
    class->late.base_ns = delivery->settings.clock->now.ns;
    class->late.replicas = delivery->replicas;
    class->late.asked = g_new(time_ns, delivery->replicas);
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        class->late.asked[replica] = class->height < delivery->forgotten[replica] ? TIME_NEVER : 0;
    awaited_start(delivery, class, class->values.at[0].electorate);
}

void late_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    CHECK(vote == class->late.soonest.count);
    if (vote == 0)
        begin(delivery, class);
    late_keys_keep(delivery, class, vote);
    vector_push(&class->late.soonest, delivery_next_instant(delivery));
    keep_weight(&class->late, vote, class->casts.at[vote].weight);
    expect(delivery, class);
    if (awaited_cast(delivery, class, vote)) {
        node_id node = delivery->node_of[class_message(class, vote)->origin];
        for (replica_id at = delivery->first_at[node]; at != ID_NONE; at = delivery->next_at[at])
            forecast_pull(delivery, class, vote, at, true);
    } else {
        for (replica_id replica = 0; replica < delivery->replicas; replica++)
            forecast_pull(delivery, class, vote, replica, false);
    }
    question_cast(delivery, class, vote);
}

void late_init(struct delivery *delivery)
{
    delivery->kernels = kernels_best();
    awaited_init(delivery);
}

/* ---- forgetting ---- */

void late_forget(struct vote_class *class, replica_id replica)
{
    struct late *late = &class->late;
    if (!bit_get(late->expects, replica))
        return;
    late->expects[replica / 64] &= ~((uint64_t)1 << (replica % 64));
    late->expecting--;
}

void late_release(struct delivery *delivery, struct vote_class *class)
{
    struct late *late = &class->late;
    if (delivery->scratch->keys_name.class == class)
        delivery->scratch->keys_name.class = NULL;
    if (delivery->scratch->forecast.class == class)
        delivery->scratch->forecast.class = NULL;
    late_keys_release(delivery, late);
    awaited_release(&late->awaited);
    vector_release(&late->soonest);
    vector_release(&late->narrow);
    vector_release(&late->wide);
    g_free(late->expects);
    g_free(late->asked);
    *late = (struct late){0};
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
            bit_get(class->late.expects, replica) && !instant_before(at, next) && !(tally && tally_holds(tally, vote));
        rest_ns[replica] = comes ? at.ns : TIME_NEVER;
    }
}

void late_end(struct delivery *delivery, struct vote_class *class)
{
    if (class->eventful)
        return;
    class->in_flight++;
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        late_list(delivery, class, replica);
        if (class->tallies[replica])
            class->tallies[replica]->trigger = 0;
    }
    vector_reserve(&delivery->scratch->replica_ns, delivery->replicas);
    for (uint32_t vote = 0; vote < class->late.soonest.count; vote++) {
        find_rest(delivery, class, vote);
        flight_start(delivery, class, vote);
    }
    late_release(delivery, class);
    class->eventful = true;
    question_end(delivery, class);
    class_release_use(delivery, class);
}
