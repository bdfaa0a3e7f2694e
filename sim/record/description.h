/* SPDX-License-Identifier: MIT */
/*
 * What a column of a table is, for other programs that read it: the columns of traces, and those of the tables over all
 * runs. Every value may be missing, which is NA.
 */
#ifndef POSIM_RECORD_DESCRIPTION_H
#define POSIM_RECORD_DESCRIPTION_H

#include "record/trace.h"

enum value_kind {
    VALUE_INTEGER,
    VALUE_NUMBER,
    VALUE_FLAG,  /* 0 or 1 */
    VALUE_HEX64, /* 0x and 16 digits: a number beyond what many programs read exactly */
    VALUE_WORD,  /* one of `words` */
    VALUE_TEXT,
};

struct description {
    const char *name;
    enum value_kind kind;
    const char *unit; /* as in struct column */
    const char *meaning;
    const char *const *words; /* NULL-terminated */
};

struct description column_description(const struct column *column);

#endif
