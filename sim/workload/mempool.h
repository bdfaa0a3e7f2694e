/* SPDX-License-Identifier: MIT */
/*
 * What waits, by branch. Transactions are kept in groups (one each where they are kept in full); of a group of n, ranks
 * 0 .. n-1, a branch's blocks have taken the first ones, and the last ones may have been dropped. Drops hold for every
 * branch, but what a branch's block has taken counts as taken there even if it was dropped since; so everything that is
 * asked of a group follows from three numbers, and one pool serves all branches: it stands at one block and walks to
 * another by giving back what the blocks on the way took and taking what those on the other side did.
 * Private to the room.
 */
#ifndef POSIM_WORKLOAD_MEMPOOL_H
#define POSIM_WORKLOAD_MEMPOOL_H

#include "base/ids.h"
#include "base/time.h"
#include "base/vector.h"

#include <stdbool.h>
#include <stdint.h>

struct group {
    time_ns first_ns, last_ns; /* when the first and the last of them entered */
    uint64_t bytes, fees;
    uint64_t rate; /* what is taken first: the highest */
    uint32_t count, taken, dropped;
    bool expired;
    bool in_best, in_worst; /* whether the heaps know it */
};

/* What a block took of a group: ranks first .. first + count - 1. */
struct take {
    uint32_t group, first, count;
};

struct filled_block {
    block_id parent;
    uint64_t height;
    size_t first_take;
    uint32_t takes;
};

/* At the block where the pool stands. Dropped: and not taken there; so the four add up to `entered`. */
struct mempool_counts {
    uint64_t entered, taken, dropped, expired, waiting, waiting_bytes;
};

struct group_key {
    uint64_t rate;
    time_ns first_ns;
    uint32_t group;
};

struct mempool {
    VECTOR(struct group) groups;
    VECTOR(struct take) takes;
    VECTOR(struct filled_block) blocks;   /* by block_id */
    VECTOR(struct group_key) best, worst; /* heaps; groups that have nothing left are dropped when they come up */
    bool keeps_worst;
    block_id at;
    struct mempool_counts counts;
    uint32_t expired_below; /* groups looked at for expiry */
};

void mempool_init(struct mempool *pool, bool keeps_worst);
void mempool_release(struct mempool *pool);
void mempool_clone(struct mempool *copy, const struct mempool *pool);

uint32_t mempool_add(struct mempool *pool, const struct group *group);
uint32_t mempool_waiting(const struct group *group);

/* The bytes, or fees, of ranks first .. first + count - 1 of a group that has so many in all. */
uint64_t group_part(uint64_t whole, uint32_t of, uint32_t first, uint32_t count);

/* The waiting group to take from first, or to drop from first; ID_NONE: nothing waits. */
uint32_t mempool_best(struct mempool *pool);
uint32_t mempool_worst(struct mempool *pool);

/* Drops the last `count` that wait, for good. */
void mempool_drop(struct mempool *pool, uint32_t group, uint32_t count);
/* The next group whose last transaction entered before or at `entered_ns`, marked as expired; ID_NONE: none. */
uint32_t mempool_expire(struct mempool *pool, time_ns entered_ns, uint32_t *waiting);

/* Goes to a block. */
void mempool_move(struct mempool *pool, block_id to);
/* Takes for a block that is being made on the one where the pool stands. */
struct take mempool_take(struct mempool *pool, uint32_t group, uint32_t count);
/* The block is made, of all that was taken since the pool last moved; the pool stands at it. */
void mempool_made(struct mempool *pool, block_id block);

#endif
