/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

static const char *const fates[] = {"included", "waiting", "lost", NULL};
enum fate { FATE_INCLUDED, FATE_WAITING, FATE_LOST };

struct transactions_table_row {
    chain_id chain;
    uint32_t cohort, transactions;
    time_ns entered_ns;
    uint64_t size_bytes, fee;
    uint32_t fate;
    block_id block;
    time_ns included_ns, final_ns;
};

static const struct column columns[] = {
    U32(transactions_table_row, chain, "chain", "the chain"),
    U32(transactions_table_row, cohort, "cohort", "the cohort; with `detail: full` the transaction"),
    U32(transactions_table_row, transactions, "transactions", "transactions of the cohort that had this fate; or 1"),
    TIME(transactions_table_row, entered_ns, "entered_s", "when the cohort's first transaction entered"),
    BYTES64(transactions_table_row, size_bytes, "size_bytes", "bytes of these transactions"),
    U64(transactions_table_row, fee, "fee", "what they pay, in the smallest unit"),
    NAME(transactions_table_row, fate, "fate",
         "included (in a block of the main chain), waiting (when the run ended), or lost (dropped or expired)", fates),
    U32(transactions_table_row, block, "block", "the block of the main chain that carries them; NA: none"),
    TIME(transactions_table_row, included_ns, "included_s", "when that block was proposed"),
    TIME(transactions_table_row, final_ns, "final_s",
         "when it was final at nodes with 2/3 of the honest stake that was up at its proposal"),
};

static uint64_t part(uint64_t whole, uint32_t of, uint32_t first, uint32_t count)
{
    return (uint64_t)((uint128)whole * ((uint64_t)first + count) / of - (uint128)whole * first / of);
}

static struct transactions_table_row row_of(const struct cohort *cohort, uint32_t first, uint32_t count, enum fate fate)
{
    const struct trace_cohort *row = &cohort->row;
    return (struct transactions_table_row){.chain = row->chain,
                                           .cohort = row->cohort,
                                           .transactions = count,
                                           .entered_ns = row->first_ns,
                                           .size_bytes = part(row->bytes, row->transactions, first, count),
                                           .fee = part(row->fees, row->transactions, first, count),
                                           .fate = fate,
                                           .block = BLOCK_NONE,
                                           .included_ns = TIME_NEVER,
                                           .final_ns = TIME_NEVER};
}

static void each_included(const struct reductions *all, chain_id chain, void (*write)(void *user, const void *row),
                          void *user)
{
    const struct chain_transactions *loads = &all->transactions.chains.at[chain];
    for (size_t i = 0; i < loads->carried.count; i++) {
        const struct trace_carried *carried = &loads->carried.at[i];
        if (!all->outcomes.at[chain].on_main[carried->block])
            continue;
        struct transactions_table_row row =
            row_of(&loads->cohorts.at[carried->cohort], carried->first, carried->transactions, FATE_INCLUDED);
        row.block = carried->block;
        row.included_ns = history_block(history_chain(&all->history, chain), carried->block)->proposed_ns;
        row.final_ns = all->finality.chains.at[chain].blocks.at[carried->block].two_thirds_ns;
        write(user, &row);
    }
}

static void each_other(const struct reductions *all, chain_id chain, void (*write)(void *user, const void *row),
                       void *user)
{
    const struct chain_transactions *loads = &all->transactions.chains.at[chain];
    uint32_t *taken = transactions_taken(loads, &all->outcomes.at[chain]);
    for (size_t c = 0; c < loads->cohorts.count; c++) {
        const struct cohort *cohort = &loads->cohorts.at[c];
        uint32_t waiting = cohort_waiting(cohort, taken[c]), lost = cohort->row.transactions - taken[c] - waiting;
        struct transactions_table_row waits = row_of(cohort, taken[c], waiting, FATE_WAITING);
        struct transactions_table_row is_lost = row_of(cohort, taken[c] + waiting, lost, FATE_LOST);
        if (waiting)
            write(user, &waits);
        if (lost)
            write(user, &is_lost);
    }
    g_free(taken);
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (chain_id chain = 0; chain < all->transactions.chains.count; chain++) {
        each_included(all, chain, write, user);
        each_other(all, chain, write, user);
    }
}

const struct table_info transactions_table = {
    .name = "transactions",
    .file = "transactions.csv",
    .meaning = "transactions and what became of them, by cohort and block; one a row with `detail: full`",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .key = {"chain", "cohort", "fate", "block"},
    .by_default = false,
    .each_row = each_row};
