/* SPDX-License-Identifier: MIT */
/*
 * Entries before front_end_ns are in the front, a sorted array; all others are in the radix (radix.h). When the front
 * is empty, a pop opens the radix's first bucket: few entries are sorted into the front, many are scattered over a new
 * rung whose first bucket is opened next. Only what moves the floor opens a bucket, never a peek: so everything pushed
 * later lies at or after the opened bucket's start, which the radix needs of its base.
 *
 * A queue of few entries is all front. When pushes make the front longer than FRONT_MOST it spills into the radix, and
 * when FRONT_FEW entries are left they return to it.
 */
#include "engine/queue.h"

#include "base/assert.h"
#include "base/vector.h"
#include "engine/radix.h"

#include <string.h>

/* Measured by tests/bench/hold. */
#define FRONT_FEW   24
#define FRONT_MOST  64
#define FRONT_SORT  64 /* a bucket of so many is sorted at once */
#define END_OF_TIME ((uint64_t)1 << 63)

static inline size_t front_length(const struct queue *queue)
{
    return queue->front.count - queue->front_head;
}

/* A stable sort by time; in stretches that are nearly sorted, or short, this is the fastest. */
static void sort_by_time(struct queue_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct queue_entry entry = entries[i];
        size_t j = i;
        for (; j > 0 && entries[j - 1].at_ns > entry.at_ns; j--)
            entries[j] = entries[j - 1];
        entries[j] = entry;
    }
}

/* Appends a bucket's entries to the front. */
static void fill_front(struct queue *queue, struct radix_bucket bucket, size_t count)
{
    vector_reserve(&queue->front, queue->front.count + count);
    queue->front.count += radix_drain(queue->radix, bucket, queue->front.at + queue->front.count);
}

static void clear_front(struct queue *queue)
{
    queue->front.count = queue->front_head = 0;
}

/* Moves what lies past the floor's own neighbourhood into a new rung, so that pushes into the front stay cheap. */
static void spill_front(struct queue *queue)
{
    uint64_t floor = (uint64_t)queue->floor_ns;
    uint64_t difference = 0;
    for (size_t i = queue->front_head; i < queue->front.count; i++)
        difference |= (uint64_t)queue->front.at[i].at_ns ^ floor;
    if (!queue->radix)
        queue->radix = radix_new();
    struct queue_radix *radix = queue->radix;
    radix->base = floor;
    queue->front_end_ns = floor + 1;
    if (difference == 0)
        return;

    struct radix_rung rung = radix_add_rung(radix, highest_bit(difference), front_length(queue));
    queue->front_end_ns = ((floor >> rung.shift) + 1) << rung.shift;
    size_t end = queue->front.count;
    size_t kept = queue->front_head;
    while (kept < end && (uint64_t)queue->front.at[kept].at_ns < queue->front_end_ns)
        kept++;
    for (size_t i = kept; i < end; i++)
        radix_append(radix, &rung, queue->front.at[i]);
    queue->front.count = kept;
}

static __attribute__((noinline)) void insert_front(struct queue *queue, struct queue_entry entry)
{
    struct queue_batch *front = &queue->front;
    if (queue->front_head == front->count) {
        clear_front(queue);
    } else if (front->count == front->room && queue->front_head >= front->count / 2) {
        memmove(front->at, front->at + queue->front_head, front_length(queue) * sizeof *front->at);
        front->count -= queue->front_head;
        queue->front_head = 0;
    }
    vector_reserve(front, front->count + 1);
    size_t j = front->count++;
    for (; j > queue->front_head && front->at[j - 1].at_ns > entry.at_ns; j--)
        front->at[j] = front->at[j - 1];
    front->at[j] = entry;
    if (front_length(queue) > FRONT_MOST && queue->front_end_ns != (uint64_t)queue->floor_ns + 1)
        spill_front(queue);
}

/* ---- opening buckets ---- */

/* All entries return to the front, which then takes every push until it is too long. */
static void gather_all(struct queue *queue)
{
    struct queue_radix *radix = queue->radix;
    while (radix->occupied) {
        struct radix_rung rung;
        struct radix_bucket bucket = radix_take_first(radix, &rung);
        fill_front(queue, bucket, FRONT_FEW);
    }
    radix_drop_rungs(radix, RADIX_BITS);
    sort_by_time(queue->front.at, queue->front.count);
    queue->front_end_ns = END_OF_TIME;
}

/* Opens the first bucket: into the front, or over a new rung, whose first bucket is then to be opened before all else.
 */
static void open_bucket(struct queue *queue)
{
    struct queue_radix *radix = queue->radix;
    struct radix_rung rung;
    struct radix_bucket bucket = radix_take_first(radix, &rung);
    struct radix_survey survey = radix_survey(radix, bucket);

    if (survey.count <= FRONT_SORT) {
        radix->base = survey.sample >> rung.shift << rung.shift;
        queue->front_end_ns = radix->base + ((uint64_t)1 << rung.shift);
        fill_front(queue, bucket, survey.count);
        sort_by_time(queue->front.at, survey.count);
    } else if (survey.difference == 0) {
        radix->base = survey.sample;
        queue->front_end_ns = survey.sample + 1;
        fill_front(queue, bucket, survey.count);
    } else {
        radix_scatter(radix, bucket, radix_add_rung(radix, highest_bit(survey.difference), survey.count));
    }
}

