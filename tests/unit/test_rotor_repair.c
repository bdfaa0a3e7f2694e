/* SPDX-License-Identifier: MIT */
/* Repair of Rotor: shreds that did not come are asked for, and what that costs. */
#include "carrier_fixture.h"

#define MS    MILLISECOND
#define NODES 20u

static struct carrier_traffic traffic_of_kind(const struct carrier_fixture *fixture)
{
    return carrier_traffic(fixture->carrier, fixture->client, 0);
}

static uint32_t count_reached(const struct carrier_fixture *fixture, uint32_t ticket)
{
    uint32_t reached = 0;
    for (node_id node = 0; node < fixture->nodes; node++)
        reached += carried_had(fixture, ticket, node) != TIME_NEVER;
    return reached;
}

/* Half of all that is sent is lost, requests and answers too, and every shred is needed. */
static struct carrier_traffic lossy(const char *tries, uint32_t *reached, time_ns *done_ns)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, NODES, NULL,
                 SETTINGS("relay", "rotor", "relay.data", "4", "relay.total", "4", "relay.overhead", "8 B",
                          "relay.repair_tries", tries, "relay.repair_request", "100 B"));
    network_lose(fixture.network, 0, HOUR, NULL, (struct ratio){1, 2});
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 4000);
    carried_run(&fixture, HOUR);
    *reached = count_reached(&fixture, ticket);
    *done_ns = fixture.done_ns.at[ticket];
    struct carrier_traffic traffic = traffic_of_kind(&fixture);
    carried_release(&fixture);
    return traffic;
}

/* With repair all have it, without next to nobody; every request and every answer is counted. */
static void losses_are_repaired(void)
{
    uint32_t with, without, again;
    time_ns with_ns, without_ns, again_ns;
    struct carrier_traffic none = lossy("0", &without, &without_ns);
    struct carrier_traffic some = lossy("1000", &with, &with_ns);
    struct carrier_traffic same = lossy("1000", &again, &again_ns);
    g_assert_cmpuint(without, <, 5);
    g_assert_cmpuint(with, ==, NODES);
    g_assert_cmpuint(none.control_messages, ==, 0);
    g_assert_cmpuint(some.control_messages, >=, NODES - without);
    g_assert_cmpuint(some.control_bytes, ==, 100 * some.control_messages);
    g_assert_cmpuint(some.copies, >, none.copies);
    g_assert_cmpuint(some.bytes, ==, 1008 * some.copies);
    g_assert_cmpuint(some.lost, >, none.lost);
    g_assert_cmpint(without_ns, <=, 20 * MS);
    g_assert_cmpint(with_ns, >, 500 * MS);
    g_assert_cmpint(with_ns, <, HOUR);
    g_assert_cmpint(with_ns, ==, again_ns);
    g_assert_cmpmem(&some, sizeof some, &same, sizeof same);
}

/* More relays are down than the code can spare: of 32 of 64 shreds a third or so get through. */
static void crashed_relays_are_repaired(void)
{
    static const char *const tries[] = {"0", "1000"};
    for (int i = 0; i < 2; i++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, NODES, NULL, SETTINGS("relay", "rotor", "relay.repair_tries", tries[i]));
        for (node_id node = 1; node < 14; node++)
            network_outage(fixture.network, node, 0, TIME_NEVER, true);
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 0, 40000);
        carried_run(&fixture, 10 * MINUTE);
        for (node_id node = 1; node < 14; node++)
            g_assert_cmpint(carried_had(&fixture, ticket, node), ==, TIME_NEVER);
        g_assert_cmpuint(count_reached(&fixture, ticket), ==, i == 0 ? 1 : 7);
        carried_release(&fixture);
    }
}

/*
 * Three nodes, one shred by way of one relay, which is down. Node 1 asks after half a second, and each second from then
 * on, until it has drawn the sender: the answer is there two ways of 10 ms later. What the relay is asked is lost.
 */
static void asks_another_after_the_timeout(void)
{
    bool at_once = false, later = false;
    for (uint64_t id = 1; id < 40; id++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, 3, NULL,
                     SETTINGS("relay", "rotor", "relay.data", "1", "relay.total", "1", "relay.repair_timeout", "1 s"));
        network_outage(fixture.network, 2, 0, TIME_NEVER, true);
        carried_begin(&fixture);
        uint32_t ticket = carried_send(&fixture, 0, (struct carrier_message){.id = id, .size_bytes = 4000});
        carried_run(&fixture, 30 * SECOND);
        struct carrier_traffic traffic = traffic_of_kind(&fixture);
        time_ns had_ns = carried_had(&fixture, ticket, 1);
        uint64_t requests = traffic.control_messages;
        if (requests == 0)
            g_assert_cmpint(had_ns, <=, 20 * MS); /* another relay */
        else
            g_assert_cmpint(had_ns, ==, 520 * MS + (time_ns)(requests - 1) * SECOND);
        at_once |= requests == 1;
        later |= requests > 1;
        carried_release(&fixture);
    }
    g_assert_true(at_once && later);
}

