/* SPDX-License-Identifier: MIT */
/* Numbers as text: exact seconds, and doubles without a locale. */
#include "base/decimal.h"

#include <glib.h>
#include <locale.h>
#include <math.h>

static void seconds_are_exact(void)
{
    static const struct {
        time_ns time;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "0.000000001"},
        {1500000000, "1.5"},
        {12000000000, "12"},
        {100 * SECOND, "100"},
        {-250000000, "-0.25"},
        {INT64_MAX - 1, "9223372036.854775806"},
        {INT64_MIN, "-9223372036.854775808"},
        {TIME_NEVER, "NA"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[DECIMAL_SIZE];
        g_assert_cmpstr(decimal_from_ns(buffer, cases[i].time), ==, cases[i].text);
    }
}

static void doubles_are_plain(void)
{
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {
        {0, 6, "0"},         {-0.0, 6, "0"},       {1.0 / 3, 6, "0.333333"},
        {2.5, 17, "2.5"},    {1e-5, 6, "1e-05"},   {123456789, 6, "1.23457e+08"},
        {NAN, 6, "NA"},      {-INFINITY, 6, "NA"}, {0.1, 17, "0.10000000000000001"},
        {-12.5, 3, "-12.5"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[DECIMAL_SIZE];
        g_assert_cmpstr(decimal_print(buffer, cases[i].value, cases[i].digits), ==, cases[i].text);
    }
}

/* A German desktop writes a comma; tables do not, in any of these locales that the machine has. */
static void locale_changes_nothing(void)
{
    static const char *const locales[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    for (size_t i = 0; i < G_N_ELEMENTS(locales); i++) {
        char buffer[DECIMAL_SIZE];
        setlocale(LC_ALL, locales[i]);
        g_assert_cmpstr(decimal_print(buffer, 2.5, 6), ==, "2.5");
        g_assert_cmpstr(decimal_from_ns(buffer, 2500000000), ==, "2.5");
    }
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decimal/seconds are exact", seconds_are_exact);
    g_test_add_func("/decimal/doubles are plain", doubles_are_plain);
    g_test_add_func("/decimal/locale changes nothing", locale_changes_nothing);
    return g_test_run();
}
