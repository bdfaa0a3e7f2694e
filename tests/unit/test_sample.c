/* SPDX-License-Identifier: MIT */
/*
 * Each sampler against its distribution, with fixed seeds: continuous ones by Kolmogorov and Smirnov (100,000 draws,
 * the critical distance at .1 % is 1.949 / sqrt(n)), discrete ones by chi-squared at .1 %.
 */
#include "base/sample.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define DRAWS 100000

static const struct random_seed root = {.seed = 31};

static struct random_stream stream_of(uint64_t entity)
{
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, entity);
    return stream;
}

static int compare_integers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Sorts DRAWS values and holds them against the distribution function `below`, given the value and two parameters. */
static void kolmogorov_smirnov(int64_t *values, double (*below)(double, double, double), double a, double b)
{
    qsort(values, DRAWS, sizeof *values, compare_integers);
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
        double expected = below((double)values[i], a, b);
        distance = fmax(distance, fmax(expected - (double)i / DRAWS, (double)(i + 1) / DRAWS - expected));
    }
    g_assert_cmpfloat(distance, <, 1.949 / sqrt(DRAWS));
}

/* The statistic of counts that should be in proportion to `expected`. */
static double chi_squared(const unsigned *counts, const double *expected, size_t cells)
{
    double total = 0, weight = 0, statistic = 0;
    for (size_t i = 0; i < cells; i++) {
        total += counts[i];
        weight += expected[i];
    }
    for (size_t i = 0; i < cells; i++) {
        double mean = total * expected[i] / weight;
        statistic += (counts[i] - mean) * (counts[i] - mean) / mean;
    }
    return statistic;
}

static void uniform_is_uniform(void)
{
    struct random_stream stream = stream_of(0);
    unsigned counts[11] = {0};
    double expected[11];
    for (int i = 0; i < 11; i++)
        expected[i] = 1;
    for (int i = 0; i < DRAWS; i++) {
        int64_t value = sample_uniform(&stream, -5, 5);
        g_assert_cmpint(value, >=, -5);
        g_assert_cmpint(value, <=, 5);
        counts[value + 5]++;
    }
    g_assert_cmpfloat(chi_squared(counts, expected, 11), <, 29.59); /* 10 degrees of freedom */
    g_assert_cmpint(sample_uniform(&stream, 7, 7), ==, 7);
    int64_t low = 0, high = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t value = sample_uniform(&stream, INT64_MIN, INT64_MAX);
        low += value < INT64_MIN / 2;
        high += value > INT64_MAX / 2;
    }
    g_assert_cmpint(low, >, 180);
    g_assert_cmpint(high, >, 180);
}

static double exponential_below(double x, double mean, double unused)
{
    (void)unused;
    return -expm1(-x / mean);
}

static void exponential_fits(void)
{
    struct random_stream stream = stream_of(1);
    int64_t *values = g_new(int64_t, DRAWS);
    for (int i = 0; i < DRAWS; i++)
        values[i] = sample_exponential(&stream, 20000000000);
    kolmogorov_smirnov(values, exponential_below, 2e10, 0);
    g_free(values);
    g_assert_cmpint(exponential_quantile(0, 1000000000), ==, 0);
    g_assert_cmpint(exponential_quantile(UINT64_MAX, 1000000000), ==, 45054566736); /* 65 ln 2 seconds */
    g_assert_cmpint(exponential_quantile(UINT64_MAX, INT64_MAX), ==, INT64_MAX);
    g_assert_cmpint(exponential_quantile(12345, 0), ==, 0);
}

static double normal_below(double x, double mean, double deviation)
{
    return erfc((mean - x) / deviation / sqrt(2)) / 2;
}

static void normal_fits(void)
{
    struct random_stream stream = stream_of(2);
    int64_t *values = g_new(int64_t, DRAWS);
    for (int i = 0; i < DRAWS; i++)
        values[i] = sample_normal(&stream, -40000000, 15000000);
    kolmogorov_smirnov(values, normal_below, -4e7, 1.5e7);
    g_free(values);
}

