/* SPDX-License-Identifier: MIT */
/*
 * How fast the event queue is, beside plain heaps and beside a loop without a queue, under the hold model and under
 * loads that are hard on queues. Every contender runs each round in turn; the median round counts. README.md tells how
 * to read the tables. Exit 1 when two contenders popped different things.
 */
#include "contenders.h"
#include "line.h"
#include "storm.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WARM_UP = 2, ROUNDS = 5, CLOCK = CONTENDERS };

static const char *const contender_names[CONTENDERS] = {"no queue", "binary 24 B", "binary 16 B", "4-ary 16 B",
                                                        "queue"};

/* The thread's own time, which other programs on the machine disturb least. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[count / 2];
}

struct measurement {
    double rate[CONTENDERS + 1]; /* M operations a second; the last is the clock's */
    bool agree;
    double bytes; /* of our queue, for each entry that it held */
};

/* A random read and write is no stand-in for the other loads. */
static size_t first_contender(const struct load *load)
{
    return load == &hold_load ? NO_QUEUE : BINARY_24;
}

/* The clock takes part in the cancel storm alone. */
static size_t contenders_end(const struct load *load)
{
    return load == &storm_load ? CLOCK + 1 : CONTENDERS;
}

static struct measurement measure(const struct load *load, uint32_t pending, uint32_t operations)
{
    size_t first = first_contender(load), end = contenders_end(load);
    struct clock_storm storm = {.random = 42, .pending = pending, .operations = operations};
    struct load_state states[CONTENDERS];
    for (size_t k = first; k < CONTENDERS; k++)
        states[k] = load_state_new(load, (enum contender)k, pending, operations);
    if (end > CLOCK)
        clock_storm_start(&storm);

    double taken[CONTENDERS + 1][ROUNDS];
    uint64_t sums[CONTENDERS + 1] = {0};
    for (int round = -WARM_UP; round < ROUNDS; round++)
        for (size_t k = first; k < end; k++) {
            double start = seconds_now();
            uint64_t sum = k == CLOCK ? clock_storm_round(&storm) : load->round[k](&states[k]);
            double stop = seconds_now();
            sums[k] = (sums[k] ^ sum) * 3;
            if (round >= 0)
                taken[k][round] = stop - start;
        }

    const struct queue *queue = states[QUEUE].queue;
    struct measurement result = {.agree = true, .bytes = (double)queue_bytes(queue) / (double)queue_count(queue)};
    for (size_t k = first; k < end; k++) {
        result.rate[k] = operations / median(taken[k], ROUNDS) * 1e-6;
        result.agree &= k == NO_QUEUE || sums[k] == sums[BINARY_24];
    }
    for (size_t k = first; k < CONTENDERS; k++)
        load_state_free(&states[k], (enum contender)k);
    if (end > CLOCK)
        clock_storm_release(&storm);
    return result;
}

static void print_head(const char *what, bool clock)
{
    printf("\n%-19s %9s", what, "pending");
    for (size_t k = 0; k < CONTENDERS; k++)
        printf(" %11s", contender_names[k]);
    printf(" %7s %7s %7s%s\n", "/bin 16", "/4-ary", "B/entry", clock ? "   clock" : "");
}

static bool print_row(const char *name, uint32_t pending, struct measurement m)
{
    printf("%-19s %9u", name, pending);
    for (size_t k = 0; k < CONTENDERS; k++)
        if (m.rate[k] > 0)
            printf(" %11.2f", m.rate[k]);
        else
            printf(" %11s", "");
    printf(" %7.2f %7.2f %7.1f", m.rate[QUEUE] / m.rate[BINARY_16], m.rate[QUEUE] / m.rate[QUATERNARY_16], m.bytes);
    if (m.rate[CLOCK] > 0)
        printf(" %7.2f", m.rate[CLOCK]);
    printf("%s\n", m.agree ? "" : "  CHECKSUMS DIFFER");
    fflush(stdout);
    char *what = g_strdup_printf("%s, %u pending", name, pending);
    bench_line(what, m.rate[QUEUE], m.rate[NO_QUEUE]);
    g_free(what);
    return m.agree;
}

static bool hold_table(void)
{
    static const uint32_t sizes[] = {10, 100, 1000, 10000, 100000, 1000000};
    bool agree = true;
    print_head("hold model, M/s", false);
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        agree &=
            print_row("exponential", sizes[i], measure(&hold_load, sizes[i], sizes[i] > 500000 ? sizes[i] : 500000));
    return agree;
}

static bool hard_table(void)
{
    static const struct {
        const char *name;
        const struct load *load;
        uint32_t pending, operations;
    } rows[] = {
        {"burst at an instant", &burst_load, 100000, 500000},
        {"burst at an instant", &burst_load, 1000000, 1000000},
        {"ties", &tie_load, 1000000, 1000000},
        {"sparse front", &sparse_load, 1000000, 500000},
        {"far timers", &far_load, 100000, 500000},
        {"far timers", &far_load, 1000000, 500000},
        {"cancel storm", &storm_load, 1000, 500000},
        {"cancel storm", &storm_load, 1000000, 1000000},
    };
    bool agree = true;
    print_head("hard loads, M/s", true);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        agree &= print_row(rows[i].name, rows[i].pending, measure(rows[i].load, rows[i].pending, rows[i].operations));
    return agree;
}

int main(void)
{
    bool agree = hold_table();
    agree &= hard_table();
    return agree ? 0 : 1;
}
