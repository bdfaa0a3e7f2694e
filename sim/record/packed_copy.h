/* SPDX-License-Identifier: MIT */
/* Runs of packed tables (packed.h), taken from one file to another. */
#ifndef POSIM_RECORD_PACKED_COPY_H
#define POSIM_RECORD_PACKED_COPY_H

#include "record/packed.h"

/* Appends the header line of `from` to `to`. False and errno. */
bool packed_copy_header(const struct packed_file *packed, int from, int to);

/*
 * Appends a run to `to`, with another label if need be: then each of its rows says so. False and errno; EBADMSG where
 * the rows are not what they should be.
 */
bool packed_copy_run(const struct packed_run *run, int from, int to, const struct packed_label *label);

bool packed_label_same_place(const struct packed_label *a, const struct packed_label *b);

#endif
