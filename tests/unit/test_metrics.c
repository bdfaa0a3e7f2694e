/* SPDX-License-Identifier: MIT */
/* Metrics of short runs whose values can be worked out by hand. */
#include "record/metrics.h"
#include "record/survival.h"
#include "trace_rows.h"

#include <math.h>
#include <string.h>

static const struct trace_chain rules = {.protocol = "test"};

static void expect(const struct metric_values *values, enum metric_id id, double expected)
{
    if (isnan(expected))
        g_assert_true(isnan(values->metrics[id]));
    else
        g_assert_cmpfloat_with_epsilon(values->metrics[id], expected, 1e-12);
}

/* Every metric is declared, with a name of its own that can be found. */
static void declarations_are_complete(void)
{
    for (enum metric_id id = 0; id < METRICS; id++) {
        g_assert_nonnull(metrics[id].name);
        g_assert_cmpuint(strlen(metrics[id].definition), >, 0);
        g_assert_cmpuint(strlen(metrics[id].unit), >, 0);
        g_assert_cmpuint(strlen(metrics[id].applies), >, 0);
        g_assert_cmpint(metric_find(metrics[id].name), ==, id);
    }
    g_assert_cmpint(metric_find("nothing"), ==, METRICS);
}

/* A block a second by four validators in turn, final 100 to 103 ms later at one node after another; an 11th is not. */
static void steady_chain(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 4, 100, 4);
    for (block_id id = 1; id <= 10; id++) {
        row_block(sink, id, id - 1, id, (id - 1) % 4, MS(1000 * id));
        for (validator_id validator = 0; validator < 4; validator++)
            row_vote(sink, 0, id, id == 5 ? 2 : 0, validator, id, 100, MS(1000 * id + 50));
        for (node_id node = 0; node < 4; node++)
            row_head(sink, node, id - 1, id, 0, MS(1000 * id + 100 + node));
        for (node_id node = 0; node < 4; node++)
            row_final(sink, node, id, MS(1000 * id + 100 + node));
    }
    row_block(sink, 11, 10, 11, 2, MS(11000));
    row_end(sink, MS(11050));
    struct network_row network[] = {{0, "vote", 40, 4000, 160}, {0, "proposal", 11, 1100, 44}, {1, "vote", 9, 9, 9}};
    struct metric_verdicts verdicts = {1, 2, 100, 400};
    reductions_finish(&all, network, G_N_ELEMENTS(network));
    metrics_collect(&all, 0, &verdicts, &(struct metric_assumptions){.node_power_w = 25}, &values);
    expect(&values, METRIC_BLOCK_INTERVAL, 1);
    expect(&values, METRIC_BLOCK_INTERVAL_P99, 1);
    expect(&values, METRIC_CHAIN_GROWTH, 10 / 11.05);
    expect(&values, METRIC_THROUGHPUT, 100 / 11.05);
    expect(&values, METRIC_CHAIN_GROWTH_MIN, 1 / 1.105); /* every window of 1.105 s holds a block */
    expect(&values, METRIC_CHAIN_QUALITY, 1);
    expect(&values, METRIC_CHAIN_QUALITY_MIN, 1);
    expect(&values, METRIC_ORPHAN_RATE, 0);
    expect(&values, METRIC_REORG_DEPTH_MAX, 0);
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_MAX, 0);
    expect(&values, METRIC_BLOCKS_PROPOSED, 11);
    expect(&values, METRIC_BLOCKS_FINAL, 10);
    expect(&values, METRIC_CENSORED_BLOCKS, 0);
    expect(&values, METRIC_FINALITY_FIRST_P50, .1);
    expect(&values, METRIC_FINALITY_TWO_THIRDS_P95, .102);
    expect(&values, METRIC_FINALITY_LAST_P99, .103);
    expect(&values, METRIC_LIVENESS_GAP, 1.1);
    expect(&values, METRIC_ROUNDS_MEAN, 1.2);
    expect(&values, METRIC_MESSAGES, 51);
    expect(&values, METRIC_BYTES, 5100);
    expect(&values, METRIC_DELIVERIES, 204);
    expect(&values, METRIC_SAFETY_VIOLATIONS, 1);
    expect(&values, METRIC_HONEST_CONVICTED, 2);
    expect(&values, METRIC_EVIDENCE_STAKE_SHARE, .25);
    expect(&values, METRIC_GINI, 0);
    expect(&values, METRIC_NAKAMOTO_COEFFICIENT, 2);
    expect(&values, METRIC_LEADER_SHARE_ERROR, .5 * (3 * (3. / 11 - .25) + (.25 - 2. / 11)));
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_P99, 0);
    expect(&values, METRIC_ENERGY_PER_BLOCK, 4 * 25 * 11.05 / 10); /* four nodes, ten blocks on the main chain */
    reductions_release(&all);
}

/*
 * Twenty blocks in line, the last five by corrupt validators; one orphan; two blocks beside the tip that is not final.
 * A warm-up of five blocks takes their share out of everything.
 */
