/* SPDX-License-Identifier: MIT */
#include "cli/conduct.h"

#include "cli/progress.h"
#include "cli/telling.h"

#include <stdio.h>

/* Who listens to an experiment. */
struct listeners {
    struct progress_display *display;
    struct telling *telling;
};

static void show_progress(void *user, const struct experiment_progress *progress)
{
    progress_show(((struct listeners *)user)->display, progress);
}

static void note_point(void *user, const struct point_tally *tally)
{
    telling_note(((struct listeners *)user)->telling, tally);
}

/* What is told when it is over, or was stopped. */
static int tell(const struct conduct *conduct, const struct telling *telling, const struct experiment *experiment,
                bool fine, GError *error)
{
    if (!fine) {
        fprintf(stderr, "posim %s: %s\n", conduct->command, error->message);
        g_error_free(error);
        return experiment->opened ? EXIT_RUNS_FAILED : EXIT_USAGE;
    }
    if (experiment->follows)
        return EXIT_FINE;
    if (experiment->interrupted) {
        fprintf(stderr, "posim %s: interrupted after %" G_GUINT64_FORMAT " runs, which %s keeps: --resume goes on\n",
                conduct->command, experiment->runs, experiment->folder);
        return EXIT_INTERRUPTED;
    }
    if (experiment->shards) {
        printf("%s: shard %u of %u is done, %" G_GUINT64_FORMAT " runs; when all are: posim merge %s\n",
               experiment->name, experiment->shard + 1, experiment->shards, experiment->runs, experiment->folder);
        return experiment->failed ? EXIT_RUNS_FAILED : EXIT_FINE;
    }
    return telling_tell(telling, experiment, conduct->json);
}

int conduct_experiment(const struct conduct *conduct, struct experiment *experiment)
{
    struct progress_display display;
    progress_init(&display, conduct->progress, experiment->name);
    struct telling *telling = telling_new(conduct->cli, experiment->scenario);
    struct listeners listeners = {.display = &display, .telling = telling};
    experiment->progress = show_progress;
    experiment->point = note_point;
    experiment->user = &listeners;
    GError *error = NULL;
    char *transport = cli_transport();
    experiment->transport = transport;
    bool fine = experiment_run(experiment, &error);
    progress_end(&display);
    int code = tell(conduct, telling, experiment, fine, error);
    telling_free(telling);
    g_free(transport);
    return code;
}
