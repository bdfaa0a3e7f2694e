/* SPDX-License-Identifier: MIT */
/*
 * A table of items of one size, named by 32-bit handles, with a free list. A handle's generation tells apart the items
 * that lived in one slot one after the other: it is odd while the slot is taken and moves on with every take and every
 * give, so that (handle, generation) names one item for ever (2^31 items in one slot later it comes round again). No
 * item ever has generation 0.
 *
 * Memory belongs to the slab from slab_init to slab_release; it grows to the most items held at once, and freed slots
 * are used again first. slab_take may move the items: hold handles, not pointers, across it. Items are aligned to 8
 * bytes. Which handle is given depends only on the history of calls.
 */
#ifndef POSIM_ENGINE_SLAB_H
#define POSIM_ENGINE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLAB_NONE UINT32_MAX

/* In memory before each item. */
struct slab_head {
    uint32_t generation;
    uint32_t next_free;
};

struct slab {
    unsigned char *slots;
    size_t stride; /* bytes a slot, head and padding included */
    uint32_t used; /* slots that were ever taken */
    uint32_t room;
    uint32_t count; /* slots taken now */
    uint32_t first_free;
};

void slab_init(struct slab *slab, size_t item_size);
void slab_release(struct slab *slab);

/* Makes `slab` (not initialised before) a copy of `original`: same handles, generations and bytes. */
void slab_clone(struct slab *slab, const struct slab *original);

/* A handle to an item whose contents are undefined. */
uint32_t slab_take(struct slab *slab);

/* Frees an item that is taken. */
void slab_give(struct slab *slab, uint32_t handle);

static inline struct slab_head *slab_head(const struct slab *slab, uint32_t handle)
{
    return (struct slab_head *)(void *)(slab->slots + handle * slab->stride);
}

/* The item of a handle that is taken. */
static inline void *slab_at(const struct slab *slab, uint32_t handle)
{
    return slab_head(slab, handle) + 1;
}

static inline uint32_t slab_generation(const struct slab *slab, uint32_t handle)
{
    return slab_head(slab, handle)->generation;
}

/* Whether the item of that handle and generation is still taken; any two numbers may be asked about. */
static inline bool slab_holds(const struct slab *slab, uint32_t handle, uint32_t generation)
{
    return generation % 2 && handle < slab->used && slab_generation(slab, handle) == generation;
}

#endif
