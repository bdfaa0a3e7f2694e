/* SPDX-License-Identifier: MIT */
/* The ideal VRF has the distribution of the real one, and both serve behind one interface. */
#include "crypto/key.h"
#include "crypto/vrf.h"

#include <glib.h>
#include <string.h>

static const struct random_seed seed = {.seed = 42};

/* The number of a slot as the bytes that a lottery hashes. */
static struct vrf_input slot_input(uint8_t bytes[8], uint64_t slot)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(slot >> (56 - 8 * i));
    struct vrf_input input;
    vrf_input_init(&input, bytes, 8);
    return input;
}

/* The prefixes are the leading bits of the output; a shorter output is a prefix of a longer one, past one block too. */
static void prefixes_are_leading_bits(void)
{
    for (uint64_t input = 0; input < 50; input++) {
        uint8_t output[300], shorter[300] = {0};
        ideal_vrf_output(&seed, 3, input, output, sizeof output);
        uint128 bits = 0;
        for (int i = 0; i < 16; i++)
            bits = bits << 8 | output[i];
        g_assert_true(ideal_vrf_u128(&seed, 3, input) == bits);
        g_assert_cmpuint(ideal_vrf_u64(&seed, 3, input), ==, (uint64_t)(bits >> 64));
        size_t length = (size_t)input * 6;
        ideal_vrf_output(&seed, 3, input, shorter, length);
        g_assert_cmpint(memcmp(shorter, output, length), ==, 0);
    }
    uint8_t untouched = 7;
    ideal_vrf_output(&seed, 3, 0, &untouched, 0);
    g_assert_cmpuint(untouched, ==, 7);
}

/* No two of (validator, input, block of the output, replication) share a draw. */
static void draws_differ(void)
{
    GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (uint32_t replication = 0; replication < 2; replication++)
        for (validator_id validator = 0; validator < 50; validator++)
            for (uint64_t input = 0; input < 50; input++)
                for (uint32_t position = 0; position < 4; position++) {
                    const struct random_seed world = {.seed = 42, .replication = replication};
                    struct random_block block = ideal_vrf_block(&world, validator, input, position);
                    for (int word = 0; word < 4; word++)
                        g_assert_true(g_hash_table_add(seen, g_memdup2(&block.word[word], 8)));
                }
    g_hash_table_unref(seen);
}

struct counts {
    unsigned byte[64][256]; /* outputs by the value of each of their bytes */
    unsigned equal_neighbours;
    unsigned outputs;
};

static void count_outputs(struct counts *counts, struct vrf_provider *provider, validator_id validators, uint64_t slots)
{
    memset(counts, 0, sizeof *counts);
    struct vrf_evaluation evaluation, previous;
    for (validator_id validator = 0; validator < validators; validator++)
        for (uint64_t slot = 0; slot < slots; slot++) {
            uint8_t bytes[8];
            struct vrf_input input = slot_input(bytes, slot);
            provider->evaluate(provider, validator, &input, &evaluation);
            for (int i = 0; i < 64; i++)
                counts->byte[i][evaluation.output.bytes[i]]++;
            if (slot > 0)
                for (int i = 0; i < 64; i++)
                    counts->equal_neighbours += evaluation.output.bytes[i] == previous.output.bytes[i];
            previous = evaluation;
            counts->outputs++;
        }
}

/* Pearson's statistic of all bytes at once against 1/256 each: 255 degrees of freedom, 1e-5 of its mass above 361. */
static double chi_square(const struct counts *counts)
{
    double expected = 64.0 * counts->outputs / 256, sum = 0;
    for (int value = 0; value < 256; value++) {
        double seen = 0;
        for (int i = 0; i < 64; i++)
            seen += counts->byte[i][value];
        sum += (seen - expected) * (seen - expected) / expected;
    }
    return sum;
}

static void assert_uniform(struct vrf_provider *provider, validator_id validators, uint64_t slots)
{
    static struct counts counts;
    count_outputs(&counts, provider, validators, slots);
    double chi = chi_square(&counts);
    g_test_message("%s: chi-square %.1f of %u outputs", provider->name, chi, counts.outputs);
    g_assert_cmpfloat(chi, <, 361);
    g_assert_cmpfloat(chi, >, 171);

    /* Outputs of successive slots agree in a byte with probability 1/256: within five standard deviations. */
    double pairs = 64.0 * validators * (double)(slots - 1), mean = pairs / 256;
    double difference = counts.equal_neighbours - mean;
    g_assert_cmpfloat(difference * difference, <, 25 * mean);
}

/* The bytes of ideal and real outputs are uniform, and those of successive slots independent. */
static void outputs_are_uniform(void)
{
    struct vrf_provider *ideal = vrf_provider_new_ideal(&seed);
    assert_uniform(ideal, 100, 1000);
    vrf_provider_free(ideal);
    for (int suite = 0; suite < 2; suite++) {
        struct vrf_provider *real = vrf_provider_new_real(&seed, (enum ecvrf_suite)suite);
        assert_uniform(real, 10, 100);
        vrf_provider_free(real);
    }
    vrf_provider_free(NULL);
}

