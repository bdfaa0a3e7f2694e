/* SPDX-License-Identifier: MIT */
/* What the figures of a sweep are drawn from, on tables written by hand: compared whole. */
#include "report/sweep_table.h"
#include "sweep_by_hand.h"

static char *results;

static char *read_file(const char *name)
{
    char *file = g_strconcat(name, ".csv", NULL), *path = g_build_filename(results, file, NULL), *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    g_free(file);
    return text;
}

/* Reduces the results at hand with parameters KEY=VALUE (NULL-terminated); false and an error as the figure says. */
static bool reduce(const char *kind, const char *const *with, GError **error)
{
    struct figure_source source;
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    source.params = by_hand_params(kind, with);
    bool fine = figure_find(kind)->reduce(&source, results, error);
    figure_source_release(&source);
    return fine;
}

static void expect_tables(const char *kind, const char *const *with, const char *const *tables)
{
    GError *error = NULL;
    bool fine = reduce(kind, with, &error);
    g_assert_no_error(error);
    g_assert_true(fine);
    for (; *tables; tables += 2) {
        char *text = read_file(tables[0]);
        g_assert_cmpstr(text, ==, tables[1]);
        g_free(text);
    }
}

/* The same on the sweep by hand: name, text, name, text, ..., NULL. */
static void expect(const char *kind, const char *const *with, const char *const *tables)
{
    results = sweep_by_hand();
    expect_tables(kind, with, tables);
    by_hand_remove(results);
}

static void expect_error(const char *kind, const char *const *with, enum figure_error code, const char *message)
{
    GError *error = NULL;
    results = sweep_by_hand();
    g_assert_false(reduce(kind, with, &error));
    g_assert_error(error, FIGURE_ERROR, (gint)code);
    g_assert_cmpstr(error->message, ==, message);
    g_error_free(error);
    by_hand_remove(results);
}

#define WITH(...)                                                                                                      \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }
#define TABLES(...)                                                                                                    \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }
#define LINE_FACTS "note,x_title,x_from,x_to,x_log,numeric,y_title,y_from,y_to,y_log,by_title,styles,ticks,lines\n"

/* With nothing said: the key with the most values across, the other one in styles, a metric that differs. */
static void line_by_default(void)
{
    expect("line", NULL,
           TABLES("line",
                  "line,style,x,y,low,high,bar\n"
                  "0,0,0,0.02,0.01,0.03,0\n0,0,0.1,0.12,0.11,0.13,0\n0,0,0.3,0.32,0.31,0.33,0\n"
                  "1,1,0,0.02,0.01,0.03,0\n1,1,0.3,0.32,0.31,0.33,0\n",
                  "line_styles", "style,label\n0,2 s\n1,4 s\n", "line_ticks", "at,label\n0,0\n0.1,0.1\n0.3,0.3\n",
                  "line_facts",
                  LINE_FACTS "n = 5; mean with 95 % interval (Hall); seed 42,Adversary stake,-0.012,0.312,0,1,"
                             "Orphan rate,0,0.356666667,0,Protocol slot,2,3,2\n"));
}

/* One share, named in the user's unit; the median and the spread of the runs in place of the mean's interval. */
static void line_at_a_value_with_the_spread(void)
{
    expect("line",
           WITH("x=protocol.slot", "y=block_interval_s", "at=[adversary.stake=30 %]", "band=p05_p95", "x_label=Slot",
                "y_label=Between blocks (sec)"),
           TABLES("line", "line,style,x,y,low,high,bar\n0,0,2,2.4,2,2.8,0\n0,0,4,4.8,4,5.6,0\n", "line_facts",
                  LINE_FACTS
                  "n = 5; median; 5 to 95 % of the runs; seed 42; adversary.stake = 0.3,Slot (s),1.92,4.08,0,1,"
                  "Between blocks (sec),0,5.9,0,,0,2,1\n"));
}

