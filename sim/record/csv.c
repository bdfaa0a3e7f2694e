/* SPDX-License-Identifier: MIT */
#include "record/csv.h"

#include "base/assert.h"
#include "record/csv_text.h"
#include "record/temporary.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define BUFFER_BYTES      (256u << 10)
#define COMPRESSION_LEVEL 3

struct csv_writer {
    const struct column *columns;
    size_t column_count;
    char *path, *temporary; /* temporary NULL: the file is the caller's, and goes on */
    char *lead;             /* before each row; NULL: nothing */
    size_t lead_length;
    int file;
    int failure;             /* errno of the first write that failed; 0: none */
    const char *compression; /* what zstd could not do, or NULL */
    ZSTD_CCtx *compressor;   /* NULL: plain */
    uint64_t bytes;
    size_t used, room;
    char *buffer;
    char packed[64u << 10];
};

static void set_error(GError **error, const char *doing, const char *path, int number)
{
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(number), "cannot %s %s: %s", doing, path,
                g_strerror(number));
}

static void write_all(struct csv_writer *writer, const char *bytes, size_t count)
{
    while (count && !writer->failure) {
        ssize_t written = write(writer->file, bytes, count);
        if (written < 0 && errno != EINTR)
            writer->failure = errno;
        if (written <= 0)
            continue;
        bytes += written;
        count -= (size_t)written;
    }
}

static void compress_all(struct csv_writer *writer, ZSTD_EndDirective directive)
{
    ZSTD_inBuffer input = {writer->buffer, writer->used, 0};
    size_t left;
    do {
        ZSTD_outBuffer output = {writer->packed, sizeof writer->packed, 0};
        left = ZSTD_compressStream2(writer->compressor, &output, &input, directive);
        if (ZSTD_isError(left)) {
            writer->compression = ZSTD_getErrorName(left);
            return;
        }
        write_all(writer, writer->packed, output.pos);
    } while (directive == ZSTD_e_end ? left > 0 : input.pos < input.size);
}

static void flush_buffer(struct csv_writer *writer, ZSTD_EndDirective directive)
{
    if (writer->compressor)
        compress_all(writer, directive);
    else
        write_all(writer, writer->buffer, writer->used);
    writer->bytes += writer->used;
    writer->used = 0;
}

/* Where the next `bound` bytes go. */
static char *room_for(struct csv_writer *writer, size_t bound)
{
    if (writer->room - writer->used < bound)
        flush_buffer(writer, ZSTD_e_continue);
    if (writer->room < bound) {
        writer->room = bound;
        writer->buffer = g_realloc(writer->buffer, bound);
    }
    return writer->buffer + writer->used;
}

struct ZSTD_CCtx_s *csv_compressor_new(void)
{
    ZSTD_CCtx *compressor = ZSTD_createCCtx();
    REQUIRE(compressor);
    REQUIRE(!ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, COMPRESSION_LEVEL)));
    REQUIRE(!ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 1)));
    return compressor;
}

static struct csv_writer *writer_new(const char *path, int file, const struct column *columns, size_t column_count)
{
    struct csv_writer *writer = g_new0(struct csv_writer, 1);
    writer->columns = columns;
    writer->column_count = column_count;
    writer->path = g_strdup(path);
    writer->file = file;
    writer->room = BUFFER_BYTES;
    writer->buffer = g_malloc(BUFFER_BYTES);
    return writer;
}

struct csv_writer *csv_open(const char *path, const struct column *columns, size_t column_count, GError **error)
{
    REQUIRE(column_count > 0);
    char *temporary;
    int file = temporary_open(path, &temporary);
    if (file < 0) {
        set_error(error, "create", path, errno);
        return NULL;
    }
    struct csv_writer *writer = writer_new(path, file, columns, column_count);
    writer->temporary = temporary;
    if (g_str_has_suffix(path, ".zst"))
        writer->compressor = csv_compressor_new();
    char *out = room_for(writer, csv_header_bound(columns, column_count));
    writer->used += (size_t)(csv_print_header(out, columns, column_count) - out);
    return writer;
}

