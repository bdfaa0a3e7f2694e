/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"
#include "scenario/describe.h"
#include "scenario/fill_parts.h"
#include "scenario/schema.h"

#include <string.h>

static void append_path(const struct where *where, GString *path)
{
    if (!where->outer)
        return;
    append_path(where->outer, path);
    if (path->len)
        g_string_append_c(path, '.');
    if (where->key)
        g_string_append(path, where->key);
    else
        g_string_append_printf(path, "%zu", where->index);
}

char *where_path(const struct where *where)
{
    GString *path = g_string_new(NULL);
    append_path(where, path);
    return g_string_free(path, FALSE);
}

struct place entry_place(const struct yaml_entry *entry)
{
    const struct place *value = &entry->value->place;
    bool is_beside = value->source == entry->key_place.source && value->line == entry->key_place.line;
    return !entry->key || is_beside || entry->value->is_apart ? *value : entry->key_place;
}

/* How an error names the thing at a place: "the scenario", "`faults.heal`". */
static char *thing_at(const struct where *where)
{
    char *path = where_path(where);
    char *thing = *path ? g_strdup_printf("`%s`", path) : g_strdup("the scenario");
    g_free(path);
    return thing;
}

static void note_allowed(struct diagnostic *diagnostic, const struct param *param)
{
    GString *allowed = g_string_new(NULL);
    describe_allowed(param, allowed);
    diagnostic_note(diagnostic, "allowed: %s", allowed->str);
    g_string_free(allowed, TRUE);
}

/* The keys of a map, the discriminator first; NULL-terminated, free the array only. */
static GPtrArray *allowed_keys(const struct table_use *use, bool is_root)
{
    GPtrArray *keys = g_ptr_array_new();
    if (use->one_of)
        g_ptr_array_add(keys, (gpointer)use->one_of->discriminator);
    if (is_root) {
        g_ptr_array_add(keys, (gpointer)SCHEMA_VERSION_KEY);
        g_ptr_array_add(keys, (gpointer)SCHEMA_EXTENDS_KEY);
    }
    for (size_t i = 0; i < use->table->count; i++) {
        if (!use->given_name || strcmp(use->table->params[i].key, SCHEMA_NAME_KEY) != 0)
            g_ptr_array_add(keys, (gpointer)use->table->params[i].key);
    }
    g_ptr_array_add(keys, NULL);
    return keys;
}

/* Says so where the key stands for the discriminator: `kind: constant` for `model: constant`. */
static bool note_discriminator(struct diagnostic *diagnostic, const struct table_use *use,
                               const struct yaml_entry *entry)
{
    bool names_variant =
        use->one_of && entry->value->kind == YAML_SCALAR && schema_variant_named(use->one_of, entry->value->text);
    if (names_variant)
        diagnostic_note(diagnostic, "did you mean `%s: %s`?", use->one_of->discriminator, entry->value->text);
    return names_variant;
}

/* Says which other kinds have the key; whether there are any. */
static bool note_other_variants(struct diagnostic *diagnostic, const struct table_use *use, const char *key)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; use->one_of && i < use->one_of->variants->count; i++) {
        const struct param_variant *variant = &use->one_of->variants->list[i];
        if (variant != use->variant && schema_variant_param(variant, key))
            g_ptr_array_add(names, (gpointer)variant->name);
    }
    g_ptr_array_add(names, NULL);
    bool has_any = names->pdata[0];
    if (has_any) {
        char *joined = suggest_join((const char *const *)names->pdata, "and");
        diagnostic_note(diagnostic, "`%s` belongs to %s %s", key, use->one_of->discriminator, joined);
        g_free(joined);
    }
    g_ptr_array_unref(names);
    return has_any;
}

struct elsewhere {
    const char *key;
    GPtrArray *paths;
};

static void collect_elsewhere(const struct described *described, void *context)
{
    struct elsewhere *elsewhere = context;
    if (!described->is_discriminator && strcmp(described->key, elsewhere->key) == 0)
        g_ptr_array_add(elsewhere->paths, g_strdup(described->path));
}

/* Says where in a scenario the key would be right, if that is at one or two places. */
static bool note_elsewhere(const struct filler *filler, struct diagnostic *diagnostic, const char *key)
{
    struct elsewhere elsewhere = {key, g_ptr_array_new_with_free_func(g_free)};
    describe_walk(filler->root, collect_elsewhere, &elsewhere);
    bool is_clear = elsewhere.paths->len == 1 || elsewhere.paths->len == 2;
    if (is_clear) {
        g_ptr_array_add(elsewhere.paths, NULL);
        char *joined = suggest_join((const char *const *)elsewhere.paths->pdata, "or");
        diagnostic_note(diagnostic, "did you mean %s?", joined);
        g_free(joined);
    }
    g_ptr_array_unref(elsewhere.paths);
    return is_clear;
}

