/* SPDX-License-Identifier: MIT */
/*
 * Journals of an experiment that is carried out in parts: which parts have been in a directory, which of them are done
 * (DIR/journal/shard-1-of-4.done), and how their journals come together where they are merged.
 */
#ifndef POSIM_EXPERIMENT_JOURNAL_PARTS_H
#define POSIM_EXPERIMENT_JOURNAL_PARTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_DONE_ENDING ".done"

/* Says that the writer has carried out all that was its own, or that it has begun again. False and an error. */
bool journal_set_done(const char *folder, const char *writer, bool done, GError **error);

/* The parts that have a journal in the directory. */
struct journal_parts {
    uint32_t count;     /* of this directory */
    uint32_t of;        /* parts of the experiment; 0: not all journals are of parts of one division */
    uint32_t done;      /* of `count` */
    size_t other_files; /* journals that are of no part */
};
struct journal_parts journal_parts_of(const char *folder);

/*
 * Copies the journals of other directories (NULL-terminated, `folder` itself may be among them) that `folder` does not
 * have, so that it goes on, and can be looked at, without them. Doing it twice is doing it once. False and an error.
 */
bool journal_gather(const char *const *others, const char *folder, GError **error);

#endif
