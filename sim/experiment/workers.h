/* SPDX-License-Identifier: MIT */
/*
 * Runs independent jobs in worker processes, so that a crash costs one job and no state leaks between them. Jobs are
 * numbered 0 to count - 1; who runs which depends on timing, what is made of the results must not: the caller keeps
 * them by number. A job's result is a flat record of at most WORKERS_RECORD_MOST bytes.
 */
#ifndef POSIM_EXPERIMENT_WORKERS_H
#define POSIM_EXPERIMENT_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKERS_RECORD_MOST 65536

struct worker_link; /* a worker's way of telling how far its job is */

struct workers {
    uint64_t count;
    uint32_t processes; /* at least 1 */
    size_t record_size;
    /* In a worker process: fills `record` (zeroed). */
    void (*run)(void *user, uint64_t job, void *record, struct worker_link *link);
    /*
     * In the calling process, as jobs end in any order: `record` is NULL where the worker died or was stopped in the
     * midst of it, `why` then says how. Nobody is at work on that job any more.
     */
    void (*done)(void *user, uint64_t job, const void *record, const char *why);
    /* Optional; in the calling process: `share` of the job is done. */
    void (*progress)(void *user, uint64_t job, double share);
    void *user;
};

/* Runs all jobs; false where it was interrupted (SIGINT, SIGTERM), with the workers stopped. */
bool workers_run(const struct workers *workers);

/* Called by a job now and then; cheap. */
void worker_progress(struct worker_link *link, double share);

#endif
