/* SPDX-License-Identifier: MIT */
/* The stake ledger as a transition function: branches, the rotation of validator sets, punishments, conservation. */
#include "base/random.h"
#include "stake/ledger.h"

#include <glib.h>

static const struct ledger_rules cosmos = {.equivocation_slash = {1, 20}, .jail = true, .electorate_lag_blocks = 1};

static struct stake_operation operation(enum stake_operation_kind kind, validator_id validator, stake_amount amount)
{
    return (struct stake_operation){.kind = kind, .validator = validator, .amount = amount};
}

static ledger_version apply_one(struct ledger *ledger, ledger_version parent, uint64_t height,
                                struct stake_operation one, struct ledger_change *change)
{
    return ledger_apply(ledger, parent, 0, height, 0, &one, 1, change);
}

static ledger_version apply_none(struct ledger *ledger, ledger_version parent, uint64_t height)
{
    return ledger_apply(ledger, parent, 0, height, 0, NULL, 0, NULL);
}

static void check_conserved(const struct ledger *ledger, ledger_version version, uint32_t validators)
{
    struct ledger_totals totals = ledger_totals(ledger, version);
    g_assert_true((uint128)totals.bonded + totals.burned + totals.withdrawn == (uint128)totals.genesis + totals.minted);
    stake_amount bonded = 0, jailed = 0;
    for (validator_id v = 0; v < validators; v++) {
        bonded += ledger_stake(ledger, version, v);
        jailed += ledger_jailed(ledger, version, v) ? ledger_stake(ledger, version, v) : 0;
    }
    g_assert_cmpuint(bonded, ==, totals.bonded);
    g_assert_cmpuint(jailed, ==, totals.jailed);
}

/* Four validators, one without stake: it is no member, and members are found by id. */
static void test_electorate(void)
{
    stake_amount stakes[] = {100, 0, 50, 7};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 4);
    const struct electorate *genesis = ledger_electorate(ledger, ledger_genesis(ledger));
    g_assert_cmpuint(genesis->count, ==, 3);
    g_assert_cmpuint(genesis->total, ==, 157);
    g_assert_cmpuint(electorate_stake(genesis, 0), ==, 100);
    g_assert_cmpuint(electorate_stake(genesis, 1), ==, 0);
    g_assert_cmpuint(electorate_stake(genesis, 2), ==, 50);
    g_assert_cmpuint(electorate_stake(genesis, 3), ==, 7);
    g_assert_cmpuint(electorate_stake(genesis, 4), ==, 0);
    g_assert_cmpuint(electorate_index(genesis, 3), ==, 2);
    g_assert_cmpuint(electorate_index(genesis, 1), ==, ID_NONE);
    g_assert_true(ledger_electorate_by_id(ledger, genesis->id) == genesis);
    ledger_free(ledger);
}

/* CometBFT: what block 5 changes counts from block 7 on, so for the children of block 6. */
static void test_lag_of_blocks(void)
{
    stake_amount stakes[] = {100, 100, 100};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 3);
    ledger_version at4 = apply_none(ledger, ledger_genesis(ledger), 4);
    g_assert_cmpuint(at4, ==, ledger_genesis(ledger));
    ledger_version at5 = apply_one(ledger, at4, 5, operation(STAKE_EVIDENCE, 1, 0), NULL);
    ledger_version at6 = apply_none(ledger, at5, 6);
    ledger_version at7 = apply_none(ledger, at6, 7);

    g_assert_cmpuint(ledger_stake(ledger, at5, 1), ==, 95);
    g_assert_cmpuint(ledger_electorate(ledger, at5)->count, ==, 3);
    g_assert_cmpuint(ledger_electorate(ledger, at5)->total, ==, 300);
    g_assert_cmpuint(ledger_electorate(ledger, at6)->count, ==, 2);
    g_assert_cmpuint(ledger_electorate(ledger, at6)->total, ==, 200);
    g_assert_cmpuint(at6, !=, at5);
    g_assert_cmpuint(at7, ==, at6); /* nothing moves any more: the version is shared */
    ledger_free(ledger);
}

/* Without a lag the children of the block itself are voted on by the changed set. */
static void test_no_lag(void)
{
    struct ledger_rules rules = cosmos;
    rules.electorate_lag_blocks = 0;
    stake_amount stakes[] = {10, 20};
    struct ledger *ledger = ledger_new(&rules, stakes, 2);
    ledger_version at1 = apply_one(ledger, ledger_genesis(ledger), 1, operation(STAKE_BOND, 0, 5), NULL);
    g_assert_cmpuint(electorate_stake(ledger_electorate(ledger, at1), 0), ==, 15);
    g_assert_cmpuint(apply_none(ledger, at1, 2), ==, at1);
    ledger_free(ledger);
}

