/* SPDX-License-Identifier: MIT */
/*
 * The checker of accountability. Three validators with a total stake of 300: a quorum is above 2/3, so Q = 201 and a
 * fork must leave 2Q - W = 102 convicted. Kind 0 is the vote that a lock binds, kind 1 the one that sets it.
 */
#include "check/accountability.h"
#include "trace_rows.h"

#include <string.h>

enum { PREVOTE, PRECOMMIT };

struct setting {
    uint32_t level;
    stake_amount stake[3];
    bool corrupt[3];
};

struct outcome {
    struct verdict verdict;
    uint64_t honest_convicted;
    stake_amount convicted;
};

/* Blocks 1 and 2, both of height 1. */
static struct checks *start(struct setting setting)
{
    struct checks *checks = checks_new();
    struct trace_chain chain = {.validators = 3,
                                .total_stake = setting.stake[0] + setting.stake[1] + setting.stake[2],
                                .quorum_above = {2, 3},
                                .accountability = setting.level,
                                .lock_vote = PREVOTE,
                                .commit_vote = PRECOMMIT};
    trace_write(checks_sink(checks), TRACE_CHAIN, &chain);
    for (uint32_t i = 0; i < 3; i++) {
        struct trace_node node = {.node = i, .corrupt = setting.corrupt[i]};
        struct trace_validator validator = {
            .validator = i, .node = i, .stake = setting.stake[i], .corrupt = setting.corrupt[i]};
        trace_write(checks_sink(checks), TRACE_NODE, &node);
        trace_write(checks_sink(checks), TRACE_VALIDATOR, &validator);
    }
    row_block(checks_sink(checks), 1, 0, 1, 0, 0);
    row_block(checks_sink(checks), 2, 0, 1, 1, 0);
    return checks;
}

static struct outcome finish(struct checks *checks)
{
    struct verdict verdicts[VERDICTS];
    checks_finish(checks, verdicts);
    struct outcome outcome = {verdicts[VERDICT_ACCOUNTABILITY], checks_honest_convicted(checks),
                              checks_evidence_stake(checks)};
    checks_free(checks);
    return outcome;
}

static void vote(struct checks *checks, const struct setting *setting, uint32_t kind, uint32_t round, validator_id who,
                 block_id block)
{
    row_vote(checks_sink(checks), kind, 1, round, who, block, setting->stake[who], MS(1));
}

static void accuse(struct checks *checks, validator_id offender, uint32_t kind, uint64_t height, uint32_t round)
{
    for (validator_id reporter = 0; reporter < 2; reporter++) {
        struct trace_evidence row = {.at_ns = MS(2000),
                                     .reporter = reporter,
                                     .offender = offender,
                                     .type = kind,
                                     .height = height,
                                     .round = round};
        trace_write(checks_sink(checks), TRACE_EVIDENCE, &row);
    }
}

/* Validator 2 votes both ways in round 0, so node 0 decides block 1 and node 1 block 2. */
static struct checks *equivocating_fork(const struct setting *setting)
{
    struct checks *checks = start(*setting);
    for (uint32_t kind = PREVOTE; kind <= PRECOMMIT; kind++) {
        vote(checks, setting, kind, 0, 0, 1);
        vote(checks, setting, kind, 0, 1, 2);
        vote(checks, setting, kind, 0, 2, 1);
        vote(checks, setting, kind, 0, 2, 2);
    }
    row_final(checks_sink(checks), 0, 1, MS(10));
    row_final(checks_sink(checks), 1, 2, MS(10));
    return checks;
}

static void fork_with_enough_equivocators_is_accounted_for(void)
{
    struct setting setting = {1, {99, 99, 102}, {false, false, true}};
    struct outcome outcome = finish(equivocating_fork(&setting));
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_PASS);
    g_assert_cmpstr(outcome.verdict.detail, ==, "chain 0: the fork at height 1 convicts 102 of stake, 102 are owed");
    g_assert_cmpuint(outcome.convicted, ==, 102);
    g_assert_cmpuint(outcome.honest_convicted, ==, 0);
}

/* One unit less than 2Q - W: the protocol has let a fork happen that its promise rules out. */
static void fork_with_one_unit_less_is_not(void)
{
    struct setting setting = {1, {100, 99, 101}, {false, false, true}};
    struct outcome outcome = finish(equivocating_fork(&setting));
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.verdict.count, ==, 1);
    g_assert_cmpstr(outcome.verdict.detail, ==,
                    "chain 0: blocks 1 and 2 are final at height 1, and votes convict 101 of the 102 of stake that "
                    "must have broken the rules");
}

