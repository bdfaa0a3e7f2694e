/* SPDX-License-Identifier: MIT */
/*
 * Simulated time. A time or a duration is a signed count of nanoseconds since the start of the world; a float never
 * decides when something happens. An instant adds the microstep: effects without delay happen at the same time, one
 * microstep later.
 */
#ifndef POSIM_BASE_TIME_H
#define POSIM_BASE_TIME_H

#include <stdint.h>

typedef int64_t time_ns;

#define TIME_NEVER  INT64_MAX
#define NANOSECOND  ((time_ns)1)
#define MICROSECOND ((time_ns)1000)
#define MILLISECOND ((time_ns)1000000)
#define SECOND      ((time_ns)1000000000)
#define MINUTE      (60 * SECOND)
#define HOUR        (60 * MINUTE)
#define DAY         (24 * HOUR)

struct instant {
    time_ns ns;
    uint32_t microstep;
};

/* The later of two times. */
static inline time_ns time_max(time_ns a, time_ns b)
{
    return a > b ? a : b;
}

/* a + b, held at TIME_NEVER instead of overflowing; b must not be negative. */
static inline time_ns time_add(time_ns a, time_ns b)
{
    return a > TIME_NEVER - b ? TIME_NEVER : a + b;
}

#endif
