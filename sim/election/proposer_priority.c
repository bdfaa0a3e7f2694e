/* SPDX-License-Identifier: MIT */
#include "election/proposer_priority.h"

#include "base/assert.h"
#include "base/ids.h"
#include "base/stake.h"

#include <glib.h>
#include <string.h>

/* The bytes that the members of a set take behind it. */
static size_t member_bytes(uint32_t count)
{
    return count * (2 * sizeof(int64_t) + sizeof(uint32_t));
}

/* A set whose members are yet to be written. */
static struct priority_set *set_allocate(uint32_t count)
{
    struct priority_set *set = g_malloc(sizeof *set + member_bytes(count));
    *set = (struct priority_set){.count = count, .proposer = ID_NONE, .power = (int64_t *)(set + 1)};
    set->priority = set->power + count;
    set->address = (uint32_t *)(set->priority + count);
    return set;
}

struct priority_set *priority_set_new(uint32_t count)
{
    struct priority_set *set = set_allocate(count);
    memset(set + 1, 0, member_bytes(count));
    return set;
}

void priority_set_free(struct priority_set *set)
{
    g_free(set);
}

struct priority_set *priority_set_copy(const struct priority_set *set)
{
    struct priority_set *copy = set_allocate(set->count);
    copy->total = set->total;
    copy->proposer = set->proposer;
    memcpy(copy->power, set->power, set->count * sizeof *set->power);
    memcpy(copy->priority, set->priority, set->count * sizeof *set->priority);
    memcpy(copy->address, set->address, set->count * sizeof *set->address);
    return copy;
}

/* safeAddClip, safeSubClip */
static inline int64_t add_clipped(int64_t a, int64_t b)
{
    int64_t sum;
    if (!__builtin_add_overflow(a, b, &sum))
        return sum;
    return b < 0 ? INT64_MIN : INT64_MAX;
}

static inline int64_t subtract_clipped(int64_t a, int64_t b)
{
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference))
        return difference;
    return b > 0 ? INT64_MIN : INT64_MAX;
}

int64_t priority_set_average(const struct priority_set *set)
{
    REQUIRE(set->count);
    int128 sum = 0;
    for (uint32_t i = 0; i < set->count; i++)
        sum += set->priority[i];
    int128 average = sum / set->count;
    return (int64_t)(average - (sum % set->count < 0));
}

/* RescalePriorities(2 * total): the spread of priorities is divided until it is at most twice the total power. */
static void rescale(struct priority_set *set)
{
    int64_t window = 2 * set->total;
    if (window <= 0)
        return;
    int64_t lowest = INT64_MAX, highest = INT64_MIN;
    for (uint32_t i = 0; i < set->count; i++) {
        lowest = MIN(lowest, set->priority[i]);
        highest = MAX(highest, set->priority[i]);
    }
    int64_t spread = subtract_clipped(highest, lowest);
    if (spread <= window)
        return;
    int64_t ratio = (int64_t)(((int128)spread + window - 1) / window);
    for (uint32_t i = 0; i < set->count; i++)
        set->priority[i] /= ratio;
}

/* shiftByAvgProposerPriority */
static void centre(struct priority_set *set)
{
    int64_t average = priority_set_average(set);
    if (!average)
        return;
    for (uint32_t i = 0; i < set->count; i++)
        set->priority[i] = subtract_clipped(set->priority[i], average);
}

/* incrementProposerPriority: everybody gains its power, who is then highest proposes and pays the total. */
static void choose(struct priority_set *set)
{
    uint32_t chosen = 0;
    int64_t highest = INT64_MIN;
    for (uint32_t i = 0; i < set->count; i++) {
        int64_t priority = add_clipped(set->priority[i], set->power[i]);
        set->priority[i] = priority;
        if (priority > highest) {
            highest = priority;
            chosen = i;
        }
    }
    set->priority[chosen] = subtract_clipped(set->priority[chosen], set->total);
    set->proposer = chosen;
}

void priority_set_increment(struct priority_set *set, uint32_t times)
{
    REQUIRE(set->count && times);
    rescale(set);
    centre(set);
    for (uint32_t i = 0; i < times; i++)
        choose(set);
}

uint32_t priority_set_proposer(const struct priority_set *set)
{
    if (set->proposer != ID_NONE)
        return set->proposer;
    uint32_t chosen = 0;
    for (uint32_t i = 1; i < set->count; i++)
        if (set->priority[i] > set->priority[chosen])
            chosen = i;
    return chosen;
}

static int compare_changes(const void *a, const void *b)
{
    uint32_t left = ((const struct priority_change *)a)->address, right = ((const struct priority_change *)b)->address;
    return (left > right) - (left < right);
}

static struct priority_change *sort_changes(const struct priority_change *changes, uint32_t count)
{
    struct priority_change *sorted = g_memdup2(changes, count * sizeof *changes);
    qsort(sorted, count, sizeof *sorted, compare_changes);
    return sorted;
}

