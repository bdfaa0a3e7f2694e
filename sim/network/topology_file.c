/* SPDX-License-Identifier: MIT */
/* Topologies from files, whatever their format: parameters, regions, delays that a file leaves open, and checks. */
#include "network/topology_file.h"

#include "network/fabric.h"
#include "network/placement.h"
#include "network/topology.h"
#include "network/topology_map.h"

#include <string.h>

static const char *const formats[] = {"by_name", "csv", "gml", "yaml", NULL};
static const char *const losses[] = {"refuse", "ignore", NULL};

#define AT(field) .offset = offsetof(struct topology_file_params, field)

static const struct param params[] = {
    {.key = "file",
     .type = PARAM_FILE,
     AT(file),
     .meaning = "links: a CSV table with one a row, or a network in YAML or GML"},
    {.key = "format",
     .type = PARAM_CHOICE,
     AT(format),
     .by_default = "by_name",
     .meaning = "of the file; by_name: a name that ends in .yaml or .yml is YAML, in .gml GML, any other CSV",
     .choices = formats},
    {.key = "nodes",
     .type = PARAM_FILE,
     AT(nodes),
     .meaning = "CSV of nodes, one a row, beside a CSV of links",
     .optional = true},
    {.key = "from",
     .type = PARAM_TEXT,
     AT(from),
     .by_default = "producer",
     .meaning = "CSV: column of links: the node that messages come from"},
    {.key = "to",
     .type = PARAM_TEXT,
     AT(to),
     .by_default = "node",
     .meaning = "CSV: column of links: the node that messages go to"},
    {.key = "latency",
     .type = PARAM_TEXT,
     AT(latency),
     .by_default = "latency_ms",
     .meaning = "CSV: column of links: one-way delay in ms; an empty cell or NA: the latency model's"},
    {.key = "rate",
     .type = PARAM_TEXT,
     AT(rate),
     .by_default = "bandwidth_bytes_per_s",
     .meaning = "CSV: column of links: rate in bytes a second, read where bandwidth is on"},
    {.key = "node",
     .type = PARAM_TEXT,
     AT(node),
     .by_default = "node",
     .meaning = "CSV: column of nodes: the name that links use"},
    {.key = "stake",
     .type = PARAM_TEXT,
     AT(stake),
     .by_default = "stake_ada",
     .meaning = "column of nodes, or attribute in GML: stake in whole units; without it the scenario gives stakes"},
    {.key = "region",
     .type = PARAM_TEXT,
     AT(region),
     .by_default = "region",
     .meaning = "column of nodes, or attribute in GML: region, for traces, faults and delays of the latency model; may "
                "be missing"},
    {.key = "loss",
     .type = PARAM_CHOICE,
     AT(loss),
     .by_default = "refuse",
     .meaning = "what becomes of a GML file's packet_loss above 0, which links do not have here",
     .choices = losses},
    {.key = "bidirectional",
     .type = PARAM_FLAG,
     AT(bidirectional),
     .by_default = "off",
     .meaning = "whether each link carries messages both ways; those of an undirected GML graph always do"},
    {.key = "bandwidth",
     .type = PARAM_FLAG,
     AT(bandwidth),
     .by_default = "off",
     .meaning = "whether each link on the way adds size / rate, without a queue"},
    {.key = "jitter",
     .type = PARAM_SHARE,
     AT(jitter),
     .by_default = "0 %",
     .meaning = "median of what varies from message to message, as a share of the least delay"},
};

static const char *check(const void *filled, char **message)
{
    const struct topology_file_params *given = filled;
    if (!given->nodes || topology_format_of(given) == TOPOLOGY_FORMAT_CSV)
        return NULL;
    *message = g_strdup("only a CSV of links has its nodes in another file");
    return "nodes";
}

const struct param_table topology_file_params_table = PARAM_TABLE_CHECKED(
    "file topology", "links and their delays from a file", struct topology_file_params, params, check);

