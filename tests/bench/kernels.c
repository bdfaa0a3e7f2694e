/* SPDX-License-Identifier: MIT */
/*
 * How fast the kernels of sim/delivery are, for each instruction set that this machine has, beside a loop that only
 * copies as many keys: millions of votes a second, each call going over a thousand votes that arrive within 150 ms.
 */
#include "base/random.h"
#include "delivery/kernel.h"

#include "line.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 63, VOTES = BLOCKS * 16, CALLS = 20000, ROUNDS = 5 };

struct data {
    const struct kernels *kernels;
    uint32_t keys[VOTES], narrow[VOTES], copy[VOTES], copied[VOTES];
    uint64_t wide[VOTES], wide_copied[VOTES];
    time_ns at_ns[VOTES];
    uint64_t sink;
};

static void fill(struct data *data)
{
    struct random_seed seed = {.seed = 1};
    for (uint32_t i = 0; i < VOTES; i++) {
        data->keys[i] = (uint32_t)(random_at(&seed, RANDOM_TEST, 0, i) % (150 * MILLISECOND));
        data->at_ns[i] = (time_ns)data->keys[i];
        data->narrow[i] = 1;
        data->wide[i] = 1;
    }
}

static void run_copy(struct data *data, uint32_t call)
{
    data->keys[call % VOTES]++;
    memcpy(data->copy, data->keys, sizeof data->keys);
    data->sink += data->copy[call * 7 % VOTES];
}

static void run_keys_of(struct data *data, uint32_t call)
{
    uint32_t latest;
    data->sink += data->kernels->keys_of(data->at_ns, VOTES, -(time_ns)call, data->copy, &latest) + latest;
}

static void run_sum_narrow(struct data *data, uint32_t call)
{
    data->sink += data->kernels->sum_narrow(data->keys, data->narrow, BLOCKS, 5000 * call);
}

static void run_sum_wide(struct data *data, uint32_t call)
{
    data->sink += data->kernels->sum_wide(data->keys, data->wide, BLOCKS, 5000 * call);
}

/* The quantile uses its column up: copying it counts, as it does in forecasts. */
static void run_reach_narrow(struct data *data, uint32_t call)
{
    memcpy(data->copy, data->keys, sizeof data->keys);
    memcpy(data->copied, data->narrow, sizeof data->narrow);
    data->sink +=
        data->kernels->reach_narrow(data->copy, data->copied, BLOCKS, 600 + call % 100, (struct key_range){0, 0});
}

static void run_reach_wide(struct data *data, uint32_t call)
{
    memcpy(data->copy, data->keys, sizeof data->keys);
    memcpy(data->wide_copied, data->wide, sizeof data->wide);
    data->sink +=
        data->kernels->reach_wide(data->copy, data->wide_copied, BLOCKS, 600 + call % 100, (struct key_range){0, 0});
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The best of some rounds, in millions of votes a second. */
static double rate(struct data *data, void (*run)(struct data *data, uint32_t call))
{
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double before = seconds_now();
        for (uint32_t call = 0; call < CALLS; call++)
            run(data, call);
        best = MAX(best, (double)CALLS * VOTES / (seconds_now() - before) / 1e6);
    }
    return best;
}

static const struct {
    const char *name;
    void (*run)(struct data *data, uint32_t call);
} kernels[] = {
    {"keys_of", run_keys_of},           {"sum_narrow", run_sum_narrow}, {"sum_wide", run_sum_wide},
    {"reach_narrow", run_reach_narrow}, {"reach_wide", run_reach_wide},
};

static void print_set(struct data *data, double limit)
{
    printf("%-8s", data->kernels->name);
    for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++) {
        double millions = rate(data, kernels[i].run);
        char *what = g_strdup_printf("%s, %s", kernels[i].name, data->kernels->name);
        printf(" %13.0f", millions);
        bench_line(what, millions, limit);
        g_free(what);
    }
    printf("\n");
}

int main(void)
{
    static struct data data;
    fill(&data);
    double limit = rate(&data, run_copy);
    printf("only copying the keys: %.0f M/s\n%-8s", limit, "");
    for (size_t i = 0; i < G_N_ELEMENTS(kernels); i++)
        printf(" %13s", kernels[i].name);
    printf("   votes, M/s\n");
    for (unsigned set = 0; (data.kernels = kernels_at(set)); set++)
        print_set(&data, limit);
    return data.sink == 0;
}
