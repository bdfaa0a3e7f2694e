/* SPDX-License-Identifier: MIT */
#include "engine/radix.h"

#include "base/assert.h"
#include "engine/pages.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_LEAST 4
#define HANDFUL     3  /* bits: a new rung's buckets receive 8 to 16 entries */
#define NO_CHUNK    0u /* chunk 0 is never used, so that position 0 is an empty bucket's tail */

static inline unsigned lowest_bit(uint64_t value)
{
    return (unsigned)__builtin_ctzll(value);
}

/* ---- chunks and buckets ---- */

static void grow_chunks(struct queue_radix *radix)
{
    REQUIRE(radix->chunk_room < UINT32_MAX / RADIX_CHUNK / 2);
    uint32_t room = radix->chunk_room ? 2 * radix->chunk_room : 64;
    radix->entries = pages_grow(radix->entries, (size_t)radix->chunks * RADIX_CHUNK * sizeof *radix->entries,
                                (size_t)room * RADIX_CHUNK * sizeof *radix->entries);
    radix->next = pages_grow(radix->next, radix->chunks * sizeof *radix->next, room * sizeof *radix->next);
    radix->chunk_room = room;
}

static uint32_t take_chunk(struct queue_radix *radix)
{
    uint32_t chunk = radix->free_chunk;
    if (chunk != NO_CHUNK) {
        radix->free_chunk = radix->next[chunk];
        return chunk;
    }
    if (radix->chunks == radix->chunk_room)
        grow_chunks(radix);
    return radix->chunks++;
}

static inline void give_chunk(struct queue_radix *radix, uint32_t chunk)
{
    radix->next[chunk] = radix->free_chunk;
    radix->free_chunk = chunk;
}

uint32_t radix_extend(struct queue_radix *radix, uint32_t index, uint32_t shift)
{
    uint32_t chunk = take_chunk(radix);
    struct radix_bucket *bucket = &radix->buckets[index];
    if (bucket->tail == 0) {
        bucket->first = chunk;
        radix->filled[index / 64] |= (uint64_t)1 << (index % 64);
        radix->occupied |= (uint64_t)1 << shift;
    } else {
        radix->next[(bucket->tail - 1) / RADIX_CHUNK] = chunk;
    }
    return chunk * RADIX_CHUNK;
}

/* A walk along a bucket, chunk by chunk; the next chunk is fetched while one is read. */
struct walk {
    uint32_t chunk;
    uint32_t last;
    uint32_t last_count;
    const struct queue_entry *at;
    uint32_t count; /* of entries in this chunk; 0 at the end */
};

static inline void walk_look(struct walk *walk, const struct queue_radix *radix)
{
    walk->at = radix->entries + (size_t)walk->chunk * RADIX_CHUNK;
    if (walk->chunk == walk->last) {
        walk->count = walk->last_count;
        return;
    }
    walk->count = RADIX_CHUNK;
    const char *ahead = (const char *)(radix->entries + (size_t)radix->next[walk->chunk] * RADIX_CHUNK);
    for (size_t line = 0; line < RADIX_CHUNK * sizeof(struct queue_entry); line += 64)
        __builtin_prefetch(ahead + line);
}

static inline struct walk walk_start(const struct queue_radix *radix, struct radix_bucket bucket)
{
    struct walk walk = {.chunk = bucket.first,
                        .last = (bucket.tail - 1) / RADIX_CHUNK,
                        .last_count = (bucket.tail - 1) % RADIX_CHUNK + 1};
    walk_look(&walk, radix);
    return walk;
}

static inline void walk_next(struct walk *walk, const struct queue_radix *radix)
{
    if (walk->chunk == walk->last) {
        walk->count = 0;
        return;
    }
    walk->chunk = radix->next[walk->chunk];
    walk_look(walk, radix);
}

/* As walk_next, and frees the chunk that was read. */
static inline void walk_free(struct walk *walk, struct queue_radix *radix)
{
    uint32_t read = walk->chunk;
    walk_next(walk, radix);
    give_chunk(radix, read);
}

/* ---- rungs ---- */

static bool is_single(struct radix_rung rung)
{
    return rung.first < RADIX_SINGLES;
}

/* The bit of a single rung is set in all of its times, since it is cleared in `base`. */
static struct radix_rung single_rung(unsigned bit)
{
    return (struct radix_rung){.first = 2 * bit, .mask = 1, .shift = bit};
}

