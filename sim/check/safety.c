/* SPDX-License-Identifier: MIT */
#include "check/safety.h"

#include "record/spread.h"

#include <glib.h>

void safety_release(struct safety *safety)
{
    for (size_t i = 0; i < safety->chains.count; i++) {
        vector_release(&safety->chains.at[i].final_at);
        vector_release(&safety->chains.at[i].corrupt);
    }
    vector_release(&safety->chains);
}

static void add_final(struct safety *safety, const struct trace_final *row)
{
    struct safety_chain *chain = &safety->chains.at[row->chain];
    while (chain->final_at.count <= row->replica) {
        vector_push(&chain->final_at, BLOCK_GENESIS);
        vector_push(&chain->corrupt, false);
    }
    chain->corrupt.at[row->replica] = row->corrupt;
    if (!ancestry_descends(safety->ancestry, row->chain, chain->final_at.at[row->replica], row->block))
        chain->final_at.at[row->replica] = row->block;
}

static void add_head(struct safety *safety, const struct trace_head *row)
{
    struct safety_chain *chain = &safety->chains.at[row->chain];
    if (!chain->final_by_depth || row->replica >= chain->final_at.count || chain->corrupt.at[row->replica])
        return;
    if (ancestry_block(safety->ancestry, row->chain, row->after)->parent == row->before)
        return; /* one more block on the same branch leaves nothing */
    block_id final = chain->final_at.at[row->replica];
    if (ancestry_descends(safety->ancestry, row->chain, row->after, final) ||
        !ancestry_descends(safety->ancestry, row->chain, row->before, final))
        return;
    if (!chain->left++) {
        chain->first_left = *row;
        chain->first_left_block = final;
    }
}

void safety_row(struct safety *safety, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN) {
        struct safety_chain chain = {.final_by_depth = ((const struct trace_chain *)row)->final_by_depth};
        vector_push(&safety->chains, chain);
    } else if (kind == TRACE_FINAL) {
        add_final(safety, row);
    } else if (kind == TRACE_HEAD) {
        add_head(safety, row);
    }
}

static void add_row(void *safety, enum trace_kind kind, const void *row)
{
    safety_row(safety, kind, row);
}

/* Whether all come to hold a child of what they held; one more block on the branch of a head leaves nothing. */
static bool advances_all(const struct safety *safety, const struct trace_spread *spread)
{
    const struct safety_chain *chain = &safety->chains.at[spread->chain];
    block_id parent = ancestry_block(safety->ancestry, spread->chain, spread->final)->parent;
    if (chain->final_at.count != spread->count || spread->reached != spread->count)
        return false;
    uint32_t others = 0;
    for (replica_id r = 0; r < spread->count; r++)
        others |= (chain->final_at.at[r] ^ parent) | chain->corrupt.at[r];
    return others == 0;
}

void safety_spread(struct safety *safety, const struct trace_spread *spread)
{
    struct safety_chain *chain = &safety->chains.at[spread->chain];
    if (spread->final == BLOCK_NONE)
        return; /* heads are extended, and so leave nothing */
    if (!advances_all(safety, spread)) {
        spread_each(spread, add_row, safety);
        return;
    }
    for (replica_id r = 0; r < spread->count; r++)
        chain->final_at.at[r] = spread->final;
}

static void report_rivals(const struct safety *safety, chain_id id, struct verdict *verdict)
{
    const struct chain_forks *chain = &safety->forks->chains.at[id];
    if (!chain->rivals)
        return;
    const struct fork *fork = &chain->forks.at[0];
    verdict_violation(verdict,
                      "chain %u: blocks %u and %u conflict at height %" G_GUINT64_FORMAT
                      ": final at node %u at %s and at node %u at %s",
                      id, fork->first.block, fork->rival.block, fork->height, fork->first.node,
                      verdict_time(fork->first.at_ns).text, fork->rival.node, verdict_time(fork->rival.at_ns).text);
    verdict->count += chain->rivals - 1;
}

static void report_left(const struct safety *safety, chain_id id, struct verdict *verdict)
{
    const struct safety_chain *chain = &safety->chains.at[id];
    if (!chain->left)
        return;
    const struct trace_head *head = &chain->first_left;
    verdict_violation(verdict, "chain %u: node %u went from block %u to %u at %s, leaving its own final block %u", id,
                      head->node, head->before, head->after, verdict_time(head->at_ns).text, chain->first_left_block);
    verdict->count += chain->left - 1;
}

void safety_finish(const struct safety *safety, struct verdict *verdict)
{
    uint64_t final = 0;
    verdict_init(verdict, VERDICT_SAFETY);
    for (chain_id id = 0; id < safety->chains.count; id++) {
        report_rivals(safety, id, verdict);
        report_left(safety, id, verdict);
        final += safety->forks->chains.at[id].at_height.count - 1;
    }
    verdict_remark(verdict, "%" G_GUINT64_FORMAT " heights final at an honest node", final);
    if (!safety->chains.count)
        verdict->status = VERDICT_NOT_APPLICABLE;
}
