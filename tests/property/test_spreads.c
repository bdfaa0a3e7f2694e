/* SPDX-License-Identifier: MIT */
/*
 * Longest chains whose blocks spread without an event for each replica, against the same worlds with one: every row of
 * a head and of a final block in its order, every metric, every verdict and the hash. Random worlds of Praos with
 * forks, ties of a slot, arrivals at the very beginning of slots, crashes, partitions, losses, ends and pauses while a
 * block spreads; in a third of them clocks differ, so that blocks come before their slots.
 */
#include "protocol/praos/praos.h"
#include "random_world.h"
#include "worlds.h"

#include <string.h>

enum { STREAM_SPREADS = 21 };

#define DURATION_S 120

extern const struct protocol protocol_praos;

/* Clocks that are apart by next to nothing, so that many show the same, by part of a slot, or by several. */
static void write_clocks(GString *text, struct random_stream *stream, uint64_t slot_ms)
{
    const uint64_t most_ns[] = {3, 100000, 100000000, slot_ms * 1000000, 4 * slot_ms * 1000000};
    const char *drift = random_below(stream, 3) ? "0 %" : random_below(stream, 2) ? "0.01 %" : "1 %";
    g_string_append_printf(text, "  clocks: {skew: %" G_GUINT64_FORMAT " ns, drift: %s}\n",
                           worlds_between(stream, 1, most_ns[random_below(stream, G_N_ELEMENTS(most_ns))]), drift);
}

static bool has_clocks(uint64_t number)
{
    return number % 3 == 0;
}

/* Half of the worlds have delays of whole slots: what arrives then does so as leaders step. */
static void write_network(GString *text, struct random_stream *stream, uint64_t number, uint64_t slot_ms)
{
    if (random_below(stream, 2))
        random_network(text, stream);
    else
        g_string_append_printf(text, "network:\n  latency: {model: constant, delay: %" G_GUINT64_FORMAT " ms}\n",
                               slot_ms * random_below(stream, 3));
    if (random_below(stream, 3) == 0)
        g_string_append_printf(text, "  loss: {probability: %" G_GUINT64_FORMAT " %%}\n",
                               worlds_between(stream, 1, 20));
    if (has_clocks(number))
        write_clocks(text, stream, slot_ms);
}

static void write_world(GString *text, uint64_t number, const char *deliveries)
{
    struct random_stream stream = worlds_stream(STREAM_SPREADS, number);
    uint64_t k = worlds_between(&stream, 1, 12), slot_ms = worlds_between(&stream, 2, 10) * 100;
    random_validators(text, &stream, 30);
    g_string_append_printf(text,
                           "protocol: {kind: praos, active_slot_coefficient: %" G_GUINT64_FORMAT
                           " %%, security_parameter: %" G_GUINT64_FORMAT ", settlement_depth: %" G_GUINT64_FORMAT
                           ", tie_break_distance: %" G_GUINT64_FORMAT ", slot: %" G_GUINT64_FORMAT
                           " ms, epoch: %" G_GUINT64_FORMAT "}\n",
                           worlds_between(&stream, 2, 30), k, worlds_between(&stream, 0, k),
                           worlds_between(&stream, 0, 6), slot_ms, worlds_between(&stream, 5, 200));
    write_network(text, &stream, number, slot_ms);
    if (random_below(&stream, 2))
        random_faults(text, &stream, 2, DURATION_S);
    if (random_below(&stream, 3) == 0)
        random_transactions(text, &stream);
    g_string_append_printf(text, "time: {duration: %" G_GUINT64_FORMAT " ms", slot_ms * (DURATION_S * 1000 / slot_ms));
    if (random_below(&stream, 2))
        g_string_append_printf(text, ", warmup: %d s", DURATION_S / 4);
    if (random_below(&stream, 3) == 0)
        g_string_append_printf(text, ", stop_height: %" G_GUINT64_FORMAT, worlds_between(&stream, 1, 8));
    g_string_append_printf(text, "}\nengine: {deliveries: %s}\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n", deliveries,
                           number);
}

static struct scenario *make_scenario(uint64_t number, const char *deliveries)
{
    GString *text = g_string_new("posim: 1\n");
    write_world(text, number, deliveries);
    struct scenario *scenario = worlds_load(text->str);
    g_string_free(text, TRUE);
    return scenario;
}

/* Rows of heads, and of final blocks, as they came. */
struct change {
    time_ns at_ns;
    replica_id replica;
    block_id before, after;
    uint64_t more; /* reorg depth, or stake */
};

struct heard {
    struct trace_sink sink;
    VECTOR(struct change) changes[2]; /* heads, finals */
    uint64_t waited;                  /* steps for blocks that had come before their slots */
};

