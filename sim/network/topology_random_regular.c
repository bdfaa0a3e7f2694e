/* SPDX-License-Identifier: MIT */
#include "network/topology.h"

struct topology_random_regular_params {
    int64_t degree;
};

static const struct param params[] = {
    {.key = "degree",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct topology_random_regular_params, degree),
     .by_default = "8",
     .minimum = "3",
     .maximum = "1000",
     .meaning = "peers of each node; below the number of nodes, and one of the two is even",
     .source = "D = 8 of the gossip meshes in Ethereum's consensus specification, p2p-interface"},
};
const struct param_table topology_random_regular_params_table =
    PARAM_TABLE("random regular topology", "every node has the same number of peers, drawn among all",
                struct topology_random_regular_params, params);

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    const struct topology_random_regular_params *given = parameters;
    return topology_wire_regular(site, wiring, 0, site->host_count, (uint32_t)given->degree, "nodes", error);
}

const struct topology_model topology_random_regular = {.wire = wire, .remedy = "raise network.topology.degree"};
