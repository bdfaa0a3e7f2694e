/* SPDX-License-Identifier: MIT */
#include "scenario/merge.h"

#include "scenario/schema.h"

#include <string.h>

/* The variant that the base of a PARAM_ONE_OF means. */
static const struct param_variant *base_variant(const struct merge *merge, const struct param *one_of,
                                                const struct yaml_node *base)
{
    const struct param_variant *variant = schema_variant(one_of, base, NULL);
    bool may_be_default = base && !merge->is_gathering && !yaml_find(base, one_of->discriminator);
    if (!variant && may_be_default && one_of->by_default)
        variant = schema_variant_named(one_of, one_of->by_default);
    return variant;
}

/* Whether the overlay turns the base into something of another kind. */
static bool changes_kind(const struct param *one_of, const struct param_variant *old, const struct yaml_node *base,
                         const struct yaml_node *overlay)
{
    const struct yaml_entry *before = yaml_find(base, one_of->discriminator);
    const struct yaml_entry *after = yaml_find(overlay, one_of->discriminator);
    const struct param_variant *chosen = schema_variant(one_of, overlay, old);
    if (old)
        return chosen != old && (chosen || after);
    return before && after && before->value->kind == YAML_SCALAR && after->value->kind == YAML_SCALAR &&
           strcmp(before->value->text, after->value->text) != 0;
}

static struct yaml_node *copy_shape(const struct merge *merge, const struct yaml_node *node)
{
    struct yaml_node *copy = yaml_node_new(merge->pool, node->kind, node->place);
    copy->addresses = node->addresses;
    copy->is_apart = node->is_apart;
    return copy;
}

static const struct yaml_node *merge_maps(const struct merge *merge, const struct param *param,
                                          const struct yaml_node *base, const struct yaml_node *overlay)
{
    bool chooses = param && param->type == PARAM_ONE_OF;
    const struct param_variant *old = chooses ? base_variant(merge, param, base) : NULL;
    bool is_sweep = param && param->type == PARAM_VALUES; /* of a key, a range is one thing */
    bool drops = chooses && base && changes_kind(param, old, base, overlay);
    const struct param_variant *variant = chooses ? schema_variant(param, overlay, old) : NULL;
    if (!variant && !drops)
        variant = old;

    /* What a --set path passes through on its way stays where it was written. */
    struct yaml_node *merged = copy_shape(merge, base && overlay->addresses ? base : overlay);
    for (size_t i = 0; base && i < base->count; i++) {
        struct yaml_entry entry = base->entries[i];
        if (drops && strcmp(entry.key, SCHEMA_NAME_KEY) != 0)
            continue;
        if (!yaml_find(overlay, entry.key))
            yaml_append(merge->pool, merged, entry);
    }
    for (size_t i = 0; i < overlay->count; i++) {
        struct yaml_entry entry = overlay->entries[i];
        const struct yaml_entry *inherited = drops ? NULL : yaml_find(base, entry.key);
        const struct param *child = param ? schema_child(param, variant, entry.key) : NULL;
        if (!is_sweep)
            entry.value = merge_trees(merge, child, inherited ? inherited->value : NULL, entry.value);
        if (inherited && overlay->entries[i].value->addresses)
            entry.key_place = inherited->key_place;
        yaml_append(merge->pool, merged, entry);
    }
    return merged;
}

/* The index of the item that an address means, by its name or its number; -1 where there is none. */
static int64_t find_item(const struct yaml_node *list, const char *address)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_entry *name = yaml_find(list->entries[i].value, SCHEMA_NAME_KEY);
        if (name && name->value->kind == YAML_SCALAR && strcmp(name->value->text, address) == 0)
            return (int64_t)i;
    }
    guint64 index;
    if (list->count && g_ascii_string_to_unsigned(address, 10, 0, list->count - 1, &index, NULL))
        return (int64_t)index;
    return -1;
}

static void report_no_item(const struct merge *merge, const struct yaml_node *list, const struct yaml_entry *address)
{
    struct diagnostic *diagnostic =
        diagnostics_add(merge->diagnostics, address->key_place, "the list has no item `%s`", address->key);
    if (!list || list->count == 0) {
        diagnostic_note(diagnostic, "the list is empty");
        return;
    }
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_entry *name = yaml_find(list->entries[i].value, SCHEMA_NAME_KEY);
        if (name && name->value->kind == YAML_SCALAR)
            g_ptr_array_add(names, (gpointer)name->value->text);
    }
    g_ptr_array_add(names, NULL);
    diagnostic_suggest(diagnostic, address->key, (const char *const *)names->pdata);
    char *joined = g_strjoinv(", ", (char **)names->pdata);
    if (list->count == 1)
        diagnostic_note(diagnostic, "allowed: 0%s%s", *joined ? ", or the name " : "", joined);
    else
        diagnostic_note(diagnostic, "allowed: 0 to %zu%s%s", list->count - 1, *joined ? ", or a name: " : "", joined);
    g_free(joined);
    g_ptr_array_unref(names);
}

/* Changes the items of a list that a --set addresses. */
static const struct yaml_node *merge_items(const struct merge *merge, const struct param *param,
                                           const struct yaml_node *base, const struct yaml_node *overlay)
{
    struct yaml_node *merged = yaml_node_new(merge->pool, YAML_LIST, base ? base->place : overlay->place);
    for (size_t i = 0; base && i < base->count; i++)
        yaml_append(merge->pool, merged, base->entries[i]);
    for (size_t i = 0; i < overlay->count; i++) {
        const struct yaml_entry *address = &overlay->entries[i];
        int64_t index = find_item(merged, address->key);
        if (index < 0) {
            report_no_item(merge, base, address);
            merged->kind = YAML_BROKEN;
            continue;
        }
        struct yaml_entry *item = &merged->entries[index];
        item->value = merge_trees(merge, param ? param->element : NULL, item->value, address->value);
    }
    return merged;
}

const struct yaml_node *merge_trees(const struct merge *merge, const struct param *param, const struct yaml_node *base,
                                    const struct yaml_node *overlay)
{
    if (overlay->kind != YAML_MAP || (base && base->kind == YAML_BROKEN))
        return overlay;
    bool is_list = (base && base->kind == YAML_LIST) || (!base && param && param->type == PARAM_LIST);
    if (overlay->addresses && is_list && (base || !merge->is_gathering))
        return merge_items(merge, param, base, overlay);
    return merge_maps(merge, param, base && base->kind == YAML_MAP ? base : NULL, overlay);
}