/* Who is down asks nobody; when it is back it does. */
static void asks_when_it_is_up(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, NODES, NULL, SETTINGS("relay", "rotor", "relay.data", "4", "relay.total", "16"));
    network_outage(fixture.network, 7, 0, 3 * SECOND, true);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 4000);
    carried_run(&fixture, 4 * SECOND);
    g_assert_cmpuint(count_reached(&fixture, ticket), ==, NODES - 1);
    g_assert_cmpuint(traffic_of_kind(&fixture).control_messages, ==, 0);
    carried_run(&fixture, 5 * SECOND);
    g_assert_cmpint(carried_had(&fixture, ticket, 7), ==, 4520 * MS);
    g_assert_cmpuint(traffic_of_kind(&fixture).control_messages, ==, 4);
    carried_release(&fixture);
}

/* Where nothing is missing repair costs nothing: not a byte, not an event, and the message is done as soon. */
static void nothing_missing_costs_nothing(void)
{
    static const char *const tries[] = {"0", "20"};
    uint64_t events[2];
    time_ns done_ns[2];
    struct carrier_traffic traffic[2];
    for (int i = 0; i < 2; i++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, NODES, NULL,
                     SETTINGS("relay", "rotor", "relay.repair_tries", tries[i], "capacity.up", "10 Mbit/s",
                              "capacity.down", "20 Mbit/s"));
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 3, 40000);
        carried_run(&fixture, 5 * SECOND);
        g_assert_cmpuint(count_reached(&fixture, ticket), ==, NODES);
        events[i] = fixture.events;
        done_ns[i] = fixture.done_ns.at[ticket];
        traffic[i] = traffic_of_kind(&fixture);
        carried_release(&fixture);
    }
    g_assert_cmpuint(events[0], ==, events[1]);
    g_assert_cmpint(done_ns[0], ==, done_ns[1]);
    g_assert_cmpmem(&traffic[0], sizeof traffic[0], &traffic[1], sizeof traffic[1]);
}

/*
 * The last shreds come in the very instant in which those who lack some would begin to ask, and before that in the
 * order of nodes: nobody asks, and the message ends once.
 */
static void comes_as_repair_begins(void)
{
    static const char *const tries[] = {"0", "20"};
    time_ns done_ns[2][3];
    for (int i = 0; i < 2; i++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, NODES, NULL,
                     SETTINGS("relay", "rotor", "relay.repair_after", "20 ms", "relay.repair_tries", tries[i]));
        carried_begin(&fixture);
        for (uint32_t m = 0; m < 3; m++)
            carried_broadcast(&fixture, NODES - 1, 40000);
        carried_run(&fixture, SECOND);
        for (uint32_t m = 0; m < 3; m++) {
            g_assert_cmpuint(count_reached(&fixture, m), ==, NODES);
            done_ns[i][m] = fixture.done_ns.at[m];
        }
        g_assert_cmpuint(traffic_of_kind(&fixture).control_messages, ==, 0);
        g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
        carried_release(&fixture);
    }
    g_assert_cmpmem(done_ns[0], sizeof done_ns[0], done_ns[1], sizeof done_ns[1]);
}

/* Who cannot get it gives up. */
static void tries_are_counted(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, NULL,
                 SETTINGS("relay", "rotor", "relay.data", "4", "relay.total", "8", "relay.repair_tries", "3"));
    network_lose(fixture.network, 0, TIME_NEVER, NULL, (struct ratio){1, 1});
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 4000);
    carried_run(&fixture, MINUTE);
    g_assert_cmpuint(count_reached(&fixture, ticket), ==, 1);
    g_assert_cmpuint(traffic_of_kind(&fixture).control_messages, ==, 3 * 4);
    g_assert_cmpint(fixture.done_ns.at[ticket], ==, 4500 * MS);
    carried_release(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rotor_repair/losses are repaired", losses_are_repaired);
    g_test_add_func("/rotor_repair/crashed relays are repaired", crashed_relays_are_repaired);
    g_test_add_func("/rotor_repair/asks another after the timeout", asks_another_after_the_timeout);
    g_test_add_func("/rotor_repair/asks when it is up", asks_when_it_is_up);
    g_test_add_func("/rotor_repair/nothing missing costs nothing", nothing_missing_costs_nothing);
    g_test_add_func("/rotor_repair/comes as repair begins", comes_as_repair_begins);
    g_test_add_func("/rotor_repair/tries are counted", tries_are_counted);
    return g_test_run();
}