static void set_rung(struct queue_radix *radix, struct radix_rung rung)
{
    unsigned width = (unsigned)__builtin_popcount(rung.mask);
    for (unsigned bit = rung.shift; bit < rung.shift + width; bit++)
        radix->rung_of_bit[bit] = rung;
}

struct radix_rung radix_add_rung(struct queue_radix *radix, unsigned top, size_t count)
{
    unsigned width = highest_bit(count);
    width = width > WIDTH_LEAST + HANDFUL ? width - HANDFUL : WIDTH_LEAST;
    width = width > RADIX_WIDTH_MOST ? RADIX_WIDTH_MOST : width;
    width = width > top + 1 ? top + 1 : width;

    /* Each wide rung has words of `filled` of its own. */
    uint32_t first = RADIX_SINGLES;
    if (radix->wide) {
        const struct radix_rung *lowest = &radix->wide_rungs[radix->wide - 1];
        first = lowest->first + lowest->mask + 1;
    }
    struct radix_rung rung = {.first = (first + 63u) & ~63u, .mask = (1u << width) - 1, .shift = top + 1 - width};
    CHECK(rung.first + rung.mask < RADIX_BUCKETS);
    radix->wide_rungs[radix->wide++] = rung;
    set_rung(radix, rung);
    return rung;
}

void radix_drop_rungs(struct queue_radix *radix, unsigned shift)
{
    while (radix->wide && radix->wide_rungs[radix->wide - 1].shift < shift) {
        struct radix_rung rung = radix->wide_rungs[--radix->wide];
        unsigned width = (unsigned)__builtin_popcount(rung.mask);
        for (unsigned bit = rung.shift; bit < rung.shift + width; bit++)
            radix->rung_of_bit[bit] = single_rung(bit);
    }
}

/* The first bucket of an occupied rung. */
static uint32_t first_bucket(const struct queue_radix *radix, struct radix_rung rung)
{
    if (is_single(rung))
        return rung.first + 1;
    uint32_t word = rung.first / 64;
    while (radix->filled[word] == 0)
        word++;
    return word * 64 + lowest_bit(radix->filled[word]);
}

/* Whether a rung has no entries from the bucket `index` on. */
static bool rung_ends(const struct queue_radix *radix, struct radix_rung rung, uint32_t index)
{
    for (uint32_t word = index / 64; word <= (rung.first + rung.mask) / 64; word++)
        if (radix->filled[word])
            return false;
    return true;
}

/* Empties a bucket, leaving its chunks to the caller. */
static struct radix_bucket take_bucket(struct queue_radix *radix, uint32_t index)
{
    struct radix_bucket bucket = radix->buckets[index];
    radix->buckets[index] = (struct radix_bucket){0, 0};
    radix->filled[index / 64] &= ~((uint64_t)1 << (index % 64));
    return bucket;
}

/* Notes whether the rung has entries left, where none are before the bucket `index`. */
static void note_taken(struct queue_radix *radix, struct radix_rung rung, uint32_t index)
{
    if (is_single(rung) ? radix->buckets[rung.first + 1].tail == 0 : rung_ends(radix, rung, index))
        radix->occupied &= ~((uint64_t)1 << rung.shift);
}

struct queue_radix *radix_new(void)
{
    struct queue_radix *radix = g_new0(struct queue_radix, 1);
    for (unsigned bit = 0; bit < RADIX_BITS; bit++)
        radix->rung_of_bit[bit] = single_rung(bit);
    grow_chunks(radix);
    radix->chunks = 1;
    return radix;
}

void radix_free(struct queue_radix *radix)
{
    if (!radix)
        return;
    free(radix->entries);
    free(radix->next);
    g_free(radix);
}

struct queue_radix *radix_copy(const struct queue_radix *original)
{
    struct queue_radix *radix = g_memdup2(original, sizeof *original);
    radix->entries = pages_new((size_t)original->chunk_room * RADIX_CHUNK * sizeof *radix->entries);
    memcpy(radix->entries, original->entries, (size_t)original->chunks * RADIX_CHUNK * sizeof *radix->entries);
    radix->next = pages_new(original->chunk_room * sizeof *radix->next);
    memcpy(radix->next, original->next, original->chunks * sizeof *radix->next);
    return radix;
}

