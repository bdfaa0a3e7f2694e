/* SPDX-License-Identifier: MIT */
/*
 * When the votes of a late class reach each replica: 32-bit keys, nanoseconds after the class's base, in strips of
 * sixteen votes, so that what one replica gets of a strip is a line of the cache. Keys come vote by vote and are turned
 * into a strip when there are enough. What arrives too late for a key (held by a partition, say) has its time apart.
 *
 * When all votes of a strip have landed, wherever they arrive at all, their times are of no use any more: the strip
 * keeps which did not arrive, a bit each, or nothing. So keys take memory for what is in flight only.
 */
#include "delivery/inside.h"

#include "engine/pages.h"

#include <string.h>

#define KEY_LANDED 0u /* of what has landed; no key is less */

static uint64_t far_name(uint32_t vote, replica_id replica)
{
    return (uint64_t)vote << 32 | replica;
}

static uint32_t key_of(const struct vote_class *class, uint32_t vote, replica_id replica)
{
    const struct late *late = &class->late;
    uint32_t place = vote % COLUMN_BLOCK;
    if (vote / COLUMN_BLOCK >= late->strips.count)
        return late->rows[(size_t)place * late->replicas + replica];
    const struct strip *strip = &late->strips.at[vote / COLUMN_BLOCK];
    if (strip->keys)
        return strip->keys[(size_t)replica * COLUMN_BLOCK + place];
    return strip->missing && strip->missing[replica] >> place & 1 ? KEY_NEVER : KEY_LANDED;
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
        time_ns at_ns = delivery->scratch->replica_ns.at[replica];
        vector_push(&late->far, (struct far_arrival){at_ns});
        late->rows_latest_ns = MAX(late->rows_latest_ns, at_ns);
    }
}

/* ---- strips that have landed ---- */

static uint16_t *find_missing(const struct strip *strip, uint32_t replicas)
{
    uint16_t *missing = g_new(uint16_t, replicas);
    for (replica_id replica = 0; replica < replicas; replica++) {
        uint32_t bits = 0;
        for (uint32_t place = 0; place < COLUMN_BLOCK; place++)
            bits |= (uint32_t)(strip->keys[(size_t)replica * COLUMN_BLOCK + place] == KEY_NEVER) << place;
        missing[replica] = (uint16_t)bits;
    }
    return missing;
}

static void drop_keys(struct delivery *delivery, struct strip *strip)
{
    if (!strip->whole)
        strip->missing = find_missing(strip, delivery->replicas);
    vector_push(&delivery->spare_keys, strip->keys);
    strip->keys = NULL;
}

static void drop_landed(struct delivery *delivery)
{
    time_ns now_ns = delivery->settings.clock->now.ns;
    for (size_t i = 0; i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        struct late *late = &class->late;
        for (; !class->eventful && late->landed < late->strips.count; late->landed++) {
            if (late->strips.at[late->landed].latest_ns >= now_ns)
                break;
            drop_keys(delivery, &late->strips.at[late->landed]);
            if (delivery->scratch->keys_name.class == class)
                delivery->scratch->keys_name.class = NULL;
        }
    }
}

/* ---- keeping ---- */

/* What one replica gets of a strip is a line of the cache. */
static uint32_t *take_keys(struct delivery *delivery)
{
    if (delivery->spare_keys.count)
        return delivery->spare_keys.at[--delivery->spare_keys.count];
    return pages_new((size_t)delivery->replicas * COLUMN_BLOCK * sizeof(uint32_t));
}

static void make_strip(struct delivery *delivery, struct late *late)
{
    struct strip strip = {.keys = take_keys(delivery), .latest_ns = late->rows_latest_ns, .whole = !late->rows_miss};
    turn(late->rows, late->replicas, strip.keys);
    vector_push(&late->strips, strip);
    late->rows_latest_ns = 0;
    late->rows_miss = false;
}

void late_keys_keep(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    struct late *late = &class->late;
    const time_ns *arrival_ns = delivery->scratch->replica_ns.at;
    uint32_t place = vote % COLUMN_BLOCK;
    if (!late->rows)
        late->rows = g_new(uint32_t, (size_t)late->replicas * COLUMN_BLOCK);
    uint32_t *row = late->rows + (size_t)place * late->replicas;
    uint32_t latest;
    uint32_t inexact = delivery->kernels->keys_of(arrival_ns, late->replicas, late->base_ns, row, &latest);
    late->rows_miss |= inexact != 0;
    if (inexact & KEYS_FAR)
        keep_far(delivery, late, vote, row);
    late->rows_latest_ns = MAX(late->rows_latest_ns, late->base_ns + latest);
    if (place < COLUMN_BLOCK - 1)
        return;
    drop_landed(delivery);
    make_strip(delivery, late);
}

void late_keys_release(struct delivery *delivery, struct late *late)
{
    for (size_t i = 0; i < late->strips.count; i++) {
        if (late->strips.at[i].keys)
            vector_push(&delivery->spare_keys, late->strips.at[i].keys);
        g_free(late->strips.at[i].missing);
    }
    vector_release(&late->strips);
    g_clear_pointer(&late->rows, g_free);
    vector_release(&late->far);
    index_map_release(&late->far_at);
}

/* The vectors have been copied as they are. */
void late_keys_copy(struct delivery *delivery, struct late *copy, const struct late *late)
{
    size_t keys = (size_t)late->replicas * COLUMN_BLOCK;
    for (size_t i = 0; i < copy->strips.count; i++) {
        struct strip *strip = &copy->strips.at[i];
        if (strip->keys)
            strip->keys = memcpy(take_keys(delivery), strip->keys, keys * sizeof *strip->keys);
        strip->missing = g_memdup2(strip->missing, strip->missing ? late->replicas * sizeof *strip->missing : 0);
    }
    copy->rows = g_memdup2(late->rows, late->rows ? keys * sizeof *late->rows : 0);
    index_map_clone(&copy->far_at, &late->far_at);
}

/* ---- reading ---- */

static void read_strip(const struct strip *strip, replica_id replica, uint32_t *keys)
{
    if (strip->keys) {
        memcpy(keys, strip->keys + (size_t)replica * COLUMN_BLOCK, COLUMN_BLOCK * sizeof *keys);
        return;
    }
    uint32_t missing = strip->missing ? strip->missing[replica] : 0;
    for (uint32_t place = 0; place < COLUMN_BLOCK; place++)
        keys[place] = missing >> place & 1 ? KEY_NEVER : KEY_LANDED;
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
        read_strip(&late->strips.at[strip], replica, keys + strip * COLUMN_BLOCK);
    uint32_t rest = votes - (uint32_t)strips * COLUMN_BLOCK;
    for (uint32_t place = 0; place < COLUMN_BLOCK; place++)
        keys[strips * COLUMN_BLOCK + place] =
            place < rest ? late->rows[(size_t)place * delivery->replicas + replica] : KEY_NEVER;
    *name = (struct keys_name){class, replica, votes};
    return keys;
}
