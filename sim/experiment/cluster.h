/* SPDX-License-Identifier: MIT */
/*
 * An experiment carried out by several machines that mpirun has started together. Every process ("rank") has one worker
 * and a journal of its own; rank 0 also leads: it walks the plan, gives out runs, and makes the tables when all are
 * over. What ranks tell each other goes through a transport, a small module that is loaded only when it is needed, so
 * that a program alone starts without MPI.
 *
 * MPI must not be forked, so each rank forks a host for its worker before MPI starts; the host never speaks MPI, and
 * starts another worker where one has died.
 */
#ifndef POSIM_EXPERIMENT_CLUSTER_H
#define POSIM_EXPERIMENT_CLUSTER_H

#include "experiment/cluster_transport.h"
#include "experiment/journal.h"
#include "experiment/plan.h"
#include "experiment/workers.h"

struct cluster;

/* Whether mpirun started this process among others. */
bool cluster_is_wanted(void);

/* The number that this process is to have there, before it has joined. */
uint32_t cluster_rank_wanted(void);
/* From now on there is no cluster: this process works alone. */
void cluster_forget(void);

/*
 * Forks the host of this rank's worker (only `run`, the limits and `user` of `workers` count), then loads the module
 * and joins the others. NULL and an error where that cannot be. Call it once, before any thread is started.
 */
struct cluster *cluster_join(const char *module, const struct workers *workers, GError **error);

/* Stops the worker and leaves; all ranks must come to this point. NULL is fine. */
void cluster_leave(struct cluster *cluster);

uint32_t cluster_rank(const struct cluster *cluster);

/* Rank 0 tells all whether they are to begin; the others hear it. */
bool cluster_agree(struct cluster *cluster, bool begins);

/* What a rank does with a record: into its journal. False and an error ends the rank's part. */
struct cluster_listener {
    bool (*keep)(void *user, const struct run_record *record, GError **error);
    void (*progress)(void *user); /* rank 0, now and then */
    void *user;
};

/* Rank 0: gives out the plan, carrying out its share. */
bool cluster_lead(struct cluster *cluster, struct plan *plan, const struct cluster_listener *listener, GError **error);

/* Other ranks, instead of following: this one cannot take part. */
void cluster_give_up(struct cluster *cluster);

/* Other ranks: carry out what they are given until there is no more. */
bool cluster_follow(struct cluster *cluster, const struct cluster_listener *listener, GError **error);

#endif
