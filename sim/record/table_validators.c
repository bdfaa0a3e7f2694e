/* SPDX-License-Identifier: MIT */
#include "record/binomial.h"
#include "record/column.h"
#include "record/table.h"

struct validators_row {
    chain_id chain;
    validator_id validator;
    const char *name;
    node_id node;
    const char *region;
    bool corrupt;
    stake_amount stake;
    struct ratio share;
    stake_amount stake_end;
    bool jailed;
    uint64_t proposed, final;
    struct ratio leader_share, low, high;
    uint64_t votes;
};

static const struct column columns[] = {
    U32(validators_row, chain, "chain", "the chain"),
    U32(validators_row, validator, "validator", "the validator"),
    TEXT(validators_row, name, "name", "its name"),
    U32(validators_row, node, "node", "the node that hosts it"),
    TEXT(validators_row, region, "region", "where that stands"),
    FLAG(validators_row, corrupt, "corrupt", "whether the adversary controls it"),
    STAKE(validators_row, stake, "stake", "its stake at the start, in base units"),
    RATIO(validators_row, share, "stake_share", "that as a share of the chain's: the share of blocks to expect"),
    STAKE(validators_row, stake_end, "stake_end", "its stake after the last block of the main chain"),
    FLAG(validators_row, jailed, "jailed", "whether it is jailed there"),
    U64(validators_row, proposed, "proposed", "blocks it made"),
    U64(validators_row, final, "final", "those of them that are final"),
    RATIO(validators_row, leader_share, "leader_share",
          "its share of all blocks made, counting one block for each place that a proposer had"),
    RATIO(validators_row, low, "leader_share_lo",
          "lower end of the central 95 % band of that share, were each block drawn by stake (binomial)"),
    RATIO(validators_row, high, "leader_share_hi", "upper end of that band"),
    U64(validators_row, votes, "votes", "votes it cast"),
};

struct counts {
    uint64_t made, led, final;
};

/* By the validator's index; `all_led` takes the sum. */
static struct counts *count_blocks(const struct history_chain *facts, const struct outcome *outcome, uint64_t *all_led)
{
    struct counts *counts = g_new0(struct counts, facts->validators.count + 1);
    *all_led = 0;
    for (block_id id = 1; id < facts->blocks.count; id++) {
        const struct history_block *block = history_block(facts, id);
        uint32_t index = history_validator_index(facts, block->proposer);
        if (index == ID_NONE)
            continue;
        counts[index].made++;
        counts[index].led += block->variant == 0;
        counts[index].final += outcome->status[id] == BLOCK_FINAL;
        *all_led += block->variant == 0;
    }
    return counts;
}

static stake_amount total_stake(const struct history_chain *facts)
{
    stake_amount total = 0;
    for (size_t i = 0; i < facts->validators.count; i++)
        total += facts->validators.at[i].stake;
    return total;
}

static void each_of_chain(const struct reductions *all, chain_id chain, void (*write)(void *user, const void *row),
                          void *user)
{
    const struct history_chain *facts = history_chain(&all->history, chain);
    const struct chain_ballots *ballots = &all->ballots.chains.at[chain];
    const struct outcome *outcome = &all->outcomes.at[chain];
    struct holding *after = holdings_after(&all->holdings, chain, outcome->on_main, NULL);
    stake_amount total = total_stake(facts);
    uint64_t led;
    struct counts *counts = count_blocks(facts, outcome, &led);
    for (size_t i = 0; i < facts->validators.count; i++) {
        const struct history_validator *validator = &facts->validators.at[i];
        struct binomial_band band = {0, 0};
        if (total)
            band = binomial_band(led, validator->stake, total, 0.025);
        const char *region =
            validator->node < all->history.nodes.count ? all->history.nodes.at[validator->node].region : NULL;
        struct validators_row row = {.chain = chain,
                                     .validator = validator->validator,
                                     .name = validator->name,
                                     .node = validator->node,
                                     .region = region,
                                     .corrupt = validator->corrupt,
                                     .stake = validator->stake,
                                     .share = {validator->stake, total},
                                     .stake_end = after[i].stake,
                                     .jailed = after[i].jailed,
                                     .proposed = counts[i].made,
                                     .final = counts[i].final,
                                     .leader_share = {counts[i].led, led},
                                     .low = {band.low, led},
                                     .high = {band.high, led},
                                     .votes = i < ballots->cast.count ? ballots->cast.at[i] : 0};
        write(user, &row);
    }
    g_free(after);
    g_free(counts);
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (chain_id chain = 0; chain < all->history.chains.count; chain++)
        each_of_chain(all, chain, write, user);
}

const struct table_info validators_table = {.name = "validators",
                                            .file = "validators.csv",
                                            .meaning = "every validator of each chain: stake, blocks, votes",
                                            .columns = columns,
                                            .column_count = G_N_ELEMENTS(columns),
                                            .key = {"chain", "validator"},
                                            .by_default = true,
                                            .each_row = each_row};
