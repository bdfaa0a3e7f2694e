/* SPDX-License-Identifier: MIT */
/*
 * The packed tables (packed.h) of one process: FOLDER/TABLE-WRITER-NUMBER.csv.zst for each table that it records. It
 * holds a lock on each while it has them, so that nobody else writes to them or tidies them up. Where files of that
 * name are there and nobody has them, it goes on in them, from the end of their last whole run; where somebody does, or
 * where they are no such files, it takes a higher number.
 *
 * Life: shelf_open; for each run shelf_begin, then shelf_table for each table, whose writers are closed; where the run
 * is not to be kept after all, shelf_drop. Not even a file system without locks leads to two writers in one file, as
 * long as writers that are at work at the same time have different names or numbers.
 */
#ifndef POSIM_RECORD_SHELF_H
#define POSIM_RECORD_SHELF_H

#include "record/csv.h"
#include "record/packed.h"
#include "record/table.h"

struct shelf;

/* `tables` as TABLE_BITs. NULL and an error where a file cannot be made or read. The folder is there. */
struct shelf *shelf_open(const char *folder, const char *writer, uint32_t number, uint32_t tables, GError **error);

/* Removes nothing: an empty table stays. NULL is fine. */
void shelf_close(struct shelf *shelf);

/* A run begins. */
void shelf_begin(struct shelf *shelf, const struct packed_label *label);

/* The writer of one of its tables; NULL and an error where it cannot be begun. */
struct csv_writer *shelf_table(struct shelf *shelf, enum table table, GError **error);

/* Takes the run that began last out again, whatever of it is written. */
void shelf_drop(struct shelf *shelf);

/* "blocks-main-1.csv.zst"; g_free it. And its parts: false for any other name; g_free the writer. */
char *shelf_name(enum table table, const char *writer, uint32_t number);
bool shelf_parse_name(const char *name, enum table *table, char **writer, uint32_t *number);

/*
 * Opens a packed table to read and change it, with a lock: -1 where it cannot be opened (errno), or where somebody has
 * it (EWOULDBLOCK) or has just replaced it (ESTALE).
 */
int shelf_lock(const char *path, int flags);

#endif
