/* SPDX-License-Identifier: MIT */
/*
 * Reads tables that users bring: CSV (RFC 4180) with a header line, UTF-8 with or without a byte order mark, lines
 * ending in LF or CRLF. Columns are found by name. A table is read whole and owns its texts; every error names the
 * file, and the line and column where there is one.
 */
#ifndef POSIM_BASE_TABLE_FILE_H
#define POSIM_BASE_TABLE_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_FILE_ERROR (table_file_error_quark())
GQuark table_file_error_quark(void);

enum table_file_error {
    TABLE_FILE_ERROR_READ,   /* the file cannot be read, or is not such a table */
    TABLE_FILE_ERROR_COLUMN, /* there is no column of that name */
    TABLE_FILE_ERROR_CELL,   /* a cell does not hold what it should */
};

struct table_file {
    char *path;
    size_t column_count;
    size_t row_count;   /* without the header; blank lines are skipped */
    const char **cells; /* row by row, the header first; inside `text` */
    uint32_t *lines;    /* by row: its line in the file, from 1 */
    char *text;
};

/* NULL and an error where the file cannot be read, is empty, or a row has more or fewer cells than the header. */
struct table_file *table_file_read(const char *path, GError **error);
void table_file_free(struct table_file *table);

const char *table_file_header(const struct table_file *table, size_t column);
const char *table_file_cell(const struct table_file *table, size_t row, size_t column);

/* The first column of that name; false where there is none. */
bool table_file_find(const struct table_file *table, const char *name, size_t *column);

/* The same, with an error that lists the columns there are. */
bool table_file_need(const struct table_file *table, const char *name, size_t *column, GError **error);

/* A number that is not negative, such as 12 or 85.0989, times `scale`, to the nearest integer (halves upwards). */
bool table_file_number(const struct table_file *table, size_t row, size_t column, uint32_t scale, int64_t *value,
                       GError **error);

/* Whether such a number is above 0, however large it is. */
bool table_file_positive(const struct table_file *table, size_t row, size_t column, bool *positive, GError **error);

/* Sets an error about one cell: what is wrong with it, after file, line and column. */
void table_file_refuse(const struct table_file *table, size_t row, size_t column, GError **error, const char *format,
                       ...) G_GNUC_PRINTF(5, 6);

#endif
