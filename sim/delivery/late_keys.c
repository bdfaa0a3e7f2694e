/* SPDX-License-Identifier: MIT */
/*
 * When the votes of a late class reach each replica: 32-bit keys, nanoseconds after the class's base, in strips of
 * sixteen votes, so that what one replica gets of a strip is a line of the cache. Keys come vote by vote and are turned
 * into a strip when there are enough. What arrives too late for a key (held by a partition, say) has its time apart.
 */
#include "delivery/inside.h"

#include <string.h>

static uint64_t far_name(uint32_t vote, replica_id replica)
{
    return (uint64_t)vote << 32 | replica;
}

static uint32_t key_of(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct late *late = &class->late;
    uint32_t strip = vote / COLUMN_BLOCK, place = vote % COLUMN_BLOCK;
    return strip < late->strips.count ? late->strips.at[strip][(size_t)replica * COLUMN_BLOCK + place]
                                      : late->rows[(size_t)place * class->late.replicas + replica];
}

static time_ns arrival_ns(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    uint32_t key = key_of(class, vote, replica);
    if (key == KEY_NEVER)
        return TIME_NEVER;
    if (key == KEY_FAR)
        return class->late.far.at[index_map_find(&class->late.far_at, far_name(vote, replica))].at_ns;
    return class->late.base_ns + key;
}

struct instant late_arrival(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct instant *soonest = &class->late.soonest.at[vote];
    time_ns ns = arrival_ns(class, vote, replica);
    return (struct instant){ns, ns == soonest->ns ? soonest->microstep : 0};
}

/* Line by line: what is read of a row in one round stays in the cache for the next. */
static void turn(const uint32_t *restrict rows, uint32_t replicas, uint32_t *restrict strip)
{
    for (replica_id replica = 0; replica < replicas; replica++)
        for (uint32_t place = 0; place < COLUMN_BLOCK; place++)
            strip[(size_t)replica * COLUMN_BLOCK + place] = rows[(size_t)place * replicas + replica];
}

static void keep_far(const struct delivery *delivery, struct late *late, uint32_t vote, const uint32_t *row)
{
    for (replica_id replica = 0; replica < delivery->replicas; replica++) {
        if (row[replica] != KEY_FAR)
            continue;
        index_map_set(&late->far_at, far_name(vote, replica), (uint32_t)late->far.count);
        vector_push(&late->far, (struct far_arrival){delivery->scratch->replica_ns.at[replica]});
    }
}

void late_keys_keep(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    struct late *late = &class->late;
    uint32_t replicas = delivery->replicas, place = vote % COLUMN_BLOCK;
    if (!late->rows)
        late->rows = g_new(uint32_t, (size_t)replicas * COLUMN_BLOCK);
    uint32_t *row = late->rows + (size_t)place * replicas;
    uint32_t inexact = delivery->kernels->keys_of(delivery->scratch->replica_ns.at, replicas, late->base_ns, row);
    if (inexact)
        keep_far(delivery, late, vote, row);
    if (place == COLUMN_BLOCK - 1) {
        uint32_t *strip = g_new(uint32_t, (size_t)replicas * COLUMN_BLOCK);
        turn(late->rows, replicas, strip);
        vector_push(&late->strips, strip);
    }
}

void late_keys_release(struct late *late)
{
    for (size_t i = 0; i < late->strips.count; i++)
        g_free(late->strips.at[i]);
    vector_release(&late->strips);
    g_clear_pointer(&late->rows, g_free);
    vector_release(&late->far);
    index_map_release(&late->far_at);
}

const uint32_t *late_keys(const struct delivery *delivery, const struct vote_class *class, replica_id replica)
{
    struct scratch *scratch = delivery->scratch;
    const struct late *late = &class->late;
    uint32_t votes = (uint32_t)late->soonest.count;
    struct keys_name *name = &scratch->keys_name;
    if (name->class == class && name->replica == replica && name->votes == votes)
        return scratch->keys.at;
    vector_reserve(&scratch->keys, (size_t)votes + COLUMN_BLOCK);
    uint32_t *keys = scratch->keys.at;
    size_t strips = late->strips.count;
    for (size_t strip = 0; strip < strips; strip++)
        memcpy(keys + strip * COLUMN_BLOCK, late->strips.at[strip] + (size_t)replica * COLUMN_BLOCK,
               COLUMN_BLOCK * sizeof *keys);
    uint32_t rest = votes - (uint32_t)strips * COLUMN_BLOCK;
    for (uint32_t place = 0; place < COLUMN_BLOCK; place++)
        keys[strips * COLUMN_BLOCK + place] =
            place < rest ? late->rows[(size_t)place * delivery->replicas + replica] : KEY_NEVER;
    *name = (struct keys_name){class, replica, votes};
    return keys;
}
