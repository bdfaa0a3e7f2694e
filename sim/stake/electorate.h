/* SPDX-License-Identifier: MIT */
/*
 * An electorate is one version of a chain's validator set with its weights: immutable once made, named by a dense
 * electorate_id, shared by every block whose state did not change it. Members are in validator id order.
 */
#ifndef POSIM_STAKE_ELECTORATE_H
#define POSIM_STAKE_ELECTORATE_H

#include "base/ids.h"
#include "base/stake.h"

#include <stdbool.h>

struct electorate_member {
    validator_id validator;
    stake_amount stake;
};

struct electorate {
    electorate_id id;
    uint32_t count;
    stake_amount total;
    const struct electorate_member *members; /* by validator id, stakes above 0 */
};

/* The member's stake; 0 for those who are not in it. */
stake_amount electorate_stake(const struct electorate *electorate, validator_id validator);

/* The member's index, or ID_NONE. */
uint32_t electorate_index(const struct electorate *electorate, validator_id validator);

#endif
