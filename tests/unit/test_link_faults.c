/* SPDX-License-Identifier: MIT */
/* What changes over time between nodes: stretched and throttled links, congestion over the day, and repetitions. */
#include "network/network.h"

#include "network_setup.h"

#include <math.h>

#define TEN   (10 * MILLISECOND)
#define NODES 4
#define BASE  "latency", "constant", "latency.delay", "10 ms"

static const bool first[NODES] = {true}, last[NODES] = {[NODES - 1] = true};

static time_ns arrival(const struct network *network, uint32_t size_bytes, time_ns sent_ns, node_id from, node_id to)
{
    struct network_message message = {.id = 7, .size_bytes = size_bytes, .sent_ns = sent_ns};
    time_ns all[NODES];
    network_arrivals(network, &message, from, all);
    g_assert_cmpint(network_arrival(network, &message, from, to), ==, all[to]); /* both ways of asking agree */
    return all[to] - sent_ns;
}

/* Half as long again and 1 ms more between node 0 and node 3, either way; not between either of them and others. */
static void stretch_between_two_groups(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE));
    const struct network_links links = {.in = first, .toward = last};
    network_slow_links(network, SECOND, 2 * SECOND, &links, MILLISECOND, (struct ratio){1, 2});
    g_assert_cmpint(arrival(network, 0, SECOND, 0, 3), ==, TEN + TEN / 2 + MILLISECOND);
    g_assert_cmpint(arrival(network, 0, SECOND, 3, 0), ==, TEN + TEN / 2 + MILLISECOND);
    g_assert_cmpint(arrival(network, 0, SECOND, 0, 1), ==, TEN);
    g_assert_cmpint(arrival(network, 0, SECOND, 1, 3), ==, TEN);
    g_assert_cmpint(arrival(network, 0, SECOND - 1, 0, 3), ==, TEN);
    g_assert_cmpint(arrival(network, 0, 2 * SECOND, 0, 3), ==, TEN);
    network_free(network);
}

/* On a graph it is the path's delay that stretches: 0 - 1 - 2 takes 20 ms, and 30 ms while it is half as long again. */
static void stretch_of_a_path(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE, "topology", "small_world", "topology.degree", "2",
                                                            "topology.rewire", "0 %")); /* a ring */
    time_ns before[NODES], hops = 0;
    for (node_id to = 1; to < NODES; to++) {
        before[to] = arrival(network, 0, 0, 0, to);
        hops += before[to] / TEN;
    }
    g_assert_cmpint(hops, ==, 1 + 2 + 1);
    network_slow_links(network, SECOND, 2 * SECOND, &(struct network_links){.in = first}, 0, (struct ratio){1, 2});
    for (node_id to = 1; to < NODES; to++)
        g_assert_cmpint(arrival(network, 0, SECOND, 0, to), ==, before[to] + before[to] / 2);
    network_free(network);
}

/*
 * 10 kB at 1 Mbit/s take 80 ms. Without a bandwidth nodes send at once until they are throttled; one that has 2 Mbit/s
 * (40 ms) is slower while throttled to 1, and no faster while "throttled" to 1 Gbit/s.
 */
static void throttles_take_the_lower_rate(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE)),
                   *slow = setup_network(NODES, SETTINGS(BASE, "bandwidth", "2 Mbit/s"));
    network_throttle(network, SECOND, 2 * SECOND, first, 1000000);
    network_throttle(slow, SECOND, 2 * SECOND, last, 1000000);
    network_throttle(slow, 3 * SECOND, 4 * SECOND, last, 1000000000);
    g_assert_cmpint(arrival(network, 10000, 0, 0, 1), ==, TEN);
    g_assert_cmpint(arrival(network, 10000, SECOND, 0, 1), ==, TEN + 80 * MILLISECOND);
    g_assert_cmpint(arrival(network, 10000, SECOND, 1, 0), ==, TEN + 80 * MILLISECOND);
    g_assert_cmpint(arrival(network, 10000, SECOND, 1, 2), ==, TEN);
    g_assert_cmpint(arrival(slow, 10000, 0, 3, 1), ==, TEN + 40 * MILLISECOND);
    g_assert_cmpint(arrival(slow, 10000, SECOND, 3, 1), ==, TEN + 80 * MILLISECOND);
    g_assert_cmpint(arrival(slow, 10000, SECOND, 0, 3), ==, TEN + 80 * MILLISECOND);
    g_assert_cmpint(arrival(slow, 10000, 3 * SECOND, 3, 1), ==, TEN + 40 * MILLISECOND);
    network_free(network);
    network_free(slow);
}

/* extra (1 - cos(2 pi x)) / 2 at each end that is hit, x from half a day before the peak; within a millionth of it. */
static void congestion_follows_the_day(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE));
    const struct network_congestion daily = {.extra_ns = SECOND, .period_ns = 24 * HOUR, .peak_ns = 21 * HOUR};
    const bool two[NODES] = {true, true};
    GError *error = NULL;
    g_assert_true(network_congest(network, 0, 48 * HOUR, two, &daily, &error));
    g_assert_cmpint(arrival(network, 0, 21 * HOUR, 0, 2), ==, TEN + SECOND);
    g_assert_cmpint(arrival(network, 0, 45 * HOUR, 2, 0), ==, TEN + SECOND);
    g_assert_cmpint(arrival(network, 0, 21 * HOUR, 0, 1), ==, TEN + 2 * SECOND); /* both ends are full */
    g_assert_cmpint(arrival(network, 0, 9 * HOUR, 0, 1), ==, TEN);
    g_assert_cmpint(arrival(network, 0, 21 * HOUR, 2, 3), ==, TEN);
    g_assert_cmpint(arrival(network, 0, 69 * HOUR, 0, 2), ==, TEN); /* it is over */
    for (int minute = 0; minute < 24 * 60; minute += 7) {
        double x = (minute / 60. - 21) / 24 + .5, expected = 1e9 * (1 - cos(2 * G_PI * x)) / 2;
        time_ns extra_ns = arrival(network, 0, minute * MINUTE, 0, 2) - TEN;
        g_assert_cmpfloat_with_epsilon((double)extra_ns, expected, 1e9 * 5e-6);
    }
    network_free(network);
}

