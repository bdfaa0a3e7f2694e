/* SPDX-License-Identifier: MIT */
/* Meshes of gossipsub while nodes go down and come back: who is grafted and pruned, when, and what it costs. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS MILLISECOND

static void take_down(struct carrier_fixture *fixture, node_id node, time_ns from, time_ns until, bool drop)
{
    network_outage(fixture->network, node, from, until, drop);
}

static uint64_t upkeep_messages(const struct carrier_fixture *fixture)
{
    return carrier_upkeep(fixture->carrier).control_messages;
}

/*
 * Three nodes that are all in each other's mesh; node 2 is down from 1 to 10 s and loses what it is sent. A message of
 * 5 s is one copy; one of 20 s three, as node 2 has joined with two GRAFTs.
 */
static void the_lost_leave_the_mesh(void)
{
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 3, "0,1,10 1,2,10 2,0,10",
        SETTINGS("relay", "gossipsub", "relay.degree", "2", "relay.degree_low", "2", "relay.degree_high", "2"));
    take_down(&fixture, 2, SECOND, 10 * SECOND, true);
    carried_begin(&fixture);
    carried_run(&fixture, 5 * SECOND);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 2), ==, 0);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 1);
    uint32_t missed = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 20 * SECOND);
    g_assert_cmpuint(carried_traffic(&fixture).copies, ==, 1);
    g_assert_cmpint(carried_had(&fixture, missed, 2), ==, TIME_NEVER);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 2);
    g_assert_cmpuint(carrier_upkeep(fixture.carrier).control_bytes, ==, 40);
    carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 40 * SECOND);
    g_assert_cmpuint(carried_traffic(&fixture).copies, ==, 1 + 3 + 1);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
    carried_release(&fixture);
}

/*
 * The same where peers send what was missed: both of the others' copies wait for node 2, who passes the first of them
 * on to the other.
 */
static void the_owed_get_what_they_missed(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10 2,0,10",
                 SETTINGS("relay", "gossipsub", "relay.degree", "2", "relay.degree_low", "2", "relay.degree_high", "2",
                          "relay.flood_publish", "off"));
    take_down(&fixture, 2, SECOND, 10 * SECOND, false);
    carried_begin(&fixture);
    carried_run(&fixture, 5 * SECOND);
    uint32_t missed = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 20 * SECOND);
    g_assert_cmpint(carried_had(&fixture, missed, 1), ==, 5 * SECOND + 10 * MS);
    g_assert_cmpint(carried_had(&fixture, missed, 2), ==, 10 * SECOND);
    g_assert_cmpuint(carried_traffic(&fixture).copies, ==, 3 + 1);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 2), ==, 2);
    carried_release(&fixture);
}

/* A mesh that lost peers is whole again within a heartbeat: a hub's message goes to as many as before. */
static void others_take_their_place(void)
{
    GString *rows = g_string_new(NULL);
    for (unsigned from = 0; from < 12; from++)
        for (unsigned to = from + 1; to < 12; to++)
            g_string_append_printf(rows, "%s%u,%u,10", rows->len ? " " : "", from, to);
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 12, rows->str,
        SETTINGS("relay", "gossipsub", "relay.degree", "3", "relay.degree_low", "3", "relay.degree_high", "5"));
    for (node_id node = 6; node < 12; node++)
        take_down(&fixture, node, SECOND, HOUR, true);
    carried_begin(&fixture);
    carried_run(&fixture, SECOND);
    uint32_t fewest = UINT32_MAX;
    for (node_id node = 0; node < 6; node++)
        fewest = MIN(fewest, gossipsub_mesh_degree(fixture.carrier, node));
    g_assert_cmpuint(fewest, <, 3); /* there is something to repair */
    carried_run(&fixture, 3 * SECOND);
    for (node_id node = 0; node < 12; node++) {
        uint32_t degree = gossipsub_mesh_degree(fixture.carrier, node);
        g_assert_cmpuint(degree, >=, node < 6 ? 3 : 0);
        g_assert_cmpuint(degree, <=, node < 6 ? 5 : 0);
    }
    const struct carrier *carrier = fixture.carrier;
    for (uint32_t link = 0; link < carrier->graph->link_count; link++) {
        const struct graph_link *along = &carrier->graph->links[link];
        g_assert_true(node_bit(carrier->mesh.in, link) ==
                      node_bit(carrier->mesh.in, carrier_link(carrier, along->to, along->from)));
    }
    carried_release(&fixture);
    g_string_free(rows, TRUE);
}

