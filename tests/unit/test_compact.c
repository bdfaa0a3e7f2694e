/* SPDX-License-Identifier: MIT */
/* Compact blocks: times and bytes of both modes, worked out by hand from BIP 152's figure of the protocol's flow. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS    MILLISECOND
#define BLOCK ((struct carrier_message){.size_bytes = 40000, .has_block = true})

#define COMPACT(bandwidth, complete_share)                                                                             \
    "relay", "compact", "relay.high_bandwidth", bandwidth, "relay.complete", complete_share, "cpu.block", "50 ms"

/* A line of three with 10 ms a link: when the nodes behind the sender have the block. */
static void assert_line(const char *const *settings, time_ns middle_ns, time_ns end_ns)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10", settings);
    carried_begin(&fixture);
    uint32_t block = carried_send(&fixture, 0, BLOCK);
    carried_run(&fixture, HOUR);
    g_assert_cmpint(carried_had(&fixture, block, 1), ==, middle_ns);
    g_assert_cmpint(carried_had(&fixture, block, 2), ==, end_ns);
    g_assert_cmpint(fixture.done_ns.at[block], !=, TIME_NEVER);
    g_assert_cmpuint(carried_traffic(&fixture).duplicates, ==, 0);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
    carried_release(&fixture);
}

/* .5 round trips a hop, and validation is not waited for; 1.5 where something is missing. */
static void high_bandwidth_takes_half_a_round_trip(void)
{
    assert_line(SETTINGS(COMPACT("3", "100 %")), 10 * MS + 50 * MS, 20 * MS + 50 * MS);
    assert_line(SETTINGS(COMPACT("3", "0 %")), 30 * MS + 50 * MS, 60 * MS + 50 * MS);
}

/* 1.5 round trips a hop from the announcement, which waits for validation; 2.5 where something is missing. */
static void low_bandwidth_takes_more(void)
{
    assert_line(SETTINGS(COMPACT("0", "100 %")), 30 * MS + 50 * MS, 2 * (30 * MS + 50 * MS));
    assert_line(SETTINGS(COMPACT("0", "0 %")), 50 * MS + 50 * MS, 2 * (50 * MS + 50 * MS));
}

/*
 * A block of 100 transactions of 400 bytes, 95 of which the receiver has: 300 bytes and 6 for each, then 5 times 400,
 * for which it sends 61 bytes and 3 for each. At 8 Mbit/s up the hop takes .9 + .076 + 2 ms of sending.
 */
static void sizes_are_those_of_the_specification(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10", SETTINGS("relay", "compact", "capacity.up", "8 Mbit/s"));
    carried_begin(&fixture);
    uint32_t block = carried_send(&fixture, 0, BLOCK);
    carried_run(&fixture, SECOND);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.copies, ==, 2);
    g_assert_cmpuint(traffic.bytes, ==, 900 + 2000);
    g_assert_cmpuint(traffic.control_messages, ==, 1);
    g_assert_cmpuint(traffic.control_bytes, ==, 61 + 15);
    g_assert_cmpint(carried_had(&fixture, block, 1), ==, 30 * MS + 2976 * MICROSECOND);
    g_assert_cmpuint(carrier_load(fixture.carrier, 1).down_bytes, ==, 2900);
    carried_release(&fixture);
}

/* The same downwards, at a byte in 4 us: the short ids pass the queue, then what was missing. */
static void both_parts_pass_the_queue(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10", SETTINGS("relay", "compact", "capacity.down", "2 Mbit/s"));
    carried_begin(&fixture);
    carried_run(&fixture, SECOND); /* so that nothing comes in earlier than the queue can know */
    uint32_t block = carried_send(&fixture, 0, BLOCK), behind = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 2 * SECOND);
    time_ns had_ns = carried_had(&fixture, block, 1) - SECOND;
    g_assert_cmpint(carried_had(&fixture, behind, 1), !=, TIME_NEVER);
    /* The block's short ids (3.6 ms) and the other message (4 ms) come in at once, in either order. */
    g_assert_true(had_ns == 30 * MS || had_ns == 30 * MS + 3600 * MICROSECOND || had_ns == 34 * MS);
    carried_release(&fixture);
}

/* With everything known nothing is asked for; what is no block, or small, is sent whole. */
static void little_things_are_pushed(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10", SETTINGS("relay", "compact", "relay.known", "100 %"));
    carried_begin(&fixture);
    carried_send(&fixture, 0, BLOCK);
    carried_run(&fixture, SECOND);
    g_assert_cmpuint(carried_traffic(&fixture).bytes, ==, 900);
    g_assert_cmpuint(carried_traffic(&fixture).control_messages, ==, 0);
    uint32_t vote = carried_broadcast(&fixture, 0, 40000);
    uint32_t small = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 1000, .has_block = true});
    carried_run(&fixture, 2 * SECOND);
    g_assert_cmpint(carried_had(&fixture, vote, 1), ==, SECOND + 10 * MS);
    g_assert_cmpint(carried_had(&fixture, small, 1), ==, SECOND + 10 * MS);
    g_assert_cmpuint(carried_traffic(&fixture).bytes, ==, 900 + 41000);
    carried_release(&fixture);
}

