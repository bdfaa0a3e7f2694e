/* SPDX-License-Identifier: MIT */
/*
 * Writes tables as CSV (RFC 4180, UTF-8, LF, a header line, missing = NA) from rows that a table of columns describes.
 * Numbers are printed from integers, so neither the locale nor a compiler's floats show.
 *
 * A file is written under a temporary name beside its place (temporary.h) and takes its name in csv_close, when it is
 * whole. A path that ends in .zst is compressed. Errors while writing are kept and reported by csv_close.
 */
#ifndef POSIM_RECORD_CSV_H
#define POSIM_RECORD_CSV_H

#include "record/trace.h"

#include <glib.h>

struct csv_writer;

/* Opens `path` for rows of `columns` (kept by pointer). NULL and an error that names the path if it cannot. */
struct csv_writer *csv_open(const char *path, const struct column *columns, size_t column_count, GError **error);

/*
 * Goes on in an open file, without a header line, as one compressed frame; each row stands behind `lead` ("12,0,"; a
 * copy is kept). csv_close ends the frame and leaves the file open; what csv_discard leaves behind is the caller's.
 */
struct csv_writer *csv_continue(int file, const char *path, const char *lead, const struct column *columns,
                                size_t column_count);

void csv_write(struct csv_writer *writer, const void *row);

/* The header line behind `lead` as a frame of its own, to begin such a file. */
GByteArray *csv_pack_header(const char *lead, const struct column *columns, size_t column_count);

/* What compresses all of our tables: level and checksums; ZSTD_freeCCtx it. */
struct ZSTD_CCtx_s *csv_compressor_new(void);

/* Bytes of CSV text so far, header included, before any compression. */
uint64_t csv_bytes(const struct csv_writer *writer);

/* Completes the file, gives it its name and frees the writer; on an error removes what was written. */
bool csv_close(struct csv_writer *writer, bool sync_to_disk, GError **error);

/* Removes what was written and frees the writer; NULL is fine. */
void csv_discard(struct csv_writer *writer);

/* Appends one line of CSV for `row`, or the header line, to `text`: the same bytes that a file would hold. */
void csv_append(GString *text, const struct column *columns, size_t column_count, const void *row);
void csv_append_header(GString *text, const struct column *columns, size_t column_count);

#endif
