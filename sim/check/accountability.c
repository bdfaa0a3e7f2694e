/* SPDX-License-Identifier: MIT */
#include "check/accountability.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

void accountability_release(struct accountability *accountability)
{
    for (size_t i = 0; i < accountability->chains.count; i++) {
        struct accountability_chain *chain = &accountability->chains.at[i];
        for (size_t j = 0; j < chain->transcripts.count; j++)
            transcript_release(&chain->transcripts.at[j]);
        vector_release(&chain->validators);
        vector_release(&chain->transcripts);
        vector_release(&chain->final_height);
        vector_release(&chain->reached);
        vector_release(&chain->accused);
    }
    vector_release(&accountability->chains);
}

static struct accountable_validator *validator_at(struct accountability_chain *chain, validator_id validator)
{
    REQUIRE(validator != ID_NONE);
    while (chain->validators.count <= validator)
        vector_push(&chain->validators, (struct accountable_validator){0});
    return &chain->validators.at[validator];
}

/* The index of the first transcript at or above the height; votes are mostly for the newest. */
static size_t place_of(const struct accountability_chain *chain, uint64_t height)
{
    size_t low = 0, high = chain->transcripts.count;
    if (high && chain->transcripts.at[high - 1].height < height)
        return high;
    if (high && chain->transcripts.at[high - 1].height == height)
        return high - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (chain->transcripts.at[middle].height < height)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct transcript *find(const struct accountability_chain *chain, uint64_t height)
{
    size_t place = place_of(chain, height);
    if (place == chain->transcripts.count || chain->transcripts.at[place].height != height)
        return NULL;
    return &chain->transcripts.at[place];
}

static void add_vote(struct accountability_chain *chain, const struct trace_vote *row)
{
    if (!chain->level)
        return;
    struct transcript *transcript = find(chain, row->height);
    if (!transcript) {
        size_t place = place_of(chain, row->height);
        struct transcript empty = {.height = row->height};
        vector_push(&chain->transcripts, empty);
        transcript = chain->transcripts.at + place;
        memmove(transcript + 1, transcript, (chain->transcripts.count - 1 - place) * sizeof *transcript);
        *transcript = empty;
        chain->closed += place < chain->closed;
    }
    struct cast_vote vote = {row->weight, row->type, row->round, row->validator, row->block};
    if (!transcript->closed)
        vector_push(&transcript->votes, vote);
}

/* The stake that votes on a block: what its row says, else the chain's total. */
static stake_amount electorate(const struct accountability *accountability, chain_id id, block_id block)
{
    stake_amount stake = 0;
    if (block < ancestry_count(accountability->ancestry, id))
        stake = ancestry_block(accountability->ancestry, id, block)->electorate_stake;
    return stake ? stake : accountability->chains.at[id].rules.total_stake;
}

static void close_transcript(struct accountability *accountability, chain_id id, struct transcript *transcript)
{
    struct accountability_chain *chain = &accountability->chains.at[id];
    block_id block = BLOCK_NONE;
    for (size_t i = 0; i < transcript->votes.count && block == BLOCK_NONE; i++)
        block = transcript->votes.at[i].block;
    struct transcript_rules rules = {
        .locks = chain->level >= 2 && chain->rules.quorum_above.denominator,
        .lock_vote = chain->rules.lock_vote,
        .commit_vote = chain->rules.commit_vote,
        .quorum_above = chain->rules.quorum_above,
        .total = electorate(accountability, id, block),
    };
    transcript_close(transcript, &rules);
    for (size_t i = 0; i < transcript->offences.count; i++)
        validator_at(chain, transcript->offences.at[i].validator)->convicted = true;
}

/* Closes what lies far enough below the height that every honest replica has reached. */
static void close_old(struct accountability *accountability, chain_id id)
{
    struct accountability_chain *chain = &accountability->chains.at[id];
    while (chain->closed < chain->transcripts.count) {
        struct transcript *transcript = &chain->transcripts.at[chain->closed];
        if (transcript->height + KEPT_HEIGHTS > chain->floor)
            return;
        if (!transcript->closed)
            close_transcript(accountability, id, transcript);
        chain->closed++;
    }
}

static void add_final(struct accountability *accountability, const struct trace_final *row)
{
    struct accountability_chain *chain = &accountability->chains.at[row->chain];
    uint64_t height = ancestry_block(accountability->ancestry, row->chain, row->block)->height;
    if (row->corrupt || !chain->level)
        return;
    while (chain->final_height.count <= row->replica)
        vector_push(&chain->final_height, 0);
    while (chain->reached.count <= height)
        vector_push(&chain->reached, 0);
    for (uint64_t at = chain->final_height.at[row->replica] + 1; at <= height; at++)
        if (++chain->reached.at[at] == accountability->honest_nodes)
            chain->floor = at;
    chain->final_height.at[row->replica] = MAX(chain->final_height.at[row->replica], height);
    close_old(accountability, row->chain);
}

/* Whether the trace's votes bear the evidence out; true where they can no longer tell. */
static bool is_founded(const struct accountability_chain *chain, const struct trace_evidence *row)
{
    if (!chain->level || row->type == UINT32_MAX)
        return true;
    const struct transcript *transcript = find(chain, row->height);
    if (!transcript)
        return false;
    return transcript->closed || transcript_equivocates(transcript, row->offender, row->type, row->round);
}

static int compare_accused(const struct accused *a, const struct accused *b)
{
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    if (a->round != b->round)
        return a->round < b->round ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return a->validator == b->validator ? 0 : a->validator < b->validator ? -1 : 1;
}

/* Whether it is new; the list is in order, so that many reporters of one offence cost little. */
static bool note_accused(struct accountability_chain *chain, struct accused accused)
{
    size_t low = 0, high = chain->accused.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_accused(&chain->accused.at[middle], &accused) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < chain->accused.count && compare_accused(&chain->accused.at[low], &accused) == 0)
        return false;
    vector_push(&chain->accused, accused);
    struct accused *at = chain->accused.at + low;
    memmove(at + 1, at, (chain->accused.count - 1 - low) * sizeof *at);
    *at = accused;
    return true;
}

