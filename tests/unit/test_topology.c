/* SPDX-License-Identifier: MIT */
/* Topologies from files: floods arrive by the shortest path, also around a partition. */
#include "network/graph.h"
#include "network/network.h"

#include "../shared.h"
#include "network_setup.h"

#include <glib/gstdio.h>

static char *file_of(const char *text)
{
    GError *error = NULL;
    char *path = NULL;
    int handle = g_file_open_tmp("posim-topology-XXXXXX", &path, &error);
    g_assert_no_error(error);
    g_close(handle, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return setup_keep(path);
}

static time_ns arrival(const struct network *network, time_ns sent_ns, uint32_t size_bytes, node_id from, node_id to)
{
    struct network_message message = {.id = 5, .size_bytes = size_bytes, .sent_ns = sent_ns};
    time_ns all[16];
    network_arrivals(network, &message, from, all);
    time_ns one = network_arrival(network, &message, from, to);
    g_assert_cmpint(one, ==, all[to]);
    return one;
}

/* Node 1 downloads from 0, 2 from 1, 3 from 2, 0 from 3: messages go one way round. A shortcut leads from 0 to 2. */
#define RING                                                                                                           \
    "node,producer,latency_ms,bandwidth_bytes_per_s\n"                                                                 \
    "1,0,10,1000\n2,1,10,1000\n3,2,10,500\n0,3,10,1000\n2,0,15.5,1000\n"

/* From 0 to 2 the shortcut is shorter than by way of 1; back from 1 to 0 it is three links; both ways, one. */
static void shortest_path_in_direction(void)
{
    char *path = file_of(RING);
    struct network *network = setup_network(4, SETTINGS("topology", "file", "topology.file", path));
    g_assert_cmpint(arrival(network, SECOND, 9, 0, 1), ==, SECOND + 10 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 9, 0, 2), ==, SECOND + 15500 * MICROSECOND);
    g_assert_cmpint(arrival(network, SECOND, 9, 0, 3), ==, SECOND + 25500 * MICROSECOND);
    g_assert_cmpint(arrival(network, SECOND, 9, 1, 0), ==, SECOND + 30 * MILLISECOND);
    g_assert_cmpint(network_least_delay(network, 1, 0), ==, 30 * MILLISECOND);
    g_assert_cmpint(network_delay_bound(network, 9), ==, 30 * MILLISECOND);
    g_assert_cmpstr(network_region(network, 3), ==, "");
    network_free(network);
    network = setup_network(4, SETTINGS("topology", "file", "topology.file", path, "topology.bidirectional", "on"));
    g_assert_cmpint(arrival(network, 0, 9, 1, 0), ==, 10 * MILLISECOND);
    network_free(network);
    g_unlink(path);
}

/* With bandwidth on, each link on the way takes size / rate more: 100 bytes, 0 to 3: 15.5 + 10 ms, 100 + 200 ms. */
static void links_take_time_by_size(void)
{
    char *path = file_of(RING);
    struct network *network =
        setup_network(4, SETTINGS("topology", "file", "topology.file", path, "topology.bandwidth", "on"));
    g_assert_cmpint(arrival(network, 0, 100, 0, 3), ==, 325500 * MICROSECOND);
    g_assert_cmpint(arrival(network, 0, 0, 0, 3), ==, 25500 * MICROSECOND);
    g_assert_cmpint(network_least_delay(network, 0, 3), ==, 25500 * MICROSECOND);
    g_assert_cmpint(network_delay_bound(network, 100), ==, 430 * MILLISECOND); /* 1 to 0 */
    network_free(network);
    g_unlink(path);
}

/* Two ways of the same delay: the one that adds less for each byte counts. */
static void ties_take_the_faster_link(void)
{
    const struct graph_link links[] = {
        {0, 1, 5, 900}, {1, 3, 5, 0}, {0, 2, 5, 1}, {2, 3, 5, 1}, {3, 0, 1, 0},
    };
    struct graph *graph = graph_new(4, links, G_N_ELEMENTS(links));
    struct graph_paths *paths = graph_paths_new(graph, NULL, 0);
    const struct graph_row *row = graph_paths_from(paths, 0);
    g_assert_cmpint(row->delay_ns[3], ==, 10);
    g_assert_cmpuint(row->byte_ps[3], ==, 2);
    graph_paths_free(paths);
    graph_free(graph);
}

static bool parted(const uint8_t *side, const struct graph_link *link)
{
    return side[link->from] * side[link->to] == 2; /* sides 1 and 2; 0 is on both */
}

