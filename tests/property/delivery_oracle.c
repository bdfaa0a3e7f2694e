/* SPDX-License-Identifier: MIT */
#include "delivery_oracle.h"

#include "base/vector.h"

#include <string.h>

#define MOST_REPLICAS 8
#define MOST_BLOCKS   64

/* Something that was sent once; votes point to what they say, which may have been sent several times. */
struct sent {
    struct message *message;
    bool with_ancestors;
    uint32_t vote; /* index among the votes, or UINT32_MAX */
    VECTOR(uint32_t) certificate;
};

struct seen_vote {
    struct message *message;
    bool is_proposal;
    uint64_t when[MOST_REPLICAS]; /* number of the instant of arrival; 0: not yet */
};

struct arrival {
    replica_id replica;
    uint32_t sent;
};

struct asked {
    struct watch watch;
    replica_id replica;
    uint64_t since; /* number of the instant after which it was set */
    bool alive;
};

struct oracle {
    struct delivery_settings settings;
    bool together[MOST_REPLICAS][MOST_REPLICAS];
    uint64_t forgotten[MOST_REPLICAS];
    uint64_t instant; /* number of the one that lands next */
    VECTOR(struct sent) sent;
    VECTOR(struct seen_vote) votes;
    VECTOR(struct arrival) arrivals;
    VECTOR(struct asked) asked;
    VECTOR(struct arrival) landed;  /* in this instant */
    VECTOR(struct arrival) waiting; /* proposals whose blocks are not available */
    bool arrived[MOST_REPLICAS][MOST_BLOCKS];
    uint64_t available[MOST_REPLICAS][MOST_BLOCKS]; /* number of the instant; 0: not yet */
};

struct oracle *oracle_new(const struct delivery_settings *settings)
{
    struct oracle *oracle = g_new0(struct oracle, 1);
    oracle->settings = *settings;
    memset(oracle->together, true, sizeof oracle->together);
    oracle->instant = 1;
    for (replica_id replica = 0; replica < settings->replica_count; replica++) {
        oracle->arrived[replica][BLOCK_GENESIS] = true;
        oracle->available[replica][BLOCK_GENESIS] = 1;
    }
    return oracle;
}

void oracle_free(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->sent.count; i++) {
        vector_release(&oracle->sent.at[i].certificate);
        g_free(oracle->sent.at[i].message);
    }
    for (size_t i = 0; i < oracle->votes.count; i++)
        g_free(oracle->votes.at[i].message);
    vector_release(&oracle->sent);
    vector_release(&oracle->votes);
    vector_release(&oracle->arrivals);
    vector_release(&oracle->asked);
    vector_release(&oracle->landed);
    vector_release(&oracle->waiting);
    g_free(oracle);
}

static void wake(struct oracle *oracle, time_ns at_ns, uint32_t where)
{
    clock_put(oracle->settings.clock, at_ns, (struct clock_item){oracle->settings.first_kind, where, 0});
}

void oracle_confine(struct oracle *oracle, replica_id replica, const bool *members)
{
    for (replica_id other = 0; other < oracle->settings.replica_count; other++)
        if (other != replica && !members[other])
            oracle->together[replica][other] = oracle->together[other][replica] = false;
}

/* ---- which votes are meant ---- */

static bool in_range(const struct vote_query *query, const struct seen_vote *vote)
{
    const struct message *message = vote->message;
    return !vote->is_proposal && (query->kinds >> message->type & 1) && message->height >= query->height_first &&
           message->height <= query->height_last && message->round >= query->round_first &&
           message->round <= query->round_last &&
           (query->electorate == ID_NONE || query->electorate == message->electorate);
}

static bool is_held(const struct oracle *oracle, replica_id replica, const struct seen_vote *vote)
{
    return vote->when[replica] && vote->message->height >= oracle->forgotten[replica];
}

static bool is_joined(const struct oracle *oracle, replica_id replica, const struct vote_query *query, block_id block)
{
    return !query->join_block || block == BLOCK_NONE || oracle->available[replica][block];
}

