/* SPDX-License-Identifier: MIT */
#include "record/heads.h"

#include "base/assert.h"
#include "record/spread.h"

#include <glib.h>

void heads_init(struct heads *heads, const struct history *history, time_ns counted_from_ns)
{
    *heads = (struct heads){.history = history, .counted_from_ns = counted_from_ns};
}

void heads_release(struct heads *heads)
{
    for (size_t i = 0; i < heads->chains.count; i++) {
        vector_release(&heads->chains.at[i].head);
        vector_release(&heads->chains.at[i].depths);
    }
    vector_release(&heads->chains);
}

static void add_head(struct heads *heads, const struct trace_head *row)
{
    if (!history_honest(heads->history, row->node))
        return;
    struct chain_heads *chain = &heads->chains.at[row->chain];
    while (chain->head.count <= row->replica)
        vector_push(&chain->head, BLOCK_NONE);
    chain->head.at[row->replica] = row->after;
    if (row->at_ns < heads->counted_from_ns)
        return;
    while (chain->depths.count <= row->reorg_depth)
        vector_push(&chain->depths, 0);
    chain->depths.at[row->reorg_depth]++;
    if (row->reorg_depth == 0)
        return;
    chain->reorgs++;
    chain->deepest_reorg = MAX(chain->deepest_reorg, row->reorg_depth);
}

void heads_row(struct heads *heads, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        vector_push(&heads->chains, (struct chain_heads){0});
    else if (kind == TRACE_HEAD)
        add_head(heads, row);
}

static void add_row(void *heads, enum trace_kind kind, const void *row)
{
    heads_row(heads, kind, row);
}

void heads_spread(struct heads *heads, const struct trace_spread *spread)
{
    if (heads->history->corrupt_nodes || spread->first_ns < heads->counted_from_ns) {
        spread_each(spread, add_row, heads);
        return;
    }
    struct chain_heads *chain = &heads->chains.at[spread->chain];
    while (chain->head.count < spread->count)
        vector_push(&chain->head, BLOCK_NONE);
    for (replica_id r = 0; r < spread->count; r++)
        chain->head.at[r] = spread->at_ns[r] == TIME_NEVER ? chain->head.at[r] : spread->after;
    if (!chain->depths.count)
        vector_push(&chain->depths, 0);
    chain->depths.at[0] += spread->reached;
}

bool heads_depth_quantile(const struct heads *heads, chain_id chain, unsigned percent, uint64_t *depth)
{
    const struct chain_heads *all = &heads->chains.at[chain];
    uint64_t total = 0, within = 0;
    for (size_t d = 0; d < all->depths.count; d++)
        total += all->depths.at[d];
    *depth = 0;
    for (size_t d = 0; d < all->depths.count; d++) {
        within += all->depths.at[d];
        *depth = d;
        if (within * 100 >= total * percent)
            break;
    }
    return total > 0;
}

block_id heads_most_common(const struct heads *heads, chain_id chain)
{
    const struct history_chain *facts = history_chain(heads->history, chain);
    const struct chain_heads *all = &heads->chains.at[chain];
    uint32_t *holders = g_new0(uint32_t, facts->blocks.count);
    for (size_t i = 0; i < all->head.count; i++)
        if (all->head.at[i] != BLOCK_NONE)
            holders[all->head.at[i]]++;
    block_id best = BLOCK_GENESIS;
    for (block_id id = 0; id < facts->blocks.count; id++) {
        bool higher = history_block(facts, id)->height > history_block(facts, best)->height;
        if (holders[id] > holders[best] || (holders[id] > 0 && holders[id] == holders[best] && higher))
            best = id;
    }
    g_free(holders);
    return best;
}

/* Goes down from the newest block: a child is always newer than its parent. */
uint64_t heads_deepest_fork(const struct heads *heads, chain_id chain)
{
    const struct history_chain *facts = history_chain(heads->history, chain);
    const struct chain_heads *all = &heads->chains.at[chain];
    uint64_t *tallest = g_new0(uint64_t, facts->blocks.count); /* head in the subtree so far; 0: none above genesis */
    bool *branched = g_new0(bool, facts->blocks.count);        /* whether that came from a child */
    uint64_t deepest = 0;
    for (size_t i = 0; i < all->head.count; i++)
        if (all->head.at[i] != BLOCK_NONE)
            tallest[all->head.at[i]] = history_block(facts, all->head.at[i])->height;
    for (block_id id = (block_id)facts->blocks.count; id-- > 1;) {
        if (!tallest[id])
            continue;
        block_id parent = history_block(facts, id)->parent;
        if (branched[parent])
            deepest = MAX(deepest, MIN(tallest[parent], tallest[id]) - history_block(facts, parent)->height);
        branched[parent] = true;
        tallest[parent] = MAX(tallest[parent], tallest[id]);
    }
    g_free(tallest);
    g_free(branched);
    return deepest;
}
