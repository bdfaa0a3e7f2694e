/* SPDX-License-Identifier: MIT */
/*
 * Adversaries without a world: set_up and filter are called with a view that keeps what was asked of it (groups, twins,
 * confinements), and the effects that come out are looked at.
 */
#include "base/assert.h"
#include "contract/adversary.h"

#include <string.h>

extern const struct adversary adversary_delayed_voting, adversary_double_voting, adversary_equivocating_proposer,
    adversary_silent;

enum { MOST = 32 };

/* A world of the test's own: replicas by node, groups and confinements as they were asked for. */
struct stage {
    struct adversary_view view;
    node_id node_of[MOST];
    bool corrupt[MOST];
    uint8_t fault_group[MOST];
    struct {
        replica_id members[MOST];
        uint32_t count;
    } groups[MOST];
    uint32_t group_count;
    uint32_t confined_to[MOST]; /* by replica; ID_NONE: free */
};

static uint32_t name_group(struct adversary_view *view, const replica_id *replicas, uint32_t count)
{
    struct stage *stage = view->context;
    REQUIRE(count <= MOST && stage->group_count < MOST);
    memcpy(stage->groups[stage->group_count].members, replicas, count * sizeof *replicas);
    stage->groups[stage->group_count].count = count;
    return stage->group_count++;
}

static replica_id add_twin(struct adversary_view *view, chain_id chain, node_id node)
{
    struct stage *stage = view->context;
    REQUIRE(chain == view->chain && view->replica_count < MOST);
    stage->node_of[view->replica_count] = node;
    stage->corrupt[view->replica_count] = true;
    return view->replica_count++;
}

static void confine(struct adversary_view *view, replica_id replica, uint32_t group)
{
    struct stage *stage = view->context;
    g_assert_cmpuint(group, <, stage->group_count);
    g_assert_true(stage->corrupt[replica]);
    stage->confined_to[replica] = group;
}

static const struct adversary_calls calls = {.group = name_group, .twin = add_twin, .confine = confine};

/* Contradicts votes and proposals for blocks, but not votes for nil: another block's number is the next. */
static bool contradict(const struct view *view, const struct effect *effect, block_id alternative, struct effect *other)
{
    (void)view;
    (void)alternative;
    if (effect->kind == EFFECT_VOTE && effect->block == BLOCK_NONE)
        return false;
    *other = *effect;
    other->block = effect->block + 1;
    other->variant = effect->variant + 1;
    return true;
}

static const struct protocol contradicting = {.name = "contradicting", .conflict = contradict};
static const struct protocol mute = {.name = "mute"};

/* Six nodes, one replica each; nodes 1 and 4 are corrupt. */
static void stage_init(struct stage *stage, const struct protocol *protocol)
{
    *stage = (struct stage){.view = {.calls = &calls, .protocol = protocol, .replica_count = 6}};
    stage->view.context = stage;
    stage->view.node_of = stage->node_of;
    stage->view.corrupt = stage->corrupt;
    stage->view.fault_group = stage->fault_group;
    for (replica_id r = 0; r < MOST; r++) {
        stage->node_of[r] = r;
        stage->confined_to[r] = ID_NONE;
    }
    stage->corrupt[1] = stage->corrupt[4] = true;
}

static void check_group(const struct stage *stage, uint32_t group, const replica_id *members, uint32_t count)
{
    g_assert_cmpuint(group, <, stage->group_count);
    g_assert_cmpuint(stage->groups[group].count, ==, count);
    for (uint32_t i = 0; i < count; i++)
        g_assert_cmpuint(stage->groups[group].members[i], ==, members[i]);
}

/* One effect of each kind, in the order of the kinds; effect i has tag i. */
static struct effects one_of_each(void)
{
    struct effects effects = {0};
    for (int kind = 0; kind < EFFECT_KINDS; kind++)
        effects_add(&effects, (enum effect_kind)kind)->tag = (uint64_t)kind;
    return effects;
}

