/* SPDX-License-Identifier: MIT */
/*
 * Algorithm 1 of Buchman, Kwon, Milosevic 2018, in the order of its lines. An `upon` that counts votes is a watch; when
 * it fires, what it told is remembered for the round, and tendermint_apply_rules runs every rule whose condition holds.
 * One replica speaks for all validators of its node: they see the same messages, so they are in the same state.
 */
#include "protocol/tendermint/tendermint.h"

#include "base/assert.h"

bool tendermint_hosts(const struct view *view, validator_id validator)
{
    for (uint32_t i = 0; i < view->validator_count; i++)
        if (view->validators[i] == validator)
            return true;
    return false;
}

/* Votes of the present height, counted by its electorate. */
static struct watch watch_for(const struct tendermint *run, enum tendermint_watch tag, enum tendermint_vote kind,
                              enum watch_value value)
{
    const struct tendermint_state *state = run->state;
    struct watch watch = {
        .votes = votes_of((uint16_t)kind, state->height, state->round), .threshold = state->quorum, .tag = tag};
    watch.votes.electorate = state->electorate;
    watch.votes.value = value;
    watch.votes.join_block = value == WATCH_BLOCK || value == WATCH_SOME_BLOCK;
    return watch;
}

static time_ns timeout_of(const struct timeout *timeout, uint32_t round)
{
    return timeout->base_ns + (time_ns)round * timeout->delta_ns;
}

/* broadcast <kind, h_p, round_p, value>; who has no stake at this height has no vote, and the world sends none. */
static void broadcast(struct tendermint *run, enum tendermint_vote kind, block_id value)
{
    const struct tendermint_state *state = run->state;
    for (uint32_t i = 0; i < run->view->validator_count; i++) {
        struct effect *vote =
            effects_vote(run->effects, run->view->validators[i], (uint16_t)kind, state->height, state->round, value);
        vote->electorate = state->electorate;
    }
}

static void watch_height(struct tendermint *run);

/* Line 53, and what the height's electorate makes of f+1 and 2f+1. */
static void enter_height(struct tendermint *run, uint64_t height)
{
    struct tendermint_state *state = run->state;
    const struct electorate *electorate = view_electorate(run->view, state->last);
    state->height = height;
    state->round = 0;
    state->step = STEP_NEW_HEIGHT;
    state->locked_value = state->valid_value = BLOCK_NONE;
    state->locked_round = state->valid_round = -1;
    state->electorate = electorate->id;
    state->total = electorate->total;
    state->quorum = stake_above(electorate->total, run->rules->quorum_above);
    state->skip = stake_above(electorate->total, run->rules->skip_above);
    state->behind = false;
    watch_height(run);
}

/*
 * Lines 1-10: "upon start do StartRound(0)".
 */
void tendermint_begin(struct tendermint *run)
{
    run->state->last = BLOCK_GENESIS;
    for (int i = 0; i < TIMER_KINDS; i++)
        run->state->due_ns[i] = TIME_NEVER;
    enter_height(run, view_block(run->view, BLOCK_GENESIS)->height + 1);
    tendermint_start_round(run, 0);
}

/* Line 55 is about rounds above the present one. */
static void watch_later_rounds(struct tendermint *run)
{
    struct watch watch = watch_for(run, WATCH_LINE_55, TENDERMINT_PREVOTE, WATCH_ANY);
    watch.votes.kinds = 1u << TENDERMINT_PREVOTE | 1u << TENDERMINT_PRECOMMIT;
    watch.votes.round_first = run->state->round + 1;
    watch.votes.round_last = UINT32_MAX;
    watch.threshold = run->state->skip;
    watch.within_one_round = true;
    effects_watch(run->effects, &watch);
}

