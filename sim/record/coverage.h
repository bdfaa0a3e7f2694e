/* SPDX-License-Identifier: MIT */
/*
 * How messages spread: for each chain and kind of message, how long after it was sent a message had reached 1 %, 2 %,
 * ..., 100 % of the nodes, and nodes with as much of the stake; over all messages sent after the warm-up. Made of the
 * opt-in rows of messages and arrivals; without them it is empty. Memory grows with messages that have not reached
 * everybody, not with rows. Twins count for nothing: a node is reached when its own replica is.
 */
#ifndef POSIM_RECORD_COVERAGE_H
#define POSIM_RECORD_COVERAGE_H

#include "base/sketch.h"
#include "record/history.h"

#define COVERAGE_STEPS 100u

struct coverage_series {
    chain_id chain;
    uint32_t kind;
    uint64_t messages;
    struct sketch nodes[COVERAGE_STEPS]; /* [i]: times to reach i + 1 % of the nodes, ... */
    struct sketch stake[COVERAGE_STEPS]; /* ... of the stake at the nodes */
};

struct coverage {
    const struct history *history;
    time_ns counted_from_ns;
    GHashTable *spreading;                   /* by message; looked up only, never walked */
    VECTOR(struct coverage_series *) series; /* in the order in which their first messages were sent */
    VECTOR(stake_amount) stake_of_node;      /* of one chain, when first asked for */
    chain_id stakes_of;                      /* whose; ID_NONE: not made */
    uint128 stake_total;
};

#define COVERAGE_ROWS (TRACE_BIT(TRACE_MESSAGE) | TRACE_BIT(TRACE_ARRIVAL))

void coverage_init(struct coverage *coverage, const struct history *history, time_ns counted_from_ns);
void coverage_release(struct coverage *coverage);
void coverage_row(struct coverage *coverage, enum trace_kind kind, const void *row);

#endif