/* Silent: nothing leaves the node, and everything that concerns the node alone stays, in its order. */
static void test_silent(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    struct effects effects = one_of_each();
    adversary_silent.filter(NULL, &stage.view, NULL, &effects);
    const enum effect_kind kept[] = {EFFECT_TIMER_SET, EFFECT_TIMER_CANCEL, EFFECT_WATCH,   EFFECT_UNWATCH,
                                     EFFECT_FORGET,    EFFECT_HEAD,         EFFECT_FINALISE};
    g_assert_cmpuint(effects.list.count, ==, G_N_ELEMENTS(kept));
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_assert_cmpint(effects.list.at[i].kind, ==, kept[i]);
        g_assert_cmpuint(effects.list.at[i].tag, ==, kept[i]);
    }
    vector_release(&effects.list);
}

/* Delayed voting: each vote leaves a second later than it would have, and nothing else changes. */
static void test_delayed_voting(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    void *settings = g_malloc0(adversary_delayed_voting.params->size);
    param_table_defaults(adversary_delayed_voting.params, settings);
    stage.view.parameters = settings;
    struct effects effects = one_of_each();
    struct effect *late = effects_vote(&effects, 7, 1, 5, 0, 3);
    late->extra_delay_ns = 2 * SECOND;
    adversary_delayed_voting.filter(NULL, &stage.view, NULL, &effects);
    g_assert_cmpuint(effects.list.count, ==, EFFECT_KINDS + 1);
    for (size_t i = 0; i < EFFECT_KINDS; i++)
        g_assert_cmpint(effects.list.at[i].extra_delay_ns, ==, i == EFFECT_VOTE ? SECOND : 0);
    g_assert_cmpint(effects.list.at[EFFECT_KINDS].extra_delay_ns, ==, 3 * SECOND);
    g_assert_cmpuint(effects.list.at[EFFECT_KINDS].block, ==, 3);
    vector_release(&effects.list);
    g_free(settings);
}

/* The honest replicas 0, 2, 3, 5 are dealt out in turn; the corrupt ones 1 and 4 are in both halves. */
static void check_halves(const struct stage *stage)
{
    g_assert_cmpuint(stage->group_count, ==, 2);
    check_group(stage, 0, (const replica_id[]){0, 1, 3, 4}, 4);
    check_group(stage, 1, (const replica_id[]){1, 2, 4, 5}, 4);
}

static void check_sent(const struct effect *effect, enum effect_kind kind, block_id block,
                       enum recipients_kind recipients, uint32_t which)
{
    g_assert_cmpint(effect->kind, ==, kind);
    g_assert_cmpuint(effect->block, ==, block);
    g_assert_cmpint(effect->recipients.kind, ==, recipients);
    g_assert_cmpuint(effect->recipients.which, ==, which);
}

/*
 * An equivocating proposer proposes block 8 and votes for block 9: half of the nodes see another proposal, all see the
 * same vote.
 */
static void test_equivocating_proposer(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    void *state = g_malloc0(adversary_equivocating_proposer.state_size);
    adversary_equivocating_proposer.set_up(state, &stage.view);
    check_halves(&stage);
    struct effects effects = {0};
    effects_add(&effects, EFFECT_PROPOSE)->block = 8;
    effects_vote(&effects, 1, 0, 5, 0, 9);
    adversary_equivocating_proposer.filter(state, &stage.view, NULL, &effects);
    g_assert_cmpuint(effects.list.count, ==, 3);
    check_sent(&effects.list.at[0], EFFECT_PROPOSE, 8, RECIPIENTS_GROUP, 0);
    check_sent(&effects.list.at[1], EFFECT_VOTE, 9, RECIPIENTS_ALL, ID_NONE);
    check_sent(&effects.list.at[2], EFFECT_PROPOSE, 9, RECIPIENTS_GROUP, 1);
    g_assert_cmpuint(effects.list.at[2].variant, ==, 1);
    vector_release(&effects.list);
    g_free(state);
}

