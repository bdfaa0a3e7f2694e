/* SPDX-License-Identifier: MIT */
/* What becomes of rows about messages on their way: metrics of queues and processors, and coverage. */
#include "record/metrics.h"
#include "record/table.h"
#include "trace_rows.h"

#include "../shared.h"

#include <math.h>

static const struct trace_chain rules = {.protocol = "test", .election = "test"};

static void write_load(struct trace_sink *sink, node_id node, uint64_t up_bytes, uint64_t down_bytes, time_ns busy_ns)
{
    struct trace_load row = {.node = node,
                             .up_bytes = up_bytes,
                             .down_bytes = down_bytes,
                             .queued = 10,
                             .waited_ns = MS(20 * (node + 1)),
                             .waited_most_ns = MS(5 * (node + 1)),
                             .busy_ns = busy_ns,
                             .cores = 2};
    trace_write(sink, TRACE_LOAD, &row);
}

/* Of 4,000 bytes a quarter was not needed; three nodes with two processors each, in 10 s. */
static void metrics_of_loads(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 3, 100, 3);
    struct trace_traffic votes = {.kind = 1, .copies = 30, .bytes = 3000, .duplicates = 4, .duplicate_bytes = 400};
    struct trace_traffic proposals = {.kind = 0, .copies = 2, .bytes = 1000, .duplicates = 1, .duplicate_bytes = 600};
    struct trace_traffic elsewhere = {.chain = 1, .kind = 0, .bytes = 7, .duplicate_bytes = 7};
    trace_write(&all.sink, TRACE_TRAFFIC, &proposals);
    trace_write(&all.sink, TRACE_TRAFFIC, &votes);
    trace_write(&all.sink, TRACE_TRAFFIC, &elsewhere);
    write_load(&all.sink, 0, 500, 10, MS(1000));
    write_load(&all.sink, 1, 100, 30, MS(4000));
    write_load(&all.sink, 2, 300, 20, MS(1000));
    row_end(&all.sink, MS(10000));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    g_assert_cmpfloat(values.metrics[METRIC_DUPLICATE_SHARE], ==, 0.25);
    g_assert_cmpfloat(values.metrics[METRIC_NODE_UP_BYTES_P50], ==, 300);
    g_assert_cmpfloat(values.metrics[METRIC_NODE_UP_BYTES_MAX], ==, 500);
    g_assert_cmpfloat(values.metrics[METRIC_NODE_DOWN_BYTES_P50], ==, 20);
    g_assert_cmpfloat(values.metrics[METRIC_NODE_DOWN_BYTES_MAX], ==, 30);
    g_assert_cmpfloat(values.metrics[METRIC_QUEUE_DELAY_MEAN], ==, 0.004); /* 20 + 40 + 60 ms for 30 copies */
    g_assert_cmpfloat(values.metrics[METRIC_QUEUE_DELAY_MAX], ==, 0.015);
    g_assert_cmpfloat_with_epsilon(values.metrics[METRIC_CPU_UTILISATION_MEAN], 0.1, 1e-12);
    g_assert_cmpfloat_with_epsilon(values.metrics[METRIC_CPU_UTILISATION_MAX], 0.2, 1e-12);
    reductions_release(&all);
}

/* A node's processors count by their number: 1 s of one, 2 s of four; who has as many as needed is left out. */
static void metrics_of_unequal_nodes(void)
{
    static const struct trace_load nodes[] = {{.node = 0, .busy_ns = MS(1000), .cores = 1},
                                              {.node = 1, .busy_ns = MS(2000), .cores = 4},
                                              {.node = 2, .busy_ns = MS(9000), .cores = 0}};
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 3, 100, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
        trace_write(&all.sink, TRACE_LOAD, &nodes[i]);
    row_end(&all.sink, MS(10000));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    g_assert_cmpfloat_with_epsilon(values.metrics[METRIC_CPU_UTILISATION_MEAN], 3. / 50, 1e-12);
    g_assert_cmpfloat_with_epsilon(values.metrics[METRIC_CPU_UTILISATION_MAX], 0.1, 1e-12);
    reductions_release(&all);
}

