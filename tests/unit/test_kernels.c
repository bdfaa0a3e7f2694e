/* SPDX-License-Identifier: MIT */
/*
 * The kernels of sim/delivery, of each instruction set that this machine has, against the plainest way of doing the
 * same: short and long columns, ties, weights of 0, keys that are never reached, targets that are not met.
 */
#include "base/random.h"
#include "delivery/kernel.h"

#include <glib.h>
#include <string.h>

#define MOST_BLOCKS 70

struct table {
    uint32_t keys[MOST_BLOCKS * COLUMN_BLOCK];
    uint32_t narrow[MOST_BLOCKS * COLUMN_BLOCK];
    uint64_t wide[MOST_BLOCKS * COLUMN_BLOCK];
    size_t blocks;
};

static void draw_table(struct table *table, struct random_stream *stream)
{
    static const uint64_t spans[] = {1, 2, 10, 1000, 200000000, UINT32_MAX};
    uint64_t span = spans[random_below(stream, G_N_ELEMENTS(spans))];
    table->blocks = 1 + random_below(stream, random_below(stream, 10) ? 6 : MOST_BLOCKS);
    for (size_t i = 0; i < table->blocks * COLUMN_BLOCK; i++) {
        table->keys[i] = (uint32_t)random_below(stream, span);
        if (random_below(stream, 16) == 0)
            table->keys[i] = random_below(stream, 2) ? KEY_NEVER : KEY_FAR;
        table->narrow[i] = (uint32_t)random_below(stream, 5);
        table->wide[i] = table->narrow[i];
    }
}

static uint64_t naive_sum(const struct table *table, uint64_t limit)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < table->blocks * COLUMN_BLOCK; i++)
        sum += table->keys[i] < limit ? table->wide[i] : 0;
    return sum;
}

static uint32_t naive_reach(const struct table *table, uint64_t target)
{
    uint32_t least = KEY_NEVER;
    for (size_t i = 0; i < table->blocks * COLUMN_BLOCK; i++)
        if (table->keys[i] < least && naive_sum(table, (uint64_t)table->keys[i] + 1) >= target)
            least = table->keys[i];
    return least;
}

static void check_sums(const struct kernels *kernels, const struct table *table, uint32_t limit)
{
    g_assert_cmpuint(kernels->sum_narrow(table->keys, table->narrow, table->blocks, limit), ==,
                     naive_sum(table, limit));
    g_assert_cmpuint(kernels->sum_wide(table->keys, table->wide, table->blocks, limit), ==, naive_sum(table, limit));
    uint64_t bits[(MOST_BLOCKS + 3) / 4];
    memset(bits, 0xa5, sizeof bits);
    kernels->bits_below(table->keys, table->blocks, limit, bits);
    for (size_t i = 0; i < (table->blocks + 3) / 4 * 64; i++) {
        bool is_below = i < table->blocks * COLUMN_BLOCK && table->keys[i] < limit;
        g_assert_cmpuint(bits[i / 64] >> i % 64 & 1, ==, is_below);
    }
}

/* Right, wrong and empty guesses give the same. */
static void check_reach(const struct kernels *kernels, const struct table *table, uint64_t target,
                        struct random_stream *stream)
{
    static struct table copy;
    uint32_t wanted = naive_reach(table, target), near = (uint32_t)random_below(stream, 1000);
    uint32_t least = wanted > near ? wanted - near : 0, most = wanted < KEY_FAR - near ? wanted + near : KEY_FAR;
    uint32_t anywhere = (uint32_t)random_below(stream, KEY_NEVER);
    const struct key_range guesses[] = {
        {0, 0},       {least, most},       {wanted, most}, {least, MIN(wanted, KEY_FAR)},
        {0, KEY_FAR}, {anywhere, KEY_FAR}, {0, anywhere},  {most, least}};
    for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++) {
        copy = *table;
        g_assert_cmpuint(kernels->reach_narrow(copy.keys, copy.narrow, copy.blocks, target, guesses[i]), ==, wanted);
        copy = *table;
        g_assert_cmpuint(kernels->reach_wide(copy.keys, copy.wide, copy.blocks, target, guesses[i]), ==, wanted);
    }
}

