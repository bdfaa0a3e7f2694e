/* SPDX-License-Identifier: MIT */
/* Intervals over replications hold the truth as often as they say: means, quantiles, proportions. */
#include "coverage.h"

#include "base/statistics.h"

enum { MOST = 200 }; /* values in an experiment */

enum distribution { NORMAL, EXPONENTIAL, LOGNORMAL_HALF, LOGNORMAL_ONE, DISTRIBUTIONS };

/* Means of the lognormals: e^(sigma^2 / 2). */
static const struct {
    const char *name;
    double mean;
} distributions[DISTRIBUTIONS] = {
    [NORMAL] = {"normal", 0},
    [EXPONENTIAL] = {"exponential", 1},
    [LOGNORMAL_HALF] = {"lognormal, sigma .5", 1.1331484530668263},
    [LOGNORMAL_ONE] = {"lognormal, sigma 1", 1.6487212707001281},
};

static double draw(struct random_stream *stream, enum distribution distribution)
{
    switch (distribution) {
    case NORMAL:
        return draw_normal(stream);
    case EXPONENTIAL:
        return draw_exponential(stream);
    case LOGNORMAL_HALF:
        return draw_lognormal(stream, 0.5);
    case LOGNORMAL_ONE:
        return draw_lognormal(stream, 1);
    default:
        g_assert_not_reached();
    }
}

static struct random_stream stream_of(uint64_t entity)
{
    struct random_seed seed = {.seed = 95};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, entity);
    return stream;
}

/* The row of Student's t alone is printed for comparison: it is why interval_of_mean is not that. */
static void mean_of(enum distribution distribution, size_t count)
{
    struct coverage coverage = {0}, student = {0};
    struct random_stream stream = stream_of((uint64_t)distribution << 32 | count);
    double values[MOST], truth = distributions[distribution].mean;
    for (uint64_t e = 0; e < coverage_experiments(1000); e++) {
        for (size_t i = 0; i < count; i++)
            values[i] = draw(&stream, distribution);
        coverage_add(&coverage, interval_of_mean(values, count), truth);
        struct confidence_interval t = mean_interval(values, count, 0.95);
        coverage_add(&student, (struct interval){t.low, t.high, INTERVAL_HALL}, truth);
    }
    char *what = g_strdup_printf("mean, %s, n = %zu", distributions[distribution].name, count);
    char *note = g_strdup_printf("  (t alone: %.2f %%, %.2f times as wide)", 100 * coverage_share(&student),
                                 student.width / coverage.width);
    coverage_hold(&coverage, what, note);
    g_free(what);
    g_free(note);
    if (distribution == LOGNORMAL_ONE && count <= 50) /* a bar that nothing misses would hold nothing */
        g_assert_true(coverage_is_below(COVERAGE_BAR, &student));
}

static void means(void)
{
    static const size_t counts[] = {5, 6, 8, 10, 15, 20, 50, 100, 200};
    for (int d = 0; d < DISTRIBUTIONS; d++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            mean_of((enum distribution)d, counts[i]);
}

/* Stop rules may ask for other confidences: each is held to two per cent less, as 95 % is. */
static void other_confidence(double confidence, enum distribution distribution, size_t count)
{
    struct coverage coverage = {0};
    struct random_stream stream = stream_of(5000000 + ((uint64_t)distribution << 32 | count));
    for (uint64_t e = 0; e < coverage_experiments(500); e++) {
        struct moments moments = {0};
        for (size_t i = 0; i < count; i++)
            moments_add(&moments, draw(&stream, distribution));
        coverage_add(&coverage, interval_of_moments(&moments, confidence), distributions[distribution].mean);
    }
    char *what = g_strdup_printf("mean at %g, %s, n = %zu", confidence, distributions[distribution].name, count);
    coverage_hold_to(confidence - 0.02, &coverage, what, "");
    g_free(what);
}

static void other_confidences(void)
{
    static const double confidences[] = {0.8, 0.9, 0.99};
    static const size_t counts[] = {5, 10, 12, 20, 50};
    for (size_t c = 0; c < G_N_ELEMENTS(confidences); c++)
        for (int d = 0; d < DISTRIBUTIONS; d++)
            for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
                other_confidence(confidences[c], (enum distribution)d, counts[i]);
}

/*
 * What resampling would give: percentiles of the quantiles of 1,000 resamples. Printed, to show why it is not used. A
 * resample of sorted values is sorted by counting how often each was drawn.
 */
static struct interval percentile_bootstrap(const double *sorted, size_t count, double share, uint64_t experiment)
{
    enum { RESAMPLES = 1000 };
    struct random_seed seed = {.seed = 95, .replication = (uint32_t)count};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_BOOTSTRAP, experiment);
    double resample[MOST], quantiles[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        unsigned drawn[MOST] = {0};
        for (size_t i = 0; i < count; i++)
            drawn[random_below(&stream, count)]++;
        for (size_t i = 0, at = 0; i < count; i++)
            for (unsigned copy = 0; copy < drawn[i]; copy++)
                resample[at++] = sorted[i];
        quantiles[r] = statistics_quantile(resample, count, share);
    }
    statistics_sort(quantiles, RESAMPLES);
    return (struct interval){quantiles[24], quantiles[974], INTERVAL_ORDER};
}

