/* SPDX-License-Identifier: MIT */
/* Copies on their way, beside the clock: the part of the carrier that flow.c and flow_ahead.c are. Private to it. */
#ifndef POSIM_NETWORK_FLOW_H
#define POSIM_NETWORK_FLOW_H

#include "engine/clock.h"
#include "engine/queue.h"
#include "network/carrier_item.h"
#include "network/graph.h"

#define FLOW_CARGOES 16u

struct carrier;
struct transfer;

/*
 * Copies that are on links. An entry of the queue names its message and link in its 32 bits, so that it needs no item
 * of the clock; the clock holds one event, for the next of them.
 */
struct flow {
    struct queue queue;
    struct queue_batch batch;
    uint32_t cargoes;                /* kinds of item that it takes; the others go by the clock */
    uint8_t item_of[FLOW_CARGOES];   /* by cargo */
    uint8_t cargo_of[CARRIER_ITEMS]; /* by item */
    uint32_t way_bits;               /* of a handle; what is above is the slot */
    uint32_t cargo_bits;             /* of them, those that tell what comes */
    uint32_t number_bits;            /* of them, those of the link's number among the links to its node */
    uint32_t to_bits;                /* both together; above them is the node */
    uint32_t way_mask, cargo_mask, number_mask;
    uint32_t direct;     /* the number of the direct way from a message's sender */
    uint32_t *first_in;  /* by node: of its links in, in ... */
    node_id *in_from;    /* ... this: where they come from */
    uint32_t *number_of; /* by link */
    uint32_t fetched;    /* copies ahead whose memory has been asked for */
    time_ns wake_ns;     /* TIME_NEVER: no event */
    struct clock_event wake;
};

/* What a handle of the flow says. */
struct flown {
    uint32_t item;
    uint32_t slot;
    node_id to;
    uint32_t number;
};

static inline struct flown flow_read(const struct flow *flow, uint32_t handle)
{
    uint32_t way = handle & flow->way_mask;
    uint32_t cargo = way >> flow->number_bits & flow->cargo_mask;
    return (struct flown){.item = flow->item_of[cargo],
                          .slot = handle >> flow->way_bits,
                          .to = way >> flow->to_bits,
                          .number = way & flow->number_mask};
}

/* flow.c */
void flow_init(struct carrier *carrier);
void flow_release(struct flow *flow);
void flow_clone(struct flow *copy, const struct flow *original, const struct graph *graph);
/* Whether the flow takes it, to come in at that time. */
bool flow_add(struct carrier *carrier, time_ns at_ns, const struct transfer *transfer);
/* The same of a whole copy along a link. */
bool flow_add_copy(struct carrier *carrier, time_ns at_ns, uint32_t slot, uint32_t link);
/* The same of what is no transfer: a timeout, a queue (slot 0), or a routine by its node and which of its links. */
bool flow_put(struct carrier *carrier, time_ns at_ns, enum carrier_item item, node_id where, uint32_t slot,
              uint32_t number);
/* Where a copy came from that the flow brought, by its number. */
node_id flow_from(const struct carrier *carrier, uint32_t slot, node_id to, uint32_t number);
/* The flow's event: its copies of this instant join the landing. */
void flow_land(struct carrier *carrier);
/* What an entry is to the landing. */
struct clock_item flow_item(const struct carrier *carrier, const struct flown *flown);
/* After an instant: takes back the clock's event, ... */
void flow_withdraw(struct carrier *carrier);
/* ... (flow_ahead.c) deals with what comes before anything else can happen and lets no node have a message, ... */
void flow_look_ahead(struct carrier *carrier, time_ns limit_ns);
/* ... and has the clock's event for the next copy. */
void flow_arm(struct carrier *carrier);

#endif
