/* SPDX-License-Identifier: MIT */
/* The checker of liveness finds stalls, forgives what happens during faults, and no more than that. */
#include "check/verdict.h"
#include "trace_rows.h"

static const struct trace_chain rules = {.protocol = "test", .liveness_bound_ns = 10 * SECOND};

static struct checks *start(const struct trace_chain *chain)
{
    struct checks *checks = checks_new();
    rows_start(checks_sink(checks), chain, 4, 100, 3);
    for (block_id id = 1; id <= 20; id++)
        row_block(checks_sink(checks), id, id - 1, id, 0, 0);
    return checks;
}

static struct verdict finish(struct checks *checks, const char *reason, time_ns at_ns)
{
    struct verdict verdicts[VERDICTS];
    struct trace_end end = {.at_ns = at_ns, .reason = reason};
    trace_write(checks_sink(checks), TRACE_END, &end);
    checks_finish(checks, verdicts);
    checks_free(checks);
    return verdicts[VERDICT_LIVENESS];
}

/* Each wait is exactly the bound: the first block, the second, and the end of the run. */
static void waits_of_the_bound_pass(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 1, MS(10000));
    row_final(checks_sink(checks), 1, 2, MS(20000));
    struct verdict verdict = finish(checks, "duration", MS(30000));
    g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: longest wait 10.000000000 s of a bound of 10.000000000 s, 30.000000000 s judged");
}

/* One nanosecond more fails: at the start, between blocks, at the end. */
static void longer_waits_fail(void)
{
    for (int at = 0; at < 3; at++) {
        struct checks *checks = start(&rules);
        row_final(checks_sink(checks), 0, 1, MS(10000) + (at == 0));
        row_final(checks_sink(checks), 1, 2, MS(20000) + (at <= 1));
        struct verdict verdict = finish(checks, "duration", MS(30000) + 1);
        g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
        g_assert_cmpuint(verdict.count, ==, 1);
    }
}

static void stall_is_named(void)
{
    struct checks *checks = start(&rules);
    row_final(checks_sink(checks), 0, 1, MS(1000));
    row_final(checks_sink(checks), 1, 1, MS(9000)); /* not news */
    row_final(checks_sink(checks), 1, 2, MS(12000));
    row_final(checks_sink(checks), 1, 3, MS(50000));
    struct verdict verdict = finish(checks, "duration", MS(50000));
    g_assert_cmpuint(verdict.count, ==, 2);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: nothing became final from 1.000000000 s to 12.000000000 s, beyond the bound of "
                    "10.000000000 s (longest wait 38.000000000 s)");
}

/* What a corrupt node holds final is no progress. */
static void corrupt_progress_does_not_count(void)
{
    struct checks *checks = start(&rules);
    struct trace_final lie = {.at_ns = MS(9000), .replica = 3, .node = 3, .block = 5, .corrupt = true};
    trace_write(checks_sink(checks), TRACE_FINAL, &lie);
    g_assert_cmpint(finish(checks, "duration", MS(11000)).status, ==, VERDICT_FAIL);
}

/* A partition from 5 s to 60 s is forgiven; after it the bound counts afresh. */
static void disturbance_is_forgiven(void)
{
    for (int late = 0; late < 2; late++) {
        struct checks *checks = start(&rules);
        struct trace_sink *sink = checks_sink(checks);
        row_final(sink, 0, 1, MS(1000));
        row_fault(sink, MS(5000), MS(60000));
        row_incident(sink, INCIDENT_FAULT_ENDS, ID_NONE, MS(60000));
        row_final(sink, 0, 2, MS(70000) + late);
        g_assert_cmpint(finish(checks, "duration", MS(75000)).status, ==, late ? VERDICT_FAIL : VERDICT_PASS);
    }
}

/* Two faults overlap: the wait begins when the last ends. A stall before the first is not excused by it. */
static void overlapping_faults(void)
{
    struct checks *checks = start(&rules);
    struct trace_sink *sink = checks_sink(checks);
    row_fault(sink, MS(5000), MS(40000));
    row_fault(sink, MS(6000), MS(7000));
    row_incident(sink, INCIDENT_FAULT_ENDS, ID_NONE, MS(7000));
    row_incident(sink, INCIDENT_FAULT_ENDS, ID_NONE, MS(40000));
    row_final(sink, 0, 1, MS(50000));
    g_assert_cmpint(finish(checks, "duration", MS(51000)).status, ==, VERDICT_PASS);

    checks = start(&rules);
    row_fault(checks_sink(checks), MS(11000), MS(12000));
    row_incident(checks_sink(checks), INCIDENT_FAULT_ENDS, ID_NONE, MS(12000));
    row_final(checks_sink(checks), 0, 1, MS(13000));
    struct verdict verdict = finish(checks, "duration", MS(14000));
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(verdict.count, ==, 1);
}

/* A fault that is to end after the run: what comes after its beginning is not judged, and the detail says so. */
static void faults_beyond_the_run(void)
{
    struct checks *checks = start(&rules);
    row_fault(checks_sink(checks), MS(5000), MS(100000));
    struct verdict verdict = finish(checks, "quiescent", MS(90000));
    g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
    g_assert_cmpuint(verdict.judged.numerator, ==, MS(5000));
    g_assert_cmpuint(verdict.judged.denominator, ==, MS(90000));
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: longest wait 5.000000000 s of a bound of 10.000000000 s, 5.000000000 s of 90.000000000 s "
                    "judged, faults cover the rest");
}

