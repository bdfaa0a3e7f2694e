/* SPDX-License-Identifier: MIT */
/* Gini and Nakamoto coefficients: small cases by hand, and the figures published of two chains. */
#include "../shared.h"
#include "base/concentration.h"
#include "base/table_file.h"

static const struct ratio third = {1, 3};

/* Equal stakes have Gini 0, a single holder of everything 1 - 1/n; four with 1, 2, 3, 4 have 1/4. */
static void test_gini_by_hand(void)
{
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){7, 7, 7}, 3), ==, 0);
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){0, 0, 9, 0}, 4), ==, 750000000);
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){3, 1, 4, 2}, 4), ==, 250000000);
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){5}, 1), ==, 0);
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){0, 0}, 2), ==, 0);
    g_assert_cmpuint(gini_coefficient(NULL, 0), ==, 0);
    /* 2/3 rounds up in the last place: one of three holds everything */
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){0, 1, 0}, 3), ==, 666666667);
}

/* Sums near the limit of 64 bits do not overflow. */
static void test_gini_of_large_stakes(void)
{
    stake_amount half = UINT64_MAX / 2;
    g_assert_cmpuint(gini_coefficient((const stake_amount[]){half, half, 0, 0}, 4), ==, 500000000);
}

/* A third exactly is not more than a third; three holders of 100 need two. */
static void test_nakamoto_by_hand(void)
{
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){100, 100, 100}, 3, third), ==, 2);
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){100, 101, 100}, 3, third), ==, 1);
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){1, 1, 1, 1}, 4, third), ==, 2);
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){1, 1, 1, 1}, 4, (struct ratio){1, 2}), ==, 3);
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){1, 1, 1, 1}, 4, (struct ratio){1, 1}), ==, 0);
    g_assert_cmpuint(nakamoto_coefficient((const stake_amount[]){0, 0}, 2, third), ==, 0);
    g_assert_cmpuint(nakamoto_coefficient(NULL, 0, third), ==, 0);
}

/* Adding up pairs, straight from the definition, gives the same as ranks. */
static void test_gini_by_pairs(void)
{
    stake_amount amounts[50];
    uint64_t sum = 0, pairs = 0;
    for (uint64_t i = 0; i < 50; i++) {
        amounts[i] = (i * i * 7919 + 13) % 1009;
        sum += amounts[i];
    }
    for (int i = 0; i < 50; i++)
        for (int j = 0; j < 50; j++)
            pairs += amounts[i] > amounts[j] ? amounts[i] - amounts[j] : amounts[j] - amounts[i];
    uint64_t whole = 2 * 50 * sum;
    g_assert_cmpuint(gini_coefficient(amounts, 50), ==, (pairs * GINI_ONE + whole / 2) / whole);
}

/* The column of a shared file, in millionths. */
static void check_published(const char *file, const char *name, uint32_t count, uint64_t gini_thousandths,
                            uint32_t nakamoto)
{
    char *path = shared_path(file);
    if (!path)
        return;
    struct table_file *table = table_file_read(path, NULL);
    g_assert_nonnull(table);
    size_t column;
    g_assert_true(table_file_need(table, name, &column, NULL));
    g_assert_cmpuint(table->row_count, ==, count);
    stake_amount *amounts = g_new(stake_amount, count);
    for (size_t row = 0; row < count; row++) {
        int64_t amount;
        g_assert_true(table_file_number(table, row, column, 1, &amount, NULL));
        amounts[row] = (stake_amount)amount;
    }
    g_assert_cmpuint((gini_coefficient(amounts, count) + 500000) / 1000000, ==, gini_thousandths);
    g_assert_cmpuint(nakamoto_coefficient(amounts, count, third), ==, nakamoto);
    g_free(amounts);
    table_file_free(table);
    g_free(path);
}

/* Solana's epoch 860: 962 identities, Gini .761, Nakamoto 20. */
static void test_solana(void)
{
    check_published("data/stake_solana_epoch860/validators.csv", "active_stake_lamports", 962, 761, 20);
}

/* Sui: 106 validators, Gini .363, Nakamoto 16 (stakes to the whole SUI). */
static void test_sui(void)
{
    check_published("data/stake_sui/validators.csv", "stake_sui", 106, 363, 16);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/concentration/gini/by-hand", test_gini_by_hand);
    g_test_add_func("/concentration/gini/large", test_gini_of_large_stakes);
    g_test_add_func("/concentration/gini/pairs", test_gini_by_pairs);
    g_test_add_func("/concentration/nakamoto/by-hand", test_nakamoto_by_hand);
    g_test_add_func("/concentration/solana", test_solana);
    g_test_add_func("/concentration/sui", test_sui);
    return g_test_run();
}
