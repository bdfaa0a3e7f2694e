/* SPDX-License-Identifier: MIT */
/* What `posim list` and `posim explain` know beside the parameter tables. */
#ifndef POSIM_CLI_TOPICS_H
#define POSIM_CLI_TOPICS_H

#include "cli/cli.h"

/* Appends the definition of a metric, or of a family (`finality_s`); false where there is none of that name. */
bool topics_explain_metric(const char *name, GString *out);

#endif
