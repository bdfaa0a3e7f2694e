/* SPDX-License-Identifier: MIT */
#include "scenario/source.h"

#include <string.h>

enum { LONGEST_BREAK = 3 }; /* bytes */

/* Finds where each line starts. */
static void index_lines(struct pool *pool, struct source *source)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(size_t));
    const char *end = source->text + source->length;
    size_t start = 0;
    g_array_append_val(lines, start);
    for (const char *at = source->text; at < end;) {
        if (!source_skip_break(&at, end)) {
            at++;
            continue;
        }
        start = (size_t)(at - source->text);
        g_array_append_val(lines, start);
    }
    source->line_count = lines->len;
    size_t *kept = pool_allocate(pool, lines->len * sizeof *kept);
    memcpy(kept, lines->data, lines->len * sizeof *kept);
    source->lines = kept;
    g_array_unref(lines);
}

struct source *source_new(struct pool *pool, const char *name, const char *folder, const char *path, const char *text,
                          size_t length)
{
    struct source *source = pool_allocate(pool, sizeof *source);
    source->name = pool_text(pool, name);
    source->folder = pool_text(pool, folder);
    source->path = path ? pool_text(pool, path) : NULL;
    source->text = pool_bytes(pool, text, length);
    source->length = length;
    index_lines(pool, source);
    return source;
}

bool source_skip_break(const char **at, const char *end)
{
    bool may_be = **at == '\n' || **at == '\r' || **at == '\xc2' || **at == '\xe2';
    if (!may_be)
        return false;
    static const char *const breaks[] = {"\r\n", "\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
    for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++) {
        size_t length = strlen(breaks[i]);
        if ((size_t)(end - *at) >= length && memcmp(*at, breaks[i], length) == 0) {
            *at += length;
            return true;
        }
    }
    return false;
}

/* Whether the bytes are one line break and nothing else. */
static bool is_one_break(const char *at, const char *end)
{
    const char *after = at;
    return source_skip_break(&after, end) && after == end;
}

const char *source_line(const struct source *source, int line, size_t *length)
{
    *length = 0;
    if (line < 1 || (size_t)line > source->line_count)
        return source->text + source->length;
    const char *first = source->text + source->lines[line - 1];
    bool is_last = (size_t)line == source->line_count;
    const char *end = is_last ? source->text + source->length : source->text + source->lines[line];
    const char *at = end;
    if (!is_last)
        at = end - first < LONGEST_BREAK ? first : end - LONGEST_BREAK;
    while (at < end && !is_one_break(at, end))
        at++;
    *length = (size_t)(at - first);
    return first;
}
