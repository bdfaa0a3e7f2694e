/* SPDX-License-Identifier: MIT */
#include "worlds.h"

#include "../mutants.h"
#include "cli/plug_ins.h"
#include "record/recorder.h"
#include "record/tee.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#define PLUG_INS_MOST 64

static int by_name(const void *a, const void *b)
{
    const struct param_variant *left = a, *right = b;
    return strcmp(left->name, right->name);
}

/* The program's registry and the mutants in one, in alphabetical order. */
static void make_registry(struct registry *registry)
{
    static struct protocol mutants[2];
    mutants[0] = mutant_tendermint_half_quorum();
    mutants[1] = mutant_tendermint_without_locking();
    plug_ins_register(registry);
    struct param_variants *protocols = &registry->protocols;
    size_t count = protocols->count + G_N_ELEMENTS(mutants);
    struct param_variant *list = g_renew(struct param_variant, (void *)protocols->list, count);
    for (size_t m = 0; m < G_N_ELEMENTS(mutants); m++)
        list[protocols->count++] = (struct param_variant){
            .name = mutants[m].name, .meaning = mutants[m].meaning, .table = mutants[m].params, .plugin = &mutants[m]};
    qsort(list, count, sizeof *list, by_name);
    protocols->list = list;
}

const struct root *worlds_root(void)
{
    static struct registry registry;
    static struct param_variants no_figures;
    static struct root root;
    if (!root.registry) {
        make_registry(&registry);
        root_init(&root, &registry, &no_figures);
    }
    return &root;
}

static struct scenario *load(struct scenario_source *source)
{
    char *presets = g_build_filename(g_getenv("POSIM_SOURCE"), "scenarios", "presets", NULL);
    source->presets = presets;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *scenario = NULL;
    if (!scenario_load(source, &worlds_root()->table, &scenario, &diagnostics)) {
        GString *text = g_string_new(NULL);
        diagnostics_print(&diagnostics, text);
        g_error("%s\n%s", source->text ? source->text : source->path, text->str);
    }
    diagnostics_release(&diagnostics);
    g_free(presets);
    return scenario;
}

struct scenario *worlds_load(const char *text)
{
    return load(&(struct scenario_source){.text = text});
}

struct scenario *worlds_load_file(const char *path)
{
    return load(&(struct scenario_source){.path = path});
}

const struct world_settings *worlds_settings(const struct scenario *scenario)
{
    return root_world(scenario_values(scenario));
}

const struct experiment_settings *worlds_experiment(const struct scenario *scenario)
{
    return root_experiment(worlds_root(), scenario_values(scenario));
}

struct world *worlds_new(const struct scenario *scenario, uint32_t replication, struct trace_sink *sink)
{
    struct world_options options = {
        .registry = worlds_root()->registry,
        .seed = {.seed = (uint64_t)worlds_experiment(scenario)->replicate.seed, .replication = replication},
        .sink = sink,
    };
    GError *error = NULL;
    struct world *world = world_new(worlds_settings(scenario), &options, &error);
    g_assert_no_error(error);
    return world;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void note(struct checks *checks, const struct reductions *reductions, struct world_result *result)
{
    checks_finish(checks, result->verdicts);
    result->honest_convicted = checks_honest_convicted(checks);
    result->evidence_stake = checks_evidence_stake(checks);
    result->total_stake = checks_total_stake(checks);
    struct metric_verdicts found = {
        .safety_violations = result->verdicts[VERDICT_SAFETY].count,
        .honest_convicted = result->honest_convicted,
        .evidence_stake = result->evidence_stake,
        .total_stake = result->total_stake,
    };
    struct metric_values values;
    metrics_collect(reductions, 0, &found, NULL, &values);
    memcpy(result->metrics, values.metrics, sizeof result->metrics);
}

/* What was sent, by kind of message, as the metrics want it; `rows` holds MESSAGE_KINDS of them. */
static void count_messages(const struct world *world, struct network_row *rows)
{
    static const char *const names[MESSAGE_KINDS] = {"proposal", "vote", "other", "request", "response", "evidence"};
    struct delivery_counts counts = world_deliveries(world, 0);
    for (int kind = 0; kind < MESSAGE_KINDS; kind++)
        rows[kind] = (struct network_row){.kind = names[kind],
                                          .messages = counts.messages_by_kind[kind],
                                          .bytes = counts.bytes_by_kind[kind],
                                          .deliveries = counts.arrivals_by_kind[kind]};
}

void worlds_run(const struct scenario *scenario, uint32_t replication, struct trace_sink *listener,
                struct world_result *result)
{
    double started = seconds();
    GError *error = NULL;
    *result = (struct world_result){0};
    struct recorder_settings settings = {.warmup_ns = worlds_settings(scenario)->time.warmup_ns};
    struct recorder *recorder = recorder_new(&settings, &error);
    g_assert_no_error(error);
    struct checks *checks = checks_new();
    struct trace_tee tee;
    trace_tee_init(&tee);
    trace_tee_add(&tee, recorder_sink(recorder), TRACE_ALL);
    trace_tee_add(&tee, checks_sink(checks), TRACE_ALL);
    if (listener)
        trace_tee_add(&tee, listener, TRACE_ALL);
    struct world *world = worlds_new(scenario, replication, &tee.sink);
    world_run(world, TIME_NEVER);
    result->events = world_events(world);
    result->stopped = world_stop_name(world);
    struct network_row rows[MESSAGE_KINDS];
    count_messages(world, rows);
    recorder_finish(recorder, rows, MESSAGE_KINDS, &error);
    g_assert_no_error(error);
    recorder_hash(recorder, result->hash);
    note(checks, recorder_reductions(recorder), result);
    world_free(world);
    trace_tee_release(&tee);
    recorder_free(recorder);
    checks_free(checks);
    result->wall_s = seconds() - started;
}

void run_many(const struct worlds *worlds)
{
    const char *only = g_getenv("POSIM_WORLD");
    for (uint64_t number = worlds->first; number < worlds->first + worlds->count; number++) {
        if (only && number != g_ascii_strtoull(only, NULL, 10))
            continue;
        GString *text = g_string_new("posim: 1\n");
        worlds->write(text, number, worlds->user);
        if (only)
            g_test_message("world %" G_GUINT64_FORMAT ":\n%s", number, text->str);
        struct scenario *scenario = worlds_load(text->str);
        struct world_result result;
        worlds_run(scenario, 0, worlds->listener, &result);
        worlds->judge(scenario, &result, number, worlds->user);
        if (g_test_failed()) {
            g_test_message("world %" G_GUINT64_FORMAT ":\n%s", number, only ? "" : text->str);
            number = worlds->first + worlds->count;
        }
        scenario_free(scenario);
        g_string_free(text, TRUE);
    }
}

bool worlds_holds(const struct world_result *result, enum verdict_id id, uint64_t number)
{
    const struct verdict *verdict = &result->verdicts[id];
    if (verdict->status != VERDICT_FAIL)
        return true;
    g_test_message("world %" G_GUINT64_FORMAT ": %s: %s", number, verdict->name, verdict->detail);
    return false;
}

bool worlds_full(void)
{
    return g_getenv("POSIM_FULL") != NULL;
}

struct random_stream worlds_stream(uint64_t test, uint64_t number)
{
    struct random_stream stream;
    random_stream_init(&stream, &(struct random_seed){.seed = test}, RANDOM_TEST, number);
    return stream;
}

uint64_t worlds_between(struct random_stream *stream, uint64_t least, uint64_t most)
{
    return least + random_below(stream, most - least + 1);
}
