/* SPDX-License-Identifier: MIT */
/* Generated topologies: what each promises of degrees and connections holds, whatever the luck. */
#include "network/fabric.h"
#include "network/wiring.h"

#include "network_setup.h"

static struct fabric *build(uint32_t nodes, uint64_t seed, const char *const *settings)
{
    GError *error = NULL;
    struct random_seed luck = {.seed = seed};
    struct fabric *fabric = fabric_new(setup_params(settings), nodes, NULL, &luck, &error);
    g_assert_no_error(error);
    g_assert_nonnull(fabric->graph);
    return fabric;
}

static uint32_t degree_of(const struct graph *graph, node_id node)
{
    return graph->first[node + 1] - graph->first[node];
}

static bool has_link(const struct graph *graph, node_id from, node_id to, time_ns *delay_ns)
{
    for (uint32_t i = graph->first[from]; i < graph->first[from + 1]; i++)
        if (graph->links[i].to == to) {
            *delay_ns = graph->links[i].delay_ns;
            return true;
        }
    return false;
}

/* Each link leads back, no node is linked to itself or twice to another, all hangs together. */
static void check_simple(const struct graph *graph)
{
    uint32_t *seen_from = g_new(uint32_t, graph->node_count);
    memset(seen_from, 0xff, graph->node_count * sizeof *seen_from);
    for (node_id from = 0; from < graph->node_count; from++)
        for (uint32_t i = graph->first[from]; i < graph->first[from + 1]; i++) {
            node_id to = graph->links[i].to;
            time_ns delay_ns;
            g_assert_cmpuint(to, !=, from);
            g_assert_cmpuint(seen_from[to], !=, from);
            seen_from[to] = from;
            g_assert_true(has_link(graph, to, from, &delay_ns));
        }
    g_assert_cmpuint(graph_split(graph).parts, ==, 1);
    g_free(seen_from);
}

static char *number(uint32_t value)
{
    return setup_keep(g_strdup_printf("%u", value));
}

/* Every pair of numbers for which there is such a graph, up to 14 nodes: among them nearly full and full ones. */
static void random_regular_is_regular(void)
{
    for (uint32_t nodes = 4; nodes <= 14; nodes++)
        for (uint32_t degree = 3; degree < nodes; degree++)
            for (uint64_t seed = 0; nodes * degree % 2 == 0 && seed < 10; seed++) {
                struct fabric *fabric =
                    build(nodes, seed, SETTINGS("topology", "random_regular", "topology.degree", number(degree)));
                g_assert_cmpuint(fabric->graph->node_count, ==, nodes);
                check_simple(fabric->graph);
                for (node_id node = 0; node < nodes; node++)
                    g_assert_cmpuint(degree_of(fabric->graph, node), ==, degree);
                fabric_unshare(fabric);
            }
}

/* 2,000 draws among 12 nodes, 4 peers each: every pair is linked in 4/11 of them, within 5 standard deviations. */
static void random_regular_prefers_nobody(void)
{
    enum { nodes = 12, draws = 2000 };
    int linked[nodes][nodes] = {0};
    const char *const *settings = SETTINGS("topology", "random_regular", "topology.degree", "4");
    for (uint64_t seed = 0; seed < draws; seed++) {
        struct fabric *fabric = build(nodes, seed, settings);
        for (uint32_t i = 0; i < fabric->graph->link_count; i++)
            linked[fabric->graph->links[i].from][fabric->graph->links[i].to]++;
        fabric_unshare(fabric);
    }
    for (int a = 0; a < nodes; a++)
        for (int b = 0; b < a; b++)
            g_assert_cmpint(ABS(linked[a][b] - draws * 4 / 11), <, 108); /* sd 21.5 */
}

/* Of 200 nodes with 4 neighbours each, the ring is what every node's links say: two steps either way, no others. */
static void small_world_without_rewiring_is_a_ring(void)
{
    enum { nodes = 200 };
    struct fabric *fabric =
        build(nodes, 3, SETTINGS("topology", "small_world", "topology.degree", "4", "topology.rewire", "0 %"));
    const struct graph *graph = fabric->graph;
    check_simple(graph);
    /* Neighbours of a ring of this kind share two others if next to each other, one if two steps apart. */
    for (node_id node = 0; node < nodes; node++) {
        uint32_t nexts = 0, seconds = 0;
        g_assert_cmpuint(degree_of(graph, node), ==, 4);
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            uint32_t shared = 0;
            time_ns delay_ns;
            for (uint32_t j = graph->first[node]; j < graph->first[node + 1]; j++)
                shared += has_link(graph, graph->links[i].to, graph->links[j].to, &delay_ns);
            nexts += shared == 2;
            seconds += shared == 1;
        }
        g_assert_cmpuint(nexts, ==, 2);
        g_assert_cmpuint(seconds, ==, 2);
    }
    fabric_unshare(fabric);
}