size_t radix_bytes(const struct queue_radix *radix)
{
    return sizeof *radix + (size_t)radix->chunk_room * (RADIX_CHUNK * sizeof *radix->entries + sizeof *radix->next);
}

/* ---- whole buckets ---- */

struct radix_bucket radix_take_first(struct queue_radix *radix, struct radix_rung *rung)
{
    *rung = radix->rung_of_bit[lowest_bit(radix->occupied)];
    radix_drop_rungs(radix, rung->shift);
    uint32_t index = first_bucket(radix, *rung);
    struct radix_bucket bucket = take_bucket(radix, index);
    note_taken(radix, *rung, index);
    return bucket;
}

struct radix_survey radix_survey(const struct queue_radix *radix, struct radix_bucket bucket)
{
    struct radix_survey survey = {.sample = (uint64_t)radix->entries[(size_t)bucket.first * RADIX_CHUNK].at_ns};
    for (struct walk walk = walk_start(radix, bucket); walk.count; walk_next(&walk, radix)) {
        for (uint32_t i = 0; i < walk.count; i++)
            survey.difference |= (uint64_t)walk.at[i].at_ns ^ survey.sample;
        survey.count += walk.count;
    }
    return survey;
}

size_t radix_drain(struct queue_radix *radix, struct radix_bucket bucket, struct queue_entry *to)
{
    size_t count = 0;
    for (struct walk walk = walk_start(radix, bucket); walk.count; walk_free(&walk, radix)) {
        memcpy(to + count, walk.at, walk.count * sizeof *to);
        count += walk.count;
    }
    return count;
}

/* Appending may move the entries, so they are named anew each time. */
void radix_scatter(struct queue_radix *radix, struct radix_bucket bucket, struct radix_rung rung)
{
    for (struct walk walk = walk_start(radix, bucket); walk.count; walk_free(&walk, radix))
        for (uint32_t i = 0; i < walk.count; i++)
            radix_append(radix, &rung, radix->entries[(size_t)walk.chunk * RADIX_CHUNK + i]);
}

time_ns radix_earliest_ns(const struct queue_radix *radix)
{
    struct radix_rung rung = radix->rung_of_bit[lowest_bit(radix->occupied)];
    struct radix_bucket bucket = radix->buckets[first_bucket(radix, rung)];
    time_ns earliest = TIME_NEVER;
    for (struct walk walk = walk_start(radix, bucket); walk.count; walk_next(&walk, radix))
        for (uint32_t i = 0; i < walk.count; i++)
            earliest = walk.at[i].at_ns < earliest ? walk.at[i].at_ns : earliest;
    return earliest;
}

/* Bits above the rung are those of `base`; it may be 2^63. */
uint64_t radix_first_end(const struct queue_radix *radix)
{
    struct radix_rung rung = radix->rung_of_bit[lowest_bit(radix->occupied)];
    uint64_t below = (((uint64_t)rung.mask + 1) << rung.shift) - 1;
    return (radix->base & ~below) + ((uint64_t)(first_bucket(radix, rung) - rung.first + 1) << rung.shift);
}

static size_t filter_bucket(struct queue_radix *radix, struct radix_rung rung, uint32_t index,
                            bool (*keep)(void *context, uint32_t handle), void *context)
{
    size_t removed = 0;
    struct radix_bucket bucket = take_bucket(radix, index);
    for (struct walk walk = walk_start(radix, bucket); walk.count; walk_free(&walk, radix))
        for (uint32_t i = 0; i < walk.count; i++) {
            struct queue_entry entry = radix->entries[(size_t)walk.chunk * RADIX_CHUNK + i];
            if (keep(context, entry.handle))
                radix_append(radix, &rung, entry); /* which is this bucket again */
            else
                removed++;
        }
    return removed;
}

size_t radix_filter(struct queue_radix *radix, bool (*keep)(void *context, uint32_t handle), void *context)
{
    size_t removed = 0;
    for (uint64_t left = radix->occupied; left; left &= left - 1) {
        struct radix_rung rung = radix->rung_of_bit[lowest_bit(left)];
        for (uint32_t index = rung.first; index <= rung.first + rung.mask; index++)
            if (radix->buckets[index].tail)
                removed += filter_bucket(radix, rung, index, keep, context);
        note_taken(radix, rung, rung.first);
    }
    return removed;
}
