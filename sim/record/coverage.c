/* SPDX-License-Identifier: MIT */
#include "record/coverage.h"

/* A message that has not reached everybody yet. */
struct spread {
    uint64_t id;
    struct coverage_series *series;
    time_ns sent_ns;
    uint32_t nodes;
    stake_amount stake;
    uint32_t node_steps, stake_steps; /* noted so far */
};

void coverage_init(struct coverage *coverage, const struct history *history, time_ns counted_from_ns)
{
    *coverage = (struct coverage){.history = history,
                                  .counted_from_ns = counted_from_ns,
                                  .spreading = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free),
                                  .stakes_of = ID_NONE};
}

void coverage_release(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->series.count; i++) {
        struct coverage_series *series = coverage->series.at[i];
        for (uint32_t step = 0; step < COVERAGE_STEPS; step++) {
            sketch_release(&series->nodes[step]);
            sketch_release(&series->stake[step]);
        }
        g_free(series);
    }
    vector_release(&coverage->series);
    vector_release(&coverage->stake_of_node);
    g_hash_table_destroy(coverage->spreading);
}

static struct coverage_series *series_of(struct coverage *coverage, chain_id chain, uint32_t kind)
{
    for (size_t i = 0; i < coverage->series.count; i++)
        if (coverage->series.at[i]->chain == chain && coverage->series.at[i]->kind == kind)
            return coverage->series.at[i];
    struct coverage_series *series = g_new0(struct coverage_series, 1);
    series->chain = chain;
    series->kind = kind;
    vector_push(&coverage->series, series);
    return series;
}

static void sent(struct coverage *coverage, const struct trace_message *row)
{
    if (row->at_ns < coverage->counted_from_ns)
        return;
    struct spread *spread = g_new0(struct spread, 1);
    spread->id = row->message;
    spread->series = series_of(coverage, row->chain, row->kind);
    spread->sent_ns = row->at_ns;
    spread->series->messages++;
    g_hash_table_replace(coverage->spreading, &spread->id, spread);
}

static void find_stakes(struct coverage *coverage, chain_id chain)
{
    if (coverage->stakes_of == chain)
        return;
    const struct history_chain *facts = history_chain(coverage->history, chain);
    size_t nodes = coverage->history->nodes.count;
    vector_clear(&coverage->stake_of_node);
    for (size_t node = 0; node < nodes; node++)
        vector_push(&coverage->stake_of_node, 0);
    coverage->stake_total = 0;
    for (size_t i = 0; i < facts->validators.count; i++) {
        coverage->stake_of_node.at[facts->validators.at[i].node] += facts->validators.at[i].stake;
        coverage->stake_total += facts->validators.at[i].stake;
    }
    coverage->stakes_of = chain;
}

/* Notes the time at each step that `part` of `whole` has reached. */
static void note(struct sketch sketches[COVERAGE_STEPS], uint32_t *steps, uint128 part, uint128 whole, time_ns after_ns)
{
    while (*steps < COVERAGE_STEPS && part * COVERAGE_STEPS >= whole * (*steps + 1))
        sketch_add(&sketches[(*steps)++], after_ns);
}

static void arrived(struct coverage *coverage, const struct trace_arrival *row)
{
    size_t nodes = coverage->history->nodes.count;
    struct spread *spread = g_hash_table_lookup(coverage->spreading, &row->message);
    if (!spread || row->replica >= nodes)
        return;
    find_stakes(coverage, row->chain);
    time_ns after_ns = row->at_ns - spread->sent_ns;
    spread->nodes++;
    spread->stake += coverage->stake_of_node.at[row->replica];
    note(spread->series->nodes, &spread->node_steps, spread->nodes, nodes, after_ns);
    note(spread->series->stake, &spread->stake_steps, spread->stake, coverage->stake_total, after_ns);
    if (spread->nodes == nodes)
        g_hash_table_remove(coverage->spreading, &row->message);
}

void coverage_row(struct coverage *coverage, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_MESSAGE)
        sent(coverage, row);
    else if (kind == TRACE_ARRIVAL)
        arrived(coverage, row);
}
