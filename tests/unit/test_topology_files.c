/* SPDX-License-Identifier: MIT */
/* The same network in CSV, YAML and GML, and what each refuses. */
#include "base/table_file.h"
#include "network/fabric.h"
#include "network/topology_map.h"

#include "../shared.h"
#include "network_setup.h"

#include <glib/gstdio.h>

static char *folder;

static char *file_of(const char *name, const char *text)
{
    char *path = setup_keep(g_build_filename(folder, name, NULL));
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static struct fabric *load(uint32_t nodes, const char *const *settings)
{
    GError *error = NULL;
    struct fabric *fabric = fabric_new(setup_params(settings), nodes, NULL, &setup_seed, &error);
    g_assert_no_error(error);
    return fabric;
}

static void same_graph(const struct graph *a, const struct graph *b)
{
    g_assert_cmpuint(a->node_count, ==, b->node_count);
    g_assert_cmpuint(a->link_count, ==, b->link_count);
    for (uint32_t i = 0; i < a->link_count; i++) {
        g_assert_cmpuint(a->links[i].from, ==, b->links[i].from);
        g_assert_cmpuint(a->links[i].to, ==, b->links[i].to);
        g_assert_cmpint(a->links[i].delay_ns, ==, b->links[i].delay_ns);
        g_assert_cmpuint(a->links[i].byte_ps, ==, b->links[i].byte_ps);
    }
}

#define CSV_EDGES                                                                                                      \
    "node,producer,latency_ms,bandwidth_bytes_per_s\n"                                                                 \
    "b,a,10,12500000\nc,b,0.25,12500000\na,c,1500,1250000\nb,c,45.24048611111111,1250000\n"
#define CSV_NODES "node,stake_ada,region\na,5,eu\nb,0,us\nc,7,eu\n"

/* A producer before and after its use, block and flow style, other keys, a comment, another top-level key. */
#define YAML                                                                                                           \
    "# as the public simulations write it\nversion: {a: [1, {b: 2}]}\nnodes:\n"                                        \
    "  a:\n    stake: 5\n    cpu-core-count: 8\n    location: {cluster: eu}\n"                                         \
    "    producers: {c: {latency-ms: 1.5e3, bandwidth-bytes-per-second: 1250000}}\n"                                   \
    "  b:\n    location:\n      cluster: us\n    producers:\n"                                                         \
    "      a: {latency-ms: 10.0, bandwidth-bytes-per-second: 12500000}\n"                                              \
    "      c: {latency-ms: 45.24048611111111, bandwidth-bytes-per-second: 1250000}\n"                                  \
    "  'c':\n    stake: 7\n    location: {cluster: eu}\n    producers:\n      b:\n        latency-ms: 0.25\n"          \
    "        bandwidth-bytes-per-second: 12500000\nlast: null\n"

/* Edges before nodes, underscores left out, a self-loop as Shadow needs it, units and bare numbers. */
#define GML                                                                                                            \
    "Creator \"igraph version 0.10\"\nVersion 1\ngraph [\n  directed 1 # both kinds of latency\n"                      \
    "  edge [ source 10 target 20 latency \"10 ms\" packet_loss 0.0 ]\n"                                               \
    "  edge [ source 20 target 30 latency 0.25 ]\n  edge [ source 30 target 10 latency \"1500 ms\" ]\n"                \
    "  edge [ source 30 target 20 latency 45.24048611111111 packetloss 0 ]\n"                                          \
    "  edge [ source 20 target 20 latency \"1 ms\" ]\n"                                                                \
    "  node [ id 10 label \"a\" stakeada 5 region \"eu\" hostbandwidthup \"100 Mbit\" hostbandwidthdown \"1 Gbit\" "   \
    "]\n"                                                                                                              \
    "  node [ id 20 region \"us\" host_bandwidth_up \"1 Gbit\" host_bandwidth_down \"100 Mbit\" ]\n"                   \
    "  node [ id 30 stake_ada 7 region \"eu\" host_bandwidth_up \"10 Mbit\" host_bandwidth_down \"100 Mbit\" ]\n]\n"

static void three_formats_are_one_graph(void)
{
    char *edges = file_of("edges.csv", CSV_EDGES), *nodes = file_of("nodes.csv", CSV_NODES);
    const char *const *csv =
        SETTINGS("topology", "file", "topology.file", edges, "topology.nodes", nodes, "topology.bandwidth", "on");
    const char *const *others[] = {
        SETTINGS("topology", "file", "topology.file", file_of("net.yaml", YAML), "topology.bandwidth", "on"),
        SETTINGS("topology", "file", "topology.file", file_of("net.gml", GML), "topology.bandwidth", "on"),
        SETTINGS("topology", "file", "topology.file", file_of("net.txt", GML), "topology.format", "gml",
                 "topology.bandwidth", "on"),
    };
    struct fabric *first = load(3, csv);
    g_assert_cmpint(graph_paths_from(first->paths, 0)->delay_ns[1], ==, 10 * MILLISECOND);
    g_assert_cmpint(graph_paths_from(first->paths, 2)->delay_ns[1], ==, 45240486);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        struct fabric *other = load(3, others[i]);
        uint32_t count;
        stake_amount *stakes;
        g_assert_cmpuint(other->graph->link_count, ==, 4);
        for (node_id from = 0; from < 3; from++)
            for (node_id to = 0; to < 3; to++) {
                const struct graph_row *a = graph_paths_from(first->paths, from),
                                       *b = graph_paths_from(other->paths, from);
                g_assert_cmpint(a->delay_ns[to], ==, b->delay_ns[to]);
                g_assert_cmpuint(a->byte_ps[to], ==, b->byte_ps[to]);
            }
        g_assert_cmpuint(other->latency.region_count, ==, 2);
        g_assert_cmpstr(other->latency.region_names[other->region_of[1]], ==, "us");
        g_assert_cmpuint(other->region_of[0], ==, other->region_of[2]);
        g_assert_true(network_gives_stakes(setup_params(others[i]), &count, &stakes, NULL));
        g_assert_cmpuint(count, ==, 3);
        g_assert_cmpuint(stakes[0], ==, 5);
        g_assert_cmpuint(stakes[1], ==, 0);
        g_assert_cmpuint(stakes[2], ==, 7);
        g_free(stakes);
        fabric_unshare(other);
    }
    fabric_unshare(first);
}

