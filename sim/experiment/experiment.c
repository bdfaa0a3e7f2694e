/* SPDX-License-Identifier: MIT */
#include "experiment/experiment.h"

#include "experiment/archive.h"
#include "experiment/cluster.h"
#include "experiment/journal_parts.h"
#include "experiment/kept.h"
#include "experiment/lock.h"
#include "experiment/plan.h"
#include "experiment/runner.h"
#include "experiment/tables.h"
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

static const struct experiment_settings *settings_of(const struct experiment *experiment)
{
    return root_experiment(experiment->root, scenario_values(experiment->scenario));
}

static bool is_swept(const struct experiment *experiment)
{
    return scenario_swept(experiment->scenario, NULL, 0) > 0;
}

/* What a run left in its folder is no use to anybody. In shared tables that is seen to later. */
static void drop_folder(const struct experiment *experiment, struct job job)
{
    if (kept_place_of(settings_of(experiment), is_swept(experiment), job) == KEPT_IN_FOLDER)
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
        .timeout_s = experiment->timeout_s,
        .memory_bytes = experiment->memory_bytes,
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

/* The journals that count. */

static struct journal_index *read_journals(const struct experiment *experiment, GError **error)
{
    GPtrArray *folders = g_ptr_array_new();
    g_ptr_array_add(folders, (gpointer)experiment->folder);
    for (const char *const *folder = experiment->merged; folder && *folder; folder++)
        g_ptr_array_add(folders, (gpointer)*folder);
    g_ptr_array_add(folders, NULL);
    struct journal_index *index = journal_index_new((const char *const *)folders->pdata, error);
    g_ptr_array_free(folders, TRUE);
    return index;
}

/* What is in shared tables of traces is what the journals and the plan say. A part sees only to what it wrote. */
static bool tidy(const struct experiment *experiment, const char *writer, struct journal_index *index, GError **error)
{
    struct kept_order order = {
        .folder = experiment->folder,
        .merged = experiment->merged,
        .writer = experiment->shards ? writer : NULL,
        .root = experiment->root,
        .scenario = experiment->scenario,
        .index = index,
    };
    return kept_tidy(&order, error);
}

/* Results of several versions may not be mixed by accident. */
static bool check_versions(const struct experiment *experiment, struct journal_index *index, GError **error)
{
    char *now = results_maker_now();
    bool fine = true;
    for (const char *const *maker = journal_index_makers(index); *maker && fine; maker++) {
        fine = strcmp(*maker, now) == 0 || experiment->mixes_versions;
        if (!fine)
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                        "%s has runs made by %s, and this is %s: results of two versions are mixed only with "
                        "--mix-versions",
                        experiment->folder, *maker, now);
    }
    g_free(now);
    return fine;
}

/* Tables without a journal tell what came of runs, but not which they were. */
static bool check_journal(const struct experiment *experiment, struct journal_index *index, GError **error)
{
    char *runs = g_build_filename(experiment->folder, results_files[RESULTS_RUNS], NULL);
    bool lacks = experiment->resume && !experiment->only_merges && !journal_index_files(index) &&
                 g_file_test(runs, G_FILE_TEST_EXISTS);
    if (lacks)
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED,
                    "%s has tables, but no journal (%s/*%s) from which it could go on: restore it from a copy; --force "
                    "replaces the results, -o puts new ones elsewhere",
                    experiment->folder, JOURNAL_FOLDER, JOURNAL_ENDING);
    g_free(runs);
    return !lacks;
}

/* Whether a run of the plan is on record, among the first so many. */
static bool has_planned(const struct experiment *experiment, struct journal_index *index)
{
    enum { LOOKS_MOST = 100000 };
    const struct replicate_settings *replicate = &settings_of(experiment)->replicate;
    uint64_t replications = (uint64_t)(replicate->until.metric >= 0 ? replicate->until.maximum : replicate->count);
    struct run_ids *ids = run_ids_new(experiment->root, experiment->scenario);
    uint64_t places = scenario_points(experiment->scenario);
    unsigned looks = 0;
    bool has = false;
    for (uint64_t p = scenario_next_point(experiment->scenario, 0); p < places && !has && looks < LOOKS_MOST;
         p = scenario_next_point(experiment->scenario, p + 1)) {
        struct run_id common, id;
        looks++;
        if (!run_ids_point(ids, p, &common, NULL))
            continue;
        for (uint64_t r = 0; r < replications && !has && looks < LOOKS_MOST; r++, looks++) {
            bool fine;
            id = run_id_of(&common, (uint32_t)r);
            has = journal_index_has(index, &id, &fine);
        }
    }
    run_ids_free(ids);
    return has || looks >= LOOKS_MOST;
}

