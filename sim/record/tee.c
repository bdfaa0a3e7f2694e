/* SPDX-License-Identifier: MIT */
#include "record/tee.h"

static void tee_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct trace_tee *tee = (struct trace_tee *)sink;
    for (size_t i = 0; i < tee->outputs[kind].count; i++)
        trace_write(tee->outputs[kind].at[i], kind, row);
}

void trace_tee_init(struct trace_tee *tee)
{
    *tee = (struct trace_tee){.sink.row = tee_row};
}

void trace_tee_release(struct trace_tee *tee)
{
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        vector_release(&tee->outputs[kind]);
}

void trace_tee_add(struct trace_tee *tee, struct trace_sink *output, uint32_t kinds)
{
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        if (kinds & TRACE_BIT(kind))
            vector_push(&tee->outputs[kind], output);
}
