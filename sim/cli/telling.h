/* SPDX-License-Identifier: MIT */
/*
 * What `posim run` tells of an experiment when it is over, and the exit code that follows from it. Points are noted one
 * by one as they are made into tables; of a sweep only the first points are shown, all of them are in summary.csv.
 */
#ifndef POSIM_CLI_TELLING_H
#define POSIM_CLI_TELLING_H

#include "cli/cli.h"
#include "experiment/experiment.h"

struct telling;

struct telling *telling_new(const struct cli *cli, const struct scenario *scenario);
void telling_free(struct telling *telling);

/* A point of the experiment (struct experiment's `point`). */
void telling_note(void *telling, const struct point_tally *tally);

/* Prints verdicts, metrics with intervals and expectations on stdout; returns the exit code. */
int telling_tell(const struct telling *telling, const struct experiment *experiment, bool json);

/*
 * The metrics that a table of points shows, `most` at most: the one that says when to stop, those that are expected,
 * and some that most protocols have. Returns how many.
 */
size_t telling_choose(const struct experiment_settings *settings, enum metric_id *chosen, size_t most);

#endif
