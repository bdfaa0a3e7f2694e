/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "experiment/kept.h"
#include "experiment/posim_version.h"
#include "experiment/results.h"
#include "report/figure_entry.h"
#include "report/tex_letter.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GLib does not read a number that is joined to its option: -j4 becomes -j 4. The vector grows; texts are shared. */
static void split_jobs(int *argc, char ***argv)
{
    static char **split; /* lives as long as the program: a command parses its options once */
    split = g_renew(char *, split, (size_t)*argc * 2 + 1);
    int count = 0;
    for (int i = 0; i < *argc; i++) {
        char *argument = (*argv)[i];
        bool joined = strncmp(argument, "-j", 2) == 0 && g_ascii_isdigit(argument[2]);
        split[count++] = joined ? (char *)"-j" : argument;
        if (joined)
            split[count++] = argument + 2;
    }
    *argc = count;
    split[count] = NULL;
    *argv = split;
}

/* Who wants to see options instead of having them parsed. */
static struct {
    void (*take)(void *user, const GOptionEntry *entry);
    void *user;
} onlooker;

void cli_each_option(const struct cli *cli, const struct command *command,
                     void (*take)(void *user, const GOptionEntry *entry), void *user)
{
    char *argv[] = {(char *)command->name, NULL};
    onlooker.take = take;
    onlooker.user = user;
    command->run(cli, 1, argv); /* parses its options first, and ends where that fails */
    onlooker.take = NULL;
}

