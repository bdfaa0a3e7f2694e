/* SPDX-License-Identifier: MIT */
/* Messages over a carrier: queues and processors against times worked out by hand, hops, faults on the way. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS MILLISECOND

static void assert_had(const struct carrier_fixture *fixture, uint32_t ticket, node_id node, time_ns at_ns)
{
    g_assert_cmpint(carried_had(fixture, ticket, node), ==, at_ns);
}

static struct carrier_message to(const node_id *target, uint32_t size_bytes)
{
    return (struct carrier_message){.size_bytes = size_bytes, .targets = target, .target_count = 1};
}

static const node_id node_1 = 1, node_2 = 2, node_3 = 3;

/* 8 Mbit/s is a byte a microsecond: two copies of 1,000 bytes leave after 1 and 2 ms, and take 10 ms. */
static void copies_leave_one_after_another(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("capacity.up", "8 Mbit/s"));
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    assert_had(&fixture, ticket, 0, 0);
    time_ns first = MIN(carried_had(&fixture, ticket, 1), carried_had(&fixture, ticket, 2));
    time_ns second = MAX(carried_had(&fixture, ticket, 1), carried_had(&fixture, ticket, 2));
    g_assert_cmpint(first, ==, 11 * MS);
    g_assert_cmpint(second, ==, 12 * MS);
    g_assert_cmpint(fixture.done_ns.at[ticket], ==, 12 * MS);
    g_assert_cmpuint(carrier_load(fixture.carrier, 0).up_bytes, ==, 2000);
    g_assert_cmpint(carrier_load(fixture.carrier, 0).waited_most_ns, ==, 1 * MS);
    carried_release(&fixture);
}

/* Nodes 0 and 2 each send 1,000 bytes to node 1, which takes in a byte in 2 us: the second waits for the first. */
static void copies_come_in_one_after_another(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("capacity.up", "8 Mbit/s", "capacity.down", "4 Mbit/s"));
    carried_begin(&fixture);
    uint32_t a = carried_send(&fixture, 0, to(&node_1, 1000));
    uint32_t b = carried_send(&fixture, 2, to(&node_1, 1000));
    carried_run(&fixture, SECOND);
    /* The last bits of both arrive after 11 ms; the node's rate needs 2 ms a copy from the time that it was free. */
    assert_had(&fixture, a, 1, 11 * MS);
    assert_had(&fixture, b, 1, 13 * MS);
    carried_release(&fixture);
}

/* A copy of 2,000 bytes and, half way through it, two of 500: from 1 ms on each has a third of the rate. */
static void fair_queues_share_the_rate(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, NULL, SETTINGS("capacity.up", "8 Mbit/s", "capacity.queue", "fair"));
    carried_begin(&fixture);
    uint32_t large = carried_send(&fixture, 0, to(&node_1, 2000));
    carried_run(&fixture, 1 * MS);
    uint32_t small = carried_send(&fixture, 0, to(&node_2, 500));
    uint32_t other = carried_send(&fixture, 0, to(&node_3, 500));
    carried_run(&fixture, SECOND);
    /* The small ones are through at 1 + 3 x .5 ms; the large one then has 500 bytes left. */
    assert_had(&fixture, small, 2, 10 * MS + 2500 * MICROSECOND);
    assert_had(&fixture, other, 3, 10 * MS + 2500 * MICROSECOND);
    assert_had(&fixture, large, 1, 10 * MS + 3 * MS);
    carried_release(&fixture);
}

/* Downwards the same: two copies that come in at once take twice as long. */
static void fair_queues_share_downwards(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("capacity.down", "8 Mbit/s", "capacity.queue", "fair"));
    carried_begin(&fixture);
    uint32_t a = carried_send(&fixture, 0, to(&node_1, 1000));
    uint32_t b = carried_send(&fixture, 2, to(&node_1, 3000));
    carried_run(&fixture, SECOND);
    assert_had(&fixture, a, 1, 12 * MS);
    assert_had(&fixture, b, 1, 14 * MS);
    carried_release(&fixture);
}

/*
 * A link of 10 ms with a window of 1,000 bytes: 3,000 bytes are two windows, so one round trip of 20 ms is waited for.
 * The next copy finds a window of 2,000 and waits once too; after a second of silence the window is small again.
 */
