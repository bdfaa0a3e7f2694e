/* SPDX-License-Identifier: MIT */
/* Ways of relaying: gossipsub's mesh and gossip, pull with its timeouts, routines for each peer, rotor's shreds. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS MILLISECOND

static void assert_had(const struct carrier_fixture *fixture, uint32_t ticket, node_id node, time_ns at_ns)
{
    g_assert_cmpint(carried_had(fixture, ticket, node), ==, at_ns);
}

/* A ring and random chords, `degree` links a node on average. */
static char *random_links(uint32_t nodes, uint32_t degree, uint64_t seed)
{
    GString *rows = g_string_new(NULL);
    bool *linked = g_new0(bool, (size_t)nodes *nodes);
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, seed);
    for (uint32_t i = 0; i < nodes * degree / 2; i++) {
        uint32_t from = i < nodes ? i : (uint32_t)random_below(&stream, nodes);
        uint32_t step = i < nodes ? 1 : 2 + (uint32_t)random_below(&stream, nodes - 3);
        uint32_t delay_ms = 5 + (uint32_t)random_below(&stream, 50);
        if (carried_add_row(rows, linked, nodes, from, (from + step) % nodes))
            g_string_append_printf(rows, "%u", delay_ms);
    }
    g_free(linked);
    return g_string_free(rows, FALSE);
}

/* Every mesh has between D_low and D_high peers, and is mutual. */
static void meshes_keep_their_bounds(void)
{
    for (uint64_t seed = 0; seed < 8; seed++) {
        char *rows = random_links(150, 20, seed);
        struct carrier_fixture fixture;
        carried_init(
            &fixture, 150, rows,
            SETTINGS("relay", "gossipsub", "relay.degree", "5", "relay.degree_low", "4", "relay.degree_high", "7"));
        carried_begin(&fixture);
        const struct carrier *carrier = fixture.carrier;
        for (node_id node = 0; node < 150; node++) {
            uint32_t degree = gossipsub_mesh_degree(carrier, node);
            g_assert_cmpuint(degree, >=, 4);
            g_assert_cmpuint(degree, <=, 7);
        }
        for (uint32_t link = 0; link < carrier->graph->link_count; link++) {
            const struct graph_link *along = &carrier->graph->links[link];
            if (node_bit(carrier->mesh.in, link))
                g_assert_true(node_bit(carrier->mesh.in, carrier_link(carrier, along->to, along->from)));
        }
        carried_release(&fixture);
        g_free(rows);
    }
}

/*
 * Meshes of one peer are pairs: the message reaches the sender's and no further but by IHAVE and IWANT, whose every
 * step takes a heartbeat of up to a second and three ways.
 */
static void gossip_reaches_beyond_the_mesh(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 6, "0,1,10 1,2,10 2,3,10 3,4,10 4,5,10 5,0,10",
                 SETTINGS("relay", "gossipsub", "relay.degree", "1", "relay.degree_low", "1", "relay.degree_high", "1",
                          "relay.flood_publish", "off"));
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 60 * SECOND);
    uint32_t at_once = 0;
    for (node_id node = 0; node < 6; node++) {
        g_assert_cmpint(carried_had(&fixture, ticket, node), !=, TIME_NEVER);
        at_once += carried_had(&fixture, ticket, node) <= 10 * MS;
    }
    g_assert_cmpuint(at_once, ==, 2);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.control_messages, >, 0);
    g_assert_cmpint(fixture.done_ns.at[ticket], !=, TIME_NEVER);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0); /* no heartbeat goes on for nothing */
    carried_release(&fixture);
}

/* With nobody to tell, the message stays with the sender's mesh: gossip is what brought it further. */
static void without_gossip_the_mesh_is_all(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 6, "0,1,10 1,2,10 2,3,10 3,4,10 4,5,10 5,0,10",
                 SETTINGS("relay", "gossipsub", "relay.degree", "1", "relay.degree_low", "1", "relay.degree_high", "1",
                          "relay.flood_publish", "off", "relay.history_gossip", "0"));
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 60 * SECOND);
    uint32_t reached = 0;
    for (node_id node = 0; node < 6; node++)
        reached += carried_had(&fixture, ticket, node) != TIME_NEVER;
    g_assert_cmpuint(reached, ==, 2);
    carried_release(&fixture);
}

