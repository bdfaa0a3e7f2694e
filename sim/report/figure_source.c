/* SPDX-License-Identifier: MIT */
#include "report/figure_source.h"

#include "base/vector.h"
#include "experiment/results.h"
#include "report/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_SEED_IN_DECIMAL 0xffffffffffff

static bool parse_run(const char *name, struct figure_run *run)
{
    *run = (struct figure_run){.until_ns = TIME_NEVER};
    return results_parse_run(name, &run->point, &run->replication);
}

static void run_release(struct figure_run *run)
{
    g_free(run->folder);
    g_free(run->replay);
}

static int compare_runs(const void *first, const void *second)
{
    const struct figure_run *a = first, *b = second;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    return (a->replication > b->replication) - (a->replication < b->replication);
}

/* Adds the runs that have a folder in traces/ or replay/ and that are not among the first `known` already. */
static void add_runs(struct figure_source *source, const char *where, size_t known)
{
    char *path = g_build_filename(source->folder, where, NULL);
    GDir *listing = g_dir_open(path, 0, NULL);
    struct figure_run run;
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        bool is_new = parse_run(name, &run);
        for (size_t i = 0; i < known && is_new; i++)
            is_new = compare_runs(&source->runs[i], &run) != 0;
        if (!is_new)
            continue;
        run.folder = g_build_filename(source->folder, RESULTS_TRACES, name, NULL);
        run.replay = g_build_filename(source->folder, RESULTS_REPLAYS, name, NULL);
        source->runs = g_renew(struct figure_run, source->runs, source->run_count + 1);
        source->runs[source->run_count++] = run;
    }
    if (listing)
        g_dir_close(listing);
    g_free(path);
}

/* By point and replication: every run that has traces, and those that were replayed if there is none, or one is named.
 */
static bool list_runs(struct figure_source *source, bool named, GError **error)
{
    char *table = g_build_filename(source->folder, results_files[RESULTS_RUNS], NULL);
    bool is_results = g_file_test(table, G_FILE_TEST_EXISTS);
    g_free(table);
    add_runs(source, RESULTS_TRACES, 0);
    if (source->run_count == 0 || named)
        add_runs(source, RESULTS_REPLAYS, source->run_count);
    if (source->run_count)
        qsort(source->runs, source->run_count, sizeof *source->runs, compare_runs);
    else if (!is_results)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s has no traces to make figures of: is it a results directory of `posim run`?", source->folder);
    return source->run_count || is_results;
}

/* Keeps the runs from `first` that are `count`, frees the others. */
static void keep_runs(struct figure_source *source, size_t first, size_t count)
{
    for (size_t i = 0; i < source->run_count; i++)
        if (i < first || i >= first + count)
            run_release(&source->runs[i]);
    memmove(source->runs, source->runs + first, count * sizeof *source->runs);
    source->run_count = count;
}

static void keep_first_point(struct figure_source *source)
{
    size_t count = 0;
    while (count < source->run_count && source->runs[count].point == source->runs[0].point)
        count++;
    keep_runs(source, 0, count);
}

static bool keep_one(struct figure_source *source, const char *run, GError **error)
{
    struct figure_run wanted;
    if (!parse_run(run, &wanted)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "a run is written POINT-REPLICATION, such as 0-0, not `%s`", run);
        return false;
    }
    for (size_t i = 0; i < source->run_count; i++)
        if (compare_runs(&source->runs[i], &wanted) == 0) {
            keep_runs(source, i, 1);
            return true;
        }
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s has no traces of run %s; those of a run are made by\n  posim replay %s %s", source->folder, run,
                source->folder, run);
    return false;
}

static size_t count_points(const struct figure_source *source)
{
    size_t points = source->run_count > 0;
    for (size_t i = 1; i < source->run_count; i++)
        points += source->runs[i].point != source->runs[i - 1].point;
    return points;
}

