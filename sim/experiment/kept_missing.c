/* SPDX-License-Identifier: MIT */
/*
 * Runs of which no shared table has anything, though it was to stay: the folder of traces was removed, or a writer's
 * tables, or `keep` said something else when they were carried out. What is in some tables and not in others is told by
 * kept_lost.c.
 */
#include "experiment/kept.h"
#include "experiment/results.h"
#include "experiment/runs_table.h"
#include "record/packed.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A run that is to have a trace there. */
struct awaited {
    struct job job;
    bool there;
};

struct search {
    const char *traces;
    const struct experiment_settings *settings;
    bool swept;
    VECTOR(struct awaited) awaited; /* in the order of runs.csv, which is that of points and replications */
    size_t found;                   /* of them */
};

static bool take(void *user, const struct told_run *run)
{
    struct search *search = user;
    bool stays = run->fine && (search->settings->keep != KEEP_FAILED || run->violated);
    if (stays && kept_place_of(search->settings, search->swept, run->job) == KEPT_IN_TABLES)
        vector_push(&search->awaited, (struct awaited){.job = run->job});
    return true;
}

static int compare_awaited(const void *a, const void *b)
{
    const struct job *x = &((const struct awaited *)a)->job, *y = &((const struct awaited *)b)->job;
    if (x->point != y->point)
        return x->point < y->point ? -1 : 1;
    return (x->replication > y->replication) - (x->replication < y->replication);
}

static void mark(struct search *search, const struct packed_file *packed)
{
    for (size_t r = 0; r < packed->runs.count; r++) {
        const struct packed_label *label = &packed->runs.at[r].label;
        struct awaited wanted = {.job = {label->point, label->replication}};
        struct awaited *found =
            bsearch(&wanted, search->awaited.at, search->awaited.count, sizeof wanted, compare_awaited);
        if (!found || found->there)
            continue;
        found->there = true;
        search->found++;
    }
}

/* What cannot be read is as if it was not there: who reads it says why. */
static void look_into(struct search *search, enum table table)
{
    GPtrArray *names = kept_names(search->traces, table, NULL);
    for (guint n = 0; n < names->len && search->found < search->awaited.count; n++) {
        char *path = g_build_filename(search->traces, names->pdata[n], NULL);
        struct packed_file packed = {0};
        int file = g_open(path, O_RDONLY | O_CLOEXEC);
        if (file >= 0 && packed_file_read(&packed, file))
            mark(search, &packed);
        packed_file_release(&packed);
        if (file >= 0)
            close(file);
        g_free(path);
    }
    g_ptr_array_unref(names);
}

static char *text_of(const struct search *search, const char *results)
{
    size_t first = 0, missing = search->awaited.count - search->found;
    while (search->awaited.at[first].there)
        first++;
    const char *some = missing == 1 ? "" : "s";
    struct job job = search->awaited.at[first].job;
    return g_strdup_printf("%s has no trace of %zu run%s that `keep` says to keep, the first of %" G_GUINT64_FORMAT
                           "-%u: they were removed, or not kept when the run%s ended; `posim replay %s "
                           "%" G_GUINT64_FORMAT "-%u` makes that of a run again",
                           search->traces, missing, some, job.point, job.replication, some, results, job.point,
                           job.replication);
}

char *kept_missing(const char *results, const struct root *root, const struct scenario *scenario)
{
    struct search search = {
        .settings = root_experiment(root, scenario_values(scenario)),
        .swept = scenario_swept(scenario, NULL, 0) > 0,
    };
    uint32_t recorded = root_recorded(search.settings);
    if (search.settings->keep == KEEP_AUTO || search.settings->keep == KEEP_NONE || !recorded)
        return NULL;
    char *traces = g_build_filename(results, RESULTS_TRACES, NULL), *text = NULL;
    search.traces = traces;
    if (runs_table_each(results, take, &search, NULL)) {
        for (enum table table = 0; table < TABLES; table++)
            if (recorded & TABLE_BIT(table))
                look_into(&search, table);
        text = search.found < search.awaited.count ? text_of(&search, results) : NULL;
    }
    vector_release(&search.awaited);
    g_free(traces);
    return text;
}
