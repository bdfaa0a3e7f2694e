/* SPDX-License-Identifier: MIT */
#include "scenario/schema.h"

#include <string.h>

struct param schema_root(const struct param_table *root)
{
    return (struct param){
        .key = root->name,
        .type = PARAM_STRUCT,
        .by_default = "",
        .meaning = root->meaning,
        .table = root,
    };
}

const struct param_variant *schema_variant_named(const struct param *one_of, const char *name)
{
    for (size_t i = 0; i < one_of->variants->count; i++) {
        if (strcmp(one_of->variants->list[i].name, name) == 0)
            return &one_of->variants->list[i];
    }
    return NULL;
}

const struct param *schema_variant_param(const struct param_variant *variant, const char *key)
{
    return variant && variant->table ? param_table_find(variant->table, key) : NULL;
}

const struct param_variant *schema_variant(const struct param *one_of, const struct yaml_node *map,
                                           const struct param_variant *inherited)
{
    const struct yaml_entry *chosen = yaml_find(map, one_of->discriminator);
    if (chosen)
        return chosen->value->kind == YAML_SCALAR ? schema_variant_named(one_of, chosen->value->text) : NULL;
    for (size_t i = 0; i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        const char *key = variant->implied_by;
        if (key && yaml_find(map, key) && !schema_variant_param(inherited, key))
            return variant;
    }
    return NULL;
}

const struct param *schema_child(const struct param *param, const struct param_variant *variant, const char *key)
{
    switch (param->type) {
    case PARAM_STRUCT:
        return param_table_find(param->table, key);
    case PARAM_MAP:
        return param->element;
    case PARAM_ONE_OF:
        return schema_variant_param(variant, key);
    default:
        return NULL;
    }
}
