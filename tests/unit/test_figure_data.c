/* SPDX-License-Identifier: MIT */
/* What each figure is drawn from, on results written by hand: the tables are compared whole. */
#include "report/space_time.h"
#include "sweep_by_hand.h"

static char *results;

static void read_data(char **text, const char *name)
{
    char *file = g_strconcat(name, ".csv", NULL), *path = g_build_filename(results, file, NULL);
    g_assert_true(g_file_get_contents(path, text, NULL, NULL));
    g_free(path);
    g_free(file);
}

/*
 * Reduces with the warm-up given in seconds and parameters KEY=VALUE (NULL: none), and compares tables: name, text,
 * name, text, ..., NULL.
 */
static void expect_with(const char *kind, const char *const *with, int runs, int warmup_s, const char *const *tables)
{
    results = by_hand_results(runs);
    struct figure_source source;
    GError *error = NULL;
    g_assert_true(figure_source_open(&source, results, NULL, &error));
    source.warmup_ns = warmup_s * SECOND;
    source.height = 2;
    source.params = by_hand_params(kind, with);
    const struct figure *figure = figure_find(kind);
    g_assert_null(figure_lacks(figure, &source));
    bool fine = figure->reduce(&source, results, &error);
    g_assert_no_error(error);
    g_assert_true(fine);
    for (; *tables; tables += 2) {
        char *text;
        read_data(&text, tables[0]);
        g_assert_cmpstr(text, ==, tables[1]);
        g_free(text);
    }
    figure_source_release(&source);
    by_hand_remove(results);
}

static void expect(const char *kind, int runs, int warmup_s, const char *const *tables)
{
    expect_with(kind, NULL, runs, warmup_s, tables);
}

/* Intervals of 1, 1, 6.5 and 3 s along blocks 1, 2, 4, 5, 6; the orphan has none. */
static void block_intervals(void)
{
    expect("block_interval", 1, 0,
           (const char *const[]){"block_interval", "interval_s,share\n1,0\n1,0.5\n3,0.75\n6.5,1\n",
                                 "block_interval_facts",
                                 "note,unit,unit_s,from_s,to_s,longest_s,beyond,logarithmic,intervals,median_s,p95_s\n"
                                 "4 validators; seed 42; run 0-0,s,1,0,6.5,6.5,0,0,4,1,6.5\n",
                                 NULL});
}

/* Twice the same run: the same shares of twice the intervals. After a warm-up of 2 s only the last three blocks count.
 */
static void replications_are_pooled_and_the_warmup_dropped(void)
{
    expect("block_interval", 2, 2,
           (const char *const[]){"block_interval", "interval_s,share\n3,0\n3,0.5\n6.5,1\n", "block_interval_facts",
                                 "note,unit,unit_s,from_s,to_s,longest_s,beyond,logarithmic,intervals,median_s,p95_s\n"
                                 "4 validators; seed 42; 2 runs,s,1,0,6.5,6.5,0,0,4,3,6.5\n",
                                 NULL});
}

/*
 * Five blocks of the main chain, of which the last was proposed .5 s before the end. At the first node: three take .3,
 * one .4 s. At the last node: the fourth never gets there in 3.5 s. Censored ones at .5 s (the fifth block) weigh in.
 */
static void finality_is_censored(void)
{
    expect("finality", 1, 0,
           (const char *const[]){"finality",
                                 "observer,finality_s,share\n"
                                 "first,0.3,0\nfirst,0.3,0.6\nfirst,0.4,0.8\n"
                                 "two_thirds,0.4,0\ntwo_thirds,0.4,0.6\ntwo_thirds,0.5,0.8\n"
                                 "last,0.5,0\nlast,0.5,0.4\nlast,0.6,0.7\n",
                                 NULL});
}

/*
 * Six places, of which validator 0 had three, 1 two, 2 one. Bands of a binomial of 6 trials (R: qbinom(c(.025, .975),
 * 6, p)): .6: 1 to 6, .2: 0 to 3, .15: 0 to 3, .05: 0 to 2.
 */
