/* SPDX-License-Identifier: MIT */
/*
 * Votes by (chain, height, round, kind): how many, with how much weight, when, and for how many different values; and
 * how many each validator cast. Votes come in the order of time, so the time at which half of the stake had voted is
 * known without keeping the votes. Memory: some 150 bytes a group, and a bit a validator until all of them voted.
 */
#ifndef POSIM_RECORD_BALLOTS_H
#define POSIM_RECORD_BALLOTS_H

#include "record/history.h"

struct ballot {
    uint64_t height;
    uint32_t round, kind;
    uint32_t votes;                                    /* all that were cast */
    uint32_t voters;                                   /* validators that cast one or more */
    uint32_t nil;                                      /* votes for nil */
    bool honest;                                       /* an honest validator voted */
    stake_amount weight;                               /* of the voters, each counted once */
    stake_amount total;                                /* of the electorate */
    time_ns first_ns, half_ns, two_thirds_ns, last_ns; /* TIME_NEVER until that part of `total` had voted */
    VECTOR(block_id) values;                           /* different values, nil included, in the order first seen */
    uint64_t *voted;                                   /* a bit a validator's index; NULL: all have */
};

struct chain_ballots {
    VECTOR(struct ballot) ballots; /* by height, round, kind */
    VECTOR(uint64_t) cast;         /* votes, by the validator's index */
};

struct ballots {
    const struct history *history;
    VECTOR(struct chain_ballots) chains;
};

#define BALLOTS_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_VOTE))

void ballots_init(struct ballots *ballots, const struct history *history);
void ballots_release(struct ballots *ballots);
void ballots_row(struct ballots *ballots, enum trace_kind kind, const void *row);

#endif