static double lognormal_below(double x, double median, double sigma)
{
    return erfc(-log(x / median) / sigma / sqrt(2)) / 2;
}

static void lognormal_fits(void)
{
    struct random_stream stream = stream_of(3);
    struct lognormal lognormal = lognormal_of_median(80000000, (struct ratio){2, 5});
    int64_t *values = g_new(int64_t, DRAWS);
    for (int i = 0; i < DRAWS; i++)
        values[i] = sample_lognormal(&stream, &lognormal);
    kolmogorov_smirnov(values, lognormal_below, 8e7, .4);
    g_free(values);
    g_assert_cmpint(llabs(lognormal_quantile((uint64_t)1 << 63, &lognormal) - 80000000), <=, 1);
}

/* By mean 100 ms and coefficient of variation 1/2: sigma = sqrt(ln 1.25), median = 100 ms / sqrt(1.25). */
static void lognormal_of_mean_fits(void)
{
    struct random_stream stream = stream_of(4);
    struct lognormal lognormal = lognormal_of_mean(100000000, (struct ratio){1, 2});
    g_assert_cmpint(lognormal.median, ==, 89442719);
    double sum = 0;
    int64_t *values = g_new(int64_t, DRAWS);
    for (int i = 0; i < DRAWS; i++) {
        values[i] = sample_lognormal(&stream, &lognormal);
        sum += (double)values[i];
    }
    kolmogorov_smirnov(values, lognormal_below, 1e8 / sqrt(1.25), sqrt(log(1.25)));
    g_free(values);
    g_assert_cmpfloat(fabs(sum / DRAWS - 1e8), <, 4 * 5e7 / sqrt(DRAWS));
    g_assert_cmpint(lognormal_of_mean(1000, (struct ratio){0, 1}).median, ==, 1000);
}

static double pareto_below(double x, double minimum, double alpha)
{
    return x < minimum ? 0 : 1 - pow(minimum / x, alpha);
}

static void pareto_fits(void)
{
    struct random_stream stream = stream_of(5);
    struct pareto pareto = pareto_of(32000000000, (struct ratio){116, 100});
    int64_t *values = g_new(int64_t, DRAWS);
    for (int i = 0; i < DRAWS; i++)
        values[i] = sample_pareto(&stream, &pareto);
    kolmogorov_smirnov(values, pareto_below, 32e9, 1.16);
    g_free(values);
    struct pareto steep = pareto_of(1000, (struct ratio){1, 100});
    g_assert_cmpint(pareto_quantile(UINT64_MAX, &steep), ==, INT64_MAX);
    g_assert_cmpint(pareto_quantile(0, &steep), ==, 1000);
}

/* More bits never give less, over neighbours and over the whole range. */
static void quantiles_never_fall(void)
{
    struct lognormal lognormal = lognormal_of_median(1000000000000, (struct ratio){3, 2});
    struct pareto pareto = pareto_of(1000000000000, (struct ratio){3, 2});
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t a = random_at(&root, RANDOM_TEST, 6, i), b = a + (random_at(&root, RANDOM_TEST, 7, i) >> (i % 64));
        if (b < a)
            continue;
        g_assert_cmpint(exponential_quantile(a, 1000000000), <=, exponential_quantile(b, 1000000000));
        g_assert_cmpint(lognormal_quantile(a, &lognormal), <=, lognormal_quantile(b, &lognormal));
        g_assert_cmpint(pareto_quantile(a, &pareto), <=, pareto_quantile(b, &pareto));
        g_assert_cmpint(normal_quantile(a, 0, 1000000000), <=, normal_quantile(b, 0, 1000000000));
    }
}

