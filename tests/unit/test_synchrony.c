/* SPDX-License-Identifier: MIT */
/* Loss that is sent again, asynchrony before a stabilisation, and clocks. Delays are 10 ms throughout. */
#include "network/network.h"

#include "network_setup.h"

#include <math.h>

#define TEN  (10 * MILLISECOND)
#define SENT 20000
#define BASE "latency", "constant", "latency.delay", "10 ms"

static time_ns arrival(const struct network *network, uint64_t id, time_ns sent_ns, node_id from, node_id to)
{
    struct network_message message = {.id = id, .sent_ns = sent_ns};
    time_ns all[4];
    network_arrivals(network, &message, from, all);
    g_assert_cmpint(network_arrival(network, &message, from, to), ==, all[to]); /* both ways of asking agree */
    return all[to];
}

/*
 * Half of what is sent is lost each time, and sent again after 100 ms: k retries with probability 2^-(k+1), each within
 * 5 sigma; after three retries it is lost for good. Never earlier than without loss.
 */
static void retries_are_geometric(void)
{
    struct network *network = setup_network(4, SETTINGS(BASE, "loss.probability", "50 %", "loss.retransmit_after",
                                                        "100 ms", "loss.most", "3", "loss.doubling", "off"));
    int retries[4] = {0}, lost = 0;
    for (uint64_t id = 0; id < SENT; id++) {
        time_ns late = arrival(network, id, SECOND, 0, 1) - SECOND - TEN;
        if (late > HOUR) {
            lost++;
            continue;
        }
        g_assert_cmpint(late % (100 * MILLISECOND), ==, 0);
        g_assert_cmpint(late, <=, 300 * MILLISECOND);
        retries[late / (100 * MILLISECOND)]++;
    }
    for (int k = 0; k <= 4; k++) {
        double p = k == 4 ? 1. / 16 : pow(.5, k + 1);
        g_assert_cmpfloat(fabs((k == 4 ? lost : retries[k]) - SENT * p), <, 5 * sqrt(SENT * p * (1 - p)));
    }
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, TEN);
    g_assert_cmpint(network_delay_bound(network, 0), ==, TEN + 300 * MILLISECOND);
    g_assert_cmpint(arrival(network, 7, SECOND, 0, 0), ==, SECOND);
    network_free(network);
}

/* Waits of 100, 200 and 400 ms: arrivals 0, 100, 300 and 700 ms later. Without retries what is lost is lost. */
static void waits_double(void)
{
    struct network *network = setup_network(
        4, SETTINGS(BASE, "loss.probability", "50 %", "loss.retransmit_after", "100 ms", "loss.most", "3"));
    struct network *plain = setup_network(4, SETTINGS(BASE, "loss.probability", "50 %"));
    int seen[8] = {0};
    for (uint64_t id = 0; id < 1000; id++) {
        time_ns late = arrival(network, id, 0, 2, 3) - TEN;
        seen[late > HOUR ? 2 : late / (100 * MILLISECOND)]++;
        time_ns once = arrival(plain, id, 0, 2, 3);
        g_assert_true(once == TEN || once == TIME_NEVER);
    }
    g_assert_cmpint(seen[0] + seen[1] + seen[2] + seen[3] + seen[7], ==, 1000);
    g_assert_true(seen[0] && seen[1] && seen[2] && seen[3] && seen[7]);
    g_assert_cmpint(network_delay_bound(network, 0), ==, TEN + 700 * MILLISECOND);
    network_free(network);
    network_free(plain);
}

/* What the network loses at any time moves no draw of a fault of the timetable; a clone draws the same. */
static void losses_draw_apart(void)
{
    struct network *alone = setup_network(4, SETTINGS(BASE));
    struct network *both =
        setup_network(4, SETTINGS(BASE, "loss.probability", "20 %", "loss.retransmit_after", "1 ms", "gst.at", "1 s"));
    network_lose(alone, 0, HOUR, NULL, (struct ratio){1, 3});
    network_lose(both, 0, HOUR, NULL, (struct ratio){1, 3});
    struct network *clone = network_clone(both);
    int lost = 0, later = 0;
    for (uint64_t id = 0; id < 2000; id++) {
        time_ns with = arrival(both, id, 2 * SECOND, 0, 1), without = arrival(alone, id, 2 * SECOND, 0, 1);
        g_assert_cmpint(arrival(clone, id, 2 * SECOND, 0, 1), ==, with);
        g_assert_true(without != TIME_NEVER || with == TIME_NEVER);
        g_assert_true(with == TIME_NEVER || with >= without);
        lost += without == TIME_NEVER;
        later += with != without;
    }
    g_assert_cmpint(lost, >, 500);
    g_assert_cmpint(later, >, 200);
    network_free(alone);
    network_free(both);
    network_free(clone);
}

/*
 * Stable from 10 min on; before, everything is late by 30 s, but nothing sent before is later than what is sent then.
 * Without a bound it is all held until then.
 */
