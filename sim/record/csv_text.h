/* SPDX-License-Identifier: MIT */
/*
 * One row as CSV text in memory; what csv.c writes to files. Buffers are the caller's, and large enough: ask
 * csv_row_bound first. Nothing here allocates or depends on the locale.
 */
#ifndef POSIM_RECORD_CSV_TEXT_H
#define POSIM_RECORD_CSV_TEXT_H

#include "record/trace.h"

/* The most bytes that csv_print_row can need. */
size_t csv_row_bound(const struct column *columns, size_t column_count, const void *row);

/* Prints the row, line end included; returns the end of what it printed. No terminating zero. */
char *csv_print_row(char *out, const struct column *columns, size_t column_count, const void *row);

size_t csv_header_bound(const struct column *columns, size_t column_count);
char *csv_print_header(char *out, const struct column *columns, size_t column_count);

#endif
