/* SPDX-License-Identifier: MIT */
/* What findings say in words. */
#include "findings_by_hand.h"
#include "report/words.h"

#include <math.h>

static void check(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_numbers(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},        {-0.0, "0"},          {7, "7"},          {1284, "1,284"},     {11183800, "11,183,800"},
        {0.25, "0.25"},  {0.250712, "0.2507"}, {1284.4, "1,284"}, {66666.7, "66,670"}, {-1234567.8, "-1,235,000"},
        {1e-5, "1e-05"}, {2.5e17, "2.5e+17"},  {NAN, "NA"},       {999, "999"},        {-1000, "-1,000"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check(words_number(cases[i].value), cases[i].text);
    check(words_count(1, "run"), "1 run");
    check(words_count(1000, "run"), "1,000 runs");
    check(words_percent(.25), "25 %");
    check(words_percent(3 / 108.), "2.78 %");
    struct scale ms = scale_exact("s", .3);
    check(words_quantity(.3, &ms), "300 ms");
    check(words_quantity(NAN, &ms), "NA");
    check(words_range(.29, .3105, &ms), "290 to 310.5 ms");
}

static void test_intervals(void)
{
    struct scale seconds = scale_exact("s", 2);
    struct finding finding = {.n = 12, .mean = 2, .low = 1.5, .high = 2.5, .deviation = .1};
    check(words_interval(&finding, &seconds), "95 % interval 1.5 to 2.5 s");
    check(words_finding(&finding, &seconds), "2 s (95 % interval 1.5 to 2.5 s)");
    finding.low = finding.high = NAN;
    check(words_interval(&finding, &seconds), "12 runs: too few for an interval");
    finding.deviation = 0;
    check(words_interval(&finding, &seconds), "the same in all 12 runs");
    finding.n = 1;
    check(words_interval(&finding, &seconds), "one run, so no interval");
    finding.n = 0;
    check(words_interval(&finding, &seconds), "not available");
}

static void test_bounds(void)
{
    struct expectation finality = {.metric = METRIC_FINALITY_LAST_P50, .minimum = {3, 10}, .maximum = {3, 10}};
    check(words_bounds(&finality), "exactly 300 ms");
    finality.maximum = (struct ratio){1, 2};
    check(words_bounds(&finality), "300 to 500 ms");
    finality.maximum = (struct ratio){0};
    check(words_bounds(&finality), "at least 300 ms");
    struct expectation safety = {.metric = METRIC_SAFETY_VIOLATIONS, .maximum = {0, 1}};
    check(words_bounds(&safety), "at most 0 blocks");
}

static void test_shares(void)
{
    check(words_share("share_0_double_voting"), "stake of double_voting");
    check(words_share("fault_1_split_side_2_stake_share"), "stake on side 2 of fault split");
    check(words_share("fault_0_a_side_b_node_share"), "nodes that fault a_side_b hits");
    check(words_share("fault_0_down_stake_share"), "stake that fault down hits");
    check(words_share("other"), "other");
}

static void test_a_sweep(void)
{
    struct findings *findings = findings_by_hand();
    check(words_extent(findings), "3 points of 1 to 4 runs each");
    check(words_point(findings, 1), "point 1 (protocol.slot 4 s)");
    check(words_headline(findings), "Safety was violated in 2 of 7 runs; liveness and conservation held in all 7 runs; "
                                    "accountability was not judged.");
    check(words_verdict(findings, VERDICT_SAFETY),
          "Violated in 2 of 7 runs, at 1 of 3 points; most often at point 1 (protocol.slot 4 s), in 2 of 3 runs: "
          "66.7 %, 95 % interval 9.43 % to 99.2 % (Clopper-Pearson).");
    check(words_verdict(findings, VERDICT_LIVENESS),
          "Held in all 7 runs at 3 points. It was judged in 87 % of the time; faults that pass cover the rest.");
    check(words_verdict(findings, VERDICT_ACCOUNTABILITY),
          "Not judged: it applies where the protocol promises that a fork leaves evidence, or evidence was submitted.");
    check(words_violation(findings, VERDICT_SAFETY), "First in run 1-0.");
    g_assert_null(words_violation(findings, VERDICT_LIVENESS));
    findings->verdicts[VERDICT_SAFETY].first = g_strdup("chain 0: final at 20.500000000 s and 4.000000000 s, 1.5.2");
    check(words_violation(findings, VERDICT_SAFETY), "First in run 1-0: chain 0: final at 20.5 s and 4 s, 1.5.2.");
    g_assert_null(words_expectations(findings));
    findings_free(findings);
}

/* What no violation in N runs leaves open is said with N; of few runs nothing can be. */
static void test_a_bound(void)
{
    struct findings *findings = findings_by_hand();
    struct findings_verdict *safety = &findings->verdicts[VERDICT_SAFETY];
    *safety = (struct findings_verdict){.runs = {.held = 60}, .points = 3, .fewest = 20};
    check(words_verdict(findings, VERDICT_SAFETY),
          "Held in all 60 runs at 3 points. That leaves up to 15 % of such runs at each point that violate it (95 %, "
          "3/N with N = 20).");
    safety->fewest = 3;
    check(words_verdict(findings, VERDICT_SAFETY), "Held in all 60 runs at 3 points.");
    findings_free(findings);
}

static bool has_limit(const struct findings *findings, const char *part)
{
    GPtrArray *limits = words_limits(findings);
    bool found = false;
    for (guint i = 0; i < limits->len; i++)
        found |= strstr(limits->pdata[i], part) != NULL;
    g_ptr_array_unref(limits);
    return found;
}

static void test_limits(void)
{
    struct findings *findings = findings_by_hand();
    g_assert_true(has_limit(findings, "There is one run at each point"));
    g_assert_true(has_limit(findings, "1 of 8 runs failed and is in no number here; the first is run 0-3."));
    g_assert_true(has_limit(findings, "could not be read by this version"));
    g_assert_false(has_limit(findings, "censored"));
    findings->ranges[METRIC_CENSORED_BLOCKS] = (struct findings_range){.points = 1, .most = {.n = 4, .mean = 2.5}};
    findings->fewest_runs = 4;
    findings->failure = g_strdup("killed");
    g_assert_true(has_limit(findings, "Up to 2.5 blocks a run (mean) were not final when it ended"));
    g_assert_true(has_limit(findings, "With 4 runs at each point means have no intervals; 5 are the fewest"));
    g_assert_false(has_limit(findings, "So few bound nothing"));
    findings->fewest_runs = 3;
    g_assert_true(has_limit(findings, "5 are the fewest that give one. So few bound nothing on how often"));
    g_assert_true(has_limit(findings, "run 0-3: killed."));
    findings->fewest_runs = 5;
    g_assert_true(has_limit(findings, "at least 93 of 100 experiments"));
    findings_free(findings);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/numbers", test_numbers);
    g_test_add_func("/words/intervals", test_intervals);
    g_test_add_func("/words/bounds", test_bounds);
    g_test_add_func("/words/shares", test_shares);
    g_test_add_func("/words/sweep", test_a_sweep);
    g_test_add_func("/words/bound", test_a_bound);
    g_test_add_func("/words/limits", test_limits);
    return g_test_run();
}
