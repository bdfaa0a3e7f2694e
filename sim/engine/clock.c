/* SPDX-License-Identifier: MIT */
#include "engine/clock.h"

#include "base/assert.h"
#include "base/vector.h"

#include <string.h>

#define DEAD_MOST      64 /* so few dead entries are never worth a sweep */
#define PREFETCH_AHEAD 8

enum whereabouts {
    IN_QUEUE,
    IN_SOON,
    IN_BATCH,
    IN_QUEUE_DEAD, /* cancelled: the slot stays taken until the entry that names it is gone */
    IN_SOON_DEAD,
    IN_BATCH_DEAD,
};

/* What the slab holds: this, then the payload. */
struct item {
    time_ns at_ns;
    uint32_t whereabouts;
    uint32_t spare;
};

static inline struct item *item_at(const struct clock *clock, uint32_t handle)
{
    return slab_at(&clock->slab, handle);
}

void clock_init(struct clock *clock, size_t payload_size)
{
    *clock = (struct clock){.payload_size = payload_size};
    slab_init(&clock->slab, sizeof(struct item) + payload_size);
    queue_init(&clock->queue);
}

void clock_release(struct clock *clock)
{
    slab_release(&clock->slab);
    queue_release(&clock->queue);
    vector_release(&clock->batch);
    vector_release(&clock->soon);
    vector_release(&clock->popped);
    clock_init(clock, clock->payload_size);
}

static struct clock_events copy_events(struct clock_events original)
{
    struct clock_events copy = {0};
    vector_reserve(&copy, original.count);
    if (original.count)
        memcpy(copy.at, original.at, original.count * sizeof *copy.at);
    copy.count = original.count;
    return copy;
}

void clock_clone(struct clock *clock, const struct clock *original)
{
    *clock = *original;
    slab_clone(&clock->slab, &original->slab);
    queue_clone(&clock->queue, &original->queue);
    clock->batch = copy_events(original->batch);
    clock->soon = copy_events(original->soon);
    clock->popped = (struct queue_batch){0};
}

/* ---- scheduling and cancelling ---- */

struct clock_event clock_schedule(struct clock *clock, time_ns at_ns, const void *payload)
{
    REQUIRE(at_ns >= clock->now.ns && at_ns != TIME_NEVER);
    uint32_t handle = slab_take(&clock->slab);
    struct clock_event event = {handle, slab_generation(&clock->slab, handle)};
    struct item *item = item_at(clock, handle);
    bool soon = at_ns == clock->now.ns && clock->entered;
    *item = (struct item){.at_ns = at_ns, .whereabouts = soon ? IN_SOON : IN_QUEUE};
    if (clock->payload_size)
        memcpy(item + 1, payload, clock->payload_size);
    if (soon)
        vector_push(&clock->soon, event);
    else
        queue_push(&clock->queue, at_ns, handle);
    return event;
}

void clock_schedule_many(struct clock *clock, const time_ns *at_ns, const void *payloads, size_t count,
                         struct clock_event *events)
{
    const unsigned char *payload = payloads;
    for (size_t i = 0; i < count; i++, payload += clock->payload_size) {
        struct clock_event event = clock_schedule(clock, at_ns[i], payload);
        if (events)
            events[i] = event;
    }
}

bool clock_is_pending(const struct clock *clock, struct clock_event event)
{
    return slab_holds(&clock->slab, event.handle, event.generation) &&
           item_at(clock, event.handle)->whereabouts <= IN_BATCH;
}

const void *clock_payload(const struct clock *clock, struct clock_event event)
{
    return clock_is_pending(clock, event) ? item_at(clock, event.handle) + 1 : NULL;
}

time_ns clock_time_ns(const struct clock *clock, struct clock_event event)
{
    return clock_is_pending(clock, event) ? item_at(clock, event.handle)->at_ns : TIME_NEVER;
}

size_t clock_pending(const struct clock *clock)
{
    return queue_count(&clock->queue) - clock->queue_dead + clock->soon.count - clock->soon_dead;
}

/* Asked about each entry of the queue in a sweep: frees the slots of the dead ones. */
static bool keep_living(void *context, uint32_t handle)
{
    struct clock *clock = context;
    if (item_at(clock, handle)->whereabouts != IN_QUEUE_DEAD)
        return true;
    slab_give(&clock->slab, handle);
    return false;
}

static void sweep_queue(struct clock *clock)
{
    queue_filter(&clock->queue, keep_living, clock);
    clock->queue_dead = 0;
}