/*
 * A square: node 3 hears of nodes 1 and 2, of 1 first. The way back to 1 is cut after the short ids came, so its
 * request is lost; after a second it asks 2, and only for what is missing.
 */
static void who_is_asked_in_vain_is_replaced(void)
{
    static const uint8_t side[] = {0, 1, 0, 2};
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, "0,1,10 0,2,12 1,3,10 2,3,12",
                 SETTINGS("relay", "compact", "relay.high_bandwidth", "3", "relay.timeout", "1 s"));
    network_partition(fixture.network, 40 * MS, 20 * SECOND, side, true);
    carried_begin(&fixture);
    uint32_t block = carried_send(&fixture, 0, BLOCK);
    carried_run(&fixture, 30 * SECOND);
    g_assert_cmpint(carried_had(&fixture, block, 1), ==, 30 * MS);
    g_assert_cmpint(carried_had(&fixture, block, 2), ==, 36 * MS);
    g_assert_cmpint(carried_had(&fixture, block, 3), ==, 40 * MS + SECOND + 24 * MS);
    carried_release(&fixture);
}

/* Of 2,000 peers of a hub half have everything, within 5 sigma. */
static void completeness_is_drawn(void)
{
    enum { LEAVES = 2000 };
    GString *rows = g_string_new(NULL);
    for (unsigned leaf = 1; leaf <= LEAVES; leaf++)
        g_string_append_printf(rows, "%s0,%u,10", leaf > 1 ? " " : "", leaf);
    struct carrier_fixture fixture;
    carried_init(&fixture, LEAVES + 1, rows->str, SETTINGS("relay", "compact", "relay.complete", "50 %"));
    carried_begin(&fixture);
    uint32_t block = carried_send(&fixture, 0, BLOCK), at_once = 0;
    carried_run(&fixture, SECOND);
    for (node_id leaf = 1; leaf <= LEAVES; leaf++) {
        at_once += carried_had(&fixture, block, leaf) == 10 * MS;
        g_assert_cmpint(carried_had(&fixture, block, leaf), <=, 30 * MS);
    }
    g_assert_cmpuint(at_once, >, LEAVES / 2 - 112);
    g_assert_cmpuint(at_once, <, LEAVES / 2 + 112);
    carried_release(&fixture);
    g_string_free(rows, TRUE);
}

/* Who has more peers than push to it hears the rest by announcements, and short ids that come again are duplicates. */
static void each_has_a_few_that_push(void)
{
    GString *rows = g_string_new(NULL);
    for (unsigned from = 0; from < 10; from++)
        for (unsigned to = from + 1; to < 10; to++)
            g_string_append_printf(rows, "%s%u,%u,10", rows->len ? " " : "", from, to);
    struct carrier_fixture fixture;
    carried_init(&fixture, 10, rows->str, SETTINGS("relay", "compact", "relay.complete", "100 %"));
    carried_begin(&fixture);
    for (node_id node = 0; node < 10; node++) {
        uint32_t pushing = 0;
        for (uint32_t link = 0; link < fixture.carrier->graph->link_count; link++)
            pushing += fixture.carrier->graph->links[link].to == node && node_bit(fixture.carrier->pushes, link);
        g_assert_cmpuint(pushing, ==, 3);
    }
    carried_send(&fixture, 0, BLOCK);
    carried_run(&fixture, SECOND);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.copies - traffic.duplicates, ==, 9);
    g_assert_cmpuint(traffic.duplicates, >, 0);
    g_assert_cmpuint(traffic.duplicate_bytes, ==, traffic.duplicates * 900);
    carried_release(&fixture);
    g_string_free(rows, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compact/high bandwidth takes half a round trip", high_bandwidth_takes_half_a_round_trip);
    g_test_add_func("/compact/low bandwidth takes more", low_bandwidth_takes_more);
    g_test_add_func("/compact/sizes are those of the specification", sizes_are_those_of_the_specification);
    g_test_add_func("/compact/both parts pass the queue", both_parts_pass_the_queue);
    g_test_add_func("/compact/little things are pushed", little_things_are_pushed);
    g_test_add_func("/compact/who is asked in vain is replaced", who_is_asked_in_vain_is_replaced);
    g_test_add_func("/compact/completeness is drawn", completeness_is_drawn);
    g_test_add_func("/compact/each has a few that push", each_has_a_few_that_push);
    return g_test_run();
}
