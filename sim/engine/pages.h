/* SPDX-License-Identifier: MIT */
/*
 * Memory for tables that grow to millions of items: aligned to a cache line, and from 2 MiB on asked for in huge pages,
 * since random access to a large table otherwise spends its time in page walks. A block is freed with free(); running
 * out of memory aborts.
 */
#ifndef POSIM_ENGINE_PAGES_H
#define POSIM_ENGINE_PAGES_H

#include <stddef.h>

/* A new block of at least `bytes`, its contents undefined. */
void *pages_new(size_t bytes);

/* A block of at least `bytes` that starts with the first `used` bytes of `old`, which is freed; `old` may be NULL. */
void *pages_grow(void *old, size_t used, size_t bytes);

#endif