static uint32_t links_in_common(const struct graph *a, const struct graph *b)
{
    uint32_t common = 0;
    time_ns delay_ns;
    for (uint32_t i = 0; i < a->link_count; i++)
        common += has_link(b, a->links[i].from, a->links[i].to, &delay_ns);
    return common;
}

/* About the share that is said moves, the number of links stays, and a higher share moves those that a lower did. */
static void small_world_rewires_a_share(void)
{
    enum { nodes = 1000, links = 8 * nodes };
    struct fabric *ring = build(nodes, 3, SETTINGS("topology", "small_world", "topology.rewire", "0 %"));
    struct fabric *tenth = build(nodes, 3, SETTINGS("topology", "small_world", "topology.rewire", "10 %"));
    struct fabric *fifth = build(nodes, 3, SETTINGS("topology", "small_world", "topology.rewire", "20 %"));
    g_assert_cmpuint(tenth->graph->link_count, ==, links);
    check_simple(tenth->graph);
    check_simple(fifth->graph);
    uint32_t kept = links_in_common(ring->graph, tenth->graph), less = links_in_common(ring->graph, fifth->graph);
    g_assert_cmpuint(kept, >, links * 88 / 100);
    g_assert_cmpuint(kept, <, links * 92 / 100);
    g_assert_cmpuint(less, >, links * 77 / 100);
    g_assert_cmpuint(less, <, links * 83 / 100);
    g_assert_cmpuint(links_in_common(tenth->graph, fifth->graph), >, links * 88 / 100); /* not 72, as if redrawn */
    for (node_id node = 0; node < nodes; node++)
        g_assert_cmpuint(degree_of(tenth->graph, node), >=, 4); /* near ends stay */
    fabric_unshare(ring);
    fabric_unshare(tenth);
    fabric_unshare(fifth);
}

/*
 * 5,000 nodes, 3 links each: (m + 1) m / 2 wires at first and m with each node; none has fewer than m; and P(degree >=
 * k) is m (m + 1) / (k (k + 1)) (Bollobas, Riordan, Spencer, Tusnady 2001), a power law, within a third.
 */
static void scale_free_has_a_tail(void)
{
    enum { nodes = 5000, m = 3 };
    struct fabric *fabric = build(nodes, 5, SETTINGS("topology", "scale_free", "topology.links", "3"));
    const struct graph *graph = fabric->graph;
    check_simple(graph);
    g_assert_cmpuint(graph->link_count, ==, 2 * (m * (m + 1) / 2 + (nodes - m - 1) * m));
    for (uint32_t k = 4; k <= 32; k *= 2) {
        uint32_t at_least = 0, expected = nodes * m * (m + 1) / (k * (k + 1));
        for (node_id node = 0; node < nodes; node++)
            at_least += degree_of(graph, node) >= k;
        g_assert_cmpuint(at_least, >, expected * 2 / 3);
        g_assert_cmpuint(at_least, <, expected * 4 / 3);
    }
    uint32_t most = 0, hub = 0;
    for (node_id node = 0; node < nodes; node++) {
        g_assert_cmpuint(degree_of(graph, node), >=, m);
        hub = degree_of(graph, node) > most ? node : hub;
        most = MAX(most, degree_of(graph, node));
    }
    g_assert_cmpuint(most, >, 100);
    g_assert_cmpuint(hub, >, 10); /* ids are no order of joining */
    fabric_unshare(fabric);
}

/* A tree where each brings one link; as many nodes as links allow are all linked to each other. */
static void scale_free_at_its_limits(void)
{
    struct fabric *tree = build(50, 1, SETTINGS("topology", "scale_free", "topology.links", "1"));
    g_assert_cmpuint(tree->graph->link_count, ==, 2 * 49);
    check_simple(tree->graph);
    fabric_unshare(tree);
    struct fabric *full = build(5, 1, SETTINGS("topology", "scale_free", "topology.links", "4"));
    g_assert_cmpuint(full->graph->link_count, ==, 20);
    fabric_unshare(full);
}

/*
 * 220 nodes, ten in each of 22 regions, 12 nearest: all nine of the own region and three of the next. So every node is
 * linked to all of its region, and its links beside the random ones are no longer than its third nearest region.
 */
