/* SPDX-License-Identifier: MIT */
/*
 * An experiment: all runs of one scenario, carried out by worker processes, and their results written to a directory.
 * What is carried out goes into the directory's journal at once; tables are made from the journal when all is there, in
 * the order of the plan. So an experiment that was stopped goes on (`resume`), parts of it can be carried out apart
 * (`shards`) and put together (`merged`), and the tables are the same bytes each time.
 */
#ifndef POSIM_EXPERIMENT_EXPERIMENT_H
#define POSIM_EXPERIMENT_EXPERIMENT_H

#include "experiment/point_tally.h"
#include "experiment/results.h"
#include "experiment/run_limits.h"
#include "scenario/scenario.h"

struct experiment_progress {
    uint64_t done, failed; /* runs; those that were done before count as done */
    uint64_t total;        /* as far as it is known */
    double share;          /* of them all, parts of runs included */
};

struct experiment {
    const struct root *root;
    const struct scenario *scenario;
    const char *const *arguments; /* the command line, for the manifest */
    const char *name;
    const char *folder;
    bool force;                /* the directory has results, which may be replaced */
    bool resume;               /* it may have results of the same experiment, which stay; others are refused */
    bool changes;              /* with resume: the experiment may have got other points or runs since */
    bool mixes_versions;       /* those may come from other versions of posim */
    bool only_merges;          /* nothing is carried out: all runs must be there */
    const char *const *merged; /* further directories whose journals count, NULL-terminated; may be NULL */
    uint32_t workers;
    uint32_t shard, shards; /* number `shard`, from 0, of `shards` parts; 0, 0: all. A part makes no tables. */
    struct run_limits limits;
    const char *transport; /* the module by which ranks speak, where mpirun started this; NULL: there is none */
    /* Optional, before the directory is touched: false and an error stop it. */
    bool (*prepare)(struct experiment *experiment, GError **error);
    /* Optional: how far it is; and what each point came to, in order, when all is over. */
    void (*progress)(void *user, const struct experiment_progress *progress);
    void (*point)(void *user, const struct point_tally *tally);
    void *user;

    /* Results. */
    uint64_t points, runs, failed;
    uint64_t found;     /* runs that needed not be carried out, since the journal had them */
    uint64_t left_over; /* runs on record that are of no point or replication any more */
    uint64_t seed;
    bool opened; /* the results directory could be used */
    bool interrupted;
    bool follows;  /* another rank leads, and tells what came of it */
    char **lost;   /* a text for each table of kept traces that lacks runs (kept.h); NULL: unknown. g_strfreev it */
    char *missing; /* what is not there at all of them; NULL: nothing is missing, or it is unknown. g_free it */
};

/* Carries everything out. False and an error where results cannot be read or written. */
bool experiment_run(struct experiment *experiment, GError **error);

/* What an expectation came to at one point. */
struct expectation_result {
    const struct expectation *expectation;
    bool known; /* the metric has a value */
    bool met;
    struct summary summary;
};
void expectation_judge(const struct expectation *expectation, const struct point_tally *tally,
                       struct expectation_result *result);

#endif
