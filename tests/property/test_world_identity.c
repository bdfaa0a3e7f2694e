/* SPDX-License-Identifier: MIT */
/*
 * One scenario and one seed are one trace, whatever happened before in the process, however deliveries are computed,
 * and whether or not somebody took a copy on the way; stake and transactions are conserved. A copy that keeps its
 * branch number goes on exactly as the original. Random worlds of both protocols with faults and misbehaviour.
 */
#include "protocol/tendermint/tendermint.h"
#include "random_world.h"
#include "worlds.h"

#include <stdio.h>
#include <string.h>

enum { STREAM_IDENTITY = 6 };

#define DURATION_S 40

extern const struct protocol protocol_tendermint;

/* Links that suit any number of nodes; two worlds in four have none. Whether there are any. */
static bool random_topology(GString *text, struct random_stream *stream)
{
    static const char *const kinds[] = {"{kind: scale_free, links: 1}", "{kind: hub_and_sentry}"};
    uint64_t kind = random_below(stream, 4);
    if (kind < G_N_ELEMENTS(kinds))
        g_string_append_printf(text, "  topology: %s\n", kinds[kind]);
    return kind < G_N_ELEMENTS(kinds);
}

/* Every third world has queues and processors, so that messages are carried; where there are links, nodes relay. */
static void carry(GString *text, uint64_t number, bool linked)
{
    static const char *const relays[] = {"push", "gossipsub", "pull", "per_peer"};
    if (number % 3)
        return;
    g_string_append_printf(text, "  capacity: {up: 20 Mbit/s, down: 50 Mbit/s, queue: %s}\n",
                           number % 2 ? "fair" : "fifo");
    g_string_append(text, "  cpu: {cores: 2, block: 5 ms}\n");
    if (linked)
        g_string_append_printf(text, "  relay: {kind: %s}\n", relays[number / 3 % G_N_ELEMENTS(relays)]);
    else if (number % 6 == 0)
        g_string_append(text, "  relay: {kind: rotor}\n");
}

/* Every other world is out of step: an asynchronous start, messages that are sent again, clocks apart. */
static void unsynchronise(GString *text, uint64_t number)
{
    static const char *const choices[] = {"worst", "random"};
    if (number % 4 < 2)
        return;
    g_string_append_printf(text, "  gst: {at: %u s, delay_before: %u s, choice: %s}\n", (unsigned)(number % 11),
                           (unsigned)(number % 7) + 1, choices[number / 4 % 2]);
    g_string_append_printf(text, "  loss: {probability: %u %%, retransmit_after: 70 ms, most: 3}\n",
                           (unsigned)(number % 5) * 10);
    g_string_append_printf(text, "  clocks: {skew: %u ms, drift: 0.01 %%}\n", (unsigned)(number % 3) * 40);
}

/* World `number`; `deliveries` as in the key engine.deliveries. */
static struct scenario *make_scenario(uint64_t number, const char *deliveries)
{
    struct random_stream stream = worlds_stream(STREAM_IDENTITY, number);
    GString *text = g_string_new("posim: 1\n");
    bool equal = random_validators(text, &stream, 12);
    if (number % 2)
        random_tendermint(text, &stream, "tendermint", equal);
    else
        random_praos(text, &stream);
    random_network(text, &stream);
    carry(text, number, random_topology(text, &stream));
    unsynchronise(text, number);
    random_faults(text, &stream, 3, DURATION_S);
    if (random_below(&stream, 3))
        random_misbehaviour(text, &stream, worlds_between(&stream, 10, 60));
    if (random_below(&stream, 2))
        random_transactions(text, &stream);
    g_string_append_printf(
        text, "time: {duration: %d s}\nengine: {deliveries: %s}\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n",
        DURATION_S, deliveries, number);
    struct scenario *scenario = worlds_load(text->str);
    g_string_free(text, TRUE);
    return scenario;
}

struct print {
    char text[2 * TRACE_HASH_BYTES + 1];
};

static struct print hash_of(uint64_t number, const char *deliveries)
{
    struct scenario *scenario = make_scenario(number, deliveries);
    struct world_result result;
    struct print print;
    worlds_run(scenario, (uint32_t)number, NULL, &result);
    if (!worlds_holds(&result, VERDICT_CONSERVATION, number))
        g_test_fail();
    memcpy(print.text, result.hash, sizeof print.text);
    scenario_free(scenario);
    return print;
}

static uint64_t worlds_wanted(void)
{
    return worlds_full() ? 2000 : 100;
}

/* Every arrival an event, or arrivals looked up when somebody asks: the same bytes. */
static void test_deliveries(void)
{
    uint64_t first = 1, last = worlds_wanted();
    const char *only = g_getenv("POSIM_WORLD");
    if (only)
        first = last = g_ascii_strtoull(only, NULL, 10);
    for (uint64_t number = first; number <= last; number++) {
        struct print events = hash_of(number, "events"), late = hash_of(number, "late");
        if (strcmp(events.text, late.text) != 0)
            g_test_fail_printf("world %" G_GUINT64_FORMAT ": %s with events, %s late", number, events.text, late.text);
    }
    g_test_message("%" G_GUINT64_FORMAT " worlds compared", last - first + 1);
}

