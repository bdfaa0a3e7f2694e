/* SPDX-License-Identifier: MIT */
/*
 * What an experiment would do: its points, its runs, and about what they cost. The cost comes from probes: the first
 * replication at a few points, each cut off after a while and then judged by how far it came.
 */
#include "cli/cli.h"
#include "cli/stops.h"
#include "experiment/experiment.h"
#include "experiment/plan.h"
#include "experiment/run.h"
#include "experiment/tables.h"
#include "experiment/workers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    PROBES = 3,
    POINTS_TOLD = 20,
    SWEPT_MOST = 64,
};
#define POINTS_COUNTED UINT64_C(100000000)

struct plan_choices {
    struct cli_changes changes;
    int workers;
    double probe_s;
    gboolean csv, no_probes;
};

struct probe {
    uint64_t point;
    double share;  /* of the run that was carried out */
    double wall_s; /* of the whole run, as far as can be told; 0: it failed */
    uint64_t memory_bytes;
    bool lacks_value; /* of the metric that replicate.until watches */
    char failure[400];
};

struct probing {
    const struct cli *cli;
    const struct scenario *scenario;
    double limit_s;
    int until_metric; /* -1: no rule */
    struct probe probes[PROBES];
    size_t count, given;
};

/* The points. */

static uint64_t next_point(const struct scenario *scenario, uint64_t from)
{
    while (from < scenario_points(scenario) && !scenario_has_point(scenario, from))
        from++;
    return from;
}

static void tell_points(const struct scenario *scenario)
{
    struct scenario_swept keys[SWEPT_MOST];
    size_t count = scenario_swept(scenario, keys, SWEPT_MOST);
    uint64_t told = 0, point = next_point(scenario, 0);
    if (count == 0)
        return;
    printf("\n  %6s", "point");
    for (size_t k = 0; k < count; k++)
        printf("  %*s", (int)MAX(strlen(keys[k].column), 8), keys[k].column);
    putchar('\n');
    for (; point < scenario_points(scenario) && told < POINTS_TOLD; point = next_point(scenario, point + 1), told++) {
        printf("  %6" G_GUINT64_FORMAT, point);
        for (size_t k = 0; k < count; k++)
            printf("  %*s", (int)MAX(strlen(keys[k].column), 8), scenario_swept_value(scenario, point, k));
        putchar('\n');
    }
    if (point < scenario_points(scenario))
        puts("  ... (--csv prints all)");
}

/* The cost. */

/* The first point, the last one, and one between them: costs often grow along a sweep. */
static void choose_probes(struct probing *probing)
{
    const struct scenario *scenario = probing->scenario;
    uint64_t places = scenario_points(scenario), last = places - 1;
    while (!scenario_has_point(scenario, last) && last > 0 && places - last < POINTS_COUNTED)
        last--;
    const uint64_t wanted[PROBES] = {0, places / 2, last};
    for (size_t i = 0; i < PROBES; i++) {
        uint64_t point = next_point(scenario, wanted[i]);
        bool known = point == places;
        for (size_t p = 0; p < probing->count; p++)
            known |= probing->probes[p].point == point;
        if (!known)
            probing->probes[probing->count++].point = point;
    }
}

static enum job_supply next_probe(void *user, struct job *job)
{
    struct probing *probing = user;
    if (probing->given == probing->count)
        return JOB_NONE;
    *job = (struct job){.point = probing->probes[probing->given++].point};
    return JOB_GIVEN;
}

static void run_probe(void *user, struct job job, void *record, struct worker_link *link)
{
    const struct probing *probing = user;
    GError *error = NULL;
    struct scenario *one = run_scenario_at(probing->scenario, job.point, &error);
    if (!one) {
        run_fail(record, job, error->message);
        g_error_free(error);
        return;
    }
    struct run_order order = {
        .root = &probing->cli->root,
        .values = scenario_values(one),
        .job = job,
        .seed = (uint64_t)root_experiment(&probing->cli->root, scenario_values(probing->scenario))->replicate.seed,
        .link = link,
    };
    run_carry_out(&order, record);
    scenario_free(one);
}

static bool probe_done(void *user, struct job job, const void *place, const char *why)
{
    struct probing *probing = user;
    struct probe *probe = &probing->probes[probing->given - 1];
    const struct run_record *record = place;
    (void)job;
    if (record && record->status == RUN_FINE) {
        probe->share = 1;
        probe->wall_s = record->wall_s;
        probe->memory_bytes = record->memory_bytes;
        probe->lacks_value = probing->until_metric >= 0 && isnan(record->values.metrics[probing->until_metric]);
    } else if (record || probe->share <= 0) {
        g_strlcpy(probe->failure, record ? record->message : why, sizeof probe->failure);
    } else {
        probe->wall_s = probing->limit_s / probe->share;
    }
    return true;
}

static void probe_progress(void *user, double share)
{
    struct probing *probing = user;
    struct probe *probe = &probing->probes[probing->given - 1];
    probe->share = MAX(probe->share, share);
}

static void print_time(double seconds)
{
    if (seconds < 10)
        printf("%.2g s", seconds);
    else if (seconds < 120)
        printf("%.0f s", seconds);
    else if (seconds < 7200)
        printf("%.0f min", seconds / 60);
    else if (seconds < 172800)
        printf("%.1f h", seconds / 3600);
    else
        printf("%.1f d", seconds / 86400);
}

