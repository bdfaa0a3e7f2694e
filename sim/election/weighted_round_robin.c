/* SPDX-License-Identifier: MIT */
/*
 * CometBFT's weighted round robin as an election: proposer_priority.h along the chain. The state of a block is the set
 * that proposes its children, chosen for round 0; round r is r further increments of a copy. A change of the electorate
 * is an update of the set before the block's increment, as in CometBFT's updateState.
 *
 * All replicas ask for the leader of the same few rounds, so the state keeps what it answered. That is the one thing
 * behind a const state that changes; it never changes an answer.
 *
 * DEVIATION: CometBFT breaks ties by the addresses of keys; here the order of validator ids stands for theirs.
 * DEVIATION: an application gives CometBFT voting powers of its own making (the Cosmos SDK: stake / 10^6); here the
 * power is the stake, halved until the total is within CometBFT's maximum, and at least 1.
 */
#include "base/assert.h"
#include "base/vector.h"
#include "contract/election.h"
#include "election/proposer_priority.h"

struct round_robin_parameters {
    char nothing;
};

/* What was answered so far for rounds above 0. */
struct answered {
    struct priority_set *ahead; /* the set after the last of them; NULL: none yet */
    VECTOR(validator_id) leaders;
};

struct round_robin_state {
    struct priority_set *set;
    struct answered *answered;
};

static const struct param_table round_robin_table = {.name = "weighted_round_robin",
                                                     .meaning = "proposers in turn, by stake",
                                                     .size = sizeof(struct round_robin_parameters)};

static int64_t power_of(stake_amount stake, unsigned halvings)
{
    return MAX((int64_t)(stake >> halvings), 1);
}

/* How often stakes are halved: until the total of the powers, each at least 1, is within the maximum. */
static unsigned halvings_of(const struct electorate *electorate)
{
    unsigned halvings = 0;
    while ((electorate->total >> halvings) + (halvings ? electorate->count : 0) > (uint64_t)PRIORITY_TOTAL_MAXIMUM)
        halvings++;
    return halvings;
}

/* The changes that lead from the set to the electorate; their number. */
static uint32_t difference(const struct priority_set *set, const struct electorate *electorate,
                           struct priority_change *changes)
{
    unsigned halvings = halvings_of(electorate);
    uint32_t count = 0, at = 0;
    for (uint32_t i = 0; i < electorate->count; i++) {
        const struct electorate_member *member = &electorate->members[i];
        int64_t power = power_of(member->stake, halvings);
        for (; at < set->count && set->address[at] < member->validator; at++)
            changes[count++] = (struct priority_change){set->address[at], 0};
        bool known = at < set->count && set->address[at] == member->validator;
        if (!known || set->power[at] != power)
            changes[count++] = (struct priority_change){member->validator, power};
        at += known;
    }
    for (; at < set->count; at++)
        changes[count++] = (struct priority_change){set->address[at], 0};
    return count;
}

/* The set for this electorate, from the one before; NULL where CometBFT would refuse the change. */
static struct priority_set *follow(const struct priority_set *set, const struct electorate *electorate)
{
    struct priority_change *changes = g_new(struct priority_change, set->count + electorate->count + 1);
    uint32_t count = difference(set, electorate, changes);
    enum priority_error error;
    struct priority_set *updated = priority_set_update(set, changes, count, &error);
    g_free(changes);
    return updated;
}

static void *state_make(struct priority_set *set)
{
    if (set->count)
        priority_set_increment(set, 1);
    struct round_robin_state *state = g_new(struct round_robin_state, 1);
    *state = (struct round_robin_state){.set = set, .answered = g_new0(struct answered, 1)};
    return state;
}

static void *round_robin_genesis(const struct election_context *context, const struct electorate *electorate)
{
    (void)context;
    struct priority_set *nobody = priority_set_new(0);
    struct priority_set *set = follow(nobody, electorate);
    priority_set_free(nobody);
    REQUIRE(set);
    return state_make(set);
}

/* CometBFT, state/execution.go, updateState: the changes, then one increment, for every block. */
static void *round_robin_advance(const struct election_context *context, const struct election_place *parent,
                                 const struct block *block, const struct electorate *next)
{
    (void)context, (void)block;
    const struct round_robin_state *before = parent->state;
    /* A change that CometBFT refuses, such as to an empty set, halts its chain; here the former proposers stay. */
    struct priority_set *set = parent->electorate->id == next->id ? NULL : follow(before->set, next);
    return state_make(set ? set : priority_set_copy(before->set));
}

static void round_robin_free(void *data)
{
    struct round_robin_state *state = data;
    if (!state)
        return;
    priority_set_free(state->answered->ahead);
    vector_release(&state->answered->leaders);
    g_free(state->answered);
    priority_set_free(state->set);
    g_free(state);
}

static void *round_robin_clone(const void *data)
{
    const struct round_robin_state *state = data;
    struct round_robin_state *copy = g_new(struct round_robin_state, 1);
    *copy = (struct round_robin_state){.set = priority_set_copy(state->set), .answered = g_new0(struct answered, 1)};
    return copy;
}

/* CometBFT, consensus/state.go, enterNewRound: a copy of the height's set is incremented for each further round. */
static validator_id round_robin_leader(const struct election_context *context, const struct election_place *place,
                                       uint64_t slot, uint32_t round)
{
    (void)context, (void)slot;
    const struct round_robin_state *state = place->state;
    struct answered *answered = state->answered;
    if (!state->set->count)
        return ID_NONE;
    if (!round)
        return state->set->address[state->set->proposer];
    while (answered->leaders.count < round) {
        if (!answered->ahead)
            answered->ahead = priority_set_copy(state->set);
        priority_set_increment(answered->ahead, 1);
        vector_push(&answered->leaders, answered->ahead->address[answered->ahead->proposer]);
    }
    return answered->leaders.at[round - 1];
}

extern const struct election election_weighted_round_robin;
const struct election election_weighted_round_robin = {
    .name = "weighted_round_robin",
    .meaning = "proposers take turns, each as often as its stake; CometBFT's proposer priorities",
    .source = "CometBFT v0.38, spec/consensus/proposer-selection.md",
    .params = &round_robin_table,
    .form = ELECTION_SCHEDULE,
    .bias = "nothing, except by changes of stake",
    .known = "every proposer of every round, as long as stakes do not change, to everybody",
    .genesis = round_robin_genesis,
    .advance = round_robin_advance,
    .state_free = round_robin_free,
    .state_clone = round_robin_clone,
    .leader = round_robin_leader,
};
