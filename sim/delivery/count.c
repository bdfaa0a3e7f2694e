/* SPDX-License-Identifier: MIT */
/*
 * Counting: what a query makes of the votes that a replica holds now, by the rules of consensus/watch.h. Where one
 * class is concerned and nobody voted twice in it, the sums that the tally keeps are the answer; else the votes are
 * gathered by voter.
 */
#include "delivery/inside.h"

#include <string.h>

bool count_accepts(const struct delivery *delivery, const struct predicate *predicate, block_id block)
{
    switch (predicate->value) {
    case WATCH_ANY:
        return true;
    case WATCH_NIL:
        return block == BLOCK_NONE;
    case WATCH_BLOCK:
        return block == predicate->block;
    case WATCH_SOME_BLOCK:
        return block != BLOCK_NONE;
    case WATCH_SUBTREE:
        return block != BLOCK_NONE && block_tree_descends(delivery->settings.tree, block, predicate->block);
    }
    return false;
}

bool count_admits(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                  const struct value *value)
{
    if (query->electorate != ID_NONE && value->electorate != query->electorate)
        return false;
    return !query->join_block || value->block == BLOCK_NONE || block_is_here(delivery, replica, value->block);
}

bool count_matches(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                   const struct value *value)
{
    struct predicate predicate = {query->value, query->block};
    return count_admits(delivery, replica, query, value) && count_accepts(delivery, &predicate, value->block);
}

void count_parts(const struct delivery *delivery, replica_id replica, const struct vote_query *query)
{
    struct scratch *scratch = delivery->scratch;
    vector_clear(&scratch->parts);
    for (size_t i = classes_from(delivery, query->height_first, query->round_first); i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        if (query_ends(query, class))
            break;
        struct tally *tally = query_covers(query, class) ? tally_now(delivery, class, replica) : NULL;
        if (tally)
            vector_push(&scratch->parts, (struct part){class, tally});
    }
    scratch->work.counted += scratch->parts.count;
}

/* ---- sums that the tally keeps ---- */

static stake_amount sum_slots(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                              const struct part *part, const struct predicate *predicate)
{
    stake_amount sum = 0;
    const struct vote_class *class = part->class;
    for (uint32_t slot = 0; slot < class->values.count && slot < part->tally->slot_room; slot++) {
        stake_amount weight = tally_weights(part->tally)[slot];
        if (weight && count_accepts(delivery, predicate, class->values.at[slot].block) &&
            count_admits(delivery, replica, query, &class->values.at[slot]))
            sum = stake_add(sum, weight);
    }
    return sum;
}

/* ---- votes by voter ---- */

uint32_t count_find_voter(struct scratch *scratch, validator_id id)
{
    if (id >= scratch->voter_at.count) {
        size_t count = scratch->voter_at.count;
        vector_reserve(&scratch->voter_at, (size_t)id + 1);
        memset(scratch->voter_at.at + count, 0, (scratch->voter_at.room - count) * sizeof *scratch->voter_at.at);
        scratch->voter_at.count = scratch->voter_at.room;
    }
    uint32_t at = scratch->voter_at.at[id];
    if (at < scratch->voters.count && scratch->voters.at[at].id == id)
        return at;
    at = (uint32_t)scratch->voters.count;
    scratch->voter_at.at[id] = at;
    vector_push(&scratch->voters, (struct voter){.id = id, .first = INDEX_NONE});
    return at;
}

static void gather_vote(struct scratch *scratch, const struct vote_class *class, uint32_t vote)
{
    const struct cast *cast = &class->casts.at[vote];
    block_id block = class->values.at[cast->slot].block;
    uint32_t at = count_find_voter(scratch, class_message(class, vote)->sender);
    struct voter *voter = &scratch->voters.at[at];
    for (uint32_t e = voter->first; e != INDEX_NONE; e = scratch->entries.at[e].next)
        voter->equivocates |= scratch->entries.at[e].class == class && scratch->entries.at[e].block != block;
    if (cast->weight > voter->heaviest)
        voter->heaviest = cast->weight;
    vector_push(&scratch->entries, (struct entry){class, vote, block, cast->weight, voter->first});
    voter->first = (uint32_t)scratch->entries.count - 1;
}

