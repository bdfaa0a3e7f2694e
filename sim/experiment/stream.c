/* SPDX-License-Identifier: MIT */
#include "experiment/stream.h"

#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static bool fail(GError **error, const char *what, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
                g_strerror(code));
    return false;
}

bool stream_open(struct stream *stream, const char *folder, enum results_file name, GError **error)
{
    stream->path = g_build_filename(folder, results_files[name], NULL);
    int file = temporary_open(stream->path, &stream->temporary);
    stream->file = file < 0 ? NULL : fdopen(file, "w");
    return stream->file || fail(error, "create", stream->path);
}

void stream_discard(struct stream *stream)
{
    if (stream->file)
        fclose(stream->file);
    if (stream->temporary)
        g_unlink(stream->temporary);
    g_free(stream->path);
    g_free(stream->temporary);
    *stream = (struct stream){0};
}

bool stream_close(struct stream *stream, GError **error)
{
    bool fine = fflush(stream->file) == 0 && !ferror(stream->file);
    fine = fclose(stream->file) == 0 && fine;
    stream->file = NULL;
    return fine || fail(error, "write", stream->path);
}

bool stream_name(struct stream *stream, GError **error)
{
    if (g_rename(stream->temporary, stream->path) != 0)
        return fail(error, "write", stream->path);
    g_clear_pointer(&stream->temporary, g_free);
    return true;
}
