/* SPDX-License-Identifier: MIT */
/*
 * The facts of a run that every reduction looks up: chains, nodes, validators, blocks, and when nodes were down. Rows
 * are fed to it before they are fed to what reads it. Memory grows with blocks, nodes and validators, not with rows.
 * Pointers into it are good until the next row. Texts of rows are copied.
 */
#ifndef POSIM_RECORD_HISTORY_H
#define POSIM_RECORD_HISTORY_H

#include "base/vector.h"
#include "record/trace.h"

struct history_block {
    uint64_t hash, height, slot;
    time_ns proposed_ns;
    uint64_t sequence; /* number of its row, to order it among crashes of the same instant */
    stake_amount electorate_stake;
    block_id parent; /* BLOCK_NONE for genesis */
    validator_id proposer;
    uint32_t round, variant, size_bytes, transactions;
};

struct history_validator {
    validator_id validator;
    node_id node;
    stake_amount stake; /* at the start */
    char *name;
    bool corrupt;
};

struct history_chain {
    struct trace_chain rules;                    /* its texts are the history's own */
    VECTOR(struct history_block) blocks;         /* by block_id; genesis is there from the start */
    VECTOR(struct history_validator) validators; /* in the order of their rows */
    VECTOR(uint32_t) validator_index;            /* by validator_id: index into `validators`, or ID_NONE */
    VECTOR(stake_amount) node_stake;             /* by node: of its honest validators */
};

struct outage {
    uint64_t from, until; /* numbers of rows; UINT64_MAX: never recovered */
};

struct history_node {
    char *region;
    bool known, corrupt;
    VECTOR(struct outage) outages;
};

struct history {
    VECTOR(struct history_chain) chains; /* by chain_id */
    VECTOR(struct history_node) nodes;   /* by node_id */
    uint32_t corrupt_nodes;              /* how many of them are */
    uint64_t sequence;                   /* rows so far */
    uint64_t membership;                 /* changes whenever the set of honest nodes that are up may have changed */
    time_ns end_ns;                      /* of TRACE_END, else the latest time seen */
};

#define HISTORY_ROWS                                                                                                   \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_NODE) | TRACE_BIT(TRACE_VALIDATOR) | TRACE_BIT(TRACE_BLOCK) |            \
     TRACE_BIT(TRACE_INCIDENT) | TRACE_BIT(TRACE_END))

void history_init(struct history *history);
void history_release(struct history *history);

void history_row(struct history *history, enum trace_kind kind, const void *row);

struct history_chain *history_chain(const struct history *history, chain_id chain);
const struct history_block *history_block(const struct history_chain *chain, block_id block);

/* The validator's index in chain->validators, or ID_NONE. */
uint32_t history_validator_index(const struct history_chain *chain, validator_id validator);

/* Whether the node is honest; nodes without a row are. */
bool history_honest(const struct history *history, node_id node);
bool history_is_down(const struct history *history, node_id node);
/* Whether the node was down when row number `sequence` was written. */
bool history_was_down(const struct history *history, node_id node, uint64_t sequence);

/* The deepest block that both descend from. */
block_id history_common(const struct history_chain *chain, block_id a, block_id b);

/* The kind of vote's name (g_free it), or its number where the chain names none. */
char *history_vote_kind(const struct history_chain *chain, uint32_t kind);

#endif
