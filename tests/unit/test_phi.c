/* SPDX-License-Identifier: MIT */
/* The lottery's chance: published thresholds to the last digit, real leader checks, and intervals that enclose. */
#include "../shared.h"
#include "base/phi.h"
#include "base/phi_interval.h"
#include "base/quantity.h"

#include <math.h>
#include <string.h>

static const struct random_seed root = {.seed = 23};

/* A CSV file with its columns by name; commas may stand in quotes, which are kept. */
struct csv {
    char **lines;
    char **header;
    size_t rows;
};

/* Splits at the commas that are not in quotes. */
static char **split_fields(const char *line)
{
    GStrvBuilder *fields = g_strv_builder_new();
    bool quoted = false;
    for (const char *start = line, *at = line;; at++) {
        quoted ^= *at == '"';
        if (*at && (*at != ',' || quoted))
            continue;
        char *one = g_strndup(start, (gsize)(at - start));
        g_strv_builder_add(fields, one);
        g_free(one);
        start = at + 1;
        if (!*at)
            break;
    }
    char **all = g_strv_builder_end(fields);
    g_strv_builder_unref(fields);
    return all;
}

static bool csv_read(struct csv *csv, const char *relative)
{
    char *path = shared_path(relative), *text = NULL;
    if (!path)
        return false;
    bool read = g_file_get_contents(path, &text, NULL, NULL);
    g_assert_true(read);
    g_strchomp(text);
    csv->lines = g_strsplit(text, "\n", -1);
    csv->header = split_fields(csv->lines[0]);
    csv->rows = g_strv_length(csv->lines) - 1;
    g_free(text);
    g_free(path);
    return true;
}

static void csv_release(struct csv *csv)
{
    g_strfreev(csv->lines);
    g_strfreev(csv->header);
}

/* The fields of a row; g_strfreev it. */
static char **csv_row(const struct csv *csv, size_t row)
{
    char **fields = split_fields(csv->lines[row + 1]);
    g_assert_cmpuint(g_strv_length(fields), ==, g_strv_length(csv->header));
    return fields;
}

static const char *field(const struct csv *csv, char **fields, const char *name)
{
    for (size_t i = 0; csv->header[i]; i++)
        if (strcmp(csv->header[i], name) == 0)
            return fields[i];
    g_error("no column %s", name);
}

static uint64_t number(const struct csv *csv, char **fields, const char *name)
{
    return g_ascii_strtoull(field(csv, fields, name), NULL, 10);
}

static void words_from_decimal(const char *text, uint64_t words[4])
{
    memset(words, 0, 4 * sizeof *words);
    for (; *text; text++) {
        uint64_t carry = (uint64_t)(*text - '0');
        for (int i = 3; i >= 0; i--) {
            uint128 product = (uint128)words[i] * 10 + carry;
            words[i] = (uint64_t)product;
            carry = (uint64_t)(product >> 64);
        }
    }
}

static size_t bytes_from_hex(const char *text, uint8_t *bytes)
{
    size_t length = strlen(text) / 2;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
    return length;
}

/* floor(2^256 phi) in all rows, to the last digit; the value there wins unless phi is exactly that, the next loses. */
static void thresholds_are_exact(void)
{
    struct csv csv;
    if (!csv_read(&csv, "vectors/cardano_praos/phi_threshold.csv"))
        return;
    g_assert_cmpuint(csv.rows, ==, 48);
    for (size_t row = 0; row < csv.rows; row++) {
        char **fields = csv_row(&csv, row);
        struct phi phi;
        phi_init(&phi, (struct ratio){number(&csv, fields, "f_num"), number(&csv, fields, "f_den")},
                 number(&csv, fields, "stake"), number(&csv, fields, "total"));
        uint64_t expected[4], threshold[4];
        words_from_decimal(field(&csv, fields, "threshold_2_256"), expected);
        phi_threshold(&phi, threshold, 4);
        g_assert_cmpmem(threshold, sizeof threshold, expected, sizeof expected);
        g_assert_cmpuint(phi.low, ==, expected[0]);
        g_assert_cmpuint(phi.high, ==, expected[0]);
        bool exactly = (expected[1] | expected[2] | expected[3]) == 0; /* 1/4, 1/2: nothing was rounded off */
        g_assert_true(phi_exceeds(&phi, expected, 4) == !exactly);
        expected[3]++;
        g_assert_false(phi_exceeds(&phi, expected, 4));
        g_strfreev(fields);
    }
    csv_release(&csv);
}

/* p/q < phi where the two neighbours of the boundary are 1e-16 apart: 512 bits of p/q decide. */
static void boundary_is_between_neighbours(void)
{
    struct csv csv;
    if (!csv_read(&csv, "vectors/cardano_praos/phi_boundary.csv"))
        return;
    for (size_t row = 0; row < csv.rows; row++) {
        char **fields = csv_row(&csv, row);
        struct phi phi;
        phi_init(&phi, (struct ratio){number(&csv, fields, "f_num"), number(&csv, fields, "f_den")},
                 number(&csv, fields, "stake_num"), number(&csv, fields, "stake_den"));
        uint64_t value[8], rest = number(&csv, fields, "p_num"), divisor = number(&csv, fields, "p_den");
        for (int i = 0; i < 8; i++) {
            uint128 dividend = (uint128)rest << 64;
            value[i] = (uint64_t)(dividend / divisor);
            rest = (uint64_t)(dividend % divisor);
        }
        g_assert_true(phi_exceeds(&phi, value, 8) == number(&csv, fields, "is_leader"));
        g_strfreev(fields);
    }
    csv_release(&csv);
}