/* 200 random graphs of 12 nodes, cut twice at random: every path against Bellman and Ford's repeated relaxation. */
static void paths_against_bellman_ford(void)
{
    enum { nodes = 12, links_count = 30 };
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 3);
    int unreachable = 0;
    for (int round = 0; round < 200; round++) {
        struct graph_link links[links_count];
        uint8_t sides[2][nodes];
        for (int i = 0; i < links_count; i++)
            links[i] = (struct graph_link){.from = (node_id)random_below(&stream, nodes),
                                           .to = (node_id)random_below(&stream, nodes),
                                           .delay_ns = (time_ns)random_below(&stream, 6)};
        for (int node = 0; node < nodes; node++)
            for (int cut = 0; cut < 2; cut++)
                sides[cut][node] = (uint8_t)random_below(&stream, 3);
        struct graph *graph = graph_new(nodes, links, links_count);
        struct graph_paths *paths = graph_paths_new(graph, (const uint8_t *const[]){sides[0], sides[1]}, 2);
        for (node_id source = nodes; source-- > 0;) {
            time_ns expected[nodes];
            for (int node = 0; node < nodes; node++)
                expected[node] = TIME_NEVER;
            expected[source] = 0;
            for (int pass = 0; pass < nodes; pass++)
                for (int i = 0; i < links_count; i++)
                    if (expected[links[i].from] != TIME_NEVER && !parted(sides[0], &links[i]) &&
                        !parted(sides[1], &links[i]))
                        expected[links[i].to] = MIN(expected[links[i].to], expected[links[i].from] + links[i].delay_ns);
            const struct graph_row *row = graph_paths_from(paths, source);
            for (int node = 0; node < nodes; node++) {
                g_assert_cmpint(row->delay_ns[node], ==, expected[node]);
                unreachable += expected[node] == TIME_NEVER;
            }
        }
        graph_paths_free(paths);
        graph_free(graph);
    }
    g_assert_cmpint(unreachable, >, 1000);
}

/*
 * The ring without its shortcut in use: 1 and 2 are split from 0 and 3 between 1 and 2 s. Across, messages are held.
 * From 1 to 2 the direct link still works; from 2 to 1 the only way leads through the other side: held too. A flood
 * that needs no cut link does not notice.
 */
static void partition_leaves_the_remaining_graph(void)
{
    static const uint8_t side[4] = {1, 2, 2, 1};
    char *path = file_of(RING);
    struct network *network = setup_network(4, SETTINGS("topology", "file", "topology.file", path));
    network_partition(network, SECOND, 2 * SECOND, side, false);
    g_assert_cmpint(arrival(network, SECOND, 0, 0, 1), ==, 2 * SECOND + 10 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 1, 2), ==, SECOND + 10 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 3, 0), ==, SECOND + 10 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND, 0, 2, 1), ==, 2 * SECOND + 30 * MILLISECOND);
    g_assert_cmpint(arrival(network, SECOND - 1, 0, 2, 1), ==, SECOND - 1 + 30 * MILLISECOND);
    struct network *clone = network_clone(network);
    network_partition(clone, SECOND, 2 * SECOND, side, true);
    g_assert_cmpint(arrival(clone, SECOND, 0, 0, 1), ==, TIME_NEVER);
    g_assert_cmpint(arrival(network, SECOND, 0, 0, 1), ==, 2 * SECOND + 10 * MILLISECOND);
    network_free(clone);
    network_free(network);
    g_unlink(path);
}

/*
 * A partition takes the short way from 0 to 2 and leaves the long one: 0, 1, 2 and 3 are in a ring both ways, node 3 is
 * split off alone. From 0 to 2 the way by 3 took 2 ms, the way by 1 takes 20 ms.
 */
static void partition_makes_a_detour(void)
{
    static const uint8_t alone[4] = {1, 1, 1, 2};
    char *path = file_of("node,producer,latency_ms\n0,1,10\n1,2,10\n2,3,1\n3,0,1\n");
    struct network *network =
        setup_network(4, SETTINGS("topology", "file", "topology.file", path, "topology.bidirectional", "on"));
    network_partition(network, SECOND, 2 * SECOND, alone, false);
    network_partition(network, SECOND, 3 * SECOND / 2, (const uint8_t[4]){1, 2, 1, 1}, false);
    g_assert_cmpint(arrival(network, 0, 0, 0, 2), ==, 2 * MILLISECOND);
    g_assert_cmpint(arrival(network, 3 * SECOND / 2, 0, 0, 2), ==, 3 * SECOND / 2 + 20 * MILLISECOND);
    /* Until 1.5 s both ways are cut: it leaves when the first of them is back. */
    g_assert_cmpint(arrival(network, SECOND, 0, 0, 2), ==, 3 * SECOND / 2 + 20 * MILLISECOND);
    network_free(network);
    g_unlink(path);
}

