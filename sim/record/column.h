/* SPDX-License-Identifier: MIT */
/*
 * How tables of columns are written down: one macro a type, each of which refuses at compile time a field of another C
 * type, so a column can never read its field wrongly. Used by the trace's schemas and by the users' tables.
 */
#ifndef POSIM_RECORD_COLUMN_H
#define POSIM_RECORD_COLUMN_H

#include "record/trace.h"

#define COLUMN_FIELD(row, field, ctype)                                                                                \
    (offsetof(struct row, field) + 0 * sizeof(_Generic(((struct row *)0)->field, ctype : 1)))

#define COLUMN(column_type, ctype, column_unit, row, field, column_name, column_meaning)                               \
    {                                                                                                                  \
        .name = column_name, .type = column_type, .offset = COLUMN_FIELD(row, field, ctype), .unit = column_unit,      \
        .meaning = column_meaning                                                                                      \
    }

#define U32(row, field, name, meaning)   COLUMN(COLUMN_U32, uint32_t, NULL, row, field, name, meaning)
#define U64(row, field, name, meaning)   COLUMN(COLUMN_U64, uint64_t, NULL, row, field, name, meaning)
#define HEX64(row, field, name, meaning) COLUMN(COLUMN_HEX64, uint64_t, NULL, row, field, name, meaning)
#define TIME(row, field, name, meaning)  COLUMN(COLUMN_TIME, int64_t, "s", row, field, name, meaning)
#define FLAG(row, field, name, meaning)  COLUMN(COLUMN_FLAG, bool, NULL, row, field, name, meaning)
#define RATIO(row, field, name, meaning) COLUMN(COLUMN_RATIO, struct ratio, "1", row, field, name, meaning)
#define TEXT(row, field, name, meaning)  COLUMN(COLUMN_TEXT, const char *, NULL, row, field, name, meaning)
/* Numbers with a unit that the type does not tell. */
#define BYTES32(row, field, name, meaning) COLUMN(COLUMN_U32, uint32_t, "bytes", row, field, name, meaning)
#define BYTES64(row, field, name, meaning) COLUMN(COLUMN_U64, uint64_t, "bytes", row, field, name, meaning)
#define STAKE(row, field, name, meaning)   COLUMN(COLUMN_U64, stake_amount, "base units", row, field, name, meaning)
#define NAME(row, field, column_name, column_meaning, column_names)                                                    \
    {                                                                                                                  \
        .name = column_name, .type = COLUMN_NAME, .offset = COLUMN_FIELD(row, field, uint32_t),                        \
        .meaning = column_meaning, .names = column_names                                                               \
    }

#endif
