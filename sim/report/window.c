/* SPDX-License-Identifier: MIT */
#include "report/window.h"

#include "base/decimal.h"

#include <glib.h>

struct unit {
    const char *name;
    time_ns ns;
};

time_ns window_width(time_ns least_ns)
{
    static const time_ns easy[] = {
        SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 20 * SECOND, 30 * SECOND,
        MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE,
        HOUR,   2 * HOUR,   3 * HOUR,   6 * HOUR,    12 * HOUR,
    };
    static const int factors[] = {1, 2, 5};
    for (size_t i = 0; i < G_N_ELEMENTS(easy) && least_ns > SECOND / 2; i++)
        if (easy[i] >= least_ns)
            return easy[i];
    for (time_ns power = least_ns > SECOND / 2 ? DAY : 1;; power *= 10)
        for (size_t i = 0; i < G_N_ELEMENTS(factors); i++)
            if (factors[i] * power >= least_ns)
                return factors[i] * power;
}

char *window_text(time_ns width_ns)
{
    static const struct unit units[] = {{"d", DAY}, {"h", HOUR}, {"min", MINUTE}, {"s", SECOND}};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (width_ns % units[i].ns == 0)
            return width_ns == units[i].ns
                       ? g_strdup(units[i].name)
                       : g_strdup_printf("%" G_GINT64_FORMAT " %s", width_ns / units[i].ns, units[i].name);
    char decimal[DECIMAL_SIZE];
    return g_strdup_printf("%s ms", decimal_print(decimal, (double)width_ns / (double)MILLISECOND, 6));
}
