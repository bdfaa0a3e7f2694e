/* SPDX-License-Identifier: MIT */
/*
 * Carries out one run of a plan after the other in a worker process: the scenario at the run's point, and its trace
 * where it is to be kept (kept.h). What it remembers between runs it makes when it is needed first, and the process
 * ends with it.
 */
#ifndef POSIM_EXPERIMENT_RUNNER_H
#define POSIM_EXPERIMENT_RUNNER_H

#include "experiment/run.h"
#include "experiment/run_id.h"

struct runner {
    const struct root *root;
    const struct scenario *scenario;
    const char *folder; /* of the results */
    const char *writer; /* what the process that started this one is called */
    uint64_t seed;
    struct run_limits limits;
    /* The rest is its own, and zero at first. */
    struct scenario *point; /* the one that it had last */
    uint64_t point_number;
    struct run_ids *ids;
    struct shelf *shelf;
};

void runner_run(struct runner *runner, struct job job, struct run_record *record, struct worker_link *link);

#endif
