/* SPDX-License-Identifier: MIT */
/* Statistics of graphs small enough to work them out by hand, and of one that another program has measured. */
#include "network/network.h"

#include "../shared.h"
#include "network_setup.h"

#include <glib/gstdio.h>

static char *edges_of(const char *rows)
{
    char *path = NULL, *text = g_strconcat("node,producer,latency_ms\n", rows, NULL);
    g_close(g_file_open_tmp("posim-shape-XXXXXX", &path, NULL), NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(text);
    return setup_keep(path);
}

static struct network_shape shape_of(uint32_t nodes, const stake_amount *stakes, const char *const *settings)
{
    struct network *network = setup_network(nodes, settings);
    stake_amount *equal = g_new(stake_amount, nodes);
    for (uint32_t node = 0; node < nodes; node++)
        equal[node] = 5;
    struct network_shape shape;
    network_shape(network, stakes ? stakes : equal, &shape);
    g_free(equal);
    network_free(network);
    return shape;
}

static void ratio_is(struct ratio ratio, uint64_t numerator, uint64_t denominator)
{
    g_assert_true((uint128)ratio.numerator * denominator == (uint128)numerator * ratio.denominator);
    g_assert_cmpuint(ratio.denominator, >, 0);
}

/* To within a billionth, as local coefficients are rounded. */
static void clustering_is(struct ratio ratio, double expected)
{
    g_assert_cmpfloat_with_epsilon((double)ratio.numerator / (double)ratio.denominator, expected, 1.5e-9);
}

/*
 * A triangle 0, 1, 2 with a tail: 3 at 2, 4 at 3. Both ways; 10 ms in the triangle, 20 and 40 ms along the tail.
 * Hops: 01 1, 02 1, 03 2, 04 3, 12 1, 13 2, 14 3, 23 1, 24 2, 34 1: 17 over 10 pairs. Delays: 10, 10, 30, 70, 10, 30,
 * 70, 20, 60, 40: 350 ms over 10. Clustering: 1, 1, 1/3 (of 2's neighbours 0, 1, 3 one pair is linked), 0, 0.
 */
static void a_triangle_with_a_tail(void)
{
    char *path = edges_of("0,1,10\n1,2,10\n2,0,10\n3,2,20\n4,3,40\n");
    const char *const *settings = SETTINGS("topology", "file", "topology.file", path, "topology.bidirectional", "on");
    struct network_shape shape = shape_of(5, NULL, settings);
    g_assert_cmpstr(shape.topology, ==, "file");
    g_assert_cmpuint(shape.nodes, ==, 5);
    g_assert_cmpuint(shape.relays, ==, 0);
    g_assert_cmpuint(shape.links, ==, 10);
    g_assert_cmpuint(shape.links_by_model, ==, 0);
    g_assert_cmpuint(shape.degree_least, ==, 1);
    g_assert_cmpuint(shape.degree_most, ==, 3);
    ratio_is(shape.degree_mean, 2, 1);
    g_assert_cmpuint(shape.path_sources, ==, 5);
    g_assert_cmpuint(shape.hops_most, ==, 3);
    ratio_is(shape.hops_mean, 17, 10);
    g_assert_cmpint(shape.delay_most_ns, ==, 70 * MILLISECOND);
    g_assert_cmpint(shape.delay_mean_ns, ==, 35 * MILLISECOND);
    g_assert_cmpint(shape.stake_delay_ns, ==, 35 * MILLISECOND); /* equal stakes: the same */
    g_assert_cmpuint(shape.clustering_sources, ==, 5);
    clustering_is(shape.clustering, 7. / 15);
    /* Stakes 3 at 0 and 1 at 4: from either the other is 70 ms away. With 1 at 1 as well: from 0 the mean of 10 and
     * 70, from 1 (3 x 10 + 70) / 4, from 4 (3 x 70 + 70) / 4; drawn 3 : 1 : 1. */
    const stake_amount two[] = {3, 0, 0, 0, 1}, three[] = {3, 1, 0, 0, 1};
    g_assert_cmpint(shape_of(5, two, settings).stake_delay_ns, ==, 70 * MILLISECOND);
    g_assert_cmpint(shape_of(5, three, settings).stake_delay_ns, ==, (3 * 40 + 25 + 70) * MILLISECOND / 5);
    const stake_amount none[] = {0, 0, 0, 0, 0}, one[] = {0, 9, 0, 0, 0};
    g_assert_cmpint(shape_of(5, none, settings).stake_delay_ns, ==, TIME_NEVER);
    g_assert_cmpint(shape_of(5, one, settings).stake_delay_ns, ==, TIME_NEVER);
    /* Of four of them as a scenario's, the last only passes on: paths are those between the four. */
    shape = shape_of(4, NULL, settings);
    g_assert_cmpuint(shape.relays, ==, 1);
    g_assert_cmpuint(shape.hops_most, ==, 2);
    ratio_is(shape.hops_mean, 8, 6);
    g_assert_cmpint(shape.delay_most_ns, ==, 30 * MILLISECOND);
    g_unlink(path);
}

/*
 * One way round a triangle: 0 to 1 to 2 to 0, 10 ms each. Half of the pairs are two hops apart; who is linked to whom
 * does not depend on the direction for clustering.
 */
static void a_ring_one_way(void)
{
    char *path = edges_of("1,0,10\n2,1,10\n0,2,10\n");
    struct network_shape shape = shape_of(3, NULL, SETTINGS("topology", "file", "topology.file", path));
    g_assert_cmpuint(shape.links, ==, 3);
    g_assert_cmpuint(shape.degree_most, ==, 1);
    ratio_is(shape.hops_mean, 3, 2);
    g_assert_cmpint(shape.delay_mean_ns, ==, 15 * MILLISECOND);
    clustering_is(shape.clustering, 1);
    g_unlink(path);
}

static void all_with_all(void)
{
    struct network_shape shape = shape_of(7, NULL, SETTINGS("latency", "constant", "latency.delay", "80 ms"));
    g_assert_cmpstr(shape.topology, ==, "direct");
    g_assert_cmpuint(shape.links, ==, 42);
    g_assert_cmpuint(shape.links_by_model, ==, 42);
    g_assert_cmpuint(shape.degree_least, ==, 6);
    ratio_is(shape.hops_mean, 1, 1);
    g_assert_cmpint(shape.delay_most_ns, ==, 80 * MILLISECOND);
    g_assert_cmpint(shape.stake_delay_ns, ==, 80 * MILLISECOND);
    clustering_is(shape.clustering, 1);
    shape = shape_of(1, NULL, SETTINGS("latency", "constant"));
    g_assert_cmpuint(shape.links, ==, 0);
    g_assert_cmpuint(shape.hops_mean.denominator, ==, 0);
    g_assert_cmpint(shape.delay_most_ns, ==, TIME_NEVER);
    g_assert_cmpint(shape.delay_mean_ns, ==, TIME_NEVER);
    g_assert_cmpint(shape.stake_delay_ns, ==, TIME_NEVER);
    clustering_is(shape.clustering, 0);
}

/*
 * The ring of Watts and Strogatz: clustering 3 (k - 2) / (4 (k - 1)), and the i-th next node is ceil(i / (k / 2)) hops
 * away. 101 nodes, k = 6: 50 next on either side, 17 hops to the last, the mean (3 (1 + ... + 16) + 2 x 17) / 50.
 */
static void a_ring_of_neighbours(void)
{
    struct network_shape shape = shape_of(101, NULL,
                                          SETTINGS("latency", "constant", "latency.delay", "10 ms", "topology",
                                                   "small_world", "topology.degree", "6", "topology.rewire", "0 %"));
    clustering_is(shape.clustering, 3. * 4 / (4 * 5));
    g_assert_cmpuint(shape.hops_most, ==, 17);
    ratio_is(shape.hops_mean, 3 * 136 + 34, 50);
    g_assert_cmpint(shape.delay_most_ns, ==, 170 * MILLISECOND);
}

/* Sentries all linked to each other: three hops from any validator to any other. */
static void behind_sentries(void)
{
    struct network_shape shape =
        shape_of(10, NULL, SETTINGS("latency", "constant", "latency.delay", "10 ms", "topology", "hub_and_sentry"));
    g_assert_cmpuint(shape.relays, ==, 20);
    g_assert_cmpuint(shape.degree_least, ==, 2);
    g_assert_cmpuint(shape.degree_most, ==, 20);
    g_assert_cmpuint(shape.hops_most, ==, 3);
    ratio_is(shape.hops_mean, 3, 1);
    g_assert_cmpint(shape.delay_mean_ns, ==, 30 * MILLISECOND);
}

/* 1,500 nodes: from a sample. In a ring every node sees the same, so that the sample is exact. */
static void many_nodes_are_sampled(void)
{
    gint64 began = g_get_monotonic_time();
    struct network_shape shape = shape_of(
        1500, NULL,
        SETTINGS("latency", "constant", "latency.delay", "10 ms", "topology", "small_world", "topology.rewire", "0 %"));
    g_assert_cmpuint(shape.path_sources, ==, 100);
    g_assert_cmpuint(shape.hops_most, ==, 188);
    ratio_is(shape.hops_mean, 2 * 4 * (187 * 188 / 2) + 188 * 3, 1499);
    g_assert_cmpint(shape.stake_delay_ns, ==, shape.delay_mean_ns);
    g_assert_cmpuint(shape.clustering_sources, ==, 1500);
    shape = shape_of(10000, NULL, SETTINGS("topology", "scale_free"));
    g_assert_cmpuint(shape.path_sources, ==, 100);
    shape = shape_of(300, NULL, SETTINGS("topology", "hub_and_sentry"));
    g_assert_cmpuint(shape.clustering_sources, <, 900);
    g_assert_cmpuint(shape.clustering_sources, >, 100);
    g_assert_cmpfloat((double)shape.clustering.numerator / (double)shape.clustering.denominator, >, .99);
    g_test_message("in %d ms", (int)((g_get_monotonic_time() - began) / 1000));
}

/* The 750-node map, by networkx 3.6: average_clustering of the undirected graph, diameter, mean shortest path. */
static void the_750_nodes(void)
{
    char *edges = shared_path("data/topology_leios_750/edges.csv");
    if (!edges)
        return;
    struct network_shape shape = shape_of(750, NULL, SETTINGS("topology", "file", "topology.file", edges));
    g_assert_cmpuint(shape.links, ==, 19314);
    g_assert_cmpuint(shape.hops_most, ==, 5);
    g_assert_cmpfloat_with_epsilon((double)shape.hops_mean.numerator / (double)shape.hops_mean.denominator,
                                   2.5432363150867823, 1e-12);
    clustering_is(shape.clustering, 0.3069811320607822);
    g_free(edges);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topology shape/a triangle with a tail", a_triangle_with_a_tail);
    g_test_add_func("/topology shape/a ring one way", a_ring_one_way);
    g_test_add_func("/topology shape/all with all", all_with_all);
    g_test_add_func("/topology shape/a ring of neighbours", a_ring_of_neighbours);
    g_test_add_func("/topology shape/behind sentries", behind_sentries);
    g_test_add_func("/topology shape/many nodes are sampled", many_nodes_are_sampled);
    g_test_add_func("/topology shape/the 750 nodes", the_750_nodes);
    return g_test_run();
}
