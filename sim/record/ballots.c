/* SPDX-License-Identifier: MIT */
#include "record/ballots.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

void ballots_init(struct ballots *ballots, const struct history *history)
{
    *ballots = (struct ballots){.history = history};
}

void ballots_release(struct ballots *ballots)
{
    for (size_t i = 0; i < ballots->chains.count; i++) {
        struct chain_ballots *chain = &ballots->chains.at[i];
        for (size_t j = 0; j < chain->ballots.count; j++) {
            vector_release(&chain->ballots.at[j].values);
            g_free(chain->ballots.at[j].voted);
        }
        vector_release(&chain->ballots);
        vector_release(&chain->cast);
    }
    vector_release(&ballots->chains);
}

/* -1, 0, 1 as the ballot lies before, at or after the vote's place. */
static int compare(const struct ballot *ballot, const struct trace_vote *vote)
{
    if (ballot->height != vote->height)
        return ballot->height < vote->height ? -1 : 1;
    if (ballot->round != vote->round)
        return ballot->round < vote->round ? -1 : 1;
    return ballot->kind == vote->type ? 0 : ballot->kind < vote->type ? -1 : 1;
}

/* The stake that votes at this height: that of the newest block there, else of the newest block, else the chain's. */
static stake_amount electorate_stake(const struct history_chain *facts, uint64_t height)
{
    stake_amount newest = facts->blocks.at[facts->blocks.count - 1].electorate_stake;
    for (size_t i = facts->blocks.count; i-- > 0 && facts->blocks.at[i].height + 1 >= height;)
        if (facts->blocks.at[i].height == height && facts->blocks.at[i].electorate_stake)
            return facts->blocks.at[i].electorate_stake;
    return newest ? newest : facts->rules.total_stake;
}

static struct ballot *insert(const struct history_chain *facts, struct chain_ballots *chain, size_t place,
                             const struct trace_vote *vote)
{
    struct ballot ballot = {.height = vote->height,
                            .round = vote->round,
                            .kind = vote->type,
                            .total = electorate_stake(facts, vote->height),
                            .first_ns = vote->at_ns,
                            .half_ns = TIME_NEVER,
                            .two_thirds_ns = TIME_NEVER,
                            .voted = g_new0(uint64_t, facts->validators.count / 64 + 1)};
    vector_push(&chain->ballots, ballot);
    struct ballot *at = chain->ballots.at + place;
    memmove(at + 1, at, (chain->ballots.count - 1 - place) * sizeof *at);
    *at = ballot;
    return at;
}

/* Votes are nearly always for one of the newest places, so the search begins at the end. */
static struct ballot *find(const struct history_chain *facts, struct chain_ballots *chain,
                           const struct trace_vote *vote)
{
    size_t low = 0, high = chain->ballots.count, step = 1;
    while (step <= high && compare(&chain->ballots.at[high - step], vote) > 0) {
        high -= step;
        step *= 2;
    }
    low = step <= high ? high - step : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&chain->ballots.at[middle], vote) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < chain->ballots.count && compare(&chain->ballots.at[low], vote) == 0)
        return &chain->ballots.at[low];
    return insert(facts, chain, low, vote);
}

static void count_value(struct ballot *ballot, block_id value)
{
    ballot->nil += value == BLOCK_NONE;
    for (size_t i = 0; i < ballot->values.count; i++)
        if (ballot->values.at[i] == value)
            return;
    vector_push(&ballot->values, value);
}

static void count_voter(struct ballot *ballot, uint32_t index, uint32_t validators, const struct trace_vote *vote)
{
    static const struct ratio half = {1, 2}, two_thirds = {2, 3};
    if (!ballot->voted || (ballot->voted[index / 64] >> (index % 64) & 1))
        return;
    ballot->voted[index / 64] |= UINT64_C(1) << (index % 64);
    ballot->voters++;
    ballot->weight += vote->weight;
    if (ballot->half_ns == TIME_NEVER && stake_reaches(ballot->weight, ballot->total, half))
        ballot->half_ns = vote->at_ns;
    if (ballot->two_thirds_ns == TIME_NEVER && stake_reaches(ballot->weight, ballot->total, two_thirds))
        ballot->two_thirds_ns = vote->at_ns;
    if (ballot->voters == validators) {
        g_free(ballot->voted);
        ballot->voted = NULL;
    }
}

static void add_vote(struct ballots *ballots, const struct trace_vote *vote)
{
    const struct history_chain *facts = history_chain(ballots->history, vote->chain);
    struct chain_ballots *chain = &ballots->chains.at[vote->chain];
    uint32_t index = history_validator_index(facts, vote->validator);
    REQUIRE(index != ID_NONE);
    while (chain->cast.count < facts->validators.count)
        vector_push(&chain->cast, 0);
    chain->cast.at[index]++;
    struct ballot *ballot = find(facts, chain, vote);
    ballot->votes++;
    ballot->honest |= !facts->validators.at[index].corrupt;
    ballot->last_ns = vote->at_ns;
    count_value(ballot, vote->block);
    count_voter(ballot, index, (uint32_t)facts->validators.count, vote);
}

void ballots_row(struct ballots *ballots, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN)
        vector_push(&ballots->chains, (struct chain_ballots){0});
    else if (kind == TRACE_VOTE)
        add_vote(ballots, row);
}
