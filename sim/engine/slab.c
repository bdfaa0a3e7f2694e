/* SPDX-License-Identifier: MIT */
#include "engine/slab.h"

#include "base/assert.h"
#include "engine/pages.h"

#include <stdlib.h>
#include <string.h>

void slab_init(struct slab *slab, size_t item_size)
{
    REQUIRE(item_size < SIZE_MAX / 2);
    size_t stride = (sizeof(struct slab_head) + item_size + 7) & ~(size_t)7;
    *slab = (struct slab){.stride = stride, .first_free = SLAB_NONE};
}

void slab_release(struct slab *slab)
{
    free(slab->slots);
    *slab = (struct slab){.stride = slab->stride, .first_free = SLAB_NONE};
}

void slab_clone(struct slab *slab, const struct slab *original)
{
    *slab = *original;
    if (!original->slots)
        return;
    slab->slots = pages_new(original->room * original->stride);
    memcpy(slab->slots, original->slots, original->used * original->stride);
}

static void grow(struct slab *slab)
{
    REQUIRE(slab->room <= SLAB_NONE / 2);
    uint32_t room = slab->room ? 2 * slab->room : 16;
    slab->slots = pages_grow(slab->slots, slab->used * slab->stride, room * slab->stride);
    slab->room = room;
}

uint32_t slab_take(struct slab *slab)
{
    uint32_t handle = slab->first_free;
    slab->count++;
    if (handle != SLAB_NONE) {
        struct slab_head *head = slab_head(slab, handle);
        slab->first_free = head->next_free;
        head->generation++;
        return handle;
    }
    if (slab->used == slab->room)
        grow(slab);
    handle = slab->used++;
    *slab_head(slab, handle) = (struct slab_head){.generation = 1, .next_free = SLAB_NONE};
    return handle;
}

void slab_give(struct slab *slab, uint32_t handle)
{
    struct slab_head *head = slab_head(slab, handle);
    REQUIRE(handle < slab->used && head->generation % 2);
    head->generation++;
    head->next_free = slab->first_free;
    slab->first_free = handle;
    slab->count--;
}
