/* SPDX-License-Identifier: MIT */
#include "experiment/journal_lost.h"

#include "experiment/journal.h"
#include "experiment/results.h"
#include "experiment/runs_table.h"

#include <string.h>

/* Whether there is anything behind its first line. */
static bool has_record(const char *path)
{
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    size_t size = file ? g_mapped_file_get_length(file) : 0;
    const char *bytes = size ? g_mapped_file_get_contents(file) : NULL;
    const char *line_end = bytes ? memchr(bytes, '\n', size) : NULL;
    bool has = size && line_end != bytes + size - 1;
    if (file)
        g_mapped_file_unref(file);
    return has;
}

/* Whether any journal of the folder but one (NULL: any at all) has a record; and how many there are. */
static bool any_has_record(const char *journals, const char *besides, size_t *files)
{
    GDir *listing = g_dir_open(journals, 0, NULL);
    bool has = false;
    *files = 0;
    for (const char *name; listing && !has && (name = g_dir_read_name(listing));) {
        if (!g_str_has_suffix(name, JOURNAL_ENDING) || g_strcmp0(name, besides) == 0)
            continue;
        char *path = g_build_filename(journals, name, NULL);
        has = has_record(path);
        ++*files;
        g_free(path);
    }
    if (listing)
        g_dir_close(listing);
    return has;
}

static bool has_tables(const char *folder)
{
    char *runs = g_build_filename(folder, results_files[RESULTS_RUNS], NULL);
    bool has = g_file_test(runs, G_FILE_TEST_EXISTS);
    g_free(runs);
    return has;
}

bool journal_is_lost(const char *folder)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    size_t files;
    /* where no point could be made there are tables, and rightly no record */
    bool lost =
        has_tables(folder) && !any_has_record(journals, NULL, &files) && (files == 0 || runs_table_has_fine(folder));
    g_free(journals);
    return lost;
}

void journal_set_damaged(GError **error, const char *path, const char *how)
{
    char *journals = g_path_get_dirname(path), *name = g_path_get_basename(path),
         *folder = g_path_get_dirname(journals);
    size_t files;
    bool is_all = has_tables(folder) && !any_has_record(journals, name, &files);
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED, "%s is damaged: %s; %s", path, how,
                is_all
                    ? "it alone has the runs of the tables beside it: restore it from a copy, or `posim run --force` "
                      "carries all of them out again"
                    : "restore it from a copy, or remove it, and `posim run --resume` carries out again what it "
                      "alone had");
    g_free(folder);
    g_free(name);
    g_free(journals);
}
