/* SPDX-License-Identifier: MIT */
/*
 * An election answers who may lead at (the state of a parent block, slot, round). What it must remember along the
 * chain (proposer priorities, an epoch's randomness) is a state of each block: the world makes it with `genesis` and
 * `advance`, keeps it as long as a replica can still ask, and frees it. So two branches can elect differently.
 *
 * Public schedules implement `leader`, private lotteries `next_lead` and `verify`.
 *
 * To add one: sim/election/NAME.c, which defines `const struct election election_NAME` and its parameter table, and
 * one line in the list `elections` of sim/meson.build.
 */
#ifndef POSIM_CONTRACT_ELECTION_H
#define POSIM_CONTRACT_ELECTION_H

#include "base/param.h"
#include "base/random.h"
#include "consensus/block_tree.h"
#include "contract/protocol.h"
#include "stake/electorate.h"

struct vrf_provider; /* crypto: real keys and proofs, or ideal draws */

/* What stays the same for the life of a chain. */
struct election_context {
    const void *parameters;
    struct schedule schedule; /* of the protocol */
    const struct random_seed *seed;
    struct vrf_provider *vrf;
    chain_id chain;
    /* Optional: told of every winning draw, for the trace (validator, slot, proof). May be NULL. */
    void (*drawn)(void *user, validator_id validator, uint64_t slot, uint64_t proof);
    void *user;
};

/* The state of a block, as the election asked for it. */
struct election_place {
    const void *state;                   /* made by genesis() or advance() for the parent block */
    const struct electorate *electorate; /* that votes on the parent's children */
    const struct block *parent;
    /* The electorate of a later epoch on the parent's chain; NULL where the chain has no epochs. */
    const struct electorate *(*electorate_of_epoch)(const struct election_place *place, uint64_t epoch);
    const void *user; /* whoever made the place */
};

struct election {
    const char *name;                 /* required */
    const char *meaning;              /* required; one line */
    const char *source;               /* required */
    const struct param_table *params; /* required; may have no parameters */
    enum election_form form;
    const char *bias;  /* one line: what a proposer can bias */
    const char *known; /* one line: how early a leader is known, and to whom */

    /* Required. The state after genesis; g_malloc'ed, freed with state_free. */
    void *(*genesis)(const struct election_context *context, const struct electorate *electorate);

    /*
     * Required. The state after `block`, from its parent's. `next` is the electorate that votes on the block's
     * children. Returns NULL where the state is the parent's own, which is then shared.
     */
    void *(*advance)(const struct election_context *context, const struct election_place *parent,
                     const struct block *block, const struct electorate *next);
    void (*state_free)(void *state);
    void *(*state_clone)(const void *state);

    /* ELECTION_SCHEDULE: required. */
    validator_id (*leader)(const struct election_context *context, const struct election_place *place, uint64_t slot,
                           uint32_t round);

    /* ELECTION_LOTTERY: required. See view_next_lead. */
    bool (*next_lead)(const struct election_context *context, const struct election_place *place,
                      validator_id validator, uint64_t from_slot, uint64_t until_slot, struct lead *lead);

    /* ELECTION_LOTTERY: required. Whether a block's claim to its slot is right; the parent's place is given. */
    bool (*verify)(const struct election_context *context, const struct election_place *place,
                   const struct block *block);
};

#endif