struct csv_writer *csv_continue(int file, const char *path, const char *lead, const struct column *columns,
                                size_t column_count)
{
    struct csv_writer *writer = writer_new(path, file, columns, column_count);
    writer->lead = g_strdup(lead);
    writer->lead_length = strlen(lead);
    writer->compressor = csv_compressor_new();
    return writer;
}

void csv_write(struct csv_writer *writer, const void *row)
{
    char *out = room_for(writer, writer->lead_length + csv_row_bound(writer->columns, writer->column_count, row));
    if (writer->lead)
        memcpy(out, writer->lead, writer->lead_length);
    out += writer->lead_length;
    writer->used += writer->lead_length;
    writer->used += (size_t)(csv_print_row(out, writer->columns, writer->column_count, row) - out);
}

uint64_t csv_bytes(const struct csv_writer *writer)
{
    return writer->bytes + writer->used;
}

static void writer_free(struct csv_writer *writer)
{
    ZSTD_freeCCtx(writer->compressor);
    g_free(writer->buffer);
    g_free(writer->lead);
    g_free(writer->temporary);
    g_free(writer->path);
    g_free(writer);
}

/* Whether all that was written is where it should be; closes the file in any case, but one that goes on. */
static bool finish_file(struct csv_writer *writer, bool sync_to_disk, GError **error)
{
    flush_buffer(writer, ZSTD_e_end);
    if (sync_to_disk && !writer->failure && fsync(writer->file) != 0)
        writer->failure = errno;
    if (writer->temporary && close(writer->file) != 0 && !writer->failure)
        writer->failure = errno;
    if (writer->compression) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot compress %s: %s", writer->path, writer->compression);
        return false;
    }
    if (writer->failure) {
        set_error(error, "write", writer->path, writer->failure);
        return false;
    }
    return true;
}

bool csv_close(struct csv_writer *writer, bool sync_to_disk, GError **error)
{
    bool fine = finish_file(writer, sync_to_disk, error);
    if (fine && writer->temporary && g_rename(writer->temporary, writer->path) != 0) {
        set_error(error, "rename a temporary file to", writer->path, errno);
        fine = false;
    }
    if (!fine && writer->temporary)
        g_unlink(writer->temporary);
    writer_free(writer);
    return fine;
}

void csv_discard(struct csv_writer *writer)
{
    if (!writer)
        return;
    if (writer->temporary) {
        close(writer->file);
        g_unlink(writer->temporary);
    }
    writer_free(writer);
}

GByteArray *csv_pack_header(const char *lead, const struct column *columns, size_t column_count)
{
    GString *text = g_string_new(lead);
    csv_append_header(text, columns, column_count);
    size_t bound = ZSTD_compressBound(text->len);
    GByteArray *frame = g_byte_array_sized_new((guint)bound);
    ZSTD_CCtx *compressor = csv_compressor_new();
    size_t length = ZSTD_compress2(compressor, frame->data, bound, text->str, text->len);
    REQUIRE(!ZSTD_isError(length));
    ZSTD_freeCCtx(compressor);
    g_string_free(text, TRUE);
    frame->len = (guint)length;
    return frame;
}

void csv_append(GString *text, const struct column *columns, size_t column_count, const void *row)
{
    gsize before = text->len;
    g_string_set_size(text, before + csv_row_bound(columns, column_count, row));
    char *end = csv_print_row(text->str + before, columns, column_count, row);
    g_string_set_size(text, (gsize)(end - text->str));
}

void csv_append_header(GString *text, const struct column *columns, size_t column_count)
{
    gsize before = text->len;
    g_string_set_size(text, before + csv_header_bound(columns, column_count));
    char *end = csv_print_header(text->str + before, columns, column_count);
    g_string_set_size(text, (gsize)(end - text->str));
}