static int tell_cost(const struct probing *probing, double runs, bool bounded, int workers)
{
    double sum_s = 0;
    uint64_t memory = 0;
    size_t fine = 0;
    int code = EXIT_FINE;
    for (size_t p = 0; p < probing->count; p++) {
        const struct probe *probe = &probing->probes[p];
        printf("  a run at point %" G_GUINT64_FORMAT ": ", probe->point);
        if (probe->failure[0]) {
            printf("failed, %s\n", probe->failure);
            code = EXIT_RUNS_FAILED;
            continue;
        }
        print_time(probe->wall_s);
        printf(probe->share < 1 ? " (judged by its first %.0f %%)\n" : "\n", probe->share * 100);
        sum_s += probe->wall_s;
        memory = MAX(memory, probe->memory_bytes);
        fine++;
    }
    if (!fine)
        return code;
    printf("  in all %s", bounded ? "at most about " : "about ");
    print_time(sum_s / (double)fine * runs / workers);
    printf(" with %d worker%s", workers, workers == 1 ? "" : "s");
    if (memory)
        printf(", each with some %.0f MiB", (double)memory / (1 << 20));
    putchar('\n');
    return code;
}

/* A rule for stopping that may wait for what never comes. */
static void warn_of_missing(const struct probing *probing, const char *path)
{
    for (size_t p = 0; p < probing->count; p++)
        if (probing->probes[p].lacks_value)
            fprintf(stderr,
                    "%s: warning: the run at point %" G_GUINT64_FORMAT " has no value of %s, which `replicate.until` "
                    "watches: where none has, the point goes on to `max`\n",
                    path, probing->probes[p].point, metrics[probing->until_metric].name);
}

static int estimate(const struct cli *cli, const struct scenario *scenario, const char *path, double runs, bool bounded,
                    const struct plan_choices *choices)
{
    const struct experiment_settings *settings = root_experiment(&cli->root, scenario_values(scenario));
    struct probing probing = {.cli = cli,
                              .scenario = scenario,
                              .limit_s = choices->probe_s,
                              .until_metric = settings->replicate.until.metric};
    choose_probes(&probing);
    struct workers workers = {
        .processes = 1,
        .record_size = sizeof(struct run_record),
        .limits = {.timeout_s = choices->probe_s},
        .next = next_probe,
        .run = run_probe,
        .done = probe_done,
        .progress = probe_progress,
        .user = &probing,
    };
    fflush(stdout);
    if (!workers_run(&workers))
        return EXIT_INTERRUPTED;
    warn_of_missing(&probing, path);
    putchar('\n');
    return tell_cost(&probing, runs, bounded, choices->workers);
}

static int tell_plan(const struct cli *cli, const struct scenario *scenario, const char *path,
                     const struct plan_choices *choices)
{
    const struct replicate_settings *replicate = &root_experiment(&cli->root, scenario_values(scenario))->replicate;
    bool has_rule = replicate->until.relative_halfwidth.denominator != 0;
    uint64_t points = plan_count_points(scenario, POINTS_COUNTED);
    bool counted = points != UINT64_MAX;
    points = counted ? points : scenario_points(scenario);
    uint64_t most = (uint64_t)(has_rule ? replicate->until.maximum : replicate->count);
    printf("%s: %s%" G_GUINT64_FORMAT " point%s, ", path, counted ? "" : "up to ", points, points == 1 ? "" : "s");
    if (has_rule)
        printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " runs each until %s is known, ", replicate->until.minimum,
               replicate->until.maximum, metrics[replicate->until.metric].name);
    else
        printf("%" G_GINT64_FORMAT " replication%s: %" G_GUINT64_FORMAT " run%s, ", replicate->count,
               replicate->count == 1 ? "" : "s", points * most, points * most == 1 ? "" : "s");
    printf("seed %" G_GINT64_FORMAT "\n", replicate->seed);
    tell_points(scenario);
    stops_warn(root_experiment(&cli->root, scenario_values(scenario)), path);
    if (choices->no_probes)
        return EXIT_FINE;
    return estimate(cli, scenario, path, (double)points * (double)most, has_rule || !counted, choices);
}

int command_plan(const struct cli *cli, int argc, char **argv)
{
    struct plan_choices choices = {.workers = (int)g_get_num_processors(), .probe_s = 10};
    const GOptionEntry entries[] = {
        CLI_CHANGES(choices.changes),
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &choices.workers, "worker processes; default one a core", "N"},
        {"csv", 0, 0, G_OPTION_ARG_NONE, &choices.csv, "print all points as plan.csv has them, and nothing else", NULL},
        {"no-probes", 0, 0, G_OPTION_ARG_NONE, &choices.no_probes, "run nothing, and say nothing of the cost", NULL},
        {"probe", 0, 0, G_OPTION_ARG_DOUBLE, &choices.probe_s, "seconds after which a probe is cut off; default 10",
         "S"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int code = EXIT_USAGE;
    if (!cli_options("plan", entries, "FILE - the points of an experiment, its runs, and about what they cost",
                     "Examples:\n  posim plan sweep.yaml -j 8\n"
                     "  posim plan first.yaml --sweep validators.count=10,100,1000",
                     &argc, &argv))
        goto done;
    if (argc != 2)
        fputs("posim plan: name one scenario file\n", stderr);
    else if (choices.workers < 1 || choices.workers > 1000000)
        fputs("posim plan: --jobs takes a number from 1\n", stderr);
    else if (!(choices.probe_s > 0))
        fputs("posim plan: --probe takes seconds, above 0\n", stderr);
    else {
        struct scenario *scenario = cli_load(cli, argv[1], &choices.changes);
        if (scenario && choices.csv)
            tables_print_plan(stdout, scenario);
        code = !scenario ? EXIT_BAD_SCENARIO : choices.csv ? EXIT_FINE : tell_plan(cli, scenario, argv[1], &choices);
        scenario_free(scenario);
    }
done:
    cli_changes_release(&choices.changes);
    return code;
}
