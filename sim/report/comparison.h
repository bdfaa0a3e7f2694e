/* SPDX-License-Identifier: MIT */
/*
 * Paired differences between the runs of two points, of one results directory or two: replication i of one against
 * replication i of the other, which have the same luck where their seeds are equal. For each metric the mean
 * difference with its interval, and whether it is established when all of them are looked at together. A pair counts as
 * one experiment, so a metric that is a quotient (orphan_rate) is compared by the runs' own quotients: what the runs of
 * a pair have in common cancels pair by pair, and on such pairs the tests were measured.
 */
#ifndef POSIM_REPORT_COMPARISON_H
#define POSIM_REPORT_COMPARISON_H

#include "base/paired.h"
#include "base/vector.h"
#include "record/metric.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The runs of one point, by replication. */
struct compared_runs {
    uint64_t point;
    char *name;                     /* what tables call it: the directory and the point */
    char *seed;                     /* as runs.csv has it */
    VECTOR(uint32_t) replications;  /* of those that were fine, ascending */
    VECTOR(double) values[METRICS]; /* one each; NAN where a metric has no value, or the table has no such column */
};

/* All points of a directory. */
struct compared_points {
    VECTOR(struct compared_runs) list; /* in the order of runs.csv */
    VECTOR(uint64_t) numbers;
};
bool compared_points_read(struct compared_points *points, const char *folder, GError **error);
void compared_points_release(struct compared_points *points);

/* The runs of a point; NULL where there is none of that number. */
const struct compared_runs *compared_points_find(const struct compared_points *points, uint64_t number);

/* One metric of one pair of points. */
struct comparison {
    enum metric_id metric;
    const struct compared_runs *first, *second;
    struct paired_difference difference;
    double adjusted_p_value; /* over all comparisons made together */
    bool established;
};

/* Pairs the runs of two points in one metric; pairs without both values are left out. */
void comparison_make(struct comparison *comparison, const struct compared_runs *first,
                     const struct compared_runs *second, enum metric_id metric);

/* Corrects for all that are looked at together (Holm 1979), and decides. */
void comparisons_decide(struct comparison *comparisons, size_t count);

#endif