/* The columns hold exactly weights[i] * count each, so that the table has the very fractions. */
static void alias_table_is_exact(void)
{
    struct random_stream stream = stream_of(8);
    for (int round = 0; round < 200; round++) {
        uint32_t count = 1 + (uint32_t)random_below(&stream, 50);
        uint64_t weights[50];
        uint128 mass[50] = {0};
        for (uint32_t i = 0; i < count; i++)
            weights[i] = random_below(&stream, 3) ? random_u64(&stream) >> (8 + round % 50) : 0;
        weights[0] += 1;
        struct alias_table table;
        alias_table_init(&table, weights, count);
        for (uint32_t i = 0; i < count; i++) {
            g_assert_cmpuint(table.threshold[i], <=, table.total);
            g_assert_cmpuint(table.alias[i], <, count);
            mass[i] += table.threshold[i];
            mass[table.alias[i]] += table.total - table.threshold[i];
        }
        for (uint32_t i = 0; i < count; i++)
            g_assert_true(mass[i] == (uint128)weights[i] * count);
        alias_table_release(&table);
    }
}

static void alias_table_draws_by_weight(void)
{
    static const uint64_t weights[] = {1, 2, 3, 4, 0, 10};
    static const double expected[] = {1, 2, 3, 4, 10};
    struct random_stream stream = stream_of(9);
    struct alias_table table;
    alias_table_init(&table, weights, 6);
    unsigned by_stream[6] = {0}, by_block[6] = {0};
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct random_block block = random_at256(&root, RANDOM_TEST, 10, i);
        by_stream[alias_table_draw(&table, &stream)]++;
        by_block[alias_table_at(&table, &block)]++;
    }
    alias_table_release(&table);
    g_assert_cmpuint(by_stream[4] + by_block[4], ==, 0);
    by_stream[4] = by_stream[5];
    by_block[4] = by_block[5];
    g_assert_cmpfloat(chi_squared(by_stream, expected, 5), <, 18.47); /* 4 degrees of freedom */
    g_assert_cmpfloat(chi_squared(by_block, expected, 5), <, 18.47);
}

static void zipf_fits(void)
{
    struct random_stream stream = stream_of(11);
    struct alias_table table;
    alias_table_init_zipf(&table, 20, (struct ratio){6, 5});
    unsigned counts[20] = {0};
    double expected[20];
    for (int i = 0; i < 20; i++)
        expected[i] = pow(i + 1, -1.2);
    for (int i = 0; i < DRAWS; i++)
        counts[alias_table_draw(&table, &stream)]++;
    g_assert_cmpfloat(chi_squared(counts, expected, 20), <, 43.82); /* 19 degrees of freedom */
    alias_table_release(&table);
    g_assert_cmpuint(zipf_weight(1, (struct ratio){6, 5}), ==, (uint64_t)1 << 40);
    g_assert_cmpuint(zipf_weight(4, (struct ratio){1, 2}), ==, (uint64_t)1 << 39);
    g_assert_cmpuint(zipf_weight(1000000, (struct ratio){5, 1}), ==, 1);
    g_assert_cmpuint(zipf_weight(7, (struct ratio){0, 1}), ==, (uint64_t)1 << 40);
}

/* Inclusion probabilities of 2 of the weights 1 to 5; each count within 4 sigma. */
static void check_inclusion(const unsigned counts[5], double trials)
{
    static const double inclusion[] = {.15117, .29134, .41778, .52674, .61297};
    for (int i = 0; i < 5; i++)
        g_assert_cmpfloat(fabs(counts[i] / trials - inclusion[i]), <,
                          5e-6 + 4 * sqrt(inclusion[i] * (1 - inclusion[i]) / trials));
}

static void weighted_sets_have_known_inclusion(void)
{
    static const uint64_t weights[] = {1, 2, 3, 4, 5};
    struct random_stream stream = stream_of(12);
    unsigned counts[5] = {0};
    for (int i = 0; i < 500000; i++) {
        uint32_t chosen[2];
        sample_weighted(&stream, weights, 5, 2, chosen);
        g_assert_cmpuint(chosen[0], !=, chosen[1]);
        counts[chosen[0]]++;
        counts[chosen[1]]++;
    }
    check_inclusion(counts, 500000);
}