/* A key that nothing names has lines of its own; of a single point the interval is a bar. */
static void line_for_each_value_that_is_open(void)
{
    expect("line", WITH("x=protocol.slot", "by=none"),
           TABLES("line",
                  "line,style,x,y,low,high,bar\n0,0,2,0.02,0.01,0.03,0\n0,0,4,0.02,0.01,0.03,0\n"
                  "1,0,2,0.12,0.11,0.13,1\n2,0,2,0.32,0.31,0.33,0\n2,0,4,0.32,0.31,0.33,0\n",
                  "line_facts",
                  LINE_FACTS
                  "n = 5; mean with 95 % interval (Hall); seed 42; separate lines: adversary.stake,Protocol slot (s),"
                  "1.92,4.08,0,1,Orphan rate,0,0.356666667,0,,0,2,3\n"));
}

/* On a logarithmic axis a band ends at the foot: values from .01 to .33. Columns name keys as well as paths do. */
static void line_on_a_logarithmic_axis(void)
{
    expect(
        "line", WITH("y_axis=log", "at=[protocol_slot_s=2 s]"),
        TABLES("line",
               "line,style,x,y,low,high,bar\n0,0,0,0.02,0.01,0.03,0\n0,0,0.1,0.12,0.11,0.13,0\n"
               "0,0,0.3,0.32,0.31,0.33,0\n",
               "line_facts",
               LINE_FACTS
               "n = 5; mean with 95 % interval (Hall); seed 42; protocol.slot = 2 s,Adversary stake,-0.012,0.312,0,1,"
               "Orphan rate,0.008,0.4125,1,,0,3,1\n"));
}

/* Verdicts have proportions in summary.csv; messages have no interval, since all runs send as many. */
static void line_of_a_verdict_and_of_equal_values(void)
{
    expect("line", WITH("y=safety_holds", "by=none", "at=[protocol.slot=2 s]"),
           TABLES("line",
                  "line,style,x,y,low,high,bar\n0,0,0,1,0.8,1.2,0\n0,0,0.1,0.8,0.6,1,0\n0,0,0.3,0.4,0.2,0.6,0\n",
                  "line_facts",
                  LINE_FACTS "n = 5; mean with 95 % interval (Wilson); seed 42; protocol.slot = 2 s,Adversary stake,"
                             "-0.012,0.312,0,1,Share of runs in which safety holds,0,1.28333333,0,,0,3,1\n"));
    expect("line", WITH("y=messages", "x=protocol.slot", "at=[adversary.stake=0]"),
           TABLES("line", "line,style,x,y,low,high,bar\n0,0,2,1500,NA,NA,0\n0,0,4,750,NA,NA,0\n", "line_facts",
                  LINE_FACTS
                  "n = 5; mean; seed 42; adversary.stake = 0,Protocol slot (s),1.92,4.08,0,1,Messages,0,1562.5,"
                  "0,,0,2,1\n"));
}

#define TEXT_MANIFEST                                                                                                  \
    "{\"swept\": [{\"key\": \"protocol\", \"column\": \"protocol\", \"unit\": \"\", \"kind\": \"text\"},"              \
    "{\"key\": \"delay\", \"column\": \"delay_s\", \"unit\": \"s\", \"kind\": \"number\"}]}"
#define SUMMARY_HEADER "point,metric,unit,n,mean,sd,ci_lo,ci_hi,ci_method,p05,p50,p95\n"

/* Texts stand in the order of the plan, with bars; a point without a value is left out. Of 80 ms is said 80 ms. */
static void line_over_texts(void)
{
    results = sweep_by_hand();
    by_hand_write(results, "manifest.json", TEXT_MANIFEST);
    by_hand_write(results, "plan.csv",
                  "point,protocol,delay_s\n0,\"tender, mint\",0.08\n1,\"tender, mint\",0.2\n"
                  "2,praos,0.08\n3,praos,0.2\n");
    by_hand_write(results, "summary.csv",
                  SUMMARY_HEADER "0,reorgs,1,3,2,1,1,3,t95,1,2,3\n1,reorgs,1,5,4,1,NA,NA,NA,3,4,5\n"
                                 "2,reorgs,1,5,8,1,7,9,t95,7,8,9\n3,reorgs,1,0,NA,NA,NA,NA,NA,NA,NA,NA\n");
    expect_tables("line", WITH("x=protocol", "y=reorgs"),
                  TABLES("line", "line,style,x,y,low,high,bar\n0,0,0,2,1,3,1\n0,0,1,8,7,9,1\n1,1,0,4,NA,NA,1\n",
                         "line_styles", "style,label\n0,80 ms\n1,200 ms\n", "line_ticks",
                         "at,label\n0,tender‚ mint\n1,praos\n", "line_facts",
                         LINE_FACTS "n = 3 to 5; mean with 95 % interval (t); seed 42,Protocol,-0.5,1.5,0,0,Reorgs,0,"
                                    "9.66666667,0,Delay,2,2,2\n"));
    by_hand_remove(results);
}

