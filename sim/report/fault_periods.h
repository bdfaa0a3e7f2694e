/* SPDX-License-Identifier: MIT */
/* The faults of a run as periods of time, from incidents.csv, for figures that shade them. */
#ifndef POSIM_REPORT_FAULT_PERIODS_H
#define POSIM_REPORT_FAULT_PERIODS_H

#include "base/vector.h"
#include "report/figure_source.h"

struct fault_period {
    char *name;
    time_ns from_ns, until_ns; /* equal: it has no length; until is TIME_NEVER where it does not end */
};

struct fault_periods {
    VECTOR(struct fault_period) all;
};

/* Those of the chosen chain and of all; the first 1,000. Times lie within the run, which ends at `until_ns`. */
bool fault_periods_read(struct fault_periods *periods, const struct figure_source *source, const struct figure_run *run,
                        time_ns until_ns, GError **error);
void fault_periods_release(struct fault_periods *periods);

/* FILE.csv: from_s, to_s, name; a period without an end lasts until the run ends. */
bool fault_periods_save(const struct fault_periods *periods, time_ns until_ns, const char *folder, const char *file,
                        GError **error);

#endif
