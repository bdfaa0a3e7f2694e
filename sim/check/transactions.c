/* SPDX-License-Identifier: MIT */
#include "check/transactions.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

#define COUNT "%" G_GUINT64_FORMAT

void transactions_check_init(struct transactions_check *check, const struct ancestry *ancestry)
{
    *check = (struct transactions_check){.ancestry = ancestry};
    verdict_init(&check->found, VERDICT_CONSERVATION);
}

void transactions_check_release(struct transactions_check *check)
{
    for (size_t i = 0; i < check->chains.count; i++) {
        struct checked_load *chain = &check->chains.at[i];
        for (size_t c = 0; c < chain->cohorts.count; c++)
            vector_release(&chain->cohorts.at[c].points);
        vector_release(&chain->cohorts);
    }
    vector_release(&check->chains);
}

static void add_cohort(struct transactions_check *check, const struct trace_cohort *row)
{
    struct checked_load *chain = &check->chains.at[row->chain];
    struct checked_cohort cohort = {
        .last_ns = row->last_ns, .count = row->transactions, .bytes = row->bytes, .fees = row->fees};
    REQUIRE(row->cohort == chain->cohorts.count);
    if (!row->transactions || row->first_ns > row->last_ns)
        verdict_violation(&check->found, "chain %u: cohort %u is empty, or ends before it begins", row->chain,
                          row->cohort);
    vector_push(&chain->cohorts, cohort);
    chain->entered += row->transactions;
}

/* What the branch that ends in the block has taken of the cohort: the nearest ancestor's word, which is the newest. */
static struct taken_point taken_after(const struct transactions_check *check, chain_id chain,
                                      const struct checked_cohort *cohort, block_id block)
{
    for (size_t i = cohort->points.count; i-- > 0;)
        if (ancestry_descends(check->ancestry, chain, block, cohort->points.at[i].block))
            return cohort->points.at[i];
    return (struct taken_point){.block = BLOCK_GENESIS};
}

static void add_carried(struct transactions_check *check, const struct trace_carried *row)
{
    struct checked_load *chain = &check->chains.at[row->chain];
    REQUIRE(row->cohort < chain->cohorts.count);
    struct checked_cohort *cohort = &chain->cohorts.at[row->cohort];
    struct taken_point before = taken_after(check, row->chain, cohort, row->block);
    struct taken_point after = {row->block, row->first + row->transactions, before.bytes + row->bytes,
                                before.fees + row->fees};
    if (row->block != chain->block.row.block)
        verdict_violation(&check->found, "chain %u: block %u is filled after another was made", row->chain, row->block);
    if (row->first != before.count)
        verdict_violation(&check->found,
                          "chain %u: block %u takes transactions %u to %u of cohort %u, of which its branch has taken "
                          "%u",
                          row->chain, row->block, row->first, after.count, row->cohort, before.count);
    if (after.count > cohort->count || after.bytes > cohort->bytes || after.fees > cohort->fees)
        verdict_violation(&check->found,
                          "chain %u: with block %u a branch has taken %u transactions, " COUNT
                          " bytes and fees of " COUNT " of cohort %u, which has %u, " COUNT " and " COUNT,
                          row->chain, row->block, after.count, after.bytes, after.fees, row->cohort, cohort->count,
                          cohort->bytes, cohort->fees);
    if (cohort->last_ns > chain->block.row.proposed_ns)
        verdict_violation(&check->found, "chain %u: block %u takes of cohort %u, which entered after it", row->chain,
                          row->block, row->cohort);
    vector_push(&cohort->points, after);
    chain->block.count += row->transactions;
    chain->block.bytes += row->bytes;
    chain->block.fees += row->fees;
}

static void judge_filling(struct transactions_check *check, const struct trace_filling *row)
{
    const struct checked_block *block = &check->chains.at[row->chain].block;
    if (block->count != row->transactions || block->bytes != row->bytes || block->fees != row->fees ||
        block->row.transactions != row->transactions || block->row.size_bytes != row->bytes)
        verdict_violation(&check->found,
                          "chain %u: block %u has %u transactions and %u bytes, is said to carry %u and " COUNT
                          ", and takes " COUNT " and " COUNT,
                          row->chain, row->block, block->row.transactions, block->row.size_bytes, row->transactions,
                          row->bytes, block->count, block->bytes);
    if (row->transactions > row->room_transactions || row->bytes > row->room_bytes)
        verdict_violation(
            &check->found,
            "chain %u: block %u carries %u transactions and " COUNT " bytes, and has room for %u and " COUNT,
            row->chain, row->block, row->transactions, row->bytes, row->room_transactions, row->room_bytes);
}

