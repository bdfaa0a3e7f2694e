/* SPDX-License-Identifier: MIT */
/* Faults on a timetable. Six nodes (0 to 2 and 3 to 5), 10 ms between any two, unless a test says otherwise. */
#include "network/network.h"

#include "network_setup.h"

#include <math.h>

#define TEN (10 * MILLISECOND)

static const uint8_t halves[6] = {1, 1, 1, 2, 2, 2};

static struct network *six(void)
{
    return setup_network(6, SETTINGS("latency", "constant", "latency.delay", "10 ms"));
}

static time_ns arrival(const struct network *network, time_ns sent_ns, node_id from, node_id to)
{
    struct network_message message = {.id = 5, .sent_ns = sent_ns};
    time_ns all[6];
    network_arrivals(network, &message, from, all);
    time_ns one = network_arrival(network, &message, from, to);
    g_assert_cmpint(one, ==, all[to]); /* both ways of asking agree */
    return one;
}

/*
 * Halves are split from 1 s to 2 s. Sent just before: arrives, though the split has begun. Sent within: leaves at 2 s.
 * Sent at 2 s: at once. Within a half nothing changes.
 */
static void partition_holds(void)
{
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    g_assert_cmpint(arrival(network, SECOND - 1, 0, 3), ==, SECOND - 1 + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, 2 * SECOND - 1, 3, 0), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, 2 * SECOND, 0, 3), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 2), ==, SECOND + TEN);
    network_free(network);
}

/* A split that drops loses what crosses it, and nothing else; one that never heals holds for ever. */
static void partition_drops(void)
{
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, true);
    network_partition(network, 3 * SECOND, TIME_NEVER, halves, false);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, TIME_NEVER);
    g_assert_cmpint(arrival(network, SECOND, 3, 4), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, 2 * SECOND, 0, 3), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, 4 * SECOND, 0, 3), ==, TIME_NEVER);
    network_free(network);
}

/*
 * Three splits in a chain: halves from 1 s to 2 s, node 0 alone from 1.5 s to 3 s, halves again from 3 s to 4 s. A
 * message from 0 to 3 is held by each in turn; from 1 to 3 only by the first; from 0 to 1 only by the second.
 */
static void holds_chain(void)
{
    static const uint8_t alone[6] = {2, 1, 1, 1, 1, 1};
    struct network *network = six();
    network_partition(network, 3 * SECOND, 4 * SECOND, halves, false);
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    network_partition(network, 3 * SECOND / 2, 3 * SECOND, alone, false);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, 4 * SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 1, 3), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 1), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, 3 * SECOND / 2, 0, 1), ==, 3 * SECOND + TEN);
    network_free(network);
}

/* Node 2 stands on both sides: it hears everybody and everybody hears it, but it does not carry messages across. */
static void a_bridge_hears_both_sides(void)
{
    static const uint8_t side[6] = {1, 1, 0, 2, 2, 2};
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, side, true);
    g_assert_cmpint(arrival(network, SECOND, 0, 2), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 2, 0), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 2, 3), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, TIME_NEVER);
    network_free(network);
}

/* What is held until a split that drops begins is dropped by it. */
static void a_hold_can_end_in_a_drop(void)
{
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    network_partition(network, 2 * SECOND, 3 * SECOND, halves, true);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, TIME_NEVER);
    network_free(network);
}

/*
 * Node 4 is down from 1 s to 2 s, and again from 2 s to 2.5 s. What arrives within waits until 2.5 s; what was sent
 * before and arrives within too; what arrives at 2.5 s is not late. Others do not notice.
 */
static void outage_holds_arrivals(void)
{
    struct network *network = six();
    network_outage(network, 4, 2 * SECOND, 5 * SECOND / 2, false);
    network_outage(network, 4, SECOND, 2 * SECOND, false);
    g_assert_cmpint(arrival(network, SECOND - TEN - 1, 0, 4), ==, SECOND - 1);
    g_assert_cmpint(arrival(network, SECOND - TEN, 0, 4), ==, 5 * SECOND / 2);
    g_assert_cmpint(arrival(network, 5 * SECOND / 2 - TEN, 0, 4), ==, 5 * SECOND / 2);
    g_assert_cmpint(arrival(network, SECOND, 0, 5), ==, SECOND + TEN);
    g_assert_true(network_is_down(network, 4, SECOND));
    g_assert_true(network_is_down(network, 4, 5 * SECOND / 2 - 1));
    g_assert_false(network_is_down(network, 4, 5 * SECOND / 2));
    g_assert_false(network_is_down(network, 4, SECOND - 1));
    g_assert_false(network_is_down(network, 3, SECOND));
    network_free(network);
}

