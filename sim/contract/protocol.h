/* SPDX-License-Identifier: MIT */
/*
 * A consensus protocol: a state machine without I/O, one instance (a replica) for each chain and node, or several where
 * an adversary runs twins. `step` takes one event and the replica's view, changes the replica's own state and returns
 * intentions as effects. It may not keep pointers into the view or the event, look at a clock, draw numbers but through
 * the view, or write anything but its state and the effects: so the same transcript always gives the same effects, and
 * a world can be cloned in mid-run.
 *
 * The state is `state_size` zeroed bytes that may be copied with memcpy; a protocol that needs memory of its own there
 * provides `clone` and `release`. What votes and blocks have come is not the state's business: the view keeps it.
 *
 * To add a protocol: a folder sim/protocol/NAME with NAME.c, which defines `const struct protocol protocol_NAME`, its
 * parameter table, its README.md; and one line in the list `protocols` of sim/meson.build.
 */
#ifndef POSIM_CONTRACT_PROTOCOL_H
#define POSIM_CONTRACT_PROTOCOL_H

#include "base/param.h"
#include "contract/effect.h"
#include "contract/event.h"
#include "contract/view.h"

/* What the election and the world need to know of a protocol's calendar; zeros for one without slots. */
struct schedule {
    time_ns slot_ns;
    uint64_t epoch_slots;
    uint64_t randomness_stability_slots;  /* how long before an epoch's end its successor's randomness is fixed */
    struct ratio active_slot_coefficient; /* denominator 0: not a lottery */
};

enum election_form {
    ELECTION_SCHEDULE, /* public: leader() answers for everybody */
    ELECTION_LOTTERY,  /* private: next_lead() answers for a validator of one's own */
};

/* What a fork must leave behind: how sim/check judges who broke the rules. */
enum accountability {
    ACCOUNTABLE_NOT,          /* longest chain, Algorand: a fork names nobody */
    ACCOUNTABLE_EQUIVOCATION, /* two votes of one kind, height and round */
    ACCOUNTABLE_LOCK,         /* Tendermint: equivocation, or amnesia by the transcript */
};

/* What the checkers are told; they know no protocol. */
struct verdict_rules {
    struct ratio quorum_above; /* a decision needs more than this share; denominator 0: no quorum */
    enum accountability accountability;
    time_ns liveness_bound_ns; /* longest time without a newly final block that the protocol allows; 0: none stated */
    uint32_t lock_vote, commit_vote; /* kinds of vote, for ACCOUNTABLE_LOCK */
};

struct vote_kind {
    const char *name;    /* "prevote" */
    const char *meaning; /* one line */
};

struct protocol {
    const char *name;                 /* required; alphabetical in the registry */
    const char *meaning;              /* required; one line for `posim list` */
    const char *source;               /* required; the paper or specification */
    const struct param_table *params; /* required */
    size_t state_size;                /* required */
    uint32_t wakes;                   /* required; WAKE(kind) bits */
    enum election_form election_form;
    const char *default_election; /* required; name of an election */
    const struct vote_kind *vote_kinds;
    uint32_t vote_kind_count;
    bool final_by_depth; /* finality is a depth rule (k blocks), not a certificate: a conflict is a reorg too deep */

    /* Required. EVENT_START is the first event; the state is zeroed before. */
    void (*step)(void *state, const struct view *view, const struct event *event, struct effects *effects);

    /*
     * Optional, for chains whose replicas do nothing about a block but take it as their head or leave it: what `step`
     * would make of EVENT_BLOCK for one block after the other, while nothing else happens, if `head` is the head in the
     * end. It descends from a block that was the head, of which the present head is that or a child.
     * Gives the block that is final then, or BLOCK_NONE. It may be tried on a copy of the state's own bytes. Blocks
     * that reach everybody before anything else happens are then not told to each replica as they come, but made up for
     * when it is to step. Such a protocol wakes for nothing that messages bring but EVENT_BLOCK, whose message it does
     * not look at.
     *
     * Where clocks differ, a block may come before its slot has begun by the replica's own clock. Then such a protocol
     * does nothing about it but to set a timer for the slot's beginning, whose tag grows with the block's number and is
     * above those of all its other timers; when it comes, it does what it would for EVENT_BLOCK. `extend` is not asked
     * of blocks of an epoch that is over by the replica's clock.
     */
    block_id (*extend)(void *state, const void *parameters, const struct block_tree *tree, block_id head);

    /* Optional, with `extend`: whether a replica leaves its head for another child of the head's parent. */
    bool (*prefers)(const void *parameters, const struct block_tree *tree, block_id head, block_id candidate);

    /* Optional: the calendar, from the parameters. */
    void (*schedule)(const void *parameters, struct schedule *schedule);

    /* Optional: the size of the blocks that it makes, from the parameters; none: it makes none worth the name. */
    uint64_t (*block_size)(const void *parameters);

    /*
     * Required: what the checkers hold the protocol to, given the largest message delay that the network model gives
     * (its p99 where it has no bound) and the number of validators.
     */
    void (*verdict_rules)(const void *parameters, time_ns delay_ns, uint32_t validator_count,
                          struct verdict_rules *rules);

    /*
     * Optional: an effect of the same validator that contradicts `effect` (a vote for something else at the same
     * place, another block for the same slot). False: none. `alternative` is a block that conflicts with the one voted
     * for, or BLOCK_NONE if the caller knows none.
     */
    bool (*conflict)(const struct view *view, const struct effect *effect, block_id alternative, struct effect *other);

    /* Optional; needed where the state owns memory. */
    void (*clone)(void *state, const void *original);
    void (*release)(void *state);
};

#endif
