/* SPDX-License-Identifier: MIT */
/* The checker of safety finds forks that are planted, where they are, and nothing where there is none. */
#include "check/verdict.h"
#include "trace_rows.h"

#include <string.h>

static const struct trace_chain rules = {.protocol = "test"};
static const struct trace_chain depth_rules = {.protocol = "test", .final_by_depth = true};

static struct verdict finish(struct checks *checks)
{
    struct verdict verdicts[VERDICTS];
    checks_finish(checks, verdicts);
    checks_free(checks);
    return verdicts[VERDICT_SAFETY];
}

/*
 *   0 - 1 - 2 - 3
 *         \ 4 - 5
 */
static struct checks *start(const struct trace_chain *chain)
{
    struct checks *checks = checks_new();
    struct trace_sink *sink = checks_sink(checks);
    rows_start(sink, chain, 4, 100, 3);
    row_block(sink, 1, 0, 1, 0, MS(0));
    row_block(sink, 2, 1, 2, 0, MS(1));
    row_block(sink, 3, 2, 3, 0, MS(2));
    row_block(sink, 4, 1, 2, 3, MS(3));
    row_block(sink, 5, 4, 3, 3, MS(4));
    return checks;
}

static void one_branch_is_safe(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 3, MS(10));
    row_final(checks_sink(checks), 1, 1, MS(11));
    row_final(checks_sink(checks), 1, 2, MS(12));
    row_final(checks_sink(checks), 2, 1, MS(13));
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
    g_assert_cmpuint(verdict.count, ==, 0);
    g_assert_cmpstr(verdict.detail, ==, "3 heights final at an honest node");
    g_assert_cmpstr(verdict.name, ==, "safety");
}

/* Node 0 and node 1 end on different branches; the first pair with one parent is named, both heights count. */
static void fork_is_found_and_named(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 3, MS(10));
    row_final(checks_sink(checks), 1, 5, MS(2500));
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(verdict.count, ==, 2);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: blocks 2 and 4 conflict at height 2: final at node 0 at 0.010000000 s and at node 1 at "
                    "2.500000000 s");
}

/* Blocks of different heights conflict too: 2 against 5, whose ancestor 4 stands beside 2. */
static void fork_across_heights_is_found(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 2, MS(10));
    row_final(checks_sink(checks), 1, 5, MS(20));
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(verdict.count, ==, 1);
}

/* One node that holds both branches final is as bad as two. */
static void one_node_can_fork_alone(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 2, MS(10));
    row_final(checks_sink(checks), 0, 4, MS(20));
    g_assert_cmpuint(finish(checks).count, ==, 1);
}

/* What a corrupt node says is final is nobody's concern. */
static void corrupt_nodes_do_not_count(void)
{
    struct checks *checks = start(&rules);
    struct trace_final lie = {.at_ns = MS(20), .replica = 3, .node = 3, .block = 5, .corrupt = true};
    row_final(checks_sink(checks), 0, 3, MS(10));
    trace_write(checks_sink(checks), TRACE_FINAL, &lie);
    g_assert_cmpint(finish(checks).status, ==, VERDICT_PASS);
}

/* Where finality is a depth: a head that leaves the node's own final block. Not so where it is a certificate. */
static void head_leaves_its_final_block(void)
{
    struct checks *checks = start(&depth_rules);
    row_head(checks_sink(checks), 1, 0, 3, 0, MS(10));
    row_final(checks_sink(checks), 1, 2, MS(10));
    row_head(checks_sink(checks), 1, 3, 5, 2, MS(20));
    row_head(checks_sink(checks), 1, 5, 4, 1, MS(21)); /* had left already */
    struct verdict verdict = finish(checks);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(verdict.count, ==, 1);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: node 1 went from block 3 to 5 at 0.020000000 s, leaving its own final block 2");

    checks = start(&rules);
    row_final(checks_sink(checks), 1, 2, MS(10));
    row_head(checks_sink(checks), 1, 3, 5, 2, MS(20));
    g_assert_cmpint(finish(checks).status, ==, VERDICT_PASS);
}

/* A reorg above the final block is what longest chains do. */
static void reorg_above_the_final_block_is_safe(void)
{
    struct checks *checks = start(&depth_rules);
    row_final(checks_sink(checks), 1, 1, MS(10));
    row_head(checks_sink(checks), 1, 3, 5, 2, MS(20));
    g_assert_cmpint(finish(checks).status, ==, VERDICT_PASS);
}

/* A long fork: 3,000 blocks on each side, final at 20 nodes a side, counted block by block, the root named. */
static void long_fork_is_counted(void)
{
    enum { LENGTH = 3000, NODES = 40 };
    struct checks *checks = checks_new();
    struct trace_sink *sink = checks_sink(checks);
    rows_start(sink, &rules, NODES, 100, NODES);
    for (block_id id = 1; id <= 2 * LENGTH; id++)
        row_block(sink, id, id <= 2 ? 0 : id - 2, (id + 1) / 2, 0, MS(id));
    for (block_id id = 1; id <= 2 * LENGTH; id += 2)
        for (node_id node = 0; node < NODES; node++)
            row_final(sink, node, id + node % 2, MS(7000 + id));
    struct verdict verdict = finish(checks);
    g_assert_cmpuint(verdict.count, ==, LENGTH);
    g_assert_true(g_str_has_prefix(verdict.detail, "chain 0: blocks 1 and 2 conflict at height 1"));
}

static void no_rows_no_verdict(void)
{
    struct verdict verdict = finish(checks_new());
    g_assert_cmpint(verdict.status, ==, VERDICT_NOT_APPLICABLE);
    g_assert_cmpstr(verdict_status_name(verdict.status), ==, "not applicable");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/safety/one branch is safe", one_branch_is_safe);
    g_test_add_func("/safety/fork is found and named", fork_is_found_and_named);
    g_test_add_func("/safety/fork across heights is found", fork_across_heights_is_found);
    g_test_add_func("/safety/one node can fork alone", one_node_can_fork_alone);
    g_test_add_func("/safety/corrupt nodes do not count", corrupt_nodes_do_not_count);
    g_test_add_func("/safety/head leaves its final block", head_leaves_its_final_block);
    g_test_add_func("/safety/reorg above the final block is safe", reorg_above_the_final_block_is_safe);
    g_test_add_func("/safety/long fork is counted", long_fork_is_counted);
    g_test_add_func("/safety/no rows, no verdict", no_rows_no_verdict);
    return g_test_run();
}
