/* SPDX-License-Identifier: MIT */
/*
 * One run: a world from a scenario and a replication number, with everything that listens to it: the hash, the tables,
 * the metrics and the verdicts. A run is a function of the scenario, the seed and the replication; its record is flat,
 * so that a worker process can hand it over.
 */
#ifndef POSIM_EXPERIMENT_RUN_H
#define POSIM_EXPERIMENT_RUN_H

#include "experiment/root.h"
#include "experiment/run_record.h"
#include "experiment/workers.h"
#include "record/shelf.h"
#include "scenario/scenario.h"

struct run_order {
    const struct root *root;
    const void *values; /* the filled root struct */
    struct job job;
    uint64_t seed;
    uint32_t tables;          /* TABLE_BIT of what to write */
    const char *trace_folder; /* where; NULL: nowhere */
    struct shelf *shelf;      /* or behind other runs, of which this one has begun; what is not to stay is dropped */
    struct run_limits limits;
    struct worker_link *link; /* to tell progress; may be NULL */
};

/* The scenario of one point; NULL and one error with all that is wrong where its values do not fit together. */
struct scenario *run_scenario_at(const struct scenario *scenario, uint64_t point, GError **error);

/* "safety", ... */
const char *run_verdict_name(enum verdict_id id);

/*
 * Makes the world of a scenario and lets it go again, noting its shares and notes: false and an error for what shows
 * only then.
 */
bool run_can_begin(const struct root *root, const void *values, uint64_t seed, struct run_record *record,
                   GError **error);

/* A record of a run that did not come to an end. */
void run_fail(struct run_record *record, struct job job, const char *why);

/* What went beyond its limits has failed, however it ended. */
void run_carry_out(const struct run_order *order, struct run_record *record);

#endif
