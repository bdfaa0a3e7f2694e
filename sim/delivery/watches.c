/* SPDX-License-Identifier: MIT */
/*
 * Standing questions. A watch is counted again only when it may have been met: its tally's trigger is the total below
 * which no watch of the class can be met (a vote adds its weight to a sum at most), so that most arrivals cost a bit,
 * an addition and a comparison. A watch of several classes keeps a bound of its own, to which each arrival adds.
 */
#include "delivery/inside.h"

#include "base/assert.h"

static bool is_single(const struct vote_query *query)
{
    return query->kinds && (query->kinds & (query->kinds - 1)) == 0 && query->height_first == query->height_last &&
           query->round_first == query->round_last;
}

static struct vote_class *class_of(const struct delivery *delivery, const struct vote_query *query)
{
    return class_find(delivery, (uint16_t)bit_lowest(query->kinds), query->height_first, query->round_first);
}

/* Calls visit for each class that the query covers. */
static void each_class(struct delivery *delivery, uint32_t standing,
                       void (*visit)(struct delivery *delivery, uint32_t standing, struct vote_class *class))
{
    const struct vote_query query = delivery->watches.at[standing].watch.votes;
    for (size_t i = classes_from(delivery, query.height_first, query.round_first); i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        if (query_ends(&query, class))
            return;
        if (query_covers(&query, class))
            visit(delivery, standing, class);
    }
}

/* ---- telling of one vote ---- */

static void tell_vote(struct delivery *delivery, const struct standing *standing, const struct message *vote)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    sink->watch(sink->user, standing->replica, standing->watch.tag, vote->height, vote->round, vote->block, vote);
}

/* A vote of the past, if the replica has not forgotten it. */
static const struct message *recall(const struct delivery *delivery, replica_id replica, const struct vote_name *name)
{
    struct vote_class *class = class_find(delivery, name->type, name->height, name->round);
    struct tally *tally = class ? tally_now(delivery, class, replica) : NULL;
    return tally && tally_holds(tally, name->vote) ? class_message(class, name->vote) : NULL;
}

static void tell_held(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    for (size_t i = 0; i < standing->held.count; i++) {
        const struct message *vote = recall(delivery, standing->replica, &standing->held.at[i]);
        if (vote)
            tell_vote(delivery, standing, vote);
    }
    vector_clear(&standing->held);
}

/* ---- counting one ---- */

static void fire(struct delivery *delivery, uint32_t place, const struct count_answer *answer)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    replica_id replica = delivery->watches.at[place].replica;
    uint64_t tag = delivery->watches.at[place].watch.tag;
    watch_remove(delivery, place);
    sink->watch(sink->user, replica, tag, answer->height, answer->round, answer->block, NULL);
}

static void want_every_arrival(struct delivery *delivery, uint32_t standing, struct vote_class *class)
{
    struct tally *tally = class->tallies[delivery->watches.at[standing].replica];
    if (tally)
        tally->trigger = 0;
}

/* An equivocator whose votes differ in weight can add more than the weight of the vote that gave it away. */
static bool may_jump(const struct vote_query *query, const struct vote_class *class)
{
    return query->duplicates == DUPLICATES_EVERYWHERE && class->uneven;
}

/* The same for a watch of several classes: what lands in one may name a block for which such a voter counts. */
static bool may_jump_anywhere(const struct delivery *delivery, const struct vote_query *query)
{
    return query->duplicates == DUPLICATES_EVERYWHERE && delivery->uneven;
}

/* It fell short: says when it is worth to count again. */
static void set_trigger(struct delivery *delivery, uint32_t place, stake_amount weight)
{
    struct standing *standing = &delivery->watches.at[place];
    const struct vote_query *query = &standing->watch.votes;
    standing->bound = weight;
    if (!standing->single) {
        each_class(delivery, place, want_every_arrival);
        return;
    }
    struct vote_class *class = class_of(delivery, query);
    struct tally *tally = class ? class->tallies[standing->replica] : NULL;
    if (!tally)
        return;
    stake_amount trigger = may_jump(query, class) ? 0 : stake_add(tally->total, standing->watch.threshold - weight);
    if (trigger < tally->trigger)
        tally->trigger = trigger;
}

static struct count_answer count(const struct delivery *delivery, const struct standing *standing)
{
    return count_watch(delivery, standing->replica, &standing->watch.votes, standing->watch.within_one_round,
                       standing->watch.threshold);
}

/* Whether only at places whose time has come it can be met. */
static bool is_of_places(const struct delivery *delivery, const struct standing *standing)
{
    return standing->question != INDEX_NONE && !delivery->questions.at[standing->question].eventful &&
           standing->watch.within_one_round && !standing->due_whole;
}

/* Of the places whose time has come the first at which it is met. */
static struct count_answer count_places(const struct delivery *delivery, const struct standing *standing)
{
    struct count_answer best = {.weight = 0};
    time_ns now_ns = delivery->settings.clock->now.ns;
    for (size_t i = 0; i < standing->places.count; i++) {
        struct place_look look = standing->places.at[i];
        if (look.at_ns > now_ns)
            continue;
        struct count_answer answer =
            count_place(delivery, standing->replica, &standing->watch.votes, look.place, standing->watch.threshold);
        bool meets = answer.weight >= standing->watch.threshold;
        if (meets && (!best.weight || answer.height < best.height ||
                      (answer.height == best.height && answer.round < best.round)))
            best = answer;
    }
    return best;
}

