/* SPDX-License-Identifier: MIT */
/*
 * What follows from a constant delay and the timeouts alone, to the nanosecond. With an honest proposer a block is
 * final at every node three delays after its proposal (Buchman, Kwon, Milosevic 2018: proposal, prevote, precommit). A
 * round whose proposer is silent takes timeout_propose, a delay until the prevotes for nil are there, another until the
 * precommits are, and timeout_precommit; timeouts grow by their delta each round.
 */
#include "worlds.h"

#include <string.h>

#define HEIGHTS 20

enum { STREAM_TIMING = 5 };

/* When blocks were proposed and became final. */
struct clocked {
    struct trace_sink sink;
    time_ns expected_ns; /* from proposal to finality */
    uint32_t nodes;
    VECTOR(time_ns) proposed_ns; /* by block */
    VECTOR(uint32_t) round;      /* by block */
    VECTOR(uint32_t) final_at;   /* nodes, by block */
};

static void clocked_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct clocked *clocked = (struct clocked *)sink;
    if (kind == TRACE_NODE) {
        clocked->nodes++;
    } else if (kind == TRACE_BLOCK) {
        const struct trace_block *block = row;
        while (clocked->proposed_ns.count <= block->block) {
            vector_push(&clocked->proposed_ns, block->proposed_ns);
            vector_push(&clocked->round, block->round);
            vector_push(&clocked->final_at, 0);
        }
    } else if (kind == TRACE_FINAL) {
        const struct trace_final *final = row;
        if (final->corrupt)
            return;
        g_assert_cmpint(final->at_ns - clocked->proposed_ns.at[final->block], ==, clocked->expected_ns);
        clocked->final_at.at[final->block]++;
    }
}

static void clocked_release(struct clocked *clocked)
{
    vector_release(&clocked->proposed_ns);
    vector_release(&clocked->round);
    vector_release(&clocked->final_at);
}

/*
 * Random stakes of which no two validators hold two thirds: with that the proposer and one more would be a quorum, one
 * delay after the proposal.
 */
static void write_stakes(GString *text, struct random_stream *stream, uint64_t count)
{
    uint64_t stakes[128], total = 0, first = 0, second = 0;
    for (uint64_t v = 0; v < count; v++) {
        stakes[v] = worlds_between(stream, 1, 1000);
        total += stakes[v];
        second = MAX(second, MIN(first, stakes[v]));
        first = MAX(first, stakes[v]);
    }
    bool fits = 3 * (first + second) <= 2 * total;
    g_string_append(text, "validators: {stake: {values: [");
    for (uint64_t v = 0; v < count; v++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, v ? ", " : "", fits ? stakes[v] : 1);
    g_string_append(text, "]}}\n");
}

static void three_delays(uint64_t number)
{
    struct random_stream stream = worlds_stream(STREAM_TIMING, number);
    uint64_t count = worlds_between(&stream, 3, number % 8 ? 12 : 100);
    uint64_t delay_ns = worlds_between(&stream, 1, number % 2 ? 300000000 : 1000000);
    GString *text = g_string_new("posim: 1\n");
    write_stakes(text, &stream, count);
    g_string_append_printf(text,
                           "protocol: {kind: tendermint, timeout_commit: %" G_GUINT64_FORMAT
                           " ms, skip_timeout_commit: %s}\nnetwork: {latency: {model: constant, delay: "
                           "%" G_GUINT64_FORMAT " ns}}\ntime: {duration: 1 min, stop_height: %d}\n",
                           worlds_between(&stream, 100, 500), number % 3 ? "off" : "on", delay_ns, HEIGHTS);
    struct scenario *scenario = worlds_load(text->str);
    struct clocked clocked = {.sink.row = clocked_row, .expected_ns = (time_ns)(3 * delay_ns)};
    struct world_result result;
    worlds_run(scenario, 0, &clocked.sink, &result);
    g_assert_cmpstr(result.stopped, ==, "height");
    for (size_t b = 1; b <= HEIGHTS; b++) {
        g_assert_cmpuint(clocked.round.at[b], ==, 0);
        g_assert_cmpuint(clocked.final_at.at[b], ==, clocked.nodes);
    }
    clocked_release(&clocked);
    scenario_free(scenario);
    g_string_free(text, TRUE);
}

static void test_three_delays(void)
{
    uint64_t count = worlds_full() ? 400 : 60;
    for (uint64_t number = 1; number <= count; number++)
        three_delays(number);
    g_test_message("%" G_GUINT64_FORMAT " worlds: every block final at every node after exactly three delays", count);
}

/* The one height of which the first rounds fail. */
struct failing {
    struct trace_sink sink;
    time_ns proposed_ns;
    uint32_t round;
};

static void failing_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct failing *failing = (struct failing *)sink;
    const struct trace_block *block = row;
    if (kind != TRACE_BLOCK || block->height != 1)
        return;
    g_assert_cmpint(failing->proposed_ns, ==, -1);
    failing->proposed_ns = block->proposed_ns;
    failing->round = block->round;
}

/*
 * Of sixteen equal validators the first `rounds` are silent; the first rounds are theirs, one each. So the first block
 * is proposed after the time of that many failed rounds.
 */
static void failed_rounds(uint32_t rounds, int64_t delay_ms)
{
    enum { PROPOSE = 700, PROPOSE_DELTA = 210, PRECOMMIT = 320, PRECOMMIT_DELTA = 130 };
    GString *text = g_string_new("posim: 1\n");
    g_string_append_printf(text,
                           "protocol: {kind: tendermint, timeout_propose: %d ms, timeout_propose_delta: %d ms, "
                           "timeout_precommit: %d ms, timeout_precommit_delta: %d ms}\nvalidators: {count: 16}\n"
                           "network: {latency: {model: constant, delay: %" G_GINT64_FORMAT
                           " ms}}\ntime: {duration: 1 min}\n",
                           PROPOSE, PROPOSE_DELTA, PRECOMMIT, PRECOMMIT_DELTA, delay_ms);
    g_string_append(text, rounds ? "adversary: {kind: silent, validators: [" : "");
    for (uint32_t v = 0; v < rounds; v++)
        g_string_append_printf(text, "%s%u", v ? ", " : "", v);
    g_string_append(text, rounds ? "]}\n" : "");
    struct scenario *scenario = worlds_load(text->str);
    struct failing failing = {.sink.row = failing_row, .proposed_ns = -1};
    struct world_result result;
    worlds_run(scenario, 0, &failing.sink, &result);
    int64_t expected_ms = 0;
    for (int64_t r = 0; r < rounds; r++)
        expected_ms += PROPOSE + r * PROPOSE_DELTA + PRECOMMIT + r * PRECOMMIT_DELTA + 2 * delay_ms;
    g_assert_cmpuint(failing.round, ==, rounds);
    g_assert_cmpint(failing.proposed_ns, ==, expected_ms * 1000000);
    scenario_free(scenario);
    g_string_free(text, TRUE);
}

static void test_failed_rounds(void)
{
    for (uint32_t rounds = 0; rounds <= 5; rounds++) {
        failed_rounds(rounds, 10);
        failed_rounds(rounds, 123);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tendermint-timing/three-delays", test_three_delays);
    g_test_add_func("/tendermint-timing/failed-rounds", test_failed_rounds);
    return g_test_run();
}
