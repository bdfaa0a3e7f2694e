/* SPDX-License-Identifier: MIT */
#include "check/ancestry.h"

#include "base/assert.h"

void ancestry_release(struct ancestry *ancestry)
{
    for (size_t i = 0; i < ancestry->chains.count; i++)
        vector_release(&ancestry->chains.at[i].blocks);
    vector_release(&ancestry->chains);
}

uint32_t ancestry_count(const struct ancestry *ancestry, chain_id chain)
{
    REQUIRE(chain < ancestry->chains.count);
    return (uint32_t)ancestry->chains.at[chain].blocks.count;
}

const struct ancestry_block *ancestry_block(const struct ancestry *ancestry, chain_id chain, block_id block)
{
    REQUIRE(block < ancestry_count(ancestry, chain));
    return &ancestry->chains.at[chain].blocks.at[block];
}

static void add_block(struct ancestry *ancestry, const struct trace_block *row)
{
    if (row->block == BLOCK_GENESIS) {
        ancestry->chains.at[row->chain].blocks.at[0].electorate_stake = row->electorate_stake;
        return;
    }
    REQUIRE(row->block == ancestry_count(ancestry, row->chain));
    const struct ancestry_block *parent = ancestry_block(ancestry, row->chain, row->parent);
    const struct ancestry_block *jump = ancestry_block(ancestry, row->chain, parent->jump);
    const struct ancestry_block *further = ancestry_block(ancestry, row->chain, jump->jump);
    bool doubles = parent->height - jump->height == jump->height - further->height;
    struct ancestry_block block = {.height = parent->height + 1,
                                   .electorate_stake = row->electorate_stake,
                                   .parent = row->parent,
                                   .jump = doubles ? jump->jump : row->parent};
    vector_push(&ancestry->chains.at[row->chain].blocks, block);
}

void ancestry_row(struct ancestry *ancestry, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN) {
        struct lineage lineage = {0};
        struct ancestry_block genesis = {.parent = BLOCK_NONE, .jump = BLOCK_GENESIS};
        REQUIRE(((const struct trace_chain *)row)->chain == ancestry->chains.count);
        vector_push(&lineage.blocks, genesis);
        vector_push(&ancestry->chains, lineage);
    } else if (kind == TRACE_BLOCK) {
        add_block(ancestry, row);
    }
}

bool ancestry_descends(const struct ancestry *ancestry, chain_id chain, block_id block, block_id ancestor)
{
    uint64_t height = ancestry_block(ancestry, chain, ancestor)->height;
    const struct ancestry_block *at = ancestry_block(ancestry, chain, block);
    while (at->height > height) {
        const struct ancestry_block *jump = ancestry_block(ancestry, chain, at->jump);
        block = jump->height >= height ? at->jump : at->parent;
        at = ancestry_block(ancestry, chain, block);
    }
    return block == ancestor;
}
