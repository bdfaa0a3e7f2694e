/* SPDX-License-Identifier: MIT */
/* Sweeps: which points there are, what each is, and which values are refused. */
#include "sweep_fixture.h"

/* What checking all points, or the values of large sweeps, says; g_free it. */
static char *check(const char *text, uint64_t most)
{
    struct scenario *scenario = load_text(text);
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    bool fine = scenario_check_points(scenario, most, &diagnostics);
    g_assert_cmpint(fine, ==, diagnostics_count(&diagnostics) == 0);
    GString *printed = g_string_new(NULL);
    diagnostics_print(&diagnostics, printed);
    diagnostics_release(&diagnostics);
    scenario_free(scenario);
    return g_string_free(printed, FALSE);
}

static void finds(const char *text, uint64_t most, const char *expected)
{
    char *errors = check(text, most);
    g_assert_cmpstr(errors, ==, expected);
    g_free(errors);
}

/* The grid. */

/* The last key changes fastest. Numbers are plain, in the unit of their column; the scenario is its first point. */
static void counts_like_an_odometer(void)
{
    struct scenario *scenario = load_text(BASE "sweep:\n"
                                               "  grid:\n"
                                               "    protocol.slot: [1 s, 250 ms, 1 min]\n"
                                               "    protocol.active_slot_coefficient: [5 %, 1/3]\n");
    has_points(scenario, "0: 1, 0.05; 1: 1, 0.333333333333; 2: 0.25, 0.05; 3: 0.25, 0.333333333333; "
                         "4: 60, 0.05; 5: 60, 0.333333333333");
    g_assert_cmpint(praos_of(scenario)->slot_ns, ==, 1 * SECOND);
    struct scenario *third = at(scenario, 3);
    g_assert_cmpint(praos_of(third)->slot_ns, ==, 250 * MILLISECOND);
    g_assert_cmpuint(praos_of(third)->active_slot_coefficient.denominator, ==, 3);
    g_assert_cmpuint(scenario_points(third), ==, 1);
    scenario_free(third);
    scenario_free(scenario);
}

static void names_columns(void)
{
    struct scenario *scenario = load_text("posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 4}\n"
                                          "network: {regions: {eu-1: {share: 100 %}}}\n"
                                          "sweep:\n"
                                          "  grid:\n"
                                          "    protocol.timeout_propose: [1 s, 2 s]\n"
                                          "    protocol.block_size: [1 kB]\n"
                                          "    network.regions.eu-1.bandwidth: [1 Gbit/s]\n"
                                          "    validators.count: [1_000]\n"
                                          "    relay: [on]\n"
                                          "    crypto: [real]\n"
                                          "    validators.stake: [{dist: equal}]\n");
    static const struct scenario_swept expected[] = {
        {"protocol.timeout_propose", "protocol_timeout_propose_s", "s", true},
        {"protocol.block_size", "protocol_block_size_bytes", "bytes", true},
        {"network.regions.eu-1.bandwidth", "network_regions_eu_1_bandwidth_bits_per_s", "bits_per_s", true},
        {"validators.count", "validators_count", "", true},
        {"relay", "relay", "", false},
        {"crypto", "crypto", "", false},
        {"validators.stake", "validators_stake", "", false},
    };
    struct scenario_swept keys[G_N_ELEMENTS(expected)];
    g_assert_cmpuint(scenario_swept(scenario, keys, G_N_ELEMENTS(keys)), ==, G_N_ELEMENTS(keys));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpstr(keys[i].path, ==, expected[i].path);
        g_assert_cmpstr(keys[i].column, ==, expected[i].column);
        g_assert_cmpstr(keys[i].unit, ==, expected[i].unit);
        g_assert_cmpint(keys[i].is_number, ==, expected[i].is_number);
    }
    has_points(scenario,
               "0: 1, 1000, 1000000000, 1000, on, real, equal; 1: 2, 1000, 1000000000, 1000, on, real, equal");
    scenario_free(scenario);
}

