/* SPDX-License-Identifier: MIT */
/* What `posim run` tells of an experiment when it is over, and the exit code that follows from it. */
#ifndef POSIM_CLI_OUTCOME_H
#define POSIM_CLI_OUTCOME_H

#include "cli/cli.h"
#include "experiment/experiment.h"

/* Prints verdicts, metrics with intervals and expectations on stdout; returns the exit code. */
int outcome_tell(const struct experiment *experiment, bool json);

#endif
