/* SPDX-License-Identifier: MIT */
#include "experiment/results.h"
#include "report/findings_parts.h"

#include <json-glib/json-glib.h>

/* A text of the object, "?" where it has none: manifests of other versions may say less. */
static char *text_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    bool is_text = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
    return g_strdup(is_text ? json_node_get_string(node) : "?");
}

static JsonArray *array_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* "glib 2.74.6, libsodium 1.0.18" */
static char *libraries_of(JsonObject *manifest)
{
    JsonNode *node = json_object_get_member(manifest, "libraries");
    JsonObject *libraries = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    GString *text = g_string_new(NULL);
    GList *names = libraries ? json_object_get_members(libraries) : NULL; /* in the order of the file */
    for (GList *at = names; at; at = at->next) {
        char *version = text_of(libraries, at->data);
        g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", (const char *)at->data, version);
        g_free(version);
    }
    g_list_free(names);
    return g_string_free(text, FALSE);
}

static char **arguments_of(JsonObject *manifest)
{
    JsonArray *array = array_of(manifest, "arguments");
    GPtrArray *arguments = g_ptr_array_new();
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
            g_ptr_array_add(arguments, g_strdup(json_node_get_string(node)));
    }
    g_ptr_array_add(arguments, NULL);
    return (char **)g_ptr_array_free(arguments, FALSE);
}

static void read_inputs(struct findings *findings, JsonObject *manifest)
{
    JsonArray *array = array_of(manifest, "inputs");
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            continue;
        JsonObject *input = json_node_get_object(node);
        struct findings_input one = {.file = text_of(input, "file"), .sha256 = text_of(input, "sha256")};
        vector_push(&findings->inputs, one);
    }
}

bool findings_read_manifest(struct findings *findings, GError **error)
{
    char *path = g_build_filename(findings->folder, results_files[RESULTS_MANIFEST], NULL);
    JsonParser *parser = json_parser_new();
    bool fine = json_parser_load_from_file(parser, path, error);
    if (fine) {
        JsonObject *manifest = json_node_get_object(json_parser_get_root(parser)); /* results_recognise saw to that */
        findings->name = text_of(manifest, "name");
        findings->version = text_of(manifest, "posim");
        findings->commit = text_of(manifest, "commit");
        findings->compiler = text_of(manifest, "compiler");
        findings->seed = text_of(manifest, "seed");
        findings->libraries = libraries_of(manifest);
        findings->arguments = arguments_of(manifest);
        read_inputs(findings, manifest);
    }
    g_object_unref(parser);
    g_free(path);
    return fine;
}
