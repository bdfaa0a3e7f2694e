/* SPDX-License-Identifier: MIT */
/*
 * Intervals of the mean of one long correlated series. Short series look settled in some runs and not in others, and
 * those in which a rare burst is missing look settled first; so lengths are taken from too short to ample. A row is
 * held to the bar where intervals are given in at least 5 % of runs; the rest is printed.
 */
#include "coverage.h"

#include "base/steady_state.h"

#include <string.h>

struct series_process {
    const char *name;
    double mean;
    double parameter; /* correlation of neighbours, or utilisation */
    double start;     /* the first value, above the mean in deviations */
    void (*fill)(const struct series_process *process, struct random_stream *stream, double *values, size_t count);
};

/* x' = rho x + e, stationary but for where it starts. */
static void autoregressive(const struct series_process *process, struct random_stream *stream, double *values,
                           size_t count)
{
    double rho = process->parameter, noise = sqrt(1 - rho * rho);
    double value = process->start + draw_normal(stream);
    for (size_t i = 0; i < count; i++) {
        values[i] = process->mean + value;
        value = rho * value + noise * draw_normal(stream);
    }
}

/* Waiting times in a queue, service mean 1, which starts empty: Lindley's recursion. Their mean is u / (1 - u). */
static void queue(const struct series_process *process, struct random_stream *stream, double *values, size_t count)
{
    double wait = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = wait;
        wait += draw_exponential(stream) - draw_exponential(stream) / process->parameter;
        wait = wait > 0 ? wait : 0;
    }
}

static const struct series_process independent = {"independent normal", 3, 0, 0, autoregressive};
static const struct series_process half = {"AR(1), .5", 3, 0.5, 0, autoregressive};
static const struct series_process nine_tenths = {"AR(1), .9", 3, 0.9, 0, autoregressive};
static const struct series_process far_start = {"AR(1), .9, started 20 deviations off", 3, 0.9, 20, autoregressive};
static const struct series_process alternating = {"AR(1), -.5", 3, -0.5, 0, autoregressive};
static const struct series_process queue_half = {"M/M/1 waits, .5", 1, 0.5, 0, queue};
static const struct series_process queue_eight = {"M/M/1 waits, .8", 4, 0.8, 0, queue};
static const struct series_process queue_nine = {"M/M/1 waits, .9", 9, 0.9, 0, queue};

/* Rows of the short run are few and short; `quick` is their number of experiments. */
static void series_of(const struct series_process *process, size_t count, uint64_t quick)
{
    if (quick == 0 && !g_test_thorough())
        return;
    struct random_seed seed = {.seed = 97, .replication = (uint32_t)count};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, (uint64_t)(process->parameter * 100 + 100 + process->start));
    struct coverage coverage = {0};
    double *values = g_new(double, count), warm_up = 0;
    for (uint64_t e = 0; e < coverage_experiments(quick); e++) {
        process->fill(process, &stream, values, count);
        struct steady_mean mean = steady_mean_of(values, count);
        g_assert_cmpint(mean.verdict == STEADY, ==, mean.interval.method == INTERVAL_BATCH);
        warm_up += (double)mean.warm_up;
        coverage_add(&coverage, mean.interval, process->mean);
    }
    g_free(values);
    char *what = g_strdup_printf("%s, %zu values", process->name, count);
    char *note = g_strdup_printf("  warm-up %.0f", warm_up / (double)coverage.experiments);
    if (coverage.given * 20 >= coverage.experiments)
        coverage_hold(&coverage, what, note);
    else
        coverage_print(&coverage, what, note);
    g_free(what);
    g_free(note);
}

static void autoregressive_series(void)
{
    series_of(&independent, 500, 300);
    series_of(&independent, 2000, 0);
    series_of(&alternating, 1000, 300);
    series_of(&half, 500, 300);
    series_of(&half, 1000, 300);
    series_of(&half, 1500, 0);
    series_of(&half, 2000, 0);
    series_of(&half, 5000, 0);
    series_of(&half, 20000, 0);
    series_of(&nine_tenths, 5000, 0);
    series_of(&nine_tenths, 8000, 300);
    series_of(&nine_tenths, 10000, 0);
    series_of(&nine_tenths, 20000, 0);
    series_of(&nine_tenths, 50000, 0);
    series_of(&far_start, 8000, 300);
    series_of(&far_start, 20000, 0);
}

static void queue_series(void)
{
    static const size_t of_half[] = {1000, 1500, 2000, 3000, 5000, 10000, 20000};
    static const size_t of_eight[] = {8000, 12000, 16000, 24000, 32000, 64000};
    static const size_t of_nine[] = {32000, 48000, 64000, 128000};
    for (size_t i = 0; i < G_N_ELEMENTS(of_half); i++)
        series_of(&queue_half, of_half[i], of_half[i] == 2000 || of_half[i] == 5000 ? 300 : 0);
    for (size_t i = 0; i < G_N_ELEMENTS(of_eight); i++)
        series_of(&queue_eight, of_eight[i], of_eight[i] == 24000 ? 100 : 0);
    for (size_t i = 0; i < G_N_ELEMENTS(of_nine); i++)
        series_of(&queue_nine, of_nine[i], 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coverage/autoregressive series", autoregressive_series);
    g_test_add_func("/coverage/queue series", queue_series);
    return g_test_run();
}
