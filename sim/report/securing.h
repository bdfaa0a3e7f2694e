/* SPDX-License-Identifier: MIT */
/* Who secures what at an instant of one run, as securing.csv has it: things of a few kinds and the edges between. */
#ifndef POSIM_REPORT_SECURING_H
#define POSIM_REPORT_SECURING_H

#include "base/stake.h"
#include "base/vector.h"
#include "record/securing.h"
#include "report/figure_source.h"

struct securing_item {
    uint32_t kind; /* enum securing_kind */
    uint32_t id;
    char *name; /* NULL: none */
    bool corrupt;
};

struct securing_edge {
    uint32_t from, to; /* index into items */
    chain_id chain;
    stake_amount stake;
};

struct securing {
    VECTOR(struct securing_item) items; /* as they come */
    VECTOR(struct securing_edge) edges;
    uint64_t chains; /* how many are secured */
    bool changed;    /* at_end: a block of the main chain changed something */
};

/* At the start, or after the last block of the main chain. securing_release it, whether it was read or not. */
bool securing_read(struct securing *securing, const struct figure_run *run, bool at_end, GError **error);
void securing_release(struct securing *securing);

#endif