/* A short outage inside a long one changes nothing; one that drops loses only what arrives within it. */
static void outages_overlap(void)
{
    struct network *network = six();
    network_outage(network, 4, SECOND, 4 * SECOND, false);
    network_outage(network, 4, 2 * SECOND, 3 * SECOND, false);
    network_outage(network, 5, SECOND, 2 * SECOND, true);
    network_outage(network, 3, SECOND, TIME_NEVER, false);
    g_assert_cmpint(arrival(network, SECOND, 0, 4), ==, 4 * SECOND);
    g_assert_cmpint(arrival(network, 5 * SECOND / 2, 0, 4), ==, 4 * SECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 5), ==, TIME_NEVER);
    g_assert_cmpint(arrival(network, 2 * SECOND, 0, 5), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, TIME_NEVER);
    g_assert_true(network_is_down(network, 4, 7 * SECOND / 2));
    network_free(network);
}

/* A split heals while the receiver is down: the message leaves at the heal and waits for the receiver. */
static void partition_then_outage(void)
{
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    network_outage(network, 3, 2 * SECOND, 3 * SECOND, false);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, 3 * SECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 4), ==, 2 * SECOND + TEN);
    network_free(network);
}

/* Messages from or to nodes 0 and 1 take 5 ms more for a while, once a message; two such faults add up. */
static void slow_adds(void)
{
    static const bool in[6] = {true, true};
    struct network *network = six();
    network_slow(network, SECOND, 3 * SECOND, in, 5 * MILLISECOND);
    network_slow(network, 2 * SECOND, 3 * SECOND, in, MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 1), ==, SECOND + TEN + 5 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 4), ==, SECOND + TEN + 5 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 4, 0), ==, SECOND + TEN + 5 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 4, 5), ==, SECOND + TEN);
    g_assert_cmpint(arrival(network, 2 * SECOND, 4, 0), ==, 2 * SECOND + TEN + 6 * MILLISECOND);
    g_assert_cmpint(arrival(network, 3 * SECOND, 4, 0), ==, 3 * SECOND + TEN);
    network_slow(network, 4 * SECOND, 5 * SECOND, NULL, HOUR); /* everybody */
    g_assert_cmpint(arrival(network, 4 * SECOND, 4, 5), ==, 4 * SECOND + TEN + HOUR);
    network_free(network);
}

/* A held message meets the slowness of the time at which it leaves, not of the time at which it was sent. */
static void held_messages_leave_later(void)
{
    static const bool in[6] = {true};
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    network_slow(network, SECOND, 2 * SECOND, in, HOUR);
    network_slow(network, 2 * SECOND, 3 * SECOND, in, MINUTE);
    g_assert_cmpint(arrival(network, SECOND, 0, 3), ==, 2 * SECOND + TEN + MINUTE);
    g_assert_cmpint(arrival(network, SECOND, 0, 1), ==, SECOND + TEN + HOUR);
    network_free(network);
}

/* How many of 20,000 messages from node 0 to `to` get through. */
static int arrived(const struct network *network, node_id to)
{
    int count = 0;
    for (uint64_t id = 0; id < 20000; id++) {
        struct network_message message = {.id = id * 0x9e3779b97f4a7c15, .sent_ns = SECOND};
        time_ns one = network_arrival(network, &message, 0, to);
        g_assert_true(one == TIME_NEVER || one == SECOND + TEN);
        count += one != TIME_NEVER;
    }
    return count;
}

