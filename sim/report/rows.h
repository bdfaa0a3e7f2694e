/* SPDX-License-Identifier: MIT */
/*
 * Reads a trace's tables row by row, plain or compressed (.zst), whatever their size: CSV (RFC 4180) with a header
 * line. The columns wanted are named when the table is opened and then known by their place in that list.
 *
 * Life: rows_open, rows_next until it is false, rows_close, which says whether all was well. A row's texts are valid
 * until the next call of rows_next. The first error ends the table and is kept for rows_close.
 */
#ifndef POSIM_REPORT_ROWS_H
#define POSIM_REPORT_ROWS_H

#include "base/time.h"

#include <glib.h>
#include <stdbool.h>

#define ROWS_ERROR (rows_error_quark())
GQuark rows_error_quark(void);

enum rows_error {
    ROWS_ERROR_READ,   /* the file cannot be read or is cut short */
    ROWS_ERROR_COLUMN, /* a column that is needed is not there */
    ROWS_ERROR_CELL,   /* a cell does not hold what it should */
};

struct rows;

/* `columns` ends in NULL and is kept by pointer. NULL and an error that names the file where it cannot be used. */
struct rows *rows_open(const char *path, const char *const *columns, GError **error);

/* The same of the rows from offset `begin` to `end` of a compressed file, whose header line ends at `header_end`. */
struct rows_part {
    uint64_t header_end, begin, end;
};
struct rows *rows_open_part(const char *path, struct rows_part part, const char *const *columns, GError **error);

bool rows_next(struct rows *rows);

/* The next row with that number in `column`, such as those of one chain. */
bool rows_next_where(struct rows *rows, size_t column, uint64_t number);

/* What was opened; theirs. */
const char *rows_path(const struct rows *rows);

/* Frees `rows`; false and the error where the table was not read to its end because of one. */
bool rows_close(struct rows *rows, GError **error);

/* Cells of the current row. A cell that is no such value is an error: the getter returns 0 and the table ends. */
const char *rows_text(const struct rows *rows, size_t column);
bool rows_missing(const struct rows *rows, size_t column); /* NA */
uint64_t rows_number(struct rows *rows, size_t column);    /* decimal, or 0x and hex digits */
uint32_t rows_id(struct rows *rows, size_t column);        /* ID_NONE for NA */
time_ns rows_time(struct rows *rows, size_t column);       /* seconds with decimals; TIME_NEVER for NA */
double rows_real(struct rows *rows, size_t column);        /* NAN for NA */
bool rows_equal(const struct rows *rows, size_t column, const char *text);

#endif
