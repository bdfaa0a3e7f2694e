/* SPDX-License-Identifier: MIT */
/*
 * Runs every transcript of this folder (*.txt) and compares the effects with those written there. With POSIM_UPDATE=1
 * the files are rewritten with what came; look at the difference, and be able to explain it.
 */
#include "transcript.h"

#include <string.h>

static char *folder(void)
{
    const char *source = g_getenv("POSIM_SOURCE");
    return g_build_filename(source ? source : ".", "tests", "protocol", NULL);
}

/* The first line in which two texts differ. */
static void report_difference(const char *path, const char *expected, const char *came)
{
    char **left = g_strsplit(expected, "\n", -1), **right = g_strsplit(came, "\n", -1);
    guint line = 0;
    while (left[line] && right[line] && g_str_equal(left[line], right[line]))
        line++;
    g_test_fail_printf("%s:%u: expected `%s', came `%s'", path, line + 1, left[line] ? left[line] : "(end)",
                       right[line] ? right[line] : "(end)");
    g_strfreev(left);
    g_strfreev(right);
}

static void run_file(const void *data)
{
    const char *path = data;
    char *text, *failure;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char *came = transcript_run(text, &failure);
    if (failure)
        g_test_fail_printf("%s: %s", path, failure);
    else if (g_getenv("POSIM_UPDATE"))
        g_assert_true(g_file_set_contents(path, came, -1, NULL));
    else if (!g_str_equal(text, came))
        report_difference(path, text, came);
    g_free(failure);
    g_free(came);
    g_free(text);
}

/* The runner itself: what was never set cannot fire, twice neither; what is unknown is refused. */
static void test_runner_refuses(void)
{
    static const struct {
        const char *text, *failure;
    } cases[] = {
        {"start\n", "line 1: the protocol must be named first"},
        {"protocol tendermint\nstakes 1 1 1 1\nhosts 3\nstart\nwatch line-28 height=1\n",
         "line 5: the watch line-28 was never set, or has fired"},
        {"protocol tendermint\nstakes 1 1 1 1\nhosts 3\nstart\nwatch line-34\nwatch line-34\n",
         "line 6: the watch line-34 was never set, or has fired"},
        {"protocol tendermint\nstakes 1 1 1 1\nhosts 3\nstart\nwatch line-36\n",
         "line 5: the watch line-36 cannot be met so"},
        {"protocol tendermint\nstakes 1 1 1 1\nhosts 3\nstart\ntimer commit\n",
         "line 5: the timer commit was never set, or has fired"},
        {"protocol praos\nslot 3\n", "line 2: unknown statement slot"},
        {"protocol praos\narrive A\n", "line 2: no block A"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *failure;
        g_free(transcript_run(cases[i].text, &failure));
        g_assert_cmpstr(failure, ==, cases[i].failure);
        g_free(failure);
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transcripts/runner-refuses", test_runner_refuses);
    char *where = folder();
    GDir *dir = g_dir_open(where, 0, NULL);
    g_assert_nonnull(dir);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".txt"))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
    g_assert_cmpuint(names->len, >, 10);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        char *test = g_strdup_printf("/transcripts/%.*s", (int)(strlen(name) - 4), name);
        g_test_add_data_func_full(test, g_build_filename(where, name, NULL), run_file, g_free);
        g_free(test);
    }
    g_ptr_array_unref(names);
    g_free(where);
    return g_test_run();
}
