/* SPDX-License-Identifier: MIT */
#include "base/table_file.h"

#include "base/assert.h"
#include "base/stake.h"
#include "base/vector.h"

#include <string.h>

G_DEFINE_QUARK(posim - table - file - error - quark, table_file_error)

/* Where the reader is. Cells are unquoted in place: what is written never passes what is read. */
struct reader {
    const char *path;
    char *at;
    uint32_t line;
    VECTOR(const char *) cells;
    VECTOR(uint32_t) lines; /* of each row, the header's too */
};

static bool refuse_line(const struct reader *reader, uint32_t line, GError **error, const char *message)
{
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_READ, "%s:%u: %s", reader->path, line, message);
    return false;
}

/* A cell in quotes; leaves the reader behind the closing one. */
static bool read_quoted(struct reader *reader, GError **error)
{
    uint32_t began = reader->line;
    char *write = ++reader->at;
    vector_push(&reader->cells, write);
    for (; *reader->at; reader->at++) {
        if (*reader->at == '"' && reader->at[1] != '"')
            break;
        if (*reader->at == '"')
            reader->at++;
        reader->line += *reader->at == '\n';
        *write++ = *reader->at;
    }
    if (!*reader->at)
        return refuse_line(reader, began, error, "a quoted cell does not end");
    reader->at++;
    if (*reader->at && !strchr(",\r\n", *reader->at))
        return refuse_line(reader, reader->line, error, "text follows the closing quote of a cell");
    *write = '\0';
    return true;
}

/* One line's cells; leaves the reader at the start of the next line. */
static bool read_row(struct reader *reader, GError **error)
{
    vector_push(&reader->lines, reader->line);
    for (;;) {
        if (*reader->at == '"') {
            if (!read_quoted(reader, error))
                return false;
        } else {
            vector_push(&reader->cells, reader->at);
            reader->at += strcspn(reader->at, ",\r\n");
        }
        char ending = *reader->at;
        if (!ending)
            return true;
        *reader->at++ = '\0';
        if (ending == ',')
            continue;
        if (ending == '\r' && *reader->at == '\n')
            reader->at++;
        reader->line++;
        return true;
    }
}

/* All rows, the header first; each as wide as the header. */
static bool read_rows(struct reader *reader, size_t *width, GError **error)
{
    *width = 0;
    while (*reader->at) {
        size_t blank = strspn(reader->at, "\r\n");
        for (; blank > 0; blank--)
            reader->line += *reader->at++ == '\n';
        if (!*reader->at)
            break;
        size_t before = reader->cells.count;
        uint32_t line = reader->line;
        if (!read_row(reader, error))
            return false;
        size_t cells = reader->cells.count - before;
        if (*width == 0)
            *width = cells;
        if (cells != *width) {
            g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_READ,
                        "%s:%u: %zu cells, but the header has %zu columns", reader->path, line, cells, *width);
            return false;
        }
    }
    return *width > 0 || refuse_line(reader, 1, error, "the file is empty: a header line with column names is needed");
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
        vector_release(&reader.cells);
        vector_release(&reader.lines);
        g_free(text);
        return NULL;
    }
    struct table_file *table = g_new(struct table_file, 1);
    *table = (struct table_file){.path = g_strdup(path),
                                 .column_count = width,
                                 .row_count = reader.lines.count - 1,
                                 .cells = reader.cells.at,
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
    GString *names = g_string_new(NULL);
    for (size_t i = 0; i < table->column_count && i < 12; i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", table->cells[i]);
    if (table->column_count > 12)
        g_string_append(names, ", ...");
    g_set_error(error, TABLE_FILE_ERROR, TABLE_FILE_ERROR_COLUMN, "%s: there is no column %s: the columns are %s",
                table->path, name, names->str);
    g_string_free(names, TRUE);
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

/* Digits with at most one point; false where there is something else, or too much of it for 18 digits a side. */
static bool read_decimal(const char *text, uint64_t *whole, uint64_t *part, uint64_t *divisor)
{
    *whole = *part = 0;
    *divisor = 1;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    *whole = g_ascii_strtoull(text, NULL, 10);
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

bool table_file_number(const struct table_file *table, size_t row, size_t column, uint32_t scale, int64_t *value,
                       GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    uint64_t whole, part, divisor;
    if (!read_decimal(cell, &whole, &part, &divisor)) {
        table_file_refuse(table, row, column, error, "\"%s\" is not a number such as 12 or 85.25", cell);
        return false;
    }
    uint128 scaled = (uint128)whole * scale + ((uint128)part * scale + divisor / 2) / divisor;
    if (scaled > INT64_MAX) {
        table_file_refuse(table, row, column, error, "%s is too large", cell);
        return false;
    }
    *value = (int64_t)scaled;
    return true;
}
