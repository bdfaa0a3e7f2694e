/* SPDX-License-Identifier: MIT */
/* Carries out an experiment for a command: shows how far it is, tells what it came to, and says how it ended. */
#ifndef POSIM_CLI_CONDUCT_H
#define POSIM_CLI_CONDUCT_H

#include "cli/cli.h"
#include "experiment/experiment.h"

/* The style of progress that shows the experiment as `posim watch` does. */
#define PROGRESS_LIVE "live"

struct conduct {
    const struct cli *cli;
    const char *command;  /* "run" */
    const char *progress; /* --progress: PROGRESS_LIVE, or what progress_init has accepted */
    bool json;
};

/* Returns the exit code. The experiment's listeners are set here. */
int conduct_experiment(const struct conduct *conduct, struct experiment *experiment);

#endif