/* Keys in lockstep say the same twice: the second is no style, and makes no lines of its own. */
static void line_over_zipped_keys(void)
{
    results = sweep_by_hand();
    by_hand_write(results, "manifest.json", TEXT_MANIFEST);
    by_hand_write(results, "plan.csv", "point,protocol,delay_s\n0,slow,0.1\n1,fast,1\n2,faster,10\n3,none,100\n");
    by_hand_write(results, "summary.csv",
                  SUMMARY_HEADER "0,bytes,bytes,5,1000,1,NA,NA,NA,1,1,1\n1,bytes,bytes,5,1000,1,NA,NA,NA,1,1,1\n"
                                 "2,bytes,bytes,5,2000000,1,NA,NA,NA,1,1,1\n3,bytes,bytes,5,0,1,NA,NA,NA,1,1,1\n");
    expect_tables("line", WITH("y=bytes"),
                  TABLES("line",
                         "line,style,x,y,low,high,bar\n0,0,0.1,0.001,NA,NA,0\n0,0,1,0.001,NA,NA,0\n"
                         "0,0,10,2,NA,NA,0\n0,0,100,0,NA,NA,0\n",
                         "line_facts",
                         LINE_FACTS "n = 5; mean; seed 42,Delay (s),0.08,125,1,1,Bytes (MB),0,2.16666667,0,,0,4,1\n"));
    by_hand_remove(results);
}

#define BOX_HEADER   "x,style,n,p05,p25,p50,p75,p95,least,most,mean,low,high\n"
#define SPREAD_FACTS "note,title,from,to,log,other_title,places,by_title,styles,ticks,groups\n"

static void boxes(void)
{
    expect("box", WITH("at=[protocol.slot=2 s]"),
           TABLES("box",
                  BOX_HEADER "0,0,5,0,0.01,0.02,0.03,0.04,0,0.04,0.02,0.01,0.03\n"
                             "1,0,5,0.1,0.11,0.12,0.13,0.14,0.1,0.14,0.12,0.11,0.13\n"
                             "2,0,5,0.3,0.31,0.32,0.33,0.34,0.3,0.34,0.32,0.31,0.33\n",
                  "box_ticks", "at,label\n0,0\n1,0.1\n2,0.3\n", "box_facts",
                  SPREAD_FACTS "n = 5; box: middle half; whiskers: 5 to 95 %; diamond: mean with 95 % interval (Hall); "
                               "seed 42; protocol.slot = 2 s,Orphan rate,0,0.368333333,0,Adversary stake,3,,0,3,3\n"));
}

/* Two slots pooled are not alike: their mean has no interval, and the figure says what was pooled. */
static void pooled_runs_have_no_interval(void)
{
    expect("box", WITH("x=adversary.stake", "by=none", "y=block_interval_s"),
           TABLES("box",
                  BOX_HEADER "0,0,10,2,2.4,2.8,4.8,5.6,2,5.6,3.6,NA,NA\n1,0,5,2,2.2,2.4,2.6,2.8,2,2.8,2.4,2.2,2.6\n"
                             "2,0,10,2,2.4,2.8,4.8,5.6,2,5.6,3.6,NA,NA\n",
                  "box_facts",
                  SPREAD_FACTS
                  "n = 5 to 10; box: middle half; whiskers: 5 to 95 %; diamond: mean with 95 % interval (Hall); "
                  "seed 42; pooled: protocol.slot,Block interval (s),0,5.9,0,Adversary stake,3,,0,3,3\n"));
}

