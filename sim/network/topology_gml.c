/* SPDX-License-Identifier: MIT */
/*
 * Networks in GML (Himsolt, "GML: a portable graph file format", 1997) as Shadow reads them and igraph and networkx
 * write them:
 *
 *   graph [
 *     directed 0
 *     node [ id 0 label "a" host_bandwidth_up "100 Mbit" host_bandwidth_down "100 Mbit" ]
 *     edge [ source 0 target 1 latency "10 ms" packet_loss 0.0 ]
 *   ]
 *
 * Ids go by the order of the nodes. Underscores in names do not count, since igraph leaves them out. A latency that is
 * a bare number is in ms; a missing one is the latency model's. With bandwidth on, a link has the lesser of the rate up
 * at its source and down at its target. Links from a node to itself, of which Shadow has one a node, are passed over,
 * as is every other key.
 */
#include "base/quantity.h"
#include "network/gml.h"
#include "network/topology_map.h"

#include <string.h>

struct gml_reading {
    const struct topology_file_params *given;
    struct topology_map *map;
    bool directed;
    GError **error;
};

static bool refuse(const struct gml_reading *reading, const struct gml_entry *entry, const char *expected)
{
    topology_file_refuse(reading->given->file, entry->line, reading->error, "%s: \"%s\" is not %s", entry->key,
                         entry->text ? entry->text : "[", expected);
    return false;
}

/* The entry of that key, which must be there and no list. */
static const struct gml_entry *need(const struct gml_reading *reading, const struct gml_entry *list, const char *key)
{
    const struct gml_entry *entry = gml_find(list, key);
    if (entry && entry->text)
        return entry;
    topology_file_refuse(reading->given->file, list->line, reading->error, "this %s has no %s", list->key, key);
    return NULL;
}

/* "100 Mbit" as bits a second; 0 where there is no such entry. */
static bool read_rate(const struct gml_reading *reading, const struct gml_entry *node, const char *key,
                      uint64_t *bit_per_s)
{
    const struct gml_entry *entry = gml_find(node, key);
    *bit_per_s = 0;
    if (!entry)
        return true;
    char *text = g_strdup_printf("%s/s", entry->text ? entry->text : "");
    if (*text == 'K')
        *text = 'k';
    bool fine = quantity_parse_rate(text, bit_per_s, NULL) && *bit_per_s >= 8;
    g_free(text);
    return fine || refuse(reading, entry, "a rate such as 100 Mbit");
}

static bool read_stake(const struct gml_reading *reading, const struct gml_entry *list, struct map_node *node)
{
    const struct gml_entry *entry = gml_find(list, reading->given->stake);
    int64_t stake;
    if (!entry)
        return true;
    if (!entry->text || !topology_number(entry->text, 1, &stake))
        return refuse(reading, entry, "a number of whole units");
    node->stake = (stake_amount)stake;
    reading->map->has_stakes = true;
    return true;
}

static bool read_node(struct gml_reading *reading, const struct gml_entry *list)
{
    const struct gml_entry *id = need(reading, list, "id");
    if (!id)
        return false;
    if (!topology_map_add(reading->map, id->text)) {
        topology_file_refuse(reading->given->file, list->line, reading->error, "there is a second node %s", id->text);
        return false;
    }
    struct map_node *node = &reading->map->nodes.at[reading->map->nodes.count - 1];
    const struct gml_entry *region = gml_find(list, reading->given->region);
    if (region && region->text)
        node->region = topology_map_text(reading->map, region->text);
    return read_stake(reading, list, node) && read_rate(reading, list, "host_bandwidth_up", &node->rate.up_bit_per_s) &&
           read_rate(reading, list, "host_bandwidth_down", &node->rate.down_bit_per_s);
}

static bool read_end(const struct gml_reading *reading, const struct gml_entry *edge, const char *key, node_id *node)
{
    const struct gml_entry *entry = need(reading, edge, key);
    if (!entry)
        return false;
    if (topology_map_find(reading->map, entry->text, node))
        return true;
    topology_file_refuse(reading->given->file, entry->line, reading->error, "%s: there is no node %s", key,
                         entry->text);
    return false;
}