/* Loss of 30 %, and of 1/3 on top of it at node 5: shares that get through lie within 5 sigma; 0 and 1 are exact. */
static void loss_has_its_rate(void)
{
    static const bool some[6] = {false, false, false, false, true, true}, last[6] = {[5] = true},
                      third[6] = {[3] = true}, second[6] = {[2] = true};
    struct network *network = six();
    network_lose(network, 0, HOUR, some, (struct ratio){3, 10});
    network_lose(network, 0, HOUR, last, (struct ratio){1, 3});
    network_lose(network, 0, HOUR, third, (struct ratio){1, 1});
    network_lose(network, 0, HOUR, second, (struct ratio){0, 1});
    g_assert_cmpint(arrived(network, 1), ==, 20000);
    g_assert_cmpint(arrived(network, 2), ==, 20000);
    g_assert_cmpint(arrived(network, 3), ==, 0);
    g_assert_cmpfloat(fabs(arrived(network, 4) - 20000 * .7), <, 5 * sqrt(20000 * .7 * .3));
    double both = .7 * 2 / 3;
    g_assert_cmpfloat(fabs(arrived(network, 5) - 20000 * both), <, 5 * sqrt(20000 * both * (1 - both)));
    g_assert_cmpint(arrival(network, HOUR, 0, 3), ==, HOUR + TEN);
    network_free(network);
}

/* A clone has the faults of its original at that moment; what either is given later the other does not see. */
static void clones_go_apart(void)
{
    struct network *network = six();
    network_partition(network, SECOND, 2 * SECOND, halves, false);
    network_outage(network, 1, SECOND, 2 * SECOND, false);
    struct network *clone = network_clone(network);
    network_partition(clone, 3 * SECOND, 4 * SECOND, halves, true);
    network_outage(network, 2, SECOND, 2 * SECOND, false);
    g_assert_cmpint(arrival(clone, SECOND, 0, 3), ==, 2 * SECOND + TEN);
    g_assert_cmpint(arrival(clone, SECOND, 0, 1), ==, 2 * SECOND);
    g_assert_cmpint(arrival(clone, SECOND, 0, 2), ==, SECOND + TEN);
    g_assert_cmpint(arrival(clone, 3 * SECOND, 0, 3), ==, TIME_NEVER);
    g_assert_cmpint(arrival(network, 3 * SECOND, 0, 3), ==, 3 * SECOND + TEN);
    g_assert_cmpint(arrival(network, SECOND, 0, 2), ==, 2 * SECOND);
    network_free(network);
    network_free(clone);
}

/*
 * Every kind of fault at once over random delays: 30 messages a sender, asked for in bulk, one by one and backwards,
 * and of a clone. Some arrive as they would without faults, some later, some never.
 */
static void bulk_agrees_with_one_by_one(void)
{
    const char *const *settings = SETTINGS("latency", "uniform", "latency.min", "1 ms", "latency.max", "2 s");
    static const bool in[6] = {true, false, true};
    struct network *network = setup_network(6, settings), *quiet = setup_network(6, settings);
    network_partition(network, SECOND, 3 * SECOND, halves, false);
    network_partition(network, 2 * SECOND, 4 * SECOND, (const uint8_t[6]){2, 1, 2, 1, 2, 1}, true);
    network_slow(network, 0, 2 * SECOND, in, 77);
    network_lose(network, 0, 5 * SECOND, NULL, (struct ratio){1, 5});
    network_outage(network, 1, SECOND / 2, 3 * SECOND, false);
    network_outage(network, 2, 4 * SECOND, 5 * SECOND, true);
    struct network *clone = network_clone(network);
    int same = 0, later = 0, never = 0;
    for (uint64_t id = 0; id < 30; id++)
        for (node_id from = 0; from < 6; from++) {
            struct network_message message = {
                .id = id, .size_bytes = 9, .sent_ns = (time_ns)id * SECOND / 5, .receiver_ns = 3};
            time_ns all[6], without[6], again[6];
            network_arrivals(network, &message, from, all);
            network_arrivals(quiet, &message, from, without);
            network_arrivals(clone, &message, from, again);
            g_assert_cmpmem(again, sizeof again, all, sizeof all);
            for (node_id to = 6; to-- > 0;) {
                g_assert_cmpint(network_arrival(network, &message, from, to), ==, all[to]);
                g_assert_cmpint(all[to], >=, without[to]);
                same += all[to] == without[to];
                never += all[to] == TIME_NEVER;
                later += all[to] > without[to] && all[to] != TIME_NEVER;
            }
        }
    g_assert_cmpint(MIN(same, MIN(later, never)), >, 50);
    network_free(network);
    network_free(quiet);
    network_free(clone);
}

/*
 * A hundred random timetables against the rules told in the plainest way: step by step through the faults in a list.
 * Times are small whole numbers so that begins, ends and messages meet often.
 */
