/* SPDX-License-Identifier: MIT */
/*
 * A sink that hands every row to several others, in the order in which they were added, each only the kinds it wants.
 * The outputs belong to the caller and must outlive the tee.
 */
#ifndef POSIM_RECORD_TEE_H
#define POSIM_RECORD_TEE_H

#include "base/vector.h"
#include "record/trace.h"

struct tee_output {
    struct trace_sink *sink;
    uint32_t kinds;
};

struct trace_tee {
    struct trace_sink sink;
    VECTOR(struct tee_output) all;
    VECTOR(struct trace_sink *) outputs[TRACE_KINDS]; /* by kind */
};

void trace_tee_init(struct trace_tee *tee);
void trace_tee_release(struct trace_tee *tee);

/* `kinds`: TRACE_BIT of each kind that the output wants; TRACE_ALL for all. */
#define TRACE_ALL UINT32_MAX
void trace_tee_add(struct trace_tee *tee, struct trace_sink *output, uint32_t kinds);

#endif
