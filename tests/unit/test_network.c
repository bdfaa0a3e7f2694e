/* SPDX-License-Identifier: MIT */
/* A network as others see it: delays that are pure functions, asked one by one or for all nodes at once. */
#include "network/network.h"

#include "network_setup.h"

static struct network *constant(uint32_t nodes, const char *delay)
{
    return setup_network(nodes, SETTINGS("latency", "constant", "latency.delay", delay));
}

/* Ten nodes, 80 ms between any two: an arrival is the time sent plus that, and at the sender the time sent. */
static void constant_delay(void)
{
    struct network *network = constant(10, "80 ms");
    struct network_message message = {.id = 1, .size_bytes = 1000, .sent_ns = 5 * SECOND};
    g_assert_cmpint(network_arrival(network, &message, 3, 4), ==, 5 * SECOND + 80 * MILLISECOND);
    g_assert_cmpint(network_arrival(network, &message, 3, 3), ==, 5 * SECOND);
    g_assert_cmpint(network_least_delay(network, 3, 4), ==, 80 * MILLISECOND);
    g_assert_cmpint(network_least_delay(network, 3, 3), ==, 0);
    g_assert_cmpint(network_delay_bound(network, 1000), ==, 80 * MILLISECOND);
    g_assert_cmpstr(network_region(network, 7), ==, "");
    network_free(network);
}

/* A cost at every receiver (verifying a signature) comes on top, but not at the sender itself. */
static void receivers_take_their_time(void)
{
    struct network *network = constant(3, "1 ms");
    struct network_message message = {.id = 1, .sent_ns = 0, .receiver_ns = 50 * MICROSECOND};
    g_assert_cmpint(network_arrival(network, &message, 0, 1), ==, 1050 * MICROSECOND);
    g_assert_cmpint(network_arrival(network, &message, 0, 0), ==, 0);
    network_free(network);
}

/* 1,000 bytes at 1 Mbit/s take 8 ms to send; one byte at 3 bit/ns does not end on a whole ns and is rounded up. */
static void sending_takes_time(void)
{
    struct network *slow =
        setup_network(2, SETTINGS("latency", "constant", "latency.delay", "1 ms", "bandwidth", "1 Mbit/s"));
    struct network_message message = {.id = 1, .size_bytes = 1000};
    g_assert_cmpint(network_arrival(slow, &message, 0, 1), ==, 9 * MILLISECOND);
    g_assert_cmpint(network_delay_bound(slow, 1000), ==, 9 * MILLISECOND);
    g_assert_cmpint(network_delay_bound(slow, 0), ==, 1 * MILLISECOND);
    network_free(slow);
    struct network *fast =
        setup_network(2, SETTINGS("latency", "constant", "latency.delay", "0", "bandwidth", "3 Gbit/s"));
    message.size_bytes = 1;
    g_assert_cmpint(network_arrival(fast, &message, 0, 1), ==, 3);
    network_free(fast);
}

/* What an adversary delays for ever never arrives, but at itself. */
static void never_is_never(void)
{
    struct network *network = constant(2, "1 ms");
    struct network_message message = {.id = 1, .sent_ns = TIME_NEVER};
    time_ns arrivals[2];
    network_arrivals(network, &message, 1, arrivals);
    g_assert_cmpint(arrivals[0], ==, TIME_NEVER);
    g_assert_cmpint(network_arrival(network, &message, 1, 0), ==, TIME_NEVER);
    network_free(network);
}

/* Uniform from 10 to 20 ms: all draws lie inside, 16 equal bins fill evenly (chi-squared of 15 df, .1 %: 37.70). */
static void uniform_is_uniform(void)
{
    struct network *network =
        setup_network(1000, SETTINGS("latency", "uniform", "latency.min", "10 ms", "latency.max", "20 ms"));
    double bins[16] = {0}, chi_squared = 0;
    time_ns arrivals[1000];
    for (uint64_t id = 0; id < 100; id++) {
        struct network_message message = {.id = id, .sent_ns = SECOND};
        network_arrivals(network, &message, 0, arrivals);
        for (node_id node = 1; node < 1000; node++) {
            time_ns delay = arrivals[node] - SECOND;
            g_assert_cmpint(delay, >=, 10 * MILLISECOND);
            g_assert_cmpint(delay, <=, 20 * MILLISECOND);
            bins[MIN(15, (delay - 10 * MILLISECOND) * 16 / (10 * MILLISECOND))]++;
        }
    }
    for (int bin = 0; bin < 16; bin++)
        chi_squared += (bins[bin] - 99900 / 16.0) * (bins[bin] - 99900 / 16.0) / (99900 / 16.0);
    g_assert_cmpfloat(chi_squared, <, 37.70);
    g_assert_cmpint(network_least_delay(network, 1, 2), ==, 10 * MILLISECOND);
    g_assert_cmpint(network_delay_bound(network, 0), ==, 20 * MILLISECOND);
    network_free(network);
}

