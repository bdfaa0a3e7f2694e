/* SPDX-License-Identifier: MIT */
#include "network/rates.h"

#include "base/table_file.h"
#include "network/where.h"

#include <string.h>

#define RATE_LEAST       1000       /* 1 kbit/s, as for network.bandwidth */
#define PROBABILITY_UNIT 1000000000 /* probabilities are read to nine decimals */
#define LUCK_RATES       1          /* counters of a node's stateless draws of RANDOM_PLACE: 0 is its place */

struct regions_params {
    const char *file;
    const char *region, *up, *down;
    struct where_params where;
};

struct bins_params {
    const char *bins;
    const char *region, *direction, *rate, *probability;
};

#define REGIONS(field) .offset = offsetof(struct regions_params, field)
static const struct param regions_params[] = {
    {.key = "file", .type = PARAM_FILE, REGIONS(file), .meaning = "CSV with a row a region"},
    {.key = "region",
     .type = PARAM_TEXT,
     REGIONS(region),
     .by_default = "region",
     .meaning = "the column of regions of the latency model; rows of others are passed over"},
    {.key = "up",
     .type = PARAM_TEXT,
     REGIONS(up),
     .by_default = "upload_bps",
     .meaning = "the column of the rate at which a node there sends, in bit/s"},
    {.key = "down",
     .type = PARAM_TEXT,
     REGIONS(down),
     .by_default = "download_bps",
     .meaning = "the column of the rate at which it receives"},
    WHERE_PARAM(struct regions_params),
};
static const struct param_table regions_table =
    PARAM_TABLE("rates by region", "one rate each way for a region", struct regions_params, regions_params);

#define BINS(field) .offset = offsetof(struct bins_params, field)
static const struct param bins_params[] = {
    {.key = "bins",
     .type = PARAM_FILE,
     BINS(bins),
     .meaning = "CSV with a row a rate of a region and direction, and how probable it is"},
    {.key = "region", .type = PARAM_TEXT, BINS(region), .by_default = "region", .meaning = "the column of regions"},
    {.key = "direction",
     .type = PARAM_TEXT,
     BINS(direction),
     .by_default = "direction",
     .meaning = "the column that says `upload` or `download`"},
    {.key = "rate",
     .type = PARAM_TEXT,
     BINS(rate),
     .by_default = "bin_bps",
     .meaning = "the column of rates, in bit/s"},
    {.key = "probability",
     .type = PARAM_TEXT,
     BINS(probability),
     .by_default = "probability",
     .meaning = "the column of probabilities; what counts is their proportion within a region and direction"},
};
static const struct param_table bins_table =
    PARAM_TABLE("rates from histograms", "each node draws its rates by region", struct bins_params, bins_params);

static const struct param_variant kinds[] = {
    {.name = "bins",
     .meaning = "each node draws its rates from a histogram of its region",
     .table = &bins_table,
     .implied_by = "bins"},
    {.name = "regions", .meaning = "one rate each way for a region", .table = &regions_table, .implied_by = "file"},
};
const struct param_variants rates_kinds = {kinds, G_N_ELEMENTS(kinds)};

enum { UP, DOWN, DIRECTIONS };

/* Rates of a region in one direction, with the weights of all up to each. */
struct histogram {
    uint64_t *bit_per_s;
    uint64_t *cumulative;
    uint32_t count;
};

struct reading {
    const struct table_file *table;
    const struct latency *latency;
    struct histogram *of; /* [region * DIRECTIONS + direction] */
};

static bool add(const struct reading *reading, uint32_t region, int direction, size_t row, size_t rate, uint64_t weight,
                GError **error)
{
    int64_t bit_per_s;
    if (!table_file_number(reading->table, row, rate, 1, &bit_per_s, error))
        return false;
    if (bit_per_s < RATE_LEAST) {
        table_file_refuse(reading->table, row, rate, error, "%" G_GINT64_FORMAT " bit/s is too slow: at least %d",
                          bit_per_s, RATE_LEAST);
        return false;
    }
    struct histogram *histogram = &reading->of[region * DIRECTIONS + (uint32_t)direction];
    histogram->bit_per_s = g_renew(uint64_t, histogram->bit_per_s, histogram->count + 1);
    histogram->cumulative = g_renew(uint64_t, histogram->cumulative, histogram->count + 1);
    uint64_t before = histogram->count ? histogram->cumulative[histogram->count - 1] : 0;
    if (weight > UINT64_MAX / 2 - before) {
        table_file_refuse(reading->table, row, rate, error, "the probabilities add up to too much");
        return false;
    }
    histogram->bit_per_s[histogram->count] = (uint64_t)bit_per_s;
    histogram->cumulative[histogram->count++] = before + weight;
    return true;
}

