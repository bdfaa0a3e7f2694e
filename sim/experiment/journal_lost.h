/* SPDX-License-Identifier: MIT */
/*
 * Journals from which nothing can be gone on: damaged ones, and none at all beside tables that were made of one. What
 * is said of them depends on what else is there, as --resume refuses tables whose runs are on no record.
 */
#ifndef POSIM_EXPERIMENT_JOURNAL_LOST_H
#define POSIM_EXPERIMENT_JOURNAL_LOST_H

#include <glib.h>
#include <stdbool.h>

/* Sets RESULTS_ERROR_DAMAGED: that the journal is, how that shows, and what helps. */
void journal_set_damaged(GError **error, const char *path, const char *how);

/* Whether the results have tables with runs, and no journal with a record: it was removed, or emptied. */
bool journal_is_lost(const char *folder);

#endif
