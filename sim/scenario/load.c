/* SPDX-License-Identifier: MIT */
#include "scenario/load.h"

#include "scenario/folder.h"
#include "scenario/merge.h"
#include "scenario/schema.h"

#include <string.h>

enum { LONGEST_CHAIN = 16 };

/* The files that are being read: each is extended by the one before. */
struct chain {
    const struct chain *previous;
    const struct source *source;
    int length;
};

static const struct yaml_node *load_link(struct loader *loader, const struct source *source,
                                         const struct chain *previous);

const struct source *load_source(struct loader *loader, const char *name, const char *path, struct place wanted)
{
    char *text;
    gsize length;
    GError *error = NULL;
    if (!g_file_get_contents(path, &text, &length, &error)) {
        struct diagnostic *diagnostic =
            diagnostics_add(loader->diagnostics, wanted, "cannot read the scenario: %s",
                            g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? "no such file" : error->message);
        diagnostic_note(diagnostic, "tried %s", path);
        g_error_free(error);
        return NULL;
    }
    char *folder = g_path_get_dirname(path);
    struct source *source = source_new(loader->pool, name, folder, path, text, length);
    g_ptr_array_add(loader->inputs, (gpointer)source->path);
    g_free(folder);
    g_free(text);
    return source;
}

/* A path as the user would write it: without the current folder before it. */
static char *path_shown(const char *path)
{
    char *current = g_get_current_dir();
    size_t length = strlen(current);
    bool is_below = strncmp(path, current, length) == 0 && path[length] == '/';
    g_free(current);
    return g_strdup(is_below ? path + length + 1 : path);
}

static bool is_preset_name(const char *reference)
{
    return !strchr(reference, '/') && !g_str_has_suffix(reference, ".yaml") && !g_str_has_suffix(reference, ".yml");
}

static void report_no_preset(struct loader *loader, const struct yaml_node *reference)
{
    struct diagnostic *diagnostic =
        diagnostics_add(loader->diagnostics, reference->place, "there is no preset `%s`", reference->text);
    GPtrArray *names = folder_names(loader->presets, ".yaml");
    diagnostic_suggest(diagnostic, reference->text, (const char *const *)names->pdata);
    char *all = g_strjoinv(", ", (char **)names->pdata);
    if (*all)
        diagnostic_note(diagnostic, "presets: %s", all);
    diagnostic_note(diagnostic, "a file is named by its path, such as ./%s.yaml", reference->text);
    g_free(all);
    g_ptr_array_unref(names);
}

/* The absolute path that `extends` means (g_free it), or NULL after an error. */
static char *resolve_reference(struct loader *loader, const struct yaml_node *reference)
{
    if (!is_preset_name(reference->text))
        return g_canonicalize_filename(reference->text, reference->place.source->folder);
    if (loader->presets) {
        char *file = g_strconcat(reference->text, ".yaml", NULL);
        char *folder = g_canonicalize_filename(loader->presets, NULL);
        char *path = g_canonicalize_filename(file, folder);
        g_free(folder);
        g_free(file);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return path;
        g_free(path);
    }
    report_no_preset(loader, reference);
    return NULL;
}

/* Whether the path is among the files being read; names the circle if so. */
static bool is_circle(struct loader *loader, const struct chain *chain, const char *path, struct place place)
{
    char *shown = path_shown(path);
    GString *circle = g_string_new(shown);
    g_free(shown);
    for (const struct chain *link = chain; link; link = link->previous) {
        char *before = g_strconcat(link->source->name, " -> ", NULL);
        g_string_prepend(circle, before);
        g_free(before);
        if (link->source->path && strcmp(link->source->path, path) == 0) {
            diagnostics_add(loader->diagnostics, place, "`extends` goes in a circle: %s", circle->str);
            g_string_free(circle, TRUE);
            return true;
        }
    }
    g_string_free(circle, TRUE);
    return false;
}

/* The tree that the source extends, or NULL. */
static const struct yaml_node *load_extended(struct loader *loader, const struct chain *chain,
                                             const struct yaml_node *reference)
{
    if (reference->kind == YAML_BROKEN)
        return NULL;
    if (reference->kind != YAML_SCALAR || reference->text[0] == '\0') {
        struct diagnostic *diagnostic =
            diagnostics_add(loader->diagnostics, reference->place, "`extends` takes one preset or file");
        diagnostic_note(diagnostic, "what is extended may itself extend another");
        return NULL;
    }
    if (chain->length >= LONGEST_CHAIN) {
        diagnostics_add(loader->diagnostics, reference->place, "more than %d files extend each other", LONGEST_CHAIN);
        return NULL;
    }
    char *path = resolve_reference(loader, reference);
    if (!path)
        return NULL;
    const struct source *source = NULL;
    if (!is_circle(loader, chain, path, reference->place)) {
        char *name = path_shown(path);
        source = load_source(loader, name, path, reference->place);
        g_free(name);
    }
    g_free(path);
    return source ? load_link(loader, source, chain) : NULL;
}

