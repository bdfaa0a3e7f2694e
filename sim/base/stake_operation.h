/* SPDX-License-Identifier: MIT */
/*
 * What a block does to the stake ledger. Blocks carry operations (consensus), the ledger applies them (stake); both
 * rooms know this struct and neither knows the other.
 */
#ifndef POSIM_BASE_STAKE_OPERATION_H
#define POSIM_BASE_STAKE_OPERATION_H

#include "base/ids.h"
#include "base/stake.h"

enum stake_operation_kind {
    STAKE_EVIDENCE, /* validator equivocated at (height, round): slashed and jailed by the chain's rule, once */
    STAKE_BOND,     /* adds amount, newly minted, to the validator (rewards, inflation) */
    STAKE_UNBOND,   /* takes amount out of the validator's bond and out of the ledger's care (counted as withdrawn) */
};

struct stake_operation {
    uint32_t kind; /* enum stake_operation_kind */
    validator_id validator;
    uint64_t amount;
    uint64_t height; /* where an offence happened */
    uint32_t round;
    uint32_t detail; /* an offence's kind of vote */
};

#endif