/* The same by keys; and a candidate whose weight grows only ever moves forward, the others keep their keys. */
static void races_have_known_inclusion(void)
{
    unsigned counts[5] = {0};
    for (uint64_t trial = 0; trial < 500000; trial++) {
        uint128 keys[5];
        for (uint64_t i = 0; i < 5; i++)
            keys[i] = race_key(random_at(&root, RANDOM_TEST, 100 + i, trial), i + 1);
        for (int i = 0; i < 5; i++) {
            int before = 0;
            for (int j = 0; j < 5; j++)
                before += keys[j] < keys[i];
            counts[i] += before < 2;
        }
    }
    check_inclusion(counts, 500000);
    g_assert_true(race_key(99, 7) < race_key(99, 6));
    g_assert_true(race_key(UINT64_MAX, 0) > race_key(0, 1));
}

/* All of many, with zeros among them: each positive weight once, and heavy ones tend to come first. */
static void weighted_sets_can_be_whole(void)
{
    uint64_t weights[1000], positive = 0;
    uint32_t chosen[1000];
    bool seen[1000] = {false};
    for (uint32_t i = 0; i < 1000; i++) {
        weights[i] = i % 3 ? (uint64_t)i * i * i : 0;
        positive += weights[i] > 0;
    }
    struct random_stream stream = stream_of(13);
    sample_weighted(&stream, weights, 1000, (uint32_t)positive, chosen);
    double first = 0, last = 0;
    for (uint32_t i = 0; i < positive; i++) {
        g_assert_false(seen[chosen[i]]);
        g_assert_cmpuint(weights[chosen[i]], >, 0);
        seen[chosen[i]] = true;
        *(i < positive / 2 ? &first : &last) += chosen[i];
    }
    g_assert_cmpfloat(first, >, 1.5 * last);
}

/* All 24 orders of four items come up alike. */
static void shuffles_are_fair(void)
{
    struct random_stream stream = stream_of(14);
    unsigned counts[256] = {0}, orders[24], order = 0;
    double expected[24];
    for (int i = 0; i < DRAWS; i++) {
        uint16_t items[4] = {0, 1, 2, 3};
        sample_shuffle(&stream, items, 4, sizeof *items);
        counts[items[0] | items[1] << 2 | items[2] << 4 | items[3] << 6]++;
    }
    for (int i = 0; i < 256; i++)
        if (counts[i] > 0) {
            g_assert_cmpuint(order, <, 24);
            expected[order] = 1;
            orders[order++] = counts[i];
        }
    g_assert_cmpuint(order, ==, 24);
    g_assert_cmpfloat(chi_squared(orders, expected, 24), <, 49.73); /* 23 degrees of freedom */
}

/* Two of five: all ten pairs come up alike. */
static void small_sets_are_fair(void)
{
    struct random_stream stream = stream_of(15);
    unsigned counts[25] = {0}, pairs[10], pair = 0;
    double expected[10];
    for (int i = 0; i < DRAWS; i++) {
        uint32_t chosen[2];
        sample_without_replacement(&stream, 5, 2, chosen);
        g_assert_cmpuint(chosen[0], <, chosen[1]);
        counts[chosen[0] * 5 + chosen[1]]++;
    }
    for (int i = 0; i < 25; i++)
        if (counts[i] > 0) {
            g_assert_cmpuint(pair, <, 10);
            expected[pair] = 1;
            pairs[pair++] = counts[i];
        }
    g_assert_cmpuint(pair, ==, 10);
    g_assert_cmpfloat(chi_squared(pairs, expected, 10), <, 27.88); /* 9 degrees of freedom */
}