/*
 * Epanechnikov's kernel with a bandwidth of .9 * 2.214 * (.02 / 1.34) / 5^(1/5) = .0215552 on 0, .01, ..., .04: at 0
 * the density is .658184 of the greatest, at the 25th of 48 places (.0204255) it is .973586 (by Python).
 */
static void violins(void)
{
    results = sweep_by_hand();
    expect_tables("violin", WITH("at=[protocol.slot=2 s]"),
                  TABLES("violin_boxes", BOX_HEADER "0,0,5,0,0.01,0.02,0.03,0.04,0,0.04,0.02,0.01,0.03\n"
                                                    "1,0,5,0.1,0.11,0.12,0.13,0.14,0.1,0.14,0.12,0.11,0.13\n"
                                                    "2,0,5,0.3,0.31,0.32,0.33,0.34,0.3,0.34,0.32,0.31,0.33\n"));
    char *text = read_file("violin"), **rows = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(rows), ==, 1 + 3 * 2 * 48 + 1);
    g_assert_cmpstr(rows[0], ==, "group,x,style,at,width");
    g_assert_cmpstr(rows[1], ==, "0,0,0,0,0.658184165");
    g_assert_cmpstr(rows[25], ==, "0,0,0,0.0204255319,0.973585837");
    g_assert_cmpstr(rows[48], ==, "0,0,0,0.04,0.658184165");
    g_assert_cmpstr(rows[49], ==, "0,0,0,0.04,-0.658184165");
    g_assert_cmpstr(rows[96], ==, "0,0,0,0,-0.658184165");
    g_assert_cmpstr(rows[97], ==, "1,1,0,0.1,0.658184165");
    g_strfreev(rows);
    g_free(text);
    by_hand_remove(results);
}

static void curves_of_a_metric(void)
{
    expect("metric_cdf", WITH("by=none", "at=[adversary.stake=0, protocol.slot=4 s]", "x=block_interval_s"),
           TABLES("metric_cdf", "style,value,share\n0,4,0\n0,4,0.2\n0,4.4,0.4\n0,4.8,0.6\n0,5.2,0.8\n0,5.6,1\n",
                  "metric_cdf_means", BOX_HEADER "0,0,5,4,4.4,4.8,5.2,5.6,4,5.6,4.8,4.4,5.2\n", "metric_cdf_facts",
                  SPREAD_FACTS "n = 5; mark: mean with 95 % interval (Hall); seed 42; adversary.stake = 0; "
                               "protocol.slot = 4 s,Block interval (s),3.86666667,5.73333333,0,Runs (%),1,,0,0,1\n"));
}

/* By Rice's rule 2 * 5^(1/3) = 3.4 bins, but at least 5: of .05. What lies on an edge belongs above it. */
static void histograms(void)
{
    expect("histogram", WITH("at=[protocol.slot=2 s]"),
           TABLES("histogram", "style,from,to,runs,share\n0,0,0.05,5,100\n1,0.1,0.15,5,100\n2,0.3,0.35,5,100\n",
                  "histogram_heights", "highest\n100\n", "histogram_facts",
                  SPREAD_FACTS "n = 5; diamond: mean with 95 % interval (Hall); seed 42; protocol.slot = 2 s,"
                               "Orphan rate,0,0.35,0,Runs (%),1,Adversary stake,3,0,3\n"));
}

/* Whole numbers have bins around them. */
static void histograms_of_whole_numbers(void)
{
    expect("histogram", WITH("x=messages", "by=none", "at=[adversary.stake=0]"),
           TABLES("histogram", "style,from,to,runs,share\n0,699.5,799.5,5,50\n0,1499.5,1599.5,5,50\n"));
}

#define HEAT_MAP_FACTS "note,x_title,columns,x_ticks,y_title,rows,y_ticks,z_title,from,to,log,intervals\n"