/* Names in a file of nodes, in its order, with regions and stakes; the scenario uses three of four, 'd' relays. */
static void nodes_have_names(void)
{
    char *edges = file_of("to,from,ms\nb,a,1\nc,d,1\nd,b,1\na,c,1\n");
    char *nodes = file_of("id,where,coins\na,eu,5\nb,us,0\nc,eu,7\nd,us,1\n");
    struct network_params *params = setup_params(SETTINGS(
        "topology", "file", "topology.file", edges, "topology.nodes", nodes, "topology.from", "from", "topology.to",
        "to", "topology.latency", "ms", "topology.node", "id", "topology.region", "where", "topology.stake", "coins"));
    GError *error = NULL;
    struct network *network = network_new(params, 3, NULL, &setup_seed, &error);
    g_assert_no_error(error);
    g_assert_cmpint(arrival(network, 0, 0, 0, 2), ==, 3 * MILLISECOND); /* a, b, d, c */
    g_assert_cmpstr(network_region(network, 1), ==, "us");
    g_assert_cmpstr(network_region(network, 2), ==, "eu");
    network_free(network);
    uint32_t count;
    stake_amount *stakes;
    g_assert_true(network_gives_stakes(params, &count, &stakes, &error));
    g_assert_cmpuint(count, ==, 4);
    g_assert_cmpuint(stakes[2], ==, 7);
    g_free(stakes);
    const char *regions[] = {NULL, "eu"};
    g_assert_null(network_new(params, 2, regions, &setup_seed, &error));
    g_assert_cmpstr(error->message, ==, "node 1: region eu cannot be chosen: the topology's file places the nodes");
    g_clear_error(&error);
    setup_set(&network_params_table, params, "topology.stake", "gold");
    g_assert_false(network_gives_stakes(params, &count, &stakes, &error));
    g_assert_no_error(error);
    g_assert_false(network_gives_stakes(setup_params(NULL), &count, &stakes, &error));
    g_unlink(edges);
    g_unlink(nodes);
}

static void refuses(const char *edges_text, const char *nodes_text, uint32_t node_count, const char *expected)
{
    char *edges = file_of(edges_text), *nodes = nodes_text ? file_of(nodes_text) : NULL;
    GError *error = NULL;
    struct network_params *params =
        setup_params(SETTINGS("topology", "file", "topology.file", edges, "topology.bandwidth", "on"));
    if (nodes)
        setup_set(&network_params_table, params, "topology.nodes", nodes);
    g_assert_null(network_new(params, node_count, NULL, &setup_seed, &error));
    g_assert_nonnull(error);
    GString *message = g_string_new(error->message);
    g_string_replace(message, edges, "EDGES", 0);
    if (nodes)
        g_string_replace(message, nodes, "NODES", 0);
    g_assert_cmpstr(message->str, ==, expected);
    g_string_free(message, TRUE);
    g_error_free(error);
    g_unlink(edges);
    if (nodes)
        g_unlink(nodes);
}

#define PARTS(parts, largest, from, to)                                                                                \
    "network.topology: EDGES falls into " parts " parts, of which the largest has " largest                            \
    " nodes: no path leads from node " from " to node " to                                                             \
    ": add links, or use bidirectional: on if they lead both ways"
#define HEADER "node,producer,latency_ms,bandwidth_bytes_per_s\n"