static bool is_for(const struct oracle *oracle, enum watch_value value, block_id wanted, block_id block)
{
    if (value == WATCH_ANY)
        return true;
    if (value == WATCH_NIL)
        return block == BLOCK_NONE;
    if (block == BLOCK_NONE)
        return false;
    if (value == WATCH_BLOCK)
        return block == wanted;
    if (value == WATCH_SOME_BLOCK)
        return true;
    while (block != BLOCK_NONE && block != wanted)
        block = block_tree_get(oracle->settings.tree, block)->parent;
    return block == wanted;
}

static bool same_place(const struct message *a, const struct message *b)
{
    return a->type == b->type && a->height == b->height && a->round == b->round;
}

static bool came_first(const struct seen_vote *a, const struct seen_vote *b, replica_id replica)
{
    return a->when[replica] != b->when[replica] ? a->when[replica] < b->when[replica] : a->message->id < b->message->id;
}

/* Whether an earlier vote of the voter at the same place is in the query's range, too. */
static bool is_second(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                      const struct seen_vote *vote)
{
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct seen_vote *other = &oracle->votes.at[i];
        if (other != vote && in_range(query, other) && is_held(oracle, replica, other) &&
            other->message->sender == vote->message->sender && same_place(other->message, vote->message) &&
            came_first(other, vote, replica))
            return true;
    }
    return false;
}

struct round_of {
    bool any;
    uint64_t height;
    uint32_t round;
};

/* The votes that the query counts one way or another, of one round or of any. */
static GPtrArray *select_votes(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                               struct round_of round)
{
    GPtrArray *list = g_ptr_array_new();
    for (size_t i = 0; i < oracle->votes.count; i++) {
        struct seen_vote *vote = &oracle->votes.at[i];
        if (!in_range(query, vote) || !is_held(oracle, replica, vote))
            continue;
        if (!round.any && (vote->message->height != round.height || vote->message->round != round.round))
            continue;
        if (query->duplicates == DUPLICATES_FIRST && is_second(oracle, replica, query, vote))
            continue;
        if (is_joined(oracle, replica, query, vote->message->block))
            g_ptr_array_add(list, vote);
    }
    return list;
}

static const struct message *message_in(const GPtrArray *list, guint i)
{
    return ((const struct seen_vote *)g_ptr_array_index(list, i))->message;
}

static bool contradicts_itself(const GPtrArray *list, validator_id voter)
{
    for (guint i = 0; i < list->len; i++)
        for (guint j = 0; j < i; j++) {
            const struct message *a = message_in(list, i), *b = message_in(list, j);
            if (a->sender == voter && b->sender == voter && same_place(a, b) && a->block != b->block)
                return true;
        }
    return false;
}

static bool votes_in(const GPtrArray *list, guint before, validator_id voter)
{
    for (guint i = 0; i < before; i++)
        if (message_in(list, i)->sender == voter)
            return true;
    return false;
}

/* ---- counting ---- */

static stake_amount weight_of(const struct oracle *oracle, const GPtrArray *list, validator_id voter,
                              enum watch_duplicates duplicates, enum watch_value value, block_id block)
{
    bool equivocates = contradicts_itself(list, voter);
    if (equivocates && duplicates == DUPLICATES_NOWHERE)
        return 0;
    if (equivocates && duplicates == DUPLICATES_EVERYWHERE && (value == WATCH_BLOCK || value == WATCH_SUBTREE))
        value = WATCH_ANY;
    stake_amount most = 0;
    for (guint i = 0; i < list->len; i++)
        if (message_in(list, i)->sender == voter && is_for(oracle, value, block, message_in(list, i)->block))
            most = MAX(most, message_in(list, i)->weight);
    return most;
}

static stake_amount sum(const struct oracle *oracle, const GPtrArray *list, enum watch_duplicates duplicates,
                        enum watch_value value, block_id block)
{
    stake_amount total = 0;
    for (guint i = 0; i < list->len; i++)
        if (!votes_in(list, i, message_in(list, i)->sender))
            total += weight_of(oracle, list, message_in(list, i)->sender, duplicates, value, block);
    return total;
}

struct verdict {
    stake_amount weight;
    uint64_t height;
    uint32_t round;
    block_id block;
};

