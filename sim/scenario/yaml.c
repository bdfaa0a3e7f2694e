/* SPDX-License-Identifier: MIT */
#include "scenario/yaml.h"

#include "scenario/text_check.h"

#include <string.h>
#include <yaml.h>

/* One parse. After `has_failed` nothing more is read: libyaml cannot go on, or a limit was met. */
struct reader {
    yaml_parser_t parser;
    struct pool *pool;
    const struct source *source;
    struct diagnostics *diagnostics;
    int shift; /* columns of line 1 before the part that is parsed */
    size_t nodes;
    bool has_failed;
};

struct yaml_node *yaml_node_new(struct pool *pool, enum yaml_kind kind, struct place place)
{
    struct yaml_node *node = pool_allocate(pool, sizeof *node);
    node->kind = kind;
    node->place = place;
    return node;
}

void yaml_append(struct pool *pool, struct yaml_node *node, struct yaml_entry entry)
{
    enum { FIRST_ROOM = 4 };
    bool is_full = node->count == 0 || (node->count >= FIRST_ROOM && (node->count & (node->count - 1)) == 0);
    if (is_full) {
        size_t room = MAX((size_t)FIRST_ROOM, 2 * node->count);
        struct yaml_entry *entries = pool_allocate(pool, room * sizeof *entries);
        if (node->count)
            memcpy(entries, node->entries, node->count * sizeof *entries);
        node->entries = entries;
    }
    node->entries[node->count++] = entry;
}

const struct yaml_entry *yaml_find(const struct yaml_node *node, const char *key)
{
    if (!node || node->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (strcmp(node->entries[i].key, key) == 0)
            return &node->entries[i];
    }
    return NULL;
}

static struct place place_of_marks(const struct reader *reader, yaml_mark_t start, yaml_mark_t end)
{
    int shift = start.line == 0 ? reader->shift : 0;
    bool is_one_line = start.line == end.line && end.column > start.column;
    return (struct place){
        .source = reader->source,
        .line = (int)start.line + 1,
        .column = (int)start.column + 1 + shift,
        .length = is_one_line ? (int)(end.column - start.column) : 1,
    };
}

static struct place place_of(const struct reader *reader, const yaml_event_t *event)
{
    return place_of_marks(reader, event->start_mark, event->end_mark);
}

/* What usually lies behind a complaint of libyaml. */
static const char *syntax_hint(const char *problem)
{
    static const struct {
        const char *problem;
        const char *hint;
    } hints[] = {
        {"mapping values are not allowed",
         "a text that holds `: ` needs quotes, and keys of one map start in one column"},
        {"did not find expected ',' or '}'", "a `{` is closed by `}`, and its entries are separated by commas"},
        {"did not find expected ',' or ']'", "a `[` is closed by `]`, and its items are separated by commas"},
        {"could not find expected ':'", "a key is followed by `: ` and its value"},
        {"did not find expected key", "keys of one map start in one column"},
        {"did not find expected '-' indicator", "items of one list start in one column, each with `- `"},
        {"found character that cannot start any token", "a text that begins with `%`, `@` or a backquote needs quotes"},
        {"found unexpected end of stream", "a quote is opened and never closed"},
        {"block sequence entries are not allowed", "a list starts on the line below its key"},
        {"did not find expected alphabetic or numeric", "a text that begins with `&` or `*` needs quotes"},
        {"did not find expected <document start>", "the text goes on after its end; a whole scenario is one map"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (strstr(problem, hints[i].problem))
            return hints[i].hint;
    }
    return NULL;
}

/* A place beyond the end of the text moves to the end of its last line that has something. */
static struct place within_text(struct place place)
{
    size_t length;
    source_line(place.source, place.line, &length);
    if (length || place.line == 1)
        return place;
    const char *line = NULL;
    for (; place.line > 1 && length == 0; line = source_line(place.source, place.line, &length))
        place.line--;
    place.column = line ? (int)g_utf8_strlen(line, (gssize)length) + 1 : 1;
    return place;
}

static void report_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "it cannot be parsed";
    struct place place = within_text(place_of_marks(reader, parser->problem_mark, parser->problem_mark));
    struct diagnostic *diagnostic = diagnostics_add(reader->diagnostics, place, "this is not YAML: %s", problem);
    if (parser->context && (int)parser->context_mark.line + 1 < place.line)
        diagnostic_note(diagnostic, "%s that starts at line %zu", parser->context, parser->context_mark.line + 1);
    const char *hint = syntax_hint(problem);
    if (hint)
        diagnostic_note(diagnostic, "%s", hint);
    reader->has_failed = true;
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (reader->has_failed)
        return false;
    if (!yaml_parser_parse(&reader->parser, event)) {
        report_syntax(reader);
        return false;
    }
    return true;
}

