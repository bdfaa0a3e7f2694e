/* SPDX-License-Identifier: MIT */
#include "experiment/run.h"

#include "base/quantity.h"
#include "record/recorder.h"
#include "record/tee.h"

#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOT_CARRIED                                                                                                    \
    "they need messages that are carried from node to node, by `network.relay`, `network.capacity` or "                \
    "`network.cpu.cores`"

static double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * From here on the peak of this process is that of the run alone, not of what ran in it before: what is free goes back
 * to the system, and Linux begins to count anew (proc(5), clear_refs). False where it does not.
 */
static bool begin_peak(void)
{
    malloc_trim(0);
    int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    bool begun = file >= 0 && write(file, "5", 1) == 1;
    if (file >= 0)
        close(file);
    return begun;
}

/* 0: unknown. */
static uint64_t peak_memory_bytes(bool begun)
{
    static const char key[] = "VmHWM:";
    char line[256];
    uint64_t kibibytes = 0;
    FILE *stream = begun ? fopen("/proc/self/status", "re") : NULL;
    while (stream && !kibibytes && fgets(line, sizeof line, stream))
        if (g_str_has_prefix(line, key))
            kibibytes = g_ascii_strtoull(line + strlen(key), NULL, 10);
    if (stream)
        fclose(stream);
    return kibibytes * 1024;
}

static void copy_text(char *to, size_t room, const char *from)
{
    g_strlcpy(to, from ? from : "", room);
}

/* What was sent, by kind of message, as the recorder wants it. */
static uint32_t network_rows(const struct world *world, struct network_row *rows)
{
    static const char *const names[MESSAGE_KINDS] = {"proposal", "vote", "other", "request", "response", "evidence"};
    uint32_t count = 0;
    for (chain_id c = 0; c < world_chains(world); c++) {
        struct delivery_counts counts = world_deliveries(world, c);
        for (int kind = 0; kind < MESSAGE_KINDS; kind++)
            rows[count++] = (struct network_row){.chain = c,
                                                 .kind = names[kind],
                                                 .messages = counts.messages_by_kind[kind],
                                                 .bytes = counts.bytes_by_kind[kind],
                                                 .deliveries = counts.arrivals_by_kind[kind]};
    }
    return count;
}

/* As the recorder wants it, where it does. */
static void note_topology(const struct world *world, struct recorder *recorder)
{
    struct network_shape shape;
    if (!recorder_wants_topology(recorder))
        return;
    world_network_shape(world, &shape);
    struct topology_row row = {.topology = shape.topology,
                               .nodes = shape.nodes,
                               .relays = shape.relays,
                               .links = shape.links,
                               .links_by_model = shape.links_by_model,
                               .pairs_filled = shape.pairs_filled,
                               .places_drawn = shape.places_drawn,
                               .degree_least = shape.degree_least,
                               .degree_most = shape.degree_most,
                               .degree_mean = shape.degree_mean,
                               .path_sources = shape.path_sources,
                               .hops_most = shape.hops_most,
                               .hops_mean = shape.hops_mean,
                               .delay_most_ns = shape.delay_most_ns,
                               .delay_mean_ns = shape.delay_mean_ns,
                               .stake_delay_ns = shape.stake_delay_ns,
                               .clustering_sources = shape.clustering_sources,
                               .clustering = shape.clustering};
    recorder_topology(recorder, &row);
}

static void simulate(struct world *world, const struct run_order *order)
{
    time_ns duration = root_world(order->values)->time.duration_ns;
    int64_t slices = CLAMP(duration / (10 * MINUTE), 200, 1000000);
    for (int64_t slice = 1; slice <= slices; slice++) {
        time_ns until = slice == slices ? TIME_NEVER : duration / slices * slice;
        if (world_run(world, until) != WORLD_RUNNING)
            return;
        if (order->link)
            worker_progress(order->link, (double)slice / (double)slices);
    }
}

static void note_shares(const struct world *world, struct run_shares *kept)
{
    const struct world_share *shares;
    kept->count = world_shares(world, &shares);
    for (uint32_t s = 0; s < MIN(kept->count, RUN_SHARES_MOST); s++)
        kept->realised[s] = shares[s].realised;
}

/* A line on the tables that are asked for and can only be empty, or "". */
static const char *tell_empty_tables(const struct world *world, uint32_t tables)
{
    bool traffic = tables & TABLE_BIT(TABLE_TRAFFIC), loads = tables & TABLE_BIT(TABLE_LOADS);
    if (world_is_carried(world) || !(traffic || loads))
        return "";
    return traffic && loads ? "`record`: the tables traffic and loads stay empty: " NOT_CARRIED "\n"
           : traffic        ? "`record`: the table traffic stays empty: " NOT_CARRIED "\n"
                            : "`record`: the table loads stays empty: " NOT_CARRIED "\n";
}

/* Whole lines only, in less than `room` bytes with what is there: the rest are counted. */
static void append_lines(GString *text, const char *const *lines, size_t room)
{
    const size_t rest = strlen("and 4294967295 more warnings\n");
    for (; *lines && text->len + strlen(*lines) + rest < room - 1; lines++)
        g_string_append_printf(text, "%s\n", *lines);
    if (*lines)
        g_string_append_printf(text, "and %u more warning%s\n", g_strv_length((char **)lines), lines[1] ? "s" : "");
}

static void note_warnings(const struct root *root, const void *values, const struct world *world,
                          struct run_record *record)
{
    char **warnings = world_warnings(world);
    GString *notes = g_string_new(tell_empty_tables(world, root_recorded(root_experiment(root, values))));
    append_lines(notes, (const char *const *)warnings, sizeof record->notes);
    copy_text(record->notes, sizeof record->notes, g_strchomp(notes->str));
    g_string_free(notes, TRUE);
    g_strfreev(warnings);
}