/* Over each block that has a vote: of those that reach the threshold the one with the smaller hash, else the most. */
static void judge_blocks(const struct oracle *oracle, const struct vote_query *query, const GPtrArray *list,
                         stake_amount threshold, struct verdict *verdict)
{
    const struct block_tree *tree = oracle->settings.tree;
    for (block_id block = 0; block < tree->blocks.count; block++) {
        bool has_vote = false;
        for (guint i = 0; i < list->len; i++)
            has_vote |= message_in(list, i)->block == block && message_in(list, i)->weight;
        if (!has_vote)
            continue;
        stake_amount weight = sum(oracle, list, query->duplicates, WATCH_BLOCK, block);
        bool met = verdict->block != BLOCK_NONE && verdict->weight >= threshold;
        bool smaller = met && block_tree_get(tree, block)->hash < block_tree_get(tree, verdict->block)->hash;
        if (weight >= threshold ? !met || smaller : !met && weight > verdict->weight) {
            verdict->weight = weight;
            verdict->block = block;
        }
    }
}

static struct verdict judge_round(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                                  struct round_of round, stake_amount threshold)
{
    GPtrArray *list = select_votes(oracle, replica, query, round);
    struct verdict verdict = {0, round.any ? query->height_first : round.height,
                              round.any ? query->round_first : round.round, BLOCK_NONE};
    if (query->value == WATCH_SOME_BLOCK) {
        judge_blocks(oracle, query, list, threshold, &verdict);
    } else {
        verdict.weight = sum(oracle, list, query->duplicates, query->value, query->block);
        if (query->value == WATCH_BLOCK || query->value == WATCH_SUBTREE)
            verdict.block = query->block;
    }
    g_ptr_array_free(list, TRUE);
    return verdict;
}

/* The first (height, round) whose votes meet the watch. */
static struct verdict judge_rounds(const struct oracle *oracle, replica_id replica, const struct watch *watch)
{
    struct verdict first = {0};
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct message *vote = oracle->votes.at[i].message;
        struct round_of round = {false, vote->height, vote->round};
        if (!in_range(&watch->votes, &oracle->votes.at[i]))
            continue;
        struct verdict verdict = judge_round(oracle, replica, &watch->votes, round, watch->threshold);
        bool earlier = verdict.height < first.height || (verdict.height == first.height && verdict.round < first.round);
        if (verdict.weight >= watch->threshold && (first.weight < watch->threshold || earlier))
            first = verdict;
    }
    return first;
}

stake_amount oracle_weight(const struct oracle *oracle, replica_id replica, const struct vote_query *query)
{
    return judge_round(oracle, replica, query, (struct round_of){.any = true}, UINT64_MAX).weight;
}

bool oracle_has_block(const struct oracle *oracle, replica_id replica, block_id block)
{
    return oracle->available[replica][block] != 0;
}

static bool matches(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                    const struct seen_vote *vote)
{
    return in_range(query, vote) && is_held(oracle, replica, vote) &&
           is_joined(oracle, replica, query, vote->message->block) &&
           is_for(oracle, query->value, query->block, vote->message->block);
}

void oracle_each_vote(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                      void (*visit)(void *user, const struct message *vote), void *user)
{
    message_id after = 0; /* selection: the next larger id each time */
    for (;;) {
        const struct seen_vote *next = NULL;
        for (size_t i = 0; i < oracle->votes.count; i++) {
            const struct seen_vote *vote = &oracle->votes.at[i];
            if (matches(oracle, replica, query, vote) && vote->message->id > after &&
                (!next || vote->message->id < next->message->id))
                next = vote;
        }
        if (!next)
            return;
        visit(user, next->message);
        after = next->message->id;
    }
}

bool oracle_best_payload(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                         struct message *best)
{
    const struct message *found = NULL;
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct message *vote = oracle->votes.at[i].message;
        if (matches(oracle, replica, query, &oracle->votes.at[i]) &&
            (!found || vote->payload > found->payload || (vote->payload == found->payload && vote->id < found->id)))
            found = vote;
    }
    if (found)
        *best = *found;
    return found != NULL;
}

/* ---- the heaviest path ---- */

static bool is_later(const struct message *a, const struct message *b)
{
    if (a->height != b->height)
        return a->height > b->height;
    return a->round != b->round ? a->round > b->round : a->type > b->type;
}

