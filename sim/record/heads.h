/* SPDX-License-Identifier: MIT */
/*
 * Where honest nodes' heads are, and how far they had to go back: the head of each replica, the reorgs, and, when the
 * run is over, the branch that most of them are on and the forks that still stand between them.
 */
#ifndef POSIM_RECORD_HEADS_H
#define POSIM_RECORD_HEADS_H

#include "record/history.h"

struct chain_heads {
    VECTOR(block_id) head; /* by replica; BLOCK_NONE: no row yet, or not honest */
    uint64_t reorgs;       /* head changes of honest nodes that left blocks behind, from `counted_from_ns` on */
    uint64_t deepest_reorg;
    VECTOR(uint64_t) depths; /* how many of the head changes counted left this many blocks behind */
};

struct heads {
    const struct history *history;
    VECTOR(struct chain_heads) chains;
    time_ns counted_from_ns; /* reorgs before this do not count */
};

#define HEADS_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_HEAD))

void heads_init(struct heads *heads, const struct history *history, time_ns counted_from_ns);
void heads_release(struct heads *heads);
void heads_row(struct heads *heads, enum trace_kind kind, const void *row);
void heads_spread(struct heads *heads, const struct trace_spread *spread);

/* The least depth that `percent` of honest nodes' head changes do not exceed; false where there is none. */
bool heads_depth_quantile(const struct heads *heads, chain_id chain, unsigned percent, uint64_t *depth);

/* The head that most honest replicas hold (ties: the higher, then the older); genesis where there is none. */
block_id heads_most_common(const struct heads *heads, chain_id chain);

/*
 * The deepest fork between the heads of two honest replicas now: blocks above the fork on the shorter of both branches,
 * which is what the side that loses will have to give up. 0 where all lie on one branch.
 */
uint64_t heads_deepest_fork(const struct heads *heads, chain_id chain);

#endif
