/* SPDX-License-Identifier: MIT */
/*
 * Longest chains whose clocks differ, so that blocks spread to replicas by whose clocks their slots have yet to begin:
 * faults planted there show, and a world cloned while they wait goes on as the original. Random worlds of the kind are
 * among those of test_spreads.c.
 */
#include "base/random.h"
#include "worlds.h"

#include <glib.h>
#include <string.h>

enum { STREAM_EARLY = 22 };

#define DURATION_S 600

static struct scenario *make_scenario(uint64_t seed, const char *network, const char *faults, const char *deliveries)
{
    char *text = g_strdup_printf("posim: 1\n"
                                 "protocol: {kind: praos, active_slot_coefficient: 30 %%, security_parameter: 5}\n"
                                 "validators: {count: 20}\n"
                                 "network: {%s}\n"
                                 "%s"
                                 "time: {duration: %d s}\n"
                                 "engine: {deliveries: %s}\n"
                                 "replicate: {seed: %" G_GUINT64_FORMAT "}\n",
                                 network, faults, DURATION_S, deliveries, seed);
    struct scenario *scenario = worlds_load(text);
    g_free(text);
    return scenario;
}

struct hashed {
    struct trace_hash hash;
    struct world *world;
};

static void hashed_start(struct hashed *hashed, const struct scenario *scenario, enum delivery_plant plant)
{
    trace_hash_init(&hashed->hash);
    struct world_options options = {
        .registry = worlds_root()->registry,
        .seed.seed = (uint64_t)worlds_experiment(scenario)->replicate.seed,
        .sink = &hashed->hash.sink,
        .plant = plant,
    };
    GError *error = NULL;
    hashed->world = world_new(worlds_settings(scenario), &options, &error);
    g_assert_no_error(error);
}

/* Its hash at its end; g_free it. */
static char *hashed_end(struct hashed *hashed)
{
    char *text = g_malloc(2 * TRACE_HASH_BYTES + 1);
    world_run(hashed->world, TIME_NEVER);
    trace_hash_print(&hashed->hash, text);
    trace_hash_release(&hashed->hash);
    world_free(hashed->world);
    return text;
}

/*
 * Clocks show the same or are a nanosecond apart, and messages take no time: who leads a slot by a clock that is ahead
 * is heard before the slot begins by the others. At the beginning of every second some of those crash.
 */
static char *hash_crashes(uint64_t seed, const char *deliveries, enum delivery_plant plant)
{
    struct scenario *scenario =
        make_scenario(seed, "latency: {model: constant, delay: 0 ms}, clocks: {skew: 1 ns}",
                      "faults: [{kind: crash, at: 1 s, for: 100 ms, every: 1 s, share: 20 %}]\n", deliveries);
    struct hashed hashed;
    hashed_start(&hashed, scenario, plant);
    char *hash = hashed_end(&hashed);
    scenario_free(scenario);
    return hash;
}

static void test_planted(void)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        char *events = hash_crashes(seed, "events", PLANT_NONE), *late = hash_crashes(seed, "late", PLANT_NONE);
        char *taken = hash_crashes(seed, "late", PLANT_EARLY_TAKEN);
        char *first = hash_crashes(seed, "late", PLANT_EARLY_FIRST);
        g_assert_cmpstr(late, ==, events);
        g_assert_cmpstr(taken, !=, events);
        g_assert_cmpstr(first, !=, events);
        g_free(events);
        g_free(late);
        g_free(taken);
        g_free(first);
    }
}

/* Clocks are apart by more than slots are long: much of the time some replica waits for one to begin. */
static void test_clones(void)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct random_stream stream = worlds_stream(STREAM_EARLY, seed);
        struct scenario *scenario = make_scenario(
            seed, "latency: {model: uniform, min: 20 ms, max: 900 ms}, clocks: {skew: 1500 ms}", "", "late");
        struct hashed alone, original, twin;
        hashed_start(&alone, scenario, PLANT_NONE);
        hashed_start(&original, scenario, PLANT_NONE);
        world_run(original.world, (time_ns)worlds_between(&stream, 0, DURATION_S * 1000) * 1000000);
        trace_hash_copy(&twin.hash, &original.hash);
        twin.world = world_clone(original.world, 0, &twin.hash.sink);
        char *expected = hashed_end(&alone), *twins = hashed_end(&twin), *originals = hashed_end(&original);
        g_assert_cmpstr(twins, ==, expected);
        g_assert_cmpstr(originals, ==, expected);
        g_free(expected);
        g_free(twins);
        g_free(originals);
        scenario_free(scenario);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spreads_early/planted", test_planted);
    g_test_add_func("/spreads_early/clones", test_clones);
    return g_test_run();
}
