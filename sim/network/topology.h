/* SPDX-License-Identifier: MIT */
/*
 * Which nodes are linked: all with all, or as a file says. A file's links carry their own delays and take the place of
 * the latency model. Private to the room.
 */
#ifndef POSIM_NETWORK_TOPOLOGY_H
#define POSIM_NETWORK_TOPOLOGY_H

#include "base/param.h"
#include "network/graph.h"
#include "network/latency.h"

extern const struct param_variants topology_kinds;

struct topology_file_params {
    const char *edges;
    const char *nodes;
    const char *from, *to, *latency, *rate; /* columns of the edges */
    const char *node, *stake, *region;      /* columns of the nodes */
    bool bidirectional;
    bool bandwidth;
    struct ratio jitter;
};
extern const struct param_table topology_file_params_table;

/* The file's parameters where the topology is one of a file, else NULL. */
const struct topology_file_params *topology_file_of(const struct param_variant_value *topology);

/*
 * Reads the links: the graph, a latency description that has the file's regions and jitter (delays between regions
 * stay absent), and by node its region. False and a GError for files that do not hold a connected graph of at least
 * `node_count` nodes; the first node_count of them are those of the scenario, others only pass messages on.
 */
bool topology_file_load(const struct topology_file_params *params, uint32_t node_count, struct graph **graph,
                        struct latency *latency, uint32_t **region_of, GError **error);

/* The stakes that the file of nodes gives; false without an error where there is no such file or column. */
bool topology_file_stakes(const struct topology_file_params *params, uint32_t *node_count, stake_amount **stakes,
                          GError **error);

#endif
