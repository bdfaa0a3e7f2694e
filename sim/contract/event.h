/* SPDX-License-Identifier: MIT */
/*
 * The one thing that happened to a replica in a step. A protocol declares with a bit set which kinds wake it. At one
 * instant the events of a replica come in the order of their kinds below; within a kind, by the message's id, the
 * timer's or watch's tag. Everything that arrived in the instant has landed before the first of them: a certificate
 * holds every vote that had arrived by then.
 */
#ifndef POSIM_CONTRACT_EVENT_H
#define POSIM_CONTRACT_EVENT_H

#include "base/ids.h"
#include "consensus/message.h"

enum event_kind {
    EVENT_START,        /* once, at time 0 or when the node joins */
    EVENT_RECOVERED,    /* the node is up again; timers that were due while it was down are gone */
    EVENT_EPOCH,        /* number: the epoch that begins; only for protocols with a schedule of slots */
    EVENT_SLOT,         /* number: the slot that begins */
    EVENT_SET_CHANGED,  /* the electorate for children of the replica's head has another version */
    EVENT_STAKE,        /* a stake operation took effect on the replica's head chain */
    EVENT_BLOCK,        /* block is available: it and all its ancestors have arrived; message may be NULL */
    EVENT_PROPOSAL,     /* a proposal message whose block is available: message */
    EVENT_MESSAGE,      /* a message of kind MESSAGE_OTHER: message */
    EVENT_REQUEST,      /* message */
    EVENT_RESPONSE,     /* message; what it carried has landed already */
    EVENT_EQUIVOCATION, /* the replica holds two votes or proposals of `validator` that contradict: message is one */
    EVENT_PACKET,       /* from another chain: message */
    EVENT_WATCH,        /* tag; block, height, round: what met it; each_vote watches: message */
    EVENT_TIMER,        /* tag */
    EVENT_KINDS,
};

struct event {
    enum event_kind kind;
    validator_id validator;
    uint64_t tag;                  /* WATCH, TIMER */
    uint64_t number;               /* SLOT, EPOCH; height of a WATCH */
    uint32_t round;                /* WATCH */
    block_id block;                /* BLOCK, PROPOSAL, WATCH (BLOCK_NONE for nil or mixed) */
    const struct message *message; /* valid during the step only */
};

#define WAKE(kind) (1u << (kind))

#endif
