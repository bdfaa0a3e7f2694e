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
    g_assert_cmpuint(tally.equivocations, >=, tally.worlds / 4); /* the worlds are not harmless ones */
    vector_release(&tally.progress.honest);
    vector_release(&tally.progress.advanced);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tendermint-safety/faulty-stake", test_faulty_stake);
    return g_test_run();
}