/* Where the protocol knows no contradiction, nothing is changed. */
static void test_nothing_to_contradict(void)
{
    const struct adversary *const both[] = {&adversary_equivocating_proposer, &adversary_double_voting};
    for (int a = 0; a < 2; a++) {
        struct stage stage;
        stage_init(&stage, &mute);
        void *state = g_malloc0(both[a]->state_size);
        both[a]->set_up(state, &stage.view);
        struct effects effects = {0};
        effects_add(&effects, EFFECT_PROPOSE)->block = 8;
        effects_vote(&effects, 1, 0, 5, 0, 9);
        both[a]->filter(state, &stage.view, NULL, &effects);
        g_assert_cmpuint(effects.list.count, ==, 2);
        check_sent(&effects.list.at[0], EFFECT_PROPOSE, 8, RECIPIENTS_ALL, ID_NONE);
        check_sent(&effects.list.at[1], EFFECT_VOTE, 9, RECIPIENTS_ALL, ID_NONE);
        vector_release(&effects.list);
        g_free(state);
    }
}

/*
 * Double voting without a partition: two votes for blocks become four, each half getting one of a pair; the vote for
 * nil, which this protocol cannot contradict, and the proposal go to all.
 */
static void test_double_voting_halves(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    void *state = g_malloc0(adversary_double_voting.state_size);
    adversary_double_voting.set_up(state, &stage.view);
    check_halves(&stage);
    struct effects effects = {0};
    effects_vote(&effects, 1, 0, 5, 2, 10);
    effects_vote(&effects, 1, 1, 5, 2, BLOCK_NONE);
    effects_vote(&effects, 1, 1, 5, 3, 20);
    effects_add(&effects, EFFECT_PROPOSE)->block = 8;
    adversary_double_voting.filter(state, &stage.view, NULL, &effects);
    g_assert_cmpuint(effects.list.count, ==, 6);
    check_sent(&effects.list.at[0], EFFECT_VOTE, 10, RECIPIENTS_GROUP, 0);
    check_sent(&effects.list.at[1], EFFECT_VOTE, BLOCK_NONE, RECIPIENTS_ALL, ID_NONE);
    check_sent(&effects.list.at[2], EFFECT_VOTE, 20, RECIPIENTS_GROUP, 0);
    check_sent(&effects.list.at[3], EFFECT_PROPOSE, 8, RECIPIENTS_ALL, ID_NONE);
    check_sent(&effects.list.at[4], EFFECT_VOTE, 11, RECIPIENTS_GROUP, 1);
    check_sent(&effects.list.at[5], EFFECT_VOTE, 21, RECIPIENTS_GROUP, 1);
    g_assert_cmpuint(effects.list.at[4].round, ==, 2);
    g_assert_cmpuint(effects.list.at[4].validator, ==, 1);
    vector_release(&effects.list);
    g_free(state);
}

/*
 * Two sides: nodes 0 and 2 against 3 and 5. Each corrupt node keeps its own instance on the first side and runs a twin
 * (replicas 6 and 7) on the second; all of a side hear each other and nobody else; votes are left as they are, since
 * each twin votes for its own side by itself.
 */
