/* SPDX-License-Identifier: MIT */
/*
 * Barabasi, Albert, "Emergence of scaling in random networks", Science 286, 1999: nodes join one after another, and
 * each links to `links` others, with chances in proportion to the links that those have. The first links + 1 nodes are
 * all linked to each other. Nodes join in a drawn order, since the first become the hubs and the order of ids is often
 * that of stakes. The number of links that a node has falls off with the power -3.
 */
#include "network/topology.h"

struct topology_scale_free_params {
    int64_t links;
};

static const struct param params[] = {
    {.key = "links",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct topology_scale_free_params, links),
     .by_default = "4",
     .minimum = "1",
     .maximum = "500",
     .meaning = "links of each new node to those that are there: the least degree, half of the mean; below the number "
                "of nodes"},
};
const struct param_table topology_scale_free_params_table = PARAM_TABLE(
    "scale free topology", "each new node prefers peers that have many", struct topology_scale_free_params, params);

/* A node by its share of all ends of wires. */
static node_id preferred(const struct wiring *wiring, struct random_stream *stream)
{
    uint64_t end = random_below(stream, 2 * wiring->wires.count);
    const struct wire *wire = &wiring->wires.at[end / 2];
    return end % 2 ? wire->b : wire->a;
}

/* Peers are drawn among the ends as they were before the node came. */
static void join(const struct topology_site *site, node_id node, uint32_t links, node_id *peers, struct wiring *wiring)
{
    struct random_stream stream;
    topology_stream(site, node, &stream);
    for (uint32_t found = 0; found < links;) {
        node_id peer = preferred(wiring, &stream);
        uint32_t earlier = 0;
        while (earlier < found && peers[earlier] != peer)
            earlier++;
        if (earlier == found)
            peers[found++] = peer;
    }
    for (uint32_t i = 0; i < links; i++)
        wiring_string(wiring, node, peers[i]);
}

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    uint32_t links = (uint32_t)((const struct topology_scale_free_params *)parameters)->links;
    if (links >= site->host_count) {
        topology_refuse(error, "%u links of each new node need at least %u nodes, there are %u", links, links + 1,
                        site->host_count);
        return false;
    }
    uint32_t *order = topology_shuffled(site, site->host_count);
    node_id *peers = g_new(node_id, links);
    for (uint32_t a = 0; a <= links; a++)
        for (uint32_t b = 0; b < a; b++)
            wiring_string(wiring, order[a], order[b]);
    for (uint32_t next = links + 1; next < site->host_count; next++)
        join(site, order[next], links, peers, wiring);
    g_free(peers);
    g_free(order);
    return true;
}

const struct topology_model topology_scale_free = {.wire = wire};
