/* SPDX-License-Identifier: MIT */
/*
 * The queues that are compared. A peer is a queue behind four functions; loads (load.h) are written once, inline, over
 * a peer known at compile time, so that each pair becomes its own loop without indirect calls.
 */
#ifndef POSIM_TESTS_BENCH_PEER_H
#define POSIM_TESTS_BENCH_PEER_H

#include "base/time.h"
#include "base/vector.h"
#include "engine/queue.h"

#include <glib.h>
#include <stdint.h>

struct wide_entry {
    int64_t at_ns;
    uint64_t sequence;
    uint64_t handle;
};

#define HEAP       binary24
#define HEAP_ARITY 2
#define HEAP_ENTRY struct wide_entry
#include "heap.h"

#define HEAP       binary16
#define HEAP_ARITY 2
#define HEAP_ENTRY struct queue_entry
#include "heap.h"

#define HEAP       quaternary16
#define HEAP_ARITY 4
#define HEAP_ENTRY struct queue_entry
#include "heap.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

struct popped {
    time_ns at_ns;
    uint32_t sequence; /* of pushing */
    uint32_t handle;
};

struct peer {
    void *(*make)(void);
    void (*drop)(void *queue);
    void (*push)(void *queue, time_ns at_ns, uint32_t handle);
    bool (*pop)(void *queue, struct popped *popped); /* false when empty */
};

/* ---- the peers ---- */

#define HEAP_PEER(heap, entry_type)                                                                                    \
    static inline void *heap##_peer_make(void)                                                                         \
    {                                                                                                                  \
        return g_new0(struct heap, 1);                                                                                 \
    }                                                                                                                  \
    static inline void heap##_peer_drop(void *queue)                                                                   \
    {                                                                                                                  \
        heap##_release(queue);                                                                                         \
        g_free(queue);                                                                                                 \
    }                                                                                                                  \
    ALWAYS_INLINE void heap##_peer_push(void *queue, time_ns at_ns, uint32_t handle)                                   \
    {                                                                                                                  \
        heap##_push(queue, at_ns, handle);                                                                             \
    }                                                                                                                  \
    ALWAYS_INLINE bool heap##_peer_pop(void *queue, struct popped *popped)                                             \
    {                                                                                                                  \
        entry_type entry;                                                                                              \
        if (!heap##_pop(queue, &entry))                                                                                \
            return false;                                                                                              \
        *popped = (struct popped){entry.at_ns, (uint32_t)entry.sequence, (uint32_t)entry.handle};                      \
        return true;                                                                                                   \
    }

HEAP_PEER(binary24, struct wide_entry)
HEAP_PEER(binary16, struct queue_entry)
HEAP_PEER(quaternary16, struct queue_entry)

static const struct peer binary24_peer = {
    .make = binary24_peer_make, .drop = binary24_peer_drop, .push = binary24_peer_push, .pop = binary24_peer_pop};

static const struct peer binary16_peer = {
    .make = binary16_peer_make, .drop = binary16_peer_drop, .push = binary16_peer_push, .pop = binary16_peer_pop};

static const struct peer quaternary16_peer = {.make = quaternary16_peer_make,
                                              .drop = quaternary16_peer_drop,
                                              .push = quaternary16_peer_push,
                                              .pop = quaternary16_peer_pop};

static inline void *queue_peer_make(void)
{
    struct queue *queue = g_new(struct queue, 1);
    queue_init(queue);
    return queue;
}

static inline void queue_peer_drop(void *queue)
{
    queue_release(queue);
    g_free(queue);
}

ALWAYS_INLINE void queue_peer_push(void *queue, time_ns at_ns, uint32_t handle)
{
    queue_push(queue, at_ns, handle);
}

ALWAYS_INLINE bool queue_peer_pop(void *queue, struct popped *popped)
{
    struct queue_entry entry;
    if (!queue_pop(queue, &entry))
        return false;
    *popped = (struct popped){entry.at_ns, entry.sequence, entry.handle};
    return true;
}

static const struct peer queue_peer = {
    .make = queue_peer_make, .drop = queue_peer_drop, .push = queue_peer_push, .pop = queue_peer_pop};

/*
 * Not a queue: a random entry is read and written back, which is what the memory of the machine allows to one that
 * touches its entries at random, once each.
 */
struct table {
    VECTOR(struct queue_entry) entries;
    uint64_t random;
};

static inline void *table_peer_make(void)
{
    return g_new0(struct table, 1);
}

static inline void table_peer_drop(void *queue)
{
    struct table *table = queue;
    vector_release(&table->entries);
    g_free(table);
}

ALWAYS_INLINE void table_peer_push(void *queue, time_ns at_ns, uint32_t handle)
{
    struct table *table = queue;
    if (handle == table->entries.count)
        vector_push(&table->entries, (struct queue_entry){.at_ns = at_ns, .handle = handle});
    else
        table->entries.at[handle].at_ns = at_ns;
}

ALWAYS_INLINE bool table_peer_pop(void *queue, struct popped *popped)
{
    struct table *table = queue;
    table->random = table->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint32_t handle = (uint32_t)((table->random >> 32) * table->entries.count >> 32);
    *popped = (struct popped){table->entries.at[handle].at_ns, 0, handle};
    return true;
}

static const struct peer table_peer = {
    .make = table_peer_make, .drop = table_peer_drop, .push = table_peer_push, .pop = table_peer_pop};

#endif
