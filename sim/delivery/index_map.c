/* SPDX-License-Identifier: MIT */
/* Open addressing with linear probing; a removal moves later keys of the run back, so there are no tombstones. */
#include "delivery/index_map.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

void index_map_release(struct index_map *map)
{
    g_free(map->keys);
    g_free(map->values);
    *map = (struct index_map){0};
}

void index_map_clone(struct index_map *copy, const struct index_map *map)
{
    *copy = *map;
    copy->keys = g_memdup2(map->keys, map->places * sizeof *map->keys);
    copy->values = g_memdup2(map->values, map->places * sizeof *map->values);
}

void index_map_clear(struct index_map *map)
{
    if (map->count)
        memset(map->values, 0xff, map->places * sizeof *map->values);
    map->count = 0;
}

/* Fibonacci hashing: the high half of the product, in which every bit of the key has a part. */
static size_t home_of(const struct index_map *map, uint64_t key)
{
    return (size_t)((key ^ key >> 32) * 0x9e3779b97f4a7c15u >> 32) & (map->places - 1);
}

/* The key's place, or the free one where it belongs. */
static size_t place_of(const struct index_map *map, uint64_t key)
{
    size_t place = home_of(map, key);
    while (map->values[place] != INDEX_NONE && map->keys[place] != key)
        place = (place + 1) & (map->places - 1);
    return place;
}

static void grow(struct index_map *map)
{
    struct index_map old = *map;
    map->places = old.places ? 2 * old.places : 16;
    map->keys = g_new(uint64_t, map->places);
    map->values = g_new(uint32_t, map->places);
    memset(map->values, 0xff, map->places * sizeof *map->values);
    for (size_t i = 0; i < old.places; i++) {
        if (old.values[i] == INDEX_NONE)
            continue;
        size_t place = place_of(map, old.keys[i]);
        map->keys[place] = old.keys[i];
        map->values[place] = old.values[i];
    }
    g_free(old.keys);
    g_free(old.values);
}

uint32_t index_map_find(const struct index_map *map, uint64_t key)
{
    return map->count ? map->values[place_of(map, key)] : INDEX_NONE;
}

void index_map_set(struct index_map *map, uint64_t key, uint32_t value)
{
    REQUIRE(value != INDEX_NONE);
    if (map->count >= map->places / 2)
        grow(map);
    size_t place = place_of(map, key);
    map->count += map->values[place] == INDEX_NONE;
    map->keys[place] = key;
    map->values[place] = value;
}

uint32_t index_map_remove(struct index_map *map, uint64_t key)
{
    if (map->count == 0)
        return INDEX_NONE;
    size_t hole = place_of(map, key);
    uint32_t value = map->values[hole];
    if (value == INDEX_NONE)
        return INDEX_NONE;
    size_t mask = map->places - 1;
    for (size_t next = (hole + 1) & mask; map->values[next] != INDEX_NONE; next = (next + 1) & mask) {
        size_t home = home_of(map, map->keys[next]);
        if (((next - home) & mask) < ((next - hole) & mask))
            continue; /* it lies between its home and itself, past the hole: must stay */
        map->keys[hole] = map->keys[next];
        map->values[hole] = map->values[next];
        hole = next;
    }
    map->values[hole] = INDEX_NONE;
    map->count--;
    return value;
}
