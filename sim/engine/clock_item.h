/* SPDX-License-Identifier: MIT */
/*
 * The payload that the rooms of a world put on its clock: 16 bytes whose meaning belongs to whoever owns the kind. The
 * world owns the small kinds and gives each chain's delivery a range of its own.
 */
#ifndef POSIM_ENGINE_CLOCK_ITEM_H
#define POSIM_ENGINE_CLOCK_ITEM_H

#include "engine/clock.h"

struct clock_item {
    uint32_t kind;
    uint32_t where; /* whom it concerns: a replica, a node, a message */
    uint64_t data;
};

static inline struct clock_event clock_put(struct clock *clock, time_ns at_ns, struct clock_item item)
{
    return clock_schedule(clock, at_ns, &item);
}

#endif
