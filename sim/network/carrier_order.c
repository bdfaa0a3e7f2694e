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

/* A copy is one whether the flow or the clock had it. */
static uint32_t rank(const struct clock_item *item)
{
    return item->kind == CARRIER_FLOWN ? CARRIER_COPY : item->kind;
}

/* The low half of the data: of copies, where they come from. */
static uint32_t detail(const struct carrier *carrier, const struct clock_item *item)
{
    uint32_t low = (uint32_t)item->data;
    return item->kind == CARRIER_FLOWN ? flow_from(carrier, (uint32_t)(item->data >> 32), item->where, low) : low;
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Two of one rank at a node, about messages; by slots last, since which of those are free depends on other messages. */
static int compare_messages(const struct carrier *carrier, const struct clock_item *a, const struct clock_item *b)
{
    uint32_t slot = (uint32_t)(a->data >> 32), other_slot = (uint32_t)(b->data >> 32);
    const struct carried *message = carried_at(carrier, slot), *other = carried_at(carrier, other_slot);
    int by_id = order(message->id, other->id);
    int by_origin = by_id ? by_id : order(message->origin, other->origin);
    int by_detail = by_origin ? by_origin : order(detail(carrier, a), detail(carrier, b));
    return by_detail ? by_detail : order(slot, other_slot);
}

static int compare(const struct carrier *carrier, const struct clock_item *a, const struct clock_item *b)
{
    if (a->where != b->where)
        return a->where < b->where ? -1 : 1;
    if (rank(a) != rank(b))
        return rank(a) < rank(b) ? -1 : 1;
    return carrier_is_of_message(a->kind) ? compare_messages(carrier, a, b) : order(a->data, b->data);
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