static void worst_case_before_gst(void)
{
    struct network *network = setup_network(4, SETTINGS(BASE, "gst.at", "10 min", "gst.delay_before", "30 s"));
    g_assert_cmpint(arrival(network, 1, 0, 0, 1), ==, 30 * SECOND + TEN);
    g_assert_cmpint(arrival(network, 1, 10 * MINUTE - 5 * SECOND, 0, 1), ==, 10 * MINUTE + TEN);
    g_assert_cmpint(arrival(network, 1, 10 * MINUTE - 1, 0, 1), ==, 10 * MINUTE + TEN);
    g_assert_cmpint(arrival(network, 1, 10 * MINUTE, 0, 1), ==, 10 * MINUTE + TEN);
    g_assert_cmpint(arrival(network, 1, 5, 2, 2), ==, 5);
    g_assert_cmpint(network_gst(network), ==, 10 * MINUTE);
    g_assert_cmpint(network_delay_bound(network, 0), ==, TEN); /* from then on */
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, TEN);
    network_free(network);
    network = setup_network(4, SETTINGS(BASE, "gst.at", "10 min"));
    g_assert_cmpint(arrival(network, 1, 0, 0, 1), ==, 10 * MINUTE + TEN);
    network_free(network);
}

/* Drawn: even on 0 to 30 s, each message and receiver by itself; near the end on what is left. */
static void drawn_before_gst(void)
{
    struct network *network =
        setup_network(4, SETTINGS(BASE, "gst.at", "10 min", "gst.delay_before", "30 s", "gst.choice", "random"));
    double sum = 0, squares = 0, product = 0;
    for (uint64_t id = 0; id < SENT; id++) {
        double late = (double)(arrival(network, id, SECOND, 0, 1) - SECOND - TEN) / (30. * SECOND);
        double other = (double)(arrival(network, id, SECOND, 0, 2) - SECOND - TEN) / (30. * SECOND);
        g_assert_true(late >= 0 && late <= 1);
        sum += late;
        squares += late * late;
        product += (late - .5) * (other - .5);
        time_ns end = arrival(network, id, 10 * MINUTE - SECOND, 0, 1);
        g_assert_true(end >= 10 * MINUTE - SECOND + TEN && end <= 10 * MINUTE + TEN);
    }
    g_assert_cmpfloat(fabs(sum / SENT - .5), <, 5 * sqrt(1. / 12 / SENT));
    g_assert_cmpfloat(fabs(squares / SENT - 1. / 3), <, 5 * sqrt(4. / 45 / SENT));
    g_assert_cmpfloat(fabs(product / SENT), <, 5 / 12. / sqrt(SENT));
    network_free(network);
}

/* Ahead by 0 to 100 ms, too fast or slow by up to 20 ppm, evenly; a clock is back at what it showed at the same time.
 */
static void clocks_are_drawn(void)
{
    const uint32_t nodes = 4000;
    struct network *network = setup_network(nodes, SETTINGS(BASE, "clocks.skew", "100 ms", "clocks.drift", "0.002 %"));
    double ahead = 0, drift = 0;
    time_ns least = HOUR, most = 0;
    g_assert_true(network_clocks_differ(network));
    for (node_id node = 0; node < nodes; node++) {
        time_ns start = network_clock_shows(network, node, 0);
        int64_t gained = network_clock_shows(network, node, 1000000 * SECOND) - 1000000 * SECOND - start;
        g_assert_true(start >= 0 && start <= 100 * MILLISECOND);
        g_assert_true(gained >= -20 * SECOND && gained <= 20 * SECOND);
        least = MIN(least, start);
        most = MAX(most, start);
        ahead += (double)start / (100. * MILLISECOND);
        drift += (double)gained / (20. * SECOND);
        for (time_ns at = 0; at < 1000000; at += 99991) {
            time_ns shown = network_clock_shows(network, node, at * SECOND + at);
            time_ns reached = network_clock_reaches(network, node, shown);
            g_assert_cmpint(reached, <=, at * SECOND + at);
            g_assert_cmpint(network_clock_shows(network, node, reached), >=, shown);
            g_assert_true(reached == 0 || network_clock_shows(network, node, reached - 1) < shown);
        }
        g_assert_cmpint(network_clock_reaches(network, node, 0), ==, 0);
        for (time_ns shown = 1; shown < HOUR; shown = 7 * shown + 3)
            g_assert_cmpint(network_clock_reaches(network, node, shown), <=, network_clocks_reach(network, shown));
    }
    g_assert_cmpint(network_clocks_reach(network, HOUR), >=, HOUR);
    g_assert_cmpint(network_clocks_reach(network, HOUR), <, HOUR + 73 * MILLISECOND);
    g_assert_cmpfloat(fabs(ahead / nodes - .5), <, 5 * sqrt(1. / 12 / nodes));
    g_assert_cmpfloat(fabs(drift / nodes), <, 5 * sqrt(1. / 3 / nodes));
    g_assert_true(least < MILLISECOND && most > 99 * MILLISECOND);
    network_free(network);
    network = setup_network(4, SETTINGS(BASE));
    g_assert_false(network_clocks_differ(network));
    g_assert_cmpint(network_clock_shows(network, 3, 77), ==, 77);
    g_assert_cmpint(network_clock_reaches(network, 3, 77), ==, 77);
    network_free(network);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/synchrony/retries are geometric", retries_are_geometric);
    g_test_add_func("/synchrony/waits double", waits_double);
    g_test_add_func("/synchrony/losses draw apart", losses_draw_apart);
    g_test_add_func("/synchrony/worst case before gst", worst_case_before_gst);
    g_test_add_func("/synchrony/drawn before gst", drawn_before_gst);
    g_test_add_func("/synchrony/clocks are drawn", clocks_are_drawn);
    return g_test_run();
}