/* It fell short: as votes arrive it is counted again, or at the time that is forecast. */
static void look_again(struct delivery *delivery, uint32_t place, stake_amount weight)
{
    uint32_t question = delivery->watches.at[place].question;
    if (question == INDEX_NONE || delivery->questions.at[question].eventful)
        set_trigger(delivery, place, weight);
    else
        forecast_make(delivery, place);
}

static void settle_one(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    if (!standing->due)
        return;
    standing->due = false;
    if (standing->watch.each_vote) {
        tell_held(delivery, place);
        return;
    }
    bool of_places = is_of_places(delivery, standing);
    standing->due_whole = false;
    struct count_answer answer = of_places ? count_places(delivery, standing) : count(delivery, standing);
    if (answer.weight >= standing->watch.threshold)
        fire(delivery, place, &answer);
    else if (of_places)
        forecast_again(delivery, place);
    else
        look_again(delivery, place, answer.weight);
}

/* ---- setting and removing ---- */

static uint32_t take_place(struct delivery *delivery)
{
    uint32_t place = delivery->free_watch;
    if (place == INDEX_NONE) {
        vector_push(&delivery->watches, (struct standing){0});
        return (uint32_t)delivery->watches.count - 1;
    }
    delivery->free_watch = delivery->watches.at[place].replica;
    return place;
}

void watch_remove(struct delivery *delivery, uint32_t place)
{
    struct standing *standing = &delivery->watches.at[place];
    struct standing_list *list = &delivery->watches_of[standing->replica];
    size_t at = 0;
    while (list->at[at] != place)
        at++;
    list->at[at] = list->at[--list->count];
    clock_cancel(delivery->settings.clock, standing->look);
    question_leave(delivery, place);
    delivery->each_watches -= standing->watch.each_vote;
    vector_release(&standing->held);
    vector_release(&standing->places);
    *standing = (struct standing){.replica = delivery->free_watch};
    delivery->free_watch = place;
}

static void sleep_until(struct delivery *delivery, uint32_t place, time_ns at_ns)
{
    clock_cancel(delivery->settings.clock, delivery->watches.at[place].look);
    struct clock_event look =
        delivery_schedule(delivery, at_ns, ITEM_LOOK, place, delivery->watches.at[place].generation);
    delivery->watches.at[place].look = look;
    delivery->watches.at[place].look_ns = TIME_NEVER;
    delivery->watches.at[place].asleep = true;
}

static void want_each(struct delivery *delivery, uint32_t standing, struct vote_class *class)
{
    late_end(delivery, class);
    struct tally *tally = class->tallies[delivery->watches.at[standing].replica];
    if (tally)
        tally->each = true;
}

/* Between instants: a watch that is met already fires in the next microstep. */
static void count_first(struct delivery *delivery, uint32_t place)
{
    const struct standing *standing = &delivery->watches.at[place];
    struct count_answer answer = count(delivery, standing);
    if (answer.weight >= standing->watch.threshold)
        sleep_until(delivery, place, delivery->settings.clock->now.ns);
    else
        look_again(delivery, place, answer.weight);
}

void watch_set(struct delivery *delivery, replica_id replica, const struct watch *watch)
{
    REQUIRE(watch->threshold > 0 || watch->each_vote);
    uint32_t place = take_place(delivery);
    delivery->watches.at[place] = (struct standing){.watch = *watch,
                                                    .replica = replica,
                                                    .generation = ++delivery->generation,
                                                    .single = is_single(&watch->votes),
                                                    .question = INDEX_NONE,
                                                    .look_ns = TIME_NEVER};
    vector_push(&delivery->watches_of[replica], place);
    bool early = watch->not_before_ns > delivery->settings.clock->now.ns;
    if (delivery->settings.backend == DELIVERY_LATE && !watch->each_vote)
        question_join(delivery, place);
    if (watch->each_vote) {
        delivery->each_watches++;
        each_class(delivery, place, want_each);
    }
    if (early)
        sleep_until(delivery, place, watch->not_before_ns);
    else if (!watch->each_vote)
        count_first(delivery, place);
}

void watches_forget(struct delivery *delivery, replica_id replica, uint64_t height)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    for (size_t i = list->count; i-- > 0;)
        if (delivery->watches.at[list->at[i]].watch.votes.height_last < height)
            watch_remove(delivery, list->at[i]);
}

void watches_recount(struct delivery *delivery, replica_id replica, uint64_t height)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    for (size_t i = 0; i < list->count; i++) {
        const struct standing *standing = &delivery->watches.at[list->at[i]];
        if (standing->watch.votes.height_first < height && !standing->asleep && !standing->watch.each_vote)
            count_first(delivery, list->at[i]);
    }
}

/* ---- what makes it worth to count ---- */