struct plain {
    time_ns from, until;
    uint8_t side[6];
    bool drop;
};

static bool apart(const struct plain *split, node_id a, node_id b)
{
    return split->side[a] * split->side[b] != 0 && split->side[a] != split->side[b];
}

static time_ns plain_arrival(const struct plain *splits, int split_count, const struct plain *downs, int down_count,
                             time_ns sent, node_id from, node_id to)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < split_count; i++)
            if (splits[i].from <= sent && sent < splits[i].until && apart(&splits[i], from, to) && splits[i].drop)
                return TIME_NEVER;
        time_ns leaves = sent; /* the last of the splits that hold it now lets it go */
        for (int i = 0; i < split_count; i++)
            if (splits[i].from <= sent && sent < splits[i].until && apart(&splits[i], from, to))
                leaves = MAX(leaves, splits[i].until);
        moved = leaves > sent;
        sent = leaves;
    }
    time_ns lands = sent + 3;
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < down_count; i++)
            if (downs[i].from <= lands && lands < downs[i].until && downs[i].side[to]) {
                lands = downs[i].until;
                moved = true;
            }
    }
    return lands;
}

static void random_timetables(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 9);
    int held = 0, lost = 0, plainly = 0;
    for (int round = 0; round < 100; round++) {
        struct network *network = setup_network(6, SETTINGS("latency", "constant", "latency.delay", "3 ns"));
        struct plain splits[4], downs[4];
        for (int i = 0; i < 4; i++) {
            splits[i] =
                (struct plain){.from = (time_ns)random_below(&stream, 40), .drop = random_below(&stream, 8) == 0};
            splits[i].until = splits[i].from + 1 + (time_ns)random_below(&stream, 10);
            downs[i] = (struct plain){.from = (time_ns)random_below(&stream, 40)};
            downs[i].until = downs[i].from + 1 + (time_ns)random_below(&stream, 20);
            for (int node = 0; node < 6; node++)
                splits[i].side[node] = (uint8_t)random_below(&stream, 3);
            node_id down = (node_id)random_below(&stream, 3); /* few, so that their outages overlap */
            downs[i].side[down] = 1;
            network_partition(network, splits[i].from, splits[i].until, splits[i].side, splits[i].drop);
            network_outage(network, down, downs[i].from, downs[i].until, false);
        }
        for (time_ns sent = 0; sent < 60; sent++)
            for (node_id from = 0; from < 6; from++)
                for (node_id to = 0; to < 6; to++) {
                    time_ns told = from == to ? sent : plain_arrival(splits, 4, downs, 4, sent, from, to);
                    g_assert_cmpint(arrival(network, sent, from, to), ==, told);
                    bool is_down = false;
                    for (int i = 0; i < 4; i++)
                        is_down |= downs[i].side[to] && downs[i].from <= sent && sent < downs[i].until;
                    g_assert_true(network_is_down(network, to, sent) == is_down);
                    held += told != TIME_NEVER && told > sent + 3;
                    lost += told == TIME_NEVER;
                    plainly += told == sent + 3;
                }
        network_free(network);
    }
    g_assert_cmpint(MIN(held, MIN(lost, plainly)), >, 1000); /* each way was taken often */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/faults/partition holds", partition_holds);
    g_test_add_func("/faults/partition drops", partition_drops);
    g_test_add_func("/faults/holds chain", holds_chain);
    g_test_add_func("/faults/a bridge hears both sides", a_bridge_hears_both_sides);
    g_test_add_func("/faults/a hold can end in a drop", a_hold_can_end_in_a_drop);
    g_test_add_func("/faults/outage holds arrivals", outage_holds_arrivals);
    g_test_add_func("/faults/outages overlap", outages_overlap);
    g_test_add_func("/faults/partition then outage", partition_then_outage);
    g_test_add_func("/faults/slow adds", slow_adds);
    g_test_add_func("/faults/held messages leave later", held_messages_leave_later);
    g_test_add_func("/faults/loss has its rate", loss_has_its_rate);
    g_test_add_func("/faults/clones go apart", clones_go_apart);
    g_test_add_func("/faults/bulk agrees with one by one", bulk_agrees_with_one_by_one);
    g_test_add_func("/faults/random timetables", random_timetables);
    return g_test_run();
}
