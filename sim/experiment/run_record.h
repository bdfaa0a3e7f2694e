/* SPDX-License-Identifier: MIT */
/*
 * What is kept of one run: a flat struct, so that a worker process can hand it over, and the bytes that a journal keeps
 * of it. The bytes hold every field but the unused ends of texts; they are read back by the version that wrote them,
 * which run_record_layout tells.
 */
#ifndef POSIM_EXPERIMENT_RUN_RECORD_H
#define POSIM_EXPERIMENT_RUN_RECORD_H

#include "base/stake.h"
#include "check/verdict.h"
#include "experiment/job.h"
#include "record/hash.h"
#include "record/metrics.h"
#include "world/world.h"

#include <glib.h>

#define RUN_SHARES_MOST 256

enum run_status { RUN_FINE, RUN_FAILED };

struct run_verdict {
    enum verdict_status status;
    uint64_t count;
    struct ratio judged; /* share of the time; denominator 0: not a question of time */
    char text[400];
};

/* What has come of the sets that the scenario chooses, in the order of world_shares(). */
struct run_shares {
    uint32_t count; /* 0 where there was no world; of more than RUN_SHARES_MOST the first are kept below */
    struct realised_share realised[RUN_SHARES_MOST];
};

struct run_record {
    struct job job;
    enum run_status status;
    char message[400]; /* why it failed */
    char notes[1000];  /* of a run that was fine: what its files left open (world_warnings), one a line */
    uint64_t events;
    char trace_hash[2 * TRACE_HASH_BYTES + 1];
    char stopped[16];
    double simulated_s;
    time_ns warmup_ns; /* time.warmup: what the metrics leave out */
    struct metric_values values;
    struct run_verdict verdicts[VERDICTS];
    struct run_shares shares;
    double wall_s;
    uint64_t memory_bytes; /* the most that its process held meanwhile; 0: unknown */
};

/* Appends the record's bytes. */
void run_record_pack(const struct run_record *record, GByteArray *out);

/* Reads them back; false where they are no record. */
bool run_record_unpack(const uint8_t *bytes, size_t length, struct run_record *record);

/* What the bytes mean: two programs with the same text can read each other's. g_free it. */
char *run_record_layout(void);

#endif
