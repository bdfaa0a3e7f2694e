/* SPDX-License-Identifier: MIT */
/* The checker of conservation follows stake along each branch and finds a single unit that is lost. */
#include "base/stake_operation.h"
#include "check/verdict.h"
#include "trace_rows.h"

static const struct trace_chain rules = {.protocol = "test"};

/*
 * Four validators of 100:
 *   0 - 1 - 2 - 4
 *         \ 3
 */
static struct checks *start(void)
{
    struct checks *checks = checks_new();
    struct trace_sink *sink = checks_sink(checks);
    rows_start(sink, &rules, 4, 100, 3);
    row_block(sink, 1, 0, 1, 0, 0);
    row_block(sink, 2, 1, 2, 0, 0);
    row_block(sink, 3, 1, 2, 1, 0);
    row_block(sink, 4, 2, 3, 1, 0);
    return checks;
}

static struct verdict finish(struct checks *checks)
{
    struct verdict verdicts[VERDICTS];
    checks_finish(checks, verdicts);
    checks_free(checks);
    return verdicts[VERDICT_CONSERVATION];
}

static void change(struct checks *checks, block_id block, uint32_t kind, validator_id validator, stake_amount before,
                   stake_amount after)
{
    struct trace_stake row = {
        .block = block, .validator = validator, .kind = kind, .before = before, .after = after, .applied = true};
    trace_write(checks_sink(checks), TRACE_STAKE, &row);
}

static void totals(struct checks *checks, block_id block, stake_amount bonded, stake_amount burned, stake_amount minted,
                   stake_amount withdrawn)
{
    struct trace_ledger row = {.block = block,
                               .parent = block - 1,
                               .genesis = 400,
                               .bonded = bonded,
                               .burned = burned,
                               .minted = minted,
                               .withdrawn = withdrawn};
    trace_write(checks_sink(checks), TRACE_LEDGER, &row);
}

/* Validator 3 is slashed on both branches, validator 1 gains and withdraws on one; both add up for themselves. */
static struct checks *two_branches(void)
{
    struct checks *checks = start();
    totals(checks, 0, 400, 0, 0, 0);
    change(checks, 1, STAKE_BOND, 1, 100, 107);
    totals(checks, 1, 407, 0, 7, 0);
    change(checks, 2, STAKE_EVIDENCE, 3, 100, 95);
    totals(checks, 2, 402, 5, 7, 0);
    change(checks, 3, STAKE_EVIDENCE, 3, 100, 95);
    change(checks, 3, STAKE_EVIDENCE, 3, 95, 90);
    totals(checks, 3, 397, 10, 7, 0);
    change(checks, 4, STAKE_UNBOND, 1, 107, 50);
    totals(checks, 4, 345, 5, 7, 57);
    return checks;
}

static void branches_add_up(void)
{
    struct verdict verdict = finish(two_branches());
    g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
    g_assert_cmpstr(verdict.detail, ==, "9 blocks and totals add up");
}

/* The totals of the last block once more, each part one unit off in turn. */
static void lost_unit_is_found(void)
{
    static const stake_amount wrong[][4] = {
        {344, 5, 7, 57}, {346, 5, 7, 57}, {345, 4, 7, 57}, {345, 6, 7, 57},
        {345, 5, 6, 57}, {345, 5, 8, 57}, {345, 5, 7, 56}, {345, 5, 7, 58},
        {345, 4, 7, 58}, {346, 5, 8, 57}, {344, 6, 7, 57}, {345, 6, 8, 57}, /* in balance, but not as the rows say */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct checks *checks = two_branches();
        totals(checks, 4, wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3]);
        struct verdict verdict = finish(checks);
        g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
        g_assert_cmpuint(verdict.count, ==, i < 8 ? 2 : 1);
    }
    struct checks *checks = two_branches();
    totals(checks, 4, 344, 5, 7, 57);
    g_assert_cmpstr(finish(checks).detail, ==,
                    "chain 0: block 4: bonded 344 + burned 5 + withdrawn 57 are not genesis 400 + minted 7");
}