static void columns(void)
{
    struct random_seed seed = {.seed = 1};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, 0);
    static struct table table;
    unsigned sets = 0;
    for (int round = 0; round < 3000; round++) {
        draw_table(&table, &stream);
        uint64_t target = 1 + random_below(&stream, naive_sum(&table, UINT64_MAX) + 2);
        uint32_t limit = table.keys[random_below(&stream, table.blocks * COLUMN_BLOCK)];
        sets = 0;
        for (const struct kernels *kernels; (kernels = kernels_at(sets)); sets++) {
            check_sums(kernels, &table, limit);
            check_reach(kernels, &table, target, &stream);
        }
    }
    g_assert_cmpuint(sets, >=, 1);
    g_test_message("%u instruction sets, the best: %s", sets, kernels_best()->name);
}

/* Sums of 64 bits do not lose what lies above 32. */
static void heavy_weights(void)
{
    static struct table table = {.blocks = 3};
    const struct key_range none = {0, 0};
    for (size_t i = 0; i < table.blocks * COLUMN_BLOCK; i++) {
        table.keys[i] = 1000 - (uint32_t)i;
        table.wide[i] = UINT64_C(1) << 57;
    }
    for (unsigned set = 0; kernels_at(set); set++) {
        struct table copy = table;
        g_assert_cmpuint(kernels_at(set)->sum_wide(table.keys, table.wide, table.blocks, KEY_NEVER), ==,
                         UINT64_C(48) << 57);
        g_assert_cmpuint(kernels_at(set)->reach_wide(copy.keys, copy.wide, copy.blocks, UINT64_C(47) << 57, none), ==,
                         999);
    }
}

/* Each kind by itself and among others, in columns of every length, so that no lane is left out. */
static void times_to_keys(void)
{
    const time_ns base = 5 * SECOND;
    static const struct {
        time_ns after_ns;
        uint32_t key, inexact;
    } kinds[] = {{0, 0, 0},
                 {1, 1, 0},
                 {KEY_FAR - 1, KEY_FAR - 1, 0},
                 {KEY_FAR, KEY_FAR, KEYS_FAR},
                 {KEY_NEVER, KEY_FAR, KEYS_FAR},
                 {DAY, KEY_FAR, KEYS_FAR},
                 {TIME_NEVER - 5 * SECOND, KEY_NEVER, KEYS_NEVER}};
    struct random_stream stream;
    random_stream_init(&stream, &(struct random_seed){.seed = 1}, RANDOM_TEST, 1);
    for (size_t round = 0; round < 2000; round++) {
        time_ns at[40];
        uint32_t wanted[40], inexact = 0, latest = 0, said;
        size_t count = 1 + round % 40;
        uint64_t few = 1 + random_below(&stream, G_N_ELEMENTS(kinds));
        for (size_t i = 0; i < count; i++) {
            size_t kind = random_below(&stream, few);
            at[i] = base + kinds[kind].after_ns;
            wanted[i] = kinds[kind].key;
            inexact |= kinds[kind].inexact;
            latest = kinds[kind].inexact ? latest : MAX(latest, kinds[kind].key);
        }
        for (unsigned set = 0; kernels_at(set); set++) {
            uint32_t keys[40];
            g_assert_cmpuint(kernels_at(set)->keys_of(at, count, base, keys, &said), ==, inexact);
            g_assert_cmpuint(said, ==, latest);
            for (size_t i = 0; i < count; i++)
                g_assert_cmpuint(keys[i], ==, wanted[i]);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kernels/columns", columns);
    g_test_add_func("/kernels/heavy-weights", heavy_weights);
    g_test_add_func("/kernels/times-to-keys", times_to_keys);
    return g_test_run();
}
