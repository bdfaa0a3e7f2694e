/* SPDX-License-Identifier: MIT */
/* What reports gather from a results directory, and how what was expected is judged. */
#include "findings_by_hand.h"
#include "report/page.h"

#include <math.h>

static void test_the_manifest_is_read(void)
{
    struct findings *findings = findings_by_hand();
    g_assert_cmpstr(findings->name, ==, "slots");
    g_assert_cmpstr(findings->version, ==, "0.1.0");
    g_assert_cmpstr(findings->commit, ==, "0a1b2c3");
    g_assert_cmpstr(findings->libraries, ==, "glib 2.74, zstd 1.5");
    g_assert_cmpuint(g_strv_length(findings->arguments), ==, 4);
    g_assert_cmpuint(findings->inputs.count, ==, 1);
    g_assert_cmpstr(findings->inputs.at[0].sha256, ==, "00ff");
    g_assert_true(findings_is_swept(findings));
    g_assert_null(findings_question(findings));
    findings_free(findings);
}

static void check_tally(const struct verdict_tally *tally, uint64_t held, uint64_t violated, uint64_t open)
{
    g_assert_cmpuint(tally->held, ==, held);
    g_assert_cmpuint(tally->violated, ==, violated);
    g_assert_cmpuint(tally->open, ==, open);
}

static void test_runs_are_counted_by_point(void)
{
    struct findings *findings = findings_by_hand();
    g_assert_cmpuint(findings->runs, ==, 8);
    g_assert_cmpuint(findings->failed, ==, 1);
    g_assert_cmpuint(findings->failure_point, ==, 0);
    g_assert_cmpuint(findings->failure_replication, ==, 3);
    g_assert_cmpuint(findings->fewest_runs, ==, 1);
    g_assert_cmpuint(findings->most_runs, ==, 4);
    g_assert_cmpfloat(findings->simulated_least_s, ==, 100);
    g_assert_cmpfloat(findings->simulated_most_s, ==, 200);
    g_assert_cmpfloat(findings->judged_s, ==, 700);
    g_assert_cmpfloat(findings->judgeable_s, ==, 800);
    g_assert_cmpuint(findings->points.count, ==, 3);
    g_assert_cmpuint(findings->points.at[2].number, ==, 3);
    g_assert_cmpuint(findings->points.at[0].failed, ==, 1);
    check_tally(&findings->points.at[1].verdicts[VERDICT_SAFETY], 1, 2, 0);
    check_tally(&findings->points.at[0].verdicts[VERDICT_ACCOUNTABILITY], 0, 0, 3);
    findings_free(findings);
}

static void test_verdicts_are_put_together(void)
{
    struct findings *findings = findings_by_hand();
    const struct findings_verdict *safety = &findings->verdicts[VERDICT_SAFETY];
    check_tally(&safety->runs, 5, 2, 0);
    g_assert_cmpuint(safety->points, ==, 3);
    g_assert_cmpuint(safety->points_violated, ==, 1);
    g_assert_cmpuint(safety->fewest, ==, 1);
    g_assert_cmpuint(safety->worst, ==, 1);
    check_tally(&safety->at_worst, 1, 2, 0);
    g_assert_cmpuint(safety->first_point, ==, 1);
    g_assert_cmpuint(safety->first_replication, ==, 0);
    g_assert_null(safety->first);
    check_tally(&findings->verdicts[VERDICT_LIVENESS].runs, 7, 0, 0);
    check_tally(&findings->verdicts[VERDICT_ACCOUNTABILITY].runs, 0, 0, 7);
    g_assert_cmpuint(findings->verdicts[VERDICT_ACCOUNTABILITY].points, ==, 0);
    findings_free(findings);
}

static void test_metrics_have_a_range(void)
{
    struct findings *findings = findings_by_hand();
    const struct findings_range *interval = &findings->ranges[METRIC_BLOCK_INTERVAL];
    g_assert_cmpuint(interval->points, ==, 3);
    g_assert_cmpfloat(interval->least.mean, ==, .75);
    g_assert_cmpuint(interval->least_at, ==, 2);
    g_assert_cmpfloat(interval->most.high, ==, 4.6);
    g_assert_cmpuint(interval->most_at, ==, 1);
    g_assert_cmpuint(interval->runs_least, ==, 1);
    g_assert_cmpuint(findings->ranges[METRIC_FINALITY_LAST_P50].points, ==, 0);
    g_assert_true(isnan(findings->points.at[2].metrics[METRIC_FINALITY_LAST_P50].mean));
    enum metric_id keys[METRICS];
    /* what is the same at all points, or nowhere, is not shown first */
    g_assert_cmpuint(findings_key_metrics(findings, keys, METRICS), ==, 1);
    g_assert_cmpint(keys[0], ==, METRIC_BLOCK_INTERVAL);
    char *values = findings_point_values(findings, 2);
    g_assert_cmpstr(values, ==, "protocol.slot 500 ms");
    g_free(values);
    findings_free(findings);
}

