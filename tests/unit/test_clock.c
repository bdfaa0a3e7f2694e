/* SPDX-License-Identifier: MIT */
/* The clock: instants and microsteps, cancelling and re-arming, limits, quiescence and clones. */
#include "engine/clock.h"

#include <glib.h>
#include <string.h>

struct payload {
    uint64_t what;
    uint64_t spare;
};

static struct clock_event at(struct clock *clock, time_ns at_ns, uint64_t what)
{
    struct payload payload = {.what = what, .spare = ~what};
    return clock_schedule(clock, at_ns, &payload);
}

static uint64_t what(const struct clock *clock, size_t i)
{
    const struct payload *payload = clock_payload(clock, clock->batch.at[i]);
    g_assert_nonnull(payload);
    g_assert_cmpuint(payload->spare, ==, ~payload->what);
    return payload->what;
}

/* The next instant is (ns, microstep) with `count` events. */
static void expect(struct clock *clock, time_ns ns, uint32_t microstep, size_t count)
{
    g_assert_cmpint(clock_advance(clock, TIME_NEVER), ==, CLOCK_INSTANT);
    g_assert_cmpint(clock->now.ns, ==, ns);
    g_assert_cmpuint(clock->now.microstep, ==, microstep);
    g_assert_cmpuint(clock->batch.count, ==, count);
}

/* Until when nothing happens: a cancelled event may shorten it, what comes in the next microstep makes it now. */
static void quiet_until(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    g_assert_cmpint(clock_quiet_until_ns(&clock), ==, TIME_NEVER);
    at(&clock, 9, 1);
    at(&clock, 7, 2);
    g_assert_cmpint(clock_quiet_until_ns(&clock), ==, 7);
    expect(&clock, 7, 0, 1);
    g_assert_cmpint(clock_quiet_until_ns(&clock), ==, 9);
    at(&clock, 7, 3);
    g_assert_cmpint(clock_quiet_until_ns(&clock), ==, 7);
    expect(&clock, 7, 1, 1);
    expect(&clock, 9, 0, 1);
    g_assert_cmpint(clock_quiet_until_ns(&clock), ==, TIME_NEVER);
    clock_release(&clock);
}

/* Events of one time come together; effects without delay come at the next microstep, however many there are. */
static void microsteps(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    at(&clock, 0, 1);
    at(&clock, 5, 3);
    at(&clock, 0, 2);
    expect(&clock, 0, 0, 2);
    g_assert_cmpuint(what(&clock, 0), ==, 1);
    g_assert_cmpuint(what(&clock, 1), ==, 2);
    at(&clock, 0, 10);
    at(&clock, 5, 11);
    expect(&clock, 0, 1, 1);
    g_assert_cmpuint(what(&clock, 0), ==, 10);
    at(&clock, 0, 12);
    at(&clock, 0, 13);
    expect(&clock, 0, 2, 2);
    expect(&clock, 5, 0, 2);
    g_assert_cmpuint(what(&clock, 0), ==, 3);
    g_assert_cmpuint(what(&clock, 1), ==, 11);
    g_assert_cmpint(clock_advance(&clock, TIME_NEVER), ==, CLOCK_QUIET);
    g_assert_cmpint(clock.now.ns, ==, 5);
    g_assert_cmpuint(clock_pending(&clock), ==, 0);
    at(&clock, 5, 14);
    expect(&clock, 5, 1, 1);
    clock_release(&clock);
}

/* A run stops at a limit and goes on as if it had not stopped; new events may come from the limit on. */
static void limits(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    at(&clock, 10, 1);
    at(&clock, 30, 2);
    g_assert_cmpint(clock_advance(&clock, 9), ==, CLOCK_LIMIT);
    g_assert_cmpint(clock.now.ns, ==, 9);
    g_assert_cmpuint(clock.batch.count, ==, 0);
    at(&clock, 9, 3);
    expect(&clock, 9, 0, 1);
    g_assert_cmpint(clock_advance(&clock, 10), ==, CLOCK_INSTANT);
    g_assert_cmpint(clock.now.ns, ==, 10);
    g_assert_cmpint(clock_advance(&clock, 10), ==, CLOCK_LIMIT);
    at(&clock, 10, 4);
    expect(&clock, 10, 1, 1);
    g_assert_cmpint(clock_advance(&clock, 29), ==, CLOCK_LIMIT);
    at(&clock, 29, 5);
    at(&clock, 30, 6);
    expect(&clock, 29, 0, 1);
    expect(&clock, 30, 0, 2);
    g_assert_cmpuint(what(&clock, 0), ==, 2);
    g_assert_cmpuint(what(&clock, 1), ==, 6);
    clock_release(&clock);
}

