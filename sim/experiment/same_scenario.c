/* SPDX-License-Identifier: MIT */
#include "experiment/same_scenario.h"

#include "experiment/inputs.h"
#include "experiment/results.h"

/* A scenario's text with what is in its files in the place of their paths. g_free it; NULL: there is none. */
static char *text_of_results(const char *folder)
{
    char *path = g_build_filename(folder, results_files[RESULTS_SCENARIO], NULL), *contents = NULL;
    GString *text = g_file_get_contents(path, &contents, NULL, NULL) ? g_string_new(contents) : NULL;
    struct inputs inputs;
    inputs_read(&inputs, folder);
    for (size_t i = 0; text && i < inputs.list.count; i++)
        g_string_replace(text, inputs.list.at[i].file, inputs.list.at[i].sha256, 0);
    inputs_release(&inputs);
    g_free(contents);
    g_free(path);
    return text ? g_string_free(text, FALSE) : NULL;
}

/* Without how many runs there are: those of a smaller experiment may go into a larger one. */
static char *without_counts(char *text)
{
    GString *kept = g_string_new(NULL);
    char **lines = g_strsplit(text ? text : "", "\n", -1);
    bool of_replicate = false;
    for (char **line = lines; *line; line++) {
        of_replicate = **line == ' ' ? of_replicate : g_str_equal(*line, "replicate:");
        if (!of_replicate || **line != ' ' || g_str_has_prefix(*line, "  seed:"))
            g_string_append_printf(kept, "%s\n", *line);
    }
    g_strfreev(lines);
    g_free(text);
    return g_string_free(kept, FALSE);
}

static char *text_of_scenario(const struct scenario *scenario)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(scenario, text);
    for (const char *const *input = scenario_inputs(scenario); input && *input; input++) {
        char *path = g_canonicalize_filename(*input, NULL), *hash = inputs_hash_file(path);
        if (hash)
            g_string_replace(text, path, hash, 0);
        g_free(hash);
        g_free(path);
    }
    return g_string_free(text, FALSE);
}

bool results_are_of(const char *folder, const struct scenario *scenario, GError **error)
{
    char *there = results_recognise(folder, NULL) ? text_of_results(folder) : NULL;
    char *own = text_of_scenario(scenario);
    bool same = !there || g_str_equal(there, own);
    if (!same)
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                    "%s holds parts of another experiment: its scenario.yaml, or an input, differs from this one's; -o "
                    "puts this elsewhere",
                    folder);
    g_free(there);
    g_free(own);
    return same;
}

bool results_are_of_one(const char *const *folders, GError **error)
{
    char *first = without_counts(text_of_results(folders[0]));
    for (size_t i = 1; *first && folders[i]; i++) {
        char *other = without_counts(text_of_results(folders[i]));
        bool same = !*other || g_str_equal(first, other);
        g_free(other);
        if (same)
            continue;
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                    "%s and %s are parts of different experiments: their scenario.yaml, or an input, differs",
                    folders[0], folders[i]);
        g_free(first);
        return false;
    }
    g_free(first);
    return true;
}
