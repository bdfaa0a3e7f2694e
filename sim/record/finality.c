/* SPDX-License-Identifier: MIT */
#include "record/finality.h"

#include "base/assert.h"
#include "record/spread.h"

void finality_init(struct finality *finality, const struct history *history, time_ns counted_from_ns)
{
    *finality = (struct finality){.history = history, .counted_from_ns = counted_from_ns};
}

void finality_release(struct finality *finality)
{
    for (size_t i = 0; i < finality->chains.count; i++) {
        vector_release(&finality->chains.at[i].blocks);
        vector_release(&finality->chains.at[i].last);
    }
    vector_release(&finality->chains);
}

static const struct block_finality unreached = {.first_ns = TIME_NEVER,
                                                .p50_ns = TIME_NEVER,
                                                .p95_ns = TIME_NEVER,
                                                .last_ns = TIME_NEVER,
                                                .two_thirds_ns = TIME_NEVER};

static void add_chain(struct finality *finality)
{
    struct chain_finality chain = {.highest = BLOCK_GENESIS, .progress_ns = finality->counted_from_ns};
    vector_push(&chain.blocks, unreached);
    vector_push(&finality->chains, chain);
}

/* Counts the honest nodes that are up, where that may have changed. */
static void refresh_expected(const struct history *history, const struct history_chain *facts,
                             struct chain_finality *chain)
{
    if (chain->membership == history->membership)
        return;
    chain->membership = history->membership;
    chain->expected = 0;
    chain->expected_stake = 0;
    for (node_id node = 0; node < history->nodes.count; node++) {
        if (!history->nodes.at[node].known || !history_honest(history, node) || history_is_down(history, node))
            continue;
        chain->expected++;
        chain->expected_stake += node < facts->node_stake.count ? facts->node_stake.at[node] : 0;
    }
}

static void add_block(struct finality *finality, const struct trace_block *row)
{
    struct chain_finality *chain = &finality->chains.at[row->chain];
    if (row->block == BLOCK_GENESIS)
        return;
    refresh_expected(finality->history, history_chain(finality->history, row->chain), chain);
    struct block_finality block = unreached;
    block.expected = chain->expected;
    block.expected_stake = chain->expected_stake;
    REQUIRE(row->block == chain->blocks.count);
    vector_push(&chain->blocks, block);
}

static const struct ratio two_thirds = {2, 3};

/* How many must have come for percent/100 of those expected. */
static uint32_t rank_of(uint32_t expected, uint32_t percent)
{
    return (uint32_t)(((uint64_t)expected * percent + 99) / 100);
}

/* Whether this arrival is the one that makes `arrived` of `expected` reach percent/100. */
static bool reaches(uint32_t arrived, uint32_t expected, uint32_t percent)
{
    return arrived == rank_of(expected, percent);
}

static void count_expected(struct block_finality *block, stake_amount stake, time_ns at_ns)
{
    block->arrived++;
    block->stake += stake;
    if (reaches(block->arrived, block->expected, 50))
        block->p50_ns = at_ns;
    if (reaches(block->arrived, block->expected, 95))
        block->p95_ns = at_ns;
    if (block->arrived == block->expected)
        block->last_ns = at_ns;
    bool misses = block->two_thirds_ns == TIME_NEVER && block->expected_stake != 0;
    if (misses && stake_reaches(block->stake, block->expected_stake, two_thirds))
        block->two_thirds_ns = at_ns;
}

static void count(struct finality *finality, const struct trace_final *row, block_id id)
{
    const struct history_chain *facts = history_chain(finality->history, row->chain);
    struct block_finality *block = &finality->chains.at[row->chain].blocks.at[id];
    if (!block->nodes++)
        block->first_ns = row->at_ns;
    if (history_was_down(finality->history, row->node, history_block(facts, id)->sequence))
        return;
    if (block->arrived < block->expected) /* a node that changed its mind can come twice */
        count_expected(block, row->node < facts->node_stake.count ? facts->node_stake.at[row->node] : 0, row->at_ns);
}

