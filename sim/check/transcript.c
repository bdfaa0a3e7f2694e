/* SPDX-License-Identifier: MIT */
#include "check/transcript.h"

#include "base/assert.h"

#include <stdlib.h>

void transcript_release(struct transcript *transcript)
{
    vector_release(&transcript->votes);
    vector_release(&transcript->offences);
}

bool transcript_equivocates(const struct transcript *transcript, validator_id validator, uint32_t type, uint32_t round)
{
    bool voted = false;
    block_id value = BLOCK_NONE;
    for (size_t i = 0; i < transcript->votes.count; i++) {
        const struct cast_vote *vote = &transcript->votes.at[i];
        if (vote->validator != validator || vote->type != type || vote->round != round)
            continue;
        if (voted && vote->block != value)
            return true;
        voted = true;
        value = vote->block;
    }
    return false;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* By validator, kind, round, value, weight: equal ones are the same vote. */
static int by_validator(const void *first, const void *second)
{
    const struct cast_vote *a = first, *b = second;
    int order = compare_u64(a->validator, b->validator);
    order = order ? order : compare_u64(a->type, b->type);
    order = order ? order : compare_u64(a->round, b->round);
    order = order ? order : compare_u64(a->block, b->block);
    return order ? order : compare_u64(a->weight, b->weight);
}

/* By value, round, validator, weight, kind. */
static int by_value(const void *first, const void *second)
{
    const struct cast_vote *a = first, *b = second;
    int order = compare_u64(a->block, b->block);
    order = order ? order : compare_u64(a->round, b->round);
    order = order ? order : compare_u64(a->validator, b->validator);
    order = order ? order : compare_u64(a->weight, b->weight);
    return order ? order : compare_u64(a->type, b->type);
}

static void find_equivocations(struct transcript *transcript)
{
    for (size_t i = 1; i < transcript->votes.count; i++) {
        const struct cast_vote *a = &transcript->votes.at[i - 1], *b = a + 1;
        if (a->validator != b->validator || a->type != b->type || a->round != b->round || a->block == b->block)
            continue;
        struct offence offence = {OFFENCE_EQUIVOCATION, b->validator, b->type, b->round, b->weight};
        vector_push(&transcript->offences, offence);
    }
}

struct quorum {
    block_id block;
    uint32_t round;
};
typedef VECTOR(struct quorum) quorum_list;

/* Every (value, round) for which lock votes of distinct voters make a quorum. */
static void find_quorums(const struct transcript *transcript, const struct transcript_rules *rules,
                         quorum_list *quorums)
{
    VECTOR(struct cast_vote) locks = {0};
    for (size_t i = 0; i < transcript->votes.count; i++)
        if (transcript->votes.at[i].type == rules->lock_vote && transcript->votes.at[i].block != BLOCK_NONE)
            vector_push(&locks, transcript->votes.at[i]);
    if (locks.count)
        qsort(locks.at, locks.count, sizeof *locks.at, by_value);
    stake_amount sum = 0;
    for (size_t i = 0; i < locks.count; i++) {
        const struct cast_vote *vote = &locks.at[i];
        bool same_place = i > 0 && vote[-1].block == vote->block && vote[-1].round == vote->round;
        bool same_voter = same_place && vote[-1].validator == vote->validator;
        bool had = same_place && stake_exceeds(sum, rules->total, rules->quorum_above);
        sum = (same_place ? sum : 0) + (same_voter ? 0 : vote->weight);
        struct quorum quorum = {vote->block, vote->round};
        if (!had && stake_exceeds(sum, rules->total, rules->quorum_above))
            vector_push(quorums, quorum);
    }
    vector_release(&locks);
}

static bool is_justified(const quorum_list *quorums, block_id block, uint32_t from_round, uint32_t before_round)
{
    for (size_t i = 0; i < quorums->count; i++)
        if (quorums->at[i].block == block && quorums->at[i].round >= from_round && quorums->at[i].round < before_round)
            return true;
    return false;
}

/* One validator's votes, [first, last), against its own locks. */
static void find_amnesia_of(struct transcript *transcript, const struct transcript_rules *rules,
                            const quorum_list *quorums, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        const struct cast_vote *lock = &transcript->votes.at[i];
        if (lock->type != rules->lock_vote || lock->block == BLOCK_NONE)
            continue;
        for (size_t j = first; j < last; j++) {
            const struct cast_vote *commit = &transcript->votes.at[j];
            if (commit->type != rules->commit_vote || commit->block == BLOCK_NONE || commit->block == lock->block ||
                commit->round >= lock->round || is_justified(quorums, lock->block, commit->round, lock->round))
                continue;
            struct offence offence = {OFFENCE_AMNESIA, lock->validator, lock->type, lock->round, lock->weight};
            vector_push(&transcript->offences, offence);
            break;
        }
    }
}

/* Whether somebody cast a lock vote in a later round than somebody a commit vote: without, nobody can have forgotten.
 */
static bool has_later_rounds(const struct transcript *transcript, const struct transcript_rules *rules)
{
    uint32_t first_commit = UINT32_MAX, last_lock = 0;
    for (size_t i = 0; i < transcript->votes.count; i++) {
        const struct cast_vote *vote = &transcript->votes.at[i];
        if (vote->type == rules->commit_vote && vote->block != BLOCK_NONE && vote->round < first_commit)
            first_commit = vote->round;
        if (vote->type == rules->lock_vote && vote->block != BLOCK_NONE && vote->round > last_lock)
            last_lock = vote->round;
    }
    return last_lock > first_commit;
}

static void find_amnesia(struct transcript *transcript, const struct transcript_rules *rules)
{
    quorum_list quorums = {0};
    if (!rules->locks || !has_later_rounds(transcript, rules))
        return;
    find_quorums(transcript, rules, &quorums);
    for (size_t first = 0, last; first < transcript->votes.count; first = last) {
        validator_id validator = transcript->votes.at[first].validator;
        for (last = first; last < transcript->votes.count && transcript->votes.at[last].validator == validator;)
            last++;
        find_amnesia_of(transcript, rules, &quorums, first, last);
    }
    vector_release(&quorums);
}

static int by_offender(const void *first, const void *second)
{
    const struct offence *a = first, *b = second;
    int order = compare_u64(a->validator, b->validator);
    order = order ? order : compare_u64(a->kind, b->kind);
    order = order ? order : compare_u64(a->type, b->type);
    order = order ? order : compare_u64(a->round, b->round);
    return order ? order : compare_u64(a->weight, b->weight);
}

void transcript_close(struct transcript *transcript, const struct transcript_rules *rules)
{
    REQUIRE(!transcript->closed);
    transcript->closed = true;
    if (transcript->votes.count)
        qsort(transcript->votes.at, transcript->votes.count, sizeof *transcript->votes.at, by_validator);
    find_equivocations(transcript);
    find_amnesia(transcript, rules);
    if (transcript->offences.count)
        qsort(transcript->offences.at, transcript->offences.count, sizeof *transcript->offences.at, by_offender);
    vector_release(&transcript->votes);
}