/* Slashing has left 240 of stake when block 1 is voted on: 2Q - W is 82 of those. */
static void fork_is_judged_by_the_electorate_of_its_time(void)
{
    for (stake_amount guilty = 81; guilty <= 82; guilty++) {
        struct setting setting = {1, {100, 100, 100}, {false, false, true}};
        struct checks *checks = start(setting);
        struct trace_block blocks[] = {
            {.block = 3, .parent = 1, .height = 2, .electorate_stake = 240},
            {.block = 4, .parent = 1, .height = 2, .electorate_stake = 240},
        };
        trace_write(checks_sink(checks), TRACE_BLOCK, &blocks[0]);
        trace_write(checks_sink(checks), TRACE_BLOCK, &blocks[1]);
        row_vote(checks_sink(checks), PRECOMMIT, 2, 0, 2, 3, guilty, MS(1));
        row_vote(checks_sink(checks), PRECOMMIT, 2, 0, 2, 4, guilty, MS(1));
        row_final(checks_sink(checks), 0, 3, MS(10));
        row_final(checks_sink(checks), 1, 4, MS(10));
        g_assert_cmpint(finish(checks).verdict.status, ==, guilty == 82 ? VERDICT_PASS : VERDICT_FAIL);
    }
}

/* Offences at another height than the fork's do not pay for it. */
static void offences_elsewhere_do_not_count(void)
{
    struct setting setting = {1, {99, 99, 102}, {false, false, true}};
    struct checks *checks = start(setting);
    row_vote(checks_sink(checks), PREVOTE, 2, 0, 2, 1, 102, MS(1));
    row_vote(checks_sink(checks), PREVOTE, 2, 0, 2, 2, 102, MS(1));
    row_final(checks_sink(checks), 0, 1, MS(10));
    row_final(checks_sink(checks), 1, 2, MS(10));
    struct outcome outcome = finish(checks);
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.convicted, ==, 102);
}

/*
 * Validator 2 forgets its lock: with 0 it decides block 1 in round 0, with 1 block 2 in round 1. No two votes of one
 * round conflict, so level 1 convicts nobody; level 2 convicts it by the transcript.
 */
static struct checks *amnesiac_fork(const struct setting *setting)
{
    struct checks *checks = start(*setting);
    vote(checks, setting, PREVOTE, 0, 0, 1);
    vote(checks, setting, PREVOTE, 0, 1, BLOCK_NONE);
    vote(checks, setting, PREVOTE, 0, 2, 1);
    vote(checks, setting, PRECOMMIT, 0, 0, 1);
    vote(checks, setting, PRECOMMIT, 0, 2, 1);
    vote(checks, setting, PRECOMMIT, 0, 1, BLOCK_NONE);
    for (uint32_t kind = PREVOTE; kind <= PRECOMMIT; kind++) {
        vote(checks, setting, kind, 1, 1, 2);
        vote(checks, setting, kind, 1, 2, 2);
    }
    row_final(checks_sink(checks), 0, 1, MS(10));
    row_final(checks_sink(checks), 1, 2, MS(20));
    return checks;
}

static void amnesia_is_found_in_the_transcript(void)
{
    struct setting setting = {2, {99, 99, 102}, {false, false, true}};
    struct outcome outcome = finish(amnesiac_fork(&setting));
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_PASS);
    g_assert_cmpuint(outcome.convicted, ==, 102);
    g_assert_cmpuint(outcome.honest_convicted, ==, 0);

    setting.level = 1;
    outcome = finish(amnesiac_fork(&setting));
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.convicted, ==, 0);
}

/* The same by a validator that is said to be honest: the transcript convicts it, and that is the failure. */
static void honest_amnesiac_fails_the_run(void)
{
    struct setting setting = {2, {99, 99, 102}, {false, false, false}};
    struct outcome outcome = finish(amnesiac_fork(&setting));
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.honest_convicted, ==, 1);
    g_assert_cmpstr(outcome.verdict.detail, ==, "chain 0: votes convict validator 2, which is honest");
}

/*
 * All honest. Validator 0 commits to block 1 in round 0, sees a quorum of lock votes for block 2 in round
 * `quorum_round`, and votes for block 2 in round 3. That is allowed for a quorum in rounds 0 to 2 and not for one in
 * round 3; and 200 of 300 are no quorum.
 */