enum topology_format topology_format_of(const struct topology_file_params *given)
{
    if (given->format != TOPOLOGY_FORMAT_BY_NAME)
        return (enum topology_format)given->format;
    if (g_str_has_suffix(given->file, ".yaml") || g_str_has_suffix(given->file, ".yml"))
        return TOPOLOGY_FORMAT_YAML;
    return g_str_has_suffix(given->file, ".gml") ? TOPOLOGY_FORMAT_GML : TOPOLOGY_FORMAT_CSV;
}

static bool read_map(const struct topology_file_params *given, struct topology_map *map, GError **error)
{
    switch (topology_format_of(given)) {
    case TOPOLOGY_FORMAT_GML:
        return topology_gml_read(given, map, error);
    case TOPOLOGY_FORMAT_YAML:
        return topology_yaml_read(given, map, error);
    default:
        return topology_csv_read(given, map, error);
    }
}

/* Regions in the order in which nodes name them first; without them one region without a name. */
static void take_regions(const struct topology_map *map, struct latency *latency, uint32_t *region_of)
{
    if (!map->has_regions) {
        latency_init_single(latency, LATENCY_ABSENT);
        memset(region_of, 0, map->nodes.count * sizeof *region_of);
        return;
    }
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal); /* looked up only, never walked */
    VECTOR(const char *) names = {0};
    for (size_t node = 0; node < map->nodes.count; node++) {
        const char *name = map->nodes.at[node].region;
        gpointer found;
        if (!g_hash_table_lookup_extended(ids, name, NULL, &found)) {
            found = GUINT_TO_POINTER((guint)names.count);
            g_hash_table_insert(ids, (gpointer)name, found);
            vector_push(&names, name);
        }
        region_of[node] = GPOINTER_TO_UINT(found);
    }
    latency_init(latency, (uint32_t)names.count);
    for (size_t region = 0; region < names.count; region++)
        latency->region_names[region] = g_strdup(names.at[region]);
    vector_release(&names);
    g_hash_table_destroy(ids);
}

static bool check_count(const struct topology_file_params *given, const struct topology_map *map, uint32_t node_count,
                        GError **error)
{
    if (map->nodes.count >= node_count)
        return true;
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                "network.topology: %s has %zu nodes, but the scenario has %u", given->file, map->nodes.count,
                node_count);
    return false;
}

static bool check_split(const struct topology_file_params *given, const struct topology_map *map,
                        const struct graph *graph, GError **error)
{
    struct graph_split split = graph_split(graph);
    if (split.parts == 1)
        return true;
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                "network.topology: %s falls into %u parts, of which the largest has %u of %u nodes: no path leads from "
                "node %s to node %s: add links, or use bidirectional: on if they lead both ways",
                given->file, split.parts, split.largest, graph->node_count, map->nodes.at[split.from].name,
                map->nodes.at[split.to].name);
    return false;
}

/* Where the model's regions are the nodes': as the file names them, else as the scenario places them. */
static bool place(const struct topology_map *map, const char *const *regions, struct fabric *fabric, GError **error)
{
    uint32_t count = (uint32_t)map->nodes.count;
    const char **names = g_new0(const char *, count);
    for (node_id node = 0; node < count; node++)
        names[node] = map->has_regions                       ? map->nodes.at[node].region
                      : regions && node < fabric->node_count ? regions[node]
                                                             : NULL;
    bool fine =
        placement_assign(&fabric->placement, &fabric->latency, count, names, &fabric->seed, fabric->region_of, error);
    g_free(names);
    return fine;
}

/* Gives each link without a delay the model's. */
static bool fill_delays(const struct latency *model, const uint32_t *region_of, struct topology_map *map,
                        struct fabric *fabric, GError **error)
{
    for (size_t i = 0; i < map->links.count; i++) {
        struct graph_link *link = &map->links.at[i];
        if (link->delay_ns != LATENCY_ABSENT)
            continue;
        if (!topology_link_delay(model, &fabric->seed, region_of, link, error))
            return false;
        fabric->links_by_model++;
    }
    return true;
}

