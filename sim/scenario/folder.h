/* SPDX-License-Identifier: MIT */
/*
 * The names of the files in a folder, for suggestions and lists in errors: sorted, so that they never depend on the
 * file system.
 */
#ifndef POSIM_SCENARIO_FOLDER_H
#define POSIM_SCENARIO_FOLDER_H

#include <glib.h>

/*
 * The names in a folder that end in `suffix`, without it, sorted and NULL-terminated; empty where the folder is NULL or
 * cannot be read. Free with g_ptr_array_unref.
 */
GPtrArray *folder_names(const char *folder, const char *suffix);

#endif
