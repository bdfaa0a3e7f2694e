/* SPDX-License-Identifier: MIT */
#include "network/places.h"

#include "base/quantity.h"

#define DEGREE 1000000

static bool read_degrees(const struct table_file *table, size_t row, size_t column, int32_t most, int32_t *microdegree,
                         GError **error)
{
    const char *cell = table_file_cell(table, row, column);
    bool negative = *cell == '-';
    struct ratio degrees;
    if (!quantity_parse_decimal(cell + negative, &degrees, NULL)) {
        table_file_refuse(table, row, column, error, "\"%s\" is not a number of degrees such as 47.38 or -8.54", cell);
        return false;
    }
    uint128 scaled = ((uint128)degrees.numerator * DEGREE + degrees.denominator / 2) / degrees.denominator;
    if (scaled > (uint128)most * DEGREE) {
        table_file_refuse(table, row, column, error, "%s is out of range: -%d to %d degrees", cell, most, most);
        return false;
    }
    *microdegree = negative ? -(int32_t)scaled : (int32_t)scaled;
    return true;
}

bool place_read(const struct table_file *table, size_t row, const struct place_columns *columns, struct place *place,
                bool *given, GError **error)
{
    *given = *table_file_cell(table, row, columns->latitude) && *table_file_cell(table, row, columns->longitude);
    return !*given || (read_degrees(table, row, columns->latitude, 90, &place->latitude_microdegree, error) &&
                       read_degrees(table, row, columns->longitude, 180, &place->longitude_microdegree, error));
}

static int32_t round_to(int32_t value, int64_t step, int32_t most)
{
    int64_t magnitude = value < 0 ? -(int64_t)value : value;
    int64_t rounded = (magnitude + step / 2) / step * step;
    rounded = rounded > most ? most : rounded;
    return (int32_t)(value < 0 ? -rounded : rounded);
}

struct place place_round(struct place place, uint32_t step_microdegree)
{
    if (step_microdegree == 0)
        return place;
    return (struct place){round_to(place.latitude_microdegree, step_microdegree, 90 * DEGREE),
                          round_to(place.longitude_microdegree, step_microdegree, 180 * DEGREE)};
}
