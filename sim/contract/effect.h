/* SPDX-License-Identifier: MIT */
/*
 * What a protocol wants done: intentions, collected during a step and carried out by the world after it returns, in the
 * order given. An adversary may drop, change or add to the effects of the validators it controls before they are
 * carried out. What has no delay of its own (setting a watch that is met already, a replica's own vote coming back to
 * it) happens one microstep later.
 */
#ifndef POSIM_CONTRACT_EFFECT_H
#define POSIM_CONTRACT_EFFECT_H

#include "base/ids.h"
#include "base/time.h"
#include "base/vector.h"
#include "consensus/watch.h"

#include <stdint.h>

enum effect_kind {
    EFFECT_PROPOSE,      /* make a block (block == BLOCK_NONE) or propose an existing one again, and broadcast it */
    EFFECT_VOTE,         /* broadcast a vote */
    EFFECT_SEND,         /* broadcast, or send to one, a message of the protocol's own type */
    EFFECT_REQUEST,      /* ask `recipients` (usually one replica) for `type` */
    EFFECT_RESPOND,      /* answer a request: block with its ancestors, and the votes of `certificate` */
    EFFECT_EVIDENCE,     /* broadcast evidence against `subject`; blocks made from now on carry it to the ledger */
    EFFECT_TIMER_SET,    /* wake me at at_ns with tag; a timer of the same tag is replaced */
    EFFECT_TIMER_CANCEL, /* the timer with tag, if it is set */
    EFFECT_WATCH,        /* set `watch`; one of the same tag is replaced */
    EFFECT_UNWATCH,      /* drop the watch with tag */
    EFFECT_FORGET,   /* drop watches that count only votes below `height`; the replica will not ask for those votes */
    EFFECT_HEAD,     /* `block` is the replica's head */
    EFFECT_FINALISE, /* `block` and all its ancestors are final for the replica */
    EFFECT_KINDS,
};

/* The type of EFFECT_EVIDENCE where two proposals contradict each other, not two votes of a kind. */
#define EVIDENCE_OF_PROPOSALS UINT16_MAX

enum recipients_kind {
    RECIPIENTS_ALL,     /* every replica of the chain, the sender included */
    RECIPIENTS_REPLICA, /* one */
    RECIPIENTS_GROUP,   /* a set of replicas that the adversary's coordinator has named (adversary.h) */
    RECIPIENTS_HOST,    /* the node that hosts a validator */
};

struct recipients {
    enum recipients_kind kind;
    uint32_t which; /* replica_id, the group's number, or validator_id */
};

struct effect {
    enum effect_kind kind;
    validator_id validator; /* in whose name: PROPOSE, VOTE, SEND; ID_NONE for the node's own messages */
    struct recipients recipients;
    time_ns extra_delay_ns; /* sent later by this much; only an adversary may set it */

    uint64_t height;
    uint64_t slot;       /* PROPOSE */
    uint64_t payload;    /* PROPOSE, VOTE, SEND, REQUEST, RESPOND */
    uint64_t proof;      /* PROPOSE: the lottery's output */
    uint64_t tag;        /* TIMER_*, UNWATCH */
    stake_amount weight; /* VOTE; 0: the validator's stake in the electorate */
    time_ns at_ns;       /* TIMER_SET: absolute, on the node's own clock */
    uint32_t round;
    uint32_t variant;              /* PROPOSE: different blocks for the same place */
    uint32_t size_bytes;           /* PROPOSE: the block's; SEND, RESPOND: the message's own, signatures aside */
    uint32_t transactions;         /* PROPOSE */
    block_id block;                /* what is voted for, proposed again, answered with, made head or final */
    block_id parent;               /* PROPOSE of a new block */
    block_id reference;            /* PROPOSE */
    electorate_id electorate;      /* VOTE: whose weights; ID_NONE: that of the block's parent's children */
    validator_id subject;          /* EVIDENCE: whom against */
    uint16_t type;                 /* VOTE, EVIDENCE: kind of vote; SEND, REQUEST, RESPOND: the protocol's type */
    struct vote_query certificate; /* RESPOND: kinds == 0 for none */
    struct watch watch;            /* WATCH; not set for other kinds */
};

struct effects {
    VECTOR(struct effect) list;
};

/* Appends an empty effect of that kind (recipients all, ids ID_NONE, blocks BLOCK_NONE) to be filled in. */
struct effect *effects_add(struct effects *effects, enum effect_kind kind);

/* Shorthands for the most common ones; each returns the effect, valid until the next is added. */
struct effect *effects_vote(struct effects *effects, validator_id validator, uint16_t type, uint64_t height,
                            uint32_t round, block_id block);
struct effect *effects_timer(struct effects *effects, uint64_t tag, time_ns at_ns);
struct effect *effects_watch(struct effects *effects, const struct watch *watch);
struct effect *effects_unwatch(struct effects *effects, uint64_t tag);
struct effect *effects_head(struct effects *effects, block_id block);
struct effect *effects_finalise(struct effects *effects, block_id block);
struct effect *effects_forget(struct effects *effects, uint64_t height);

#endif
