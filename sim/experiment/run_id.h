/* SPDX-License-Identifier: MIT */
/*
 * The id of a run: a hash of all that its result depends on, which are the world's resolved parameters at its point,
 * the contents of the files that they name, the seed and the replication. Two runs of one id have the same trace. What
 * a scenario says of all runs together (how many, what is expected, recorded or drawn) is not in it, so an experiment
 * can be extended.
 */
#ifndef POSIM_EXPERIMENT_RUN_ID_H
#define POSIM_EXPERIMENT_RUN_ID_H

#include "experiment/job.h"
#include "experiment/root.h"
#include "scenario/scenario.h"

struct run_id {
    uint8_t bytes[16];
};

/* For hash tables by id: an id is a hash already. */
guint run_id_hash(gconstpointer id);
gboolean run_id_equal(gconstpointer a, gconstpointer b);

struct run_ids;

struct run_ids *run_ids_new(const struct root *root, const struct scenario *scenario);
void run_ids_free(struct run_ids *ids);

/* What all runs of a point have in common; false and an error where the point cannot be made. */
bool run_ids_point(struct run_ids *ids, uint64_t point, struct run_id *common, GError **error);

/* The id of a replication there. */
struct run_id run_id_of(const struct run_id *common, uint32_t replication);

/* Both at once; the point of the last call is remembered. */
bool run_ids_find(struct run_ids *ids, struct job job, struct run_id *id, GError **error);

#endif
