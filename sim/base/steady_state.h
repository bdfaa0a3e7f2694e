/* SPDX-License-Identifier: MIT */
/*
 * The mean of one long series of correlated values, as one run leaves it: where its warm-up ends, and an interval of
 * the mean after it. Pure functions on doubles, pinned as in statistics.h; values in the order in which they came, in
 * any one unit, finite.
 *
 * The warm-up is cut by MSER-5: the cut that makes the standard error of what is left, by means of five, the smallest
 * (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69(6), 1997; White,
 * Cobb, Spratt, WSC 2000). The rest is divided into 20 batches, few and long, since more would buy little (Schmeiser,
 * "Batch size effects in the analysis of simulation output", Operations Research 30(3), 1982), and their means go
 * through interval_of_moments.
 *
 * Whether batches are long enough is asked of 400 shorter ones, since 20 cannot tell: the correlation of neighbours'
 * ranks must be at most .3, when batches 20 times as long are nearly independent (Law, Carson, "A sequential procedure
 * for determining the length of a steady-state simulation", Operations Research 27(5), 1979, ask for .4). Ranks, since
 * a series in which the rare long bursts of its process are missing looks less correlated, and has too low a mean. For
 * the same reason the interval is made 1 + 20 r^2 times as wide, r that correlation: so fitted, intervals cover 93 % at
 * all lengths at which they are given in 5 % of runs (tests/README.md). A series that is much too short gives none.
 */
#ifndef POSIM_BASE_STEADY_STATE_H
#define POSIM_BASE_STEADY_STATE_H

#include "base/interval.h"

#include <stddef.h>

#define STEADY_BATCHES          20
#define STEADY_SHORT_BATCHES    400
#define STEADY_MOST_CORRELATION 0.3 /* of neighbours' ranks among the short batches */

enum steady_verdict {
    STEADY,            /* "steady" */
    STEADY_TOO_SHORT,  /* "too short": fewer than 400 values after the warm-up */
    STEADY_WARMING,    /* "warming up": MSER-5 would cut half or more */
    STEADY_CORRELATED, /* "correlated": batches are too short to be independent */
    STEADY_CONSTANT,   /* "constant": all batch means are equal */
    STEADY_VERDICTS,
};

/* As a report says it. */
const char *steady_verdict_name(enum steady_verdict verdict);

struct steady_mean {
    enum steady_verdict verdict;
    size_t warm_up;           /* values left out at the front */
    size_t batch_size;        /* values in each of the 20 batches; 0 if there are none */
    double mean;              /* of the values in batches, else of all after the warm-up; NAN for none */
    double correlation;       /* of neighbours' ranks among the 400 short batches; NAN if there are none */
    struct interval interval; /* "batch95"; NONE unless steady */
};

/* The values to leave out at the front, a multiple of 5 below half of them; `count` if cutting half or more is best. */
size_t mser5_warm_up(const double *values, size_t count);

/* After a warm-up that was cut already. */
struct steady_mean batch_mean_of(const double *values, size_t count);

/* Both. */
struct steady_mean steady_mean_of(const double *values, size_t count);

#endif
