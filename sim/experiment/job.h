/* SPDX-License-Identifier: MIT */
/* One run of an experiment, as it is named everywhere: a point of the sweep and a replication at it. */
#ifndef POSIM_EXPERIMENT_JOB_H
#define POSIM_EXPERIMENT_JOB_H

#include <stdint.h>

struct job {
    uint64_t point;
    uint32_t replication;
};

/* What somebody who is asked for the next job answers. */
enum job_supply {
    JOB_GIVEN,
    JOB_LATER, /* none now; one may come when others are done */
    JOB_NONE,
};

#endif
