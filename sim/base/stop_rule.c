/* SPDX-License-Identifier: MIT */
#include "base/stop_rule.h"

#include "base/assert.h"
#include "base/statistics.h"

#include <math.h>

const char *stop_decision_name(enum stop_decision decision)
{
    static const char *const names[STOP_DECISIONS] = {
        [STOP_NOT_YET] = "NA", [STOP_PRECISE] = "reached", [STOP_MOST] = "max", [STOP_FAILED] = "failed"};
    return names[decision];
}

uint64_t stop_rule_next(const struct stop_rule *rule, uint64_t replications)
{
    uint64_t next = replications - replications % STOP_BATCH + STOP_BATCH;
    return next < rule->most ? next : rule->most;
}

/* Student's t is never below the normal quantile, which is had for a hundredth of the time. */
static bool is_far_too_wide(const struct running_mean *estimate, double confidence, double wanted)
{
    return running_mean_count(estimate) >= INTERVAL_FEWEST_MEAN &&
           running_mean_error(estimate) * normal_distribution_quantile((1 + confidence) / 2) > wanted;
}

static bool is_narrow(const struct running_mean *estimate, const struct stop_rule *rule)
{
    uint64_t count = running_mean_count(estimate);
    double mean = running_mean_value(estimate), size = fabs(mean), wanted = rule->relative_half_width * size;
    if (!(size > 0) || is_far_too_wide(estimate, rule->confidence, wanted))
        return false;
    struct interval interval = running_mean_interval(estimate, rule->confidence);
    if (interval.method == INTERVAL_NONE)
        return count >= INTERVAL_FEWEST_MEAN && 3 <= rule->relative_half_width * (double)count;
    return interval.high - mean <= wanted && mean - interval.low <= wanted;
}

enum stop_decision stop_state_decide(struct stop_state *state, const struct stop_rule *rule, uint64_t replications)
{
    REQUIRE(rule->relative_half_width > 0 && rule->most > 0);
    if (state->failed == replications)
        return STOP_FAILED;
    bool whole_batch = replications % STOP_BATCH == 0;
    state->held = whole_batch && is_narrow(&state->estimate, rule) ? state->held + 1 : 0;
    if (state->held >= STOP_IN_A_ROW && replications >= rule->fewest)
        return STOP_PRECISE;
    return replications >= rule->most ? STOP_MOST : STOP_NOT_YET;
}

bool stop_rule_can_hold(const struct stop_rule *rule)
{
    return rule->most / STOP_BATCH >= STOP_IN_A_ROW;
}

double stop_relative_half_width(const struct running_mean *estimate, double confidence)
{
    double mean = running_mean_value(estimate);
    struct interval interval = running_mean_interval(estimate, confidence);
    if (isnan(interval.low) || !(fabs(mean) > 0))
        return NAN;
    return fmax(mean - interval.low, interval.high - mean) / fabs(mean);
}