static void check_version(struct loader *loader, const struct yaml_node *tree)
{
    const struct yaml_entry *version = yaml_find(tree, SCHEMA_VERSION_KEY);
    if (!version) {
        struct diagnostic *diagnostic =
            diagnostics_add(loader->diagnostics, tree->place, "the version of the scenario format is missing");
        diagnostic_note(diagnostic, "begin the file with `" SCHEMA_VERSION_KEY ": " SCHEMA_VERSION "`");
        return;
    }
    const struct yaml_node *value = version->value;
    if (value->kind == YAML_BROKEN || (value->kind == YAML_SCALAR && strcmp(value->text, SCHEMA_VERSION) == 0))
        return;
    char *quoted = value->kind == YAML_SCALAR ? diagnostic_quote(value->text) : g_strdup("this");
    struct place place = value->kind == YAML_SCALAR && *value->text ? value->place : version->key_place;
    struct diagnostic *diagnostic = diagnostics_add(loader->diagnostics, place,
                                                    "`" SCHEMA_VERSION_KEY "`: %s is not a version of the format that "
                                                    "this posim reads",
                                                    quoted);
    diagnostic_note(diagnostic, "allowed: " SCHEMA_VERSION);
    g_free(quoted);
}

/* The tree without the keys that are about files. */
static const struct yaml_node *strip(struct loader *loader, const struct yaml_node *tree)
{
    struct yaml_node *stripped = yaml_node_new(loader->pool, tree->kind, tree->place);
    for (size_t i = 0; i < tree->count; i++) {
        const char *key = tree->entries[i].key;
        if (strcmp(key, SCHEMA_VERSION_KEY) != 0 && strcmp(key, SCHEMA_EXTENDS_KEY) != 0)
            yaml_append(loader->pool, stripped, tree->entries[i]);
    }
    return stripped;
}

/* A tree over what it extends. */
static const struct yaml_node *lay_over(struct loader *loader, const struct chain *chain, const struct yaml_node *tree,
                                        const struct yaml_node *reference)
{
    const struct yaml_entry *extends = yaml_find(tree, SCHEMA_EXTENDS_KEY);
    if (!reference && extends)
        reference = extends->value;
    const struct yaml_node *extended = NULL;
    if (reference && reference == loader->extends_instead && reference->kind == YAML_MAP)
        extended = lay_over(loader, chain, reference, NULL);
    else if (reference)
        extended = load_extended(loader, chain, reference);
    loader->is_partial = loader->is_partial || (reference && !extended);
    struct merge merge = {.pool = loader->pool, .diagnostics = loader->diagnostics};
    struct param root = schema_root(loader->root);
    return merge_trees(&merge, &root, extended, strip(loader, tree));
}

static const struct yaml_node *load_link(struct loader *loader, const struct source *source,
                                         const struct chain *previous)
{
    size_t before = diagnostics_count(loader->diagnostics);
    struct chain chain = {.previous = previous, .source = source, .length = previous ? previous->length + 1 : 1};
    const struct yaml_node *tree = yaml_parse(loader->pool, source, 0, loader->diagnostics);
    bool is_empty = !tree && diagnostics_count(loader->diagnostics) == before;
    if (is_empty)
        diagnostics_add(loader->diagnostics, (struct place){.source = source}, "the file is empty");
    else if (tree && tree->kind != YAML_MAP && tree->kind != YAML_BROKEN)
        diagnostics_add(loader->diagnostics, tree->place, "a scenario is a map of keys, not a %s",
                        tree->kind == YAML_LIST ? "list" : "text");
    if (!tree || tree->kind != YAML_MAP) {
        loader->is_partial = true;
        return NULL;
    }

    check_version(loader, tree);
    return lay_over(loader, &chain, tree, previous ? NULL : loader->extends_instead);
}

const struct yaml_node *load_tree(struct loader *loader, const struct source *source)
{
    return load_link(loader, source, NULL);
}