static void watch_height(struct tendermint *run)
{
    struct watch watch = watch_for(run, WATCH_LINE_49, TENDERMINT_PRECOMMIT, WATCH_SOME_BLOCK);
    watch.votes.round_first = 0;
    watch.votes.round_last = UINT32_MAX;
    watch.within_one_round = true;
    effects_watch(run->effects, &watch);
    watch_later_rounds(run);
    tendermint_watch_later_heights(run);
    tendermint_set_timer(run, TIMER_HELP, run->parameters->help_after_ns);
}

static void watch_votes(struct tendermint *run, enum tendermint_watch tag, enum tendermint_vote kind,
                        enum watch_value value)
{
    struct watch watch = watch_for(run, tag, kind, value);
    effects_watch(run->effects, &watch);
}

/* The watches of a round replace those of the one before. */
static void watch_this_round(struct tendermint *run)
{
    if (run->state->round > 0)
        watch_later_rounds(run);
    watch_votes(run, WATCH_LINE_36, TENDERMINT_PREVOTE, WATCH_SOME_BLOCK);
    watch_votes(run, WATCH_LINE_44, TENDERMINT_PREVOTE, WATCH_NIL);
    watch_votes(run, WATCH_LINE_34, TENDERMINT_PREVOTE, WATCH_ANY);
    watch_votes(run, WATCH_LINE_47, TENDERMINT_PRECOMMIT, WATCH_ANY);
}

static void forget_round(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    state->quorum_of_prevotes = state->quorum_of_nil = state->quorum_of_precommits = false;
    state->quorum_value = state->proof_value = BLOCK_NONE;
    state->proof_seen = false;
    state->did_line_34 = state->did_line_36 = state->did_line_47 = false;
    for (int timer = TIMER_PROPOSE; timer <= TIMER_COMMIT; timer++)
        state->due_ns[timer] = TIME_NEVER;
}

/* Lines 15-19: "if validValue_p != nil then proposal <- validValue_p else proposal <- getValue()" */
static void propose(struct tendermint *run)
{
    const struct tendermint_state *state = run->state;
    struct effect *proposal = effects_add(run->effects, EFFECT_PROPOSE);
    proposal->validator = state->proposer;
    proposal->height = state->height;
    proposal->round = state->round;
    proposal->block = state->valid_value;
    proposal->parent = state->last;
    proposal->payload = (uint64_t)(state->valid_round + 1);
    proposal->size_bytes = (uint32_t)run->parameters->block_size_bytes;
    proposal->transactions = (uint32_t)run->parameters->block_transactions;
}

/*
 * Lines 11-21: "Function StartRound(round): round_p <- round; step_p <- propose; if proposer(h_p, round_p) = p then ...
 * broadcast <PROPOSAL, h_p, round_p, proposal, validRound_p> else schedule OnTimeoutPropose(h_p, round_p) to be
 * executed after timeoutPropose(round_p)"
 */
void tendermint_start_round(struct tendermint *run, uint32_t round)
{
    struct tendermint_state *state = run->state;
    state->round = round;
    state->step = STEP_PROPOSE;
    forget_round(run);
    watch_this_round(run);
    state->proposer = view_leader(run->view, state->last, 0, round);
    if (tendermint_hosts(run->view, state->proposer))
        propose(run);
    else
        tendermint_set_timer(run, TIMER_PROPOSE, timeout_of(&run->parameters->propose, round));
}

/* A proposal arrives whenever it likes; it is kept until its height is over. */
void tendermint_take_proposal(struct tendermint *run, const struct message *message)
{
    if (message->height < run->state->height)
        return;
    vector_push(&run->state->proposals, (struct tendermint_proposal){.height = message->height,
                                                                     .round = message->round,
                                                                     .valid_round = (int64_t)message->payload - 1,
                                                                     .block = message->block,
                                                                     .sender = message->sender});
}

/* valid(v): a child of the last decision. What is in it is not modelled. */
static bool is_valid(const struct tendermint *run, block_id value)
{
    return view_block(run->view, value)->parent == run->state->last;
}

