/* SPDX-License-Identifier: MIT */
/* Shares of regions from a file: a row of a wide table, or two columns of a long one. */
#include "base/table_file.h"
#include "network/placement.h"

#include <string.h>

#define SHARE_UNIT 1000000000 /* shares and counts are read to nine decimals */

struct distribution_params {
    const char *distribution;
    const char *row;
    const char *region, *share;
};

#define AT(field) .offset = offsetof(struct distribution_params, field)
static const struct param params[] = {
    {.key = "distribution",
     .type = PARAM_FILE,
     AT(distribution),
     .meaning = "CSV with shares of regions, or numbers of nodes: what counts is their proportion"},
    {.key = "row",
     .type = PARAM_TEXT,
     AT(row),
     .optional = true,
     .meaning = "of a table with a column a region: what the first column of the row says; absent: a row a region"},
    {.key = "region",
     .type = PARAM_TEXT,
     AT(region),
     .by_default = "region",
     .meaning = "of a table with a row a region: the column of their names"},
    {.key = "share",
     .type = PARAM_TEXT,
     AT(share),
     .by_default = "share",
     .meaning = "of a table with a row a region: the column of their shares"},
};
const struct param_table placement_distribution_table = PARAM_TABLE(
    "placement by a distribution", "regions take the shares that a file gives", struct distribution_params, params);

struct shares {
    const struct table_file *table;
    const struct latency *latency;
    struct ratio *of; /* by region; denominators are set at the end */
    uint64_t sum;
};

/* A region that the model lacks may have no share; where that of a cell is not 0, somebody would be nowhere. */
static bool add(struct shares *shares, const char *name, size_t row, size_t column, GError **error)
{
    int64_t share;
    if (!table_file_number(shares->table, row, column, SHARE_UNIT, &share, error))
        return false;
    uint32_t region = latency_find_region(shares->latency, name);
    if (region == ID_NONE && share) {
        latency_refuse_region(shares->latency, shares->table->path, name, error);
        return false;
    }
    if (region == ID_NONE)
        return true;
    if (shares->of[region].numerator) {
        table_file_refuse(shares->table, row, column, error, "there is a second share of %s", name);
        return false;
    }
    if ((uint64_t)share > UINT64_MAX / 2 - shares->sum) {
        table_file_refuse(shares->table, row, column, error, "the shares add up to too much");
        return false;
    }
    shares->of[region].numerator = (uint64_t)share;
    shares->sum += (uint64_t)share;
    return true;
}

static bool read_wide(struct shares *shares, const char *wanted, GError **error)
{
    const struct table_file *table = shares->table;
    size_t row = 0;
    while (row < table->row_count && strcmp(table_file_cell(table, row, 0), wanted) != 0)
        row++;
    if (row == table->row_count) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: there is no row %s: column %s names them",
                    table->path, wanted, table_file_header(table, 0));
        return false;
    }
    for (size_t column = 1; column < table->column_count; column++)
        if (!add(shares, table_file_header(table, column), row, column, error))
            return false;
    return true;
}

static bool read_long(struct shares *shares, const struct distribution_params *given, GError **error)
{
    size_t region, share;
    if (!table_file_need(shares->table, given->region, &region, error) ||
        !table_file_need(shares->table, given->share, &share, error))
        return false;
    for (size_t row = 0; row < shares->table->row_count; row++)
        if (!add(shares, table_file_cell(shares->table, row, region), row, share, error))
            return false;
    return true;
}

bool placement_distribution_read(const void *parameters, const struct latency *latency, struct ratio *of,
                                 GError **error)
{
    const struct distribution_params *given = parameters;
    struct table_file *table = table_file_read(given->distribution, error);
    struct shares shares = {.table = table, .latency = latency, .of = of};
    bool fine = table && (given->row ? read_wide(&shares, given->row, error) : read_long(&shares, given, error));
    if (fine && shares.sum == 0) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT, "%s: no region has a share", table->path);
        fine = false;
    }
    for (uint32_t region = 0; region < latency->region_count; region++)
        of[region].denominator = shares.sum;
    table_file_free(table);
    return fine;
}
