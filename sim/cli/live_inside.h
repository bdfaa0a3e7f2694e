/* SPDX-License-Identifier: MIT */
/* A running experiment in two: live.c looks and decides when to show, live_picture.c says it. Private to both. */
#ifndef POSIM_CLI_LIVE_INSIDE_H
#define POSIM_CLI_LIVE_INSIDE_H

#include "cli/live.h"
#include "cli/screen.h"
#include "experiment/overview.h"

enum {
    LIVE_METRICS_MOST = 6,
    LIVE_SAMPLES = 64,
    LIVE_POINTS_PRINTED = 200, /* by live_print */
    LIVE_LINES_AROUND = 6,     /* of a picture, beside its points: head, bar, two blanks, header, foot */
};

/* How much was done at a moment: runs, with the parts of those under way. */
struct sample {
    double at_s, done;
};

struct live {
    const char *name;
    const struct scenario *scenario;
    const struct experiment_settings *settings;
    enum metric_id metrics[LIVE_METRICS_MOST];
    size_t metric_count;
    struct scenario_swept swept[SWEEP_MOST_KEYS];
    size_t swept_count;
    struct overview *overview;
    struct screen screen;
    bool draws;
    bool unattended; /* nobody carries it out */
    double under_way;
    double shown_s, changed_s; /* when it was shown, and when a run had ended */
    uint64_t over;             /* then */
    struct sample samples[LIVE_SAMPLES];
    size_t sample_count; /* of all time; the last LIVE_SAMPLES are there */
};

/* Since some moment that stays the same. */
double live_now_s(void);

/* Runs that are done, with the parts of those under way; and how many more a second of late, 0 where nobody knows. */
double live_done(const struct live *live);
double live_rate(const struct live *live);

/* The whole picture, with so many points at most. */
void live_append_picture(const struct live *live, size_t room, unsigned columns, GString *out);

/* That of a picture with LIVE_POINTS_PRINTED points some are left off, where they are. */
void live_append_rest(const struct live *live, GString *out);

/* The same in short, on one line. */
void live_append_line(const struct live *live, GString *out);

#endif