/* Without a sweep there is one point, and an empty sweep is none. */
static void is_one_point_without(void)
{
    static const char *const texts[] = {BASE, BASE "sweep: {}\n", BASE "sweep: {grid: {}}\n",
                                        BASE "sweep: {grid: {}, zip: {}}\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct scenario *scenario = load_text(texts[i]);
        has_points(scenario, "0:");
        scenario_free(at(scenario, 0));
        struct diagnostics diagnostics;
        diagnostics_init(&diagnostics);
        g_assert_true(scenario_check_points(scenario, 10, &diagnostics));
        diagnostics_release(&diagnostics);
        scenario_free(scenario);
    }
}

/* Zipped keys are one axis, the last; they may repeat a value. */
static void zips(void)
{
    gives_points(BASE "sweep:\n"
                      "  zip: {validators.count: [1, 2, 2], crypto: [ideal, ideal, real]}\n"
                      "  grid: {protocol.slot: [1 s, 2 s]}\n",
                 "0: 1, 1, ideal; 1: 1, 2, ideal; 2: 1, 2, real; 3: 2, 1, ideal; 4: 2, 2, ideal; 5: 2, 2, real");
    gives_points(BASE "sweep: {zip: {validators.count: {from: 1, to: 3, step: 1}, protocol.slot: [1 s, 2 s, 4 s]}}\n",
                 "0: 1, 1; 1: 2, 2; 2: 3, 4");
}

/* An item of a list is found by its name or number, and each point has a list of its own. */
static void sweeps_items(void)
{
    struct scenario *scenario =
        load_text(BASE "faults: [{kind: crash, at: 1 s}, {name: split, kind: partition, at: 2 s, groups: [1/2, 1/2]}]\n"
                       "sweep:\n"
                       "  grid:\n"
                       "    faults.split.at: [5 s, 6 s]\n"
                       "    faults.0.at: [7 s]\n"
                       "    faults.split.groups: [[1/3, 2/3], [60 %, 40 %]]\n");
    has_points(scenario, "0: 5, 7, [1/3, 2/3]; 1: 5, 7, [60 %, 40 %]; 2: 6, 7, [1/3, 2/3]; 3: 6, 7, [60 %, 40 %]");
    struct scenario *last = at(scenario, 3), *first = at(scenario, 0);
    for (int i = 0; i < 2; i++) {
        const struct param_variant_value *faults = values_of(i ? last : first)->faults.items;
        const struct fixture_fault *crash = faults[0].value, *split = faults[1].value;
        g_assert_cmpint(crash->at_ns, ==, 7 * SECOND);
        g_assert_cmpint(split->at_ns, ==, (i ? 6 : 5) * SECOND);
        g_assert_cmpuint(((const struct ratio *)split->groups.items)[0].denominator, ==, i ? 5 : 3);
    }
    scenario_free(first);
    scenario_free(last);
    scenario_free(scenario);
}

/* Keys may stand in quotes, and are then found between them. */
static void reads_yaml(void)
{
    gives_points(BASE "sweep: {grid: {\"protocol.slot\": ['1 s', \"2 s\"], 'crypto': [ideal]}}\n",
                 "0: 1, ideal; 1: 2, ideal");
    fixture_must_fail(BASE "sweep: {grid: {\"protocol.slto\": [1 s]}}\n", NULL,
                      "scenario:4:26: unknown key `slto` in `protocol` of kind praos\n"
                      "    sweep: {grid: {\"protocol.slto\": [1 s]}}\n"
                      "                             ^~~~\n"
                      "  did you mean `slot`?\n"
                      "  allowed: kind, slot, active_slot_coefficient\n");
}

/* Ranges. */

