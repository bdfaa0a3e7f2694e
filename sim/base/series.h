/* SPDX-License-Identifier: MIT */
/*
 * What one long run observed of a thing, in bounded memory, for the mean of it (steady_state.h): the first SERIES_MOST
 * observations as they are, of more the means of pairs, of fours, and so on, so that there are never more than
 * SERIES_MOST values and, once there have been, never less than half of them. Observations that do not fill a last
 * value are left out. One that is zeroed (`{0}`) is empty; release it.
 */
#ifndef POSIM_BASE_SERIES_H
#define POSIM_BASE_SERIES_H

#include "base/steady_state.h"
#include "base/time.h"
#include "base/vector.h"

#include <stdbool.h>
#include <stdint.h>

#define SERIES_MOST 8192

struct series {
    VECTOR(double) values; /* means of `group` observations each */
    VECTOR(time_ns) times; /* when the first of each was */
    uint64_t group;        /* a power of 2; 0 before the first */
    uint64_t observations; /* all that were added */
    double sum;            /* of those that fill no value yet */
    uint64_t waiting;      /* how many these are */
    time_ns waiting_since;
};

/* Observations in the order of their times; finite. */
void series_add(struct series *series, double value, time_ns at);
void series_release(struct series *series);

/* What a series says of the mean. Flat, so that it can be kept with a run. */
struct series_mean {
    enum steady_verdict verdict;
    uint64_t observations;
    uint64_t warm_up;         /* observations left out at the front, by MSER-5 */
    time_ns warm_up_ns;       /* when the first one kept was; TIME_NEVER: no warm-up's end was found */
    uint64_t batch_size;      /* observations in each of the STEADY_BATCHES; 0 if there are none */
    double mean, correlation; /* as in struct steady_mean; without an end of the warm-up, of the second half */
    double low, high;         /* of the interval, batch95; NAN unless steady */
};

struct series_mean series_mean_of(const struct series *series);

/* None at all: too short. */
struct series_mean series_mean_none(void);

/* Its interval; interval_none() unless steady. */
struct interval series_mean_interval(const struct series_mean *mean);

/*
 * Whether MSER-5 can be believed: it takes what wanders slowly for a warm-up, so what it keeps (of a series without an
 * end of the warm-up, the second half) must not be correlated.
 */
bool series_mean_is_telling(const struct series_mean *mean);

/* Whether it is, and would leave out so much that it is no accident: more than a twentieth, or no end was found. */
bool series_mean_warms_up(const struct series_mean *mean);

#endif
