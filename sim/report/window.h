/* SPDX-License-Identifier: MIT */
/* Stretches of time that are easily said, into which the course of a run is divided. Pure functions. */
#ifndef POSIM_REPORT_WINDOW_H
#define POSIM_REPORT_WINDOW_H

#include "base/time.h"

/* The least width not below `least_ns` that is 1, 2, 5 times a power of ten, or a part of a minute, hour or day. */
time_ns window_width(time_ns least_ns);

/* "20 s", or "min" for one minute: what stands behind "per"; in the largest unit of which it is whole. g_free it. */
char *window_text(time_ns width_ns);

#endif