bool cli_options(const char *command, const GOptionEntry *entries, const char *arguments, const char *examples,
                 int *argc, char ***argv)
{
    for (; onlooker.take && entries->long_name; entries++)
        onlooker.take(onlooker.user, entries);
    if (onlooker.take)
        return false;
    char *program = g_strdup_printf("posim %s", command);
    g_set_prgname(program);
    split_jobs(argc, argv);
    GOptionContext *context = g_option_context_new(arguments);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    GError *error = NULL;
    bool parsed = g_option_context_parse(context, argc, argv, &error);
    if (!parsed) {
        fprintf(stderr, "%s: %s; `%s --help` shows the options\n", program, error->message, program);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_free(program);
    return parsed;
}

void cli_changes_release(struct cli_changes *changes)
{
    g_strfreev(changes->overrides);
    g_strfreev(changes->sweeps);
    g_free(changes->only);
    g_free(changes->seed);
}

/* The overrides, --seed among them; g_strfreev it. */
static char **all_overrides(const struct cli_changes *changes)
{
    GPtrArray *all = g_ptr_array_new();
    for (char **at = changes->overrides; at && *at; at++)
        g_ptr_array_add(all, g_strdup(*at));
    if (changes->seed)
        g_ptr_array_add(all, g_strdup_printf("replicate.seed=%s", changes->seed));
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}

/* Whether the keys that its plots name are swept; says on stderr which are not. */
static bool plots_fit(const struct cli *cli, const struct scenario *scenario, const char *path)
{
    struct figure_entries plots;
    bool fine = true;
    figure_entries_init(&plots);
    figure_entries_add_plots(&plots, &root_experiment(&cli->root, scenario_values(scenario))->plots);
    for (size_t i = 0; i < plots.all.count; i++) {
        GError *error = NULL;
        if (figure_entry_fits(&plots.all.at[i], scenario, &error))
            continue;
        fprintf(stderr, "%s: the plot %s: %s\n", path, plots.all.at[i].name, error->message);
        g_error_free(error);
        fine = false;
    }
    figure_entries_release(&plots);
    return fine;
}

/* Of a scenario that stands with results, where their copies of its files are; false after having said what is wrong.
 */
static bool find_copies(const char *path, GHashTable **moved)
{
    char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    bool is_of_results = strcmp(name, results_files[RESULTS_SCENARIO]) == 0 && results_recognise(folder, NULL);
    struct inputs inputs = {0};
    GError *error = NULL;
    if (is_of_results)
        inputs_read(&inputs, folder);
    bool fine = inputs_check(&inputs, folder, &error);
    if (!fine) {
        fprintf(stderr, "%s: %s\n", path, error->message);
        g_error_free(error);
    }
    *moved = fine ? inputs_moved(&inputs, folder) : NULL;
    inputs_release(&inputs);
    g_free(name);
    g_free(folder);
    return fine;
}

struct scenario *cli_load(const struct cli *cli, const char *path, const struct cli_changes *changes)
{
    static const struct cli_changes none;
    changes = changes ? changes : &none;
    GHashTable *moved;
    if (!find_copies(path, &moved))
        return NULL;
    char *presets = cli_presets_folder();
    char **overrides = all_overrides(changes);
    struct scenario_source source = {
        .path = path,
        .presets = presets,
        .overrides = (const char *const *)overrides,
        .sweeps = (const char *const *)changes->sweeps,
        .only = changes->only,
        .moved = moved,
    };
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *scenario = NULL;
    if (!scenario_load(&source, &cli->root.table, &scenario, &diagnostics) ||
        !scenario_check_points(scenario, CLI_POINTS_CHECKED, &diagnostics)) {
        scenario_free(scenario);
        scenario = NULL;
        GString *text = g_string_new(NULL);
        diagnostics_print(&diagnostics, text);
        fputs(text->str, stderr);
        size_t count = diagnostics_count(&diagnostics);
        fprintf(stderr, "%s: %zu error%s\n", path, count, count == 1 ? "" : "s");
        g_string_free(text, TRUE);
    } else if (!plots_fit(cli, scenario, path)) {
        scenario_free(scenario);
        scenario = NULL;
    }
    diagnostics_release(&diagnostics);
    g_hash_table_unref(moved);
    g_strfreev(overrides);
    g_free(presets);
    return scenario;
}

struct scenario *cli_load_results(const struct cli *cli, const char *command, const char *folder, int *code)
{
    GError *error = NULL;
    struct scenario *scenario = NULL;
    char *path = g_build_filename(folder, results_files[RESULTS_SCENARIO], NULL);
    *code = EXIT_USAGE;
    if (!results_need(folder, RESULTS_SCENARIO, &error)) {
        fprintf(stderr, "posim %s: %s\n", command, error->message);
        g_error_free(error);
    } else {
        scenario = cli_load(cli, path, NULL);
        *code = scenario ? EXIT_FINE : EXIT_BAD_SCENARIO;
    }
    g_free(path);
    return scenario;
}

void cli_note_changed_inputs(const char *command, const char *folder)
{
    struct inputs inputs;
    inputs_read(&inputs, folder);
    for (size_t i = 0; i < inputs.list.count; i++) {
        const struct input *input = &inputs.list.at[i];
        if (!input_has_changed(input))
            continue;
        fprintf(stderr, "posim %s: note: %s is not what it was when the runs began; ", command, input->file);
        if (input->copy)
            fprintf(stderr, "the results have that in %s\n", input->copy);
        else
            fputs("the results have no copy of that\n", stderr);
    }
    inputs_release(&inputs);
}

void cli_warn_of_missing_traces(const struct cli *cli, const char *command, const struct scenario *scenario,
                                const char *folder)
{
    char *missing = kept_missing(folder, &cli->root, scenario);
    if (missing)
        fprintf(stderr, "posim %s: warning: %s\n", command, missing);
    g_free(missing);
}

/* The first folder `name` beside one of the program's ancestors: the source tree above a build, or share/posim. */
static char *find_above(const char *program, const char *name)
{
    char *folder = g_path_get_dirname(program);
    for (int level = 0; level < 6; level++) {
        char *installed = g_build_filename(folder, "share", "posim", name, NULL);
        char *source = g_build_filename(folder, name, NULL);
        char *meson = g_build_filename(folder, "meson.build", NULL);
        bool in_source = g_file_test(source, G_FILE_TEST_IS_DIR) && g_file_test(meson, G_FILE_TEST_EXISTS);
        char *found = g_file_test(installed, G_FILE_TEST_IS_DIR) ? g_strdup(installed)
                      : in_source                                ? g_strdup(source)
                                                                 : NULL;
        g_free(installed);
        g_free(source);
        g_free(meson);
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
        if (found) {
            g_free(folder);
            return found;
        }
    }
    g_free(folder);
    return NULL;
}

char *cli_folder(const char *name)
{
    const char *given = g_getenv("POSIM_DATA");
    if (given)
        return g_build_filename(given, name, NULL);
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *found = program ? find_above(program, name) : NULL;
    g_free(program);
    return found;
}

char *cli_transport(void)
{
    static const char *const places[] = {"../experiment", POSIM_MODULES};
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = program ? g_path_get_dirname(program) : NULL, *found = NULL;
    for (size_t i = 0; folder && i < G_N_ELEMENTS(places) && !found; i++) {
        found = g_build_filename(folder, places[i], "posim_mpi.so", NULL);
        if (!g_file_test(found, G_FILE_TEST_EXISTS))
            g_clear_pointer(&found, g_free);
    }
    g_free(folder);
    g_free(program);
    return found;
}

char *cli_presets_folder(void)
{
    char *scenarios = cli_folder("scenarios");
    char *presets = scenarios ? g_build_filename(scenarios, "presets", NULL) : NULL;
    g_free(scenarios);
    return presets;
}

char *cli_analysis_folder(void)
{
    return cli_folder("analysis");
}

/* The key that a message begins with, bare or in quotes: "`faults.1` (cut): ...". g_free it. */
static char *key_of(const char *message)
{
    const char *key = message + (*message == '`');
    return g_strndup(key, strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_."));
}

void cli_tell_refusal(const struct scenario *scenario, const char *path, const char *message)
{
    char **lines = g_strsplit(message, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *key = key_of(*line), *place = scenario_place(scenario, key);
        bool is_line = place && !g_str_has_prefix(place, "--");
        fprintf(stderr, "%s: %s\n", is_line ? place : path, *line);
        g_free(place);
        g_free(key);
    }
    g_strfreev(lines);
}

char *cli_name_point(const struct scenario *scenario, uint64_t point)
{
    struct scenario_swept keys[SWEEP_MOST_KEYS];
    size_t count = scenario_swept(scenario, keys, G_N_ELEMENTS(keys));
    GString *text = g_string_new(NULL);
    if (count)
        g_string_append_printf(text, "point %" G_GUINT64_FORMAT " (", point);
    for (size_t k = 0; k < count; k++)
        g_string_append_printf(text, "%s%s %s%s%s", k ? ", " : "", keys[k].path,
                               scenario_swept_value(scenario, point, k), *keys[k].unit ? " " : "", keys[k].unit);
    if (count)
        g_string_append(text, "): ");
    return g_string_free(text, FALSE);
}

int cli_results_code(const GError *error, int otherwise)
{
    if (g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_OTHER))
        return EXIT_USAGE;
    return error->domain == RESULTS_ERROR ? EXIT_BAD_RESULTS : otherwise;
}

void cli_note_numbered_letters(const char *command, const char *tex)
{
    char *letters = tex_numbered_letters(tex);
    if (letters)
        fprintf(stderr,
                "posim %s: base LaTeX has no letters for %s; their numbers stand in their places, unless the document\n"
                "defines \\posimletter\n",
                command, letters);
    g_free(letters);
}
