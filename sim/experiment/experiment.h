/* SPDX-License-Identifier: MIT */
/*
 * An experiment: all runs of one scenario, carried out by worker processes, and their results written to a directory.
 */
#ifndef POSIM_EXPERIMENT_EXPERIMENT_H
#define POSIM_EXPERIMENT_EXPERIMENT_H

#include "experiment/results.h"
#include "scenario/scenario.h"

/* A few runs keep their traces; of more, the first one does. */
#define EXPERIMENT_TRACED_MOST 8

struct experiment {
    const struct root *root;
    const struct scenario *scenario;
    const char *const *arguments; /* the command line, for the manifest */
    const char *name;
    const char *folder;
    bool force;
    uint32_t workers;
    /* Optional; `done` runs of `total`, `share` of them all. */
    void (*progress)(void *user, uint64_t done, uint64_t total, double share);
    void *user;

    /* Results. */
    struct run_record *records; /* in plan order; experiment_release */
    uint64_t count;
    uint64_t seed;
    bool opened; /* the results directory could be used */
    bool interrupted;
};

/* Carries everything out. False and an error where the results cannot be written; failed runs are in the records. */
bool experiment_run(struct experiment *experiment, GError **error);
void experiment_release(struct experiment *experiment);

uint64_t experiment_failed(const struct experiment *experiment);

/* What one expectation came to. */
struct expectation_result {
    const struct expectation *expectation;
    bool known; /* the metric has a value */
    bool met;
    struct summary summary;
};
/* Judges the scenario's expectations; `count` of them, g_free the array. */
struct expectation_result *experiment_expectations(const struct experiment *experiment, size_t *count);

#endif
