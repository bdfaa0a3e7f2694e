/* SPDX-License-Identifier: MIT */
#include "base/assert.h"
#include "base/quantity.h"
#include "base/quantity_dimension.h"

#include <string.h>

static uint128 power_of_ten(unsigned exponent)
{
    uint128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* digits / 10^decimals as text, without trailing zeros. */
static char *print_decimal(uint128 digits, unsigned decimals)
{
    while (decimals > 0 && digits % 10 == 0) {
        digits /= 10;
        decimals--;
    }
    char reversed[QUANTITY_DIGITS_MAXIMUM + 4];
    unsigned count = 0;
    for (unsigned place = 0; place <= decimals || digits; place++, digits /= 10) {
        if (place == decimals && place > 0)
            reversed[count++] = '.';
        reversed[count++] = (char)('0' + (unsigned)(digits % 10));
    }
    reversed[count] = '\0';
    return g_strreverse(g_strdup(reversed));
}

/* The ratio times `factor` as a decimal, or NULL where that does not end within 17 places. */
static char *print_ratio(struct ratio ratio, unsigned factor)
{
    uint128 numerator = (uint128)ratio.numerator * factor;
    for (unsigned decimals = 0; decimals <= 17; decimals++) {
        uint128 digits = numerator * power_of_ten(decimals);
        if (digits % ratio.denominator == 0)
            return print_decimal(digits / ratio.denominator, decimals);
    }
    return NULL;
}

static char *print_fraction(struct ratio ratio)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, ratio.numerator, ratio.denominator);
}

static char *print_share(struct ratio ratio)
{
    char *percent = print_ratio(ratio, 100);
    char *text = percent ? g_strconcat(percent, " %", NULL) : print_fraction(ratio);
    g_free(percent);
    return text;
}

/* The shortest text whose number is at least 1; among equals one without a point, then the largest unit. */
static char *print_dimensioned(const struct dimension *dimension, uint64_t value)
{
    const struct unit *last = dimension->unit;
    while (last[1].name)
        last++;
    char *best = NULL;
    for (const struct unit *unit = last; unit >= dimension->unit; unit--) {
        if (value < unit->factor && unit != dimension->unit)
            continue;
        char *number = print_ratio((struct ratio){value, unit->factor}, 1);
        if (!number)
            continue;
        char *text = g_strdup_printf("%s %s", number, unit->name);
        size_t length = strlen(text), best_length = best ? strlen(best) : SIZE_MAX;
        bool better = length < best_length || (length == best_length && !strchr(number, '.') && strchr(best, '.'));
        g_free(number);
        g_free(better ? best : text);
        best = better ? text : best;
    }
    return best;
}

char *quantity_print(const struct param *param, const void *value)
{
    switch (param->type) {
    case PARAM_FLAG:
        return g_strdup(*(const bool *)value ? "on" : "off");
    case PARAM_INTEGER:
        return g_strdup_printf("%" G_GINT64_FORMAT, *(const int64_t *)value);
    case PARAM_DECIMAL: {
        char *decimal = print_ratio(*(const struct ratio *)value, 1);
        return decimal ? decimal : print_fraction(*(const struct ratio *)value);
    }
    case PARAM_SHARE:
        return print_share(*(const struct ratio *)value);
    case PARAM_DURATION: {
        time_ns time = *(const time_ns *)value;
        REQUIRE(time >= 0);
        return time ? print_dimensioned(&dimension_duration, (uint64_t)time) : g_strdup("0 s");
    }
    case PARAM_SIZE:
        return print_dimensioned(&dimension_size, *(const uint64_t *)value);
    case PARAM_RATE:
        return print_dimensioned(&dimension_rate, *(const uint64_t *)value);
    case PARAM_TX_RATE:
        return print_dimensioned(&dimension_tx_rate, *(const uint64_t *)value);
    case PARAM_STAKE:
        return g_strdup_printf("%" G_GUINT64_FORMAT, *(const stake_amount *)value);
    case PARAM_TEXT:
    case PARAM_FILE:
        return g_strdup(*(const char *const *)value);
    case PARAM_CHOICE:
        return g_strdup(param->choices[*(const int *)value]);
    default:
        assert_failed(__FILE__, __LINE__, "requirement", "quantity_print is given a scalar");
    }
}