static void gather_part(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                        const struct part *part)
{
    struct scratch *scratch = delivery->scratch;
    const struct vote_class *class = part->class;
    if (!class->eventful)
        late_list(delivery, part->class, replica);
    vector_reserve(&scratch->slots, class->values.count);
    for (size_t slot = 0; slot < class->values.count; slot++)
        scratch->slots.at[slot] = count_admits(delivery, replica, query, &class->values.at[slot]);

    bool only_first = query->duplicates == DUPLICATES_FIRST;
    const uint64_t *bits = tally_bits(part->tally);
    for (uint32_t word = 0; word < bits_words(part->tally->vote_room); word++)
        for (uint64_t rest = bits[word]; rest; rest &= rest - 1) {
            uint32_t vote = word * 64 + bit_lowest(rest);
            const struct cast *cast = &class->casts.at[vote];
            if (!scratch->slots.at[cast->slot])
                continue;
            if (only_first && (cast->older != INDEX_NONE || cast->newer != INDEX_NONE) &&
                !vote_is_first(class, part->tally, vote, query->electorate))
                continue;
            gather_vote(scratch, class, vote);
        }
}

void count_gather(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                  const struct part *parts, size_t part_count)
{
    vector_clear(&delivery->scratch->voters);
    vector_clear(&delivery->scratch->entries);
    for (size_t i = 0; i < part_count; i++)
        gather_part(delivery, replica, query, &parts[i]);
}

stake_amount count_voter(const struct delivery *delivery, const struct voter *voter, enum watch_duplicates duplicates,
                         const struct predicate *predicate)
{
    bool names_block = predicate->value == WATCH_BLOCK || predicate->value == WATCH_SUBTREE;
    if (voter->equivocates && duplicates == DUPLICATES_NOWHERE)
        return 0;
    if (voter->equivocates && duplicates == DUPLICATES_EVERYWHERE && names_block)
        return voter->heaviest;
    stake_amount heaviest = 0;
    const struct scratch *scratch = delivery->scratch;
    for (uint32_t e = voter->first; e != INDEX_NONE; e = scratch->entries.at[e].next) {
        const struct entry *entry = &scratch->entries.at[e];
        if (entry->weight > heaviest && count_accepts(delivery, predicate, entry->block))
            heaviest = entry->weight;
    }
    return heaviest;
}

static stake_amount sum_voters(const struct delivery *delivery, enum watch_duplicates duplicates,
                               const struct predicate *predicate)
{
    stake_amount sum = 0;
    const struct scratch *scratch = delivery->scratch;
    for (size_t i = 0; i < scratch->voters.count; i++)
        sum = stake_add(sum, count_voter(delivery, &scratch->voters.at[i], duplicates, predicate));
    return sum;
}

bool parts_are_plain(const struct part *parts, size_t part_count)
{
    return part_count == 1 && parts[0].class->repeats == 0;
}

stake_amount count_sum(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                       const struct part *parts, size_t part_count, const struct predicate *predicate)
{
    if (parts_are_plain(parts, part_count))
        return sum_slots(delivery, replica, query, parts, predicate);
    count_gather(delivery, replica, query, parts, part_count);
    return sum_voters(delivery, query->duplicates, predicate);
}

/* ---- one group of parts: those that are counted together ---- */

struct group {
    const struct delivery *delivery;
    replica_id replica;
    const struct vote_query *query;
    const struct part *parts;
    size_t part_count;
    bool plain; /* one class in which nobody voted twice */
};

static struct group group_start(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                const struct part *parts, size_t part_count)
{
    bool plain = parts_are_plain(parts, part_count);
    if (!plain)
        count_gather(delivery, replica, query, parts, part_count);
    return (struct group){delivery, replica, query, parts, part_count, plain};
}

static stake_amount group_sum(const struct group *group, enum watch_value value, block_id block)
{
    struct predicate predicate = {value, block};
    return group->plain ? sum_slots(group->delivery, group->replica, group->query, group->parts, &predicate)
                        : sum_voters(group->delivery, group->query->duplicates, &predicate);
}