static void hear(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct heard *heard = (struct heard *)sink;
    const struct trace_head *head = row;
    const struct trace_final *final = row;
    if (kind == TRACE_HEAD)
        vector_push(&heard->changes[0],
                    ((struct change){head->at_ns, head->replica, head->before, head->after, head->reorg_depth}));
    else if (kind == TRACE_FINAL)
        vector_push(&heard->changes[1],
                    ((struct change){final->at_ns, final->replica, BLOCK_NONE, final->block, final->stake}));
}

/* A scenario whose protocol is another one than the product's until it is put back. */
struct substitute {
    struct protocol protocol;
    struct param_variant variant;
    struct param_variant_value *chosen;
    const struct param_variant *own;
};

static void substitute(struct substitute *other, const struct scenario *scenario)
{
    other->chosen = (struct param_variant_value *)&worlds_settings(scenario)->protocol;
    other->own = other->chosen->variant;
    other->protocol = *(const struct protocol *)other->own->plugin;
    other->variant = *other->own;
    other->variant.plugin = &other->protocol;
    other->chosen->variant = &other->variant;
}

static void put_back(struct substitute *other)
{
    other->chosen->variant = other->own;
}

/* Steps for blocks whose slots have begun at last. Tags above those of validators are of such timers. */
static uint64_t waited;

static void count_step(void *state, const struct view *view, const struct event *event, struct effects *effects)
{
    waited += event->kind == EVENT_TIMER && event->tag > UINT32_MAX;
    protocol_praos.step(state, view, event, effects);
}

static struct world_result run(uint64_t number, const char *deliveries, struct heard *heard)
{
    struct scenario *scenario = make_scenario(number, deliveries);
    struct world_result result;
    struct substitute counting;
    substitute(&counting, scenario);
    counting.protocol.step = count_step;
    waited = 0;
    *heard = (struct heard){.sink.row = hear};
    worlds_run(scenario, 0, &heard->sink, &result);
    heard->waited = waited;
    put_back(&counting);
    scenario_free(scenario);
    return result;
}

static bool same_changes(const struct heard *a, const struct heard *b, int kind)
{
    bool same = a->changes[kind].count == b->changes[kind].count;
    for (size_t i = 0; same && i < a->changes[kind].count; i++) {
        const struct change *x = &a->changes[kind].at[i], *y = &b->changes[kind].at[i];
        same = x->at_ns == y->at_ns && x->replica == y->replica && x->before == y->before && x->after == y->after &&
               x->more == y->more;
    }
    return same;
}

static void heard_release(struct heard *heard)
{
    vector_release(&heard->changes[0]);
    vector_release(&heard->changes[1]);
}

/* What is not known is NaN, which is bits like any other here. */
static bool same_results(const struct world_result *a, const struct world_result *b)
{
    bool same = strcmp(a->hash, b->hash) == 0 && strcmp(a->stopped, b->stopped) == 0 &&
                memcmp(a->metrics, b->metrics, sizeof a->metrics) == 0;
    for (int v = 0; v < VERDICTS; v++)
        same &= a->verdicts[v].status == b->verdicts[v].status && a->verdicts[v].count == b->verdicts[v].count &&
                strcmp(a->verdicts[v].detail, b->verdicts[v].detail) == 0;
    return same;
}

static uint64_t worlds_wanted(void)
{
    return worlds_full() ? 20000 : 600;
}

/* Of worlds whose clocks agree, and of those whose do not. */
struct tally {
    uint64_t worlds, fewer;        /* in how many there were fewer events */
    uint64_t waited, waited_still; /* blocks that had come too early, each at a replica; those that were told of */
};

static void tally_add(struct tally *tally, const struct heard *each, const struct heard *late, bool fewer)
{
    tally->worlds++;
    tally->fewer += fewer;
    tally->waited += each->waited;
    tally->waited_still += late->waited;
}

/* In how many worlds of `count` anything differs. */
static uint64_t compare_worlds(uint64_t count, struct tally tallies[2])
{
    const char *only = g_getenv("POSIM_WORLD");
    uint64_t different = 0, from = only ? g_ascii_strtoull(only, NULL, 10) : 1;
    for (uint64_t number = from; number < from + (only ? 1 : count); number++) {
        struct heard each, late;
        struct world_result events = run(number, "events", &each), spread = run(number, "late", &late);
        bool same = same_results(&events, &spread) && same_changes(&each, &late, 0) && same_changes(&each, &late, 1);
        if (!same && !different++)
            g_test_message("world %" G_GUINT64_FORMAT " differs", number);
        tally_add(&tallies[has_clocks(number)], &each, &late, spread.events < events.events);
        heard_release(&each);
        heard_release(&late);
    }
    return different;
}