/* Where nothing was carried there is nothing to say. */
static void metrics_without_loads(void)
{
    struct reductions all;
    struct metric_values values;
    reductions_init(&all, 0);
    rows_start(&all.sink, &rules, 3, 100, 3);
    row_end(&all.sink, MS(10000));
    reductions_finish(&all, NULL, 0);
    metrics_collect(&all, 0, NULL, NULL, &values);
    for (enum metric_id id = METRIC_DUPLICATE_SHARE; id <= METRIC_CPU_UTILISATION_MAX; id++)
        g_assert_true(isnan(values.metrics[id]));
    reductions_release(&all);
}

static void sent(struct trace_sink *sink, uint64_t id, uint32_t kind, time_ns at_ns)
{
    struct trace_message row = {.at_ns = at_ns, .message = id, .kind = kind, .block = ID_NONE};
    trace_write(sink, TRACE_MESSAGE, &row);
}

static void arrives(struct trace_sink *sink, uint64_t id, replica_id replica, time_ns at_ns)
{
    struct trace_arrival row = {.at_ns = at_ns, .message = id, .replica = replica};
    trace_write(sink, TRACE_ARRIVAL, &row);
}

static time_ns median(const struct sketch *sketch)
{
    return sketch_quantile(sketch, (struct ratio){1, 2});
}

/*
 * Four nodes of equal stake. The first message, from the warm-up, does not count; the second reaches all, also a twin,
 * who is nobody; the third only three of them.
 */
static void coverage_by_hand(void)
{
    struct reductions all;
    reductions_init(&all, MS(500));
    rows_start(&all.sink, &rules, 4, 100, 4);
    sent(&all.sink, 1, 0, MS(100));
    sent(&all.sink, 2, 0, MS(1000));
    sent(&all.sink, 3, 0, MS(2000));
    for (uint64_t message = 1; message <= 3; message++) {
        time_ns sent_ns = message == 1 ? MS(100) : MS(1000 * ((time_ns)message - 1));
        arrives(&all.sink, message, 2, sent_ns);
        arrives(&all.sink, message, 0, sent_ns + MS(10 * (time_ns)message));
        arrives(&all.sink, message, 7, sent_ns + MS(11 * (time_ns)message));
        arrives(&all.sink, message, 3, sent_ns + MS(20 * (time_ns)message));
        if (message < 3)
            arrives(&all.sink, message, 1, sent_ns + MS(30 * (time_ns)message));
    }
    row_end(&all.sink, MS(10000));
    reductions_finish(&all, NULL, 0);
    g_assert_cmpuint(all.coverage.series.count, ==, 1);
    const struct coverage_series *series = all.coverage.series.at[0];
    g_assert_cmpuint(series->messages, ==, 2);
    g_assert_cmpint(median(&series->nodes[24]), ==, 0);      /* a quarter: the sender */
    g_assert_cmpint(median(&series->nodes[25]), ==, MS(20)); /* of 20 and 30 ms the lower */
    g_assert_cmpint(median(&series->stake[49]), ==, MS(20));
    g_assert_cmpint(sketch_quantile(&series->nodes[74], (struct ratio){9, 10}), ==, MS(60));
    g_assert_cmpuint(series->nodes[74].count, ==, 2);
    g_assert_cmpuint(series->nodes[99].count, ==, 1);
    g_assert_cmpint(median(&series->nodes[99]), ==, MS(60));
    reductions_release(&all);
}

/* The table of coverage brings the rows that it is made of. */
static void coverage_asks_for_its_rows(void)
{
    g_assert_cmpuint(table_optional_rows(TABLE_BIT(TABLE_COVERAGE)), ==,
                     TRACE_BIT(TRACE_MESSAGE) | TRACE_BIT(TRACE_ARRIVAL));
    g_assert_cmpuint(table_optional_rows(TABLE_BIT(TABLE_TRAFFIC) | TABLE_BIT(TABLE_LOADS)), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/traffic/metrics of loads", metrics_of_loads);
    g_test_add_func("/traffic/metrics of unequal nodes", metrics_of_unequal_nodes);
    g_test_add_func("/traffic/metrics without loads", metrics_without_loads);
    g_test_add_func("/traffic/coverage by hand", coverage_by_hand);
    g_test_add_func("/traffic/coverage asks for its rows", coverage_asks_for_its_rows);
    return g_test_run();
}
