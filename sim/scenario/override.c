/* SPDX-License-Identifier: MIT */
#include "scenario/override.h"

#include "scenario/merge.h"
#include "scenario/schema.h"
#include "scenario/text_check.h"

#include <string.h>

/* The place of the bytes [start, start + length) of an override. */
static struct place place_of(const struct source *source, const char *start, size_t length)
{
    return (struct place){
        .source = source,
        .line = 1,
        .column = (int)g_utf8_strlen(source->text, start - source->text) + 1,
        .length = (int)MAX(1, g_utf8_strlen(start, (gssize)length)),
    };
}

static bool check_path(const struct source *source, const char *end, struct diagnostics *diagnostics)
{
    const char *at = source->text;
    for (;;) {
        size_t length = strcspn(at, ".=");
        if (at + length > end)
            length = (size_t)(end - at);
        if (length == 0) {
            diagnostics_add(diagnostics, place_of(source, at, 1), "a key is missing here");
            return false;
        }
        bool is_first = at == source->text;
        at += length;
        char *key = g_strndup(source->text, (gsize)(at - source->text));
        bool is_of_file = is_first && (strcmp(key, SCHEMA_VERSION_KEY) == 0 || strcmp(key, SCHEMA_EXTENDS_KEY) == 0);
        g_free(key);
        if (is_of_file) {
            diagnostics_add(diagnostics, place_of(source, source->text, length), "`%.*s` can only stand in a file",
                            (int)length, source->text);
            return false;
        }
        if (at == end)
            return true;
        at++;
    }
}

const struct yaml_node *override_wrap(struct pool *pool, const char *path, size_t length, struct place place,
                                      const struct yaml_node *value)
{
    const char *key_end = path + length;
    while (key_end > path) {
        const char *start = key_end;
        while (start > path && start[-1] != '.')
            start--;
        size_t key_length = (size_t)(key_end - start);
        struct place here = place;
        here.column += (int)g_utf8_strlen(path, start - path);
        here.length = (int)MAX(1, g_utf8_strlen(start, (gssize)key_length));
        struct yaml_node *map = yaml_node_new(pool, YAML_MAP, here);
        map->addresses = true;
        yaml_append(pool, map,
                    (struct yaml_entry){.key = pool_bytes(pool, start, key_length), .key_place = here, .value = value});
        value = map;
        key_end = start == path ? start : start - 1;
    }
    return value;
}

static const struct yaml_node *parse_one(struct pool *pool, const char *text, const char *folder,
                                         struct diagnostics *diagnostics)
{
    const struct source *source = source_new(pool, "--set", folder, NULL, text, strlen(text));
    if (!text_check(source, diagnostics))
        return NULL;
    const char *equals = strchr(source->text, '=');
    if (!equals) {
        struct diagnostic *diagnostic = diagnostics_add(diagnostics, place_of(source, source->text, source->length),
                                                        "an override needs a key and a value");
        diagnostic_note(diagnostic, "write KEY=VALUE, such as protocol.slot=4 s");
        return NULL;
    }
    if (!check_path(source, equals, diagnostics))
        return NULL;
    size_t offset = (size_t)(equals + 1 - source->text);
    size_t before = diagnostics_count(diagnostics);
    const struct yaml_node *value = yaml_parse(pool, source, offset, diagnostics);
    if (!value && diagnostics_count(diagnostics) == before)
        diagnostics_add(diagnostics, place_of(source, equals, 1), "the value is missing");
    size_t length = (size_t)(equals - source->text);
    return value ? override_wrap(pool, source->text, length, place_of(source, source->text, 1), value) : NULL;
}

const struct yaml_node *override_parse(struct pool *pool, const struct param_table *root, const char *const *overrides,
                                       const char *folder, struct diagnostics *diagnostics)
{
    struct merge merge = {.pool = pool, .diagnostics = diagnostics, .is_gathering = true};
    struct param all = schema_root(root);
    const struct yaml_node *gathered = NULL;
    for (; overrides && *overrides; overrides++) {
        const struct yaml_node *one = parse_one(pool, *overrides, folder, diagnostics);
        if (one)
            gathered = merge_trees(&merge, &all, gathered, one);
    }
    return gathered;
}
