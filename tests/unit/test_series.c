/* SPDX-License-Identifier: MIT */
/* Observations of long runs in bounded memory, against all of them at once. */
#include "base/series.h"

#include "base/random.h"

#include <glib.h>
#include <math.h>

/* Noise around 10, the first `transient` observations raised by 3; a second apart. */
static double value_at(uint64_t at, uint64_t transient)
{
    const struct random_seed seed = {.seed = 8};
    double noise = (double)(random_at(&seed, RANDOM_TEST, 0, at) >> 11) * 0x1p-53 - 0.5;
    return 10 + noise + (at < transient ? 3 : 0);
}

static struct series series_of(uint64_t count, uint64_t transient)
{
    struct series series = {0};
    for (uint64_t i = 0; i < count; i++)
        series_add(&series, value_at(i, transient), (time_ns)i * SECOND);
    return series;
}

/* While there is room, nothing is put together. */
static void few_are_kept_as_they_are(void)
{
    struct series series = series_of(3000, 100);
    double *values = g_new(double, 3000);
    for (uint64_t i = 0; i < 3000; i++)
        values[i] = value_at(i, 100);
    struct steady_mean whole = steady_mean_of(values, 3000);
    struct series_mean mean = series_mean_of(&series);
    g_assert_cmpuint(series.group, ==, 1);
    g_assert_cmpint(mean.verdict, ==, STEADY);
    g_assert_cmpuint(mean.observations, ==, 3000);
    g_assert_cmpuint(mean.warm_up, ==, whole.warm_up);
    g_assert_cmpuint(mean.warm_up, >=, 100);
    g_assert_cmpint(mean.warm_up_ns, ==, (time_ns)mean.warm_up * SECOND);
    g_assert_cmpuint(mean.batch_size, ==, whole.batch_size);
    g_assert_true(mean.mean == whole.mean && mean.low == whole.interval.low && mean.high == whole.interval.high);
    g_assert_cmpint(series_mean_interval(&mean).method, ==, INTERVAL_BATCH);
    g_free(values);
    series_release(&series);
}

/* However many there are: means of as many each, of all but the last few, with the times of the first of each. */
static void many_are_put_together(void)
{
    static const uint64_t counts[] = {SERIES_MOST, SERIES_MOST + 1, 3 * SERIES_MOST, 100003, 1000000};
    for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
        struct series series = series_of(counts[c], 0);
        g_assert_cmpuint(series.values.count, <=, SERIES_MOST);
        g_assert_cmpuint(series.values.count, >=, SERIES_MOST / 2);
        g_assert_cmpuint(series.values.room, <=, SERIES_MOST);
        g_assert_cmpuint(series.values.count, ==, counts[c] / series.group);
        for (size_t v = 0; v < series.values.count; v += 97) {
            double sum = 0;
            for (uint64_t i = 0; i < series.group; i++)
                sum += value_at(v * series.group + i, 0);
            g_assert_cmpfloat_with_epsilon(series.values.at[v], sum / (double)series.group, 1e-12);
            g_assert_cmpint(series.times.at[v], ==, (time_ns)(v * series.group) * SECOND);
        }
        series_release(&series);
    }
}

/* What is said of many is in observations, not in what they were put together to. */
static void many_are_told_as_observations(void)
{
    struct series series = series_of(100000, 20000);
    struct series_mean mean = series_mean_of(&series);
    g_assert_cmpuint(series.group, ==, 16);
    g_assert_cmpuint(mean.observations, ==, 100000);
    g_assert_cmpuint(mean.warm_up, >=, 20000);
    g_assert_cmpuint(mean.warm_up, <, 22000);
    g_assert_cmpint(mean.warm_up_ns, ==, (time_ns)mean.warm_up * SECOND);
    g_assert_cmpuint(mean.batch_size % 16, ==, 0);
    g_assert_cmpuint(STEADY_BATCHES * mean.batch_size, <=, 100000 - mean.warm_up);
    g_assert_true(mean.low < 10 && mean.high > 10);
    g_assert_true(series_mean_warms_up(&mean));
    series_release(&series);
}

/* More than half of it is another level: where it ends nobody knows, and there is no interval. */
static void a_series_that_does_not_settle_has_no_end(void)
{
    struct series series = series_of(2000, 1010);
    struct series_mean mean = series_mean_of(&series);
    g_assert_cmpint(mean.verdict, ==, STEADY_WARMING);
    g_assert_cmpint(mean.warm_up_ns, ==, TIME_NEVER);
    g_assert_cmpint(series_mean_interval(&mean).method, ==, INTERVAL_NONE);
    g_assert_true(series_mean_warms_up(&mean));
    series_release(&series);
}

/* What wanders looks like a warm-up now and then, and is not taken for one. */
static void what_wanders_tells_nothing(void)
{
    struct series series = {0};
    double place = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        place += value_at(i, 0) - 10;
        series_add(&series, i < 300 ? place + 20 : place, (time_ns)i * SECOND);
    }
    struct series_mean mean = series_mean_of(&series);
    g_assert_true(mean.warm_up >= 300 || mean.verdict == STEADY_WARMING);
    g_assert_cmpfloat(mean.correlation, >, STEADY_MOST_CORRELATION);
    g_assert_false(series_mean_is_telling(&mean));
    g_assert_false(series_mean_warms_up(&mean));
    series_release(&series);
}

static void little_says_nothing(void)
{
    struct series_mean none = series_mean_none();
    g_assert_cmpint(none.verdict, ==, STEADY_TOO_SHORT);
    g_assert_cmpuint(none.observations, ==, 0);
    g_assert_true(isnan(none.mean));
    struct series series = series_of(100, 45);
    struct series_mean mean = series_mean_of(&series);
    g_assert_cmpint(mean.verdict, ==, STEADY_TOO_SHORT);
    g_assert_false(series_mean_warms_up(&mean));
    g_assert_cmpint(series_mean_interval(&mean).method, ==, INTERVAL_NONE);
    series_release(&series);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/series/few are kept as they are", few_are_kept_as_they_are);
    g_test_add_func("/series/many are put together", many_are_put_together);
    g_test_add_func("/series/many are told as observations", many_are_told_as_observations);
    g_test_add_func("/series/a series that does not settle has no end", a_series_that_does_not_settle_has_no_end);
    g_test_add_func("/series/what wanders tells nothing", what_wanders_tells_nothing);
    g_test_add_func("/series/little says nothing", little_says_nothing);
    return g_test_run();
}