/* Brings the earliest entries into an empty front; the queue is not empty. */
static __attribute__((noinline)) void refill_front(struct queue *queue)
{
    clear_front(queue);
    if (queue->count <= FRONT_FEW) {
        gather_all(queue);
        return;
    }
    while (queue->front.count == 0)
        open_bucket(queue);
}

/* ---- the interface ---- */

void queue_init(struct queue *queue)
{
    *queue = (struct queue){.next_ns = -1, .front_end_ns = END_OF_TIME};
}

void queue_release(struct queue *queue)
{
    vector_release(&queue->front);
    radix_free(queue->radix);
    queue_init(queue);
}

void queue_clone(struct queue *queue, const struct queue *original)
{
    *queue = *original;
    queue->front = (struct queue_batch){0};
    vector_reserve(&queue->front, original->front.count);
    if (original->front.count)
        memcpy(queue->front.at, original->front.at, original->front.count * sizeof *original->front.at);
    queue->front.count = original->front.count;
    queue->radix = original->radix ? radix_copy(original->radix) : NULL;
}

void queue_push(struct queue *queue, time_ns at_ns, uint32_t handle)
{
    REQUIRE(at_ns >= queue->floor_ns && at_ns != TIME_NEVER);
    struct queue_entry entry = {at_ns, queue->sequence++, handle};
    queue->count++;
    if (at_ns < queue->next_ns)
        queue->next_ns = at_ns;
    if ((uint64_t)at_ns < queue->front_end_ns)
        insert_front(queue, entry);
    else
        radix_push(queue->radix, entry);
}

void queue_push_many(struct queue *queue, const struct queue_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        queue_push(queue, entries[i].at_ns, entries[i].handle);
}

time_ns queue_peek_ns(struct queue *queue)
{
    if (queue->front_head < queue->front.count)
        return queue->front.at[queue->front_head].at_ns;
    if (queue->count == 0)
        return TIME_NEVER;
    if (queue->next_ns < 0)
        queue->next_ns = radix_earliest_ns(queue->radix);
    return queue->next_ns;
}

/* Where the whole of the first bucket is before the bound it may be opened without looking for its earliest entry. */
bool queue_bring_before(struct queue *queue, time_ns bound_ns)
{
    if (queue->count == 0)
        return false;
    bool is_before = queue->count > FRONT_FEW && radix_first_end(queue->radix) <= (uint64_t)bound_ns;
    if (!is_before && queue_peek_ns(queue) >= bound_ns)
        return false;
    refill_front(queue);
    return true;
}

bool queue_pop(struct queue *queue, struct queue_entry *entry)
{
    if (queue->front_head == queue->front.count) {
        if (queue->count == 0)
            return false;
        refill_front(queue);
    }
    *entry = queue->front.at[queue->front_head++];
    queue->count--;
    queue->floor_ns = entry->at_ns;
    queue->next_ns = -1;
    return true;
}

time_ns queue_pop_instant(struct queue *queue, struct queue_batch *batch)
{
    vector_clear(batch);
    if (queue->count == 0)
        return TIME_NEVER;
    if (queue->front_head == queue->front.count)
        refill_front(queue);

    struct queue_batch *front = &queue->front;
    size_t end = queue->front_head + 1;
    time_ns at_ns = front->at[queue->front_head].at_ns;
    while (end < front->count && front->at[end].at_ns == at_ns)
        end++;
    size_t taken = end - queue->front_head;
    if (taken == front->count) { /* the whole front: exchange the arrays instead of copying */
        struct queue_batch whole = *front;
        *front = *batch;
        *batch = whole;
        clear_front(queue);
    } else {
        vector_reserve(batch, taken);
        memcpy(batch->at, front->at + queue->front_head, taken * sizeof *batch->at);
        batch->count = taken;
        queue->front_head = end;
    }
    queue->count -= taken;
    queue->floor_ns = at_ns;
    queue->next_ns = -1;
    return at_ns;
}

void queue_filter(struct queue *queue, bool (*keep)(void *context, uint32_t handle), void *context)
{
    struct queue_batch *front = &queue->front;
    size_t kept = 0;
    for (size_t i = queue->front_head; i < front->count; i++)
        if (keep(context, front->at[i].handle))
            front->at[kept++] = front->at[i];
    queue->count -= front_length(queue) - kept;
    queue->front_head = 0;
    front->count = kept;
    if (queue->radix)
        queue->count -= radix_filter(queue->radix, keep, context);
    queue->next_ns = -1;
}

size_t queue_bytes(const struct queue *queue)
{
    size_t bytes = queue->front.room * sizeof *queue->front.at;
    if (queue->radix)
        bytes += radix_bytes(queue->radix);
    return bytes;
}