static void test_double_voting_twins(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    memcpy(stage.fault_group, (const uint8_t[]){1, 1, 1, 2, 2, 2}, 6);
    stage.view.fault_groups = 2;
    void *state = g_malloc0(adversary_double_voting.state_size);
    adversary_double_voting.set_up(state, &stage.view);
    g_assert_cmpuint(stage.view.replica_count, ==, 8);
    g_assert_cmpuint(stage.node_of[6], ==, 1);
    g_assert_cmpuint(stage.node_of[7], ==, 4);
    g_assert_cmpuint(stage.group_count, ==, 2);
    check_group(&stage, 0, (const replica_id[]){0, 2, 1, 4}, 4);
    check_group(&stage, 1, (const replica_id[]){3, 5, 6, 7}, 4);
    const uint32_t confined_to[] = {ID_NONE, 0, ID_NONE, ID_NONE, 0, ID_NONE, 1, 1};
    g_assert_cmpmem(stage.confined_to, sizeof confined_to, confined_to, sizeof confined_to);

    struct effects effects = {0};
    effects_vote(&effects, 1, 0, 5, 2, 10);
    adversary_double_voting.filter(state, &stage.view, NULL, &effects);
    g_assert_cmpuint(effects.list.count, ==, 1);
    check_sent(&effects.list.at[0], EFFECT_VOTE, 10, RECIPIENTS_ALL, ID_NONE);
    vector_release(&effects.list);
    g_free(state);
}

/* Three sides take two twins a corrupt node; honest nodes outside the partition are in no group. */
static void test_double_voting_three_sides(void)
{
    struct stage stage;
    stage_init(&stage, &contradicting);
    memcpy(stage.fault_group, (const uint8_t[]){1, 1, 2, 0, 1, 3}, 6);
    stage.view.fault_groups = 3;
    void *state = g_malloc0(adversary_double_voting.state_size);
    adversary_double_voting.set_up(state, &stage.view);
    g_assert_cmpuint(stage.view.replica_count, ==, 10);
    g_assert_cmpuint(stage.group_count, ==, 3);
    check_group(&stage, 0, (const replica_id[]){0, 1, 4}, 3);
    check_group(&stage, 1, (const replica_id[]){2, 6, 7}, 3);
    check_group(&stage, 2, (const replica_id[]){5, 8, 9}, 3);
    const uint32_t confined_to[] = {ID_NONE, 0, ID_NONE, ID_NONE, 0, ID_NONE, 1, 1, 2, 2};
    g_assert_cmpmem(stage.confined_to, sizeof confined_to, confined_to, sizeof confined_to);
    g_free(state);
}

/* Whom an adversary controls is said in exactly one way. */
static void test_exactly_one_way(void)
{
    struct adversary_common common;
    char *message = NULL;
    const char *name = "v3";

    common = (struct adversary_common){.stake = {1, 3}, .count = PARAM_ABSENT};
    g_assert_null(adversary_common_check(&common, &message));
    common = (struct adversary_common){.count = 2};
    g_assert_null(adversary_common_check(&common, &message));
    common = (struct adversary_common){.count = PARAM_ABSENT, .validators = {&name, 1}};
    g_assert_null(adversary_common_check(&common, &message));
    g_assert_null(message);

    common = (struct adversary_common){.count = PARAM_ABSENT};
    g_assert_cmpstr(adversary_common_check(&common, &message), ==, "stake");
    g_assert_cmpstr(message, ==, "give one of `stake`, `count` and `validators`: whom the adversary controls");
    g_clear_pointer(&message, g_free);
    common = (struct adversary_common){.stake = {1, 3}, .count = 2};
    g_assert_cmpstr(adversary_common_check(&common, &message), ==, "stake");
    g_assert_cmpstr(message, ==, "give one of `stake`, `count` and `validators`, not several");
    g_free(message);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/adversary/silent", test_silent);
    g_test_add_func("/adversary/delayed-voting", test_delayed_voting);
    g_test_add_func("/adversary/equivocating-proposer", test_equivocating_proposer);
    g_test_add_func("/adversary/nothing-to-contradict", test_nothing_to_contradict);
    g_test_add_func("/adversary/double-voting/halves", test_double_voting_halves);
    g_test_add_func("/adversary/double-voting/twins", test_double_voting_twins);
    g_test_add_func("/adversary/double-voting/three-sides", test_double_voting_three_sides);
    g_test_add_func("/adversary/exactly-one-way", test_exactly_one_way);
    return g_test_run();
}