/* Two branches from one block: 0 is slashed on the left, 1 on the right; neither knows of the other. */
static void test_branches_slash_differently(void)
{
    stake_amount stakes[] = {1000, 2000, 3000};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 3);
    ledger_version trunk = apply_one(ledger, ledger_genesis(ledger), 1, operation(STAKE_BOND, 2, 500), NULL);
    ledger_version left = apply_one(ledger, trunk, 2, operation(STAKE_EVIDENCE, 0, 0), NULL);
    ledger_version right = apply_one(ledger, trunk, 2, operation(STAKE_EVIDENCE, 1, 0), NULL);

    g_assert_cmpuint(ledger_stake(ledger, left, 0), ==, 950);
    g_assert_cmpuint(ledger_stake(ledger, left, 1), ==, 2000);
    g_assert_cmpuint(ledger_stake(ledger, right, 0), ==, 1000);
    g_assert_cmpuint(ledger_stake(ledger, right, 1), ==, 1900);
    g_assert_cmpuint(ledger_stake(ledger, trunk, 0), ==, 1000);
    g_assert_cmpuint(ledger_stake(ledger, trunk, 2), ==, 3500);
    g_assert_true(ledger_punished(ledger, left, 0) && !ledger_punished(ledger, right, 0));
    g_assert_true(ledger_jailed(ledger, right, 1) && !ledger_jailed(ledger, left, 1));

    ledger_version left_next = apply_none(ledger, left, 3), right_next = apply_none(ledger, right, 3);
    g_assert_cmpuint(ledger_electorate(ledger, left_next)->id, !=, ledger_electorate(ledger, right_next)->id);
    g_assert_cmpuint(electorate_index(ledger_electorate(ledger, left_next), 0), ==, ID_NONE);
    g_assert_cmpuint(electorate_index(ledger_electorate(ledger, right_next), 0), ==, 0);
    ledger_version versions[] = {trunk, left, right, left_next, right_next};
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++)
        check_conserved(ledger, versions[i], 3);
    ledger_free(ledger);
}

/* The same offender twice on one branch, in one block and in a later one: only the first counts; the trace is told. */
static void test_double_punishment_is_refused(void)
{
    stake_amount stakes[] = {100, 100};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 2);
    struct stake_operation twice[] = {operation(STAKE_EVIDENCE, 0, 0), operation(STAKE_EVIDENCE, 0, 0)};
    struct ledger_change changes[2];
    ledger_version at1 = ledger_apply(ledger, ledger_genesis(ledger), 0, 1, 0, twice, 2, changes);
    g_assert_true(changes[0].applied && changes[0].jailed);
    g_assert_cmpuint(changes[0].before, ==, 100);
    g_assert_cmpuint(changes[0].after, ==, 95);
    g_assert_false(changes[1].applied);
    g_assert_cmpuint(changes[1].before, ==, 95);
    g_assert_cmpuint(changes[1].after, ==, 95);

    ledger_version at2 = apply_none(ledger, at1, 2);
    struct ledger_change again;
    g_assert_cmpuint(apply_one(ledger, at2, 3, operation(STAKE_EVIDENCE, 0, 0), &again), ==, at2);
    g_assert_false(again.applied);
    g_assert_cmpuint(ledger_totals(ledger, at2).burned, ==, 5);
    ledger_free(ledger);
}

/* What cannot be done is refused and changes nothing: more than there is, nothing at all, nobody known, an overflow. */
static void test_refused_operations(void)
{
    stake_amount stakes[] = {100, UINT64_MAX - 150};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 2);
    const struct stake_operation refused[] = {
        operation(STAKE_UNBOND, 0, 101), operation(STAKE_UNBOND, 0, 0),   operation(STAKE_BOND, 0, 0),
        operation(STAKE_BOND, 0, 51),    operation(STAKE_EVIDENCE, 2, 0), {.kind = 77, .validator = 0},
    };
    struct ledger_change changes[G_N_ELEMENTS(refused)];
    ledger_version after =
        ledger_apply(ledger, ledger_genesis(ledger), 0, 1, 0, refused, G_N_ELEMENTS(refused), changes);
    g_assert_cmpuint(after, ==, ledger_genesis(ledger));
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
        g_assert_false(changes[i].applied);
    ledger_free(ledger);
}

