/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_path.h"

#include "scenario/schema.h"

#include <string.h>

size_t sweep_path_depth(const char *path)
{
    size_t depth = 1;
    for (; *path; path++)
        depth += *path == '.';
    return depth;
}

size_t sweep_path_item(const struct yaml_node *list, const char *address)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_entry *name = yaml_find(list->entries[i].value, SCHEMA_NAME_KEY);
        if (name && name->value->kind == YAML_SCALAR && strcmp(name->value->text, address) == 0)
            return i;
    }
    guint64 index;
    bool is_number = list->count && g_ascii_string_to_unsigned(address, 10, 0, list->count - 1, &index, NULL);
    return is_number ? (size_t)index : SIZE_MAX;
}

/* The variant of a PARAM_ONE_OF that a map (NULL: nothing) means, its default included. */
static const struct param_variant *variant_of(const struct param *one_of, const struct yaml_node *map)
{
    const struct param_variant *variant = schema_variant(one_of, map, NULL);
    bool by_default = !variant && one_of->by_default && !yaml_find(map, one_of->discriminator);
    return by_default ? schema_variant_named(one_of, one_of->by_default) : variant;
}

static const struct yaml_node *node_of(const struct yaml_node *node, const char *key)
{
    if (node && node->kind == YAML_LIST) {
        size_t item = sweep_path_item(node, key);
        return item == SIZE_MAX ? NULL : node->entries[item].value;
    }
    const struct yaml_entry *entry = yaml_find(node, key);
    return entry ? entry->value : NULL;
}

/* What chooses a variant is a name. */
static const struct param discriminator = {.key = "kind", .type = PARAM_TEXT};

const struct param *sweep_path_step(const struct param *param, const struct yaml_node **node, const char *key)
{
    const struct yaml_node *from = *node;
    *node = node_of(from, key);
    if (param->type == PARAM_LIST)
        return param->element;
    if (param->type != PARAM_ONE_OF)
        return schema_child(param, NULL, key);
    return strcmp(key, param->discriminator) == 0 ? &discriminator : schema_child(param, variant_of(param, from), key);
}

struct sweep_path sweep_path_walk(const struct param_table *root, const struct yaml_node *tree, const char *path)
{
    struct param whole = schema_root(root);
    struct sweep_path walked = {.param = &whole, .node = tree, .key = path};
    char **keys = g_strsplit(path, ".", -1);
    for (char **key = keys; *key && walked.param; key++) {
        walked.around = walked.param == &whole ? NULL : walked.param;
        walked.param = sweep_path_step(walked.param, &walked.node, *key);
    }
    g_strfreev(keys);
    const char *dot = strrchr(path, '.');
    walked.key = dot ? dot + 1 : path;
    return walked;
}
