/* SPDX-License-Identifier: MIT */
/*
 * --set and a sweep: around a swept key it changes what is swept in, within one it changes each of its values, and on
 * one it would change nothing, so it is refused.
 */
#include "scenario/merge.h"
#include "scenario/schema.h"
#include "scenario/sweep_parts.h"
#include "scenario/sweep_path.h"

#include <string.h>

/* What lies around. */

static void collect_keys(const struct yaml_node *tree, GPtrArray *paths)
{
    static const char *const parts[] = {SWEEP_GRID_KEY, SWEEP_ZIP_KEY};
    const struct yaml_entry *sweep = yaml_find(tree, SCHEMA_SWEEP_KEY);
    for (size_t i = 0; sweep && i < G_N_ELEMENTS(parts); i++) {
        const struct yaml_entry *part = yaml_find(sweep->value, parts[i]);
        for (size_t k = 0; part && part->value->kind == YAML_MAP && k < part->value->count; k++)
            g_ptr_array_add(paths, g_strdup(part->value->entries[k].key));
    }
}

/* Whether a swept path is this one; and whether one leads through it. */
static bool is_swept(const GPtrArray *paths, const char *path, bool *leads_on)
{
    bool found = false;
    size_t length = strlen(path);
    *leads_on = false;
    for (guint i = 0; i < paths->len; i++) {
        const char *swept = paths->pdata[i];
        found |= strcmp(swept, path) == 0;
        *leads_on |= strncmp(swept, path, length) == 0 && swept[length] == '.';
    }
    return found;
}

static const struct yaml_node *prune(struct pool *pool, const struct yaml_node *map, const GPtrArray *paths,
                                     const char *outer)
{
    struct yaml_node *pruned = yaml_node_new(pool, YAML_MAP, map->place);
    pruned->addresses = map->addresses;
    for (size_t i = 0; i < map->count; i++) {
        struct yaml_entry entry = map->entries[i];
        char *path = g_strconcat(outer, *outer ? "." : "", entry.key, NULL);
        bool leads_on, ends = is_swept(paths, path, &leads_on);
        if (leads_on && entry.value->kind == YAML_MAP)
            entry.value = prune(pool, entry.value, paths, path);
        if (!ends)
            yaml_append(pool, pruned, entry);
        g_free(path);
    }
    return pruned;
}

const struct yaml_node *sweep_overrides_around(struct pool *pool, const struct yaml_node *tree,
                                               const char *const *added, const struct yaml_node *overrides)
{
    if (!overrides)
        return NULL;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    collect_keys(tree, paths);
    collect_keys(overrides, paths);
    for (; added && *added; added++)
        g_ptr_array_add(paths, g_strndup(*added, strcspn(*added, "=")));
    const struct yaml_node *around = prune(pool, overrides, paths, "");
    g_ptr_array_unref(paths);
    return around;
}

/* What lies within. */

/* The entry that an override has for a path, itself or within a map; NULL where it has none. */
static const struct yaml_entry *find_override(const struct yaml_node *overrides, const char *path)
{
    char **keys = g_strsplit(path, ".", -1);
    const struct yaml_entry *entry = yaml_find(overrides, keys[0]);
    for (char **key = keys + 1; entry && *key; key++)
        entry = yaml_find(entry->value, *key);
    g_strfreev(keys);
    return entry;
}

static void override_values(struct sweep_draft *draft, size_t k, const struct yaml_node *within)
{
    const struct sweep_source *source = draft->source;
    struct merge merge = {.pool = source->pool, .diagnostics = source->diagnostics, .is_gathering = true};
    const struct param *param = sweep_path_walk(source->root, source->tree, draft->sweep->keys[k].path).param;
    const struct yaml_node *given = draft->given[k];
    struct yaml_node *list = yaml_node_new(source->pool, YAML_LIST, given->place);
    for (size_t i = 0; i < given->count; i++) {
        const struct yaml_node *value = merge_trees(&merge, param, given->entries[i].value, within);
        draft->is_broken |= value->kind == YAML_BROKEN;
        yaml_append(source->pool, list, (struct yaml_entry){.value = value});
    }
    draft->given[k] = list;
}

/* Whether all values have something within. */
static bool have_parts(const struct yaml_node *given)
{
    size_t i = 0;
    while (given->kind == YAML_LIST && i < given->count && given->entries[i].value->kind != YAML_SCALAR)
        i++;
    return given->kind == YAML_LIST && i == given->count;
}

void sweep_override(struct sweep_draft *draft, size_t k)
{
    const struct sweep_key *key = &draft->sweep->keys[k];
    if (!draft->given[k])
        return;
    const struct yaml_entry *set = find_override(draft->source->overrides, key->path);
    if (!set)
        return;
    if (set->value->addresses && have_parts(draft->given[k])) {
        override_values(draft, k, set->value);
        return;
    }
    struct diagnostic *diagnostic =
        sweep_complain(draft, set->key_place, "`%s` is swept: --set cannot change it", key->path);
    diagnostic_note(diagnostic, "--sweep %s=VALUE,VALUE replaces the values; --only chooses among them", key->path);
}