static void leaders_have_their_bands(void)
{
    expect("leader_share", 1, 0,
           (const char *const[]){"leader_share",
                                 "rank,validator,stake_share,leader_share,low,high,place,corrupt\n"
                                 "1,0,60,50,16.6666667,100,inside,0\n"
                                 "2,1,20,33.3333333,0,50,inside,0\n"
                                 "3,2,15,16.6666667,0,50,inside,0\n"
                                 "4,3,5,0,0,33.3333333,inside,1\n",
                                 "leader_share_facts",
                                 "note,by_rank,validators,outside,blocks,least,largest,foot,highest,none\n"
                                 "4 validators; seed 42; run 0-0,0,4,0,6,5,60,4.16666667,100,1\n",
                                 NULL});
}

/* Six messages a proposal and forty a vote, for five blocks of the main chain; kinds that were not sent are left out.
 */
static void costs_are_per_block(void)
{
    expect("message_cost", 2, 0,
           (const char *const[]){"message_cost",
                                 "row,kind,messages,deliveries,bytes\n0,proposal,1.2,4.8,4800\n1,vote,8,32,2400\n",
                                 "message_cost_facts",
                                 "note,kinds,blocks,least_messages,most_messages,least_bytes,most_bytes\n"
                                 "4 validators; seed 42; 2 runs,2,10,1.2,32,2400,4800\n",
                                 NULL});
}

/* Of proposals, as far as they got; five of the six reached everybody. */
static void coverage_of_proposals(void)
{
    expect("coverage", 1, 0,
           (const char *const[]){"coverage",
                                 "share,nodes_p10_s,nodes_p50_s,nodes_p90_s,stake_p50_s\n"
                                 "0.25,0,0,0,0.01\n0.75,0.05,0.1,0.2,0.09\n1,0.1,0.15,0.25,0.16\n",
                                 "coverage_facts",
                                 "note,kind,unit,unit_s,to_s,messages,everywhere\n"
                                 "4 validators; seed 42; run 0-0,proposal,ms,0.001,0.25,6,5\n",
                                 NULL});
}

/* Twelve seconds in stretches of 2 s; a crash that lasts begins and ends at once. */
static void course_of_a_run(void)
{
    expect("forks_and_finality", 2, 0,
           (const char *const[]){
               "forks_and_finality",
               "from_s,to_s,main,off_main,not_final,first_s,two_thirds_stake_s,last_s\n"
               "0,2,2,1,0,0.3,0.4,0.5\n"
               "2,4,1,0,0,0.3,0.4,0.6\n"
               "4,6,0,0,0,NA,NA,NA\n"
               "6,8,0,0,0,NA,NA,NA\n"
               "8,10,1,0,0,0.4,0.5,NA\n"
               "10,12,1,0,1,NA,NA,NA\n",
               "forks_and_finality_faults", "from_s,to_s,name\n4,8,split_1\n9,9,crash\n", "forks_and_finality_facts",
               "note,unit,unit_s,finality_unit,finality_unit_s,logarithmic,width_s,width,until_s,faults,off_main,"
               "not_final,most,any_final,slowest_s\n"
               "4 validators; seed 42; run 0-0,s,1,ms,0.001,0,2,2 s,12,2,1,1,3,1,0.6\n",
               NULL});
}

#define TIME_SERIES_HEADER                                                                                             \
    "from_s,to_s,proposed,final,finality_least_s,finality_p50_s,finality_most_s,not_final,votes,messages,mempool\n"

/*
 * Six windows of 2 s: a block counts as final when the first node held it so; votes when half of a round's were cast,
 * since they are not recorded one by one.
 */
static void windows_of_a_run(void)
{
    expect("time_series", 2, 0,
           (const char *const[]){
               "time_series",
               TIME_SERIES_HEADER
               "0,2,3,2,0.4,0.4,0.4,0,8,4,0\n2,4,1,1,0.4,0.4,0.4,0,0,0,0\n4,6,0,0,NA,NA,NA,0,0,0,0\n"
               "6,8,0,0,NA,NA,NA,0,0,0,0\n8,10,1,1,0.5,0.5,0.5,0,3,0,0\n10,12,1,0,NA,NA,NA,1,0,0,0\n",
               "time_series_panels",
               "panel,title,factor,most,never\nblocks,Blocks per 2 s,1,3,0\nfinality,Finality (ms),0.001,500,1\n"
               "votes,Votes per 2 s,1,8,0\nmessages,Messages per 2 s,1,4,0\n",
               "time_series_faults", "from_s,to_s,name\n4,8,split_1\n9,9,crash\n", "time_series_facts",
               "note,unit,unit_s,until_s,panels,faults\n4 validators; seed 42; run 0-0,s,1,12,4,2\n", NULL});
}

