/* SPDX-License-Identifier: MIT */
/*
 * Files that take their name when they are whole. Until then they lie beside their place as .NAME.tmp-XXXXXX, so that
 * what fails or is killed leaves nothing half-written under a final name, and what it does leave can be told from
 * anybody else's files. All that posim writes for users is written so.
 */
#ifndef POSIM_RECORD_TEMPORARY_H
#define POSIM_RECORD_TEMPORARY_H

#include <glib.h>
#include <stdbool.h>

/*
 * Makes the file that is to become `path` and opens it for writing. Returns its descriptor and its own path, which the
 * caller renames or removes, then g_frees; -1 and errno where it cannot be made (*temporary is then NULL).
 */
int temporary_open(const char *path, char **temporary);

/* Writes a whole file under its final name; false and an error that names it where that cannot be. */
bool temporary_write(const char *path, const char *content, gsize length, GError **error);

/* The same of a text. */
bool temporary_write_text(const char *path, const char *text, GError **error);

/* The final name (blocks.csv) of a file in the making (.blocks.csv.tmp-Ab12Cd), g_free it; NULL where it is none. */
char *temporary_final_name(const char *name);

#endif
