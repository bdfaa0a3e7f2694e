/* SPDX-License-Identifier: MIT */
#include "experiment/results.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static bool fail(GError **error, const char *what, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
                g_strerror(code));
    return false;
}

bool results_open(const char *folder, bool force, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0)
        return fail(error, "make", folder);
    GDir *listing = g_dir_open(folder, 0, error);
    if (!listing)
        return false;
    bool empty = g_dir_read_name(listing) == NULL;
    g_dir_close(listing);
    if (empty || force)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                "%s is not empty: name another directory with -o, or replace the results in it with --force", folder);
    return false;
}

char *results_trace_folder(const char *folder, uint64_t point, uint32_t replication)
{
    char *name = g_strdup_printf("%" G_GUINT64_FORMAT "-%u", point, replication);
    char *path = g_build_filename(folder, "traces", name, NULL);
    g_free(name);
    g_mkdir_with_parents(path, 0777);
    return path;
}

bool results_write_text(const char *folder, const char *name, const char *text, GError **error)
{
    char *hidden = g_strdup_printf(".%s.tmp-%d", name, (int)getpid());
    char *temporary = g_build_filename(folder, hidden, NULL);
    char *path = g_build_filename(folder, name, NULL);
    bool written = g_file_set_contents_full(temporary, text, -1, G_FILE_SET_CONTENTS_NONE, 0666, error);
    if (written && g_rename(temporary, path) != 0) {
        written = fail(error, "write", path);
        g_unlink(temporary);
    }
    g_free(path);
    g_free(temporary);
    g_free(hidden);
    return written;
}
