/* SPDX-License-Identifier: MIT */
/*
 * The metrics of a run, declared once: their names are the columns of runs.csv and the rows of summary.csv, and
 * `posim explain` gives the definitions. To add one: a line in the enum, one in metric.c, and its computation in
 * metrics.c. A metric that is a quotient of two counts names them: they are columns of runs.csv as well.
 */
#ifndef POSIM_RECORD_METRIC_H
#define POSIM_RECORD_METRIC_H

#include <stdbool.h>

enum metric_better { BETTER_NONE, BETTER_LOWER, BETTER_HIGHER };

/* In the order of columns. */
enum metric_id {
    METRIC_BLOCK_INTERVAL,
    METRIC_BLOCK_INTERVAL_P50,
    METRIC_BLOCK_INTERVAL_P95,
    METRIC_BLOCK_INTERVAL_P99,
    METRIC_CHAIN_GROWTH,
    METRIC_CHAIN_GROWTH_MIN,
    METRIC_CHAIN_QUALITY,
    METRIC_CHAIN_QUALITY_MIN,
    METRIC_COMMON_PREFIX_DEPTH_P50,
    METRIC_COMMON_PREFIX_DEPTH_P95,
    METRIC_COMMON_PREFIX_DEPTH_P99,
    METRIC_COMMON_PREFIX_DEPTH_MAX,
    METRIC_ORPHAN_RATE,
    METRIC_REORG_DEPTH_MAX,
    METRIC_REORGS,
    METRIC_FINALITY_FIRST_P50,
    METRIC_FINALITY_FIRST_P95,
    METRIC_FINALITY_FIRST_P99,
    METRIC_FINALITY_FIRST_MEAN,
    METRIC_FINALITY_TWO_THIRDS_P50,
    METRIC_FINALITY_TWO_THIRDS_P95,
    METRIC_FINALITY_TWO_THIRDS_P99,
    METRIC_FINALITY_TWO_THIRDS_MEAN,
    METRIC_FINALITY_LAST_P50,
    METRIC_FINALITY_LAST_P95,
    METRIC_FINALITY_LAST_P99,
    METRIC_FINALITY_LAST_MEAN,
    METRIC_BLOCKS_PROPOSED,
    METRIC_BLOCKS_FINAL,
    METRIC_CENSORED_BLOCKS,
    METRIC_THROUGHPUT,
    METRIC_ROUNDS_MEAN,
    METRIC_MESSAGES,
    METRIC_BYTES,
    METRIC_DELIVERIES,
    METRIC_DUPLICATE_SHARE,
    METRIC_NODE_UP_BYTES_P50,
    METRIC_NODE_UP_BYTES_MAX,
    METRIC_NODE_DOWN_BYTES_P50,
    METRIC_NODE_DOWN_BYTES_MAX,
    METRIC_QUEUE_DELAY_MEAN,
    METRIC_QUEUE_DELAY_MAX,
    METRIC_CPU_UTILISATION_MEAN,
    METRIC_CPU_UTILISATION_MAX,
    METRIC_SAFETY_VIOLATIONS,
    METRIC_LIVENESS_GAP,
    METRIC_EVIDENCE_STAKE_SHARE,
    METRIC_HONEST_CONVICTED,
    METRIC_SLASHED_STAKE,
    METRIC_GINI,
    METRIC_NAKAMOTO_COEFFICIENT,
    METRIC_LEADER_SHARE_ERROR,
    METRIC_ENERGY_PER_BLOCK,
    METRIC_INCLUSION_DELAY_MEAN,
    METRIC_INCLUSION_DELAY_P50,
    METRIC_INCLUSION_DELAY_P95,
    METRIC_INCLUSION_DELAY_P99,
    METRIC_CONFIRMATION_DELAY_MEAN,
    METRIC_CONFIRMATION_DELAY_P50,
    METRIC_CONFIRMATION_DELAY_P95,
    METRIC_CONFIRMATION_DELAY_P99,
    METRIC_WAITING_TRANSACTIONS,
    METRIC_DROPPED_SHARE,
    METRIC_MEMPOOL_BYTES_P95,
    METRIC_MEMPOOL_BYTES_MAX,
    METRIC_BLOCK_FULLNESS,
    METRIC_FEES_PAID,
    METRICS,
};

/* What some metrics are quotients of, in the order of columns; each is counted in every run. */
enum metric_part {
    PART_NONE, /* of a metric that is no such quotient */
    PART_MAIN_CHAIN_BLOCKS,
    PART_HONEST_BLOCKS,
    PART_TRANSACTIONS,
    PART_MEASURED_S,
    PART_KNOWN_BLOCKS,
    PART_ORPHANED_BLOCKS,
    PART_VOTED_HEIGHTS,
    PART_VOTED_ROUNDS,
    PART_ENTERED_TRANSACTIONS,
    PART_LOST_TRANSACTIONS,
    METRIC_PARTS,
};

/* What a metric is the mean of, in the order of a run. */
enum metric_series {
    SERIES_NONE, /* of a metric that is no mean of observations */
    SERIES_BLOCK_INTERVAL,
    SERIES_FINALITY_FIRST,
    SERIES_FINALITY_TWO_THIRDS,
    SERIES_FINALITY_LAST,
    METRIC_SERIES,
};

struct part {
    const char *name; /* as a metric's */
    const char *unit;
    const char *definition;
};

struct metric {
    const char *name; /* snake_case, the unit at the end or before the statistic */
    const char *unit; /* "s", "blocks", "1" for shares */
    const char *definition;
    const char *applies; /* when it is not NA */
    enum metric_better better;
    bool may_be_zero; /* in every run of an ordinary world: its mean then has no relative precision */
    /* A quotient: the metric over replications is the quotient of the sums, and its interval jackknife95. */
    enum metric_part numerator, denominator;
    /* A mean of observations: of one run alone its interval is batch95. */
    enum metric_series series;
};

/* By enum metric_part; all but PART_NONE. */
extern const struct part metric_parts[METRIC_PARTS];

/* By enum metric_id. */
extern const struct metric metrics[METRICS];

/* The metric of that name, or METRICS. */
enum metric_id metric_find(const char *name);

/* Whether it is a quotient of two parts. */
static inline bool metric_is_ratio(enum metric_id metric)
{
    return metrics[metric].denominator != PART_NONE;
}

/* The metric that is the mean of a series. */
enum metric_id metric_of_series(enum metric_series series);

#endif
