/* SPDX-License-Identifier: MIT */
#include "check/conservation.h"

#include "base/assert.h"
#include "base/stake_operation.h"

#include <glib.h>

void conservation_init(struct conservation *conservation, const struct ancestry *ancestry)
{
    *conservation = (struct conservation){.ancestry = ancestry};
    verdict_init(&conservation->found, VERDICT_CONSERVATION);
}

void conservation_release(struct conservation *conservation)
{
    for (size_t i = 0; i < conservation->chains.count; i++) {
        struct conservation_chain *chain = &conservation->chains.at[i];
        for (size_t j = 0; j < chain->validators.count; j++)
            vector_release(&chain->validators.at[j].points);
        vector_release(&chain->validators);
        vector_release(&chain->flows);
        vector_release(&chain->totals);
    }
    vector_release(&conservation->chains);
}

static struct conserved_validator *validator_at(struct conservation_chain *chain, validator_id validator)
{
    REQUIRE(validator != ID_NONE);
    while (chain->validators.count <= validator) {
        struct stake_point genesis = {BLOCK_GENESIS, 0};
        struct conserved_validator none = {0};
        vector_push(&none.points, genesis);
        vector_push(&chain->validators, none);
    }
    return &chain->validators.at[validator];
}

static void add_validator(struct conservation_chain *chain, const struct trace_validator *row)
{
    chain->genesis += row->stake;
    validator_at(chain, row->validator)->points.at[0].stake = row->stake;
}

/* The validator's stake after the block: that of the nearest ancestor that changed it, which is the newest. */
static stake_amount stake_after(const struct conservation *conservation, chain_id id,
                                const struct conserved_validator *validator, block_id block)
{
    size_t i = validator->points.count - 1;
    while (!ancestry_descends(conservation->ancestry, id, block, validator->points.at[i].block))
        i--;
    return validator->points.at[i].stake;
}

/* What the row moves where; false where stake moves in a direction that its kind of operation cannot move it. */
static bool flow_of(const struct trace_stake *row, struct stake_flow *flow)
{
    int128 rise = (int128)row->after - (int128)row->before;
    *flow = (struct stake_flow){.bonded = rise};
    if (!row->applied)
        return rise == 0;
    switch (row->kind) {
    case STAKE_EVIDENCE:
        flow->burned = -rise;
        return rise <= 0;
    case STAKE_BOND:
        flow->minted = rise;
        return rise >= 0;
    case STAKE_UNBOND:
        flow->withdrawn = -rise;
        return rise <= 0;
    default:
        return rise == 0;
    }
}

static void add_flow(struct stake_flow *sum, const struct stake_flow *more)
{
    sum->bonded += more->bonded;
    sum->burned += more->burned;
    sum->minted += more->minted;
    sum->withdrawn += more->withdrawn;
}

static void add_stake(struct conservation *conservation, const struct trace_stake *row)
{
    struct conservation_chain *chain = &conservation->chains.at[row->chain];
    struct conserved_validator *validator = validator_at(chain, row->validator);
    struct block_flow flow = {.block = row->block};
    stake_amount before = stake_after(conservation, row->chain, validator, row->block);
    if (row->before != before)
        verdict_violation(&conservation->found,
                          "chain %u: block %u changes validator %u from a stake of %" G_GUINT64_FORMAT
                          ", which is %" G_GUINT64_FORMAT " on its branch",
                          row->chain, row->block, row->validator, row->before, before);
    if (!flow_of(row, &flow.flow))
        verdict_violation(&conservation->found,
                          "chain %u: block %u moves validator %u from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                          ", which its operation cannot",
                          row->chain, row->block, row->validator, row->before, row->after);
    struct stake_point point = {row->block, row->after};
    vector_push(&validator->points, point);
    if (chain->flows.count && chain->flows.at[chain->flows.count - 1].block == row->block)
        add_flow(&chain->flows.at[chain->flows.count - 1].flow, &flow.flow);
    else
        vector_push(&chain->flows, flow);
}

void conservation_row(struct conservation *conservation, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        vector_push(&conservation->chains, (struct conservation_chain){0});
    else if (kind == TRACE_VALIDATOR)
        add_validator(&conservation->chains.at[((const struct trace_validator *)row)->chain], row);
    else if (kind == TRACE_STAKE)
        add_stake(conservation, row);
    else if (kind == TRACE_LEDGER)
        vector_push(&conservation->chains.at[((const struct trace_ledger *)row)->chain].totals,
                    *(const struct trace_ledger *)row);
}