/* Praos: epochs of 100 slots; the stake of epoch e is that of the end of epoch e-2, the genesis one for e = 0 and 1. */
static void test_epoch_snapshots(void)
{
    struct ledger_rules rules = {.equivocation_slash = {0, 1}, .epoch_slots = 100, .epoch_lag = 2};
    stake_amount stakes[] = {10, 20};
    struct ledger *ledger = ledger_new(&rules, stakes, 2);
    struct stake_operation bond = operation(STAKE_BOND, 0, 1);
    ledger_version in0 = ledger_apply(ledger, ledger_genesis(ledger), 0, 1, 50, &bond, 1, NULL); /* 11 at end of 0 */
    ledger_version in1 = ledger_apply(ledger, in0, 50, 2, 150, &bond, 1, NULL);                  /* 12 at end of 1 */
    ledger_version in2 = ledger_apply(ledger, in1, 150, 3, 250, &bond, 1, NULL);                 /* 13 at end of 2 */
    ledger_version late = ledger_apply(ledger, in2, 250, 4, 950, &bond, 1, NULL);                /* 3 to 8 empty */
    g_assert_cmpuint(electorate_stake(ledger_electorate(ledger, in0), 0), ==, 10);
    g_assert_cmpuint(electorate_stake(ledger_electorate(ledger, in1), 0), ==, 10);
    g_assert_cmpuint(electorate_stake(ledger_electorate(ledger, in2), 0), ==, 11);
    g_assert_cmpuint(electorate_stake(ledger_electorate(ledger, late), 0), ==, 13);
    g_assert_cmpuint(ledger_epoch(ledger, late), ==, 9);

    g_assert_cmpuint(electorate_stake(ledger_electorate_of_epoch(ledger, in1, 1), 0), ==, 10);
    g_assert_cmpuint(electorate_stake(ledger_electorate_of_epoch(ledger, in1, 2), 0), ==, 11);
    g_assert_cmpuint(electorate_stake(ledger_electorate_of_epoch(ledger, in1, 3), 0), ==, 12);
    g_assert_cmpuint(electorate_stake(ledger_electorate_of_epoch(ledger, in1, 7), 0), ==, 12);
    g_assert_cmpuint(ledger_apply(ledger, in2, 250, 4, 299, NULL, 0, NULL), ==, in2);
    g_assert_cmpuint(ledger_apply(ledger, in2, 250, 4, 300, NULL, 0, NULL), !=, in2);
    ledger_free(ledger);
}

/* A clone goes on apart: what is applied to one does not show in the other, and shared versions stay equal. */
static void test_clone(void)
{
    stake_amount stakes[] = {100, 200};
    struct ledger *ledger = ledger_new(&cosmos, stakes, 2);
    ledger_version common = apply_one(ledger, ledger_genesis(ledger), 1, operation(STAKE_BOND, 0, 1), NULL);
    struct ledger *clone = ledger_clone(ledger);
    ledger_version ours = apply_one(ledger, common, 2, operation(STAKE_BOND, 0, 10), NULL);
    ledger_version theirs = apply_one(clone, common, 2, operation(STAKE_UNBOND, 0, 10), NULL);
    g_assert_cmpuint(ours, ==, theirs);
    g_assert_cmpuint(ledger_stake(ledger, ours, 0), ==, 111);
    g_assert_cmpuint(ledger_stake(clone, theirs, 0), ==, 91);
    g_assert_true(ledger_electorate(ledger, common) == ledger_electorate(clone, common));
    ledger_free(ledger);
    g_assert_cmpuint(ledger_stake(clone, common, 0), ==, 101);
    ledger_free(clone);
}

/* 2,000 random operations on 600 validators along a random tree of blocks: every version conserves stake. */
static void test_conservation(void)
{
    enum { VALIDATORS = 600, BLOCKS = 500 };
    stake_amount stakes[VALIDATORS];
    for (int v = 0; v < VALIDATORS; v++)
        stakes[v] = (stake_amount)(v % 7) * 1000;
    struct ledger *ledger = ledger_new(&cosmos, stakes, VALIDATORS);
    struct random_stream stream;
    random_stream_init(&stream, &(struct random_seed){.seed = 1}, RANDOM_TEST, 0);
    ledger_version versions[BLOCKS] = {ledger_genesis(ledger)};
    uint64_t heights[BLOCKS] = {0};
    for (size_t b = 1; b < BLOCKS; b++) {
        size_t parent = (size_t)random_below(&stream, b);
        struct stake_operation operations[4];
        for (int i = 0; i < 4; i++)
            operations[i] = operation((enum stake_operation_kind)random_below(&stream, 3),
                                      (validator_id)random_below(&stream, VALIDATORS + 2), random_below(&stream, 3000));
        heights[b] = heights[parent] + 1;
        versions[b] = ledger_apply(ledger, versions[parent], 0, heights[b], 0, operations, 4, NULL);
        check_conserved(ledger, versions[b], VALIDATORS);
    }
    g_assert_cmpuint(ledger_totals(ledger, ledger_genesis(ledger)).bonded, ==, ledger_totals(ledger, 0).genesis);
    check_conserved(ledger, ledger_genesis(ledger), VALIDATORS);
    ledger_free(ledger);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/electorate", test_electorate);
    g_test_add_func("/ledger/lag-of-blocks", test_lag_of_blocks);
    g_test_add_func("/ledger/no-lag", test_no_lag);
    g_test_add_func("/ledger/branches-slash-differently", test_branches_slash_differently);
    g_test_add_func("/ledger/double-punishment-is-refused", test_double_punishment_is_refused);
    g_test_add_func("/ledger/refused-operations", test_refused_operations);
    g_test_add_func("/ledger/epoch-snapshots", test_epoch_snapshots);
    g_test_add_func("/ledger/clone", test_clone);
    g_test_add_func("/ledger/conservation", test_conservation);
    return g_test_run();
}
