/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives until its pool is released: what a scenario is made of. Allocations are zeroed and aligned for any
 * type; none is freed alone.
 */
#ifndef POSIM_SCENARIO_POOL_H
#define POSIM_SCENARIO_POOL_H

#include <glib.h>
#include <stddef.h>

struct pool {
    GPtrArray *blocks;
};

void pool_init(struct pool *pool);

/* Frees all that came from the pool; a zeroed pool is fine. */
void pool_release(struct pool *pool);

/* `size` zeroed bytes (at least one, so never NULL). */
void *pool_allocate(struct pool *pool, size_t size);

/* A copy of a text, and of `length` bytes with a NUL after them. */
char *pool_text(struct pool *pool, const char *text);
char *pool_bytes(struct pool *pool, const void *bytes, size_t length);

/* Hands a g_malloc'ed text to the pool, and returns it. */
char *pool_take(struct pool *pool, char *text);

#endif
