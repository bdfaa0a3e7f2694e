/* SPDX-License-Identifier: MIT */
#include "experiment/runs_table.h"

#include "base/csv_record.h"
#include "experiment/results.h"
#include "experiment/run.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Where the columns are that matter. */
enum { POINT, REPLICATION, STATUS, VERDICT, COLUMNS = VERDICT + VERDICTS };

struct reader {
    const char *path;
    FILE *stream;
    GString *record;
    uint64_t line;
    struct csv_cells cells;
    size_t width;
    size_t columns[COLUMNS];
};

static bool refuse(const struct reader *reader, GError **error, const char *what)
{
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED, "%s:%" G_GUINT64_FORMAT ": %s", reader->path, reader->line,
                what);
    return false;
}

static bool is_open_quote(const GString *record)
{
    bool open = false;
    for (const char *at = record->str; *at; at++)
        open ^= *at == '"';
    return open;
}

/* The next record, which may have several lines; false at the end. */
static bool read_text(struct reader *reader)
{
    char *line = NULL;
    size_t room = 0;
    g_string_truncate(reader->record, 0);
    do {
        ssize_t length = getline(&line, &room, reader->stream);
        if (length < 0)
            break;
        g_string_append_len(reader->record, line, length);
    } while (is_open_quote(reader->record));
    free(line);
    return reader->record->len > 0;
}

/* Takes it apart; false and an error, or at the end. */
static bool read_cells(struct reader *reader, GError **error)
{
    if (!read_text(reader))
        return false;
    char *at = reader->record->str;
    reader->cells.list.count = 0;
    const char *wrong = csv_record_read(&at, &reader->line, &reader->cells);
    if (wrong)
        return refuse(reader, error, wrong);
    if (reader->width == 0 || reader->cells.list.count == reader->width)
        return true;
    char *width = csv_wrong_width(reader->cells.list.count, reader->width);
    refuse(reader, error, width);
    g_free(width);
    return false;
}

static bool find_column(struct reader *reader, size_t column, const char *name, GError **error)
{
    const struct csv_cells *cells = &reader->cells;
    for (size_t c = 0; c < cells->list.count; c++)
        if (strcmp(cells->list.at[c], name) == 0) {
            reader->columns[column] = c;
            return true;
        }
    char *missing = csv_no_column(name, (const char *const *)cells->list.at, cells->list.count);
    refuse(reader, error, missing);
    g_free(missing);
    return false;
}

static bool read_header(struct reader *reader, GError **error)
{
    GError *problem = NULL;
    if (!read_cells(reader, &problem)) {
        if (problem)
            g_propagate_error(error, problem);
        return problem ? false : refuse(reader, error, CSV_EMPTY);
    }
    bool fine = find_column(reader, POINT, "point", error) && find_column(reader, REPLICATION, "replication", error) &&
                find_column(reader, STATUS, "status", error);
    for (int v = 0; v < VERDICTS && fine; v++)
        fine = find_column(reader, VERDICT + (size_t)v, run_verdict_name((enum verdict_id)v), error);
    reader->width = reader->cells.list.count;
    return fine;
}

static const char *cell(const struct reader *reader, size_t column)
{
    return reader->cells.list.at[reader->columns[column]];
}

static struct told_run told(const struct reader *reader)
{
    struct told_run run = {
        .job = {g_ascii_strtoull(cell(reader, POINT), NULL, 10),
                (uint32_t)g_ascii_strtoull(cell(reader, REPLICATION), NULL, 10)},
        .fine = strcmp(cell(reader, STATUS), "fine") == 0,
    };
    for (size_t v = 0; v < VERDICTS; v++)
        run.violated |= strcmp(cell(reader, VERDICT + v), "fail") == 0;
    return run;
}

static bool read_runs(struct reader *reader, runs_table_take *take, void *user, GError **error)
{
    GError *problem = NULL;
    bool goes_on = read_header(reader, &problem);
    while (goes_on && read_cells(reader, &problem)) {
        struct told_run run = told(reader);
        goes_on = take(user, &run);
    }
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

bool runs_table_each(const char *folder, runs_table_take *take, void *user, GError **error)
{
    char *path = g_build_filename(folder, results_files[RESULTS_RUNS], NULL);
    struct reader reader = {.path = path, .stream = g_fopen(path, "re"), .line = 1};
    int code = errno;
    bool fine = reader.stream != NULL;
    if (fine) {
        reader.record = g_string_new(NULL);
        fine = read_runs(&reader, take, user, error);
        fclose(reader.stream);
        g_string_free(reader.record, TRUE);
        vector_release(&reader.cells.list);
    } else {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot read %s: %s", path,
                    g_strerror(code));
    }
    g_free(path);
    return fine;
}

static bool note_fine(void *user, const struct told_run *run)
{
    bool *has = user;
    *has = run->fine;
    return !*has;
}

bool runs_table_has_fine(const char *folder)
{
    bool has = false;
    runs_table_each(folder, note_fine, &has, NULL);
    return has;
}
