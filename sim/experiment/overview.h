/* SPDX-License-Identifier: MIT */
/*
 * How far an experiment is and what it says so far, from the journals of its directory: whoever carries it out, here or
 * elsewhere, and whether that is this process. It reads on from where it was; nothing is written. A run is taken for
 * the one of the plan whose id it has, whatever number it had when it was carried out.
 */
#ifndef POSIM_EXPERIMENT_OVERVIEW_H
#define POSIM_EXPERIMENT_OVERVIEW_H

#include "base/running_mean.h"
#include "experiment/plan.h"

#define OVERVIEW_METRICS_MOST 8

/* A run that is over, or is to come. */
struct overview_run {
    bool over, fine;
    struct metric_sample value; /* the rule's metric */
};

/* A point that has a run. */
struct overview_point {
    uint64_t number;
    uint32_t fine, failed;
    uint32_t asked;                                     /* runs that it is to have, as far as is known */
    bool closed;                                        /* it will not be more */
    enum stop_decision stop;                            /* why, by the rule */
    struct running_mean metrics[OVERVIEW_METRICS_MOST]; /* of the runs that were fine and have it */
    /* Inside: by replication. */
    VECTOR(struct overview_run) runs;
    uint32_t settled; /* all below are over */
    uint32_t decided; /* how many of them the state has */
    struct stop_state state;
};

struct overview;

/* With the metrics to show, OVERVIEW_METRICS_MOST at most. The scenario must outlive it. */
struct overview *overview_new(const char *folder, const struct root *root, const struct scenario *scenario,
                              const enum metric_id *shown, size_t shown_count);
void overview_free(struct overview *overview);

/* Reads what has come. False and an error where a journal cannot be read, or is gone. */
bool overview_refresh(struct overview *overview, GError **error);

/* Runs of the plan: those that are over, those of them that failed, and all as far as is known. */
uint64_t overview_over(const struct overview *overview);
uint64_t overview_failed(const struct overview *overview);
uint64_t overview_total(const struct overview *overview);
uint64_t overview_points(const struct overview *overview);      /* of the plan */
uint64_t overview_points_done(const struct overview *overview); /* all of whose runs are over */

/* The points that have a run, in order; valid until the next refresh. */
const struct overview_point *overview_begun(const struct overview *overview, size_t *count);

bool overview_point_is_done(const struct overview_point *point);

#endif
