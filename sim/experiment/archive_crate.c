/* SPDX-License-Identifier: MIT */
/*
 * ro-crate-metadata.json: a list of things, each with an id, a type and what is said of it, in JSON-LD. Chapters are
 * those of RO-Crate 1.1.
 */
#include "experiment/archive_files.h"

#include <string.h>

#define PROFILE "https://w3id.org/ro/crate/1.1"
#define ROOT    "./"
#define ACTION  "#run"
#define TRACES  RESULTS_TRACES "/"
#define INPUTS  RESULTS_INPUTS "/"

/* Prints one thing after the other. */
struct graph {
    FILE *file;
    bool begun;
};

static JsonBuilder *thing(const char *id, const char *type)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_text(builder, "@id", id);
    json_add_text(builder, "@type", type);
    return builder;
}

static void put(struct graph *graph, JsonBuilder *builder)
{
    json_builder_end_object(builder);
    archive_print_item(graph->file, builder, !graph->begun);
    graph->begun = true;
}

static void add_id(JsonBuilder *builder, const char *id)
{
    json_builder_begin_object(builder);
    json_add_text(builder, "@id", id);
    json_builder_end_object(builder);
}

static void refer(JsonBuilder *builder, const char *name, const char *id)
{
    json_builder_set_member_name(builder, name);
    add_id(builder, id);
}

static void begin_list(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}

/* The folder of a run's table, as "traces/0-0/"; g_free it. */
static char *folder_of(const struct archive_file *file)
{
    return g_strndup(file->path, (gsize)(strrchr(file->path, '/') + 1 - file->path));
}

static bool is_trace(const struct archive_file *file)
{
    return file->of_run || file->shared;
}

static bool is_input(const struct archive_file *file)
{
    return file->sha256 != NULL;
}

static bool has_traces(const struct archive_files *files)
{
    return files->files.count && is_trace(&files->files.at[files->files.count - 1]);
}

/* They come last. */
static bool has_shared(const struct archive_files *files)
{
    return files->files.count && files->files.at[files->files.count - 1].shared;
}

/* Files and folders ("Data Entities"). */

static void add_results(JsonBuilder *builder, const struct archive_files *files, bool what_was_made)
{
    for (size_t f = 0; f < files->files.count && !is_trace(&files->files.at[f]); f++)
        if (!is_input(&files->files.at[f]) &&
            !(what_was_made && strcmp(files->files.at[f].path, results_files[RESULTS_SCENARIO]) == 0))
            add_id(builder, files->files.at[f].path);
    if (!what_was_made)
        add_id(builder, INPUTS);
    if (has_traces(files))
        add_id(builder, TRACES);
}

static void add_inputs(JsonBuilder *builder, const struct archive_files *files)
{
    for (size_t f = 0; f < files->files.count; f++)
        if (is_input(&files->files.at[f]))
            add_id(builder, files->files.at[f].path);
}

/* An input has its hash (RFC 6920) beside, as it is what others may have too. */
static void put_file(struct graph *graph, const struct archive_file *file)
{
    JsonBuilder *builder = thing(file->path, "File");
    json_add_text(builder, "name", file->path);
    json_add_text(builder, "description", file->meaning);
    if (file->media_type)
        json_add_text(builder, "encodingFormat", file->media_type);
    if (is_input(file)) {
        char *hash = g_strconcat("nih:sha-256;", file->sha256, NULL);
        json_add_text(builder, "identifier", hash);
        g_free(hash);
    }
    put(graph, builder);
}

static void put_inputs(struct graph *graph, const struct archive_files *files)
{
    JsonBuilder *builder = thing(INPUTS, "Dataset");
    json_add_text(builder, "name", INPUTS);
    json_add_text(builder, "description", "what the scenario was read from: itself, what it extends, files it names");
    begin_list(builder, "hasPart");
    add_inputs(builder, files);
    json_builder_end_array(builder);
    put(graph, builder);
}

/* The folder of one run, whose tables begin at `first`; returns where the next one's do. */
static size_t put_run(struct graph *graph, const struct archive_files *files, size_t first)
{
    char *folder = folder_of(&files->files.at[first]);
    JsonBuilder *builder = thing(folder, "Dataset");
    json_add_text(builder, "name", folder);
    begin_list(builder, "hasPart");
    size_t next = first;
    for (; next < files->files.count && g_str_has_prefix(files->files.at[next].path, folder); next++)
        add_id(builder, files->files.at[next].path);
    json_builder_end_array(builder);
    put(graph, builder);
    g_free(folder);
    return next;
}

