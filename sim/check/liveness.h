/* SPDX-License-Identifier: MIT */
/*
 * Liveness: while nothing disturbs the run, the highest block that any honest node holds final rises within the bound
 * that the chain's first row states. The wait begins at the start, at each rise, and at the end of a disturbance (from
 * a fault's beginning to its end; of several, the last). A wait that a disturbance cuts short must not have been longer
 * than the bound before it. A fault that never ends is no disturbance but a condition of the world from then on: it
 * ends a wait and begins another. What is still awaited when the run ends counts as far as it went; if nothing was left
 * that could ever happen, it counts as a violation. The verdict says how much of the time was judged; where that is
 * none, there is no verdict.
 */
#ifndef POSIM_CHECK_LIVENESS_H
#define POSIM_CHECK_LIVENESS_H

#include "check/ancestry.h"
#include "check/verdict.h"

struct liveness_chain {
    time_ns bound_ns; /* 0: none */
    time_ns since_ns; /* when the present wait began */
    time_ns judged_ns, longest_ns;
    time_ns ended_ns;                      /* the end of the run */
    time_ns first_from_ns, first_until_ns; /* the first wait that was too long */
    uint64_t height;                       /* final at an honest node */
    uint64_t too_long;
    uint32_t disturbances; /* going on now */
    bool stuck;
};

struct liveness {
    const struct ancestry *ancestry; /* fed before this one */
    VECTOR(struct liveness_chain) chains;
};

void liveness_release(struct liveness *liveness);
/* The rows that it reads; others need not be handed to it. */
#define LIVENESS_ROWS                                                                                                  \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_FINAL) | TRACE_BIT(TRACE_INCIDENT) | TRACE_BIT(TRACE_END))
void liveness_row(struct liveness *liveness, enum trace_kind kind, const void *row);
void liveness_spread(struct liveness *liveness, const struct trace_spread *spread);
void liveness_finish(const struct liveness *liveness, struct verdict *verdict);

#endif