static void geographic_takes_the_nearest(void)
{
    enum { nodes = 220 };
    struct fabric *fabric =
        build(nodes, 2, SETTINGS("topology", "geographic", "topology.nearest", "12", "topology.random", "1"));
    const struct graph *graph = fabric->graph;
    check_simple(graph);
    uint32_t far = 0;
    for (node_id node = 0; node < nodes; node++) {
        uint32_t own = fabric->region_of[node], near = 0, regions = fabric->latency.region_count;
        time_ns delay_ns, nearest_ns = TIME_NEVER;
        g_assert_cmpuint(degree_of(graph, node), >=, 13);
        for (node_id other = 0; other < nodes; other++)
            if (other != node && fabric->region_of[other] == own)
                g_assert_true(has_link(graph, node, other, &delay_ns));
        for (uint32_t region = 0; region < regions; region++)
            if (region != own)
                nearest_ns = MIN(nearest_ns, fabric->latency.between_ns[own * regions + region]);
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++)
            near += graph->links[i].delay_ns == nearest_ns;
        g_assert_cmpuint(near, >=, 3);
        far += degree_of(graph, node) - 9 - near;
    }
    /* Beside those there is a random one at either end, and what the third nearest of others picked. */
    g_assert_cmpuint(far, >=, nodes);
    fabric_unshare(fabric);
}

/* Links take what the latency model says for the regions of their ends, each direction by itself. */
static void delays_are_the_models(void)
{
    struct fabric *fabric = build(100, 9, SETTINGS("topology", "random_regular"));
    for (uint32_t i = 0; i < fabric->graph->link_count; i++) {
        const struct graph_link *link = &fabric->graph->links[i];
        g_assert_cmpint(link->delay_ns, ==,
                        fabric->latency.between_ns[fabric->region_of[link->from] * fabric->latency.region_count +
                                                   fabric->region_of[link->to]]);
    }
    g_assert_cmpuint(fabric->links_by_model, ==, 800);
    g_assert_cmpint(fabric->latency.draw, ==, LATENCY_FACTOR); /* its jitter stays */
    fabric_unshare(fabric);
    fabric = build(
        100, 9,
        SETTINGS("topology", "random_regular", "latency", "uniform", "latency.min", "10 ms", "latency.max", "90 ms"));
    g_assert_cmpint(fabric->latency.draw, ==, LATENCY_FIXED); /* each link has drawn */
    time_ns least = TIME_NEVER, most = 0, back_ns = 0;
    for (uint32_t i = 0; i < fabric->graph->link_count; i++) {
        const struct graph_link *link = &fabric->graph->links[i];
        least = MIN(least, link->delay_ns);
        most = MAX(most, link->delay_ns);
        g_assert_true(has_link(fabric->graph, link->to, link->from, &back_ns));
        g_assert_cmpint(back_ns, ==, link->delay_ns);
    }
    g_assert_cmpint(least, >=, 10 * MILLISECOND);
    g_assert_cmpint(least, <, 12 * MILLISECOND);
    g_assert_cmpint(most, <=, 90 * MILLISECOND);
    g_assert_cmpint(most, >, 88 * MILLISECOND);
    fabric_unshare(fabric);
}

/* Producers reach nobody but their own relays, which nobody else's producer reaches. */
static void check_fronts(const struct fabric *fabric, uint32_t hosts, uint32_t each, uint32_t degree)
{
    const struct graph *graph = fabric->graph;
    check_simple(graph);
    g_assert_cmpuint(graph->node_count, ==, hosts * (1 + each));
    g_assert_cmpuint(graph->end_count, ==, hosts);
    for (node_id node = 0; node < hosts; node++) {
        g_assert_cmpuint(degree_of(graph, node), ==, each);
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            g_assert_cmpuint(graph->links[i].to, >=, hosts);
            g_assert_cmpuint(fabric->keeper[graph->links[i].to], ==, node);
        }
    }
    for (node_id relay = hosts; relay < graph->node_count; relay++)
        g_assert_cmpuint(degree_of(graph, relay), ==, degree + 1);
}

static void relays_stand_before_producers(void)
{
    enum { hosts = 30 };
    struct fabric *fabric =
        build(hosts, 4, SETTINGS("topology", "relays", "topology.per_producer", "3", "topology.degree", "7"));
    check_fronts(fabric, hosts, 3, 7);
    for (node_id relay = hosts; relay < 4 * hosts; relay++)
        g_assert_cmpuint(fabric->region_of[relay], ==, fabric->region_of[fabric->keeper[relay]]);
    fabric_unshare(fabric);
}

