/* SPDX-License-Identifier: MIT */
/*
 * Each node is linked to its nearest by the latency model's delay, and to some anywhere, without which the parts of the
 * world would not hang together. Of those that are as near, chance picks. A link that both of its ends picked is one
 * link, so nodes have at least nearest + random peers and fewer than twice that on average. What a node picks depends
 * on no other node.
 */
#include "base/assert.h"
#include "base/sample.h"
#include "network/topology.h"

struct topology_geographic_params {
    int64_t nearest;
    int64_t random;
};

#define AT(field) .offset = offsetof(struct topology_geographic_params, field)

static const struct param params[] = {
    {.key = "nearest",
     .type = PARAM_INTEGER,
     AT(nearest),
     .by_default = "6",
     .minimum = "1",
     .maximum = "500",
     .meaning = "peers that each node picks among those to whom its messages take the least"},
    {.key = "random",
     .type = PARAM_INTEGER,
     AT(random),
     .by_default = "2",
     .minimum = "0",
     .maximum = "500",
     .meaning = "peers that each node picks among all others"},
};
const struct param_table topology_geographic_params_table =
    PARAM_TABLE("geographic topology", "every node is linked to the nearest, and to some anywhere",
                struct topology_geographic_params, params);

struct atlas {
    const struct topology_site *site;
    VECTOR(node_id) * members; /* by region */
    uint32_t *order;           /* by region: all regions, nearest first */
};

static int compare_regions(gconstpointer a, gconstpointer b, gpointer delays_ns)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const time_ns *delay_ns = delays_ns;
    if (delay_ns[left] != delay_ns[right])
        return delay_ns[left] < delay_ns[right] ? -1 : 1;
    return left < right ? -1 : left > right;
}

static const time_ns *delays_from(const struct atlas *atlas, uint32_t region)
{
    return atlas->site->latency->between_ns + (size_t)region * atlas->site->latency->region_count;
}

static void atlas_init(struct atlas *atlas, const struct topology_site *site)
{
    uint32_t regions = site->latency->region_count;
    *atlas = (struct atlas){.site = site, .order = g_new(uint32_t, (size_t)regions * regions)};
    atlas->members = g_malloc0_n(regions, sizeof *atlas->members);
    for (node_id node = 0; node < site->host_count; node++)
        vector_push(&atlas->members[site->region_of[node]], node);
    for (uint32_t region = 0; region < regions; region++) {
        uint32_t *order = atlas->order + (size_t)region * regions;
        for (uint32_t i = 0; i < regions; i++)
            order[i] = i;
        g_qsort_with_data(order, (gint)regions, sizeof *order, compare_regions, (gpointer)delays_from(atlas, region));
    }
}

static void atlas_release(struct atlas *atlas)
{
    for (uint32_t region = 0; region < atlas->site->latency->region_count; region++)
        vector_release(&atlas->members[region]);
    g_free(atlas->members);
    g_free(atlas->order);
}

typedef VECTOR(node_id) node_list;

/* All others in the next regions of a node's order that are as near as the first of them; *next moves past them. */
static void next_ring(const struct atlas *atlas, node_id node, uint32_t *next, node_list *ring)
{
    uint32_t regions = atlas->site->latency->region_count, own = atlas->site->region_of[node];
    const uint32_t *order = atlas->order + (size_t)own * regions;
    const time_ns *delay_ns = delays_from(atlas, own);
    time_ns near_ns = delay_ns[order[*next]];
    vector_clear(ring);
    for (; *next < regions && delay_ns[order[*next]] == near_ns; ++*next)
        for (size_t i = 0; i < atlas->members[order[*next]].count; i++)
            if (atlas->members[order[*next]].at[i] != node)
                vector_push(ring, atlas->members[order[*next]].at[i]);
}

static void pick_nearest(const struct atlas *atlas, node_id node, uint32_t wanted, struct random_stream *stream,
                         node_list *ring, node_list *picked)
{
    uint32_t *indices = g_new(uint32_t, wanted);
    for (uint32_t next = 0; picked->count < wanted;) {
        CHECK(next < atlas->site->latency->region_count);
        next_ring(atlas, node, &next, ring);
        uint32_t taken = MIN((uint32_t)ring->count, wanted - (uint32_t)picked->count);
        sample_without_replacement(stream, (uint32_t)ring->count, taken, indices);
        for (uint32_t i = 0; i < taken; i++)
            vector_push(picked, ring->at[indices[i]]);
    }
    g_free(indices);
}

static bool is_in(const node_list *list, node_id node)
{
    size_t i = 0;
    while (i < list->count && list->at[i] != node)
        i++;
    return i < list->count;
}

static void pick_anywhere(const struct topology_site *site, node_id node, uint32_t wanted, struct random_stream *stream,
                          node_list *picked)
{
    for (uint32_t found = 0; found < wanted;) {
        node_id peer = (node_id)random_below(stream, site->host_count);
        if (peer == node || is_in(picked, peer))
            continue;
        vector_push(picked, peer);
        found++;
    }
}

static void wire_all(const struct topology_geographic_params *given, const struct atlas *atlas, struct wiring *wiring)
{
    node_list ring = {0}, picked = {0};
    for (node_id node = 0; node < atlas->site->host_count; node++) {
        struct random_stream stream;
        topology_stream(atlas->site, node, &stream);
        vector_clear(&picked);
        pick_nearest(atlas, node, (uint32_t)given->nearest, &stream, &ring, &picked);
        pick_anywhere(atlas->site, node, (uint32_t)given->random, &stream, &picked);
        for (size_t i = 0; i < picked.count; i++)
            if (!wiring_joins(wiring, node, picked.at[i]))
                wiring_string(wiring, node, picked.at[i]);
    }
    vector_release(&ring);
    vector_release(&picked);
}

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    const struct topology_geographic_params *given = parameters;
    if (!latency_has_regions(site->latency)) {
        topology_refuse(error, "to this latency model all nodes are as near: use random_regular, or the latency model "
                               "geographic or regions");
        return false;
    }
    if (given->nearest + given->random >= (int64_t)site->host_count) {
        topology_refuse(
            error, "%" G_GINT64_FORMAT " peers of each node need at least %" G_GINT64_FORMAT " nodes, there are %u",
            given->nearest + given->random, given->nearest + given->random + 1, site->host_count);
        return false;
    }
    struct atlas atlas;
    atlas_init(&atlas, site);
    wire_all(given, &atlas, wiring);
    atlas_release(&atlas);
    return true;
}

const struct topology_model topology_geographic = {
    .wire = wire, .remedy = "raise network.topology.random or network.topology.nearest"};
