/* SPDX-License-Identifier: MIT */
#include "base/sketch.h"

#include "base/assert.h"
#include "base/fixed.h"

#include <glib.h>
#include <string.h>

#define HALF_STEPS 128 /* buckets a doubling */

/* Values below 256 have a bucket each, and each further doubling has 128. */
static int32_t bucket_of_magnitude(uint64_t magnitude)
{
    unsigned length = bit_length64(magnitude);
    unsigned shift = length > 8 ? length - 8 : 0;
    return (int32_t)(shift * HALF_STEPS + (magnitude >> shift));
}

/* The middle of a bucket. */
static uint64_t magnitude_of_bucket(int32_t bucket)
{
    if (bucket < 2 * HALF_STEPS)
        return (uint64_t)bucket;
    unsigned shift = (unsigned)bucket / HALF_STEPS - 1;
    uint64_t lowest = (uint64_t)((unsigned)bucket % HALF_STEPS + HALF_STEPS) << shift;
    return lowest + (((uint64_t)1 << shift) >> 1);
}

/* Negative values mirror: -1 has bucket -1. */
static int32_t bucket_of(int64_t value)
{
    return value < 0 ? -1 - bucket_of_magnitude((uint64_t) - (value + 1)) : bucket_of_magnitude((uint64_t)value);
}

static int64_t value_of(int32_t bucket)
{
    return bucket < 0 ? -1 - (int64_t)magnitude_of_bucket(-1 - bucket) : (int64_t)magnitude_of_bucket(bucket);
}

/* Widens the array so that it has a bucket of that number, with room to spare on that side. */
static void make_room(struct sketch *sketch, int32_t bucket)
{
    int32_t first = sketch->first, last = sketch->first + sketch->width - 1;
    if (sketch->width > 0 && bucket >= first && bucket <= last)
        return;
    int32_t new_first = sketch->width == 0 ? bucket : bucket < first ? bucket - HALF_STEPS : first;
    int32_t new_last = sketch->width == 0 ? bucket : bucket > last ? bucket + HALF_STEPS : last;
    uint64_t *buckets = g_new0(uint64_t, (size_t)(new_last - new_first + 1));
    if (sketch->width > 0)
        memcpy(buckets + (first - new_first), sketch->buckets, (size_t)sketch->width * sizeof *buckets);
    g_free(sketch->buckets);
    sketch->buckets = buckets;
    sketch->first = new_first;
    sketch->width = new_last - new_first + 1;
}

static void add_to_bucket(struct sketch *sketch, int32_t bucket, uint64_t count)
{
    make_room(sketch, bucket);
    sketch->buckets[bucket - sketch->first] += count;
}

/* Moves exact values to buckets, so that there is room for more. */
static void leave_exact(struct sketch *sketch)
{
    if (sketch->count > SKETCH_EXACT)
        return;
    for (uint64_t i = 0; i < sketch->count; i++)
        add_to_bucket(sketch, bucket_of(sketch->exact[i]), 1);
    g_free(sketch->exact);
    sketch->exact = NULL;
}

static void take_extremes(struct sketch *sketch, int64_t minimum, int64_t maximum)
{
    if (sketch->count == 0 || minimum < sketch->minimum)
        sketch->minimum = minimum;
    if (sketch->count == 0 || maximum > sketch->maximum)
        sketch->maximum = maximum;
}

void sketch_add(struct sketch *sketch, int64_t value)
{
    take_extremes(sketch, value, value);
    if (sketch->count < SKETCH_EXACT) {
        if (!sketch->exact)
            sketch->exact = g_new(int64_t, SKETCH_EXACT);
        sketch->exact[sketch->count] = value;
    } else {
        leave_exact(sketch);
        add_to_bucket(sketch, bucket_of(value), 1);
    }
    sketch->count++;
    sketch->sum += value;
}

void sketch_merge(struct sketch *into, const struct sketch *from)
{
    REQUIRE(into != from);
    if (from->count <= SKETCH_EXACT) {
        for (uint64_t i = 0; i < from->count; i++)
            sketch_add(into, from->exact[i]);
        return;
    }
    leave_exact(into);
    for (int32_t i = 0; i < from->width; i++)
        if (from->buckets[i] > 0)
            add_to_bucket(into, from->first + i, from->buckets[i]);
    take_extremes(into, from->minimum, from->maximum);
    into->count += from->count;
    into->sum += from->sum;
}

static int compare_values(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static int64_t exact_quantile(const struct sketch *sketch, uint64_t rank)
{
    int64_t sorted[SKETCH_EXACT];
    memcpy(sorted, sketch->exact, sketch->count * sizeof *sorted);
    qsort(sorted, sketch->count, sizeof *sorted, compare_values);
    return sorted[rank - 1];
}

static int64_t bucket_quantile(const struct sketch *sketch, uint64_t rank)
{
    int32_t i = 0;
    for (uint64_t before = sketch->buckets[0]; before < rank; before += sketch->buckets[i])
        i++;
    return CLAMP(value_of(sketch->first + i), sketch->minimum, sketch->maximum);
}

int64_t sketch_quantile(const struct sketch *sketch, struct ratio share)
{
    REQUIRE(sketch->count > 0 && share.numerator <= share.denominator);
    uint128 whole = (uint128)sketch->count * share.numerator;
    uint64_t rank = (uint64_t)(whole / share.denominator + (whole % share.denominator > 0));
    if (rank <= 1)
        return sketch->minimum;
    if (rank == sketch->count)
        return sketch->maximum;
    return sketch->count <= SKETCH_EXACT ? exact_quantile(sketch, rank) : bucket_quantile(sketch, rank);
}

void sketch_release(struct sketch *sketch)
{
    g_free(sketch->exact);
    g_free(sketch->buckets);
    *sketch = (struct sketch){0};
}