static void sentries_stand_before_validators(void)
{
    enum { hosts = 30 };
    struct fabric *fabric = build(hosts, 4, SETTINGS("topology", "hub_and_sentry"));
    check_fronts(fabric, hosts, 2, 2 * hosts - 1);
    uint32_t elsewhere = 0;
    for (node_id sentry = hosts; sentry < 3 * hosts; sentry++)
        elsewhere += fabric->region_of[sentry] != fabric->region_of[fabric->keeper[sentry]];
    g_assert_cmpuint(elsewhere, >, hosts);
    fabric_unshare(fabric);
    fabric = build(hosts, 4,
                   SETTINGS("topology", "hub_and_sentry", "topology.degree", "5", "topology.sentries", "1",
                            "topology.degree", "4"));
    check_fronts(fabric, hosts, 1, 4);
    fabric_unshare(fabric);
}

/*
 * Two producers on one side, one on the other. The partition takes the relays along: messages within a side arrive in
 * time by that side's relays alone, those across when it is over. Every link takes 10 ms: three hops.
 */
static void partitions_take_relays_along(void)
{
    static const uint8_t side[3] = {1, 1, 2};
    struct network *network = setup_network(3, SETTINGS("topology", "hub_and_sentry", "topology.sentries", "1",
                                                        "latency", "constant", "latency.delay", "10 ms"));
    network_partition(network, SECOND, 2 * SECOND, side, false);
    struct network_message message = {.id = 1, .sent_ns = SECOND};
    g_assert_cmpint(network_arrival(network, &message, 0, 1), ==, SECOND + 30 * MILLISECOND);
    g_assert_cmpint(network_arrival(network, &message, 0, 2), ==, 2 * SECOND + 30 * MILLISECOND);
    message.sent_ns = 0;
    g_assert_cmpint(network_arrival(network, &message, 0, 2), ==, 30 * MILLISECOND);
    network_free(network);
}

/* Of 40 producers, halves are parted: relays of the others no longer help, so that paths within a half get longer. */
static void partitions_part_relays(void)
{
    enum { hosts = 40 };
    uint8_t side[hosts];
    for (int host = 0; host < hosts; host++)
        side[host] = host < hosts / 2 ? 1 : 2;
    struct network *network =
        setup_network(hosts, SETTINGS("topology", "relays", "topology.per_producer", "1", "topology.degree", "6",
                                      "latency", "constant", "latency.delay", "10 ms"));
    network_partition(network, SECOND, 2 * SECOND, side, false);
    uint32_t longer = 0;
    for (node_id from = 0; from < hosts / 2; from++)
        for (node_id to = 0; to < hosts / 2; to++) {
            struct network_message before = {.id = 1}, during = {.id = 1, .sent_ns = SECOND};
            time_ns free_ns = network_arrival(network, &before, from, to);
            time_ns parted_ns = network_arrival(network, &during, from, to) - SECOND;
            g_assert_cmpint(parted_ns, >=, free_ns);
            g_assert_cmpint(parted_ns, <, 200 * MILLISECOND);
            longer += parted_ns > free_ns;
        }
    g_assert_cmpuint(longer, >, 20);
    network_free(network);
}

/* The same seed gives the same links, another one others; pinned, so that no compiler or version draws differently. */
static void luck_is_keyed(void)
{
    static const struct {
        const char *kind;
        uint64_t sum;
    } pinned[] = {{"geographic", UINT64_C(17993762544356229822)},    {"hub_and_sentry", UINT64_C(5686999838014714324)},
                  {"random_regular", UINT64_C(1830315704535860136)}, {"relays", UINT64_C(5346302165464516730)},
                  {"scale_free", UINT64_C(3675021164563779228)},     {"small_world", UINT64_C(12588806504389154408)}};
    for (size_t i = 0; i < G_N_ELEMENTS(pinned); i++) {
        const char *const *settings = SETTINGS("topology", pinned[i].kind, "latency", "geographic");
        struct fabric *one = build(40, 6, settings), *two = build(40, 6, settings), *other = build(40, 7, settings);
        uint64_t sum = 0;
        g_assert_cmpuint(one->graph->link_count, ==, two->graph->link_count);
        for (uint32_t link = 0; link < one->graph->link_count; link++) {
            const struct graph_link *a = &one->graph->links[link], *b = &two->graph->links[link];
            g_assert_true(a->from == b->from && a->to == b->to && a->delay_ns == b->delay_ns);
            sum = sum * 31 + a->from * 1009 + a->to + (uint64_t)a->delay_ns;
        }
        g_assert_cmpuint(links_in_common(one->graph, other->graph), <=, one->graph->link_count);
        g_test_message("%s %" G_GINT64_MODIFIER "u", pinned[i].kind, sum);
        g_assert_true(sum == pinned[i].sum);
        fabric_unshare(one);
        fabric_unshare(two);
        fabric_unshare(other);
    }
}

