/* SPDX-License-Identifier: MIT */
/* The Tendermint plug-in: what it can be set to, what wakes it, and what checkers and adversaries are told of it. */
#include "protocol/tendermint/tendermint.h"

#include "base/assert.h"

#include <string.h>

#define TIMEOUT(name_in_key, field, default_text, what)                                                                \
    {                                                                                                                  \
        .key = name_in_key, .type = PARAM_DURATION, .offset = offsetof(struct tendermint_parameters, field),           \
        .by_default = default_text, .minimum = "0", .meaning = what,                                                   \
        .source = "CometBFT v0.38, config/config.go, DefaultConsensusConfig"                                           \
    }

static const struct param parameters[] = {
    TIMEOUT("timeout_propose", propose.base_ns, "3 s", "how long round 0 waits for a proposal before prevoting nil"),
    TIMEOUT("timeout_propose_delta", propose.delta_ns, "500 ms", "by how much timeout_propose grows each round"),
    TIMEOUT("timeout_prevote", prevote.base_ns, "1 s",
            "how long round 0 waits for more prevotes once more than two thirds are in, for anything"),
    TIMEOUT("timeout_prevote_delta", prevote.delta_ns, "500 ms", "by how much timeout_prevote grows each round"),
    TIMEOUT("timeout_precommit", precommit.base_ns, "1 s",
            "how long round 0 waits for more precommits once more than two thirds are in, for anything"),
    TIMEOUT("timeout_precommit_delta", precommit.delta_ns, "500 ms", "by how much timeout_precommit grows each round"),
    TIMEOUT("timeout_commit", commit_ns, "1 s",
            "how long a validator waits after a decision before it begins the next height; 0 as in the paper"),
    {.key = "skip_timeout_commit",
     .type = PARAM_FLAG,
     .offset = offsetof(struct tendermint_parameters, skip_timeout_commit),
     .by_default = "off",
     .meaning = "begin the next height as soon as every precommit of the last one is in",
     .source = "CometBFT v0.38, config/config.go, DefaultConsensusConfig"},
    {.key = "catch_up_after",
     .type = PARAM_DURATION,
     .offset = offsetof(struct tendermint_parameters, catch_up_after_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .meaning = "how long after votes of a later height a node asks a peer for what it lacks, and asks again"},
    {.key = "help_after",
     .type = PARAM_DURATION,
     .offset = offsetof(struct tendermint_parameters, help_after_ns),
     .by_default = "10 s",
     .minimum = "1 ms",
     .meaning = "how long after the beginning of a height a node asks a peer for votes that it may have missed"},
    {.key = "block_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct tendermint_parameters, block_size_bytes),
     .by_default = "100 kB",
     .minimum = "0 B",
     .maximum = "100 MiB",
     .meaning = "bytes of a block, signatures of its last commit included; where the scenario has `transactions`, the "
                "most that it "
                "carries of these",
     .source = "an assumption; the most that CometBFT allows is 100 MiB (types/params.go, MaxBlockSizeBytes)"},
    {.key = "block_transactions",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct tendermint_parameters, block_transactions),
     .by_default = "100",
     .minimum = "0",
     .maximum = "10_000_000",
     .meaning = "transactions in a block; where the scenario has `transactions`, the most that it carries",
     .source = "an assumption: transactions of 1 kB, as in CometBFT's QA runs"},
};

const struct param_table tendermint_table =
    PARAM_TABLE("tendermint", "Tendermint consensus as CometBFT runs it", struct tendermint_parameters, parameters);

const struct tendermint_rules tendermint_paper_rules = {.quorum_above = {2, 3}, .skip_above = {1, 3}, .locks = true};

void tendermint_set_timer(struct tendermint *run, enum tendermint_timer timer, time_ns after_ns)
{
    run->state->due_ns[timer] = time_add(run->view->now_ns, after_ns);
    effects_timer(run->effects, timer, run->state->due_ns[timer]);
}

/* Whether this timer is due: one that was cleared, or set again, since it was put on the clock is not. */
static bool take_timer(struct tendermint_state *state, const struct view *view, uint64_t tag)
{
    REQUIRE(tag < TIMER_KINDS);
    if (state->due_ns[tag] > view->now_ns)
        return false;
    state->due_ns[tag] = TIME_NEVER;
    return true;
}

static void on_timer(struct tendermint *run, uint64_t tag)
{
    if (!take_timer(run->state, run->view, tag))
        return;
    if (tag == TIMER_HELP)
        tendermint_ask(run);
    else
        tendermint_timeout(run, (enum tendermint_timer)tag);
}

