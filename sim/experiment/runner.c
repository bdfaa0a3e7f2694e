/* SPDX-License-Identifier: MIT */
#include "experiment/runner.h"

#include "experiment/kept.h"
#include "experiment/results.h"

#include <gio/gio.h>
#include <string.h>

static bool is_swept(const struct runner *runner)
{
    return scenario_swept(runner->scenario, NULL, 0) > 0;
}

static const struct experiment_settings *settings_of(const struct runner *runner)
{
    return root_experiment(runner->root, scenario_values(runner->scenario));
}

/* The values of a job's point; NULL and an error where it cannot be made. */
static const void *values_at(struct runner *runner, struct job job, GError **error)
{
    if (!is_swept(runner))
        return scenario_values(runner->scenario);
    if (!runner->point || runner->point_number != job.point) {
        scenario_free(runner->point);
        runner->point = run_scenario_at(runner->scenario, job.point, error);
        runner->point_number = job.point;
    }
    return runner->point ? scenario_values(runner->point) : NULL;
}

/* Another process may just be removing the folder, as it was empty. */
static struct shelf *open_shelf(const struct runner *runner, uint32_t number, GError **error)
{
    enum { TRIES = 100, PAUSE_US = 100 };
    uint32_t tables = root_recorded(settings_of(runner));
    for (int tries = 1;; tries++) {
        GError *problem = NULL;
        char *folder = kept_folder(runner->folder);
        struct shelf *shelf = shelf_open(folder, runner->writer, number, tables, &problem);
        g_free(folder);
        if (shelf)
            return shelf;
        if (tries == TRIES || !g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
            g_propagate_error(error, problem);
            return NULL;
        }
        g_error_free(problem);
        g_usleep(PAUSE_US);
    }
}

/* Begins a run on the shelf. */
static bool begin_on_shelf(struct runner *runner, struct job job, uint32_t worker, GError **error)
{
    struct packed_label label = {.point = job.point, .replication = job.replication};
    struct run_id id;
    if (!runner->shelf)
        runner->shelf = open_shelf(runner, worker + 1, error);
    if (!runner->ids)
        runner->ids = run_ids_new(runner->root, runner->scenario);
    if (!runner->shelf || !run_ids_find(runner->ids, job, &id, error))
        return false;
    memcpy(label.id, id.bytes, sizeof label.id);
    shelf_begin(runner->shelf, &label);
    return true;
}

/* Carries the run out, and keeps its trace at that place or does not. */
static void run_at(struct runner *runner, struct run_order *order, enum kept_place place, struct run_record *record)
{
    struct job job = order->job;
    char *folder = place == KEPT_IN_FOLDER ? results_trace_folder(runner->folder, job.point, job.replication) : NULL;
    order->trace_folder = folder;
    order->shelf = place == KEPT_IN_TABLES ? runner->shelf : NULL;
    run_carry_out(order, record);
    bool stays = !kept_not(settings_of(runner), record);
    if (place == KEPT_IN_TABLES && !stays)
        shelf_drop(runner->shelf);
    if (place == KEPT_IN_FOLDER && !stays)
        results_drop_run(runner->folder, RESULTS_TRACES, job.point, job.replication);
    g_free(folder);
}

void runner_run(struct runner *runner, struct job job, struct run_record *record, struct worker_link *link)
{
    enum kept_place place = kept_place_of(settings_of(runner), is_swept(runner), job);
    GError *error = NULL;
    const void *values = values_at(runner, job, &error);
    if (values && place == KEPT_IN_TABLES && !begin_on_shelf(runner, job, worker_number(link), &error))
        values = NULL;
    if (!values) {
        run_fail(record, job, error->message);
        g_error_free(error);
        return;
    }
    struct run_order order = {
        .root = runner->root,
        .values = values,
        .job = job,
        .seed = runner->seed,
        .tables = root_recorded(settings_of(runner)),
        .limits = runner->limits,
        .link = link,
    };
    run_at(runner, &order, place, record);
}