/* Panels in the order asked for; what happens as the run ends belongs to the last window, which may be short. */
static void windows_and_panels_are_chosen(void)
{
    expect_with("time_series", (const char *const[]){"window=5 s", "show=[votes, blocks, votes]", NULL}, 1, 0,
                (const char *const[]){"time_series",
                                      TIME_SERIES_HEADER "0,5,4,3,0.4,0.4,0.4,0,8,0,0\n5,10,1,1,0.5,0.5,0.5,0,3,0,0\n"
                                                         "10,12,1,0,NA,NA,NA,1,0,0,0\n",
                                      "time_series_panels",
                                      "panel,title,factor,most,never\nvotes,Votes per 5 s,1,8,0\n"
                                      "blocks,Blocks per 5 s,1,4,0\n",
                                      NULL});
}

/*
 * Stakes of 60, 20, 15, 5; then 20, 20, 15, 5; 20, 20, 15, 25; and with the second jailed 20, 0, 15, 25. The sums of
 * all differences are 170, 50, 30, 80, which over 4 * the sum of the stakes are the Gini coefficients.
 */
static void concentration_over_time(void)
{
    expect("stake_concentration", 1, 0,
           (const char *const[]){
               "stake_concentration",
               "at_s,gini,nakamoto\n0,0.425,1\n2,0.208333333,2\n8.5,0.09375,2\n11.5,0.333333333,1\n12,0.333333333,1\n",
               "stake_concentration_facts",
               "note,unit,unit_s,until_s,holders,gini_from,gini_to,gini_log,fewest,greatest,faults\n"
               "4 validators; seed 42; run 0-0,s,1,12,validators,0,0.452604167,0,1,2,2\n",
               NULL});
}

/* West holds 65, 25, 45, 45 and east 35, 35, 35, 15; the warm-up does not hide the beginning. */
static void concentration_by_region(void)
{
    expect_with("stake_concentration", (const char *const[]){"by=region", NULL}, 1, 10,
                (const char *const[]){
                    "stake_concentration",
                    "at_s,gini,nakamoto\n0,0.15,1\n2,0.083333333,1\n8.5,0.0625,1\n11.5,0.25,1\n12,0.25,1\n", NULL});
}

static void tree(void)
{
    expect(
        "block_tree", 1, 0,
        (const char *const[]){"block_tree",
                              "block,height,lane,parent_height,parent_lane,kind,proposer,proposed_s\n"
                              "1,1,0,0,0,final,0,0\n2,2,0,1,0,final,1,1\n3,2,1,1,0,orphan,2,1.2\n4,3,0,2,0,final,0,2\n"
                              "5,4,0,3,0,final,1,8.5\n6,5,0,4,0,pending,0,11.5\n",
                              "block_tree_facts",
                              "note,from,to,lowest,highest,blocks,finals,orphans,pending,conflicts\n"
                              "4 validators; seed 42; run 0-0,1,5,0,1,6,4,1,1,0\n",
                              NULL});
}

/* Height 2 alone: a proposal to two others, two votes, three nodes that hold it final; commas in names are no columns.
 */
static void messages_of_a_height(void)
{
    expect("space_time", 1, 0,
           (const char *const[]){
               "space_time",
               "what,sent_s,from_row,taken_s,rows_down\n0,0,2,0.1,-1\n0,0,2,0.15,1\n1,0.1,1,0.15,3\n2,0.2,3,0.1,-2\n",
               "space_time_marks", "what,at_s,row\n0,0,2\n1,0.1,1\n2,0.2,3\n99,0.3,1\n99,0.4,2\n99,0.5,3\n",
               "space_time_kinds", "what,name\n0,proposal\n1,prevote\n2,precommit\n99,final\n", "space_time_rows",
               "row,from,to,label\n1,1,1,first_one\n2,2,2,b‚ c\n3,3,3,2\n4,4,4,100%_$\n", NULL});
}

