/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

#include "base/assert.h"
#include "scenario/fill.h"
#include "scenario/load.h"
#include "scenario/merge.h"
#include "scenario/override.h"
#include "scenario/resolved.h"
#include "scenario/schema.h"

#include <string.h>

struct scenario {
    struct pool pool;
    GPtrArray *inputs;
    const struct filled *filled;
    void *values;
};

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

/* The tree of files and overrides together; NULL where there is nothing to fill from. */
static const struct yaml_node *merged_tree(struct loader *loader, const struct source *opened,
                                           const char *const *overrides)
{
    const struct yaml_node *tree = load_tree(loader, opened);
    char *folder = g_get_current_dir();
    const struct yaml_node *overlay =
        override_parse(loader->pool, loader->root, overrides, folder, loader->diagnostics);
    g_free(folder);
    if (!tree || !overlay)
        return tree;
    struct merge merge = {.pool = loader->pool, .diagnostics = loader->diagnostics};
    struct param root = schema_root(loader->root);
    return merge_trees(&merge, &root, tree, overlay);
}

/* Fills the scenario; the diagnostics tell whether that went well. */
static void load(struct scenario *scenario, const struct scenario_source *source, const struct param_table *root,
                 struct diagnostics *diagnostics)
{
    struct loader loader = {
        .pool = &scenario->pool,
        .root = root,
        .presets = source->presets,
        .diagnostics = diagnostics,
        .inputs = scenario->inputs,
    };
    const struct source *opened = open_source(&loader, source);
    const struct yaml_node *tree = opened ? merged_tree(&loader, opened, source->overrides) : NULL;
    if (!tree)
        return;

    struct filler filler = {
        .pool = &scenario->pool,
        .root = root,
        .presets = source->presets,
        .diagnostics = diagnostics,
        .inputs = scenario->inputs,
        .is_partial = loader.is_partial,
    };
    scenario->values = pool_allocate(&scenario->pool, root->size);
    scenario->filled = fill_root(&filler, tree, scenario->values);
}

/* Files without repetitions, as a list that ends with NULL. */
static void tidy_inputs(struct scenario *scenario)
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

bool scenario_load(const struct scenario_source *source, const struct param_table *root, struct scenario **out,
                   struct diagnostics *diagnostics)
{
    REQUIRE(!source->path != !source->text);
    struct scenario *scenario = g_new0(struct scenario, 1);
    pool_init(&scenario->pool);
    scenario->inputs = g_ptr_array_new();
    size_t before = diagnostics_count(diagnostics);
    load(scenario, source, root, diagnostics);
    *out = NULL;
    if (diagnostics_count(diagnostics) > before) {
        scenario_free(scenario);
        return false;
    }
    tidy_inputs(scenario);
    *out = scenario;
    return true;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    pool_release(&scenario->pool);
    g_ptr_array_unref(scenario->inputs);
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
    resolved_print(scenario->filled, out);
}

void scenario_write_origins(const struct scenario *scenario, GString *out)
{
    resolved_print_origins(scenario->filled, out);
}
