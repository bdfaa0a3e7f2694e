/* SPDX-License-Identifier: MIT */
#include "record/transactions.h"

#include "base/assert.h"

#define SLICES 16

void transactions_row(struct transactions *transactions, enum trace_kind kind, const void *row)
{
    const struct trace_loss *loss = row;
    if (kind == TRACE_CHAIN) {
        vector_push(&transactions->chains, (struct chain_transactions){0});
    } else if (kind == TRACE_COHORT) {
        const struct trace_cohort *cohort = row;
        vector_push(&transactions->chains.at[cohort->chain].cohorts, (struct cohort){.row = *cohort});
    } else if (kind == TRACE_CARRIED) {
        const struct trace_carried *carried = row;
        vector_push(&transactions->chains.at[carried->chain].carried, *carried);
    } else if (kind == TRACE_FILLING) {
        const struct trace_filling *filling = row;
        vector_push(&transactions->chains.at[filling->chain].fillings, *filling);
    } else if (kind == TRACE_MEMPOOL) {
        const struct trace_mempool *mempool = row;
        struct mempool_sample sample = {mempool->at_ns, mempool->bytes};
        vector_push(&transactions->chains.at[mempool->chain].samples, sample);
    } else if (kind == TRACE_LOSS && loss->reason == LOSS_EXPIRED) {
        transactions->chains.at[loss->chain].cohorts.at[loss->cohort].expired = true;
    } else if (kind == TRACE_LOSS) {
        transactions->chains.at[loss->chain].cohorts.at[loss->cohort].dropped += loss->transactions;
    }
}

void transactions_release(struct transactions *transactions)
{
    for (size_t i = 0; i < transactions->chains.count; i++) {
        vector_release(&transactions->chains.at[i].cohorts);
        vector_release(&transactions->chains.at[i].carried);
        vector_release(&transactions->chains.at[i].fillings);
        vector_release(&transactions->chains.at[i].samples);
    }
    vector_release(&transactions->chains);
}

bool transactions_are_there(const struct chain_transactions *chain)
{
    return chain->samples.count > 0;
}

uint32_t *transactions_taken(const struct chain_transactions *chain, const struct outcome *outcome)
{
    uint32_t *taken = g_new0(uint32_t, chain->cohorts.count + 1);
    for (size_t i = 0; i < chain->carried.count; i++)
        if (outcome->on_main[chain->carried.at[i].block])
            taken[chain->carried.at[i].cohort] += chain->carried.at[i].transactions;
    return taken;
}

uint32_t cohort_waiting(const struct cohort *cohort, uint32_t taken)
{
    uint64_t gone = (uint64_t)taken + cohort->dropped;
    return cohort->expired || gone >= cohort->row.transactions ? 0 : cohort->row.transactions - (uint32_t)gone;
}

/* When the middle of transactions first .. until - 1 entered. */
static time_ns middle(const struct trace_cohort *row, uint64_t first, uint64_t until)
{
    uint64_t distances = 2 * ((uint64_t)row->transactions - 1);
    if (!distances)
        return row->first_ns;
    return row->first_ns + (time_ns)((int128)(row->last_ns - row->first_ns) * (first + until - 1) / distances);
}

void cohort_each(const struct cohort *cohort, uint32_t first, uint32_t count,
                 void (*visit)(void *user, time_ns entered_ns, uint32_t transactions), void *user)
{
    uint32_t slices = MIN(count, SLICES);
    REQUIRE((uint64_t)first + count <= cohort->row.transactions);
    for (uint32_t s = 0; s < slices; s++) {
        uint64_t from = first + (uint64_t)count * s / slices, until = first + (uint64_t)count * (s + 1) / slices;
        visit(user, middle(&cohort->row, from, until), (uint32_t)(until - from));
    }
}
