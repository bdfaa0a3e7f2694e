/* SPDX-License-Identifier: MIT */
/*
 * Which block is available at which replica: it and all its ancestors have arrived. A block that arrives before its
 * parent waits. While a block spreads there is a bit for each replica; once everybody has it, nothing but a count.
 */
#include "delivery/inside.h"

#include "base/assert.h"

static struct block_state *state_of(struct delivery *delivery, block_id block)
{
    while (delivery->blocks.count <= block)
        vector_push(&delivery->blocks, (struct block_state){0});
    return &delivery->blocks.at[block];
}

bool block_is_here(const struct delivery *delivery, replica_id replica, block_id block)
{
    if (block == BLOCK_GENESIS)
        return true;
    const struct delivery_spread *spread = spread_of(delivery, block);
    if (spread)
        return spread_has_come(delivery, spread, replica);
    if (block >= delivery->blocks.count)
        return false;
    const struct block_state *state = &delivery->blocks.at[block];
    return state->count == delivery->replicas || (state->here && bit_get(state->here, replica));
}

void block_mark(struct delivery *delivery, replica_id replica, block_id block)
{
    struct block_state *state = state_of(delivery, block);
    if (!state->here)
        state->here = g_new0(uint64_t, bits_words(delivery->replicas));
    bit_set(state->here, replica);
    state->count++;
    if (state->count == delivery->replicas) {
        g_free(state->here);
        state->here = NULL;
    }
}

void block_mark_everywhere(struct delivery *delivery, block_id block)
{
    struct block_state *state = state_of(delivery, block);
    CHECK(!state->here);
    state->count = delivery->replicas;
}

bool block_is_everywhere(const struct delivery *delivery, block_id block)
{
    return block == BLOCK_GENESIS ||
           (block < delivery->blocks.count && delivery->blocks.at[block].count == delivery->replicas);
}

void block_await(struct delivery *delivery, replica_id replica, block_id block, struct wait wait)
{
    uint64_t key = block_and_replica(block, replica);
    uint32_t place = delivery->free_wait;
    if (place == INDEX_NONE) {
        place = (uint32_t)delivery->waits.count;
        vector_push(&delivery->waits, (struct wait){0});
    } else {
        delivery->free_wait = delivery->waits.at[place].next;
    }
    wait.next = index_map_find(&delivery->waiting, key);
    delivery->waits.at[place] = wait;
    index_map_set(&delivery->waiting, key, place);
}

/* Mostly it is the one that came last; only where it is not the others need an index. */
static struct fresh_block *find_fresh(struct delivery *delivery, replica_id replica, block_id block)
{
    size_t count = delivery->fresh.count;
    if (count && delivery->fresh.at[count - 1].replica == replica && delivery->fresh.at[count - 1].block == block)
        return &delivery->fresh.at[count - 1];
    for (; delivery->indexed < count; delivery->indexed++) {
        const struct fresh_block *fresh = &delivery->fresh.at[delivery->indexed];
        index_map_set(&delivery->fresh_at, block_and_replica(fresh->block, fresh->replica),
                      (uint32_t)delivery->indexed);
    }
    uint32_t place = index_map_find(&delivery->fresh_at, block_and_replica(block, replica));
    return place == INDEX_NONE ? NULL : &delivery->fresh.at[place];
}

void block_credit(struct delivery *delivery, replica_id replica, block_id block, uint32_t parcel)
{
    struct fresh_block *fresh = find_fresh(delivery, replica, block);
    if (!fresh)
        return;
    uint32_t *credited = &fresh->parcel;
    if (*credited == INDEX_NONE ||
        delivery->parcels.at[parcel]->message.id < delivery->parcels.at[*credited]->message.id)
        *credited = parcel;
}

static void become_available(struct delivery *delivery, replica_id replica, block_id block);

static void end_wait(struct delivery *delivery, replica_id replica, block_id block, const struct wait *wait)
{
    switch (wait->kind) {
    case WAIT_BLOCK:
        if (!block_is_here(delivery, replica, wait->which))
            become_available(delivery, replica, wait->which);
        break;
    case WAIT_MESSAGE:
        if (wait->stamp == delivery->stamp)
            block_credit(delivery, replica, block, wait->which);
        vector_push(&delivery->landed, (struct landed_parcel){wait->which, replica});
        parcel_drop(delivery, wait->which);
        break;
    case WAIT_VOTE:
        vector_push(&delivery->joined, *wait);
        break;
    }
}

/* Recursion is as deep as a chain of blocks that waited one for the other. */
static void become_available(struct delivery *delivery, replica_id replica, block_id block)
{
    uint64_t key = block_and_replica(block, replica);
    block_mark(delivery, replica, block);
    vector_push(&delivery->fresh, (struct fresh_block){replica, block, INDEX_NONE});
    uint32_t place = index_map_remove(&delivery->waiting, key);
    while (place != INDEX_NONE) {
        struct wait wait = delivery->waits.at[place];
        delivery->waits.at[place].next = delivery->free_wait;
        delivery->free_wait = place;
        end_wait(delivery, replica, block, &wait);
        place = wait.next;
    }
}

/* The missing ancestors came along: the oldest first. */
static void land_ancestors(struct delivery *delivery, replica_id replica, block_id block)
{
    VECTOR(block_id) missing = {0};
    while (!block_is_here(delivery, replica, block)) {
        vector_push(&missing, block);
        block = block_tree_get(delivery->settings.tree, block)->parent;
    }
    while (missing.count) {
        block = missing.at[--missing.count];
        if (!block_is_here(delivery, replica, block))
            become_available(delivery, replica, block);
    }
    vector_release(&missing);
}

void block_land(struct delivery *delivery, replica_id replica, block_id block, bool with_ancestors)
{
    if (block_is_here(delivery, replica, block))
        return;
    block_id parent = block_tree_get(delivery->settings.tree, block)->parent;
    if (block_is_here(delivery, replica, parent))
        become_available(delivery, replica, block);
    else if (with_ancestors)
        land_ancestors(delivery, replica, block);
    else
        block_await(delivery, replica, parent, (struct wait){.kind = WAIT_BLOCK, .which = block});
}

void blocks_settle(struct delivery *delivery)
{
    const struct delivery_sink *sink = &delivery->settings.sink;
    for (size_t i = 0; i < delivery->fresh.count; i++) {
        struct fresh_block fresh = delivery->fresh.at[i];
        sink->block(sink->user, fresh.replica, fresh.block,
                    fresh.parcel == INDEX_NONE ? NULL : &delivery->parcels.at[fresh.parcel]->message);
        watches_block(delivery, fresh.replica);
    }
    vector_clear(&delivery->fresh);
    index_map_clear(&delivery->fresh_at);
    delivery->indexed = 0;
}