/* A pair of values without a point is an empty cell. */
static void heat_maps(void)
{
    expect("heat_map", NULL,
           TABLES("heat_map",
                  "x,y,value,low,high,text,interval\n0,0,0.02,0.01,0.03,0.02,0.01–0.03\n"
                  "0,1,0.02,0.01,0.03,0.02,0.01–0.03\n1,0,0.12,0.11,0.13,0.12,0.11–0.13\n1,1,NA,NA,NA,NA,NA\n"
                  "2,0,0.32,0.31,0.33,0.32,0.31–0.33\n2,1,0.32,0.31,0.33,0.32,0.31–0.33\n",
                  "heat_map_x_ticks", "at,label\n0,0\n1,0.1\n2,0.3\n", "heat_map_y_ticks", "at,label\n0,2\n1,4\n",
                  "heat_map_facts",
                  HEAT_MAP_FACTS
                  "n = 5; mean with 95 % interval (Hall); seed 42,Adversary stake,3,3,Protocol slot (s),2,2,"
                  "Orphan rate,0.02,0.32,0,1\n"));
}

/* A third key: each cell is the mean over its values, and has no interval. */
static void heat_map_over_a_third_key(void)
{
    results = sweep_by_hand();
    by_hand_write(results, "manifest.json",
                  "{\"swept\": [{\"key\": \"a\", \"column\": \"a\", \"unit\": \"\", \"kind\": \"number\"},"
                  "{\"key\": \"b\", \"column\": \"b\", \"unit\": \"\", \"kind\": \"number\"},"
                  "{\"key\": \"c\", \"column\": \"c\", \"unit\": \"\", \"kind\": \"number\"}]}");
    by_hand_write(results, "plan.csv",
                  "point,a,b,c\n0,1,1,1\n1,1,1,2\n2,1,2,1\n3,1,2,2\n4,2,1,1\n5,2,1,2\n6,2,2,1\n7,2,2,2\n");
    GString *summary = g_string_new(SUMMARY_HEADER);
    for (int p = 0; p < 8; p++)
        g_string_append_printf(summary, "%d,gini,1,5,0.%d,1,0,1,t95,0,0,1\n", p, p);
    by_hand_write(results, "summary.csv", summary->str);
    g_string_free(summary, TRUE);
    expect_tables("heat_map", WITH("x=a", "y=b", "z=gini"),
                  TABLES("heat_map",
                         "x,y,value,low,high,text,interval\n0,0,0.05,NA,NA,0.05,NA\n0,1,0.25,NA,NA,0.25,NA\n"
                         "1,0,0.45,NA,NA,0.45,NA\n1,1,0.65,NA,NA,0.65,NA\n",
                         "heat_map_facts",
                         HEAT_MAP_FACTS "n = 5; mean; seed 42; mean over: c,A,2,2,B,2,2,Gini,0.05,0.65,0,0\n"));
    by_hand_remove(results);
}

#define PARETO_HEADER "style,x,y,x_low,x_high,y_low,y_high,front,label,shown,dx_cm,dy_cm,side\n"

/* Fewer messages and fewer orphans are better: one point is on the front. */
static void pareto(void)
{
    expect("pareto", WITH("by=none"),
           TABLES("pareto",
                  PARETO_HEADER "0,750,0.02,NA,NA,0.01,0.03,1,4 s / 0,1,-0.16,0,-1\n"
                                "0,750,0.32,NA,NA,0.31,0.33,0,4 s / 0.3,1,-0.16,0,-1\n"
                                "0,1500,0.02,NA,NA,0.01,0.03,0,2 s / 0,1,-0.16,0,-1\n"
                                "0,1500,0.12,NA,NA,0.11,0.13,0,2 s / 0.1,1,-0.16,0,-1\n"
                                "0,1500,0.32,NA,NA,0.31,0.33,0,2 s / 0.3,1,-0.16,0,-1\n",
                  "pareto_front", "x,y\n750,0.356666667\n750,0.02\n1562.5,0.02\n", "pareto_facts",
                  "note,x_title,x_from,x_to,x_log,y_title,y_from,y_to,y_log,by_title,styles,points,front\n"
                  "n = 5; mean with 95 % interval (Hall); seed 42; labels: protocol.slot / adversary.stake,Messages,0,"
                  "1562.5,0,Orphan rate,0,0.356666667,0,,0,5,1\n"));
}

/* Long intervals are wanted here, for few messages: two equal points are both on the front, with a label on each side.
 */
