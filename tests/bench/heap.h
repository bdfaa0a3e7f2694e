/* SPDX-License-Identifier: MIT */
/*
 * A plain array heap in the total order (time, sequence), written as simulators commonly write it: what our queue is
 * measured against, and what the tests compare it with. This file is a template: define HEAP (the prefix of the names),
 * HEAP_ARITY, and HEAP_ENTRY (a struct with at_ns, sequence, handle), and include it once for each kind. Everything is
 * inline, which favours the peers.
 */
#include "base/stake.h"
#include "base/vector.h"

#include <stdbool.h>
#include <stdint.h>

#define HEAP_JOIN_(a, b) a##_##b
#define HEAP_JOIN(a, b)  HEAP_JOIN_(a, b)
#define HEAP_(name)      HEAP_JOIN(HEAP, name)

struct HEAP {
    VECTOR(HEAP_ENTRY) entries;
    uint32_t sequence;
};

/* (time, sequence) as one number, compared without branches. */
static inline uint128 HEAP_(key)(const HEAP_ENTRY *entry)
{
    return (uint128)(uint64_t)entry->at_ns << 64 | entry->sequence;
}

static inline void HEAP_(push)(struct HEAP *heap, int64_t at_ns, uint32_t handle)
{
    HEAP_ENTRY entry = {.at_ns = at_ns, .sequence = heap->sequence++, .handle = handle};
    size_t hole = heap->entries.count;
    uint128 key = HEAP_(key)(&entry);
    vector_push(&heap->entries, entry);
    while (hole > 0) {
        size_t parent = (hole - 1) / HEAP_ARITY;
        if (HEAP_(key)(&heap->entries.at[parent]) <= key)
            break;
        heap->entries.at[hole] = heap->entries.at[parent];
        hole = parent;
    }
    heap->entries.at[hole] = entry;
}

/* Sinks `entry` from the hole at `hole`. */
static inline void HEAP_(sink)(struct HEAP *heap, size_t hole, HEAP_ENTRY entry)
{
    HEAP_ENTRY *at = heap->entries.at;
    size_t count = heap->entries.count;
    uint128 key = HEAP_(key)(&entry);
    for (;;) {
        size_t least = hole * HEAP_ARITY + 1;
        if (least >= count)
            break;
        size_t end = least + HEAP_ARITY < count ? least + HEAP_ARITY : count;
        uint128 least_key = HEAP_(key)(&at[least]);
        for (size_t child = least + 1; child < end; child++) {
            uint128 child_key = HEAP_(key)(&at[child]);
            least = child_key < least_key ? child : least;
            least_key = child_key < least_key ? child_key : least_key;
        }
        if (key <= least_key)
            break;
        at[hole] = at[least];
        hole = least;
    }
    at[hole] = entry;
}

static inline bool HEAP_(pop)(struct HEAP *heap, HEAP_ENTRY *entry)
{
    if (heap->entries.count == 0)
        return false;
    *entry = heap->entries.at[0];
    HEAP_ENTRY last = heap->entries.at[--heap->entries.count];
    if (heap->entries.count)
        HEAP_(sink)(heap, 0, last);
    return true;
}

static inline void HEAP_(release)(struct HEAP *heap)
{
    vector_release(&heap->entries);
}

#undef HEAP_
#undef HEAP_JOIN
#undef HEAP_JOIN_
#undef HEAP
#undef HEAP_ARITY
#undef HEAP_ENTRY
