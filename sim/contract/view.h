/* SPDX-License-Identifier: MIT */
/*
 * What a replica can see during one step: its node's own clock, the blocks and votes that have reached it, stakes and
 * election at a block, and its own stream of random numbers. A view is const and valid during the step only. The
 * functions below are answered by the world through `calls`; a test of a protocol fills them from a transcript.
 *
 * The block tree holds blocks that this replica has not seen: ask view_has_block before looking at a block that did not
 * come from an event of this replica, from view_* or from an ancestor of such a block.
 */
#ifndef POSIM_CONTRACT_VIEW_H
#define POSIM_CONTRACT_VIEW_H

#include "base/ids.h"
#include "base/time.h"
#include "consensus/block_tree.h"
#include "consensus/message.h"
#include "consensus/watch.h"
#include "stake/electorate.h"

#include <stdbool.h>

struct view;

/* A right to lead that the election gave, with what proves it. */
struct lead {
    uint64_t slot;
    uint64_t proof; /* first 64 bits of the lottery's output; the smaller wins where a protocol compares */
};

/* See sim/delivery for votes, sim/world for the rest. */
struct view_calls {
    bool (*has_block)(const struct view *view, block_id block);
    stake_amount (*weight)(const struct view *view, const struct vote_query *query);
    void (*each_vote)(const struct view *view, const struct vote_query *query,
                      void (*visit)(void *user, const struct message *vote), void *user);
    bool (*best_payload)(const struct view *view, const struct vote_query *query, struct message *best);
    block_id (*heaviest_subtree)(const struct view *view, const struct vote_query *query, block_id root,
                                 stake_amount threshold);
    const struct electorate *(*electorate)(const struct view *view, block_id parent);
    validator_id (*leader)(const struct view *view, block_id parent, uint64_t slot, uint32_t round);
    bool (*next_lead)(const struct view *view, validator_id validator, block_id parent, uint64_t from_slot,
                      uint64_t until_slot, struct lead *lead);
    uint64_t (*random)(const struct view *view);
};

struct view {
    const struct view_calls *calls;
    void *context;          /* the caller's own */
    const void *parameters; /* the protocol's filled parameter struct */
    const struct block_tree *tree;
    const validator_id *validators; /* that this node hosts and that take part in this chain; ascending */
    uint32_t validator_count;
    chain_id chain;
    replica_id replica;
    node_id node;
    time_ns now_ns; /* the node's own clock */
};

/* Whether the block and all its ancestors have arrived here. */
static inline bool view_has_block(const struct view *view, block_id block)
{
    return view->calls->has_block(view, block);
}

static inline const struct block *view_block(const struct view *view, block_id block)
{
    return block_tree_get(view->tree, block);
}

/* The weight that the query counts, of the votes that have arrived here by now; WATCH_SOME_BLOCK: of the heaviest
 * block. */
static inline stake_amount view_weight(const struct view *view, const struct vote_query *query)
{
    return view->calls->weight(view, query);
}

/* Visits each vote that matches and has arrived, duplicates included, in the order of message ids. */
static inline void view_each_vote(const struct view *view, const struct vote_query *query,
                                  void (*visit)(void *user, const struct message *vote), void *user)
{
    view->calls->each_vote(view, query, visit, user);
}

/* The matching vote with the highest payload (then the smallest id): the highest QC that was reported, say. */
static inline bool view_best_payload(const struct view *view, const struct vote_query *query, struct message *best)
{
    return view->calls->best_payload(view, query, best);
}

/*
 * GHOST: from `root`, step to the child whose subtree has the most weight (ties: the larger hash) as long as that
 * weight reaches `threshold` and the child is here (0: as long as there is a child that is here); the block where it
 * stops. A voter counts by its latest vote, that of the highest (height, round, kind) which the query covers: over a
 * range of slots this is LMD, over one round it is GRANDPA's. A voter that equivocates anywhere in the query is treated
 * by `duplicates`. The query's `value` and `block` are not used.
 */
static inline block_id view_heaviest_subtree(const struct view *view, const struct vote_query *query, block_id root,
                                             stake_amount threshold)
{
    return view->calls->heaviest_subtree(view, query, root, threshold);
}

/* The validator set that votes on children of `parent`. */
static inline const struct electorate *view_electorate(const struct view *view, block_id parent)
{
    return view->calls->electorate(view, parent);
}

/* Public schedules: who leads at (children of parent, slot, round). */
static inline validator_id view_leader(const struct view *view, block_id parent, uint64_t slot, uint32_t round)
{
    return view->calls->leader(view, parent, slot, round);
}

/*
 * Private lotteries: the validator's first slot in [from_slot, until_slot) in which it leads, given the randomness of
 * the chain that ends in `parent`. Only for validators of this node.
 */
static inline bool view_next_lead(const struct view *view, validator_id validator, block_id parent, uint64_t from_slot,
                                  uint64_t until_slot, struct lead *lead)
{
    return view->calls->next_lead(view, validator, parent, from_slot, until_slot, lead);
}

/* The next number of the replica's own stream. */
static inline uint64_t view_random(const struct view *view)
{
    return view->calls->random(view);
}

#endif