static stake_amount weight_below(const struct oracle *oracle, const GPtrArray *list, validator_id voter,
                                 enum watch_duplicates duplicates, block_id below)
{
    const struct message *latest = NULL;
    stake_amount most = 0, heaviest = 0;
    for (guint i = 0; i < list->len; i++) {
        const struct message *vote = message_in(list, i);
        if (vote->sender == voter && (!latest || is_later(vote, latest)))
            latest = vote;
        if (vote->sender == voter)
            heaviest = MAX(heaviest, vote->weight);
    }
    if (contradicts_itself(list, voter) && duplicates == DUPLICATES_NOWHERE)
        return 0;
    if (contradicts_itself(list, voter) && duplicates == DUPLICATES_EVERYWHERE)
        return heaviest;
    for (guint i = 0; i < list->len; i++) {
        const struct message *vote = message_in(list, i);
        if (vote->sender == voter && same_place(vote, latest) && is_for(oracle, WATCH_SUBTREE, below, vote->block))
            most = MAX(most, vote->weight);
    }
    return most;
}

block_id oracle_heaviest_subtree(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                                 block_id root, stake_amount threshold)
{
    const struct block_tree *tree = oracle->settings.tree;
    GPtrArray *list = select_votes(oracle, replica, query, (struct round_of){.any = true});
    block_id at = root, next = root;
    while (next != BLOCK_NONE) {
        at = next;
        next = BLOCK_NONE;
        stake_amount most = 0;
        for (block_id child = 0; child < tree->blocks.count; child++) {
            if (block_tree_get(tree, child)->parent != at || !oracle->available[replica][child])
                continue;
            stake_amount weight = 0;
            for (guint i = 0; i < list->len; i++)
                if (!votes_in(list, i, message_in(list, i)->sender))
                    weight += weight_below(oracle, list, message_in(list, i)->sender, query->duplicates, child);
            bool larger = next != BLOCK_NONE && weight == most &&
                          block_tree_get(tree, child)->hash > block_tree_get(tree, next)->hash;
            if (weight >= threshold && (next == BLOCK_NONE || weight > most || larger)) {
                next = child;
                most = weight;
            }
        }
    }
    g_ptr_array_free(list, TRUE);
    return at;
}

/* ---- sending ---- */

static uint32_t vote_number(struct oracle *oracle, const struct message *message, bool is_proposal)
{
    for (uint32_t i = 0; i < oracle->votes.count; i++)
        if (oracle->votes.at[i].message->id == message->id && oracle->votes.at[i].is_proposal == is_proposal)
            return i;
    struct seen_vote vote = {.message = g_memdup2(message, sizeof *message), .is_proposal = is_proposal};
    vector_push(&oracle->votes, vote);
    return (uint32_t)oracle->votes.count - 1;
}

static bool is_target(const struct delivery_target *target, replica_id replica)
{
    for (uint32_t i = 0; target->replicas && i < target->count; i++)
        if (target->replicas[i] == replica)
            return true;
    return !target->replicas;
}

void oracle_send(struct oracle *oracle, const struct message *message, const struct delivery_options *options)
{
    const struct delivery_settings *settings = &oracle->settings;
    struct sent sent = {g_memdup2(message, sizeof *message), options->with_ancestors, UINT32_MAX, {0}};
    if (message->kind == MESSAGE_VOTE || (message->kind == MESSAGE_PROPOSAL && settings->sees_equivocation))
        sent.vote = vote_number(oracle, message, message->kind == MESSAGE_PROPOSAL);
    for (uint32_t i = 0; options->certificate.kinds && i < oracle->votes.count; i++)
        if (matches(oracle, message->origin, &options->certificate, &oracle->votes.at[i]))
            vector_push(&sent.certificate, i);
    vector_push(&oracle->sent, sent);

    struct network_message travels = {message->id, message->size_bytes, message->sent_ns + options->extra_delay_ns,
                                      options->receiver_ns};
    for (replica_id to = 0; to < settings->replica_count; to++) {
        if (!is_target(&options->target, to) || !oracle->together[message->origin][to])
            continue;
        time_ns at_ns =
            network_arrival(settings->network, &travels, settings->node_of[message->origin], settings->node_of[to]);
        if (at_ns == TIME_NEVER)
            continue;
        vector_push(&oracle->arrivals, (struct arrival){to, (uint32_t)oracle->sent.count - 1});
        wake(oracle, at_ns, (uint32_t)oracle->arrivals.count - 1);
    }
}

