/* SPDX-License-Identifier: MIT */
/*
 * What a results directory says, gathered from its tables for a report: what was run and by what, how verdicts fell,
 * what each metric came to at each point, what was expected and whether it came so. Numbers and texts only; how they
 * are put is the pages' business (page.h). Tables are read once, row by row; of a large sweep the first points are
 * kept whole and the rest in the totals.
 *
 * Life: findings_read, then look; findings_free. The scenario is the caller's and must outlive them.
 */
#ifndef POSIM_REPORT_FINDINGS_H
#define POSIM_REPORT_FINDINGS_H

#include "base/running_mean.h"
#include "base/vector.h"
#include "check/verdict.h"
#include "experiment/root.h"
#include "report/sweep_table.h"
#include "scenario/scenario.h"

#define FINDINGS_POINTS_MOST 2000

/* What summary.csv has of one metric at one point; NAN where it has nothing. */
struct finding {
    uint64_t n;
    double mean, deviation, low, high, p05, p50, p95;
    char method[16]; /* of the interval: "hall95"; "NA": there is none */
};

/* How a verdict fell over runs. */
struct verdict_tally {
    uint64_t held, violated, open; /* open: not applicable */
};

struct findings_point {
    uint64_t number;
    size_t place; /* in the plan */
    uint64_t runs, failed;
    struct verdict_tally verdicts[VERDICTS];
    struct finding metrics[METRICS];
};

/* A verdict over all points. */
struct findings_verdict {
    struct verdict_tally runs;
    uint64_t points, points_violated; /* where it was judged at all; violated in some run */
    uint64_t fewest;                  /* runs judged at a point, of those points */
    size_t worst;                     /* the place of the point with the greatest share of violations */
    struct verdict_tally at_worst;
    char *first; /* what the first violation was, in words; NULL: nobody knows any more */
    uint64_t first_point;
    uint32_t first_replication;
};

/* A metric over all points: where it was least and greatest on the mean. */
struct findings_range {
    uint64_t points; /* that have it */
    uint64_t runs_least, runs_most;
    struct finding least, most;
    size_t least_at, most_at; /* places */
};

/* A share that was realised: a column of runs.csv. */
struct findings_share {
    char *column;
    uint64_t runs; /* that have it */
    double least, most, sum;
};

enum claim_status {
    CLAIM_REPRODUCED,   /* the interval at 99 % lies within the bounds */
    CLAIM_INCONCLUSIVE, /* it crosses one */
    CLAIM_REFUTED,      /* it lies outside */
    CLAIM_UNKNOWN,      /* the metric has no value */
};
extern const char *const claim_status_names[]; /* by enum claim_status: "reproduced" */

/* What an expectation of the scenario came to. */
struct findings_claim {
    const struct expectation *expectation;
    uint64_t points, met;                 /* by the mean, as `posim run` tells */
    uint64_t statuses[CLAIM_UNKNOWN + 1]; /* points */
    size_t shown;                         /* the place of the first point where it is not met, else of the first */
    struct finding finding;               /* there */
    double low99, high99;     /* the interval at 99 % there; equal where all runs gave one value; NAN: none */
    enum claim_status status; /* there */
    struct running_mean mean; /* private: of the point being read */
};

struct findings_input {
    char *file, *sha256;
};

struct findings {
    char *folder;                    /* as it was named */
    char *label;                     /* its own name, without what is above it */
    const struct scenario *scenario; /* NULL: it could not be read */
    const struct experiment_settings *settings;
    struct sweep_table table; /* swept keys, points, and their values */

    /* The manifest. */
    char *name, *version, *commit, *compiler, *libraries, *seed;
    char **arguments; /* NULL-terminated */
    VECTOR(struct findings_input) inputs;

    /* The tables. */
    uint64_t runs, failed;
    uint64_t fewest_runs, most_runs; /* at a point */
    double simulated_least_s, simulated_most_s;
    double judged_s, judgeable_s; /* of all runs: how much of the time liveness was judged in, and of how much */
    struct findings_verdict verdicts[VERDICTS];
    struct findings_range ranges[METRICS];
    VECTOR(struct findings_share) shares;
    VECTOR(struct findings_claim) claims;
    uint64_t stopped_at_most, stopped_failed; /* points by how replicate.until ended them: imprecise, or all failed */
    double stopped_widest; /* of the former: the longest arm of an interval beside its mean; 0: none has one */
    VECTOR(struct findings_point) points; /* the first FINDINGS_POINTS_MOST */
    char *failure;                        /* why the first failed run failed; NULL: none did, or nobody knows */
    uint64_t failure_point;
    uint32_t failure_replication;
};

/* `scenario` may be NULL. NULL and an error where the directory has no results, or they are not finished. */
struct findings *findings_read(const char *folder, const struct root *root, const struct scenario *scenario,
                               GError **error);
void findings_free(struct findings *findings);

/* The question that the scenario answers, or NULL. */
const char *findings_question(const struct findings *findings);

/* Whether several points were tried. */
bool findings_is_swept(const struct findings *findings);

/* "validators.count 4, network.latency.delay 50 ms" of the point at that place; "" where nothing is swept. g_free it.
 */
char *findings_point_values(const struct findings *findings, size_t place);

/*
 * The metrics to look at first: those that are expected, then usual ones, which in a sweep must differ between points.
 * Returns how many of `most` it found.
 */
size_t findings_key_metrics(const struct findings *findings, enum metric_id *metrics, size_t most);

/* Those of them that are not the same at every point: what a table of points shows. */
size_t findings_varying_metrics(const struct findings *findings, enum metric_id *metrics, size_t most);

/* The bounds of a claim: -INFINITY and INFINITY where it has none. */
double claim_least(const struct expectation *expectation);
double claim_most(const struct expectation *expectation);

/* What an interval says of a claim's bounds; tables have nine digits, so what differs by less counts as equal. */
enum claim_status claim_judge(const struct expectation *expectation, double low, double high);

#endif
