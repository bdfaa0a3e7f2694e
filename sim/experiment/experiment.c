/* SPDX-License-Identifier: MIT */
#include "experiment/experiment.h"

#include "world/world.h"

#include <string.h>

struct progress {
    struct experiment *experiment;
    double *shares; /* of jobs under way */
    uint64_t done;
    double sum;
};

static const struct experiment_settings *settings_of(const struct experiment *experiment)
{
    return root_experiment(experiment->root, scenario_values(experiment->scenario));
}

static bool keeps_traces(const struct experiment *experiment, uint64_t job)
{
    return experiment->count <= EXPERIMENT_TRACED_MOST || job == 0;
}

static void run_job(void *user, uint64_t job, void *record, struct worker_link *link)
{
    const struct experiment *experiment = ((struct progress *)user)->experiment;
    char *folder = keeps_traces(experiment, job) ? results_trace_folder(experiment->folder, 0, (uint32_t)job) : NULL;
    struct run_order order = {
        .root = experiment->root,
        .values = scenario_values(experiment->scenario),
        .replication = (uint32_t)job,
        .seed = experiment->seed,
        .tables = root_recorded(settings_of(experiment)),
        .trace_folder = folder,
        .link = link,
    };
    run_carry_out(&order, record);
    g_free(folder);
}

static void tell(struct progress *progress, uint64_t job, double share)
{
    struct experiment *experiment = progress->experiment;
    progress->sum += share - progress->shares[job];
    progress->shares[job] = share;
    if (experiment->progress)
        experiment->progress(experiment->user, progress->done, experiment->count,
                             progress->sum / (double)experiment->count);
}

static void job_done(void *user, uint64_t job, const void *record, const char *why)
{
    struct progress *progress = user;
    struct run_record *kept = &progress->experiment->records[job];
    if (record)
        memcpy(kept, record, sizeof *kept);
    else {
        kept->replication = (uint32_t)job;
        kept->status = RUN_FAILED;
        g_strlcpy(kept->message, why, sizeof kept->message);
        if (keeps_traces(progress->experiment, job))
            results_drop_run(progress->experiment->folder, RESULTS_TRACES, 0, (uint32_t)job);
    }
    progress->done++;
    tell(progress, job, 1);
}

static void job_progress(void *user, uint64_t job, double share)
{
    tell(user, job, share);
}

static void carry_out_jobs(struct experiment *experiment)
{
    struct progress progress = {.experiment = experiment, .shares = g_new0(double, experiment->count)};
    struct workers workers = {
        .count = experiment->count,
        .processes = (uint32_t)MIN(MAX(experiment->workers, 1), experiment->count),
        .record_size = sizeof(struct run_record),
        .run = run_job,
        .done = job_done,
        .progress = job_progress,
        .user = &progress,
    };
    experiment->interrupted = !workers_run(&workers);
    g_free(progress.shares);
}

static uint32_t name_shares(const struct world_settings *world, const char **names)
{
    uint32_t count = 0;
    if (world->adversary.variant)
        names[count++] = world->adversary.variant->name;
    for (size_t b = 0; b < world->behaviours.count && count < RUN_SHARES_MOST; b++)
        names[count++] = ((const struct param_variant_value *)world->behaviours.items)[b].variant->name;
    return count;
}

static bool write_scenario(const struct experiment *experiment, GError **error)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(experiment->scenario, text);
    bool written = results_write_text(experiment->folder, "scenario.yaml", text->str, error);
    g_string_free(text, TRUE);
    return written;
}

static bool write_before(const struct experiment *experiment, GError **error)
{
    struct manifest manifest = {
        .name = experiment->name,
        .arguments = experiment->arguments,
        .inputs = scenario_inputs(experiment->scenario),
        .seed = experiment->seed,
        .runs = experiment->count,
    };
    return results_write_manifest(experiment->folder, &manifest, error) && write_scenario(experiment, error) &&
           results_write_text(experiment->folder, "plan.csv", "point\n0\n", error);
}

bool experiment_run(struct experiment *experiment, GError **error)
{
    const struct experiment_settings *settings = settings_of(experiment);
    experiment->count = (uint64_t)settings->replicate.count;
    experiment->seed = (uint64_t)settings->replicate.seed;
    experiment->records = g_try_new0(struct run_record, experiment->count);
    if (!experiment->records) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
                    "%" G_GUINT64_FORMAT " runs are more than there is memory for their records", experiment->count);
        return false;
    }
    experiment->opened = results_open(experiment->folder, experiment->force, error);
    if (!experiment->opened || !write_before(experiment, error))
        return false;
    carry_out_jobs(experiment);
    if (experiment->interrupted)
        return true;
    const char *names[RUN_SHARES_MOST];
    uint32_t share_count = name_shares(root_world(scenario_values(experiment->scenario)), names);
    return results_write_tables(experiment->folder, experiment->records, experiment->count, experiment->seed, names,
                                share_count, error);
}

void experiment_release(struct experiment *experiment)
{
    g_free(experiment->records);
    experiment->records = NULL;
}

uint64_t experiment_failed(const struct experiment *experiment)
{
    uint64_t failed = 0;
    for (uint64_t r = 0; r < experiment->count; r++)
        failed += experiment->records[r].status != RUN_FINE;
    return failed;
}

static double value_of(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

struct expectation_result *experiment_expectations(const struct experiment *experiment, size_t *count)
{
    const struct param_list *list = &settings_of(experiment)->expect;
    struct expectation_result *results = g_new0(struct expectation_result, MAX(list->count, 1));
    for (size_t i = 0; i < list->count; i++) {
        const struct expectation *expectation = &((const struct expectation *)list->items)[i];
        struct expectation_result *result = &results[i];
        result->expectation = expectation;
        summary_of(experiment->records, experiment->count, (enum metric_id)expectation->metric, &result->summary);
        result->known = result->summary.n > 0;
        result->met = result->known &&
                      (!expectation->minimum.denominator || result->summary.mean >= value_of(expectation->minimum)) &&
                      (!expectation->maximum.denominator || result->summary.mean <= value_of(expectation->maximum));
    }
    *count = list->count;
    return results;
}