/*
 * A hub with six leaves, all of which go down and join it again at 2 s: six GRAFTs, which take 10 ms. It wants two and
 * bears three, so it prunes four within a second. They would like to be back, but wait for a minute; then it goes on.
 */
static void who_is_pruned_backs_off(void)
{
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 7, "0,1,10 0,2,10 0,3,10 0,4,10 0,5,10 0,6,10",
        SETTINGS("relay", "gossipsub", "relay.degree", "2", "relay.degree_low", "1", "relay.degree_high", "3"));
    for (node_id leaf = 1; leaf < 7; leaf++)
        take_down(&fixture, leaf, SECOND, 2 * SECOND, true);
    carried_begin(&fixture);
    carried_run(&fixture, 1500 * MS);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 0);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 0);
    carried_run(&fixture, 2 * SECOND);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 6);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 0);
    carried_run(&fixture, 2010 * MS);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 6);
    carried_run(&fixture, 61 * SECOND);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 6 + 4);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 2);
    carried_run(&fixture, 66 * SECOND);
    g_assert_cmpuint(upkeep_messages(&fixture), >=, 10 + 4 + 3); /* three or four are pruned, as heartbeats fall */
    g_assert_cmpuint(upkeep_messages(&fixture), <=, 10 + 4 + 4);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), <=, 3);
    g_assert_cmpuint(carrier_load(fixture.carrier, 0).up_bytes, >=, (4 + 3) * 20);
    carried_release(&fixture);
}

/* Two nodes that want each other, and tell nothing; node 1 is down from 1 to 10 s. */
static struct carrier_fixture begin_pair(const char *links, bool drop)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, links,
                 SETTINGS("relay", "gossipsub", "relay.degree", "1", "relay.degree_low", "1", "relay.degree_high", "1",
                          "relay.flood_publish", "off", "relay.heartbeat", "1 h", "relay.history_gossip", "0"));
    take_down(&fixture, 1, SECOND, 10 * SECOND, drop);
    return fixture;
}

static uint32_t link_between(const struct carrier_fixture *fixture, node_id from, node_id to)
{
    return carrier_link(fixture->carrier, from, to);
}

static bool is_in_mesh(const struct carrier_fixture *fixture, node_id from, node_id to)
{
    return node_bit(fixture->carrier->mesh.in, link_between(fixture, from, to));
}

/* A GRAFT takes the link's delay: until it is there the peer's messages do not come. */
static void grafts_take_their_way(void)
{
    struct carrier_fixture fixture = begin_pair("0,1,300", true);
    carried_begin(&fixture);
    carried_run(&fixture, 10 * SECOND);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 1);
    g_assert_true(is_in_mesh(&fixture, 1, 0) && !is_in_mesh(&fixture, 0, 1));
    uint32_t early = carried_broadcast(&fixture, 0, 1000), other = carried_broadcast(&fixture, 1, 1000);
    carried_run(&fixture, 10300 * MS - 1);
    g_assert_true(!is_in_mesh(&fixture, 0, 1));
    carried_run(&fixture, 10300 * MS);
    g_assert_true(is_in_mesh(&fixture, 0, 1));
    uint32_t later = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, MINUTE);
    g_assert_cmpint(carried_had(&fixture, early, 1), ==, TIME_NEVER);
    g_assert_cmpint(carried_had(&fixture, other, 0), ==, 10300 * MS);
    g_assert_cmpint(carried_had(&fixture, later, 1), ==, 10600 * MS);
    carried_release(&fixture);
}