/* Every block's own flow, by block; then the sums since genesis, a parent before its children. */
static struct stake_flow *sum_flows(const struct conservation *conservation, chain_id id)
{
    const struct conservation_chain *chain = &conservation->chains.at[id];
    uint32_t count = ancestry_count(conservation->ancestry, id);
    struct stake_flow *sums = g_new0(struct stake_flow, count);
    for (size_t i = 0; i < chain->flows.count; i++)
        add_flow(&sums[chain->flows.at[i].block], &chain->flows.at[i].flow);
    for (block_id block = 1; block < count; block++)
        add_flow(&sums[block], &sums[ancestry_block(conservation->ancestry, id, block)->parent]);
    return sums;
}

static void judge_totals(const struct conservation_chain *chain, const struct trace_ledger *row,
                         const struct stake_flow *sum, struct verdict *verdict)
{
    if (row->genesis != chain->genesis)
        verdict_violation(verdict,
                          "chain %u: block %u: genesis is %" G_GUINT64_FORMAT " and the validators' stakes add up to "
                          "%" G_GUINT64_FORMAT,
                          row->chain, row->block, row->genesis, (uint64_t)chain->genesis);
    if ((uint128)row->bonded + row->burned + row->withdrawn != (uint128)row->genesis + row->minted)
        verdict_violation(verdict,
                          "chain %u: block %u: bonded %" G_GUINT64_FORMAT " + burned %" G_GUINT64_FORMAT
                          " + withdrawn %" G_GUINT64_FORMAT " are not genesis %" G_GUINT64_FORMAT
                          " + minted %" G_GUINT64_FORMAT,
                          row->chain, row->block, row->bonded, row->burned, row->withdrawn, row->genesis, row->minted);
    if ((int128)row->bonded != (int128)chain->genesis + sum->bonded || (int128)row->burned != sum->burned ||
        (int128)row->minted != sum->minted || (int128)row->withdrawn != sum->withdrawn)
        verdict_violation(verdict,
                          "chain %u: block %u: bonded %" G_GUINT64_FORMAT ", burned %" G_GUINT64_FORMAT
                          ", minted %" G_GUINT64_FORMAT ", withdrawn %" G_GUINT64_FORMAT
                          " are not what the changes on its branch add up to",
                          row->chain, row->block, row->bonded, row->burned, row->minted, row->withdrawn);
    if (row->jailed > row->bonded)
        verdict_violation(verdict,
                          "chain %u: block %u: jailed %" G_GUINT64_FORMAT " is more than bonded %" G_GUINT64_FORMAT,
                          row->chain, row->block, row->jailed, row->bonded);
}

static void judge_missing(const struct conservation *conservation, chain_id id, struct verdict *verdict)
{
    const struct conservation_chain *chain = &conservation->chains.at[id];
    bool *has_totals = g_new0(bool, ancestry_count(conservation->ancestry, id));
    for (size_t i = 0; i < chain->totals.count; i++)
        has_totals[chain->totals.at[i].block] = true;
    for (size_t i = 0; i < chain->flows.count; i++) {
        const struct stake_flow *flow = &chain->flows.at[i].flow;
        bool moves = flow->bonded || flow->burned || flow->minted || flow->withdrawn;
        if (moves && !has_totals[chain->flows.at[i].block])
            verdict_violation(verdict, "chain %u: block %u changes stake and has no totals", id,
                              chain->flows.at[i].block);
    }
    g_free(has_totals);
}

void conservation_finish(struct conservation *conservation, struct verdict *verdict)
{
    uint64_t rows = 0;
    *verdict = conservation->found;
    for (chain_id id = 0; id < conservation->chains.count; id++) {
        const struct conservation_chain *chain = &conservation->chains.at[id];
        struct stake_flow *sums = sum_flows(conservation, id);
        for (size_t i = 0; i < chain->totals.count; i++)
            judge_totals(chain, &chain->totals.at[i], &sums[chain->totals.at[i].block], verdict);
        judge_missing(conservation, id, verdict);
        g_free(sums);
        rows += chain->totals.count + chain->flows.count;
    }
    verdict_remark(verdict, "%" G_GUINT64_FORMAT " blocks and totals add up", rows);
    if (!rows)
        verdict->status = VERDICT_NOT_APPLICABLE;
}
