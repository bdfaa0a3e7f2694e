/* SPDX-License-Identifier: MIT */
/* Sorts numbers of 64 bits, each a key in its upper half and a name in its lower one, by key, radix-wise. */
#ifndef POSIM_BASE_PACKED_SORT_H
#define POSIM_BASE_PACKED_SORT_H

#include <stddef.h>
#include <stdint.h>

/* The names rise from one to the next, and do so afterwards among those of one key. `space` is as long as the list. */
void packed_sort(uint64_t *list, uint64_t *space, size_t count);

#endif
