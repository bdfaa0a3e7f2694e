/* SPDX-License-Identifier: MIT */
/*
 * What a scenario asks for by shares, and what its world makes of it. Six validators with the stakes 50, 20, 10, 10, 5
 * and 5, on nodes of their own; hence 100 base units in all.
 */
#include "worlds.h"

#include <stdlib.h>

static const char some[] = "posim: 1\nprotocol: {kind: tendermint}\ntime: {duration: 1 s}\n"
                           "network: {latency: {model: constant, delay: 1 ms}}\n";
static const char six[] = "validators: {stake: {values: [50, 20, 10, 10, 5, 5]}}\n";

static void ignore(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    (void)sink, (void)kind, (void)row;
}

/* The shares in a world of those validators with those lines behind; g_free them. */
static struct world_share *shares_among(const char *validators, const char *lines, uint32_t *count)
{
    char *text = g_strconcat(some, validators, lines, NULL);
    struct scenario *scenario = worlds_load(text);
    struct trace_sink nobody = {.row = ignore};
    struct world *world = worlds_new(scenario, 0, &nobody);
    const struct world_share *shares;
    *count = world_shares(world, &shares);
    struct world_share *copy = g_memdup2(shares, *count * sizeof *shares);
    for (uint32_t s = 0; s < *count; s++)
        copy[s].name = g_intern_string(shares[s].name);

    /* What is asked for is known without a world, in the same order. */
    uint32_t asked_count;
    struct world_share *asked = world_shares_asked(worlds_settings(scenario), &asked_count);
    g_assert_cmpuint(asked_count, ==, *count);
    for (uint32_t s = 0; s < asked_count; s++) {
        g_assert_cmpstr(asked[s].name, ==, copy[s].name);
        g_assert_cmpuint(asked[s].fault, ==, copy[s].fault);
        g_assert_cmpuint(asked[s].realised.stake_total, ==, 0);
    }
    g_free(asked);
    world_free(world);
    scenario_free(scenario);
    g_free(text);
    return copy;
}

static struct world_share *shares_of(const char *lines, uint32_t *count)
{
    return shares_among(six, lines, count);
}

static void check_realised(const struct world_share *share, uint32_t units, uint32_t of, stake_amount stake)
{
    g_assert_cmpuint(share->realised.units, ==, units);
    g_assert_cmpuint(share->realised.units_total, ==, of);
    g_assert_cmpuint(share->realised.stake, ==, stake);
    g_assert_cmpuint(share->realised.stake_total, ==, 100);
}

static void check_least(const struct world_share *share, uint64_t numerator, uint64_t denominator)
{
    g_assert_cmpuint(share->realised.least.numerator, ==, numerator);
    g_assert_cmpuint(share->realised.least.denominator, ==, denominator);
}

/* A fault that hits everybody chooses nobody and has no share; all others have, in the order of the list. */
static void test_faults(void)
{
    uint32_t count;
    struct world_share *shares = shares_of("faults:\n"
                                           "  - {kind: crash, at: 1 s}\n"
                                           "  - {kind: crash, at: 1 s, validators: [v0, v4]}\n"
                                           "  - {name: far, kind: delay, extra: 1 s, at: 1 s, share: 100 %}\n"
                                           "  - {kind: churn, mean_up: 1 s, mean_down: 1 s, at: 1 s, count: 0}\n"
                                           "  - {kind: loss, probability: 5 %, at: 1 s, stake: 10 %}\n",
                                           &count);
    g_assert_cmpuint(count, ==, 4);
    g_assert_cmpstr(shares[0].name, ==, "crash");
    g_assert_cmpuint(shares[0].fault, ==, 1);
    g_assert_cmpuint(shares[0].asked.denominator, ==, 0);
    check_realised(&shares[0], 2, 6, 55);
    g_assert_cmpstr(shares[1].name, ==, "far");
    g_assert_false(shares[1].of_stake);
    check_realised(&shares[1], 6, 6, 100);
    check_realised(&shares[2], 0, 6, 0);
    g_assert_true(shares[3].of_stake);
    g_assert_cmpuint(shares[3].realised.units, >=, 1);
    g_assert_cmpuint(shares[3].realised.stake, ==, 10);
    g_free(shares);
}

