/* SPDX-License-Identifier: MIT */
/* From the journals to tables: the plan again, in its order, with nothing to carry out. */
#include "experiment/archive.h"
#include "experiment/experiment_inside.h"
#include "experiment/plan.h"
#include "experiment/run.h"
#include "experiment/tables.h"

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
        .description = experiment_settings_of(experiment)->description,
        .scenario = experiment->scenario,
        .shares = tables_shares(tables),
        .makers = journal_index_makers(index),
        .points = experiment->points,
        .runs = experiment->runs,
        .seed = experiment->seed,
    };
    return archive_write(&archive, error);
}

bool experiment_write_tables(struct experiment *experiment, struct journal_index *index, GError **error)
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
    experiment->left_over = fine ? journal_index_unused(index) : 0;
    if (fine)
        fine = tables_finish(tables, error);
    else
        tables_discard(tables);
    plan_free(plan);
    return fine;
}
