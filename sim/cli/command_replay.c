/* SPDX-License-Identifier: MIT */
/*
 * Runs one run of finished results again with every table, in a worker process as `posim run` does, and compares its
 * trace with the one on record. What was interrupted, died or came out otherwise leaves nothing where `posim plot`
 * would take it for that run.
 */
#include "base/table_file.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "experiment/results.h"

#include <stdio.h>
#include <string.h>

struct replay {
    const char *folder; /* of the results */
    char *traces;       /* where the tables go */
    bool elsewhere;     /* a folder that the user named */
    struct run_order order;
    char *recorded; /* the trace's hash in runs.csv */
    struct progress_display display;
    struct run_record record;
    bool given; /* the worker has the job */
};

/* "0-3" or "3": point and replication. */
static bool parse_run(const char *text, struct run_order *order)
{
    char *whole = strchr(text, '-') ? g_strdup(text) : g_strdup_printf("0-%s", text);
    bool fine = results_parse_run(whole, &order->job.point, &order->job.replication);
    g_free(whole);
    return fine;
}

/* The columns of runs.csv that say which run a row is about and how it went. */
enum { POINT, REPLICATION, STATUS, HASH, COLUMNS };
static const char *const columns[COLUMNS] = {"point", "replication", "status", "trace_hash"};

static bool find_row(const struct table_file *table, const size_t at[COLUMNS], const struct run_order *order,
                     size_t *row)
{
    for (*row = 0; *row < table->row_count; ++*row) {
        int64_t point = -1, replication = -1;
        table_file_number(table, *row, at[POINT], 1, &point, NULL);
        table_file_number(table, *row, at[REPLICATION], 1, &replication, NULL);
        if ((uint64_t)point == order->job.point && replication == (int64_t)order->job.replication)
            return true;
    }
    return false;
}

/* Takes over the hash on record; false and an error where there is no row of the run, or where it failed. */
static bool take_row(struct replay *replay, const struct table_file *table, GError **error)
{
    size_t at[COLUMNS], row;
    for (size_t i = 0; i < COLUMNS; i++)
        if (!table_file_need(table, columns[i], &at[i], error))
            return false;
    const struct run_order *order = &replay->order;
    if (!find_row(table, at, order, &row)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "there is no run %" G_GUINT64_FORMAT "-%u among the %zu of %s", order->job.point,
                    order->job.replication, table->row_count, table->path);
        return false;
    }
    if (strcmp(table_file_cell(table, row, at[STATUS]), "fine") != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "run %" G_GUINT64_FORMAT "-%u of %s failed: there is no whole run to repeat", order->job.point,
                    order->job.replication, replay->folder);
        return false;
    }
    replay->recorded = g_strdup(table_file_cell(table, row, at[HASH]));
    return true;
}

/* Whether the results are whole and hold that run. */
static bool find_run(struct replay *replay, GError **error)
{
    if (!results_need(replay->folder, RESULTS_RUNS, error))
        return false;
    char *path = g_build_filename(replay->folder, results_files[RESULTS_RUNS], NULL);
    struct table_file *table = table_file_read(path, error);
    bool fine = table && take_row(replay, table, error);
    table_file_free(table);
    g_free(path);
    return fine;
}

/* Chooses the folder of the tables and makes it: one beside the results, where older ones give way, or an empty one. */
static bool make_room(struct replay *replay, const char *output, GError **error)
{
    char *name = g_strdup_printf("%" G_GUINT64_FORMAT "-%u", replay->order.job.point, replay->order.job.replication);
    replay->elsewhere = output != NULL;
    replay->traces = output ? g_strdup(output) : g_build_filename(replay->folder, RESULTS_REPLAYS, name, NULL);
    replay->order.trace_folder = replay->traces;
    g_free(name);
    if (!output && !results_clear_tables(replay->traces, error))
        return false;
    return results_open(replay->traces, !output, error);
}

static enum job_supply next(void *user, struct job *job)
{
    struct replay *replay = user;
    *job = replay->order.job;
    bool given = replay->given;
    replay->given = true;
    return given ? JOB_NONE : JOB_GIVEN;
}

static void run_it(void *user, struct job job, void *record, struct worker_link *link)
{
    (void)job;
    struct run_order order = ((struct replay *)user)->order;
    order.link = link;
    run_carry_out(&order, record);
}

static bool done(void *user, struct job job, const void *record, const char *why)
{
    struct replay *replay = user;
    if (record) {
        memcpy(&replay->record, record, sizeof replay->record);
    } else {
        run_fail(&replay->record, job, why);
    }
    return true;
}

static void show(void *user, double share)
{
    progress_show(&((struct replay *)user)->display, &(struct experiment_progress){.total = 1, .share = share});
}

static bool is_same(const struct replay *replay)
{
    return strcmp(replay->recorded, replay->record.trace_hash) == 0;
}

/* False where it was interrupted. */
static bool carry_out(struct replay *replay)
{
    struct workers workers = {
        .processes = 1,
        .next = next,
        .record_size = sizeof replay->record,
        .run = run_it,
        .done = done,
        .progress = show,
        .user = replay,
    };
    bool finished = workers_run(&workers);
    progress_end(&replay->display);
    return finished;
}

