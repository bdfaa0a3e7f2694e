/* SPDX-License-Identifier: MIT */
/*
 * The hash that varies delays: the published generator, kernels that agree with it, and draws that look independent
 * within a stream (one message from one sender, receiver after receiver) and across neighbouring ones. Seeds are fixed,
 * so a test passes always or never; each statistic lies within 5 standard deviations of what chance gives (a false
 * alarm in 1.7 million, were they drawn anew), those of the avalanche within 6 (in 500 million).
 */
#include "network/jitter.h"
#include "network/latency.h"

#include <glib.h>
#include <math.h>

static const struct random_seed root = {.seed = 42, .replication = 7};

/* Random123's known answers for philox4x32-7 (tests/kat_vectors of that library): zeroes, ones, digits of pi. */
static void generator_is_philox(void)
{
    static const struct {
        philox4x32_ctr_t counter;
        philox4x32_key_t key;
        uint32_t expected[4];
    } known[] = {
        {{{0, 0, 0, 0}}, {{0, 0}}, {0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48}},
        {{{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}},
         {{UINT32_MAX, UINT32_MAX}},
         {0x5207ddc2, 0x45165e59, 0x4d8ee751, 0x8c52f662}},
        {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
         {{0xa4093822, 0x299f31d0}},
         {0x4dfccaba, 0x190a87f0, 0xc47362ba, 0xb6b5242a}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        philox4x32_ctr_t drawn = philox4x32_R(JITTER_ROUNDS, known[i].counter, known[i].key);
        for (int word = 0; word < 4; word++)
            g_assert_cmphex(drawn.v[word], ==, known[i].expected[word]);
    }
}

/* Where each name goes is part of every recorded result. */
static void names_fill_the_counter(void)
{
    struct jitter_key key = jitter_key_of(&root);
    uint64_t wide = random_at(&root, RANDOM_LATENCY, 0, 0);
    g_assert_cmphex((uint64_t)key.word[1] << 32 | key.word[0], ==, wide);
    struct jitter_stream stream = {key, 0x0123456789abcdef, 11};
    static const struct {
        node_id to;
        uint32_t block, word;
    } places[] = {{0, 0, 0}, {7, 7, 0}, {8, 0, 1}, {31, 7, 3}, {32, 8, 0}, {73, 17, 1}, {UINT32_MAX, 0x3fffffff, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        philox4x32_ctr_t counter = {{places[i].block, 11, 0x89abcdef, 0x01234567}};
        philox4x32_ctr_t drawn = philox4x32_R(7, counter, (philox4x32_key_t){{key.word[0], key.word[1]}});
        g_assert_cmphex(jitter_at(&stream, places[i].to), ==, drawn.v[places[i].word]);
    }
}

#define GROUPS 9

/* Every instruction set draws what is drawn one by one, wherever it begins. */
static void kernels_draw_alike(void)
{
    struct random_stream luck;
    random_stream_init(&luck, &root, RANDOM_TEST, 0);
    for (int round = 0; round < 300; round++) {
        struct jitter_stream stream = {{{(uint32_t)random_u64(&luck), (uint32_t)random_u64(&luck)}},
                                       random_u64(&luck),
                                       (node_id)random_u64(&luck)};
        size_t groups = 1 + random_below(&luck, GROUPS);
        node_id first = (node_id)random_below(&luck, round % 2 ? 4 : UINT32_MAX / JITTER_GROUP - GROUPS) * JITTER_GROUP;
        for (unsigned set = 0; jitter_kernels_at(set); set++) {
            uint32_t drawn[GROUPS * JITTER_GROUP], greatest = 0;
            uint32_t said = jitter_kernels_at(set)->draw(&stream, first, groups, drawn);
            for (uint32_t i = 0; i < groups * JITTER_GROUP; i++) {
                g_assert_cmphex(drawn[i], ==, jitter_at(&stream, first + i));
                greatest = MAX(greatest, drawn[i]);
            }
            g_assert_cmphex(said, ==, greatest);
        }
    }
}

/* And multiplies as quantiles_scale does: short and long delays, the ends of cells; 2^32 ns and more are refused. */
static void kernels_scale_alike(void)
{
    struct latency latency = {0};
    latency_init_single(&latency, 0);
    latency_set_jitter(&latency, (struct ratio){2, 100});
    const struct quantiles *factor = &latency.factor;
    g_assert_nonnull(factor->packed);
    struct random_stream luck;
    random_stream_init(&luck, &root, RANDOM_TEST, 1);
    enum { COUNT = 83 };
    for (int round = 0; round < 2000; round++) {
        uint32_t drawn[COUNT];
        time_ns delay_ns[COUNT];
        for (int i = 0; i < COUNT; i++) {
            drawn[i] = (uint32_t)random_below(&luck, QUANTILES_LAST);
            if (random_below(&luck, 8) == 0)
                drawn[i] = random_below(&luck, 2) ? drawn[i] | UINT32_MAX >> QUANTILES_BITS : drawn[i] & 0xfff00000;
            delay_ns[i] = (time_ns)(random_u64(&luck) >> (32 + random_below(&luck, 32)));
        }
        drawn[0] = QUANTILES_LAST - 1;
        delay_ns[0] = UINT32_MAX;
        for (unsigned set = 0; jitter_kernels_at(set); set++) {
            time_ns got[COUNT];
            memcpy(got, delay_ns, sizeof got);
            g_assert_true(
                jitter_kernels_at(set)->scale(factor->packed, factor->body[0], drawn, 1 + round % COUNT, got));
            for (int i = 0; i < COUNT; i++)
                g_assert_cmpint(got[i], ==,
                                i <= round % COUNT ? quantiles_scale(factor, delay_ns[i], drawn[i]) : delay_ns[i]);
            memcpy(got, delay_ns, sizeof got);
            got[COUNT - 1] = (time_ns)1 << 32;
            g_assert_false(jitter_kernels_at(set)->scale(factor->packed, factor->body[0], drawn, COUNT, got));
            g_assert_cmpint(got[0], ==, delay_ns[0]);
        }
    }
    latency_release(&latency);
}

/* ---- statistics ---- */

/* The chi-squared value that z standard deviations of a normal variable stand for (Wilson and Hilferty 1931). */
static double chi_squared_at(double freedom, double z)
{
    double ninth = 2 / (9 * freedom);
    return freedom * pow(1 - ninth + z * sqrt(ninth), 3);
}

/* Counts even over the cells, neither too uneven nor too even. */
static void check_even(const char *what, const uint32_t *counts, size_t cells)
{
    double drawn = 0, chi_squared = 0;
    for (size_t i = 0; i < cells; i++)
        drawn += counts[i];
    for (size_t i = 0; i < cells; i++)
        chi_squared += pow(counts[i] - drawn / (double)cells, 2) / (drawn / (double)cells);
    double freedom = (double)cells - 1;
    if (chi_squared >= chi_squared_at(freedom, 5) || chi_squared <= chi_squared_at(freedom, -5))
        g_error("%s: chi-squared %f, %.0f degrees of freedom", what, chi_squared, freedom);
}

#define RECEIVERS 65536u

static void draw_all(const struct jitter_stream *stream, uint32_t *drawn)
{
    jitter_kernels_best()->draw(stream, 0, RECEIVERS / JITTER_GROUP, drawn);
}

/* Each of 96 streams: the upper, middle and lower 8 bits of 65,536 draws. */
static void streams_are_uniform(void)
{
    g_autofree uint32_t *drawn = g_new(uint32_t, RECEIVERS);
    for (uint32_t number = 0; number < 96; number++) {
        struct jitter_stream stream = {jitter_key_of(&root), number / 4, number % 4};
        draw_all(&stream, drawn);
        for (unsigned shift = 0; shift <= 24; shift += 12) {
            uint32_t counts[256] = {0};
            for (uint32_t i = 0; i < RECEIVERS; i++)
                counts[drawn[i] >> shift & 255]++;
            check_even("uniformity", counts, G_N_ELEMENTS(counts));
        }
    }
}

/* Two streams that ought to have nothing to do with each other, and how far the second one's receivers are off. */
struct neighbours {
    const char *what;
    struct jitter_stream a, b;
    uint32_t lag;
};

/* Correlation, and evenness of the pairs of their upper 6 bits, and of the exclusive or of their upper 12 bits. */
static void check_independent(const struct neighbours *pair)
{
    g_autofree uint32_t *a = g_new(uint32_t, RECEIVERS), *b = g_new(uint32_t, RECEIVERS);
    g_autofree uint32_t *pairs = g_new0(uint32_t, 4096), *differences = g_new0(uint32_t, 4096);
    draw_all(&pair->a, a);
    draw_all(&pair->b, b);
    double sum = 0;
    uint32_t count = RECEIVERS - pair->lag;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t left = a[i], right = b[i + pair->lag];
        sum += ((double)left / 0x1p32 - .5) * ((double)right / 0x1p32 - .5);
        pairs[left >> 26 << 6 | right >> 26]++;
        differences[(left ^ right) >> 20]++;
    }
    double deviation = sum * 12 / sqrt(count); /* the variance of a product is 1/144 */
    if (fabs(deviation) >= 5)
        g_error("%s: the serial correlation is %f deviations from 0", pair->what, deviation);
    check_even(pair->what, pairs, 4096);
    check_even(pair->what, differences, 4096);
}

static void streams_are_independent(void)
{
    static const uint32_t lags[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 24, 31, 32, 33, 64, 256, 1024};
    struct jitter_key key = jitter_key_of(&root);
    for (uint64_t message = 0; message < 12; message++) {
        struct jitter_stream stream = {key, message * 0x9e3779b97f4a7c15 * (message % 2) + message, (node_id)message};
        for (size_t i = 0; i < G_N_ELEMENTS(lags); i++)
            check_independent(&(struct neighbours){"receivers", stream, stream, lags[i]});
        struct neighbours pair = {"messages", stream, stream, 0};
        pair.b.message++;
        check_independent(&pair);
        pair = (struct neighbours){"messages whose upper half differs", stream, stream, 0};
        pair.b.message += (uint64_t)1 << 32;
        check_independent(&pair);
        pair = (struct neighbours){"senders", stream, stream, 0};
        pair.b.from++;
        check_independent(&pair);
        struct random_seed other = root;
        other.seed++;
        pair = (struct neighbours){"seeds", stream, stream, 0};
        pair.b.key = jitter_key_of(&other);
        check_independent(&pair);
        other = root;
        other.replication++;
        pair.what = "replications";
        pair.b.key = jitter_key_of(&other);
        check_independent(&pair);
        for (unsigned bit = 0; bit < 64; bit += 9) {
            pair = (struct neighbours){"keys", stream, stream, 0};
            pair.b.key.word[bit / 32] ^= (uint32_t)1 << bit % 32;
            check_independent(&pair);
        }
    }
}

/* One receiver, message after message and seed after seed, which is how a link sees them: cells of 12 bits. */
static void links_are_uniform(void)
{
    g_autofree uint32_t *upper = g_new(uint32_t, 4096), *lower = g_new(uint32_t, 4096);
    for (int way = 0; way < 4; way++) {
        memset(upper, 0, 4096 * sizeof *upper);
        memset(lower, 0, 4096 * sizeof *lower);
        for (uint32_t i = 0; i < 1u << 18; i++) {
            struct random_seed seed = {.seed = way == 1 ? i : 42, .replication = way == 2 ? i : 0};
            struct jitter_stream stream = {jitter_key_of(&seed), way == 0 ? i : 9, way == 3 ? i : 4};
            uint32_t drawn = jitter_at(&stream, 17);
            upper[drawn >> 20]++;
            lower[drawn >> 8 & 4095]++;
        }
        check_even("upper bits of a link", upper, 4096);
        check_even("lower bits of a link", lower, 4096);
    }
}

/* ---- avalanche ---- */

enum { KEY_BITS = 64, MESSAGE_BITS = 64, NODE_BITS = 32, INPUT_BITS = KEY_BITS + MESSAGE_BITS + 2 * NODE_BITS };

static uint32_t draw_with_flip(struct jitter_stream stream, node_id to, unsigned bit)
{
    if (bit < KEY_BITS)
        stream.key.word[bit / 32] ^= (uint32_t)1 << bit % 32;
    else if (bit < KEY_BITS + MESSAGE_BITS)
        stream.message ^= (uint64_t)1 << (bit - KEY_BITS);
    else if (bit < KEY_BITS + MESSAGE_BITS + NODE_BITS)
        stream.from ^= (uint32_t)1 << (bit - KEY_BITS - MESSAGE_BITS);
    else
        to ^= (uint32_t)1 << (bit - KEY_BITS - MESSAGE_BITS - NODE_BITS);
    return jitter_at(&stream, to);
}

/* Each of the 192 bits of key, message, sender and receiver flips each bit of the draw half of the time. */
static void each_bit_matters(void)
{
    enum { BASES = 4096 };
    struct random_stream luck;
    random_stream_init(&luck, &root, RANDOM_TEST, 2);
    g_autofree uint32_t *flips = g_new0(uint32_t, INPUT_BITS * 32);
    for (int base = 0; base < BASES; base++) {
        struct jitter_stream stream = {{{(uint32_t)random_u64(&luck), (uint32_t)random_u64(&luck)}},
                                       random_u64(&luck),
                                       (node_id)random_u64(&luck)};
        node_id to = (node_id)random_u64(&luck);
        uint32_t drawn = jitter_at(&stream, to);
        for (unsigned in = 0; in < INPUT_BITS; in++) {
            uint32_t changed = drawn ^ draw_with_flip(stream, to, in);
            for (unsigned out = 0; out < 32; out++)
                flips[in * 32 + out] += changed >> out & 1;
        }
    }
    for (unsigned i = 0; i < INPUT_BITS * 32; i++)
        if (fabs(flips[i] - BASES / 2.0) >= 6 * sqrt(BASES) / 2)
            g_error("bit %u of the input flips bit %u of the draw %u times of %d", i / 32, i % 32, flips[i], BASES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jitter/generator is philox 4x32-7", generator_is_philox);
    g_test_add_func("/jitter/names fill the counter", names_fill_the_counter);
    g_test_add_func("/jitter/kernels draw alike", kernels_draw_alike);
    g_test_add_func("/jitter/kernels scale alike", kernels_scale_alike);
    g_test_add_func("/jitter/streams are uniform", streams_are_uniform);
    g_test_add_func("/jitter/streams are independent", streams_are_independent);
    g_test_add_func("/jitter/links are uniform", links_are_uniform);
    g_test_add_func("/jitter/each bit matters", each_bit_matters);
    return g_test_run();
}
