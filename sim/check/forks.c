/* SPDX-License-Identifier: MIT */
#include "check/forks.h"

#include "record/spread.h"

void forks_release(struct forks *forks)
{
    for (size_t i = 0; i < forks->chains.count; i++) {
        vector_release(&forks->chains.at[i].at_height);
        vector_release(&forks->chains.at[i].is_final);
        vector_release(&forks->chains.at[i].forks);
    }
    vector_release(&forks->chains);
    vector_release(&forks->path);
}

static void add_chain(struct forks *forks)
{
    struct chain_forks chain = {0};
    struct final_block genesis = {.block = BLOCK_GENESIS, .node = ID_NONE};
    vector_push(&chain.at_height, genesis);
    vector_push(&chain.is_final, true);
    vector_push(&forks->chains, chain);
}

static void mark(struct forks *forks, const struct trace_final *row, block_id block)
{
    struct chain_forks *chain = &forks->chains.at[row->chain];
    const struct ancestry_block *facts = ancestry_block(forks->ancestry, row->chain, block);
    struct final_block now = {block, row->node, row->at_ns}, none = {.block = BLOCK_NONE};
    chain->is_final.at[block] = true;
    while (chain->at_height.count <= facts->height)
        vector_push(&chain->at_height, none);
    struct final_block *first = &chain->at_height.at[facts->height];
    if (first->block == BLOCK_NONE) {
        *first = now;
        return;
    }
    chain->rivals++;
    struct fork fork = {facts->height, *first, now};
    if (ancestry_block(forks->ancestry, row->chain, first->block)->parent == facts->parent)
        vector_push(&chain->forks, fork);
}

static void add_final(struct forks *forks, const struct trace_final *row)
{
    if (row->corrupt)
        return;
    struct chain_forks *chain = &forks->chains.at[row->chain];
    while (chain->is_final.count < ancestry_count(forks->ancestry, row->chain))
        vector_push(&chain->is_final, false);
    vector_clear(&forks->path);
    for (block_id id = row->block; !chain->is_final.at[id];
         id = ancestry_block(forks->ancestry, row->chain, id)->parent)
        vector_push(&forks->path, id);
    for (size_t i = forks->path.count; i-- > 0;)
        mark(forks, row, forks->path.at[i]);
}

void forks_row(struct forks *forks, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        add_chain(forks);
    else if (kind == TRACE_FINAL)
        add_final(forks, row);
}

/* Whoever comes first marks the block; the others find it marked. */
void forks_spread(struct forks *forks, const struct trace_spread *spread)
{
    if (spread->final == BLOCK_NONE)
        return;
    replica_id first = spread_first(spread);
    struct trace_final row = {.at_ns = spread->first_ns,
                              .chain = spread->chain,
                              .replica = first,
                              .node = spread->node_of[first],
                              .block = spread->final};
    add_final(forks, &row);
}
