/* SPDX-License-Identifier: MIT */
/*
 * Runs every scenario of golden/ and compares what comes of it, to the last digit, with NAME.expected beside it: the
 * hash of each replication's trace, the verdicts, every metric. The builds of other compilers and of the sanitizers run
 * the same files, so they hold all of them to the same bytes. POSIM_UPDATE=1 writes the expected files anew; do that
 * only where you can explain the difference.
 */
#include "../property/worlds.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *golden_path(const char *name)
{
    return g_test_build_filename(G_TEST_DIST, "golden", name, NULL);
}

static void print_run(const struct scenario *scenario, uint32_t replication, GString *text)
{
    struct world_result result;
    worlds_run(scenario, replication, NULL, &result);
    g_string_append_printf(text, "replication %u\ntrace_hash %s\nstopped %s\n", replication, result.hash,
                           result.stopped);
    for (int v = 0; v < VERDICTS; v++)
        g_string_append_printf(text, "%s: %s, %" G_GUINT64_FORMAT ": %s\n", result.verdicts[v].name,
                               verdict_status_name(result.verdicts[v].status), result.verdicts[v].count,
                               result.verdicts[v].detail);
    for (int m = 0; m < METRICS; m++)
        if (!isnan(result.metrics[m]))
            g_string_append_printf(text, "%s %.17g\n", metrics[m].name, result.metrics[m]);
}

/* The first line that differs, for a message. */
static void tell_difference(const char *name, const char *expected, const char *got)
{
    char **left = g_strsplit(expected, "\n", -1), **right = g_strsplit(got, "\n", -1);
    size_t line = 0;
    while (left[line] && right[line] && strcmp(left[line], right[line]) == 0)
        line++;
    g_test_fail_printf("%s.expected:%zu: expected `%s`, got `%s`", name, line + 1, left[line] ? left[line] : "nothing",
                       right[line] ? right[line] : "nothing");
    g_strfreev(left);
    g_strfreev(right);
}

static void run_file(const void *user)
{
    const char *name = user;
    char *yaml = g_strconcat(name, ".yaml", NULL), *expected_name = g_strconcat(name, ".expected", NULL);
    char *path = golden_path(yaml), *expected_path = golden_path(expected_name), *expected = NULL;
    struct scenario *scenario = worlds_load_file(path);
    GString *text = g_string_new(NULL);
    for (int64_t r = 0; r < worlds_experiment(scenario)->replicate.count; r++)
        print_run(scenario, (uint32_t)r, text);
    scenario_free(scenario);
    if (g_getenv("POSIM_UPDATE"))
        g_assert_true(g_file_set_contents(expected_path, text->str, -1, NULL));
    else if (!g_file_get_contents(expected_path, &expected, NULL, NULL))
        g_test_fail_printf("%s is missing; POSIM_UPDATE=1 writes it", expected_path);
    else if (strcmp(expected, text->str) != 0)
        tell_difference(name, expected, text->str);
    g_string_free(text, TRUE);
    g_free(expected);
    g_free(expected_path);
    g_free(path);
    g_free(expected_name);
    g_free(yaml);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    char *folder = g_test_build_filename(G_TEST_DIST, "golden", NULL);
    GDir *files = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(files);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *file; (file = g_dir_read_name(files));)
        if (g_str_has_suffix(file, ".yaml"))
            g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".yaml")));
    g_dir_close(files);
    g_free(folder);
    g_ptr_array_sort(names, by_text);
    g_assert_cmpuint(names->len, >=, 13);
    for (guint n = 0; n < names->len; n++) {
        char *test = g_strconcat("/golden/", names->pdata[n], NULL);
        g_test_add_data_func(test, names->pdata[n], run_file);
        g_free(test);
    }
    int status = g_test_run();
    g_ptr_array_free(names, TRUE);
    return status;
}