static void add_evidence(struct accountability_chain *chain, const struct trace_evidence *row)
{
    struct accused accused = {row->height, row->offender, row->type, row->round};
    if (!note_accused(chain, accused))
        return;
    validator_at(chain, row->offender)->accused = true;
    if (!is_founded(chain, row) && !chain->unfounded++)
        chain->first_unfounded = *row;
}

static void add_validator(struct accountability *accountability, const struct trace_validator *row)
{
    struct accountable_validator *validator = validator_at(&accountability->chains.at[row->chain], row->validator);
    validator->known = true;
    validator->corrupt = row->corrupt;
    validator->stake = row->stake;
    accountability->total_stake += row->stake;
}

void accountability_row(struct accountability *accountability, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN) {
        const struct trace_chain *rules = row;
        struct accountability_chain chain = {.level = rules->accountability, .rules = *rules};
        chain.rules.protocol = chain.rules.election = chain.rules.vote_kinds = NULL; /* the row's own */
        vector_push(&accountability->chains, chain);
    } else if (kind == TRACE_NODE) {
        accountability->honest_nodes += !((const struct trace_node *)row)->corrupt;
    } else if (kind == TRACE_VALIDATOR) {
        add_validator(accountability, row);
    } else if (kind == TRACE_VOTE) {
        add_vote(&accountability->chains.at[((const struct trace_vote *)row)->chain], row);
    } else if (kind == TRACE_FINAL) {
        add_final(accountability, row);
    } else if (kind == TRACE_EVIDENCE) {
        add_evidence(&accountability->chains.at[((const struct trace_evidence *)row)->chain], row);
    }
}

bool accountability_reads_finals(const struct accountability *accountability, chain_id chain)
{
    return accountability->chains.at[chain].level != 0;
}

