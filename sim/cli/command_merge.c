/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of an experiment whose runs were carried out in parts: by `posim run --shard`, into one directory or
 * several. Nothing is run; a run that no part has is an error.
 */
#include "cli/cli.h"
#include "cli/conduct.h"
#include "cli/progress.h"

#include <stdio.h>

struct merge_options {
    char *output, *progress;
    gboolean mixes_versions, json;
};

static int merge(const struct cli *cli, const struct merge_options *options, char **folders, const char *const *argv)
{
    GError *error = NULL;
    for (char **folder = folders; *folder; folder++)
        if (!results_recognise(*folder, &error)) {
            fprintf(stderr, "posim merge: %s\n", error->message);
            g_error_free(error);
            return EXIT_USAGE;
        }
    int code;
    struct scenario *scenario = cli_load_results(cli, "merge", folders[0], &code);
    if (!scenario)
        return code;
    char *name = results_name(folders[0]);
    struct experiment experiment = {
        .root = &cli->root,
        .scenario = scenario,
        .arguments = argv,
        .name = name,
        .folder = options->output ? options->output : folders[0],
        .resume = !options->output,
        .mixes_versions = options->mixes_versions,
        .only_merges = true,
        .merged = (const char *const *)folders,
    };
    struct conduct conduct = {.cli = cli, .command = "merge", .progress = options->progress, .json = options->json};
    code = conduct_experiment(&conduct, &experiment);
    g_free(name);
    scenario_free(scenario);
    return code;
}

int command_merge(const struct cli *cli, int argc, char **argv)
{
    struct merge_options options = {.progress = NULL};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "where the tables go; default the first DIR", "DIR"},
        {"mix-versions", 0, 0, G_OPTION_ARG_NONE, &options.mixes_versions,
         "take runs that other versions of posim made", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print the summary as JSON", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    char **arguments = g_strdupv(argv);
    int code = EXIT_USAGE;
    if (cli_options("merge", entries, "DIR... - make the tables of an experiment that was run in parts",
                    "Examples:\n  posim run sweep.yaml -o results/sweep --shard 1/2   # on one machine\n"
                    "  posim run sweep.yaml -o results/sweep --shard 2/2   # on another, or later\n"
                    "  posim merge results/sweep\n"
                    "  posim merge results/part1 results/part2 -o results/whole",
                    &argc, &argv)) {
        if (argc < 2)
            fputs("posim merge: name a results directory\n", stderr);
        else
            code = merge(cli, &options, argv + 1, (const char *const *)arguments);
    }
    g_strfreev(arguments);
    g_free(options.output);
    return code;
}
