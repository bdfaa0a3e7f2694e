/* SPDX-License-Identifier: MIT */
/*
 * Watts, Strogatz, "Collective dynamics of small-world networks", Nature 393, 1998: nodes in a ring, each linked to its
 * `degree` nearest; then the far end of each link is put anywhere with a chance of `rewire`. Nodes stand in the ring
 * in a drawn order, since the order of ids is often that of stakes. Each link's luck is its own: a higher share moves
 * further links and leaves those that moved where they are, as long as that joins no two nodes twice.
 */
#include "base/sample.h"
#include "network/topology.h"

struct topology_small_world_params {
    int64_t degree;
    struct ratio rewire;
};

#define AT(field) .offset = offsetof(struct topology_small_world_params, field)

static const struct param params[] = {
    {.key = "degree",
     .type = PARAM_INTEGER,
     AT(degree),
     .by_default = "8",
     .minimum = "2",
     .maximum = "1000",
     .meaning = "neighbours in the ring to which each node is linked, half on either side: an even number below that "
                "of nodes"},
    {.key = "rewire",
     .type = PARAM_SHARE,
     AT(rewire),
     .by_default = "10 %",
     .meaning = "share of the links whose far end is put anywhere; 0 % is the ring, 100 % nearly a random graph",
     .source = "paths are short and clustering is high from 1 to 10 % on: Watts, Strogatz 1998, figure 2"},
};

static const char *check(const void *filled, char **message)
{
    const struct topology_small_world_params *given = filled;
    if (given->degree % 2 == 0)
        return NULL;
    *message =
        g_strdup_printf("%" G_GINT64_FORMAT " is odd: half of the neighbours stand on either side", given->degree);
    return "degree";
}

const struct param_table topology_small_world_params_table =
    PARAM_TABLE_CHECKED("small world topology", "a ring of neighbours, some of whose links lead anywhere",
                        struct topology_small_world_params, params, check);

/* A peer for the near end of a wire whose far end is to move, or ID_NONE where it is linked to all others. */
static node_id new_peer(const struct wiring *wiring, node_id near, struct random_stream *stream)
{
    if (wiring->peers[near].count == wiring->node_count - 1)
        return ID_NONE;
    for (;;) {
        node_id peer = (node_id)random_below(stream, wiring->node_count);
        if (peer != near && !wiring_joins(wiring, near, peer))
            return peer;
    }
}

static void rewire(const struct topology_site *site, struct ratio share, struct wiring *wiring)
{
    for (uint32_t i = 0; i < wiring->wires.count; i++) {
        struct random_stream stream;
        topology_stream(site, i, &stream);
        if (!chance_happens(random_u64(&stream), share))
            continue;
        node_id near = wiring->wires.at[i].a, peer = new_peer(wiring, near, &stream);
        if (peer != ID_NONE)
            wiring_move(wiring, i, near, peer);
    }
}

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    const struct topology_small_world_params *given = parameters;
    uint32_t count = site->host_count, degree = (uint32_t)given->degree;
    if (degree >= count) {
        topology_refuse(error, "a degree of %u needs at least %u nodes, there are %u", degree, degree + 1, count);
        return false;
    }
    uint32_t *ring = topology_shuffled(site, count);
    for (uint32_t step = 1; step <= degree / 2; step++)
        for (uint32_t i = 0; i < count; i++)
            wiring_string(wiring, ring[i], ring[(i + step) % count]);
    g_free(ring);
    rewire(site, given->rewire, wiring);
    return true;
}

const struct topology_model topology_small_world = {
    .wire = wire, .remedy = "raise network.topology.degree or lower network.topology.rewire"};
