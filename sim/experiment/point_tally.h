/* SPDX-License-Identifier: MIT */
/*
 * What the runs of one point came to: the values of every metric in the order of replications, and how often each
 * verdict was reached. Made from records one by one, so that no more than one point is in memory.
 */
#ifndef POSIM_EXPERIMENT_POINT_TALLY_H
#define POSIM_EXPERIMENT_POINT_TALLY_H

#include "base/running_mean.h"
#include "base/stop_rule.h"
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

/* What MSER-5 says of time.warmup: of the series that can tell (series.h), those that it was too short for. */
struct warm_up_tally {
    uint64_t series, late;
    struct late_warm_up {
        enum metric_id metric;
        struct job job;
        time_ns until_ns; /* TIME_NEVER: it never settled */
    } latest;
};

struct point_tally {
    uint64_t point;
    uint64_t runs, fine;
    enum stop_decision stop; /* why there are no more runs; STOP_NOT_YET without a rule, or where nobody has said */
    VECTOR(double) metrics[METRICS];          /* of runs that were fine and have it */
    struct running_mean means[METRICS];       /* of them; of ratios by what they are ratios of */
    struct series_mean series[METRIC_SERIES]; /* of the first run that was fine */
    struct warm_up_tally warm_up;
    uint64_t verdicts[VERDICTS][VERDICT_STATUSES];
    struct judged_time judged[VERDICTS];
    uint32_t share_count; /* the sets that there are; the first RUN_SHARES_MOST are below */
    struct share_tally shares[RUN_SHARES_MOST];
    struct run_verdict violations[VERDICTS];           /* the first of each; text "" where there is none */
    char notes[sizeof((struct run_record *)0)->notes]; /* of the first run that was fine */
    struct run_record first_failure;                   /* where fine < runs */
};

/* Joins what another point came to. */
void warm_up_tally_add(struct warm_up_tally *tally, const struct warm_up_tally *other);

/*
 * One metric over the runs of a point; NAN where there are too few. The mean of ratios is the ratio of the sums. Of one
 * run alone, a metric that is a mean of observations has the mean of their batches, if they were steady.
 */
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
