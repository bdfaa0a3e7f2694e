/* SPDX-License-Identifier: MIT */
#include "record/traffic.h"

void traffic_release(struct traffic *traffic)
{
    vector_release(&traffic->kinds);
    vector_release(&traffic->nodes);
}

void traffic_row(struct traffic *traffic, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_TRAFFIC)
        vector_push(&traffic->kinds, *(const struct trace_traffic *)row);
    else if (kind == TRACE_LOAD)
        vector_push(&traffic->nodes, *(const struct trace_load *)row);
}
