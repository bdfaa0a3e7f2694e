/* SPDX-License-Identifier: MIT */
/* The users' tables from rows written by hand: what is final, when, by whom, and what is missing. */
#include "record/binomial.h"
#include "record/csv.h"
#include "record/recorder.h"
#include "trace_rows.h"

#include <glib/gstdio.h>

static const struct trace_chain rules = {.protocol = "test", .vote_kinds = "prevote precommit"};

struct lines {
    const struct table_info *info;
    GString *text;
};

static void append_line(void *user, const void *row)
{
    struct lines *lines = user;
    csv_append(lines->text, lines->info->columns, lines->info->column_count, row);
}

static void expect_table(const struct reductions *all, enum table table, const char *expected)
{
    struct table_info info = table_info(table);
    struct lines lines = {&info, g_string_new(NULL)};
    info.each_row(all, append_line, &lines);
    g_assert_cmpstr(lines.text->str, ==, expected);
    g_string_free(lines.text, TRUE);
}

/*
 * Four nodes, three blocks in a row and one beside the second. Block 1 becomes final at three nodes one after another;
 * block 3, over 2, at all four, which makes 2 final with it where it was not. Block 4 loses, block 5 is undecided.
 */
static void blocks_become_final_or_not(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 4, 100, 4);
    row_block(sink, 1, 0, 1, 0, MS(0));
    row_final(sink, 2, 1, MS(10));
    row_final(sink, 0, 1, MS(20));
    row_final(sink, 1, 1, MS(30));
    row_block(sink, 2, 1, 2, 1, MS(100));
    row_block(sink, 3, 2, 3, 2, MS(200));
    row_block(sink, 4, 1, 2, 3, MS(201));
    for (node_id node = 0; node < 4; node++)
        row_final(sink, node, 3, MS(300 + node));
    row_block(sink, 5, 3, 4, 0, MS(400));
    row_end(sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_BLOCKS,
                 "0,1,0,0x0000000000000001,1,0,0,0,0,0.000000000,100,10,final,1,0.010000000,0.303000000\n"
                 "0,2,1,0x0000000000000002,2,0,0,1,0,0.100000000,100,10,final,1,0.300000000,0.303000000\n"
                 "0,3,2,0x0000000000000003,3,0,0,2,0,0.200000000,100,10,final,1,0.300000000,0.303000000\n"
                 "0,4,1,0x0000000000000004,2,0,0,3,0,0.201000000,100,10,orphan,0,NA,NA\n"
                 "0,5,3,0x0000000000000005,4,0,0,0,0,0.400000000,100,10,pending,0,NA,NA\n");
    expect_table(&all, TABLE_FINALITY,
                 "0,1,1,0.000000000,0.010000000,0.020000000,0.303000000,0.303000000,0.030000000,4,4,0\n"
                 "0,2,2,0.100000000,0.200000000,0.201000000,0.203000000,0.203000000,0.202000000,4,4,0\n"
                 "0,3,3,0.200000000,0.100000000,0.101000000,0.103000000,0.103000000,0.102000000,4,4,0\n");
    reductions_release(&all);
}

/* A node that never gets the block is counted as missing; p95 and last are NA, p50 and two thirds are known. */
static void missing_nodes_are_counted(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 3, 100, 3);
    row_block(&all.sink, 1, 0, 1, 0, MS(5));
    row_final(&all.sink, 0, 1, MS(10));
    row_final(&all.sink, 1, 1, MS(11));
    row_end(&all.sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_FINALITY, "0,1,1,0.005000000,0.005000000,0.006000000,NA,NA,0.006000000,2,3,1\n");
    reductions_release(&all);
}

/*
 * Node 2 of three is corrupt and says that all is final: it counts nowhere. Node 1 is down when block 1 is proposed, up
 * again soon, and the first to hold it final: block 1 expects node 0 only, though two hold it in the end.
 */
