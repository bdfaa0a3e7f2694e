/* SPDX-License-Identifier: MIT */
/*
 * Thousands of small random worlds: both backends of sim/delivery and a naive oracle tell every replica the same things
 * in the same instants, and answer every question alike. `-m thorough` compares twenty times as many.
 */
#include "delivery_world.h"

#include <glib.h>

static void expect_equal(const struct world_options *options, const char *name, const struct log *wanted,
                         const struct log *got)
{
    size_t line = log_difference(wanted, got);
    if (line == SIZE_MAX)
        return;
    log_print("wanted", wanted, line > 3 ? line - 3 : 0, line + 3);
    log_print(name, got, line > 3 ? line - 3 : 0, line + 3);
    g_test_message("world %" G_GUINT64_FORMAT ", line %zu", options->number, line);
    g_test_fail();
}

/* A world in which a voter contradicts itself with a vote of weight 0, and counts for a block named in another round.
 */
#define WEIGHTLESS_EQUIVOCATION 145478

static void compare(enum world_subject subject, const char *name, uint64_t from, uint64_t until, bool clone_midway)
{
    size_t lines = 0;
    if (g_test_thorough())
        until = from + 20 * (until - from);
    for (uint64_t number = from; number < until && !g_test_failed(); number++) {
        struct world_options options = {.number = number, .moves = 15 + (uint32_t)(number % 60), .seed = number};
        struct log wanted = world_log(SUBJECT_ORACLE, &options);
        options.clone_midway = clone_midway;
        struct log got = world_log(subject, &options);
        expect_equal(&options, name, &wanted, &got);
        lines += wanted.count;
        vector_release(&wanted);
        vector_release(&got);
    }
    g_test_message("%zu lines of log in %u worlds", lines, (unsigned)(until - from));
    g_assert_cmpuint(lines, >, 10 * (until - from));
}

/* Every arrival an event, against the oracle. */
static void events_equal_oracle(void)
{
    compare(SUBJECT_EVENTS, "events", 0, 3000, false);
    compare(SUBJECT_EVENTS, "events", WEIGHTLESS_EQUIVOCATION, WEIGHTLESS_EQUIVOCATION + 1, false);
}

/* Arrivals computed late, against the oracle. */
static void late_equals_oracle(void)
{
    compare(SUBJECT_LATE, "late", 0, 3000, false);
    compare(SUBJECT_LATE, "late", WEIGHTLESS_EQUIVOCATION, WEIGHTLESS_EQUIVOCATION + 1, false);
}

/* Worlds with up to sixty voters at a place, and quorums of them, on both backends. */
static void late_equals_events_in_crowds(void)
{
    size_t lines = 0, worlds = g_test_thorough() ? 10000 : 500;
    for (uint64_t number = 20000; number < 20000 + worlds && !g_test_failed(); number++) {
        struct world_options options = {
            .number = number, .moves = 400 + (uint32_t)(number % 300), .seed = number, .crowded = true};
        struct log wanted = world_log(SUBJECT_EVENTS, &options);
        struct log got = world_log(SUBJECT_LATE, &options);
        expect_equal(&options, "late", &wanted, &got);
        lines += wanted.count;
        vector_release(&wanted);
        vector_release(&got);
    }
    g_test_message("%zu lines of log in %zu worlds", lines, worlds);
    g_assert_cmpuint(lines, >, 100 * worlds);
}

/* The same where the world is cloned at some move and the clone goes on. */
static void clones_go_on(void)
{
    compare(SUBJECT_EVENTS, "cloned events", 10000, 10500, true);
    compare(SUBJECT_LATE, "cloned late", 10000, 10500, true);
}

/* The comparison sees a line that is missing, one that is told twice, and one that comes a nanosecond later. */
static void comparison_can_fail(void)
{
    struct world_options options = {.number = 5, .moves = 60, .seed = 5};
    struct log wanted = world_log(SUBJECT_ORACLE, &options);
    struct log got = world_log(SUBJECT_LATE, &options);
    g_assert_cmpuint(wanted.count, >, 20);
    g_assert_true(log_difference(&wanted, &got) == SIZE_MAX);
    for (size_t line = 0; line < got.count; line++) {
        got.at[line].at.ns++;
        g_assert_true(log_difference(&wanted, &got) == line);
        got.at[line].at.ns--;
    }
    got.count--;
    g_assert_true(log_difference(&wanted, &got) == got.count);
    got.count++;
    struct told twice = got.at[got.count - 1];
    vector_push(&got, twice);
    g_assert_true(log_difference(&wanted, &got) == wanted.count);
    vector_release(&wanted);
    vector_release(&got);
}

/* The first of so many worlds, with crowds or without, in which a late delivery with the fault tells something else. */
static uint64_t first_caught(enum delivery_plant plant, uint64_t worlds)
{
    for (uint64_t number = 0; number < worlds; number++) {
        struct world_options options = {
            .number = number, .moves = 20 + (uint32_t)(number % 300), .seed = number, .crowded = number % 2};
        struct log wanted = world_log(SUBJECT_EVENTS, &options);
        options.plant = plant;
        struct log got = world_log(SUBJECT_LATE, &options);
        bool differs = log_difference(&wanted, &got) != SIZE_MAX;
        vector_release(&wanted);
        vector_release(&got);
        if (differs)
            return number;
    }
    return worlds;
}

/* A bound that is a nanosecond too high, a vote left out, a cast or a heal that nobody looks at again. */
static void planted_faults_are_caught(void)
{
    static const char *const names[] = {"none",        "late bound",  "ignored vote",
                                        "unseen cast", "unseen heal", "far awaited"};
    g_assert_cmpuint(first_caught(PLANT_NONE, 500), ==, 500);
    for (int plant = PLANT_NONE + 1; plant <= PLANT_FAR_AWAITED; plant++) {
        uint64_t caught = first_caught((enum delivery_plant)plant, 2000);
        g_test_message("%s: world %" G_GUINT64_FORMAT, names[plant], caught);
        g_assert_cmpuint(caught, <, 2000);
    }
}

/* Nearly every world is sensitive to its network: with other delays its log is another. */
static void other_delays_other_log(void)
{
    unsigned differ = 0;
    for (uint64_t number = 0; number < 200; number++) {
        struct world_options options = {.number = number, .moves = 40, .seed = number};
        struct log wanted = world_log(SUBJECT_EVENTS, &options);
        options.seed += 1000000;
        struct log got = world_log(SUBJECT_EVENTS, &options);
        differ += log_difference(&wanted, &got) != SIZE_MAX;
        vector_release(&wanted);
        vector_release(&got);
    }
    g_test_message("%u of 200 worlds differ", differ);
    g_assert_cmpuint(differ, >, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delivery/events-equal-oracle", events_equal_oracle);
    g_test_add_func("/delivery/late-equals-oracle", late_equals_oracle);
    g_test_add_func("/delivery/late-equals-events-in-crowds", late_equals_events_in_crowds);
    g_test_add_func("/delivery/clones-go-on", clones_go_on);
    g_test_add_func("/delivery/planted-faults-are-caught", planted_faults_are_caught);
    g_test_add_func("/delivery/comparison-can-fail", comparison_can_fail);
    g_test_add_func("/delivery/other-delays-other-log", other_delays_other_log);
    return g_test_run();
}