/* Of two runs whose stakes differ only the first is taken, and said. */
static void leaders_of_different_stakes_are_not_pooled(void)
{
    results = by_hand_results(2);
    char *other = g_build_filename(results, "traces", "0-1", NULL);
    char **parts = g_strsplit(BY_HAND_VALIDATORS, ",60,", 2), *changed = g_strjoinv(",61,", parts);
    by_hand_write(other, "validators.csv", changed);
    struct figure_source source;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_true(figure_find("leader_share")->reduce(&source, results, NULL));
    char *facts;
    read_data(&facts, "leader_share_facts");
    g_assert_nonnull(strstr(facts, "run 0-0,0,4,0,6,"));
    g_free(facts);
    figure_source_release(&source);
    g_strfreev(parts);
    g_free(changed);
    g_free(other);
    by_hand_remove(results);
}

/* Forty nodes vote, all to all: of each kind of vote two senders are followed, spread over the nodes, to all others. */
static void votes_of_many_are_sampled(void)
{
    results = by_hand_results(1);
    char *folder = g_build_filename(results, "traces", "0-0", NULL);
    GString *messages =
        g_string_new("at_s,chain,message,kind,type,height,round,block,payload,sender,origin,size_bytes\n");
    GString *arrivals = g_string_new("at_s,chain,message,replica,sent_s\n");
    for (int from = 0; from < 40; from++) {
        g_string_append_printf(messages, "1.0,0,0x%x,vote,%d,2,0,2,0x0,%d,%d,1\n", 16 + from, from % 2, from, from);
        for (int to = 0; to < 40; to++)
            g_string_append_printf(arrivals, "1.%03d,0,0x%x,%d,1.0\n", 10 + to, 16 + from, to);
    }
    by_hand_write(folder, "messages.csv.zst", messages->str);
    by_hand_write(folder, "arrivals.csv.zst", arrivals->str);
    struct figure_source source;
    struct block_log log;
    struct space_time diagram;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_true(block_log_read(&log, &source, &source.runs[0], NULL));
    g_assert_true(space_time_read(&diagram, &source, &log, 40, 2, 1, 2, NULL));
    g_assert_cmpuint(diagram.lines.count, ==, 2 * 2 * 39);
    uint64_t senders = 0;
    for (size_t i = 0; i < diagram.lines.count; i++)
        senders |= 1ull << diagram.lines.at[i].from;
    g_assert_cmphex(senders, ==, 1ull << 10 | 1ull << 11 | 1ull << 30 | 1ull << 31);
    g_assert_cmpuint(diagram.marks.count, ==, 40 + 3);
    space_time_release(&diagram);
    block_log_release(&log);
    figure_source_release(&source);
    g_string_free(messages, TRUE);
    g_string_free(arrivals, TRUE);
    g_free(folder);
    by_hand_remove(results);
}

static void expect_error(const char *kind, const char *file, const char *text, const char *expected)
{
    results = by_hand_results(1);
    char *folder = g_build_filename(results, "traces", "0-0", NULL);
    by_hand_write(folder, file, text);
    struct figure_source source;
    GError *error = NULL;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_false(figure_find(kind)->reduce(&source, results, &error));
    if (!strstr(error->message, expected))
        g_test_fail_printf("`%s` is not said, but: %s", expected, error->message);
    g_error_free(error);
    figure_source_release(&source);
    g_free(folder);
    by_hand_remove(results);
}

#define BLOCKS_HEADER "chain,block,parent,height,round,proposer,variant,proposed_s,status,on_main\n"

static void bad_tables_are_refused(void)
{
    expect_error("block_tree", "blocks.csv", BLOCKS_HEADER "0,2,0,1,0,0,0,1.0,final,1\n", "block 2 contradicts");
    expect_error("block_tree", "blocks.csv", BLOCKS_HEADER "0,1,0,2,0,0,0,1.0,final,1\n", "block 1 contradicts");
    expect_error("block_tree", "blocks.csv", BLOCKS_HEADER "0,1,0,1,0,0,0,NA,final,1\n", "block 1 contradicts");
    expect_error("finality", "finality.csv", "chain,block,first_s,two_thirds_stake_s,last_s\n0,9,1.0,1.0,1.0\n",
                 "block 9 contradicts");
    expect_error("message_cost", "network.csv", "chain,kind\n",
                 "there is no column messages: the columns are chain, kind");
    expect_error("space_time", "messages.csv.zst",
                 "at_s,chain,message,kind,type,height,round,block,payload,sender,origin,size_bytes\n",
                 "no message about height 2 reached another node");
}

