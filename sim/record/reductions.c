/* SPDX-License-Identifier: MIT */
#include "record/reductions.h"

#include "base/assert.h"

#define SPREAD_ROWS (TRACE_BIT(TRACE_HEAD) | TRACE_BIT(TRACE_FINAL))
_Static_assert(((HISTORY_ROWS | BALLOTS_ROWS | HOLDINGS_ROWS | COVERAGE_ROWS | TRAFFIC_ROWS | TRANSACTIONS_ROWS) &
                SPREAD_ROWS) == 0,
               "who reads rows of heads or final blocks must take spreads");

static void reductions_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct reductions *all = (struct reductions *)sink;
    uint32_t bit = TRACE_BIT(kind);
    if (bit & HISTORY_ROWS)
        history_row(&all->history, kind, row);
    if (bit & FINALITY_ROWS)
        finality_row(&all->finality, kind, row);
    if (bit & HEADS_ROWS)
        heads_row(&all->heads, kind, row);
    if (bit & BALLOTS_ROWS)
        ballots_row(&all->ballots, kind, row);
    if (bit & HOLDINGS_ROWS)
        holdings_row(&all->holdings, kind, row);
    if (bit & COVERAGE_ROWS)
        coverage_row(&all->coverage, kind, row);
    if (bit & TRAFFIC_ROWS)
        traffic_row(&all->traffic, kind, row);
    if (bit & TRANSACTIONS_ROWS)
        transactions_row(&all->transactions, kind, row);
}

static void reductions_spread(struct trace_sink *sink, const struct trace_spread *spread)
{
    struct reductions *all = (struct reductions *)sink;
    finality_spread(&all->finality, spread);
    heads_spread(&all->heads, spread);
}

void reductions_init(struct reductions *reductions, time_ns counted_from_ns)
{
    *reductions = (struct reductions){.sink = {reductions_row, reductions_spread}, .counted_from_ns = counted_from_ns};
    history_init(&reductions->history);
    finality_init(&reductions->finality, &reductions->history, counted_from_ns);
    heads_init(&reductions->heads, &reductions->history, counted_from_ns);
    ballots_init(&reductions->ballots, &reductions->history);
    holdings_init(&reductions->holdings, &reductions->history);
    coverage_init(&reductions->coverage, &reductions->history, counted_from_ns);
}

void reductions_release(struct reductions *reductions)
{
    for (size_t i = 0; i < reductions->outcomes.count; i++)
        outcome_release(&reductions->outcomes.at[i]);
    vector_release(&reductions->outcomes);
    vector_release(&reductions->network);
    vector_release(&reductions->topology);
    traffic_release(&reductions->traffic);
    coverage_release(&reductions->coverage);
    transactions_release(&reductions->transactions);
    holdings_release(&reductions->holdings);
    ballots_release(&reductions->ballots);
    heads_release(&reductions->heads);
    finality_release(&reductions->finality);
    history_release(&reductions->history);
}

void reductions_topology(struct reductions *reductions, const struct topology_row *topology)
{
    REQUIRE(reductions->topology.count == 0);
    vector_push(&reductions->topology, *topology);
}

void reductions_finish(struct reductions *reductions, const struct network_row *network, size_t network_count)
{
    REQUIRE(reductions->outcomes.count == 0);
    for (chain_id chain = 0; chain < reductions->history.chains.count; chain++) {
        struct outcome outcome;
        outcome_init(&outcome, &reductions->history, &reductions->finality, &reductions->heads, chain);
        vector_push(&reductions->outcomes, outcome);
    }
    for (size_t i = 0; i < network_count; i++)
        vector_push(&reductions->network, network[i]);
}
