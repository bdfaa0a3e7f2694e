/* SPDX-License-Identifier: MIT */
#include "experiment/same_scenario.h"

#include "experiment/inputs.h"
#include "experiment/results.h"

/* The scenario of results, from their copies of its files; NULL and an error where it cannot be read. */
static struct scenario *load(const char *folder, const struct inputs *inputs, const struct root *root, GError **error)
{
    char *path = g_build_filename(folder, results_files[RESULTS_SCENARIO], NULL);
    GHashTable *moved = inputs_moved(inputs, folder);
    struct scenario_source source = {.path = path, .moved = moved};
    struct diagnostics diagnostics;
    struct scenario *scenario = NULL;
    diagnostics_init(&diagnostics);
    if (!scenario_load(&source, &root->table, &scenario, &diagnostics)) {
        GString *text = g_string_new(NULL);
        diagnostics_print(&diagnostics, text);
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER, "%s cannot be compared with another experiment's:\n%s",
                    path, g_strchomp(text->str));
        g_string_free(text, TRUE);
    }
    diagnostics_release(&diagnostics);
    g_hash_table_unref(moved);
    g_free(path);
    return scenario;
}

/* Whether the value at that path says how many runs there are: those of a smaller experiment may go into a larger one.
 */
static bool is_count(const char *line)
{
    return g_str_has_prefix(line, "replicate.count ") || g_str_has_prefix(line, "replicate.until");
}

static char *values_of(const struct scenario *scenario, bool with_counts)
{
    GString *all = g_string_new(NULL), *kept = g_string_new(NULL);
    scenario_write_values(scenario, all);
    char **lines = g_strsplit(all->str, "\n", -1);
    for (char **line = lines; *line; line++)
        if (with_counts || !is_count(*line))
            g_string_append_printf(kept, "%s\n", *line);
    g_strfreev(lines);
    g_string_free(all, TRUE);
    return g_string_free(kept, FALSE);
}

/* What is compared of a scenario: a line for each value, with what is in its files in the place of their paths: in
 * those that were read when results were made (`then`, NULL: none were), or are there now. */
static char *likeness_of(const struct scenario *scenario, const struct inputs *then, bool with_counts)
{
    char *values = values_of(scenario, with_counts);
    GString *text = g_string_new(values);
    for (size_t i = 0; then && i < then->list.count; i++)
        g_string_replace(text, then->list.at[i].file, then->list.at[i].sha256, 0);
    for (const char *const *input = scenario_inputs(scenario); !then && input && *input; input++) {
        char *hash = inputs_hash_file(scenario_input_place(scenario, *input));
        if (hash)
            g_string_replace(text, *input, hash, 0);
        g_free(hash);
    }
    g_free(values);
    return g_string_free(text, FALSE);
}

/* The same of results; *likeness is NULL where they have no scenario. False and an error where it cannot be read. */
static bool likeness_of_results(const char *folder, const struct root *root, bool with_counts, char **likeness,
                                GError **error)
{
    *likeness = NULL;
    if (!results_need(folder, RESULTS_SCENARIO, NULL))
        return true;
    struct inputs inputs;
    inputs_read(&inputs, folder);
    struct scenario *scenario = inputs_check(&inputs, folder, error) ? load(folder, &inputs, root, error) : NULL;
    if (scenario)
        *likeness = likeness_of(scenario, &inputs, with_counts);
    scenario_free(scenario);
    inputs_release(&inputs);
    return *likeness != NULL;
}

bool results_are_of(const char *folder, const struct root *root, const struct scenario *scenario, GError **error)
{
    char *there, *own = likeness_of(scenario, NULL, true);
    bool fine = likeness_of_results(folder, root, true, &there, error), same = !there || g_str_equal(there, own);
    if (fine && !same)
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                    "%s holds parts of another experiment: its scenario.yaml, or an input, differs from this one's; -o "
                    "puts this elsewhere",
                    folder);
    g_free(there);
    g_free(own);
    return fine && same;
}

bool results_are_of_one(const char *const *folders, const struct root *root, GError **error)
{
    char *first;
    bool fine = likeness_of_results(folders[0], root, false, &first, error);
    for (size_t i = 1; fine && first && folders[i]; i++) {
        char *other;
        fine = likeness_of_results(folders[i], root, false, &other, error);
        bool same = !other || g_str_equal(first, other);
        if (fine && !same)
            g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                        "%s and %s are parts of different experiments: their scenario.yaml, or an input, differs",
                        folders[0], folders[i]);
        fine = fine && same;
        g_free(other);
    }
    g_free(first);
    return fine;
}
