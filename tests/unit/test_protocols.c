/* SPDX-License-Identifier: MIT */
/*
 * What the protocols say of themselves (defaults, calendars, liveness bounds, contradictions), and that the mutants of
 * tests/mutants.h break the rule that they are named after. What they do is tested from transcripts, tests/protocol.
 */
#include "../mutants.h"
#include "protocol/praos/praos.h"

#include <glib.h>

extern const struct protocol protocol_praos;

/* The defaults of CometBFT v0.38: after n-1 = 9 others with f = 3, rounds 0 to 3 at a delay of 100 ms. */
static void test_tendermint_defaults(void)
{
    struct tendermint_parameters set;
    param_table_defaults(protocol_tendermint.params, &set);
    g_assert_cmpint(set.propose.base_ns, ==, 3 * SECOND);
    g_assert_cmpint(set.propose.delta_ns, ==, 500 * MILLISECOND);
    g_assert_cmpint(set.prevote.base_ns, ==, SECOND);
    g_assert_cmpint(set.precommit.delta_ns, ==, 500 * MILLISECOND);
    g_assert_cmpint(set.commit_ns, ==, SECOND);
    g_assert_false(set.skip_timeout_commit);

    struct verdict_rules rules;
    protocol_tendermint.verdict_rules(&set, 100 * MILLISECOND, 10, &rules);
    g_assert_cmpuint(rules.quorum_above.numerator, ==, 2);
    g_assert_cmpuint(rules.quorum_above.denominator, ==, 3);
    g_assert_cmpint(rules.accountability, ==, ACCOUNTABLE_LOCK);
    /* commit 1 + catch-up 1 + delays .1 * (3 * 4 + 6) + sums (12 + 3) + 2 (4 + 3) */
    g_assert_cmpint(rules.liveness_bound_ns, ==, (1000 + 1000 + 1800 + 15000 + 2 * 7000) * MILLISECOND);
}

/* At a delay of 1 s the votes' timeouts exceed 2 s from round 3 on; timeouts that never grow state no bound. */
static void test_tendermint_slow_network(void)
{
    struct tendermint_parameters set;
    param_table_defaults(protocol_tendermint.params, &set);
    struct verdict_rules rules;
    protocol_tendermint.verdict_rules(&set, SECOND, 1, &rules);
    /* commit 1 + catch-up 1 + delays 3 * 4 + 6 + sums (12 + 3) + 2 (4 + 3) */
    g_assert_cmpint(rules.liveness_bound_ns, ==, (1 + 1 + 18 + 15 + 14) * SECOND);
    set.prevote.delta_ns = 0;
    protocol_tendermint.verdict_rules(&set, SECOND, 1, &rules);
    g_assert_cmpint(rules.liveness_bound_ns, ==, 0);
    protocol_tendermint.verdict_rules(&set, 400 * MILLISECOND, 1, &rules);
    g_assert_cmpint(rules.liveness_bound_ns, >, 0);
    protocol_tendermint.verdict_rules(&set, 400 * MILLISECOND, UINT32_MAX, &rules);
    g_assert_cmpint(rules.liveness_bound_ns, ==, 0); /* beyond the reach of a time */
}

/* Mainnet's calendar follows from k and f; a smaller k makes smaller epochs. */
static void test_praos_calendar(void)
{
    struct praos_parameters set;
    struct schedule schedule;
    param_table_defaults(protocol_praos.params, &set);
    protocol_praos.schedule(&set, &schedule);
    g_assert_cmpint(schedule.slot_ns, ==, SECOND);
    g_assert_cmpuint(schedule.epoch_slots, ==, 432000);
    g_assert_cmpuint(schedule.randomness_stability_slots, ==, 172800);
    set.security_parameter = 10;
    protocol_praos.schedule(&set, &schedule);
    g_assert_cmpuint(schedule.epoch_slots, ==, 2000);
    g_assert_cmpuint(schedule.randomness_stability_slots, ==, 800);

    struct verdict_rules rules;
    protocol_praos.verdict_rules(&set, 2 * SECOND, 100, &rules);
    g_assert_cmpuint(rules.quorum_above.denominator, ==, 0);
    g_assert_cmpint(rules.accountability, ==, ACCOUNTABLE_NOT);
    g_assert_cmpint(rules.liveness_bound_ns, ==, (11 * (2 * 20 + 2) + 89 * 20) * SECOND);
}

