/* SPDX-License-Identifier: MIT */
/*
 * analysis/README.md describes every table that a run writes. Its section comes from the tables themselves:
 * POSIM_UPDATE=1 writes it anew, and this test fails when it says something else.
 */
#include "record/table.h"

#include <string.h>

#define BEGINS "<!-- tables: written by POSIM_UPDATE=1 test_describe -->\n"
#define ENDS   "<!-- end of tables -->\n"

static void readme_describes_the_tables(void)
{
    const char *source = g_getenv("POSIM_SOURCE");
    char *path = g_build_filename(source ? source : ".", "analysis", "README.md", NULL);
    char *text = NULL;
    GError *error = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    char *begins = strstr(text, BEGINS), *ends = strstr(text, ENDS);
    g_assert_nonnull(begins);
    g_assert_nonnull(ends);
    GString *expected = g_string_new_len(text, begins + strlen(BEGINS) - text);
    g_string_append_c(expected, '\n');
    trace_describe_markdown(expected);
    g_string_append_c(expected, '\n');
    g_string_append(expected, ends);
    if (g_getenv("POSIM_UPDATE")) {
        g_assert_true(g_file_set_contents(path, expected->str, (gssize)expected->len, &error));
        g_test_message("%s: written anew", path);
    } else {
        g_assert_cmpstr(text, ==, expected->str);
    }
    g_string_free(expected, TRUE);
    g_free(text);
    g_free(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/describe/README describes the tables", readme_describes_the_tables);
    return g_test_run();
}
