/* SPDX-License-Identifier: MIT */
#include "record/packed_copy.h"

#include "record/csv.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { CHUNK = 1 << 16 };

static bool write_all(int file, const void *bytes, size_t count)
{
    for (const char *at = bytes; count;) {
        ssize_t written = write(file, at, count);
        if (written < 0 && errno != EINTR)
            return false;
        if (written <= 0)
            continue;
        at += written;
        count -= (size_t)written;
    }
    return true;
}

/* Some bytes from `offset` on, before `end`; 0 and errno where there are none. */
static size_t read_some(int file, uint64_t offset, uint64_t end, char *bytes)
{
    ssize_t read;
    do
        read = pread(file, bytes, (size_t)MIN(end - offset, CHUNK), (off_t)offset);
    while (read < 0 && errno == EINTR);
    if (read == 0)
        errno = EBADMSG; /* it was longer a moment ago */
    return read > 0 ? (size_t)read : 0;
}

static bool copy_bytes(int from, uint64_t begin, uint64_t end, int to)
{
    char *bytes = g_malloc(CHUNK);
    bool fine = true;
    while (fine && begin < end) {
        size_t count = read_some(from, begin, end, bytes);
        fine = count && write_all(to, bytes, count);
        begin += count;
    }
    g_free(bytes);
    return fine;
}

/* What goes over the rows and changes how each begins. */
struct relabelling {
    const char *old;  /* the text before each row */
    const char *lead; /* what takes its place */
    size_t matched;   /* characters of `old` seen at the beginning of this row; all of them: within it */
    bool quoted;
    GString *text; /* rows that are not packed yet */
    ZSTD_CCtx *compressor;
    int to;
};

static bool pack(struct relabelling *all, ZSTD_EndDirective directive)
{
    char packed[4096];
    ZSTD_inBuffer input = {all->text->str, all->text->len, 0};
    size_t left;
    do {
        ZSTD_outBuffer output = {packed, sizeof packed, 0};
        left = ZSTD_compressStream2(all->compressor, &output, &input, directive);
        if (ZSTD_isError(left)) {
            errno = EIO;
            return false;
        }
        if (!write_all(all->to, packed, output.pos))
            return false;
    } while (directive == ZSTD_e_end ? left > 0 : input.pos < input.size);
    g_string_truncate(all->text, 0);
    return true;
}

static bool take_text(struct relabelling *all, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (all->old[all->matched]) {
            if (text[i] != all->old[all->matched++])
                return false;
            if (!all->old[all->matched])
                g_string_append(all->text, all->lead);
            continue;
        }
        all->quoted ^= text[i] == '"';
        if (text[i] == '\n' && !all->quoted)
            all->matched = 0;
        g_string_append_c(all->text, text[i]);
    }
    return true;
}

static bool relabel(struct relabelling *all, ZSTD_DStream *frames, int from, const struct packed_run *run)
{
    char *bytes = g_malloc(CHUNK), *text = g_malloc(CHUNK);
    bool fine = true;
    for (uint64_t at = run->rows; fine && at < run->end;) {
        ZSTD_inBuffer input = {bytes, read_some(from, at, run->end, bytes), 0};
        fine = input.size > 0;
        at += input.size;
        for (bool full = true; fine && (input.pos < input.size || full);) {
            ZSTD_outBuffer output = {text, CHUNK, 0};
            if (ZSTD_isError(ZSTD_decompressStream(frames, &output, &input)) || !take_text(all, text, output.pos)) {
                errno = EBADMSG;
                fine = false;
            }
            full = output.pos == output.size;
            fine = fine && (all->text->len < CHUNK || pack(all, ZSTD_e_continue));
        }
    }
    g_free(text);
    g_free(bytes);
    return fine && pack(all, ZSTD_e_end);
}

bool packed_copy_header(const struct packed_file *packed, int from, int to)
{
    return copy_bytes(from, 0, packed->header_end, to);
}

bool packed_label_same_place(const struct packed_label *a, const struct packed_label *b)
{
    return a->point == b->point && a->replication == b->replication;
}

bool packed_copy_run(const struct packed_run *run, int from, int to, const struct packed_label *label)
{
    if (packed_label_same_place(&run->label, label))
        return copy_bytes(from, run->begin, run->end, to);
    uint8_t bytes[PACKED_LABEL_BYTES];
    char old[PACKED_LEAD_BYTES], lead[PACKED_LEAD_BYTES];
    packed_label_write(label, bytes);
    packed_lead(&run->label, old);
    packed_lead(label, lead);
    struct relabelling all = {
        .old = old, .lead = lead, .text = g_string_new(NULL), .compressor = csv_compressor_new(), .to = to};
    ZSTD_DStream *frames = ZSTD_createDStream();
    bool fine = write_all(to, bytes, sizeof bytes) && relabel(&all, frames, from, run);
    int code = errno;
    ZSTD_freeDStream(frames);
    ZSTD_freeCCtx(all.compressor);
    g_string_free(all.text, TRUE);
    errno = code;
    return fine;
}
