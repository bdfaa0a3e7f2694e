/* SPDX-License-Identifier: MIT */
/* An experiment in three: its directory is opened, runs are carried out, tables are written. Private to experiment*.c.
 */
#ifndef POSIM_EXPERIMENT_EXPERIMENT_INSIDE_H
#define POSIM_EXPERIMENT_EXPERIMENT_INSIDE_H

#include "experiment/experiment.h"
#include "experiment/journal.h"
#include "experiment/lock.h"

const struct experiment_settings *experiment_settings_of(const struct experiment *experiment);

/* The journals that count. NULL and an error. */
struct journal_index *experiment_journals(const struct experiment *experiment, GError **error);

/* What is in shared tables of traces is what the journals and the plan say. A part sees only to what it wrote. */
bool experiment_tidy(const struct experiment *experiment, const char *writer, struct journal_index *index,
                     GError **error);

/*
 * Opens the directory, which then is this process's and says how it was made. Returns what is there already, which the
 * caller frees, or NULL and an error. The lock (the caller's in any case, and NULL where there is none) must outlive
 * all that is written.
 */
struct journal_index *experiment_open(struct experiment *experiment, const char *writer, struct lock **lock,
                                      GError **error);

/* Writes the tables of all runs, which must be in the journals. False and an error. */
bool experiment_write_tables(struct experiment *experiment, struct journal_index *index, GError **error);

#endif
