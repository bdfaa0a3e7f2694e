/* SPDX-License-Identifier: MIT */
#include "scenario/folder.h"

#include <string.h>

enum { MOST_NAMES = 10000 };

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *folder_names(const char *folder, const char *suffix)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *open = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;
    while (open && names->len < MOST_NAMES && (name = g_dir_read_name(open))) {
        if (g_str_has_suffix(name, suffix) && g_utf8_validate(name, -1, NULL))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(suffix)));
    }
    if (open)
        g_dir_close(open);
    g_ptr_array_sort(names, compare_texts);
    g_ptr_array_add(names, NULL);
    return names;
}
