/* SPDX-License-Identifier: MIT */
#include "scenario/fill.h"

#include "base/assert.h"
#include "base/suggest.h"
#include "scenario/fill_parts.h"
#include "scenario/schema.h"

#include <string.h>

static bool fill_value(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                       const struct where *where, void *value, struct filled *parent);
static bool fill_default(const struct filler *filler, const struct param *param, const struct where *where, void *value,
                         struct filled *parent);

struct filled *filled_add(struct pool *pool, struct filled *parent, const char *key, const struct param *param,
                          enum yaml_kind kind, struct place place)
{
    struct filled *filled = pool_allocate(pool, sizeof *filled);
    filled->key = key;
    filled->param = param;
    filled->kind = kind;
    filled->place = place;
    if (parent->last)
        parent->last->next = filled;
    else
        parent->first = filled;
    parent->last = filled;
    return filled;
}

static bool is_known_key(const struct table_use *use, const char *key)
{
    return param_table_find(use->table, key) || (use->one_of && strcmp(key, use->one_of->discriminator) == 0);
}

/* The keys that a map may not have. */
static bool check_keys(const struct filler *filler, const struct table_use *use, const struct yaml_node *map,
                       const struct where *where)
{
    bool is_fine = true;
    for (size_t i = 0; map && i < map->count; i++) {
        const struct yaml_entry *entry = &map->entries[i];
        bool is_known = is_known_key(use, entry->key);
        bool names_itself = use->given_name && strcmp(entry->key, SCHEMA_NAME_KEY) == 0;
        if (is_known && names_itself)
            report_given_name(filler, entry, use->given_name);
        else if (!is_known)
            report_unknown_key(filler, use, entry, where);
        is_fine = is_fine && is_known && !names_itself;
    }
    return is_fine;
}

/* Whether a key that the table does not know is this one, misspelt: then it was told already. */
static bool is_misspelt(const struct table_use *use, const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map && i < map->count; i++) {
        const char *given = map->entries[i].key;
        if (!is_known_key(use, given) && suggest_distance(given, key) <= MAX(1, strlen(given) / 3))
            return true;
    }
    return false;
}

static bool fill_param(const struct filler *filler, const struct param *param, const struct table_use *use,
                       const struct yaml_node *map, const struct where *outer, void *value, struct filled *parent)
{
    const struct yaml_entry *entry = yaml_find(map, param->key);
    struct where where = {
        .outer = outer,
        .key = param->key,
        .place = entry ? entry_place(entry) : outer->place,
    };
    if (entry)
        return fill_value(filler, param, entry, &where, value, parent);
    if (param->by_default)
        return fill_default(filler, param, &where, value, parent);
    param_set_absent(param, value);
    if (!param->optional && !filler->is_partial && !is_misspelt(use, map, param->key))
        report_missing_key(filler, param, outer);
    return param->optional;
}

/* The table's own check, once each of its values is right by itself. */
static bool run_check(const struct filler *filler, const struct param_table *table, const struct yaml_node *map,
                      const struct where *where, const void *base)
{
    if (!table->check || filler->is_partial)
        return true;
    char *message = NULL;
    const char *key = table->check(base, &message);
    if (key)
        report_check(filler, key, message ? message : "this value is not allowed", map, where);
    g_free(message);
    return !key;
}

/* Fills a struct from a map (NULL: nothing but defaults). */
static bool fill_table(const struct filler *filler, const struct table_use *use, const struct yaml_node *map,
                       const struct where *where, char *base, struct filled *parent)
{
    bool is_fine = check_keys(filler, use, map, where);
    for (size_t i = 0; i < use->table->count; i++) {
        const struct param *param = &use->table->params[i];
        void *value = base + param->offset;
        if (use->given_name && strcmp(param->key, SCHEMA_NAME_KEY) == 0)
            *(const char **)value = use->given_name;
        else
            is_fine = fill_param(filler, param, use, map, where, value, parent) && is_fine;
    }
    return is_fine && run_check(filler, use->table, map, where, base);
}

static bool fill_variant(const struct filler *filler, const struct param *param, const struct param_variant *variant,
                         const char *given_name, const struct yaml_node *map, const struct where *where, void *value,
                         struct filled *filled)
{
    static const struct param_table empty = {.name = "", .meaning = ""};
    const struct yaml_entry *chosen = yaml_find(map, param->discriminator);
    struct place place = chosen ? chosen->value->place : filled->place;
    filled_add(filler->pool, filled, param->discriminator, param, YAML_SCALAR, place)->text = variant->name;

    struct table_use use = {
        .table = variant->table ? variant->table : &empty,
        .one_of = param,
        .variant = variant,
        .given_name = given_name,
    };
    struct param_variant_value *result = value;
    result->variant = variant;
    result->value = variant->table ? pool_allocate(filler->pool, variant->table->size) : NULL;
    return fill_table(filler, &use, map, where, result->value, filled);
}

