/* SPDX-License-Identifier: MIT */
#include "base/quantity.h"
#include "cli/cli.h"
#include "cli/conduct.h"
#include "cli/hush.h"
#include "cli/progress.h"
#include "experiment/cluster.h"
#include "experiment/run.h"
#include "report/figure.h"

#include <stdio.h>
#include <string.h>

struct run_options {
    char *folder, *progress;
    struct cli_changes changes;
    int workers;
    char *shard, *timeout, *memory;
    uint32_t shard_number, shards;
    struct run_limits limits;
    gboolean force, resume, mixes_versions, json;
    struct hush hush; /* until a scenario is read */
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
static bool clear(struct experiment *experiment, GError **error)
{
    const char *folder = experiment->folder, *input = input_at_risk(experiment->scenario, folder);
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

/*
 * Whether a world can be made of a scenario without a sweep; says on stderr why not, before there are results. Of a
 * sweep single points may be impossible: these are runs that fail.
 */
static bool can_begin(const struct cli *cli, const struct scenario *scenario, const char *path)
{
    if (scenario_swept(scenario, NULL, 0))
        return true;
    const void *values = scenario_values(scenario);
    uint64_t seed = (uint64_t)root_experiment(&cli->root, values)->replicate.seed;
    struct run_record *record = g_new0(struct run_record, 1);
    GError *error = NULL;
    bool can = run_can_begin(&cli->root, values, seed, record, &error);
    if (!can)
        cli_tell_refusal(scenario, path, error->message);
    g_clear_error(&error);
    g_free(record);
    return can;
}

static int run_scenario(const struct cli *cli, struct run_options *options, const char *path, bool alone,
                        const char *const *arguments)
{
    struct scenario *scenario = cli_load(cli, path, &options->changes);
    if (!scenario || !can_begin(cli, scenario, path)) {
        scenario_free(scenario);
        return EXIT_BAD_SCENARIO;
    }
    hush_end(&options->hush, true);
    char *name = name_of(cli, scenario, path);
    char *folder = folder_of(options, name, alone);
    struct experiment experiment = {
        .root = &cli->root,
        .scenario = scenario,
        .arguments = arguments,
        .name = name,
        .folder = folder,
        .force = options->force,
        .resume = options->resume || options->shards,
        .changes = options->resume,
        .mixes_versions = options->mixes_versions,
        .workers = (uint32_t)options->workers,
        .shard = options->shard_number,
        .shards = options->shards,
        .limits = options->limits,
        .prepare = options->force ? clear : NULL,
    };
    struct conduct conduct = {
        .cli = cli,
        .command = "run",
        .progress = options->progress,
        .json = options->json,
    };
    int code = conduct_experiment(&conduct, &experiment);
    if (experiment.opened && !experiment.follows)
        cli_note_changed_inputs("run", folder);
    g_free(folder);
    g_free(name);
    scenario_free(scenario);
    return code;
}

/* "2/16": the second of sixteen parts. */
static bool read_shard(struct run_options *options)
{
    if (!options->shard)
        return true;
    char **parts = g_strsplit(options->shard, "/", 2);
    guint64 number = 0, count = 0;
    bool fine = parts[0] && parts[1] && g_ascii_string_to_unsigned(parts[1], 10, 1, 1000000, &count, NULL) &&
                g_ascii_string_to_unsigned(parts[0], 10, 1, count, &number, NULL);
    g_strfreev(parts);
    options->shard_number = (uint32_t)number - 1;
    options->shards = (uint32_t)count;
    if (!fine)
        fprintf(stderr, "posim run: --shard takes a part and how many there are, such as 2/16, not `%s`\n",
                options->shard);
    return fine;
}

static bool read_limits(struct run_options *options)
{
    GError *error = NULL;
    time_ns timeout_ns = 0;
    const char *wrong = NULL;
    if (options->timeout && !quantity_parse_duration(options->timeout, &timeout_ns, &error))
        wrong = "timeout";
    else if (options->memory && !quantity_parse_size(options->memory, &options->limits.memory_bytes, &error))
        wrong = "memory";
    options->limits.timeout_s = (double)timeout_ns / 1e9;
    if (!wrong)
        return true;
    fprintf(stderr, "posim run: --%s: %s\n", wrong, error->message);
    g_error_free(error);
    return false;
}

static bool check_options(const struct run_options *options, int argc)
{
    struct progress_display display;
    if (argc < 2)
        fputs("posim run: name a scenario file\n", stderr);
    else if (options->workers < 1 || options->workers > 4096)
        fputs("posim run: --jobs takes a number from 1 to 4096\n", stderr);
    else if (g_strcmp0(options->progress, PROGRESS_LIVE) != 0 && !progress_init(&display, options->progress, ""))
        fprintf(stderr, "posim run: --progress takes auto, live, plain or none, not `%s`\n", options->progress);
    else if (argc > 2 && cluster_is_wanted())
        fputs("posim run: mpirun runs one scenario at a time\n", stderr);
    else if (options->shard && cluster_is_wanted())
        fputs("posim run: mpirun shares out the runs by itself: leave --shard away\n", stderr);
    else if (options->force && (options->resume || options->shard))
        fprintf(stderr, "posim run: --force replaces results, %s adds to them: choose one\n",
                options->resume ? "--resume" : "--shard");
    else
        return true;
    return false;
}

int command_run(const struct cli *cli, int argc, char **argv)
{
    struct run_options options = {.workers = (int)g_get_num_processors()};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "where results go; default results/NAME", "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "worker processes; default one a core", "N"},
        CLI_CHANGES(options.changes),
        {"resume", 0, 0, G_OPTION_ARG_NONE, &options.resume,
         "go on in DIR: only runs that are not done, or failed, are carried out", NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.force,
         "replace results that are in DIR; files that posim did not write stay", NULL},
        {"mix-versions", 0, 0, G_OPTION_ARG_NONE, &options.mixes_versions,
         "with --resume: keep runs that another version of posim made", NULL},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &options.shard,
         "carry out one of N parts; `posim merge` then makes the tables", "I/N"},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &options.timeout,
         "a run that takes longer has failed, as in 10min; 0s: no limit", "TIME"},
        {"memory", 0, 0, G_OPTION_ARG_STRING, &options.memory,
         "a run whose process takes more has failed, as in 4GiB; 0B: no limit", "SIZE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print the summary as JSON", NULL},
        {"progress", 0, 0, G_OPTION_ARG_STRING, &options.progress,
         "how it is shown that it goes on; live: as `posim watch` does", "auto|live|plain|none"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    char **arguments = g_strdupv(argv);
    int code = EXIT_USAGE;
    hush_begin(&options.hush);
    if (cli_options("run", entries, "FILE... - run scenarios and write results",
                    "Examples:\n  posim run first.yaml -o results/first\n"
                    "  posim run first.yaml --set validators.count=100 --set replicate.count=20 -j 2\n"
                    "  posim run first.yaml --sweep validators.count=10,100,1000 -o results/sizes\n"
                    "  posim run first.yaml --sweep validators.count=10,100,1000 -o results/sizes --resume",
                    &argc, &argv) &&
        check_options(&options, argc) && read_shard(&options) && read_limits(&options)) {
        code = EXIT_FINE;
        for (int i = 1; i < argc; i++) {
            int one = run_scenario(cli, &options, argv[i], argc == 2, (const char *const *)arguments);
            if (one == EXIT_INTERRUPTED)
                i = argc;
            code = MAX(code, one);
        }
    }
    hush_end(&options.hush, code == EXIT_FINE);
    g_strfreev(arguments);
    g_free(options.folder);
    g_free(options.progress);
    g_free(options.shard);
    g_free(options.timeout);
    g_free(options.memory);
    cli_changes_release(&options.changes);
    return code;
}
