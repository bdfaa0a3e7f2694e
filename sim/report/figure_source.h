/* SPDX-License-Identifier: MIT */
/*
 * A results directory as figures see it: which runs have traces, and what a figure must say of them. Figures of
 * distributions pool the replications of one point; those of a course of events take the first one; those of a sweep
 * need no traces. What a caller chooses (a run, a chain, a warm-up) is set in the struct between figure_source_open and
 * the first figure.
 */
#ifndef POSIM_REPORT_FIGURE_SOURCE_H
#define POSIM_REPORT_FIGURE_SOURCE_H

#include "base/ids.h"
#include "base/time.h"
#include "experiment/kept_tables.h"
#include "record/table.h"
#include "report/rows.h"

#define HEIGHT_ANY UINT64_MAX

struct figure_run {
    uint64_t point;
    uint32_t replication;
    char *folder;                   /* of its traces, where it has one */
    char *replay;                   /* where `posim replay` puts those that it records in full */
    const struct kept_tables *kept; /* the traces that runs share; the source's */
    time_ns until_ns;               /* when it ended; TIME_NEVER: runs.csv does not say */
};

struct figure_source {
    char *folder;
    struct kept_tables *kept;
    struct figure_run *runs; /* of one point, by replication */
    size_t run_count;
    char *seed;         /* as in runs.csv; NULL where there is none */
    size_t points;      /* that have traces */
    chain_id chain;     /* chosen: 0 */
    time_ns warmup_ns;  /* chosen: blocks proposed earlier do not count for distributions; 0 */
    uint64_t height;    /* chosen: for the space-time diagram; HEIGHT_ANY */
    const void *params; /* chosen: of the figure, as its table fills them; NULL where it has none */
};

/*
 * `run` as "0-0" chooses one, by its traces or its replay; NULL takes all replications of the first point that has
 * traces, or if there are none all of the first that was replayed. Results without either have no run to show.
 */
bool figure_source_open(struct figure_source *source, const char *folder, const char *run, GError **error);
void figure_source_release(struct figure_source *source);

/*
 * A run's table: in its folder, among those that runs share, or else of its replay; rows_close it. NULL and an error
 * where there is none.
 */
struct rows *figure_source_rows(const struct figure_run *run, enum table table, const char *const *columns,
                                GError **error);

/* Whether the run has it. */
bool figure_source_run_has(const struct figure_run *run, enum table table);

/* Whether every run has it, or the first one does. */
bool figure_source_has(const struct figure_source *source, enum table table, bool every_run);

/* Validators of the chosen chain in the first run; 0 where validators.csv is not recorded. */
uint64_t figure_source_validators(const struct figure_source *source);

/*
 * What a figure says of its data, as "175 validators; seed 42; 3 runs"; one run is named if there are several. `pooled`
 * figures used all runs, others the first. g_free it.
 */
char *figure_source_note(const struct figure_source *source, bool pooled);

/* Only "; seed 42", or nothing. */
void figure_source_append_seed(const struct figure_source *source, GString *note);

#endif
