/* SPDX-License-Identifier: MIT */
/* Keyed random draws: the published generator, keys that never meet, and streams that are fair. */
#include "base/random.h"

#include <glib.h>
#include <math.h>

static const struct random_seed root = {.seed = 42, .replication = 7};

/*
 * Random123's own known answers for philox4x64-10 (tests/kat_vectors of that library): all zeroes, all ones, and the
 * digits of pi.
 */
static void generator_is_philox(void)
{
    static const struct {
        philox4x64_ctr_t counter;
        philox4x64_key_t key;
        uint64_t expected[4];
    } known[] = {
        {{{0, 0, 0, 0}}, {{0, 0}}, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
        {{{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
         {{UINT64_MAX, UINT64_MAX}},
         {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
        {{{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}},
         {{0x452821e638d01377, 0xbe5466cf34e90c6c}},
         {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        philox4x64_ctr_t drawn = philox4x64_R(10, known[i].counter, known[i].key);
        for (int word = 0; word < 4; word++)
            g_assert_cmphex(drawn.v[word], ==, known[i].expected[word]);
    }
}

/* Where each name goes in the key and the counter is part of every recorded result. */
static void names_fill_the_key(void)
{
    struct random_seed seed = {.seed = 3, .replication = 5, .branch = 9};
    philox4x64_ctr_t expected =
        philox4x64_R(10, (philox4x64_ctr_t){{11, 13, RANDOM_LATENCY, 0}}, (philox4x64_key_t){{3, 5ull << 32 | 9}});
    g_assert_cmphex(random_at(&seed, RANDOM_LATENCY, 13, 11), ==, expected.v[0]);
    uint128 wide = random_at128(&seed, RANDOM_LATENCY, 13, 11);
    g_assert_cmphex((uint64_t)(wide >> 64), ==, expected.v[0]);
    g_assert_cmphex((uint64_t)wide, ==, expected.v[1]);
    g_assert_cmphex(random_at256(&seed, RANDOM_LATENCY, 13, 11).word[3], ==, expected.v[3]);

    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_LATENCY, 13);
    for (uint64_t block = 0; block < 2; block++) {
        expected = philox4x64_R(10, (philox4x64_ctr_t){{block, 13, RANDOM_LATENCY, 1}},
                                (philox4x64_key_t){{3, 5ull << 32 | 9}});
        for (int word = 0; word < 4; word++)
            g_assert_cmphex(random_u64(&stream), ==, expected.v[word]);
    }
}

/* Changing any one name changes the draw: 7 neighbours of one draw are all different. */
static void each_name_matters(void)
{
    struct random_seed other_seed = root, other_replication = root, other_branch = root;
    other_seed.seed++;
    other_replication.replication++;
    other_branch.branch++;
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, 1);
    uint64_t draws[] = {
        random_at(&root, RANDOM_TEST, 1, 0),
        random_at(&other_seed, RANDOM_TEST, 1, 0),
        random_at(&other_replication, RANDOM_TEST, 1, 0),
        random_at(&other_branch, RANDOM_TEST, 1, 0),
        random_at(&root, RANDOM_LOSS, 1, 0),
        random_at(&root, RANDOM_TEST, 2, 0),
        random_at(&root, RANDOM_TEST, 1, 1),
        random_u64(&stream),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(draws); i++)
        for (size_t j = 0; j < i; j++)
            g_assert_cmphex(draws[i], !=, draws[j]);
}

/* A world forks after five draws: the clone's draws differ from there on, and are those of its own branch number. */
static void branch_leaves_the_past(void)
{
    struct random_stream original, first, second;
    random_stream_init(&original, &root, RANDOM_TEST, 1);
    for (int i = 0; i < 5; i++)
        (void)random_u64(&original);
    first = second = original;
    random_stream_branch(&first, 1);
    random_stream_branch(&second, 2);
    uint64_t a = random_u64(&first), b = random_u64(&second), c = random_u64(&original);
    g_assert_cmphex(a, !=, b);
    g_assert_cmphex(a, !=, c);
    g_assert_cmphex(b, !=, c);
}

/* Bits of neighbouring counters and entities: each of 64 bits is set half of the time, within 5 sigma of 65,536. */
static void bits_are_fair(void)
{
    unsigned set[2][64] = {0};
    for (uint64_t i = 0; i < 65536; i++)
        for (unsigned bit = 0; bit < 64; bit++) {
            set[0][bit] += (unsigned)(random_at(&root, RANDOM_TEST, 0, i) >> bit & 1);
            set[1][bit] += (unsigned)(random_at(&root, RANDOM_TEST, i, 0) >> bit & 1);
        }
    for (int way = 0; way < 2; way++)
        for (unsigned bit = 0; bit < 64; bit++)
            g_assert_cmpfloat(fabs(set[way][bit] - 32768.0), <, 5 * 128.0);
}

/* random_below is uniform: chi-squared of 1,000,000 draws below 10, 9 degrees of freedom, critical value 27.88 (.1 %).
 */
static void below_is_uniform(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, 2);
    double counts[10] = {0}, chi_squared = 0;
    for (int i = 0; i < 1000000; i++) {
        uint64_t drawn = random_below(&stream, 10);
        g_assert_cmpuint(drawn, <, 10);
        counts[drawn]++;
    }
    for (int i = 0; i < 10; i++)
        chi_squared += (counts[i] - 1e5) * (counts[i] - 1e5) / 1e5;
    g_assert_cmpfloat(chi_squared, <, 27.88);
}

/*
 * Where bias would show: below 3 * 2^62 a plain multiplication gives every third value twice as often. The share of
 * draws that are 0 modulo 3 lies within 5 sigma of 1/3; the bound 1 always gives 0.
 */
static void below_has_no_bias(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, 3);
    int multiples = 0;
    for (int i = 0; i < 100000; i++)
        multiples += random_below(&stream, 3ull << 62) % 3 == 0;
    g_assert_cmpfloat(fabs(multiples - 1e5 / 3), <, 5 * sqrt(1e5 * 2 / 9));
    g_assert_cmpuint(random_below(&stream, 1), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/random/generator is philox 4x64-10", generator_is_philox);
    g_test_add_func("/random/names fill the key", names_fill_the_key);
    g_test_add_func("/random/each name matters", each_name_matters);
    g_test_add_func("/random/branch leaves the past", branch_leaves_the_past);
    g_test_add_func("/random/bits are fair", bits_are_fair);
    g_test_add_func("/random/below is uniform", below_is_uniform);
    g_test_add_func("/random/below has no bias", below_has_no_bias);
    return g_test_run();
}