static void corrupt_and_down_nodes_are_not_expected(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 3, 100, 2);
    row_incident(sink, INCIDENT_CRASH, 1, MS(50));
    row_block(sink, 1, 0, 1, 0, MS(50));
    struct trace_final lie = {.at_ns = MS(51), .replica = 2, .node = 2, .block = 1, .corrupt = true};
    trace_write(sink, TRACE_FINAL, &lie);
    row_incident(sink, INCIDENT_RECOVERY, 1, MS(55));
    row_final(sink, 1, 1, MS(58));
    row_final(sink, 0, 1, MS(60));
    row_block(sink, 2, 1, 2, 0, MS(70));
    row_final(sink, 1, 2, MS(90));
    row_end(sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_FINALITY,
                 "0,1,1,0.050000000,0.008000000,0.010000000,0.010000000,0.010000000,0.010000000,2,1,0\n"
                 "0,2,2,0.070000000,0.020000000,0.020000000,NA,NA,NA,1,2,1\n");
    reductions_release(&all);
}

/* Finality against row by row counting: many nodes, random order, some far behind. */
static void quantiles_equal_those_of_sorted_times(void)
{
    enum { NODES = 37, BLOCKS = 60 };
    struct reductions all;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, NODES, 10, NODES);
    static time_ns when[BLOCKS + 1][NODES];
    block_id at[NODES] = {0};
    uint32_t random = 1;
    time_ns now = 0;
    for (block_id block = 1; block <= BLOCKS; block++) {
        row_block(&all.sink, block, block - 1, block, 0, now);
        for (int step = 0; step < 50; step++) {
            random = random * 1664525u + 1013904223u;
            node_id node = (random >> 16) % NODES;
            now += 1 + (random >> 8) % 3;
            if (at[node] == block)
                continue;
            for (block_id passed = at[node] + 1; passed <= block; passed++)
                when[passed][node] = now;
            at[node] = block;
            row_final(&all.sink, node, block, now);
        }
    }
    for (node_id node = 0; node < NODES; node++)
        for (block_id block = at[node] + 1; block <= BLOCKS; block++)
            when[block][node] = TIME_NEVER;
    row_end(&all.sink, now);
    reductions_finish(&all, NULL, 0);
    for (block_id block = 1; block <= BLOCKS; block++) {
        const struct block_finality *final = &all.finality.chains.at[0].blocks.at[block];
        for (int i = 1; i < NODES; i++)
            for (int j = i; j > 0 && when[block][j] < when[block][j - 1]; j--) {
                time_ns swap = when[block][j];
                when[block][j] = when[block][j - 1];
                when[block][j - 1] = swap;
            }
        g_assert_cmpint(final->first_ns, ==, when[block][0]);
        g_assert_cmpint(final->p50_ns, ==, when[block][18]);
        g_assert_cmpint(final->p95_ns, ==, when[block][35]);
        g_assert_cmpint(final->two_thirds_ns, ==, when[block][24]);
        g_assert_cmpint(final->last_ns, ==, when[block][36]);
    }
    reductions_release(&all);
}

/* Two rounds of prevotes; one validator votes twice and counts once; one is late. */
static void votes_are_grouped(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 3, 100, 3);
    row_block(sink, 1, 0, 1, 0, MS(0));
    row_vote(sink, 0, 1, 0, 0, 1, 100, MS(10));
    row_vote(sink, 0, 1, 0, 0, BLOCK_NONE, 100, MS(11));
    row_vote(sink, 0, 1, 0, 1, 1, 100, MS(12));
    row_vote(sink, 1, 1, 0, 1, 1, 100, MS(13));
    row_vote(sink, 0, 1, 1, 2, BLOCK_NONE, 100, MS(20));
    row_vote(sink, 0, 1, 0, 2, 1, 100, MS(30));
    row_vote(sink, 0, 1, 0, 2, 1, 100, MS(31));
    row_end(sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_VOTES,
                 "0,1,0,prevote,5,3,1,1.000000,0.010000000,0.012000000,0.012000000,0.031000000,2\n"
                 "0,1,0,precommit,1,1,0,0.333333,0.013000000,NA,NA,0.013000000,1\n"
                 "0,1,1,prevote,1,1,1,0.333333,0.020000000,NA,NA,0.020000000,1\n");
    reductions_release(&all);
}