/* NAN where none is assumed. */
static double power_of(const struct run_order *order)
{
    struct ratio power = root_experiment(order->root, order->values)->energy.node_power_w;
    return power.denominator ? (double)power.numerator / (double)power.denominator : NAN;
}

static void note_verdicts(const struct run_order *order, struct checks *checks, const struct reductions *reductions,
                          struct run_record *record)
{
    struct verdict verdicts[VERDICTS];
    checks_finish(checks, verdicts);
    for (int v = 0; v < VERDICTS; v++) {
        record->verdicts[v].status = verdicts[v].status;
        record->verdicts[v].count = verdicts[v].count;
        record->verdicts[v].judged = verdicts[v].judged;
        copy_text(record->verdicts[v].text, sizeof record->verdicts[v].text, verdicts[v].detail);
    }
    struct metric_verdicts found = {
        .safety_violations = verdicts[VERDICT_SAFETY].count,
        .honest_convicted = checks_honest_convicted(checks),
        .evidence_stake = checks_evidence_stake(checks),
        .total_stake = checks_total_stake(checks),
    };
    struct metric_assumptions assumptions = {.node_power_w = power_of(order)};
    metrics_collect(reductions, 0, &found, &assumptions, &record->values);
}

const char *run_verdict_name(enum verdict_id id)
{
    return verdict_kinds[id].name;
}

static bool carry_out_world(const struct run_order *order, struct recorder *recorder, struct checks *checks,
                            struct run_record *record, GError **error)
{
    struct trace_tee tee;
    trace_tee_init(&tee);
    trace_tee_add(&tee, recorder_sink(recorder), TRACE_ALL);
    trace_tee_add(&tee, checks_sink(checks), TRACE_ALL);
    struct world_options options = {
        .registry = order->root->registry,
        .seed = {.seed = order->seed, .replication = order->job.replication},
        .sink = &tee.sink,
    };
    uint32_t optional = table_optional_rows(order->tables);
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        options.opt_in[kind] = optional & TRACE_BIT(kind);
    struct world *world = world_new(root_world(order->values), &options, error);
    bool fine = world != NULL;
    if (world) {
        simulate(world, order);
        note_topology(world, recorder);
        struct network_row *rows = g_new(struct network_row, world_chains(world) * MESSAGE_KINDS);
        fine = recorder_finish(recorder, rows, network_rows(world, rows), error);
        g_free(rows);
        record->events = world_events(world);
        record->simulated_s = (double)world_now(world) / 1e9;
        note_shares(world, &record->shares);
        note_warnings(order->root, order->values, world, record);
        copy_text(record->stopped, sizeof record->stopped, world_stop_name(world));
        if (fine && strcmp(record->stopped, "stalled") == 0) {
            fine = false;
            g_set_error(error, QUANTITY_ERROR, 0,
                        "time stands still at %.9g s: give the network a delay or the protocol a timeout above zero",
                        record->simulated_s);
        }
    }
    world_free(world);
    trace_tee_release(&tee);
    return fine;
}

struct scenario *run_scenario_at(const struct scenario *scenario, uint64_t point, GError **error)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *one = scenario_at(scenario, point, &diagnostics);
    if (!one) {
        GString *text = g_string_new(NULL);
        diagnostics_print(&diagnostics, text);
        g_set_error(error, QUANTITY_ERROR, 0, "point %" G_GUINT64_FORMAT ": %s", point, g_strchomp(text->str));
        g_string_free(text, TRUE);
    }
    diagnostics_release(&diagnostics);
    return one;
}

bool run_can_begin(const struct root *root, const void *values, uint64_t seed, struct run_record *record,
                   GError **error)
{
    struct trace_tee nobody;
    trace_tee_init(&nobody);
    struct world_options options = {.registry = root->registry, .seed = {.seed = seed}, .sink = &nobody.sink};
    struct world *world = world_new(root_world(values), &options, error);
    bool can = world != NULL;
    if (can) {
        note_shares(world, &record->shares);
        note_warnings(root, values, world, record);
    }
    world_free(world);
    trace_tee_release(&nobody);
    return can;
}

static void begin_record(struct run_record *record, struct job job)
{
    *record = (struct run_record){.job = job};
    metric_values_clear(&record->values);
}

void run_fail(struct run_record *record, struct job job, const char *why)
{
    begin_record(record, job);
    record->status = RUN_FAILED;
    copy_text(record->message, sizeof record->message, why);
}

void run_carry_out(const struct run_order *order, struct run_record *record)
{
    double started = monotonic_s();
    bool has_peak = begin_peak();
    GError *error = NULL;
    begin_record(record, order->job);
    record->warmup_ns = root_world(order->values)->time.warmup_ns;
    struct recorder_settings settings = {
        .folder = order->trace_folder,
        .shelf = order->shelf,
        .tables = order->tables,
        .warmup_ns = record->warmup_ns,
    };
    struct checks *checks = checks_new();
    struct recorder *recorder = recorder_new(&settings, &error);
    if (recorder && carry_out_world(order, recorder, checks, record, &error)) {
        recorder_hash(recorder, record->trace_hash);
        note_verdicts(order, checks, recorder_reductions(recorder), record);
    } else {
        record->status = RUN_FAILED;
        copy_text(record->message, sizeof record->message, error->message);
        g_error_free(error);
    }
    recorder_free(recorder);
    checks_free(checks);
    double took_s = monotonic_s() - started;
    uint64_t held_bytes = peak_memory_bytes(has_peak);
    char *broken = run_limits_broken(&order->limits, took_s, held_bytes);
    if (broken)
        run_fail(record, order->job, broken);
    record->wall_s = took_s;
    record->memory_bytes = held_bytes;
    g_free(broken);
}