static bool read_latency(const struct gml_reading *reading, const struct gml_entry *edge, time_ns *delay_ns)
{
    const struct gml_entry *entry = gml_find(edge, "latency");
    *delay_ns = LATENCY_ABSENT;
    if (!entry)
        return true;
    if (!entry->text ||
        (!topology_number(entry->text, MILLISECOND, delay_ns) && !quantity_parse_duration(entry->text, delay_ns, NULL)))
        return refuse(reading, entry, "a delay such as 10 ms");
    if (*delay_ns <= MAP_DELAY_MOST)
        return true;
    topology_file_refuse(reading->given->file, entry->line, reading->error,
                         "latency: the delay is too long: at most an hour");
    return false;
}

static bool check_loss(const struct gml_reading *reading, const struct gml_entry *edge)
{
    const struct gml_entry *entry = gml_find(edge, "packet_loss");
    int64_t billionths = 0;
    if (!entry || reading->given->loss == TOPOLOGY_LOSS_IGNORE)
        return true;
    if (!entry->text || !topology_number(entry->text, 1000000000, &billionths))
        return refuse(reading, entry, "a share such as 0.01");
    if (billionths == 0)
        return true;
    topology_file_refuse(reading->given->file, entry->line, reading->error,
                         "packet_loss: links lose nothing here: use a fault of kind loss, and loss: ignore for the "
                         "file's figures");
    return false;
}

/* What each byte adds from one node to another; false where a rate that is needed is not there. */
static bool rate_between(const struct gml_reading *reading, const struct gml_entry *edge, node_id from, node_id to,
                         uint64_t *byte_ps)
{
    *byte_ps = 0;
    if (!reading->given->bandwidth)
        return true;
    uint64_t up = reading->map->nodes.at[from].rate.up_bit_per_s;
    uint64_t down = reading->map->nodes.at[to].rate.down_bit_per_s;
    if (up && down) {
        *byte_ps = topology_byte_ps(MIN(up, down) / 8);
        return true;
    }
    topology_file_refuse(reading->given->file, edge->line, reading->error, "bandwidth is on, but node %s has no %s",
                         reading->map->nodes.at[up ? to : from].name, up ? "host_bandwidth_down" : "host_bandwidth_up");
    return false;
}

static bool read_edge(struct gml_reading *reading, const struct gml_entry *edge)
{
    struct graph_link link, back;
    if (!read_end(reading, edge, "source", &link.from) || !read_end(reading, edge, "target", &link.to))
        return false;
    if (link.from == link.to)
        return true;
    if (!read_latency(reading, edge, &link.delay_ns) || !check_loss(reading, edge) ||
        !rate_between(reading, edge, link.from, link.to, &link.byte_ps))
        return false;
    topology_map_link(reading->map, edge->line, link, false);
    if (reading->directed && !reading->given->bidirectional)
        return true;
    back = (struct graph_link){.from = link.to, .to = link.from, .delay_ns = link.delay_ns};
    if (!rate_between(reading, edge, back.from, back.to, &back.byte_ps))
        return false;
    topology_map_link(reading->map, edge->line, back, false);
    return true;
}

/* Nodes first, then edges: they may stand in any order. */
static bool read_all(struct gml_reading *reading, const struct gml_entry *graph, const char *key,
                     bool (*read)(struct gml_reading *reading, const struct gml_entry *list))
{
    for (size_t i = 0; i < graph->count; i++) {
        const struct gml_entry *entry = &graph->entries[i];
        if (!gml_is(entry, key))
            continue;
        if (entry->text) {
            topology_file_refuse(reading->given->file, entry->line, reading->error, "%s: [ was expected here", key);
            return false;
        }
        if (!read(reading, entry))
            return false;
    }
    return true;
}

static bool read_graph(struct gml_reading *reading, const struct gml_entry *root)
{
    const struct gml_entry *graph = gml_find(root, "graph");
    if (!graph || graph->text) {
        topology_file_refuse(reading->given->file, 1, reading->error, "there is no graph [ ... ]");
        return false;
    }
    const struct gml_entry *directed = gml_find(graph, "directed");
    reading->directed = directed && directed->text && strcmp(directed->text, "1") == 0;
    if (directed && !reading->directed && g_strcmp0(directed->text, "0") != 0)
        return refuse(reading, directed, "0 or 1");
    return read_all(reading, graph, "node", read_node) && read_all(reading, graph, "edge", read_edge);
}

bool topology_gml_read(const struct topology_file_params *given, struct topology_map *map, GError **error)
{
    struct gml *gml = gml_read(given->file, error);
    if (!gml)
        return false;
    struct gml_reading reading = {.given = given, .map = map, .error = error};
    bool fine = read_graph(&reading, gml_root(gml));
    topology_map_note_regions(map);
    gml_free(gml);
    return fine;
}