/* No stake moves, or only on a branch that was left: the reason tells the coefficients. */
static void unchanged_stakes_are_said(void)
{
    results = by_hand_results(1);
    char *folder = g_build_filename(results, "traces", "0-0", NULL);
    by_hand_write(folder, "stake.csv",
                  "at_s,chain,block,validator,kind,before,after,jailed,applied\n1.200000000,0,3,3,bond,5,95,0,1\n");
    struct figure_source source;
    GError *error = NULL;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    source.params = by_hand_params("stake_concentration", NULL);
    g_assert_false(figure_find("stake_concentration")->reduce(&source, results, &error));
    g_assert_error(error, FIGURE_ERROR, FIGURE_ERROR_EMPTY);
    g_assert_nonnull(strstr(error->message, "Gini coefficient 0.425, Nakamoto coefficient 1 throughout"));
    g_error_free(error);
    figure_source_release(&source);
    g_free(folder);
    by_hand_remove(results);
}

/* A panel whose table is not there is an error if it was asked for. */
static void panels_need_their_tables(void)
{
    results = by_hand_results(1);
    char *path = g_build_filename(results, "traces", "0-0", "messages.csv.zst", NULL);
    g_unlink(path);
    struct figure_source source;
    GError *error = NULL;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    source.params = by_hand_params("time_series", (const char *const[]){"show=[messages]", NULL});
    g_assert_false(figure_find("time_series")->reduce(&source, results, &error));
    g_assert_error(error, FIGURE_ERROR, FIGURE_ERROR_LACKS);
    g_assert_cmpstr(error->message, ==, "show: `messages` needs the table messages, which was not recorded");
    g_error_free(error);
    figure_source_release(&source);
    g_free(path);
    by_hand_remove(results);
}

/*
 * A chain that the run does not have: every figure says that there is nothing, and none fails otherwise. The graph of
 * stakes shows all chains whichever is chosen.
 */
static void nothing_to_draw_is_said(void)
{
    results = by_hand_results(1);
    struct figure_source source;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    source.chain = 5;
    for (size_t i = 0; figures[i]; i++) {
        GError *error = NULL;
        if (figures[i]->of_sweep || strcmp(figures[i]->name, "stake_graph") == 0)
            continue;
        source.params = by_hand_params(figures[i]->name, NULL);
        g_assert_false(figures[i]->reduce(&source, results, &error));
        g_assert_error(error, FIGURE_ERROR, FIGURE_ERROR_EMPTY);
        g_error_free(error);
    }
    figure_source_release(&source);
    by_hand_remove(results);
}

static void missing_tables_are_named(void)
{
    results = by_hand_results(2);
    static const char *const gone[] = {"0-0/messages.csv.zst", "0-0/arrivals.csv.zst", "0-1/network.csv"};
    for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) {
        char *path = g_build_filename(results, "traces", gone[i], NULL);
        g_unlink(path);
        g_free(path);
    }
    struct figure_source source;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    char *lacking = figure_lacks(figure_find("space_time"), &source);
    g_assert_cmpstr(lacking, ==, "messages, arrivals");
    g_assert_null(figure_lacks(figure_find("finality"), &source));
    g_free(lacking);
    lacking = figure_lacks(figure_find("message_cost"), &source); /* takes all runs */
    g_assert_cmpstr(lacking, ==, "network");
    g_free(lacking);

    char *replay = g_build_filename(results, "replay", "0-0", NULL);
    g_assert_cmpint(g_mkdir_with_parents(replay, 0777), ==, 0);
    by_hand_write(replay, "messages.csv.zst", BY_HAND_MESSAGES);
    lacking = figure_lacks(figure_find("space_time"), &source);
    g_assert_cmpstr(lacking, ==, "arrivals");
    g_free(lacking);
    g_free(replay);
    figure_source_release(&source);
    by_hand_remove(results);
}

