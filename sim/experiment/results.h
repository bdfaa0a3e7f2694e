/* SPDX-License-Identifier: MIT */
/*
 * A results directory. One that is not empty is refused, unless it is forced: then what posim wrote into it is removed,
 * and nothing else is touched. Every file is written under a temporary name and renamed (record/temporary.h).
 *
 *   manifest.json   what made the results: version, compiler, libraries, command line, seed, hashes of every input
 *   inputs/         a copy of each of these, as it was read (inputs.h)
 *   scenario.yaml   the resolved scenario
 *   plan.csv        points and their swept values
 *   runs.csv        a row a run
 *   summary.csv     a row a point and metric, with intervals
 *   steady_state.csv
 *                   a row a run and metric that is a mean of observations: its warm-up and batch means
 *   timing.csv      wall time and memory by run; the only table that differs between two runs of the same plan
 *   datapackage.json, ro-crate-metadata.json
 *                   what the tables are, and how they were made, for other programs and for archives (archive.h)
 *   report.html     one page of it all, and report.tex a fragment of that for LaTeX; comparison.* and suite.* the
 *                   same of several directories of which this one is the first
 *   journal/        every run as it ended, by the process that carried it out: what --resume trusts (journal.h); which
 *                   parts are done (journal_parts.h); and
 *                   a file whose locks keep the directory to one writer (lock.h)
 *   traces/P-R/     the recorded tables of point P, replication R
 *   traces/TABLE-WRITER-N.csv.zst
 *                   where there are many runs, a recorded table of all that one process carried out (kept.h)
 *   replay/P-R/     all tables of that run, from `posim replay`
 *   plots/          figures, with their data (sim/report)
 */
#ifndef POSIM_EXPERIMENT_RESULTS_H
#define POSIM_EXPERIMENT_RESULTS_H

#include "experiment/inputs.h"
#include "experiment/run.h"
#include "scenario/scenario.h"

#define RESULTS_ERROR (results_error_quark())
GQuark results_error_quark(void);

/* What keeps a directory from being used as it is. */
enum results_error {
    RESULTS_ERROR_IN_USE,  /* another process writes to it */
    RESULTS_ERROR_DAMAGED, /* a file in it is not what was written, or is missing */
    RESULTS_ERROR_OTHER,   /* it is of another experiment, or of another version of posim */
};

/* The names of the files in the directory itself; results_write_text takes no other. */
enum results_file {
    /* Written before the first run begins, in place of older ones. */
    RESULTS_MANIFEST,
    RESULTS_SCENARIO,
    RESULTS_PLAN,
    /* Written when all is over. */
    RESULTS_RUNS,
    RESULTS_SUMMARY,
    RESULTS_STEADY,
    RESULTS_TIMING,
    RESULTS_PACKAGE,
    RESULTS_CRATE,
    RESULTS_REPORT,
    RESULTS_REPORT_TEX,
    RESULTS_COMPARISON,
    RESULTS_COMPARISON_TEX,
    RESULTS_SUITE,
    RESULTS_SUITE_TEX,
    RESULTS_FILES,
};
extern const char *const results_files[RESULTS_FILES + 1]; /* NULL-terminated */

/* What they are, by enum results_file. */
struct results_about {
    const char *meaning;
    const char *media_type;
};
extern const struct results_about results_about[RESULTS_FILES];

/* The folders in it. */
#define RESULTS_TRACES  "traces"
#define RESULTS_REPLAYS "replay"
#define RESULTS_PLOTS   "plots"

/* Whether the directory holds results of posim: its manifest is there and says so. False and an error if not. */
bool results_recognise(const char *folder, GError **error);

/* Whether it does, and they have that file; all but the first three are there when the runs are over. */
bool results_need(const char *folder, enum results_file name, GError **error);

/* Version and commit of the posim that made the results, and of this one: "posim 0.1.0 (0a1b2c3)"; g_free them. */
char *results_maker(const char *folder);
char *results_maker_now(void);

/* The name that the results were given; g_free it. */
char *results_name(const char *folder);

/* The files that the scenario was read from, with their hashes, as the manifest has them. */
struct results_input {
    const char *file, *sha256;
    const char *copy; /* NULL: none is named */
};
typedef void results_take_input(void *user, const struct results_input *input);
void results_each_input(const char *folder, results_take_input *take, void *user);

/*
 * Makes the directory (and its parents) if need be; false and an error where it cannot be used. `force` takes one that
 * is not empty. One in which somebody meant to begin, and has written nothing but the lock (lock.h), counts as empty.
 */
bool results_open(const char *folder, bool force, GError **error);

/* Whether what is in a directory that can be read may be removed: nothing, or results. False and an error. */
bool results_may_replace(const char *folder, GError **error);

/*
 * Whether a directory that is not empty holds results, which may be added to. Where another process has just begun to
 * write them it waits a little. False and an error.
 */
bool results_await(const char *folder, GError **error);

/*
 * Removes what earlier runs and replays of posim left in the directory: known names at known places, and folders that
 * are empty then. What a run replaces as it begins stays until then: the manifest, so that the directory can be told
 * for results even where this is interrupted, and the scenario, which may be what is run. False and an error where the
 * directory is not empty and holds no results, or where a file cannot be removed.
 */
bool results_clear(const char *folder, GError **error);

/*
 * Removes the files of a folder that bear one of the names (NULL-terminated), or are such a file in the making, and the
 * folder if it is empty then. Nothing where there is no such folder.
 */
bool results_clear_folder(const char *folder, const char *const *names, GError **error);

/* The same for a folder of one run's tables. */
bool results_clear_tables(const char *folder, GError **error);

/* The parts of "POINT-REPLICATION", as folders of runs are called; false for any other text. */
bool results_parse_run(const char *name, uint64_t *point, uint32_t *replication);

/* folder/traces/POINT-REPLICATION, made; g_free it. */
char *results_trace_folder(const char *folder, uint64_t point, uint32_t replication);

/*
 * Removes a run's tables from `place` (RESULTS_TRACES, RESULTS_REPLAYS): of one that did not come to its end, so that
 * nobody takes them for whole.
 */
void results_drop_run(const char *folder, const char *place, uint64_t point, uint32_t replication);

struct manifest {
    const char *name;
    const char *const *arguments; /* NULL-terminated */
    const struct scenario *scenario;
    const char *carried; /* results whose inputs are taken over; NULL: the scenario's own */
    uint64_t seed;
    uint64_t replications; /* of each point, where no rule says otherwise */
};

/* Keeps the inputs in the directory (inputs.h), then writes what made the results. False and an error. */
bool results_write_manifest(const char *folder, const struct manifest *manifest, GError **error);

/* A whole text under its final name, one of results_files, or an error. */
bool results_write_text(const char *folder, const char *name, const char *text, GError **error);

#endif
