/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/stops.h"
#include "cli/warnings.h"
#include "experiment/plan.h"
#include "experiment/run.h"
#include "scenario/explain.h"

#include <stdio.h>

/* More are not counted, as a condition would have to be asked for each. */
#define POINTS_COUNTED 100000000

struct wishes {
    gboolean origins, resolved, changed, schema;
};

static void print(const struct scenario *scenario, const struct wishes *wishes)
{
    GString *text = g_string_new(NULL);
    if (wishes->origins)
        scenario_write_origins(scenario, text);
    if (wishes->resolved)
        scenario_write_resolved(scenario, text);
    if (wishes->changed)
        scenario_write_changed(scenario, text);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
}

/* What comes of the shares in that world, which of a sweep is none of those that are run: the runs then tell. */
static void warn(const struct scenario *scenario, const struct run_record *record, const char *path)
{
    struct point_tally *tally = g_new0(struct point_tally, 1);
    struct warnings *warnings = warnings_new(scenario);
    point_tally_add(tally, record);
    if (!scenario_swept(scenario, NULL, 0))
        warnings_note(warnings, tally);
    warnings_tell(warnings, path);
    warnings_free(warnings);
    point_tally_release(tally);
    g_free(tally);
}

/* Whether a world can be made of it; says on stderr why not. */
static bool can_begin(const struct cli *cli, const struct scenario *scenario, const char *path)
{
    const void *values = scenario_values(scenario);
    const struct experiment_settings *settings = root_experiment(&cli->root, values);
    struct run_record *record = g_new0(struct run_record, 1);
    metric_values_clear(&record->values);
    GError *error = NULL;
    bool can = run_can_begin(&cli->root, values, (uint64_t)settings->replicate.seed, record, &error);
    if (can) {
        warn(scenario, record, path);
        stops_warn(settings, path);
    } else {
        cli_tell_refusal(scenario, path, error->message);
    }
    g_clear_error(&error);
    g_free(record);
    return can;
}

static void tell_fine(const struct scenario *scenario, const char *path)
{
    uint64_t points = plan_count_points(scenario, POINTS_COUNTED);
    if (points == 1)
        printf("%s: fine\n", path);
    else if (points == UINT64_MAX)
        printf("%s: fine, up to %" G_GUINT64_FORMAT " points\n", path, scenario_points(scenario));
    else
        printf("%s: fine, %" G_GUINT64_FORMAT " points\n", path, points);
}

int command_check(const struct cli *cli, int argc, char **argv)
{
    struct wishes wishes = {0};
    struct cli_changes changes = {0};
    const GOptionEntry entries[] = {
        CLI_CHANGES(changes),
        {"show-origin", 0, 0, G_OPTION_ARG_NONE, &wishes.origins, "print each value and where it comes from", NULL},
        {"resolved", 0, 0, G_OPTION_ARG_NONE, &wishes.resolved, "print the scenario with every key", NULL},
        {"changed", 0, 0, G_OPTION_ARG_NONE, &wishes.changed, "print only what differs from the defaults", NULL},
        {"schema", 0, 0, G_OPTION_ARG_NONE, &wishes.schema, "print the JSON schema of scenario files instead", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("check", entries, "FILE... - validate scenarios",
                     "Example:\n  posim check first.yaml --show-origin --set validators.count=100", &argc, &argv))
        return EXIT_USAGE;
    if (wishes.schema) {
        GString *text = g_string_new(NULL);
        schema_json(&cli->root.table, text);
        puts(text->str);
        g_string_free(text, TRUE);
        return EXIT_FINE;
    }
    if (argc < 2) {
        fputs("posim check: name a scenario file\n", stderr);
        return EXIT_USAGE;
    }
    int code = EXIT_FINE;
    for (int i = 1; i < argc; i++) {
        struct scenario *scenario = cli_load(cli, argv[i], &changes);
        if (!scenario || !can_begin(cli, scenario, argv[i]))
            code = EXIT_BAD_SCENARIO;
        else if (wishes.origins || wishes.resolved || wishes.changed)
            print(scenario, &wishes);
        else
            tell_fine(scenario, argv[i]);
        scenario_free(scenario);
    }
    cli_changes_release(&changes);
    return code;
}
