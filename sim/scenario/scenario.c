/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

#include "base/assert.h"
#include "scenario/load.h"
#include "scenario/merge.h"
#include "scenario/override.h"
#include "scenario/resolved.h"
#include "scenario/scenario_parts.h"
#include "scenario/schema.h"
#include "scenario/sweep_read.h"
#include "scenario/sweep_resolved.h"

#include <string.h>

static const struct source *open_source(struct loader *loader, const struct scenario_source *source)
{
    if (source->path) {
        char *path = g_canonicalize_filename(source->path, NULL);
        struct source *asked = source_new(loader->pool, source->path, "", NULL, "", 0);
        const struct source *opened = load_source(loader, source->path, path, (struct place){.source = asked});
        g_free(path);
        return opened;
    }
    char *folder = g_canonicalize_filename(source->folder ? source->folder : ".", NULL);
    const char *name = source->name ? source->name : "scenario";
    struct source *opened = source_new(loader->pool, name, folder, NULL, source->text, strlen(source->text));
    g_free(folder);
    return opened;
}

/* The tree of files with the overrides over it; NULL where there is nothing to fill from. */
static const struct yaml_node *merged_tree(struct loader *loader, const struct source *opened,
                                           const struct yaml_node *overrides)
{
    const struct yaml_node *tree = load_tree(loader, opened);
    if (!tree || !overrides)
        return tree;
    struct merge merge = {.pool = loader->pool, .diagnostics = loader->diagnostics};
    struct param root = schema_root(loader->root);
    return merge_trees(&merge, &root, tree, overrides);
}

const struct yaml_node *scenario_replace(struct pool *pool, const struct yaml_node *tree, const char *key,
                                         const struct yaml_node *value)
{
    struct yaml_node *copy = yaml_node_new(pool, tree->kind, tree->place);
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->entries[i].key, key) != 0)
            yaml_append(pool, copy, tree->entries[i]);
    if (value)
        yaml_append(pool, copy, (struct yaml_entry){.key = key, .key_place = value->place, .value = value});
    return copy;
}

/* What a sweep over presets needs: the whole tree again, over another one. */
struct extending {
    const struct loader *loader;
    const struct source *opened;
    const struct yaml_node *overrides;
};

static const struct yaml_node *extend(void *user, const struct yaml_node *reference)
{
    const struct extending *extending = user;
    struct loader loader = *extending->loader;
    loader.extends_instead = reference;
    const struct yaml_node *tree = merged_tree(&loader, extending->opened, extending->overrides);
    return loader.is_partial ? NULL : tree;
}

static struct sweep_reading read_sweep(struct loader *loader, const struct scenario_source *source,
                                       const struct source *opened, const struct yaml_node *overrides,
                                       const struct yaml_node *tree, const char *folder)
{
    struct extending extending = {.loader = loader, .opened = opened, .overrides = overrides};
    struct sweep_source wanted = {
        .pool = loader->pool,
        .root = loader->root,
        .tree = tree,
        .overrides = overrides,
        .added = source->sweeps,
        .only = source->only,
        .folder = folder,
        .diagnostics = loader->diagnostics,
        .extend = extend,
        .user = &extending,
    };
    return sweep_read(&wanted);
}

void scenario_fill(struct scenario *scenario, const struct yaml_node *tree, bool is_partial,
                   struct diagnostics *diagnostics)
{
    struct filler filler = {
        .pool = &scenario->pool,
        .root = scenario->root,
        .presets = scenario->presets,
        .diagnostics = diagnostics,
        .inputs = scenario->inputs,
        .is_partial = is_partial,
    };
    scenario->values = pool_allocate(&scenario->pool, scenario->root->size);
    scenario->filled = fill_root(&filler, tree, scenario->values);
}

/* Fills the first point and, where that went wrong, tells what is wrong with other values too. */
static void fill_first(struct scenario *scenario, bool is_partial, struct diagnostics *diagnostics)
{
    enum { MOST_VALUES = 1000 };
    size_t before = diagnostics_count(diagnostics);
    scenario_fill_point(scenario, scenario, scenario->sweep->first, is_partial, diagnostics);
    if (is_partial || diagnostics_count(diagnostics) == before)
        return;
    scenario_tidy_inputs(scenario);
    scenario_check_values(scenario, MOST_VALUES, diagnostics);
}

