/* SPDX-License-Identifier: MIT */
#include "record/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MARK ".tmp-"

int temporary_open(const char *path, char **temporary)
{
    char *folder = g_path_get_dirname(path);
    char *name = g_path_get_basename(path);
    char *hidden = g_strdup_printf(".%s" MARK "XXXXXX", name);
    *temporary = g_build_filename(folder, hidden, NULL);
    g_free(folder);
    g_free(name);
    g_free(hidden);
    int file = g_mkstemp_full(*temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (file < 0)
        g_clear_pointer(temporary, g_free);
    return file;
}

static bool fail(GError **error, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot write %s: %s", path,
                g_strerror(code));
    return false;
}

bool temporary_write(const char *path, const char *content, gsize length, GError **error)
{
    char *temporary;
    int file = temporary_open(path, &temporary);
    if (file < 0)
        return fail(error, path);
    close(file);
    bool written = g_file_set_contents_full(temporary, content, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0666, error);
    if (written && g_rename(temporary, path) != 0)
        written = fail(error, path);
    if (!written)
        g_unlink(temporary);
    g_free(temporary);
    return written;
}

bool temporary_write_text(const char *path, const char *text, GError **error)
{
    return temporary_write(path, text, strlen(text), error);
}

char *temporary_final_name(const char *name)
{
    const char *mark = g_strrstr(name, MARK);
    if (name[0] != '.' || !mark || mark <= name + 1)
        return NULL;
    const char *letters = mark + strlen(MARK);
    for (const char *at = letters; *at; at++)
        if (!g_ascii_isalnum(*at))
            return NULL;
    return *letters ? g_strndup(name + 1, (gsize)(mark - name - 1)) : NULL;
}
