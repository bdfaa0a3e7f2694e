/* SPDX-License-Identifier: MIT */
#include "report/rows.h"

#include "base/csv_record.h"
#include "base/ids.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#define CHUNK 262144

G_DEFINE_QUARK(posim - rows - error - quark, rows_error)

struct rows {
    char *path;
    FILE *file;
    uint64_t left;         /* bytes to read of it, here */
    struct rows_part part; /* of these what comes after that: nothing, where it is empty */
    ZSTD_DStream *frames;  /* NULL: the file is plain */
    char *packed;          /* what was read of a compressed file */
    ZSTD_inBuffer input;
    bool in_frame; /* the frame has not ended yet */
    bool ended;    /* nothing follows what is in `text` */
    char *text;    /* from `begin` to `end` what has not been handed out */
    size_t begin, end, room;
    uint64_t line, next_line; /* where the record begins, and the one after it */
    struct csv_cells cells;
    size_t *place; /* of each wanted column among the cells */
    size_t wanted, width;
    const char *const *columns;
    GError *error;
};

static void refuse(struct rows *rows, enum rows_error code, const char *message)
{
    if (!rows->error)
        g_set_error(&rows->error, ROWS_ERROR, (gint)code, "%s:%" G_GUINT64_FORMAT ": %s", rows->path, rows->line,
                    message);
}

static size_t read_plain(struct rows *rows, char *to, size_t room)
{
    if (rows->left == 0 && rows->part.end > rows->part.begin) {
        fseeko(rows->file, (off_t)rows->part.begin, SEEK_SET);
        rows->left = rows->part.end - rows->part.begin;
        rows->part.end = rows->part.begin;
    }
    size_t read = fread(to, 1, (size_t)MIN(room, rows->left), rows->file);
    rows->left -= read;
    if (ferror(rows->file))
        refuse(rows, ROWS_ERROR_READ, g_strerror(errno));
    return read;
}

static size_t read_packed(struct rows *rows, char *to, size_t room)
{
    ZSTD_outBuffer output = {to, room, 0};
    while (output.pos == 0 && !rows->error) {
        if (rows->input.pos == rows->input.size) {
            rows->input = (ZSTD_inBuffer){rows->packed, read_plain(rows, rows->packed, CHUNK), 0};
            if (rows->input.size == 0) {
                if (rows->in_frame)
                    refuse(rows, ROWS_ERROR_READ, "the compressed file is cut short");
                break;
            }
        }
        size_t left = ZSTD_decompressStream(rows->frames, &output, &rows->input);
        if (ZSTD_isError(left))
            refuse(rows, ROWS_ERROR_READ, ZSTD_getErrorName(left));
        rows->in_frame = left != 0;
    }
    return output.pos;
}

/* More text behind what there is; one byte is left for a closing zero. */
static void fill(struct rows *rows)
{
    memmove(rows->text, rows->text + rows->begin, rows->end - rows->begin);
    rows->end -= rows->begin;
    rows->begin = 0;
    if (rows->room < rows->end + CHUNK + 1) {
        rows->room = 2 * rows->end + CHUNK + 1;
        rows->text = g_realloc(rows->text, rows->room);
    }
    size_t read = rows->frames ? read_packed(rows, rows->text + rows->end, CHUNK)
                               : read_plain(rows, rows->text + rows->end, CHUNK);
    rows->end += read;
    rows->ended = read == 0;
}

/* The length of the record at `begin`, without its line end; fills as it needs. False at the end of the table. */
static bool find_record(struct rows *rows, size_t *length)
{
    size_t at = 0;
    bool quoted = false;
    for (;; at++) {
        if (rows->begin + at == rows->end) {
            if (!rows->ended)
                fill(rows);
            if (rows->error)
                return false;
            if (rows->begin + at == rows->end) {
                if (quoted)
                    refuse(rows, ROWS_ERROR_READ, "a quoted cell does not end");
                *length = at;
                return at > 0 && !quoted;
            }
        }
        char c = rows->text[rows->begin + at];
        quoted ^= c == '"';
        if (c == '\n' && !quoted) {
            *length = at;
            return true;
        }
    }
}

/* Takes the record apart that the text holds from `begin` on. */
static bool take_apart(struct rows *rows, char *record)
{
    uint64_t line = rows->line;
    char *at = record;
    vector_clear(&rows->cells.list);
    const char *wrong = csv_record_read(&at, &line, &rows->cells);
    rows->next_line = line + 1;
    if (!wrong && *at)
        wrong = "a quote, or a line's end, stands within a cell that is not quoted";
    else if (wrong)
        rows->line = line;
    if (wrong)
        refuse(rows, ROWS_ERROR_READ, wrong);
    return !wrong;
}

/* Blank lines are skipped. */
static bool next_record(struct rows *rows)
{
    size_t length;
    char *record;
    rows->line = rows->next_line;
    do {
        if (rows->error || !find_record(rows, &length))
            return false;
        record = rows->text + rows->begin;
        rows->begin = MIN(rows->begin + length + 1, rows->end);
        length -= length && record[length - 1] == '\r';
        record[length] = '\0';
        rows->line += length == 0;
    } while (length == 0);
    return take_apart(rows, record);
}

