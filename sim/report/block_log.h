/* SPDX-License-Identifier: MIT */
/*
 * The blocks of one run and chain, from blocks.csv (and finality.csv where it is recorded). Block ids count from 1, so
 * a block is found by its id; parent 0 is genesis.
 */
#ifndef POSIM_REPORT_BLOCK_LOG_H
#define POSIM_REPORT_BLOCK_LOG_H

#include "base/vector.h"
#include "record/outcome.h"
#include "report/figure_source.h"

struct block_entry {
    block_id id, parent;
    uint64_t height;
    uint32_t round;
    validator_id proposer;
    uint32_t variant;
    time_ns proposed_ns;
    enum block_status status;
    bool on_main;
    /* From the proposal to finality at the first node, at 2/3 of the stake, at the last node; TIME_NEVER: not yet. */
    time_ns first_ns, two_thirds_ns, last_ns;
};

struct block_log {
    VECTOR(struct block_entry) blocks; /* in order of their ids */
    time_ns until_ns;                  /* when the run ended, or the last thing that the tables tell of */
    uint64_t tallest;                  /* the greatest height */
};

/* False and an error where a table cannot be read or contradicts itself. */
bool block_log_read(struct block_log *log, const struct figure_source *source, const struct figure_run *run,
                    GError **error);
void block_log_release(struct block_log *log);

/* NULL for genesis and for what is not there. */
const struct block_entry *block_log_find(const struct block_log *log, block_id id);

/* The main chain's blocks that count for distributions (proposed after the warm-up), in order; g_free it. */
const struct block_entry **block_log_main(const struct block_log *log, const struct figure_source *source,
                                          size_t *count);

#endif
