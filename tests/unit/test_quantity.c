/* SPDX-License-Identifier: MIT */
/* Scalars of a scenario: what is held exactly, what is refused and in which words, and that printing reads back. */
#include "base/quantity.h"

#include <glib.h>

static const struct param flag = {.key = "flag", .type = PARAM_FLAG};
static const struct param integer = {.key = "integer", .type = PARAM_INTEGER};
static const struct param decimal = {.key = "decimal", .type = PARAM_DECIMAL};
static const struct param share = {.key = "share", .type = PARAM_SHARE};
static const struct param duration = {.key = "duration", .type = PARAM_DURATION};
static const struct param size = {.key = "size", .type = PARAM_SIZE};
static const struct param rate = {.key = "rate", .type = PARAM_RATE};
static const struct param tx_rate = {.key = "rate", .type = PARAM_TX_RATE};
static const struct param stake = {.key = "stake", .type = PARAM_STAKE};

/* Every count that a text may stand for: durations in ns, sizes in bytes, rates in bit/s. */
static void counts_are_exact(void)
{
    static const struct {
        const struct param *param;
        const char *text;
        int64_t value;
    } cases[] = {
        {&duration, "12 s", 12000000000},
        {&duration, "12s", 12000000000},
        {&duration, "80 ms", 80000000},
        {&duration, "0.1 s", 100000000},
        {&duration, "0.000000001 s", 1},
        {&duration, "1.5 min", 90000000000},
        {&duration, "6 h", 21600000000000},
        {&duration, "0.25 us", 250},
        {&duration, "1_000 ms", 1000000000},
        {&duration, "1.50000000000000000000 s", 1500000000},
        {&duration, "0", 0},
        {&duration, "0 ms", 0},
        {&duration, "106751 d", 9223286400000000000},
        {&duration, "9223372036854775806 ns", INT64_MAX - 1},
        {&size, "512 B", 512},
        {&size, "1 kB", 1000},
        {&size, "1 KiB", 1024},
        {&size, "1.5 MiB", 1572864},
        {&size, "2GB", 2000000000},
        {&size, "0", 0},
        {&rate, "1 Gbit/s", 1000000000},
        {&rate, "0.5 kbit/s", 500},
        {&tx_rate, "100 tx/s", 100000000},
        {&tx_rate, "0.25 tx/s", 250000},
        {&tx_rate, "2 ktx/s", 2000000000},
        {&integer, "42", 42},
        {&integer, "-7", -7},
        {&integer, "1_000_000", 1000000},
        {&integer, "9223372036854775807", INT64_MAX},
        {&stake, "32_000_000_000", 32000000000},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t value = -1;
        GError *error = NULL;
        bool parsed = quantity_parse(cases[i].param, cases[i].text, &value, &error);
        g_assert_no_error(error);
        g_assert_true(parsed);
        g_assert_cmpint(value, ==, cases[i].value);
    }
    stake_amount largest;
    g_assert_true(quantity_parse_stake("18446744073709551615", &largest, NULL));
    g_assert_cmpuint(largest, ==, UINT64_MAX);
}

