/* SPDX-License-Identifier: MIT */
#include "scenario/pool.h"

#include <string.h>

void pool_init(struct pool *pool)
{
    pool->blocks = g_ptr_array_new_with_free_func(g_free);
}

void pool_release(struct pool *pool)
{
    if (pool->blocks)
        g_ptr_array_unref(pool->blocks);
    pool->blocks = NULL;
}

void *pool_allocate(struct pool *pool, size_t size)
{
    void *block = g_malloc0(size ? size : 1);
    g_ptr_array_add(pool->blocks, block);
    return block;
}

char *pool_bytes(struct pool *pool, const void *bytes, size_t length)
{
    char *copy = pool_allocate(pool, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

char *pool_text(struct pool *pool, const char *text)
{
    return pool_bytes(pool, text, strlen(text));
}

char *pool_take(struct pool *pool, char *text)
{
    g_ptr_array_add(pool->blocks, text);
    return text;
}
