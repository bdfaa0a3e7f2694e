/* SPDX-License-Identifier: MIT */
/* The bench of queues measures like with like: under each of its loads every queue pops the same things. */
#include "../bench/contenders.h"
#include "../bench/storm.h"

#include <glib.h>

enum { LOAD_ROUNDS = 4 };

static uint64_t checksum(const struct load *load, enum contender contender, uint32_t pending)
{
    struct load_state state = load_state_new(load, contender, pending, 6000);
    uint64_t sum = 0;
    for (int round = 0; round < LOAD_ROUNDS; round++)
        sum = (sum ^ load->round[contender](&state)) * 3;
    load_state_free(&state, contender);
    return sum;
}

/* Small and large queues, under every load: the checksums of all popped entries are equal, and change with the size. */
static void queues_agree(void)
{
    static const struct load *const loads[] = {&hold_load,   &burst_load, &tie_load,
                                               &sparse_load, &far_load,   &storm_load};
    static const uint32_t sizes[] = {20, 90, 3000, 20000};
    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        uint64_t previous = 0;
        for (size_t j = 0; j < G_N_ELEMENTS(sizes); j++) {
            uint64_t sum = checksum(loads[i], BINARY_24, sizes[j]);
            g_assert_cmpuint(sum, !=, previous);
            g_assert_cmpuint(checksum(loads[i], BINARY_16, sizes[j]), ==, sum);
            g_assert_cmpuint(checksum(loads[i], QUATERNARY_16, sizes[j]), ==, sum);
            g_assert_cmpuint(checksum(loads[i], QUEUE, sizes[j]), ==, sum);
            previous = sum;
        }
    }
}

/* The clock, which sweeps cancelled events, fires the timers that a queue with dead entries fires. */
static void clock_agrees(void)
{
    static const uint32_t sizes[] = {20, 3000};
    for (size_t j = 0; j < G_N_ELEMENTS(sizes); j++) {
        struct clock_storm storm = {.random = 42, .pending = sizes[j], .operations = 6000};
        clock_storm_start(&storm);
        uint64_t sum = 0;
        for (int round = 0; round < LOAD_ROUNDS; round++)
            sum = (sum ^ clock_storm_round(&storm)) * 3;
        clock_storm_release(&storm);
        g_assert_cmpuint(sum, ==, checksum(&storm_load, BINARY_16, sizes[j]));
    }
}

/* The loop without a queue does as many operations, but pops what it likes. */
static void no_queue_is_no_queue(void)
{
    g_assert_cmpuint(checksum(&hold_load, NO_QUEUE, 3000), !=, checksum(&hold_load, BINARY_16, 3000));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hold/queues agree", queues_agree);
    g_test_add_func("/hold/the clock agrees", clock_agrees);
    g_test_add_func("/hold/no queue is no queue", no_queue_is_no_queue);
    return g_test_run();
}
