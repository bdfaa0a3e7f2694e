/* SPDX-License-Identifier: MIT */
/*
 * Tables of delays as users have them: a matrix, with a row and a column a region, or a long table with a row a pair.
 * Private to the room.
 */
#ifndef POSIM_NETWORK_LATENCY_FILE_H
#define POSIM_NETWORK_LATENCY_FILE_H

#include "base/table_file.h"
#include "network/latency.h"
#include "network/where.h"

#define LATENCY_REGIONS_MAXIMUM 8192u /* half a GiB of delays */

/* A table that has been opened, and what of it counts. */
struct latency_file {
    struct table_file *table;
    const struct where_params *rows; /* the others are passed over ... */
    size_t where;                    /* ... by what they hold in this column, if rows->column is one */
    uint32_t scale;                  /* ns in a figure of 1 ms: half where figures are round trips */
    time_ns intra_region_ns;
};

static inline bool latency_file_counts(const struct latency_file *file, size_t row)
{
    return where_counts(file->rows, file->table, row, file->where);
}

/*
 * One cell: a figure in ms, or nothing ("", "NA", "-") for a pair that was not measured, which leaves *delay_ns as it
 * is.
 */
bool latency_file_cell(const struct latency_file *file, size_t row, size_t column, time_ns *delay_ns, GError **error);

/* `from`: the column of the rows' names; NULL: the first that is not `where`. The others are regions. */
bool latency_matrix_read(const struct latency_file *file, const char *from, struct latency *latency, GError **error);

/* Columns by name. Regions are in the order in which rows name them first. */
bool latency_long_read(const struct latency_file *file, const char *from, const char *to, const char *value,
                       struct latency *latency, GError **error);

#endif