/* Errors name the file, and say what to do where the results are not finished. */
static void test_what_is_no_results_is_refused(void)
{
    static const struct {
        const char *manifest, *plan, *summary, *runs, *message;
    } cases[] = {
        {NULL, FINDINGS_PLAN, FINDINGS_SUMMARY, FINDINGS_RUNS, "holds no results of posim"},
        {"{}", FINDINGS_PLAN, FINDINGS_SUMMARY, FINDINGS_RUNS, "posim did not write"},
        {FINDINGS_MANIFEST, FINDINGS_PLAN, NULL, FINDINGS_RUNS, "is not finished: it has no summary.csv"},
        {FINDINGS_MANIFEST, FINDINGS_PLAN, FINDINGS_SUMMARY, NULL, "--resume"},
        {FINDINGS_MANIFEST, NULL, FINDINGS_SUMMARY, FINDINGS_RUNS, "plan.csv"},
        {FINDINGS_MANIFEST, FINDINGS_PLAN, "point,metric\n", FINDINGS_RUNS, "there is no column n"},
        {FINDINGS_MANIFEST, FINDINGS_PLAN, FINDINGS_SUMMARY, "point\n", "there is no column replication"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = findings_directory(cases[i].manifest, cases[i].plan, cases[i].summary, cases[i].runs);
        GError *error = NULL;
        g_assert_null(findings_read(folder, NULL, NULL, &error));
        g_assert_nonnull(error);
        if (!strstr(error->message, cases[i].message))
            g_error("case %zu: %s", i, error->message);
        g_error_free(error);
        by_hand_remove(folder);
    }
}

/* Tables have nine digits: a third is met by 0.333333333. */
static void test_claims_are_judged_by_their_bounds(void)
{
    static const struct {
        struct ratio minimum, maximum;
        double low, high;
        enum claim_status status;
    } cases[] = {
        {{19, 1}, {21, 1}, 19.5, 20.5, CLAIM_REPRODUCED},
        {{19, 1}, {21, 1}, 19, 21, CLAIM_REPRODUCED},
        {{19, 1}, {21, 1}, 18.9, 20, CLAIM_INCONCLUSIVE},
        {{19, 1}, {21, 1}, 20, 21.1, CLAIM_INCONCLUSIVE},
        {{19, 1}, {21, 1}, 17, 23, CLAIM_INCONCLUSIVE},
        {{19, 1}, {21, 1}, 17, 18.9, CLAIM_REFUTED},
        {{19, 1}, {21, 1}, 21.1, 22, CLAIM_REFUTED},
        {{19, 1}, {21, 1}, NAN, NAN, CLAIM_INCONCLUSIVE},
        {{1, 3}, {1, 3}, .333333333, .333333333, CLAIM_REPRODUCED},
        {{1, 3}, {1, 3}, .33333333, .33333333, CLAIM_REFUTED},
        {{0, 0}, {0, 1}, 0, 0, CLAIM_REPRODUCED},
        {{0, 0}, {0, 1}, 0, 1e-12, CLAIM_INCONCLUSIVE},
        {{1, 1}, {0, 0}, 1, 1e9, CLAIM_REPRODUCED},
        {{1, 1}, {0, 0}, -5, .5, CLAIM_REFUTED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct expectation expectation = {.minimum = cases[i].minimum, .maximum = cases[i].maximum};
        enum claim_status status = claim_judge(&expectation, cases[i].low, cases[i].high);
        if (status != cases[i].status)
            g_error("case %zu: %s", i, claim_status_names[status]);
    }
}

static void test_addresses_lead_from_page_to_directory(void)
{
    static const char *const cases[][3] = {
        {"/a/b", "/a/b", ""},         {"/a", "/a/b", "b/"}, {"/a/b", "/a/c", "../c/"},
        {"/a/b/c", "/", "../../../"}, {"/", "/a", "a/"},    {"/a/b/", "/a/./b/../c d", "../c d/"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *address = page_address(cases[i][0], cases[i][1]);
        g_assert_cmpstr(address, ==, cases[i][2]);
        g_free(address);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/findings/manifest", test_the_manifest_is_read);
    g_test_add_func("/findings/runs", test_runs_are_counted_by_point);
    g_test_add_func("/findings/verdicts", test_verdicts_are_put_together);
    g_test_add_func("/findings/metrics", test_metrics_have_a_range);
    g_test_add_func("/findings/refused", test_what_is_no_results_is_refused);
    g_test_add_func("/findings/claims", test_claims_are_judged_by_their_bounds);
    g_test_add_func("/findings/addresses", test_addresses_lead_from_page_to_directory);
    return g_test_run();
}
