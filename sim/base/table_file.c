/* SPDX-License-Identifier: MIT */
#include "base/table_file.h"

#include "base/assert.h"
#include "base/csv_record.h"
#include "base/stake.h"
#include "base/vector.h"

#include <string.h>

G_DEFINE_QUARK(posim - table - file - error - quark, table_file_error)

/* Where the reader is. */
struct reader {
    const char *path;
    char *at;
    uint64_t line;
    struct csv_cells cells;
    VECTOR(uint32_t) lines; /* of each row, the header's too */
};

static bool refuse_line(const struct reader *reader, uint64_t line, GError **error, const char *message)
{
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_READ, "%s:%" G_GUINT64_FORMAT ": %s", reader->path, line,
                message);
    return false;
}

static void skip_blank_lines(struct reader *reader)
{
    for (; *reader->at == '\r' || *reader->at == '\n'; reader->at++)
        reader->line += *reader->at == '\n';
}

/* One row, as wide as the header where there is one (0: this is it); leaves the reader at the next line. */
static bool read_row(struct reader *reader, size_t *width, GError **error)
{
    size_t before = reader->cells.list.count;
    uint64_t line = reader->line;
    vector_push(&reader->lines, (uint32_t)line);
    const char *wrong = csv_record_read(&reader->at, &reader->line, &reader->cells);
    if (wrong)
        return refuse_line(reader, reader->line, error, wrong);
    size_t cells = reader->cells.list.count - before;
    *width = *width ? *width : cells;
    if (cells == *width)
        return true;
    char *message = csv_wrong_width(cells, *width);
    refuse_line(reader, line, error, message);
    g_free(message);
    return false;
}

/* All rows, the header first. */
static bool read_rows(struct reader *reader, size_t *width, GError **error)
{
    *width = 0;
    for (skip_blank_lines(reader); *reader->at; skip_blank_lines(reader))
        if (!read_row(reader, width, error))
            return false;
    return *width > 0 || refuse_line(reader, 1, error, CSV_EMPTY);
}

static char *load(const char *path, GError **error)
{
    char *text = NULL;
    size_t length;
    GError *inner = NULL;
    if (!g_file_get_contents(path, &text, &length, &inner)) {
        g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_READ, "cannot read a table: %s", inner->message);
        g_error_free(inner);
        return NULL;
    }
    if (g_utf8_validate(text, (gssize)length, NULL))
        return text;
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_READ, "%s: the file is not UTF-8 text", path);
    g_free(text);
    return NULL;
}

struct table_file *table_file_read(const char *path, GError **error)
{
    char *text = load(path, error);
    if (!text)
        return NULL;
    struct reader reader = {.path = path, .at = text, .line = 1};
    if (g_str_has_prefix(text, "\xef\xbb\xbf"))
        reader.at += 3;
    size_t width;
    if (!read_rows(&reader, &width, error)) {
        vector_release(&reader.cells.list);
        vector_release(&reader.lines);
        g_free(text);
        return NULL;
    }
    struct table_file *table = g_new(struct table_file, 1);
    *table = (struct table_file){.path = g_strdup(path),
                                 .column_count = width,
                                 .row_count = reader.lines.count - 1,
                                 .cells = (const char **)reader.cells.list.at,
                                 .lines = reader.lines.at,
                                 .text = text};
    return table;
}

void table_file_free(struct table_file *table)
{
    if (!table)
        return;
    g_free(table->path);
    g_free(table->cells);
    g_free(table->lines);
    g_free(table->text);
    g_free(table);
}

const char *table_file_header(const struct table_file *table, size_t column)
{
    REQUIRE(column < table->column_count);
    return table->cells[column];
}

const char *table_file_cell(const struct table_file *table, size_t row, size_t column)
{
    REQUIRE(row < table->row_count && column < table->column_count);
    return table->cells[(row + 1) * table->column_count + column];
}

bool table_file_find(const struct table_file *table, const char *name, size_t *column)
{
    for (*column = 0; *column < table->column_count; ++*column)
        if (strcmp(table->cells[*column], name) == 0)
            return true;
    return false;
}

bool table_file_need(const struct table_file *table, const char *name, size_t *column, GError **error)
{
    if (table_file_find(table, name, column))
        return true;
    char *message = csv_no_column(name, table->cells, table->column_count);
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_COLUMN, "%s: %s", table->path, message);
    g_free(message);
    return false;
}

void table_file_refuse(const struct table_file *table, size_t row, size_t column, GError **error, const char *format,
                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_CELL, "%s:%u: column %s: %s", table->path,
                table->lines[row + 1], table_file_header(table, column), message);
    g_free(message);
}

/* Digits with at most one point; those before it are as many as fit. False where there is something else, or more than
 * 18 decimals. */
static bool read_decimal(const char *text, uint64_t *whole, uint64_t *part, uint64_t *divisor)
{
    *whole = *part = 0;
    *divisor = 1;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0)
        return false;
    *whole = g_ascii_strtoull(text, NULL, 10); /* UINT64_MAX where it is more */
    if (text[digits] == '\0')
        return true;
    const char *after = text + digits + 1;
    size_t decimals = strspn(after, "0123456789");
    if (text[digits] != '.' || decimals == 0 || decimals > 18 || after[decimals])
        return false;
    *part = g_ascii_strtoull(after, NULL, 10);
    while (decimals-- > 0)
        *divisor *= 10;
    return true;
}

static void refuse_number(const struct table_file *table, size_t row, size_t column, GError **error)
{
    table_file_refuse(table, row, column, error, "\"%s\" is not a number such as 12 or 85.25",
                      table_file_cell(table, row, column));
}

bool table_file_number(const struct table_file *table, size_t row, size_t column, uint32_t scale, int64_t *value,
                       GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    uint64_t whole, part, divisor;
    if (!read_decimal(cell, &whole, &part, &divisor)) {
        refuse_number(table, row, column, error);
        return false;
    }
    uint128 scaled = (uint128)whole * scale + ((uint128)part * scale + divisor / 2) / divisor;
    if (scaled > INT64_MAX) {
        table_file_refuse(table, row, column, error, "%s is too large: at most %" G_GINT64_FORMAT, cell,
                          INT64_MAX / scale);
        return false;
    }
    *value = (int64_t)scaled;
    return true;
}

bool table_file_positive(const struct table_file *table, size_t row, size_t column, bool *positive, GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    uint64_t whole, part, divisor;
    if (!read_decimal(cell, &whole, &part, &divisor)) {
        refuse_number(table, row, column, error);
        return false;
    }
    *positive = whole > 0 || part > 0;
    return true;
}
