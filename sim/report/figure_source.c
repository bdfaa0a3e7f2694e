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

static bool is_power_of_two(size_t count)
{
    return (count & (count - 1)) == 0;
}

static void add_run(struct figure_source *source, uint64_t point, uint32_t replication)
{
    char *name = g_strdup_printf("%" G_GUINT64_FORMAT "-%u", point, replication);
    struct figure_run run = {
        .point = point,
        .replication = replication,
        .folder = g_build_filename(source->folder, RESULTS_TRACES, name, NULL),
        .replay = g_build_filename(source->folder, RESULTS_REPLAYS, name, NULL),
        .kept = source->kept,
        .until_ns = TIME_NEVER,
    };
    if (is_power_of_two(source->run_count))
        source->runs = g_renew(struct figure_run, source->runs, 2 * source->run_count + 1);
    source->runs[source->run_count++] = run;
    g_free(name);
}

/* The runs that have a folder in traces/ or replay/. */
static void add_folders(struct figure_source *source, const char *where)
{
    char *path = g_build_filename(source->folder, where, NULL);
    GDir *listing = g_dir_open(path, 0, NULL);
    struct figure_run run;
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (parse_run(name, &run))
            add_run(source, run.point, run.replication);
    if (listing)
        g_dir_close(listing);
    g_free(path);
}

static void add_kept(struct figure_source *source)
{
    for (size_t t = 0; t < source->kept->list.count; t++)
        for (size_t r = 0; r < source->kept->list.at[t].packed.runs.count; r++) {
            const struct packed_label *label = &source->kept->list.at[t].packed.runs.at[r].label;
            add_run(source, label->point, label->replication);
        }
}

/* Each once, in order. */
static void sort_runs(struct figure_source *source)
{
    size_t kept = 0;
    if (source->run_count)
        qsort(source->runs, source->run_count, sizeof *source->runs, compare_runs);
    for (size_t i = 0; i < source->run_count; i++) {
        if (kept && compare_runs(&source->runs[kept - 1], &source->runs[i]) == 0)
            run_release(&source->runs[i]);
        else
            source->runs[kept++] = source->runs[i];
    }
    source->run_count = kept;
}

/* By point and replication: every run that has traces, and those that were replayed if there is none, or one is named.
 */
static bool list_runs(struct figure_source *source, bool named, GError **error)
{
    char *table = g_build_filename(source->folder, results_files[RESULTS_RUNS], NULL);
    bool is_results = g_file_test(table, G_FILE_TEST_EXISTS);
    g_free(table);
    source->kept = kept_tables_read(source->folder, error);
    if (!source->kept)
        return false;
    add_folders(source, RESULTS_TRACES);
    add_kept(source);
    if (source->run_count == 0 || named)
        add_folders(source, RESULTS_REPLAYS);
    sort_runs(source);
    if (!source->run_count && !is_results)
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
    kept_tables_free(source->kept);
    g_free(source->seed);
    g_free(source->folder);
    *source = (struct figure_source){0};
}

/* In the run's own folder, or in that of its replay; g_free it. NULL: in neither. */
static char *path_of(const char *folder, enum table table)
{
    char *path = g_build_filename(folder, table_info(table).file, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        g_clear_pointer(&path, g_free);
    return path;
}

static const struct packed_run *find_kept(const struct figure_run *run, enum table table, const struct kept_table **in)
{
    return kept_tables_find(run->kept, table, run->point, run->replication, in);
}

struct rows *figure_source_rows(const struct figure_run *run, enum table table, const char *const *columns,
                                GError **error)
{
    const struct kept_table *in;
    const struct packed_run *kept = NULL;
    char *path = path_of(run->folder, table);
    if (!path)
        kept = find_kept(run, table, &in);
    if (kept) {
        struct rows_part part = {in->packed.header_end, kept->rows, kept->end};
        return rows_open_part(in->path, part, columns, error);
    }
    if (!path)
        path = path_of(run->replay, table);
    if (!path) /* which then is an error */
        path = g_build_filename(run->folder, table_info(table).file, NULL);
    struct rows *rows = rows_open(path, columns, error);
    g_free(path);
    return rows;
}

bool figure_source_run_has(const struct figure_run *run, enum table table)
{
    const struct kept_table *in;
    char *own = path_of(run->folder, table), *replayed = path_of(run->replay, table);
    bool has = own || replayed || find_kept(run, table, &in);
    g_free(replayed);
    g_free(own);
    return has;
}

bool figure_source_has(const struct figure_source *source, enum table table, bool every_run)
{
    bool all = true;
    for (size_t i = 0; i < (every_run ? source->run_count : 1) && all; i++)
        all = figure_source_run_has(&source->runs[i], table);
    return all;
}

uint64_t figure_source_validators(const struct figure_source *source)
{
    static const char *const columns[] = {"chain", NULL};
    struct rows *rows = figure_source_rows(&source->runs[0], TABLE_VALIDATORS, columns, NULL);
    uint64_t count = 0;
    while (rows && rows_next(rows))
        count += rows_number(rows, 0) == source->chain;
    if (rows)
        rows_close(rows, NULL);
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