/* An undirected graph leads both ways; a directed one only where bidirectional says so. */
static void direction_of_gml(void)
{
    const char *text = "graph [ directed %d node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 latency 5 ] ]";
    for (int directed = 0; directed < 2; directed++) {
        char *whole = g_strdup_printf(text, directed);
        char *path = file_of("two.gml", whole);
        struct fabric *fabric = load(
            2, SETTINGS("topology", "file", "topology.file", path, "topology.bidirectional", directed ? "on" : "off"));
        g_assert_cmpuint(fabric->graph->link_count, ==, 2);
        fabric_unshare(fabric);
        g_free(whole);
    }
}

/*
 * Where a file gives no delay the latency model does: between the regions that the file names, or where nodes are
 * placed; the file's other delays stay.
 */
static void missing_delays_are_the_models(void)
{
    char *edges = file_of("edges.csv", "node,producer,latency_ms\n0,1,\n1,0,NA\n1,2,5\n2,1,5\n");
    char *nodes = file_of("nodes.csv", "node,region\n0,eu-west-2\n1,us-east-1\n2,us-east-1\n");
    struct fabric *fabric = load(
        3, SETTINGS("topology", "file", "topology.file", edges, "topology.nodes", nodes, "topology.jitter", "0 %"));
    const struct latency *latency = &fabric->latency;
    uint32_t london = latency_find_region(latency, "eu-west-2"), ashburn = latency_find_region(latency, "us-east-1");
    time_ns over_ns = latency->between_ns[london * latency->region_count + ashburn];
    g_assert_cmpint(over_ns, >, 20 * MILLISECOND);
    g_assert_cmpint(graph_paths_from(fabric->paths, 0)->delay_ns[2], ==, over_ns + 5 * MILLISECOND);
    g_assert_cmpuint(fabric->links_by_model, ==, 2);
    g_assert_cmpint(latency->draw, ==, LATENCY_FIXED);
    fabric_unshare(fabric);
    fabric = load(3, SETTINGS("latency", "constant", "latency.delay", "30 ms", "topology", "file", "topology.file",
                              edges, "topology.nodes", nodes, "topology.jitter", "1 %"));
    g_assert_cmpint(graph_paths_from(fabric->paths, 0)->delay_ns[2], ==, 35 * MILLISECOND);
    g_assert_cmpstr(fabric->latency.region_names[fabric->region_of[0]], ==, "eu-west-2");
    g_assert_cmpint(fabric->latency.draw, ==, LATENCY_FACTOR);
    fabric_unshare(fabric);
    /* A bare graph, as igraph writes it: nodes are placed as those of any scenario. */
    char *gml = file_of("bare.gml", "graph\n[\n directed 0\n node\n [\n id 0\n ]\n node\n [\n id 1\n ]\n edge\n [\n "
                                    "source 1\n target 0\n ]\n]\n");
    fabric = load(2, SETTINGS("topology", "file", "topology.file", gml));
    g_assert_cmpuint(fabric->latency.region_count, ==, 22);
    g_assert_cmpuint(fabric->links_by_model, ==, 2);
    g_assert_cmpint(fabric->graph->links[0].delay_ns, ==, fabric_region_row(fabric, 0)[fabric->region_of[1]]);
    fabric_unshare(fabric);
    const char *regions[] = {"eu-west-2", "us-east-1"};
    GError *error = NULL;
    fabric =
        fabric_new(setup_params(SETTINGS("topology", "file", "topology.file", gml)), 2, regions, &setup_seed, &error);
    g_assert_no_error(error);
    g_assert_cmpint(fabric->graph->links[0].delay_ns, ==, over_ns);
    fabric_unshare(fabric);
}

