/* SPDX-License-Identifier: MIT */
/*
 * Tendermint with 32 % of the stake faulty, in random worlds: silent, double voting, equivocating and late validators,
 * crashes, partitions, losses and delays. Whatever happens, no two conflicting blocks become final, nobody honest is
 * convicted, no stake is lost; and once the faults have ended, every honest node goes on. (With POSIM_FULL, 1,000
 * worlds.) Then the same for mutants of the protocol, which the checkers must catch.
 */
#include "base/assert.h"
#include "random_world.h"
#include "worlds.h"

#define FAULTS_END_S 40
#define DURATION_S   240
/*
 * The protocol's own bound is that of a height which begins in peace. Rounds that failed before a fault's end have made
 * the timeouts longer, and messages that it delayed still come.
 */
#define LIVENESS_GAP_S 100

enum { STREAM_SAFETY = 1, STREAM_MUTANTS };

/* The highest final block of each honest node, and whether it rose after the faults. */
struct progress {
    struct trace_sink sink;
    time_ns after_ns;
    VECTOR(bool) honest;   /* by node */
    VECTOR(bool) advanced; /* by node */
};

static void progress_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct progress *progress = (struct progress *)sink;
    if (kind == TRACE_CHAIN) {
        vector_clear(&progress->honest);
        vector_clear(&progress->advanced);
    } else if (kind == TRACE_NODE) {
        vector_push(&progress->honest, !((const struct trace_node *)row)->corrupt);
        vector_push(&progress->advanced, false);
    } else if (kind == TRACE_FINAL) {
        const struct trace_final *final = row;
        progress->advanced.at[final->node] |= final->at_ns > progress->after_ns;
    }
}

static uint64_t stuck_nodes(const struct progress *progress)
{
    uint64_t stuck = 0;
    for (size_t n = 0; n < progress->honest.count; n++)
        stuck += progress->honest.at[n] && !progress->advanced.at[n];
    return stuck;
}

struct tally {
    struct progress progress;
    uint64_t worlds, events, blocks, equivocations;
    double wall_s;
};

static void write_faulty(GString *text, uint64_t number, void *user)
{
    (void)user;
    struct random_stream stream = worlds_stream(STREAM_SAFETY, number);
    bool equal = random_validators(text, &stream, random_below(&stream, 8) ? 16 : 40);
    random_tendermint(text, &stream, "tendermint", equal);
    random_network(text, &stream);
    random_faults(text, &stream, 4, FAULTS_END_S);
    random_misbehaviour(text, &stream, 32);
    g_string_append_printf(
        text, "time: {duration: %d s}\ncheck: {liveness_gap: %d s}\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n",
        DURATION_S, LIVENESS_GAP_S, number);
}

static void judge_faulty(const struct scenario *scenario, const struct world_result *result, uint64_t number,
                         void *user)
{
    (void)scenario;
    struct tally *tally = user;
    for (enum verdict_id id = 0; id < VERDICTS; id++)
        if (!worlds_holds(result, id, number))
            g_test_fail();
    uint64_t stuck = stuck_nodes(&tally->progress);
    if (stuck || result->honest_convicted)
        g_test_fail_printf("world %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT " honest nodes stood still after the "
                           "faults, %" G_GUINT64_FORMAT " honest validators convicted",
                           number, stuck, result->honest_convicted);
    tally->worlds++;
    tally->events += result->events;
    tally->blocks += (uint64_t)result->metrics[METRIC_BLOCKS_FINAL];
    tally->equivocations += result->evidence_stake > 0;
    tally->wall_s += result->wall_s;
}

static void test_faulty_stake(void)
{
    struct tally tally = {
        .progress = {.sink.row = progress_row, .after_ns = (time_ns)FAULTS_END_S * 1000000000},
    };
    struct worlds worlds = {.first = 1,
                            .count = worlds_full() ? 1000 : 100,
                            .write = write_faulty,
                            .judge = judge_faulty,
                            .listener = &tally.progress.sink,
                            .user = &tally};
    run_many(&worlds);
    g_test_message(
        "%" G_GUINT64_FORMAT " worlds, none violated; 95 %% upper bound of the rate 3/N = %.4f; %" G_GUINT64_FORMAT
        " blocks final, convictions in %" G_GUINT64_FORMAT " worlds, %" G_GUINT64_FORMAT " events, %.1f s",
        tally.worlds, 3.0 / (double)tally.worlds, tally.blocks, tally.equivocations, tally.events, tally.wall_s);
    g_assert_cmpuint(tally.equivocations, >=, tally.worlds / 5); /* the worlds are not harmless ones */
    vector_release(&tally.progress.honest);
    vector_release(&tally.progress.advanced);
}

/*
 * Where locking matters: the votes of a round reach some nodes in time and others not, so one decides, some have
 * precommitted, and the next proposer is one who knows nothing of it. Delays have a heavy tail and timeouts are short.
 */
