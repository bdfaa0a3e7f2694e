/* SPDX-License-Identifier: MIT */
/*
 * How far an experiment is, on stderr: one line redrawn on a terminal, plain lines now and then elsewhere.
 */
#ifndef POSIM_CLI_PROGRESS_H
#define POSIM_CLI_PROGRESS_H

#include "experiment/experiment.h"

enum progress_style { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_REDRAWN };

struct progress_display {
    enum progress_style style;
    const char *name;
    double started_s, told_s;
    bool drawn;
};

/* `choice`: auto, plain or none; false for anything else. */
bool progress_init(struct progress_display *display, const char *choice, const char *name);
void progress_show(struct progress_display *display, const struct experiment_progress *progress);
void progress_end(struct progress_display *display);

#endif
