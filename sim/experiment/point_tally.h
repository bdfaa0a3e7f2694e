/* SPDX-License-Identifier: MIT */
/*
 * What the runs of one point came to: the values of every metric in the order of replications, and how often each
 * verdict was reached. Made from records one by one, so that no more than one point is in memory.
 */
#ifndef POSIM_EXPERIMENT_POINT_TALLY_H
#define POSIM_EXPERIMENT_POINT_TALLY_H

#include "base/interval.h"
#include "base/vector.h"
#include "experiment/run_record.h"

#define VERDICT_STATUSES (VERDICT_NOT_APPLICABLE + 1)

/* How much of the time of runs was judged; both 0 where that is no question of time. */
struct judged_time {
    uint128 ns, of_ns;
};

/* How often a set that the scenario chooses has come to nobody. */
struct share_tally {
    uint64_t empty;
    struct realised_share first; /* of those */
};

struct point_tally {
    uint64_t point;
    uint64_t runs, fine;
    VECTOR(double) metrics[METRICS]; /* of runs that were fine and have it */
    uint64_t verdicts[VERDICTS][VERDICT_STATUSES];
    struct judged_time judged[VERDICTS];
    uint32_t share_count; /* the sets that there are; the first RUN_SHARES_MOST are below */
    struct share_tally shares[RUN_SHARES_MOST];
    struct run_verdict violations[VERDICTS]; /* the first of each; text "" where there is none */
    struct run_record first_failure;         /* where fine < runs */
};

/* One metric over the runs of a point; NAN where there are too few. */
struct summary {
    size_t n;
    double mean, deviation, p05, p50, p95;
    struct interval interval, interval_p05, interval_p50, interval_p95; /* of the mean and the quantiles */
};

void point_tally_begin(struct point_tally *tally,
                       uint64_t point); /* of a zeroed one, or one that is to be used again */
void point_tally_release(struct point_tally *tally);
void point_tally_add(struct point_tally *tally, const struct run_record *record);

void point_tally_summary(const struct point_tally *tally, enum metric_id metric, struct summary *summary);

#endif
