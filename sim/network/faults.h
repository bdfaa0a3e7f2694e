/* SPDX-License-Identifier: MIT */
/*
 * The timetable of a network's faults. Built first, then only asked; every answer is a function of time alone. Faults
 * of links (partition, slow, lose) act on a message by the time it leaves; outages act by the time it arrives. What
 * slows a node down (throttles where there are queues, sluggish processors) acts on work while it is done.
 * Private to the room.
 */
#ifndef POSIM_NETWORK_FAULTS_H
#define POSIM_NETWORK_FAULTS_H

#include "base/ids.h"
#include "base/random.h"
#include "base/time.h"
#include "network/graph.h"
#include "network/network.h"

#include <stdbool.h>
#include <stddef.h>

enum fault_kind {
    FAULT_PARTITION,
    FAULT_SLOW,
    FAULT_LOSE,
    FAULT_ASYNCHRONY, /* up to extra_ns, but no longer than it lasts */
    FAULT_THROTTLE,   /* nodes send and receive at a lower rate */
    FAULT_SLUGGISH,   /* their processors work at a part of their speed */
    FAULT_CONGESTION, /* up to extra_ns for each end, by the time of day there */
};

/* What the flags of a fault's nodes say, partitions apart. */
enum fault_side {
    FAULT_TARGET = 1,    /* hit */
    FAULT_OTHER_END = 2, /* with `toward`: the fault hits what goes between a target and such a node */
};

struct link_fault {
    enum fault_kind kind;
    time_ns from_ns, until_ns; /* active at from_ns <= t < until_ns */
    uint8_t *nodes;            /* by node: its side of a partition, or enum fault_side */
    bool toward;          /* only what goes between a target and another end; else all that a target has a part in */
    bool drop;            /* FAULT_PARTITION */
    time_ns extra_ns;     /* FAULT_SLOW, FAULT_ASYNCHRONY, FAULT_CONGESTION */
    struct ratio stretch; /* FAULT_SLOW: of the base delay, on top of it; denominator 0: none */
    uint64_t bit_per_s;   /* FAULT_THROTTLE */
    struct ratio speed;   /* FAULT_SLUGGISH: of the full one */
    time_ns period_ns;    /* FAULT_CONGESTION: */
    time_ns peak_ns;      /*   when it is worst, from the begin of each period at a place without shift */
    time_ns *shift_ns;    /*   by node: by so much it is later there; NULL: nowhere */
    uint32_t *load;       /*   over a period, in 2^-31 of extra_ns; set when added */
    bool drawn;           /* FAULT_ASYNCHRONY: by a part of that, drawn */
    struct ratio probability; /* FAULT_LOSE */
    struct network_retry retry;
    uint64_t *lost; /* FAULT_LOSE: [k] of 2^64 draws lose the message more than k times; retry.most + 1 of them; NULL:
                       nothing is sent again */
    uint32_t key; /* of its draws: the place in the list, but for what the network itself adds; its repetitions have it
                     too */
};

/* A stretch of time during which the same link faults are active. */
struct fault_segment {
    time_ns from_ns; /* until the next segment's */
    uint32_t *links; /* those active, by place in the list */
    uint32_t active;
    uint32_t partitions; /* of them */
};

struct outage {
    time_ns from_ns, until_ns;
    time_ns reach_ns; /* the latest until_ns of this one and those before it in the node's list; set when added */
    bool drop;
};

struct node_outages {
    struct outage *at; /* by from_ns */
    uint32_t count;
};

struct faults {
    uint32_t node_count;
    struct link_fault *links;
    uint32_t link_count;
    uint32_t listed;                /* the timetable's, each once however often it repeats */
    bool change_pace;               /* there is a FAULT_THROTTLE or FAULT_SLUGGISH */
    struct fault_segment *segments; /* by from_ns; before the first nothing is active */
    uint32_t segment_count;
    struct node_outages *outages; /* by node; NULL where no node has one */
    node_id *hit;                 /* those that have some */
    uint32_t hit_count;
};

void faults_init(struct faults *faults, uint32_t node_count);
void faults_release(struct faults *faults);
void faults_copy(struct faults *faults, const struct faults *original);

/* The keys of what is a network's own, not of its timetable: so it moves no draw of that. */
#define FAULT_KEY_LOSS       ((1u << 16) - 1)
#define FAULT_KEY_ASYNCHRONY ((1u << 16) - 2)

/* What it points to is copied; a key of 0 becomes the next place in the timetable's list. */
void faults_add_link(struct faults *faults, struct link_fault fault);
/* The one added last, at another time too. */
void faults_repeat_link(struct faults *faults, time_ns from_ns, time_ns until_ns);
void faults_add_outage(struct faults *faults, node_id node, struct outage outage);

/* The segment at a time, or NULL where no link fault is active. */
const struct fault_segment *faults_segment(const struct faults *faults, time_ns at);

/* When the next segment begins; TIME_NEVER: there is none. */
time_ns faults_next_change(const struct faults *faults, time_ns at);

/* Whether two nodes are on different sides of a partition; a node of side 0 is on all of them. */
static inline bool link_fault_divides(const struct link_fault *partition, node_id a, node_id b)
{
    return graph_parts(partition->nodes[a], partition->nodes[b]);
}

static inline bool link_fault_active(const struct link_fault *fault, time_ns at)
{
    return fault->from_ns <= at && at < fault->until_ns;
}

/* When a message sent at that time gets past the partitions between its ends; TIME_NEVER if it is dropped. */
time_ns faults_leave(const struct faults *faults, node_id from, node_id to, time_ns sent_ns);

/* The active partition that ends first; there must be one. */
const struct link_fault *faults_first_heal(const struct faults *faults, time_ns at);

/* hindrance.c */

/* A message on its way between two nodes. */
struct fault_way {
    uint64_t message;
    node_id from, to;
    uint32_t size_bytes;
    time_ns base_ns;             /* its delay without jitter and size */
    time_ns sending_ns;          /* what its size takes at the ends' rates */
    bool queued_up, queued_down; /* a queue at that end sees to its rate (faults_work_...) */
};

/* By how much a message that leaves at that time is slowed down; TIME_NEVER if it is lost. */
time_ns faults_hinder(const struct faults *faults, const struct random_seed *seed, const struct fault_way *way,
                      time_ns leaves_ns);

/* Work is counted in so many parts of what is done in a ns at full pace, since little of it may be done at a time. */
#define WORK_PARTS 1024u

/* What works at a node: its line, either way, or its processors. */
struct fault_worker {
    node_id node;
    uint64_t bit_per_s; /* of the line, as long as nothing throttles it; 0: the processors */
};

/* When so much work, which begins at start_ns, is done. */
time_ns faults_work_done(const struct faults *faults, struct fault_worker worker, time_ns start_ns, uint128 work);
/* How much work is done in a time; until faults_work_done says that some is done, at least that. */
uint128 faults_work_between(const struct faults *faults, struct fault_worker worker, time_ns from_ns, time_ns until_ns);

/* The longest wait of what is lost and sent again, and is not lost for good. */
time_ns faults_retry_most(const struct network_retry *retry);

/* How full links are over a period that begins at its least: (1 - cos) / 2 in steps, the last of them the first. */
#define CONGESTION_STEPS 1024u
uint32_t *congestion_loads(void);

/* faults.c */

/* When what arrives at that time is taken in: at once, when the node is up again, or TIME_NEVER. */
time_ns faults_receive(const struct faults *faults, node_id node, time_ns arrives_ns);

bool faults_down(const struct faults *faults, node_id node, time_ns at);

#endif
