/* SPDX-License-Identifier: MIT */
/*
 * One run: a world from a scenario and a replication number, with everything that listens to it: the hash, the tables,
 * the metrics and the verdicts. A run is a function of the scenario, the seed and the replication; its record is flat,
 * so that a worker process can hand it over.
 */
#ifndef POSIM_EXPERIMENT_RUN_H
#define POSIM_EXPERIMENT_RUN_H

#include "check/verdict.h"
#include "experiment/root.h"
#include "experiment/workers.h"
#include "record/hash.h"
#include "record/metrics.h"

#define RUN_SHARES_MOST 8

enum run_status { RUN_FINE, RUN_FAILED };

struct run_verdict {
    enum verdict_status status;
    uint64_t count;
    char text[400];
};

struct run_record {
    uint64_t point;
    uint32_t replication;
    enum run_status status;
    char message[400]; /* why it failed */
    uint64_t events;
    char trace_hash[2 * TRACE_HASH_BYTES + 1];
    char stopped[16];
    double simulated_s;
    double metrics[METRICS]; /* NAN: not available */
    struct run_verdict verdicts[VERDICTS];
    struct ratio shares[RUN_SHARES_MOST]; /* realised, the adversary's first; denominator 0: none */
    double wall_s;
    uint64_t memory_bytes;
};

struct run_order {
    const struct root *root;
    const void *values; /* the filled root struct */
    uint64_t point;
    uint32_t replication;
    uint64_t seed;
    uint32_t tables;          /* TABLE_BIT of what to write */
    const char *trace_folder; /* where; NULL: nowhere */
    struct worker_link *link; /* to tell progress; may be NULL */
};

/* "safety", ... */
const char *run_verdict_name(enum verdict_id id);

/* Makes the world of a scenario and lets it go again: false and an error for what shows only then. */
bool run_can_begin(const struct root *root, const void *values, uint64_t seed, GError **error);

void run_carry_out(const struct run_order *order, struct run_record *record);

#endif
