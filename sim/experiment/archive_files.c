/* SPDX-License-Identifier: MIT */
#include "experiment/archive_files.h"

#include "experiment/inputs.h"
#include "experiment/kept_tables.h"

#include <string.h>

struct run_folder {
    uint64_t point;
    uint32_t replication;
};

static int compare_runs(const void *a, const void *b)
{
    const struct run_folder *x = a, *y = b;
    if (x->point != y->point)
        return x->point < y->point ? -1 : 1;
    return (x->replication > y->replication) - (x->replication < y->replication);
}

/* What stands in the directory itself. */
static void add_results(struct archive_files *files, const struct archive *archive)
{
    for (enum results_file name = 0; name < RESULTS_FILES; name++) {
        bool is_table = columns_has(name);
        if (name >= RESULTS_REPORT || name == RESULTS_CRATE)
            continue;
        if (is_table)
            files->of_results[name] = columns_new(name, archive->scenario, archive->shares);
        struct archive_file file = {
            .path = g_strdup(results_files[name]),
            .table = is_table ? g_strndup(results_files[name], strcspn(results_files[name], ".")) : NULL,
            .meaning = results_about[name].meaning,
            .media_type = results_about[name].media_type,
            .columns = files->of_results[name],
        };
        vector_push(&files->files, file);
    }
}

/* By the ending of a name; NULL: it is not known. */
static const char *media_type_of(const char *name)
{
    static const char *const types[][2] = {
        {".csv", "text/csv"},   {".yaml", "application/yaml"}, {".yml", "application/yaml"},
        {".gml", "text/plain"}, {".txt", "text/plain"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(name, types[i][0]))
            return types[i][1];
    return NULL;
}

static void add_inputs(struct archive_files *files, const struct archive *archive)
{
    struct inputs inputs;
    inputs_read(&inputs, archive->folder);
    for (size_t i = 0; i < inputs.list.count; i++) {
        const struct input *input = &inputs.list.at[i];
        if (!input->copy)
            continue;
        struct archive_file file = {
            .path = g_strdup(input->copy),
            .sha256 = g_strdup(input->sha256),
            .meaning = "a file that the scenario was read from, as it was",
            .media_type = media_type_of(input->copy),
        };
        vector_push(&files->files, file);
    }
    inputs_release(&inputs);
}

static void add_table(struct archive_files *files, const struct archive *archive, struct run_folder run,
                      enum table table)
{
    struct table_info info = table_info(table);
    char *path = g_strdup_printf(RESULTS_TRACES "/%" G_GUINT64_FORMAT "-%u/%s", run.point, run.replication, info.file);
    char *whole = g_build_filename(archive->folder, path, NULL);
    bool exists = g_file_test(whole, G_FILE_TEST_EXISTS);
    g_free(whole);
    if (!exists) {
        g_free(path);
        return;
    }
    if (!files->of_traces[table])
        files->of_traces[table] = columns_of_trace(table, false);
    struct archive_file file = {
        .path = path,
        .table = g_strdup_printf(RESULTS_TRACES "-%" G_GUINT64_FORMAT "-%u-%s", run.point, run.replication, info.name),
        .meaning = info.meaning,
        .media_type = g_str_has_suffix(path, ARCHIVE_COMPRESSED) ? "application/zstd" : "text/csv",
        .columns = files->of_traces[table],
        .of_run = true,
    };
    vector_push(&files->files, file);
}

static void add_traces(struct archive_files *files, const struct archive *archive)
{
    VECTOR(struct run_folder) runs = {0};
    char *traces = g_build_filename(archive->folder, RESULTS_TRACES, NULL);
    GDir *listing = g_dir_open(traces, 0, NULL);
    struct run_folder run;
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (results_parse_run(name, &run.point, &run.replication))
            vector_push(&runs, run);
    if (runs.count)
        qsort(runs.at, runs.count, sizeof *runs.at, compare_runs);
    for (size_t r = 0; r < runs.count; r++)
        for (enum table table = 0; table < TABLES; table++)
            add_table(files, archive, runs.at[r], table);
    if (listing)
        g_dir_close(listing);
    g_free(traces);
    vector_release(&runs);
}

/*
 * Of a table that runs share only its kind is told: which process wrote which file, and how many there are, depends on
 * who carried out the runs.
 */
static void add_shared_table(struct archive_files *files, enum table table)
{
    struct table_info info = table_info(table);
    files->of_shared[table] = columns_of_trace(table, true);
    struct archive_file file = {
        .path = g_strdup_printf(RESULTS_TRACES "/%s-*" PACKED_ENDING, info.name),
        .table = g_strdup_printf(RESULTS_TRACES "-%s", info.name),
        .meaning = info.meaning,
        .media_type = "application/zstd",
        .columns = files->of_shared[table],
        .shared = true,
    };
    vector_push(&files->files, file);
}

/* The tables that have rows of any run; a process may have begun one and kept none. */
static bool add_shared(struct archive_files *files, const struct archive *archive, GError **error)
{
    struct kept_tables *kept = kept_tables_read(archive->folder, error);
    for (size_t t = 0; kept && t < kept->list.count; t++) {
        const struct kept_table *one = &kept->list.at[t];
        if (one->packed.runs.count && !files->of_shared[one->table])
            add_shared_table(files, one->table);
    }
    bool fine = kept != NULL;
    kept_tables_free(kept);
    return fine;
}

bool archive_files_init(struct archive_files *files, const struct archive *archive, GError **error)
{
    *files = (struct archive_files){0};
    add_results(files, archive);
    add_inputs(files, archive);
    add_traces(files, archive);
    return add_shared(files, archive, error);
}

void archive_files_release(struct archive_files *files)
{
    for (size_t f = 0; f < files->files.count; f++) {
        g_free(files->files.at[f].path);
        g_free(files->files.at[f].table);
        g_free(files->files.at[f].sha256);
    }
    vector_release(&files->files);
    for (int name = 0; name < RESULTS_FILES; name++)
        columns_free(files->of_results[name]);
    for (int table = 0; table < TABLES; table++)
        columns_free(files->of_traces[table]);
    for (int table = 0; table < TABLES; table++)
        columns_free(files->of_shared[table]);
}
