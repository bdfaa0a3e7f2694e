/* SPDX-License-Identifier: MIT */
/* Intervals at the moment when a stop rule stops, and what paired differences call established. */
#include "coverage.h"

#include "base/paired.h"
#include "base/stop_rule.h"

struct stopped_process {
    const char *name;
    double mean;
    double (*draw)(struct random_stream *stream);
    bool is_proportion;
    double narrowest; /* below it there would be too many replications for a test */
};

static double narrow_normal(struct random_stream *stream)
{
    return 1 + 0.3 * draw_normal(stream);
}

static double wide_normal(struct random_stream *stream)
{
    return 1 + draw_normal(stream);
}

static double lognormal_half(struct random_stream *stream)
{
    return draw_lognormal(stream, 0.5);
}

static double lognormal_one(struct random_stream *stream)
{
    return draw_lognormal(stream, 1);
}

static double one_in_ten(struct random_stream *stream)
{
    return draw_uniform(stream) < 0.1;
}

static double nine_in_ten(struct random_stream *stream)
{
    return draw_uniform(stream) < 0.9;
}

static const struct stopped_process processes[] = {
    {"normal, cv .3", 1, narrow_normal, false, 0},
    {"normal, cv 1", 1, wide_normal, false, 0},
    {"exponential", 1, draw_exponential, false, 0},
    {"lognormal, sigma .5", 1.1331484530668263, lognormal_half, false, 0},
    {"lognormal, sigma 1", 1.6487212707001281, lognormal_one, false, 0},
    {"0 or 1, mean .1", 0.1, one_in_ten, true, 0.2},
    {"0 or 1, mean .9", 0.9, nine_in_ten, true, 0},
};

static struct random_stream stream_of(uint64_t entity)
{
    struct random_seed seed = {.seed = 96};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, entity);
    return stream;
}

static uint64_t stop(const struct stop_rule *rule, const struct stopped_process *process, struct random_stream *stream,
                     struct stop_state *state)
{
    uint64_t replications = 0;
    *state = (struct stop_state){0};
    for (;;) {
        uint64_t next = stop_rule_next(rule, replications);
        for (; replications < next; replications++)
            running_mean_add(&state->estimate, process->draw(stream));
        if (stop_state_decide(state, rule, replications) != STOP_NOT_YET)
            return replications;
    }
}

/* `kept` counts how often the mean was as near to the truth as was asked for. */
static void stopped_at(const struct stopped_process *process, double width)
{
    const struct stop_rule rule = {width, 0.95, 10, 100000};
    struct coverage coverage = {0};
    struct random_stream stream = stream_of((uint64_t)(process - processes) * 1000 + (uint64_t)(width * 100));
    double replications = 0, kept = 0;
    for (uint64_t e = 0; e < coverage_experiments(300); e++) {
        struct stop_state state;
        uint64_t count = stop(&rule, process, &stream, &state);
        replications += (double)count;
        kept += fabs(state.estimate.moments.mean - process->mean) <= width * process->mean;
        coverage_add(&coverage,
                     process->is_proportion
                         ? interval_of_proportion((uint64_t)(state.estimate.moments.mean * (double)count + 0.5), count)
                         : interval_of_moments(&state.estimate.moments, 0.95),
                     process->mean);
    }
    double experiments = (double)coverage.experiments;
    char *what = g_strdup_printf("until %g, %s", width, process->name);
    char *note =
        g_strdup_printf("  mean n %.0f, precise in %.1f %%", replications / experiments, 100 * kept / experiments);
    coverage_hold(&coverage, what, note);
    g_free(what);
    g_free(note);
}

static void stop_rules(void)
{
    static const double widths[] = {1, 0.5, 0.2, 0.1, 0.05};
    for (size_t p = 0; p < G_N_ELEMENTS(processes); p++)
        for (size_t w = 0; w < G_N_ELEMENTS(widths); w++)
            if (widths[w] >= processes[p].narrowest && (g_test_thorough() || widths[w] > 0.15))
                stopped_at(&processes[p], widths[w]);
}

/* Replications of which each has a numerator and a denominator; the truth is the ratio of their means. */
struct stopped_ratio {
    const char *name;
    double truth;
    void (*draw)(struct random_stream *stream, double *numerator, double *denominator);
};

