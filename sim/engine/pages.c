/* SPDX-License-Identifier: MIT */
#include "engine/pages.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CACHE_LINE ((size_t)64)
#define HUGE_PAGE  ((size_t)2 << 20)

void *pages_new(size_t bytes)
{
    size_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
    size_t rounded = (bytes + alignment - 1) & ~(alignment - 1);
    void *block = aligned_alloc(alignment, rounded ? rounded : alignment);
    REQUIRE(block != NULL);
#ifdef MADV_HUGEPAGE
    /* Advice only: where the kernel has no huge pages the block works as it is. */
    if (alignment == HUGE_PAGE)
        (void)madvise(block, rounded, MADV_HUGEPAGE);
#endif
    return block;
}

void *pages_grow(void *old, size_t used, size_t bytes)
{
    REQUIRE(used <= bytes);
    void *block = pages_new(bytes);
    if (old)
        memcpy(block, old, used);
    free(old);
    return block;
}