/* Timers that were due while the node was down are gone from the clock: they are due now. */
static void on_recovered(struct tendermint *run)
{
    for (uint64_t timer = 0; timer < TIMER_KINDS; timer++)
        if (run->state->due_ns[timer] <= run->view->now_ns)
            effects_timer(run->effects, timer, run->view->now_ns);
}

static bool extends_last(const struct tendermint *run, block_id block)
{
    return block_tree_descends(run->view->tree, block, run->state->last) && block != run->state->last;
}

static void on_watch(struct tendermint *run, const struct event *event)
{
    struct tendermint_state *state = run->state;
    if (tendermint_watch_round(run, event))
        return;
    switch ((enum tendermint_watch)event->tag) {
    case WATCH_LINE_49:
        if (event->number == state->height && view_block(run->view, event->block)->parent == state->last)
            tendermint_decide(run, event->block, event->round);
        break;
    case WATCH_LINE_55:
        if (event->number == state->height && event->round > state->round)
            tendermint_start_round(run, event->round);
        break;
    case WATCH_BEHIND:
        if (event->number > state->height)
            tendermint_fall_behind(run);
        break;
    case WATCH_CAUGHT:
        if (extends_last(run, event->block))
            tendermint_decide(run, event->block, event->round);
        break;
    case WATCH_COMMITTED_BY_ALL:
        if (event->number + 1 == state->height && state->step == STEP_NEW_HEIGHT)
            tendermint_start_round(run, 0);
        break;
    default:
        break;
    }
}

/* Evidence is given once against each offender. */
static void on_equivocation(struct tendermint *run, const struct event *event)
{
    struct tendermint_state *state = run->state;
    for (size_t i = 0; i < state->accused.count; i++)
        if (state->accused.at[i] == event->validator)
            return;
    vector_push(&state->accused, event->validator);
    struct effect *evidence = effects_add(run->effects, EFFECT_EVIDENCE);
    evidence->subject = event->validator;
    evidence->height = event->message->height;
    evidence->round = event->message->round;
    evidence->type = event->message->kind == MESSAGE_VOTE ? event->message->type : EVIDENCE_OF_PROPOSALS;
    if (run->view->validator_count)
        evidence->validator = run->view->validators[0];
}

void tendermint_step_by(const struct tendermint_rules *rules, struct tendermint_state *state, const struct view *view,
                        const struct event *event, struct effects *effects)
{
    struct tendermint run = {rules, view->parameters, state, view, effects};
    bool begun = state->height > 0;
    if (!begun && event->kind != EVENT_START && event->kind != EVENT_RECOVERED)
        return;
    switch (event->kind) {
    case EVENT_START:
        tendermint_begin(&run);
        break;
    case EVENT_RECOVERED:
        if (begun)
            on_recovered(&run);
        else
            tendermint_begin(&run); /* the node was down when the others began */
        break;
    case EVENT_PROPOSAL:
        tendermint_take_proposal(&run, event->message);
        break;
    case EVENT_REQUEST:
        tendermint_answer(&run, event->message);
        break;
    case EVENT_RESPONSE:
        tendermint_take_answer(&run, event->message);
        break;
    case EVENT_EQUIVOCATION:
        on_equivocation(&run, event);
        break;
    case EVENT_WATCH:
        on_watch(&run, event);
        break;
    case EVENT_TIMER:
        on_timer(&run, event->tag);
        break;
    default:
        break;
    }
    tendermint_apply_rules(&run);
}

static void step(void *state, const struct view *view, const struct event *event, struct effects *effects)
{
    tendermint_step_by(&tendermint_paper_rules, state, view, event, effects);
}

/* The first round whose timeout exceeds `needed`; -1 if none does. */
static int64_t first_round_above(const struct timeout *timeout, time_ns needed)
{
    if (timeout->base_ns > needed)
        return 0;
    return timeout->delta_ns ? (needed - timeout->base_ns) / timeout->delta_ns + 1 : -1;
}

/* Sum of a timeout over the rounds 0 .. last. */
static int128 sum_of(const struct timeout *timeout, int64_t last)
{
    return (int128)timeout->base_ns * (last + 1) + (int128)timeout->delta_ns * last * (last + 1) / 2;
}

static uint64_t block_size(const void *filled)
{
    return ((const struct tendermint_parameters *)filled)->block_size_bytes;
}

