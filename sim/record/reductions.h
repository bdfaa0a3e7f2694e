/* SPDX-License-Identifier: MIT */
/*
 * All that tables and metrics are made of, as one sink: it feeds each row to the consumers that want it, the history
 * first. After the last row, reductions_finish() decides what became of each block; then tables (table.h) and metrics
 * (metrics.h) read it. The `counted_from_ns` of metrics, the end of the warm-up, is fixed at the start, since gaps and
 * reorgs are counted as they come.
 */
#ifndef POSIM_RECORD_REDUCTIONS_H
#define POSIM_RECORD_REDUCTIONS_H

#include "record/ballots.h"
#include "record/coverage.h"
#include "record/finality.h"
#include "record/heads.h"
#include "record/history.h"
#include "record/holdings.h"
#include "record/outcome.h"
#include "record/traffic.h"
#include "record/transactions.h"

/* What was sent, by chain and kind of message; counted by the world, not from rows. */
struct network_row {
    chain_id chain;
    const char *kind; /* "vote"; outlives the reductions */
    uint64_t messages, bytes, deliveries;
};

/* What the graph of links looks like; measured by the network, not from rows. */
struct topology_row {
    const char *topology; /* outlives the reductions */
    uint32_t nodes, relays;
    uint64_t links, links_by_model, pairs_filled;
    uint32_t places_drawn;
    uint32_t degree_least, degree_most;
    struct ratio degree_mean;
    uint32_t path_sources, hops_most;
    struct ratio hops_mean;
    time_ns delay_most_ns, delay_mean_ns, stake_delay_ns;
    uint32_t clustering_sources;
    struct ratio clustering;
};

struct reductions {
    struct trace_sink sink;
    struct history history;
    struct finality finality;
    struct heads heads;
    struct ballots ballots;
    struct holdings holdings;
    struct coverage coverage;
    struct traffic traffic;
    struct transactions transactions;
    time_ns counted_from_ns;
    VECTOR(struct outcome) outcomes; /* by chain; empty before reductions_finish */
    VECTOR(struct network_row) network;
    VECTOR(struct topology_row) topology; /* at most one */
};

#define REDUCTIONS_ROWS                                                                                                \
    (HISTORY_ROWS | FINALITY_ROWS | HEADS_ROWS | BALLOTS_ROWS | HOLDINGS_ROWS | COVERAGE_ROWS | TRAFFIC_ROWS |         \
     TRANSACTIONS_ROWS)

void reductions_init(struct reductions *reductions, time_ns counted_from_ns);
void reductions_release(struct reductions *reductions);

/* Where it is to be in a table, before that. The row is copied. */
void reductions_topology(struct reductions *reductions, const struct topology_row *topology);

/* Once, after the last row. The network's counts are copied. */
void reductions_finish(struct reductions *reductions, const struct network_row *network, size_t network_count);

#endif