static void numbers(void)
{
    static const struct {
        const char *text;
        uint32_t scale;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"12", 1, 12},
        {"0", 1000, 0},
        {"000.5", 1, 1}, /* halves upwards */
        {"0.499999999999999999999999999999999999", 1, 0},
        {"45.24048611111111", 1000000, 45240486},
        {"1.5e3", 1, 1500},
        {"1E-3", 1000000, 1000},
        {"+1", 1, -1},
        {"-1", 1, -1},
        {"1e", 1, -1},
        {"1.2.3", 1, -1},
        {".", 1, -1},
        {"", 1, -1},
        {"5.", 1, 5},
        {".5", 10, 5},
        {"1e-300", 1, 0},
        {"0e300", 1, 0},
        {"1e300", 1, -1},
        {"9223372036854775807", 1, INT64_MAX},
        {"9223372036854775808", 1, -1},
        {"123456789012345678901234567890e-11", 1, 1234567890123456789},
        {"10 ms", 1, -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t value = -1;
        bool fine = topology_number(cases[i].text, cases[i].scale, &value);
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(fine ? value : -1, ==, cases[i].value);
    }
}

static void refuses(const char *name, const char *text, const char *expected)
{
    char *path = file_of(name, text);
    char *message = setup_refusal(
        1, SETTINGS("topology", "file", "topology.file", path, "topology.bandwidth", "on", "topology.jitter", "1 %"));
    GString *shown = g_string_new(message);
    g_string_replace(shown, path, "FILE", 0);
    g_assert_cmpstr(shown->str, ==, expected);
    g_string_free(shown, TRUE);
    g_free(message);
}

