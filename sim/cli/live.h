/* SPDX-License-Identifier: MIT */
/*
 * A running experiment as one looks at it: how many runs are over, how fast they come, where it is in the sweep, and
 * what the metrics of interest say so far, with their intervals. Drawn in place on a terminal a few times a second;
 * elsewhere a line now and then. All of it comes from the journals in the directory (experiment/overview.h), so the
 * process that carries the experiment out and one that only looks on show the same.
 */
#ifndef POSIM_CLI_LIVE_H
#define POSIM_CLI_LIVE_H

#include "cli/cli.h"

#include <stdio.h>

struct live;

/* Texts and scenario must outlive it. Nothing is read or shown yet. */
struct live *live_new(const struct cli *cli, const struct scenario *scenario, const char *folder, const char *name,
                      FILE *file);
void live_free(struct live *live);

/* Looks without showing anything. False and an error where the journals cannot be read. */
bool live_look(struct live *live, GError **error);

/* Says from now on that nobody carries it out, or does not. */
void live_set_unattended(struct live *live, bool unattended);

/*
 * Looks and shows, if it is time: to be called often. `under_way` is the sum of the shares that are done of the runs
 * under way; 0 where that is not known. False and an error where the journals cannot be read.
 */
bool live_show(struct live *live, double under_way, GError **error);

/* Looks and shows at once. */
bool live_show_now(struct live *live, GError **error);

/* Shows it as plain lines, once, with nothing drawn in place. */
bool live_print(struct live *live, GError **error);

/* Removes what was drawn. */
void live_erase(struct live *live);

/* Whether every run of the plan is over, and how many of them failed. */
bool live_is_over(const struct live *live, uint64_t *failed);

#endif
