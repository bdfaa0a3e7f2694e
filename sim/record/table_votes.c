/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

struct votes_row {
    chain_id chain;
    uint64_t height;
    uint32_t round;
    const char *kind;
    uint32_t votes, voters, nil;
    struct ratio weight_share;
    time_ns first_ns, half_ns, two_thirds_ns, last_ns;
    uint32_t values;
};

static const struct column columns[] = {
    U32(votes_row, chain, "chain", "the chain"),
    U64(votes_row, height, "height", "height voted on"),
    U32(votes_row, round, "round", "round voted in"),
    TEXT(votes_row, kind, "kind", "kind of vote"),
    U32(votes_row, votes, "votes", "votes that were cast"),
    U32(votes_row, voters, "voters", "validators that cast them"),
    U32(votes_row, nil, "nil", "votes for nil"),
    RATIO(votes_row, weight_share, "weight_share", "share of the electorate's weight that voted"),
    TIME(votes_row, first_ns, "first_s", "when the first was cast"),
    TIME(votes_row, half_ns, "p50_s", "when half of the weight had voted"),
    TIME(votes_row, two_thirds_ns, "two_thirds_s", "when two thirds had"),
    TIME(votes_row, last_ns, "last_s", "when the last was cast"),
    U32(votes_row, values, "values", "different values voted for, nil included"),
};

static void each_of_chain(const struct reductions *all, chain_id chain, void (*write)(void *user, const void *row),
                          void *user)
{
    const struct history_chain *facts = history_chain(&all->history, chain);
    const struct chain_ballots *ballots = &all->ballots.chains.at[chain];
    uint32_t kinds = 0;
    for (size_t i = 0; i < ballots->ballots.count; i++)
        kinds = MAX(kinds, ballots->ballots.at[i].kind + 1);
    char **names = g_new0(char *, kinds + 1);
    for (uint32_t kind = 0; kind < kinds; kind++)
        names[kind] = history_vote_kind(facts, kind);
    for (size_t i = 0; i < ballots->ballots.count; i++) {
        const struct ballot *ballot = &ballots->ballots.at[i];
        struct votes_row row = {.chain = chain,
                                .height = ballot->height,
                                .round = ballot->round,
                                .kind = names[ballot->kind],
                                .votes = ballot->votes,
                                .voters = ballot->voters,
                                .nil = ballot->nil,
                                .weight_share = {ballot->weight, ballot->total},
                                .first_ns = ballot->first_ns,
                                .half_ns = ballot->half_ns,
                                .two_thirds_ns = ballot->two_thirds_ns,
                                .last_ns = ballot->last_ns,
                                .values = (uint32_t)ballot->values.count};
        write(user, &row);
    }
    g_strfreev(names);
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (chain_id chain = 0; chain < all->history.chains.count; chain++)
        each_of_chain(all, chain, write, user);
}

const struct table_info votes_table = {.name = "votes",
                                       .file = "votes.csv",
                                       .meaning = "votes by height, round and kind",
                                       .columns = columns,
                                       .column_count = G_N_ELEMENTS(columns),
                                       .key = {"chain", "height", "round", "kind"},
                                       .by_default = true,
                                       .each_row = each_row};
