/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

/* A mean of counts, which has no unit. */
#define MEAN(field, name, meaning) COLUMN(COLUMN_RATIO, struct ratio, NULL, topology_row, field, name, meaning)

static const struct column columns[] = {
    TEXT(topology_row, topology, "topology", "kind of topology"),
    U32(topology_row, nodes, "nodes", "nodes of the scenario, which host validators"),
    U32(topology_row, relays, "relays", "nodes beside them that only pass messages on"),
    U64(topology_row, links, "links", "links between nodes, each direction counted"),
    U64(topology_row, links_by_model, "links_by_model",
        "links whose delay is the latency model's; that of the others is from the topology's file"),
    U64(topology_row, pairs_filled, "pairs_filled",
        "pairs of regions with nodes for which the latency model's file has no figure, filled by distance"),
    U32(topology_row, places_drawn, "places_drawn",
        "nodes that are where another is, as the placement's file has no place for them"),
    U32(topology_row, degree_least, "degree_min", "the fewest links that lead from a node, relays included"),
    MEAN(degree_mean, "degree_mean", "links that lead from a node on average, relays included"),
    U32(topology_row, degree_most, "degree_max", "the most links that lead from a node, relays included"),
    U32(topology_row, path_sources, "path_sources",
        "nodes from which shortest paths were followed: all of up to 1000, else 20 to 100 evenly spread over the ids, "
        "so "
        "that what follows is an estimate and the greatest values are lower bounds"),
    U32(topology_row, hops_most, "diameter_hops",
        "links of the longest of the paths with the fewest, between two nodes"),
    MEAN(hops_mean, "path_hops_mean", "links of the path with the fewest between two nodes, on average"),
    TIME(topology_row, delay_most_ns, "diameter_s",
         "delay of the slowest of the fastest paths between two nodes, without jitter, sizes and faults"),
    TIME(topology_row, delay_mean_ns, "path_mean_s", "delay of the fastest path between two nodes, on average"),
    TIME(topology_row, stake_delay_ns, "stake_path_mean_s",
         "the same from a node drawn by stake to another drawn by stake; of more than 1000 nodes from as many as "
         "path_sources, spread "
         "over the stake"),
    U32(topology_row, clustering_sources, "clustering_sources",
        "nodes whose neighbours were looked at: all, relays included, or where that is too much work some evenly "
        "spread"),
    RATIO(
        topology_row, clustering, "clustering",
        "share of the pairs of a node's neighbours that are linked, in either direction, on average over nodes; 0 for "
        "one with fewer than two"),
};

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (size_t i = 0; i < all->topology.count; i++)
        write(user, &all->topology.at[i]);
}

const struct table_info topology_table = {.name = "topology",
                                          .file = "topology.csv",
                                          .meaning = "what the graph of links looks like, in one row",
                                          .columns = columns,
                                          .column_count = G_N_ELEMENTS(columns),
                                          .by_default = true,
                                          .each_row = each_row};
