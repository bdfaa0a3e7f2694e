/* SPDX-License-Identifier: MIT */
/*
 * The columns of the tables over all runs: plan.csv, runs.csv, summary.csv, steady_state.csv,
 * timing.csv. Their headers (tables.c) and
 * what is told of them to other programs (archive.h) come from here. Columns of traces are described in the same words.
 */
#ifndef POSIM_EXPERIMENT_COLUMNS_H
#define POSIM_EXPERIMENT_COLUMNS_H

#include "experiment/results.h"
#include "experiment/shares.h"
#include "record/description.h"
#include "record/table.h"

#include <stdio.h>

struct columns {
    struct description *at;
    size_t count;
    const char *key[TABLE_KEY_MOST + 3]; /* those that tell a row from all others, NULL-terminated */
    GStringChunk *texts;                 /* made for this scenario */
};

/* Whether the file is such a table. */
bool columns_has(enum results_file file);

/* The columns of one of them. `shares` are those of the scenario; both must outlive what is returned. */
struct columns *columns_new(enum results_file file, const struct scenario *scenario,
                            const struct share_columns *shares);
/* Those of a table of the trace; `shared`: of one that runs share, whose rows begin with point and replication. */
struct columns *columns_of_trace(enum table table, bool shared);
void columns_free(struct columns *columns);

/* The line of their names. */
void columns_print_header(const struct columns *columns, FILE *file);

#endif
