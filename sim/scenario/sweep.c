/* SPDX-License-Identifier: MIT */
#include "scenario/sweep.h"

#include "scenario/merge.h"
#include "scenario/override.h"
#include "scenario/schema.h"

#include <string.h>

static const struct param sweep_params[] = {
    {.key = "grid",
     .type = PARAM_VALUES,
     .offset = offsetof(struct sweep_settings, grid),
     .optional = true,
     .meaning = "keys and the values of each; every combination is a point"},
    {.key = "zip",
     .type = PARAM_VALUES,
     .offset = offsetof(struct sweep_settings, zip),
     .optional = true,
     .meaning = "keys whose values change together, the first with the first; lists of one length"},
    {.key = "where",
     .type = PARAM_TEXT,
     .offset = offsetof(struct sweep_settings, where),
     .optional = true,
     .meaning = "which combinations count, such as `adversary.stake < 1/3 and protocol.slot >= 4 s`"},
};
const struct param_table sweep_table =
    PARAM_TABLE("sweep", "the values that are tried, in all combinations", struct sweep_settings, sweep_params);

bool sweep_is_extends(const struct sweep_key *key)
{
    return strcmp(key->path, SCHEMA_EXTENDS_KEY) == 0;
}

/* Places. */

uint64_t sweep_index(const struct sweep *sweep, size_t axis, uint64_t place)
{
    return place / sweep->axes[axis].step % sweep->axes[axis].length;
}

const struct sweep_value *sweep_value_at(const struct sweep *sweep, const struct sweep_key *key, uint64_t place)
{
    return &key->values[sweep_index(sweep, key->axis, place)];
}

/* A place of which the first axes are known. */
struct prefix {
    const struct sweep *sweep;
    uint64_t place;
    size_t axes;
};

static const struct typed_value *typed_at(void *user, size_t key)
{
    const struct prefix *prefix = user;
    const struct sweep_key *asked = &prefix->sweep->keys[key];
    return asked->axis < prefix->axes ? &sweep_value_at(prefix->sweep, asked, prefix->place)->typed : NULL;
}

static bool is_out(const struct sweep *sweep, uint64_t place, size_t axes)
{
    struct prefix prefix = {.sweep = sweep, .place = place, .axes = axes};
    return sweep->where && condition_decide(sweep->where, typed_at, &prefix) == TRUTH_NO;
}

bool sweep_has(const struct sweep *sweep, uint64_t place)
{
    return !is_out(sweep, place, sweep->axis_count);
}

uint64_t sweep_next(const struct sweep *sweep, uint64_t from, uint64_t tries)
{
    uint64_t place = from;
    for (; tries > 0 && place < sweep->places && !sweep_has(sweep, place); tries--) {
        size_t axes = sweep->axis_count;
        while (axes > 0 && is_out(sweep, place, axes - 1))
            axes--;
        uint64_t step = axes ? sweep->axes[axes - 1].step : sweep->places;
        place = (place / step + 1) * step;
    }
    return place;
}

/* Trees. */

/* The parts of the scenario that are the same for all points, and all else from a value of `extends`. */
static const struct yaml_node *lay_whole(const struct param_table *root, const struct yaml_node *tree,
                                         const struct yaml_node *value, struct pool *pool)
{
    struct yaml_node *laid = yaml_node_new(pool, YAML_MAP, tree->place);
    for (size_t i = 0; i < tree->count; i++) {
        const struct param *param = param_table_find(root, tree->entries[i].key);
        if (param && param->of_experiment)
            yaml_append(pool, laid, tree->entries[i]);
    }
    for (size_t i = 0; i < value->count; i++)
        yaml_append(pool, laid, value->entries[i]);
    return laid;
}

const struct yaml_node *sweep_lay_value(const struct param_table *root, const struct yaml_node *tree,
                                        const struct sweep_key *key, const struct yaml_node *value, struct pool *pool,
                                        struct diagnostics *diagnostics)
{
    if (sweep_is_extends(key))
        return lay_whole(root, tree, value, pool);
    struct merge merge = {.pool = pool, .diagnostics = diagnostics};
    struct param all = schema_root(root);
    return merge_trees(&merge, &all, tree, override_wrap(pool, key->path, strlen(key->path), key->place, value));
}

const struct yaml_node *sweep_lay(const struct sweep *sweep, uint64_t place, const struct param_table *root,
                                  const struct yaml_node *tree, struct pool *pool, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < sweep->key_count; i++) {
        const struct sweep_key *key = &sweep->keys[sweep->laying[i]];
        tree = sweep_lay_value(root, tree, key, sweep_value_at(sweep, key, place)->node, pool, diagnostics);
    }
    return tree;
}
