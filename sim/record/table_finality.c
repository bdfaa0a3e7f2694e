/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

struct finality_table_row {
    chain_id chain;
    block_id block;
    uint64_t height;
    time_ns proposed_ns, first_ns, p50_ns, p95_ns, last_ns, two_thirds_ns;
    uint32_t nodes, expected, censored;
};

static const struct column columns[] = {
    U32(finality_table_row, chain, "chain", "the chain"),
    U32(finality_table_row, block, "block", "the block"),
    U64(finality_table_row, height, "height", "its height"),
    TIME(finality_table_row, proposed_ns, "proposed_s", "when it was proposed first"),
    TIME(finality_table_row, first_ns, "first_s", "from then until the first honest node held it final"),
    TIME(finality_table_row, p50_ns, "p50_s", "until half of the nodes expected did"),
    TIME(finality_table_row, p95_ns, "p95_s", "until 95 % of them did"),
    TIME(finality_table_row, last_ns, "last_s", "until all of them did"),
    TIME(finality_table_row, two_thirds_ns, "two_thirds_stake_s", "until those with 2/3 of their stake did"),
    U32(finality_table_row, nodes, "nodes", "honest nodes that hold it final"),
    U32(finality_table_row, expected, "expected_nodes", "honest nodes that were up when it was proposed"),
    U32(finality_table_row, censored, "censored_nodes", "those of them that do not hold it final when the run ends"),
};

static time_ns since(time_ns at_ns, time_ns proposed_ns)
{
    return at_ns == TIME_NEVER ? TIME_NEVER : at_ns - proposed_ns;
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (chain_id chain = 0; chain < all->history.chains.count; chain++) {
        const struct history_chain *facts = history_chain(&all->history, chain);
        for (block_id id = 1; id < facts->blocks.count; id++) {
            const struct block_finality *final = &all->finality.chains.at[chain].blocks.at[id];
            time_ns proposed_ns = history_block(facts, id)->proposed_ns;
            struct finality_table_row row = {.chain = chain,
                                             .block = id,
                                             .height = history_block(facts, id)->height,
                                             .proposed_ns = proposed_ns,
                                             .first_ns = since(final->first_ns, proposed_ns),
                                             .p50_ns = since(final->p50_ns, proposed_ns),
                                             .p95_ns = since(final->p95_ns, proposed_ns),
                                             .last_ns = since(final->last_ns, proposed_ns),
                                             .two_thirds_ns = since(final->two_thirds_ns, proposed_ns),
                                             .nodes = final->nodes,
                                             .expected = final->expected,
                                             .censored = finality_censored(final)};
            if (final->nodes > 0)
                write(user, &row);
        }
    }
}

const struct table_info finality_table = {.name = "finality",
                                          .file = "finality.csv",
                                          .meaning =
                                              "every block that is final at an honest node, and how long it took",
                                          .columns = columns,
                                          .column_count = G_N_ELEMENTS(columns),
                                          .key = {"chain", "block"},
                                          .by_default = true,
                                          .each_row = each_row};