/* ---- watches ---- */

void oracle_unwatch(struct oracle *oracle, replica_id replica, uint64_t tag)
{
    for (size_t i = 0; i < oracle->asked.count; i++)
        if (oracle->asked.at[i].replica == replica && oracle->asked.at[i].watch.tag == tag)
            oracle->asked.at[i].alive = false;
}

void oracle_watch(struct oracle *oracle, replica_id replica, const struct watch *watch)
{
    oracle_unwatch(oracle, replica, watch->tag);
    vector_push(&oracle->asked, (struct asked){*watch, replica, oracle->instant - 1, true});
    time_ns now_ns = oracle->settings.clock->now.ns;
    wake(oracle, watch->not_before_ns > now_ns ? watch->not_before_ns : now_ns, UINT32_MAX);
}

void oracle_forget(struct oracle *oracle, replica_id replica, uint64_t height)
{
    if (height > oracle->forgotten[replica])
        oracle->forgotten[replica] = height;
    wake(oracle, oracle->settings.clock->now.ns, UINT32_MAX);
}

/* ---- the instant ---- */

void oracle_land(struct oracle *oracle, const struct clock_item *item)
{
    if (item->where != UINT32_MAX)
        vector_push(&oracle->landed, oracle->arrivals.at[item->where]);
}

static void see_vote(struct oracle *oracle, replica_id replica, uint32_t number)
{
    struct seen_vote *vote = &oracle->votes.at[number];
    if (!vote->when[replica] && vote->message->height >= oracle->forgotten[replica])
        vote->when[replica] = oracle->instant;
}

static void take(struct oracle *oracle, const struct arrival *arrival)
{
    const struct sent *sent = &oracle->sent.at[arrival->sent];
    const struct message *message = sent->message;
    if (sent->vote != UINT32_MAX)
        see_vote(oracle, arrival->replica, sent->vote);
    for (size_t i = 0; i < sent->certificate.count; i++)
        see_vote(oracle, arrival->replica, sent->certificate.at[i]);
    bool brings = message->kind == MESSAGE_PROPOSAL || message->kind == MESSAGE_RESPONSE;
    for (block_id block = message->block; brings && block != BLOCK_NONE;
         block = block_tree_get(oracle->settings.tree, block)->parent) {
        oracle->arrived[arrival->replica][block] = true;
        if (!sent->with_ancestors)
            break;
    }
    if (message->kind == MESSAGE_PROPOSAL)
        vector_push(&oracle->waiting, *arrival);
    else if (message->kind != MESSAGE_VOTE)
        oracle->settings.sink.message(oracle->settings.sink.user, arrival->replica, message);
}

static const struct message *bringer(const struct oracle *oracle, replica_id replica, block_id block)
{
    const struct message *first = NULL;
    for (size_t i = 0; i < oracle->landed.count; i++) {
        const struct message *message = oracle->sent.at[oracle->landed.at[i].sent].message;
        if (oracle->landed.at[i].replica == replica && message->kind == MESSAGE_PROPOSAL && message->block == block &&
            (!first || message->id < first->id))
            first = message;
    }
    return first;
}

static void settle_blocks(struct oracle *oracle, replica_id replica)
{
    const struct block_tree *tree = oracle->settings.tree;
    for (block_id block = 1; block < tree->blocks.count; block++) {
        if (oracle->available[replica][block] || !oracle->arrived[replica][block] ||
            !oracle->available[replica][block_tree_get(tree, block)->parent])
            continue;
        oracle->available[replica][block] = oracle->instant;
        oracle->settings.sink.block(oracle->settings.sink.user, replica, block, bringer(oracle, replica, block));
    }
}