/* Blocks of the Cardano main net, with the stakes of their pools; one with a thousandth of the stake is refused. */
static void mainnet_leaders_are_leaders(void)
{
    struct csv csv;
    if (!csv_read(&csv, "vectors/cardano_praos/leader_check_mainnet.csv"))
        return;
    g_assert_cmpuint(csv.rows, ==, 4);
    for (size_t row = 0; row < csv.rows; row++) {
        char **fields = csv_row(&csv, row);
        struct phi phi;
        phi_init(&phi, (struct ratio){number(&csv, fields, "f_num"), number(&csv, fields, "f_den")},
                 number(&csv, fields, "pool_stake"), number(&csv, fields, "total_stake"));
        uint8_t value[64];
        size_t length = bytes_from_hex(field(&csv, fields, "leader_value"), value);
        g_assert_cmpuint(length * 8, ==, number(&csv, fields, "bits"));
        g_assert_true(phi_exceeds_bytes(&phi, value, length) == number(&csv, fields, "is_leader"));
        g_strfreev(fields);
    }
    csv_release(&csv);
}

/* With all of the stake phi is f itself: 107 headers. */
static void full_stake_headers(void)
{
    struct csv csv;
    if (!csv_read(&csv, "vectors/cardano_praos/header_vrf_leader.csv"))
        return;
    g_assert_cmpuint(csv.rows, ==, 107);
    for (size_t row = 0; row < csv.rows; row++) {
        char **fields = csv_row(&csv, row);
        struct ratio f;
        g_assert_true(quantity_parse_decimal(field(&csv, fields, "active_slot_coeff"), &f, NULL));
        struct phi phi;
        phi_init(&phi, f, 1, 1);
        uint8_t value[64];
        size_t length = bytes_from_hex(field(&csv, fields, "leader_value"), value);
        g_assert_true(phi_exceeds_bytes(&phi, value, length) == number(&csv, fields, "is_leader_full_stake"));
        g_strfreev(fields);
    }
    csv_release(&csv);
}

static double as_double(const struct phi *phi)
{
    return ldexp((double)phi->low, -64);
}

/* phi(.1) = .0051162 and phi(.5) = .0253206 at f = .05, as the design of Praos prints them. */
static void published_values(void)
{
    struct phi phi;
    phi_init(&phi, (struct ratio){1, 20}, 1, 10);
    g_assert_cmpfloat_with_epsilon(as_double(&phi), .0051162, .5e-7);
    phi_init(&phi, (struct ratio){1, 20}, 1, 2);
    g_assert_cmpfloat_with_epsilon(as_double(&phi), .0253206, .5e-7);
}

/* Splitting stake changes nothing: 1 - phi(a + b) = (1 - phi(a)) (1 - phi(b)). */
static void splitting_changes_nothing(void)
{
    struct phi joint, a, b;
    phi_init(&joint, (struct ratio){1, 20}, 700, 1000);
    phi_init(&a, (struct ratio){1, 20}, 123, 1000);
    phi_init(&b, (struct ratio){1, 20}, 577, 1000);
    g_assert_cmpfloat_with_epsilon(1 - as_double(&joint), (1 - as_double(&a)) * (1 - as_double(&b)), 1e-15);
}

/* The ends: no stake never wins, f = 0 never, f = 1 always (with any stake), all of the stake wins with f. */
static void ends_are_exact(void)
{
    static const uint64_t zero[4] = {0}, ones[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    struct phi phi;
    phi_init(&phi, (struct ratio){1, 20}, 0, 10);
    g_assert_false(phi_exceeds(&phi, zero, 4));
    g_assert_false(phi_wins(&phi, &(struct random_block){{0}}));
    phi_init(&phi, (struct ratio){0, 1}, 7, 10);
    g_assert_false(phi_exceeds(&phi, zero, 4));
    phi_init(&phi, (struct ratio){3, 3}, 1, UINT64_MAX);
    g_assert_true(phi_exceeds(&phi, ones, 4));
    g_assert_true(phi_wins(&phi, &(struct random_block){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}}));
    phi_init(&phi, (struct ratio){1, 1}, 0, 5);
    g_assert_false(phi_exceeds(&phi, zero, 4));
    phi_init(&phi, (struct ratio){1, 2}, UINT64_MAX, UINT64_MAX);
    uint64_t half[1] = {(uint64_t)1 << 63};
    g_assert_false(phi_exceeds(&phi, half, 1));
    half[0]--;
    g_assert_true(phi_exceeds(&phi, half, 1));
}

