/* SPDX-License-Identifier: MIT */
/*
 * How a metric spreads over the runs of each place in a figure (a value of x and a style): what distributions over
 * replications are drawn from. Where further keys vary, the runs of all their values are pooled; the mean then has no
 * interval, since those runs are not alike.
 */
#ifndef POSIM_REPORT_SPREAD_H
#define POSIM_REPORT_SPREAD_H

#include "report/sweep_note.h"

struct spread_group {
    size_t x, style; /* levels */
    size_t points;   /* that are pooled in it */
    double *values;  /* sorted */
    size_t count;
    uint64_t missing;       /* runs without a value */
    double mean, low, high; /* of one point as summary.csv has them, of several the mean of all runs; NAN: none */
    char method[16];        /* by which; "": none */
};

struct spread {
    const struct sweep_keys *keys;
    VECTOR(struct spread_group) groups; /* by x, then by style; none is empty */
    struct sweep_basis basis;
    size_t most_replications; /* runs of one point that have a value */
    double least, most;       /* of all values and ends of intervals */
    double positive;          /* the least above 0; INFINITY: none */
    struct scale scale;       /* of the metric's axis */
};

/* False and an error where a table cannot be read, or no run shown has a value. */
bool spread_read(struct spread *spread, const struct sweep_keys *keys, const char *metric, GError **error);
void spread_release(struct spread *spread);

/* By nearest rank. */
double spread_quantile(const struct spread_group *group, double share);

#endif
