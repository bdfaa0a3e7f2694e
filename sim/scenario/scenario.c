/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

#include "base/assert.h"
#include "scenario/changed.h"
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

/* A tree (may be NULL) with overrides (may be NULL) over it. */
static const struct yaml_node *override_tree(const struct loader *loader, const struct yaml_node *tree,
                                             const struct yaml_node *overrides)
{
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

/* What is being loaded. */
struct loading {
    struct loader loader;
    const struct scenario_source *source;
    const struct source *opened;
    const struct yaml_node *overrides; /* all --set; NULL: none */
    const struct yaml_node *around;    /* those that no sweep has to do with */
};

/* What a sweep over presets needs: the whole tree again, over another one. */
static const struct yaml_node *extend(void *user, const struct yaml_node *reference)
{
    const struct loading *loading = user;
    struct loader loader = loading->loader;
    loader.extends_instead = reference;
    const struct yaml_node *tree = override_tree(&loader, load_tree(&loader, loading->opened), loading->around);
    return loader.is_partial ? NULL : tree;
}

static struct sweep_reading read_sweep(struct loading *loading, const struct yaml_node *tree, const char *folder)
{
    if (loading->loader.is_partial)
        return (struct sweep_reading){.first = tree};
    struct sweep_source wanted = {
        .pool = loading->loader.pool,
        .root = loading->loader.root,
        .tree = tree,
        .overrides = loading->overrides,
        .added = loading->source->sweeps,
        .only = loading->source->only,
        .folder = folder,
        .diagnostics = loading->loader.diagnostics,
        .extend = extend,
        .user = loading,
    };
    return sweep_read(&wanted);
}

/* The files, the overrides and the sweep, read; `first` is NULL where there is nothing to fill from. */
static struct sweep_reading read_all(struct loading *loading, const struct yaml_node **tree)
{
    struct loader *loader = &loading->loader;
    const char *const *sweeps = loading->source->sweeps;
    const char *folder = pool_take(loader->pool, g_get_current_dir());
    loading->opened = open_source(loader, loading->source);
    *tree = loading->opened ? load_tree(loader, loading->opened) : NULL;
    loading->overrides =
        override_parse(loader->pool, loader->root, loading->source->overrides, folder, loader->diagnostics);
    loading->around = sweep_overrides_around(loader->pool, *tree, sweeps, loading->overrides);
    *tree = override_tree(loader, *tree, loading->around);
    return *tree ? read_sweep(loading, *tree, folder) : (struct sweep_reading){0};
}

void scenario_fill(struct scenario *scenario, const struct yaml_node *tree, bool is_partial,
                   struct diagnostics *diagnostics)
{
    struct filler filler = {
        .pool = &scenario->pool,
        .root = scenario->root,
        .presets = scenario->presets,
        .moved = scenario->moved,
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
    struct loading loading = {
        .loader =
            {
                .pool = &scenario->pool,
                .root = scenario->root,
                .presets = source->presets,
                .diagnostics = diagnostics,
                .inputs = scenario->inputs,
            },
        .source = source,
    };
    size_t before = diagnostics_count(diagnostics);
    struct sweep_reading reading = read_all(&loading, &scenario->tree);
    bool is_partial = loading.loader.is_partial || diagnostics_count(diagnostics) > before;
    scenario->sweep = reading.sweep;
    if (scenario->sweep) {
        scenario->tree = scenario_replace(&scenario->pool, scenario->tree, SCHEMA_SWEEP_KEY, scenario->sweep->written);
        fill_first(scenario, is_partial, diagnostics);
    } else if (reading.first) {
        scenario_fill(scenario, reading.first, is_partial, diagnostics);
        REQUIRE(!reading.is_broken || diagnostics_count(diagnostics) > before);
    }
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

struct scenario *scenario_new(const struct param_table *root, const char *presets, GHashTable *moved)
{
    struct scenario *scenario = g_new0(struct scenario, 1);
    pool_init(&scenario->pool);
    scenario->root = root;
    scenario->presets = g_strdup(presets);
    scenario->moved = moved ? g_hash_table_ref(moved) : NULL;
    scenario->inputs = g_ptr_array_new();
    return scenario;
}

bool scenario_load(const struct scenario_source *source, const struct param_table *root, struct scenario **out,
                   struct diagnostics *diagnostics)
{
    REQUIRE(!source->path != !source->text);
    struct scenario *scenario = scenario_new(root, source->presets, source->moved);
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
    if (scenario->moved)
        g_hash_table_unref(scenario->moved);
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

const char *scenario_input_place(const struct scenario *scenario, const char *input)
{
    const char *place = scenario->moved ? g_hash_table_lookup(scenario->moved, input) : NULL;
    return place ? place : input;
}

/* What is written down of a scenario: of one with a sweep, as sweep_resolved.h says. */
static const struct filled *written_down(const struct scenario *scenario, struct pool *pool)
{
    if (!scenario->sweep)
        return scenario->filled;
    return sweep_resolved(scenario->sweep, scenario->root, scenario->tree, scenario->filled, pool);
}

void scenario_write_resolved(const struct scenario *scenario, GString *out)
{
    struct pool pool;
    pool_init(&pool);
    resolved_print(written_down(scenario, &pool), out);
    pool_release(&pool);
}

void scenario_write_changed(const struct scenario *scenario, GString *out)
{
    struct pool pool;
    struct diagnostics diagnostics;
    GPtrArray *inputs = g_ptr_array_new();
    pool_init(&pool);
    diagnostics_init(&diagnostics);
    struct filler filler = {
        .pool = &pool,
        .root = scenario->root,
        .presets = scenario->presets,
        .moved = scenario->moved,
        .diagnostics = &diagnostics,
        .inputs = inputs,
    };
    resolved_print(changed_parts(&filler, written_down(scenario, &pool)), out);
    diagnostics_release(&diagnostics);
    g_ptr_array_unref(inputs);
    pool_release(&pool);
}

void scenario_write_values(const struct scenario *scenario, GString *out)
{
    struct pool pool;
    pool_init(&pool);
    resolved_print_values(written_down(scenario, &pool), out);
    pool_release(&pool);
}

void scenario_write_world(const struct scenario *scenario, GString *out)
{
    resolved_print_world(scenario->filled, out);
}

char *scenario_place(const struct scenario *scenario, const char *key)
{
    return resolved_place(scenario->filled, key);
}

void scenario_write_origins(const struct scenario *scenario, GString *out)
{
    resolved_print_origins(scenario->filled, out);
}
