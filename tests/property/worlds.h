/* SPDX-License-Identifier: MIT */
/*
 * Whole worlds for tests: a scenario as text, run to its end with the hash, the metrics and the checkers behind it, and
 * what the test itself wants to hear. Beside the product's plug-ins there are two protocols that the product does not
 * have, `tendermint_without_locking` and `tendermint_half_quorum` (tests/mutants.h). What is wrong with a scenario
 * fails the test and tells the text.
 *
 * The root is made at first use and lives to the program's end; scenarios belong to the caller.
 */
#ifndef POSIM_TESTS_PROPERTY_WORLDS_H
#define POSIM_TESTS_PROPERTY_WORLDS_H

#include "base/random.h"
#include "check/verdict.h"
#include "experiment/root.h"
#include "record/hash.h"
#include "record/metric.h"
#include "scenario/scenario.h"
#include "world/world.h"

const struct root *worlds_root(void);

/* A scenario from a text, or from a file (relative paths in it start there); scenario_free it. */
struct scenario *worlds_load(const char *text);
struct scenario *worlds_load_file(const char *path);
const struct world_settings *worlds_settings(const struct scenario *scenario);
const struct experiment_settings *worlds_experiment(const struct scenario *scenario);

/* A world of one replication of the scenario, with the scenario's own seed; world_free it. */
struct world *worlds_new(const struct scenario *scenario, uint32_t replication, struct trace_sink *sink);

/* What came of a run. */
struct world_result {
    struct verdict verdicts[VERDICTS];
    uint64_t honest_convicted;
    stake_amount evidence_stake, total_stake;
    char hash[2 * TRACE_HASH_BYTES + 1];
    double metrics[METRICS];
    uint64_t events;
    double wall_s;
    const char *stopped;
};

/* Runs one replication to its end. `listener` (may be NULL) is told every row as well. */
void worlds_run(const struct scenario *scenario, uint32_t replication, struct trace_sink *listener,
                struct world_result *result);

/*
 * Many worlds, one a number: `write` appends the scenario of world `number` to a text, `judge` looks at what came of
 * it. Where it fails the test, the world's text is printed. With POSIM_WORLD set only the world of that number runs.
 */
struct worlds {
    uint64_t first, count;
    void (*write)(GString *scenario, uint64_t number, void *user);
    void (*judge)(const struct scenario *scenario, const struct world_result *result, uint64_t number, void *user);
    struct trace_sink *listener; /* may be NULL */
    void *user;
};
void run_many(const struct worlds *worlds);

/* Whether a verdict is a pass (or the fourth of them not applicable); else prints it and the world's number. */
bool worlds_holds(const struct world_result *result, enum verdict_id id, uint64_t number);

/* Whether the long tests are wanted: POSIM_FULL is set. */
bool worlds_full(void);

/* A stream for the choices of world `number` of one test. */
struct random_stream worlds_stream(uint64_t test, uint64_t number);
/* Uniform, from and including `least` to and including `most`. */
uint64_t worlds_between(struct random_stream *stream, uint64_t least, uint64_t most);

#endif
