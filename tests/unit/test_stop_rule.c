/* SPDX-License-Identifier: MIT */
/* When a stop rule stops: on values made for it, at decisions that are asked as an experiment asks them. */
#include "base/stop_rule.h"

#include <glib.h>
#include <math.h>

/* Values 1 + spread and 1 - spread in turns, from `from` on; before that 1 + 9 spread and 1 - 9 spread. */
struct turns {
    double spread;
    uint64_t from;
};

static double value_at(const struct turns *turns, uint64_t replication)
{
    double spread = replication < turns->from ? 9 * turns->spread : turns->spread;
    return replication % 2 ? 1 - spread : 1 + spread;
}

static enum stop_decision run(const struct stop_rule *rule, const struct turns *turns, uint64_t *replications)
{
    struct stop_state state = {0};
    *replications = 0;
    for (;;) {
        uint64_t next = stop_rule_next(rule, *replications);
        g_assert_cmpuint(next, >, *replications);
        for (; *replications < next; ++*replications)
            running_mean_add(&state.estimate, value_at(turns, *replications));
        enum stop_decision decision = stop_state_decide(&state, rule, *replications);
        if (decision != STOP_NOT_YET)
            return decision;
    }
}

static void stops_at(struct stop_rule rule, struct turns turns, enum stop_decision decision, uint64_t expected)
{
    uint64_t replications;
    g_assert_cmpint(run(&rule, &turns, &replications), ==, decision);
    g_assert_cmpuint(replications, ==, expected);
}

static void decisions_come_in_batches(void)
{
    const struct stop_rule rule = {.05, .95, 20, 95};
    g_assert_cmpuint(stop_rule_next(&rule, 0), ==, 10);
    g_assert_cmpuint(stop_rule_next(&rule, 9), ==, 10);
    g_assert_cmpuint(stop_rule_next(&rule, 10), ==, 20);
    g_assert_cmpuint(stop_rule_next(&rule, 90), ==, 95);
}

/* Narrow from the first decision on: three in a row are at 30, unless more replications are asked for. */
static void precise_values_stop_early(void)
{
    const struct turns narrow = {.001, 0};
    stops_at((struct stop_rule){.05, .95, 1, 1000}, narrow, STOP_PRECISE, 30);
    stops_at((struct stop_rule){.05, .95, 55, 1000}, narrow, STOP_PRECISE, 60);
    stops_at((struct stop_rule){.05, .95, 1, 25}, narrow, STOP_MOST, 25);
}

/* 1.98 * .1 / sqrt(n) is below .02 from 99 values on: decisions at 100, 110 and 120. */
static void width_decides(void)
{
    const struct turns wide = {.1, 0};
    stops_at((struct stop_rule){.02, .95, 1, 1000}, wide, STOP_PRECISE, 120);
    stops_at((struct stop_rule){.02, .95, 1, 110}, wide, STOP_MOST, 110);
    stops_at((struct stop_rule){.02, .999, 1, 5000}, wide, STOP_PRECISE, 300); /* t = 3.33: 277 values */
}

/* Wild values at first, which must be outweighed. */
static void a_wild_start_delays(void)
{
    const struct turns wild = {.01, 10};
    uint64_t replications;
    const struct stop_rule rule = {.01, .95, 1, 1000};
    g_assert_cmpint(run(&rule, &wild, &replications), ==, STOP_PRECISE);
    g_assert_cmpuint(replications, >, 30);
}

/* Equal values: another could still come with a chance of 3 / n, and 3 / 60 is .05. */
static void equal_values_stop_when_many(void)
{
    stops_at((struct stop_rule){.05, .95, 1, 1000}, (struct turns){0, 0}, STOP_PRECISE, 80);
    stops_at((struct stop_rule){.5, .95, 1, 1000}, (struct turns){0, 0}, STOP_PRECISE, 30);
}

static void a_mean_of_zero_is_never_precise(void)
{
    struct stop_state state = {0};
    const struct stop_rule rule = {.05, .95, 1, 1000};
    for (uint64_t replications = 10; replications < 1000; replications += 10) {
        for (int i = 0; i < 10; i++)
            running_mean_add(&state.estimate, 0);
        g_assert_cmpint(stop_state_decide(&state, &rule, replications), ==, STOP_NOT_YET);
    }
}

/* Replications without a value count as replications, and as nothing else. */
static void missing_values_are_not_precise(void)
{
    struct stop_state state = {0};
    const struct stop_rule rule = {.05, .95, 1, 30};
    g_assert_cmpint(stop_state_decide(&state, &rule, 10), ==, STOP_NOT_YET);
    g_assert_cmpint(stop_state_decide(&state, &rule, 20), ==, STOP_NOT_YET);
    g_assert_cmpint(stop_state_decide(&state, &rule, 30), ==, STOP_MOST);
}

