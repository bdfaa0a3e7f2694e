/* SPDX-License-Identifier: MIT */
/*
 * What --force removes: known names at known places, never a folder with all that is in it. Tables are those of
 * record/table.h, plain or compressed; the files of figures are removed by sim/report, which knows them.
 */
#include "experiment/journal.h"
#include "experiment/journal_parts.h"
#include "experiment/kept.h"
#include "experiment/results.h"
#include "record/table.h"
#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define COMPRESSED ".zst"

static bool remove_file(const char *folder, const char *name, GError **error)
{
    char *path = g_build_filename(folder, name, NULL);
    bool gone = g_unlink(path) == 0 || errno == ENOENT;
    int code = errno;
    if (!gone)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot remove %s: %s", path,
                    g_strerror(code));
    g_free(path);
    return gone;
}

/* Whether a file of that name is one of `names`, or is to become one. */
static bool is_among(const char *name, const char *const *names)
{
    char *final = temporary_final_name(name);
    bool found = g_strv_contains(names, final ? final : name);
    g_free(final);
    return found;
}

/* The names in a folder, so that it can change while one goes through them; g_strfreev it. */
static char **names_in(const char *folder)
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new();
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_add(names, NULL);
    if (listing)
        g_dir_close(listing);
    return (char **)g_ptr_array_free(names, FALSE);
}

bool results_clear_folder(const char *folder, const char *const *names, GError **error)
{
    char **there = names_in(folder);
    bool fine = true;
    for (char **name = there; *name && fine; name++)
        if (is_among(*name, names))
            fine = remove_file(folder, *name, error);
    g_strfreev(there);
    g_rmdir(folder); /* fails, as it should, where anything is left */
    return fine;
}

/* Every name that a table can have. */
static GPtrArray *table_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (enum table table = 0; table < TABLES; table++) {
        char *plain = g_strdup(table_info(table).file);
        if (g_str_has_suffix(plain, COMPRESSED))
            plain[strlen(plain) - strlen(COMPRESSED)] = '\0';
        g_ptr_array_add(names, plain);
        g_ptr_array_add(names, g_strconcat(plain, COMPRESSED, NULL));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

bool results_clear_tables(const char *folder, GError **error)
{
    GPtrArray *names = table_names();
    bool fine = results_clear_folder(folder, (const char *const *)names->pdata, error);
    g_ptr_array_free(names, TRUE);
    return fine;
}

/* The tables that runs share. */
static bool clear_shared(const char *folder, GError **error)
{
    char *traces = g_build_filename(folder, RESULTS_TRACES, NULL);
    char **there = names_in(traces);
    bool fine = true;
    for (char **name = there; *name && fine; name++)
        if (kept_is_name(*name))
            fine = remove_file(traces, *name, error);
    g_strfreev(there);
    g_free(traces);
    return fine;
}

/* The tables of all runs below `folder`/`place`. */
static bool clear_runs(const char *folder, const char *place, GError **error)
{
    char *below = g_build_filename(folder, place, NULL);
    char **runs = names_in(below);
    bool fine = true;
    for (char **run = runs; *run && fine; run++) {
        uint64_t point;
        uint32_t replication;
        if (!results_parse_run(*run, &point, &replication))
            continue;
        char *path = g_build_filename(below, *run, NULL);
        fine = results_clear_tables(path, error);
        g_free(path);
    }
    g_strfreev(runs);
    g_rmdir(below);
    g_free(below);
    return fine;
}

static bool is_of_journal(const char *name)
{
    char *final = temporary_final_name(name);
    bool is = g_str_has_suffix(final ? final : name, JOURNAL_ENDING) ||
              g_str_has_suffix(final ? final : name, JOURNAL_DONE_ENDING);
    g_free(final);
    return is;
}

static bool clear_journal(const char *folder, GError **error)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    char **there = names_in(journals);
    bool fine = true;
    for (char **name = there; *name && fine; name++)
        if (is_of_journal(*name))
            fine = remove_file(journals, *name, error);
    g_strfreev(there);
    g_rmdir(journals);
    g_free(journals);
    return fine;
}

/* What lies in the directory itself, but what a run replaces as it begins; of that only what never became whole. */
static bool clear_files(const char *folder, GError **error)
{
    char **there = names_in(folder);
    bool fine = true;
    for (char **name = there; *name && fine; name++) {
        bool is_replaced =
            g_strv_contains(results_files, *name) && !g_strv_contains(results_files + RESULTS_RUNS, *name);
        if (!is_replaced && is_among(*name, results_files))
            fine = remove_file(folder, *name, error);
    }
    g_strfreev(there);
    return fine;
}

/* Copies of inputs stay until the run replaces them, which may read them; what never became one goes. */
static bool clear_inputs(const char *folder, GError **error)
{
    char *copies = g_build_filename(folder, RESULTS_INPUTS, NULL);
    char **there = names_in(copies);
    struct inputs inputs;
    bool fine = true;
    inputs_read(&inputs, folder);
    for (char **name = there; *name && fine; name++) {
        char *final = temporary_final_name(*name), *copy = g_strconcat(RESULTS_INPUTS "/", final, NULL);
        if (final && inputs_have_copy(&inputs, copy))
            fine = remove_file(copies, *name, error);
        g_free(copy);
        g_free(final);
    }
    inputs_release(&inputs);
    g_strfreev(there);
    g_free(copies);
    return fine;
}

bool results_clear(const char *folder, GError **error)
{
    return results_may_replace(folder, error) && clear_files(folder, error) && clear_shared(folder, error) &&
           clear_runs(folder, RESULTS_TRACES, error) && clear_runs(folder, RESULTS_REPLAYS, error) &&
           clear_journal(folder, error) && clear_inputs(folder, error);
}