/* Delays from the latency model: its regions become the network's, where it has any. */
static bool complete(const struct network_params *network, const char *const *regions, struct topology_map *map,
                     struct fabric *fabric, GError **error)
{
    struct latency *latency = &fabric->latency;
    if (!placement_open(&fabric->placement, &network->placement, &network->latency, latency, error))
        return false;
    if (latency_has_regions(latency)) {
        latency_make_fixed(latency);
        return place(map, regions, fabric, error) && fill_delays(latency, fabric->region_of, map, fabric, error);
    }
    bool fine = fill_delays(latency, NULL, map, fabric, error);
    latency_release(latency);
    take_regions(map, latency, fabric->region_of);
    return fine;
}

static bool says_all_delays(const struct topology_map *map)
{
    for (size_t i = 0; i < map->links.count; i++)
        if (map->links.at[i].delay_ns == LATENCY_ABSENT)
            return false;
    return true;
}

/* The file says where nodes are, or nothing needs to know: so nobody else can place them. */
static bool check_nobody_places(const char *const *regions, uint32_t node_count, GError **error)
{
    for (node_id node = 0; regions && node < node_count; node++)
        if (regions[node]) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                        "node %u: region %s cannot be chosen: the topology's file places the nodes", node,
                        regions[node]);
            return false;
        }
    return true;
}

/* The queues' rates, where the scenario takes them from the file. */
static bool take_rates(const struct network_params *network, const struct topology_file_params *given,
                       const struct topology_map *map, struct fabric *fabric, GError **error)
{
    if (network->capacity.from != CAPACITY_TOPOLOGY)
        return true;
    fabric->queue_rates = g_new(struct rate, map->nodes.count);
    for (size_t node = 0; node < map->nodes.count; node++) {
        struct rate rate = fabric->queue_rates[node] = map->nodes.at[node].rate;
        if (rate.up_bit_per_s && rate.down_bit_per_s)
            continue;
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "network.capacity.from: topology: %s has no %s for node %s, which only a GML file can give",
                    given->file, rate.up_bit_per_s ? "host_bandwidth_down" : "host_bandwidth_up",
                    map->nodes.at[node].name);
        return false;
    }
    return true;
}

static bool build(const struct network_params *network, const struct topology_file_params *given,
                  const char *const *regions, struct topology_map *map, struct fabric *fabric, GError **error)
{
    bool says_all = says_all_delays(map);
    if (!check_count(given, map, fabric->node_count, error) || !take_rates(network, given, map, fabric, error) ||
        ((says_all || map->has_regions) && !check_nobody_places(regions, fabric->node_count, error)))
        return false;
    fabric->region_of = g_new0(uint32_t, map->nodes.count);
    if (says_all)
        take_regions(map, &fabric->latency, fabric->region_of);
    else if (!complete(network, regions, map, fabric, error))
        return false;
    fabric->graph = graph_new((uint32_t)map->nodes.count, map->links.at, (uint32_t)map->links.count);
    if (!check_split(given, map, fabric->graph, error))
        return false;
    latency_set_jitter(&fabric->latency, given->jitter);
    return true;
}

bool topology_file_load(const struct network_params *network, const struct topology_file_params *given,
                        const char *const *regions, struct fabric *fabric, GError **error)
{
    struct topology_map map;
    topology_map_init(&map);
    bool fine = read_map(given, &map, error) && topology_map_check_links(&map, given->file, error) &&
                build(network, given, regions, &map, fabric, error);
    topology_map_release(&map);
    return fine;
}

bool topology_file_stakes(const struct topology_file_params *given, uint32_t *node_count, stake_amount **stakes,
                          GError **error)
{
    bool is_csv = topology_format_of(given) == TOPOLOGY_FORMAT_CSV;
    if (is_csv && !given->nodes)
        return false;
    struct topology_map map;
    topology_map_init(&map);
    bool fine = (is_csv ? topology_csv_read_nodes(given, &map, error) : read_map(given, &map, error)) && map.has_stakes;
    if (fine) {
        *node_count = (uint32_t)map.nodes.count;
        *stakes = g_new(stake_amount, map.nodes.count);
        for (size_t node = 0; node < map.nodes.count; node++)
            (*stakes)[node] = map.nodes.at[node].stake;
    }
    topology_map_release(&map);
    return fine;
}