static void tell_difference(const struct replay *replay)
{
    char *maker = results_maker(replay->folder), *now = results_maker_now();
    fprintf(stderr,
            "posim replay: THIS IS ANOTHER RUN: the trace of %" G_GUINT64_FORMAT
            "-%u does not have the hash on record\n"
            "  on record: %s, made by %s\n"
            "  now:       %s, made by %s\n",
            replay->order.job.point, replay->order.job.replication, replay->recorded, maker, replay->record.trace_hash,
            now);
    fputs(strcmp(maker, now) == 0 ? "  The same program made both: a file of the results has changed.\n"
                                  : "  Another program made the results, or a file of them has changed.\n",
          stderr);
    fprintf(stderr,
            replay->elsewhere ? "  The tables are in %s.\n"
                              : "  The tables were not kept in %s: -o FOLDER keeps them.\n",
            replay->traces);
    g_free(now);
    g_free(maker);
}

static int tell(const struct replay *replay, bool finished)
{
    if (!finished) {
        fputs("posim replay: interrupted; nothing of it is kept\n", stderr);
        return EXIT_INTERRUPTED;
    }
    if (replay->record.status != RUN_FINE) {
        fprintf(stderr, "posim replay: %s\n", replay->record.message);
        return EXIT_RUNS_FAILED;
    }
    if (!is_same(replay)) {
        tell_difference(replay);
        return EXIT_RUNS_FAILED;
    }
    printf("run %" G_GUINT64_FORMAT "-%u again: trace hash %s, as recorded\nfull traces in %s\n",
           replay->order.job.point, replay->order.job.replication, replay->record.trace_hash, replay->traces);
    return EXIT_FINE;
}

/* Only a whole run keeps its tables, and beside the results only that run itself: `posim plot` looks for it there. */
static void drop_unless_good(const struct replay *replay, bool finished)
{
    bool whole = finished && replay->record.status == RUN_FINE;
    if (replay->elsewhere && !whole)
        results_clear_tables(replay->traces, NULL);
    if (!replay->elsewhere && !(whole && is_same(replay)))
        results_drop_run(replay->folder, RESULTS_REPLAYS, replay->order.job.point, replay->order.job.replication);
}

/* The scenario of the run's point; its values go into the order. NULL and an error where there is none. */
static struct scenario *point_of(struct replay *replay, const struct scenario *scenario, GError **error)
{
    uint64_t point = replay->order.job.point;
    if (!scenario_has_point(scenario, point)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s has no point %" G_GUINT64_FORMAT, replay->folder,
                    point);
        return NULL;
    }
    struct scenario *one = run_scenario_at(scenario, point, error);
    replay->order.values = one ? scenario_values(one) : NULL;
    return one;
}

static int replay_run(struct replay *replay, const struct cli *cli, const char *output)
{
    int code;
    struct scenario *scenario = cli_load_results(cli, "replay", replay->folder, &code);
    if (!scenario)
        return code;
    cli_note_changed_inputs("replay", replay->folder);
    replay->order.root = &cli->root;
    replay->order.seed = (uint64_t)root_experiment(&cli->root, scenario_values(scenario))->replicate.seed;
    replay->order.tables = TABLE_BIT(TABLES) - 1;
    GError *error = NULL;
    code = EXIT_USAGE;
    struct scenario *one = point_of(replay, scenario, &error);
    if (one && make_room(replay, output, &error)) {
        bool finished = carry_out(replay);
        drop_unless_good(replay, finished);
        code = tell(replay, finished);
    } else {
        fprintf(stderr, "posim replay: %s\n", error->message);
        g_error_free(error);
    }
    g_free(replay->traces);
    scenario_free(one);
    scenario_free(scenario);
    return code;
}

int command_replay(const struct cli *cli, int argc, char **argv)
{
    char *output = NULL, *style = NULL;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "where the traces go; default DIR/replay/RUN", "FOLDER"},
        {"progress", 0, 0, G_OPTION_ARG_STRING, &style, "how it is shown that it goes on", "auto|plain|none"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("replay", entries, "DIR RUN - run one run of results again, with full traces",
                     "Example:\n  posim replay results/first 0-2\n\nRUN is POINT-REPLICATION as in DIR/traces, or the "
                     "replication alone.",
                     &argc, &argv))
        return EXIT_USAGE;
    struct replay replay = {.folder = argc > 1 ? argv[1] : NULL};
    GError *error = NULL;
    int code = EXIT_USAGE;
    if (argc != 3)
        fputs("posim replay: name a results directory and a run, as in `posim replay results/first 0-2`\n", stderr);
    else if (!parse_run(argv[2], &replay.order))
        fprintf(stderr, "posim replay: `%s` is not a run such as 0-2\n", argv[2]);
    else if (!progress_init(&replay.display, style, argv[2]))
        fprintf(stderr, "posim replay: --progress takes auto, plain or none, not `%s`\n", style);
    else if (!find_run(&replay, &error))
        fprintf(stderr, "posim replay: %s\n", error->message);
    else
        code = replay_run(&replay, cli, output);
    g_clear_error(&error);
    g_free(replay.recorded);
    g_free(output);
    g_free(style);
    return code;
}
