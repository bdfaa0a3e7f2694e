/* SPDX-License-Identifier: MIT */
/*
 * Looks on while another process, or several on a cluster, carry an experiment out: at the journals that they write.
 * Ends when the tables are there, or when the parts that were carried out here are done; nothing is written.
 */
#include "cli/cli.h"
#include "cli/live.h"
#include "experiment/journal.h"
#include "experiment/journal_lost.h"
#include "experiment/journal_parts.h"
#include "experiment/lock.h"
#include "experiment/results.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

enum { LOOK_MS = 200 };

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* When a file was last written, in nanoseconds; -1 where there is none. */
static gint64 written_ns(const char *path)
{
    GStatBuf status;
    return g_stat(path, &status) == 0 ? (gint64)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec : -1;
}

static gint64 last_journal_ns(const char *folder)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    GDir *listing = g_dir_open(journals, 0, NULL);
    gint64 last_ns = -1;
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(journals, name, NULL);
        if (g_str_has_suffix(name, JOURNAL_ENDING))
            last_ns = MAX(last_ns, written_ns(path));
        g_free(path);
    }
    if (listing)
        g_dir_close(listing);
    g_free(journals);
    return last_ns;
}

/*
 * Whether the tables are there, and are of these runs: all are over, and where some failed, and might be carried out
 * again, nothing has been begun since.
 */
static bool has_tables(const struct live *live, const char *folder)
{
    uint64_t failed;
    if (!live_is_over(live, &failed))
        return false;
    char *runs = g_build_filename(folder, results_files[RESULTS_RUNS], NULL);
    gint64 tables_ns = written_ns(runs);
    g_free(runs);
    return tables_ns >= 0 && (!failed || tables_ns >= last_journal_ns(folder));
}

/* Whether the parts that have been here are done, and all that is missing is elsewhere or is to be merged. */
static bool has_parts(const char *folder)
{
    struct journal_parts parts = journal_parts_of(folder);
    return parts.of && parts.done == parts.count;
}

static void tell_parts(const char *folder)
{
    struct journal_parts parts = journal_parts_of(folder);
    if (parts.count < parts.of)
        fprintf(stderr, "posim watch: %u of %u parts %s done here; `posim merge` makes the tables when all are\n",
                parts.count, parts.of, parts.count == 1 ? "is" : "are");
    else
        fprintf(stderr, "posim watch: all parts are done; `posim merge %s` makes the tables\n", folder);
}

/* Looks at the lock first: what its holder did before it let go is seen by the look at the journals. */
static bool look(struct live *live, const char *folder, GError **error)
{
    bool nobodys = lock_is_nobodys(folder);
    if (!live_look(live, error))
        return false;
    live_set_unattended(live, nobodys && !has_tables(live, folder) && !has_parts(folder));
    return true;
}

/* Until the tables are there, or it is interrupted: what nobody is running now may be gone on with. */
static bool look_on(struct live *live, const char *folder, GError **error)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    bool fine = look(live, folder, error) && live_show_now(live, error);
    bool parts = false;
    while (fine && !interrupted && !has_tables(live, folder) && !(parts = has_parts(folder))) {
        poll(NULL, 0, LOOK_MS);
        fine = look(live, folder, error) && live_show(live, 0, error);
    }
    live_set_unattended(live, false);
    fine = fine && (interrupted || live_show_now(live, error));
    if (fine && parts)
        tell_parts(folder);
    return fine;
}

/* Results that nobody can look into: they were merged by a version that left the journals where they were, or lost. */
static bool has_journal(const char *folder, GError **error)
{
    if (!journal_is_lost(folder))
        return true;
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED,
                "%s has tables, but no run in a journal to look at: nothing is under way there, and `posim report %s` "
                "tells what came of it",
                folder, folder);
    return false;
}

static bool print_once(struct live *live, const char *folder, GError **error)
{
    return look(live, folder, error) && live_print(live, error);
}

static int watch(const struct cli *cli, const char *folder, bool once)
{
    GError *error = NULL;
    int code;
    struct scenario *scenario = cli_load_results(cli, "watch", folder, &code);
    if (!scenario)
        return code;
    char *name = results_name(folder);
    struct live *live = live_new(cli, scenario, folder, name, stdout);
    bool fine =
        has_journal(folder, &error) && (once ? print_once(live, folder, &error) : look_on(live, folder, &error));
    uint64_t failed = 0;
    live_is_over(live, &failed);
    code = failed ? EXIT_RUNS_FAILED : EXIT_FINE;
    if (!fine) {
        fprintf(stderr, "posim watch: %s\n", error->message);
        code = cli_results_code(error, EXIT_RUNS_FAILED);
        g_error_free(error);
    }
    live_free(live);
    g_free(name);
    scenario_free(scenario);
    return interrupted ? EXIT_INTERRUPTED : code;
}

int command_watch(const struct cli *cli, int argc, char **argv)
{
    gboolean once = FALSE;
    const GOptionEntry entries[] = {{"once", 0, 0, G_OPTION_ARG_NONE, &once, "show how it stands, and end", NULL},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("watch", entries, "DIR - look on while an experiment runs, here or elsewhere",
                     "Examples:\n  posim watch results/sizes\n  posim watch results/sizes --once\n\n"
                     "DIR is what `posim run -o DIR` writes. It ends when the tables are there, or all "
                     "parts\n(--shard) that have begun there are done. Where nobody is running it that is said.",
                     &argc, &argv))
        return EXIT_USAGE;
    if (argc != 2) {
        fputs("posim watch: name one results directory\n", stderr);
        return EXIT_USAGE;
    }
    return watch(cli, argv[1], once);
}
