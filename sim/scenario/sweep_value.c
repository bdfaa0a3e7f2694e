/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_value.h"

#include "base/quantity.h"
#include "scenario/schema.h"

#include <string.h>

#define LABEL_KEY "label"

/* What a key means. */

static const struct param_variant *variant_of(const struct param *one_of, const struct yaml_node *map)
{
    const struct param_variant *variant = schema_variant(one_of, map, NULL);
    bool by_default = !variant && one_of->by_default && !yaml_find(map, one_of->discriminator);
    return by_default ? schema_variant_named(one_of, one_of->by_default) : variant;
}

/* The item of a list that is addressed by its name or number. */
static const struct yaml_node *item_at(const struct yaml_node *list, const char *address)
{
    guint64 index;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct yaml_entry *name = yaml_find(list->entries[i].value, SCHEMA_NAME_KEY);
        if (name && name->value->kind == YAML_SCALAR && strcmp(name->value->text, address) == 0)
            return list->entries[i].value;
    }
    if (list && list->count && g_ascii_string_to_unsigned(address, 10, 0, list->count - 1, &index, NULL))
        return list->entries[index].value;
    return NULL;
}

static const struct param *child_at(const struct param *param, const struct yaml_node **node, const char *key)
{
    if (param->type == PARAM_LIST) {
        *node = *node && (*node)->kind == YAML_LIST ? item_at(*node, key) : NULL;
        return param->element;
    }
    const struct param_variant *variant = param->type == PARAM_ONE_OF ? variant_of(param, *node) : NULL;
    const struct yaml_entry *entry = yaml_find(*node, key);
    *node = entry ? entry->value : NULL;
    return schema_child(param, variant, key);
}

const struct param *sweep_param_at(const struct param_table *root, const struct yaml_node *tree, const char *path)
{
    struct param whole = schema_root(root);
    char **keys = g_strsplit(path, ".", -1);
    const struct param *param = child_at(&whole, &tree, keys[0]);
    for (char **key = keys + 1; param && *key; key++)
        param = child_at(param, &tree, *key);
    g_strfreev(keys);
    return param;
}

const char *sweep_unit(const struct param *param)
{
    switch (param ? param->type : PARAM_TEXT) {
    case PARAM_DURATION:
        return "s";
    case PARAM_SIZE:
        return "bytes";
    case PARAM_RATE:
        return "bits_per_s";
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

/* What a value is called. */

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
    const char *const keys[] = {LABEL_KEY, SCHEMA_NAME_KEY, param ? param->discriminator : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (scalar_of(node, keys[i]))
            return scalar_of(node, keys[i]);
    GString *text = g_string_new(NULL);
    append_flow(node, text);
    return pool_take(pool, g_string_free(text, FALSE));
}

/* A typed value as a plain number in the unit of its column. */
static const char *label_of_number(struct pool *pool, const struct typed_value *value)
{
    char printed[G_ASCII_DTOSTR_BUF_SIZE];
    double number;
    switch (value->param->type) {
    case PARAM_DURATION:
        number = (double)value->integer / 1e9;
        break;
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        number = (double)value->ratio.numerator / (double)value->ratio.denominator;
        break;
    case PARAM_INTEGER:
        return pool_take(pool, g_strdup_printf("%" G_GINT64_FORMAT, value->integer));
    default:
        return pool_take(pool, g_strdup_printf("%" G_GUINT64_FORMAT, value->natural));
    }
    return pool_text(pool, g_ascii_formatd(printed, sizeof printed, "%.12g", number));
}

/* What a value is. */

const struct yaml_node *sweep_value_without_label(struct pool *pool, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP || !yaml_find(node, LABEL_KEY))
        return node;
    struct yaml_node *rest = yaml_node_new(pool, YAML_MAP, node->place);
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->entries[i].key, LABEL_KEY) != 0)
            yaml_append(pool, rest, node->entries[i]);
    return rest;
}

const struct yaml_node *sweep_value_labelled(struct pool *pool, const struct yaml_node *map, const char *label)
{
    struct yaml_node *labelled = yaml_node_new(pool, YAML_MAP, map->place);
    struct yaml_node *text = yaml_node_new(pool, YAML_SCALAR, map->place);
    text->text = label;
    yaml_append(pool, labelled, (struct yaml_entry){.key = LABEL_KEY, .key_place = map->place, .value = text});
    for (size_t i = 0; i < map->count; i++)
        yaml_append(pool, labelled, map->entries[i]);
    return labelled;
}

static const struct yaml_node *absolute_path(struct pool *pool, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_node_new(pool, YAML_SCALAR, node->place);
    copy->text = pool_take(pool, g_canonicalize_filename(node->text, node->place.source->folder));
    return copy;
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
        const struct param *child = entry.key ? child_at(param, &inside, entry.key) : param->element;
        entry.value = sweep_value_absolute(pool, child, entry.value);
        yaml_append(pool, copy, entry);
    }
    return copy;
}

bool sweep_value_read(struct pool *pool, const char *path, const struct param *param, const struct yaml_node *node,
                      struct sweep_value *value, struct diagnostics *diagnostics)
{
    value->node = sweep_value_without_label(pool, node);
    if (node->kind != YAML_SCALAR || !typed_is_ordered(param)) {
        bool is_scalar = node->kind == YAML_SCALAR;
        value->label = is_scalar ? node->text : label_of_part(pool, param, node);
        value->typed = (struct typed_value){.text = value->label};
        return true;
    }
    GError *error = NULL;
    if (!typed_parse(param, node->text, &value->typed, &error)) {
        diagnostics_add(diagnostics, node->place, "`%s`: %s", path, error->message);
        g_error_free(error);
        return false;
    }
    value->label = label_of_number(pool, &value->typed);
    return true;
}
