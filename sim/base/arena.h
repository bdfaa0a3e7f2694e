/* SPDX-License-Identifier: MIT */
/*
 * A bump arena: many small allocations that are all given back at once. Zero-initialised is empty. Memory is zeroed,
 * aligned to 16 bytes, never moves, and belongs to the arena until arena_release; running out of memory aborts.
 */
#ifndef POSIM_BASE_ARENA_H
#define POSIM_BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* the newest first */
    size_t used;                /* of the newest, in bytes */
};

/* size bytes of zeros; a pointer of its own even for size 0. */
void *arena_allocate(struct arena *arena, size_t size);

/* Copies of `size` bytes, and of a text. */
void *arena_copy(struct arena *arena, const void *from, size_t size);
char *arena_text(struct arena *arena, const char *text);

/* Gives everything back; the arena is empty and can be used again. */
void arena_release(struct arena *arena);

#define arena_new(arena, type) ((type *)arena_allocate((arena), sizeof(type)))

#endif
