/* SPDX-License-Identifier: MIT */
/* Made-up stakes that match published figures. */
#include "base/concentration.h"
#include "stakes_fixture.h"

static const struct ratio third = {1, 3};

static void check_fit(uint32_t count, uint64_t gini_millionths, uint32_t nakamoto, const char *rest)
{
    char *asked = g_strdup_printf("dist: fit, gini: 0.%06u, nakamoto: %u%s", (unsigned)gini_millionths, nakamoto, rest);
    struct stake_list list = stakes_must_make(asked, count, 1);
    g_assert_cmpuint(list.count, ==, count);
    for (uint32_t v = 1; v < count; v++)
        g_assert_cmpuint(list.stakes[v - 1], >=, list.stakes[v]);
    g_assert_cmpuint(list.stakes[count - 1], >=, 1);
    g_assert_cmpuint(nakamoto_coefficient(list.stakes, count, third), ==, nakamoto);
    int64_t off = (int64_t)gini_coefficient(list.stakes, count) - (int64_t)gini_millionths * 1000;
    g_assert_cmpint(ABS(off), <=, 5000000);
    stake_list_release(&list);
    g_free(asked);
}

/* The figures of real chains: Solana, Sui, Cardano, Cosmos Hub's genesis, Kusama. */
static void test_published(void)
{
    check_fit(962, 761000, 20, "");
    check_fit(106, 363000, 16, "");
    check_fit(3041, 837135, 112, "");
    check_fit(99, 747653, 5, "");
    check_fit(899, 210120, 165, "");
}

/* Figures well inside what is possible are met much closer than promised. */
static void test_close(void)
{
    struct stake_list list = stakes_must_make("dist: fit, gini: 0.761, nakamoto: 20", 962, 1);
    int64_t off = (int64_t)gini_coefficient(list.stakes, 962) - 761000000;
    g_assert_cmpint(ABS(off), <, 10000);
    uint64_t total = 0;
    for (uint32_t v = 0; v < list.count; v++)
        total += list.stakes[v];
    g_assert_cmpuint(total, <=, UINT64_C(1000000000000000));
    g_assert_cmpuint(total, >=, UINT64_C(1000000000000000) - 2 * 962);
    stake_list_release(&list);
}

/* Every possible Nakamoto coefficient of a few small counts, over the whole range of Gini that each allows. */
static void test_whole_range(void)
{
    const uint32_t counts[] = {1, 2, 3, 4, 5, 6, 7, 10, 30, 31, 32, 100};
    for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
        uint32_t n = counts[c];
        for (uint32_t k = 1; k <= n / 3 + 1; k++) {
            int64_t least = MAX(0, 333334 - (int64_t)(1000000 * k / n));
            int64_t most = 1000000 - (k == 1 ? 1000000 : 3000000 * (int64_t)(k - 1)) / n - 1;
            for (int step = 0; step <= 20; step++)
                check_fit(n, (uint64_t)MAX(0, least + (most - least) * step / 20), k, "");
        }
    }
}

/* The same with as few units as are allowed: rounding moves neither figure. */
static void test_small_total(void)
{
    const uint32_t counts[] = {3, 10, 100, 400};
    for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
        uint32_t n = counts[c];
        char *rest = g_strdup_printf(", total: %u", MAX(1000 * n, 8 * n * n));
        for (uint32_t k = 1; k <= n / 3 + 1; k = k < 4 ? k + 1 : k * 3 / 2) {
            int64_t least = MAX(0, 333334 - (int64_t)(1000000 * k / n));
            int64_t most = 1000000 - (k == 1 ? 1000000 : 3000000 * (int64_t)(k - 1)) / n - 1;
            for (int step = 0; step <= 10; step++)
                check_fit(n, (uint64_t)MAX(0, least + (most - least) * step / 10), k, rest);
        }
        g_free(rest);
    }
}

/* What no vector can match is refused with what can be. */
static void test_impossible(void)
{
    stakes_must_fail("dist: fit, gini: 0.5, nakamoto: 37", 106,
                     "validators.stake.nakamoto is 37: of 106 validators the 36 largest always hold more than a third, "
                     "so it is 1 to 36");
    stakes_must_fail("dist: fit, gini: 0.9, nakamoto: 16", 106,
                     "validators.stake.gini is 0.9000: 106 validators with a Nakamoto coefficient of 16 can have "
                     "0.1824 to 0.5754");
    stakes_must_fail("dist: fit, gini: 0.1, nakamoto: 16", 106,
                     "validators.stake.gini is 0.1000: 106 validators with a Nakamoto coefficient of 16 can have "
                     "0.1824 to 0.5754");
    stakes_must_fail("dist: fit, gini: 0.5, nakamoto: 4, total: 5000", 100,
                     "validators.stake.total is 5000: whole units match the figures of 100 validators from 100000 on");
    stakes_must_fail("dist: fit, gini: 1, nakamoto: 1", 4,
                     "validators.stake.gini is 1.0000: 4 validators with a Nakamoto coefficient of 1 can have 0.0834 "
                     "to 0.7500");
}

/* The two ends that the range names can be had, to the four digits that it gives. */
static void test_ends_of_the_range(void)
{
    check_fit(106, 182400, 16, "");
    check_fit(106, 575400, 16, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fit/published", test_published);
    g_test_add_func("/fit/close", test_close);
    g_test_add_func("/fit/whole-range", test_whole_range);
    g_test_add_func("/fit/small-total", test_small_total);
    g_test_add_func("/fit/impossible", test_impossible);
    g_test_add_func("/fit/ends-of-the-range", test_ends_of_the_range);
    return g_test_run();
}
