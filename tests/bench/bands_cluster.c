/* SPDX-License-Identifier: MIT */
/* The 52 nodes of Cardano's benchmarking cluster: round trips between their regions, by the size of the message. */
#include "../unit/network_setup.h"
#include "bands.h"
#include "base/table_file.h"

#include <stdio.h>
#include <stdlib.h>

/* The areas of region_size_ms.csv, by the regions of nodes.csv. */
static const char *area_of(const char *region)
{
    return g_str_has_prefix(region, "eu-") ? "EU" : g_str_has_prefix(region, "us-") ? "US" : "AP";
}

/* A message of that size there and a ping of 24 bytes back, between linked nodes of two areas. */
static double round_trip_ms(const struct network *network, const struct table_file *edges, const char *from,
                            const char *to, uint32_t size_bytes)
{
    bands_times list = {0};
    for (size_t row = 0; row < edges->row_count; row++) {
        node_id a = (node_id)atoi(table_file_cell(edges, row, 1)), b = (node_id)atoi(table_file_cell(edges, row, 0));
        if (strcmp(area_of(network_region(network, a)), from) != 0 ||
            strcmp(area_of(network_region(network, b)), to) != 0)
            continue;
        struct network_message there = {.id = row, .size_bytes = size_bytes},
                               back = {.id = row + 7777, .size_bytes = 24};
        vector_push(&list, network_arrival(network, &there, a, b) + network_arrival(network, &back, b, a));
    }
    double median = list.count ? bands_quantile_ms(&list, .5) : 0;
    vector_release(&list);
    return median;
}

static void compare_sizes(const char *title, const struct network *network, const struct table_file *edges,
                          const struct table_file *measured)
{
    printf("\n%s\n", title);
    for (size_t row = 0; row < measured->row_count; row++) {
        const char *from = table_file_cell(measured, row, 0), *to = table_file_cell(measured, row, 1);
        const char *bytes = table_file_cell(measured, row, 2);
        char *what = g_strdup_printf("%s - %s, %s bytes, round trip, median", from, to, bytes);
        double simulated = round_trip_ms(network, edges, from, to, (uint32_t)atoi(bytes));
        if (simulated > 0)
            bands_row(what, g_ascii_strtod(table_file_cell(measured, row, 6), NULL), simulated);
        g_free(what);
    }
}

void bands_of_cluster(void)
{
    const char *edges_path = bands_data_path("latency_aws_leios_bench/edges.csv");
    const char *nodes_path = bands_data_path("latency_aws_leios_bench/nodes.csv");
    struct table_file *edges = table_file_read(edges_path, NULL);
    struct table_file *measured = table_file_read(bands_data_path("latency_aws_leios_bench/region_size_ms.csv"), NULL);
    struct network *by_file = setup_network(52, SETTINGS("topology", "file", "topology.file", edges_path,
                                                         "topology.nodes", nodes_path, "bandwidth", "1 Gbit/s"));
    compare_sizes("the cluster's links as its topology file gives them, 1 Gbit/s", by_file, edges, measured);
    struct network *by_model =
        setup_network(52, SETTINGS("latency", "geographic", "placement", "file", "placement.file", nodes_path,
                                   "placement.region", "region", "bandwidth", "1 Gbit/s"));
    compare_sizes("the geographic model at its regions, nothing fitted to it, 1 Gbit/s", by_model, edges, measured);
    network_free(by_file);
    network_free(by_model);
    table_file_free(edges);
    table_file_free(measured);
}