static void ratios_are_exact(void)
{
    static const struct {
        const struct param *param;
        const char *text;
        struct ratio value;
    } cases[] = {
        {&share, "33 %", {33, 100}},
        {&share, "33%", {33, 100}},
        {&share, "33.5 %", {67, 200}},
        {&share, "1/3", {1, 3}},
        {&share, "2 / 6", {1, 3}},
        {&share, "100 %", {1, 1}},
        {&share, "0", {0, 1}},
        {&share, "0 %", {0, 1}},
        {&decimal, "1.16", {29, 25}},
        {&decimal, "7", {7, 1}},
        {&decimal, "7/2", {7, 2}},
        {&decimal, "0.1", {1, 10}},
        {&decimal, "18446744073709551615", {UINT64_MAX, 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct ratio value = {0, 0};
        GError *error = NULL;
        quantity_parse(cases[i].param, cases[i].text, &value, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(value.numerator, ==, cases[i].value.numerator);
        g_assert_cmpuint(value.denominator, ==, cases[i].value.denominator);
    }
}

/* What is refused, and the words: they say what to write instead. */
static void refusals_say_what_is_allowed(void)
{
    static const struct {
        const struct param *param;
        const char *text;
        const char *message;
    } cases[] = {
        {&duration, "12", "a duration needs a unit: 12 s, 12 ms, 12 min"},
        {&duration, "12 sec", "\"sec\" is not a unit of a duration: use ns, us, ms, s, min, h or d"},
        {&duration, "12 S", "\"S\" is not a unit of a duration: use ns, us, ms, s, min, h or d"},
        {&duration, "1/3 s", "\"/3 s\" is not a unit of a duration: use ns, us, ms, s, min, h or d"},
        {&duration, "soon", "\"soon\" is not a duration: write for example 12 s or 80 ms"},
        {&duration, "", "nothing is written here: a duration is needed, such as 12 s or 80 ms"},
        {&duration, "-3 s", "-3 s is negative: a duration cannot be"},
        {&duration, ".5 s", "\".5 s\" starts with a point: write 0.5 s"},
        {&duration, "1,5 s", "\"1,5 s\" has a comma: decimals take a point"},
        {&duration, "0.3 ns", "0.3 ns is not a whole number of nanoseconds"},
        {&duration, "0.0000000001 s", "0.0000000001 s is not a whole number of nanoseconds"},
        {&duration, "106752 d", "106752 d is too much: a duration is at most 106751 d"},
        {&duration, "9223372036854775807 ns", "9223372036854775807 ns is too much: a duration is at most 106751 d"},
        {&duration, "100000000000000000000000000000000000000 d",
         "100000000000000000000000000000000000000 d is too much: a duration is at most 106751 d"},
        {&duration, "1000000000000000000000000000000000000000 d",
         "\"1000000000000000000000000000000000000000 d\" has too many digits: at most 38 count"},
        {&duration, "12\ts", "a TAB is not allowed here: use a space"},
        {&duration, "12\xc2\xa0s", "the space U+00A0 is not allowed here: use a plain one"},
        {&duration, "12 \xc2\xb5s", "the letter mu is not allowed here: write us for microseconds"},
        {&duration, "\xd9\xa3 s", "the character U+0663 is not allowed here: use plain ASCII"},
        {&duration, "12 \xff", "the text is not valid UTF-8"},
        {&duration, "1__0 s", "\"__0 s\" is not a unit of a duration: use ns, us, ms, s, min, h or d"},
        {&size, "10", "a size needs a unit: 10 B, 10 kB, 10 MiB"},
        {&size, "10 KB", "\"KB\" is not a unit of a size: use B, kB, MB, GB, KiB, MiB or GiB"},
        {&size, "0.3 B", "0.3 B is not a whole number of bytes"},
        {&size, "99999999999 GiB", "99999999999 GiB is too much: a size is at most 8589934591 GiB"},
        {&rate, "10 MB/s", "\"MB/s\" is not a unit of a rate: use bit/s, kbit/s, Mbit/s or Gbit/s"},
        {&tx_rate, "10", "a rate of transactions needs a unit: 10 tx/s, 10 ktx/s, 10 Mtx/s"},
        {&tx_rate, "10 tx/min", "\"tx/min\" is not a unit of a rate of transactions: use tx/s, ktx/s or Mtx/s"},
        {&tx_rate, "0.0000001 tx/s", "0.0000001 tx/s is not a whole number of millionths of a transaction a second"},
        {&rate, "10", "a rate needs a unit: 10 bit/s, 10 Mbit/s, 10 Gbit/s"},
        {&share, "0.33", "a share needs % or a fraction: 33 % or 33/100"},
        {&share, "0.335", "a share needs % or a fraction: 33.5 % or 335/1000"},
        {&share, "0.3", "a share needs % or a fraction: 30 % or 30/100"},
        {&share, "33", "a share needs % or a fraction: 33 % or 33/100, not 33"},
        {&share, "101 %", "101 % is too large: at most 100 %"},
        {&share, "1/0", "1/0 divides by zero"},
        {&share, "1.5/3", "\"1.5/3\" is not a fraction of two whole numbers, such as 1/3"},
        {&share, "33 percent", "\"33 percent\" is not a share: write for example 33 % or 1/3"},
        {&share, "-1 %", "-1 % is negative: a share cannot be"},
        {&decimal, "1e3", "\"1e3\" is not a plain number: write for example 1.16 or 1/3"},
        {&decimal, "-1.5", "-1.5 is negative: a number cannot be"},
        {&decimal, "0.000000000000000000001", "0.000000000000000000001 has too many digits to be held exactly"},
        {&integer, "1.5", "1.5 has a point: a whole number has none"},
        {&integer, "0x10", "\"0x10\" is not a whole number: write digits only, such as 12 or 1_000_000"},
        {&integer, "9223372036854775808", "9223372036854775808 is too large: at most 9223372036854775807"},
        {&integer, "+5", "\"+5\" is not a whole number: write for example 12 or 1_000_000"},
        {&stake, "-5", "-5 is negative: a stake cannot be"},
        {&stake, "18446744073709551616", "18446744073709551616 is too large: at most 18446744073709551615"},
        {&flag, "true", "\"true\" is not a switch: write on or off"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        union {
            uint64_t count;
            struct ratio ratio;
        } value;
        GError *error = NULL;
        g_assert_false(quantity_parse(cases[i].param, cases[i].text, &value, &error));
        g_assert_nonnull(error);
        g_assert_true(error->domain == QUANTITY_ERROR);
        g_assert_cmpstr(error->message, ==, cases[i].message);
        g_error_free(error);
    }
    struct ratio value;
    GError *error = NULL;
    g_assert_false(quantity_parse_share("150 %", &value, &error));
    g_assert_cmpstr(error->message, ==, "150 % is more than the whole: at most 100 %");
    g_error_free(error);
}

/* A bound of the table is inclusive, is shown as the table writes it, and may lift a share above the whole. */
static void ranges_bound(void)
{
    static const char *const kinds[] = {"drop", "hold", NULL};
    static const struct param slot = {.type = PARAM_DURATION, .minimum = "1 ms", .maximum = "1 h"};
    static const struct param count = {.type = PARAM_INTEGER, .minimum = "1"};
    static const struct param alpha = {.type = PARAM_DECIMAL, .maximum = "10.5"};
    static const struct param boost = {.type = PARAM_SHARE, .maximum = "200 %"};
    static const struct param kind = {.type = PARAM_CHOICE, .choices = kinds};
    static const struct {
        const struct param *param;
        const char *text;
        const char *message;
    } cases[] = {
        {&slot, "1 ms", NULL},
        {&slot, "60 min", NULL},
        {&slot, "0.9 ms", "0.9 ms is out of range: from 1 ms to 1 h"},
        {&slot, "61 min", "61 min is out of range: from 1 ms to 1 h"},
        {&count, "1", NULL},
        {&count, "0", "0 is too small: at least 1"},
        {&alpha, "10.5", NULL},
        {&alpha, "10.51", "10.51 is too large: at most 10.5"},
        {&boost, "150 %", NULL},
        {&boost, "201 %", "201 % is too large: at most 200 %"},
        {&kind, "hold", NULL},
        {&kind, "delay", "\"delay\" is not one of: drop, hold"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        union {
            int choice;
            uint64_t count;
            struct ratio ratio;
        } value;
        GError *error = NULL;
        bool parsed = quantity_parse(cases[i].param, cases[i].text, &value, &error);
        g_assert_cmpstr(error ? error->message : NULL, ==, cases[i].message);
        g_assert_true(parsed == !cases[i].message);
        g_clear_error(&error);
    }
}

/* Printing reads as a person would write it. */
static void printing_is_plain(void)
{
    static const struct {
        const struct param *param;
        const char *given;
        const char *printed;
    } cases[] = {
        {&duration, "12 s", "12 s"},
        {&duration, "1500 ms", "1.5 s"},
        {&duration, "100 ms", "100 ms"},
        {&duration, "0", "0 s"},
        {&duration, "24 h", "1 d"},
        {&duration, "90 min", "1.5 h"},
        {&duration, "86401 s", "86401 s"},
        {&duration, "1 ns", "1 ns"},
        {&size, "1048576 B", "1 MiB"},
        {&size, "1500 B", "1500 B"},
        {&size, "0", "0 B"},
        {&size, "1000000 B", "1 MB"},
        {&rate, "1000 Mbit/s", "1 Gbit/s"},
        {&rate, "0", "0 bit/s"},
        {&tx_rate, "0.5 tx/s", "0.5 tx/s"},
        {&tx_rate, "2000 tx/s", "2 ktx/s"},
        {&share, "1/2", "50 %"},
        {&share, "1/3", "1/3"},
        {&share, "33.50 %", "33.5 %"},
        {&share, "0", "0 %"},
        {&share, "0.001 %", "0.001 %"},
        {&decimal, "1.16", "1.16"},
        {&decimal, "2/6", "1/3"},
        {&decimal, "10.0", "10"},
        {&integer, "-1_000", "-1000"},
        {&stake, "1_0", "10"},
        {&flag, "on", "on"},
        {&flag, "off", "off"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        union {
            uint64_t count;
            struct ratio ratio;
        } value = {0};
        g_assert_true(quantity_parse(cases[i].param, cases[i].given, &value, NULL));
        char *printed = quantity_print(cases[i].param, &value);
        g_assert_cmpstr(printed, ==, cases[i].printed);
        g_free(printed);
    }
}

/* 20,000 values of each kind, of every magnitude, come back from their print as they were. */
static void prints_read_back(void)
{
    static const struct param *const kinds[] = {&duration, &size, &rate, &tx_rate, &stake, &integer};
    GRand *random = g_rand_new_with_seed(1);
    for (size_t i = 0; i < 100000; i++) {
        const struct param *param = kinds[i % G_N_ELEMENTS(kinds)];
        uint64_t value = ((uint64_t)g_rand_int(random) << 32 | g_rand_int(random)) >> g_rand_int_range(random, 2, 64);
        uint64_t zeros = (uint64_t)g_rand_int_range(random, 0, 4);
        while (zeros-- > 0 && value < INT64_MAX / 1000)
            value *= 1000;
        uint64_t back = 0;
        char *printed = quantity_print(param, &value);
        g_assert_true(quantity_parse(param, printed, &back, NULL));
        g_assert_cmpuint(back, ==, value);
        g_free(printed);
    }
    for (int i = 0; i < 20000; i++) {
        struct ratio value = {g_rand_int(random), g_rand_int(random) >> g_rand_int_range(random, 0, 31)};
        value.denominator += value.denominator == 0;
        struct ratio back = {0, 0};
        char *printed = quantity_print(&decimal, &value);
        g_assert_true(quantity_parse_decimal(printed, &back, NULL));
        g_assert_cmpint(ratio_compare(back, value), ==, 0);
        g_free(printed);
    }
    g_rand_free(random);
}

/* Comparison goes through 128 bits: these differ by one part in 2^128. */
static void ratios_compare_exactly(void)
{
    struct ratio low = {UINT64_MAX - 1, UINT64_MAX}, high = {UINT64_MAX - 2, UINT64_MAX - 1};
    g_assert_cmpint(ratio_compare(low, high), ==, 1);
    g_assert_cmpint(ratio_compare(high, low), ==, -1);
    g_assert_cmpint(ratio_compare((struct ratio){1, 3}, (struct ratio){2, 6}), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quantity/counts are exact", counts_are_exact);
    g_test_add_func("/quantity/ratios are exact", ratios_are_exact);
    g_test_add_func("/quantity/refusals say what is allowed", refusals_say_what_is_allowed);
    g_test_add_func("/quantity/ranges bound", ranges_bound);
    g_test_add_func("/quantity/printing is plain", printing_is_plain);
    g_test_add_func("/quantity/prints read back", prints_read_back);
    g_test_add_func("/quantity/ratios compare exactly", ratios_compare_exactly);
    return g_test_run();
}
