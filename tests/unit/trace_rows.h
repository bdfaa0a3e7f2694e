/* SPDX-License-Identifier: MIT */
/* Rows of a trace written by hand, one line a row, to any sink. Times in milliseconds, for short scenarios. */
#ifndef POSIM_TESTS_UNIT_TRACE_ROWS_H
#define POSIM_TESTS_UNIT_TRACE_ROWS_H

#include "record/trace.h"

#include <glib.h>

#define MS(milliseconds) ((time_ns)(milliseconds)*MILLISECOND)

/* A chain of `count` validators of equal stake, each on its own node; those from `corrupt_from` on are corrupt. */
static inline void rows_start(struct trace_sink *sink, const struct trace_chain *rules, uint32_t count,
                              stake_amount stake, uint32_t corrupt_from)
{
    static const char *const names[] = {"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"};
    struct trace_chain chain = *rules;
    chain.validators = count;
    chain.total_stake = count * stake;
    trace_write(sink, TRACE_CHAIN, &chain);
    for (uint32_t i = 0; i < count; i++) {
        struct trace_node node = {.node = i, .region = i % 2 ? "east" : "west", .corrupt = i >= corrupt_from};
        trace_write(sink, TRACE_NODE, &node);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct trace_validator validator = {.validator = i,
                                            .node = i,
                                            .name = i < G_N_ELEMENTS(names) ? names[i] : NULL,
                                            .stake = stake,
                                            .corrupt = i >= corrupt_from};
        trace_write(sink, TRACE_VALIDATOR, &validator);
    }
}

static inline void row_block(struct trace_sink *sink, block_id block, block_id parent, uint64_t height,
                             validator_id proposer, time_ns at_ns)
{
    struct trace_block row = {.block = block,
                              .parent = parent,
                              .height = height,
                              .proposer = proposer,
                              .proposed_ns = at_ns,
                              .hash = block,
                              .size_bytes = 100,
                              .transactions = 10};
    trace_write(sink, TRACE_BLOCK, &row);
}

static inline void row_final(struct trace_sink *sink, node_id node, block_id block, time_ns at_ns)
{
    struct trace_final row = {.at_ns = at_ns, .replica = node, .node = node, .block = block};
    trace_write(sink, TRACE_FINAL, &row);
}

static inline void row_head(struct trace_sink *sink, node_id node, block_id before, block_id after, uint64_t depth,
                            time_ns at_ns)
{
    struct trace_head row = {
        .at_ns = at_ns, .replica = node, .node = node, .before = before, .after = after, .reorg_depth = depth};
    trace_write(sink, TRACE_HEAD, &row);
}

static inline void row_vote(struct trace_sink *sink, uint32_t kind, uint64_t height, uint32_t round,
                            validator_id validator, block_id block, stake_amount weight, time_ns at_ns)
{
    struct trace_vote row = {.at_ns = at_ns,
                             .type = kind,
                             .height = height,
                             .round = round,
                             .validator = validator,
                             .replica = validator,
                             .block = block,
                             .weight = weight};
    trace_write(sink, TRACE_VOTE, &row);
}

/* A fault that begins never ends; see row_fault. */
static inline void row_incident(struct trace_sink *sink, enum incident_kind kind, node_id node, time_ns at_ns)
{
    struct trace_incident row = {.at_ns = at_ns,
                                 .kind = kind,
                                 .chain = ID_NONE,
                                 .node = node,
                                 .validator = ID_NONE,
                                 .name = "fault",
                                 .until_ns = TIME_NEVER};
    trace_write(sink, TRACE_INCIDENT, &row);
}

/* A fault begins that is to end. */
static inline void row_fault(struct trace_sink *sink, time_ns at_ns, time_ns until_ns)
{
    struct trace_incident row = {.at_ns = at_ns,
                                 .kind = INCIDENT_FAULT_BEGINS,
                                 .chain = ID_NONE,
                                 .node = ID_NONE,
                                 .validator = ID_NONE,
                                 .name = "fault",
                                 .until_ns = until_ns};
    trace_write(sink, TRACE_INCIDENT, &row);
}

static inline void row_end(struct trace_sink *sink, time_ns at_ns)
{
    struct trace_end row = {.at_ns = at_ns, .reason = "duration"};
    trace_write(sink, TRACE_END, &row);
}

#endif
