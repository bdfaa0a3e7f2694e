/* SPDX-License-Identifier: MIT */
/*
 * What a file says of a network, whatever its format: nodes in their order with what is known of each, and links. A map
 * owns its texts. Readers fill an empty one and set an error that names file and line. Private to the room.
 */
#ifndef POSIM_NETWORK_TOPOLOGY_MAP_H
#define POSIM_NETWORK_TOPOLOGY_MAP_H

#include "base/vector.h"
#include "network/graph.h"
#include "network/latency.h"
#include "network/rates.h"
#include "network/topology_file.h"

struct map_node {
    const char *name;
    const char *region; /* NULL: not said */
    stake_amount stake;
    struct rate rate; /* 0: not said */
};

struct topology_map {
    VECTOR(struct map_node) nodes;
    VECTOR(struct graph_link) links; /* delay_ns LATENCY_ABSENT where the file gives none */
    VECTOR(size_t) link_lines;       /* by link: where the file has it */
    bool has_regions;                /* each node has one */
    bool has_stakes;
    GStringChunk *texts;
    GHashTable *ids; /* node_id by name; looked up only, never walked */
};

void topology_map_init(struct topology_map *map);
void topology_map_release(struct topology_map *map);

bool topology_map_find(const struct topology_map *map, const char *name, node_id *node);
/* False where the name is there already. */
bool topology_map_add(struct topology_map *map, const char *name);
const char *topology_map_text(struct topology_map *map, const char *text);

/* Regions count where every node has one. */
void topology_map_note_regions(struct topology_map *map);

/* A link that stands in that line, and where `both_ways` its reverse. */
void topology_map_link(struct topology_map *map, size_t line, struct graph_link link, bool both_ways);

/* Refuses a second link from one node to another that differs from the first: only one of them can be meant. */
bool topology_map_check_links(const struct topology_map *map, const char *path, GError **error);

#define MAP_DELAY_MOST HOUR

/* Picoseconds that a byte takes at that rate, which is not 0. */
uint64_t topology_byte_ps(uint64_t byte_per_s);

/*
 * A number that is not negative, such as 12, 0.25 or 1.5e-3, times `scale`, to the nearest integer (halves upwards);
 * false for anything else, and where it is too large.
 */
bool topology_number(const char *text, uint32_t scale, int64_t *value);

/* An error about a place in a file. */
void topology_file_refuse(const char *path, size_t line, GError **error, const char *format, ...) G_GNUC_PRINTF(4, 5);

bool topology_csv_read(const struct topology_file_params *given, struct topology_map *map, GError **error);
bool topology_gml_read(const struct topology_file_params *given, struct topology_map *map, GError **error);
bool topology_yaml_read(const struct topology_file_params *given, struct topology_map *map, GError **error);

/* The stakes of the file of nodes alone; true without any where it has no such column. */
bool topology_csv_read_nodes(const struct topology_file_params *given, struct topology_map *map, GError **error);

#endif
