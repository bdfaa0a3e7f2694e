/* SPDX-License-Identifier: MIT */
/*
 * Runs that have a folder each are named by point and replication, and a folder does not say of which run it is; the
 * journals do. Where the plan has changed since, the folder goes rather than pass for another run's.
 */
#include "experiment/kept.h"
#include "experiment/results.h"

/* The run that was carried out last as this job. */
struct carried_out {
    struct job job;
    struct run_id id;
};

static guint job_hash(gconstpointer key)
{
    const struct job *job = key;
    return (guint)job->point * 31 + job->replication;
}

static gboolean job_equal(gconstpointer a, gconstpointer b)
{
    const struct job *x = a, *y = b;
    return x->point == y->point && x->replication == y->replication;
}

static void note(void *user, const struct run_id *id, const struct run_record *record)
{
    GHashTable *last = user;
    struct carried_out *run = g_hash_table_lookup(last, &record->job);
    if (run)
        run->id = *id;
}

/* The runs that have folders, as jobs that nobody has carried out yet. */
static GHashTable *list_folders(const char *results)
{
    GHashTable *last = g_hash_table_new_full(job_hash, job_equal, NULL, g_free);
    char *traces = g_build_filename(results, RESULTS_TRACES, NULL);
    GDir *listing = g_dir_open(traces, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        struct carried_out run = {0};
        if (!results_parse_run(name, &run.job.point, &run.job.replication))
            continue;
        struct carried_out *kept = g_memdup2(&run, sizeof run);
        g_hash_table_insert(last, &kept->job, kept);
    }
    if (listing)
        g_dir_close(listing);
    g_free(traces);
    return last;
}

/* Whether the plan has another run there than the one whose folder it is. */
static bool is_of_another(const struct kept_order *order, struct run_ids *ids, const struct carried_out *run)
{
    static const struct run_id nobody;
    struct run_id planned;
    if (run_id_equal(&run->id, &nobody) || run->job.point >= scenario_points(order->scenario))
        return false;
    return !run_ids_find(ids, run->job, &planned, NULL) || !run_id_equal(&planned, &run->id);
}

bool kept_tidy_folders(const struct kept_order *order, struct run_ids *ids, GError **error)
{
    const char *folders[] = {order->folder, NULL};
    GHashTable *last = list_folders(order->folder);
    bool fine = true;
    if (g_hash_table_size(last)) {
        struct journal_index *index = journal_index_open(folders);
        fine = journal_index_refresh(index, note, last, error);
        journal_index_free(index);
    }
    GHashTableIter iterator;
    gpointer run;
    g_hash_table_iter_init(&iterator, last);
    while (fine && g_hash_table_iter_next(&iterator, NULL, &run)) {
        const struct carried_out *found = run;
        if (is_of_another(order, ids, found))
            results_drop_run(order->folder, RESULTS_TRACES, found->job.point, found->job.replication);
    }
    g_hash_table_unref(last);
    return fine;
}
