/* SPDX-License-Identifier: MIT */
/*
 * Every wrong scenario under bad/ is refused with the words of its .expected file. The program that POSIM_PROGRAM names
 * checks each; a line `# arguments: ...` in a file gives it further ones. The folder's own path reads DIR in expected
 * texts. With POSIM_UPDATE=1 the .expected files are written anew: read the difference before it is committed.
 */
#include <gio/gio.h>
#include <glib.h>
#include <string.h>

enum { BAD_SCENARIO = 3 }; /* the exit code of `posim check` */

static char *bad_folder(void)
{
    char *folder = g_test_build_filename(G_TEST_DIST, "bad", NULL);
    char *absolute = g_canonicalize_filename(folder, NULL);
    g_free(folder);
    return absolute;
}

/* The command line for a file: the program, `check`, the file, and what the file asks for. */
static char **command_for(const char *program, const char *folder, const char *file)
{
    static const char mark[] = "\n# arguments: ";
    GPtrArray *command = g_ptr_array_new();
    g_ptr_array_add(command, g_strdup(program));
    g_ptr_array_add(command, g_strdup("check"));
    g_ptr_array_add(command, g_strdup(file));

    char *path = g_build_filename(folder, file, NULL);
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    const char *given = strstr(text, mark);
    if (given) {
        char *line = g_strndup(given + strlen(mark), strcspn(given + strlen(mark), "\n"));
        char **arguments;
        g_assert_true(g_shell_parse_argv(line, NULL, &arguments, NULL));
        for (char **argument = arguments; *argument; argument++)
            g_ptr_array_add(command, g_strdup(*argument));
        g_strfreev(arguments);
        g_free(line);
    }
    g_free(text);
    g_free(path);
    g_ptr_array_add(command, NULL);
    return (char **)g_ptr_array_free(command, FALSE);
}

/* What the program says of the file, with DIR for the folder; g_free it. */
static char *errors_of(const char *program, const char *folder, const char *file)
{
    char **command = command_for(program, folder, file);
    char **environment = g_environ_setenv(g_get_environ(), "NO_COLOR", "1", TRUE);
    char *printed;
    char *errors;
    int status;
    GError *error = NULL;
    g_spawn_sync(folder, command, environment, G_SPAWN_DEFAULT, NULL, NULL, &printed, &errors, &status, &error);
    g_assert_no_error(error);
    g_spawn_check_wait_status(status, &error);
    g_assert_error(error, G_SPAWN_EXIT_ERROR, BAD_SCENARIO);
    g_assert_cmpstr(printed, ==, "");
    g_error_free(error);
    g_free(printed);
    g_strfreev(environment);
    g_strfreev(command);

    GString *clean = g_string_new(errors);
    g_string_replace(clean, folder, "DIR", 0);
    g_free(errors);
    return g_string_free(clean, FALSE);
}

/* One file, NAME.yaml, whose name the test is given. */
static void is_refused_as_expected(gconstpointer data)
{
    const char *name = data;
    const char *program = g_getenv("POSIM_PROGRAM");
    if (!program) {
        g_test_skip("POSIM_PROGRAM does not name a posim to check with");
        return;
    }
    char *folder = bad_folder();
    char *file = g_strconcat(name, ".yaml", NULL);
    char *expected_file = g_strconcat(name, ".expected", NULL);
    char *expected_path = g_build_filename(folder, expected_file, NULL);
    char *errors = errors_of(program, folder, file);
    if (g_strcmp0(g_getenv("POSIM_UPDATE"), "1") == 0)
        g_assert_true(g_file_set_contents(expected_path, errors, -1, NULL));

    char *expected = NULL;
    GError *error = NULL;
    g_file_get_contents(expected_path, &expected, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(errors, ==, expected);
    g_free(expected);
    g_free(errors);
    g_free(expected_path);
    g_free(expected_file);
    g_free(file);
    g_free(folder);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of all files that end so, sorted, without the ending. */
static GPtrArray *names_with(const char *folder, const char *ending)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *open = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(open);
    for (const char *name = g_dir_read_name(open); name; name = g_dir_read_name(open)) {
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(ending)));
    }
    g_dir_close(open);
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* There are at least fifty wrong files, and no expected text has lost its file. */
static void folder_is_whole(void)
{
    char *folder = bad_folder();
    GPtrArray *files = names_with(folder, ".yaml");
    GPtrArray *texts = names_with(folder, ".expected");
    g_assert_cmpuint(files->len, >=, 50);
    for (guint i = 0; i < texts->len; i++)
        g_assert_true(g_ptr_array_find_with_equal_func(files, texts->pdata[i], g_str_equal, NULL));
    g_ptr_array_unref(texts);
    g_ptr_array_unref(files);
    g_free(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bad files/folder is whole", folder_is_whole);
    char *folder = bad_folder();
    GPtrArray *names = names_with(folder, ".yaml");
    for (guint i = 0; i < names->len; i++) {
        char *path = g_strdup_printf("/bad files/%s", (const char *)names->pdata[i]);
        g_test_add_data_func(path, names->pdata[i], is_refused_as_expected);
        g_free(path);
    }
    int result = g_test_run();
    g_ptr_array_unref(names);
    g_free(folder);
    return result;
}