/* Each hop of a large message is an announcement, a request and the body; a small one is sent at once. */
static void pull_takes_three_ways(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 1,2,10",
                 SETTINGS("relay", "pull", "relay.pull_above", "1 kB", "relay.announce_size", "100 B"));
    carried_begin(&fixture);
    uint32_t large = carried_broadcast(&fixture, 0, 50000);
    uint32_t small = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND / 2);
    assert_had(&fixture, large, 1, 30 * MS);
    assert_had(&fixture, large, 2, 60 * MS);
    assert_had(&fixture, small, 2, 20 * MS);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.copies, ==, 4);
    g_assert_cmpuint(traffic.duplicates, ==, 0);
    g_assert_cmpuint(traffic.control_messages, ==, 4);
    g_assert_cmpuint(traffic.control_bytes, ==, 400);
    carried_release(&fixture);
}

/*
 * Node 3 hears first of node 1, but the line between the two is cut just after; it waits for a second and then asks
 * node 2, which had announced it a little later. What it asked node 1 is lost, or held: then node 1 answers when the
 * cut heals, in vain.
 */
static void cut_off_from_the_first(const char *const *settings, bool drop)
{
    static const uint8_t side[] = {0, 1, 0, 2};
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, "0,1,10 0,2,12 1,3,10 2,3,12", settings);
    network_partition(fixture.network, 40 * MS, 20 * SECOND, side, drop);
    carried_begin(&fixture);
    uint32_t ticket = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 50000, .has_block = true});
    carried_run(&fixture, 30 * SECOND);
    assert_had(&fixture, ticket, 1, 30 * MS);
    assert_had(&fixture, ticket, 2, 36 * MS);
    assert_had(&fixture, ticket, 3, 40 * MS + SECOND + 24 * MS);
    g_assert_cmpuint(carried_traffic(&fixture).duplicates, ==, !drop);
    g_assert_true((fixture.done_ns.at[ticket] < 3 * SECOND) == drop);
    carried_release(&fixture);
}

/* Where only those beyond the cut have it, what was asked of them waits for the heal, or is lost for good. */
static void cut_off_from_all(const char *const *settings, bool drop)
{
    static const uint8_t side[] = {1, 2};
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10", settings);
    network_partition(fixture.network, 10 * MS, 20 * SECOND, side, drop);
    carried_begin(&fixture);
    uint32_t ticket = carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 50000, .has_block = true});
    carried_run(&fixture, 30 * SECOND);
    assert_had(&fixture, ticket, 1, drop ? TIME_NEVER : 20 * SECOND + 20 * MS);
    carried_release(&fixture);
}

static void partitions_make_nodes_ask_elsewhere(void)
{
    const char *const *const kinds[] = {
        SETTINGS("relay", "pull", "relay.timeout", "1 s"),
        SETTINGS("relay", "compact", "relay.timeout", "1 s", "relay.high_bandwidth", "0", "relay.complete", "100 %"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        for (int drop = 0; drop < 2; drop++) {
            cut_off_from_the_first(kinds[i], drop);
            cut_off_from_all(kinds[i], drop);
        }
}

/* A routine wakes within its sleep, and sends one message after another: 8 Mbit/s, 1,000 bytes, a millisecond each. */
static void routines_send_one_at_a_time(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, "0,1,10",
                 SETTINGS("relay", "per_peer", "relay.sleep", "100 ms", "capacity.up", "8 Mbit/s"));
    carried_begin(&fixture);
    uint32_t first = carried_broadcast(&fixture, 0, 1000);
    for (int i = 1; i < 4; i++)
        carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    time_ns had[4], least = TIME_NEVER;
    bool taken[4] = {false};
    for (uint32_t i = 0; i < 4; i++) {
        had[i] = carried_had(&fixture, first + i, 1);
        least = MIN(least, had[i]);
    }
    g_assert_cmpint(least, >=, 11 * MS);
    g_assert_cmpint(least, <=, 111 * MS);
    for (uint32_t i = 0; i < 4; i++) {
        g_assert_cmpint((had[i] - least) % MS, ==, 0);
        taken[(had[i] - least) / MS] = true;
    }
    g_assert_true(taken[0] && taken[1] && taken[2] && taken[3]);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
    carried_release(&fixture);
}

/* On a ring the two copies meet: by when the routine of 2 looks, 3 has told that it has the message. */
static void routines_send_what_the_peer_lacks(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,1 1,2,1 2,0,1", SETTINGS("relay", "per_peer", "relay.sleep", "1 s"));
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 20 * SECOND);
    for (node_id node = 0; node < 3; node++)
        g_assert_cmpint(carried_had(&fixture, ticket, node), !=, TIME_NEVER);
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.copies, ==, 2); /* phases of these routines lie apart */
    g_assert_cmpuint(traffic.duplicates, ==, 0);
    carried_release(&fixture);
}