static void unlocking_by_a_quorum_is_honest(void)
{
    for (int small = 0; small < 2; small++) {
        for (uint32_t quorum_round = 0; quorum_round <= 3; quorum_round++) {
            struct setting setting = {2, {99, 101, 100}, {false, false, false}};
            if (small)
                setting = (struct setting){2, {100, 100, 100}, {false, false, false}};
            struct checks *checks = start(setting);
            vote(checks, &setting, PRECOMMIT, 0, 0, 1);
            vote(checks, &setting, PREVOTE, quorum_round, 1, 2);
            vote(checks, &setting, PREVOTE, quorum_round, 2, 2);
            vote(checks, &setting, PREVOTE, 3, 0, 2);
            struct outcome outcome = finish(checks);
            bool justified = !small && quorum_round < 3;
            g_assert_cmpint(outcome.verdict.status, ==, justified ? VERDICT_PASS : VERDICT_FAIL);
            g_assert_cmpuint(outcome.honest_convicted, ==, justified ? 0 : 1);
        }
    }
}

/* A quorum older than the lock does not undo it; a voter that votes twice does not make one. */
static void what_is_no_justification(void)
{
    struct setting setting = {2, {99, 101, 100}, {false, true, true}};
    struct checks *checks = start(setting);
    vote(checks, &setting, PREVOTE, 0, 1, 2);
    vote(checks, &setting, PREVOTE, 0, 2, 2);
    vote(checks, &setting, PRECOMMIT, 1, 0, 1);
    vote(checks, &setting, PREVOTE, 2, 0, 2);
    g_assert_cmpuint(finish(checks).honest_convicted, ==, 1);

    checks = start(setting);
    vote(checks, &setting, PRECOMMIT, 0, 0, 1);
    vote(checks, &setting, PREVOTE, 1, 1, 2);
    vote(checks, &setting, PREVOTE, 1, 1, 2);
    vote(checks, &setting, PREVOTE, 1, 1, 2);
    vote(checks, &setting, PREVOTE, 2, 0, 2);
    g_assert_cmpuint(finish(checks).honest_convicted, ==, 1);
}

/* Locking again on the same block, and voting nil while locked, is what honest validators do. */
static void keeping_a_lock_is_honest(void)
{
    struct setting setting = {2, {100, 100, 100}, {false, false, false}};
    struct checks *checks = start(setting);
    for (uint32_t round = 0; round < 4; round++) {
        vote(checks, &setting, PREVOTE, round, 0, round % 2 ? BLOCK_NONE : 1);
        vote(checks, &setting, PRECOMMIT, round, 0, round % 2 ? BLOCK_NONE : 1);
    }
    struct outcome outcome = finish(checks);
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_PASS);
    g_assert_cmpuint(outcome.convicted, ==, 0);
}

/* A vote for another block before the lock, or in its round, breaks none: the quorum may have come after the vote. */
static void votes_before_a_lock_are_free(void)
{
    for (uint32_t round = 0; round <= 1; round++) {
        struct setting setting = {2, {100, 100, 100}, {false, false, false}};
        struct checks *checks = start(setting);
        vote(checks, &setting, PREVOTE, round, 0, 2);
        vote(checks, &setting, PRECOMMIT, 1, 0, 1);
        vote(checks, &setting, PREVOTE, 2, 0, 1);
        g_assert_cmpint(finish(checks).verdict.status, ==, VERDICT_PASS);
    }
}

/* Evidence against one who did it passes; against one who did not, or against the honest, it fails. */
static void evidence_must_be_true(void)
{
    struct setting setting = {1, {99, 99, 102}, {false, false, true}};
    struct checks *checks = equivocating_fork(&setting);
    accuse(checks, 2, PREVOTE, 1, 0);
    accuse(checks, 2, UINT32_MAX, 1, 0); /* a proposal: cannot be refuted from votes */
    struct outcome outcome = finish(checks);
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_PASS);

    checks = equivocating_fork(&setting);
    accuse(checks, 2, PREVOTE, 1, 1);
    outcome = finish(checks);
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.verdict.count, ==, 1);
    g_assert_cmpstr(outcome.verdict.detail, ==,
                    "chain 0: evidence at 2.000000000 s accuses validator 2 of two votes of kind 0 at height 1, round "
                    "1, which it did not cast");

    checks = equivocating_fork(&setting);
    accuse(checks, 0, UINT32_MAX, 1, 0);
    outcome = finish(checks);
    g_assert_cmpint(outcome.verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(outcome.honest_convicted, ==, 1);
    g_assert_cmpstr(outcome.verdict.detail, ==, "chain 0: evidence convicts validator 0, which is honest");
}

