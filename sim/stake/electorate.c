/* SPDX-License-Identifier: MIT */
#include "stake/electorate.h"

uint32_t electorate_index(const struct electorate *electorate, validator_id validator)
{
    uint32_t first = 0, after = electorate->count;
    while (first < after) {
        uint32_t middle = first + (after - first) / 2;
        if (electorate->members[middle].validator < validator)
            first = middle + 1;
        else
            after = middle;
    }
    return first < electorate->count && electorate->members[first].validator == validator ? first : ID_NONE;
}

stake_amount electorate_stake(const struct electorate *electorate, validator_id validator)
{
    /* Where everybody is a member, which is usual, a validator's place is its id. */
    if (validator < electorate->count && electorate->members[validator].validator == validator)
        return electorate->members[validator].stake;
    uint32_t index = electorate_index(electorate, validator);
    return index == ID_NONE ? 0 : electorate->members[index].stake;
}