/* Two hops, whatever the relay: 10 ms to it and 10 ms from it; 8 shreds of a quarter and 8 bytes each. */
static void rotor_takes_two_hops(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 20, NULL,
                 SETTINGS("relay", "rotor", "relay.data", "4", "relay.total", "8", "relay.overhead", "8 B"));
    carried_begin(&fixture);
    uint32_t large = carried_broadcast(&fixture, 0, 4000);
    uint32_t small = carried_broadcast(&fixture, 0, 500);
    carried_run(&fixture, SECOND);
    for (node_id node = 1; node < 20; node++) {
        g_assert_cmpint(carried_had(&fixture, large, node), <=, 20 * MS);
        g_assert_cmpint(carried_had(&fixture, large, node), >=, 10 * MS);
        assert_had(&fixture, small, node, 10 * MS);
    }
    struct carrier_traffic traffic = carried_traffic(&fixture);
    g_assert_cmpuint(traffic.bytes, >=, 19 * 500 + 8 * 18 * 1008);
    g_assert_cmpuint(traffic.bytes, <=, 19 * 500 + 8 * 19 * 1008);
    carried_release(&fixture);
}

/* Without repair who gets fewer than `data` shreds does not have the message: with half of the hops lost, 4 of 4 is out
 * of reach. */
static void rotor_needs_enough_shreds(void)
{
    static const char *const totals[] = {"4", "64"};
    uint32_t reached[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct carrier_fixture fixture;
        carried_init(
            &fixture, 20, NULL,
            SETTINGS("relay", "rotor", "relay.data", "4", "relay.total", totals[i], "relay.repair_tries", "0"));
        network_lose(fixture.network, 0, SECOND, NULL, (struct ratio){1, 2});
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 0, 4000);
        carried_run(&fixture, SECOND);
        for (node_id node = 1; node < 20; node++)
            reached[i] += carried_had(&fixture, ticket, node) != TIME_NEVER;
        g_assert_cmpint(fixture.done_ns.at[ticket], !=, TIME_NEVER);
        carried_release(&fixture);
    }
    g_assert_cmpuint(reached[0], <, 4);
    g_assert_cmpuint(reached[1], >, 12);
}

/* A relay that is down takes its shreds with it; the others suffice. */
static void rotor_survives_a_relay(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 20, NULL, SETTINGS("relay", "rotor", "relay.data", "32", "relay.total", "64"));
    for (node_id node = 1; node < 6; node++)
        network_outage(fixture.network, node, 0, TIME_NEVER, true);
    carried_begin(&fixture);
    uint32_t ticket = carried_broadcast(&fixture, 0, 40000);
    carried_run(&fixture, SECOND);
    for (node_id node = 1; node < 20; node++)
        g_assert_true((carried_had(&fixture, ticket, node) == TIME_NEVER) == (node < 6));
    carried_release(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/relay/meshes keep their bounds", meshes_keep_their_bounds);
    g_test_add_func("/relay/gossip reaches beyond the mesh", gossip_reaches_beyond_the_mesh);
    g_test_add_func("/relay/without gossip the mesh is all", without_gossip_the_mesh_is_all);
    g_test_add_func("/relay/pull takes three ways", pull_takes_three_ways);
    g_test_add_func("/relay/partitions make nodes ask elsewhere", partitions_make_nodes_ask_elsewhere);
    g_test_add_func("/relay/routines send one at a time", routines_send_one_at_a_time);
    g_test_add_func("/relay/routines send what the peer lacks", routines_send_what_the_peer_lacks);
    g_test_add_func("/relay/rotor takes two hops", rotor_takes_two_hops);
    g_test_add_func("/relay/rotor needs enough shreds", rotor_needs_enough_shreds);
    g_test_add_func("/relay/rotor survives a relay", rotor_survives_a_relay);
    return g_test_run();
}
