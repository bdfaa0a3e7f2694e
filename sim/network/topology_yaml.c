/* SPDX-License-Identifier: MIT */
/*
 * Networks as the simulations of Cardano's Leios keep them (ouroboros-leios, data/simulation/topology.d.ts):
 *
 *   nodes:
 *     NAME:
 *       stake: 100
 *       location: {cluster: eu-central-1}      # or two coordinates, which say nothing here
 *       producers:                             # whom it downloads from
 *         NAME: {latency-ms: 45.24, bandwidth-bytes-per-second: 125000000}
 *
 * Ids go by the order of the nodes; other keys are passed over. A rate that is missing or null adds nothing; a missing
 * latency is the latency model's.
 */
#include "network/topology_map.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

/* A link as it stands in the file: a producer may come after those who download from it. */
struct mention {
    const char *producer;
    size_t line;
    node_id node;
    time_ns delay_ns;
    uint64_t byte_ps;
};

struct reader {
    const struct topology_file_params *given;
    struct topology_map *map;
    yaml_parser_t parser;
    yaml_event_t event; /* the present one; deleted when the next is read */
    bool has_event;
    VECTOR(struct mention) mentions;
    GError **error;
};

static size_t line_of(const struct reader *reader)
{
    return reader->event.start_mark.line + 1;
}

static void release_event(struct reader *reader)
{
    if (reader->has_event)
        yaml_event_delete(&reader->event);
    reader->has_event = false;
}

/* The next event, in reader->event. */
static bool advance(struct reader *reader)
{
    release_event(reader);
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        topology_file_refuse(reader->given->file, reader->parser.problem_mark.line + 1, reader->error, "not YAML: %s",
                             reader->parser.problem ? reader->parser.problem : "cannot be read");
        return false;
    }
    reader->has_event = true;
    if (reader->event.type != YAML_ALIAS_EVENT)
        return true;
    topology_file_refuse(reader->given->file, line_of(reader), reader->error, "aliases are not read: write it out");
    return false;
}

static bool is_scalar(const struct reader *reader)
{
    return reader->event.type == YAML_SCALAR_EVENT;
}

