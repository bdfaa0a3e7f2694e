/* SPDX-License-Identifier: MIT */
/*
 * A hash table from 64-bit keys to indices (any 32-bit number but INDEX_NONE). Zero-initialised is empty. Nothing ever
 * walks through it, so the order inside decides nothing. Memory is the table's own until index_map_release.
 */
#ifndef POSIM_DELIVERY_INDEX_MAP_H
#define POSIM_DELIVERY_INDEX_MAP_H

#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE UINT32_MAX

struct index_map {
    uint64_t *keys;
    uint32_t *values; /* INDEX_NONE: the place is free */
    size_t count;
    size_t places; /* 0 or a power of two */
};

void index_map_release(struct index_map *map);
void index_map_clone(struct index_map *copy, const struct index_map *map);
void index_map_clear(struct index_map *map);

/* The value of the key, or INDEX_NONE. */
uint32_t index_map_find(const struct index_map *map, uint64_t key);

/* Sets or replaces the value of the key. */
void index_map_set(struct index_map *map, uint64_t key, uint32_t value);

/* Forgets the key; its value, or INDEX_NONE where there was none. */
uint32_t index_map_remove(struct index_map *map, uint64_t key);

#endif