static void bad_yaml_is_refused(void)
{
    refuses("a.yaml", "nodes: [a, b]\n", "FILE:1: nodes: a map was expected here");
    refuses("a.yaml", "- a\n", "FILE:1: the file: a map was expected here");
    refuses("a.yaml", "node: {}\n", "FILE:1: there is no key nodes");
    refuses("a.yaml", "", "FILE:1: the file: a map was expected here");
    refuses("a.yaml", "nodes:\n  a: {producers: {b: {latency-ms: 3}}}\n", "FILE:2: there is no node b");
    refuses("a.yaml", "nodes:\n  a:\n    producers:\n      a: {latency-ms: 3}\n",
            "FILE:4: a link from node a to itself");
    refuses("a.yaml", "nodes:\n  a: {}\n  a: {}\n", "FILE:3: there is a second node a");
    refuses("a.yaml", "nodes:\n  a: {stake: much}\n", "FILE:2: stake: \"much\" is not a number such as 12 or 85.25");
    refuses("a.yaml", "nodes:\n  a:\n    producers:\n      b:\n        latency-ms: -3\n",
            "FILE:5: latency-ms: \"-3\" is not a number such as 12 or 85.25");
    refuses("a.yaml", "nodes: {a: {producers: {b: {latency-ms: 1e9}}}}",
            "FILE:1: latency-ms: the delay is too long: at most an hour");
    refuses("a.yaml", "nodes: {a: {producers: {b: {bandwidth-bytes-per-second: 0}}}}",
            "FILE:1: bandwidth-bytes-per-second: a rate of 0: at least 1 byte a second");
    refuses("a.yaml", "nodes:\n  a: &x {}\n  b: *x\n", "FILE:3: aliases are not read: write it out");
    refuses("a.yaml", "nodes:\n  a: {producers\n", "FILE:3: not YAML: did not find expected ',' or '}'");
    refuses("a.yaml", "nodes: {[a]: {}}", "FILE:1: a name was expected here");
    refuses("a.yaml", "nodes: {}\n", "network.topology: FILE has 0 nodes, but the scenario has 1");
    refuses("a.yaml",
            "nodes: {a: {location: {cluster: Atlantis}, producers: {b: {}}}, b: {location: {cluster: x}, "
            "producers: {a: }}}",
            "node 0: unknown region Atlantis: use one of af-south-1, ap-east-1, ap-northeast-1, ap-northeast-2, "
            "ap-northeast-3, ap-south-1, ap-southeast-1, ap-southeast-2, ap-southeast-3, ca-central-1, eu-central-1, "
            "eu-north-1, eu-south-1, eu-west-1, eu-west-2, eu-west-3, me-south-1, sa-east-1, us-east-1, us-east-2, "
            "us-west-1, us-west-2");
    refuses("a.yaml", "nodes:\n  a: {producers: {b: {latency-ms: 1}}}\n  b:\n", "FILE:3: b: a map was expected here");
    refuses("a.yaml", "nodes:\n  a: {producers: {b: {latency-ms: 1}}}\n  b: {}\n",
            "network.topology: FILE falls into 2 parts, of which the largest has 1 of 2 nodes: no path leads from "
            "node a to node b: add links, or use bidirectional: on if they lead both ways");
}

#define NODES "node [ id 0 ]\nnode [ id 1 ]\n"
static void bad_gml_is_refused(void)
{
    refuses("a.gml", "graph [\n node [ id 0\n", "FILE:3: not GML: a list does not end");
    refuses("a.gml", "graph [ ] ]", "FILE:1: not GML: a ] without its [");
    refuses("a.gml", "graph [\n name \"x ]", "FILE:2: not GML: a string does not end");
    refuses("a.gml", "graph [\n 5 x ]", "FILE:2: not GML: a key was expected here");
    refuses("a.gml", "graph [ x y ]", "FILE:1: not GML: a number, a string or [ was expected here");
    refuses("a.gml", "graph 5", "FILE:1: there is no graph [ ... ]");
    refuses("a.gml", "graph [ directed 2 ]", "FILE:1: directed: \"2\" is not 0 or 1");
    refuses("a.gml", "graph [\nnode [ label \"x\" ] ]", "FILE:2: this node has no id");
    refuses("a.gml", "graph [\nnode 5 ]", "FILE:2: node: [ was expected here");
    refuses("a.gml", "graph [\n" NODES "node [ id 1 ] ]", "FILE:4: there is a second node 1");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 ] ]", "FILE:4: this edge has no target");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0\n target 7 ] ]", "FILE:5: target: there is no node 7");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency \"soon\" ] ]",
            "FILE:4: latency: \"soon\" is not a delay such as 10 ms");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency \"2 h\" ] ]",
            "FILE:4: latency: the delay is too long: at most an hour");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 packet_loss 0.01 ] ]",
            "FILE:4: packet_loss: links lose nothing here: use a fault of kind loss, and loss: ignore for the file's "
            "figures");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 packet_loss \"some\" ] ]",
            "FILE:4: packet_loss: \"some\" is not a share such as 0.01");
    refuses("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 ] ]",
            "FILE:4: bandwidth is on, but node 0 has no host_bandwidth_up");
    refuses("a.gml", "graph [ node [ id 0 host_bandwidth_up \"fast\" ] ]",
            "FILE:1: host_bandwidth_up: \"fast\" is not a rate such as 100 Mbit");
    refuses("a.gml", "graph [ node [ id 0 stake_ada \"all\" ] ]",
            "FILE:1: stake_ada: \"all\" is not a number of whole units");
    char *path = file_of("a.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 packet_loss 0.01 ] ]");
    fabric_unshare(load(2, SETTINGS("topology", "file", "topology.file", path, "topology.loss", "ignore")));
}

