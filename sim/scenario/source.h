/* SPDX-License-Identifier: MIT */
/*
 * A text that a scenario is read from (a file, the text of a test, one --set) and places in it. Places count lines and
 * columns from 1, columns in characters, as an editor shows them. A source belongs to the pool that made it; whatever
 * holds a place may be used as long as that pool lives.
 */
#ifndef POSIM_SCENARIO_SOURCE_H
#define POSIM_SCENARIO_SOURCE_H

#include "scenario/pool.h"

#include <stdbool.h>
#include <stddef.h>

struct source {
    const char *name;   /* as errors show it: a path as the user would write it, or "--set" */
    const char *folder; /* absolute; what relative paths in the text start from */
    const char *path;   /* absolute; NULL where the text is in no file */
    const char *text;   /* ends with a NUL that `length` does not count */
    size_t length;
    const size_t *lines; /* where each line starts */
    size_t line_count;
};

/* `length` characters of line `line` from `column` on. Line 0: the source as a whole. */
struct place {
    const struct source *source;
    int line;
    int column;
    int length;
};

/* Copies everything. A `path` of NULL means that the text is in no file. */
struct source *source_new(struct pool *pool, const char *name, const char *folder, const char *path, const char *text,
                          size_t length);

/*
 * Moves *at past the line break that it points at (LF, CR LF, CR, or Unicode's NEL, LS and PS: what YAML 1.1 counts as
 * a break). Returns false, and moves nothing, where there is none.
 */
bool source_skip_break(const char **at, const char *end);

/* The bytes of a line, without its break; *length is 0 for a line that the text does not have. */
const char *source_line(const struct source *source, int line, size_t *length);

#endif
