/* SPDX-License-Identifier: MIT */
/*
 * The votes of one height, and whom they convict. Two rules:
 *   - equivocation: two votes of one kind and round for different values (nil is a value);
 *   - amnesia: a vote of the commit kind for v in round r, then one of the lock kind for another v' in a round r' > r,
 *     though no quorum of lock votes for v' exists in any round r'' with r <= r'' < r' among all the votes cast. This
 *     is what Tendermint's lines 28 to 30 (Buchman, Kwon, Milosevic 2018, algorithm 1) forbid: an honest validator
 *     that has precommitted v votes for another value only when it sees such a quorum.
 * Memory: 24 bytes a vote until transcript_close(), which keeps the convictions alone.
 */
#ifndef POSIM_CHECK_TRANSCRIPT_H
#define POSIM_CHECK_TRANSCRIPT_H

#include "base/vector.h"
#include "record/trace.h"

struct cast_vote {
    stake_amount weight;
    uint32_t type, round;
    validator_id validator;
    block_id block;
};

enum offence_kind { OFFENCE_EQUIVOCATION, OFFENCE_AMNESIA };

struct offence {
    enum offence_kind kind;
    validator_id validator;
    uint32_t type, round; /* of the vote that breaks the rule */
    stake_amount weight;  /* of the validator at this height */
};

/* What votes are judged by. */
struct transcript_rules {
    bool locks; /* whether the second rule holds */
    uint32_t lock_vote, commit_vote;
    struct ratio quorum_above;
    stake_amount total; /* of the electorate at this height */
};

struct transcript {
    uint64_t height;
    VECTOR(struct cast_vote) votes;
    VECTOR(struct offence) offences; /* once closed: by validator */
    bool closed;
};

void transcript_release(struct transcript *transcript);

/* Whether these votes, of a transcript that is not closed, show that the validator equivocated at (type, round). */
bool transcript_equivocates(const struct transcript *transcript, validator_id validator, uint32_t type, uint32_t round);

/* Finds the offences and drops the votes. */
void transcript_close(struct transcript *transcript, const struct transcript_rules *rules);

#endif
