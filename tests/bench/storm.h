/* SPDX-License-Identifier: MIT */
/* The cancel storm of load.h on a whole clock: payloads in its slab, cancelling that is told, sweeps of the dead. */
#ifndef POSIM_TESTS_BENCH_STORM_H
#define POSIM_TESTS_BENCH_STORM_H

#include "load.h"

#include "engine/clock.h"

struct clock_storm {
    struct clock clock;
    uint64_t random;
    uint32_t pending;
    uint32_t operations;
    struct clock_event *armed; /* by timer */
    size_t seen;               /* of the clock's batch */
};

static inline void clock_storm_arm(struct clock_storm *storm, uint32_t timer)
{
    time_ns at_ns = storm->clock.now.ns + load_exponential(&storm->random, LOAD_MEAN);
    storm->armed[timer] = clock_schedule(&storm->clock, at_ns, &timer);
}

static inline void clock_storm_start(struct clock_storm *storm)
{
    clock_init(&storm->clock, sizeof(uint32_t));
    storm->armed = g_new0(struct clock_event, storm->pending);
    for (uint32_t timer = 0; timer < storm->pending; timer++)
        clock_storm_arm(storm, timer);
}

static inline void clock_storm_release(struct clock_storm *storm)
{
    clock_release(&storm->clock);
    g_free(storm->armed);
}

/* The next timer that fires. */
static inline uint32_t clock_storm_fire(struct clock_storm *storm)
{
    for (;;) {
        while (storm->seen < storm->clock.batch.count) {
            const uint32_t *timer = clock_payload(&storm->clock, storm->clock.batch.at[storm->seen++]);
            if (timer)
                return *timer;
        }
        if (clock_advance(&storm->clock, TIME_NEVER) != CLOCK_INSTANT)
            return UINT32_MAX;
        storm->seen = 0;
    }
}

static inline uint64_t clock_storm_round(struct clock_storm *storm)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < storm->operations; i++) {
        uint32_t timer = (uint32_t)((load_random(&storm->random) >> 32) * storm->pending >> 32);
        if (i % 16 == 0) {
            timer = clock_storm_fire(storm);
            sum = load_sum(sum, (struct popped){.at_ns = storm->clock.now.ns, .handle = timer});
        } else {
            clock_cancel(&storm->clock, storm->armed[timer]);
        }
        clock_storm_arm(storm, timer);
    }
    return sum;
}

#endif
