/* SPDX-License-Identifier: MIT */
/*
 * How fast the kernels of sim/delivery and sim/network are, for each instruction set that this machine has, beside a
 * loop that only copies as many keys: millions of votes a second, each call going over a thousand votes that arrive
 * within 150 ms; for delays, millions of draws and of products a second, a thousand receivers in a call.
 */
#include "base/random.h"
#include "delivery/kernel.h"
#include "network/jitter.h"
#include "network/latency.h"

#include "line.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 63, VOTES = BLOCKS * 16, CALLS = 20000, ROUNDS = 5 };

struct data {
    const struct kernels *kernels;
    const struct jitter_kernels *jitter;
    struct latency latency;
    struct jitter_stream stream;
    uint32_t drawn[VOTES], copy_drawn[VOTES + JITTER_GROUP];
    time_ns delay_ns[VOTES];
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
        data->delay_ns[i] = 80 * MILLISECOND + (time_ns)i;
        data->drawn[i] = (uint32_t)random_at(&seed, RANDOM_TEST, 1, i) % QUANTILES_LAST;
    }
    latency_init_single(&data->latency, 80 * MILLISECOND);
    latency_set_jitter(&data->latency, (struct ratio){2, 100});
    data->stream.key = jitter_key_of(&seed);
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

/* The same where neighbours have told about when. */
static void run_reach_guessed(struct data *data, uint32_t call)
{
    uint32_t near = (600 + call % 100) * (150 * (uint32_t)MILLISECOND / VOTES);
    memcpy(data->copy, data->keys, sizeof data->keys);
    memcpy(data->copied, data->narrow, sizeof data->narrow);
    data->sink += data->kernels->reach_narrow(data->copy, data->copied, BLOCKS, 600 + call % 100,
                                              (struct key_range){near - MILLISECOND, near + MILLISECOND});
}

static void run_draw(struct data *data, uint32_t call)
{
    data->stream.message = call;
    data->sink += data->jitter->draw(&data->stream, 0, (VOTES + JITTER_GROUP - 1) / JITTER_GROUP, data->copy_drawn);
}

static void run_scale(struct data *data, uint32_t call)
{
    memcpy(data->at_ns, data->delay_ns, sizeof data->at_ns);
    data->jitter->scale(data->latency.factor.packed, data->latency.factor.body[0], data->drawn, VOTES, data->at_ns);
    data->sink += (uint64_t)data->at_ns[call % VOTES];
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
    {"draw", run_draw},
    {"scale", run_scale},
    {"keys_of", run_keys_of},
    {"sum_narrow", run_sum_narrow},
    {"sum_wide", run_sum_wide},
    {"reach_narrow", run_reach_narrow},
    {"reach_guessed", run_reach_guessed},
    {"reach_wide", run_reach_wide},
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
    for (unsigned set = 0; (data.kernels = kernels_at(set)) && (data.jitter = jitter_kernels_at(set)); set++)
        print_set(&data, limit);
    latency_release(&data.latency);
    return data.sink == 0;
}
