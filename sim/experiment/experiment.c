/* SPDX-License-Identifier: MIT */
#include "experiment/experiment.h"

#include "experiment/cluster.h"
#include "experiment/experiment_inside.h"
#include "experiment/journal_parts.h"
#include "experiment/kept.h"
#include "experiment/plan.h"
#include "experiment/runner.h"
#include "experiment/workers.h"

#include <string.h>

/* What the callbacks of the workers need. */
struct execution {
    struct experiment *experiment;
    struct plan *plan;   /* NULL on a rank that follows */
    struct run_ids *ids; /* there */
    struct lock *lock;   /* NULL on a rank that follows */
    struct journal *journal;
    char *writer; /* what this process is called in journals and tables */
    GError **error;
    struct runner runner; /* in worker processes */
};

static bool is_swept(const struct experiment *experiment)
{
    return scenario_swept(experiment->scenario, NULL, 0) > 0;
}

/* What a run left in its folder is no use to anybody. In shared tables that is seen to later. */
static void drop_folder(const struct experiment *experiment, struct job job)
{
    if (kept_place_of(experiment_settings_of(experiment), is_swept(experiment), job) == KEPT_IN_FOLDER)
        results_drop_run(experiment->folder, RESULTS_TRACES, job.point, job.replication);
}

static void run_job(void *user, struct job job, void *place, struct worker_link *link)
{
    struct execution *execution = user;
    runner_run(&execution->runner, job, place, link);
}

/* Carrying out: in this process. */

static enum job_supply next_job(void *user, struct job *job)
{
    return plan_next(((struct execution *)user)->plan, job);
}

/* Into the journal. A point that cannot be made has no id: there is nothing to keep. */
static bool keep(void *user, const struct run_record *record, GError **error)
{
    struct execution *execution = user;
    struct run_id id;
    bool made = execution->plan ? plan_id(execution->plan, record->job, &id, NULL)
                                : run_ids_find(execution->ids, record->job, &id, NULL);
    return !made || journal_append(execution->journal, &id, record, error);
}

static bool job_done(void *user, struct job job, const void *result, const char *why)
{
    struct execution *execution = user;
    struct experiment *experiment = execution->experiment;
    struct run_record *record = g_new0(struct run_record, 1);
    if (result) {
        memcpy(record, result, sizeof *record);
    } else {
        run_fail(record, job, why);
        drop_folder(experiment, job);
    }
    bool fine = keep(execution, record, execution->error);
    plan_done(execution->plan, record);
    g_free(record);
    return fine;
}

static void job_lost(void *user, struct job job)
{
    drop_folder(((struct execution *)user)->experiment, job);
}

static void tell_progress(void *user, double sum)
{
    const struct execution *execution = user;
    const struct experiment *experiment = execution->experiment;
    struct experiment_progress progress = {
        .done = plan_over(execution->plan),
        .failed = plan_failed(execution->plan),
        .total = plan_total(execution->plan),
    };
    progress.share = progress.total ? ((double)progress.done + sum) / (double)progress.total : 1;
    if (experiment->progress)
        experiment->progress(experiment->user, &progress);
}

static void tell_cluster_progress(void *user)
{
    tell_progress(user, 0);
}

/* Known before ranks have joined, as their workers are forked by then. */
static char *writer_name(const struct experiment *experiment, bool in_cluster)
{
    if (in_cluster)
        return g_strdup_printf("rank-%u", cluster_rank_wanted());
    return experiment->shards ? g_strdup_printf("shard-%u-of-%u", experiment->shard + 1, experiment->shards)
                              : g_strdup("main");
}

static bool begin_journal(struct execution *execution, GError **error)
{
    const char *folder = execution->experiment->folder;
    if (execution->experiment->shards && !journal_set_done(folder, execution->writer, false, error))
        return false;
    execution->journal = journal_new(folder, execution->writer, error);
    return execution->journal != NULL;
}

static struct workers workers_of(struct execution *execution)
{
    const struct experiment *experiment = execution->experiment;
    return (struct workers){
        .processes = MAX(experiment->workers, 1),
        .record_size = sizeof(struct run_record),
        .limits = experiment->limits,
        .next = next_job,
        .run = run_job,
        .done = job_done,
        .progress = tell_progress,
        .lost = job_lost,
        .user = execution,
    };
}