/* A lottery that each of 20 validators wins in one slot of ten, over 100 slots: 200 wins, give or take 5 sigma (67). */
static void lottery_has_the_same_odds(void)
{
    struct vrf_provider *providers[] = {vrf_provider_new_ideal(&seed), vrf_provider_new_real(&seed, ECVRF_DRAFT_03)};
    const uint128 threshold = ~(uint128)0 / 10;
    for (int i = 0; i < 2; i++) {
        unsigned wins = 0;
        for (validator_id validator = 0; validator < 20; validator++)
            for (uint64_t slot = 0; slot < 100; slot++) {
                uint8_t bytes[8];
                struct vrf_input input = slot_input(bytes, slot);
                wins += providers[i]->leading_bits(providers[i], validator, &input) < threshold;
            }
        g_test_message("%s: %u wins", providers[i]->name, wins);
        g_assert_cmpuint(wins, >, 133);
        g_assert_cmpuint(wins, <, 267);
        vrf_provider_free(providers[i]);
    }
}

/* Both verify what they made and refuse another validator, another input, and another output under a good proof. */
static void both_verify_what_they_made(void)
{
    struct vrf_provider *providers[] = {vrf_provider_new_ideal(&seed), vrf_provider_new_real(&seed, ECVRF_TAI),
                                        vrf_provider_new_real(&seed, ECVRF_DRAFT_03)};
    for (int i = 0; i < 3; i++) {
        struct vrf_provider *provider = providers[i];
        uint8_t bytes[8], other_bytes[8];
        struct vrf_input input = slot_input(bytes, 1000), other = slot_input(other_bytes, 1001);
        struct vrf_evaluation evaluation;
        provider->evaluate(provider, 5, &input, &evaluation);
        g_assert_true(provider->verify(provider, 5, &input, &evaluation));
        g_assert_false(provider->verify(provider, 6, &input, &evaluation));
        g_assert_false(provider->verify(provider, 5, &other, &evaluation));

        uint128 bits = 0;
        for (int j = 0; j < 16; j++)
            bits = bits << 8 | evaluation.output.bytes[j];
        g_assert_true(provider->leading_bits(provider, 5, &input) == bits);

        for (int j = 0; j < 64; j++) {
            struct vrf_evaluation changed = evaluation;
            changed.output.bytes[j] ^= 0x10;
            g_assert_false(provider->verify(provider, 5, &input, &changed));
        }
        vrf_provider_free(provider);
    }
}

/* A validator's real output does not depend on who was asked before, and follows the seed of the world. */
static void real_keys_follow_the_seed(void)
{
    const struct random_seed worlds[] = {{.seed = 42}, {.seed = 43}, {.seed = 42, .replication = 1}};
    uint8_t bytes[8];
    struct vrf_input input = slot_input(bytes, 1);
    struct vrf_provider *first = vrf_provider_new_real(&worlds[0], ECVRF_TAI);
    uint128 expected = first->leading_bits(first, 9, &input);
    vrf_provider_free(first);
    for (int i = 0; i < 3; i++) {
        struct vrf_provider *provider = vrf_provider_new_real(&worlds[i], ECVRF_TAI);
        uint128 other = provider->leading_bits(provider, 30, &input);
        g_assert_true(other != expected);
        g_assert_cmpint(provider->leading_bits(provider, 9, &input) == expected, ==, i == 0);
        vrf_provider_free(provider);
    }
}

/* Seeds of keys differ by validator and use, and not by branch: a forked world keeps its keys. */
static void key_seeds_are_distinct(void)
{
    const struct random_seed branch = {.seed = 42, .branch = 7};
    uint8_t a[32], b[32];
    key_seed(&seed, 1, KEY_VRF, a);
    key_seed(&branch, 1, KEY_VRF, b);
    g_assert_cmpmem(a, 32, b, 32);
    key_seed(&seed, 1, KEY_SIGNATURE, b);
    g_assert_cmpint(memcmp(a, b, 32), !=, 0);
    key_seed(&seed, 2, KEY_VRF, b);
    g_assert_cmpint(memcmp(a, b, 32), !=, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ideal vrf/prefixes are leading bits", prefixes_are_leading_bits);
    g_test_add_func("/ideal vrf/draws differ", draws_differ);
    g_test_add_func("/ideal vrf/outputs are uniform", outputs_are_uniform);
    g_test_add_func("/ideal vrf/lottery has the same odds", lottery_has_the_same_odds);
    g_test_add_func("/ideal vrf/both verify what they made", both_verify_what_they_made);
    g_test_add_func("/ideal vrf/real keys follow the seed", real_keys_follow_the_seed);
    g_test_add_func("/ideal vrf/key seeds are distinct", key_seeds_are_distinct);
    return g_test_run();
}