static void write_erratic(GString *text, uint64_t number, const char *protocol)
{
    struct random_stream stream = worlds_stream(STREAM_MUTANTS, number);
    uint64_t delay_ms = worlds_between(&stream, 20, 60), patience = worlds_between(&stream, 1, 3);
    g_string_append_printf(text,
                           "protocol: {kind: %s, timeout_propose: %" G_GUINT64_FORMAT
                           " ms, timeout_propose_delta: 5 ms, timeout_prevote: %" G_GUINT64_FORMAT
                           " ms, timeout_prevote_delta: 5 ms, timeout_precommit: %" G_GUINT64_FORMAT
                           " ms, timeout_precommit_delta: 5 ms, timeout_commit: 100 ms}\n",
                           protocol, patience * delay_ms, patience * delay_ms, patience * delay_ms);
    g_string_append_printf(text, "validators: {count: %" G_GUINT64_FORMAT "}\n", worlds_between(&stream, 4, 5));
    g_string_append_printf(text,
                           "network: {latency: {model: lognormal, median: %" G_GUINT64_FORMAT
                           " ms, sigma: %" G_GUINT64_FORMAT "}}\n",
                           delay_ms, worlds_between(&stream, 1, 2));
    g_string_append_printf(
        text, "time: {duration: 600 s}\ncheck: {liveness_gap: 1 h}\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n",
        number);
}

/*
 * Two sides with not quite half of the honest stake each, and validators that vote on both: with quorums of one half
 * each side may decide what it likes.
 */
static void write_split(GString *text, uint64_t number, const char *protocol)
{
    struct random_stream stream = worlds_stream(STREAM_MUTANTS, number);
    uint64_t side = worlds_between(&stream, 35, 65);
    random_tendermint(text, &stream, protocol, random_validators(text, &stream, 16));
    random_network(text, &stream);
    g_string_append_printf(text,
                           "faults: [{kind: partition, groups_by: stake, groups: [%" G_GUINT64_FORMAT
                           " %%, %" G_GUINT64_FORMAT " %%], at: %" G_GUINT64_FORMAT " s, for: %d s}]\n",
                           side, 100 - side, worlds_between(&stream, 0, 5), FAULTS_END_S);
    g_string_append_printf(text, "adversary: {kind: double_voting, stake: %" G_GUINT64_FORMAT " %%}\n",
                           worlds_between(&stream, 5, 32));
    g_string_append_printf(
        text, "time: {duration: 120 s}\ncheck: {liveness_gap: 1 h}\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n",
        number);
}

struct hunt {
    const char *protocol;
    void (*write)(GString *text, uint64_t number, const char *protocol);
    uint64_t worlds, unsafe, unaccounted, honest_convicted;
};

static void write_hunted(GString *text, uint64_t number, void *user)
{
    const struct hunt *hunt = user;
    hunt->write(text, number, hunt->protocol);
}

static void count_caught(const struct scenario *scenario, const struct world_result *result, uint64_t number,
                         void *user)
{
    (void)scenario, (void)number;
    struct hunt *hunt = user;
    hunt->worlds++;
    hunt->unsafe += result->verdicts[VERDICT_SAFETY].status == VERDICT_FAIL;
    hunt->unaccounted += result->verdicts[VERDICT_ACCOUNTABILITY].status == VERDICT_FAIL;
    hunt->honest_convicted += result->honest_convicted > 0;
}

static struct hunt go_hunting(const char *protocol, void (*write)(GString *, uint64_t, const char *), uint64_t count)
{
    struct hunt hunt = {.protocol = protocol, .write = write};
    struct worlds worlds = {.first = 1, .count = count, .write = write_hunted, .judge = count_caught, .user = &hunt};
    run_many(&worlds);
    return hunt;
}

/* A mutant forks in some worlds, the paper's protocol in none of the same. */
static void hunt_mutant(const char *mutant, void (*write)(GString *, uint64_t, const char *))
{
    uint64_t count = worlds_full() ? 1000 : 60;
    struct hunt paper = go_hunting("tendermint", write, count), broken = go_hunting(mutant, write, count);
    g_test_message("%s in %" G_GUINT64_FORMAT " worlds: safety violated in %" G_GUINT64_FORMAT
                   ", accountability in %" G_GUINT64_FORMAT ", honest validators convicted in %" G_GUINT64_FORMAT
                   "; tendermint in the same: %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT,
                   mutant, broken.worlds, broken.unsafe, broken.unaccounted, broken.honest_convicted, paper.unsafe,
                   paper.unaccounted, paper.honest_convicted);
    g_assert_cmpuint(paper.unsafe, ==, 0);
    g_assert_cmpuint(paper.unaccounted, ==, 0);
    g_assert_cmpuint(broken.unaccounted, >=, broken.unsafe);
    g_assert_cmpuint(broken.unsafe, >=, count / 20);
}

static void test_without_locking(void)
{
    hunt_mutant("tendermint_without_locking", write_erratic);
}

static void test_half_quorum(void)
{
    hunt_mutant("tendermint_half_quorum", write_split);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tendermint-safety/faulty-stake", test_faulty_stake);
    g_test_add_func("/tendermint-safety/mutant-without-locking", test_without_locking);
    g_test_add_func("/tendermint-safety/mutant-half-quorum", test_half_quorum);
    return g_test_run();
}
