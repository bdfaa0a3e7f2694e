/* SPDX-License-Identifier: MIT */
/*
 * What one run may take. The process that started it looks on and ends what goes beyond; a run that is over before
 * anybody looked is judged by what it took, in the process that carried it out. So a limit means the same for any
 * number of workers, and for runs of any length.
 */
#ifndef POSIM_EXPERIMENT_RUN_LIMITS_H
#define POSIM_EXPERIMENT_RUN_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct run_limits {
    double timeout_s;      /* 0: none */
    uint64_t memory_bytes; /* that its process may hold, the program included; 0: no limit */
};

/* Whether there is any. */
bool run_limits_any(const struct run_limits *limits);

/* What a run that took so much has broken, in the same words for every such run, g_free it; NULL: nothing. */
char *run_limits_broken(const struct run_limits *limits, double took_s, uint64_t held_bytes);

#endif