static bool find_columns(struct rows *rows)
{
    rows->next_line = 1;
    if (!next_record(rows)) {
        rows->line = 1;
        refuse(rows, ROWS_ERROR_READ, CSV_EMPTY);
        return false;
    }
    rows->width = rows->cells.list.count;
    for (size_t wanted = 0; wanted < rows->wanted; wanted++) {
        size_t column = 0;
        while (column < rows->width && strcmp(rows->cells.list.at[column], rows->columns[wanted]) != 0)
            column++;
        if (column == rows->width) {
            char *message = csv_no_column(rows->columns[wanted], (const char *const *)rows->cells.list.at, rows->width);
            g_set_error(&rows->error, ROWS_ERROR, ROWS_ERROR_COLUMN, "%s: %s", rows->path, message);
            g_free(message);
            return false;
        }
        rows->place[wanted] = column;
    }
    return true;
}

struct rows *rows_open(const char *path, const char *const *columns, GError **error)
{
    struct rows_part whole = {.header_end = UINT64_MAX};
    return rows_open_part(path, whole, columns, error);
}

struct rows *rows_open_part(const char *path, struct rows_part part, const char *const *columns, GError **error)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        g_set_error(error, ROWS_ERROR, ROWS_ERROR_READ, "cannot read a table: %s: %s", path, g_strerror(errno));
        return NULL;
    }
    struct rows *rows = g_new0(struct rows, 1);
    rows->path = g_strdup(path);
    rows->file = file;
    rows->left = part.header_end;
    rows->part = part;
    rows->columns = columns;
    while (columns[rows->wanted])
        rows->wanted++;
    rows->place = g_new0(size_t, rows->wanted + 1);
    if (g_str_has_suffix(path, ".zst")) {
        rows->frames = ZSTD_createDStream();
        rows->packed = g_malloc(CHUNK);
        rows->in_frame = true;
    }
    rows->room = CHUNK + 1;
    rows->text = g_malloc(rows->room);
    if (find_columns(rows))
        return rows;
    rows_close(rows, error);
    return NULL;
}

bool rows_next(struct rows *rows)
{
    if (!next_record(rows))
        return false;
    if (rows->cells.list.count == rows->width)
        return true;
    char *message = csv_wrong_width(rows->cells.list.count, rows->width);
    refuse(rows, ROWS_ERROR_READ, message);
    g_free(message);
    return false;
}

bool rows_next_where(struct rows *rows, size_t column, uint64_t number)
{
    while (rows_next(rows))
        if (rows_number(rows, column) == number)
            return true;
    return false;
}

const char *rows_path(const struct rows *rows)
{
    return rows->path;
}

bool rows_close(struct rows *rows, GError **error)
{
    bool fine = rows->error == NULL;
    if (!fine)
        g_propagate_error(error, rows->error);
    fclose(rows->file);
    ZSTD_freeDStream(rows->frames);
    vector_release(&rows->cells.list);
    g_free(rows->packed);
    g_free(rows->text);
    g_free(rows->place);
    g_free(rows->path);
    g_free(rows);
    return fine;
}

const char *rows_text(const struct rows *rows, size_t column)
{
    return rows->cells.list.at[rows->place[column]];
}

bool rows_equal(const struct rows *rows, size_t column, const char *text)
{
    return strcmp(rows_text(rows, column), text) == 0;
}

bool rows_missing(const struct rows *rows, size_t column)
{
    return rows_equal(rows, column, "NA");
}

static void refuse_cell(struct rows *rows, size_t column, const char *wanted)
{
    char *message =
        g_strdup_printf("column %s: \"%s\" is not %s", rows->columns[column], rows_text(rows, column), wanted);
    refuse(rows, ROWS_ERROR_CELL, message);
    g_free(message);
}

uint64_t rows_number(struct rows *rows, size_t column)
{
    const char *text = rows_text(rows, column);
    bool hex = g_str_has_prefix(text, "0x");
    guint64 value;
    if (g_ascii_string_to_unsigned(hex ? text + 2 : text, hex ? 16 : 10, 0, UINT64_MAX, &value, NULL))
        return value;
    refuse_cell(rows, column, "a number");
    return 0;
}

uint32_t rows_id(struct rows *rows, size_t column)
{
    if (rows_missing(rows, column))
        return ID_NONE;
    uint64_t value = rows_number(rows, column);
    if (value < ID_NONE)
        return (uint32_t)value;
    refuse_cell(rows, column, "a number below 4294967295");
    return 0;
}

/* At most nine decimals count: a time_ns has no more. */
time_ns rows_time(struct rows *rows, size_t column)
{
    if (rows_missing(rows, column))
        return TIME_NEVER;
    const char *at = rows_text(rows, column);
    bool negative = *at == '-';
    at += negative;
    time_ns value = 0;
    bool digits = false;
    for (; g_ascii_isdigit(*at) && value < TIME_NEVER / 100 / SECOND; at++, digits = true)
        value = 10 * value + (*at - '0');
    value *= SECOND;
    at += *at == '.';
    for (time_ns unit = SECOND / 10; g_ascii_isdigit(*at); at++, unit /= 10, digits = true)
        value += unit * (*at - '0');
    if (*at || !digits)
        refuse_cell(rows, column, "a number of seconds");
    return negative ? -value : value;
}

double rows_real(struct rows *rows, size_t column)
{
    if (rows_missing(rows, column))
        return NAN;
    const char *text = rows_text(rows, column);
    char *behind;
    double value = g_ascii_strtod(text, &behind);
    if (*behind || behind == text || !isfinite(value))
        refuse_cell(rows, column, "a number");
    return value;
}
