/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "report/figure.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct run_options {
    char *folder, *progress;
    char **overrides;
    char *seed;
    int workers;
    gboolean force, json;
};

static char *name_of(const struct cli *cli, const struct scenario *scenario, const char *path)
{
    const struct experiment_settings *settings = root_experiment(&cli->root, scenario_values(scenario));
    if (settings->name)
        return g_strdup(settings->name);
    char *base = g_path_get_basename(path);
    char *dot = strrchr(base, '.');
    if (dot && dot != base)
        *dot = '\0';
    return base;
}

/* The name as one folder's: it may not lead anywhere else. */
static char *folder_of(const struct run_options *options, const char *name, bool alone)
{
    if (options->folder && alone)
        return g_strdup(options->folder);
    char *plain = g_strdelimit(g_strdup(name), "/", '-');
    if (plain[0] == '.')
        plain[0] = '-';
    char *folder = g_build_filename(options->folder ? options->folder : "results", plain, NULL);
    g_free(plain);
    return folder;
}

static char **with_seed(const struct run_options *options)
{
    GPtrArray *all = g_ptr_array_new();
    for (char **at = options->overrides; at && *at; at++)
        g_ptr_array_add(all, g_strdup(*at));
    if (options->seed)
        g_ptr_array_add(all, g_strdup_printf("replicate.seed=%s", options->seed));
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}

/* The first input of the scenario that --force would remove; NULL: none. */
static const char *input_at_risk(const struct scenario *scenario, const char *folder)
{
    static const char *const places[] = {RESULTS_TRACES, RESULTS_REPLAYS, RESULTS_PLOTS};
    for (const char *const *input = scenario_inputs(scenario); input && *input; input++)
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
            char *path = g_canonicalize_filename(*input, NULL), *results = g_canonicalize_filename(folder, NULL);
            char *place = g_build_filename(results, places[i], "", NULL);
            bool inside = g_str_has_prefix(path, place);
            g_free(place);
            g_free(results);
            g_free(path);
            if (inside)
                return *input;
        }
    return NULL;
}

/* Removes what earlier runs, replays and plots left in the directory. */
static bool clear(const struct scenario *scenario, const char *folder, GError **error)
{
    const char *input = input_at_risk(scenario, folder);
    if (input) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                    "the scenario reads %s, which --force would remove: name another directory with -o", input);
        return false;
    }
    char *plots = g_build_filename(folder, RESULTS_PLOTS, NULL);
    bool fine = results_clear(folder, error) && figures_clear(plots, error);
    g_free(plots);
    return fine;
}

static int run_scenario(const struct cli *cli, const struct run_options *options, const char *path, bool alone,
                        const char *const *arguments)
{
    char **overrides = with_seed(options);
    struct scenario *scenario = cli_load(cli, path, overrides);
    g_strfreev(overrides);
    if (!scenario)
        return EXIT_BAD_SCENARIO;
    char *name = name_of(cli, scenario, path);
    char *folder = folder_of(options, name, alone);
    struct progress_display display;
    progress_init(&display, options->progress, name);
    struct experiment experiment = {
        .root = &cli->root,
        .scenario = scenario,
        .arguments = arguments,
        .name = name,
        .folder = folder,
        .force = options->force,
        .workers = (uint32_t)options->workers,
        .progress = progress_show,
        .user = &display,
    };
    GError *error = NULL;
    bool fine = (!options->force || clear(scenario, folder, &error)) && experiment_run(&experiment, &error);
    progress_end(&display);
    int code = EXIT_RUNS_FAILED;
    if (!fine) {
        fprintf(stderr, "posim run: %s\n", error->message);
        code = experiment.opened ? EXIT_RUNS_FAILED : EXIT_USAGE;
        g_error_free(error);
    } else if (experiment.interrupted) {
        fprintf(stderr, "posim run: interrupted; %s holds no tables of this run\n", folder);
        code = EXIT_INTERRUPTED;
    } else {
        code = outcome_tell(&experiment, options->json);
    }
    experiment_release(&experiment);
    g_free(folder);
    g_free(name);
    scenario_free(scenario);
    return code;
}

int command_run(const struct cli *cli, int argc, char **argv)
{
    struct run_options options = {.workers = (int)g_get_num_processors()};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "where results go; default results/NAME", "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "worker processes; default one a core", "N"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.overrides, "override a value, as in protocol.slot=2s",
         "KEY=VALUE"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "the same as --set replicate.seed=N", "N"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.force,
         "replace results that are in DIR; files that posim did not write stay", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print the summary as JSON", NULL},
        {"progress", 0, 0, G_OPTION_ARG_STRING, &options.progress, "auto, plain or none", "STYLE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    char **arguments = g_strdupv(argv);
    int code = EXIT_USAGE;
    struct progress_display display;
    if (!cli_options("run", entries, "FILE... - run scenarios and write results",
                     "Examples:\n  posim run first.yaml -o results/first\n"
                     "  posim run first.yaml --set validators.count=100 --set replicate.count=20 -j 2",
                     &argc, &argv))
        goto done;
    if (argc < 2)
        fputs("posim run: name a scenario file\n", stderr);
    else if (options.workers < 1 || options.workers > 4096)
        fputs("posim run: --jobs takes a number from 1 to 4096\n", stderr);
    else if (!progress_init(&display, options.progress, ""))
        fprintf(stderr, "posim run: --progress takes auto, plain or none, not `%s`\n", options.progress);
    else {
        code = EXIT_FINE;
        for (int i = 1; i < argc; i++) {
            int one = run_scenario(cli, &options, argv[i], argc == 2, (const char *const *)arguments);
            if (one == EXIT_INTERRUPTED)
                i = argc;
            code = MAX(code, one);
        }
    }
done:
    g_strfreev(arguments);
    g_strfreev(options.overrides);
    g_free(options.folder);
    g_free(options.seed);
    g_free(options.progress);
    return code;
}
