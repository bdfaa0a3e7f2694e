/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

#include "base/assert.h"
#include "scenario/fill.h"
#include "scenario/load.h"
#include "scenario/merge.h"
#include "scenario/override.h"
#include "scenario/resolved.h"
#include "scenario/schema.h"
#include "scenario/sweep.h"

#include <string.h>

struct scenario {
    struct pool pool;
    const struct param_table *root;
    char *presets; /* NULL where a scenario has none, or is one point of another */
    GPtrArray *inputs;
    const struct yaml_node *tree; /* without what is swept; the sweep as it is written down */
    const struct sweep *sweep;    /* NULL: none */
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

/* A tree without one of its keys, or with another value for it. */
static const struct yaml_node *replace(struct pool *pool, const struct yaml_node *tree, const char *key,
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
    const char *const *overrides;
};

static const struct yaml_node *extend(void *user, const struct yaml_node *reference)
{
    const struct extending *extending = user;
    struct loader loader = *extending->loader;
    loader.extends_instead = reference;
    loader.is_partial = false;
    const struct yaml_node *tree = merged_tree(&loader, extending->opened, extending->overrides);
    return tree && !loader.is_partial ? replace(loader.pool, tree, SCHEMA_SWEEP_KEY, NULL) : NULL;
}

/* A --set on a swept key would do nothing. */
static void check_overrides(const struct sweep *sweep, const struct scenario_source *source,
                            struct diagnostics *diagnostics)
{
    for (const char *const *set = source->overrides; sweep && set && *set; set++)
        for (size_t k = 0; k < sweep->key_count; k++) {
            size_t length = strlen(sweep->keys[k].path);
            if (strncmp(*set, sweep->keys[k].path, length) != 0 || (*set)[length] != '=')
                continue;
            struct diagnostic *diagnostic = diagnostics_add(
                diagnostics, sweep->keys[k].place, "`%s` is swept, so --set cannot change it", sweep->keys[k].path);
            diagnostic_note(diagnostic, "--sweep %s replaces the values; --only chooses among them", *set);
        }
}

static const struct sweep *read_sweep(struct loader *loader, const struct source *opened,
                                      const struct scenario_source *source, const struct yaml_node *tree)
{
    struct extending extending = {.loader = loader, .opened = opened, .overrides = source->overrides};
    char *folder = g_get_current_dir();
    struct sweep_source wanted = {
        .pool = loader->pool,
        .root = loader->root,
        .tree = tree,
        .added = source->sweeps,
        .only = source->only,
        .folder = pool_text(loader->pool, folder),
        .diagnostics = loader->diagnostics,
        .extend = extend,
        .user = &extending,
    };
    g_free(folder);
    const struct sweep *sweep = sweep_read(&wanted);
    check_overrides(sweep, source, loader->diagnostics);
    return sweep;
}

static void fill(struct scenario *scenario, const struct yaml_node *tree, bool is_partial,
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

static uint64_t first_point(const struct sweep *sweep)
{
    uint64_t point = 0;
    while (sweep && !sweep_has(sweep, point))
        point++;
    return point;
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
    const struct source *opened = open_source(&loader, source);
    const struct yaml_node *tree = opened ? merged_tree(&loader, opened, source->overrides) : NULL;
    if (!tree)
        return;
    scenario->sweep = read_sweep(&loader, opened, source, tree);
    if (scenario->sweep)
        tree = replace(&scenario->pool, tree, SCHEMA_SWEEP_KEY, scenario->sweep->written);
    scenario->tree = tree;
    if (scenario->sweep)
        tree = sweep_lay(scenario->sweep, first_point(scenario->sweep), scenario->root, tree, &scenario->pool,
                         diagnostics);
    bool is_partial = loader.is_partial || diagnostics_count(diagnostics) > before;
    fill(scenario, tree, is_partial, diagnostics);
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

static struct scenario *scenario_new(const struct param_table *root)
{
    struct scenario *scenario = g_new0(struct scenario, 1);
    pool_init(&scenario->pool);
    scenario->root = root;
    scenario->inputs = g_ptr_array_new();
    return scenario;
}

bool scenario_load(const struct scenario_source *source, const struct param_table *root, struct scenario **out,
                   struct diagnostics *diagnostics)
{
    REQUIRE(!source->path != !source->text);
    struct scenario *scenario = scenario_new(root);
    scenario->presets = g_strdup(source->presets);
    size_t before = diagnostics_count(diagnostics);
    load(scenario, source, diagnostics);
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
    g_free(scenario->presets);
    g_free(scenario);
}

uint64_t scenario_points(const struct scenario *scenario)
{
    return scenario->sweep ? scenario->sweep->places : 1;
}

bool scenario_has_point(const struct scenario *scenario, uint64_t point)
{
    return point < scenario_points(scenario) && (!scenario->sweep || sweep_has(scenario->sweep, point));
}

size_t scenario_swept(const struct scenario *scenario, struct scenario_swept *keys, size_t most)
{
    size_t count = scenario->sweep ? scenario->sweep->key_count : 0;
    for (size_t k = 0; k < MIN(count, most); k++) {
        const struct sweep_key *key = &scenario->sweep->keys[k];
        keys[k] = (struct scenario_swept){key->path, key->column, key->unit, key->param != NULL};
    }
    return count;
}

const char *scenario_swept_value(const struct scenario *scenario, uint64_t point, size_t key)
{
    return sweep_value_at(scenario->sweep, &scenario->sweep->keys[key], point)->label;
}

struct scenario *scenario_at(const struct scenario *whole, uint64_t point, struct diagnostics *diagnostics)
{
    REQUIRE(scenario_has_point(whole, point));
    struct scenario *scenario = scenario_new(whole->root);
    scenario->presets = g_strdup(whole->presets);
    size_t before = diagnostics_count(diagnostics);
    const struct yaml_node *tree = whole->tree;
    if (whole->sweep) {
        tree = sweep_lay(whole->sweep, point, whole->root, tree, &scenario->pool, diagnostics);
        tree = replace(&scenario->pool, tree, SCHEMA_SWEEP_KEY, NULL);
    }
    fill(scenario, tree, false, diagnostics);
    if (diagnostics_count(diagnostics) > before) {
        scenario_free(scenario);
        return NULL;
    }
    tidy_inputs(scenario);
    return scenario;
}

/* Fills one point and takes note of the files that it names. */
static bool check_point(struct scenario *scenario, uint64_t point, struct diagnostics *diagnostics)
{
    if (!scenario_has_point(scenario, point))
        return true;
    struct scenario *one = scenario_at(scenario, point, diagnostics);
    for (guint i = 0; one && i + 1 < one->inputs->len; i++) {
        const char *path = one->inputs->pdata[i];
        if (!g_strv_contains((const char *const *)scenario->inputs->pdata, path))
            g_ptr_array_insert(scenario->inputs, (gint)scenario->inputs->len - 1, pool_text(&scenario->pool, path));
    }
    scenario_free(one);
    return one != NULL;
}

bool scenario_check_points(struct scenario *scenario, uint64_t most, struct diagnostics *diagnostics)
{
    const struct sweep *sweep = scenario->sweep;
    if (!sweep)
        return true;
    bool fine = true;
    uint64_t first = first_point(sweep), step = sweep->places;
    for (size_t axis = 0; axis < sweep->axis_count; axis++) {
        uint64_t length = sweep->lengths[axis], here = first / (step / length) % length;
        step /= length;
        for (uint64_t index = 0; index < MIN(length, most); index++)
            fine = check_point(scenario, first - here * step + index * step, diagnostics) && fine;
    }
    for (uint64_t point = 0; sweep->places <= most && point < sweep->places && fine; point++)
        fine = check_point(scenario, point, diagnostics);
    return fine;
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

void scenario_write_world(const struct scenario *scenario, GString *out)
{
    resolved_print_world(scenario->filled, out);
}

void scenario_write_origins(const struct scenario *scenario, GString *out)
{
    resolved_print_origins(scenario->filled, out);
}
