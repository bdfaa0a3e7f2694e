/* SPDX-License-Identifier: MIT */
/*
 * runs.csv as it lies in a results directory, gone through run by run: which runs it tells of, and as far as it matters
 * here what came of them. Nothing of it stays in memory.
 */
#ifndef POSIM_EXPERIMENT_RUNS_TABLE_H
#define POSIM_EXPERIMENT_RUNS_TABLE_H

#include "experiment/job.h"

#include <glib.h>
#include <stdbool.h>

struct told_run {
    struct job job;
    bool fine;
    bool violated; /* some verdict */
};

/* Shows each to `take` until that answers false. False and an error where there is no such table. */
typedef bool runs_table_take(void *user, const struct told_run *run);
bool runs_table_each(const char *folder, runs_table_take *take, void *user, GError **error);

/* Whether it is there and tells of a run that was fine. */
bool runs_table_has_fine(const char *folder);

#endif
