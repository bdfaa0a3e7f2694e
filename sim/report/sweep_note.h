/* SPDX-License-Identifier: MIT */
/*
 * What a figure of a sweep says of itself: how many runs each estimate rests on, what is drawn, how its intervals were
 * made, the seed, and which points were left out or taken together.
 */
#ifndef POSIM_REPORT_SWEEP_NOTE_H
#define POSIM_REPORT_SWEEP_NOTE_H

#include "report/sweep_keys.h"

struct sweep_basis {
    uint64_t least, most; /* runs of an estimate */
    uint32_t methods;     /* a bit each */
    bool any;
};

/* Counts one estimate in; `method` as in summary.csv, "" without an interval. */
void sweep_basis_add(struct sweep_basis *basis, uint64_t n, const char *method);

/*
 * "n = 20; mean with 95 % interval (Hall); seed 42; protocol.slot = 4 s; pooled: network.degree". `what` ("mean")
 * stands before the interval; `keys` may be NULL; `open` says what was done with keys that take several values at one
 * place ("pooled: "). g_free it.
 */
char *sweep_note(const struct sweep_view *view, const struct sweep_basis *basis, const char *what,
                 const struct sweep_keys *keys, const char *open);

#endif