/* A cut that holds lets the GRAFT through when it heals; one that drops loses it, and the two ends differ. */
static void grafts_meet_partitions(void)
{
    for (int drop = 0; drop < 2; drop++) {
        struct carrier_fixture fixture = begin_pair("0,1,300", true);
        const uint8_t side[] = {1, 2};
        network_partition(fixture.network, 9 * SECOND, 20 * SECOND, side, drop);
        carried_begin(&fixture);
        carried_run(&fixture, 20300 * MS - 1);
        g_assert_true(is_in_mesh(&fixture, 1, 0) && !is_in_mesh(&fixture, 0, 1));
        carried_run(&fixture, 20300 * MS);
        g_assert_true(is_in_mesh(&fixture, 0, 1) == !drop);
        g_assert_cmpuint(carrier_upkeep(fixture.carrier).lost, ==, drop);
        carried_release(&fixture);
    }
}

/*
 * A GRAFT to a node that is down when it would be there is lost, even where outages hold. Who has lost its connection
 * joins anew, and says so; one that has stalled goes on at once with what both ends want.
 */
static void grafts_do_not_outlive_connections(void)
{
    for (int drop = 0; drop < 2; drop++) {
        struct carrier_fixture fixture = begin_pair("0,1,300", true);
        take_down(&fixture, 0, 10200 * MS, 12 * SECOND, drop);
        carried_begin(&fixture);
        carried_run(&fixture, 12 * SECOND);
        g_assert_cmpuint(carrier_upkeep(fixture.carrier).lost, ==, 1);
        g_assert_true(is_in_mesh(&fixture, 0, 1) && is_in_mesh(&fixture, 1, 0) == !drop);
        carried_run(&fixture, 12300 * MS);
        g_assert_true(is_in_mesh(&fixture, 0, 1) && is_in_mesh(&fixture, 1, 0));
        g_assert_cmpuint(upkeep_messages(&fixture), ==, 1 + drop);
        carried_release(&fixture);
    }
}

/* What its peer passes on right after a node is back comes, though a GRAFT would be there only after 300 ms. */
static void who_is_back_misses_nothing(void)
{
    struct carrier_fixture fixture = begin_pair("0,1,300", false);
    carried_begin(&fixture);
    carried_run(&fixture, 10 * SECOND);
    uint32_t early = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, MINUTE);
    g_assert_cmpint(carried_had(&fixture, early, 1), ==, 10300 * MS);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 0);
    carried_release(&fixture);
}

/*
 * The peer, too, is down until 5 s, from before or after node 1. Where that loses nothing it still knows then that node
 * 1 wants what it has; else it has forgotten, and node 1 joins anew.
 */
static void both_ends_remember(void)
{
    for (int i = 0; i < 4; i++) {
        bool drop = i % 2, is_first = i / 2;
        struct carrier_fixture fixture = begin_pair("0,1,300", false);
        take_down(&fixture, 0, is_first ? 500 * MS : 2 * SECOND, 5 * SECOND, drop);
        carried_begin(&fixture);
        carried_run(&fixture, 6 * SECOND);
        uint32_t missed = carried_broadcast(&fixture, 0, 1000);
        carried_run(&fixture, 10 * SECOND);
        g_assert_cmpuint(carried_traffic(&fixture).copies, ==, !drop);
        g_assert_cmpint(carried_had(&fixture, missed, 1), ==, drop ? TIME_NEVER : 10 * SECOND);
        g_assert_true(is_in_mesh(&fixture, 1, 0) && is_in_mesh(&fixture, 0, 1) == !drop);
        carried_run(&fixture, 10300 * MS);
        g_assert_true(is_in_mesh(&fixture, 1, 0) && is_in_mesh(&fixture, 0, 1));
        g_assert_cmpuint(upkeep_messages(&fixture), ==, drop);
        carried_release(&fixture);
    }
}

static void put_in_mesh(struct carrier_fixture *fixture, node_id a, node_id b, bool in)
{
    uint64_t *bits = fixture->carrier->mesh.in;
    void (*put)(uint64_t *, uint32_t) = in ? node_bit_set : node_bit_clear;
    put(bits, link_between(fixture, a, b));
    put(bits, link_between(fixture, b, a));
}

