/* SPDX-License-Identifier: MIT */
/*
 * Safety: no two conflicting blocks are final at honest nodes (of one or of two). Where finality is a depth, no honest
 * node's head leaves its own final block either. Counted are blocks that became final in conflict with one that was
 * final before, and heads that left.
 */
#ifndef POSIM_CHECK_SAFETY_H
#define POSIM_CHECK_SAFETY_H

#include "check/forks.h"
#include "check/verdict.h"

struct safety_chain {
    VECTOR(block_id) final_at; /* by replica: the block that it holds final */
    VECTOR(bool) corrupt;      /* by replica, as its rows of finality say */
    bool final_by_depth;
    uint64_t left; /* heads that left their own final block */
    struct trace_head first_left;
    block_id first_left_block;
};

struct safety {
    const struct ancestry *ancestry; /* both fed before this one */
    const struct forks *forks;
    VECTOR(struct safety_chain) chains;
};

void safety_release(struct safety *safety);
/* The rows that it reads; others need not be handed to it. */
#define SAFETY_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_FINAL) | TRACE_BIT(TRACE_HEAD))
void safety_row(struct safety *safety, enum trace_kind kind, const void *row);
void safety_spread(struct safety *safety, const struct trace_spread *spread);
void safety_finish(const struct safety *safety, struct verdict *verdict);

#endif
