/* SPDX-License-Identifier: MIT */
#include "scenario/schema.h"
#include "scenario/sweep_parts.h"
#include "scenario/sweep_path.h"
#include "scenario/sweep_value.h"

#include <string.h>

/* The values of a key, with labels that stay as they are and paths that lead from anywhere. */
static const struct yaml_node *write_values(const struct sweep_draft *draft, size_t k)
{
    struct pool *pool = draft->source->pool;
    const struct sweep_key *key = &draft->sweep->keys[k];
    struct param all = schema_root(draft->source->root);
    const struct param *param = sweep_is_extends(key) ? &all : draft->params[k];
    if (draft->given[k]->kind != YAML_LIST)
        return draft->given[k];
    struct yaml_node *list = yaml_node_new(pool, YAML_LIST, draft->given[k]->place);
    for (size_t i = 0; i < key->count; i++) {
        const struct yaml_node *value = sweep_value_absolute(pool, param, key->values[i].node);
        if (value->kind == YAML_MAP)
            value = sweep_value_labelled(pool, value, key->values[i].label);
        yaml_append(pool, list, (struct yaml_entry){.value = value});
    }
    return list;
}

static void write_keys(const struct sweep_draft *draft, struct yaml_node *all, const char *part, bool zipped)
{
    struct pool *pool = draft->source->pool;
    struct yaml_node *map = yaml_node_new(pool, YAML_MAP, all->place);
    for (size_t k = 0; k < draft->sweep->key_count; k++) {
        const struct sweep_key *key = &draft->sweep->keys[k];
        struct yaml_entry entry = {.key = key->path, .key_place = key->place};
        if (draft->zipped[k] != zipped)
            continue;
        entry.value = write_values(draft, k);
        yaml_append(pool, map, entry);
    }
    if (map->count)
        yaml_append(pool, all, (struct yaml_entry){.key = part, .key_place = all->place, .value = map});
}

static void write_condition(const struct sweep_draft *draft, struct yaml_node *all)
{
    struct pool *pool = draft->source->pool;
    const struct yaml_node *where = sweep_where_node(draft);
    if (!where && !draft->only)
        return;
    struct yaml_node *text = yaml_node_new(pool, YAML_SCALAR, where ? where->place : all->place);
    text->text = draft->only ? draft->only : where->text;
    yaml_append(pool, all, (struct yaml_entry){.key = SWEEP_WHERE_KEY, .key_place = all->place, .value = text});
}

/* What a sweep does not have stays, so that it is refused when the scenario is filled. */
static void write_rest(const struct sweep_draft *draft, struct yaml_node *all)
{
    for (size_t i = 0; draft->node && i < draft->node->count; i++) {
        const struct yaml_entry *entry = &draft->node->entries[i];
        bool is_written = strcmp(entry->key, SWEEP_GRID_KEY) == 0 || strcmp(entry->key, SWEEP_ZIP_KEY) == 0 ||
                          (strcmp(entry->key, SWEEP_WHERE_KEY) == 0 && sweep_where_node(draft));
        if (!is_written)
            yaml_append(draft->source->pool, all, *entry);
    }
}

/* Whether a key chooses, or is what makes one think of, a kind: then all that stands beside it changes with it. */
static bool changes_kind(const struct sweep_path *walked)
{
    const struct param *around = walked->around;
    if (!around || around->type != PARAM_ONE_OF)
        return false;
    bool changes = strcmp(walked->key, around->discriminator) == 0;
    for (size_t i = 0; i < around->variants->count && !changes; i++)
        changes = g_strcmp0(around->variants->list[i].implied_by, walked->key) == 0;
    return changes;
}

static bool has_map(const struct sweep_key *key)
{
    bool found = false;
    for (size_t i = 0; i < key->count && !found; i++)
        found = key->values[i].node->kind == YAML_MAP;
    return found;
}

/* The path where what was given must stay as it was, for other points need it without this key's first value. */
static const char *path_as_given(const struct sweep_draft *draft, const struct sweep_key *key)
{
    struct sweep_path walked = sweep_path_walk(draft->source->root, draft->source->tree, key->path);
    if (sweep_is_extends(key))
        return "";
    if (changes_kind(&walked))
        return pool_bytes(draft->source->pool, key->path, (size_t)(walked.key - key->path) - 1);
    return has_map(key) ? key->path : NULL;
}

void sweep_write(struct sweep_draft *draft)
{
    struct sweep *sweep = draft->sweep;
    struct pool *pool = draft->source->pool;
    struct place place = draft->node ? draft->node->place : draft->source->tree->place;
    struct yaml_node *all = yaml_node_new(pool, YAML_MAP, place);
    write_keys(draft, all, SWEEP_GRID_KEY, false);
    write_keys(draft, all, SWEEP_ZIP_KEY, true);
    write_condition(draft, all);
    write_rest(draft, all);
    sweep->written = all;

    const char **paths = pool_allocate(pool, (sweep->key_count + 1) * sizeof *paths);
    size_t count = 0;
    for (size_t k = 0; k < sweep->key_count; k++) {
        paths[count] = path_as_given(draft, &sweep->keys[k]);
        count += paths[count] != NULL;
    }
    sweep->as_given = paths;
}