static void pareto_the_other_way(void)
{
    expect("pareto", WITH("x=messages", "y=block_interval_s", "y_better=higher", "by=adversary.stake"),
           TABLES("pareto", PARETO_HEADER
                  "0,750,4.8,NA,NA,4.4,5.2,1,4 s,1,-0.16,0,-1\n2,750,4.8,NA,NA,4.4,5.2,1,4 s,1,0.16,0,1\n"
                  "0,1500,2.4,NA,NA,2.2,2.6,0,2 s,1,-0.16,0,-1\n1,1500,2.4,NA,NA,2.2,2.6,0,2 s,1,0.16,0,1\n"
                  "2,1500,2.4,NA,NA,2.2,2.6,0,2 s,0,-0.16,0,-1\n"));
}

#define SUCCESS_FACTS                                                                                                  \
    "note,x_title,x_from,x_to,x_log,numeric,y_title,y_from,y_to,y_log,by_title,styles,ticks,none,theory,theory_"       \
    "label\n"

/* 0 of 5: 0 to 3/5; 1 and 3 of 5: Clopper and Pearson (R: binom.test(1, 5), binom.test(3, 5)). */
static void success_of_a_verdict(void)
{
    expect("success_curve", NULL,
           TABLES("success_curve",
                  "style,x,share,low,high,successes,runs\n0,0,0,0,60,0,5\n0,0.1,20,0.505076338,71.6417936,1,5\n"
                  "0,0.3,60,14.66328,94.7255049,3,5\n1,0,0,0,60,0,5\n1,0.3,60,14.66328,94.7255049,3,5\n",
                  "success_curve_theory", "x,share\n", "success_curve_facts",
                  SUCCESS_FACTS
                  "n = 5; share with 95 % interval (exact or 3/N); seed 42,Adversary stake,-0.012,0.312,0,1,"
                  "Share of runs in which safety fails (%),0,102.619297,0,Protocol slot,2,3,1,0,theory\n"));
}

/* Bounds say which runs count; both slots are pooled; points of theory in the user's units. */
static void success_within_bounds_and_theory(void)
{
    expect(
        "success_curve",
        WITH("y=orphan_rate", "min=0.03", "max=0.5", "by=none", "theory=[[0, 0.1], [10 %, 1/2], [0.3, 1]]",
             "theory_label=guess"),
        TABLES("success_curve",
               "style,x,share,low,high,successes,runs\n0,0,40,12.1552258,73.7621923,4,10\n0,0.1,100,40,100,5,5\n"
               "0,0.3,100,70,100,10,10\n",
               "success_curve_theory", "x,share\n0,10\n0.1,50\n0.3,100\n", "success_curve_facts",
               SUCCESS_FACTS
               "n = 5 to 10; share with 95 % interval (exact or 3/N); seed 42; pooled: protocol.slot,"
               "Adversary stake,-0.012,0.312,0,1,Runs with orphan rate from 0.03 to 0.5 (%),0,104,0,,0,3,0,3,guess\n"));
}

static void success_and_theory_from_a_file(void)
{
    results = sweep_by_hand();
    by_hand_write(results, "theory.csv", "stake,probability\n0,1e-3\n0.3,25 %\n");
    char *path = g_build_filename(results, "theory.csv", NULL), *with = g_strconcat("theory_file=", path, NULL);
    expect_tables("success_curve", WITH("by=none", with), TABLES("success_curve_theory", "x,share\n0,0.1\n0.3,25\n"));
    GError *error = NULL;
    g_assert_false(reduce("success_curve", WITH("theory=[[0, 0.1]]", with), &error));
    g_assert_cmpstr(error->message, ==, "theory and theory_file are two ways to say the same: choose one");
    g_clear_error(&error);
    by_hand_write(results, "theory.csv", "stake,probability\n0,2\n");
    g_assert_false(reduce("success_curve", WITH("by=none", with), &error));
    g_assert_nonnull(strstr(error->message, "theory.csv:2: `2` is no share from 0 to 1"));
    g_clear_error(&error);
    g_free(with);
    g_free(path);
    by_hand_remove(results);
}

