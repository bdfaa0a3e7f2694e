/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

struct blocks_row {
    chain_id chain;
    block_id block, parent;
    uint64_t hash, height, slot;
    uint32_t round;
    validator_id proposer;
    uint32_t variant;
    time_ns proposed_ns;
    uint32_t size_bytes, transactions, status;
    bool on_main;
    time_ns first_ns, last_ns;
};

static const char *const statuses[] = {
    [BLOCK_FINAL] = "final", [BLOCK_ORPHAN] = "orphan", [BLOCK_PENDING] = "pending", NULL};

static const struct column columns[] = {
    U32(blocks_row, chain, "chain", "the chain"),
    U32(blocks_row, block, "block", "the block; numbered in the order of creation"),
    U32(blocks_row, parent, "parent", "its parent; 0 is genesis, which has no row"),
    HEX64(blocks_row, hash, "hash", "hash of its content"),
    U64(blocks_row, height, "height", "its parent's height + 1"),
    U64(blocks_row, slot, "slot", "its slot; 0 where there are no slots"),
    U32(blocks_row, round, "round", "the round in which it was proposed first"),
    U32(blocks_row, proposer, "proposer", "the validator that made it"),
    U32(blocks_row, variant, "variant", "0, or 1, 2, ... for further blocks of one proposer for one place"),
    TIME(blocks_row, proposed_ns, "proposed_s", "when it was proposed first"),
    BYTES32(blocks_row, size_bytes, "size_bytes", "its size"),
    U32(blocks_row, transactions, "transactions", "transactions in it"),
    NAME(blocks_row, status, "status",
         "final (at an honest node), orphan (not final, off the main chain, which is at least as high) or pending",
         statuses),
    FLAG(blocks_row, on_main, "on_main",
         "whether it is on the main chain: the branch of the head that most honest nodes hold when the run ends"),
    TIME(blocks_row, first_ns, "first_final_s", "when the first honest node held it final"),
    TIME(blocks_row, last_ns, "last_final_s",
         "when the last of the honest nodes that were up when it was proposed did; NA: not all have"),
};

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (chain_id chain = 0; chain < all->history.chains.count; chain++) {
        const struct history_chain *facts = history_chain(&all->history, chain);
        for (block_id id = 1; id < facts->blocks.count; id++) {
            const struct history_block *block = history_block(facts, id);
            const struct block_finality *final = &all->finality.chains.at[chain].blocks.at[id];
            struct blocks_row row = {.chain = chain,
                                     .block = id,
                                     .parent = block->parent,
                                     .hash = block->hash,
                                     .height = block->height,
                                     .slot = block->slot,
                                     .round = block->round,
                                     .proposer = block->proposer,
                                     .variant = block->variant,
                                     .proposed_ns = block->proposed_ns,
                                     .size_bytes = block->size_bytes,
                                     .transactions = block->transactions,
                                     .status = all->outcomes.at[chain].status[id],
                                     .on_main = all->outcomes.at[chain].on_main[id],
                                     .first_ns = final->first_ns,
                                     .last_ns = final->last_ns};
            write(user, &row);
        }
    }
}

const struct table_info blocks_table = {.name = "blocks",
                                        .file = "blocks.csv",
                                        .meaning = "every block that was proposed, and what became of it",
                                        .columns = columns,
                                        .column_count = G_N_ELEMENTS(columns),
                                        .key = {"chain", "block"},
                                        .by_default = true,
                                        .each_row = each_row};
