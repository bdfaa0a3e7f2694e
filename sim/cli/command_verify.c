/* SPDX-License-Identifier: MIT */
/*
 * Runs a sample of the runs of finished results again and compares the hashes of their traces: whether this program, on
 * this machine, makes what the results say.
 */
#include "base/table_file.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "experiment/results.h"
#include "experiment/run.h"
#include "experiment/workers.h"

#include <stdio.h>
#include <string.h>

/* A run of runs.csv that is to be run again. */
struct verified {
    struct job job;
    char *recorded, *found; /* hashes; `found` NULL: not yet, or it failed */
    char *failure;
};

struct verification {
    const struct cli *cli;
    const struct scenario *scenario;
    struct verified *runs;
    size_t count, given, over;
    uint64_t seed;
    struct progress_display display;
};

/* Choosing. */

/* As many rows as wanted, spread evenly over the table; those of failed runs are passed over. */
static bool choose(struct verification *verification, const struct table_file *table, size_t wanted, GError **error)
{
    size_t point, replication, status, hash;
    if (!table_file_need(table, "point", &point, error) ||
        !table_file_need(table, "replication", &replication, error) ||
        !table_file_need(table, "status", &status, error) || !table_file_need(table, "trace_hash", &hash, error))
        return false;
    size_t *fine = g_new(size_t, MAX(table->row_count, 1)), count = 0;
    for (size_t row = 0; row < table->row_count; row++)
        if (strcmp(table_file_cell(table, row, status), "fine") == 0)
            fine[count++] = row;
    verification->count = wanted ? MIN(wanted, count) : count;
    verification->runs = g_new0(struct verified, MAX(verification->count, 1));
    for (size_t i = 0; i < verification->count; i++) {
        size_t row = fine[i * count / verification->count];
        verification->runs[i].job =
            (struct job){.point = g_ascii_strtoull(table_file_cell(table, row, point), NULL, 10),
                         .replication = (uint32_t)g_ascii_strtoull(table_file_cell(table, row, replication), NULL, 10)};
        verification->runs[i].recorded = g_strdup(table_file_cell(table, row, hash));
    }
    g_free(fine);
    if (verification->count == 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s has no run that was fine", table->path);
    return verification->count > 0;
}

/* Running. */

static enum job_supply next(void *user, struct job *job)
{
    struct verification *verification = user;
    if (verification->given == verification->count)
        return JOB_NONE;
    *job = verification->runs[verification->given++].job;
    return JOB_GIVEN;
}

static void run_again(void *user, struct job job, void *record, struct worker_link *link)
{
    const struct verification *verification = user;
    GError *error = NULL;
    struct scenario *one = scenario_has_point(verification->scenario, job.point)
                               ? run_scenario_at(verification->scenario, job.point, &error)
                               : NULL;
    if (!one) {
        run_fail(record, job, error ? error->message : "scenario.yaml has no such point");
        g_clear_error(&error);
        return;
    }
    struct run_order order = {
        .root = &verification->cli->root,
        .values = scenario_values(one),
        .job = job,
        .seed = verification->seed,
        .link = link,
    };
    run_carry_out(&order, record);
    scenario_free(one);
}

static bool done(void *user, struct job job, const void *place, const char *why)
{
    struct verification *verification = user;
    const struct run_record *record = place;
    size_t i = 0;
    while (verification->runs[i].job.point != job.point || verification->runs[i].job.replication != job.replication)
        i++;
    if (record && record->status == RUN_FINE)
        verification->runs[i].found = g_strdup(record->trace_hash);
    else
        verification->runs[i].failure = g_strdup(record ? record->message : why);
    verification->over++;
    return true;
}

static void show(void *user, double sum)
{
    struct verification *verification = user;
    struct experiment_progress progress = {
        .done = verification->over,
        .total = verification->count,
        .share = ((double)verification->over + sum) / (double)verification->count,
    };
    progress_show(&verification->display, &progress);
}

/* Telling. */

static int tell(const struct verification *verification, const char *folder)
{
    size_t same = 0;
    for (size_t i = 0; i < verification->count; i++) {
        const struct verified *run = &verification->runs[i];
        bool is_same = run->found && strcmp(run->found, run->recorded) == 0;
        same += is_same;
        if (run->failure)
            fprintf(stderr, "posim verify: run %" G_GUINT64_FORMAT "-%u failed: %s\n", run->job.point,
                    run->job.replication, run->failure);
        else if (!is_same)
            fprintf(stderr, "posim verify: run %" G_GUINT64_FORMAT "-%u: on record %s, now %s\n", run->job.point,
                    run->job.replication, run->recorded, run->found);
    }
    char *maker = results_maker(folder), *now = results_maker_now();
    printf("%s: %zu of %zu runs have the trace on record\n", folder, same, verification->count);
    if (same < verification->count)
        printf("  on record: made by %s\n  now:       %s\n", maker, now);
    g_free(maker);
    g_free(now);
    return same == verification->count ? EXIT_FINE : EXIT_RUNS_FAILED;
}

static void release(struct verification *verification)
{
    for (size_t i = 0; i < verification->count; i++) {
        g_free(verification->runs[i].recorded);
        g_free(verification->runs[i].found);
        g_free(verification->runs[i].failure);
    }
    g_free(verification->runs);
}

static struct table_file *open_runs(const char *folder, GError **error)
{
    if (!results_need(folder, RESULTS_RUNS, error))
        return NULL;
    char *path = g_build_filename(folder, results_files[RESULTS_RUNS], NULL);
    struct table_file *table = table_file_read(path, error);
    g_free(path);
    return table;
}

static int verify(struct verification *verification, const char *folder, size_t sample, int jobs)
{
    GError *error = NULL;
    struct table_file *table = open_runs(folder, &error);
    bool chosen = table && choose(verification, table, sample, &error);
    table_file_free(table);
    if (!chosen) {
        fprintf(stderr, "posim verify: %s\n", error->message);
        g_error_free(error);
        return EXIT_USAGE;
    }
    struct workers workers = {
        .processes = (uint32_t)MIN((size_t)jobs, verification->count),
        .record_size = sizeof(struct run_record),
        .next = next,
        .run = run_again,
        .done = done,
        .progress = show,
        .user = verification,
    };
    bool finished = workers_run(&workers);
    progress_end(&verification->display);
    if (finished)
        return tell(verification, folder);
    fputs("posim verify: interrupted\n", stderr);
    return EXIT_INTERRUPTED;
}

int command_verify(const struct cli *cli, int argc, char **argv)
{
    int jobs = (int)g_get_num_processors(), sample = 10;
    char *style = NULL;
    const GOptionEntry entries[] = {
        {"sample", 'n', 0, G_OPTION_ARG_INT, &sample, "how many runs, spread evenly; 0: all; default 10", "N"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "worker processes; default one a core", "N"},
        {"progress", 0, 0, G_OPTION_ARG_STRING, &style, "how it is shown that it goes on", "auto|plain|none"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct verification verification = {.cli = cli};
    int code = EXIT_USAGE;
    if (!cli_options("verify", entries, "DIR - run a sample of results again and compare the hashes",
                     "Example:\n  posim verify results/sizes --sample 20", &argc, &argv))
        goto end;
    if (argc != 2)
        fputs("posim verify: name one results directory\n", stderr);
    else if (jobs < 1 || jobs > 4096 || sample < 0)
        fputs("posim verify: --jobs takes a number from 1 to 4096, --sample one from 0\n", stderr);
    else if (!progress_init(&verification.display, style, "verify"))
        fprintf(stderr, "posim verify: --progress takes auto, plain or none, not `%s`\n", style);
    else {
        struct scenario *scenario = cli_load_results(cli, "verify", argv[1], &code);
        if (scenario) {
            cli_note_changed_inputs("verify", argv[1]);
            cli_warn_of_missing_traces(cli, "verify", scenario, argv[1]);
            verification.scenario = scenario;
            verification.seed = (uint64_t)root_experiment(&cli->root, scenario_values(scenario))->replicate.seed;
            code = verify(&verification, argv[1], (size_t)sample, jobs);
        }
        scenario_free(scenario);
    }
end:
    release(&verification);
    g_free(style);
    return code;
}