/* To go on with something else would replace what is there, which only --force may. */
static bool check_same(const struct experiment *experiment, struct journal_index *index, GError **error)
{
    if (!experiment->resume || !journal_index_fine(index) || has_planned(experiment, index))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s has %" G_GUINT64_FORMAT " runs, and none is of this experiment: another scenario, or an input that "
                "has changed; --force replaces them, -o puts new results elsewhere",
                experiment->folder, journal_index_fine(index));
    return false;
}

/* Tables. */

/* The plan again, with nothing to carry out: every run must be in the journals. */
static bool settle(struct plan *plan, struct journal_index *index, GError **error)
{
    struct run_record *record = g_new(struct run_record, 1);
    uint64_t missing = 0;
    struct job job;
    bool fine = true;
    while (fine && plan_next(plan, &job) == JOB_GIVEN) {
        struct run_id id;
        GError *problem = NULL;
        bool made = plan_id(plan, job, &id, &problem);
        if (!made)
            run_fail(record, job, problem->message);
        g_clear_error(&problem);
        bool there = !made || journal_index_fetch(index, &id, record, &problem);
        fine = !problem;
        if (problem)
            g_propagate_error(error, problem);
        record->job = job;
        if (there)
            plan_done(plan, record);
        else
            missing++;
    }
    g_free(record);
    if (fine && missing)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%" G_GUINT64_FORMAT " runs are missing: carry them out with --resume, or the shards that lack",
                    missing);
    return fine && !missing;
}

/* One run's record, whatever became of it. */
static bool fetch(struct plan *plan, struct journal_index *index, struct job job, struct run_record *record,
                  GError **error)
{
    struct run_id id;
    GError *problem = NULL;
    if (!plan_id(plan, job, &id, &problem)) {
        run_fail(record, job, problem->message);
        g_error_free(problem);
        return true;
    }
    bool found = journal_index_fetch(index, &id, record, error);
    record->job = job;
    return found;
}

static bool write_points(struct experiment *experiment, struct plan *plan, struct journal_index *index,
                         struct tables *tables, GError **error)
{
    struct point_tally *tally = g_new0(struct point_tally, 1);
    struct run_record *record = g_new(struct run_record, 1);
    bool fine = true;
    for (uint64_t p = 0; p < plan_points(plan) && fine; p++) {
        struct job last = plan_point(plan, p);
        point_tally_begin(tally, last.point);
        tally->stop = plan_stop(plan, p);
        for (uint32_t r = 0; r < last.replication && fine; r++) {
            fine = fetch(plan, index, (struct job){last.point, r}, record, error);
            if (!fine)
                break;
            tables_add_run(tables, record);
            point_tally_add(tally, record);
        }
        tables_add_point(tables, tally);
        experiment->points++;
        experiment->runs += tally->runs;
        experiment->failed += tally->runs - tally->fine;
        if (fine && experiment->point)
            experiment->point(experiment->user, tally);
    }
    g_free(record);
    point_tally_release(tally);
    g_free(tally);
    return fine;
}

/* What the tables are, for other programs. */
static bool write_archive(const struct experiment *experiment, const struct tables *tables, struct journal_index *index,
                          GError **error)
{
    struct archive archive = {
        .folder = experiment->folder,
        .name = experiment->name,
        .description = settings_of(experiment)->description,
        .scenario = experiment->scenario,
        .shares = tables_shares(tables),
        .makers = journal_index_makers(index),
        .points = experiment->points,
        .runs = experiment->runs,
        .seed = experiment->seed,
    };
    return archive_write(&archive, error);
}