/* What is cancelled never happens: later, at the next microstep, or later in the same batch; and only once. */
static void cancelling(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    struct clock_event none = {0};
    g_assert_false(clock_cancel(&clock, none));
    struct clock_event a = at(&clock, 10, 1);
    struct clock_event b = at(&clock, 10, 2);
    struct clock_event c = at(&clock, 20, 3);
    struct clock_event d = at(&clock, 30, 4);
    g_assert_cmpint(clock_time_ns(&clock, c), ==, 20);
    g_assert_true(clock_cancel(&clock, c));
    g_assert_false(clock_cancel(&clock, c));
    g_assert_cmpint(clock_time_ns(&clock, c), ==, TIME_NEVER);
    g_assert_cmpuint(clock_pending(&clock), ==, 3);

    expect(&clock, 10, 0, 2);
    g_assert_true(clock_is_pending(&clock, a));
    g_assert_true(clock_cancel(&clock, b));
    g_assert_null(clock_payload(&clock, b));
    struct clock_event soon = at(&clock, 10, 5);
    g_assert_true(clock_cancel(&clock, soon));
    g_assert_cmpuint(clock_pending(&clock), ==, 1);

    expect(&clock, 30, 0, 1);
    g_assert_false(clock_is_pending(&clock, a));
    g_assert_false(clock_cancel(&clock, a));
    g_assert_true(clock_is_pending(&clock, d));
    g_assert_cmpint(clock_advance(&clock, TIME_NEVER), ==, CLOCK_QUIET);
    g_assert_false(clock_is_pending(&clock, d));
    g_assert_cmpuint(clock.slab.count, ==, 0);
    clock_release(&clock);
}

/* Times at which everything was cancelled are no instants, and do not stand in the way of what comes before them. */
static void dead_times_are_no_instants(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    at(&clock, 5, 1);
    struct clock_event dead = at(&clock, 50, 2);
    at(&clock, 100, 3);
    expect(&clock, 5, 0, 1);
    clock_cancel(&clock, dead);
    g_assert_cmpint(clock_advance(&clock, 60), ==, CLOCK_LIMIT);
    g_assert_cmpint(clock.now.ns, ==, 60);
    at(&clock, 60, 4);
    expect(&clock, 60, 0, 1);
    expect(&clock, 100, 0, 1);
    dead = at(&clock, 500, 5);
    clock_cancel(&clock, dead);
    g_assert_cmpint(clock_advance(&clock, TIME_NEVER), ==, CLOCK_QUIET);
    g_assert_cmpint(clock.now.ns, ==, 100);
    at(&clock, 101, 6);
    expect(&clock, 101, 0, 1);
    clock_release(&clock);
}

/* A thousand timers are re-armed two million times, as timeouts are; memory stays that of a few thousand. */
static void cancel_storm(void)
{
    enum { TIMERS = 1000 };
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    static struct clock_event timers[TIMERS];
    for (uint32_t i = 0; i < TIMERS; i++)
        timers[i] = at(&clock, HOUR + i, i);
    for (uint32_t i = 0; i < 2000000; i++) {
        uint32_t k = i * 7919u % TIMERS;
        g_assert_true(clock_cancel(&clock, timers[k]));
        timers[k] = at(&clock, HOUR + (time_ns)(i % 5000) * MILLISECOND, k);
    }
    g_assert_cmpuint(clock_pending(&clock), ==, TIMERS);
    g_assert_cmpuint(clock.slab.used, <=, 3 * TIMERS);
    g_assert_cmpuint(clock_bytes(&clock), <, 512 * 1024);
    size_t fired = 0;
    while (clock_advance(&clock, TIME_NEVER) == CLOCK_INSTANT) {
        for (size_t i = 0; i < clock.batch.count; i++)
            timers[what(&clock, i)] = (struct clock_event){0};
        fired += clock.batch.count;
    }
    g_assert_cmpuint(fired, ==, TIMERS);
    for (uint32_t i = 0; i < TIMERS; i++)
        g_assert_cmpuint(timers[i].generation, ==, 0);
    g_assert_cmpuint(clock.slab.count, ==, 0);
    clock_release(&clock);
}

/* The same within one instant: timers without delay are armed and cancelled before the next microstep. */
static void cancel_storm_in_one_microstep(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    at(&clock, 1, 0);
    expect(&clock, 1, 0, 1);
    for (uint32_t i = 0; i < 100000; i++) {
        struct clock_event event = at(&clock, 1, i);
        if (i % 10000)
            clock_cancel(&clock, event);
    }
    g_assert_cmpuint(clock.slab.used, <, 500);
    expect(&clock, 1, 1, 10);
    g_assert_cmpuint(what(&clock, 9), ==, 90000);
    g_assert_cmpint(clock_advance(&clock, TIME_NEVER), ==, CLOCK_QUIET);
    g_assert_cmpuint(clock.slab.count, ==, 0);
    clock_release(&clock);
}

