/* SPDX-License-Identifier: MIT */
#include "cli/conduct.h"

#include "cli/live.h"
#include "cli/progress.h"
#include "cli/telling.h"
#include "experiment/journal_parts.h"

#include <stdio.h>

/* Who listens to an experiment. */
struct listeners {
    struct progress_display *display;
    struct live *live; /* NULL: the display shows how far it is */
    struct telling *telling;
};

static void show_progress(void *user, const struct experiment_progress *progress)
{
    struct listeners *listeners = user;
    if (!listeners->live) {
        progress_show(listeners->display, progress);
        return;
    }
    double under_way = progress->share * (double)progress->total - (double)progress->done;
    GError *error = NULL;
    if (live_show(listeners->live, MAX(under_way, 0), &error))
        return;
    fprintf(stderr, "posim: nothing more is shown: %s\n", error->message);
    g_error_free(error);
    g_clear_pointer(&listeners->live, live_free);
}

static void note_point(void *user, const struct point_tally *tally)
{
    telling_note(((struct listeners *)user)->telling, tally);
}

/* A part is done. Where the other parts are is known only if they have been in the same directory. */
static void tell_shard(const struct experiment *experiment)
{
    bool alone = experiment->shards > 1 && journal_parts_of(experiment->folder).count == 1;
    printf("%s: shard %u of %u is done, %" G_GUINT64_FORMAT " runs; when all are: posim merge %s%s\n", experiment->name,
           experiment->shard + 1, experiment->shards, experiment->runs, experiment->folder,
           alone ? ", with the other parts' directories behind it if they have their own" : "");
}

/* What is told when it is over, or was stopped. */
static int tell(const struct conduct *conduct, const struct telling *telling, const struct experiment *experiment,
                bool fine, GError *error)
{
    if (!fine) {
        int code = cli_results_code(error, experiment->opened ? EXIT_RUNS_FAILED : EXIT_USAGE);
        fprintf(stderr, "posim %s: %s\n", conduct->command, error->message);
        g_error_free(error);
        if (experiment->runs && !experiment->only_merges)
            fprintf(stderr, "posim %s: the runs that %s has on record stay: --resume goes on\n", conduct->command,
                    experiment->folder);
        return code;
    }
    if (experiment->follows)
        return EXIT_FINE;
    if (experiment->interrupted) {
        fprintf(stderr, "posim %s: interrupted after %" G_GUINT64_FORMAT " runs, which %s keeps: --resume goes on\n",
                conduct->command, experiment->runs, experiment->folder);
        return EXIT_INTERRUPTED;
    }
    if (experiment->shards) {
        tell_shard(experiment);
        return experiment->failed ? EXIT_RUNS_FAILED : EXIT_FINE;
    }
    if (experiment->left_over)
        fprintf(stderr,
                "%s: note: %" G_GUINT64_FORMAT " run%s on record %s of no point or replication of this experiment; the "
                "journal keeps %s, the tables do not have %s\n",
                experiment->name, experiment->left_over, experiment->left_over == 1 ? "" : "s",
                experiment->left_over == 1 ? "is" : "are", experiment->left_over == 1 ? "it" : "them",
                experiment->left_over == 1 ? "it" : "them");
    for (char **lost = experiment->lost; lost && *lost; lost++)
        fprintf(stderr, "%s: warning: %s\n", experiment->name, *lost);
    if (experiment->missing)
        fprintf(stderr, "%s: warning: %s\n", experiment->name, experiment->missing);
    return telling_tell(telling, experiment, conduct->json);
}

int conduct_experiment(const struct conduct *conduct, struct experiment *experiment)
{
    struct progress_display display;
    bool is_live = g_strcmp0(conduct->progress, PROGRESS_LIVE) == 0;
    progress_init(&display, is_live ? "none" : conduct->progress, experiment->name);
    struct telling *telling = telling_new(conduct->cli, experiment->scenario);
    struct listeners listeners = {.display = &display, .telling = telling};
    if (is_live)
        listeners.live = live_new(conduct->cli, experiment->scenario, experiment->folder, experiment->name, stderr);
    experiment->progress = show_progress;
    experiment->point = note_point;
    experiment->user = &listeners;
    GError *error = NULL;
    char *transport = cli_transport();
    experiment->transport = transport;
    bool fine = experiment_run(experiment, &error);
    progress_end(&display);
    if (listeners.live)
        live_erase(listeners.live);
    live_free(listeners.live);
    int code = tell(conduct, telling, experiment, fine, error);
    telling_free(telling);
    g_strfreev(experiment->lost);
    g_free(experiment->missing);
    g_free(transport);
    return code;
}
