/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_value.h"

#include "base/decimal.h"
#include "base/quantity.h"
#include "scenario/describe.h"
#include "scenario/schema.h"
#include "scenario/sweep_path.h"
#include "scenario/sweep_range.h"

#include <string.h>

/* Columns. */

const char *sweep_unit(const struct param *param)
{
    switch (param ? param->type : PARAM_TEXT) {
    case PARAM_DURATION:
        return "s";
    case PARAM_SIZE:
        return "bytes";
    case PARAM_RATE:
        return "bits_per_s";
    case PARAM_TX_RATE:
        return "tx_per_s";
    default:
        return "";
    }
}

const char *sweep_column(struct pool *pool, const char *path, const struct param *param)
{
    const char *unit = sweep_unit(param);
    char *column = g_strconcat(path, *unit ? "_" : "", unit, NULL);
    for (char *at = column; *at; at++)
        *at = g_ascii_isalnum(*at) ? g_ascii_tolower(*at) : '_';
    return pool_take(pool, column);
}

/* Labels. */

const struct yaml_node *sweep_value_without_label(struct pool *pool, const struct yaml_node *node)
{
    if (!yaml_find(node, SWEEP_LABEL_KEY))
        return node;
    struct yaml_node *rest = yaml_node_new(pool, YAML_MAP, node->place);
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->entries[i].key, SWEEP_LABEL_KEY) != 0)
            yaml_append(pool, rest, node->entries[i]);
    return rest;
}

const struct yaml_node *sweep_value_labelled(struct pool *pool, const struct yaml_node *map, const char *label)
{
    struct yaml_node *labelled = yaml_node_new(pool, YAML_MAP, map->place);
    struct yaml_node *text = yaml_node_new(pool, YAML_SCALAR, map->place);
    text->text = label;
    yaml_append(pool, labelled, (struct yaml_entry){.key = SWEEP_LABEL_KEY, .key_place = map->place, .value = text});
    for (size_t i = 0; i < map->count; i++)
        yaml_append(pool, labelled, map->entries[i]);
    return labelled;
}

static void append_flow(const struct yaml_node *node, GString *out)
{
    if (node->kind == YAML_SCALAR) {
        g_string_append(out, node->text);
        return;
    }
    bool is_map = node->kind == YAML_MAP;
    g_string_append_c(out, is_map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        g_string_append(out, i ? ", " : "");
        if (is_map)
            g_string_append_printf(out, "%s: ", node->entries[i].key);
        append_flow(node->entries[i].value, out);
    }
    g_string_append_c(out, is_map ? '}' : ']');
}

static const char *scalar_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_entry *entry = key ? yaml_find(map, key) : NULL;
    return entry && entry->value->kind == YAML_SCALAR && *entry->value->text ? entry->value->text : NULL;
}

/* A part of the scenario is called by its label, name or kind, or by all that it says. */
static const char *label_of_part(struct pool *pool, const struct param *param, const struct yaml_node *node)
{
    const char *const keys[] = {SWEEP_LABEL_KEY, SCHEMA_NAME_KEY, param ? param->discriminator : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (scalar_of(node, keys[i]))
            return scalar_of(node, keys[i]);
    GString *text = g_string_new(NULL);
    append_flow(node, text);
    return pool_take(pool, g_string_free(text, FALSE));
}

/* A number in the unit of its column. */
static const char *label_of_number(struct pool *pool, const struct typed_value *value)
{
    enum { DIGITS = 12 };
    char printed[DECIMAL_SIZE];
    switch (value->param->type) {
    case PARAM_DURATION:
        return pool_text(pool, decimal_from_ns(printed, value->integer));
    case PARAM_TX_RATE:
        return pool_text(pool, decimal_print(printed, (double)value->natural / (double)TX_RATE_ONE, DIGITS));
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        return pool_text(
            pool, decimal_print(printed, (double)value->ratio.numerator / (double)value->ratio.denominator, DIGITS));
    case PARAM_INTEGER:
        return pool_take(pool, g_strdup_printf("%" G_GINT64_FORMAT, value->integer));
    default:
        return pool_take(pool, g_strdup_printf("%" G_GUINT64_FORMAT, value->natural));
    }
}

/* The last `parts` of an absolute path. */
static const char *path_end(const char *path, size_t parts)
{
    const char *at = path + strlen(path);
    while (at > path && parts > 0)
        parts -= *--at == '/';
    return *at == '/' && parts == 0 ? at + 1 : at;
}

void sweep_value_shorten(struct pool *pool, struct sweep_value *values, size_t count)
{
    enum { MOST_PARTS = 32 };
    const char **paths = pool_allocate(pool, count * sizeof *paths);
    for (size_t i = 0; i < count; i++)
        paths[i] = pool_take(pool, g_canonicalize_filename(values[i].node->text, values[i].node->place.source->folder));
    guint told_apart = 0;
    for (size_t parts = 1; parts <= MOST_PARTS && told_apart < count; parts++) {
        GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t i = 0; i < count; i++) {
            values[i].label = values[i].typed.text = path_end(paths[i], parts);
            g_hash_table_add(seen, (gpointer)values[i].label);
        }
        told_apart = g_hash_table_size(seen);
        g_hash_table_unref(seen);
    }
}