/* Fills the scenario; the diagnostics tell whether that went well. */
static void load(struct scenario *scenario, const struct scenario_source *source, struct diagnostics *diagnostics)
{
    struct loader loader = {
        .pool = &scenario->pool,
        .root = scenario->root,
        .presets = source->presets,
        .diagnostics = diagnostics,
        .inputs = scenario->inputs,
    };
    size_t before = diagnostics_count(diagnostics);
    const char *folder = pool_take(loader.pool, g_get_current_dir());
    const struct source *opened = open_source(&loader, source);
    const struct yaml_node *overrides =
        override_parse(loader.pool, loader.root, source->overrides, folder, diagnostics);
    const struct yaml_node *tree = opened ? merged_tree(&loader, opened, overrides) : NULL;
    if (!tree)
        return;
    struct sweep_reading reading = {.first = tree};
    if (!loader.is_partial)
        reading = read_sweep(&loader, source, opened, overrides, tree, folder);
    scenario->tree = tree;
    scenario->sweep = reading.sweep;
    bool is_partial = loader.is_partial || diagnostics_count(diagnostics) > before;
    if (!scenario->sweep) {
        scenario_fill(scenario, reading.first, is_partial, diagnostics);
        return;
    }
    scenario->tree = scenario_replace(loader.pool, tree, SCHEMA_SWEEP_KEY, scenario->sweep->written);
    fill_first(scenario, is_partial, diagnostics);
}

void scenario_tidy_inputs(struct scenario *scenario)
{
    GPtrArray *once = g_ptr_array_new();
    for (guint i = 0; i < scenario->inputs->len; i++) {
        if (!g_ptr_array_find_with_equal_func(once, scenario->inputs->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(once, scenario->inputs->pdata[i]);
    }
    g_ptr_array_add(once, NULL);
    g_ptr_array_unref(scenario->inputs);
    scenario->inputs = once;
}

struct scenario *scenario_new(const struct param_table *root, const char *presets)
{
    struct scenario *scenario = g_new0(struct scenario, 1);
    pool_init(&scenario->pool);
    scenario->root = root;
    scenario->presets = g_strdup(presets);
    scenario->inputs = g_ptr_array_new();
    return scenario;
}

bool scenario_load(const struct scenario_source *source, const struct param_table *root, struct scenario **out,
                   struct diagnostics *diagnostics)
{
    REQUIRE(!source->path != !source->text);
    struct scenario *scenario = scenario_new(root, source->presets);
    size_t before = diagnostics_count(diagnostics);
    load(scenario, source, diagnostics);
    *out = NULL;
    if (diagnostics_count(diagnostics) > before) {
        scenario_free(scenario);
        return false;
    }
    scenario_tidy_inputs(scenario);
    *out = scenario;
    return true;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    pool_release(&scenario->pool);
    g_ptr_array_unref(scenario->inputs);
    g_free(scenario->presets);
    g_free(scenario);
}

const void *scenario_values(const struct scenario *scenario)
{
    return scenario->values;
}

const char *const *scenario_inputs(const struct scenario *scenario)
{
    return (const char *const *)scenario->inputs->pdata;
}

void scenario_write_resolved(const struct scenario *scenario, GString *out)
{
    struct pool pool;
    pool_init(&pool);
    const struct filled *filled = scenario->filled;
    if (scenario->sweep)
        filled = sweep_resolved(scenario->sweep, scenario->root, scenario->tree, filled, &pool);
    resolved_print(filled, out);
    pool_release(&pool);
}

void scenario_write_world(const struct scenario *scenario, GString *out)
{
    resolved_print_world(scenario->filled, out);
}

void scenario_write_origins(const struct scenario *scenario, GString *out)
{
    resolved_print_origins(scenario->filled, out);
}
