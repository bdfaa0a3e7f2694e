/* SPDX-License-Identifier: MIT */
/*
 * One table of many runs in one compressed file, as a sweep keeps them. Whoever unpacks it (zstdcat, DuckDB, pandas)
 * reads one CSV with a header line, whose rows begin with point and replication. For us it is a sequence of zstd frames
 * (RFC 8878): the header line is a frame; then each run has a skippable frame with its label, which others skip, and a
 * frame with its rows, of which there may be none. A run is added behind the others and its frame has a checksum, so
 * what a kill cut off is the end of the file, and is told from what is whole.
 */
#ifndef POSIM_RECORD_PACKED_H
#define POSIM_RECORD_PACKED_H

#include "base/vector.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PACKED_ENDING      ".csv.zst"
#define PACKED_ID_BYTES    16
#define PACKED_LABEL_BYTES 44 /* in a file */
#define PACKED_LEAD_BYTES  32 /* room for packed_lead */

/* Which run: what its rows say, and the id by which the journal knows it. */
struct packed_label {
    uint8_t id[PACKED_ID_BYTES];
    uint64_t point;
    uint32_t replication;
};

/* A run in a file: offsets of its label, of its rows, and of what follows. */
struct packed_run {
    struct packed_label label;
    uint64_t begin, rows, end;
};

struct packed_file {
    uint64_t header_end; /* 0: not even the header line is whole */
    VECTOR(struct packed_run) runs;
    uint64_t whole, size; /* bytes up to the end of the last whole run, and all there are */
};

/* Finds the runs of an open file by its frames, without unpacking them; packed_file_release it. False and errno. */
bool packed_file_read(struct packed_file *packed, int file);
void packed_file_release(struct packed_file *packed);

/* "point,replication," and "12,0,": what stands before a table's own header and before each row. */
#define PACKED_HEADER_LEAD "point,replication,"
void packed_lead(const struct packed_label *label, char lead[PACKED_LEAD_BYTES]);

/* The label as a frame. */
void packed_label_write(const struct packed_label *label, uint8_t bytes[PACKED_LABEL_BYTES]);

#endif