static void warm_up_forks_and_corrupt_proposers(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, MS(5500));
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 4, 100, 3);
    for (block_id id = 1; id <= 20; id++)
        row_block(sink, id, id - 1, id, id <= 15 ? id % 3 : 3, MS(1000 * id));
    row_block(sink, 21, 9, 10, 0, MS(20001));
    row_block(sink, 22, 19, 20, 1, MS(20002));
    row_block(sink, 23, 20, 21, 1, MS(20003));
    row_head(sink, 0, 0, 20, 1, MS(5499)); /* in the warm-up */
    row_head(sink, 1, 0, 20, 0, MS(20100));
    row_head(sink, 1, 20, 22, 1, MS(20101));
    row_head(sink, 2, 0, 20, 0, MS(20102));
    row_final(sink, 0, 18, MS(20200));
    row_end(sink, MS(25500));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    expect(&values, METRIC_BLOCKS_PROPOSED, 18);
    expect(&values, METRIC_BLOCKS_FINAL, 13);
    expect(&values, METRIC_CENSORED_BLOCKS, 2);
    expect(&values, METRIC_ORPHAN_RATE, 2. / 17);
    expect(&values, METRIC_CHAIN_GROWTH, 15. / 20);
    expect(&values, METRIC_CHAIN_GROWTH_MIN, 0); /* windows of 2 s, and nothing after 20 s */
    expect(&values, METRIC_CHAIN_QUALITY, 10. / 15);
    expect(&values, METRIC_CHAIN_QUALITY_MIN, 0);
    expect(&values, METRIC_REORGS, 1);
    expect(&values, METRIC_REORG_DEPTH_MAX, 1);
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_P50, 0); /* one of three changes since the warm-up */
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_P95, 1);
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_MAX, 1);
    expect(&values, METRIC_ENERGY_PER_BLOCK, NAN);
    static const double parts[METRIC_PARTS] = {
        [PART_MAIN_CHAIN_BLOCKS] = 15, [PART_HONEST_BLOCKS] = 10, [PART_TRANSACTIONS] = 150,
        [PART_MEASURED_S] = 20,        [PART_KNOWN_BLOCKS] = 17,  [PART_ORPHANED_BLOCKS] = 2};
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        g_assert_cmpfloat_with_epsilon(values.parts[p], parts[p], 1e-12);
    expect(&values, METRIC_FINALITY_FIRST_MEAN, 8.2); /* of the thirteen that are final */
    g_assert_cmpuint(values.series[SERIES_FINALITY_FIRST].observations, ==, 13);
    g_assert_cmpuint(values.series[SERIES_BLOCK_INTERVAL].observations, ==, 14);
    expect(&values, METRIC_LIVENESS_GAP, 14.7);
    /* Blocks 18 down to 6 took 2.2, 3.2, ... 14.2 s; 19 and 20 are only known to take longer than 6.5 and 5.5 s. */
    /* 11/15 last beyond 5.2 s; of ten at risk at 6.2 s nine, of eight at 7.2 s seven, of seven at 8.2 s six: .495. */
    expect(&values, METRIC_FINALITY_FIRST_P50, 8.2);
    expect(&values, METRIC_FINALITY_LAST_P50, NAN);
    expect(&values, METRIC_ROUNDS_MEAN, NAN);
    expect(&values, METRIC_MESSAGES, NAN);
    expect(&values, METRIC_SAFETY_VIOLATIONS, NAN);
    reductions_release(&all);
}

/* A run without a block has counts and no means. */
static void empty_run(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 4, 100, 4);
    row_end(&all.sink, MS(1000));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    expect(&values, METRIC_BLOCK_INTERVAL, NAN);
    expect(&values, METRIC_CHAIN_GROWTH, 0);
    expect(&values, METRIC_CHAIN_QUALITY, NAN);
    expect(&values, METRIC_ORPHAN_RATE, NAN);
    expect(&values, METRIC_BLOCKS_PROPOSED, 0);
    expect(&values, METRIC_LIVENESS_GAP, 1);
    expect(&values, METRIC_COMMON_PREFIX_DEPTH_P99, NAN);
    expect(&values, METRIC_LEADER_SHARE_ERROR, NAN);
    expect(&values, METRIC_FINALITY_FIRST_MEAN, NAN);
    g_assert_cmpint(values.series[SERIES_BLOCK_INTERVAL].verdict, ==, STEADY_TOO_SHORT);
    reductions_release(&all);
}

/* What evidence burned on the main chain; a jailed validator's stake counts as none in the spread. */
static void slashing_shows(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    struct trace_sink *sink = &all.sink;
    rows_start(sink, &rules, 4, 100, 3);
    row_block(sink, 1, 0, 1, 0, MS(0));
    struct trace_stake slash = {
        .block = 1, .validator = 3, .before = 100, .after = 60, .jailed = true, .applied = true};
    trace_write(sink, TRACE_STAKE, &slash);
    row_head(sink, 0, 0, 1, 0, MS(1));
    row_end(sink, MS(1000));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    expect(&values, METRIC_SLASHED_STAKE, 40);
    expect(&values, METRIC_GINI, .25);
    expect(&values, METRIC_NAKAMOTO_COEFFICIENT, 2);
    reductions_release(&all);
}

