/* SPDX-License-Identifier: MIT */
/*
 * Conservation of stake, along every branch: the genesis total is the sum of the validators' stakes at the start; after
 * every block that has a row of totals, bonded + burned + withdrawn = genesis + minted; each part has changed since
 * genesis by exactly what the rows of stake on its branch say (evidence burns, a bond mints, an unbond withdraws); each
 * such row begins at the stake that the one before it on the branch left; what was refused changes nothing; jailed
 * stake is a part of the bonded; and a block that changes stake has a row of totals.
 * Memory: 16 bytes a row of stake, and some 50 a block that has one.
 */
#ifndef POSIM_CHECK_CONSERVATION_H
#define POSIM_CHECK_CONSERVATION_H

#include "check/ancestry.h"
#include "check/verdict.h"

/* Where stake has gone since genesis, or by one block. Signed, so that what must not fall is seen to. */
struct stake_flow {
    int128 bonded, burned, minted, withdrawn;
};

struct block_flow {
    block_id block;
    struct stake_flow flow;
};

struct stake_point {
    block_id block;
    stake_amount stake;
};

struct conserved_validator {
    VECTOR(struct stake_point) points; /* its stake after blocks that changed it, all branches; the first at genesis */
};

struct conservation_chain {
    uint128 genesis;                               /* sum of the validators' stakes */
    VECTOR(struct conserved_validator) validators; /* by validator_id */
    VECTOR(struct block_flow) flows;               /* in the order of rows */
    VECTOR(struct trace_ledger) totals;
};

struct conservation {
    const struct ancestry *ancestry; /* fed before this one */
    VECTOR(struct conservation_chain) chains;
    struct verdict found; /* while rows come */
};

void conservation_init(struct conservation *conservation, const struct ancestry *ancestry);
void conservation_release(struct conservation *conservation);
/* The rows that it reads; others need not be handed to it. */
#define CONSERVATION_ROWS                                                                                              \
    (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_VALIDATOR) | TRACE_BIT(TRACE_STAKE) | TRACE_BIT(TRACE_LEDGER))
void conservation_row(struct conservation *conservation, enum trace_kind kind, const void *row);
void conservation_finish(struct conservation *conservation, struct verdict *verdict);

#endif
