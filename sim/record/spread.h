/* SPDX-License-Identifier: MIT */
/* What is asked of a spread (trace.h) by those who take it: its rows, or the times at which it came so far. */
#ifndef POSIM_RECORD_SPREAD_H
#define POSIM_RECORD_SPREAD_H

#include "record/trace.h"

/* Writes the spread to the sink, as its rows where the sink takes no spreads. */
void spread_write(struct trace_sink *sink, const struct trace_spread *spread);

/* Shows its rows one by one, in their order. */
void spread_each(const struct trace_spread *spread, void (*row)(void *user, enum trace_kind kind, const void *row),
                 void *user);

/* The earliest of its replicas: the least time and, of those that share it, the least number. */
replica_id spread_first(const struct trace_spread *spread);

/*
 * For quantiles: the times fall into slices of equal length, whose sums tell in which one a quantile lies; only what is
 * in that one is sorted.
 */
#define SPREAD_SLICES 1024u

struct spread_slices {
    const struct trace_spread *spread;
    unsigned shift; /* a slice is 2^shift ns long */
    uint32_t count[SPREAD_SLICES];
    stake_amount stake[SPREAD_SLICES];
};

void spread_slice(const struct trace_spread *spread, struct spread_slices *slices);

/* When so many of its replicas were there, 1 to `reached`. */
time_ns spread_rank(const struct spread_slices *slices, uint32_t rank);

/* When those who were there had that share of so much stake; TIME_NEVER: they never have. */
time_ns spread_stake(const struct spread_slices *slices, stake_amount total, struct ratio share);

#endif