static void sweep_soon(struct clock *clock)
{
    size_t kept = 0;
    for (size_t i = 0; i < clock->soon.count; i++) {
        struct clock_event event = clock->soon.at[i];
        if (item_at(clock, event.handle)->whereabouts == IN_SOON_DEAD)
            slab_give(&clock->slab, event.handle);
        else
            clock->soon.at[kept++] = event;
    }
    clock->soon.count = kept;
    clock->soon_dead = 0;
}

bool clock_cancel(struct clock *clock, struct clock_event event)
{
    if (!clock_is_pending(clock, event))
        return false;
    struct item *item = item_at(clock, event.handle);
    item->whereabouts += IN_QUEUE_DEAD - IN_QUEUE;
    if (item->whereabouts == IN_QUEUE_DEAD) {
        clock->queue_dead++;
        if (clock->queue_dead > DEAD_MOST && clock->queue_dead > queue_count(&clock->queue) / 2)
            sweep_queue(clock);
    } else if (item->whereabouts == IN_SOON_DEAD) {
        clock->soon_dead++;
        if (clock->soon_dead > DEAD_MOST && clock->soon_dead > clock->soon.count / 2)
            sweep_soon(clock);
    }
    return true;
}

time_ns clock_quiet_until_ns(struct clock *clock)
{
    return clock->soon.count ? clock->now.ns : queue_peek_ns(&clock->queue);
}

/* ---- the next instant ---- */

static void free_batch(struct clock *clock)
{
    for (size_t i = 0; i < clock->batch.count; i++)
        slab_give(&clock->slab, clock->batch.at[i].handle);
    vector_clear(&clock->batch);
}

/* Makes a living event part of the batch; frees a dead one. */
static void hand_out(struct clock *clock, uint32_t handle)
{
    struct item *item = item_at(clock, handle);
    if (item->whereabouts > IN_BATCH) {
        slab_give(&clock->slab, handle);
        return;
    }
    item->whereabouts = IN_BATCH;
    struct clock_event event = {handle, slab_generation(&clock->slab, handle)};
    vector_push(&clock->batch, event);
}

/* The next microstep; false when nothing lives in it. */
static bool advance_microstep(struct clock *clock)
{
    for (size_t i = 0; i < clock->soon.count; i++)
        hand_out(clock, clock->soon.at[i].handle);
    vector_clear(&clock->soon);
    clock->soon_dead = 0;
    if (clock->batch.count == 0)
        return false;
    REQUIRE(clock->now.microstep != UINT32_MAX);
    clock->now.microstep++;
    return true;
}

/* Takes the earliest time out of the queue; false when nothing lived at it. */
static bool advance_time(struct clock *clock)
{
    time_ns at_ns = queue_pop_instant(&clock->queue, &clock->popped);
    const struct queue_entry *entries = clock->popped.at;
    size_t count = clock->popped.count;
    for (size_t i = 0; i < count; i++) {
        if (i + PREFETCH_AHEAD < count)
            __builtin_prefetch(slab_head(&clock->slab, entries[i + PREFETCH_AHEAD].handle), 1);
        hand_out(clock, entries[i].handle);
    }
    clock->queue_dead -= count - clock->batch.count;
    if (clock->batch.count == 0)
        return false;
    clock->now = (struct instant){.ns = at_ns};
    clock->entered = true;
    return true;
}

/* Nothing is left up to the limit. The queue may have dropped dead entries up to it, so the time moves there. */
static enum clock_advance stop_at_limit(struct clock *clock, time_ns limit_ns)
{
    if (limit_ns > clock->now.ns) {
        clock->now = (struct instant){.ns = limit_ns};
        clock->entered = false;
    }
    return CLOCK_LIMIT;
}

enum clock_advance clock_advance(struct clock *clock, time_ns limit_ns)
{
    REQUIRE(limit_ns >= clock->now.ns);
    free_batch(clock);
    if (advance_microstep(clock))
        return CLOCK_INSTANT;
    for (;;) {
        if (clock_pending(clock) == 0) {
            sweep_queue(clock);
            return CLOCK_QUIET;
        }
        if (queue_peek_ns(&clock->queue) > limit_ns)
            return stop_at_limit(clock, limit_ns);
        if (advance_time(clock))
            return CLOCK_INSTANT;
    }
}

size_t clock_bytes(const struct clock *clock)
{
    return clock->slab.room * clock->slab.stride + queue_bytes(&clock->queue) +
           (clock->batch.room + clock->soon.room) * sizeof(struct clock_event) +
           clock->popped.room * sizeof(struct queue_entry);
}