/* Every value exactly; `to` is among them where a step lands on it. */
static void walks_ranges(void)
{
    static const struct {
        const char *key, *range, *values;
    } cases[] = {
        {"protocol.slot", "{from: 4 s, to: 12 s, step: 4 s}", "4 8 12"},
        {"protocol.slot", "{from: 4 s, to: 11999 ms, step: 4 s}", "4 8"},
        {"protocol.slot", "{from: 100 ms, to: 1 min, step: 20.3 s}", "0.1 20.4 40.7"},
        {"protocol.slot", "{from: 1 s, to: 1 s, step: 1 h}", "1"},
        {"protocol.slot", "{from: 1 ms, to: 1 s, factor: 10}", "0.001 0.01 0.1 1"},
        {"protocol.slot", "{from: 1 s, to: 4 s, factor: 1.5}", "1 1.5 2.25 3.375"},
        {"protocol.active_slot_coefficient", "{from: 0 %, to: 30 %, step: 10 %}", "0 0.1 0.2 0.3"},
        {"protocol.active_slot_coefficient", "{from: 0, to: 100 %, step: 1/3}", "0 0.333333333333 0.666666666667 1"},
        {"protocol.active_slot_coefficient", "{from: 1/64, to: 1/2, factor: 4}", "0.015625 0.0625 0.25"},
        {"validators.count", "{from: 1, to: 1000, factor: 10}", "1 10 100 1000"},
        {"validators.count", "{from: 8, to: 27, factor: 3/2}", "8 12 18 27"},
        {"validators.count", "{from: 999_999, to: 1_000_000, step: 1}", "999999 1000000"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf(BASE "sweep: {grid: {%s: %s}}\n", cases[i].key, cases[i].range);
        struct scenario *scenario = load_text(text);
        GString *values = g_string_new(NULL);
        for (uint64_t point = 0; point < scenario_points(scenario); point++) {
            g_string_append_printf(values, "%s%s", point ? " " : "", scenario_swept_value(scenario, point, 0));
            scenario_free(at(scenario, point));
        }
        g_assert_cmpstr(values->str, ==, cases[i].values);
        g_string_free(values, TRUE);
        scenario_free(scenario);
        g_free(text);
    }
}

/* At the ends of what numbers can hold a range ends, too. */
static void ends_at_the_largest(void)
{
    gives_points(
        "posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 1}\n"
        "sweep: {grid: {protocol.block_size: {from: 4294967295 GiB, to: 8589934591 GiB, step: 4294967295 GiB}}}\n",
        "0: 4611686017353646080; 1: 9223372034707292160");
    gives_points(BASE "sweep: {grid: {protocol.slot: {from: 100000 d, to: 106751 d, step: 100000 d}}}\n",
                 "0: 8640000000");
    gives_points(BASE "sweep: {grid: {protocol.slot: {from: 90000 d, to: 106751 d, factor: 1000000}}}\n",
                 "0: 7776000000");
}

/* Conditions. */

/* What is left out keeps its number, so that a narrower sweep names the same points. */
static void keeps_numbers(void)
{
#define TWO "sweep:\n  grid: {protocol.slot: [1 s, 2 s, 4 s], validators.count: [1, 2, 3]}\n"
    gives_points(BASE TWO "  where: validators.count != 2 and protocol.slot > 1 s\n",
                 "3: 2, 1; 5: 2, 3; 6: 4, 1; 8: 4, 3");
    gives_points(BASE TWO "  where: \"validators.count = 2\"\n", "1: 1, 2; 4: 2, 2; 7: 4, 2");
    struct scenario *scenario = load(&(struct scenario_source){
        .text = BASE TWO "  where: validators.count != 2 or protocol.slot = 1 s\n", .only = "protocol.slot < 3 s"});
    has_points(scenario, "0: 1, 1; 1: 1, 2; 2: 1, 3; 3: 2, 1; 5: 2, 3");
    g_assert_false(scenario_has_point(scenario, 4));
    g_assert_cmpuint(scenario_next_point(scenario, 4), ==, 5);
    g_assert_cmpuint(scenario_next_point(scenario, 6), ==, 9);
    g_assert_cmpuint(scenario_next_point(scenario, UINT64_MAX), ==, 9);
    g_assert_cmpuint(scenario_count_points(scenario, 3), ==, 3);
    scenario_free(scenario);
}

/* The scenario's own values are those of the first point that is left. */
static void begins_at_the_first_left(void)
{
    struct scenario *scenario = load_text(BASE TWO "  where: protocol.slot = 4 s and validators.count > 1\n");
    g_assert_cmpint(praos_of(scenario)->slot_ns, ==, 4 * SECOND);
    g_assert_cmpint(values_of(scenario)->validators.count, ==, 2);
    scenario_free(scenario);
}

/* 2^48 places: points are found, not counted, and checking is bounded. */
static void stays_lazy(void)
{
    GString *text = g_string_new(BASE "sweep:\n  grid:\n");
    static const char *const keys[] = {"validators.count", "time.stop_height", "protocol.slot"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        g_string_append_printf(text, "    %s: {from: %s, to: %s, step: %s}\n", keys[i], i < 2 ? "1" : "1 s",
                               i < 2 ? "65536" : "65536 s", i < 2 ? "1" : "1 s");
    gint64 start = g_get_monotonic_time();
    struct scenario *scenario = load_text(text->str);
    g_assert_cmpuint(scenario_points(scenario), ==, UINT64_C(1) << 48);
    g_assert_cmpuint(scenario_count_points(scenario, UINT64_MAX), ==, UINT64_C(1) << 48);
    g_assert_cmpstr(scenario_swept_value(scenario, (UINT64_C(1) << 48) - 1, 2), ==, "65536");
    struct scenario *last = at(scenario, (UINT64_C(1) << 48) - 1);
    g_assert_cmpint(values_of(last)->validators.count, ==, 65536);
    scenario_free(last);
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    g_assert_true(scenario_check_points(scenario, 100, &diagnostics));
    scenario_free(scenario);

    g_string_append(text,
                    "  where: time.stop_height = 65536 and protocol.slot = 65536 s and validators.count > 65000\n");
    scenario = load_text(text->str);
    g_assert_cmpuint(scenario_next_point(scenario, 0), ==, (UINT64_C(65001) << 32) - 1);
    g_assert_cmpuint(scenario_count_points(scenario, 10), ==, 10);
    g_assert_true(scenario_check_points(scenario, 100, &diagnostics));
    diagnostics_release(&diagnostics);
    scenario_free(scenario);
    g_string_free(text, TRUE);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

/* Where nothing is left that says so; where posim gave up looking it says how far it looked. */
static void tells_where_nothing_is_left(void)
{
    fixture_must_fail(BASE TWO "  where: protocol.slot > 4 s\n", NULL,
                      "scenario:6:10: no combination is left to run\n"
                      "      where: protocol.slot > 4 s\n"
                      "             ^~~~~~~~~~~~~~~~~~~\n"
                      "  the condition holds for none of 9\n");
    refuses_source(&(struct scenario_source){.text = BASE TWO, .only = "validators.count = 4"},
                   "--only:1:1: no combination is left to run\n"
                   "    validators.count = 4\n"
                   "    ^~~~~~~~~~~~~~~~~~~~\n"
                   "  the condition holds for none of 9\n");
    struct scenario *scenario;
    char *errors =
        fixture_load(&(struct scenario_source){.text = BASE "sweep:\n"
                                                            "  grid:\n"
                                                            "    validators.count: {from: 1, to: 1000, step: 1}\n"
                                                            "    time.stop_height: {from: 1, to: 900_000, step: 1}\n"
                                                            "  where: time.stop_height = 1_000_000\n"},
                     &scenario);
    g_assert_cmpstr(errors, ==,
                    "scenario:8:10: none of the first 10000000 combinations is left to run, and posim looked no "
                    "further\n"
                    "      where: time.stop_height = 1_000_000\n"
                    "             ^~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
                    "  shorten the lists, or put the keys that the condition compares first in the grid\n");
    g_free(errors);
}

/* Checking. */

/* Every wrong value is told, though only the first point is filled on loading. */
static void checks_values(void)
{
    static const char count[] = "scenario:4:38: `validators.count`: 0 is out of range: from 1 to 1_000_000\n"
                                "    sweep: {grid: {validators.count: [4, 0, 5, -1], crypto: [ideal, reel]}}\n"
                                "                                         ^\n"
                                "  allowed: a whole number, from 1 to 1_000_000\n"
                                "scenario:4:44: `validators.count`: -1 is out of range: from 1 to 1_000_000\n"
                                "    sweep: {grid: {validators.count: [4, 0, 5, -1], crypto: [ideal, reel]}}\n"
                                "                                               ^~\n"
                                "  allowed: a whole number, from 1 to 1_000_000\n"
                                "scenario:4:65: `crypto`: \"reel\" is not one of: ideal, real\n"
                                "    sweep: {grid: {validators.count: [4, 0, 5, -1], crypto: [ideal, reel]}}\n"
                                "                                                                    ^~~~\n"
                                "  did you mean `real`?\n";
    finds(BASE "sweep: {grid: {validators.count: [4, 0, 5, -1], crypto: [ideal, reel]}}\n", 100, count);
    finds(BASE "sweep: {grid: {validators.count: [4, 0, 5, -1], crypto: [ideal, reel]}}\n", 5, count);
    fixture_must_fail(BASE "sweep: {grid: {validators.count: [0, 4, -1], crypto: [reel, ideal]}}\n", NULL,
                      "scenario:4:35: `validators.count`: 0 is out of range: from 1 to 1_000_000\n"
                      "    sweep: {grid: {validators.count: [0, 4, -1], crypto: [reel, ideal]}}\n"
                      "                                      ^\n"
                      "  allowed: a whole number, from 1 to 1_000_000\n"
                      "scenario:4:41: `validators.count`: -1 is out of range: from 1 to 1_000_000\n"
                      "    sweep: {grid: {validators.count: [0, 4, -1], crypto: [reel, ideal]}}\n"
                      "                                            ^~\n"
                      "  allowed: a whole number, from 1 to 1_000_000\n"
                      "scenario:4:55: `crypto`: \"reel\" is not one of: ideal, real\n"
                      "    sweep: {grid: {validators.count: [0, 4, -1], crypto: [reel, ideal]}}\n"
                      "                                                          ^~~~\n"
                      "  did you mean `real`?\n");
}

/* What is wrong only together is told with the point. */
static void checks_combinations(void)
{
    finds(BASE "sweep: {grid: {time.duration: [1 min, 1 h], time.warmup: [0 s, 10 min], relay: [on]}}\n", 100,
          "scenario:4:64: `time.warmup`: must be less than `duration`\n"
          "    sweep: {grid: {time.duration: [1 min, 1 h], time.warmup: [0 s, 10 min], relay: [on]}}\n"
          "                                                                   ^~~~~~\n"
          "  at point 1: time.duration = 1 min, time.warmup = 10 min, relay = on\n");
}

/* Values that the first point's neighbours do not show are found elsewhere. */
static void checks_values_off_the_axes(void)
{
    finds(BASE "sweep:\n"
               "  grid:\n"
               "    validators.count: [1, 2, 3, 0]\n"
               "    time.stop_height: [1, 2, 3, 0]\n"
               "  where: validators.count = time.stop_height\n",
          3, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sweep/counts like an odometer", counts_like_an_odometer);
    g_test_add_func("/sweep/names columns", names_columns);
    g_test_add_func("/sweep/is one point without", is_one_point_without);
    g_test_add_func("/sweep/zips", zips);
    g_test_add_func("/sweep/sweeps items", sweeps_items);
    g_test_add_func("/sweep/reads YAML", reads_yaml);
    g_test_add_func("/sweep/walks ranges", walks_ranges);
    g_test_add_func("/sweep/ends at the largest", ends_at_the_largest);
    g_test_add_func("/sweep/keeps numbers", keeps_numbers);
    g_test_add_func("/sweep/begins at the first left", begins_at_the_first_left);
    g_test_add_func("/sweep/stays lazy", stays_lazy);
    g_test_add_func("/sweep/tells where nothing is left", tells_where_nothing_is_left);
    g_test_add_func("/sweep/checks values", checks_values);
    g_test_add_func("/sweep/checks combinations", checks_combinations);
    g_test_add_func("/sweep/checks values off the axes", checks_values_off_the_axes);
    return g_test_run();
}
