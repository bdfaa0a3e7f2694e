/* SPDX-License-Identifier: MIT */
/*
 * A results directory. It is refused when it is not empty, unless it is forced: then what a run writes replaces files
 * of the same names, and nothing else is touched. Every file is written under a temporary name and renamed.
 *
 *   manifest.json   what made the results: version, compiler, libraries, command line, seed, hashes of every input
 *   scenario.yaml   the resolved scenario
 *   plan.csv        points and their swept values
 *   runs.csv        a row a run
 *   summary.csv     a row a point and metric, with intervals
 *   timing.csv      wall time and memory by run; the only table that differs between two runs of the same plan
 *   traces/P-R/     the recorded tables of point P, replication R
 */
#ifndef POSIM_EXPERIMENT_RESULTS_H
#define POSIM_EXPERIMENT_RESULTS_H

#include "experiment/run.h"

/* Makes the directory (and its parents) if need be; false and an error where it cannot be used. */
bool results_open(const char *folder, bool force, GError **error);

/* folder/traces/POINT-REPLICATION, made; g_free it. */
char *results_trace_folder(const char *folder, uint64_t point, uint32_t replication);

struct manifest {
    const char *name;
    const char *const *arguments; /* NULL-terminated */
    const char *const *inputs;    /* paths, NULL-terminated */
    uint64_t seed;
    uint64_t runs;
};
bool results_write_manifest(const char *folder, const struct manifest *manifest, GError **error);

/* A whole text under its final name, or an error. */
bool results_write_text(const char *folder, const char *name, const char *text, GError **error);

/* One metric over the runs that were fine and have it; NAN where there are too few. The interval is Student's t, 95 %.
 */
struct summary {
    size_t n;
    double mean, deviation, low, high, p05, p50, p95;
};
void summary_of(const struct run_record *records, uint64_t count, enum metric_id metric, struct summary *summary);

/* runs.csv, timing.csv and summary.csv from the records of every run, in plan order. */
bool results_write_tables(const char *folder, const struct run_record *records, uint64_t count, uint64_t seed,
                          const char *const *share_names, uint32_t share_count, GError **error);

#endif