/* A chain that promises nothing owes nothing for a fork; but the honest are not to be accused there either. */
static void chains_without_a_promise(void)
{
    struct setting setting = {0, {99, 99, 102}, {false, false, true}};
    g_assert_cmpint(finish(equivocating_fork(&setting)).verdict.status, ==, VERDICT_NOT_APPLICABLE);
    struct checks *checks = equivocating_fork(&setting);
    accuse(checks, 1, PREVOTE, 1, 0);
    g_assert_cmpint(finish(checks).verdict.status, ==, VERDICT_FAIL);
}

/*
 * A hundred heights with all final everywhere: only the newest votes are kept. A node that is left behind keeps all of
 * them. An equivocation of long ago still convicts, and votes that come too late for their height change nothing.
 */
static void votes_are_kept_as_long_as_they_can_matter(void)
{
    for (int behind = 0; behind < 2; behind++) {
        struct ancestry ancestry = {0};
        struct forks forks = {.ancestry = &ancestry};
        struct accountability all = {.ancestry = &ancestry, .forks = &forks};
        struct trace_chain chain = {.total_stake = 300, .quorum_above = {2, 3}, .accountability = 2, .commit_vote = 1};
        ancestry_row(&ancestry, TRACE_CHAIN, &chain);
        forks_row(&forks, TRACE_CHAIN, &chain);
        accountability_row(&all, TRACE_CHAIN, &chain);
        for (uint32_t i = 0; i < 3; i++) {
            accountability_row(&all, TRACE_NODE, &(struct trace_node){.node = i});
            accountability_row(&all, TRACE_VALIDATOR,
                               &(struct trace_validator){.validator = i, .stake = 100, .corrupt = i == 2});
        }
        for (block_id id = 1; id <= 100; id++) {
            struct trace_block block = {.block = id, .parent = id - 1, .height = id};
            ancestry_row(&ancestry, TRACE_BLOCK, &block);
            struct trace_vote votes[] = {{.height = id, .validator = 0, .block = id, .weight = 100},
                                         {.height = id, .validator = 2, .block = id, .weight = 100},
                                         {.height = id, .validator = 2, .block = 0, .weight = 100}};
            for (size_t i = 0; i < (id == 10 ? 3 : 2); i++)
                accountability_row(&all, TRACE_VOTE, &votes[i]);
            for (replica_id replica = 0; replica < 3; replica++) {
                struct trace_final final = {.replica = replica, .node = replica, .block = id};
                if (behind && replica == 1 && id > 20)
                    continue;
                forks_row(&forks, TRACE_FINAL, &final);
                accountability_row(&all, TRACE_FINAL, &final);
            }
        }
        struct trace_vote late = {.height = 3, .validator = 0, .block = 0, .weight = 100};
        accountability_row(&all, TRACE_VOTE, &late);
        size_t open = 0;
        for (size_t i = 0; i < all.chains.at[0].transcripts.count; i++)
            open += !all.chains.at[0].transcripts.at[i].closed;
        g_assert_cmpuint(open, ==, behind ? 100 - (20 - KEPT_HEIGHTS) : KEPT_HEIGHTS);
        struct verdict verdict;
        accountability_finish(&all, &verdict);
        g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
        g_assert_cmpuint(all.convicted_stake, ==, 100);
        accountability_release(&all);
        forks_release(&forks);
        ancestry_release(&ancestry);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accountability/fork with enough equivocators", fork_with_enough_equivocators_is_accounted_for);
    g_test_add_func("/accountability/fork with one unit less", fork_with_one_unit_less_is_not);
    g_test_add_func("/accountability/electorate of its time", fork_is_judged_by_the_electorate_of_its_time);
    g_test_add_func("/accountability/offences elsewhere do not count", offences_elsewhere_do_not_count);
    g_test_add_func("/accountability/amnesia is found", amnesia_is_found_in_the_transcript);
    g_test_add_func("/accountability/honest amnesiac fails the run", honest_amnesiac_fails_the_run);
    g_test_add_func("/accountability/unlocking by a quorum is honest", unlocking_by_a_quorum_is_honest);
    g_test_add_func("/accountability/what is no justification", what_is_no_justification);
    g_test_add_func("/accountability/keeping a lock is honest", keeping_a_lock_is_honest);
    g_test_add_func("/accountability/votes before a lock are free", votes_before_a_lock_are_free);
    g_test_add_func("/accountability/evidence must be true", evidence_must_be_true);
    g_test_add_func("/accountability/chains without a promise", chains_without_a_promise);
    g_test_add_func("/accountability/votes are kept while they matter", votes_are_kept_as_long_as_they_can_matter);
    return g_test_run();
}