static void bad_topologies_are_refused(void)
{
    refuses("node,producer,latency_ms\n", NULL, 1,
            "EDGES: there is no column bandwidth_bytes_per_s: the columns are node, producer, latency_ms");
    refuses("from,to,latency_ms,bandwidth_bytes_per_s\n", NULL, 1,
            "EDGES: there is no column producer: the columns are from, to, latency_ms, bandwidth_bytes_per_s");
    refuses(HEADER "1,0,5,9\n0,1,5,9\n", NULL, 3, "network.topology: EDGES has 2 nodes, but the scenario has 3");
    refuses(HEADER "1,0,5,9\n", NULL, 2, PARTS("2", "1 of 2", "1", "0"));
    /* 0, 2 and 4 go round one way, to 1 and 3, from which nothing comes back. */
    refuses(HEADER "2,0,5,9\n4,2,5,9\n0,4,5,9\n1,0,5,9\n3,1,5,9\n", NULL, 5, PARTS("3", "3 of 5", "1", "0"));
    refuses(HEADER "1,0,5,9\n0,1,5,9\n", "node\n0\n1\nx\n", 2, PARTS("2", "2 of 3", "0", "x"));
    refuses(HEADER "1,1,5,9\n", NULL, 1, "EDGES:2: column node: a link from node 1 to itself");
    refuses(HEADER "1,0,x,9\n", NULL, 1, "EDGES:2: column latency_ms: \"x\" is not a number such as 12 or 85.25");
    refuses(HEADER "1,0,9999999,9\n", NULL, 1, "EDGES:2: column latency_ms: the delay is too long: at most an hour");
    refuses(HEADER "1,0,5,0\n", NULL, 1,
            "EDGES:2: column bandwidth_bytes_per_s: a rate of 0: at least 1 byte a second");
    refuses(HEADER "1,0,5,9\n", "node\n0\n", 1, "EDGES:2: column node: the file of nodes has no node 1");
    refuses(HEADER "1,0,5,9\n", "node\n0\n1\n0\n", 1, "NODES:4: column node: there is a second node 0");
    refuses(HEADER "1,0,5,9\n", "node,x\n0,1\n,2\n", 1, "NODES:3: column node: a node needs a name");
    refuses(HEADER "1,0,5,9\n", "name\n0\n", 1, "NODES: there is no column node: the columns are name");
    refuses(HEADER, NULL, 1, "network.topology: EDGES has 0 nodes, but the scenario has 1");
}

/*
 * The 750-node map: it is connected; 0 hears 2 over their own link of .1474 ms; no path is longer than the direct link
 * where there is one; stakes add up to the file's published total, over 216 producers.
 */
static void the_750_nodes(void)
{
    char *edges = shared_path("data/topology_leios_750/edges.csv");
    char *nodes = edges ? shared_path("data/topology_leios_750/nodes.csv") : NULL;
    if (!nodes) {
        g_free(edges);
        return;
    }
    const char *const *settings = SETTINGS("topology", "file", "topology.file", edges, "topology.nodes", nodes);
    struct network *network = setup_network(750, settings);
    g_assert_cmpint(network_least_delay(network, 2, 0), ==, 147400);
    g_assert_cmpint(network_least_delay(network, 405, 2), <=, 360403800);
    time_ns arrivals[750], slowest = 0, bound = network_delay_bound(network, 0);
    for (node_id from = 0; from < 750; from++) {
        struct network_message message = {.id = from, .sent_ns = SECOND};
        network_arrivals(network, &message, from, arrivals);
        for (node_id to = 0; to < 750; to++) {
            g_assert_cmpint(arrivals[to], >=, SECOND);
            g_assert_cmpint(arrivals[to], <, 2 * SECOND);
            slowest = MAX(slowest, arrivals[to] - SECOND);
        }
    }
    g_test_message("slowest pair %.1f ms, bound from 64 sources %.1f ms", (double)slowest / MILLISECOND,
                   (double)bound / MILLISECOND);
    g_assert_cmpint(bound, <=, slowest);
    g_assert_cmpint(bound, >, slowest / 2);
    uint32_t count, producers = 0;
    stake_amount *stakes, total = 0;
    g_assert_true(network_gives_stakes(setup_params(settings), &count, &stakes, NULL));
    g_assert_cmpuint(count, ==, 750);
    for (uint32_t node = 0; node < count; node++) {
        total += stakes[node];
        producers += stakes[node] > 0;
    }
    g_assert_cmpuint(total, ==, 12697141247);
    g_assert_cmpuint(producers, ==, 216);
    g_free(stakes);
    network_free(network);
    g_free(edges);
    g_free(nodes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topology/shortest path in direction", shortest_path_in_direction);
    g_test_add_func("/topology/links take time by size", links_take_time_by_size);
    g_test_add_func("/topology/ties take the faster link", ties_take_the_faster_link);
    g_test_add_func("/topology/paths against bellman and ford", paths_against_bellman_ford);
    g_test_add_func("/topology/partition leaves the remaining graph", partition_leaves_the_remaining_graph);
    g_test_add_func("/topology/partition makes a detour", partition_makes_a_detour);
    g_test_add_func("/topology/nodes have names", nodes_have_names);
    g_test_add_func("/topology/bad topologies are refused", bad_topologies_are_refused);
    g_test_add_func("/topology/the 750 nodes", the_750_nodes);
    return g_test_run();
}
