/* SPDX-License-Identifier: MIT */
/* Files that take their name when they are whole, and how those in the making are told from others. */
#include "record/temporary.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void expect_final(const char *name, const char *expected)
{
    char *final = temporary_final_name(name);
    g_assert_cmpstr(final, ==, expected);
    g_free(final);
}

static void names_are_told_apart(void)
{
    expect_final(".blocks.csv.tmp-Ab12Cd", "blocks.csv");
    expect_final(".messages.csv.zst.tmp-000000", "messages.csv.zst");
    expect_final(".runs.csv.tmp-1234", "runs.csv");
    expect_final(".odd.tmp-name.tmp-aaaaaa", "odd.tmp-name");
    static const char *const others[] = {
        "",
        ".",
        "blocks.csv",
        ".blocks.csv",
        "blocks.csv.tmp-Ab12Cd",
        ".tmp-aaaaaa",
        ".blocks.csv.tmp-",
        ".blocks.csv.tmp-a/b",
        ".blocks.csv.tmp-a~",
        ".blocks.csv.tmp",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        expect_final(others[i], NULL);
}

/* What is made is recognised, beside its place; two in the making do not meet. */
static void what_is_made_is_recognised(void)
{
    char *folder = g_dir_make_tmp("posim-temporary-XXXXXX", NULL), *path = g_build_filename(folder, "a.csv", NULL);
    char *temporary[2];
    for (int i = 0; i < 2; i++) {
        int file = temporary_open(path, &temporary[i]);
        g_assert_cmpint(file, >=, 0);
        close(file);
        char *name = g_path_get_basename(temporary[i]), *place = g_path_get_dirname(temporary[i]);
        expect_final(name, "a.csv");
        g_assert_cmpstr(place, ==, folder);
        g_free(place);
        g_free(name);
    }
    g_assert_cmpstr(temporary[0], !=, temporary[1]);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(g_unlink(temporary[i]), ==, 0);
        g_free(temporary[i]);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(path);
    g_free(folder);
}

/* A text replaces what was there; where it cannot, nothing is left behind. */
static void texts_are_whole_or_not_there(void)
{
    char *folder = g_dir_make_tmp("posim-temporary-XXXXXX", NULL), *path = g_build_filename(folder, "a.csv", NULL);
    GError *error = NULL;
    char *read = NULL;
    g_assert_true(temporary_write_text(path, "old\n", &error));
    g_assert_true(temporary_write_text(path, "new\n", &error));
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &read, NULL, NULL));
    g_assert_cmpstr(read, ==, "new\n");
    g_free(read);
    g_unlink(path);
    g_assert_cmpint(g_mkdir(path, 0777), ==, 0); /* in the way */
    g_assert_false(temporary_write_text(path, "text\n", &error));
    g_assert_nonnull(strstr(error->message, path));
    g_clear_error(&error);
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* nothing else was in it */
    g_assert_false(temporary_write_text(path, "text\n", &error));
    g_assert_nonnull(strstr(error->message, path));
    g_error_free(error);
    g_free(path);
    g_free(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/temporary/names are told apart", names_are_told_apart);
    g_test_add_func("/temporary/what is made is recognised", what_is_made_is_recognised);
    g_test_add_func("/temporary/texts are whole or not there", texts_are_whole_or_not_there);
    return g_test_run();
}