/* Runs to quiescence, each event before time 2000 scheduling another, and returns a digest of all that happened. */
static uint64_t run_to_the_end(struct clock *clock, uint64_t seed)
{
    uint64_t digest = 0;
    while (clock_advance(clock, TIME_NEVER) == CLOCK_INSTANT)
        for (size_t i = 0; i < clock->batch.count; i++) {
            uint64_t value = what(clock, i);
            digest = (digest ^ (uint64_t)clock->now.ns ^ value << 20 ^ clock->now.microstep) * UINT64_C(0x100000001b3);
            if (clock->now.ns < 2000)
                at(clock, clock->now.ns + (time_ns)((value * 31 + seed) % 40), value * 3 + seed);
        }
    return digest;
}

/* A clone taken in the middle of an instant goes on as the original would, whatever becomes of the original. */
static void clones_are_independent(void)
{
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    struct clock_event withdrawn = {0};
    for (uint32_t i = 0; i < 400; i++)
        withdrawn = at(&clock, 1000 + i % 97, i);
    for (uint32_t i = 0; i < 20; i++)
        g_assert_cmpint(clock_advance(&clock, TIME_NEVER), ==, CLOCK_INSTANT);
    at(&clock, clock.now.ns, 7);

    struct clock same, other;
    clock_clone(&same, &clock);
    clock_clone(&other, &clock);
    g_assert_cmpuint(same.batch.count, ==, clock.batch.count);
    for (size_t i = 0; i < clock.batch.count; i++)
        g_assert_cmpuint(what(&same, i), ==, what(&clock, i));
    g_assert_cmpint(clock_cancel(&other, withdrawn), ==, clock_is_pending(&clock, withdrawn));

    uint64_t different = run_to_the_end(&other, 2);
    uint64_t digest = run_to_the_end(&clock, 1);
    clock_release(&clock);
    g_assert_cmpuint(run_to_the_end(&same, 1), ==, digest);
    g_assert_cmpuint(different, !=, digest);
    clock_release(&same);
    clock_release(&other);
}

/* Bulk scheduling gives the events that scheduling one by one gives. */
static void scheduling_in_bulk(void)
{
    enum { COUNT = 5000 };
    static time_ns times[COUNT];
    static struct payload payloads[COUNT];
    static struct clock_event events[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        times[i] = (time_ns)(i * 7919u % 300u);
        payloads[i] = (struct payload){i, ~(uint64_t)i};
    }
    struct clock clock;
    clock_init(&clock, sizeof(struct payload));
    clock_schedule_many(&clock, times, payloads, COUNT, events);
    clock_schedule_many(&clock, times, payloads, COUNT, NULL);
    g_assert_cmpuint(clock_pending(&clock), ==, 2 * COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        g_assert_cmpint(clock_time_ns(&clock, events[i]), ==, times[i]);
    size_t seen = 0;
    while (clock_advance(&clock, TIME_NEVER) == CLOCK_INSTANT)
        for (size_t i = 0; i < clock.batch.count; i++, seen++)
            g_assert_cmpint(times[what(&clock, i)], ==, clock.now.ns);
    g_assert_cmpuint(seen, ==, 2 * COUNT);
    clock_release(&clock);
}

/* Scheduling before now is a programmer's error. */
static void the_past_is_refused(void)
{
    if (g_test_subprocess()) {
        struct clock clock;
        clock_init(&clock, sizeof(struct payload));
        at(&clock, 10, 1);
        clock_advance(&clock, TIME_NEVER);
        at(&clock, 9, 2);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*requirement failed: at_ns >= clock->now.ns*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/microsteps", microsteps);
    g_test_add_func("/clock/quiet until", quiet_until);
    g_test_add_func("/clock/limits", limits);
    g_test_add_func("/clock/cancelling", cancelling);
    g_test_add_func("/clock/dead times are no instants", dead_times_are_no_instants);
    g_test_add_func("/clock/cancel storm", cancel_storm);
    g_test_add_func("/clock/cancel storm in one microstep", cancel_storm_in_one_microstep);
    g_test_add_func("/clock/clones are independent", clones_are_independent);
    g_test_add_func("/clock/scheduling in bulk", scheduling_in_bulk);
    g_test_add_func("/clock/the past is refused", the_past_is_refused);
    return g_test_run();
}