/* 5 to 35 blocks, each an orphan by a chance of .1. */
static void few_orphans(struct random_stream *stream, double *orphans, double *blocks)
{
    *blocks = (double)(int)(5 + 31 * draw_uniform(stream));
    *orphans = 0;
    for (double i = 0; i < *blocks; i++)
        *orphans += draw_uniform(stream) < 0.1;
}

/* Revenue of total revenue, both exponential in the main and correlated by .94. */
static void revenue(struct random_stream *stream, double *own, double *total)
{
    double common = draw_exponential(stream);
    *own = 0.4 * (0.8 * common + 0.2 * draw_exponential(stream));
    *total = 0.8 * common + 0.2 * draw_exponential(stream);
}

static const struct stopped_ratio ratios[] = {
    {"orphans of 5 to 35 blocks", 0.1, few_orphans},
    {"revenue of total revenue", 0.4, revenue},
};

static void ratio_stopped_at(const struct stopped_ratio *process, double width)
{
    const struct stop_rule rule = {width, 0.95, 10, 100000};
    struct coverage coverage = {0};
    struct random_stream stream = stream_of(900000 + (uint64_t)(process - ratios) * 1000 + (uint64_t)(width * 100));
    struct stop_state state = {0};
    double replications = 0, all = 0;
    for (uint64_t e = 0; e < coverage_experiments(300); e++) {
        uint64_t count = 0;
        running_mean_clear(&state.estimate);
        state.held = 0;
        do {
            for (uint64_t next = stop_rule_next(&rule, count); count < next; count++) {
                double numerator, denominator;
                process->draw(&stream, &numerator, &denominator);
                running_mean_add_ratio(&state.estimate, numerator, denominator);
            }
        } while (stop_state_decide(&state, &rule, count) == STOP_NOT_YET);
        replications += (double)count;
        all++;
        coverage_add(&coverage, running_mean_interval(&state.estimate, 0.95), process->truth);
    }
    running_mean_release(&state.estimate);
    char *what = g_strdup_printf("until %g, %s", width, process->name);
    char *note = g_strdup_printf("  mean n %.0f", replications / all);
    coverage_hold(&coverage, what, note);
    g_free(what);
    g_free(note);
}

static void stop_rules_of_ratios(void)
{
    static const double widths[] = {1, 0.5, 0.2, 0.1, 0.05};
    for (size_t p = 0; p < G_N_ELEMENTS(ratios); p++)
        for (size_t w = 0; w < G_N_ELEMENTS(widths); w++)
            if (g_test_thorough() || widths[w] > 0.15)
                ratio_stopped_at(&ratios[p], widths[w]);
}

/* Two systems whose replications share a part of their luck; the true difference of their means is .2. */
struct pair_process {
    const char *name;
    void (*draw)(struct random_stream *stream, double *first, double *second);
};

static void normal_alike(struct random_stream *stream, double *first, double *second)
{
    double common = draw_normal(stream);
    *first = 5.2 + 0.95 * common + 0.3 * draw_normal(stream);
    *second = 5 + 0.95 * common + 0.3 * draw_normal(stream);
}

static void normal_apart(struct random_stream *stream, double *first, double *second)
{
    *first = 5.2 + draw_normal(stream);
    *second = 5 + draw_normal(stream);
}

static void skewed_alike(struct random_stream *stream, double *first, double *second)
{
    double common = draw_exponential(stream);
    *first = 1.2 * common;
    *second = common;
}

static void skewed_part(struct random_stream *stream, double *first, double *second)
{
    double common = draw_exponential(stream);
    *first = common + 0.2 * draw_lognormal(stream, 1) / 1.6487212707001281;
    *second = common;
}