/* The first index at or after `from` whose address is not below `address`. */
static uint32_t seek(const struct priority_set *set, uint32_t from, uint32_t address)
{
    while (from < set->count && set->address[from] < address)
        from++;
    return from;
}

/* processChanges: what is wrong with the sorted changes by themselves. */
static enum priority_error check_changes(const struct priority_change *sorted, uint32_t count, bool removals)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i && sorted[i].address == sorted[i - 1].address)
            return PRIORITY_DUPLICATE;
        if (sorted[i].power < 0 || sorted[i].power > PRIORITY_TOTAL_MAXIMUM)
            return PRIORITY_OUT_OF_RANGE;
        if (!sorted[i].power && !removals)
            return PRIORITY_NO_REMOVAL;
    }
    return PRIORITY_FINE;
}

/*
 * verifyRemovals and verifyUpdates. `*total` is the total power with the updates but before the removals, from which
 * the priority of new members follows; it is the total after removals that must not be too large.
 */
static enum priority_error check_against(const struct priority_set *set, const struct priority_change *sorted,
                                         uint32_t count, int128 *total)
{
    int128 after = set->total;
    int64_t removed = 0;
    uint32_t leaving = 0, entering = 0, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at = seek(set, at, sorted[i].address);
        bool member = at < set->count && set->address[at] == sorted[i].address;
        if (!sorted[i].power && !member)
            return PRIORITY_UNKNOWN;
        if (!sorted[i].power) {
            leaving++;
            removed += set->power[at];
        }
        entering += !member;
        after += sorted[i].power - (member ? set->power[at] : 0);
    }
    if (!entering && leaving == set->count)
        return PRIORITY_EMPTY;
    *total = after + removed;
    return after > PRIORITY_TOTAL_MAXIMUM ? PRIORITY_TOTAL_TOO_BIG : PRIORITY_FINE;
}

static void append(struct priority_set *set, uint32_t address, int64_t power, int64_t priority)
{
    set->address[set->count] = address;
    set->power[set->count] = power;
    set->priority[set->count] = priority;
    set->total += power;
    set->count++;
}

/* applyUpdates and applyRemovals in one pass over both, which are in the order of addresses. */
static struct priority_set *merge_sorted(const struct priority_set *set, const struct priority_change *sorted,
                                         uint32_t count, int64_t priority_of_new)
{
    struct priority_set *merged = priority_set_new(set->count + count);
    merged->count = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (; at < set->count && set->address[at] < sorted[i].address; at++)
            append(merged, set->address[at], set->power[at], set->priority[at]);
        bool member = at < set->count && set->address[at] == sorted[i].address;
        if (sorted[i].power)
            append(merged, sorted[i].address, sorted[i].power, member ? set->priority[at] : priority_of_new);
        at += member;
    }
    for (; at < set->count; at++)
        append(merged, set->address[at], set->power[at], set->priority[at]);
    return merged;
}

struct priority_set *priority_set_merge(const struct priority_set *set, const struct priority_change *changes,
                                        uint32_t count, int64_t priority_of_new)
{
    struct priority_change *sorted = sort_changes(changes, count);
    struct priority_set *merged = merge_sorted(set, sorted, count, priority_of_new);
    g_free(sorted);
    return merged;
}

/* The proposer chosen last keeps its place if it is still a member. */
static void keep_proposer(struct priority_set *updated, const struct priority_set *set)
{
    if (set->proposer == ID_NONE)
        return;
    uint32_t at = seek(updated, 0, set->address[set->proposer]);
    if (at < updated->count && updated->address[at] == set->address[set->proposer])
        updated->proposer = at;
}

/* updateWithChangeSet */
static struct priority_set *update(const struct priority_set *set, const struct priority_change *changes,
                                   uint32_t count, bool removals, enum priority_error *error)
{
    struct priority_change *sorted = sort_changes(changes, count);
    struct priority_set *updated = NULL;
    int128 total = 0;
    *error = check_changes(sorted, count, removals);
    if (*error == PRIORITY_FINE)
        *error = check_against(set, sorted, count, &total);
    if (*error == PRIORITY_FINE) {
        /* computeNewPriorities: who enters begins at -1.125 times the total power. */
        updated = merge_sorted(set, sorted, count, (int64_t) - (total + (total >> 3)));
        keep_proposer(updated, set);
        rescale(updated);
        centre(updated);
    }
    g_free(sorted);
    return updated;
}

struct priority_set *priority_set_update(const struct priority_set *set, const struct priority_change *changes,
                                         uint32_t count, enum priority_error *error)
{
    *error = PRIORITY_FINE;
    return count ? update(set, changes, count, true, error) : priority_set_copy(set);
}

struct priority_set *priority_set_build(const struct priority_change *changes, uint32_t count,
                                        enum priority_error *error)
{
    *error = PRIORITY_FINE;
    struct priority_set *empty = priority_set_new(0);
    struct priority_set *built = count ? update(empty, changes, count, false, error) : priority_set_copy(empty);
    if (built && built->count)
        priority_set_increment(built, 1);
    priority_set_free(empty);
    return built;
}
