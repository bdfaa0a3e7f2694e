/* SPDX-License-Identifier: MIT */
/*
 * What became of transactions, by cohort: which block of a branch took how many of them, and what was lost. Kept are
 * the rows themselves; on which branch a block lies is known at the end (outcome.h). Of a cohort's n transactions the
 * i-th is taken to have entered at the i-th of n equal distances between the first and the last.
 */
#ifndef POSIM_RECORD_TRANSACTIONS_H
#define POSIM_RECORD_TRANSACTIONS_H

#include "base/vector.h"
#include "record/outcome.h"
#include "record/trace.h"

struct cohort {
    struct trace_cohort row;
    uint32_t dropped;
    bool expired;
};

struct mempool_sample {
    time_ns at_ns;
    uint64_t bytes;
};

struct chain_transactions {
    VECTOR(struct cohort) cohorts;
    VECTOR(struct trace_carried) carried; /* in the order of blocks */
    VECTOR(struct trace_filling) fillings;
    VECTOR(struct mempool_sample) samples;
};

struct transactions {
    VECTOR(struct chain_transactions) chains;
};

#define TRANSACTIONS_ROWS                                                                                              \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_COHORT) | TRACE_BIT(TRACE_CARRIED) | TRACE_BIT(TRACE_FILLING) |          \
     TRACE_BIT(TRACE_LOSS) | TRACE_BIT(TRACE_MEMPOOL))

void transactions_row(struct transactions *transactions, enum trace_kind kind, const void *row);
void transactions_release(struct transactions *transactions);

/* Whether the chain's blocks are filled from transactions at all. */
bool transactions_are_there(const struct chain_transactions *chain);

/* How many of each cohort the blocks of the main chain took; g_free it. */
uint32_t *transactions_taken(const struct chain_transactions *chain, const struct outcome *outcome);

/* How many of it still wait when so many are taken. */
uint32_t cohort_waiting(const struct cohort *cohort, uint32_t taken);

/*
 * Visits transactions first .. first + count - 1 of a cohort, in slices of about equal size, each with the time at
 * which its middle entered.
 */
void cohort_each(const struct cohort *cohort, uint32_t first, uint32_t count,
                 void (*visit)(void *user, time_ns entered_ns, uint32_t transactions), void *user);

#endif