void report_unknown_key(const struct filler *filler, const struct table_use *use, const struct yaml_entry *entry,
                        const struct where *where)
{
    char *thing = thing_at(where);
    struct diagnostic *diagnostic =
        use->variant
            ? diagnostics_add(filler->diagnostics, entry->key_place, "unknown key `%s` in %s of %s %s", entry->key,
                              thing, use->one_of->discriminator, use->variant->name)
            : diagnostics_add(filler->diagnostics, entry->key_place, "unknown key `%s` in %s", entry->key, thing);
    g_free(thing);
    if (!diagnostic_is_kept(filler->diagnostics, diagnostic))
        return;

    GPtrArray *keys = allowed_keys(use, !where->outer);
    /* The very key in another place says more than a key that is spelt alike. */
    if (!note_discriminator(diagnostic, use, entry) && !note_other_variants(diagnostic, use, entry->key) &&
        !note_elsewhere(filler, diagnostic, entry->key))
        diagnostic_suggest(diagnostic, entry->key, (const char *const *)keys->pdata);
    char *joined = g_strjoinv(", ", (char **)keys->pdata);
    if (*joined)
        diagnostic_note(diagnostic, "allowed: %s", joined);
    else
        diagnostic_note(diagnostic, "allowed: no key at all");
    g_free(joined);
    g_ptr_array_unref(keys);
}

void report_missing_key(const struct filler *filler, const struct param *param, const struct where *where)
{
    char *thing = thing_at(where);
    struct diagnostic *diagnostic =
        diagnostics_add(filler->diagnostics, where->place, "%s needs the key `%s`", thing, param->key);
    diagnostic_note(diagnostic, "`%s`: %s", param->key, param->meaning);
    note_allowed(diagnostic, param);
    g_free(thing);
}

void report_nothing(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                    const struct where *where)
{
    char *thing = thing_at(where);
    struct place place = entry->key ? entry->key_place : entry->value->place;
    struct diagnostic *diagnostic = diagnostics_add(filler->diagnostics, place, "%s has no value", thing);
    note_allowed(diagnostic, param);
    if (param->by_default)
        diagnostic_note(diagnostic, "without the key the default holds");
    g_free(thing);
}

static void note_shape(struct diagnostic *diagnostic, const struct param *param, const struct yaml_entry *entry)
{
    bool is_scalar = entry->value->kind == YAML_SCALAR;
    const char *text = entry->value->text;
    const char *key = entry->key ? entry->key : "";
    const char *colon = entry->key ? ": " : "";
    if (param->type == PARAM_ONE_OF && is_scalar && schema_variant_named(param, text))
        diagnostic_note(diagnostic, "did you mean `%s%s{%s: %s}`?", key, colon, param->discriminator, text);
    if (param->type == PARAM_LIST && is_scalar && strlen(text) < 40)
        diagnostic_note(diagnostic, "did you mean `%s%s[%s]`?", key, colon, text);
    if (param->type == PARAM_LIST && entry->value->kind == YAML_MAP)
        diagnostic_note(diagnostic, "each item of a list begins with `- `");
    if (param->type != PARAM_STRUCT) {
        note_allowed(diagnostic, param);
        return;
    }
    GPtrArray *keys = allowed_keys(&(struct table_use){.table = param->table}, false);
    char *joined = g_strjoinv(", ", (char **)keys->pdata);
    diagnostic_note(diagnostic, "allowed: a map of %s", joined);
    g_free(joined);
    g_ptr_array_unref(keys);
}

void report_shape(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                  const struct where *where)
{
    static const char *const wanted[] = {
        [PARAM_STRUCT] = "a map", [PARAM_ONE_OF] = "a map", [PARAM_LIST] = "a list",
        [PARAM_MAP] = "a map",    [PARAM_VALUES] = "a map",
    };
    const struct yaml_node *node = entry->value;
    const char *expected =
        param->type < G_N_ELEMENTS(wanted) && wanted[param->type] ? wanted[param->type] : "one value";
    char *given = node->kind == YAML_SCALAR ? diagnostic_quote(node->text)
                                            : g_strdup(node->kind == YAML_MAP ? "a map" : "a list");
    char *thing = thing_at(where);
    struct diagnostic *diagnostic =
        diagnostics_add(filler->diagnostics, entry_place(entry), "%s must be %s, not %s", thing, expected, given);
    note_shape(diagnostic, param, entry);
    g_free(thing);
    g_free(given);
}

