/* SPDX-License-Identifier: MIT */
/*
 * Computes the metrics of one chain of a run from its reductions, after reductions_finish(). Blocks proposed before
 * the warm-up's end do not count; the network's totals are of the whole run. Floats appear here for the first time and
 * decide nothing; they come from sums, products and quotients in a fixed order, so they are the same everywhere.
 */
#ifndef POSIM_RECORD_METRICS_H
#define POSIM_RECORD_METRICS_H

#include "base/running_mean.h"
#include "base/series.h"
#include "record/metric.h"
#include "record/reductions.h"

/* What the checkers found (sim/check judges; this room cannot ask it). */
struct metric_verdicts {
    uint64_t safety_violations, honest_convicted;
    stake_amount evidence_stake; /* of `total_stake` */
    stake_amount total_stake;
};

/* What else a metric wants that is in no row. */
struct metric_assumptions {
    double node_power_w; /* NAN: none is assumed */
};

struct metric_values {
    double metrics[METRICS];                  /* NaN: not applicable */
    double parts[METRIC_PARTS];               /* what those that are quotients are made of; NaN: not applicable */
    struct series_mean series[METRIC_SERIES]; /* what those that are means were seen to do within the run */
};

/* `verdicts` and `assumptions` may be NULL. */
void metrics_collect(const struct reductions *reductions, chain_id chain, const struct metric_verdicts *verdicts,
                     const struct metric_assumptions *assumptions, struct metric_values *values);

/* One metric of one run, as a mean over runs wants it. */
struct metric_sample {
    double value;                  /* NaN: none */
    double numerator, denominator; /* what it is the quotient of; NaN: of nothing */
};
struct metric_sample metric_sample_none(void);
struct metric_sample metric_sample_of(const struct metric_values *values, enum metric_id metric);

/* Adds it; one without a value changes nothing. */
void metric_sample_add(const struct metric_sample *sample, struct running_mean *estimate);

/* Of a run that measured nothing. */
void metric_values_clear(struct metric_values *values);

#endif
