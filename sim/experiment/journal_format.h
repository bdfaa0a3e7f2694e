/* SPDX-License-Identifier: MIT */
/* What the files of a journal are made of: a first line that says who wrote it, then records. Private to journal*.c. */
#ifndef POSIM_EXPERIMENT_JOURNAL_FORMAT_H
#define POSIM_EXPERIMENT_JOURNAL_FORMAT_H

#include "experiment/run_id.h"

#include <glib.h>
#include <stdbool.h>

#define JOURNAL_FIRST_WORDS "posim journal "
#define JOURNAL_RECORD_MOST 65536

/* Before each record. */
struct journal_head {
    uint32_t length;
    struct run_id id;
    uint8_t check[8]; /* of length, id and what follows */
};
void journal_check(const struct journal_head *head, const uint8_t *bytes, uint8_t check[8]);

/* Whether a whole record begins there. */
bool journal_is_record(const uint8_t *bytes, size_t size);

/* What the first line begins with, where this program can read the records; the maker follows. g_free it. */
char *journal_first_words(void);

/* Writes all bytes to an open file; false and errno. */
bool journal_write(int file, const void *bytes, size_t size);

/* From errno: "cannot read DIR/journal/main-0001.journal: ..." */
void journal_set_error(GError **error, const char *what, const char *path);

#endif
