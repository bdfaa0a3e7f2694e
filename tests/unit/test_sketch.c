/* SPDX-License-Identifier: MIT */
/* Quantile sketches: exact while small, close when large, and the same however the values were parted. */
#include "base/sketch.h"

#include "base/random.h"

#include <glib.h>
#include <stdlib.h>

static const struct random_seed root = {.seed = 37};
static const struct ratio shares[] = {{0, 1}, {1, 20}, {1, 2}, {95, 100}, {99, 100}, {1, 1}};

static int compare_integers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Values of every magnitude, a quarter of them negative. */
static int64_t value_at(uint64_t i)
{
    int64_t value = (int64_t)(random_at(&root, RANDOM_TEST, 0, i) >> (1 + random_at(&root, RANDOM_TEST, 1, i) % 60));
    return random_at(&root, RANDOM_TEST, 2, i) % 4 ? value : -value;
}

/* The value of nearest rank among sorted ones. */
static int64_t nearest_rank(const int64_t *sorted, uint64_t count, struct ratio share)
{
    uint64_t rank = (count * share.numerator + share.denominator - 1) / share.denominator;
    return sorted[rank ? rank - 1 : 0];
}

/* 1 to 256 values: every quantile is one of them, the right one. */
static void small_ones_are_exact(void)
{
    for (uint64_t count = 1; count <= SKETCH_EXACT; count++) {
        struct sketch sketch = {0};
        int64_t values[SKETCH_EXACT];
        for (uint64_t i = 0; i < count; i++) {
            values[i] = value_at(count * 1000 + i);
            sketch_add(&sketch, values[i]);
        }
        qsort(values, count, sizeof *values, compare_integers);
        for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
            g_assert_cmpint(sketch_quantile(&sketch, shares[i]), ==, nearest_rank(values, count, shares[i]));
        sketch_release(&sketch);
    }
}

/* 100,000 values: each percentile within 1/256 of the right one. */
static void large_ones_are_close(void)
{
    uint64_t count = 100000;
    int64_t *values = g_new(int64_t, count);
    struct sketch sketch = {0};
    for (uint64_t i = 0; i < count; i++) {
        values[i] = value_at(i);
        sketch_add(&sketch, values[i]);
    }
    qsort(values, count, sizeof *values, compare_integers);
    for (uint64_t percent = 0; percent <= 100; percent++) {
        int64_t right = nearest_rank(values, count, (struct ratio){percent, 100});
        int64_t given = sketch_quantile(&sketch, (struct ratio){percent, 100});
        uint64_t off = (uint64_t)(given > right ? given - right : right - given);
        g_assert_cmpuint(off, <=, (uint64_t)(right < 0 ? -right : right) / 256 + 1);
    }
    g_assert_cmpint(sketch_quantile(&sketch, (struct ratio){0, 1}), ==, values[0]);
    g_assert_cmpint(sketch_quantile(&sketch, (struct ratio){1, 1}), ==, values[count - 1]);
    g_free(values);
    sketch_release(&sketch);
}

static void expect_same(const struct sketch *a, const struct sketch *b)
{
    g_assert_cmpuint(a->count, ==, b->count);
    g_assert_true(a->sum == b->sum);
    g_assert_cmpint(a->minimum, ==, b->minimum);
    g_assert_cmpint(a->maximum, ==, b->maximum);
    for (uint64_t permille = 0; permille <= 1000; permille++)
        g_assert_cmpint(sketch_quantile(a, (struct ratio){permille, 1000}), ==,
                        sketch_quantile(b, (struct ratio){permille, 1000}));
}

/* The values of one sketch, dealt to five of very different sizes, merged forwards, backwards and in a tree. */
static void merging_has_no_order(void)
{
    static const uint64_t totals[] = {5, 200, 256, 257, 300, 5000};
    for (size_t t = 0; t < G_N_ELEMENTS(totals); t++) {
        struct sketch whole = {0}, parts[5] = {{0}}, forwards = {0}, backwards = {0}, left = {0}, right = {0};
        for (uint64_t i = 0; i < totals[t]; i++) {
            sketch_add(&whole, value_at(i));
            sketch_add(&parts[i % 10 < 6 ? 0 : i % 10 - 5], value_at(i));
        }
        for (int i = 0; i < 5; i++) {
            sketch_merge(&forwards, &parts[i]);
            sketch_merge(&backwards, &parts[4 - i]);
            sketch_merge(i < 3 ? &left : &right, &parts[i]);
        }
        sketch_merge(&right, &left);
        expect_same(&whole, &forwards);
        expect_same(&whole, &backwards);
        expect_same(&whole, &right);
        struct sketch *all[] = {&whole, &forwards, &backwards, &left, &right};
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
            sketch_release(all[i]);
        for (int i = 0; i < 5; i++)
            sketch_release(&parts[i]);
    }
}

/* The ends of 64 bits, and a sum that needs more than 64. */
static void extremes_fit(void)
{
    struct sketch sketch = {0};
    for (int i = 0; i < 1000; i++) {
        sketch_add(&sketch, INT64_MAX);
        if (i % 2)
            sketch_add(&sketch, INT64_MIN);
    }
    g_assert_true(sketch.sum == (int128)INT64_MAX * 1000 + (int128)INT64_MIN * 500);
    g_assert_cmpint(sketch_quantile(&sketch, (struct ratio){1, 4}), <=, INT64_MIN + (INT64_MAX >> 8));
    g_assert_cmpint(sketch_quantile(&sketch, (struct ratio){3, 4}), >=, INT64_MAX - (INT64_MAX >> 8));
    sketch_release(&sketch);
}

/* Values below 256 have a bucket each: quantiles stay exact however many there are. */
static void small_values_stay_exact(void)
{
    struct sketch sketch = {0};
    for (int i = 0; i < 25600; i++)
        sketch_add(&sketch, i % 256);
    for (uint64_t i = 1; i <= 256; i++)
        g_assert_cmpint(sketch_quantile(&sketch, (struct ratio){i, 256}), ==, (int64_t)i - 1);
    sketch_release(&sketch);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sketch/small ones are exact", small_ones_are_exact);
    g_test_add_func("/sketch/large ones are close", large_ones_are_close);
    g_test_add_func("/sketch/merging has no order", merging_has_no_order);
    g_test_add_func("/sketch/extremes fit", extremes_fit);
    g_test_add_func("/sketch/small values stay exact", small_values_stay_exact);
    return g_test_run();
}
