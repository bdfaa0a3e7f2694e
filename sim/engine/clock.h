/* SPDX-License-Identifier: MIT */
/*
 * The clock of a world: what instant it is, and what is scheduled to happen. An event is a payload of a fixed number of
 * bytes, which the clock copies and never reads; the world gives it meaning, and must be able to copy it with memcpy.
 *
 * Time moves by clock_advance alone, from instant to instant. An instant is (ns, microstep); what is scheduled for the
 * time that it already is happens at the next microstep. All events of an instant come in one batch, in the order of
 * scheduling; the world puts them into the order that its own rules ask for. An event of the batch lives until the next
 * clock_advance, and may be cancelled until the world has acted on it: clock_payload then answers NULL.
 *
 * Cancelled events stay behind as dead entries until their time or until they outnumber the living, when all are swept
 * away: arming and cancelling without end takes memory in proportion to what is armed at once.
 *
 * Memory belongs to the clock from clock_init to clock_release. Scheduling may move payloads: copy what is needed
 * later.
 */
#ifndef POSIM_ENGINE_CLOCK_H
#define POSIM_ENGINE_CLOCK_H

#include "base/time.h"
#include "engine/queue.h"
#include "engine/slab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names one scheduled event for ever. Zero-initialised names none. */
struct clock_event {
    uint32_t handle;
    uint32_t generation;
};

struct clock_events { /* a VECTOR */
    struct clock_event *at;
    size_t count;
    size_t room;
};

/* What clock_advance found. */
enum clock_advance {
    CLOCK_INSTANT, /* it is a new instant, whose events are in `batch` */
    CLOCK_LIMIT,   /* nothing more happens up to the limit, and it is now that time */
    CLOCK_QUIET,   /* nothing is scheduled at all; the time is as before */
};

struct clock {
    struct instant now;        /* read it freely */
    struct clock_events batch; /* the events of `now` */
    bool entered;              /* events at now.ns were handed out, so that what is scheduled for it comes later */
    size_t payload_size;
    struct slab slab;
    struct queue queue;
    struct clock_events soon; /* the next microstep */
    size_t queue_dead;        /* cancelled entries in the queue */
    size_t soon_dead;         /* and among `soon` */
    struct queue_batch popped;
};

/* It is instant (0, 0), which no event has entered yet. */
void clock_init(struct clock *clock, size_t payload_size);
void clock_release(struct clock *clock);

/* Makes `clock` (not initialised before) a copy of `original`: same instant, events and batch under the same names. */
void clock_clone(struct clock *clock, const struct clock *original);

/* Schedules a copy of the payload at a time in [now.ns, TIME_NEVER). */
struct clock_event clock_schedule(struct clock *clock, time_ns at_ns, const void *payload);

/* Schedules `count` payloads that lie one after the other; `events` receives their names unless it is NULL. */
void clock_schedule_many(struct clock *clock, const time_ns *at_ns, const void *payloads, size_t count,
                         struct clock_event *events);

/* Whether the event is still to happen, or is in the batch and was not cancelled. */
bool clock_is_pending(const struct clock *clock, struct clock_event event);

/* Withdraws an event; false when it was not pending any more. */
bool clock_cancel(struct clock *clock, struct clock_event event);

/* The payload of a pending event, or NULL; valid until something is scheduled. */
const void *clock_payload(const struct clock *clock, struct clock_event event);

/* The time at which a pending event happens, or TIME_NEVER. */
time_ns clock_time_ns(const struct clock *clock, struct clock_event event);

/* Events that are still to happen, without those of the batch. */
size_t clock_pending(const struct clock *clock);

/* A time before which nothing happens any more, if nothing is scheduled meanwhile; TIME_NEVER: nothing at all. */
time_ns clock_quiet_until_ns(struct clock *clock);

/* Moves to the next instant that has events, at most to limit_ns, which must not be before now. */
enum clock_advance clock_advance(struct clock *clock, time_ns limit_ns);

/* Bytes held, for reports of memory. */
size_t clock_bytes(const struct clock *clock);

#endif
