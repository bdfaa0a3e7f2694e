/* SPDX-License-Identifier: MIT */
/*
 * The transactions of one chain: who sends them, where they wait, which of them a block takes. Nothing here is an
 * event: a workload catches up with the clock when a block is made, when a head moves, and at the end.
 *
 * There is one mempool, that of a node which follows the highest head that an honest node has had; a proposer sees it
 * as it is on the branch that it builds upon. What a block takes is no longer in the mempool of that block's branch,
 * and still in that of every other, so an orphan's transactions are back as soon as the head leaves it. Rows of
 * cohorts, of what blocks take, of losses and of samples go to the sink.
 *
 * Life: new at time 0, calls in the order of time, free. After workload_fill() the block must be made.
 */
#ifndef POSIM_WORKLOAD_WORKLOAD_H
#define POSIM_WORKLOAD_WORKLOAD_H

#include "base/random.h"
#include "record/trace.h"
#include "workload/settings.h"

#include <glib.h>

struct workload;

/* Where transactions can enter. */
struct workload_nodes {
    uint32_t count;
    const char *const *regions; /* by node */
};

/*
 * From what the scenario chose; *workload is NULL where that is no transactions. False and a GError where a file cannot
 * be read or a region has no node. Settings and sink must outlive it.
 */
bool workload_new(const struct param_variant_value *chosen, chain_id chain, const struct random_seed *seed,
                  const struct workload_nodes *nodes, struct trace_sink *sink, struct workload **workload,
                  GError **error);
void workload_free(struct workload *workload);
/* The original must outlive it. NULL of NULL. */
struct workload *workload_clone(const struct workload *workload, const struct random_seed *seed,
                                struct trace_sink *sink);

/* What a block may carry, or carries. */
struct workload_load {
    uint64_t bytes;
    uint32_t transactions;
};

/* A node fills a block that extends `parent`, as far as there is room. */
struct workload_load workload_fill(struct workload *workload, block_id parent, node_id node, time_ns now_ns,
                                   const struct workload_load *room);
/* The block that was filled has got its number, the next one of its chain, and its own row. */
void workload_made(struct workload *workload, block_id block);
/* An honest node has another head. */
void workload_head(struct workload *workload, block_id head, time_ns now_ns);
/* The run is over. */
void workload_end(struct workload *workload, time_ns now_ns);

#endif
