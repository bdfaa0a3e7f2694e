/* SPDX-License-Identifier: MIT */
/* What `posim run` has taken note of (telling.c), for those who tell it: people or programs. */
#ifndef POSIM_CLI_TELLING_INSIDE_H
#define POSIM_CLI_TELLING_INSIDE_H

#include "base/vector.h"
#include "cli/stops.h"
#include "cli/telling.h"
#include "cli/warnings.h"

enum { POINTS_TOLD = 24, FAILURES_TOLD = 5 };

/* A point as it is shown. */
struct noted {
    uint64_t point;
    uint64_t runs, fine;
    struct summary metrics[METRICS];
    struct series_mean series[METRIC_SERIES]; /* of its one run */
};

/* What an expectation came to over all points. */
struct judged {
    uint64_t points, met;
    struct expectation_result first; /* not met, or else of the first point */
    uint64_t first_point;
};

struct telling {
    const struct cli *cli;
    const struct scenario *scenario;
    const struct experiment_settings *settings;
    VECTOR(struct noted) points; /* POINTS_TOLD at most */
    uint64_t verdicts[VERDICTS][VERDICT_STATUSES];
    struct judged_time times[VERDICTS];
    char violations[VERDICTS][480]; /* the first one */
    struct judged *judged;          /* by expectation */
    unsigned failures;
    char failed[FAILURES_TOLD][480];
    struct warm_up_tally warm_up;
    struct warnings *warnings;
    struct stops *stops;
};

void telling_tell_people(const struct telling *telling, const struct experiment *experiment);
void telling_tell_json(const struct telling *telling, const struct experiment *experiment);

#endif
