/* SPDX-License-Identifier: MIT */
#include "record/csv_text.h"

#include "base/assert.h"

#include <string.h>

#define FIELD_BOUND 48 /* the longest number, with sign, point and comma */

static char *print_na(char *out)
{
    memcpy(out, "NA", 2);
    return out + 2;
}

static char *print_u64(char *out, uint64_t value)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count)
        *out++ = digits[--count];
    return out;
}

/* Exactly `digits` digits, with leading zeros. */
static char *print_padded(char *out, uint64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + digits;
}

static char *print_hex64(char *out, uint64_t value)
{
    *out++ = '0';
    *out++ = 'x';
    for (int shift = 60; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[(value >> shift) & 15];
    return out;
}

static char *print_time(char *out, time_ns value)
{
    if (value == TIME_NEVER)
        return print_na(out);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0)
        *out++ = '-';
    out = print_u64(out, magnitude / (uint64_t)SECOND);
    *out++ = '.';
    return print_padded(out, magnitude % (uint64_t)SECOND, 9);
}

static char *print_ratio(char *out, struct ratio value)
{
    const uint32_t scale = 1000000;
    if (!value.denominator)
        return print_na(out);
    uint128 scaled = ((uint128)value.numerator * scale * 2 + value.denominator) / ((uint128)value.denominator * 2);
    out = print_u64(out, (uint64_t)(scaled / scale));
    *out++ = '.';
    return print_padded(out, (uint64_t)(scaled % scale), 6);
}

/* RFC 4180, 2.5 to 2.7: quoted where it holds a comma, a quote or a line break; a quote is doubled. */
static char *print_text(char *out, const char *text)
{
    if (!text)
        return print_na(out);
    if (!strpbrk(text, ",\"\r\n")) {
        size_t length = strlen(text);
        memcpy(out, text, length);
        return out + length;
    }
    *out++ = '"';
    for (; *text; text++) {
        if (*text == '"')
            *out++ = '"';
        *out++ = *text;
    }
    *out++ = '"';
    return out;
}

static char *print_name(char *out, const struct column *column, uint32_t value)
{
    if (value == ID_NONE)
        return print_na(out);
    for (uint32_t i = 0; i <= value; i++)
        REQUIRE(column->names[i]);
    return print_text(out, column->names[value]);
}

#define READ(ctype) (*(const ctype *)(const void *)field)

static char *print_field(char *out, const struct column *column, const void *row)
{
    const char *field = (const char *)row + column->offset;
    switch (column->type) {
    case COLUMN_U8:
        return print_u64(out, READ(uint8_t));
    case COLUMN_U32:
        return READ(uint32_t) == ID_NONE ? print_na(out) : print_u64(out, READ(uint32_t));
    case COLUMN_U64:
        return print_u64(out, READ(uint64_t));
    case COLUMN_HEX64:
        return print_hex64(out, READ(uint64_t));
    case COLUMN_TIME:
        return print_time(out, READ(time_ns));
    case COLUMN_FLAG:
        return print_u64(out, READ(bool));
    case COLUMN_RATIO:
        return print_ratio(out, READ(struct ratio));
    case COLUMN_TEXT:
        return print_text(out, READ(char *));
    case COLUMN_NAME:
        return print_name(out, column, READ(uint32_t));
    }
    REQUIRE(column->type == COLUMN_U8); /* not a type of column */
    return out;
}

size_t csv_row_bound(const struct column *columns, size_t column_count, const void *row)
{
    size_t bound = column_count * FIELD_BOUND + 1;
    for (size_t i = 0; i < column_count; i++) {
        const char *field = (const char *)row + columns[i].offset;
        if (columns[i].type == COLUMN_TEXT && READ(char *))
            bound += 2 * strlen(READ(char *)) + 2;
    }
    return bound;
}

char *csv_print_row(char *out, const struct column *columns, size_t column_count, const void *row)
{
    for (size_t i = 0; i < column_count; i++) {
        out = print_field(out, &columns[i], row);
        *out++ = ',';
    }
    out[-1] = '\n';
    return out;
}

size_t csv_header_bound(const struct column *columns, size_t column_count)
{
    size_t bound = 1;
    for (size_t i = 0; i < column_count; i++)
        bound += strlen(columns[i].name) + 1;
    return bound;
}

char *csv_print_header(char *out, const struct column *columns, size_t column_count)
{
    for (size_t i = 0; i < column_count; i++) {
        out = print_text(out, columns[i].name);
        *out++ = ',';
    }
    out[-1] = '\n';
    return out;
}
