/* SPDX-License-Identifier: MIT */
/* The tables of traces that runs share (kept.h), as a reader of one run wants them: which runs have rows, and where. */
#ifndef POSIM_EXPERIMENT_KEPT_TABLES_H
#define POSIM_EXPERIMENT_KEPT_TABLES_H

#include "base/vector.h"
#include "record/packed.h"
#include "record/table.h"

struct kept_table {
    enum table table;
    char *path;
    struct packed_file packed;
};

struct kept_tables {
    VECTOR(struct kept_table) list; /* by table, then name */
};

/* Those of a results directory, none where it has none; kept_tables_free it. NULL and an error that names the file. */
struct kept_tables *kept_tables_read(const char *results, GError **error);
void kept_tables_free(struct kept_tables *tables);

/* A run's rows, and the file that has them; NULL where the table was not kept of it. */
const struct packed_run *kept_tables_find(const struct kept_tables *tables, enum table table, uint64_t point,
                                          uint32_t replication, const struct kept_table **in);

#endif
