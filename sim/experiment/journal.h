/* SPDX-License-Identifier: MIT */
/*
 * The journal of a results directory: what has been run, and all that is trusted when it goes on. Each process that
 * runs jobs appends to a file of its own, DIR/journal/WRITER-NNNN.journal, one record in one write; nobody ever changes
 * a file that another has begun. A record carries a checksum, so what a kill cut off is told from what is whole, and
 * left out. What is no record but has whole ones behind it was damaged since, and is an error: RESULTS_ERROR_DAMAGED.
 * Runs are known by their ids (run_id.h). Tables are made from the journal in the order of the plan, so it does not
 * matter who wrote what, or when.
 */
#ifndef POSIM_EXPERIMENT_JOURNAL_H
#define POSIM_EXPERIMENT_JOURNAL_H

#include "experiment/run_id.h"
#include "experiment/run_record.h"

#define JOURNAL_FOLDER "journal"
#define JOURNAL_ENDING ".journal"

struct journal;

/* Begins a new file of this writer ("main", "shard-1-of-4", ...); NULL and an error where it cannot. */
struct journal *journal_new(const char *folder, const char *writer, GError **error);

/* Appends one record; false and an error where it could not be written. */
bool journal_append(struct journal *journal, const struct run_id *id, const struct run_record *record, GError **error);

/*
 * Flushes to disk, closes and frees. NULL is fine. False and an error where that shows that something was not written:
 * a full disk may tell only now.
 */
bool journal_close(struct journal *journal, GError **error);

/* What journals hold. Only a few files are open at a time, whatever their number. */
struct journal_index;

/*
 * Reads the journals of several results directories (NULL-terminated). False and an error where a file cannot be read,
 * or was written by a version whose records this one does not understand. A directory without a journal has no runs.
 */
struct journal_index *journal_index_new(const char *const *folders, GError **error);
void journal_index_free(struct journal_index *index);

/* An index that has read nothing yet: journal_index_refresh reads. */
struct journal_index *journal_index_open(const char *const *folders);

/*
 * Reads what has come since the last time, while others may be writing: records that are not whole yet are left for the
 * next time. Each is shown to `take` (which may be NULL). False and an error as above, or where a journal that was
 * being read has been removed.
 */
typedef void journal_take(void *user, const struct run_id *id, const struct run_record *record);
bool journal_index_refresh(struct journal_index *index, journal_take *take, void *user, GError **error);

/* Versions of posim that wrote them: "posim 0.1.0 (0a1b2c3)", NULL-terminated, sorted; they belong to the index. */
const char *const *journal_index_makers(const struct journal_index *index);

/* How many files there are. */
size_t journal_index_files(const struct journal_index *index);

/* How many runs of different ids were fine. */
uint64_t journal_index_fine(const struct journal_index *index);

/* How many of these nobody has fetched: where all of a plan have been, those that are of no run of it. */
uint64_t journal_index_unused(const struct journal_index *index);

/* Whether a run is there, and fine. */
bool journal_index_has(const struct journal_index *index, const struct run_id *id, bool *fine);

/* The record of a run: the first one that was fine, else the last one that failed. False where there is none. */
bool journal_index_fetch(struct journal_index *index, const struct run_id *id, struct run_record *record,
                         GError **error);

#endif
