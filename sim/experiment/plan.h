/* SPDX-License-Identifier: MIT */
/*
 * The plan of an experiment: which runs there are, in which order, and which of them this process is to carry out. It
 * is walked, never written out: points come from the scenario one after the other, and of a point that is over little
 * is kept: its number, its runs, their id.
 *
 * With a rule for stopping (replicate.until, base/stop_rule.h) the runs of a point come in batches of a fixed size, and
 * after each whole batch the rule is asked, with the values in the order of replications: so the number of workers, and
 * who was faster, never changes how many runs there are. A point all of whose runs have failed by such a decision is
 * over.
 */
#ifndef POSIM_EXPERIMENT_PLAN_H
#define POSIM_EXPERIMENT_PLAN_H

#include "base/stop_rule.h"
#include "experiment/journal.h"
#include "experiment/root.h"
#include "scenario/scenario.h"

struct plan;

struct plan_options {
    const struct root *root;
    const struct scenario *scenario;
    struct journal_index *done; /* runs that need not be carried out again; may be NULL */
    uint32_t shard, shards;     /* this is number `shard` (from 0) of `shards`; 0, 1: all of it */
};

struct plan *plan_new(const struct plan_options *options);
void plan_free(struct plan *plan);

/* The next run to carry out. */
enum job_supply plan_next(struct plan *plan, struct job *job);

/* A run that plan_next gave has ended. */
void plan_done(struct plan *plan, const struct run_record *record);

/* The id of a run. False and an error where its point cannot be made. */
bool plan_id(struct plan *plan, struct job job, struct run_id *id, GError **error);

/* Runs of this shard that are planned as far as is known, those of them that are over, and that failed. */
uint64_t plan_total(const struct plan *plan);
uint64_t plan_over(const struct plan *plan);
uint64_t plan_failed(const struct plan *plan);

/* After the last job: the points in order, and how many runs each has. */
uint64_t plan_points(const struct plan *plan);
struct job plan_point(const struct plan *plan, uint64_t index);        /* its number, and its runs as `replication` */
enum stop_decision plan_stop(const struct plan *plan, uint64_t index); /* why it has no more; without a rule not yet */

/* The rule by which points stop, and how many runs each has at first; false where there is none: then it has them all.
 */
bool plan_stop_rule(const struct experiment_settings *settings, struct stop_rule *rule, uint32_t *first_asked);

/* The number of points in a scenario, counted; UINT64_MAX where there are more than `most`. */
uint64_t plan_count_points(const struct scenario *scenario, uint64_t most);

#endif