/* <PROPOSAL, h_p, round_p, *, *> from proposer(h_p, round_p) */
static bool is_current(const struct tendermint_state *state, const struct tendermint_proposal *proposal)
{
    return proposal->height == state->height && proposal->round == state->round && proposal->sender == state->proposer;
}

/* Lines 23-27 and 29-33, which differ in what overrides a lock. */
static void prevote(struct tendermint *run, block_id value, bool unlocked)
{
    bool free = unlocked || run->state->locked_value == value || !run->rules->locks;
    broadcast(run, TENDERMINT_PREVOTE, is_valid(run, value) && free ? value : BLOCK_NONE);
    run->state->step = STEP_PREVOTE;
}

/*
 * Lines 22-27: "upon <PROPOSAL, h_p, round_p, v, -1> from proposer(h_p, round_p) while step_p = propose do if valid(v)
 * and (lockedRound_p = -1 or lockedValue_p = v) then broadcast <PREVOTE, h_p, round_p, id(v)> else broadcast <PREVOTE,
 * h_p, round_p, nil>; step_p <- prevote"
 */
static void line_22(struct tendermint *run, const struct tendermint_proposal *proposal)
{
    prevote(run, proposal->block, run->state->locked_round == -1);
}

/*
 * Lines 28-33: "upon <PROPOSAL, h_p, round_p, v, vr> from proposer(h_p, round_p) AND 2f+1 <PREVOTE, h_p, vr, id(v)>
 * while step_p = propose and (vr >= 0 and vr < round_p) do if valid(v) and (lockedRound_p <= vr or lockedValue_p = v)
 * then broadcast <PREVOTE, h_p, round_p, id(v)> else broadcast <PREVOTE, h_p, round_p, nil>; step_p <- prevote"
 * Of two such proposals of a faulty proposer the first is looked at.
 */
static void line_28(struct tendermint *run, const struct tendermint_proposal *proposal)
{
    struct tendermint_state *state = run->state;
    if (proposal->valid_round >= (int64_t)state->round)
        return;
    if (state->proof_value == BLOCK_NONE) {
        struct watch watch = watch_for(run, WATCH_LINE_28, TENDERMINT_PREVOTE, WATCH_BLOCK);
        watch.votes.round_first = watch.votes.round_last = (uint32_t)proposal->valid_round;
        watch.votes.block = proposal->block;
        effects_watch(run->effects, &watch);
        state->proof_value = proposal->block;
        state->proof_round = (uint32_t)proposal->valid_round;
    } else if (state->proof_seen && state->proof_value == proposal->block &&
               state->proof_round == (uint32_t)proposal->valid_round) {
        prevote(run, proposal->block, state->locked_round <= proposal->valid_round);
    }
}

static void lines_22_and_28(struct tendermint *run)
{
    for (size_t i = 0; i < run->state->proposals.count && run->state->step == STEP_PROPOSE; i++) {
        const struct tendermint_proposal *proposal = &run->state->proposals.at[i];
        if (!is_current(run->state, proposal))
            continue;
        if (proposal->valid_round == -1)
            line_22(run, proposal);
        else
            line_28(run, proposal);
    }
}

/*
 * Lines 34-35: "upon 2f+1 <PREVOTE, h_p, round_p, *> while step_p = prevote for the first time do schedule
 * OnTimeoutPrevote(h_p, round_p) to be executed after timeoutPrevote(round_p)"
 */
static void line_34(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    if (!state->quorum_of_prevotes || state->step != STEP_PREVOTE || state->did_line_34)
        return;
    state->did_line_34 = true;
    tendermint_set_timer(run, TIMER_PREVOTE, timeout_of(&run->parameters->prevote, state->round));
}

/* <PROPOSAL, h_p, round_p, v, *> from proposer(h_p, round_p) has come. */
static bool was_proposed(const struct tendermint_state *state, block_id value)
{
    for (size_t i = 0; i < state->proposals.count; i++)
        if (state->proposals.at[i].block == value && is_current(state, &state->proposals.at[i]))
            return true;
    return false;
}