static bool read_regions(const struct reading *reading, const struct regions_params *given, GError **error)
{
    const struct table_file *table = reading->table;
    size_t region, up, down, where;
    if (!table_file_need(table, given->region, &region, error) || !table_file_need(table, given->up, &up, error) ||
        !table_file_need(table, given->down, &down, error) || !where_find(&given->where, table, &where, error))
        return false;
    for (size_t row = 0; row < table->row_count; row++) {
        if (!where_counts(&given->where, table, row, where))
            continue;
        uint32_t id = latency_find_region(reading->latency, table_file_cell(table, row, region));
        if (id == ID_NONE)
            continue;
        if (reading->of[id * DIRECTIONS].count) {
            table_file_refuse(table, row, region, error, "there is a second row %s",
                              table_file_cell(table, row, region));
            return false;
        }
        if (!add(reading, id, UP, row, up, 1, error) || !add(reading, id, DOWN, row, down, 1, error))
            return false;
    }
    return true;
}

static bool read_direction(const struct table_file *table, size_t row, size_t column, int *direction, GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    *direction = strcmp(cell, "upload") == 0 ? UP : DOWN;
    if (*direction == UP || strcmp(cell, "download") == 0)
        return true;
    table_file_refuse(table, row, column, error, "\"%s\" is neither upload nor download", cell);
    return false;
}

static bool read_bins(const struct reading *reading, const struct bins_params *given, GError **error)
{
    const struct table_file *table = reading->table;
    size_t region, direction, rate, probability;
    if (!table_file_need(table, given->region, &region, error) ||
        !table_file_need(table, given->direction, &direction, error) ||
        !table_file_need(table, given->rate, &rate, error) ||
        !table_file_need(table, given->probability, &probability, error))
        return false;
    for (size_t row = 0; row < table->row_count; row++) {
        int way;
        int64_t weight;
        if (!read_direction(table, row, direction, &way, error) ||
            !table_file_number(table, row, probability, PROBABILITY_UNIT, &weight, error))
            return false;
        uint32_t id = latency_find_region(reading->latency, table_file_cell(table, row, region));
        if (id != ID_NONE && weight && !add(reading, id, way, row, rate, (uint64_t)weight, error))
            return false;
    }
    return true;
}

static uint64_t pick(const struct histogram *histogram, uint64_t drawn)
{
    uint64_t at = (uint64_t)((uint128)drawn * histogram->cumulative[histogram->count - 1] >> 64);
    uint32_t bin = 0;
    while (histogram->cumulative[bin] <= at)
        bin++;
    return histogram->bit_per_s[bin];
}

static bool give(const struct reading *reading, const uint32_t *region_of, const struct random_seed *seed,
                 struct rates *rates, GError **error)
{
    rates->least = (struct rate){UINT64_MAX, UINT64_MAX};
    for (node_id node = 0; node < rates->count; node++) {
        const struct histogram *histograms = &reading->of[region_of[node] * DIRECTIONS];
        if (!histograms[UP].count || !histograms[DOWN].count) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE,
                        "%s: there is no %s rate for region %s, where nodes are", reading->table->path,
                        histograms[UP].count ? "download" : "upload", reading->latency->region_names[region_of[node]]);
            return false;
        }
        struct random_block drawn = random_at256(seed, RANDOM_PLACE, node, LUCK_RATES);
        struct rate *rate = &rates->of[node];
        *rate = (struct rate){pick(&histograms[UP], drawn.word[0]), pick(&histograms[DOWN], drawn.word[1])};
        rates->least.up_bit_per_s = MIN(rates->least.up_bit_per_s, rate->up_bit_per_s);
        rates->least.down_bit_per_s = MIN(rates->least.down_bit_per_s, rate->down_bit_per_s);
    }
    return true;
}

static void release_reading(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->latency->region_count * DIRECTIONS; i++) {
        g_free(reading->of[i].bit_per_s);
        g_free(reading->of[i].cumulative);
    }
    g_free(reading->of);
}

bool rates_make(const struct param_variant_value *chosen, const struct latency *latency, const uint32_t *region_of,
                uint32_t node_count, const struct random_seed *seed, struct rates *rates, GError **error)
{
    if (!chosen->variant)
        return true;
    bool by_bins = chosen->variant->table == &bins_table;
    const char *path = by_bins ? ((const struct bins_params *)chosen->value)->bins
                               : ((const struct regions_params *)chosen->value)->file;
    if (!latency_has_regions(latency)) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION,
                    "network.rates: rates are given by region, but this latency model has none");
        return false;
    }
    struct table_file *table = table_file_read(path, error);
    if (!table)
        return false;
    struct reading reading = {table, latency, g_new0(struct histogram, latency->region_count * DIRECTIONS)};
    *rates = (struct rates){.of = g_new0(struct rate, node_count), .count = node_count};
    bool fine = (by_bins ? read_bins(&reading, chosen->value, error) : read_regions(&reading, chosen->value, error)) &&
                give(&reading, region_of, seed, rates, error);
    release_reading(&reading);
    table_file_free(table);
    return fine;
}

void rates_release(struct rates *rates)
{
    g_free(rates->of);
    *rates = (struct rates){0};
}
