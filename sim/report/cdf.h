/* SPDX-License-Identifier: MIT */
/*
 * The distribution of durations as a curve of few points. Durations of which only a lower bound was seen count as
 * censored: the curve is one minus the product limit of Kaplan and Meier (JASA 1958), and ends where nothing is known
 * of what lasts longer. Without censored ones it is the empirical distribution function.
 */
#ifndef POSIM_REPORT_CDF_H
#define POSIM_REPORT_CDF_H

#include "record/survival.h"

#define CDF_POINTS 2000

struct cdf {
    VECTOR(struct duration) durations;
};

struct cdf_point {
    time_ns length_ns;
    double share; /* of durations that end within length_ns */
};

void cdf_add(struct cdf *cdf, time_ns length_ns, bool ended);
void cdf_release(struct cdf *cdf);

/* The shortest that ended; TIME_NEVER: none did. */
time_ns cdf_shortest(const struct cdf *cdf);

size_t cdf_censored(const struct cdf *cdf);

/*
 * At most CDF_POINTS points of the step function, the first (share 0, at the shortest) and last included; no step left
 * out is higher than 1/1000. Returns their number, 0 where no duration ended. Sorts the durations.
 */
size_t cdf_points(struct cdf *cdf, struct cdf_point points[CDF_POINTS]);

/*
 * What an axis should show: from 0, or from the shortest length where all are much alike, to the longest, or a little
 * beyond the 99 % quantile where that is far from the longest. Logarithmic from the shortest to the longest where the
 * 99 % quantile is far from the median. Where all lengths are 0 it shows a millisecond.
 */
struct cdf_span {
    time_ns from_ns, to_ns, longest_ns;
    double beyond; /* share of durations longer than to_ns; NAN where the data do not say */
    bool logarithmic;
};
struct cdf_span cdf_span(struct cdf *cdf);

/* The shortest length within which that share ends; TIME_NEVER where the data do not say. */
time_ns cdf_quantile(struct cdf *cdf, double share);

#endif
