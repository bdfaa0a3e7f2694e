/* SPDX-License-Identifier: MIT */
/*
 * Runs every scenario of scenarios/reproductions/ and holds it to more than `posim run` does: the 99 % interval of each
 * expected metric over the replications, not only its mean, must lie within the bounds that the file gives.
 */
#include "../property/worlds.h"
#include "base/interval.h"

#include <math.h>
#include <string.h>

static double number_of(struct ratio ratio, double absent)
{
    return ratio.denominator ? (double)ratio.numerator / (double)ratio.denominator : absent;
}

/* Of one replication there is no interval: such results are exact, and the value itself is compared. */
static struct interval interval_of(const double *values, size_t count)
{
    if (count == 1)
        return (struct interval){values[0], values[0], INTERVAL_NONE};
    struct moments moments = moments_of(values, count);
    if (!moments_differ(&moments, fabs(moments.mean)))
        return (struct interval){moments.mean, moments.mean, INTERVAL_NONE};
    return interval_of_moments(&moments, 0.99);
}

static void judge(const char *file, const struct expectation *expectation, const struct world_result *results,
                  size_t count)
{
    double *values = g_new(double, count);
    for (size_t r = 0; r < count; r++)
        values[r] = results[r].metrics[expectation->metric];
    /* bounds that have no finite binary fraction stand for the same number as the values do */
    const double slack = 1e-12;
    double least = number_of(expectation->minimum, -INFINITY), most = number_of(expectation->maximum, INFINITY);
    struct interval found = interval_of(values, count);
    bool within = found.low >= least - slack && found.high <= most + slack;
    bool outside = found.high < least - slack || found.low > most + slack;
    g_test_message("%s: %s %.6g to %.6g (99 %%, %zu runs), published within %.6g to %.6g: %s", file,
                   metrics[expectation->metric].name, found.low, found.high, count, least, most,
                   within    ? "reproduced"
                   : outside ? "refuted"
                             : "inconclusive");
    if (!within)
        g_test_fail();
    g_free(values);
}

static void run_file(const void *user)
{
    const char *file = user;
    char *path = g_build_filename(g_getenv("POSIM_SOURCE"), "scenarios", "reproductions", file, NULL);
    struct scenario *scenario = worlds_load_file(path);
    const struct experiment_settings *settings = worlds_experiment(scenario);
    size_t count = (size_t)settings->replicate.count;
    struct world_result *results = g_new0(struct world_result, count);
    for (size_t r = 0; r < count; r++) {
        worlds_run(scenario, (uint32_t)r, NULL, &results[r]);
        g_assert_true(worlds_holds(&results[r], VERDICT_ACCOUNTABILITY, r));
        g_assert_true(worlds_holds(&results[r], VERDICT_CONSERVATION, r));
    }
    g_assert_cmpuint(settings->expect.count, >, 0);
    for (size_t e = 0; e < settings->expect.count; e++)
        judge(file, &((const struct expectation *)settings->expect.items)[e], results, count);
    g_free(results);
    scenario_free(scenario);
    g_free(path);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    char *folder = g_build_filename(g_getenv("POSIM_SOURCE"), "scenarios", "reproductions", NULL);
    GDir *files = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(files);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *file; (file = g_dir_read_name(files));)
        if (g_str_has_suffix(file, ".yaml"))
            g_ptr_array_add(names, g_strdup(file));
    g_dir_close(files);
    g_free(folder);
    g_ptr_array_sort(names, by_text);
    g_assert_cmpuint(names->len, >=, 8);
    for (guint n = 0; n < names->len; n++) {
        char *test = g_strconcat("/reproductions/", names->pdata[n], NULL);
        g_test_add_data_func(test, names->pdata[n], run_file);
        g_free(test);
    }
    int status = g_test_run();
    g_ptr_array_free(names, TRUE);
    return status;
}
