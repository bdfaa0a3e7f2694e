/* SPDX-License-Identifier: MIT */
/*
 * The far part of the event queue: a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan 1990) whose digits are as wide as
 * the entries at hand deserve. For queue.c only, which keeps the near part.
 *
 * An entry is placed by the highest bit in which its time differs from `base`: that bit belongs to a rung, a run of
 * bits [shift, shift + width) with 2^width buckets, and the rung's bits of the time choose the bucket. A bit that no
 * wider rung covers is a rung of its own. So all times in a lower rung precede all in a higher one, buckets of a rung
 * follow each other in time, and entries of equal time always share a bucket, where the order of pushing is kept.
 *
 * The first bucket is taken out whole. Where it holds many entries they are scattered over a new rung below it, with so
 * many buckets that each receives a handful; an entry so moves two or three times in all, each time in the order of
 * memory, where a heap moves it log n times at random. The rungs below the first bucket are empty at that moment, which
 * is what leaves the choice of width free.
 *
 * Buckets are lists of chunks from one pool, named by number, so that a copy of the pool is a copy of all.
 */
#ifndef POSIM_ENGINE_RADIX_H
#define POSIM_ENGINE_RADIX_H

#include "engine/queue.h"

#define RADIX_BITS       64
#define RADIX_CHUNK      16u /* entries a chunk: 256 bytes */
#define RADIX_WIDTH_MOST 10  /* bits of the widest rung: its 1024 open chunks stay in the second-level cache */
#define RADIX_SINGLES    (2u * RADIX_BITS) /* buckets of the rungs of one bit, one for every bit */
/* Rungs of 64 bits in all take at most this many buckets. */
#define RADIX_BUCKETS (RADIX_SINGLES + (RADIX_BITS / RADIX_WIDTH_MOST + 1) * (1u << RADIX_WIDTH_MOST))

struct radix_bucket {
    uint32_t first; /* chunk */
    uint32_t tail;  /* where the next entry goes, 0 when empty; at a chunk's start when a new chunk is needed */
};

/* A run of bits of the time, and the buckets that it chooses among. */
struct radix_rung {
    uint32_t first; /* bucket */
    uint32_t mask;
    uint32_t shift;
};

/* What a bucket holds. */
struct radix_survey {
    size_t count;
    uint64_t sample;     /* one of the times */
    uint64_t difference; /* the bits in which some times differ */
};

struct queue_radix {
    uint64_t base;     /* at or before every time here; its low bits are free where no bucket needs them */
    uint64_t occupied; /* bit s is set: the rung with shift s has entries */
    struct queue_entry *entries;
    uint32_t *next; /* by chunk: its successor in the bucket, or in the list of free chunks */
    uint32_t chunks, chunk_room, free_chunk;
    uint32_t wide;                             /* how many rungs of more than one bit */
    struct radix_rung wide_rungs[RADIX_BITS];  /* from the highest to the lowest */
    struct radix_rung rung_of_bit[RADIX_BITS]; /* copies, for speed */
    uint64_t filled[RADIX_BUCKETS / 64 + 1];   /* a bit for each bucket that has entries */
    struct radix_bucket buckets[RADIX_BUCKETS];
};

struct queue_radix *radix_new(void);
void radix_free(struct queue_radix *radix);
struct queue_radix *radix_copy(const struct queue_radix *original);

/* A new lowest rung whose highest bit is `top`, wide enough to leave a handful of `count` entries to each bucket. */
struct radix_rung radix_add_rung(struct queue_radix *radix, unsigned top, size_t count);

/* Forgets the wide rungs below bit `shift`, which must be empty. */
void radix_drop_rungs(struct queue_radix *radix, unsigned shift);

/* Takes the first bucket out, with its rung; there must be one. The rungs below it are forgotten. */
struct radix_bucket radix_take_first(struct queue_radix *radix, struct radix_rung *rung);

struct radix_survey radix_survey(const struct queue_radix *radix, struct radix_bucket bucket);

/* Copies a taken bucket's entries to `to`, in the order of pushing, and frees its chunks; returns how many. */
size_t radix_drain(struct queue_radix *radix, struct radix_bucket bucket, struct queue_entry *to);

/* Spreads a taken bucket's entries over a rung, and frees its chunks. */
void radix_scatter(struct queue_radix *radix, struct radix_bucket bucket, struct radix_rung rung);

/* The earliest time; radix->occupied must not be 0. */
time_ns radix_earliest_ns(const struct queue_radix *radix);

/* A time that the first bucket's entries come before, in no more than a look; radix->occupied must not be 0. */
uint64_t radix_first_end(const struct queue_radix *radix);

/* As queue_filter; returns how many entries were removed. */
size_t radix_filter(struct queue_radix *radix, bool (*keep)(void *context, uint32_t handle), void *context);

size_t radix_bytes(const struct queue_radix *radix);

/* Gives an empty bucket its first chunk, or a full one its next, and returns where the next entry goes. */
uint32_t radix_extend(struct queue_radix *radix, uint32_t bucket, uint32_t shift);

static inline unsigned highest_bit(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

static inline void radix_append(struct queue_radix *radix, const struct radix_rung *rung, struct queue_entry entry)
{
    uint32_t index = rung->first + ((uint32_t)((uint64_t)entry.at_ns >> rung->shift) & rung->mask);
    uint32_t tail = radix->buckets[index].tail;
    if (tail % RADIX_CHUNK == 0)
        tail = radix_extend(radix, index, rung->shift);
    radix->entries[tail] = entry;
    radix->buckets[index].tail = tail + 1;
}

/* The time must be after `base`. */
static inline void radix_push(struct queue_radix *radix, struct queue_entry entry)
{
    radix_append(radix, &radix->rung_of_bit[highest_bit((uint64_t)entry.at_ns ^ radix->base)], entry);
}

#endif
