/* SPDX-License-Identifier: MIT */
/*
 * datapackage.json: Data Package, Tabular Data Resource, Table Schema and CSV Dialect, all version 1. Units stand in a
 * key of our own, `unit`, which the specifications allow.
 */
#include "experiment/archive_files.h"

#include <string.h>

static void add_flag(JsonBuilder *builder, const char *name, bool value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

static void begin(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
}

static void add_constraint(JsonBuilder *builder, const struct description *column)
{
    if (column->kind != VALUE_WORD && column->kind != VALUE_HEX64)
        return;
    begin(builder, "constraints");
    if (column->kind == VALUE_WORD)
        json_add_texts(builder, "enum", column->words);
    else
        json_add_text(builder, "pattern", "0x[0-9a-f]{16}");
    json_builder_end_object(builder);
}

static void add_field(JsonBuilder *builder, const struct description *column)
{
    static const char *const types[] = {
        [VALUE_INTEGER] = "integer", [VALUE_NUMBER] = "number", [VALUE_FLAG] = "boolean",
        [VALUE_HEX64] = "string",    [VALUE_WORD] = "string",   [VALUE_TEXT] = "string",
    };
    static const char *const true_values[] = {"1", NULL}, *const false_values[] = {"0", NULL};
    json_builder_begin_object(builder);
    json_add_text(builder, "name", column->name);
    json_add_text(builder, "type", types[column->kind]);
    if (column->unit)
        json_add_text(builder, "unit", column->unit);
    json_add_text(builder, "description", column->meaning);
    if (column->kind == VALUE_FLAG) {
        json_add_texts(builder, "trueValues", true_values);
        json_add_texts(builder, "falseValues", false_values);
    }
    add_constraint(builder, column);
    json_builder_end_object(builder);
}

/* Every row of a table of several runs is about a point of the plan. */
static void add_reference(JsonBuilder *builder, const struct archive_file *file)
{
    static const char *const point[] = {"point", NULL};
    if (file->of_run || strcmp(file->path, results_files[RESULTS_PLAN]) == 0)
        return;
    json_builder_set_member_name(builder, "foreignKeys");
    json_builder_begin_array(builder);
    json_builder_begin_object(builder);
    json_add_texts(builder, "fields", point);
    begin(builder, "reference");
    json_add_text(builder, "resource", "plan");
    json_add_texts(builder, "fields", point);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    json_builder_end_array(builder);
}

static void add_schema(JsonBuilder *builder, const struct archive_file *file)
{
    static const char *const missing[] = {"NA", NULL};
    begin(builder, "schema");
    json_builder_set_member_name(builder, "fields");
    json_builder_begin_array(builder);
    for (size_t c = 0; c < file->columns->count; c++)
        add_field(builder, &file->columns->at[c]);
    json_builder_end_array(builder);
    json_add_texts(builder, "missingValues", missing);
    if (file->columns->key[0])
        json_add_texts(builder, "primaryKey", file->columns->key);
    add_reference(builder, file);
    json_builder_end_object(builder);
}

/* RFC 4180 but for the ends of lines; its default would skip blanks after a comma. */
static void add_dialect(JsonBuilder *builder)
{
    begin(builder, "dialect");
    json_add_text(builder, "delimiter", ",");
    json_add_text(builder, "lineTerminator", "\n");
    json_add_text(builder, "quoteChar", "\"");
    add_flag(builder, "doubleQuote", true);
    add_flag(builder, "skipInitialSpace", false);
    add_flag(builder, "header", true);
    add_flag(builder, "caseSensitiveHeader", true);
    json_builder_end_object(builder);
}

/*
 * What is compressed is no tabular resource, which must be CSV as it lies, but has a schema all the same. What runs
 * share is no resource at all, which must name its files, but is described like one.
 */
static JsonBuilder *describe(const struct archive_file *file)
{
    bool compressed = g_str_has_suffix(file->path, ARCHIVE_COMPRESSED);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    if (!file->shared)
        json_add_text(builder, "profile", compressed ? "data-resource" : "tabular-data-resource");
    json_add_text(builder, "name", file->table);
    json_add_text(builder, file->shared ? "pattern" : "path", file->path);
    json_add_text(builder, "description", file->meaning);
    json_add_text(builder, "format", "csv");
    json_add_text(builder, "mediatype", file->media_type);
    if (compressed)
        json_add_text(builder, "compression", &ARCHIVE_COMPRESSED[1]);
    json_add_text(builder, "encoding", "utf-8");
    add_dialect(builder);
    add_schema(builder, file);
    json_builder_end_object(builder);
    return builder;
}

/* A file that is no table of these results: what is in it is its user's business. */
static JsonBuilder *describe_input(const struct archive_file *file)
{
    char *name = g_ascii_strdown(file->path, -1), *hash = g_strconcat("sha256:", file->sha256, NULL);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_text(builder, "profile", "data-resource");
    json_add_text(builder, "name", g_strdelimit(name, "/", '-'));
    json_add_text(builder, "path", file->path);
    json_add_text(builder, "description", file->meaning);
    if (file->media_type)
        json_add_text(builder, "mediatype", file->media_type);
    json_add_text(builder, "hash", hash);
    json_builder_end_object(builder);
    g_free(hash);
    g_free(name);
    return builder;
}

/*
 * The name as a package's, which has lower-case letters of ASCII, digits, dots and lines only: other letters are
 * written by these where there is a way, and what is between words is one line.
 */
static char *slug(const char *name)
{
    char *ascii = g_str_to_ascii(name, "C"); /* whatever the language of the user */
    GString *slug = g_string_new(NULL);
    for (const char *at = ascii; *at; at++) {
        bool kept = g_ascii_isalnum(*at) || strchr("._", *at);
        if (kept)
            g_string_append_c(slug, g_ascii_tolower(*at));
        else if (slug->len && slug->str[slug->len - 1] != '-')
            g_string_append_c(slug, '-');
    }
    while (slug->len && slug->str[slug->len - 1] == '-')
        g_string_truncate(slug, slug->len - 1);
    if (!slug->len)
        g_string_append(slug, "results");
    g_free(ascii);
    return g_string_free(slug, FALSE);
}

/* All but the resources, without the closing brace. */
static void print_head(FILE *file, const struct archive *archive)
{
    char *name = slug(archive->name), *date = archive_date();
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_text(builder, "profile", "data-package");
    json_add_text(builder, "name", name);
    json_add_text(builder, "title", archive->name);
    if (archive->description)
        json_add_text(builder, "description", archive->description);
    if (date) {
        char *moment = g_strconcat(date, "T00:00:00Z", NULL);
        json_add_text(builder, "created", moment);
        g_free(moment);
    }
    json_builder_end_object(builder);
    char *text = json_finish(builder);
    fprintf(file, "%.*s,\n  \"resources\" : [", (int)(strrchr(text, '\n') - text), text);
    g_free(text);
    g_free(date);
    g_free(name);
}

static void print_resources(FILE *file, const struct archive_files *files)
{
    bool first = true;
    for (size_t f = 0; f < files->files.count; f++) {
        const struct archive_file *one = &files->files.at[f];
        if (one->shared || (!one->table && !one->sha256))
            continue;
        archive_print_item(file, one->table ? describe(one) : describe_input(one), first);
        first = false;
    }
}

/* A key of our own, which the specifications allow. */
static void print_shared(FILE *file, const struct archive_files *files)
{
    bool first = true;
    for (size_t f = 0; f < files->files.count; f++) {
        if (!files->files.at[f].shared)
            continue;
        if (first)
            fputs(",\n  \"sharedTables\" : [", file);
        archive_print_item(file, describe(&files->files.at[f]), first);
        first = false;
    }
    if (!first)
        fputs("\n  ]", file);
}

void archive_print_package(FILE *file, const struct archive *archive, const struct archive_files *files)
{
    print_head(file, archive);
    print_resources(file, files);
    fputs("\n  ]", file);
    print_shared(file, files);
    fputs("\n}\n", file);
}