/* A node that bears one peer has found another when the first is back: a heartbeat later it has pruned one of them. */
static void too_many_are_pruned_after_stalls(void)
{
    struct carrier_fixture fixture;
    carried_init(
        &fixture, 3, "0,1,10 0,2,10",
        SETTINGS("relay", "gossipsub", "relay.degree", "1", "relay.degree_low", "0", "relay.degree_high", "1"));
    take_down(&fixture, 1, SECOND, 10 * SECOND, false);
    carried_begin(&fixture);
    put_in_mesh(&fixture, 0, 1, true);
    put_in_mesh(&fixture, 0, 2, false);
    carried_run(&fixture, 5 * SECOND);
    put_in_mesh(&fixture, 0, 2, true);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 1);
    carried_run(&fixture, 10 * SECOND);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 2);
    carried_run(&fixture, 11010 * MS);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 1);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 1);
    carried_release(&fixture);
}

/* Node 0 has pruned node 1, which has not heard of it and grafts: it is told again, and both back off anew. */
static void grafts_are_refused_while_backing_off(void)
{
    struct carrier_fixture fixture = begin_pair("0,1,10", true);
    carried_begin(&fixture);
    carried_run(&fixture, 11 * SECOND);
    g_assert_true(is_in_mesh(&fixture, 0, 1) && is_in_mesh(&fixture, 1, 0));
    struct carrier *carrier = fixture.carrier;
    uint32_t out = link_between(&fixture, 0, 1), back = link_between(&fixture, 1, 0);
    node_bit_clear(carrier->mesh.in, out);
    carrier->mesh.backoff_until_ns[out] = MINUTE;
    uint64_t before = upkeep_messages(&fixture);
    transfer_upkeep(carrier, CARRIER_GRAFT, back, 20);
    carried_run(&fixture, 11010 * MS);
    g_assert_true(!is_in_mesh(&fixture, 0, 1) && is_in_mesh(&fixture, 1, 0));
    g_assert_cmpuint(upkeep_messages(&fixture), ==, before + 2); /* the GRAFT, and the PRUNE that answers it */
    g_assert_cmpint(carrier->mesh.backoff_until_ns[out], ==, MINUTE + 11010 * MS);
    carried_run(&fixture, 11020 * MS);
    g_assert_true(!is_in_mesh(&fixture, 1, 0));
    g_assert_cmpint(carrier->mesh.backoff_until_ns[back], ==, MINUTE + 11020 * MS);
    carried_release(&fixture);
}

/* Without outages nothing of this happens, and nothing is sent for it. */
static void without_outages_meshes_stay(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10 2,0,10", SETTINGS("relay", "gossipsub"));
    carried_begin(&fixture);
    carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, HOUR);
    g_assert_cmpuint(upkeep_messages(&fixture), ==, 0);
    g_assert_cmpuint(gossipsub_mesh_degree(fixture.carrier, 0), ==, 2);
    carried_release(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gossipsub_mesh/the lost leave the mesh", the_lost_leave_the_mesh);
    g_test_add_func("/gossipsub_mesh/the owed get what they missed", the_owed_get_what_they_missed);
    g_test_add_func("/gossipsub_mesh/others take their place", others_take_their_place);
    g_test_add_func("/gossipsub_mesh/who is pruned backs off", who_is_pruned_backs_off);
    g_test_add_func("/gossipsub_mesh/grafts take their way", grafts_take_their_way);
    g_test_add_func("/gossipsub_mesh/grafts meet partitions", grafts_meet_partitions);
    g_test_add_func("/gossipsub_mesh/grafts do not outlive connections", grafts_do_not_outlive_connections);
    g_test_add_func("/gossipsub_mesh/who is back misses nothing", who_is_back_misses_nothing);
    g_test_add_func("/gossipsub_mesh/both ends remember", both_ends_remember);
    g_test_add_func("/gossipsub_mesh/too many are pruned after stalls", too_many_are_pruned_after_stalls);
    g_test_add_func("/gossipsub_mesh/grafts are refused while backing off", grafts_are_refused_while_backing_off);
    g_test_add_func("/gossipsub_mesh/without outages meshes stay", without_outages_meshes_stay);
    return g_test_run();
}