static void windows_open_with_round_trips(void)
{
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 2, "0,1,10",
        SETTINGS("relay", "push", "capacity.slow_start", "tcp", "capacity.slow_start.initial_window", "1000 B"));
    carried_begin(&fixture);
    uint32_t small = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 20 * MS);
    uint32_t first = carried_broadcast(&fixture, 0, 3000);
    carried_run(&fixture, 100 * MS);
    uint32_t second = carried_broadcast(&fixture, 0, 2000);
    carried_run(&fixture, 2 * SECOND);
    uint32_t third = carried_broadcast(&fixture, 0, 7000);
    carried_run(&fixture, 9 * SECOND);
    assert_had(&fixture, small, 1, 10 * MS);
    assert_had(&fixture, first, 1, 20 * MS + 20 * MS + 10 * MS);
    assert_had(&fixture, second, 1, 100 * MS + 10 * MS);
    assert_had(&fixture, third, 1, 2 * SECOND + 2 * 20 * MS + 10 * MS);
    carried_release(&fixture);
}

/* Three signatures of 5 ms arrive at once at a node with two cores: the third waits for one of them. */
static void validations_wait_for_a_core(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, NULL, SETTINGS("cpu.cores", "2"));
    carried_begin(&fixture);
    uint32_t tickets[3];
    for (int i = 0; i < 3; i++)
        tickets[i] = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 100, .verify_ns = 5 * MS});
    carried_run(&fixture, SECOND);
    assert_had(&fixture, tickets[0], 1, 15 * MS);
    assert_had(&fixture, tickets[1], 1, 15 * MS);
    assert_had(&fixture, tickets[2], 1, 20 * MS);
    assert_had(&fixture, tickets[2], 0, 0); /* the sender knows what it signed */
    g_assert_cmpint(carrier_load(fixture.carrier, 1).busy_ns, ==, 15 * MS);
    carried_release(&fixture);
}

/* A block of 2 KiB takes 50 ms and 1 ms a KiB beside its signature, and is passed on only then. */
static void blocks_are_validated_before_they_are_relayed(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10",
                 SETTINGS("relay", "push", "cpu.block", "50 ms", "cpu.block_per_kib", "1 ms"));
    carried_begin(&fixture);
    uint32_t block =
        carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 2048, .verify_ns = 1 * MS, .has_block = true});
    carried_run(&fixture, SECOND);
    assert_had(&fixture, block, 1, 10 * MS + 53 * MS);
    assert_had(&fixture, block, 2, 2 * (10 * MS + 53 * MS));
    carried_release(&fixture);
}

/* On a ring of four each forwards to the peers that it did not get it from: 2 + 1 + 1 + 1 copies for three receivers.
 */
static void push_counts_duplicates(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, "0,1,10 1,2,10 2,3,15 3,0,10", SETTINGS("relay", "push"));
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    assert_had(&fixture, ticket, 1, 10 * MS);
    assert_had(&fixture, ticket, 2, 20 * MS);
    assert_had(&fixture, ticket, 3, 10 * MS);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.copies, ==, 5);
    g_assert_cmpuint(traffic.duplicates, ==, 2);
    g_assert_cmpuint(traffic.duplicate_bytes, ==, 2000);
    g_assert_cmpuint(carrier_load(fixture.carrier, 2).down_bytes, ==, 2000);
    carried_release(&fixture);
}

/* A hub whose links are too many for the handles of the flow takes the clock instead: same times. */
static void a_hub_serves_everybody(void)
{
    GString *rows = g_string_new(NULL);
    for (unsigned leaf = 1; leaf < 300; leaf++)
        g_string_append_printf(rows, "%s0,%u,10", leaf > 1 ? " " : "", leaf);
    struct carrier_fixture fixture;
    carried_init(&fixture, 300, rows->str, SETTINGS("relay", "push"));
    carried_begin(&fixture);
    fixture.carrier->flow.way_bits = 32; /* no handle fits */
    uint32_t ticket = carried_broadcast(&fixture, 7, 1000);
    carried_run(&fixture, SECOND);
    assert_had(&fixture, ticket, 0, 10 * MS);
    for (node_id leaf = 1; leaf < 300; leaf++)
        assert_had(&fixture, ticket, leaf, leaf == 7 ? 0 : 20 * MS);
    carried_release(&fixture);
    g_string_free(rows, TRUE);
}

/* With a fanout of one a message takes one way round. */
static void fanout_limits_the_copies(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, "0,1,10 1,2,10 2,3,10 3,0,10", SETTINGS("relay", "push", "relay.fanout", "1"));
    carried_begin(&fixture);
    carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    g_assert_cmpuint(carried_traffic(&fixture).copies, ==, 4);
    carried_release(&fixture);
}