/*
 * A height ends with the first round whose proposer is correct and whose timeouts exceed two message delays D (the
 * paper's proof of termination). Let r be the first round with such timeouts. With f = floor((n-1)/3) faulty validators
 * of equal stake no more than f rounds in a row have a faulty proposer, so round r+f is the last; each round takes at
 * most its three timeouts and three delays. So the longest time without a decision is timeout_commit + sum over the
 * rounds 0 .. r+f of (propose + prevote + precommit + 3 D) + catch_up_after + 6 D, the rest for those who hear of the
 * decision by asking. No bound is stated where the timeouts never reach 2 D. With unequal stakes faulty proposers can
 * come more often in a row; the bound is generous enough for these in practice.
 */
static void verdict_rules(const void *filled, time_ns delay_ns, uint32_t validator_count, struct verdict_rules *rules)
{
    const struct tendermint_parameters *set = filled;
    *rules = (struct verdict_rules){.quorum_above = tendermint_paper_rules.quorum_above,
                                    .accountability = ACCOUNTABLE_LOCK,
                                    .lock_vote = TENDERMINT_PREVOTE,
                                    .commit_vote = TENDERMINT_PRECOMMIT};
    const struct timeout *timeouts[] = {&set->propose, &set->prevote, &set->precommit};
    int64_t last = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(timeouts); i++) {
        int64_t round = first_round_above(timeouts[i], 2 * delay_ns);
        if (round < 0)
            return;
        last = MAX(last, round);
    }
    last += validator_count ? (validator_count - 1) / 3 : 0;
    int128 bound = (int128)set->commit_ns + set->catch_up_after_ns + (int128)delay_ns * (3 * (last + 1) + 6);
    for (size_t i = 0; i < G_N_ELEMENTS(timeouts); i++)
        bound += sum_of(timeouts[i], last);
    rules->liveness_bound_ns = bound < TIME_NEVER ? (time_ns)bound : 0;
}

/* Another block for the same round, or a vote for something else: the block that is known, else nil. */
static bool conflict(const struct view *view, const struct effect *effect, block_id alternative, struct effect *other)
{
    *other = *effect;
    if (effect->kind == EFFECT_PROPOSE) {
        const struct tendermint_parameters *set = view->parameters;
        if (effect->block != BLOCK_NONE)
            other->parent = view_block(view, effect->block)->parent;
        other->block = BLOCK_NONE;
        other->payload = 0;
        other->variant = effect->variant + 1;
        other->size_bytes = (uint32_t)set->block_size_bytes;
        other->transactions = (uint32_t)set->block_transactions;
        return true;
    }
    if (effect->kind != EFFECT_VOTE)
        return false;
    other->block = alternative != effect->block ? alternative : BLOCK_NONE;
    return other->block != effect->block;
}

static void clone_state(void *state, const void *original)
{
    struct tendermint_state *copy = state;
    const struct tendermint_state *from = original;
    copy->proposals.at = g_memdup2(from->proposals.at, from->proposals.room * sizeof *from->proposals.at);
    copy->accused.at = g_memdup2(from->accused.at, from->accused.room * sizeof *from->accused.at);
}

static void release_state(void *state)
{
    struct tendermint_state *own = state;
    vector_release(&own->proposals);
    vector_release(&own->accused);
}

static const struct vote_kind vote_kinds[] = {
    [TENDERMINT_PREVOTE] = {"prevote", "for the proposal of the round, or nil"},
    [TENDERMINT_PRECOMMIT] = {"precommit", "for a value with more than two thirds of the prevotes, or nil"},
};

extern const struct protocol protocol_tendermint;
const struct protocol protocol_tendermint = {
    .name = "tendermint",
    .meaning = "Tendermint: rounds of proposal, prevote and precommit; final at more than two thirds",
    .source = "Buchman, Kwon, Milosevic 2018 (arXiv 1807.04938), algorithm 1; CometBFT v0.38",
    .params = &tendermint_table,
    .state_size = sizeof(struct tendermint_state),
    .wakes = WAKE(EVENT_START) | WAKE(EVENT_RECOVERED) | WAKE(EVENT_PROPOSAL) | WAKE(EVENT_REQUEST) |
             WAKE(EVENT_RESPONSE) | WAKE(EVENT_EQUIVOCATION) | WAKE(EVENT_WATCH) | WAKE(EVENT_TIMER),
    .election_form = ELECTION_SCHEDULE,
    .default_election = "weighted_round_robin",
    .vote_kinds = vote_kinds,
    .vote_kind_count = G_N_ELEMENTS(vote_kinds),
    .step = step,
    .block_size = block_size,
    .verdict_rules = verdict_rules,
    .conflict = conflict,
    .clone = clone_state,
    .release = release_state,
};