/* Points of a sweep are not pooled: the first is taken, or the run that is named. */
static void runs_are_chosen(void)
{
    results = by_hand_results(2);
    g_free(by_hand_run(results, "10-0"));
    g_free(by_hand_run(results, "2-0"));
    struct figure_source source;
    GError *error = NULL;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_cmpuint(source.run_count, ==, 2);
    g_assert_cmpuint(source.points, ==, 3);
    figure_source_release(&source);
    g_assert_true(figure_source_open(&source, results, "10-0", NULL));
    g_assert_cmpuint(source.run_count, ==, 1);
    g_assert_cmpuint(source.runs[0].point, ==, 10);
    char *note = figure_source_note(&source, true);
    g_assert_cmpstr(note, ==, "4 validators; seed 42; point 10; run 10-0");
    g_free(note);
    figure_source_release(&source);
    g_assert_false(figure_source_open(&source, results, "0-7", &error));
    g_assert_nonnull(strstr(error->message, "no traces of run 0-7"));
    g_clear_error(&error);
    g_assert_false(figure_source_open(&source, results, "seven", &error));
    g_assert_nonnull(strstr(error->message, "POINT-REPLICATION"));
    g_clear_error(&error);
    by_hand_remove(results);
}

/* Without traces there is no run, unless one was replayed; a replay is found by name beside traces, too. */
static void replays_stand_for_traces(void)
{
    struct figure_source source;
    results = sweep_by_hand();
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_cmpuint(source.run_count, ==, 0);
    g_assert_cmpuint(source.points, ==, 0);
    figure_source_release(&source);
    char *replay = g_build_filename(results, "replay", "2-1", NULL);
    g_assert_cmpint(g_mkdir_with_parents(replay, 0777), ==, 0);
    by_hand_write(replay, "blocks.csv", BY_HAND_BLOCKS);
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_cmpuint(source.run_count, ==, 1);
    g_assert_cmpuint(source.runs[0].point, ==, 2);
    g_assert_true(figure_source_has(&source, TABLE_BLOCKS, true));
    figure_source_release(&source);
    g_free(by_hand_run(results, "0-0"));
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    g_assert_cmpuint(source.runs[0].point, ==, 0);
    g_assert_cmpuint(source.run_count, ==, 1);
    figure_source_release(&source);
    g_assert_true(figure_source_open(&source, results, "2-1", NULL));
    g_assert_cmpuint(source.runs[0].replication, ==, 1);
    figure_source_release(&source);
    g_free(replay);
    by_hand_remove(results);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/figure data/block intervals", block_intervals);
    g_test_add_func("/figure data/replications are pooled and the warm-up dropped",
                    replications_are_pooled_and_the_warmup_dropped);
    g_test_add_func("/figure data/finality is censored", finality_is_censored);
    g_test_add_func("/figure data/leaders have their bands", leaders_have_their_bands);
    g_test_add_func("/figure data/leaders of different stakes are not pooled",
                    leaders_of_different_stakes_are_not_pooled);
    g_test_add_func("/figure data/coverage of proposals", coverage_of_proposals);
    g_test_add_func("/figure data/costs are per block", costs_are_per_block);
    g_test_add_func("/figure data/course of a run", course_of_a_run);
    g_test_add_func("/figure data/windows of a run", windows_of_a_run);
    g_test_add_func("/figure data/windows and panels are chosen", windows_and_panels_are_chosen);
    g_test_add_func("/figure data/concentration over time", concentration_over_time);
    g_test_add_func("/figure data/concentration by region", concentration_by_region);
    g_test_add_func("/figure data/unchanged stakes are said", unchanged_stakes_are_said);
    g_test_add_func("/figure data/panels need their tables", panels_need_their_tables);
    g_test_add_func("/figure data/tree", tree);
    g_test_add_func("/figure data/messages of a height", messages_of_a_height);
    g_test_add_func("/figure data/votes of many are sampled", votes_of_many_are_sampled);
    g_test_add_func("/figure data/bad tables are refused", bad_tables_are_refused);
    g_test_add_func("/figure data/nothing to draw is said", nothing_to_draw_is_said);
    g_test_add_func("/figure data/missing tables are named", missing_tables_are_named);
    g_test_add_func("/figure data/runs are chosen", runs_are_chosen);
    g_test_add_func("/figure data/replays stand for traces", replays_stand_for_traces);
    return g_test_run();
}