/* Both ends of a range are drawn, even of two values: 0 and 1 ns come equally often, within 5 sigma. */
static void uniform_reaches_both_ends(void)
{
    struct network *network =
        setup_network(2, SETTINGS("latency", "uniform", "latency.min", "0", "latency.max", "1 ns"));
    int late = 0;
    for (uint64_t id = 0; id < 10000; id++) {
        struct network_message message = {.id = id};
        late += (int)network_arrival(network, &message, 0, 1);
    }
    g_assert_cmpint(ABS(late - 5000), <, 250);
    network_free(network);
}

/*
 * The same question has the same answer: one by one, for all at once, backwards, in a clone, and in a network that was
 * built again. Another message, sender or seed draws otherwise.
 */
static void arrivals_are_pure(void)
{
    const char *const *settings =
        SETTINGS("latency", "uniform", "latency.min", "10 ms", "latency.max", "3 h", "bandwidth", "1 Mbit/s");
    enum { nodes = 45 };
    struct network *network = setup_network(nodes, settings), *again = setup_network(nodes, settings);
    struct network *clone = network_clone(network);
    time_ns arrivals[nodes], others[nodes];
    for (node_id from = nodes; from-- > 0;) {
        struct network_message message = {.id = 77, .size_bytes = 300, .sent_ns = SECOND, .receiver_ns = 7};
        network_arrivals(network, &message, from, arrivals);
        for (node_id to = nodes; to-- > 0;)
            g_assert_cmpint(network_arrival(network, &message, from, to), ==, arrivals[to]);
        network_arrivals(again, &message, from, others);
        g_assert_cmpmem(others, sizeof others, arrivals, sizeof arrivals);
        network_arrivals(clone, &message, from, others);
        g_assert_cmpmem(others, sizeof others, arrivals, sizeof arrivals);
        message.id++;
        network_arrivals(network, &message, from, others);
        for (node_id to = 0; to < nodes; to++)
            g_assert_true(to == from || others[to] != arrivals[to]);
    }
    network_free(network);
    struct network_message message = {.id = 77, .size_bytes = 300, .sent_ns = SECOND, .receiver_ns = 7};
    network_arrivals(clone, &message, 0, others); /* the clone outlives what it was made from */
    g_assert_cmpmem(others, sizeof others, arrivals, sizeof arrivals);
    for (node_id to = 1; to < nodes; to++)
        g_assert_cmpint(network_arrival(again, &message, 0, to), !=, network_arrival(again, &message, to, 0));
    network_free(clone);
    network_free(again);
}

/* Without a fault two nodes of a model without regions cannot be placed by name. */
static void unknown_region_is_refused(void)
{
    GError *error = NULL;
    const char *regions[] = {NULL, "eu-west-1"};
    struct network *network =
        network_new(setup_params(SETTINGS("latency", "constant")), 2, regions, &setup_seed, &error);
    g_assert_null(network);
    g_assert_cmpstr(error->message, ==, "node 1: there is no region eu-west-1: this latency model has none");
    g_error_free(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network/constant delay", constant_delay);
    g_test_add_func("/network/receivers take their time", receivers_take_their_time);
    g_test_add_func("/network/sending takes time", sending_takes_time);
    g_test_add_func("/network/never is never", never_is_never);
    g_test_add_func("/network/uniform is uniform", uniform_is_uniform);
    g_test_add_func("/network/uniform reaches both ends", uniform_reaches_both_ends);
    g_test_add_func("/network/arrivals are pure", arrivals_are_pure);
    g_test_add_func("/network/unknown region is refused", unknown_region_is_refused);
    return g_test_run();
}