/*
 * Lines 36-43: "upon <PROPOSAL, h_p, round_p, v, *> from proposer(h_p, round_p) AND 2f+1 <PREVOTE, h_p, round_p, id(v)>
 * while valid(v) and step_p >= prevote for the first time do if step_p = prevote then lockedValue_p <- v; lockedRound_p
 * <- round_p; broadcast <PRECOMMIT, h_p, round_p, id(v)>; step_p <- precommit. validValue_p <- v; validRound_p <-
 * round_p"
 */
static void line_36(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    block_id value = state->quorum_value;
    if (value == BLOCK_NONE || state->step < STEP_PREVOTE || state->did_line_36 || !was_proposed(state, value) ||
        !is_valid(run, value))
        return;
    state->did_line_36 = true;
    if (state->step == STEP_PREVOTE) {
        state->locked_value = value;
        state->locked_round = state->round;
        broadcast(run, TENDERMINT_PRECOMMIT, value);
        state->step = STEP_PRECOMMIT;
    }
    state->valid_value = value;
    state->valid_round = state->round;
}

/*
 * Lines 44-46: "upon 2f+1 <PREVOTE, h_p, round_p, nil> while step_p = prevote do broadcast <PRECOMMIT, h_p, round_p,
 * nil>; step_p <- precommit"
 */
static void line_44(struct tendermint *run)
{
    if (!run->state->quorum_of_nil || run->state->step != STEP_PREVOTE)
        return;
    broadcast(run, TENDERMINT_PRECOMMIT, BLOCK_NONE);
    run->state->step = STEP_PRECOMMIT;
}

/*
 * Lines 47-48: "upon 2f+1 <PRECOMMIT, h_p, round_p, *> for the first time do schedule OnTimeoutPrecommit(h_p, round_p)
 * to be executed after timeoutPrecommit(round_p)"
 */
static void line_47(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    if (!state->quorum_of_precommits || state->did_line_47)
        return;
    state->did_line_47 = true;
    tendermint_set_timer(run, TIMER_PRECOMMIT, timeout_of(&run->parameters->precommit, state->round));
}

/*
 * While timeout_commit runs, a proposal for the new height ends the wait, as in CometBFT (consensus/state.go,
 * handleCompleteProposal: "if cs.Step <= cstypes.RoundStepPropose").
 */
static void end_wait_for_proposal(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    validator_id proposer = ID_NONE;
    for (size_t i = 0; i < state->proposals.count && state->step == STEP_NEW_HEIGHT; i++) {
        const struct tendermint_proposal *proposal = &state->proposals.at[i];
        if (proposal->height != state->height || proposal->round != 0)
            continue;
        if (proposer == ID_NONE)
            proposer = view_leader(run->view, state->last, 0, 0);
        if (proposal->sender == proposer)
            tendermint_start_round(run, 0);
    }
}

void tendermint_apply_rules(struct tendermint *run)
{
    if (run->state->step == STEP_NEW_HEIGHT)
        end_wait_for_proposal(run);
    if (run->state->step == STEP_NEW_HEIGHT)
        return;
    lines_22_and_28(run);
    line_36(run);
    line_44(run);
    line_34(run);
    line_47(run);
}

/* Proposals of decided heights are of no use any more. */
static void forget_proposals(struct tendermint_state *state)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->proposals.count; i++)
        if (state->proposals.at[i].height > state->height)
            state->proposals.at[kept++] = state->proposals.at[i];
    state->proposals.count = kept;
}

