/* SPDX-License-Identifier: MIT */
/*
 * When to stop replicating: `until: {metric, rel_halfwidth, ci}`. Replications are added one at a time in plan order;
 * after every STOP_BATCH of them the rule is asked once, so that what is decided depends on no number of workers.
 *
 * A rule that stops as soon as an interval is narrow stops where the deviation happens to look small, and its interval
 * covers less than it says: Student's covers 91 % of exponential and 85 % of lognormal means at a relative half-width
 * of .5. Hence three corrections, chosen by measured coverage (tests/README.md): the interval is interval_of_moments,
 * the longer of its two arms counts, and it must be short enough at STOP_IN_A_ROW decisions in a row, so that nothing
 * stops before 30 replications. Of ratios it is interval_of_ratio_at, asked for only where the normal interval by
 * running_mean_error is short enough. Chow, Robbins, "On the asymptotic theory of fixed-width sequential confidence
 * intervals for the mean", Ann. Math. Statist. 36, 1965; Law, Kelton, Koenig, "Relative width sequential confidence
 * intervals for the mean", Commun. Statist. B 10, 1981.
 */
#ifndef POSIM_BASE_STOP_RULE_H
#define POSIM_BASE_STOP_RULE_H

#include "base/running_mean.h"

#include <stdbool.h>
#include <stdint.h>

#define STOP_BATCH    10 /* replications */
#define STOP_IN_A_ROW 3  /* decisions */

struct stop_rule {
    double relative_half_width; /* of the interval, as a share of the mean's size: positive, as .05 */
    double confidence;          /* above .5, below 1, as .95 */
    uint64_t fewest;            /* replications before which nothing stops */
    uint64_t most;              /* replications at which all stops; at least 1 */
};

enum stop_decision {
    STOP_NOT_YET,
    STOP_PRECISE, /* as narrow as was asked for */
    STOP_MOST,    /* no more replications are allowed */
    STOP_FAILED,  /* none of the replications came to its end, so more would not either */
    STOP_DECISIONS,
};

/* "reached", "max", "failed"; "NA" for STOP_NOT_YET, which is also what there is without a rule. */
const char *stop_decision_name(enum stop_decision decision);

/* What the replications so far said of one metric at one point; zeroed (`{0}`) before the first. */
struct stop_state {
    struct running_mean
        estimate;    /* of the replications that had a value: add to it; running_mean_release when all is over */
    unsigned held;   /* decisions in a row that were narrow enough */
    uint64_t failed; /* replications that did not come to their end; they have no value */
};

/* How many replications there must be for the next decision, when there are `replications` now. */
uint64_t stop_rule_next(const struct stop_rule *rule, uint64_t replications);

/*
 * To be asked once at each number of replications that stop_rule_next named, those without a value counted. Where all
 * values are equal there is no interval: another value then has a chance of up to 3 / count, and this is held against
 * the relative half-width. A mean of 0 is never precise, nor is
 * a last batch that `most` cut short. Where all replications failed it ends at once.
 */
enum stop_decision stop_state_decide(struct stop_state *state, const struct stop_rule *rule, uint64_t replications);

/* Whether `most` leaves room for as many decisions in a row as it takes to stop before. */
bool stop_rule_can_hold(const struct stop_rule *rule);

/* The longer arm of the mean's interval beside the mean's size, as .05; NAN where there is no interval, or the mean is
 * 0. */
double stop_relative_half_width(const struct running_mean *estimate, double confidence);

#endif