static void wrong_parameters_are_told(void)
{
    static const struct {
        const char *kind, *with[3], *message;
    } wrong[] = {
        {"line",
         {"x=protocol.slots"},
         "x: `protocol.slots` is not swept; swept are `protocol.slot` and "
         "`adversary.stake`; did you mean `protocol.slot`?"},
        {"line", {"by=network"}, "by: `network` is not swept; swept are `protocol.slot` and `adversary.stake`"},
        {"line", {"x=protocol.slot", "by=protocol.slot"}, "by: `protocol.slot` is x already"},
        {"heat_map", {"x=protocol.slot", "y=protocol.slot"}, "y: `protocol.slot` is x already"},
        {"heat_map",
         {"y=slot"},
         "y: `slot` is not swept; swept are `protocol.slot` and `adversary.stake`; did you mean "
         "`protocol.slot`?"},
        {"box", {"at=[protocol.slot=3 s]"}, "at: no point has protocol.slot = 3 s; it is 2 s or 4 s"},
        {"box", {"at=[protocol.slot]"}, "at: `protocol.slot` should be KEY=VALUE, such as protocol.slot=4 s"},
        {"box", {"at=[protocol.slot=2 s, protocol.slot=4 s]"}, "at: `protocol.slot` is named twice"},
        {"line", {"y=gini"}, "y: no run shown has a value of `gini`"},
        {"heat_map", {"z=gini"}, "z: no run shown has a value of `gini`"},
        {"pareto", {"x=gini"}, "no point has both `gini` and `orphan_rate`"},
        {"pareto", {"x=orphan_rate", "y=orphan_rate"}, "x and y are both `orphan_rate`"},
        {"success_curve",
         {"y=orphan_rate"},
         "y: `orphan_rate` is not 0 or 1 in every run: say with min or max which runs "
         "count"},
        {"success_curve", {"theory=[[much, 0.1]]"}, "theory: `much` is no value of x"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        expect_error(wrong[i].kind, wrong[i].with, FIGURE_ERROR_PARAMETER, wrong[i].message);
}

static void nothing_to_draw_is_told(void)
{
    expect_error("success_curve", WITH("y=orphan_rate", "min=5"), FIGURE_ERROR_EMPTY, "it happened in no run");
    expect_error("heat_map", WITH("at=[protocol.slot=2 s]"), FIGURE_ERROR_EMPTY,
                 "it needs two swept keys that vary "
                 "independently");
    expect_error("line", WITH("at=[protocol.slot=2 s, adversary.stake=0]"), FIGURE_ERROR_EMPTY,
                 "no parameter is swept");
}

/* One point, swept by nothing: distributions over its replications are there, other figures have nothing to show. */
static void results_without_a_sweep(void)
{
    GError *error = NULL;
    results = sweep_by_hand();
    by_hand_write(results, "manifest.json", "{}");
    by_hand_write(results, "plan.csv", "point\n0\n");
    expect_tables("box", WITH("y=block_interval_s"),
                  TABLES("box", BOX_HEADER "0,0,5,2,2.2,2.4,2.6,2.8,2,2.8,2.4,2.2,2.6\n"));
    g_assert_false(reduce("line", NULL, &error));
    g_assert_error(error, FIGURE_ERROR, FIGURE_ERROR_EMPTY);
    g_clear_error(&error);
    by_hand_write(results, "runs.csv", "point,replication,seed,simulated_s,orphan_rate\n0,0,0x2a,1,0.5\n");
    g_assert_false(reduce("metric_cdf", WITH("x=orphan_rate"), &error));
    g_assert_cmpstr(error->message, ==, "each point has a single run: `replicate: {count: 20}` gives a distribution");
    g_clear_error(&error);
    by_hand_remove(results);
}

static void expect_bad_table(const char *file, const char *text, const char *message)
{
    GError *error = NULL;
    results = sweep_by_hand();
    by_hand_write(results, file, text);
    g_assert_false(reduce("box", WITH("y=orphan_rate"), &error));
    if (!strstr(error->message, message))
        g_test_fail_printf("`%s` is not said, but: %s", message, error->message);
    g_error_free(error);
    by_hand_remove(results);
}

static void bad_tables_are_told(void)
{
    expect_bad_table("manifest.json", "{\"swept\": [", "manifest.json");
    expect_bad_table("plan.csv", "point\n0\n", "there is no column protocol_slot_s: the columns are point");
    expect_bad_table("plan.csv", "point,protocol_slot_s,adversary_stake\n1,2,0\n0,2,0\n",
                     "point 0 stands behind a greater");
    expect_bad_table("plan.csv", "point,protocol_slot_s,adversary_stake\n1,two,0\n",
                     "column protocol_slot_s: \"two\" is not a number");
    expect_bad_table("plan.csv", "point,protocol_slot_s,adversary_stake\n", "the plan has no point");
    expect_bad_table("summary.csv", "point,metric\n", "there is no column n: the columns are point, metric");
    expect_bad_table("runs.csv", "point,replication,seed,simulated_s\n", "there is no column orphan_rate");
}

/* Where the first eight values cannot be told apart by dashes, by says so. */
static void styles_are_limited(void)
{
    GString *plan = g_string_new("point,a\n");
    GError *error = NULL;
    results = sweep_by_hand();
    for (int p = 0; p < 8; p++)
        g_string_append_printf(plan, "%d,%d\n", p, p);
    by_hand_write(results, "manifest.json",
                  "{\"swept\": [{\"key\": \"a\", \"column\": \"a\", \"unit\": \"\", \"kind\": \"number\"}]}");
    by_hand_write(results, "plan.csv", plan->str);
    g_assert_false(reduce("metric_cdf", WITH("x=orphan_rate", "by=a"), &error));
    g_assert_error(error, FIGURE_ERROR, FIGURE_ERROR_PARAMETER);
    g_assert_cmpstr(error->message, ==, "by: `a` has 8 values, but only 7 can be told apart");
    g_clear_error(&error);
    g_string_free(plan, TRUE);
    by_hand_remove(results);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sweep figures/line by default", line_by_default);
    g_test_add_func("/sweep figures/line at a value with the spread", line_at_a_value_with_the_spread);
    g_test_add_func("/sweep figures/line for each value that is open", line_for_each_value_that_is_open);
    g_test_add_func("/sweep figures/line on a logarithmic axis", line_on_a_logarithmic_axis);
    g_test_add_func("/sweep figures/line of a verdict and of equal values", line_of_a_verdict_and_of_equal_values);
    g_test_add_func("/sweep figures/line over texts", line_over_texts);
    g_test_add_func("/sweep figures/line over zipped keys", line_over_zipped_keys);
    g_test_add_func("/sweep figures/boxes", boxes);
    g_test_add_func("/sweep figures/pooled runs have no interval", pooled_runs_have_no_interval);
    g_test_add_func("/sweep figures/violins", violins);
    g_test_add_func("/sweep figures/curves of a metric", curves_of_a_metric);
    g_test_add_func("/sweep figures/histograms", histograms);
    g_test_add_func("/sweep figures/histograms of whole numbers", histograms_of_whole_numbers);
    g_test_add_func("/sweep figures/heat maps", heat_maps);
    g_test_add_func("/sweep figures/heat map over a third key", heat_map_over_a_third_key);
    g_test_add_func("/sweep figures/pareto", pareto);
    g_test_add_func("/sweep figures/pareto the other way", pareto_the_other_way);
    g_test_add_func("/sweep figures/success of a verdict", success_of_a_verdict);
    g_test_add_func("/sweep figures/success within bounds and theory", success_within_bounds_and_theory);
    g_test_add_func("/sweep figures/success and theory from a file", success_and_theory_from_a_file);
    g_test_add_func("/sweep figures/wrong parameters are told", wrong_parameters_are_told);
    g_test_add_func("/sweep figures/nothing to draw is told", nothing_to_draw_is_told);
    g_test_add_func("/sweep figures/results without a sweep", results_without_a_sweep);
    g_test_add_func("/sweep figures/bad tables are told", bad_tables_are_told);
    g_test_add_func("/sweep figures/styles are limited", styles_are_limited);
    return g_test_run();
}
