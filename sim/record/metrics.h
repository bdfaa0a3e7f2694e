/* SPDX-License-Identifier: MIT */
/*
 * Computes the metrics of one chain of a run from its reductions, after reductions_finish(). Blocks proposed before
 * the warm-up's end do not count; the network's totals are of the whole run. Floats appear here for the first time and
 * decide nothing; they come from sums, products and quotients in a fixed order, so they are the same everywhere.
 */
#ifndef POSIM_RECORD_METRICS_H
#define POSIM_RECORD_METRICS_H

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

/* Fills `values`, by enum metric_id; NaN: not applicable. `verdicts` and `assumptions` may be NULL. */
void metrics_collect(const struct reductions *reductions, chain_id chain, const struct metric_verdicts *verdicts,
                     const struct metric_assumptions *assumptions, double values[METRICS]);

#endif