/* Votes that come in no order of height all find their group. */
static void late_votes_find_their_group(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 3, 100, 3);
    for (uint64_t i = 0; i < 3 * 500; i++)
        row_vote(&all.sink, (uint32_t)(i / 250 % 2), 1 + i * 101 % 250, 0, (validator_id)(i / 500), 0, 100, MS(i));
    row_end(&all.sink, MS(5000));
    const struct chain_ballots *chain = &all.ballots.chains.at[0];
    g_assert_cmpuint(chain->ballots.count, ==, 500);
    uint32_t votes = 0;
    for (size_t i = 0; i < chain->ballots.count; i++) {
        const struct ballot *ballot = &chain->ballots.at[i];
        votes += ballot->votes;
        if (i > 0)
            g_assert_true(chain->ballots.at[i - 1].height < ballot->height ||
                          (chain->ballots.at[i - 1].height == ballot->height && ballot->kind == 1));
    }
    g_assert_cmpuint(votes, ==, 1500);
    reductions_release(&all);
}

/* Once slashed on the main chain, once on a branch that lost: only the first shows in the stake at the end. */
static void validators_are_summed_up(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 4, 100, 3);
    row_block(sink, 1, 0, 1, 0, MS(0));
    row_block(sink, 2, 0, 1, 3, MS(0));
    row_block(sink, 3, 1, 2, 3, MS(10));
    struct trace_stake lost = {.block = 2, .validator = 1, .before = 100, .after = 1, .jailed = true, .applied = true};
    struct trace_stake kept = {.block = 3, .validator = 3, .before = 100, .after = 95, .jailed = true, .applied = true};
    struct trace_stake refused = {.block = 3, .validator = 3, .before = 95, .after = 95};
    trace_write(sink, TRACE_STAKE, &lost);
    trace_write(sink, TRACE_STAKE, &kept);
    trace_write(sink, TRACE_STAKE, &refused);
    row_vote(sink, 0, 1, 0, 1, 1, 100, MS(10));
    for (node_id node = 0; node < 3; node++)
        row_final(sink, node, 3, MS(20));
    row_end(sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_VALIDATORS,
                 "0,0,alice,0,west,0,100,0.250000,100,0,1,1,0.333333,0.000000,0.666667,0\n"
                 "0,1,bob,1,east,0,100,0.250000,100,0,0,0,0.000000,0.000000,0.666667,1\n"
                 "0,2,carol,2,west,0,100,0.250000,100,0,0,0,0.000000,0.000000,0.666667,0\n"
                 "0,3,dave,3,east,1,100,0.250000,95,1,2,1,0.666667,0.000000,0.666667,0\n");
    reductions_release(&all);
}

/*
 * Validators 0 and 1 on node 0 in the west, 1 of which secures a second chain as well; a corrupt one, without a region,
 * on node 1. A block of the main chain takes half of validator 0's stake and jails validator 2; one beside it takes all
 * of validator 1's, which counts for nothing.
 */
