/* SPDX-License-Identifier: MIT */
/*
 * Runs independent jobs in worker processes, so that a crash costs one job and no state leaks between them. Jobs are
 * supplied one by one, when a worker is free; who runs which depends on timing, what is made of the results must not. A
 * job's result is a flat record of at most WORKERS_RECORD_MOST bytes. A job that takes too long or too much memory is
 * killed with its worker, and fails alone.
 */
#ifndef POSIM_EXPERIMENT_WORKERS_H
#define POSIM_EXPERIMENT_WORKERS_H

#include "experiment/job.h"
#include "experiment/run_limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKERS_RECORD_MOST 65536

struct worker_link; /* a worker's way of telling how far its job is */

struct workers {
    uint32_t processes; /* at least 1 */
    size_t record_size;
    struct run_limits limits; /* of one job, which is looked at now and then */
    /* In the calling process: the next job. JOB_LATER is asked again when one is done. */
    enum job_supply (*next)(void *user, struct job *job);
    /* In a worker process: fills `record` (zeroed). */
    void (*run)(void *user, struct job job, void *record, struct worker_link *link);
    /*
     * In the calling process, as jobs end in any order: `record` is NULL where the worker died, `why` then says how.
     * False ends it all, as an interrupt does.
     */
    bool (*done)(void *user, struct job job, const void *record, const char *why);
    /* Optional; in the calling process: `sum` is that of the shares done of the jobs under way. */
    void (*progress)(void *user, double sum);
    /* Optional; in the calling process, after an interrupt: this job was under way and is lost. */
    void (*lost)(void *user, struct job job);
    void *user;
};

/* Runs all jobs; false where it was interrupted (SIGINT, SIGTERM), with the workers stopped. */
bool workers_run(const struct workers *workers);

/* Which of the processes a job is in, from 0: no two that are alive have the same number. */
uint32_t worker_number(const struct worker_link *link);

/* Called by a job now and then; cheap. */
void worker_progress(struct worker_link *link, double share);

#endif