static void test_identity(void)
{
    struct tally tallies[2] = {0};
    uint64_t different = compare_worlds(worlds_wanted(), tallies);
    for (int t = 0; t < 2; t++)
        g_test_message("clocks %s: %" G_GUINT64_FORMAT " worlds compared; blocks spread in %" G_GUINT64_FORMAT
                       ", came before their slots %" G_GUINT64_FORMAT " times, %" G_GUINT64_FORMAT " of them told of",
                       t ? "differ" : "agree", tallies[t].worlds, tallies[t].fewer, tallies[t].waited,
                       tallies[t].waited_still);
    g_assert_cmpuint(different, ==, 0);
    if (g_getenv("POSIM_WORLD"))
        return;
    g_assert_cmpuint(tallies[0].fewer, >=, tallies[0].worlds / 2);
    g_assert_cmpuint(tallies[1].fewer, >=, tallies[1].worlds / 2);
    g_assert_cmpuint(tallies[0].waited, ==, 0);
    g_assert_cmpuint(tallies[1].waited, >=, 10 * tallies[1].worlds);
    g_assert_cmpuint(tallies[1].waited_still, <=, tallies[1].waited * 3 / 4);
    g_assert_cmpuint(tallies[1].waited_still, >=, tallies[1].worlds);
}

/* Stopped every second and gone on with, the world is the same. */
static void test_pauses(void)
{
    for (uint64_t number = 1; number <= 100; number++) {
        char hashes[2][2 * TRACE_HASH_BYTES + 1];
        for (int paused = 0; paused < 2; paused++) {
            struct scenario *scenario = make_scenario(number, "late");
            struct trace_hash hash;
            trace_hash_init(&hash);
            struct world *world = worlds_new(scenario, 0, &hash.sink);
            for (int s = 0; paused && s < DURATION_S; s++)
                world_run(world, (time_ns)s * 1000000000);
            world_run(world, TIME_NEVER);
            trace_hash_print(&hash, hashes[paused]);
            trace_hash_release(&hash);
            world_free(world);
            scenario_free(scenario);
        }
        if (strcmp(hashes[0], hashes[1]) != 0)
            g_test_fail_printf("world %" G_GUINT64_FORMAT " differs when it is paused", number);
    }
}

/* Faults to plant: a final block too high, a head that is not taken, nothing final, the loser of two blocks. */
static block_id settle_early(void *state, const void *filled, const struct block_tree *tree, block_id head)
{
    struct praos_parameters parameters = *(const struct praos_parameters *)filled;
    int64_t depth = parameters.settlement_depth;
    parameters.settlement_depth = depth > 0 ? depth - 1 : 0;
    return protocol_praos.extend(state, &parameters, tree, head);
}

static block_id lag_behind(void *state, const void *filled, const struct block_tree *tree, block_id head)
{
    block_id final = protocol_praos.extend(state, filled, tree, head);
    ((struct praos_state *)state)->head = block_tree_get(tree, head)->parent;
    return final;
}

static block_id finalise_nothing(void *state, const void *filled, const struct block_tree *tree, block_id head)
{
    protocol_praos.extend(state, filled, tree, head);
    return BLOCK_NONE;
}

static bool prefer_the_other(const void *filled, const struct block_tree *tree, block_id head, block_id candidate)
{
    return !protocol_praos.prefers(filled, tree, head, candidate);
}

/* What takes the place of the product's own; NULL: that stays. */
struct plant {
    block_id (*extend)(void *state, const void *parameters, const struct block_tree *tree, block_id head);
    bool (*prefers)(const void *parameters, const struct block_tree *tree, block_id head, block_id candidate);
};

static bool is_caught(const struct plant *plant, uint64_t number)
{
    struct scenario *scenario = make_scenario(number, "late"), *reference = make_scenario(number, "events");
    struct substitute other;
    substitute(&other, scenario);
    other.protocol.extend = plant->extend ? plant->extend : other.protocol.extend;
    other.protocol.prefers = plant->prefers ? plant->prefers : other.protocol.prefers;
    struct world_result planted, events;
    worlds_run(scenario, 0, NULL, &planted);
    worlds_run(reference, 0, NULL, &events);
    put_back(&other);
    scenario_free(scenario);
    scenario_free(reference);
    return !same_results(&planted, &events);
}

static void test_planted(void)
{
    static const struct plant plants[] = {
        {settle_early, NULL}, {lag_behind, NULL}, {finalise_nothing, NULL}, {NULL, prefer_the_other}};
    for (size_t f = 0; f < G_N_ELEMENTS(plants); f++) {
        uint64_t number = 1;
        while (number <= 50 && !is_caught(&plants[f], number))
            number++;
        g_test_message("planted fault %zu shows in world %" G_GUINT64_FORMAT, f, number);
        g_assert_cmpuint(number, <=, 50);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spreads/identity", test_identity);
    g_test_add_func("/spreads/pauses", test_pauses);
    g_test_add_func("/spreads/planted", test_planted);
    return g_test_run();
}