static void make_due(struct delivery *delivery, uint32_t place, bool whole)
{
    struct standing *standing = &delivery->watches.at[place];
    if (standing->asleep)
        return;
    standing->due_whole |= whole;
    if (standing->due)
        return;
    standing->due = true;
    vector_push(&delivery->due, place);
}

/* Late: nowhere was enough cast, whatever of it is here. */
static bool is_out_of_reach(const struct delivery *delivery, const struct standing *standing)
{
    if (standing->question == INDEX_NONE)
        return false;
    const struct question *question = &delivery->questions.at[standing->question];
    return !question->eventful && question->reached.count == 0;
}

/* Votes of a class have landed at a replica, enough of them. */
static void touch(struct delivery *delivery, const struct touched *touched)
{
    const struct standing_list *list = &delivery->watches_of[touched->replica];
    struct tally *tally = touched->class->tallies[touched->replica];
    stake_amount landed = tally->total - tally->seen;
    tally->touched = false;
    tally->seen = tally->total;
    tally->trigger = UINT64_MAX;
    for (size_t i = 0; i < list->count; i++) {
        struct standing *standing = &delivery->watches.at[list->at[i]];
        if (!query_covers(&standing->watch.votes, touched->class) || standing->watch.each_vote)
            continue;
        if (!standing->single) {
            tally->trigger = 0;
            standing->bound = stake_add(standing->bound, landed);
            if (standing->bound < standing->watch.threshold && touched->class->eventful &&
                !may_jump_anywhere(delivery, &standing->watch.votes))
                continue;
        }
        if (!is_out_of_reach(delivery, standing))
            make_due(delivery, list->at[i], true);
    }
}

void watches_touch(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->touched.count; i++)
        touch(delivery, &delivery->touched.at[i]);
    vector_clear(&delivery->touched);
}

/* A block became available at the replica. */
void watches_block(struct delivery *delivery, replica_id replica)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    for (size_t i = 0; i < list->count; i++) {
        const struct standing *standing = &delivery->watches.at[list->at[i]];
        if (standing->watch.votes.join_block && !standing->watch.each_vote && !is_out_of_reach(delivery, standing))
            make_due(delivery, list->at[i], true);
    }
}

void watches_settle(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->due.count; i++)
        settle_one(delivery, delivery->due.at[i]);
    vector_clear(&delivery->due);
}

/* ---- each vote ---- */

bool watches_want_each(const struct delivery *delivery, const struct vote_class *class, replica_id replica)
{
    const struct standing_list *list = &delivery->watches_of[replica];
    for (size_t i = 0; i < list->count; i++) {
        const struct watch *watch = &delivery->watches.at[list->at[i]].watch;
        if (watch->each_vote && query_covers(&watch->votes, class))
            return true;
    }
    return false;
}

static void offer_vote(struct delivery *delivery, uint32_t place, const struct vote_class *class, uint32_t vote)
{
    struct standing *standing = &delivery->watches.at[place];
    struct vote_query query = standing->watch.votes;
    const struct value *value = &class->values.at[class->casts.at[vote].slot];
    struct vote_name name = {class->height, class->round, class->type, vote};
    query.join_block = false;
    if (!query_covers(&query, class) || !count_matches(delivery, standing->replica, &query, value))
        return;
    if (standing->watch.votes.join_block && value->block != BLOCK_NONE &&
        !block_is_here(delivery, standing->replica, value->block))
        block_await(delivery, standing->replica, value->block,
                    (struct wait){.kind = WAIT_VOTE, .which = place, .stamp = standing->generation, .vote = name});
    else if (standing->asleep)
        vector_push(&standing->held, name);
    else
        tell_vote(delivery, standing, class_message(class, vote));
}

/* The block that the vote waited for has come. */
static void offer_joined(struct delivery *delivery, const struct wait *wait)
{
    struct standing *standing = &delivery->watches.at[wait->which];
    if (standing->generation != wait->stamp)
        return;
    const struct message *vote = recall(delivery, standing->replica, &wait->vote);
    if (!vote)
        return;
    if (standing->asleep)
        vector_push(&standing->held, wait->vote);
    else
        tell_vote(delivery, standing, vote);
}

void watches_each(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->singles.count; i++) {
        struct landed_vote landed = delivery->singles.at[i];
        const struct standing_list *list = &delivery->watches_of[landed.replica];
        for (size_t w = 0; w < list->count; w++)
            if (delivery->watches.at[list->at[w]].watch.each_vote)
                offer_vote(delivery, list->at[w], landed.class, landed.vote);
    }
    vector_clear(&delivery->singles);
    for (size_t i = 0; i < delivery->joined.count; i++)
        offer_joined(delivery, &delivery->joined.at[i]);
    vector_clear(&delivery->joined);
}

/* The time has come for which the look was set. */
void watches_look(struct delivery *delivery, uint32_t place, uint64_t generation)
{
    struct standing *standing = &delivery->watches.at[place];
    if (standing->generation != generation)
        return;
    bool slept = standing->asleep;
    standing->asleep = false;
    standing->look_ns = TIME_NEVER;
    make_due(delivery, place, slept);
}
