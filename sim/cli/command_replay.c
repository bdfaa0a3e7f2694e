/* SPDX-License-Identifier: MIT */
#include "base/table_file.h"
#include "cli/cli.h"
#include "experiment/results.h"

#include <stdio.h>
#include <string.h>

/* "0-3" or "3": point and replication. */
static bool parse_run(const char *text, uint64_t *point, uint32_t *replication)
{
    const char *dash = strchr(text, '-');
    guint64 first = 0, second = 0;
    *point = 0;
    if (!dash) {
        if (!g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &first, NULL))
            return false;
        *replication = (uint32_t)first;
        return true;
    }
    char *left = g_strndup(text, (gsize)(dash - text));
    bool fine = g_ascii_string_to_unsigned(left, 10, 0, UINT64_MAX, &first, NULL) &&
                g_ascii_string_to_unsigned(dash + 1, 10, 0, UINT32_MAX, &second, NULL);
    g_free(left);
    *point = first;
    *replication = (uint32_t)second;
    return fine;
}

/* The hash that runs.csv gives for the run, g_free it; NULL where it has none. */
static char *recorded_hash(const char *folder, uint64_t point, uint32_t replication)
{
    char *path = g_build_filename(folder, "runs.csv", NULL), *hash = NULL;
    struct table_file *table = table_file_read(path, NULL);
    size_t point_column, replication_column, hash_column;
    g_free(path);
    if (table && table_file_find(table, "point", &point_column) &&
        table_file_find(table, "replication", &replication_column) &&
        table_file_find(table, "trace_hash", &hash_column)) {
        for (size_t row = 0; row < table->row_count && !hash; row++) {
            int64_t p = -1, r = -1;
            table_file_number(table, row, point_column, 1, &p, NULL);
            table_file_number(table, row, replication_column, 1, &r, NULL);
            if ((uint64_t)p == point && r == (int64_t)replication)
                hash = g_strdup(table_file_cell(table, row, hash_column));
        }
    }
    table_file_free(table);
    return hash;
}

static bool holds_results(const char *folder)
{
    char *path = g_build_filename(folder, "manifest.json", NULL);
    bool exists = g_file_test(path, G_FILE_TEST_EXISTS);
    g_free(path);
    return exists;
}

static int replay(const struct cli *cli, const char *folder, const char *output, uint64_t point, uint32_t replication)
{
    if (!holds_results(folder)) {
        fprintf(stderr, "posim replay: %s holds no results: there is no manifest.json in it\n", folder);
        return EXIT_USAGE;
    }
    char *path = g_build_filename(folder, "scenario.yaml", NULL);
    struct scenario *scenario = cli_load(cli, path, NULL);
    g_free(path);
    if (!scenario)
        return EXIT_BAD_SCENARIO;
    const void *values = scenario_values(scenario);
    const struct experiment_settings *settings = root_experiment(&cli->root, values);
    if (point > 0 || replication >= settings->replicate.count) {
        fprintf(stderr, "posim replay: the plan of %s has the runs 0-0 to 0-%" G_GINT64_FORMAT "\n", folder,
                settings->replicate.count - 1);
        scenario_free(scenario);
        return EXIT_USAGE;
    }
    char *name = g_strdup_printf("%" G_GUINT64_FORMAT "-%u", point, replication);
    char *traces = output ? g_strdup(output) : g_build_filename(folder, "replay", name, NULL);
    g_mkdir_with_parents(traces, 0777);
    struct run_order order = {
        .root = &cli->root,
        .values = values,
        .point = point,
        .replication = replication,
        .seed = (uint64_t)settings->replicate.seed,
        .tables = TABLE_BIT(TABLES) - 1,
        .trace_folder = traces,
    };
    struct run_record *record = g_new0(struct run_record, 1);
    run_carry_out(&order, record);
    char *expected = recorded_hash(folder, point, replication);
    int code = EXIT_FINE;
    if (record->status != RUN_FINE) {
        fprintf(stderr, "posim replay: %s\n", record->message);
        code = EXIT_RUNS_FAILED;
    } else if (expected && strcmp(expected, record->trace_hash) != 0) {
        fprintf(stderr, "posim replay: the trace's hash is %s, but runs.csv has %s: another version made the results\n",
                record->trace_hash, expected);
        code = EXIT_RUNS_FAILED;
    } else {
        printf("run %s again: trace hash %s%s\nfull traces in %s\n", name, record->trace_hash,
               expected ? ", as recorded" : "", traces);
    }
    g_free(expected);
    g_free(record);
    g_free(traces);
    g_free(name);
    scenario_free(scenario);
    return code;
}

int command_replay(const struct cli *cli, int argc, char **argv)
{
    char *output = NULL;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "where the traces go; default DIR/replay/RUN", "FOLDER"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("replay", entries, "DIR RUN - run one run of results again, with full traces",
                     "Example:\n  posim replay results/first 0-2\n\nRUN is POINT-REPLICATION as in DIR/traces, or the "
                     "replication alone.",
                     &argc, &argv))
        return EXIT_USAGE;
    uint64_t point;
    uint32_t replication;
    int code = EXIT_USAGE;
    if (argc != 3)
        fputs("posim replay: name a results directory and a run, as in `posim replay results/first 0-2`\n", stderr);
    else if (!parse_run(argv[2], &point, &replication))
        fprintf(stderr, "posim replay: `%s` is not a run such as 0-2\n", argv[2]);
    else
        code = replay(cli, argv[1], output, point, replication);
    g_free(output);
    return code;
}