static bool fill_one_of(const struct filler *filler, const struct param *param, const char *given_name,
                        const struct yaml_node *map, const struct where *where, void *value, struct filled *filled)
{
    const struct yaml_entry *chosen = yaml_find(map, param->discriminator);
    const struct param_variant *variant = schema_variant(param, map, NULL);
    if (!variant && !chosen && param->by_default)
        variant = schema_variant_named(param, param->by_default);
    if (variant)
        return fill_variant(filler, param, variant, given_name, map, where, value, filled);
    if (chosen)
        report_unknown_variant(filler, param, chosen, where);
    else if (!filler->is_partial)
        report_missing_variant(filler, param, map, where);
    return false;
}

/* A struct or a variant; `given_name` is the name of an item of a PARAM_MAP. */
static bool fill_map_value(const struct filler *filler, const struct param *param, const char *key,
                           const char *given_name, const struct yaml_entry *entry, const struct where *where,
                           void *value, struct filled *parent)
{
    if (entry->value->kind != YAML_MAP) {
        report_shape(filler, param, entry, where);
        return false;
    }
    struct filled *filled = filled_add(filler->pool, parent, key, param, YAML_MAP, entry->value->place);
    if (param->type == PARAM_ONE_OF)
        return fill_one_of(filler, param, given_name, entry->value, where, value, filled);
    struct table_use use = {.table = param->table, .given_name = given_name};
    return fill_table(filler, &use, entry->value, where, value, filled);
}

static bool check_item_count(const struct filler *filler, const struct param *param, size_t count,
                             const struct where *where)
{
    bool is_short = param->minimum && count < g_ascii_strtoull(param->minimum, NULL, 10);
    bool is_long = param->maximum && count > g_ascii_strtoull(param->maximum, NULL, 10);
    if (is_short || is_long)
        report_item_count(filler, param, count, where);
    return !is_short && !is_long;
}

/* The `name` that an item of a list is addressed by, or NULL. */
static const struct yaml_entry *item_name(const struct yaml_node *item)
{
    const struct yaml_entry *name = yaml_find(item, SCHEMA_NAME_KEY);
    return name && name->value->kind == YAML_SCALAR && *name->value->text ? name : NULL;
}

static bool check_names(const struct filler *filler, const struct yaml_node *list, const struct where *where)
{
    bool is_fine = true;
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_entry *name = item_name(list->entries[i].value);
        if (name && !g_hash_table_add(names, (gpointer)name->value->text)) {
            report_same_name(filler, name, where);
            is_fine = false;
        }
    }
    g_hash_table_unref(names);
    return is_fine;
}

static bool fill_list(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                      const struct where *where, struct param_list *value, struct filled *parent)
{
    const struct yaml_node *list = entry->value;
    if (list->kind != YAML_LIST) {
        report_shape(filler, param, entry, where);
        return false;
    }
    size_t size = param_value_size(param->element);
    value->count = list->count;
    value->items = list->count ? pool_allocate(filler->pool, size * list->count) : NULL;
    struct filled *filled = filled_add(filler->pool, parent, entry->key, param, YAML_LIST, list->place);

    bool is_fine = check_item_count(filler, param, list->count, where);
    is_fine = check_names(filler, list, where) && is_fine;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_entry *item = &list->entries[i];
        const struct yaml_entry *name = item_name(item->value);
        struct where inside = {
            .outer = where,
            .key = name ? name->value->text : NULL,
            .index = i,
            .place = item->value->place,
        };
        is_fine = fill_value(filler, param->element, item, &inside, (char *)value->items + i * size, filled) && is_fine;
    }
    return is_fine;
}

static bool fill_map(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                     const struct where *where, struct param_list *value, struct filled *parent)
{
    const struct yaml_node *map = entry->value;
    if (map->kind != YAML_MAP) {
        report_shape(filler, param, entry, where);
        return false;
    }
    size_t size = param_value_size(param->element);
    value->count = map->count;
    value->items = map->count ? pool_allocate(filler->pool, size * map->count) : NULL;
    struct filled *filled = filled_add(filler->pool, parent, entry->key, param, YAML_MAP, map->place);

    bool is_fine = check_item_count(filler, param, map->count, where);
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_entry *item = &map->entries[i];
        struct where inside = {.outer = where, .key = item->key, .place = entry_place(item)};
        if (item->value->kind == YAML_BROKEN)
            is_fine = false;
        else
            is_fine = fill_map_value(filler, param->element, item->key, item->key, item, &inside,
                                     (char *)value->items + i * size, filled) &&
                      is_fine;
    }
    return is_fine;
}

