/* SPDX-License-Identifier: MIT */
/*
 * The order of what happens in one instant: by node, by kind, by message. So it does not matter in which order things
 * were scheduled, nor what else is under way.
 */
#include "network/carrier_inside.h"

#include <string.h>

#define SHORT_LIST 24u

bool carrier_is_of_message(enum carrier_item item)
{
    switch (item) {
    case CARRIER_PORT_UP:
    case CARRIER_PORT_DOWN:
    case CARRIER_HEARTBEAT:
    case CARRIER_MESH:
    case CARRIER_ROUTINE:
    case CARRIER_GRAFT:
    case CARRIER_PRUNE:
        return false;
    default:
        return true;
    }
}

/* Two things of a kind at a node: by what the messages are, since which slots they have says when others were done. */
static int compare_data(const struct carrier *carrier, const struct clock_item *a, const struct clock_item *b)
{
    if (carrier_is_of_message(a->kind) && a->data >> 32 != b->data >> 32) {
        const struct carried *one = carried_at(carrier, (uint32_t)(a->data >> 32));
        const struct carried *other = carried_at(carrier, (uint32_t)(b->data >> 32));
        if (one->id != other->id)
            return one->id < other->id ? -1 : 1;
        if (one->origin != other->origin)
            return one->origin < other->origin ? -1 : 1;
    }
    return (a->data > b->data) - (a->data < b->data);
}

static int compare(const struct carrier *carrier, const struct clock_item *a, const struct clock_item *b)
{
    if (a->where != b->where)
        return a->where < b->where ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return compare_data(carrier, a, b);
}

static void sort_short(const struct carrier *carrier, struct clock_item *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct clock_item item = list[i];
        size_t j = i;
        for (; j > 0 && compare(carrier, &list[j - 1], &item) > 0; j--)
            list[j] = list[j - 1];
        list[j] = item;
    }
}

static int compare_items(const void *a, const void *b, void *carrier)
{
    return compare(carrier, a, b);
}

/* One pass of a radix sort by a byte of the node; stable. */
static void sort_pass(const struct clock_item *from, struct clock_item *to, size_t count, unsigned shift)
{
    uint32_t first[257] = {0};
    for (size_t i = 0; i < count; i++)
        first[(from[i].where >> shift & 255) + 1]++;
    for (unsigned byte = 1; byte < 256; byte++)
        first[byte] += first[byte - 1];
    for (size_t i = 0; i < count; i++)
        to[first[from[i].where >> shift & 255]++] = from[i];
}

/* Each node's items after another's, then each node's among themselves. */
static void sort_long(struct carrier *carrier)
{
    size_t count = carrier->landing.count;
    vector_reserve(&carrier->space, carrier->landing.room);
    struct clock_item *from = carrier->landing.at, *to = carrier->space.at;
    for (unsigned shift = 0; shift < 32 && carrier->all_count >> shift; shift += 8) {
        sort_pass(from, to, count, shift);
        struct clock_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != carrier->landing.at)
        memcpy(carrier->landing.at, from, count * sizeof *from);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && carrier->landing.at[end].where == carrier->landing.at[i].where; end++)
            continue;
        if (end - i <= SHORT_LIST)
            sort_short(carrier, carrier->landing.at + i, end - i);
        else
            g_qsort_with_data(carrier->landing.at + i, (int)(end - i), sizeof *carrier->landing.at, compare_items,
                              carrier);
    }
}

void carrier_sort_landing(struct carrier *carrier)
{
    if (carrier->landing.count > SHORT_LIST)
        sort_long(carrier);
    else
        sort_short(carrier, carrier->landing.at, carrier->landing.count);
}
