/* SPDX-License-Identifier: MIT */
/* What the clock, and the flow, have of the carrier. Private to it. */
#ifndef POSIM_NETWORK_CARRIER_ITEM_H
#define POSIM_NETWORK_CARRIER_ITEM_H

#include "network/carrier.h"

/* Items of the clock. Where nothing else is said `where` is a node and data is slot << 32 | the node it came from. */
enum carrier_item {
    CARRIER_MESH,           /* the node goes down, or is back: its mesh changes; data: nothing */
    CARRIER_START,          /* the sender has its message */
    CARRIER_COPY,           /* a copy has come in at the node's link */
    CARRIER_FLOWN,          /* the same out of the flow; data: slot << 32 | the number of its way there */
    CARRIER_TAKEN,          /* and is through its queue */
    CARRIER_VALID,          /* the node has validated its first copy */
    CARRIER_PORT_UP,        /* a fair queue's next copy is through; data: nothing */
    CARRIER_PORT_DOWN,      /* the same downwards */
    CARRIER_ANNOUNCE,       /* a peer tells that it has the message */
    CARRIER_REQUEST,        /* a peer asks for it */
    CARRIER_TIMEOUT,        /* time to ask another peer */
    CARRIER_SHRED,          /* a shred from its relay */
    CARRIER_SHRED_TO_RELAY, /* a shred from the sender; data: slot << 32 | its number */
    CARRIER_RELAY_HAS,      /* it is through the relay's queue */
    CARRIER_HEARTBEAT,      /* data: nothing */
    CARRIER_ROUTINE,        /* of a link; data: the link */
    CARRIER_FLOW,           /* copies come in out of the flow; where, data: nothing */
    CARRIER_SKETCH,         /* a compact block comes in */
    CARRIER_SKETCH_TAKEN,   /* and is through the node's queue */
    CARRIER_FILL_REQUEST,   /* a peer asks for what it lacks of a compact block */
    CARRIER_FILL,           /* the transactions that a node lacked */
    CARRIER_REPAIR,         /* time to ask for missing shreds; data: slot << 32 | how often the node has tried */
    CARRIER_REPAIR_REQUEST, /* a node asks for a shred */
    CARRIER_REPAIR_SHRED,   /* and gets it */
    CARRIER_GRAFT,          /* a peer has the node in its mesh; data: the link that it came along */
    CARRIER_PRUNE,          /* a peer does not have it any more; data: the same */
    CARRIER_ITEMS,
};
_Static_assert(CARRIER_ITEMS <= CARRIER_ITEM_KINDS, "more kinds of item than the clock has room for");

#endif
