/* SPDX-License-Identifier: MIT */
/*
 * `where: {column: year, is: 2019}`: which rows of a user's file count, where it has several tables below each other.
 * Private to the room.
 */
#ifndef POSIM_NETWORK_WHERE_H
#define POSIM_NETWORK_WHERE_H

#include "base/param.h"
#include "base/table_file.h"

struct where_params {
    const char *column; /* NULL: every row counts */
    const char *is;
};

extern const struct param_table where_table;

/* The parameter `where` of a table whose struct has a member of that name. */
#define WHERE_PARAM(struct_type)                                                                                       \
    {                                                                                                                  \
        .key = "where", .type = PARAM_STRUCT, .offset = offsetof(struct_type, where), .by_default = "",                \
        .table = &where_table, .meaning = "which rows count, where the file has several tables below each other"       \
    }

/* Finds the column; false and an error where the file has none of that name. */
bool where_find(const struct where_params *where, const struct table_file *table, size_t *column, GError **error);

/* Whether a row counts; the column is where_find's. */
bool where_counts(const struct where_params *where, const struct table_file *table, size_t row, size_t column);

#endif