/* The same twice is one link; of two that differ only one can be meant, whatever they are made of. */
static void second_links_are_the_same(void)
{
    static const struct {
        const char *name, *text, *both_ways, *expected;
    } cases[] = {
        {"same.csv", "node,producer,latency_ms\n0,1,10\n1,0,9\n0,1,10\n", "off", NULL},
        {"other.csv", "node,producer,latency_ms\n0,1,10\n1,0,9\n\n0,1,1\n", "off",
         "FILE:5: a second link from node 1 to node 0, with another delay or rate than in line 2: keep one of them"},
        {"both.csv", "node,producer,latency_ms\n0,1,10\n1,0,9\n", "on",
         "FILE:3: a second link from node 0 to node 1, with another delay or rate than in line 2: keep one of them"},
        {"same.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 ]\nedge [ source 1 target 0 latency 1 ]\n]",
         "off", NULL},
        {"other.gml", "graph [\n" NODES "edge [ source 0 target 1 latency 1 ]\nedge [ source 0 target 1 ]\n]", "off",
         "FILE:5: a second link from node 0 to node 1, with another delay or rate than in line 4: keep one of them"},
        {"both.yaml", "nodes:\n a: {producers: {b: {latency-ms: 1}}}\n b: {producers: {a: {latency-ms: 2}}}\n", "on",
         "FILE:3: a second link from node a to node b, with another delay or rate than in line 2: keep one of them"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = file_of(cases[i].name, cases[i].text);
        const char *const *settings =
            SETTINGS("topology", "file", "topology.file", path, "topology.bidirectional", cases[i].both_ways);
        if (!cases[i].expected) {
            fabric_unshare(load(2, settings));
            continue;
        }
        char *message = setup_refusal(2, settings);
        GString *shown = g_string_new(message);
        g_string_replace(shown, path, "FILE", 0);
        g_assert_cmpstr(shown->str, ==, cases[i].expected);
        g_string_free(shown, TRUE);
        g_free(message);
    }
}

static void missing_files_are_named(void)
{
    static const char *const names[] = {"none.yaml", "none.gml", "none.csv"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = setup_keep(g_build_filename(folder, names[i], NULL));
        char *message = setup_refusal(1, SETTINGS("topology", "file", "topology.file", path));
        g_assert_nonnull(strstr(message, path));
        g_assert_nonnull(strstr(message, "No such file"));
        g_free(message);
    }
}

static const char *cell(const struct table_file *table, size_t row, const char *name)
{
    size_t column;
    g_assert_true(table_file_find(table, name, &column));
    return table_file_cell(table, row, column);
}

static char *as_yaml(const struct table_file *edges, const struct table_file *nodes)
{
    GString *text = g_string_new("nodes:\n");
    for (size_t node = 0; node < nodes->row_count; node++) {
        const char *name = cell(nodes, node, "node");
        g_string_append_printf(text, "  %s:\n    stake: %s\n    location: [%s, %s]\n    producers:\n", name,
                               cell(nodes, node, "stake_ada"), cell(nodes, node, "lon"), cell(nodes, node, "lat"));
        for (size_t row = 0; row < edges->row_count; row++)
            if (strcmp(cell(edges, row, "node"), name) == 0)
                g_string_append_printf(text,
                                       "      %s:\n        latency-ms: %s\n        bandwidth-bytes-per-second: %s\n",
                                       cell(edges, row, "producer"), cell(edges, row, "latency_ms"),
                                       cell(edges, row, "bandwidth_bytes_per_s"));
    }
    return g_string_free(text, FALSE);
}

static char *as_gml(const struct table_file *edges, const struct table_file *nodes)
{
    GString *text = g_string_new("graph\n[\n  directed 1\n");
    for (size_t node = 0; node < nodes->row_count; node++)
        g_string_append_printf(text,
                               "  node\n  [\n    id %s\n    stakeada %s\n    hostbandwidthup \"1 Gbit\"\n"
                               "    hostbandwidthdown \"1 Gbit\"\n  ]\n",
                               cell(nodes, node, "node"), cell(nodes, node, "stake_ada"));
    for (size_t row = 0; row < edges->row_count; row++)
        g_string_append_printf(text, "  edge\n  [\n    source %s\n    target %s\n    latency %s\n  ]\n",
                               cell(edges, row, "producer"), cell(edges, row, "node"), cell(edges, row, "latency_ms"));
    g_string_append(text, "]\n");
    return g_string_free(text, FALSE);
}

/* The 750-node map says the same in all three. */
static void the_750_nodes_in_three_formats(void)
{
    char *edges_path = shared_path("data/topology_leios_750/edges.csv");
    char *nodes_path = edges_path ? shared_path("data/topology_leios_750/nodes.csv") : NULL;
    if (!nodes_path) {
        g_free(edges_path);
        return;
    }
    struct table_file *edges = table_file_read(edges_path, NULL), *nodes = table_file_read(nodes_path, NULL);
    char *yaml = as_yaml(edges, nodes), *gml = as_gml(edges, nodes);
    char *yaml_path = file_of("750.yml", yaml), *gml_path = file_of("750.gml", gml);
    struct fabric *first = load(750, SETTINGS("topology", "file", "topology.file", edges_path, "topology.nodes",
                                              nodes_path, "topology.bandwidth", "on"));
    gint64 began = g_get_monotonic_time();
    struct fabric *second =
        load(750, SETTINGS("topology", "file", "topology.file", yaml_path, "topology.bandwidth", "on"));
    gint64 between = g_get_monotonic_time();
    struct fabric *third =
        load(750, SETTINGS("topology", "file", "topology.file", gml_path, "topology.bandwidth", "on"));
    g_test_message("YAML in %d ms, GML in %d ms", (int)((between - began) / 1000),
                   (int)((g_get_monotonic_time() - between) / 1000));
    g_assert_cmpuint(first->graph->link_count, ==, 19314);
    same_graph(first->graph, second->graph);
    same_graph(first->graph, third->graph);
    fabric_unshare(first);
    fabric_unshare(second);
    fabric_unshare(third);
    table_file_free(edges);
    table_file_free(nodes);
    g_free(yaml);
    g_free(gml);
    g_free(edges_path);
    g_free(nodes_path);
}

static void remove_folder(void)
{
    GDir *entries = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(entries); name; name = g_dir_read_name(entries)) {
        char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_dir_close(entries);
    g_rmdir(folder);
    g_free(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("posim-topology-XXXXXX", NULL);
    g_test_add_func("/topology files/three formats are one graph", three_formats_are_one_graph);
    g_test_add_func("/topology files/direction of gml", direction_of_gml);
    g_test_add_func("/topology files/missing delays are the model's", missing_delays_are_the_models);
    g_test_add_func("/topology files/numbers", numbers);
    g_test_add_func("/topology files/bad yaml is refused", bad_yaml_is_refused);
    g_test_add_func("/topology files/bad gml is refused", bad_gml_is_refused);
    g_test_add_func("/topology files/second links are the same", second_links_are_the_same);
    g_test_add_func("/topology files/missing files are named", missing_files_are_named);
    g_test_add_func("/topology files/the 750 nodes in three formats", the_750_nodes_in_three_formats);
    int failed = g_test_run();
    remove_folder();
    return failed;
}
