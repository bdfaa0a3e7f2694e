/* SPDX-License-Identifier: MIT */
/* What liveness is judged by where messages are carried: the longest way while nothing else is under way. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS MILLISECOND

static time_ns idle_ns(struct network *network, struct carrier_message message)
{
    uint32_t nodes = network_node_count(network);
    stake_amount *stakes = g_new(stake_amount, nodes);
    for (node_id node = 0; node < nodes; node++)
        stakes[node] = 100;
    time_ns slowest_ns = carrier_idle_delay(network, stakes, &message);
    g_free(stakes);
    return slowest_ns;
}

static void assert_idle(uint32_t nodes, const char *links, const char *const *settings, struct carrier_message message,
                        time_ns expected_ns)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, nodes, links, settings);
    g_assert_cmpint(idle_ns(fixture.network, message), ==, expected_ns);
    network_free(fixture.network);
    clock_release(&fixture.clock);
}

/* A line of four: three hops of 10 ms, each with 1 ms of sending and 5 of validating, and 50 for a block. */
static void hops_queues_and_validation_add_up(void)
{
    const char *const *settings = SETTINGS("relay", "push", "capacity.up", "8 Mbit/s", "cpu.block", "50 ms");
    struct carrier_message vote = {.size_bytes = 1000, .verify_ns = 5 * MS}, block = vote;
    block.has_block = true;
    assert_idle(4, "0,1,10 1,2,10 2,3,10", settings, vote, 3 * (1 + 10 + 5) * MS);
    assert_idle(4, "0,1,10 1,2,10 2,3,10", settings, block, 3 * (1 + 10 + 55) * MS);
    block.size_bytes = 4000;
    assert_idle(4, "0,1,10 1,2,10 2,3,10", settings, block, 3 * (4 + 10 + 55) * MS);
}

/* A sender with nine peers sends the last copy after 9 ms; each message finds the queues empty again. */
static void copies_wait_for_those_before(void)
{
    assert_idle(10, NULL, SETTINGS("capacity.up", "8 Mbit/s"), (struct carrier_message){.size_bytes = 1000}, 19 * MS);
}

/* Announcement, request and body are three times the link's delay a hop. */
static void requests_are_in_it(void)
{
    assert_idle(3, "0,1,10 1,2,10", SETTINGS("relay", "pull"), (struct carrier_message){.size_bytes = 5000}, 60 * MS);
}

/* Nodes 0 to 3 send in turn: the slowest pair is from 3, whose way to 0 is the longest. */
static void the_slowest_sender_decides(void)
{
    assert_idle(4, "0,1,10 1,2,10 2,3,70", SETTINGS("relay", "push"), (struct carrier_message){.size_bytes = 1},
                90 * MS);
}

/* Outages and partitions of the timetable are the verdict's to forgive; retries of the network's own loss count once.
 */
static void the_timetable_is_not_in_it(void)
{
    static const uint8_t side[] = {1, 1, 2};
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 3, "0,1,10 1,2,10",
        SETTINGS("relay", "push", "loss.probability", "50 %", "loss.retransmit_after", "100 ms", "loss.most", "3"));
    network_partition(fixture.network, 0, HOUR, side, false);
    network_outage(fixture.network, 1, 0, TIME_NEVER, true);
    time_ns found_ns = idle_ns(fixture.network, (struct carrier_message){.size_bytes = 1});
    g_assert_cmpint(found_ns, ==, 20 * MS + fixture.network->fabric->retry_most_ns);
    g_assert_cmpint(fixture.network->fabric->retry_most_ns, >=, 300 * MS);
    network_free(fixture.network);
    clock_release(&fixture.clock);
}

static void one_node_waits_for_nobody(void)
{
    assert_idle(1, NULL, SETTINGS("cpu.cores", "1"), (struct carrier_message){.size_bytes = 1000}, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carrier_idle/hops, queues and validation add up", hops_queues_and_validation_add_up);
    g_test_add_func("/carrier_idle/copies wait for those before", copies_wait_for_those_before);
    g_test_add_func("/carrier_idle/requests are in it", requests_are_in_it);
    g_test_add_func("/carrier_idle/the slowest sender decides", the_slowest_sender_decides);
    g_test_add_func("/carrier_idle/the timetable is not in it", the_timetable_is_not_in_it);
    g_test_add_func("/carrier_idle/one node waits for nobody", one_node_waits_for_nobody);
    return g_test_run();
}
