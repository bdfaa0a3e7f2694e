/* SPDX-License-Identifier: MIT */
/*
 * When blocks became final, by block. A row says that a block and its ancestors are final for a replica; here each
 * block newly covered is counted once a replica. What is kept is a few numbers a block and one a replica: rows come in
 * the order of time, so a quantile over nodes is the time at which the count reaches it.
 *
 * A block expects the honest nodes that were up when it was proposed. Its p50, p95, last and two thirds are over those;
 * nodes that were down then and catch up later count as holding it, and as the first, but in no quantile. What a
 * quantile has not reached when the run ends is NA, and the nodes still missing are counted, never dropped.
 */
#ifndef POSIM_RECORD_FINALITY_H
#define POSIM_RECORD_FINALITY_H

#include "record/history.h"

struct block_finality {
    time_ns first_ns, p50_ns, p95_ns, last_ns; /* TIME_NEVER until reached; last: all that are expected */
    time_ns two_thirds_ns;                     /* nodes with 2/3 of the stake of the expected nodes */
    stake_amount stake, expected_stake;
    uint32_t nodes;   /* honest nodes that hold it final */
    uint32_t arrived; /* those of them that it expects */
    uint32_t expected;
};

struct chain_finality {
    VECTOR(struct block_finality) blocks; /* by block_id */
    VECTOR(block_id) last;                /* by replica: the block it holds final */
    block_id highest;                     /* the highest block that an honest node holds final; the first at a tie */
    time_ns progress_ns;                  /* when `highest` last rose */
    time_ns longest_gap_ns;               /* between two rises, from `counted_from_ns` on */
    uint64_t membership;                  /* of the history, when these two were counted */
    uint32_t expected;                    /* honest nodes that are up ... */
    stake_amount expected_stake;          /* ... and their stake */
};

struct finality {
    const struct history *history;
    VECTOR(struct chain_finality) chains;
    time_ns counted_from_ns; /* gaps before this do not count */
    time_ns now_ns;
};

#define FINALITY_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_BLOCK) | TRACE_BIT(TRACE_FINAL) | TRACE_BIT(TRACE_END))

void finality_init(struct finality *finality, const struct history *history, time_ns counted_from_ns);
void finality_release(struct finality *finality);
void finality_row(struct finality *finality, enum trace_kind kind, const void *row);
void finality_spread(struct finality *finality, const struct trace_spread *spread);

/* Expected nodes that do not hold it final. */
static inline uint32_t finality_censored(const struct block_finality *block)
{
    return block->expected - block->arrived;
}

#endif