/* A protocol that votes when it starts, and waits for nothing. */
static void vote_once(void *state, const struct view *view, const struct event *event, struct effects *effects)
{
    (void)state;
    if (event->kind == EVENT_START)
        effects_vote(effects, view->validators[0], TENDERMINT_PREVOTE, 1, 0, BLOCK_NONE);
}

/* How a world of that protocol ends; its votes take up to 40 s. */
static struct world_result vote_once_world(const char *deliveries)
{
    struct protocol protocol = protocol_tendermint;
    protocol.step = vote_once;
    char *text = g_strdup_printf("posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 5}\n"
                                 "network: {latency: {model: uniform, min: 1 s, max: 40 s}}\n"
                                 "time: {duration: 1 h}\nengine: {deliveries: %s}\n",
                                 deliveries);
    struct scenario *scenario = worlds_load(text);
    struct param_variant_value *chosen = (struct param_variant_value *)&worlds_settings(scenario)->protocol;
    const struct param_variant *tendermint = chosen->variant;
    struct param_variant variant = *tendermint;
    variant.plugin = &protocol;
    chosen->variant = &variant;
    struct world_result result;
    worlds_run(scenario, 0, NULL, &result);
    chosen->variant = tendermint;
    scenario_free(scenario);
    g_free(text);
    return result;
}

/*
 * A world in which nothing is left to happen ends where something last did, which is not when the last vote arrives
 * that nobody waits for: the engine need not know of that.
 */
static void test_quiescence(void)
{
    struct world_result events = vote_once_world("events"), late = vote_once_world("late");
    g_assert_cmpstr(events.stopped, ==, "quiescent");
    g_assert_cmpstr(late.stopped, ==, "quiescent");
    g_assert_cmpuint(events.events, >, late.events);
    g_assert_cmpstr(events.hash, ==, late.hash);
}

static void print_alone(void)
{
    printf("hash=%s\n", hash_of(7, "auto").text);
}

/* A run by itself in a new process, and after many others in this one. */
static void test_alone(void)
{
    for (uint64_t number = 1; number <= 10; number++)
        hash_of(number, "auto");
    char *expected = g_strdup_printf("*hash=%s*", hash_of(7, "auto").text);
    g_test_trap_subprocess("/world-identity/alone/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stdout(expected);
    g_free(expected);
}

/* A world whose rows are hashed and nothing else. */
struct hashed {
    struct trace_hash hash;
    struct world *world;
};

static void hashed_start(struct hashed *hashed, const struct scenario *scenario)
{
    trace_hash_init(&hashed->hash);
    hashed->world = worlds_new(scenario, 0, &hashed->hash.sink);
}

/* A copy that goes on from what the original has written so far. */
static void hashed_clone(struct hashed *copy, const struct hashed *hashed, uint32_t branch)
{
    trace_hash_copy(&copy->hash, &hashed->hash);
    copy->world = world_clone(hashed->world, branch, &copy->hash.sink);
}

static struct print hashed_end(struct hashed *hashed)
{
    struct print print;
    world_run(hashed->world, TIME_NEVER);
    trace_hash_print(&hashed->hash, print.text);
    trace_hash_release(&hashed->hash);
    world_free(hashed->world);
    return print;
}

/*
 * Cloned three times on the way, one clone of another among them: what was cloned goes on as if it had not been, and so
 * does each clone of its branch number.
 */
static bool clone_world(uint64_t number)
{
    struct random_stream stream = worlds_stream(STREAM_IDENTITY + 1, number);
    struct scenario *scenario = make_scenario(number, number % 4 < 2 ? "events" : "auto");
    struct hashed alone, original, twin, twin_of_twin, other;
    hashed_start(&alone, scenario);
    struct print expected = hashed_end(&alone);
    hashed_start(&original, scenario);
    time_ns at_ns = (time_ns)worlds_between(&stream, 0, DURATION_S) * 1000000000;
    world_run(original.world, at_ns);
    hashed_clone(&twin, &original, 0);
    hashed_clone(&other, &original, 1);
    world_run(twin.world, time_add(at_ns, 3000000000));
    hashed_clone(&twin_of_twin, &twin, 0);
    struct print others = hashed_end(&other), twin_of_twins = hashed_end(&twin_of_twin), twins = hashed_end(&twin);
    struct print originals = hashed_end(&original);
    g_assert_cmpstr(originals.text, ==, expected.text);
    g_assert_cmpstr(twins.text, ==, expected.text);
    g_assert_cmpstr(twin_of_twins.text, ==, expected.text);
    scenario_free(scenario);
    return strcmp(others.text, expected.text) != 0;
}

static void test_clones(void)
{
    uint64_t different = 0, count = worlds_wanted();
    for (uint64_t number = 1; number <= count; number++)
        different += clone_world(number);
    g_test_message("%" G_GUINT64_FORMAT
                   " worlds cloned; a clone of another branch went another way in %" G_GUINT64_FORMAT,
                   count, different);
    g_assert_cmpuint(different, >=, count / 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/world-identity/alone", test_alone);
    g_test_add_func("/world-identity/alone/subprocess", print_alone);
    g_test_add_func("/world-identity/clones", test_clones);
    g_test_add_func("/world-identity/deliveries", test_deliveries);
    g_test_add_func("/world-identity/quiescence", test_quiescence);
    return g_test_run();
}