static void note_progress(struct finality *finality, struct chain_finality *chain, time_ns at_ns)
{
    time_ns from = time_max(chain->progress_ns, finality->counted_from_ns);
    if (at_ns - from > chain->longest_gap_ns)
        chain->longest_gap_ns = at_ns - from;
    chain->progress_ns = at_ns;
}

static void add_final(struct finality *finality, const struct trace_final *row)
{
    if (row->corrupt)
        return;
    CHECK(row->at_ns >= finality->now_ns);
    finality->now_ns = row->at_ns;
    const struct history_chain *facts = history_chain(finality->history, row->chain);
    struct chain_finality *chain = &finality->chains.at[row->chain];
    while (chain->last.count <= row->replica)
        vector_push(&chain->last, BLOCK_GENESIS);
    block_id known = history_common(facts, chain->last.at[row->replica], row->block);
    for (block_id id = row->block; id != known; id = history_block(facts, id)->parent)
        count(finality, row, id);
    if (known == row->block) /* an ancestor of what it holds already */
        return;
    chain->last.at[row->replica] = row->block;
    if (history_block(facts, row->block)->height > history_block(facts, chain->highest)->height) {
        chain->highest = row->block;
        note_progress(finality, chain, row->at_ns);
    }
}

/* Whether the spread's final block comes to all that it expects, and nothing has come to any of them before. */
static bool comes_to_all(const struct finality *finality, const struct trace_spread *spread)
{
    const struct history_chain *facts = history_chain(finality->history, spread->chain);
    const struct chain_finality *chain = &finality->chains.at[spread->chain];
    const struct block_finality *block = &chain->blocks.at[spread->final];
    const struct history_block *final = history_block(facts, spread->final);
    if (finality->history->corrupt_nodes || block->nodes || spread->reached != spread->count ||
        block->expected != spread->count || chain->last.count != spread->count ||
        final->height != history_block(facts, chain->highest)->height + 1)
        return false;
    uint32_t others = 0;
    for (replica_id r = 0; r < spread->count; r++)
        others |= chain->last.at[r] ^ final->parent;
    return others == 0;
}

/* What count() makes of one row after the other. */
static void count_all(struct finality *finality, const struct trace_spread *spread)
{
    struct chain_finality *chain = &finality->chains.at[spread->chain];
    struct block_finality *block = &chain->blocks.at[spread->final];
    block->nodes = block->arrived = spread->count;
    block->stake = block->expected_stake;
    block->first_ns = spread->first_ns;
    struct spread_slices slices;
    spread_slice(spread, &slices);
    block->p50_ns = spread_rank(&slices, rank_of(spread->count, 50));
    block->p95_ns = spread_rank(&slices, rank_of(spread->count, 95));
    block->last_ns = spread->last_ns;
    if (block->expected_stake)
        block->two_thirds_ns = spread_stake(&slices, block->expected_stake, two_thirds);
    for (replica_id r = 0; r < spread->count; r++)
        chain->last.at[r] = spread->final;
    chain->highest = spread->final;
    note_progress(finality, chain, spread->first_ns);
    finality->now_ns = spread->last_ns;
}

static void add_row(void *finality, enum trace_kind kind, const void *row)
{
    finality_row(finality, kind, row);
}

void finality_spread(struct finality *finality, const struct trace_spread *spread)
{
    if (spread->final == BLOCK_NONE)
        return;
    if (comes_to_all(finality, spread))
        count_all(finality, spread);
    else
        spread_each(spread, add_row, finality);
}

static void end(struct finality *finality, time_ns at_ns)
{
    for (size_t i = 0; i < finality->chains.count; i++)
        note_progress(finality, &finality->chains.at[i], at_ns);
}

void finality_row(struct finality *finality, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        add_chain(finality);
    else if (kind == TRACE_BLOCK)
        add_block(finality, row);
    else if (kind == TRACE_FINAL)
        add_final(finality, row);
    else if (kind == TRACE_END)
        end(finality, ((const struct trace_end *)row)->at_ns);
}