/* The stake that the votes of the height convict, each offender once. */
static stake_amount convicted_at(const struct accountability_chain *chain, uint64_t height)
{
    const struct transcript *transcript = find(chain, height);
    stake_amount sum = 0;
    if (!transcript)
        return 0;
    for (size_t i = 0; i < transcript->offences.count; i++)
        if (i == 0 || transcript->offences.at[i].validator != transcript->offences.at[i - 1].validator)
            sum += transcript->offences.at[i].weight;
    return sum;
}

static void judge_forks(const struct accountability *accountability, chain_id id, struct verdict *verdict)
{
    const struct accountability_chain *chain = &accountability->chains.at[id];
    const struct chain_forks *forks = &accountability->forks->chains.at[id];
    for (size_t i = 0; i < forks->forks.count && chain->rules.quorum_above.denominator; i++) {
        const struct fork *fork = &forks->forks.at[i];
        stake_amount total = electorate(accountability, id, fork->first.block);
        stake_amount quorum = stake_above(total, chain->rules.quorum_above);
        stake_amount owed = quorum > total - quorum ? quorum - (total - quorum) : 0;
        stake_amount convicted = convicted_at(chain, fork->height);
        if (convicted < owed)
            verdict_violation(verdict,
                              "chain %u: blocks %u and %u are final at height %" G_GUINT64_FORMAT
                              ", and votes convict %" G_GUINT64_FORMAT " of the %" G_GUINT64_FORMAT
                              " of stake that must have broken the rules",
                              id, fork->first.block, fork->rival.block, fork->height, convicted, owed);
        else
            verdict_remark(verdict,
                           "chain %u: the fork at height %" G_GUINT64_FORMAT " convicts %" G_GUINT64_FORMAT
                           " of stake, %" G_GUINT64_FORMAT " are owed",
                           id, fork->height, convicted, owed);
    }
}

static void judge_convictions(struct accountability *accountability, chain_id id, struct verdict *verdict)
{
    const struct accountability_chain *chain = &accountability->chains.at[id];
    for (validator_id v = 0; v < chain->validators.count; v++) {
        const struct accountable_validator *validator = &chain->validators.at[v];
        if (validator->convicted)
            accountability->convicted_stake += validator->stake;
        if (!(validator->convicted || validator->accused) || (validator->known && validator->corrupt))
            continue;
        accountability->honest_convicted++;
        verdict_violation(verdict, "chain %u: %s validator %u, which is honest", id,
                          validator->convicted ? "votes convict" : "evidence convicts", v);
    }
    if (chain->unfounded) {
        const struct trace_evidence *row = &chain->first_unfounded;
        verdict_violation(verdict,
                          "chain %u: evidence at %s accuses validator %u of two votes of kind %u at height "
                          "%" G_GUINT64_FORMAT ", round %u, which it did not cast",
                          id, verdict_time(row->at_ns).text, row->offender, row->type, row->height, row->round);
        verdict->count += chain->unfounded - 1;
    }
}

void accountability_finish(struct accountability *accountability, struct verdict *verdict)
{
    bool applies = false;
    uint64_t evidence = 0;
    verdict_init(verdict, VERDICT_ACCOUNTABILITY);
    for (chain_id id = 0; id < accountability->chains.count; id++) {
        struct accountability_chain *chain = &accountability->chains.at[id];
        for (size_t i = 0; i < chain->transcripts.count; i++)
            if (!chain->transcripts.at[i].closed)
                close_transcript(accountability, id, &chain->transcripts.at[i]);
        applies |= chain->level > 0 || chain->accused.count > 0;
        evidence += chain->accused.count;
    }
    verdict_remark(verdict, "no fork; evidence of %" G_GUINT64_FORMAT " offences, no honest validator convicted",
                   evidence);
    for (chain_id id = 0; id < accountability->chains.count; id++) {
        judge_convictions(accountability, id, verdict);
        if (accountability->chains.at[id].level)
            judge_forks(accountability, id, verdict);
    }
    if (!applies) {
        verdict->status = VERDICT_NOT_APPLICABLE;
        verdict_remark(verdict, "no chain promises that a fork leaves evidence");
    }
}