/* Refuses anchors and tags; returns whether it did. Quotes are no tags: libyaml sets none for them. */
static bool refuse_properties(struct reader *reader, const yaml_event_t *event, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    if (anchor)
        diagnostics_add(reader->diagnostics, place_of(reader, event), "anchors are not supported: `&%s`", anchor);
    const char *shown = (const char *)tag;
    static const char standard[] = "tag:yaml.org,2002:";
    if (tag && g_str_has_prefix(shown, standard))
        diagnostics_add(reader->diagnostics, place_of(reader, event), "tags are not supported: `!!%s`",
                        shown + strlen(standard));
    else if (tag)
        diagnostics_add(reader->diagnostics, place_of(reader, event), "tags are not supported: `%s`", shown);
    return anchor || tag;
}

static struct yaml_node *broken(struct reader *reader, const yaml_event_t *event)
{
    return yaml_node_new(reader->pool, YAML_BROKEN, place_of(reader, event));
}

/* Ends the parse with an error at a limit. */
static const struct yaml_node *exceed(struct reader *reader, const yaml_event_t *event, const char *what, int limit)
{
    diagnostics_add(reader->diagnostics, place_of(reader, event), "%s: at most %d are allowed", what, limit);
    reader->has_failed = true;
    return broken(reader, event);
}

static const struct yaml_node *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    if (refuse_properties(reader, event, event->data.scalar.anchor, event->data.scalar.tag))
        return broken(reader, event);
    if (strlen(text) != event->data.scalar.length) {
        diagnostics_add(reader->diagnostics, place_of(reader, event), "a text cannot hold the character \\0");
        return broken(reader, event);
    }
    struct yaml_node *node = yaml_node_new(reader->pool, YAML_SCALAR, place_of(reader, event));
    node->text = pool_text(reader->pool, text);
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static const struct yaml_node *read_node(struct reader *reader, const yaml_event_t *event, int depth);

static const struct yaml_node *read_list(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml_node *list = yaml_node_new(reader->pool, YAML_LIST, place_of(reader, start));
    if (refuse_properties(reader, start, start->data.sequence_start.anchor, start->data.sequence_start.tag))
        list->kind = YAML_BROKEN;
    yaml_event_t event;
    while (next_event(reader, &event)) {
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        if (!is_end)
            yaml_append(reader->pool, list, (struct yaml_entry){.value = read_node(reader, &event, depth)});
        yaml_event_delete(&event);
        if (is_end)
            break;
    }
    return list;
}

/* Whether the key may be added to the map; an error says why not. */
static bool accept_key(struct reader *reader, GHashTable *lines, const struct yaml_node *key)
{
    if (key->kind == YAML_BROKEN)
        return false;
    if (key->kind != YAML_SCALAR) {
        diagnostics_add(reader->diagnostics, key->place, "a key must be a text, not a %s",
                        key->kind == YAML_MAP ? "map" : "list");
        return false;
    }
    if (key->text[0] == '\0') {
        diagnostics_add(reader->diagnostics, key->place, "a key is missing before the `:`");
        return false;
    }
    if (key->is_plain && strcmp(key->text, "<<") == 0) {
        struct diagnostic *diagnostic =
            diagnostics_add(reader->diagnostics, key->place, "merge keys are not supported: `<<`");
        diagnostic_note(diagnostic, "`extends:` builds on another file");
        return false;
    }
    gpointer first = g_hash_table_lookup(lines, key->text);
    if (first) {
        struct diagnostic *diagnostic =
            diagnostics_add(reader->diagnostics, key->place, "duplicate key `%s`", key->text);
        diagnostic_note(diagnostic, "first given at line %d", GPOINTER_TO_INT(first));
        return false;
    }
    g_hash_table_insert(lines, (gpointer)key->text, GINT_TO_POINTER(key->place.line));
    return true;
}