/* A quotient is of the sums over runs: 2 of 17 and 1 of 3 are 3 of 20; a run that has none counts for nothing. */
static void quotients_are_of_sums(void)
{
    struct metric_values runs[3];
    struct running_mean rate = {0}, spread = {0};
    for (size_t r = 0; r < G_N_ELEMENTS(runs); r++)
        metric_values_clear(&runs[r]);
    runs[0].parts[PART_ORPHANED_BLOCKS] = 2, runs[0].parts[PART_KNOWN_BLOCKS] = 17;
    runs[0].metrics[METRIC_ORPHAN_RATE] = 2. / 17;
    runs[1].parts[PART_ORPHANED_BLOCKS] = runs[1].parts[PART_KNOWN_BLOCKS] = 0;
    runs[2].parts[PART_ORPHANED_BLOCKS] = 1, runs[2].parts[PART_KNOWN_BLOCKS] = 3;
    runs[2].metrics[METRIC_ORPHAN_RATE] = 1. / 3;
    for (size_t r = 0; r < G_N_ELEMENTS(runs); r++) {
        struct metric_sample sample = metric_sample_of(&runs[r], METRIC_ORPHAN_RATE);
        metric_sample_add(&sample, &rate);
        sample = metric_sample_of(&runs[r], METRIC_GINI);
        metric_sample_add(&sample, &spread);
    }
    g_assert_cmpuint(running_mean_count(&rate), ==, 2);
    g_assert_cmpfloat_with_epsilon(running_mean_value(&rate), 3. / 20, 1e-15);
    g_assert_cmpuint(running_mean_count(&spread), ==, 0);
    running_mean_release(&rate);
}

/* The table is whole: parts have both ends or none, and each series is some metric's. */
static void quotients_and_series_are_declared_whole(void)
{
    for (int m = 0; m < METRICS; m++)
        g_assert_cmpint(metrics[m].numerator == PART_NONE, ==, metrics[m].denominator == PART_NONE);
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        g_assert_true(metric_parts[p].name && metric_parts[p].unit && metric_parts[p].definition &&
                      metric_find(metric_parts[p].name) == METRICS);
    for (int s = SERIES_NONE + 1; s < METRIC_SERIES; s++)
        g_assert_cmpint(metric_of_series((enum metric_series)s), <, METRICS);
}

/* The example of six patients that textbooks use: 6, 6, 6, 6+, 7, 9+: S = .5 at 6 and .25 at 7, unknown beyond. */
static void censored_quantiles(void)
{
    struct survival times = {0};
    static const struct duration data[] = {{7, true}, {6, true}, {9, false}, {6, true}, {6, false}, {6, true}};
    g_assert_cmpint(survival_quantile(&times, 50), ==, TIME_NEVER);
    for (size_t i = 0; i < G_N_ELEMENTS(data); i++)
        survival_add(&times, data[i].length_ns, data[i].ended);
    g_assert_cmpint(survival_quantile(&times, 50), ==, 6);
    g_assert_cmpint(survival_quantile(&times, 51), ==, 7);
    g_assert_cmpint(survival_quantile(&times, 75), ==, 7);
    g_assert_cmpint(survival_quantile(&times, 76), ==, TIME_NEVER);
    survival_release(&times);
}

/* Without censoring: the nearest rank, for every size up to 400 and every percentage. */
static void uncensored_quantiles_are_order_statistics(void)
{
    for (size_t count = 1; count <= 400; count += 7) {
        struct survival times = {0};
        for (size_t i = 0; i < count; i++)
            survival_add(&times, (time_ns)(1 + i * 211 % count), true);
        for (uint32_t percent = 1; percent < 100; percent++) {
            time_ns rank = (time_ns)((count * percent + 99) / 100);
            if (count % 211)
                g_assert_cmpint(survival_quantile(&times, percent), ==, rank);
        }
        survival_release(&times);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metrics/declarations are complete", declarations_are_complete);
    g_test_add_func("/metrics/steady chain", steady_chain);
    g_test_add_func("/metrics/warm-up, forks and corrupt proposers", warm_up_forks_and_corrupt_proposers);
    g_test_add_func("/metrics/empty run", empty_run);
    g_test_add_func("/metrics/slashing shows", slashing_shows);
    g_test_add_func("/metrics/quotients are of sums", quotients_are_of_sums);
    g_test_add_func("/metrics/quotients and series are declared whole", quotients_and_series_are_declared_whole);
    g_test_add_func("/metrics/censored quantiles", censored_quantiles);
    g_test_add_func("/metrics/uncensored quantiles are order statistics", uncensored_quantiles_are_order_statistics);
    return g_test_run();
}