static void pair_of(const struct pair_process *process, size_t count)
{
    struct coverage coverage = {0};
    struct random_stream stream = stream_of(500000 + count);
    double first[50], second[50], correlation = 0, established = 0;
    for (uint64_t e = 0; e < coverage_experiments(500); e++) {
        for (size_t i = 0; i < count; i++)
            process->draw(&stream, &first[i], &second[i]);
        struct paired_difference difference = paired_difference_of(first, second, count);
        coverage_add(&coverage, difference.interval, 0.2);
        bool beyond = difference.interval.low > 0 || difference.interval.high < 0;
        g_assert_cmpint(beyond, ==, difference_established(difference.p_value));
        correlation += difference.correlation;
        established += beyond;
    }
    double experiments = (double)coverage.experiments;
    char *what = g_strdup_printf("difference, %s, n = %zu", process->name, count);
    char *note = g_strdup_printf("  correlation %.2f, established in %.1f %%", correlation / experiments,
                                 100 * established / experiments);
    coverage_hold(&coverage, what, note);
    g_free(what);
    g_free(note);
}

static void differences(void)
{
    static const struct pair_process pairs[] = {
        {"normal, common luck", normal_alike},
        {"normal, independent", normal_apart},
        {"exponential, scaled", skewed_alike},
        {"exponential, lognormal more", skewed_part},
    };
    static const size_t counts[] = {5, 10, 20, 50};
    for (size_t p = 0; p < G_N_ELEMENTS(pairs); p++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            pair_of(&pairs[p], counts[i]);
}

/* Pairs of no difference: alike in distribution, or in the mean only, which `skewed` says. */
struct null_process {
    const char *name;
    void (*draw)(struct random_stream *stream, double *first, double *second);
    bool skewed;
};

static void null_normal(struct random_stream *stream, double *first, double *second)
{
    *first = draw_normal(stream);
    *second = draw_normal(stream);
}

static void null_exponential(struct random_stream *stream, double *first, double *second)
{
    *first = draw_exponential(stream);
    *second = draw_exponential(stream);
}

static void null_lognormal(struct random_stream *stream, double *first, double *second)
{
    double common = draw_lognormal(stream, 0.5);
    *first = common * draw_lognormal(stream, 1);
    *second = common * draw_lognormal(stream, 1);
}

static void null_skewed(struct random_stream *stream, double *first, double *second)
{
    *first = draw_exponential(stream);
    *second = 1;
}

/*
 * Families of ten comparisons of which none differs: how often any is called established. By Holm at most 5 %; held to
 * 7 %, as intervals are to 93 %, but for less than 20 pairs whose differences are skewed like an exponential.
 */
static void family_of(const struct null_process *process, size_t count)
{
    enum { FAMILY = 10 };
    struct random_stream stream = stream_of(700000 + count);
    uint64_t experiments = coverage_experiments(300), wrong = 0, unadjusted = 0;
    for (uint64_t e = 0; e < experiments; e++) {
        double p_values[FAMILY], first[50], second[50];
        bool any = false, any_unadjusted = false;
        for (int member = 0; member < FAMILY; member++) {
            for (size_t i = 0; i < count; i++)
                process->draw(&stream, &first[i], &second[i]);
            p_values[member] = paired_difference_of(first, second, count).p_value;
            any_unadjusted = any_unadjusted || difference_established(p_values[member]);
        }
        holm_adjust(p_values, FAMILY);
        for (int member = 0; member < FAMILY; member++)
            any = any || difference_established(p_values[member]);
        wrong += any;
        unadjusted += any_unadjusted;
    }
    double share = (double)wrong / (double)experiments;
    g_test_message("10 of no difference, %s, n = %zu: any established in %.2f %%, without Holm's correction %.1f %%",
                   process->name, count, 100 * share, 100 * (double)unadjusted / (double)experiments);
    double luck = g_test_thorough() ? 0 : 3 * sqrt(0.07 * 0.93 / (double)experiments);
    g_assert_true(share <= 0.07 + luck || (process->skewed && count < 20));
}

static void families(void)
{
    static const struct null_process nulls[] = {
        {"normal", null_normal, false},
        {"exponential", null_exponential, false},
        {"lognormal", null_lognormal, false},
        {"exponential against its mean", null_skewed, true},
    };
    static const size_t counts[] = {5, 10, 20, 50};
    for (size_t p = 0; p < G_N_ELEMENTS(nulls); p++)
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
            family_of(&nulls[p], counts[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coverage/stop rules", stop_rules);
    g_test_add_func("/coverage/stop rules of ratios", stop_rules_of_ratios);
    g_test_add_func("/coverage/differences", differences);
    g_test_add_func("/coverage/families", families);
    return g_test_run();
}