/* Paths. */

static const struct yaml_node *absolute_path(struct pool *pool, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_node_new(pool, YAML_SCALAR, node->place);
    copy->text = pool_take(pool, g_canonicalize_filename(node->text, node->place.source->folder));
    return copy;
}

/* A key whose kind is chosen elsewhere means what it means to any kind. */
static const struct param *child_of_any(const struct param *param, const char *key)
{
    const struct param *found = NULL;
    for (size_t i = 0; param->type == PARAM_ONE_OF && i < param->variants->count && !found; i++)
        found = schema_variant_param(&param->variants->list[i], key);
    return found;
}

const struct yaml_node *sweep_value_absolute(struct pool *pool, const struct param *param, const struct yaml_node *node)
{
    if (!param || node->kind == YAML_BROKEN)
        return node;
    if (node->kind == YAML_SCALAR)
        return param->type == PARAM_FILE && node->place.source ? absolute_path(pool, node) : node;
    struct yaml_node *copy = yaml_node_new(pool, node->kind, node->place);
    for (size_t i = 0; i < node->count; i++) {
        struct yaml_entry entry = node->entries[i];
        const struct yaml_node *inside = node;
        const struct param *child = entry.key ? sweep_path_step(param, &inside, entry.key) : param->element;
        if (!child && entry.key)
            child = child_of_any(param, entry.key);
        entry.value = sweep_value_absolute(pool, child, entry.value);
        yaml_append(pool, copy, entry);
    }
    return copy;
}

/* Values. */

static bool is_scalar(const struct param *param)
{
    return param && param->type <= PARAM_CHOICE;
}

/* The same node, at which errors are shown. */
static const struct yaml_node *apart(struct pool *pool, const struct yaml_node *node)
{
    struct yaml_node *copy = pool_allocate(pool, sizeof *copy);
    *copy = *node;
    copy->is_apart = true;
    return copy;
}

/* Fills a value that is a number. */
static bool read_number(struct pool *pool, const char *path, const struct param *param, const struct yaml_node *node,
                        struct sweep_value *value, struct diagnostics *diagnostics)
{
    GError *error = NULL;
    if (typed_parse(param, node->text, &value->typed, &error)) {
        value->label = label_of_number(pool, &value->typed);
        return true;
    }
    GString *allowed = g_string_new(NULL);
    describe_allowed_with_default(param, allowed);
    struct diagnostic *diagnostic = diagnostics_add(diagnostics, node->place, "`%s`: %s", path, error->message);
    diagnostic_note(diagnostic, "allowed: %s", allowed->str);
    g_string_free(allowed, TRUE);
    g_error_free(error);
    return false;
}

bool sweep_value_read(struct pool *pool, const char *path, const struct param *param, const struct yaml_node *node,
                      struct sweep_value *value, struct diagnostics *diagnostics)
{
    if (is_scalar(param) && node->kind != YAML_SCALAR) {
        struct diagnostic *diagnostic = diagnostics_add(diagnostics, node->place, "`%s` must be one value, not a %s",
                                                        path, node->kind == YAML_MAP ? "map" : "list");
        if (sweep_is_range(node))
            diagnostic_note(diagnostic, "a range stands alone, not within a list");
        return false;
    }
    value->node = apart(pool, sweep_value_without_label(pool, node));
    if (typed_is_ordered(param))
        return read_number(pool, path, param, node, value, diagnostics);
    value->label = node->kind == YAML_SCALAR ? node->text : label_of_part(pool, param, node);
    value->typed = (struct typed_value){.text = value->label};
    return true;
}
