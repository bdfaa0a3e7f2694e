/* SPDX-License-Identifier: MIT */
#include "record/tee.h"

#include "record/spread.h"

static void tee_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct trace_tee *tee = (struct trace_tee *)sink;
    for (size_t i = 0; i < tee->outputs[kind].count; i++)
        trace_write(tee->outputs[kind].at[i], kind, row);
}

static void write_wanted(void *user, enum trace_kind kind, const void *row)
{
    const struct tee_output *output = user;
    if (output->kinds & TRACE_BIT(kind))
        trace_write(output->sink, kind, row);
}

static void tee_spread(struct trace_sink *sink, const struct trace_spread *spread)
{
    const uint32_t both = TRACE_BIT(TRACE_HEAD) | TRACE_BIT(TRACE_FINAL);
    struct trace_tee *tee = (struct trace_tee *)sink;
    for (size_t i = 0; i < tee->all.count; i++) {
        struct tee_output *output = &tee->all.at[i];
        if ((output->kinds & both) == both)
            spread_write(output->sink, spread);
        else if (output->kinds & both)
            spread_each(spread, write_wanted, output);
    }
}

void trace_tee_init(struct trace_tee *tee)
{
    *tee = (struct trace_tee){.sink = {tee_row, tee_spread}};
}

void trace_tee_release(struct trace_tee *tee)
{
    vector_release(&tee->all);
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        vector_release(&tee->outputs[kind]);
}

void trace_tee_add(struct trace_tee *tee, struct trace_sink *output, uint32_t kinds)
{
    vector_push(&tee->all, ((struct tee_output){output, kinds}));
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        if (kinds & TRACE_BIT(kind))
            vector_push(&tee->outputs[kind], output);
}
