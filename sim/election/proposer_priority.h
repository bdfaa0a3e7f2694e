/* SPDX-License-Identifier: MIT */
/*
 * CometBFT's proposer priorities (v0.38, types/validator_set.go; specification: spec/consensus/proposer-selection.md),
 * in the same 64-bit arithmetic: sums that do not fit are clipped, rescaling truncates towards zero, centring takes the
 * floor of the average. A set is a plain value behind one allocation; the functions are pure but for the set that they
 * are given to change. Nothing here knows of blocks or stakes.
 *
 * An address is any number that orders members as their addresses do: of two with equal priority the lower proposes.
 */
#ifndef POSIM_ELECTION_PROPOSER_PRIORITY_H
#define POSIM_ELECTION_PROPOSER_PRIORITY_H

#include <stdbool.h>
#include <stdint.h>

#define PRIORITY_TOTAL_MAXIMUM (INT64_MAX / 8) /* MaxTotalVotingPower */

struct priority_set {
    uint32_t count;
    uint32_t proposer; /* index of who was chosen last; ID_NONE before */
    int64_t total;     /* of the powers */
    uint32_t *address; /* ascending */
    int64_t *power;    /* by index, as the next */
    int64_t *priority;
};

/* A member that enters or gets another power; power 0: that leaves. */
struct priority_change {
    uint32_t address;
    int64_t power;
};

enum priority_error {
    PRIORITY_FINE,
    PRIORITY_DUPLICATE,     /* an address occurs twice */
    PRIORITY_OUT_OF_RANGE,  /* a power is negative or above the maximum */
    PRIORITY_NO_REMOVAL,    /* a power of 0 while a set is built */
    PRIORITY_UNKNOWN,       /* a member shall leave that is none */
    PRIORITY_EMPTY,         /* nobody would be left */
    PRIORITY_TOTAL_TOO_BIG, /* the total would exceed the maximum */
};

/* A set with room for `count` members, all zero; free with priority_set_free, which accepts NULL. */
struct priority_set *priority_set_new(uint32_t count);
void priority_set_free(struct priority_set *set);
struct priority_set *priority_set_copy(const struct priority_set *set);

/* NewValidatorSet: every change enters at the update's priority, then the first proposer is chosen. NULL: refused. */
struct priority_set *priority_set_build(const struct priority_change *changes, uint32_t count,
                                        enum priority_error *error);

/* UpdateWithChangeSet: the set with the changes applied, rescaled and centred. NULL: refused. `set` stays as it is. */
struct priority_set *priority_set_update(const struct priority_set *set, const struct priority_change *changes,
                                         uint32_t count, enum priority_error *error);

/* The merging step of an update alone: members of `changes` enter, change their power or leave; no check, no scaling.
 */
struct priority_set *priority_set_merge(const struct priority_set *set, const struct priority_change *changes,
                                        uint32_t count, int64_t priority_of_new);

/* IncrementProposerPriority: rescales and centres once, then chooses `times` proposers, of whom the last stays. */
void priority_set_increment(struct priority_set *set, uint32_t times);

/* The floor of the mean priority; the set must not be empty. */
int64_t priority_set_average(const struct priority_set *set);

/* Who was chosen last, or, if nobody was yet, who has the highest priority: an index. */
uint32_t priority_set_proposer(const struct priority_set *set);

#endif
