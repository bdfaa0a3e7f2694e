/* SPDX-License-Identifier: MIT */
/*
 * The tables of an experiment as its figures see them: which parameters were swept (manifest.json), the points
 * (plan.csv), what each metric came to at each point (summary.csv) and in each run (runs.csv). Tables are read column
 * by column when they are asked for; results without a sweep have one point and no key.
 *
 * Life: sweep_table_open, then the rest in any order, sweep_table_release. Points are known by their place in `points`,
 * which is that in the plan, not by their numbers.
 */
#ifndef POSIM_REPORT_SWEEP_TABLE_H
#define POSIM_REPORT_SWEEP_TABLE_H

#include "base/vector.h"

#include <stdbool.h>
#include <stdint.h>

struct swept_key {
    char *key;    /* "protocol.slot" */
    char *column; /* "protocol_slot_s" */
    char *unit;   /* "s"; "": none */
    bool numeric;
};

struct swept_value {
    const char *text; /* as in the table */
    double number;    /* NAN: a text, or missing */
};

struct sweep_table {
    char *folder;
    VECTOR(struct swept_key) keys;
    VECTOR(uint64_t) points; /* their numbers, ascending */
    struct swept_value *values;
    GStringChunk *texts;
};

bool sweep_table_open(struct sweep_table *table, const char *folder, GError **error);
void sweep_table_release(struct sweep_table *table);

/* The value of a key at a point. */
const struct swept_value *sweep_table_value(const struct sweep_table *table, size_t point, size_t key);

/* The place of the key of that name (or column); keys.count where there is none. */
size_t sweep_table_find(const struct sweep_table *table, const char *name);

/* What a metric came to at one point; NAN for what summary.csv does not say. */
struct estimate {
    uint64_t n;
    double mean, low, high; /* the interval, by `method` */
    double p05, p50, p95;
    char method[16]; /* "t95"; "": no interval */
};

/* One for each point, g_free it; n is 0 where the metric has no value. NULL and an error. */
struct estimate *sweep_table_estimates(const struct sweep_table *table, const char *metric, GError **error);

/*
 * The first of the metrics named (NULL-terminated) whose mean is not the same at all points; their number where there
 * is none, or summary.csv cannot be read.
 */
size_t sweep_table_varying(const struct sweep_table *table, const char *const *names);

/* Values of a column of runs.csv in the order of replications. A verdict counts as 1 where it failed, 0 where not. */
struct run_values {
    VECTOR(double) all;
    uint64_t missing; /* runs of the point that have no value */
};

/* One for each point; sweep_table_runs_free them. NULL and an error. */
struct run_values *sweep_table_runs(const struct sweep_table *table, const char *column, GError **error);
void sweep_table_runs_free(const struct sweep_table *table, struct run_values *runs);

/* Whether any run of the points shown (by place) was fine; true where runs.csv does not tell. */
bool sweep_table_has_fine(const struct sweep_table *table, const bool *shown);

#endif
