/* SPDX-License-Identifier: MIT */
#include "experiment/results.h"

#include "base/assert.h"
#include "experiment/inputs.h"
#include "experiment/journal.h"
#include "experiment/lock.h"
#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

const char *const results_files[RESULTS_FILES + 1] = {
    [RESULTS_MANIFEST] = "manifest.json",
    [RESULTS_SCENARIO] = "scenario.yaml",
    [RESULTS_PLAN] = "plan.csv",
    [RESULTS_RUNS] = "runs.csv",
    [RESULTS_SUMMARY] = "summary.csv",
    [RESULTS_STEADY] = "steady_state.csv",
    [RESULTS_TIMING] = "timing.csv",
    [RESULTS_PACKAGE] = "datapackage.json",
    [RESULTS_CRATE] = "ro-crate-metadata.json",
    [RESULTS_REPORT] = "report.html",
    [RESULTS_REPORT_TEX] = "report.tex",
    [RESULTS_COMPARISON] = "comparison.html",
    [RESULTS_COMPARISON_TEX] = "comparison.tex",
    [RESULTS_SUITE] = "suite.html",
    [RESULTS_SUITE_TEX] = "suite.tex",
};

#define JSON  "application/json"
#define CSV   "text/csv"
#define LATEX "application/x-tex"

const struct results_about results_about[RESULTS_FILES] = {
    [RESULTS_MANIFEST] = {"what made the results: versions, command line, seed, hashes of every input", JSON},
    [RESULTS_SCENARIO] = {"the scenario with every key", "application/yaml"},
    [RESULTS_PLAN] = {"a row a point: the swept values", CSV},
    [RESULTS_RUNS] = {"a row a run: status, hash of its trace, verdicts, metrics", CSV},
    [RESULTS_SUMMARY] = {"a row a point and metric: mean, interval, quantiles", CSV},
    [RESULTS_STEADY] = {"a row a run and metric that is a mean of observations: its warm-up and batch means", CSV},
    [RESULTS_TIMING] = {"a row a run: the time and the memory that it took", CSV},
    [RESULTS_PACKAGE] = {"columns of every table: type, unit, meaning (Frictionless Data Package)", JSON},
    [RESULTS_CRATE] = {"what the files are and how they were made (RO-Crate)", "application/ld+json"},
    [RESULTS_REPORT] = {"one page of it all, from posim report", "text/html"},
    [RESULTS_REPORT_TEX] = {"the same as a fragment for LaTeX", LATEX},
    [RESULTS_COMPARISON] = {"a page of this and another, side by side", "text/html"},
    [RESULTS_COMPARISON_TEX] = {"the same as a fragment for LaTeX", LATEX},
    [RESULTS_SUITE] = {"a page of these and others, with what was expected of each", "text/html"},
    [RESULTS_SUITE_TEX] = {"the same as a fragment for LaTeX", LATEX},
};

static bool fail(GError **error, const char *what, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
                g_strerror(code));
    return false;
}

G_DEFINE_QUARK(posim - results - error - quark, results_error)

/* Whether a folder that can be read has nothing in it but what is `allowed`; it need not have that. */
static bool has_at_most(const char *folder, bool (*allowed)(const char *name))
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    bool only = listing != NULL;
    for (const char *found; only && (found = g_dir_read_name(listing));)
        only = allowed(found);
    if (listing)
        g_dir_close(listing);
    return only;
}

static bool is_lock(const char *name)
{
    return strcmp(name, LOCK_FILE) == 0;
}

static bool is_journal(const char *name)
{
    return strcmp(name, JOURNAL_FOLDER) == 0;
}

/* What there may be before there is a manifest. */
static bool comes_first(const char *name)
{
    char *final = temporary_final_name(name);
    bool comes =
        is_journal(name) || strcmp(name, RESULTS_INPUTS) == 0 || g_strcmp0(final, results_files[RESULTS_MANIFEST]) == 0;
    g_free(final);
    return comes;
}

/* Also where one was killed as it began: with its lock there, what comes before a manifest is nobody else's. */
static bool is_empty(const char *folder)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL),
         *lock = g_build_filename(journals, LOCK_FILE, NULL);
    bool is_ours = g_file_test(lock, G_FILE_TEST_EXISTS);
    bool none = has_at_most(folder, is_ours ? comes_first : is_journal) &&
                (!g_file_test(journals, G_FILE_TEST_EXISTS) || has_at_most(journals, is_lock));
    g_free(lock);
    g_free(journals);
    return none;
}

bool results_may_replace(const char *folder, GError **error)
{
    GError *why = NULL;
    if (is_empty(folder) || results_recognise(folder, &why))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                "%s, and --force replaces nothing else; name another directory with -o", why->message);
    g_error_free(why);
    return false;
}

bool results_open(const char *folder, bool force, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0)
        return fail(error, "make", folder);
    GDir *listing = g_dir_open(folder, 0, error);
    if (!listing)
        return false;
    g_dir_close(listing);
    if (force || is_empty(folder))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s is not empty: name another directory with -o%s", folder,
                results_recognise(folder, NULL) ? ", or replace the results in it with --force" : "");
    return false;
}

bool results_await(const char *folder, GError **error)
{
    enum { TRIES = 20, PAUSE_US = 100000 };
    for (int tries = 0; tries < TRIES; tries++) {
        if (results_recognise(folder, NULL))
            return true;
        g_usleep(PAUSE_US);
    }
    return results_recognise(folder, error);
}

static char *run_name(uint64_t point, uint32_t replication)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT "-%u", point, replication);
}

bool results_parse_run(const char *name, uint64_t *point, uint32_t *replication)
{
    char **parts = g_strsplit(name, "-", 2);
    guint64 first = 0, second = 0;
    bool fine = parts[0] && parts[1] && g_ascii_string_to_unsigned(parts[0], 10, 0, UINT64_MAX, &first, NULL) &&
                g_ascii_string_to_unsigned(parts[1], 10, 0, UINT32_MAX, &second, NULL);
    *point = first;
    *replication = (uint32_t)second;
    char *written = run_name(*point, *replication);
    fine = fine && strcmp(written, name) == 0; /* 00-1 is somebody else's */
    g_free(written);
    g_strfreev(parts);
    return fine;
}

char *results_trace_folder(const char *folder, uint64_t point, uint32_t replication)
{
    char *name = run_name(point, replication);
    char *path = g_build_filename(folder, RESULTS_TRACES, name, NULL);
    g_free(name);
    /* another process may just be removing the folder above, as it was empty */
    for (int tries = 0; g_mkdir_with_parents(path, 0777) != 0 && errno == ENOENT && tries < 1000; tries++)
        g_usleep(100);
    return path;
}

void results_drop_run(const char *folder, const char *place, uint64_t point, uint32_t replication)
{
    char *name = run_name(point, replication), *all = g_build_filename(folder, place, NULL);
    char *path = g_build_filename(all, name, NULL);
    results_clear_tables(path, NULL);
    g_rmdir(all); /* unless other runs have theirs there */
    g_free(path);
    g_free(all);
    g_free(name);
}

bool results_write_text(const char *folder, const char *name, const char *text, GError **error)
{
    REQUIRE(g_strv_contains(results_files, name));
    char *path = g_build_filename(folder, name, NULL);
    bool written = temporary_write_text(path, text, error);
    g_free(path);
    return written;
}
