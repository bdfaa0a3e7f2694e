/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/assert.h"

#include <glib.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)64 * 1024)
#define ALIGNMENT   ((size_t)16)

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of `bytes` */
    alignas(16) char bytes[];
};

static void add_chunk(struct arena *arena, size_t at_least)
{
    size_t size = MAX(at_least, CHUNK_BYTES);
    struct arena_chunk *chunk = g_malloc0(sizeof *chunk + size);
    chunk->next = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->used = 0;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    REQUIRE(size <= SIZE_MAX / 2);
    size_t rounded = (MAX(size, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!arena->chunks || arena->chunks->size - arena->used < rounded)
        add_chunk(arena, rounded);
    void *memory = arena->chunks->bytes + arena->used;
    arena->used += rounded;
    return memory;
}

void *arena_copy(struct arena *arena, const void *from, size_t size)
{
    void *memory = arena_allocate(arena, size);
    if (size > 0)
        memcpy(memory, from, size);
    return memory;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}

void arena_release(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        g_free(chunk);
    }
    arena->used = 0;
}