/* The names of all variants, NULL-terminated; free the array only. */
static GPtrArray *variant_names(const struct param *one_of)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < one_of->variants->count; i++)
        g_ptr_array_add(names, (gpointer)one_of->variants->list[i].name);
    g_ptr_array_add(names, NULL);
    return names;
}

static void note_variants(struct diagnostic *diagnostic, const struct param *one_of, const char *written)
{
    GPtrArray *names = variant_names(one_of);
    if (written)
        diagnostic_suggest(diagnostic, written, (const char *const *)names->pdata);
    char *all = g_strjoinv(", ", (char **)names->pdata);
    diagnostic_note(diagnostic, "allowed: %s", all);
    g_free(all);
    g_ptr_array_unref(names);
}

void report_unknown_variant(const struct filler *filler, const struct param *one_of, const struct yaml_entry *chosen,
                            const struct where *where)
{
    const struct yaml_node *node = chosen->value;
    if (node->kind == YAML_BROKEN)
        return;
    char *path = where_path(where);
    bool is_scalar = node->kind == YAML_SCALAR && *node->text;
    char *given = is_scalar ? diagnostic_quote(node->text) : NULL;
    struct diagnostic *diagnostic = is_scalar
                                        ? diagnostics_add(filler->diagnostics, node->place, "`%s`: there is no %s %s",
                                                          path, one_of->discriminator, given)
                                        : diagnostics_add(filler->diagnostics, entry_place(chosen),
                                                          "`%s.%s` must be a name", path, one_of->discriminator);
    note_variants(diagnostic, one_of, is_scalar ? node->text : NULL);
    g_free(given);
    g_free(path);
}

/* The only variant that has every key of the map, or NULL. */
static const struct param_variant *fitting_variant(const struct param *one_of, const struct yaml_node *map)
{
    const struct param_variant *fitting = NULL;
    for (size_t i = 0; map->count && i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        size_t known = 0;
        for (size_t j = 0; j < map->count; j++)
            known += schema_variant_param(variant, map->entries[j].key) != NULL;
        if (known < map->count)
            continue;
        if (fitting)
            return NULL;
        fitting = variant;
    }
    return fitting;
}

void report_missing_variant(const struct filler *filler, const struct param *one_of, const struct yaml_node *node,
                            const struct where *where)
{
    char *thing = thing_at(where);
    struct diagnostic *diagnostic =
        diagnostics_add(filler->diagnostics, where->place, "%s needs the key `%s`", thing, one_of->discriminator);
    const struct param_variant *fitting = fitting_variant(one_of, node);
    if (fitting)
        diagnostic_note(diagnostic, "did you mean `%s: %s`?", one_of->discriminator, fitting->name);
    note_variants(diagnostic, one_of, NULL);
    g_free(thing);
}

void report_given_name(const struct filler *filler, const struct yaml_entry *entry, const char *given)
{
    struct diagnostic *diagnostic =
        diagnostics_add(filler->diagnostics, entry->key_place, "`" SCHEMA_NAME_KEY "` is not needed here");
    diagnostic_note(diagnostic, "the key `%s` is the name", given);
}

void report_same_name(const struct filler *filler, const struct yaml_entry *name, const struct where *where)
{
    char *thing = thing_at(where);
    diagnostics_add(filler->diagnostics, name->value->place, "two items of %s have the name `%s`", thing,
                    name->value->text);
    g_free(thing);
}

void report_item_count(const struct filler *filler, const struct param *param, size_t count, const struct where *where)
{
    char *thing = thing_at(where);
    struct diagnostic *diagnostic =
        diagnostics_add(filler->diagnostics, where->place, "%s has %zu items", thing, count);
    note_allowed(diagnostic, param);
    g_free(thing);
}

void report_check(const struct filler *filler, const char *key, const char *message, const struct yaml_node *node,
                  const struct where *where)
{
    const struct yaml_entry *entry = yaml_find(node, key);
    char *path = where_path(where);
    struct diagnostic *diagnostic = diagnostics_add(filler->diagnostics, entry ? entry_place(entry) : where->place,
                                                    "`%s%s%s`: %s", path, *path ? "." : "", key, message);
    diagnostic->is_of_several = true;
    g_free(path);
}
