/* SPDX-License-Identifier: MIT */
/*
 * Queues whose copies share a node's rate, the part of the carrier that fair.c is. Private to the carrier.
 */
#ifndef POSIM_NETWORK_FAIR_H
#define POSIM_NETWORK_FAIR_H

#include "base/ids.h"
#include "base/time.h"

#include <stddef.h>
#include <stdint.h>

#define FAIR_FEW   3u /* entries that need no memory of their own */
#define FAIR_LINKS 8u

struct carrier;
struct transfer;

enum fair_side { FAIR_UP, FAIR_DOWN };

/* Copies that join together and are through together, or a duplicate. */
struct fair_entry {
    uint64_t finish;
    uint32_t sequence;
    uint32_t first; /* group of them, in the carrier's slab; SLOT_NONE: a duplicate, which only takes its part */
};

/*
 * Copies that share a rate: `virtual` is how much each of them would have had by now, in 1/1024 ns at the full rate. A
 * duplicate that comes alone touches the first line of the cache only.
 */
struct fair_queue {
    uint64_t virtual;
    time_ns since_ns;
    time_ns next_ns; /* its event that counts, of those that are to come; TIME_NEVER: none */
    time_ns lone_ns; /* what a duplicate takes that came at since_ns and is alone, not in the heap; 0: none */
    uint64_t bytes;  /* that have come in, which the node's load counts; downwards only */
    uint64_t last_finish;
    uint32_t last;   /* group, if nothing has joined since and it has not left; it finishes at last_finish */
    uint32_t copies; /* in the heap */
    uint32_t acting; /* of them, those that are no duplicates */
    uint32_t sequence;
    struct fair_entry *many; /* the heap, once it has been larger than `few` */
    uint32_t entries, room;
    struct fair_entry few[FAIR_FEW];
};
_Static_assert(sizeof(struct fair_queue) == 128, "a queue fills two lines of the cache");
_Static_assert(offsetof(struct fair_queue, many) == 64, "what a lone duplicate needs is in the first");

/* Whole copies of a message that a node sends along its links at once; or what takes another way, alone. */
struct fair_group {
    time_ns entered_ns;
    time_ns work_ns; /* of each */
    uint32_t slot;
    uint32_t next;       /* group that is through with it, or SLOT_NONE */
    uint16_t count;      /* of links; 0: one thing, by `lone` */
    uint16_t item;       /* of that one, ... */
    uint32_t size_bytes; /* ... and how large it is */
    union {
        uint32_t links[FAIR_LINKS];
        struct {
            time_ns way_ns;
            node_id to;
            uint32_t link, detail;
        } lone;
    };
};

struct fair_port {
    enum fair_side side;
    node_id node;
};

struct fair_queue *fair_new(uint32_t count);
struct fair_queue *fair_clone(const struct fair_queue *queues, uint32_t count);
void fair_free(struct fair_queue *queues, uint32_t count);

/* Something joins the node's queue on that side, to be through once it has had work_ns of the whole rate. */
void fair_add(struct carrier *carrier, enum fair_side side, node_id node, const struct transfer *transfer,
              time_ns work_ns);
/* Upwards: whole copies along links out of the node, each of which takes work_ns. */
void fair_add_copies(struct carrier *carrier, node_id node, uint32_t slot, const uint32_t *links, uint32_t count,
                     time_ns work_ns);
/* Downwards: one on which the node does not act, which only takes its part of the rate. */
void fair_add_duplicate(struct carrier *carrier, node_id node, uint32_t size_bytes, time_ns work_ns);
/* The queue's event has come: who is through leaves, or has come in. */
void fair_land(struct carrier *carrier, enum fair_side side, node_id node);
/* Queues that somebody has joined in this act get their events. */
void fair_arm_joined(struct carrier *carrier);
/* What a queue's event will touch, in two steps, of which the first makes the second quick. */
void fair_prefetch(const struct carrier *carrier, enum fair_side side, node_id node);
void fair_prefetch_next(const struct carrier *carrier, enum fair_side side, node_id node);

#endif