/* The parameters say only whether a text was quoted. */
void filled_add_written(struct pool *pool, struct filled *parent, const char *key, const struct yaml_node *node)
{
    static const struct param plain = {.key = "value", .type = PARAM_INTEGER};
    static const struct param quoted = {.key = "value", .type = PARAM_TEXT};
    const struct param *param = node->is_plain ? &plain : &quoted;
    struct filled *filled = filled_add(pool, parent, key, param, node->kind, node->place);
    filled->text = node->text;
    for (size_t i = 0; i < node->count; i++)
        filled_add_written(pool, filled, node->entries[i].key, node->entries[i].value);
}

/* Keys and their values, which sweep_read.c has read. */
static bool fill_values(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                        const struct where *where, const void **value, struct filled *parent)
{
    if (entry->value->kind != YAML_MAP) {
        report_shape(filler, param, entry, where);
        return false;
    }
    *value = entry->value;
    filled_add_written(filler->pool, parent, entry->key, entry->value);
    return true;
}

static bool is_nothing(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && node->is_plain && node->text[0] == '\0';
}

static bool fill_value(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                       const struct where *where, void *value, struct filled *parent)
{
    const struct yaml_node *node = entry->value;
    if (node->kind == YAML_BROKEN)
        return false;
    if (is_nothing(node)) {
        report_nothing(filler, param, entry, where);
        return false;
    }
    switch (param->type) {
    case PARAM_STRUCT:
    case PARAM_ONE_OF:
        return fill_map_value(filler, param, entry->key, NULL, entry, where, value, parent);
    case PARAM_LIST:
        return fill_list(filler, param, entry, where, value, parent);
    case PARAM_MAP:
        return fill_map(filler, param, entry, where, value, parent);
    case PARAM_VALUES:
        return fill_values(filler, param, entry, where, value, parent);
    default:
        break;
    }
    if (node->kind != YAML_SCALAR) {
        report_shape(filler, param, entry, where);
        return false;
    }
    return fill_scalar(filler, param, entry->key, node, where, value, parent);
}

/* A list's default: nothing, or scalars in brackets. */
static bool fill_list_default(const struct filler *filler, const struct param *param, const struct where *where,
                              struct param_list *list, struct filled *parent)
{
    struct filled *filled = filled_add(filler->pool, parent, param->key, param, YAML_LIST, (struct place){0});
    size_t length = strlen(param->by_default);
    if (length <= 2)
        return true;
    REQUIRE(param->by_default[0] == '[' && param->by_default[length - 1] == ']');
    char *inside = g_strndup(param->by_default + 1, length - 2);
    char **parts = g_strsplit(inside, ",", -1);
    size_t size = param_value_size(param->element);
    list->count = g_strv_length(parts);
    list->items = pool_allocate(filler->pool, size * list->count);
    bool is_fine = true;
    for (size_t i = 0; i < list->count; i++) {
        struct yaml_node *item = yaml_node_new(filler->pool, YAML_SCALAR, (struct place){0});
        item->text = pool_text(filler->pool, g_strstrip(parts[i]));
        is_fine =
            fill_scalar(filler, param->element, NULL, item, where, (char *)list->items + i * size, filled) && is_fine;
    }
    g_strfreev(parts);
    g_free(inside);
    return is_fine;
}

static bool fill_default(const struct filler *filler, const struct param *param, const struct where *where, void *value,
                         struct filled *parent)
{
    const struct place nowhere = {0};
    switch (param->type) {
    case PARAM_STRUCT: {
        struct filled *filled = filled_add(filler->pool, parent, param->key, param, YAML_MAP, nowhere);
        return fill_table(filler, &(struct table_use){.table = param->table}, NULL, where, value, filled);
    }
    case PARAM_ONE_OF: {
        const struct param_variant *variant = schema_variant_named(param, param->by_default);
        REQUIRE(variant);
        struct filled *filled = filled_add(filler->pool, parent, param->key, param, YAML_MAP, nowhere);
        return fill_variant(filler, param, variant, NULL, NULL, where, value, filled);
    }
    case PARAM_LIST:
        return fill_list_default(filler, param, where, value, parent);
    case PARAM_MAP:
        filled_add(filler->pool, parent, param->key, param, YAML_MAP, nowhere);
        return true;
    default:
        return fill_scalar_default(filler, param, where, value, parent);
    }
}

bool fill_by_default(const struct filler *filler, const struct param *param, struct filled *parent)
{
    struct where where = {.key = param->key};
    return fill_default(filler, param, &where, pool_allocate(filler->pool, param_value_size(param)), parent);
}

const struct filled *fill_root(const struct filler *filler, const struct yaml_node *tree, void *values)
{
    REQUIRE(!param_table_find(filler->root, SCHEMA_VERSION_KEY) && !param_table_find(filler->root, SCHEMA_EXTENDS_KEY));
    struct filled *filled = pool_allocate(filler->pool, sizeof *filled);
    filled->kind = YAML_MAP;
    struct where where = {.key = "", .place = tree->place};
    struct table_use use = {.table = filler->root};
    fill_table(filler, &use, tree, &where, values, filled);
    return filled;
}