/* In local time Oregon (-119.6 degrees, 7 h 58 min behind) is worst some eight hours after Greenwich; by its longitude.
 */
static void congestion_by_longitude(void)
{
    GError *error = NULL;
    const char *const regions[2] = {"us-west-2", "eu-west-2"};
    struct network *network = network_new(setup_params(SETTINGS("latency", "geographic", "latency.jitter", "0 %")), 2,
                                          regions, &setup_seed, &error);
    g_assert_no_error(error);
    const struct network_congestion daily = {
        .extra_ns = SECOND, .period_ns = 24 * HOUR, .peak_ns = 21 * HOUR, .local_time = true};
    const bool west[2] = {true, false};
    struct network_message message = {.id = 1};
    time_ns quiet_ns = network_arrival(network, &message, 0, 1), worst_ns = 0, worst_at = 0;
    g_assert_true(network_congest(network, 0, TIME_NEVER, west, &daily, &error));
    for (message.sent_ns = 12 * HOUR; message.sent_ns < 36 * HOUR; message.sent_ns += MINUTE) {
        time_ns extra_ns = network_arrival(network, &message, 0, 1) - message.sent_ns - quiet_ns;
        if (extra_ns > worst_ns) {
            worst_ns = extra_ns;
            worst_at = message.sent_ns;
        }
    }
    g_assert_cmpfloat_with_epsilon((double)worst_ns, 1e9, 1e5);
    g_assert_cmpfloat_with_epsilon((double)worst_at / 3.6e12 - 21, 119.6 / 15, .2);
    network_free(network);

    struct network *nowhere = setup_network(NODES, SETTINGS(BASE));
    g_assert_false(network_congest(nowhere, 0, TIME_NEVER, first, &daily, &error));
    g_assert_true(strstr(error->message, "needs to know where nodes are"));
    g_clear_error(&error);
    network_free(nowhere);
}

/*
 * Loss of a half that lasts a second of every ten: the same messages are lost each time, though another fault was added
 * between it and what came before; in between nothing is.
 */
static void repetitions_have_the_same_luck(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE));
    network_partition(network, 0, 1, (const uint8_t[NODES]){1, 2, 1, 2}, false);
    network_lose(network, SECOND, 2 * SECOND, first, (struct ratio){1, 2});
    for (int again = 1; again < 200; again++)
        network_repeat(network, (10 * again + 1) * SECOND, (10 * again + 2) * SECOND);
    int lost = 0;
    for (uint64_t id = 0; id < 1000; id++) {
        struct network_message message = {.id = id, .sent_ns = SECOND};
        bool is_lost = network_arrival(network, &message, 0, 1) == TIME_NEVER;
        lost += is_lost;
        for (int again = 1; again < 200; again += 66) {
            message.sent_ns = (10 * again + 1) * SECOND;
            g_assert_cmpint(network_arrival(network, &message, 0, 1) == TIME_NEVER, ==, is_lost);
            message.sent_ns += SECOND;
            g_assert_cmpint(network_arrival(network, &message, 0, 1), ==, message.sent_ns + TEN);
        }
    }
    g_assert_cmpint(lost, >, 500 - 80);
    g_assert_cmpint(lost, <, 500 + 80);
    network_free(network);
}

/* A clone asks of its own copies: the original may be gone, and what a clone is given later the original lacks. */
static void clones_keep_all_of_it(void)
{
    struct network *network = setup_network(NODES, SETTINGS(BASE));
    const struct network_congestion daily = {.extra_ns = SECOND, .period_ns = 4 * HOUR, .peak_ns = HOUR};
    g_assert_true(network_congest(network, 0, 8 * HOUR, first, &daily, NULL));
    network_slow_links(network, 0, HOUR, &(struct network_links){.in = first, .toward = last}, 0, (struct ratio){1, 1});
    struct network *clone = network_clone(network);
    network_repeat(clone, 2 * HOUR, 3 * HOUR);
    g_assert_cmpint(arrival(network, 0, 2 * HOUR, 0, 3) + TEN, ==, arrival(clone, 0, 2 * HOUR, 0, 3));
    time_ns expected = arrival(network, 0, HOUR / 2, 0, 3);
    network_free(network);
    g_assert_cmpint(arrival(clone, 0, HOUR / 2, 0, 3), ==, expected);
    network_free(clone);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/link-faults/stretch between two groups", stretch_between_two_groups);
    g_test_add_func("/link-faults/stretch of a path", stretch_of_a_path);
    g_test_add_func("/link-faults/throttles take the lower rate", throttles_take_the_lower_rate);
    g_test_add_func("/link-faults/congestion follows the day", congestion_follows_the_day);
    g_test_add_func("/link-faults/congestion by longitude", congestion_by_longitude);
    g_test_add_func("/link-faults/repetitions have the same luck", repetitions_have_the_same_luck);
    g_test_add_func("/link-faults/clones keep all of it", clones_keep_all_of_it);
    return g_test_run();
}
