/* SPDX-License-Identifier: MIT */
#include "base/decimal.h"

#include "base/assert.h"

#include <glib.h>
#include <math.h>
#include <string.h>

char *decimal_print(char buffer[DECIMAL_SIZE], double value, int significant_digits)
{
    REQUIRE(significant_digits >= 1 && significant_digits <= 17);
    if (!isfinite(value)) {
        g_strlcpy(buffer, "NA", DECIMAL_SIZE);
        return buffer;
    }
    char format[8];
    g_snprintf(format, sizeof format, "%%.%dg", significant_digits);
    return g_ascii_formatd(buffer, DECIMAL_SIZE, format, value == 0 ? 0.0 : value);
}

char *decimal_from_ns(char buffer[DECIMAL_SIZE], time_ns time)
{
    if (time == TIME_NEVER) {
        g_strlcpy(buffer, "NA", DECIMAL_SIZE);
        return buffer;
    }
    uint64_t magnitude = time < 0 ? -(uint64_t)time : (uint64_t)time;
    uint64_t second = (uint64_t)SECOND;
    int length = g_snprintf(buffer, DECIMAL_SIZE, "%s%" G_GUINT64_FORMAT ".%09" G_GUINT64_FORMAT, time < 0 ? "-" : "",
                            magnitude / second, magnitude % second);
    while (buffer[length - 1] == '0')
        length--;
    buffer[buffer[length - 1] == '.' ? length - 1 : length] = '\0';
    return buffer;
}
