/* SPDX-License-Identifier: MIT */
/* What made the results: everything that a rerun needs to know. */
#include "experiment/json.h"
#include "experiment/posim_commit.h"
#include "experiment/posim_version.h"
#include "experiment/results.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <yaml.h>
#include <zstd.h>

static void add_inputs(JsonBuilder *builder, const struct inputs *inputs)
{
    json_builder_set_member_name(builder, "inputs");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < inputs->list.count; i++) {
        const struct input *input = &inputs->list.at[i];
        json_builder_begin_object(builder);
        json_add_text(builder, "file", input->file);
        json_add_text(builder, "sha256", input->sha256);
        if (input->copy)
            json_add_text(builder, "copy", input->copy);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

/* What is swept, so that readers of the tables know which columns say so, and in which unit. */
static void add_swept(JsonBuilder *builder, const struct scenario *scenario)
{
    struct scenario_swept swept[64];
    size_t count = scenario_swept(scenario, swept, G_N_ELEMENTS(swept));
    json_builder_set_member_name(builder, "swept");
    json_builder_begin_array(builder);
    for (size_t k = 0; k < count; k++) {
        json_builder_begin_object(builder);
        json_add_text(builder, "key", swept[k].path);
        json_add_text(builder, "column", swept[k].column);
        json_add_text(builder, "unit", swept[k].unit);
        json_add_text(builder, "kind", swept[k].is_number ? "number" : "text");
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_libraries(JsonBuilder *builder)
{
    char *glib = g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
    json_builder_set_member_name(builder, "libraries");
    json_builder_begin_object(builder);
    json_add_text(builder, "glib", glib);
    json_add_text(builder, "libsodium", sodium_version_string());
    json_add_text(builder, "libyaml", yaml_get_version_string());
    json_add_text(builder, "zstd", ZSTD_versionString());
    json_builder_end_object(builder);
    g_free(glib);
}

/* The manifest of a results directory, NULL where there is none; json_node_unref it. */
static JsonNode *read_manifest(const char *folder)
{
    char *path = g_build_filename(folder, results_files[RESULTS_MANIFEST], NULL);
    JsonParser *parser = json_parser_new();
    JsonNode *root = json_parser_load_from_file(parser, path, NULL) ? json_parser_steal_root(parser) : NULL;
    if (root && !(JSON_NODE_HOLDS_OBJECT(root) && json_object_has_member(json_node_get_object(root), "posim")))
        g_clear_pointer(&root, json_node_unref);
    g_object_unref(parser);
    g_free(path);
    return root;
}

bool results_recognise(const char *folder, GError **error)
{
    JsonNode *root = read_manifest(folder);
    if (root) {
        json_node_unref(root);
        return true;
    }
    char *path = g_build_filename(folder, results_files[RESULTS_MANIFEST], NULL);
    const char *name = results_files[RESULTS_MANIFEST];
    if (!g_file_test(folder, G_FILE_TEST_EXISTS))
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no directory %s", folder);
    else if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, "%s is a file, not a directory of results", folder);
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s holds no results of posim: %s %s", folder,
                    g_file_test(path, G_FILE_TEST_EXISTS) ? "posim did not write its" : "it has no", name);
    g_free(path);
    return false;
}

bool results_need(const char *folder, enum results_file name, GError **error)
{
    if (!results_recognise(folder, error))
        return false;
    char *path = g_build_filename(folder, results_files[name], NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!there && name < RESULTS_RUNS)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s holds no whole results of posim: it has no %s", folder,
                    results_files[name]);
    else if (!there)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s is not finished: it has no %s; `posim run` goes on with --resume, and `posim merge` makes the "
                    "tables of what was run in parts",
                    folder, results_files[name]);
    g_free(path);
    return there;
}

char *results_maker(const char *folder)
{
    JsonNode *root = read_manifest(folder);
    JsonObject *manifest = root ? json_node_get_object(root) : json_object_new();
    char *maker = g_strdup_printf("posim %s (%s)", json_object_get_string_member_with_default(manifest, "posim", "?"),
                                  json_object_get_string_member_with_default(manifest, "commit", "?"));
    if (root)
        json_node_unref(root);
    else
        json_object_unref(manifest);
    return maker;
}

char *results_name(const char *folder)
{
    JsonNode *root = read_manifest(folder);
    char *name =
        g_strdup(root ? json_object_get_string_member_with_default(json_node_get_object(root), "name", "?") : "?");
    if (root)
        json_node_unref(root);
    return name;
}

void results_each_input(const char *folder, results_take_input *take, void *user)
{
    JsonNode *root = read_manifest(folder);
    JsonNode *member = root ? json_object_get_member(json_node_get_object(root), "inputs") : NULL;
    JsonArray *inputs = member && JSON_NODE_HOLDS_ARRAY(member) ? json_node_get_array(member) : NULL;
    for (guint i = 0; inputs && i < json_array_get_length(inputs); i++) {
        JsonNode *element = json_array_get_element(inputs, i);
        JsonObject *input = JSON_NODE_HOLDS_OBJECT(element) ? json_node_get_object(element) : NULL;
        if (!input)
            continue;
        struct results_input one = {
            .file = json_object_get_string_member_with_default(input, "file", ""),
            .sha256 = json_object_get_string_member_with_default(input, "sha256", ""),
            .copy = json_object_get_string_member_with_default(input, "copy", NULL),
        };
        take(user, &one);
    }
    if (root)
        json_node_unref(root);
}

char *results_maker_now(void)
{
    return g_strdup("posim " POSIM_VERSION " (" POSIM_COMMIT ")");
}

static bool write_manifest(const char *folder, const struct manifest *manifest, const struct inputs *inputs,
                           GError **error)
{
    char *seed = g_strdup_printf("0x%016" G_GINT64_MODIFIER "x", manifest->seed);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_text(builder, "posim", POSIM_VERSION);
    json_add_text(builder, "commit", POSIM_COMMIT);
    json_add_text(builder, "compiler", POSIM_COMPILER);
    add_libraries(builder);
    json_add_text(builder, "name", manifest->name);
    json_add_texts(builder, "arguments", manifest->arguments);
    json_add_text(builder, "seed", seed);
    json_builder_set_member_name(builder, "replications");
    json_builder_add_int_value(builder, (gint64)manifest->replications);
    add_inputs(builder, inputs);
    add_swept(builder, manifest->scenario);
    json_builder_end_object(builder);
    char *text = json_finish(builder);
    bool written = results_write_text(folder, results_files[RESULTS_MANIFEST], text, error);
    g_free(text);
    g_free(seed);
    return written;
}

bool results_write_manifest(const char *folder, const struct manifest *manifest, GError **error)
{
    struct inputs before, now;
    inputs_read(&before, folder);
    bool kept = manifest->carried ? inputs_carry(&now, folder, manifest->carried, error)
                                  : inputs_keep(&now, folder, manifest->scenario, &before, error);
    bool fine = kept && write_manifest(folder, manifest, &now, error) && inputs_drop(&before, &now, folder, error);
    inputs_release(&before);
    inputs_release(&now);
    return fine;
}
