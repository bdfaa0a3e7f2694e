/* SPDX-License-Identifier: MIT */
/*
 * Protocols with a rule broken, which the checkers must catch: the product's code with other rules, under another name.
 * A checker that finds nothing in them is broken itself. Plain values; nobody owns them.
 */
#ifndef POSIM_TESTS_MUTANTS_H
#define POSIM_TESTS_MUTANTS_H

#include "protocol/tendermint/tendermint.h"

extern const struct protocol protocol_tendermint;

/* A lock does not keep it from prevoting for another value: two rounds of a height can decide differently. */
static inline void mutant_without_locking_step(void *state, const struct view *view, const struct event *event,
                                               struct effects *effects)
{
    static const struct tendermint_rules rules = {.quorum_above = {2, 3}, .skip_above = {1, 3}, .locks = false};
    tendermint_step_by(&rules, state, view, event, effects);
}

/* More than one half is a quorum: two quorums need not share a correct validator. */
static inline void mutant_half_quorum_step(void *state, const struct view *view, const struct event *event,
                                           struct effects *effects)
{
    static const struct tendermint_rules rules = {.quorum_above = {1, 2}, .skip_above = {1, 3}, .locks = true};
    tendermint_step_by(&rules, state, view, event, effects);
}

static inline struct protocol mutant_tendermint_without_locking(void)
{
    struct protocol mutant = protocol_tendermint;
    mutant.name = "tendermint_without_locking";
    mutant.meaning = "a mutant for tests: Tendermint that forgets its locks";
    mutant.step = mutant_without_locking_step;
    return mutant;
}

static inline struct protocol mutant_tendermint_half_quorum(void)
{
    struct protocol mutant = protocol_tendermint;
    mutant.name = "tendermint_half_quorum";
    mutant.meaning = "a mutant for tests: Tendermint with quorums of more than one half";
    mutant.step = mutant_half_quorum_step;
    return mutant;
}

#endif
