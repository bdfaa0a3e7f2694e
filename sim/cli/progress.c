/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double now_s(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

bool progress_init(struct progress_display *display, const char *choice, const char *name)
{
    *display = (struct progress_display){.name = name, .started_s = now_s()};
    display->told_s = display->started_s;
    if (!choice || strcmp(choice, "auto") == 0)
        display->style = isatty(STDERR_FILENO) ? PROGRESS_REDRAWN : PROGRESS_PLAIN;
    else if (strcmp(choice, "plain") == 0)
        display->style = PROGRESS_PLAIN;
    else if (strcmp(choice, "none") == 0)
        display->style = PROGRESS_NONE;
    else
        return false;
    return true;
}

void progress_show(struct progress_display *display, const struct experiment_progress *progress)
{
    double now = now_s(), interval = display->style == PROGRESS_REDRAWN ? 0.1 : 5;
    if (display->style == PROGRESS_NONE || now - display->told_s < interval)
        return;
    display->told_s = now;
    double elapsed = now - display->started_s,
           left = progress->share > 0.001 ? elapsed * (1 - progress->share) / progress->share : 0;
    bool redrawn = display->style == PROGRESS_REDRAWN;
    fprintf(stderr, "%s%s: ", redrawn ? "\r\033[K" : "", display->name);
    if (progress->total > 1)
        fprintf(stderr, "%" PRIu64 " of %" PRIu64 " runs, %.1f runs/s, ", progress->done, progress->total,
                elapsed > 0 ? (double)progress->done / elapsed : 0);
    fprintf(stderr, "%.0f %%, about %.0f s left%s", progress->share * 100, left, redrawn ? "" : "\n");
    fflush(stderr);
    display->drawn = true;
}

void progress_end(struct progress_display *display)
{
    if (display->style == PROGRESS_REDRAWN && display->drawn)
        fputs("\r\033[K", stderr);
}