/* Parameters that do not fit together name the key and what is allowed. */
static void test_praos_checks(void)
{
    struct praos_parameters set;
    char *message = NULL;
    param_table_defaults(protocol_praos.params, &set);
    g_assert_null(protocol_praos.params->check(&set, &message));
    set.epoch_slots = 100;
    set.randomness_stability_slots = 100;
    g_assert_cmpstr(protocol_praos.params->check(&set, &message), ==, "randomness_stability");
    g_assert_cmpstr(message, ==, "must be below the epoch's 100 slots");
    g_free(message);
    set.randomness_stability_slots = 99;
    set.settlement_depth = 2161;
    g_assert_cmpstr(protocol_praos.params->check(&set, &message), ==, "settlement_depth");
    g_assert_cmpstr(message, ==, "must be at most security_parameter, 2160");
    g_free(message);
}

/* Contradictions that an adversary may ask for: they differ in what they say, and in nothing else. */
static void test_conflicts(void)
{
    struct tendermint_parameters set;
    param_table_defaults(protocol_tendermint.params, &set);
    struct block_tree tree;
    block_tree_init(&tree, 1);
    block_id child = block_tree_add(&tree, &(struct block){.parent = BLOCK_GENESIS, .reference = BLOCK_NONE}, NULL, 0);
    struct view view = {.parameters = &set, .tree = &tree};
    struct effect other, vote = {.kind = EFFECT_VOTE, .height = 1, .round = 2, .block = child};
    g_assert_true(protocol_tendermint.conflict(&view, &vote, BLOCK_NONE, &other));
    g_assert_true(other.block == BLOCK_NONE && other.height == 1 && other.round == 2);
    g_assert_true(protocol_tendermint.conflict(&view, &vote, 7, &other) && other.block == 7);
    g_assert_true(protocol_tendermint.conflict(&view, &vote, child, &other) && other.block == BLOCK_NONE);
    vote.block = BLOCK_NONE;
    g_assert_false(protocol_tendermint.conflict(&view, &vote, BLOCK_NONE, &other));

    struct effect again = {.kind = EFFECT_PROPOSE, .block = child, .parent = ID_NONE, .payload = 3};
    g_assert_true(protocol_tendermint.conflict(&view, &again, BLOCK_NONE, &other));
    g_assert_true(other.block == BLOCK_NONE && other.parent == BLOCK_GENESIS && other.variant == 1 && !other.payload);
    struct effect timer = {.kind = EFFECT_TIMER_SET};
    g_assert_false(protocol_tendermint.conflict(&view, &timer, BLOCK_NONE, &other));

    struct effect lead = {.kind = EFFECT_PROPOSE, .slot = 9, .proof = 4, .block = BLOCK_NONE};
    g_assert_true(protocol_praos.conflict(&view, &lead, BLOCK_NONE, &other));
    g_assert_true(other.slot == 9 && other.proof == 4 && other.variant == 1);
    block_tree_release(&tree);
}

/* Four equal validators, the last of which is hosted here, who take turns to propose by round. */
struct stand {
    struct protocol protocol;
    struct tendermint_parameters set;
    struct tendermint_state state;
    struct block_tree tree;
    struct effects effects;
    struct view view;
    block_id a, c;
};

static const struct electorate *equal_electorate(const struct view *view, block_id parent)
{
    static const struct electorate_member members[] = {{0, 100}, {1, 100}, {2, 100}, {3, 100}};
    static const struct electorate electorate = {.count = 4, .total = 400, .members = members};
    (void)view, (void)parent;
    return &electorate;
}

static validator_id leader_by_round(const struct view *view, block_id parent, uint64_t slot, uint32_t round)
{
    (void)view, (void)parent, (void)slot;
    return round % 4;
}

static void stand_init(struct stand *stand, struct protocol protocol)
{
    static const struct view_calls calls = {.electorate = equal_electorate, .leader = leader_by_round};
    static const validator_id hosted[] = {3};
    *stand = (struct stand){.protocol = protocol};
    param_table_defaults(protocol.params, &stand->set);
    block_tree_init(&stand->tree, 1);
    struct block block = {.parent = BLOCK_GENESIS, .reference = BLOCK_NONE};
    stand->a = block_tree_add(&stand->tree, &block, NULL, 0);
    block.proposer = 1;
    block.round = 1;
    stand->c = block_tree_add(&stand->tree, &block, NULL, 0);
    stand->view = (struct view){
        .calls = &calls, .parameters = &stand->set, .tree = &stand->tree, .validators = hosted, .validator_count = 1};
}

static void stand_release(struct stand *stand)
{
    stand->protocol.release(&stand->state);
    block_tree_release(&stand->tree);
    vector_release(&stand->effects.list);
}

static void happen(struct stand *stand, struct event event)
{
    vector_clear(&stand->effects.list);
    stand->protocol.step(&stand->state, &stand->view, &event, &stand->effects);
}

