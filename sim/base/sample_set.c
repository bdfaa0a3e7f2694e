/* SPDX-License-Identifier: MIT */
/* Samplers of several things at once: without replacement, weighted or not, and shuffles. */
#include "base/assert.h"
#include "base/sample.h"

#include <glib.h>
#include <string.h>

/* Sums over prefixes that can change (Fenwick 1994): sum[i] covers the (i & -i) items that end with item i, from 1. */
struct prefix_sums {
    uint64_t *sum;
    uint32_t count;
    uint32_t top; /* the largest power of two not above count */
};

static void prefix_sums_init(struct prefix_sums *sums, const uint64_t *weights, uint32_t count)
{
    *sums = (struct prefix_sums){g_new0(uint64_t, (size_t)count + 1), count, 1};
    for (uint64_t i = 1; i <= count; i++) {
        sums->sum[i] += weights[i - 1];
        uint64_t above = i + (i & -i);
        if (above <= count)
            sums->sum[above] += sums->sum[i];
    }
    while (sums->top <= count / 2)
        sums->top *= 2;
}

/* The item in which the point `at` of the total lies. */
static uint32_t prefix_sums_find(const struct prefix_sums *sums, uint64_t at)
{
    uint64_t before = 0;
    for (uint32_t step = sums->top; step > 0; step /= 2)
        if (before + step <= sums->count && sums->sum[before + step] <= at) {
            before += step;
            at -= sums->sum[before];
        }
    return (uint32_t)before;
}

static void prefix_sums_remove(struct prefix_sums *sums, uint32_t item, uint64_t weight)
{
    for (uint64_t i = (uint64_t)item + 1; i <= sums->count; i += i & -i)
        sums->sum[i] -= weight;
}

void sample_weighted(struct random_stream *stream, const uint64_t *weights, uint32_t count, uint32_t wanted,
                     uint32_t *indices)
{
    uint128 total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += weights[i];
    REQUIRE(total <= UINT64_MAX);
    struct prefix_sums sums;
    prefix_sums_init(&sums, weights, count);
    for (uint32_t i = 0; i < wanted; i++) {
        REQUIRE(total > 0);
        indices[i] = prefix_sums_find(&sums, random_below(stream, (uint64_t)total));
        prefix_sums_remove(&sums, indices[i], weights[indices[i]]);
        total -= weights[indices[i]];
    }
    g_free(sums.sum);
}

void sample_shuffle(struct random_stream *stream, void *items, size_t count, size_t item_size)
{
    char spare[64], *at = items;
    REQUIRE(item_size <= sizeof spare);
    for (size_t left = count; left > 1; left--) {
        size_t chosen = random_below(stream, left);
        memcpy(spare, at + chosen * item_size, item_size);
        memmove(at + chosen * item_size, at + (left - 1) * item_size, item_size);
        memcpy(at + (left - 1) * item_size, spare, item_size);
    }
}

/* Puts a number into an ascending list that does not hold it. */
static void insert_ascending(uint32_t *list, uint32_t length, uint32_t number)
{
    uint32_t place = length;
    while (place > 0 && list[place - 1] > number) {
        list[place] = list[place - 1];
        place--;
    }
    list[place] = number;
}

static bool contains(const uint32_t *list, uint32_t length, uint32_t number)
{
    for (uint32_t i = 0; i < length; i++)
        if (list[i] == number)
            return true;
    return false;
}

/* Floyd's algorithm (Bentley, Floyd, "A sample of brilliance", CACM 30(9), 1987): one draw a number wanted. */
static void sample_few(struct random_stream *stream, uint32_t count, uint32_t wanted, uint32_t *indices)
{
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t last = count - wanted + i;
        uint32_t drawn = (uint32_t)random_below(stream, (uint64_t)last + 1);
        insert_ascending(indices, i, contains(indices, i, drawn) ? last : drawn);
    }
}

/* Selection sampling (Fan, Muller, Rezucha 1962; Knuth, TAOCP 2, 3.4.2 S): one draw a number there is. */
static void sample_many(struct random_stream *stream, uint32_t count, uint32_t wanted, uint32_t *indices)
{
    uint32_t taken = 0;
    for (uint32_t i = 0; taken < wanted; i++)
        if (random_below(stream, count - i) < wanted - taken)
            indices[taken++] = i;
}

void sample_without_replacement(struct random_stream *stream, uint32_t count, uint32_t wanted, uint32_t *indices)
{
    REQUIRE(wanted <= count);
    if (wanted <= 64)
        sample_few(stream, count, wanted, indices);
    else
        sample_many(stream, count, wanted, indices);
}