static void settle_proposals(struct oracle *oracle)
{
    size_t kept = 0;
    for (size_t i = 0; i < oracle->waiting.count; i++) {
        struct arrival arrival = oracle->waiting.at[i];
        const struct message *message = oracle->sent.at[arrival.sent].message;
        if (message->block != BLOCK_NONE && !oracle->available[arrival.replica][message->block])
            oracle->waiting.at[kept++] = arrival;
        else
            oracle->settings.sink.message(oracle->settings.sink.user, arrival.replica, message);
    }
    oracle->waiting.count = kept;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Each matching vote that came after the watch was set is told of in the instant in which it begins to count. */
static void settle_each(struct oracle *oracle, struct asked *asked)
{
    const struct watch *watch = &asked->watch;
    const struct clock *clock = oracle->settings.clock;
    bool opens = clock->now.ns == watch->not_before_ns && clock->now.microstep == 0;
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct seen_vote *vote = &oracle->votes.at[i];
        const struct message *message = vote->message;
        if (!matches(oracle, asked->replica, &watch->votes, vote) || vote->when[asked->replica] <= asked->since)
            continue;
        uint64_t counts = vote->when[asked->replica];
        if (watch->votes.join_block && message->block != BLOCK_NONE)
            counts = later(counts, oracle->available[asked->replica][message->block]);
        if (counts == oracle->instant || opens)
            oracle->settings.sink.watch(oracle->settings.sink.user, asked->replica, watch->tag, message->height,
                                        message->round, message->block, message);
    }
}

static void settle_watch(struct oracle *oracle, struct asked *asked)
{
    const struct watch *watch = &asked->watch;
    if (!asked->alive || oracle->settings.clock->now.ns < watch->not_before_ns)
        return;
    if (watch->votes.height_last < oracle->forgotten[asked->replica]) {
        asked->alive = false;
        return;
    }
    if (watch->each_vote) {
        settle_each(oracle, asked);
        return;
    }
    struct verdict verdict = watch->within_one_round ? judge_rounds(oracle, asked->replica, watch)
                                                     : judge_round(oracle, asked->replica, &watch->votes,
                                                                   (struct round_of){.any = true}, watch->threshold);
    if (verdict.weight < watch->threshold)
        return;
    asked->alive = false;
    oracle->settings.sink.watch(oracle->settings.sink.user, asked->replica, watch->tag, verdict.height, verdict.round,
                                verdict.block, NULL);
}

/* The voter's first vote at the place of `of`, and its first for another block than that. */
static const struct seen_vote *first_of(const struct oracle *oracle, replica_id replica, const struct seen_vote *of,
                                        const struct seen_vote *unlike)
{
    const struct seen_vote *first = NULL;
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct seen_vote *vote = &oracle->votes.at[i];
        if (vote->message->sender != of->message->sender || vote->is_proposal != of->is_proposal ||
            !(of->is_proposal || vote->message->type == of->message->type) ||
            vote->message->height != of->message->height || vote->message->round != of->message->round ||
            !is_held(oracle, replica, vote) || (unlike && unlike->message->block == vote->message->block))
            continue;
        if (!first || came_first(vote, first, replica))
            first = vote;
    }
    return first;
}

static void settle_equivocations(struct oracle *oracle, replica_id replica)
{
    for (size_t i = 0; i < oracle->votes.count; i++) {
        const struct seen_vote *vote = &oracle->votes.at[i];
        if (vote->when[replica] != oracle->instant)
            continue;
        const struct seen_vote *first = first_of(oracle, replica, vote, NULL);
        if (first_of(oracle, replica, vote, first) == vote)
            oracle->settings.sink.equivocation(oracle->settings.sink.user, replica, first->message, vote->message);
    }
}

void oracle_settle(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->landed.count; i++)
        take(oracle, &oracle->landed.at[i]);
    for (replica_id replica = 0; replica < oracle->settings.replica_count; replica++)
        settle_blocks(oracle, replica);
    settle_proposals(oracle);
    for (size_t i = 0; i < oracle->asked.count; i++)
        settle_watch(oracle, &oracle->asked.at[i]);
    for (replica_id replica = 0; oracle->settings.sees_equivocation && replica < oracle->settings.replica_count;
         replica++)
        settle_equivocations(oracle, replica);
    vector_clear(&oracle->landed);
    oracle->instant++;
}
