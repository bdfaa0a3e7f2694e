/* SPDX-License-Identifier: MIT */
/* Who secures what, from tables written by hand: what is a column, who stands alone, and where it is drawn. */
#include "report/figure.h"
#include "report/stake_graph.h"
#include "sweep_by_hand.h"

#include <math.h>

#define HEADER "at_s,chain,block,from_kind,from_id,from_name,corrupt,to_kind,to_id,to_name,stake,stake_share\n"

static char *results;
static struct figure_source source;

/* Results whose securing.csv is `text`; NULL: as in results_by_hand.h. */
static void begin(const char *text)
{
    results = by_hand_results(1);
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    if (text)
        by_hand_write(source.runs[0].folder, "securing.csv", text);
}

static void end(void)
{
    figure_source_release(&source);
    by_hand_remove(results);
}

static bool reduce(const char *const *with, GError **error)
{
    source.params = by_hand_params("stake_graph", with);
    return figure_find("stake_graph")->reduce(&source, results, error);
}

static void expect_sheet(const char *name, const char *expected)
{
    char *file = g_strconcat(name, ".csv", NULL), *path = g_build_filename(results, file, NULL), *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
    g_free(path);
    g_free(file);
}

/*
 * Validators of 60, 20, 15 and 5, each on its own node: regions stand on the left, 65 in the west. There are 11.9
 * lines: one and three gaps of .3 for the smallest, which leaves ten for the other 95 %; so all is 10 / .95 tall, and
 * what is less than a line tall stands in the middle of one.
 */
static void regions_validators_chain(void)
{
    begin(NULL);
    g_assert_true(reduce(NULL, NULL));
    expect_sheet("stake_graph", "column,kind,label,plain_label,items,corrupt,share,top,bottom\n"
                                "0,region,west,west,1,0,0.65,0.536842105,7.37894737\n"
                                "0,region,east,east,1,0,0.35,7.67894737,11.3631579\n"
                                "1,validator,first_one,first_one,1,0,0.6,0,6.31578947\n"
                                "1,validator,b‚ c,b‚ c,1,0,0.2,6.61578947,8.72105263\n"
                                "1,validator,validator 2,validator 2,1,0,0.15,9.02105263,10.6\n"
                                "1,validator,100%_$,100%_$,1,1,0.05,11.1368421,11.6631579\n"
                                "2,chain,tendermint,tendermint,1,0,1,0.686842105,11.2131579\n");
    expect_sheet("stake_graph_ribbons", "column,from,to,share,corrupt,from_top,to_top,thickness\n"
                                        "0,0,0,0.6,0,0.536842105,0,6.31578947\n"
                                        "1,0,0,0.6,0,0,0.686842105,6.31578947\n"
                                        "0,1,1,0.2,0,7.67894737,6.61578947,2.10526316\n"
                                        "1,1,0,0.2,0,6.61578947,7.00263158,2.10526316\n"
                                        "0,1,2,0.15,0,9.78421053,9.02105263,1.57894737\n"
                                        "1,2,0,0.15,0,9.02105263,9.10789474,1.57894737\n"
                                        "0,0,3,0.05,1,6.85263158,11.1368421,0.526315789\n"
                                        "1,3,0,0.05,1,11.1368421,10.6868421,0.526315789\n");
    expect_sheet("stake_graph_facts", "note,title,columns,left_title,middle_title,right_title,posts,ribbons,corrupt,"
                                      "tall\n"
                                      "4 validators; seed 42; run 0-0; the largest holds more than 1/3,Stake by who "
                                      "secures what,3,Regions,Validators,Chain,7,8,1,11.9\n");
    end();
}

/* Stakes of 20, 0 (jailed), 15 and 25; all but the largest are together, the corrupt one is the largest. */
static void the_end_of_the_run(void)
{
    begin(NULL);
    g_assert_true(reduce((const char *const[]){"when=end", "left=none", "show=1", NULL}, NULL));
    expect_sheet("stake_graph", "column,kind,label,plain_label,items,corrupt,share,top,bottom\n"
                                "0,validator,100%_$,100%_$,1,1,0.416666667,0,4.45833333\n"
                                "0,validator,2 others,2 others,2,0,0.583333333,4.75833333,11\n"
                                "1,chain,tendermint,tendermint,1,0,1,0.15,10.85\n");
    expect_sheet("stake_graph_facts", "note,title,columns,left_title,middle_title,right_title,posts,ribbons,corrupt,"
                                      "tall\n"
                                      "4 validators; seed 42; run 0-0; the largest holds more than 1/3; at the end,"
                                      "Stake by who secures what,2,Validators,,Chain,3,2,1,11\n");
    end();
}

/* Two validators on one node, of whom the second secures both chains, which are of one protocol. No names but one. */
#define TWO_CHAINS                                                                                                     \
    HEADER "0,0,0,node,7,NA,0,validator,0,NA,60,0.6\n0,0,0,node,7,NA,0,validator,1,NA,40,0.4\n"                        \
           "0,0,0,validator,0,\xf0\x9f\x90\xa0,0,chain,0,test,60,0.6\n"                                                \
           "0,0,0,validator,1,I\xc3\x98N\xf0\x9f\x90\xa0,0,chain,0,test,40,0.4\n"                                      \
           "0,1,0,node,7,NA,0,validator,1,NA,25,1\n0,1,0,validator,1,NA,0,chain,1,test,25,1\n"

