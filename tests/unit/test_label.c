/* SPDX-License-Identifier: MIT */
/* How figures write names, numbers and axes; and where they put the labels of points. */
#include "report/label.h"
#include "report/label_place.h"

#include <glib.h>
#include <math.h>

static void expect_text(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void keys_and_metrics(void)
{
    expect_text(label_key("protocol.timeout_propose"), "Protocol timeout propose");
    static const char *const metrics[][2] = {
        {"orphan_rate", "Orphan rate"},
        {"block_interval_s", "Block interval"},
        {"block_interval_s_p50", "Median block interval"},
        {"block_interval_s_p95", "Block interval 95 % quantile"},
        {"chain_growth_per_s", "Chain growth"},
        {"chain_growth_per_s_min", "Minimum chain growth"},
        {"reorg_depth_max", "Maximum reorg depth"},
        {"rounds_mean", "Mean rounds"},
        {"throughput_tx_s", "Throughput"},
        {"finality_s_two_thirds_p50", "Median finality at 2/3 of stake"},
        {"finality_s_last_p99", "Finality at last node 99 % quantile"},
        {"finality_s_first_p50", "Median finality at first node"},
        {"energy_j_per_block", "Energy"},
        {"gini", "Gini"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        expect_text(label_metric(metrics[i][0]), metrics[i][1]);
}

static void numbers_have_units_that_read_well(void)
{
    static const struct {
        const char *unit;
        double value;
        const char *expected;
    } cases[] = {
        {"s", .08, "80 ms"},
        {"s", 1, "1 s"},
        {"s", 599, "599 s"},
        {"s", 600, "10 min"},
        {"s", 36000, "10 h"},
        {"s", 0, "0 s"},
        {"bytes", 1500000, "1.5 MB"},
        {"bits_per_s", 1e9, "1 Gbit/s"},
        {"1", .25, "0.25"},
        {"", 175, "175"},
        {"blocks", 3, "3 blocks"},
        {"s", NAN, "NA s"},
        {"tx_per_s", 200, "200 tx/s"},
        {"tx_per_s", 2000, "2 ktx/s"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct scale scale = scale_exact(cases[i].unit, cases[i].value);
        expect_text(label_quantity(cases[i].value, &scale, 6), cases[i].expected);
    }
}

static void axes_have_titles(void)
{
    static const struct {
        const char *label, *unit;
        double largest;
        const char *expected;
    } cases[] = {
        {"Protocol slot", "s", 12, "Protocol slot (s)"},
        {"Orphan rate", "1", .3, "Orphan rate"},
        {"Messages", "messages", 900, "Messages"},
        {"Messages", "messages", 5e5, "Messages (thousands)"},
        {"Deliveries", "arrivals", 2e7, "Deliveries (million arrivals)"},
        {"Slashed stake", "base units", 50, "Slashed stake (base units)"},
        {"Events", "", 4e9, "Events (billions)"},
        {"Bytes", "bytes", 5e9, "Bytes (GB)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct scale scale = scale_rounded(cases[i].unit, cases[i].largest);
        expect_text(label_axis(cases[i].label, &scale), cases[i].expected);
    }
}

static void expect_axis(struct axis axis, double from, double to, bool logarithmic)
{
    g_assert_cmpfloat_with_epsilon(axis.from, from, 1e-9);
    g_assert_cmpfloat_with_epsilon(axis.to, to, 1e-9);
    g_assert_true(axis.logarithmic == logarithmic);
}

static void axes_show_all_values(void)
{
    expect_axis(axis_of(1, 13, 1, AXIS_AUTO), 0, 14, false);
    expect_axis(axis_of(12, 24, 12, AXIS_LINEAR), 0, 25, false);
    expect_axis(axis_of(13, 25, 13, AXIS_LINEAR), 12, 26, false);
    expect_axis(axis_of(-13, -1, INFINITY, AXIS_AUTO), -14, 0, false);
    expect_axis(axis_of(-6, 6, 1, AXIS_AUTO), -7, 7, false);
    expect_axis(axis_of(.01, 1, .01, AXIS_AUTO), .008, 1.25, true);
    expect_axis(axis_of(.01, 1, .01, AXIS_LINEAR), 0, 1.0825, false);
    expect_axis(axis_of(0, 10, 5, AXIS_LOG), 4, 12.5, true);
    expect_axis(axis_of(0, 0, INFINITY, AXIS_LOG), 0, 1, false);
    expect_axis(axis_of(12, 12, 12, AXIS_AUTO), 11, 13, false);
    expect_axis(axis_of(INFINITY, -INFINITY, INFINITY, AXIS_AUTO), 0, 1, false);
}

static void steps_are_easily_said(void)
{
    static const double cases[][2] = {{3, 1}, {5.9, 1}, {6, 2}, {14, 2}, {15, 5}, {30, 10}, {.4, .1}, {0, 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpfloat_with_epsilon(label_step(cases[i][0]), cases[i][1], 1e-9);
}

static struct placed_label at(double x, double y, bool needed)
{
    return (struct placed_label){
        .x = x, .y = y, .length = 4, .lean_x = -1, .lean_y = -1, .wanted = true, .needed = needed};
}

/* Alone a label stands where it leans; beside another point on that side it goes below. */
static void labels_lean(void)
{
    struct placed_label labels[] = {at(3, 2, true), at(5, 2, true), at(4.7, 2, false)};
    labels[1].lean_x = 1;
    labels[2].wanted = false;
    label_place(labels, 3);
    g_assert_true(labels[0].shown && labels[1].shown && !labels[2].shown);
    g_assert_cmpint(labels[0].side, ==, -1);
    g_assert_cmpfloat(labels[0].dx, <, 0);
    g_assert_cmpint(labels[1].side, ==, 1);
    labels[1].lean_x = -1;
    label_place(labels, 3);
    g_assert_cmpfloat(labels[1].dy, <, 0);
}

/* Nine points on one spot have at most eight places around them, and fewer that do not cover each other. */
static void labels_do_not_cover_each_other(void)
{
    struct placed_label labels[9];
    size_t shown = 0;
    for (size_t i = 0; i < 9; i++)
        labels[i] = at(3, 2, false);
    label_place(labels, 9);
    for (size_t i = 0; i < 9; i++)
        shown += labels[i].shown;
    g_assert_cmpuint(shown, >=, 2);
    g_assert_cmpuint(shown, <=, 6);
}

/* At the left edge there is no room to the left. */
static void labels_stay_inside(void)
{
    struct placed_label label = at(.1, .1, true);
    label_place(&label, 1);
    g_assert_true(label.shown);
    g_assert_cmpint(label.side, ==, 1);
    g_assert_cmpfloat(label.dy, >=, 0);
}

static void positions_on_axes(void)
{
    struct axis linear = {.from = 10, .to = 30}, log = {.from = 1, .to = 1024, .logarithmic = true};
    g_assert_cmpfloat_with_epsilon(label_position(&linear, 15, 8), 2, 1e-12);
    g_assert_cmpfloat_with_epsilon(label_position(&log, 32, 8), 4, 1e-12);
    g_assert_cmpfloat_with_epsilon(label_position(&log, 48, 8), 8 * log2(48) / 10, .08);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/label/keys and metrics", keys_and_metrics);
    g_test_add_func("/label/numbers have units that read well", numbers_have_units_that_read_well);
    g_test_add_func("/label/axes have titles", axes_have_titles);
    g_test_add_func("/label/axes show all values", axes_show_all_values);
    g_test_add_func("/label/steps are easily said", steps_are_easily_said);
    g_test_add_func("/label/labels lean", labels_lean);
    g_test_add_func("/label/labels do not cover each other", labels_do_not_cover_each_other);
    g_test_add_func("/label/labels stay inside", labels_stay_inside);
    g_test_add_func("/label/positions on axes", positions_on_axes);
    return g_test_run();
}
