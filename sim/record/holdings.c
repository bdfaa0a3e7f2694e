/* SPDX-License-Identifier: MIT */
#include "record/holdings.h"

#include "base/assert.h"
#include "base/stake_operation.h"

#include <glib.h>

void holdings_init(struct holdings *holdings, const struct history *history)
{
    *holdings = (struct holdings){.history = history};
}

void holdings_release(struct holdings *holdings)
{
    for (size_t i = 0; i < holdings->chains.count; i++)
        vector_release(&holdings->chains.at[i].changes);
    vector_release(&holdings->chains);
}

void holdings_row(struct holdings *holdings, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        vector_push(&holdings->chains, (struct chain_holdings){0});
    if (kind != TRACE_STAKE)
        return;
    const struct trace_stake *stake = row;
    struct holding_change change = {.block = stake->block,
                                    .validator = stake->validator,
                                    .before = stake->before,
                                    .after = stake->after,
                                    .kind = stake->kind,
                                    .jailed = stake->jailed};
    if (stake->applied)
        vector_push(&holdings->chains.at[stake->chain].changes, change);
}

struct holding *holdings_after(const struct holdings *holdings, chain_id chain, const bool *on_branch,
                               stake_amount *slashed)
{
    const struct history_chain *facts = history_chain(holdings->history, chain);
    const struct chain_holdings *all = &holdings->chains.at[chain];
    struct holding *after = g_new0(struct holding, facts->validators.count + 1);
    stake_amount burned = 0;
    for (size_t i = 0; i < facts->validators.count; i++)
        after[i].stake = facts->validators.at[i].stake;
    for (size_t i = 0; i < all->changes.count; i++) {
        const struct holding_change *change = &all->changes.at[i];
        uint32_t index = history_validator_index(facts, change->validator);
        if (!on_branch[change->block] || index == ID_NONE)
            continue;
        after[index] = (struct holding){change->after, change->jailed};
        if (change->kind == STAKE_EVIDENCE && change->before > change->after)
            burned += change->before - change->after;
    }
    if (slashed)
        *slashed = burned;
    return after;
}