static const char *scalar(const struct reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

/* No value at all, null or ~. */
static bool is_null(const struct reader *reader)
{
    if (!is_scalar(reader) || reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *text = scalar(reader);
    return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

/* Passes over the value whose first event is the present one. */
static bool skip(struct reader *reader)
{
    for (int depth = 0;;) {
        yaml_event_type_t type = reader->event.type;
        depth += type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT;
        depth -= type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT;
        if (depth == 0)
            return true;
        if (!advance(reader))
            return false;
    }
}

/* The present event must begin a map; *what* names it in the error. */
static bool expect_map(struct reader *reader, const char *what)
{
    if (reader->event.type == YAML_MAPPING_START_EVENT)
        return true;
    topology_file_refuse(reader->given->file, line_of(reader), reader->error, "%s: a map was expected here", what);
    return false;
}

/* Moves to the next key of a map: *key is a copy, or NULL at the map's end. */
static bool next_key(struct reader *reader, char **key, size_t *line)
{
    *key = NULL;
    if (!advance(reader))
        return false;
    if (reader->event.type == YAML_MAPPING_END_EVENT)
        return true;
    *line = line_of(reader);
    if (!is_scalar(reader)) {
        topology_file_refuse(reader->given->file, *line, reader->error, "a name was expected here");
        return false;
    }
    *key = g_strdup(scalar(reader));
    return true;
}

/*
 * Reads a map: `entry` is called for each key with the present event at the first of its value, and reads or skips
 * that. `owner` is handed on.
 */
static bool read_map(struct reader *reader, const char *what, void *owner,
                     bool (*entry)(struct reader *reader, const char *key, size_t line, void *owner))
{
    if (!expect_map(reader, what))
        return false;
    char *key;
    size_t line = 0;
    bool fine;
    while ((fine = next_key(reader, &key, &line)) && key) {
        fine = advance(reader) && entry(reader, key, line, owner);
        g_free(key);
        if (!fine)
            break;
    }
    return fine;
}

static bool read_number(struct reader *reader, const char *key, uint32_t scale, int64_t *value)
{
    if (is_scalar(reader) && topology_number(scalar(reader), scale, value))
        return true;
    topology_file_refuse(reader->given->file, line_of(reader), reader->error,
                         "%s: \"%s\" is not a number such as 12 "
                         "or 85.25",
                         key, is_scalar(reader) ? scalar(reader) : "");
    return false;
}

static bool read_latency(struct reader *reader, const char *key, struct mention *mention)
{
    if (is_null(reader))
        return true;
    if (!read_number(reader, key, MILLISECOND, &mention->delay_ns))
        return false;
    if (mention->delay_ns <= MAP_DELAY_MOST)
        return true;
    topology_file_refuse(reader->given->file, line_of(reader), reader->error,
                         "%s: the delay is too long: at most an hour", key);
    return false;
}

static bool read_bandwidth(struct reader *reader, const char *key, struct mention *mention)
{
    int64_t rate;
    if (is_null(reader))
        return true;
    if (!read_number(reader, key, 1, &rate))
        return false;
    if (rate > 0) {
        mention->byte_ps = reader->given->bandwidth ? topology_byte_ps((uint64_t)rate) : 0;
        return true;
    }
    topology_file_refuse(reader->given->file, line_of(reader), reader->error,
                         "%s: a rate of 0: at least 1 byte a second", key);
    return false;
}

static bool read_link_entry(struct reader *reader, const char *key, size_t line, void *owner)
{
    (void)line;
    if (strcmp(key, "latency-ms") == 0)
        return read_latency(reader, key, owner);
    if (strcmp(key, "bandwidth-bytes-per-second") == 0)
        return read_bandwidth(reader, key, owner);
    return skip(reader);
}

static bool read_producer(struct reader *reader, const char *name, size_t line, void *owner)
{
    struct mention mention = {.producer = topology_map_text(reader->map, name),
                              .line = line,
                              .node = *(const node_id *)owner,
                              .delay_ns = LATENCY_ABSENT};
    if (!is_null(reader) && !read_map(reader, name, &mention, read_link_entry))
        return false;
    vector_push(&reader->mentions, mention);
    return true;
}

static bool read_location_entry(struct reader *reader, const char *key, size_t line, void *owner)
{
    (void)line;
    if (strcmp(key, "cluster") != 0 || !is_scalar(reader) || is_null(reader))
        return skip(reader);
    reader->map->nodes.at[*(const node_id *)owner].region = topology_map_text(reader->map, scalar(reader));
    return true;
}

static bool read_node_entry(struct reader *reader, const char *key, size_t line, void *owner)
{
    (void)line;
    struct map_node *node = &reader->map->nodes.at[*(const node_id *)owner];
    if (strcmp(key, "producers") == 0 && !is_null(reader))
        return read_map(reader, key, owner, read_producer);
    if (strcmp(key, "location") == 0 && reader->event.type == YAML_MAPPING_START_EVENT)
        return read_map(reader, key, owner, read_location_entry);
    if (strcmp(key, "stake") != 0 || is_null(reader))
        return skip(reader);
    int64_t stake;
    if (!read_number(reader, key, 1, &stake))
        return false;
    node->stake = (stake_amount)stake;
    reader->map->has_stakes = true;
    return true;
}

static bool read_node(struct reader *reader, const char *name, size_t line, void *owner)
{
    (void)owner;
    if (!*name || !topology_map_add(reader->map, name)) {
        topology_file_refuse(reader->given->file, line, reader->error,
                             *name ? "there is a second node %s" : "a node needs a name%s", name);
        return false;
    }
    node_id node = (node_id)reader->map->nodes.count - 1;
    return read_map(reader, name, &node, read_node_entry);
}

static bool read_root_entry(struct reader *reader, const char *key, size_t line, void *owner)
{
    (void)line;
    if (strcmp(key, "nodes") != 0)
        return skip(reader);
    *(bool *)owner = true;
    return read_map(reader, key, NULL, read_node);
}

static bool read_document(struct reader *reader)
{
    bool has_nodes = false;
    do {
        if (!advance(reader))
            return false;
    } while (reader->event.type == YAML_STREAM_START_EVENT || reader->event.type == YAML_DOCUMENT_START_EVENT);
    if (!read_map(reader, "the file", &has_nodes, read_root_entry))
        return false;
    if (!has_nodes)
        topology_file_refuse(reader->given->file, 1, reader->error, "there is no key nodes");
    return has_nodes;
}

static bool link_up(struct reader *reader)
{
    for (size_t i = 0; i < reader->mentions.count; i++) {
        const struct mention *mention = &reader->mentions.at[i];
        struct graph_link link = {.to = mention->node, .delay_ns = mention->delay_ns, .byte_ps = mention->byte_ps};
        bool known = topology_map_find(reader->map, mention->producer, &link.from);
        if (!known || link.from == link.to) {
            topology_file_refuse(reader->given->file, mention->line, reader->error,
                                 known ? "a link from node %s to itself" : "there is no node %s", mention->producer);
            return false;
        }
        topology_map_link(reader->map, mention->line, link, reader->given->bidirectional);
    }
    return true;
}

static bool read_stream(struct reader *reader, FILE *stream)
{
    if (!yaml_parser_initialize(&reader->parser)) {
        topology_file_refuse(reader->given->file, 1, reader->error, "there is no memory to read it");
        return false;
    }
    yaml_parser_set_input_file(&reader->parser, stream);
    bool fine = read_document(reader) && link_up(reader);
    release_event(reader);
    yaml_parser_delete(&reader->parser);
    vector_release(&reader->mentions);
    return fine;
}

bool topology_yaml_read(const struct topology_file_params *given, struct topology_map *map, GError **error)
{
    FILE *stream = fopen(given->file, "rb");
    if (!stream) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: cannot be opened: %s", given->file,
                    g_strerror(errno));
        return false;
    }
    struct reader reader = {.given = given, .map = map, .error = error};
    bool fine = read_stream(&reader, stream);
    fclose(stream);
    topology_map_note_regions(map);
    return fine;
}
