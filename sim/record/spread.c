/* SPDX-License-Identifier: MIT */
#include "record/spread.h"

#include "base/assert.h"
#include "base/packed_sort.h"

#include <glib.h>
#include <string.h>

/* (time since the first) << 32 | replica, sorted; g_free it. */
static uint64_t *sort_replicas(const struct trace_spread *spread)
{
    uint64_t *list = g_new(uint64_t, 2 * (size_t)spread->count), count = 0;
    for (replica_id r = 0; r < spread->count; r++)
        if (spread->at_ns[r] != TIME_NEVER)
            list[count++] = (uint64_t)(spread->at_ns[r] - spread->first_ns) << 32 | r;
    packed_sort(list, list + spread->count, count);
    return list;
}

void spread_each(const struct trace_spread *spread, void (*row)(void *user, enum trace_kind kind, const void *row),
                 void *user)
{
    uint64_t *list = sort_replicas(spread);
    for (uint32_t i = 0; i < spread->reached; i++) {
        replica_id r = (replica_id)list[i];
        struct trace_head head = {.at_ns = spread->at_ns[r],
                                  .chain = spread->chain,
                                  .replica = r,
                                  .node = spread->node_of[r],
                                  .before = spread->before,
                                  .after = spread->after};
        row(user, TRACE_HEAD, &head);
        if (spread->final == BLOCK_NONE)
            continue;
        struct trace_final final = {.at_ns = head.at_ns,
                                    .chain = head.chain,
                                    .replica = r,
                                    .node = head.node,
                                    .block = spread->final,
                                    .stake = spread->stake_of[r]};
        row(user, TRACE_FINAL, &final);
    }
    g_free(list);
}

static void write_row(void *user, enum trace_kind kind, const void *row)
{
    trace_write(user, kind, row);
}

void spread_write(struct trace_sink *sink, const struct trace_spread *spread)
{
    if (sink->spread)
        sink->spread(sink, spread);
    else
        spread_each(spread, write_row, sink);
}

replica_id spread_first(const struct trace_spread *spread)
{
    replica_id first = 0;
    while (spread->at_ns[first] != spread->first_ns)
        first++;
    return first;
}

static uint32_t slice_of(const struct trace_spread *spread, unsigned shift, replica_id replica)
{
    return (uint32_t)((uint64_t)(spread->at_ns[replica] - spread->first_ns) >> shift);
}

void spread_slice(const struct trace_spread *spread, struct spread_slices *slices)
{
    uint64_t span = (uint64_t)(spread->last_ns - spread->first_ns);
    memset(slices, 0, sizeof *slices);
    slices->spread = spread;
    while (span >> slices->shift >= SPREAD_SLICES)
        slices->shift++;
    for (replica_id r = 0; r < spread->count; r++) {
        if (spread->at_ns[r] == TIME_NEVER)
            continue;
        uint32_t at = slice_of(spread, slices->shift, r);
        slices->count[at]++;
        slices->stake[at] += spread->stake_of[r];
    }
}

/* The replicas of one slice, sorted as above; g_free it. */
static uint64_t *sort_slice(const struct spread_slices *slices, uint32_t which)
{
    const struct trace_spread *spread = slices->spread;
    size_t size = slices->count[which], count = 0;
    uint64_t *list = g_new(uint64_t, 2 * size);
    uint64_t from = (uint64_t)which << slices->shift, length = UINT64_C(1) << slices->shift;
    for (replica_id r = 0; count < size; r++) {
        uint64_t since = (uint64_t)(spread->at_ns[r] - spread->first_ns);
        if (since - from < length) /* one that is not there is far beyond any slice */
            list[count++] = since << 32 | r;
    }
    packed_sort(list, list + size, size);
    return list;
}

time_ns spread_rank(const struct spread_slices *slices, uint32_t rank)
{
    REQUIRE(rank >= 1 && rank <= slices->spread->reached);
    uint32_t which = 0, before = 0;
    while (before + slices->count[which] < rank)
        before += slices->count[which++];
    uint64_t *list = sort_slice(slices, which);
    time_ns at_ns = slices->spread->first_ns + (time_ns)(list[rank - before - 1] >> 32);
    g_free(list);
    return at_ns;
}

time_ns spread_stake(const struct spread_slices *slices, stake_amount total, struct ratio share)
{
    const struct trace_spread *spread = slices->spread;
    uint32_t which = 0;
    stake_amount sum = 0;
    while (which < SPREAD_SLICES && !stake_reaches(sum + slices->stake[which], total, share))
        sum += slices->stake[which++];
    if (which == SPREAD_SLICES)
        return TIME_NEVER;
    uint64_t *list = sort_slice(slices, which);
    uint32_t i = 0;
    while (!stake_reaches(sum += spread->stake_of[(replica_id)list[i]], total, share))
        i++;
    time_ns at_ns = spread->first_ns + (time_ns)(list[i] >> 32);
    g_free(list);
    return at_ns;
}
