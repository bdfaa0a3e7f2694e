/* SPDX-License-Identifier: MIT */
/*
 * Quantiles of durations of which some had not ended when the run did. Such a duration is known only to be longer than
 * what was seen of it; dropping it would make the rest look better. The estimate is that of Kaplan and Meier,
 * "Nonparametric estimation from incomplete observations", JASA 1958, the product limit; without censoring it is the
 * nearest-rank quantile.
 */
#ifndef POSIM_RECORD_SURVIVAL_H
#define POSIM_RECORD_SURVIVAL_H

#include "base/time.h"
#include "base/vector.h"

#include <stdbool.h>

struct duration {
    time_ns length_ns;
    bool ended; /* false: it lasted at least so long */
};

struct durations {
    struct duration each;
    uint64_t count; /* how many there are of it */
};

struct survival {
    VECTOR(struct durations) durations;
    bool sorted;
};

void survival_add(struct survival *survival, time_ns length_ns, bool ended);
void survival_add_many(struct survival *survival, time_ns length_ns, uint64_t how_many, bool ended);
void survival_release(struct survival *survival);

/* The shortest duration within which `percent` of them end; TIME_NEVER where the data do not say. */
time_ns survival_quantile(struct survival *survival, uint32_t percent);

#endif
