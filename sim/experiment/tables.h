/* SPDX-License-Identifier: MIT */
/*
 * The tables of a results directory, written point by point in the order of the plan: plan.csv, runs.csv, summary.csv,
 * steady_state.csv, timing.csv. Every row begins with the point and its swept values. Files take their names when all
 * is written.
 */
#ifndef POSIM_EXPERIMENT_TABLES_H
#define POSIM_EXPERIMENT_TABLES_H

#include "experiment/point_tally.h"
#include "experiment/results.h"
#include "experiment/shares.h"
#include "scenario/scenario.h"

#include <stdio.h>

struct tables;

/* Begins the tables in a folder; NULL and an error where they cannot be made. */
struct tables *tables_new(const char *folder, const struct scenario *scenario, const struct root *root, GError **error);

/* A run, in the order of replications at a point, points in order. */
void tables_add_run(struct tables *tables, const struct run_record *record);

/* A point, after its runs. */
void tables_add_point(struct tables *tables, const struct point_tally *tally);

/* The columns of shares that runs.csv has. */
const struct share_columns *tables_shares(const struct tables *tables);

/* Completes all tables, gives them their names and frees the writer. On an error nothing takes its name. */
bool tables_finish(struct tables *tables, GError **error);

/* Removes what was written and frees the writer; NULL is fine. */
void tables_discard(struct tables *tables);

/* All points, as plan.csv has them. */
void tables_print_plan(FILE *file, const struct scenario *scenario);

/* plan.csv itself, before the first run. */
bool tables_write_plan(const char *folder, const struct scenario *scenario, GError **error);

#endif
