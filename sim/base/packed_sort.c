/* SPDX-License-Identifier: MIT */
#include "base/packed_sort.h"

#include <stdbool.h>
#include <string.h>

#define SHORT_LIST 48

static void sort_short(uint64_t *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t item = list[i];
        size_t j = i;
        for (; j > 0 && list[j - 1] > item; j--)
            list[j] = list[j - 1];
        list[j] = item;
    }
}

/* One pass of a radix sort by the byte at `shift`; stable. */
static void sort_pass(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    uint32_t start[257] = {0};
    for (size_t i = 0; i < count; i++)
        start[(from[i] >> shift & 255) + 1]++;
    for (unsigned byte = 1; byte < 256; byte++)
        start[byte] += start[byte - 1];
    for (size_t i = 0; i < count; i++)
        to[start[from[i] >> shift & 255]++] = from[i];
}

void packed_sort(uint64_t *list, uint64_t *space, size_t count)
{
    uint64_t all = 0;
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        all |= list[i];
        sorted &= i == 0 || list[i - 1] <= list[i];
    }
    if (sorted)
        return;
    if (count <= SHORT_LIST) {
        sort_short(list, count);
        return;
    }
    uint64_t *from = list, *to = space;
    for (unsigned shift = 32; shift < 64 && all >> shift; shift += 8) {
        sort_pass(from, to, count, shift);
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != list)
        memcpy(list, from, count * sizeof *list);
}
