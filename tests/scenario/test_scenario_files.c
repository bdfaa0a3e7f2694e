/* SPDX-License-Identifier: MIT */
/*
 * The scenarios that come with the program: every preset and example passes `posim check`, presets by their name too,
 * and what the README's tutorial shows is right; what `--changed` prints of each loads to the same. Examples that read
 * outside data are skipped where it is not beside the source tree.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>

static char *scenarios_folder(const char *name)
{
    return g_build_filename(g_getenv("POSIM_SOURCE"), "scenarios", name, NULL);
}

/* Runs `posim check` in a folder, `option` may be NULL; its exit must be 0. Returns what it printed; g_free it. */
static char *check(const char *folder, const char *file, const char *option)
{
    const char *const command[] = {g_getenv("POSIM_PROGRAM"), "check", file, option, NULL};
    char *output, *errors;
    int status;
    GError *error = NULL;
    g_spawn_sync(folder, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors, &status, &error);
    g_assert_no_error(error);
    if (!g_spawn_check_wait_status(status, NULL))
        g_test_fail_printf("%s/%s: %s", folder, file, errors);
    g_free(errors);
    return output;
}

static void must_pass(const char *folder, const char *file)
{
    g_free(check(folder, file, NULL));
}

/* What differs from the defaults is less than the whole, and comes to the same. */
static void must_be_told_by_what_differs(const char *folder, const char *file)
{
    char *whole = check(folder, file, "--resolved"), *changed = check(folder, file, "--changed");
    char *place = g_dir_make_tmp("posim-changed-XXXXXX", NULL), *path = g_build_filename(place, file, NULL);
    g_assert_true(g_file_set_contents(path, changed, -1, NULL));
    char *again = check(place, file, "--resolved");
    g_assert_cmpstr(again, ==, whole);
    g_assert_cmpuint(strlen(changed), <, strlen(whole));
    g_unlink(path);
    g_rmdir(place);
    g_free(again);
    g_free(path);
    g_free(place);
    g_free(changed);
    g_free(whole);
}

static bool reads_outside_data(const char *path)
{
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    bool reads = strstr(text, "../../../shared/data/") != NULL;
    g_free(text);
    return reads;
}

static bool has_outside_data(void)
{
    char *folder = g_build_filename(g_getenv("POSIM_SOURCE"), "..", "shared", "data", NULL);
    bool found = g_file_test(folder, G_FILE_TEST_IS_DIR);
    g_free(folder);
    return found;
}

static void check_folder(const char *name, unsigned least)
{
    char *path = scenarios_folder(name);
    GDir *folder = g_dir_open(path, 0, NULL);
    g_assert_nonnull(folder);
    unsigned checked = 0, skipped = 0;
    for (const char *file; (file = g_dir_read_name(folder));) {
        if (!g_str_has_suffix(file, ".yaml"))
            continue;
        char *full = g_build_filename(path, file, NULL);
        if (reads_outside_data(full) && !has_outside_data())
            skipped++;
        else
            must_be_told_by_what_differs(path, file);
        checked++;
        g_free(full);
    }
    g_dir_close(folder);
    g_free(path);
    g_assert_cmpuint(checked, >=, least);
    if (skipped)
        g_test_skip("outside data is not beside the source tree");
}

static void test_presets(void)
{
    check_folder("presets", 2);
}

static void test_examples(void)
{
    check_folder("examples", 7);
}

/* Writes a scenario into a folder of its own and checks it. */
static void must_pass_text(const char *text)
{
    char *folder = g_dir_make_tmp("posim-readme-XXXXXX", NULL);
    char *path = g_build_filename(folder, "part.yaml", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    must_pass(folder, "part.yaml");
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

/*
 * Each block of YAML in the README is a scenario, or becomes one with what it lacks: the version, a protocol, and
 * validators. Those of the tutorial at its head build on each other; tests/cli/test_tutorial.py follows them.
 */
static void test_readme(void)
{
    static const char fence[] = "```yaml\n";
    char *path = scenarios_folder("README.md");
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    unsigned blocks = 0;
    const char *reference = strstr(text, "\n## A first scenario\n");
    g_assert_nonnull(reference);
    for (const char *at = reference; (at = strstr(at, fence)); blocks++) {
        at += strlen(fence);
        const char *end = strstr(at, "```");
        g_assert_nonnull(end);
        char *block = g_strndup(at, (size_t)(end - at));
        bool whole = g_str_has_prefix(block, "posim: 1\n"),
             chosen = strstr(block, "\nvalidators:") || g_str_has_prefix(block, "validators:");
        char *scenario = whole ? g_strdup(block)
                               : g_strconcat("posim: 1\nprotocol: {kind: tendermint}\n",
                                             chosen ? "" : "validators: {count: 40}\n", block, NULL);
        must_pass_text(scenario);
        g_free(scenario);
        g_free(block);
    }
    g_assert_cmpuint(blocks, >=, 8);
    g_free(text);
    g_free(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenario-files/presets", test_presets);
    g_test_add_func("/scenario-files/examples", test_examples);
    g_test_add_func("/scenario-files/readme", test_readme);
    return g_test_run();
}