/* What runs.csv says; results without it still make figures, which then say less. */
static bool read_runs(struct figure_source *source, GError **error)
{
    static const char *const columns[] = {"point", "replication", "seed", "simulated_s", NULL};
    enum { POINT, REPLICATION, SEED, SIMULATED };
    char *path = g_build_filename(source->folder, results_files[RESULTS_RUNS], NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    struct rows *rows = there ? rows_open(path, columns, error) : NULL;
    g_free(path);
    if (!rows)
        return !there;
    while (rows_next(rows)) {
        if (!source->seed && !rows_missing(rows, SEED))
            source->seed = g_strdup(rows_text(rows, SEED));
        double seconds = rows_real(rows, SIMULATED);
        for (size_t i = 0; i < source->run_count; i++)
            if (source->runs[i].point == rows_number(rows, POINT) &&
                source->runs[i].replication == rows_number(rows, REPLICATION) && seconds >= 0 && seconds < 9e9)
                source->runs[i].until_ns = (time_ns)(seconds * (double)SECOND + 0.5);
    }
    return rows_close(rows, error);
}

bool figure_source_open(struct figure_source *source, const char *folder, const char *run, GError **error)
{
    *source = (struct figure_source){.folder = g_strdup(folder), .height = HEIGHT_ANY};
    bool fine = list_runs(source, run != NULL, error);
    if (fine) {
        source->points = count_points(source);
        if (run)
            fine = keep_one(source, run, error);
        else if (source->run_count)
            keep_first_point(source);
    }
    fine = fine && read_runs(source, error);
    if (!fine)
        figure_source_release(source);
    return fine;
}

void figure_source_release(struct figure_source *source)
{
    for (size_t i = 0; i < source->run_count; i++)
        run_release(&source->runs[i]);
    g_free(source->runs);
    g_free(source->seed);
    g_free(source->folder);
    *source = (struct figure_source){0};
}

char *figure_source_path(const struct figure_run *run, enum table table)
{
    char *recorded = g_build_filename(run->folder, table_info(table).file, NULL);
    if (g_file_test(recorded, G_FILE_TEST_EXISTS))
        return recorded;
    char *replayed = g_build_filename(run->replay, table_info(table).file, NULL);
    bool there = g_file_test(replayed, G_FILE_TEST_EXISTS);
    g_free(there ? recorded : replayed);
    return there ? replayed : recorded;
}

struct rows *figure_source_rows(const struct figure_run *run, enum table table, const char *const *columns,
                                GError **error)
{
    char *path = figure_source_path(run, table);
    struct rows *rows = rows_open(path, columns, error);
    g_free(path);
    return rows;
}

bool figure_source_has(const struct figure_source *source, enum table table, bool every_run)
{
    bool all = true;
    for (size_t i = 0; i < (every_run ? source->run_count : 1) && all; i++) {
        char *path = figure_source_path(&source->runs[i], table);
        all = g_file_test(path, G_FILE_TEST_EXISTS);
        g_free(path);
    }
    return all;
}

uint64_t figure_source_validators(const struct figure_source *source)
{
    static const char *const columns[] = {"chain", NULL};
    char *path = figure_source_path(&source->runs[0], TABLE_VALIDATORS);
    struct rows *rows = rows_open(path, columns, NULL);
    uint64_t count = 0;
    while (rows && rows_next(rows))
        count += rows_number(rows, 0) == source->chain;
    if (rows)
        rows_close(rows, NULL);
    g_free(path);
    return count;
}

void figure_source_append_seed(const struct figure_source *source, GString *note)
{
    guint64 seed;
    if (!source->seed)
        return;
    bool number = g_str_has_prefix(source->seed, "0x") &&
                  g_ascii_string_to_unsigned(source->seed + 2, 16, 0, LARGEST_SEED_IN_DECIMAL, &seed, NULL);
    if (number)
        g_string_append_printf(note, "; seed %" G_GUINT64_FORMAT, seed);
    else
        g_string_append_printf(note, "; seed %s", source->seed);
}

char *figure_source_note(const struct figure_source *source, bool pooled)
{
    GString *note = g_string_new(NULL);
    uint64_t validators = figure_source_validators(source);
    if (validators)
        g_string_append_printf(note, "; %" G_GUINT64_FORMAT " validator%s", validators, validators == 1 ? "" : "s");
    if (source->chain)
        g_string_append_printf(note, "; chain %u", source->chain);
    figure_source_append_seed(source, note);
    const struct figure_run *first = &source->runs[0];
    if (source->points > 1)
        g_string_append_printf(note, "; point %" G_GUINT64_FORMAT, first->point);
    if (pooled && source->run_count > 1)
        g_string_append_printf(note, "; %zu runs", source->run_count);
    else
        g_string_append_printf(note, "; run %" G_GUINT64_FORMAT "-%u", first->point, first->replication);
    g_string_erase(note, 0, 2);
    return g_string_free(note, FALSE);
}