/* A sixth of six nodes is one, a 7th none; 5 % of the stake is one of the small ones, 4 % nobody. */
static void test_faults_of_nobody(void)
{
    static const struct {
        const char *target;
        bool hits;
        uint64_t least, of;
    } cases[] = {{"share: 1/6", true, 1, 6},
                 {"share: 1/7", false, 1, 6},
                 {"stake: 5 %", true, 5, 100},
                 {"stake: 4 %", false, 5, 100}};
    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        uint32_t count;
        char *lines = g_strdup_printf("faults: [{kind: crash, at: 1 s, %s}]\n", cases[c].target);
        struct world_share *shares = shares_of(lines, &count);
        g_assert_cmpuint(count, ==, 1);
        g_assert_cmpuint(shares[0].realised.units, ==, cases[c].hits);
        check_least(&shares[0], cases[c].least, cases[c].of);
        g_free(shares);
        g_free(lines);
    }
}

/* The sides of a partition into groups are told one by one; where it cuts off a target, that is. */
static void test_partitions(void)
{
    uint32_t count;
    struct world_share *shares = shares_of("faults:\n"
                                           "  - {kind: partition, at: 1 s, groups: [50 %, 50 %], groups_by: stake}\n"
                                           "  - {kind: partition, at: 1 s, groups: [2/3, 1/3]}\n"
                                           "  - {kind: partition, at: 1 s, validators: [v1]}\n",
                                           &count);
    g_assert_cmpuint(count, ==, 5);
    for (uint32_t s = 0; s < 4; s++) {
        g_assert_cmpuint(shares[s].fault, ==, s / 2);
        g_assert_cmpuint(shares[s].side, ==, s % 2 + 1);
        g_assert_cmpint(shares[s].of_stake, ==, s < 2);
        check_least(&shares[s], 0, 0);
    }
    g_assert_cmpuint(shares[0].realised.stake + shares[1].realised.stake, ==, 100);
    g_assert_cmpuint(shares[0].realised.units + shares[1].realised.units, ==, 6);
    g_assert_cmpuint(shares[2].realised.units, ==, 4);
    g_assert_cmpuint(shares[3].realised.units, ==, 2);
    g_assert_cmpuint(shares[4].side, ==, 0);
    check_realised(&shares[4], 1, 6, 20);
    g_free(shares);
}

/* Two sides: each has the whole number of nodes that is closest to its share. */
static void test_sides_are_as_close_as_can_be(void)
{
    for (int nodes = 2; nodes <= 12; nodes++)
        for (int percent = 5; percent < 100; percent += 5) {
            uint32_t count;
            char *validators = g_strdup_printf("validators: {count: %d}\n", nodes);
            char *lines = g_strdup_printf("faults: [{kind: partition, at: 1 s, groups: [%d %%, %d %%]}]\n", percent,
                                          100 - percent);
            struct world_share *shares = shares_among(validators, lines, &count);
            g_assert_cmpuint(count, ==, 2);
            g_assert_cmpint(abs(100 * (int)shares[0].realised.units - percent * nodes), <=, 50);
            g_assert_cmpuint(shares[0].realised.units + shares[1].realised.units, ==, nodes);
            g_free(shares);
            g_free(lines);
            g_free(validators);
        }
}

/* Those whom one behaviour names are not there for another, whose least share follows from who is left. */
static void test_adversaries(void)
{
    uint32_t count;
    struct world_share *shares = shares_of("adversary: {kind: double_voting, stake: 9 %}\n"
                                           "behaviours: [{kind: silent, validators: [v4, v5]}]\n",
                                           &count);
    g_assert_cmpuint(count, ==, 2);
    g_assert_cmpuint(shares[0].fault, ==, ID_NONE);
    g_assert_true(shares[0].of_stake);
    check_realised(&shares[0], 0, 4, 0);
    check_least(&shares[0], 10, 100);
    check_realised(&shares[1], 2, 6, 10);
    g_free(shares);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shares/faults", test_faults);
    g_test_add_func("/shares/faults of nobody", test_faults_of_nobody);
    g_test_add_func("/shares/partitions", test_partitions);
    g_test_add_func("/shares/sides are as close as can be", test_sides_are_as_close_as_can_be);
    g_test_add_func("/shares/adversaries", test_adversaries);
    return g_test_run();
}