/* Perfect powers are rational though the stake is not whole: 1 - (8/27)^(2/3) = 5/9; a near miss is not. */
static void rational_powers_are_fractions(void)
{
    struct phi phi;
    phi_init(&phi, (struct ratio){19, 27}, 4, 6);
    uint64_t threshold[4], ninths[4] = {0x8e38e38e38e38e38, 0xe38e38e38e38e38e, 0x38e38e38e38e38e3, 0x8e38e38e38e38e38};
    phi_threshold(&phi, threshold, 4);
    g_assert_cmpmem(threshold, sizeof threshold, ninths, sizeof ninths);
    phi_init(&phi, (struct ratio){3, 4}, 1, 2); /* exactly 1/2: its value loses, the one below wins */
    uint64_t value[8] = {(uint64_t)1 << 63};
    g_assert_false(phi_exceeds(&phi, value, 8));
    memset(value, 0xff, sizeof value);
    value[0] = ((uint64_t)1 << 63) - 1;
    g_assert_true(phi_exceeds(&phi, value, 8));
}

/* A value of 512 bits that agrees with phi in all of them: only more than 512 bits tell. */
static void hard_values_escalate(void)
{
    for (uint64_t i = 0; i < 50; i++) {
        struct phi phi;
        phi_init(&phi, (struct ratio){1 + i, 60}, 1 + i * i, 3000);
        uint64_t value[8];
        phi_threshold(&phi, value, 8);
        g_assert_true(phi_exceeds(&phi, value, 8));
        for (int word = 7; word >= 0 && ++value[word] == 0; word--)
            ;
        g_assert_false(phi_exceeds(&phi, value, 8));
        struct random_block draw = {{phi.low, 0, 0, 0}};
        g_assert_true(phi_wins(&phi, &draw));
        draw = (struct random_block){{phi.high, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
        g_assert_false(phi_wins(&phi, &draw));
    }
}

/* 2 to 2^64 - 1, every length as likely as another. */
static uint64_t any_size(struct random_stream *stream)
{
    uint64_t bits = random_u64(stream) | (uint64_t)1 << 63;
    uint64_t value = bits >> random_below(stream, 62);
    return value > 1 ? value : 2;
}

/*
 * The error counts are sound: for 1,000 stakes of every size and f from 2^-60 to 1 - 2^-60, an interval of 128 bits and
 * one of 320 enclose the one of 1,088, and are narrower than 2^-109 and 2^-301.
 */
static void intervals_enclose(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t whole = any_size(&stream), part = any_size(&stream) % whole;
        uint64_t denominator = any_size(&stream), numerator = any_size(&stream) % denominator;
        if (i % 2)
            numerator = denominator - 1 - numerator;
        struct phi_interval fine, coarse;
        phi_interval_enclose(&fine, (struct ratio){numerator, denominator}, part, whole, 17);
        for (unsigned words = 2; words <= 5; words += 3) {
            phi_interval_enclose(&coarse, (struct ratio){numerator, denominator}, part, whole, words);
            bool below = false, above = false;
            for (unsigned word = 0; word < words && !below; word++) {
                g_assert_cmphex(coarse.low[word], <=, fine.low[word]);
                below = coarse.low[word] < fine.low[word];
            }
            for (unsigned word = 0; word < words && !above; word++) {
                g_assert_cmphex(coarse.high[word], >=, fine.high[word]);
                above = coarse.high[word] > fine.high[word];
            }
            uint64_t width = coarse.high[words - 1] - coarse.low[words - 1];
            g_assert_cmpuint(width, <, 1 << 19);
        }
    }
}

/* 2,000,000 ideal draws at phi = .3 win as often as they should, within 4 sigma. */
static void draws_win_as_often_as_phi(void)
{
    struct phi phi;
    phi_init(&phi, (struct ratio){1, 2}, 51457, 100000); /* 1 - 2^-0.51457 = .30000 */
    int won = 0;
    for (uint64_t i = 0; i < 2000000; i++) {
        struct random_block draw = random_at256(&root, RANDOM_TEST, 1, i);
        won += phi_wins(&phi, &draw);
    }
    g_assert_cmpfloat(fabs(won - 2e6 * as_double(&phi)), <, 4 * sqrt(2e6 * .3 * .7));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phi/thresholds are exact", thresholds_are_exact);
    g_test_add_func("/phi/boundary is between neighbours", boundary_is_between_neighbours);
    g_test_add_func("/phi/mainnet leaders are leaders", mainnet_leaders_are_leaders);
    g_test_add_func("/phi/full stake headers", full_stake_headers);
    g_test_add_func("/phi/published values", published_values);
    g_test_add_func("/phi/splitting changes nothing", splitting_changes_nothing);
    g_test_add_func("/phi/ends are exact", ends_are_exact);
    g_test_add_func("/phi/rational powers are fractions", rational_powers_are_fractions);
    g_test_add_func("/phi/hard values escalate", hard_values_escalate);
    g_test_add_func("/phi/intervals enclose", intervals_enclose);
    g_test_add_func("/phi/draws win as often as phi", draws_win_as_often_as_phi);
    return g_test_run();
}
