/* SPDX-License-Identifier: MIT */
#include "record/outcome.h"

#include <glib.h>

static block_id main_head(const struct history_chain *facts, const struct finality *finality, const struct heads *heads,
                          chain_id chain)
{
    block_id common = heads_most_common(heads, chain);
    block_id highest = finality->chains.at[chain].highest;
    return history_block(facts, highest)->height > history_block(facts, common)->height ? highest : common;
}

void outcome_init(struct outcome *outcome, const struct history *history, const struct finality *finality,
                  const struct heads *heads, chain_id chain)
{
    const struct history_chain *facts = history_chain(history, chain);
    outcome->head = main_head(facts, finality, heads, chain);
    outcome->on_main = g_new0(bool, facts->blocks.count);
    outcome->status = g_new0(uint32_t, facts->blocks.count);
    for (block_id id = outcome->head; id != BLOCK_NONE; id = history_block(facts, id)->parent)
        outcome->on_main[id] = true;
    uint64_t height = history_block(facts, outcome->head)->height;
    for (block_id id = 0; id < facts->blocks.count; id++) {
        bool final = id == BLOCK_GENESIS || finality->chains.at[chain].blocks.at[id].nodes > 0;
        bool orphan = !outcome->on_main[id] && history_block(facts, id)->height <= height;
        outcome->status[id] = final ? BLOCK_FINAL : orphan ? BLOCK_ORPHAN : BLOCK_PENDING;
    }
}

void outcome_release(struct outcome *outcome)
{
    g_free(outcome->on_main);
    g_free(outcome->status);
}