static void who_secures_what(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    trace_write(sink, TRACE_CHAIN, &(struct trace_chain){.chain = 0, .protocol = "test"});
    trace_write(sink, TRACE_CHAIN, &(struct trace_chain){.chain = 1, .protocol = "test"});
    trace_write(sink, TRACE_NODE, &(struct trace_node){.node = 0, .region = "west"});
    trace_write(sink, TRACE_NODE, &(struct trace_node){.node = 1, .corrupt = true});
    struct trace_validator validators[] = {{.chain = 0, .validator = 0, .node = 0, .name = "alice", .stake = 60},
                                           {.chain = 0, .validator = 1, .node = 0, .name = "bob", .stake = 30},
                                           {.chain = 0, .validator = 2, .node = 1, .stake = 10, .corrupt = true},
                                           {.chain = 1, .validator = 1, .node = 0, .name = "bob", .stake = 30}};
    for (size_t i = 0; i < G_N_ELEMENTS(validators); i++)
        trace_write(sink, TRACE_VALIDATOR, &validators[i]);
    row_block(sink, 1, 0, 1, 0, MS(100));
    row_block(sink, 2, 0, 1, 1, MS(150));
    struct trace_stake changes[] = {
        {.block = 1, .validator = 0, .before = 60, .after = 40, .applied = true},
        {.block = 1, .validator = 0, .before = 40, .after = 30, .applied = true},
        {.block = 1, .validator = 2, .before = 10, .after = 10, .jailed = true, .applied = true},
        {.block = 2, .validator = 1, .before = 30, .after = 0, .applied = true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
        trace_write(sink, TRACE_STAKE, &changes[i]);
    row_final(sink, 0, 1, MS(200));
    row_end(sink, MS(500));
    reductions_finish(&all, NULL, 0);
    expect_table(&all, TABLE_SECURING,
                 "0.000000000,0,0,region,0,west,0,node,0,NA,90,0.900000\n"
                 "0.000000000,0,0,node,0,NA,0,validator,0,alice,60,0.600000\n"
                 "0.000000000,0,0,node,0,NA,0,validator,1,bob,30,0.300000\n"
                 "0.000000000,0,0,node,1,NA,1,validator,2,NA,10,0.100000\n"
                 "0.000000000,0,0,validator,0,alice,0,chain,0,test,60,0.600000\n"
                 "0.000000000,0,0,validator,1,bob,0,chain,0,test,30,0.300000\n"
                 "0.000000000,0,0,validator,2,NA,1,chain,0,test,10,0.100000\n"
                 "0.100000000,0,1,region,0,west,0,node,0,NA,60,1.000000\n"
                 "0.100000000,0,1,node,0,NA,0,validator,0,alice,30,0.500000\n"
                 "0.100000000,0,1,node,1,NA,1,validator,2,NA,0,0.000000\n"
                 "0.100000000,0,1,validator,0,alice,0,chain,0,test,30,0.500000\n"
                 "0.100000000,0,1,validator,2,NA,1,chain,0,test,0,0.000000\n"
                 "0.000000000,1,0,region,0,west,0,node,0,NA,30,1.000000\n"
                 "0.000000000,1,0,node,0,NA,0,validator,1,bob,30,1.000000\n"
                 "0.000000000,1,0,validator,1,bob,0,chain,1,test,30,1.000000\n");
    reductions_release(&all);
}

/* Heads: two nodes on one branch, one on a shorter one, one behind on the trunk: the fork is one block deep. */
static void standing_fork_is_as_deep_as_its_shorter_branch(void)
{
    struct reductions all;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 5, 100, 4);
    row_block(sink, 1, 0, 1, 0, 0);
    row_block(sink, 2, 1, 2, 0, 0);
    row_block(sink, 3, 2, 3, 0, 0);
    row_block(sink, 4, 1, 2, 1, 0);
    row_block(sink, 5, 4, 3, 1, 0);
    row_head(sink, 0, 0, 3, 0, MS(1));
    row_head(sink, 1, 0, 3, 0, MS(1));
    row_head(sink, 2, 0, 4, 0, MS(1));
    row_head(sink, 3, 0, 1, 0, MS(1));
    g_assert_cmpuint(heads_deepest_fork(&all.heads, 0), ==, 1);
    g_assert_cmpuint(heads_most_common(&all.heads, 0), ==, 3);
    row_head(sink, 4, 0, 5, 9, MS(2)); /* corrupt: counts nowhere */
    g_assert_cmpuint(heads_deepest_fork(&all.heads, 0), ==, 1);
    g_assert_cmpuint(all.heads.chains.at[0].deepest_reorg, ==, 0);
    row_head(sink, 2, 4, 5, 0, MS(2));
    g_assert_cmpuint(heads_deepest_fork(&all.heads, 0), ==, 2);
    row_head(sink, 2, 5, 3, 2, MS(3));
    g_assert_cmpuint(heads_deepest_fork(&all.heads, 0), ==, 0);
    g_assert_cmpuint(all.heads.chains.at[0].deepest_reorg, ==, 2);
    reductions_release(&all);
}

/* Bands from the exact distribution, summed with Python's fractions; the whole range is reached where it must be. */
static void binomial_bands_are_exact(void)
{
    static const struct {
        uint64_t trials;
        stake_amount part, whole;
        uint64_t low, high;
    } cases[] = {
        {3, 1, 4, 0, 2},        {10, 1, 2, 2, 8},        {100, 1, 10, 5, 16}, {1000, 1, 3, 304, 363},
        {1000, 2, 3, 637, 696}, {5000, 1, 3041, 0, 5},   {0, 1, 2, 0, 0},     {7, 0, 2, 0, 0},
        {7, 2, 2, 7, 7},        {20, 999, 1000, 20, 20}, {1, 1, 2, 0, 1},     {10000, 1, 1000, 4, 17},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct binomial_band band = binomial_band(cases[i].trials, cases[i].part, cases[i].whole, 0.025);
        g_assert_cmpuint(band.low, ==, cases[i].low);
        g_assert_cmpuint(band.high, ==, cases[i].high);
    }
}

static guint files_in(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir))
        count++;
    g_dir_close(dir);
    return count;
}

