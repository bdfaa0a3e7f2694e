/* SPDX-License-Identifier: MIT */
/*
 * How a replica that was left behind gets what it lacks. The paper assumes that every message sent between correct
 * processes arrives; CometBFT's gossip sends peers the votes and blocks that they miss. Here a replica asks: after it
 * has seen f+1 votes of a later height it asks one of those who vote there, and after long at one height any validator;
 * and asks another if that does not help.
 *
 * The answer of a replica that has decided the height asked for, or a later one: the last block it decided, with its
 * ancestors, and the precommits that decided it. It need keep no older votes: the ancestors were decided by the
 * certificates that their children carry (CometBFT's LastCommit), which stand in the block tree and are not counted
 * again. A replica at the same height answers with the votes it holds of that height.
 */
#include "protocol/tendermint/tendermint.h"

enum { REQUEST_CATCH_UP };

#define ALL_VOTES (1u << TENDERMINT_PREVOTE | 1u << TENDERMINT_PRECOMMIT)

/* f+1 votes of one later round and height: at least one correct process is there. */
void tendermint_watch_later_heights(struct tendermint *run)
{
    struct watch watch = {.votes = {.kinds = ALL_VOTES,
                                    .round_last = UINT32_MAX,
                                    .height_first = run->state->height + 1,
                                    .height_last = UINT64_MAX,
                                    .electorate = ID_NONE,
                                    .value = WATCH_ANY,
                                    .block = BLOCK_NONE},
                          .threshold = run->state->skip,
                          .within_one_round = true,
                          .tag = WATCH_BEHIND};
    effects_watch(run->effects, &watch);
}

/* What decides this height may be on its way still: the question waits a little. */
void tendermint_fall_behind(struct tendermint *run)
{
    run->state->behind = true;
    tendermint_set_timer(run, TIMER_HELP, run->parameters->catch_up_after_ns);
}

/* Draws one of the votes seen, each with the same chance, and remembers who sent it. */
struct draw {
    const struct view *view;
    uint64_t seen;
    replica_id origin;
};

static void draw_origin(void *user, const struct message *vote)
{
    struct draw *draw = user;
    if (vote->origin == draw->view->replica)
        return;
    draw->seen++;
    if (view_random(draw->view) % draw->seen == 0)
        draw->origin = vote->origin;
}

/* Of those who are ahead, one whose vote has come. */
static bool choose_who_is_ahead(const struct tendermint *run, struct recipients *peer)
{
    struct vote_query query = {.kinds = ALL_VOTES,
                               .round_last = UINT32_MAX,
                               .height_first = run->state->height + 1,
                               .height_last = UINT64_MAX,
                               .electorate = ID_NONE,
                               .value = WATCH_ANY,
                               .block = BLOCK_NONE};
    struct draw draw = {.view = run->view, .origin = ID_NONE};
    view_each_vote(run->view, &query, draw_origin, &draw);
    *peer = (struct recipients){RECIPIENTS_REPLICA, draw.origin};
    return draw.origin != ID_NONE;
}

/* Any validator of the height but those of this node: it may hold what nobody else has got. */
static bool choose_anybody(const struct tendermint *run, struct recipients *peer)
{
    const struct view *view = run->view;
    const struct electorate *electorate = view_electorate(view, run->state->last);
    uint32_t others = electorate->count;
    for (uint32_t i = 0; i < view->validator_count; i++)
        others -= electorate_index(electorate, view->validators[i]) != ID_NONE;
    if (!others)
        return false;
    uint32_t drawn = (uint32_t)(view_random(view) % others);
    for (uint32_t i = 0; i < view->validator_count; i++) /* ascending, as members are */
        drawn += electorate_index(electorate, view->validators[i]) <= drawn;
    *peer = (struct recipients){RECIPIENTS_HOST, electorate->members[drawn].validator};
    return true;
}

void tendermint_ask(struct tendermint *run)
{
    struct recipients peer;
    if (run->state->behind ? choose_who_is_ahead(run, &peer) : choose_anybody(run, &peer)) {
        struct effect *request = effects_add(run->effects, EFFECT_REQUEST);
        request->recipients = peer;
        request->type = REQUEST_CATCH_UP;
        request->height = run->state->height;
        request->round = run->state->round;
        if (run->view->validator_count)
            request->validator = run->view->validators[0];
    }
    tendermint_set_timer(run, TIMER_HELP, run->parameters->catch_up_after_ns);
}

/* The last decision and the precommits of the round that decided it. */
static void answer_with_decision(const struct tendermint *run, struct effect *response)
{
    const struct tendermint_state *state = run->state;
    response->block = state->last;
    response->height = state->height - 1;
    response->round = state->last_round;
    response->certificate = votes_of(TENDERMINT_PRECOMMIT, state->height - 1, state->last_round);
    response->certificate.value = WATCH_BLOCK;
    response->certificate.block = state->last;
}

/* What is known of the height that both are at; the block is the one that may yet be decided. */
static void answer_with_votes(const struct tendermint *run, struct effect *response)
{
    const struct tendermint_state *state = run->state;
    response->block = state->valid_value;
    response->height = state->height;
    response->round = state->round;
    response->certificate = votes_of(TENDERMINT_PREVOTE, state->height, 0);
    response->certificate.kinds = ALL_VOTES;
    response->certificate.round_last = UINT32_MAX;
}

void tendermint_answer(struct tendermint *run, const struct message *request)
{
    if (request->type != REQUEST_CATCH_UP || request->height > run->state->height)
        return;
    struct effect *response = effects_add(run->effects, EFFECT_RESPOND);
    response->recipients = (struct recipients){RECIPIENTS_REPLICA, request->origin};
    response->type = REQUEST_CATCH_UP;
    if (run->view->validator_count)
        response->validator = run->view->validators[0];
    if (request->height < run->state->height)
        answer_with_decision(run, response);
    else
        answer_with_votes(run, response);
    if (response->block != BLOCK_NONE)
        response->size_bytes = view_block(run->view, response->block)->size_bytes;
}

/*
 * The votes have landed already; those of this height serve the watches that stand. A block of a later height is
 * decided if its own electorate's precommits are there and it descends from the last decision.
 */
void tendermint_take_answer(struct tendermint *run, const struct message *response)
{
    const struct tendermint_state *state = run->state;
    block_id block = response->block;
    if (block == BLOCK_NONE || !view_has_block(run->view, block))
        return;
    const struct block *sent = view_block(run->view, block);
    if (sent->height <= state->height || !block_tree_descends(run->view->tree, block, state->last))
        return;
    const struct electorate *electorate = view_electorate(run->view, sent->parent);
    struct watch watch = {.votes = votes_of(TENDERMINT_PRECOMMIT, sent->height, response->round),
                          .threshold = stake_above(electorate->total, run->rules->quorum_above),
                          .tag = WATCH_CAUGHT};
    watch.votes.electorate = electorate->id;
    watch.votes.value = WATCH_BLOCK;
    watch.votes.block = block;
    watch.votes.join_block = true;
    effects_watch(run->effects, &watch);
}