/* Between 0 and 1 stands a partition until 1 s, which holds: node 1 gets the copy that waited, and passes it on. */
static void partitions_hold_hops(void)
{
    static const uint8_t side[] = {1, 2, 2};
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10", SETTINGS("relay", "push"));
    network_partition(fixture.network, 0, SECOND, side, false);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 9 * SECOND);
    assert_had(&fixture, ticket, 1, SECOND + 10 * MS);
    assert_had(&fixture, ticket, 2, SECOND + 20 * MS);
    carried_release(&fixture);
}

static void partitions_drop_hops(void)
{
    static const uint8_t side[] = {1, 2, 2};
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10", SETTINGS("relay", "push"));
    network_partition(fixture.network, 0, SECOND, side, true);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 9 * SECOND);
    assert_had(&fixture, ticket, 1, TIME_NEVER);
    g_assert_cmpuint(carried_traffic(&fixture).lost, ==, 1);
    g_assert_cmpint(fixture.done_ns.at[ticket], ==, 0);
    carried_release(&fixture);
}

/* Node 1 is down until 1 s: it neither hears nor relays; the way round by 3 is longer. Then it gets what it missed. */
static void who_is_down_does_not_relay(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, "0,1,10 1,2,10 0,3,100 3,2,100", SETTINGS("relay", "push"));
    network_outage(fixture.network, 1, 0, SECOND, false);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 9 * SECOND);
    assert_had(&fixture, ticket, 2, 200 * MS);
    assert_had(&fixture, ticket, 1, SECOND);
    carried_release(&fixture);
}

/* A node that goes down while it validates has the message when it is up again, or loses it. */
static void going_down_while_validating(void)
{
    for (int drop = 0; drop < 2; drop++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, 3, "0,1,10 1,2,10", SETTINGS("relay", "push"));
        network_outage(fixture.network, 1, 20 * MS, SECOND, drop);
        carried_begin(&fixture);
        uint32_t ticket = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 9, .verify_ns = 50 * MS});
        carried_run(&fixture, 9 * SECOND);
        assert_had(&fixture, ticket, 1, drop ? TIME_NEVER : SECOND);
        assert_had(&fixture, ticket, 2, drop ? TIME_NEVER : SECOND + 60 * MS);
        carried_release(&fixture);
    }
}

/*
 * From .5 to 10.5 ms node 0 sends a byte in 10 us instead of one: of two copies of 1,000 bytes the first has left after
 * .5 + 5 ms; the second has sent half of itself when the rate is back, and the rest .5 ms later.
 */
static void throttles_slow_the_queue_upwards(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("capacity.up", "8 Mbit/s"));
    const bool sender[3] = {true};
    network_throttle(fixture.network, MS / 2, 21 * MS / 2, sender, 800000);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    time_ns first = MIN(carried_had(&fixture, ticket, 1), carried_had(&fixture, ticket, 2));
    time_ns second = MAX(carried_had(&fixture, ticket, 1), carried_had(&fixture, ticket, 2));
    g_assert_cmpint(first, ==, 31 * MS / 2);
    g_assert_cmpint(second, ==, 21 * MS);
    carried_release(&fixture);
}

/*
 * A receiver that takes in a byte in 4 us instead of 2: of two copies that begin to come in together the first is
 * through 4 ms later, the second 8 ms. Without a queue downwards 2 ms for a copy take the place of its sender's 1 ms.
 */
static void throttles_slow_the_queue_downwards(void)
{
    const bool receiver[3] = {false, true};
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("capacity.up", "8 Mbit/s", "capacity.down", "4 Mbit/s"));
    network_throttle(fixture.network, 0, SECOND, receiver, 2000000);
    carried_begin(&fixture);
    uint32_t a = carried_send(&fixture, 0, to(&node_1, 1000));
    uint32_t b = carried_send(&fixture, 2, to(&node_1, 1000));
    carried_run(&fixture, SECOND);
    assert_had(&fixture, a, 1, 13 * MS);
    assert_had(&fixture, b, 1, 17 * MS);
    carried_release(&fixture);

    carried_init(&fixture, 3, NULL, SETTINGS("capacity.up", "8 Mbit/s"));
    network_throttle(fixture.network, 0, SECOND, receiver, 4000000);
    carried_begin(&fixture);
    a = carried_send(&fixture, 0, to(&node_1, 1000));
    carried_run(&fixture, SECOND);
    assert_had(&fixture, a, 1, 12 * MS);
    carried_release(&fixture);
}

/* What was sent to node 3 alone goes there by the shortest path; those who get it pass it on where that is asked for.
 */