static void quantile_of(double share, size_t count)
{
    struct coverage coverage = {0}, bootstrap = {0};
    struct random_stream stream = stream_of(1000 * count + (uint64_t)(share * 100));
    double values[MOST], truth = -coverage_double(q64_ln((q64)((1 - share) * 0x1p64)));
    for (uint64_t e = 0; e < coverage_experiments(1000); e++) {
        for (size_t i = 0; i < count; i++)
            values[i] = draw_exponential(&stream);
        statistics_sort(values, count);
        coverage_add(&coverage, interval_of_quantile(values, count, share), truth);
        if (e < coverage_experiments(1000) / 20)
            coverage_add(&bootstrap, percentile_bootstrap(values, count, share, e), truth);
    }
    char *what = g_strdup_printf("quantile %g, exponential, n = %zu", share, count);
    char *note = g_strdup_printf("  (percentile bootstrap: %.1f %%)", 100 * coverage_share(&bootstrap));
    coverage_hold(&coverage, what, note);
    g_free(what);
    g_free(note);
}

static void quantiles(void)
{
    static const double shares[] = {0.05, 0.5, 0.95};
    static const size_t counts[] = {20, 50, 100, 200};
    for (size_t s = 0; s < G_N_ELEMENTS(shares); s++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            quantile_of(shares[s], counts[i]);
}

static void proportion_of(double share, uint64_t trials)
{
    struct coverage coverage = {0};
    struct random_stream stream = stream_of(1000000 * trials + (uint64_t)(share * 1000));
    for (uint64_t e = 0; e < coverage_experiments(1000); e++) {
        uint64_t successes = 0;
        for (uint64_t i = 0; i < trials; i++)
            successes += draw_uniform(&stream) < share;
        coverage_add(&coverage, interval_of_proportion(successes, trials), share);
    }
    char *what = g_strdup_printf("proportion %g, N = %" G_GUINT64_FORMAT, share, trials);
    coverage_hold(&coverage, what, "");
    g_free(what);
}

static void proportions(void)
{
    static const double shares[] = {0.5, 0.05, 0.001};
    static const uint64_t counts[] = {5, 20, 100, 1000};
    for (size_t s = 0; s < G_N_ELEMENTS(shares); s++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            proportion_of(shares[s], counts[i]);
}

/* A replication's blocks and orphans; `rate` is the true ratio of their means. */
struct ratio_process {
    const char *name;
    double rate;
    void (*draw)(struct random_stream *stream, double rate, double *numerator, double *denominator);
};

static double draw_binomial(struct random_stream *stream, double trials, double share)
{
    double successes = 0;
    for (double i = 0; i < trials; i++)
        successes += draw_uniform(stream) < share;
    return successes;
}

/* About 100 blocks (deviation 10), each an orphan by the same chance. */
static void independent_orphans(struct random_stream *stream, double rate, double *orphans, double *blocks)
{
    *blocks = (double)(int)(100 + 10 * draw_normal(stream));
    *orphans = draw_binomial(stream, *blocks, rate);
}

/*
 * The chance differs by replication (exponential), and more blocks come with fewer orphans. So the ratio of the means,
 * E[trouble blocks] / E[blocks], is not the mean chance; both are sums over the numbers of blocks.
 */
static const double clustered_ratio = 102.29337895803013 / 124.96377659771653;

static void clustered_orphans(struct random_stream *stream, double rate, double *orphans, double *blocks)
{
    double trouble = draw_exponential(stream);
    *blocks = (double)(int)(150 - 25 * (trouble < 4 ? trouble : 4));
    *orphans = draw_binomial(stream, *blocks, rate * trouble);
}

/* Revenue and total revenue, both exponential in the main and correlated by .94. */
static void revenue(struct random_stream *stream, double rate, double *own, double *total)
{
    double common = draw_exponential(stream);
    *own = rate * (0.8 * common + 0.2 * draw_exponential(stream));
    *total = 0.8 * common + 0.2 * draw_exponential(stream);
}

static void ratio_of(const struct ratio_process *process, double truth, size_t count)
{
    struct coverage coverage = {0};
    struct random_stream stream = stream_of(77000000 + count);
    double numerators[MOST], denominators[MOST];
    for (uint64_t e = 0; e < coverage_experiments(500); e++) {
        for (size_t i = 0; i < count; i++)
            process->draw(&stream, process->rate, &numerators[i], &denominators[i]);
        coverage_add(&coverage, interval_of_ratio(numerators, denominators, count), truth);
    }
    char *what = g_strdup_printf("ratio, %s %g, n = %zu", process->name, process->rate, count);
    coverage_hold(&coverage, what, "");
    g_free(what);
}

static void ratios(void)
{
    static const struct ratio_process processes[] = {
        {"orphans", 0.1, independent_orphans},
        {"orphans", 0.02, independent_orphans},
        {"orphans", 0.001, independent_orphans},
        {"revenue share", 0.4, revenue},
    };
    static const size_t counts[] = {5, 10, 20, 50, 200};
    for (size_t p = 0; p < G_N_ELEMENTS(processes); p++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            ratio_of(&processes[p], processes[p].rate, counts[i]);
    const struct ratio_process clustered = {"clustered orphans", 0.02, clustered_orphans};
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        ratio_of(&clustered, clustered.rate * clustered_ratio, counts[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coverage/means", means);
    g_test_add_func("/coverage/other confidences", other_confidences);
    g_test_add_func("/coverage/quantiles", quantiles);
    g_test_add_func("/coverage/proportions", proportions);
    g_test_add_func("/coverage/ratios", ratios);
    return g_test_run();
}