/* CometBFT's timeout_commit before StartRound(0) of the next height; the paper has no wait, as with 0. */
static void wait_for_commits(struct tendermint *run)
{
    struct tendermint_state *state = run->state;
    if (!run->parameters->commit_ns) {
        tendermint_start_round(run, 0);
        return;
    }
    tendermint_set_timer(run, TIMER_COMMIT, run->parameters->commit_ns);
    if (!run->parameters->skip_timeout_commit)
        return;
    struct watch watch = {.votes = votes_of(TENDERMINT_PRECOMMIT, state->height - 1, state->last_round),
                          .threshold = view_electorate(run->view, view_block(run->view, state->last)->parent)->total,
                          .tag = WATCH_COMMITTED_BY_ALL};
    effects_watch(run->effects, &watch);
}

/*
 * Lines 49-54: "upon <PROPOSAL, h_p, r, v, *> from proposer(h_p, r) AND 2f+1 <PRECOMMIT, h_p, r, id(v)> while
 * decision_p[h_p] = nil do if valid(v) then decision_p[h_p] = v; h_p <- h_p + 1; reset lockedRound_p, lockedValue_p,
 * validRound_p and validValue_p to initial values and empty message log; StartRound(0)"
 * The block stands for the proposal: 2f+1 precommits for it say that correct processes had the proposal. The votes of
 * the height just decided are kept to certify the block to who is behind.
 */
void tendermint_decide(struct tendermint *run, block_id block, uint32_t round)
{
    struct tendermint_state *state = run->state;
    const uint64_t height = view_block(run->view, block)->height;
    REQUIRE(height >= state->height);
    state->height = height;
    state->last = block;
    state->last_round = round;
    forget_proposals(state);
    forget_round(run);
    effects_head(run->effects, block);
    effects_finalise(run->effects, block);
    effects_forget(run->effects, height);
    enter_height(run, height + 1);
    wait_for_commits(run);
}

/*
 * Lines 57-67: "OnTimeoutPropose(height, round): if height = h_p and round = round_p and step_p = propose then
 * broadcast <PREVOTE, h_p, round_p, nil>; step_p <- prevote", "OnTimeoutPrevote(height, round): if ... step_p = prevote
 * then broadcast <PRECOMMIT, h_p, round_p, nil>; step_p <- precommit", "OnTimeoutPrecommit(height, round): if ... then
 * StartRound(round_p + 1)". A timer is cleared when its round ends, so height and round are the present ones.
 */
void tendermint_timeout(struct tendermint *run, enum tendermint_timer timer)
{
    struct tendermint_state *state = run->state;
    if (timer == TIMER_PROPOSE && state->step == STEP_PROPOSE) {
        broadcast(run, TENDERMINT_PREVOTE, BLOCK_NONE);
        state->step = STEP_PREVOTE;
    } else if (timer == TIMER_PREVOTE && state->step == STEP_PREVOTE) {
        broadcast(run, TENDERMINT_PRECOMMIT, BLOCK_NONE);
        state->step = STEP_PRECOMMIT;
    } else if (timer == TIMER_PRECOMMIT) {
        tendermint_start_round(run, state->round + 1);
    } else if (timer == TIMER_COMMIT && state->step == STEP_NEW_HEIGHT) {
        tendermint_start_round(run, 0);
    }
}

/* A watch of the present round has fired: remembers what it tells. False for watches that are none of these. */
bool tendermint_watch_round(struct tendermint *run, const struct event *event)
{
    struct tendermint_state *state = run->state;
    if (event->tag == WATCH_LINE_28) {
        state->proof_seen |= event->number == state->height && event->round == state->proof_round &&
                             state->proof_value != BLOCK_NONE && event->block == state->proof_value;
        return true;
    }
    bool present = event->number == state->height && event->round == state->round && state->step != STEP_NEW_HEIGHT;
    switch ((enum tendermint_watch)event->tag) {
    case WATCH_LINE_34:
        state->quorum_of_prevotes |= present;
        return true;
    case WATCH_LINE_36:
        if (present)
            state->quorum_value = event->block;
        return true;
    case WATCH_LINE_44:
        state->quorum_of_nil |= present;
        return true;
    case WATCH_LINE_47:
        state->quorum_of_precommits |= present;
        return true;
    default:
        return false;
    }
}
