/* SPDX-License-Identifier: MIT */
#include "scenario/source.h"

#include <string.h>

struct source *source_new(struct pool *pool, const char *name, const char *folder, const char *path, const char *text,
                          size_t length)
{
    struct source *source = pool_allocate(pool, sizeof *source);
    source->name = pool_text(pool, name);
    source->folder = pool_text(pool, folder);
    source->path = path ? pool_text(pool, path) : NULL;
    source->text = pool_bytes(pool, text, length);
    source->length = length;
    return source;
}

bool source_skip_break(const char **at, const char *end)
{
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

const char *source_line(const struct source *source, int line, size_t *length)
{
    const char *at = source->text;
    const char *end = source->text + source->length;
    for (int current = 1; current < line && at < end;) {
        if (source_skip_break(&at, end))
            current++;
        else
            at++;
    }
    const char *first = at;
    const char *after = at;
    while (after < end && !source_skip_break(&after, end))
        at = ++after;
    *length = (size_t)(at - first);
    return first;
}
