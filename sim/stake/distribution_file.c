/* SPDX-License-Identifier: MIT */
/*
 * Stakes that a user has: a list in the scenario, or a column of a CSV file. Both keep their order: validator 0 is the
 * first. Rows without stake are no validators and are left out.
 */
#include "base/quantity.h"
#include "base/table_file.h"
#include "base/vector.h"
#include "stake/distribution_source.h"

#include <string.h>

struct list_params {
    struct param_list values; /* stake_amount */
};

struct file_params {
    const char *file;
    const char *column;
    const char *name; /* NULL: no column of names */
    int64_t scale;
};

static const struct param one_stake = {
    .key = "stake", .type = PARAM_STAKE, .minimum = "1", .meaning = "a validator's stake, in base units"};

static const struct param list_params[] = {
    {.key = "values",
     .type = PARAM_LIST,
     .offset = offsetof(struct list_params, values),
     .minimum = "1",
     .element = &one_stake,
     .meaning = "stake of each validator"},
};
const struct param_table stake_list_table =
    PARAM_TABLE("list", "stakes as given, one by one", struct list_params, list_params);

static const struct param file_params[] = {
    {.key = "file",
     .type = PARAM_FILE,
     .offset = offsetof(struct file_params, file),
     .meaning = "a CSV file with a header line; rows with stake 0 are left out"},
    {.key = "column",
     .type = PARAM_TEXT,
     .offset = offsetof(struct file_params, column),
     .by_default = "stake",
     .meaning = "the column that holds the stakes"},
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = offsetof(struct file_params, name),
     .optional = true,
     .meaning = "a column that names the validators; absent: v0, v1, ..."},
    {.key = "scale",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct file_params, scale),
     .by_default = "1",
     .minimum = "1",
     .maximum = "1_000_000_000_000_000_000",
     .meaning = "base units in one unit of the column: 1_000_000 where it has six decimals"},
};
const struct param_table stake_file_table =
    PARAM_TABLE("file", "stakes from a column of a CSV file", struct file_params, file_params);

static bool make_list(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                      GError **error)
{
    (void)seed;
    const struct param_list *values = &((const struct list_params *)params)->values;
    if (count > values->count) {
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0,
                    "validators.count is %u, but the list of stakes has only %zu values", count, values->count);
        return false;
    }
    list->count = count ? count : (uint32_t)values->count;
    list->stakes = g_memdup2(values->items, list->count * sizeof *list->stakes);
    return true;
}

/* Which columns of the file are meant. */
struct columns {
    size_t stake;
    size_t name;
    bool is_named;
};

static bool find_columns(const struct table_file *table, const struct file_params *file, struct columns *columns,
                         GError **error)
{
    columns->is_named = file->name != NULL;
    return table_file_need(table, file->column, &columns->stake, error) &&
           (!file->name || table_file_need(table, file->name, &columns->name, error));
}

/* Refuses a cell, and says which columns there are: most often the wrong one was named. */
static bool refuse_cell(const struct table_file *table, size_t row, size_t column, GError **error, const char *why)
{
    GString *names = g_string_new(NULL);
    for (size_t i = 0; i < table->column_count; i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", table_file_header(table, i));
    table_file_refuse(table, row, column, error, "\"%s\" %s; the columns are %s", table_file_cell(table, row, column),
                      why, names->str);
    g_string_free(names, TRUE);
    return false;
}

/* A cell's stake in base units, exactly. */
static bool read_stake(const struct table_file *table, size_t row, size_t column, int64_t scale, stake_amount *stake,
                       GError **error)
{
    struct ratio number;
    if (!quantity_parse_decimal(table_file_cell(table, row, column), &number, NULL))
        return refuse_cell(table, row, column, error, "is not a stake");
    uint128 scaled = (uint128)number.numerator * (uint64_t)scale;
    if (scaled % number.denominator != 0)
        return refuse_cell(table, row, column, error,
                           "is not a whole number of base units; `scale` says how many of them the column's unit has");
    if (scaled / number.denominator > INT64_MAX)
        return refuse_cell(table, row, column, error, "is more than 9223372036854775807 base units");
    *stake = (stake_amount)(scaled / number.denominator);
    return true;
}

/* Rows in their order until there are `wanted` with stake; 0: all of them. */
static bool read_rows(const struct table_file *table, const struct columns *columns, const struct file_params *file,
                      uint32_t wanted, struct stake_list *list, GError **error)
{
    list->stakes = g_new(stake_amount, table->row_count);
    list->names = g_new0(char *, table->row_count);
    for (size_t row = 0; row < table->row_count && (wanted == 0 || list->count < wanted); row++) {
        stake_amount stake = 0;
        if (!read_stake(table, row, columns->stake, file->scale, &stake, error))
            return false;
        if (stake == 0)
            continue;
        list->names[list->count] = columns->is_named ? g_strdup(table_file_cell(table, row, columns->name)) : NULL;
        list->stakes[list->count++] = stake;
    }
    if (list->count >= MAX(wanted, 1))
        return true;
    if (list->count == 0)
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0, "%s: no row has stake in column %s", table->path, file->column);
    else
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0, "%s: only %u rows have stake, but validators.count is %u",
                    table->path, list->count, wanted);
    return false;
}

static bool make_file(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                      GError **error)
{
    (void)seed;
    const struct file_params *file = params;
    struct table_file *table = table_file_read(file->file, error);
    struct columns columns;
    bool made =
        table && find_columns(table, file, &columns, error) && read_rows(table, &columns, file, count, list, error);
    table_file_free(table);
    return made;
}

const struct stake_source stake_list_source = {.counts_itself = true, .make = make_list};
const struct stake_source stake_file_source = {.counts_itself = true, .make = make_file};