/* A whole recording: the files asked for and no other; one that is not finished leaves none. */
static void recorder_writes_what_is_asked_for(void)
{
    char *folder = g_dir_make_tmp("posim-record-XXXXXX", NULL);
    struct recorder_settings settings = {
        .folder = folder,
        .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_NETWORK) | TABLE_BIT(TABLE_MESSAGES),
    };
    GError *error = NULL;
    struct recorder *recorder = recorder_new(&settings, &error);
    g_assert_no_error(error);
    recorder_free(recorder);
    g_assert_cmpuint(files_in(folder), ==, 0);

    recorder = recorder_new(&settings, &error);
    rows_start(recorder_sink(recorder), &rules, 4, 100, 4);
    row_block(recorder_sink(recorder), 1, 0, 1, 0, 0);
    row_end(recorder_sink(recorder), MS(1));
    struct network_row network = {.kind = "vote", .messages = 1, .bytes = 100, .deliveries = 4};
    g_assert_true(recorder_finish(recorder, &network, 1, &error));
    g_assert_no_error(error);
    char *path = g_build_filename(folder, "network.csv", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "chain,kind,messages,bytes,deliveries\n0,vote,1,100,4\n");
    g_assert_cmpuint(files_in(folder), ==, 3);
    recorder_free(recorder);
    g_free(text);
    g_free(path);
    for (enum table table = 0; table < TABLES; table++) {
        path = g_build_filename(folder, table_info(table).file, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);

    settings.folder = "/nowhere";
    g_assert_null(recorder_new(&settings, &error));
    g_assert_true(g_str_has_prefix(error->message, "cannot create /nowhere/messages.csv.zst: "));
    g_clear_error(&error);
}

static void tables_are_found_by_name(void)
{
    for (enum table table = 0; table < TABLES; table++)
        g_assert_cmpint(table_find(table_info(table).name), ==, table);
    g_assert_cmpint(table_find("nothing"), ==, TABLES);
    g_assert_cmpuint(table_defaults(), ==,
                     TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_FINALITY) | TABLE_BIT(TABLE_VALIDATORS) |
                         TABLE_BIT(TABLE_SECURING) | TABLE_BIT(TABLE_STAKE) | TABLE_BIT(TABLE_VOTES) |
                         TABLE_BIT(TABLE_NETWORK) | TABLE_BIT(TABLE_TOPOLOGY) | TABLE_BIT(TABLE_INCIDENTS));
    g_assert_cmpuint(table_optional_rows(table_defaults()), ==, 0);
    g_assert_cmpuint(table_optional_rows(TABLE_BIT(TABLE_DRAWS) | TABLE_BIT(TABLE_HEADS)), ==, TRACE_BIT(TRACE_DRAW));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reductions/blocks become final or not", blocks_become_final_or_not);
    g_test_add_func("/reductions/missing nodes are counted", missing_nodes_are_counted);
    g_test_add_func("/reductions/corrupt and down nodes are not expected", corrupt_and_down_nodes_are_not_expected);
    g_test_add_func("/reductions/quantiles equal those of sorted times", quantiles_equal_those_of_sorted_times);
    g_test_add_func("/reductions/votes are grouped", votes_are_grouped);
    g_test_add_func("/reductions/late votes find their group", late_votes_find_their_group);
    g_test_add_func("/reductions/validators are summed up", validators_are_summed_up);
    g_test_add_func("/reductions/who secures what", who_secures_what);
    g_test_add_func("/reductions/standing fork is as deep as its shorter branch",
                    standing_fork_is_as_deep_as_its_shorter_branch);
    g_test_add_func("/reductions/binomial bands are exact", binomial_bands_are_exact);
    g_test_add_func("/reductions/recorder writes what is asked for", recorder_writes_what_is_asked_for);
    g_test_add_func("/reductions/tables are found by name", tables_are_found_by_name);
    return g_test_run();
}