static void targets_are_reached_directly(void)
{
    for (int passed_on = 0; passed_on < 2; passed_on++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, 4, "0,1,10 1,2,10 2,3,10", SETTINGS("relay", "push"));
        carried_begin(&fixture);
        struct carrier_message message = to(&node_3, 100);
        message.passed_on = passed_on;
        uint32_t ticket = carried_send(&fixture, 0, message);
        carried_run(&fixture, SECOND);
        assert_had(&fixture, ticket, 3, 30 * MS);
        assert_had(&fixture, ticket, 2, passed_on ? 40 * MS : TIME_NEVER);
        assert_had(&fixture, ticket, 1, passed_on ? 50 * MS : TIME_NEVER);
        assert_had(&fixture, ticket, 0, TIME_NEVER); /* it was not sent to itself */
        carried_release(&fixture);
    }
}

/* What an adversary delays leaves later, at its own node too. */
static void delayed_messages_leave_later(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10", SETTINGS("relay", "push"));
    carried_begin(&fixture);
    uint32_t ticket = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 1, .delay_ns = 300 * MS});
    carried_run(&fixture, SECOND);
    assert_had(&fixture, ticket, 0, 300 * MS);
    assert_had(&fixture, ticket, 1, 310 * MS);
    carried_release(&fixture);
}

static void assert_refused(const char *links, const char *const *settings, const char *part)
{
    GPtrArray *all = g_ptr_array_new();
    for (; *settings; settings++)
        g_ptr_array_add(all, (gpointer)*settings);
    if (links) {
        g_ptr_array_add(all, "topology");
        g_ptr_array_add(all, "file");
        g_ptr_array_add(all, "topology.file");
        g_ptr_array_add(all, carried_links(links));
    }
    g_ptr_array_add(all, NULL);
    char *message = setup_refusal(2, (const char *const *)all->pdata);
    g_assert_nonnull(strstr(message, part));
    g_free(message);
    g_ptr_array_free(all, TRUE);
}

static void what_does_not_fit_is_refused(void)
{
    assert_refused("0,1,10 1,0,10", SETTINGS("capacity.up", "1 Mbit/s"), "push is the nearest");
    assert_refused("0,1,10 1,0,10", SETTINGS("cpu.cores", "2"), "push is the nearest");
    assert_refused(NULL, SETTINGS("relay", "push"), "push needs peers");
    assert_refused(NULL, SETTINGS("relay", "gossipsub"), "gossipsub needs peers");
    assert_refused(NULL, SETTINGS("bandwidth", "1 Mbit/s", "capacity.up", "1 Mbit/s"), "give one of the two");
}

/* Without any of it arrivals stay formulas. */
static void nothing_asked_for_needs_no_carrier(void)
{
    struct network *network = setup_network(4, SETTINGS("latency", "constant"));
    g_assert_false(network_is_carried(network));
    network_free(network);
    network = setup_network(4, SETTINGS("latency", "constant", "cpu.block", "1 ms"));
    g_assert_true(network_is_carried(network));
    g_assert_false(network_relays_targeted(network));
    network_free(network);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carrier/copies leave one after another", copies_leave_one_after_another);
    g_test_add_func("/carrier/copies come in one after another", copies_come_in_one_after_another);
    g_test_add_func("/carrier/fair queues share the rate", fair_queues_share_the_rate);
    g_test_add_func("/carrier/fair queues share downwards", fair_queues_share_downwards);
    g_test_add_func("/carrier/windows open with round trips", windows_open_with_round_trips);
    g_test_add_func("/carrier/validations wait for a core", validations_wait_for_a_core);
    g_test_add_func("/carrier/blocks are validated before they are relayed",
                    blocks_are_validated_before_they_are_relayed);
    g_test_add_func("/carrier/push counts duplicates", push_counts_duplicates);
    g_test_add_func("/carrier/a hub serves everybody", a_hub_serves_everybody);
    g_test_add_func("/carrier/fanout limits the copies", fanout_limits_the_copies);
    g_test_add_func("/carrier/partitions hold hops", partitions_hold_hops);
    g_test_add_func("/carrier/partitions drop hops", partitions_drop_hops);
    g_test_add_func("/carrier/who is down does not relay", who_is_down_does_not_relay);
    g_test_add_func("/carrier/going down while validating", going_down_while_validating);
    g_test_add_func("/carrier/throttles slow the queue upwards", throttles_slow_the_queue_upwards);
    g_test_add_func("/carrier/throttles slow the queue downwards", throttles_slow_the_queue_downwards);
    g_test_add_func("/carrier/targets are reached directly", targets_are_reached_directly);
    g_test_add_func("/carrier/delayed messages leave later", delayed_messages_leave_later);
    g_test_add_func("/carrier/what does not fit is refused", what_does_not_fit_is_refused);
    g_test_add_func("/carrier/nothing asked for needs no carrier", nothing_asked_for_needs_no_carrier);
    return g_test_run();
}
