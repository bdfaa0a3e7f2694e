/* SPDX-License-Identifier: MIT */
/*
 * Conservation of transactions: a block takes of a cohort the ones that come after those which its branch has taken, so
 * none is taken twice on a branch, and none that there is not; it carries what its rows add up to, no more than it has
 * room for, and nothing that entered after it; and whenever the mempool is looked at, entered = included + waiting +
 * dropped + expired, where at the end each part is what the rows say. A part of the verdict on conservation.
 * Memory: some 40 bytes a row of a cohort or of what a block carries.
 */
#ifndef POSIM_CHECK_TRANSACTIONS_H
#define POSIM_CHECK_TRANSACTIONS_H

#include "check/ancestry.h"
#include "check/verdict.h"

/* What a branch has taken of a cohort after a block. */
struct taken_point {
    block_id block;
    uint32_t count;
    uint64_t bytes, fees;
};

struct checked_cohort {
    time_ns last_ns;
    uint32_t count, dropped;
    uint64_t bytes, fees;
    bool expired;
    VECTOR(struct taken_point) points; /* of all branches, the newest last */
};

/* The block that was told of last, and what its rows say that it carries. */
struct checked_block {
    struct trace_block row;
    uint64_t count, bytes, fees;
};

struct checked_load {
    VECTOR(struct checked_cohort) cohorts;
    struct checked_block block;
    uint64_t entered;
    struct trace_mempool last;
    bool has_last;
};

struct transactions_check {
    const struct ancestry *ancestry; /* fed before this one */
    VECTOR(struct checked_load) chains;
    struct verdict found;
};

void transactions_check_init(struct transactions_check *check, const struct ancestry *ancestry);
void transactions_check_release(struct transactions_check *check);
/* The rows that it reads; others need not be handed to it. */
#define TRANSACTIONS_CHECK_ROWS                                                                                        \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_BLOCK) | TRACE_BIT(TRACE_COHORT) | TRACE_BIT(TRACE_CARRIED) |            \
     TRACE_BIT(TRACE_FILLING) | TRACE_BIT(TRACE_LOSS) | TRACE_BIT(TRACE_MEMPOOL))
void transactions_check_row(struct transactions_check *check, enum trace_kind kind, const void *row);
/* Adds to the verdict on conservation. */
void transactions_check_finish(struct transactions_check *check, struct verdict *verdict);

#endif