static void put_traces(struct graph *graph, const struct archive_files *files)
{
    JsonBuilder *builder = thing(TRACES, "Dataset");
    json_add_text(builder, "name", TRACES);
    json_add_text(builder, "description",
                  has_shared(files) ? "what happened in each run that kept its tables, a file a table and process that "
                                      "carried out runs; datapackage.json has their columns"
                                    : "what happened in each run that kept its tables: point, replication");
    begin_list(builder, "hasPart");
    char *last = NULL;
    for (size_t f = 0; f < files->files.count; f++) {
        if (!files->files.at[f].of_run || (last && g_str_has_prefix(files->files.at[f].path, last)))
            continue;
        g_free(last);
        last = folder_of(&files->files.at[f]);
        add_id(builder, last);
    }
    g_free(last);
    json_builder_end_array(builder);
    put(graph, builder);
    for (size_t f = 0; f < files->files.count;)
        f = files->files.at[f].of_run ? put_run(graph, files, f) : f + 1;
}

/* The whole ("Root Data Entity"). */

static void put_root(struct graph *graph, const struct archive *archive, const struct archive_files *files)
{
    char *runs = g_strdup_printf("%" G_GUINT64_FORMAT " run%s at %" G_GUINT64_FORMAT " point%s of the scenario %s",
                                 archive->runs, archive->runs == 1 ? "" : "s", archive->points,
                                 archive->points == 1 ? "" : "s", archive->name);
    char *date = archive_date();
    JsonBuilder *builder = thing(ROOT, "Dataset");
    json_add_text(builder, "name", archive->name);
    json_add_text(builder, "description", archive->description ? archive->description : runs);
    if (date)
        json_add_text(builder, "datePublished", date);
    json_add_text(builder, "license", "none is stated: ask those who made these results");
    refer(builder, "mentions", ACTION);
    begin_list(builder, "hasPart");
    add_results(builder, files, false);
    json_builder_end_array(builder);
    put(graph, builder);
    g_free(date);
    g_free(runs);
}

/* How it was made ("Software used to create files"). */

static char *maker_id(size_t number)
{
    return g_strdup_printf("#posim-%zu", number + 1);
}

static void put_makers(struct graph *graph, const struct archive *archive)
{
    for (size_t m = 0; archive->makers[m]; m++) {
        char *id = maker_id(m);
        JsonBuilder *builder = thing(id, "SoftwareApplication");
        json_add_text(builder, "name", "posim");
        json_add_text(builder, "description",
                      "a simulator of proof-of-stake consensus; version, and commit in brackets");
        json_add_text(builder, "version", archive->makers[m]);
        put(graph, builder);
        g_free(id);
    }
}

static void put_action(struct graph *graph, const struct archive *archive, const struct archive_files *files)
{
    JsonBuilder *builder = thing(ACTION, "CreateAction");
    char *description =
        g_strdup_printf("%" G_GUINT64_FORMAT " run%s, seed %" G_GUINT64_FORMAT "; %s has the command line",
                        archive->runs, archive->runs == 1 ? "" : "s", archive->seed, results_files[RESULTS_MANIFEST]);
    json_add_text(builder, "name", "posim run");
    json_add_text(builder, "description", description);
    begin_list(builder, "instrument");
    for (size_t m = 0; archive->makers[m]; m++) {
        char *id = maker_id(m);
        add_id(builder, id);
        g_free(id);
    }
    json_builder_end_array(builder);
    begin_list(builder, "object");
    add_id(builder, results_files[RESULTS_SCENARIO]);
    add_inputs(builder, files);
    json_builder_end_array(builder);
    begin_list(builder, "result");
    add_results(builder, files, true);
    json_builder_end_array(builder);
    put(graph, builder);
    g_free(description);
}

void archive_print_crate(FILE *file, const struct archive *archive, const struct archive_files *files)
{
    struct graph graph = {.file = file};
    fputs("{\n  \"@context\" : \"" PROFILE "/context\",\n  \"@graph\" : [", file);
    JsonBuilder *self = thing(results_files[RESULTS_CRATE], "CreativeWork");
    refer(self, "conformsTo", PROFILE);
    refer(self, "about", ROOT);
    put(&graph, self);
    put_root(&graph, archive, files);
    for (size_t f = 0; f < files->files.count && !is_trace(&files->files.at[f]); f++)
        put_file(&graph, &files->files.at[f]);
    put_inputs(&graph, files);
    if (has_traces(files))
        put_traces(&graph, files);
    for (size_t f = 0; f < files->files.count; f++)
        if (files->files.at[f].of_run)
            put_file(&graph, &files->files.at[f]);
    put_action(&graph, archive, files);
    put_makers(&graph, archive);
    fputs("\n  ]\n}\n", file);
}
