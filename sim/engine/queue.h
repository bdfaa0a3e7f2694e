/* SPDX-License-Identifier: MIT */
/*
 * The event queue: entries of 16 bytes, taken in the total order (time, sequence), where the sequence is the order of
 * pushing. It is monotone: nothing may be pushed before the time last popped, which is what a simulation's clock
 * guarantees and what makes the queue fast. Looking at the next time promises nothing: a push may still come before it.
 *
 * Inside is a sorted front, which alone serves a small queue, and behind it a radix structure: buckets by the highest
 * bits in which a time differs from the time reached, spread further as the clock comes near (queue.c says how). How
 * the entries are kept is nobody's business but queue.c's; tests/bench/hold measures the choice.
 *
 * Memory belongs to the queue from queue_init to queue_release; it grows to the largest number of entries pending and
 * is kept for reuse. A clone is whole and independent. Handles are the caller's; the queue never looks at them.
 */
#ifndef POSIM_ENGINE_QUEUE_H
#define POSIM_ENGINE_QUEUE_H

#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_entry {
    time_ns at_ns;     /* 0 to TIME_NEVER - 1 */
    uint32_t sequence; /* counts pushes, modulo 2^32; entries of one time keep the order of pushing past that too */
    uint32_t handle;
};

/* Entries taken together; a VECTOR, so that vector_clear and vector_release serve. Zero-initialised is empty. */
struct queue_batch {
    struct queue_entry *at;
    size_t count;
    size_t room;
};

struct queue_radix;

struct queue {
    size_t count;          /* entries pending; read it through queue_count */
    time_ns floor_ns;      /* the time last popped */
    time_ns next_ns;       /* the earliest time where it is known while the front is empty, else -1 */
    uint64_t front_end_ns; /* every entry before this time is in the front, and no other */
    struct queue_batch front;
    size_t front_head; /* entries of the front already popped */
    uint32_t sequence;
    struct queue_radix *radix; /* NULL until the queue outgrows its front */
};

void queue_init(struct queue *queue);
void queue_release(struct queue *queue);

/* Makes `queue` (not initialised before) a copy of `original`: same entries, sequence and floor. */
void queue_clone(struct queue *queue, const struct queue *original);

/* at_ns must lie in [time last popped, TIME_NEVER). */
void queue_push(struct queue *queue, time_ns at_ns, uint32_t handle);

/* Pushes entries in the order given; their sequence is set by the queue, not read. */
void queue_push_many(struct queue *queue, const struct queue_entry *entries, size_t count);

static inline size_t queue_count(const struct queue *queue)
{
    return queue->count;
}

/*
 * The entry that would be popped after `ahead` others, if that is known at no cost and nothing is pushed meanwhile;
 * else NULL. Valid until something is pushed or taken.
 */
static inline const struct queue_entry *queue_foresee(const struct queue *queue, size_t ahead)
{
    if (queue->front.count - queue->front_head <= ahead)
        return NULL;
    return &queue->front.at[queue->front_head + ahead];
}

/* The earliest time pending, or TIME_NEVER when the queue is empty. */
time_ns queue_peek_ns(struct queue *queue);

/* Of queue_reach_before: whether entries that may be before the bound could be foreseen. */
bool queue_bring_before(struct queue *queue, time_ns bound_ns);

/*
 * Goes to the earliest time pending, if it is before the bound, without taking anything; else, or when the queue is
 * empty, false. Nothing may be pushed before that time any more, and all of its entries are foreseen.
 */
static inline bool queue_reach_before(struct queue *queue, time_ns bound_ns)
{
    if (queue->front_head == queue->front.count && !queue_bring_before(queue, bound_ns))
        return false;
    time_ns next_ns = queue->front.at[queue->front_head].at_ns;
    if (next_ns >= bound_ns)
        return false;
    queue->floor_ns = next_ns;
    return true;
}

/* Takes the entry that queue_reach_before has gone to. */
static inline void queue_drop(struct queue *queue)
{
    queue->front_head++;
    queue->count--;
    queue->next_ns = -1;
}

/* Takes the earliest entry; false, with *entry untouched, when the queue is empty. */
bool queue_pop(struct queue *queue, struct queue_entry *entry);

/*
 * Replaces the batch's contents by every entry of the earliest time, in the order of pushing, and returns that time;
 * TIME_NEVER and an empty batch when the queue is empty. The batch's memory remains the caller's but may be exchanged.
 */
time_ns queue_pop_instant(struct queue *queue, struct queue_batch *batch);

/*
 * Removes the entries for which keep(context, handle) is false, asking once for each entry, in an order that depends
 * only on the history of calls. Does not move the floor.
 */
void queue_filter(struct queue *queue, bool (*keep)(void *context, uint32_t handle), void *context);

/* Bytes held, for reports of memory. */
size_t queue_bytes(const struct queue *queue);

#endif
