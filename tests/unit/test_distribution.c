/* SPDX-License-Identifier: MIT */
/* Where stakes come from: formulas, draws, lists and files, as a scenario asks for them. */
#include "../shared.h"
#include "base/concentration.h"
#include "stakes_fixture.h"

#include <glib/gstdio.h>
#include <math.h>

static const struct ratio third = {1, 3};

/* Without a word about stake everybody has a million and is called by number. */
static void test_equal(void)
{
    struct stake_list list = stakes_must_make("", 3, 1);
    g_assert_cmpuint(list.count, ==, 3);
    g_assert_cmpuint(list.stakes[0], ==, 1000000);
    g_assert_cmpuint(list.stakes[2], ==, 1000000);
    g_assert_cmpstr(list.names[0], ==, "v0");
    g_assert_cmpstr(list.names[2], ==, "v2");
    stake_list_release(&list);
    list = stakes_must_make("dist: equal, amount: 42", 1, 1);
    g_assert_cmpuint(list.stakes[0], ==, 42);
    stake_list_release(&list);
}

/* A formula needs to be told for how many. */
static void test_count_is_needed(void)
{
    stakes_must_fail("dist: equal", 0,
                     "validators.count is needed: stakes of `dist: equal` do not say how many validators there are");
    stakes_must_fail("dist: fit, gini: 0.5, nakamoto: 4", 0,
                     "validators.count is needed: stakes of `dist: fit` do not say how many validators there are");
}

/* A list keeps its order, gives its own count, and a count takes the first of it. */
static void test_list(void)
{
    struct stake_list list = stakes_must_make("values: [5, 900, 7]", 0, 1);
    g_assert_cmpuint(list.count, ==, 3);
    g_assert_cmpuint(list.stakes[1], ==, 900);
    g_assert_cmpstr(list.names[1], ==, "v1");
    stake_list_release(&list);
    list = stakes_must_make("values: [5, 900, 7]", 2, 1);
    g_assert_cmpuint(list.count, ==, 2);
    stake_list_release(&list);
    stakes_must_fail("values: [5, 900, 7]", 4, "validators.count is 4, but the list of stakes has only 3 values");
}

/* Zipf: rank i has largest / i^exponent, to the nearest, and never nothing. */
static void test_zipf(void)
{
    struct stake_list list = stakes_must_make("dist: zipf, exponent: 1, largest: 1000", 3000, 1);
    g_assert_cmpuint(list.stakes[0], ==, 1000);
    g_assert_cmpuint(list.stakes[1], ==, 500);
    g_assert_cmpuint(list.stakes[2], ==, 333);
    g_assert_cmpuint(list.stakes[5], ==, 167);
    g_assert_cmpuint(list.stakes[2999], ==, 1);
    stake_list_release(&list);
    list = stakes_must_make("dist: zipf, exponent: 1/2, largest: 1000", 4, 1);
    g_assert_cmpuint(list.stakes[3], ==, 500);
    stake_list_release(&list);
    list = stakes_must_make("dist: zipf, exponent: 0, largest: 8", 4, 1);
    g_assert_cmpuint(list.stakes[3], ==, 8);
    stake_list_release(&list);
}

static double share_above(const struct stake_list *list, double amount)
{
    uint32_t above = 0;
    for (uint32_t v = 0; v < list->count; v++)
        above += (double)list->stakes[v] > amount;
    return (double)above / list->count;
}

/* Within 5 standard deviations of a share p of n draws: wrong once in a million seeds, and the seed is fixed. */
static void check_share(const struct stake_list *list, double amount, double expected)
{
    double margin = 5 * sqrt(expected * (1 - expected) / list->count);
    g_assert_cmpfloat(fabs(share_above(list, amount) - expected), <, margin);
}

/* Pareto: none below the minimum, and P(stake > x) = (minimum / x)^alpha at three places of the tail. */
static void test_pareto(void)
{
    struct stake_list list = stakes_must_make("dist: pareto, alpha: 1.5, minimum: 1000", 20000, 7);
    for (uint32_t v = 0; v < list.count; v++)
        g_assert_cmpuint(list.stakes[v], >=, 1000);
    check_share(&list, 2000, pow(2, -1.5));
    check_share(&list, 10000, pow(10, -1.5));
    check_share(&list, 50000, pow(50, -1.5));
    stake_list_release(&list);
}

/* Lognormal: half lie above the median, .1587 above one sigma, .0228 below two. */
static void test_lognormal(void)
{
    struct stake_list list = stakes_must_make("dist: lognormal, median: 5000, sigma: 0.8", 20000, 7);
    check_share(&list, 5000, .5);
    check_share(&list, 5000 * exp(.8), .158655);
    check_share(&list, 5000 * exp(-1.6), .977250);
    stake_list_release(&list);
}