/* Whether the replica holds a vote of this value that the query counts. */
static bool is_held(const struct group *group, size_t part, size_t slot)
{
    const struct part *at = &group->parts[part];
    const struct value *value = &at->class->values.at[slot];
    return value->block != BLOCK_NONE && slot < at->tally->slot_room && tally_weights(at->tally)[slot] &&
           count_admits(group->delivery, group->replica, group->query, value);
}

/* Whether the block of this value is held, and is not that of an earlier value that is. */
static bool is_candidate(const struct group *group, size_t part, size_t slot)
{
    if (!is_held(group, part, slot))
        return false;
    block_id block = group->parts[part].class->values.at[slot].block;
    for (size_t p = 0; p <= part; p++) {
        const struct vote_class *class = group->parts[p].class;
        for (size_t s = 0; s < (p == part ? slot : class->values.count); s++)
            if (class->values.at[s].block == block && is_held(group, p, s))
                return false;
    }
    return true;
}

/* Of two blocks that meet a threshold at once, the one with the smaller hash is named. */
static bool names_first(const struct delivery *delivery, block_id a, block_id b)
{
    const struct block_tree *tree = delivery->settings.tree;
    uint64_t hash_a = block_tree_get(tree, a)->hash, hash_b = block_tree_get(tree, b)->hash;
    return hash_a != hash_b ? hash_a < hash_b : a < b;
}

static void answer_some_block(const struct group *group, stake_amount threshold, struct count_answer *answer)
{
    for (size_t part = 0; part < group->part_count; part++)
        for (size_t slot = 0; slot < group->parts[part].class->values.count; slot++) {
            if (!is_candidate(group, part, slot))
                continue;
            block_id block = group->parts[part].class->values.at[slot].block;
            stake_amount weight = group_sum(group, WATCH_BLOCK, block);
            bool meets = weight >= threshold, met = answer->weight >= threshold;
            bool better = meets && met ? names_first(group->delivery, block, answer->block) : weight > answer->weight;
            if (better) {
                answer->weight = weight;
                answer->block = block;
            }
        }
}

static void answer_group(const struct group *group, stake_amount threshold, struct count_answer *answer)
{
    *answer = (struct count_answer){
        .height = group->query->height_first, .round = group->query->round_first, .block = BLOCK_NONE};
    if (group->query->value == WATCH_SOME_BLOCK) {
        answer_some_block(group, threshold, answer);
        return;
    }
    if (group->query->value != WATCH_ANY && group->query->value != WATCH_NIL)
        answer->block = group->query->block;
    answer->weight = group_sum(group, group->query->value, group->query->block);
}

static size_t same_round(const struct part *parts, size_t count, size_t from)
{
    size_t end = from + 1;
    while (end < count && parts[end].class->height == parts[from].class->height &&
           parts[end].class->round == parts[from].class->round)
        end++;
    return end;
}

struct count_answer count_watch(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                bool within_one_round, stake_amount threshold)
{
    count_parts(delivery, replica, query);
    const struct part *parts = delivery->scratch->parts.at;
    size_t count = delivery->scratch->parts.count;
    struct count_answer best = {.height = query->height_first, .round = query->round_first, .block = BLOCK_NONE};
    for (size_t from = 0, end; from < count; from = end) {
        end = within_one_round ? same_round(parts, count, from) : count;
        struct group group = group_start(delivery, replica, query, parts + from, end - from);
        struct count_answer answer;
        answer_group(&group, threshold, &answer);
        if (within_one_round) {
            answer.height = parts[from].class->height;
            answer.round = parts[from].class->round;
        }
        if (answer.weight >= threshold)
            return answer;
        if (answer.weight > best.weight)
            best = answer;
    }
    return best;
}

struct count_answer count_place(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                struct reached place, stake_amount threshold)
{
    struct vote_query there = *query;
    there.height_first = there.height_last = place.height;
    there.round_first = there.round_last = place.round;
    return count_watch(delivery, replica, &there, true, threshold);
}
