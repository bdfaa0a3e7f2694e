/* SPDX-License-Identifier: MIT */
#include "report/findings_parts.h"

#include "base/interval.h"

#include <math.h>
#include <string.h>

/* Tables print nine digits, bounds may have more. */
#define SLACK 2e-9

#define CONFIDENCE 0.99 /* as in tests/scenario/test_reproductions.c */

const char *const claim_status_names[] = {
    [CLAIM_REPRODUCED] = "reproduced",
    [CLAIM_INCONCLUSIVE] = "inconclusive",
    [CLAIM_REFUTED] = "refuted",
    [CLAIM_UNKNOWN] = "not measured",
};

double claim_least(const struct expectation *expectation)
{
    struct ratio bound = expectation->minimum;
    return bound.denominator ? (double)bound.numerator / (double)bound.denominator : -INFINITY;
}

double claim_most(const struct expectation *expectation)
{
    struct ratio bound = expectation->maximum;
    return bound.denominator ? (double)bound.numerator / (double)bound.denominator : INFINITY;
}

static bool reaches(double value, double bound)
{
    return value >= bound || (isfinite(bound) && value >= bound - SLACK * fabs(bound));
}

enum claim_status claim_judge(const struct expectation *expectation, double low, double high)
{
    double least = claim_least(expectation), most = claim_most(expectation);
    if (isnan(low) || isnan(high))
        return CLAIM_INCONCLUSIVE;
    if (reaches(low, least) && reaches(-high, -most))
        return CLAIM_REPRODUCED;
    return reaches(high, least) && reaches(-low, -most) ? CLAIM_INCONCLUSIVE : CLAIM_REFUTED;
}

void findings_add_claims(struct findings *findings)
{
    if (!findings->settings)
        return;
    const struct expectation *expectations = findings->settings->expect.items;
    for (size_t i = 0; i < findings->settings->expect.count; i++)
        vector_push(&findings->claims,
                    (struct findings_claim){.expectation = &expectations[i], .status = CLAIM_UNKNOWN});
}

/* The interval of the mean of what was read; the value itself where all runs gave the same one. */
static void find_interval(const struct running_mean *mean, double *low, double *high)
{
    struct interval interval = running_mean_interval(mean, CONFIDENCE);
    *low = interval.low;
    *high = interval.high;
    if (running_mean_count(mean) && !moments_differ(&mean->moments, fabs(mean->moments.mean)))
        *low = *high = running_mean_value(mean);
}

/* Of one run alone the batches of its observations say how well a mean is known: at 95 %, so that is no claim at 99. */
static void take_batches(struct running_mean *mean, const struct finding *finding)
{
    bool batched = strcmp(finding->method, interval_method_name(INTERVAL_BATCH)) == 0;
    if (batched && running_mean_count(mean) == 1)
        running_mean_take_steady(mean, finding->mean, (struct interval){finding->low, finding->high, INTERVAL_BATCH});
}

void findings_judge_claim(struct findings_claim *claim, size_t place, const struct finding *finding)
{
    double low = NAN, high = NAN;
    take_batches(&claim->mean, finding);
    find_interval(&claim->mean, &low, &high);
    double mean = running_mean_value(&claim->mean);
    bool known = running_mean_count(&claim->mean) > 0,
         met = known && claim_judge(claim->expectation, mean, mean) == CLAIM_REPRODUCED;
    enum claim_status status = known ? claim_judge(claim->expectation, low, high) : CLAIM_UNKNOWN;
    if (claim->points == 0 || (!met && claim->met == claim->points)) {
        claim->shown = place;
        claim->finding = *finding;
        claim->low99 = low;
        claim->high99 = high;
        claim->status = status;
    }
    claim->points++;
    claim->met += met;
    claim->statuses[status]++;
    running_mean_clear(&claim->mean);
}
