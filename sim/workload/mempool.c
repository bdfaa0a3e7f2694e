/* SPDX-License-Identifier: MIT */
#include "workload/mempool.h"

#include "base/assert.h"
#include "base/stake.h"

/* The heaps: by rate, then by time; in `worst` everything the other way around. */

static bool comes_first(const struct group_key *a, const struct group_key *b, bool worst)
{
    const struct group_key *left = worst ? b : a, *right = worst ? a : b;
    if (left->rate != right->rate)
        return left->rate > right->rate;
    if (left->first_ns != right->first_ns)
        return left->first_ns < right->first_ns;
    return left->group < right->group;
}

static void swap(struct group_key *a, struct group_key *b)
{
    struct group_key kept = *a;
    *a = *b;
    *b = kept;
}

static void rise(struct group_key *heap, size_t at, bool worst)
{
    while (at > 0 && comes_first(&heap[at], &heap[(at - 1) / 2], worst)) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sink(struct group_key *heap, size_t count, bool worst)
{
    for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && comes_first(&heap[child + 1], &heap[child], worst))
            child++;
        if (!comes_first(&heap[child], &heap[at], worst))
            return;
        swap(&heap[child], &heap[at]);
    }
}

static void offer(struct mempool *pool, uint32_t id)
{
    struct group *group = &pool->groups.at[id];
    struct group_key key = {group->rate, group->first_ns, id};
    if (!mempool_waiting(group))
        return;
    if (!group->in_best) {
        vector_push(&pool->best, key);
        rise(pool->best.at, pool->best.count - 1, false);
        group->in_best = true;
    }
    if (pool->keeps_worst && !group->in_worst) {
        vector_push(&pool->worst, key);
        rise(pool->worst.at, pool->worst.count - 1, true);
        group->in_worst = true;
    }
}

uint32_t mempool_best(struct mempool *pool)
{
    while (pool->best.count) {
        uint32_t id = pool->best.at[0].group;
        if (mempool_waiting(&pool->groups.at[id]))
            return id;
        pool->groups.at[id].in_best = false;
        pool->best.at[0] = pool->best.at[--pool->best.count];
        sink(pool->best.at, pool->best.count, false);
    }
    return ID_NONE;
}

uint32_t mempool_worst(struct mempool *pool)
{
    REQUIRE(pool->keeps_worst);
    while (pool->worst.count) {
        uint32_t id = pool->worst.at[0].group;
        if (mempool_waiting(&pool->groups.at[id]))
            return id;
        pool->groups.at[id].in_worst = false;
        pool->worst.at[0] = pool->worst.at[--pool->worst.count];
        sink(pool->worst.at, pool->worst.count, true);
    }
    return ID_NONE;
}

/* Groups and what they count for. */

uint32_t mempool_waiting(const struct group *group)
{
    uint64_t gone = (uint64_t)group->taken + group->dropped;
    return group->expired || gone >= group->count ? 0 : group->count - (uint32_t)gone;
}

uint64_t group_part(uint64_t whole, uint32_t of, uint32_t first, uint32_t count)
{
    return (uint64_t)((uint128)whole * ((uint64_t)first + count) / of - (uint128)whole * first / of);
}

static void count_in(struct mempool_counts *counts, const struct group *group)
{
    uint32_t waiting = mempool_waiting(group), left = group->count - group->taken;
    uint32_t dropped = MIN(group->dropped, left);
    counts->entered += group->count;
    counts->taken += group->taken;
    counts->dropped += dropped;
    counts->expired += left - dropped - waiting;
    counts->waiting += waiting;
    counts->waiting_bytes += group_part(group->bytes, group->count, group->taken, waiting);
}

static void count_out(struct mempool_counts *counts, const struct group *group)
{
    struct mempool_counts one = {0};
    count_in(&one, group);
    counts->entered -= one.entered;
    counts->taken -= one.taken;
    counts->dropped -= one.dropped;
    counts->expired -= one.expired;
    counts->waiting -= one.waiting;
    counts->waiting_bytes -= one.waiting_bytes;
}

uint32_t mempool_add(struct mempool *pool, const struct group *group)
{
    uint32_t id = (uint32_t)pool->groups.count;
    vector_push(&pool->groups, *group);
    count_in(&pool->counts, group);
    offer(pool, id);
    return id;
}

