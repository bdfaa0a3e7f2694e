/* SPDX-License-Identifier: MIT */
/* What hops, queues and processors did in a run, from the rows that a world writes at its end where it has them. */
#ifndef POSIM_RECORD_TRAFFIC_H
#define POSIM_RECORD_TRAFFIC_H

#include "base/vector.h"
#include "record/trace.h"

struct traffic {
    VECTOR(struct trace_traffic) kinds; /* empty: messages were not carried */
    VECTOR(struct trace_load) nodes;
};

#define TRAFFIC_ROWS (TRACE_BIT(TRACE_TRAFFIC) | TRACE_BIT(TRACE_LOAD))

void traffic_release(struct traffic *traffic);
void traffic_row(struct traffic *traffic, enum trace_kind kind, const void *row);

#endif