/* 70 of 100, which takes the other way: ascending, and each number within 5 sigma of 70 % of the time. */
static void large_sets_are_fair(void)
{
    struct random_stream stream = stream_of(16);
    unsigned counts[100] = {0};
    for (int i = 0; i < 20000; i++) {
        uint32_t chosen[70];
        sample_without_replacement(&stream, 100, 70, chosen);
        for (int j = 0; j < 70; j++) {
            g_assert_true(j == 0 || chosen[j] > chosen[j - 1]);
            counts[chosen[j]]++;
        }
    }
    for (int i = 0; i < 100; i++)
        g_assert_cmpfloat(fabs(counts[i] - 14000.0), <, 5 * sqrt(20000 * .7 * .3));
    uint32_t all[100];
    sample_without_replacement(&stream, 100, 100, all);
    for (uint32_t i = 0; i < 100; i++)
        g_assert_cmpuint(all[i], ==, i);
}

static void chances_are_exact(void)
{
    g_assert_false(chance_happens(0, (struct ratio){0, 5}));
    g_assert_true(chance_happens(UINT64_MAX, (struct ratio){5, 5}));
    g_assert_true(chance_happens(((uint64_t)1 << 62) - 1, (struct ratio){1, 4}));
    g_assert_false(chance_happens((uint64_t)1 << 62, (struct ratio){1, 4}));
}

/* The same integers on every compiler and optimisation level: a checksum over many draws of each kind. */
static void draws_are_pinned(void)
{
    struct lognormal lognormal = lognormal_of_mean(100000000, (struct ratio){1, 2});
    struct pareto pareto = pareto_of(1000000, (struct ratio){116, 100});
    uint64_t sums[5] = {0};
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t draw = random_at(&root, RANDOM_TEST, 17, i);
        sums[0] = sums[0] * 31 + (uint64_t)exponential_quantile(draw, 1000000000000);
        sums[1] = sums[1] * 31 + (uint64_t)normal_quantile(draw, 0, 1000000000000);
        sums[2] = sums[2] * 31 + (uint64_t)lognormal_quantile(draw, &lognormal);
        sums[3] = sums[3] * 31 + (uint64_t)pareto_quantile(draw, &pareto);
        sums[4] = sums[4] * 31 + (uint64_t)race_key(draw, i + 1);
    }
    static const uint64_t expected[] = {0x7fc9cdccac2cd9c4, 0x581158e855af11f7, 0x828b9bfdb32731de, 0x973c666fb0b65574,
                                        0x6c056bfdc92e03d7};
    for (size_t i = 0; i < G_N_ELEMENTS(sums); i++)
        g_assert_cmphex(sums[i], ==, expected[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sample/uniform is uniform", uniform_is_uniform);
    g_test_add_func("/sample/exponential fits", exponential_fits);
    g_test_add_func("/sample/normal fits", normal_fits);
    g_test_add_func("/sample/lognormal fits", lognormal_fits);
    g_test_add_func("/sample/lognormal of mean fits", lognormal_of_mean_fits);
    g_test_add_func("/sample/pareto fits", pareto_fits);
    g_test_add_func("/sample/quantiles never fall", quantiles_never_fall);
    g_test_add_func("/sample/alias table is exact", alias_table_is_exact);
    g_test_add_func("/sample/alias table draws by weight", alias_table_draws_by_weight);
    g_test_add_func("/sample/zipf fits", zipf_fits);
    g_test_add_func("/sample/weighted sets have known inclusion", weighted_sets_have_known_inclusion);
    g_test_add_func("/sample/races have known inclusion", races_have_known_inclusion);
    g_test_add_func("/sample/weighted sets can be whole", weighted_sets_can_be_whole);
    g_test_add_func("/sample/shuffles are fair", shuffles_are_fair);
    g_test_add_func("/sample/small sets are fair", small_sets_are_fair);
    g_test_add_func("/sample/large sets are fair", large_sets_are_fair);
    g_test_add_func("/sample/chances are exact", chances_are_exact);
    g_test_add_func("/sample/draws are pinned", draws_are_pinned);
    return g_test_run();
}
