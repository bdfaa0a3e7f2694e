/* SPDX-License-Identifier: MIT */
/*
 * One record of CSV (RFC 4180), taken apart where it lies, and the words by which readers of tables say what is wrong
 * with one: table_file.h, which has a table whole, and report/rows.h, which goes through it.
 */
#ifndef POSIM_BASE_CSV_RECORD_H
#define POSIM_BASE_CSV_RECORD_H

#include "base/vector.h"

#include <stdint.h>

struct csv_cells {
    VECTOR(char *) list; /* each ends in a zero; they lie in the text that was read */
};

#define CSV_EMPTY "the file is empty: a header line with column names is needed"

/*
 * Takes the record at *at apart and adds its cells; lines end in LF, CRLF or CR. *at is then behind the record and
 * *line its line. Returns NULL, or what is wrong; *line is then where that is.
 */
const char *csv_record_read(char **at, uint64_t *line, struct csv_cells *cells);

/* That a record has another number of cells than the header; g_free it. */
char *csv_wrong_width(size_t cells, size_t columns);

/* That there is no such column among those; g_free it. */
char *csv_no_column(const char *name, const char *const *columns, size_t count);

#endif