/* Small medians and wide tails still give everybody something. */
static void test_nobody_has_nothing(void)
{
    struct stake_list list = stakes_must_make("dist: lognormal, median: 1, sigma: 3", 1000, 1);
    for (uint32_t v = 0; v < list.count; v++)
        g_assert_cmpuint(list.stakes[v], >=, 1);
    stake_list_release(&list);
}

/* More validators leave the first ones as they were; another seed does not; the same seed gives the same. */
static void test_draws_belong_to_validators(void)
{
    const char *const asked[] = {"dist: pareto", "dist: lognormal", "dist: zipf"};
    for (int d = 0; d < 3; d++) {
        struct stake_list few = stakes_must_make(asked[d], 10, 3), many = stakes_must_make(asked[d], 1000, 3);
        struct stake_list other = stakes_must_make(asked[d], 10, 4);
        g_assert_cmpmem(few.stakes, 10 * sizeof *few.stakes, many.stakes, 10 * sizeof *many.stakes);
        g_assert_cmpint(memcmp(few.stakes, other.stakes, 10 * sizeof *few.stakes) == 0, ==, d == 2);
        stake_list_release(&few);
        stake_list_release(&many);
        stake_list_release(&other);
    }
}

/* A CSV file in the test's own folder, removed after the test. */
static char *write_csv(const char *text)
{
    char *path = NULL;
    int file = g_file_open_tmp("posim-stakes-XXXXXX.csv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void check_csv_error(const char *text, const char *rest, uint32_t count, const char *message_after_path)
{
    char *path = write_csv(text);
    char *asked = g_strdup_printf("file: %s%s", path, rest);
    char *message = g_strconcat(path, message_after_path, NULL);
    stakes_must_fail(asked, count, message);
    g_unlink(path);
    g_free(message);
    g_free(asked);
    g_free(path);
}

static struct stake_list read_csv(const char *text, const char *rest, uint32_t count)
{
    char *path = write_csv(text);
    char *asked = g_strdup_printf("file: %s%s", path, rest);
    struct stake_list list = stakes_must_make(asked, count, 1);
    g_unlink(path);
    g_free(asked);
    g_free(path);
    return list;
}

/* A file keeps its order, skips those without stake, and names validators where it is told how. */
static void test_file(void)
{
    const char *csv = "who,stake\nanna,5\nbert,0\n,900\n\"d, d\",7\n";
    struct stake_list list = read_csv(csv, "", 0);
    g_assert_cmpuint(list.count, ==, 3);
    g_assert_cmpuint(list.stakes[0], ==, 5);
    g_assert_cmpuint(list.stakes[1], ==, 900);
    g_assert_cmpstr(list.names[1], ==, "v1");
    stake_list_release(&list);
    list = read_csv(csv, ", name: who", 0);
    g_assert_cmpstr(list.names[0], ==, "anna");
    g_assert_cmpstr(list.names[1], ==, "v1");
    g_assert_cmpstr(list.names[2], ==, "d, d");
    stake_list_release(&list);
}

/* A count takes the first rows with stake; a wrong row behind them is not looked at. */
static void test_file_with_count(void)
{
    struct stake_list list = read_csv("stake\n0\n5\n6\nnone\n", "", 2);
    g_assert_cmpuint(list.count, ==, 2);
    g_assert_cmpuint(list.stakes[1], ==, 6);
    stake_list_release(&list);
    check_csv_error("stake\n0\n5\n6\n", "", 3, ": only 2 rows have stake, but validators.count is 3");
    check_csv_error("stake\n0\n", "", 0, ": no row has stake in column stake");
}

/* Decimals need a scale that makes them whole; the wrong column is named with those there are. */
static void test_file_errors(void)
{
    const char *csv = "who,stake_sui\nanna,5.25\n";
    check_csv_error(csv, "", 0, ": there is no column stake: the columns are who, stake_sui");
    check_csv_error(csv, ", column: stake_sui, name: city", 0,
                    ": there is no column city: the columns are who, stake_sui");
    check_csv_error(csv, ", column: stake_sui", 0,
                    ":2: column stake_sui: \"5.25\" is not a whole number of base units; `scale` says how many of them "
                    "the column's unit has; the columns are who, stake_sui");
    check_csv_error(csv, ", column: who", 0, ":2: column who: \"anna\" is not a stake; the columns are who, stake_sui");
    check_csv_error("stake\n99999999999\n", ", scale: 1000000000", 0,
                    ":2: column stake: \"99999999999\" is more than 9223372036854775807 base units; the columns are "
                    "stake");
    check_csv_error("stake\n-4\n", "", 0, ":2: column stake: \"-4\" is not a stake; the columns are stake");
}

/* With a scale decimals are exact. */
static void test_file_scale(void)
{
    struct stake_list list = read_csv("stake\n5.25\n3\n0.000001\n", ", scale: 1000000", 0);
    g_assert_cmpuint(list.stakes[0], ==, 5250000);
    g_assert_cmpuint(list.stakes[1], ==, 3000000);
    g_assert_cmpuint(list.stakes[2], ==, 1);
    stake_list_release(&list);
}

static struct stake_list read_shared(const char *file, const char *rest, bool *found)
{
    struct stake_list list = {0};
    char *path = shared_path(file);
    *found = path != NULL;
    if (path) {
        char *asked = g_strdup_printf("file: \"%s\", %s", path, rest);
        list = stakes_must_make(asked, 0, 1);
        g_free(asked);
    }
    g_free(path);
    return list;
}

static void check_figures(const struct stake_list *list, uint32_t count, uint64_t gini_thousandths, uint32_t nakamoto)
{
    g_assert_cmpuint(list->count, ==, count);
    g_assert_cmpuint((gini_coefficient(list->stakes, count) + 500000) / 1000000, ==, gini_thousandths);
    g_assert_cmpuint(nakamoto_coefficient(list->stakes, count, third), ==, nakamoto);
}

/* Cosmos Hub's second genesis: 99 validators, 121,093,091 of power, named. */
static void test_cosmos_hub(void)
{
    bool found;
    struct stake_list list =
        read_shared("data/stake_cosmoshub2_genesis/validators.csv", "column: power, name: moniker", &found);
    if (!found)
        return;
    check_figures(&list, 99, 748, 5);
    uint64_t total = 0;
    for (uint32_t v = 0; v < list.count; v++)
        total += list.stakes[v];
    g_assert_cmpuint(total, ==, 121093091);
    g_assert_cmpstr(list.names[0], ==, "Polychain Labs");
    stake_list_release(&list);
}

/* Cardano's epoch 500: of its 3,041 pools, 2,884 have stake. */
static void test_cardano(void)
{
    bool found;
    struct stake_list list =
        read_shared("data/stake_cardano_epoch500/pools.csv", "column: stake_lovelace, name: pool_id", &found);
    if (!found)
        return;
    uint64_t total = 0;
    for (uint32_t v = 0; v < list.count; v++)
        total += list.stakes[v];
    g_assert_cmpuint(total, ==, UINT64_C(22852658455110977));
    g_assert_cmpuint(list.count, ==, 2884);
    g_assert_cmpuint(list.stakes[0], ==, UINT64_C(78570314564092));
    g_assert_cmpuint(nakamoto_coefficient(list.stakes, list.count, third), ==, 112);
    stake_list_release(&list);
}

/* Solana's epoch 860 and Sui, whose stakes have six decimals. */
static void test_solana_and_sui(void)
{
    bool found;
    struct stake_list list =
        read_shared("data/stake_solana_epoch860/validators.csv", "column: active_stake_lamports", &found);
    if (!found)
        return;
    check_figures(&list, 962, 761, 20);
    stake_list_release(&list);
    list = read_shared("data/stake_sui/validators.csv", "column: stake_sui, name: name, scale: 10_000_000", &found);
    if (!found)
        return;
    check_figures(&list, 106, 363, 16);
    stake_list_release(&list);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/distribution/equal", test_equal);
    g_test_add_func("/distribution/count-is-needed", test_count_is_needed);
    g_test_add_func("/distribution/list", test_list);
    g_test_add_func("/distribution/zipf", test_zipf);
    g_test_add_func("/distribution/pareto", test_pareto);
    g_test_add_func("/distribution/lognormal", test_lognormal);
    g_test_add_func("/distribution/at-least-one", test_nobody_has_nothing);
    g_test_add_func("/distribution/draws-belong-to-validators", test_draws_belong_to_validators);
    g_test_add_func("/distribution/file/order-and-names", test_file);
    g_test_add_func("/distribution/file/count", test_file_with_count);
    g_test_add_func("/distribution/file/errors", test_file_errors);
    g_test_add_func("/distribution/file/scale", test_file_scale);
    g_test_add_func("/distribution/file/cosmos-hub", test_cosmos_hub);
    g_test_add_func("/distribution/file/cardano", test_cardano);
    g_test_add_func("/distribution/file/solana-and-sui", test_solana_and_sui);
    return g_test_run();
}