void mempool_drop(struct mempool *pool, uint32_t id, uint32_t count)
{
    struct group *group = &pool->groups.at[id];
    REQUIRE(count <= mempool_waiting(group));
    count_out(&pool->counts, group);
    group->dropped += count;
    count_in(&pool->counts, group);
}

uint32_t mempool_expire(struct mempool *pool, time_ns entered_ns, uint32_t *waiting)
{
    if (pool->expired_below >= pool->groups.count || pool->groups.at[pool->expired_below].last_ns > entered_ns)
        return ID_NONE;
    struct group *group = &pool->groups.at[pool->expired_below];
    *waiting = mempool_waiting(group);
    count_out(&pool->counts, group);
    group->expired = true;
    count_in(&pool->counts, group);
    return pool->expired_below++;
}

/* Blocks. */

void mempool_init(struct mempool *pool, bool keeps_worst)
{
    *pool = (struct mempool){.keeps_worst = keeps_worst, .at = BLOCK_GENESIS};
    vector_push(&pool->blocks, (struct filled_block){.parent = BLOCK_NONE});
}

void mempool_release(struct mempool *pool)
{
    vector_release(&pool->groups);
    vector_release(&pool->takes);
    vector_release(&pool->blocks);
    vector_release(&pool->best);
    vector_release(&pool->worst);
}

#define vector_copy(copy, original) ((copy)->at = g_memdup2((original)->at, (original)->room * sizeof *(original)->at))

void mempool_clone(struct mempool *copy, const struct mempool *pool)
{
    *copy = *pool;
    vector_copy(&copy->groups, &pool->groups);
    vector_copy(&copy->takes, &pool->takes);
    vector_copy(&copy->blocks, &pool->blocks);
    vector_copy(&copy->best, &pool->best);
    vector_copy(&copy->worst, &pool->worst);
}

/* What the block took goes back, the last first. */
static void give_back(struct mempool *pool, const struct filled_block *block)
{
    for (size_t t = block->first_take + block->takes; t-- > block->first_take;) {
        const struct take *take = &pool->takes.at[t];
        struct group *group = &pool->groups.at[take->group];
        CHECK(group->taken == take->first + take->count);
        count_out(&pool->counts, group);
        group->taken = take->first;
        count_in(&pool->counts, group);
        offer(pool, take->group);
    }
}

static void take_again(struct mempool *pool, block_id id)
{
    const struct filled_block *block = &pool->blocks.at[id];
    for (size_t t = block->first_take; t < block->first_take + block->takes; t++) {
        const struct take *take = &pool->takes.at[t];
        struct group *group = &pool->groups.at[take->group];
        CHECK(group->taken == take->first);
        count_out(&pool->counts, group);
        group->taken += take->count;
        count_in(&pool->counts, group);
    }
}

void mempool_move(struct mempool *pool, block_id to)
{
    VECTOR(block_id) forwards = {0};
    block_id target = to;
    while (pool->at != target) {
        const struct filled_block *here = &pool->blocks.at[pool->at], *there = &pool->blocks.at[target];
        if (here->height >= there->height) {
            give_back(pool, here);
            pool->at = here->parent;
        } else {
            vector_push(&forwards, target);
            target = there->parent;
        }
    }
    for (size_t i = forwards.count; i-- > 0;)
        take_again(pool, forwards.at[i]);
    pool->at = to;
    vector_release(&forwards);
}

struct take mempool_take(struct mempool *pool, uint32_t id, uint32_t count)
{
    struct group *group = &pool->groups.at[id];
    struct take take = {id, group->taken, count};
    REQUIRE(count <= mempool_waiting(group));
    count_out(&pool->counts, group);
    group->taken += count;
    count_in(&pool->counts, group);
    vector_push(&pool->takes, take);
    return take;
}

void mempool_made(struct mempool *pool, block_id id)
{
    const struct filled_block *last = &pool->blocks.at[pool->blocks.count - 1];
    struct filled_block block = {.parent = pool->at,
                                 .height = pool->blocks.at[pool->at].height + 1,
                                 .first_take = last->first_take + last->takes};
    REQUIRE(id == pool->blocks.count);
    block.takes = (uint32_t)(pool->takes.count - block.first_take);
    vector_push(&pool->blocks, block);
    pool->at = id;
}