static void several_chains(void)
{
    begin(TWO_CHAINS);
    g_assert_true(reduce(NULL, NULL));
    expect_sheet("stake_graph", "column,kind,label,plain_label,items,corrupt,share,top,bottom\n"
                                "0,node,node 7,node 7,1,0,1,0.15,10.85\n"
                                "1,validator,I\xc3\x98N,IOEN,1,0,0.52,0,5.564\n"
                                "1,validator,validator 0,validator 0,1,0,0.48,5.864,11\n"
                                "2,chain,test 0,test 0,1,0,0.8,0,8.56\n"
                                "2,chain,test 1,test 1,1,0,0.2,8.86,11\n");
    expect_sheet("stake_graph_ribbons", "column,from,to,share,corrupt,from_top,to_top,thickness\n"
                                        "0,0,0,0.52,0,0.15,0,5.564\n"
                                        "0,0,1,0.48,0,5.714,5.864,5.136\n"
                                        "1,1,0,0.48,0,5.864,3.424,5.136\n"
                                        "1,0,0,0.32,0,0,0,3.424\n"
                                        "1,0,1,0.2,0,3.424,8.86,2.14\n");
    end();
}

static GString *made_up(GRand *random)
{
    GString *text = g_string_new(HEADER);
    int count = g_rand_int_range(random, 1, 400), per_node = g_rand_int_range(random, 1, 4);
    int chains = g_rand_int_range(random, 1, 4);
    for (int v = 0; v < count; v++) {
        int node = v / per_node, corrupt = node % 3 == 2;
        g_string_append_printf(text, "0,0,0,region,%d,r,0,node,%d,NA,1,1\n", node % 17, node);
        g_string_append_printf(text, "0,0,0,node,%d,NA,%d,validator,%d,NA,1,1\n", node, corrupt, v);
        for (int chain = 0; chain < chains; chain++)
            if (chain == 0 || g_rand_boolean(random))
                g_string_append_printf(text, "0,%d,0,validator,%d,NA,%d,chain,%d,t,%d,1\n", chain, v, corrupt, chain,
                                       g_rand_int_range(random, 1, 1000000) / (1 + v * v));
    }
    return text;
}

/* Posts of a column neither overlap nor leave the drawing, have a line each, and are as tall as what flows through. */
static void check_column(const struct stake_graph *graph, size_t c)
{
    const struct layer *layer = &graph->columns[c].layer;
    double *in = g_new0(double, layer->count), *out = g_new0(double, layer->count);
    for (size_t i = 0; c > 0 && i < graph->ribbons[c - 1].count; i++)
        in[graph->ribbons[c - 1].at[i].to] += graph->ribbons[c - 1].at[i].thickness;
    for (size_t i = 0; c + 1 < graph->column_count && i < graph->ribbons[c].count; i++)
        out[graph->ribbons[c].at[i].from] += graph->ribbons[c].at[i].thickness;
    double whole = 0, middle = -1;
    for (size_t i = 0; i < layer->count; i++) {
        const struct post *post = &layer->posts[i];
        double tall = post->bottom - post->top;
        whole += post->weight;
        g_assert_cmpfloat(post->top, >=, i ? layer->posts[i - 1].bottom : -1e-9);
        g_assert_cmpfloat((post->top + post->bottom) / 2, >=, middle + 1 - 1e-9);
        g_assert_true(c == 0 || fabs(in[i] - tall) < 1e-9);
        g_assert_true(c + 1 == graph->column_count || fabs(out[i] - tall) < 1e-9);
        middle = (post->top + post->bottom) / 2;
    }
    g_assert_cmpfloat(layer->posts[layer->count - 1].bottom, <=, graph->tall + 1e-9);
    g_assert_cmpfloat(fabs(whole - 1), <, 1e-9);
    g_free(in);
    g_free(out);
}

static void what_goes_in_comes_out(void)
{
    GRand *random = g_rand_new_with_seed(1);
    begin(NULL);
    for (int round = 0; round < 60; round++) {
        GString *text = made_up(random);
        struct stake_graph graph = {0};
        size_t show = (size_t)g_rand_int_range(random, 1, 31);
        by_hand_write(source.runs[0].folder, "securing.csv", text->str);
        g_assert_true(securing_read(&graph.securing, &source.runs[0], false, NULL));
        g_assert_true(stake_graph_build(&graph, (enum left_choice)(round % 4), show, NULL));
        for (size_t c = 0; c < graph.column_count; c++) {
            g_assert_cmpuint(graph.columns[c].groups.count, <=, show + 2);
            check_column(&graph, c);
        }
        stake_graph_release(&graph);
        g_string_free(text, TRUE);
    }
    g_rand_free(random);
    end();
}

static void expect_refusal(const char *text, const char *const *with, const char *expected)
{
    GError *error = NULL;
    begin(text);
    g_assert_false(reduce(with, &error));
    g_assert_nonnull(error);
    if (!strstr(error->message, expected))
        g_test_fail_printf("`%s` is not said, but: %s", expected, error->message);
    g_error_free(error);
    end();
}

static void what_cannot_be_drawn_is_said(void)
{
    expect_refusal(TWO_CHAINS, (const char *const[]){"left=region", NULL},
                   "no node of these results stands in a region");
    expect_refusal(HEADER, NULL, "nobody has stake that counts");
    expect_refusal(HEADER "0,0,0,validator,1,NA,0,chain,0,test,0,0\n", NULL, "nobody has stake that counts");
    expect_refusal(HEADER "0,0,0,validator,1,NA,0,service,0,test,1,1\n", NULL,
                   "column to_kind: not region, node, validator or chain");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stake_graph/regions, validators, chain", regions_validators_chain);
    g_test_add_func("/stake_graph/the end of the run", the_end_of_the_run);
    g_test_add_func("/stake_graph/several chains", several_chains);
    g_test_add_func("/stake_graph/what goes in comes out", what_goes_in_comes_out);
    g_test_add_func("/stake_graph/what cannot be drawn is said", what_cannot_be_drawn_is_said);
    return g_test_run();
}
