/* SPDX-License-Identifier: MIT */
/* From a generator's wires to a graph: relays get their places, wires are drawn until they connect, links get delays.
 */
#include "base/assert.h"
#include "base/sample.h"
#include "network/fabric.h"
#include "network/topology.h"

#define DRAWS_MOST      100u /* of a graph that stays in parts */
#define NODES_MOST      (1u << 24)
#define MESH_WIRES_MOST 4000000u

void topology_refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY, "network.topology: %s", message);
    g_free(message);
}

void topology_stream(const struct topology_site *site, uint64_t index, struct random_stream *stream)
{
    random_stream_init(stream, site->seed, RANDOM_TOPOLOGY, topology_entity(TOPOLOGY_LUCK_WIRES, site->draw, index));
}

uint32_t *topology_shuffled(const struct topology_site *site, uint32_t count)
{
    struct random_stream stream;
    topology_stream(site, TOPOLOGY_ALL, &stream);
    uint32_t *order = g_new(uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    sample_shuffle(&stream, order, count, sizeof *order);
    return order;
}

/* 32 bits for a pair of nodes, the same both ways. */
static uint32_t draw_of_pair(const struct random_seed *seed, node_id a, node_id b)
{
    uint64_t pair = (uint64_t)MIN(a, b) << 24 | MAX(a, b);
    return (uint32_t)(random_at(seed, RANDOM_TOPOLOGY, topology_entity(TOPOLOGY_LUCK_DELAYS, 0, pair), 0) >> 32);
}

bool topology_link_delay(const struct latency *latency, const struct random_seed *seed, const uint32_t *region_of,
                         struct graph_link *link, GError **error)
{
    uint32_t from = region_of ? region_of[link->from] : 0, to = region_of ? region_of[link->to] : 0;
    link->delay_ns = latency->between_ns[(size_t)from * latency->region_count + to];
    if (link->delay_ns == LATENCY_ABSENT) {
        latency_refuse_pair(latency, from, to, error);
        return false;
    }
    if (!latency_has_regions(latency))
        link->delay_ns = latency_vary(latency, link->delay_ns, draw_of_pair(seed, link->from, link->to));
    return true;
}

bool topology_wire_mesh(struct wiring *wiring, node_id first, uint32_t count, const char *what, GError **error)
{
    uint64_t wires = (uint64_t)count * (count - 1) / 2;
    if (wires > MESH_WIRES_MOST) {
        topology_refuse(error, "a full mesh of %u %s has %" G_GUINT64_FORMAT " links, more than %u: give a degree",
                        count, what, wires, MESH_WIRES_MOST);
        return false;
    }
    for (node_id a = first; a < first + count; a++)
        for (node_id b = a + 1; b < first + count; b++)
            wiring_string(wiring, a, b);
    return true;
}

void topology_wire_relays(const struct topology_site *site, uint32_t per_host, struct wiring *wiring)
{
    for (node_id host = 0; host < site->host_count; host++)
        for (uint32_t i = 0; i < per_host; i++)
            wiring_string(wiring, host, site->host_count + host * per_host + i);
}

static node_id region_anywhere(const struct fabric *fabric, uint32_t relay)
{
    struct random_stream stream;
    random_stream_init(&stream, &fabric->seed, RANDOM_TOPOLOGY, topology_entity(TOPOLOGY_LUCK_PLACES, 0, relay));
    return fabric->region_of[random_below(&stream, fabric->node_count)];
}

/* Sets how many nodes there are with relays, their regions and whose they are. */
static bool add_relays(const struct topology_relays *relays, struct fabric *fabric, uint32_t *count, GError **error)
{
    uint64_t all = (uint64_t)fabric->node_count * (1 + (uint64_t)relays->per_host);
    if (all >= NODES_MOST) {
        topology_refuse(error, "%u nodes with %u relays each are too many: together at most %u", fabric->node_count,
                        relays->per_host, NODES_MOST - 1);
        return false;
    }
    *count = (uint32_t)all;
    if (relays->per_host == 0)
        return true;
    fabric->region_of = g_renew(uint32_t, fabric->region_of, all);
    fabric->keeper = g_new(node_id, all);
    for (node_id node = 0; node < *count; node++) {
        uint32_t relay = node - fabric->node_count;
        fabric->keeper[node] = node < fabric->node_count ? node : relay / relays->per_host;
        if (node >= fabric->node_count)
            fabric->region_of[node] =
                relays->anywhere ? region_anywhere(fabric, relay) : fabric->region_of[fabric->keeper[node]];
    }
    return true;
}

/* Draws wires until they connect all nodes. */
static bool draw_wires(const struct param_variant_value *topology, struct topology_site *site, struct wiring *wiring,
                       GError **error)
{
    const struct topology_model *model = topology->variant->plugin;
    uint32_t parts = 0;
    for (site->draw = 0; site->draw < DRAWS_MOST; site->draw++) {
        wiring_clear(wiring);
        if (!model->wire(topology->value, site, wiring, error))
            return false;
        parts = wiring_parts(wiring);
        if (parts == 1)
            return true;
    }
    REQUIRE(model->remedy);
    topology_refuse(error, "%s does not connect its %u nodes: the last of %u draws falls into %u parts: %s",
                    topology->variant->name, wiring->node_count, DRAWS_MOST, parts, model->remedy);
    return false;
}

/* Each wire becomes a link either way, with the delay of that direction. */
static bool make_links(struct fabric *fabric, const struct wiring *wiring, GError **error)
{
    size_t count = wiring->wires.count;
    struct graph_link *links = g_new(struct graph_link, 2 * count);
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        struct wire wire = wiring->wires.at[i];
        links[2 * i] = (struct graph_link){.from = wire.a, .to = wire.b};
        links[2 * i + 1] = (struct graph_link){.from = wire.b, .to = wire.a};
        for (size_t link = 2 * i; fine && link < 2 * i + 2; link++)
            fine = topology_link_delay(&fabric->latency, &fabric->seed, fabric->region_of, &links[link], error);
    }
    if (fine)
        fabric->graph = graph_new(wiring->node_count, links, (uint32_t)(2 * count));
    g_free(links);
    return fine;
}

bool topology_generate(const struct param_variant_value *topology, struct fabric *fabric, GError **error)
{
    const struct topology_model *model = topology->variant ? topology->variant->plugin : NULL;
    if (!model)
        return true;
    struct topology_relays relays = model->relays ? model->relays(topology->value) : (struct topology_relays){0};
    uint32_t count;
    if (!add_relays(&relays, fabric, &count, error))
        return false;
    struct topology_site site = {.seed = &fabric->seed,
                                 .host_count = fabric->node_count,
                                 .latency = &fabric->latency,
                                 .region_of = fabric->region_of};
    struct wiring wiring;
    wiring_init(&wiring, count);
    bool fine = draw_wires(topology, &site, &wiring, error) && make_links(fabric, &wiring, error);
    wiring_release(&wiring);
    if (!fine)
        return false;
    fabric->links_by_model = fabric->graph->link_count;
    if (!latency_has_regions(&fabric->latency))
        latency_make_fixed(&fabric->latency); /* each link has drawn its delay */
    return true;
}