static void add_loss(struct transactions_check *check, const struct trace_loss *row)
{
    struct checked_load *chain = &check->chains.at[row->chain];
    REQUIRE(row->cohort < chain->cohorts.count);
    struct checked_cohort *cohort = &chain->cohorts.at[row->cohort];
    if (row->reason == LOSS_EXPIRED)
        cohort->expired = true;
    else
        cohort->dropped += row->transactions;
    if (cohort->dropped > cohort->count)
        verdict_violation(&check->found, "chain %u: %u transactions of cohort %u are dropped, which has %u", row->chain,
                          cohort->dropped, row->cohort, cohort->count);
}

static void judge_mempool(struct transactions_check *check, const struct trace_mempool *row)
{
    struct checked_load *chain = &check->chains.at[row->chain];
    if (row->entered != chain->entered ||
        row->entered != row->included + row->transactions + row->dropped + row->expired)
        verdict_violation(&check->found,
                          "chain %u: at %s " COUNT " transactions have entered and " COUNT " are said to have: " COUNT
                          " included + " COUNT " waiting + " COUNT " dropped + " COUNT " expired",
                          row->chain, verdict_time(row->at_ns).text, chain->entered, row->entered, row->included,
                          row->transactions, row->dropped, row->expired);
    chain->last = *row;
    chain->has_last = true;
}

void transactions_check_row(struct transactions_check *check, enum trace_kind kind, const void *row)
{
    const struct trace_block *block = row;
    if (kind == TRACE_CHAIN)
        vector_push(&check->chains, (struct checked_load){0});
    else if (kind == TRACE_BLOCK)
        check->chains.at[block->chain].block = (struct checked_block){.row = *block};
    else if (kind == TRACE_COHORT)
        add_cohort(check, row);
    else if (kind == TRACE_CARRIED)
        add_carried(check, row);
    else if (kind == TRACE_FILLING)
        judge_filling(check, row);
    else if (kind == TRACE_LOSS)
        add_loss(check, row);
    else if (kind == TRACE_MEMPOOL)
        judge_mempool(check, row);
}

/* Each part of the last look at the mempool, counted anew on the branch of its head. */
static void judge_end(const struct transactions_check *check, chain_id id, struct verdict *verdict)
{
    const struct checked_load *chain = &check->chains.at[id];
    uint64_t included = 0, dropped = 0, expired = 0;
    for (size_t c = 0; c < chain->cohorts.count; c++) {
        const struct checked_cohort *cohort = &chain->cohorts.at[c];
        uint32_t taken = taken_after(check, id, cohort, chain->last.head).count;
        uint32_t left = cohort->count - MIN(taken, cohort->count), lost = MIN(cohort->dropped, left);
        included += taken;
        dropped += lost;
        expired += cohort->expired ? left - lost : 0;
    }
    if (included != chain->last.included || dropped != chain->last.dropped || expired != chain->last.expired)
        verdict_violation(verdict,
                          "chain %u: at the end " COUNT " transactions are included, " COUNT " dropped and " COUNT
                          " expired, and are said to be " COUNT ", " COUNT " and " COUNT,
                          id, included, dropped, expired, chain->last.included, chain->last.dropped,
                          chain->last.expired);
}

void transactions_check_finish(struct transactions_check *check, struct verdict *verdict)
{
    struct verdict *found = &check->found;
    uint64_t entered = 0;
    for (chain_id id = 0; id < check->chains.count; id++) {
        const struct checked_load *chain = &check->chains.at[id];
        entered += chain->entered;
        if (chain->has_last)
            judge_end(check, id, found);
    }
    if (found->count && !verdict->count)
        memcpy(verdict->detail, found->detail, sizeof verdict->detail);
    verdict->count += found->count;
    if (verdict->status == VERDICT_NOT_APPLICABLE && entered)
        verdict->status = VERDICT_PASS;
    if (found->count)
        verdict->status = VERDICT_FAIL;
    else if (entered && !verdict->count) {
        size_t length = strlen(verdict->detail);
        g_snprintf(verdict->detail + length, sizeof verdict->detail - length, "%s" COUNT " transactions too",
                   length ? "; " : "", entered);
    }
}