static void propose(struct stand *stand, block_id block, uint32_t round)
{
    struct message message = {
        .kind = MESSAGE_PROPOSAL, .height = 1, .round = round, .sender = round, .block = block, .payload = 0};
    happen(stand, (struct event){.kind = EVENT_PROPOSAL, .message = &message});
}

/* The only vote among the effects of the last step. */
static const struct effect *only_vote(const struct stand *stand)
{
    const struct effect *vote = NULL;
    for (size_t i = 0; i < stand->effects.list.count; i++)
        if (stand->effects.list.at[i].kind == EFFECT_VOTE) {
            g_assert_null(vote);
            vote = &stand->effects.list.at[i];
        }
    g_assert_nonnull(vote);
    return vote;
}

/* A is locked in round 0, C proposed in round 1 without proof: what is prevoted? */
static block_id prevote_against_lock(struct protocol protocol)
{
    struct stand stand;
    stand_init(&stand, protocol);
    happen(&stand, (struct event){.kind = EVENT_START});
    propose(&stand, stand.a, 0);
    happen(&stand, (struct event){.kind = EVENT_WATCH, .tag = WATCH_LINE_36, .number = 1, .block = stand.a});
    g_assert_cmpuint(only_vote(&stand)->type, ==, TENDERMINT_PRECOMMIT);
    happen(&stand,
           (struct event){.kind = EVENT_WATCH, .tag = WATCH_LINE_55, .number = 1, .round = 1, .block = BLOCK_NONE});
    propose(&stand, stand.c, 1);
    g_assert_cmpuint(only_vote(&stand)->type, ==, TENDERMINT_PREVOTE);
    block_id voted = only_vote(&stand)->block == stand.c ? stand.c : BLOCK_NONE;
    g_assert_true(only_vote(&stand)->block == voted);
    stand_release(&stand);
    return voted;
}

static stake_amount quorum_of(struct protocol protocol)
{
    struct stand stand;
    stand_init(&stand, protocol);
    happen(&stand, (struct event){.kind = EVENT_START});
    stake_amount threshold = 0;
    for (size_t i = 0; i < stand.effects.list.count; i++)
        if (stand.effects.list.at[i].kind == EFFECT_WATCH && stand.effects.list.at[i].watch.tag == WATCH_LINE_49)
            threshold = stand.effects.list.at[i].watch.threshold;
    stand_release(&stand);
    return threshold;
}

/* The paper's rules hold a lock and need 267 of 400; each mutant breaks its own rule and no other. */
static void test_mutants(void)
{
    g_assert_cmpuint(prevote_against_lock(protocol_tendermint), ==, BLOCK_NONE);
    g_assert_cmpuint(prevote_against_lock(mutant_tendermint_without_locking()), !=, BLOCK_NONE);
    g_assert_cmpuint(prevote_against_lock(mutant_tendermint_half_quorum()), ==, BLOCK_NONE);
    g_assert_cmpuint(quorum_of(protocol_tendermint), ==, 267);
    g_assert_cmpuint(quorum_of(mutant_tendermint_without_locking()), ==, 267);
    g_assert_cmpuint(quorum_of(mutant_tendermint_half_quorum()), ==, 201);
}

/* A clone goes on apart from its original, and owns its own lists. */
static void test_clone(void)
{
    struct stand stand;
    stand_init(&stand, protocol_tendermint);
    happen(&stand, (struct event){.kind = EVENT_START});
    struct message early = {.kind = MESSAGE_PROPOSAL, .height = 2, .sender = 1, .block = stand.c};
    happen(&stand, (struct event){.kind = EVENT_PROPOSAL, .message = &early});
    struct tendermint_state copy = stand.state;
    protocol_tendermint.clone(&copy, &stand.state);
    g_assert_true(copy.proposals.at != stand.state.proposals.at);
    propose(&stand, stand.a, 0);
    g_assert_cmpuint(stand.state.proposals.count, ==, 2);
    g_assert_cmpuint(copy.proposals.count, ==, 1);
    g_assert_cmpuint(copy.proposals.at[0].block, ==, stand.c);
    protocol_tendermint.release(&copy);
    stand_release(&stand);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/protocols/tendermint-defaults", test_tendermint_defaults);
    g_test_add_func("/protocols/tendermint-slow-network", test_tendermint_slow_network);
    g_test_add_func("/protocols/praos-calendar", test_praos_calendar);
    g_test_add_func("/protocols/praos-checks", test_praos_checks);
    g_test_add_func("/protocols/conflicts", test_conflicts);
    g_test_add_func("/protocols/mutants", test_mutants);
    g_test_add_func("/protocols/clone", test_clone);
    return g_test_run();
}