static void read_pair(struct reader *reader, struct yaml_node *map, GHashTable *lines, const yaml_event_t *key_event,
                      int depth)
{
    const struct yaml_node *key = read_node(reader, key_event, depth);
    yaml_event_t event;
    if (!next_event(reader, &event))
        return;
    const struct yaml_node *value = read_node(reader, &event, depth);
    yaml_event_delete(&event);
    if (map->count >= YAML_MOST_KEYS)
        exceed(reader, key_event, "too many keys in one map", YAML_MOST_KEYS);
    else if (accept_key(reader, lines, key))
        yaml_append(reader->pool, map, (struct yaml_entry){.key = key->text, .key_place = key->place, .value = value});
}

static const struct yaml_node *read_map(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml_node *map = yaml_node_new(reader->pool, YAML_MAP, place_of(reader, start));
    if (refuse_properties(reader, start, start->data.mapping_start.anchor, start->data.mapping_start.tag))
        map->kind = YAML_BROKEN;
    GHashTable *lines = g_hash_table_new(g_str_hash, g_str_equal);
    yaml_event_t event;
    while (next_event(reader, &event)) {
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        if (!is_end)
            read_pair(reader, map, lines, &event, depth);
        yaml_event_delete(&event);
        if (is_end)
            break;
    }
    g_hash_table_unref(lines);
    return map;
}

static const struct yaml_node *read_node(struct reader *reader, const yaml_event_t *event, int depth)
{
    if (depth >= YAML_DEEPEST)
        return exceed(reader, event, "too many maps and lists within each other", YAML_DEEPEST);
    if (++reader->nodes > YAML_MOST_NODES)
        return exceed(reader, event, "too many values in one text", YAML_MOST_NODES);

    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(reader, event, depth + 1);
    case YAML_MAPPING_START_EVENT:
        return read_map(reader, event, depth + 1);
    case YAML_ALIAS_EVENT:
        diagnostics_add(reader->diagnostics, place_of(reader, event), "aliases are not supported: `*%s`",
                        event->data.alias.anchor);
        return broken(reader, event);
    default: /* the grammar of events lets nothing else stand here */
        reader->has_failed = true;
        return broken(reader, event);
    }
}

/* The root of the first document; a second one is an error. */
static const struct yaml_node *read_stream(struct reader *reader)
{
    const struct yaml_node *root = NULL;
    bool has_document = false;
    bool is_end = false;
    yaml_event_t event;
    while (!is_end && next_event(reader, &event)) {
        is_end = event.type == YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT && has_document) {
            diagnostics_add(reader->diagnostics, place_of(reader, &event), "a second document is not supported");
            reader->has_failed = true;
        } else if (event.type == YAML_DOCUMENT_START_EVENT) {
            has_document = true;
        } else if (!is_end && event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT) {
            root = read_node(reader, &event, 0);
        }
        yaml_event_delete(&event);
    }
    return root;
}

const struct yaml_node *yaml_parse(struct pool *pool, const struct source *source, size_t offset,
                                   struct diagnostics *diagnostics)
{
    struct reader reader = {.pool = pool, .source = source, .diagnostics = diagnostics};
    if (source->length > YAML_LARGEST) {
        diagnostics_add(diagnostics, (struct place){.source = source}, "the file is larger than %d bytes",
                        YAML_LARGEST);
        return NULL;
    }
    if (!text_check(source, diagnostics))
        return NULL;

    reader.shift = (int)g_utf8_strlen(source->text, (gssize)offset);
    if (!yaml_parser_initialize(&reader.parser))
        g_error("out of memory");
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)source->text + offset, source->length - offset);
    const struct yaml_node *root = read_stream(&reader);
    yaml_parser_delete(&reader.parser);
    return reader.has_failed ? NULL : root;
}