/* All that is to be carried out here. False and an error; an interrupt is none. */
static bool carry_out(struct execution *execution, struct cluster *cluster, struct journal_index *done, GError **error)
{
    struct experiment *experiment = execution->experiment;
    GError *problem = NULL;
    execution->error = &problem;
    struct plan_options options = {
        .root = experiment->root,
        .scenario = experiment->scenario,
        .done = done,
        .shard = experiment->shard,
        .shards = MAX(experiment->shards, 1),
    };
    execution->plan = plan_new(&options);
    if (cluster) {
        struct cluster_listener listener = {.keep = keep, .progress = tell_cluster_progress, .user = execution};
        cluster_lead(cluster, execution->plan, &listener, &problem);
    } else {
        struct workers workers = workers_of(execution);
        experiment->interrupted = !workers_run(&workers) && !problem;
    }
    experiment->runs = plan_over(execution->plan);
    experiment->failed = plan_failed(execution->plan);
    plan_free(execution->plan);
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

/* What every rank but the first does. */
static bool follow(struct execution *execution, struct cluster *cluster, GError **error)
{
    struct experiment *experiment = execution->experiment;
    experiment->follows = true;
    if (!cluster_agree(cluster, true))
        return true;
    if (!begin_journal(execution, error)) {
        cluster_give_up(cluster);
        return false;
    }
    execution->ids = run_ids_new(experiment->root, experiment->scenario);
    struct cluster_listener listener = {.keep = keep, .user = execution};
    bool fine = cluster_follow(cluster, &listener, error);
    run_ids_free(execution->ids);
    return journal_close(execution->journal, fine ? error : NULL) && fine;
}

/* When all that was to be carried out here is over, or was interrupted. */
static bool finish(struct experiment *experiment, const char *writer, GError **error)
{
    bool is_whole = !experiment->interrupted && !experiment->shards;
    struct journal_index *index = experiment_journals(experiment, error);
    bool fine = index && experiment_tidy(experiment, writer, index, error) &&
                (!is_whole || experiment_write_tables(experiment, index, error));
    if (fine && is_whole) {
        experiment->lost = kept_lost(experiment->folder, root_recorded(experiment_settings_of(experiment)));
        experiment->missing = kept_missing(experiment->folder, experiment->root, experiment->scenario);
    }
    if (fine && experiment->shards && !experiment->interrupted)
        fine = journal_set_done(experiment->folder, writer, true, error);
    journal_index_free(index);
    return fine;
}

/* All of it. */

static bool run_here(struct execution *execution, struct cluster *cluster, GError **error)
{
    struct experiment *experiment = execution->experiment;
    struct journal_index *done = experiment_open(experiment, execution->writer, &execution->lock, error);
    bool fine = done && (experiment->only_merges ? journal_gather(experiment->merged, experiment->folder, error)
                                                 : begin_journal(execution, error));
    if (cluster)
        cluster_agree(cluster, fine);
    if (done)
        experiment->found = journal_index_fine(done);
    if (fine && !experiment->only_merges)
        fine = carry_out(execution, cluster, done, error);
    fine = journal_close(execution->journal, fine ? error : NULL) && fine;
    journal_index_free(done);
    return fine;
}

bool experiment_run(struct experiment *experiment, GError **error)
{
    struct execution execution = {.experiment = experiment};
    struct cluster *cluster = NULL;
    experiment->seed = (uint64_t)experiment_settings_of(experiment)->replicate.seed;
    bool in_cluster = cluster_is_wanted() && !experiment->only_merges;
    execution.writer = writer_name(experiment, in_cluster);
    execution.runner = (struct runner){
        .root = experiment->root,
        .scenario = experiment->scenario,
        .folder = experiment->folder,
        .writer = execution.writer,
        .seed = experiment->seed,
        .limits = experiment->limits,
    };
    if (in_cluster) {
        struct workers workers = workers_of(&execution);
        cluster = cluster_join(experiment->transport, &workers, error);
    }
    bool joined = !in_cluster || cluster;
    bool fine = joined && (cluster && cluster_rank(cluster) > 0 ? follow(&execution, cluster, error)
                                                                : run_here(&execution, cluster, error));
    cluster_leave(cluster); /* by then every journal is complete */
    if (fine && !experiment->follows)
        fine = finish(experiment, execution.writer, error);
    lock_free(execution.lock);
    g_free(execution.writer);
    return fine;
}

/* Expectations. */

static double value_of(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

void expectation_judge(const struct expectation *expectation, const struct point_tally *tally,
                       struct expectation_result *result)
{
    *result = (struct expectation_result){.expectation = expectation};
    point_tally_summary(tally, (enum metric_id)expectation->metric, &result->summary);
    result->known = result->summary.n > 0;
    result->met = result->known &&
                  (!expectation->minimum.denominator || result->summary.mean >= value_of(expectation->minimum)) &&
                  (!expectation->maximum.denominator || result->summary.mean <= value_of(expectation->maximum));
}
