/* SPDX-License-Identifier: MIT */
/* Carries out an experiment for a command: shows how far it is, tells what it came to, and says how it ended. */
#ifndef POSIM_CLI_CONDUCT_H
#define POSIM_CLI_CONDUCT_H

#include "cli/cli.h"
#include "experiment/experiment.h"

struct conduct {
    const struct cli *cli;
    const char *command;  /* "run" */
    const char *progress; /* --progress; checked by progress_init before */
    bool json;
};

/* Returns the exit code. The experiment's listeners are set here. */
int conduct_experiment(const struct conduct *conduct, struct experiment *experiment);

#endif