/* A slash of the other branch shows in this one: stake that a reorg did not undo. */
static void branches_do_not_mix(void)
{
    struct checks *checks = two_branches();
    change(checks, 4, STAKE_EVIDENCE, 3, 90, 85);
    totals(checks, 4, 340, 10, 7, 57);
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: block 4 changes validator 3 from a stake of 90, which is 95 on its branch");
}

/* Evidence that adds stake, a bond that takes it, an operation that was refused and moved some, a stake below zero. */
static void operations_move_stake_their_own_way(void)
{
    static const struct {
        uint32_t kind;
        stake_amount after;
    } wrong[] = {{STAKE_EVIDENCE, 101}, {STAKE_BOND, 99}, {STAKE_UNBOND, 101}, {STAKE_UNBOND, (stake_amount)-1}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct checks *checks = start();
        change(checks, 1, wrong[i].kind, 2, 100, wrong[i].after);
        struct verdict verdict = finish(checks);
        g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
        g_assert_cmpuint(verdict.count, ==, 2); /* and there are no totals */
    }
    struct checks *checks = start();
    struct trace_stake refused = {.block = 1, .validator = 2, .kind = STAKE_EVIDENCE, .before = 100, .after = 100};
    trace_write(checks_sink(checks), TRACE_STAKE, &refused);
    g_assert_cmpint(finish(checks).status, ==, VERDICT_PASS);
    checks = start();
    refused.after = 99;
    trace_write(checks_sink(checks), TRACE_STAKE, &refused);
    totals(checks, 1, 399, 1, 0, 0);
    g_assert_cmpint(finish(checks).status, ==, VERDICT_FAIL);
}

static void change_without_totals_is_found(void)
{
    struct checks *checks = start();
    change(checks, 2, STAKE_BOND, 1, 100, 101);
    totals(checks, 4, 401, 0, 1, 0);
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpstr(verdict.detail, ==, "chain 0: block 2 changes stake and has no totals");
}

static void genesis_is_the_sum_of_stakes(void)
{
    struct checks *checks = start();
    struct trace_ledger row = {.block = 0, .parent = BLOCK_NONE, .genesis = 401, .bonded = 401};
    trace_write(checks_sink(checks), TRACE_LEDGER, &row);
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpstr(verdict.detail, ==, "chain 0: block 0: genesis is 401 and the validators' stakes add up to 400");
}

static void jailed_is_part_of_bonded(void)
{
    for (stake_amount jailed = 400; jailed <= 401; jailed++) {
        struct checks *checks = start();
        struct trace_ledger row = {.block = 1, .genesis = 400, .bonded = 400, .jailed = jailed};
        trace_write(checks_sink(checks), TRACE_LEDGER, &row);
        g_assert_cmpint(finish(checks).status, ==, jailed == 400 ? VERDICT_PASS : VERDICT_FAIL);
    }
}

/* Sums beyond 64 bits do not wrap round into a pass. */
static void large_amounts_do_not_wrap(void)
{
    struct checks *checks = start();
    struct trace_ledger row = {.block = 1, .genesis = 400, .bonded = 401, .burned = UINT64_MAX};
    trace_write(checks_sink(checks), TRACE_LEDGER, &row);
    g_assert_cmpstr(finish(checks).detail, ==,
                    "chain 0: block 1: bonded 401 + burned 18446744073709551615 + withdrawn 0 are not genesis 400 + "
                    "minted 0");
}

static void without_rows_there_is_no_verdict(void)
{
    g_assert_cmpint(finish(start()).status, ==, VERDICT_NOT_APPLICABLE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/conservation/branches add up", branches_add_up);
    g_test_add_func("/conservation/lost unit is found", lost_unit_is_found);
    g_test_add_func("/conservation/branches do not mix", branches_do_not_mix);
    g_test_add_func("/conservation/operations move stake their own way", operations_move_stake_their_own_way);
    g_test_add_func("/conservation/change without totals is found", change_without_totals_is_found);
    g_test_add_func("/conservation/genesis is the sum of stakes", genesis_is_the_sum_of_stakes);
    g_test_add_func("/conservation/jailed is part of bonded", jailed_is_part_of_bonded);
    g_test_add_func("/conservation/large amounts do not wrap", large_amounts_do_not_wrap);
    g_test_add_func("/conservation/without rows there is no verdict", without_rows_there_is_no_verdict);
    return g_test_run();
}