/* Where none came to its end more would not either; a single one that did is reason enough to go on. */
static void all_failed_ends_at_once(void)
{
    const struct stop_rule rule = {.05, .95, 20, 100};
    struct stop_state none = {.failed = 10}, one = {.failed = 9};
    running_mean_add(&one.estimate, 1);
    g_assert_cmpint(stop_state_decide(&none, &rule, 10), ==, STOP_FAILED);
    g_assert_cmpint(stop_state_decide(&one, &rule, 10), ==, STOP_NOT_YET);
}

/* Three decisions need 30 replications. */
static void too_few_decisions_are_known(void)
{
    g_assert_false(stop_rule_can_hold(&(struct stop_rule){.05, .95, 2, 29}));
    g_assert_true(stop_rule_can_hold(&(struct stop_rule){.05, .95, 2, 30}));
}

/* The longer arm by the mean's size; where there is none, or nothing to compare it with, nobody knows. */
static void half_widths_are_relative(void)
{
    struct running_mean skewed = {0}, alike = {0}, nothing = {0}; /* -1.4, 3 and 0 */
    for (int i = 0; i < 20; i++) {
        running_mean_add(&skewed, i == 0 ? -9 : -1);
        running_mean_add(&alike, 3);
        running_mean_add(&nothing, 0);
    }
    struct interval interval = running_mean_interval(&skewed, .95);
    double low = -1.4 - interval.low, high = interval.high + 1.4;
    g_assert_cmpfloat(low, >, high);
    g_assert_cmpfloat_with_epsilon(stop_relative_half_width(&skewed, .95), low / 1.4, 1e-12);
    g_assert_true(isnan(stop_relative_half_width(&alike, .95)));
    g_assert_true(isnan(stop_relative_half_width(&nothing, .95)));
    running_mean_release(&skewed);
    running_mean_release(&alike);
    running_mean_release(&nothing);
}

/*
 * Of ratios the quotient of the sums must be precise. Every other replication has a hundred times the denominator, so
 * shares of .1 and .2 in turns are .199 on the whole, which is known at once; their mean, .15, is not.
 */
static void ratios_stop_by_their_sums(void)
{
    const struct stop_rule rule = {.05, .95, 1, 1000};
    uint64_t stopped[2] = {0};
    for (int as_ratio = 0; as_ratio < 2; as_ratio++) {
        struct stop_state state = {0};
        for (uint64_t replications = 0; !stopped[as_ratio];) {
            for (int i = 0; i < 10; i++, replications++) {
                double share = replications % 2 ? .2 : .1, blocks = replications % 2 ? 1000 : 10;
                if (as_ratio)
                    running_mean_add_ratio(&state.estimate, share * blocks, blocks);
                else
                    running_mean_add(&state.estimate, share);
            }
            if (stop_state_decide(&state, &rule, replications) == STOP_PRECISE)
                stopped[as_ratio] = replications;
        }
        running_mean_release(&state.estimate);
    }
    g_assert_cmpuint(stopped[0], ==, 200); /* 1.98 * .05 / sqrt(n) is below .0075 from 175 values on */
    g_assert_cmpuint(stopped[1], ==, 30);  /* .199 within .001 at the first decision */
}

/* Equal ratios of unequal parts are equal values. */
static void equal_ratios_stop_when_many(void)
{
    const struct stop_rule rule = {.05, .95, 1, 1000};
    struct stop_state state = {0};
    uint64_t replications = 0;
    do {
        for (int i = 0; i < 10; i++, replications++)
            running_mean_add_ratio(&state.estimate, (double)(1 + replications), (double)(4 + 4 * replications));
    } while (stop_state_decide(&state, &rule, replications) == STOP_NOT_YET);
    g_assert_cmpuint(replications, ==, 80);
    running_mean_release(&state.estimate);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stop rule/decisions come in batches", decisions_come_in_batches);
    g_test_add_func("/stop rule/precise values stop early", precise_values_stop_early);
    g_test_add_func("/stop rule/width decides", width_decides);
    g_test_add_func("/stop rule/a wild start delays", a_wild_start_delays);
    g_test_add_func("/stop rule/equal values stop when many", equal_values_stop_when_many);
    g_test_add_func("/stop rule/a mean of zero is never precise", a_mean_of_zero_is_never_precise);
    g_test_add_func("/stop rule/missing values are not precise", missing_values_are_not_precise);
    g_test_add_func("/stop rule/all failed ends at once", all_failed_ends_at_once);
    g_test_add_func("/stop rule/too few decisions are known", too_few_decisions_are_known);
    g_test_add_func("/stop rule/half widths are relative", half_widths_are_relative);
    g_test_add_func("/stop rule/ratios stop by their sums", ratios_stop_by_their_sums);
    g_test_add_func("/stop rule/equal ratios stop when many", equal_ratios_stop_when_many);
    return g_test_run();
}