static void refuses(uint32_t nodes, const char *expected, const char *const *settings)
{
    char *message = setup_refusal(nodes, settings);
    g_assert_cmpstr(message, ==, expected);
    g_free(message);
}

static void what_cannot_be_is_refused(void)
{
    refuses(8, "network.topology: a degree of 8 needs at least 9 nodes, there are 8",
            SETTINGS("topology", "random_regular"));
    refuses(11, "network.topology: 11 nodes cannot have 5 peers each: make one of the two numbers even",
            SETTINGS("topology", "random_regular", "topology.degree", "5"));
    refuses(8, "network.topology: a degree of 8 needs at least 9 nodes, there are 8",
            SETTINGS("topology", "small_world"));
    refuses(4, "network.topology: 4 links of each new node need at least 5 nodes, there are 4",
            SETTINGS("topology", "scale_free"));
    refuses(8, "network.topology: 8 peers of each node need at least 9 nodes, there are 8",
            SETTINGS("topology", "geographic"));
    refuses(220,
            "network.topology: geographic does not connect its 220 nodes: the last of 100 draws falls into 22 parts: "
            "raise network.topology.random or network.topology.nearest",
            SETTINGS("topology", "geographic", "topology.nearest", "9", "topology.random", "0"));
    refuses(20,
            "network.topology: to this latency model all nodes are as near: use random_regular, or the latency model "
            "geographic or regions",
            SETTINGS("topology", "geographic", "latency", "constant"));
    refuses(10, "network.topology: a degree of 20 needs at least 21 relays, there are 20",
            SETTINGS("topology", "relays"));
    refuses(5, "network.topology: 5 sentries cannot have 3 peers each: make one of the two numbers even",
            SETTINGS("topology", "hub_and_sentry", "topology.degree", "3", "topology.sentries", "1"));
    refuses(2000, "network.topology: a full mesh of 4000 sentries has 7998000 links, more than 4000000: give a degree",
            SETTINGS("topology", "hub_and_sentry"));
    refuses(900000, "network.topology: 900000 nodes with 20 relays each are too many: together at most 16777215",
            SETTINGS("topology", "relays", "topology.per_producer", "20"));
}

/* 10,000 nodes: each kind in well under a second, and paths from one of them. */
static void ten_thousand_nodes(void)
{
    static const char *const kinds[] = {"geographic", "random_regular", "relays", "scale_free", "small_world"};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gint64 began = g_get_monotonic_time();
        struct fabric *fabric = build(10000, 1, SETTINGS("topology", kinds[i]));
        gint64 built = g_get_monotonic_time();
        const struct graph_row *row = graph_paths_from(fabric->paths, 17);
        g_assert_cmpint(row->delay_ns[9999], <, SECOND);
        g_assert_null(row->byte_ps);
        g_test_message("%s: built in %d ms, %u links; paths from one node in %d us", kinds[i],
                       (int)((built - began) / 1000), fabric->graph->link_count, (int)(g_get_monotonic_time() - built));
        fabric_unshare(fabric);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topology models/random regular is regular", random_regular_is_regular);
    g_test_add_func("/topology models/random regular prefers nobody", random_regular_prefers_nobody);
    g_test_add_func("/topology models/small world without rewiring is a ring", small_world_without_rewiring_is_a_ring);
    g_test_add_func("/topology models/small world rewires a share", small_world_rewires_a_share);
    g_test_add_func("/topology models/scale free has a tail", scale_free_has_a_tail);
    g_test_add_func("/topology models/scale free at its limits", scale_free_at_its_limits);
    g_test_add_func("/topology models/geographic takes the nearest", geographic_takes_the_nearest);
    g_test_add_func("/topology models/delays are the model's", delays_are_the_models);
    g_test_add_func("/topology models/relays stand before producers", relays_stand_before_producers);
    g_test_add_func("/topology models/sentries stand before validators", sentries_stand_before_validators);
    g_test_add_func("/topology models/partitions take relays along", partitions_take_relays_along);
    g_test_add_func("/topology models/partitions part relays", partitions_part_relays);
    g_test_add_func("/topology models/luck is keyed", luck_is_keyed);
    g_test_add_func("/topology models/what cannot be is refused", what_cannot_be_is_refused);
    g_test_add_func("/topology models/ten thousand nodes", ten_thousand_nodes);
    return g_test_run();
}
