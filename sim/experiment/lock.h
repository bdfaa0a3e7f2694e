/* SPDX-License-Identifier: MIT */
/*
 * Who may write to a results directory: one process, or several that carry out different parts of one experiment. The
 * first rank of mpirun holds the lock for all of them.
 *
 * It is a record lock (fcntl) on DIR/journal/lock. The system lets go of it when the process ends, however that comes
 * about; and worker processes do not inherit it, so that one that outlives its parent keeps nobody out. Where a file
 * system has no locks nobody is kept out.
 */
#ifndef POSIM_EXPERIMENT_LOCK_H
#define POSIM_EXPERIMENT_LOCK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LOCK_FILE "lock" /* in the journal's folder */

/* Part number `part`, from 0, of `parts`; 0, 0: all of it. */
struct lock_share {
    uint32_t part, parts;
};

struct lock;

/* Locks an existing directory. NULL and RESULTS_ERROR_IN_USE where others write to it, or an error of the file. */
struct lock *lock_new(const char *folder, struct lock_share share, GError **error);

/* Whether nobody keeps this out just now; nothing is made. False and RESULTS_ERROR_IN_USE. */
bool lock_is_free(const char *folder, struct lock_share share, GError **error);

/*
 * Whether nobody writes to the directory just now, as far as that can be known: false where the file system has no
 * locks. Not to be asked by a process that has the lock, which would lose it.
 */
bool lock_is_nobodys(const char *folder);

/* Lets go of it; NULL is fine. */
void lock_free(struct lock *lock);

#endif