static bool write_tables(struct experiment *experiment, struct journal_index *index, GError **error)
{
    struct plan_options options = {
        .root = experiment->root, .scenario = experiment->scenario, .done = index, .shards = 1};
    struct plan *plan = plan_new(&options);
    struct tables *tables = settle(plan, index, error)
                                ? tables_new(experiment->folder, experiment->scenario, experiment->root, error)
                                : NULL;
    experiment->points = experiment->runs = experiment->failed = 0;
    bool fine = tables && write_points(experiment, plan, index, tables, error) &&
                write_archive(experiment, tables, index, error);
    if (fine)
        fine = tables_finish(tables, error);
    else
        tables_discard(tables);
    plan_free(plan);
    return fine;
}

/* When all that was to be carried out here is over, or was interrupted. */
static bool finish(struct experiment *experiment, const char *writer, GError **error)
{
    bool is_whole = !experiment->interrupted && !experiment->shards;
    struct journal_index *index = read_journals(experiment, error);
    bool fine =
        index && tidy(experiment, writer, index, error) && (!is_whole || write_tables(experiment, index, error));
    if (fine && is_whole)
        experiment->lost = kept_lost(experiment->folder, root_recorded(settings_of(experiment)));
    if (fine && experiment->shards && !experiment->interrupted)
        fine = journal_set_done(experiment->folder, writer, true, error);
    journal_index_free(index);
    return fine;
}

/* All of it. */

static bool write_scenario(const struct experiment *experiment, GError **error)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(experiment->scenario, text);
    bool written = results_write_text(experiment->folder, results_files[RESULTS_SCENARIO], text->str, error);
    g_string_free(text, TRUE);
    return written;
}

/* What says how the results were made. A merge into a directory that says so already leaves that as it is. */
static bool write_before(const struct experiment *experiment, GError **error)
{
    if (experiment->only_merges && strcmp(experiment->folder, experiment->merged[0]) == 0)
        return true;
    struct manifest manifest = {
        .name = experiment->name,
        .arguments = experiment->arguments,
        .scenario = experiment->scenario,
        .carried = experiment->only_merges ? experiment->merged[0] : NULL,
        .seed = experiment->seed,
        .replications = (uint64_t)settings_of(experiment)->replicate.count,
    };
    return results_write_manifest(experiment->folder, &manifest, error) && write_scenario(experiment, error) &&
           tables_write_plan(experiment->folder, experiment->scenario, error);
}

/* Whether the directory may be used, as it is. */
static bool can_use(const struct experiment *experiment, struct lock_share share, GError **error)
{
    const char *folder = experiment->folder;
    if (!results_open(folder, experiment->force, NULL))
        return experiment->resume ? results_await(folder, error)
                                  : lock_is_free(folder, share, error) && results_open(folder, false, error);
    return !experiment->force || results_may_replace(folder, error);
}

/* The directory is this process's, and what was in it gives way. It is looked at again: another may have been faster.
 */
static bool open_folder(struct execution *execution, GError **error)
{
    struct experiment *experiment = execution->experiment;
    struct lock_share share = {experiment->shard, experiment->shards};
    if (!can_use(experiment, share, error))
        return false;
    execution->lock = lock_new(experiment->folder, share, error);
    return execution->lock && can_use(experiment, share, error) &&
           (!experiment->prepare || experiment->prepare(experiment, error));
}

/* The directory is opened, and says how it was made. */
static struct journal_index *prepare(struct execution *execution, GError **error)
{
    struct experiment *experiment = execution->experiment;
    const char *writer = execution->writer;
    experiment->opened = open_folder(execution, error);
    struct journal_index *done = experiment->opened ? read_journals(experiment, error) : NULL;
    if (done && check_journal(experiment, done, error) && check_versions(experiment, done, error) &&
        check_same(experiment, done, error) && (!experiment->resume || tidy(experiment, writer, done, error)) &&
        write_before(experiment, error))
        return done;
    journal_index_free(done);
    return NULL;
}

static bool run_here(struct execution *execution, struct cluster *cluster, GError **error)
{
    struct experiment *experiment = execution->experiment;
    struct journal_index *done = prepare(execution, error);
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
    experiment->seed = (uint64_t)settings_of(experiment)->replicate.seed;
    bool in_cluster = cluster_is_wanted() && !experiment->only_merges;
    execution.writer = writer_name(experiment, in_cluster);
    execution.runner = (struct runner){
        .root = experiment->root,
        .scenario = experiment->scenario,
        .folder = experiment->folder,
        .writer = execution.writer,
        .seed = experiment->seed,
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
