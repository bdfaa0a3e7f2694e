/* SPDX-License-Identifier: MIT */
/* What `posim run` tells of an experiment when it is over, and the exit code that follows from it. */
#ifndef POSIM_CLI_OUTCOME_H
#define POSIM_CLI_OUTCOME_H

#include "cli/cli.h"
#include "experiment/experiment.h"

/* Whether every expectation names a metric; says on stderr what is wrong. */
bool outcome_check_expectations(const struct cli *cli, const struct scenario *scenario, const char *path);

/* Prints verdicts, metrics with intervals and expectations on stdout; returns the exit code. */
int outcome_tell(const struct experiment *experiment, bool json);

#endif