/* A fault that never ends begins a new wait, and the run is held to its bound: 10 s after it passes, more does not. */
static void faults_for_ever(void)
{
    for (int late = 0; late < 2; late++) {
        struct checks *checks = start(&rules);
        row_incident(checks_sink(checks), INCIDENT_FAULT_BEGINS, ID_NONE, MS(5000));
        row_final(checks_sink(checks), 0, 1, MS(15000) + late);
        struct verdict verdict = finish(checks, "duration", MS(20000));
        g_assert_cmpint(verdict.status, ==, late ? VERDICT_FAIL : VERDICT_PASS);
        g_assert_cmpuint(verdict.judged.numerator, ==, MS(20000));
        g_assert_cmpuint(verdict.judged.denominator, ==, MS(20000));
    }
}

/* What a fault that never ends cuts was too long already; and a world that it leaves dead is stuck. */
static void faults_for_ever_excuse_nothing(void)
{
    struct checks *checks = start(&rules);
    row_incident(checks_sink(checks), INCIDENT_FAULT_BEGINS, ID_NONE, MS(11000));
    row_final(checks_sink(checks), 0, 1, MS(12000));
    struct verdict verdict = finish(checks, "duration", MS(13000));
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpuint(verdict.count, ==, 1);

    checks = start(&rules);
    row_incident(checks_sink(checks), INCIDENT_FAULT_BEGINS, ID_NONE, MS(1000));
    g_assert_cmpint(finish(checks, "quiescent", MS(2000)).status, ==, VERDICT_FAIL);
}

/* While a fault that ends goes on, one that begins for ever begins no wait: the end of the other does. */
static void faults_for_ever_within_others(void)
{
    struct checks *checks = start(&rules);
    row_fault(checks_sink(checks), MS(5000), MS(60000));
    row_incident(checks_sink(checks), INCIDENT_FAULT_BEGINS, ID_NONE, MS(20000));
    row_incident(checks_sink(checks), INCIDENT_FAULT_ENDS, ID_NONE, MS(60000));
    row_final(checks_sink(checks), 0, 1, MS(70001));
    struct verdict verdict = finish(checks, "duration", MS(75000));
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpstr(verdict.detail, ==,
                    "chain 0: nothing became final from 60.000000000 s to 70.001000000 s, beyond the bound of "
                    "10.000000000 s (longest wait 10.001000000 s; 20.000000000 s of 75.000000000 s judged, faults "
                    "cover the rest)");
}

/* One without length begins and ends at once, after which the run is held to its bound. */
static void faults_without_length(void)
{
    struct checks *checks = start(&rules);
    row_fault(checks_sink(checks), MS(5000), MS(5000));
    row_incident(checks_sink(checks), INCIDENT_FAULT_ENDS, ID_NONE, MS(5000));
    g_assert_cmpint(finish(checks, "duration", MS(90000)).status, ==, VERDICT_FAIL);
}

/* Where faults cover the whole run, nothing was judged: that is no pass. */
static void nothing_judged_is_no_verdict(void)
{
    struct checks *checks = start(&rules);
    row_fault(checks_sink(checks), 0, MS(90000));
    row_incident(checks_sink(checks), INCIDENT_FAULT_ENDS, ID_NONE, MS(90000));
    struct verdict verdict = finish(checks, "duration", MS(90000));
    g_assert_cmpint(verdict.status, ==, VERDICT_NOT_APPLICABLE);
    g_assert_cmpuint(verdict.judged.numerator, ==, 0);
}

/* A run that stops because nothing can happen any more is stuck, however early that is. */
static void deadlock_is_no_success(void)
{
    struct verdict verdict = finish(start(&rules), "quiescent", MS(10));
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    g_assert_cmpstr(verdict.detail, ==, "chain 0: at 0.010000000 s nothing was left that could happen");
}

static void without_a_bound_there_is_no_verdict(void)
{
    static const struct trace_chain unbounded = {.protocol = "test"};
    g_assert_cmpint(finish(start(&unbounded), "duration", MS(99000)).status, ==, VERDICT_NOT_APPLICABLE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/liveness/waits of the bound pass", waits_of_the_bound_pass);
    g_test_add_func("/liveness/longer waits fail", longer_waits_fail);
    g_test_add_func("/liveness/stall is named", stall_is_named);
    g_test_add_func("/liveness/corrupt progress does not count", corrupt_progress_does_not_count);
    g_test_add_func("/liveness/disturbance is forgiven", disturbance_is_forgiven);
    g_test_add_func("/liveness/overlapping faults", overlapping_faults);
    g_test_add_func("/liveness/faults beyond the run", faults_beyond_the_run);
    g_test_add_func("/liveness/faults for ever", faults_for_ever);
    g_test_add_func("/liveness/faults for ever excuse nothing", faults_for_ever_excuse_nothing);
    g_test_add_func("/liveness/faults for ever within others", faults_for_ever_within_others);
    g_test_add_func("/liveness/faults without length", faults_without_length);
    g_test_add_func("/liveness/nothing judged is no verdict", nothing_judged_is_no_verdict);
    g_test_add_func("/liveness/deadlock is no success", deadlock_is_no_success);
    g_test_add_func("/liveness/without a bound there is no verdict", without_a_bound_there_is_no_verdict);
    return g_test_run();
}
