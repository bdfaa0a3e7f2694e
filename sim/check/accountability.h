/* SPDX-License-Identifier: MIT */
/*
 * Accountability: evidence and votes never convict an honest validator; evidence that is submitted is true; and a fork
 * leaves votes that convict validators with at least 2Q - W of the stake, Q being the smallest quorum and W the total
 * of those who voted on the two blocks. The votes of the fork's own height count, by the rules of transcript.h, of
 * which the chain's first row says how many hold.
 *
 * Votes of a height are kept until every honest node's final block is KEPT_HEIGHTS above it, and then only the
 * convictions: what could decide for another block there has been cast. Where a node stays behind, all votes above it
 * are kept: 24 bytes a vote. Evidence for a height whose votes are gone, and of proposals, can be confirmed but not
 * refuted; against an honest validator it is always wrong.
 */
#ifndef POSIM_CHECK_ACCOUNTABILITY_H
#define POSIM_CHECK_ACCOUNTABILITY_H

#include "check/forks.h"
#include "check/transcript.h"
#include "check/verdict.h"

#define KEPT_HEIGHTS 16

struct accused {
    uint64_t height;
    validator_id validator;
    uint32_t type, round;
};

struct accountable_validator {
    stake_amount stake; /* at the start */
    bool known, corrupt;
    bool convicted; /* by votes */
    bool accused;   /* by evidence */
};

struct accountability_chain {
    uint32_t level; /* trace_chain.accountability */
    struct trace_chain rules;
    VECTOR(struct accountable_validator) validators; /* by validator_id */
    VECTOR(struct transcript) transcripts;           /* by height, some missing */
    VECTOR(uint64_t) final_height;                   /* by replica */
    VECTOR(uint32_t) reached;                        /* by height: honest replicas whose final block is so high */
    VECTOR(struct accused) accused;                  /* evidence that was looked at, once each, in order */
    uint64_t floor;                                  /* every honest replica's final block is so high */
    size_t closed;                                   /* transcripts before this index are closed */
    uint64_t unfounded;
    struct trace_evidence first_unfounded;
};

struct accountability {
    const struct ancestry *ancestry; /* both fed before this one */
    const struct forks *forks;
    VECTOR(struct accountability_chain) chains;
    uint32_t honest_nodes;
    uint64_t honest_convicted; /* after accountability_finish() */
    stake_amount convicted_stake, total_stake;
};

void accountability_release(struct accountability *accountability);
/* The rows that it reads; others need not be handed to it. */
#define ACCOUNTABILITY_ROWS                                                                                            \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_NODE) | TRACE_BIT(TRACE_VALIDATOR) | TRACE_BIT(TRACE_VOTE) |             \
     TRACE_BIT(TRACE_FINAL) | TRACE_BIT(TRACE_EVIDENCE))
void accountability_row(struct accountability *accountability, enum trace_kind kind, const void *row);
/* Whether rows of final blocks matter on the chain. */
bool accountability_reads_finals(const struct accountability *accountability, chain_id chain);
void accountability_finish(struct accountability *accountability, struct verdict *verdict);

#endif
