/* SPDX-License-Identifier: MIT */
/*
 * A watch is a question about votes that a replica asks once and is answered when the answer becomes yes: "when has
 * more than two thirds prevoted for one block in round 3, that block being here?". Protocols contain no counting of
 * votes: they set watches, are woken by EVENT_WATCH, and read counts through the view.
 *
 * A watch fires once, in the instant in which it is first met; one that is met already when it is set fires in the
 * next microstep. Cancelling, and forgetting a height, drops it silently. What it counts, exactly:
 *   - votes of the given kinds, heights and rounds (both ranges inclusive), of `electorate` where one is given, that
 *     have arrived at this replica and that it has not forgotten; its own votes arrive one microstep after they are
 *     cast;
 *   - where `join_block`, only once the block voted for is available at the replica, too (nil needs none);
 *   - nothing before `not_before_ns`;
 *   - by `value`: every vote, those for nil, those for one block, those for any one block (each block counted apart;
 *     the watch then says which, of several at once the one with the smaller hash), or those for a block or its
 *     descendants;
 *   - where `within_one_round`, the votes of each (height, round) are counted apart, and the watch says which met it
 *     (of several the lowest); else it says height_first and round_first;
 *   - a voter once, by the largest weight among those of its votes that count.
 * A voter that voted for different blocks at one (kind, height, round) is an equivocator, as soon as two such votes are
 * among those that the watch counts; `duplicates` says what becomes of it. To vote for one block in round 3 and for
 * another in round 4 is no equivocation.
 *
 * With `each_vote` there is no threshold and no rule for duplicates: the watch fires for every matching vote that
 * arrives after it was set, at the time from which the vote counts (its block's arrival where `join_block`, not before
 * not_before_ns), until cancelled; for rules that are not monotone (no-shows, polls).
 */
#ifndef POSIM_CONSENSUS_WATCH_H
#define POSIM_CONSENSUS_WATCH_H

#include "base/ids.h"
#include "base/stake.h"
#include "base/time.h"

#include <stdbool.h>

enum watch_value {
    WATCH_ANY,        /* whatever was voted for */
    WATCH_NIL,        /* votes for nil */
    WATCH_BLOCK,      /* votes for `block` */
    WATCH_SOME_BLOCK, /* votes for one and the same block, not nil; event.block says which */
    WATCH_SUBTREE,    /* votes for `block` or a descendant */
};

/* What becomes of an equivocator. */
enum watch_duplicates {
    DUPLICATES_PER_VALUE,  /* counts for each value that it voted for; once where any value counts */
    DUPLICATES_FIRST,      /* of its votes at the place the first to arrive counts (in one instant: the smaller id) */
    DUPLICATES_EVERYWHERE, /* counts for every block (GRANDPA), voted for or not; for nil only if it voted nil */
    DUPLICATES_NOWHERE,    /* counts for none (LMD with discounting) */
};

/* A set of votes; what a watch counts and what the view can be asked about. */
struct vote_query {
    uint32_t kinds; /* bit 1 << type for each kind of vote */
    uint32_t round_first, round_last;
    uint64_t height_first, height_last;
    electorate_id electorate; /* ID_NONE: any */
    enum watch_value value;
    block_id block;
    enum watch_duplicates duplicates;
    bool join_block;
};

struct watch {
    struct vote_query votes;
    stake_amount threshold; /* fires at weight >= threshold; must be above 0 */
    time_ns not_before_ns;  /* 0: at once */
    bool within_one_round;
    bool each_vote;
    uint64_t tag; /* the protocol's own; comes back in the event; names the watch for cancelling */
};

/* One kind of vote at one height and round: the most common query. */
static inline struct vote_query votes_of(uint16_t kind, uint64_t height, uint32_t round)
{
    return (struct vote_query){.kinds = 1u << kind,
                               .round_first = round,
                               .round_last = round,
                               .height_first = height,
                               .height_last = height,
                               .electorate = ID_NONE,
                               .value = WATCH_ANY,
                               .block = BLOCK_NONE};
}

#endif
