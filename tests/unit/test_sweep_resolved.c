/* SPDX-License-Identifier: MIT */
/* A sweep that is written down is the same sweep: its points have the same numbers, labels and values. */
#include "sweep_fixture.h"

static char *resolved(const struct scenario *scenario)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(scenario, text);
    return g_string_free(text, FALSE);
}

/* The scenario of a point as text; "" where its values do not fit together. */
static char *resolved_at(const struct scenario *scenario, uint64_t point)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *one = scenario_at(scenario, point, &diagnostics);
    char *text = one ? resolved(one) : g_strdup("");
    scenario_free(one);
    diagnostics_release(&diagnostics);
    return text;
}

/*
 * What is written down loads, from another folder and without presets, to the same keys, numbers, labels and values,
 * and is then written down alike.
 */
static void is_the_same_again(const struct scenario *scenario)
{
    char *text = resolved(scenario);
    struct scenario *again = load(&(struct scenario_source){.text = text, .folder = "/"});
    char *expected = points_of(scenario), *points = points_of(again), *twice = resolved(again);
    g_assert_cmpstr(points, ==, expected);
    g_assert_cmpstr(twice, ==, text);
    g_assert_cmpuint(scenario_points(again), ==, scenario_points(scenario));

    struct scenario_swept keys[64], same[64];
    size_t count = scenario_swept(scenario, keys, G_N_ELEMENTS(keys));
    g_assert_cmpuint(scenario_swept(again, same, G_N_ELEMENTS(same)), ==, count);
    for (size_t k = 0; k < count; k++) {
        g_assert_cmpstr(same[k].path, ==, keys[k].path);
        g_assert_cmpstr(same[k].column, ==, keys[k].column);
        g_assert_cmpint(same[k].is_number, ==, keys[k].is_number);
    }
    for (uint64_t point = scenario_next_point(scenario, 0); point < scenario_points(scenario);
         point = scenario_next_point(scenario, point + 1)) {
        char *before = resolved_at(scenario, point), *after = resolved_at(again, point);
        g_assert_cmpstr(after, ==, before);
        g_free(after);
        g_free(before);
    }
    g_free(twice);
    g_free(points);
    g_free(expected);
    g_free(text);
    scenario_free(again);
}

/* Values that add to what is there must not leak from the first point into the others. */
static void writes_down_what_was_given(void)
{
    static const char *const sweeps[] = {
        BASE "sweep: {grid: {protocol.slot: [1 s, 2 s], protocol.active_slot_coefficient: {from: 5 %, to: 100 %, step: "
             "1/4}}}\n",
        BASE "sweep: {grid: {protocol: [{slot: 3 s}, {label: b, active_slot_coefficient: 1/7}]}}\n",
        "posim: 1\nprotocol: {kind: praos, slot: 9 s}\nvalidators: {count: 1}\n"
        "sweep: {grid: {protocol.kind: [tendermint, praos]}}\n",
        BASE "sweep: {grid: {validators: [{label: x, stake: {dist: pareto, alpha: 3}}, {label: y, count: 9}]}}\n",
        BASE "sweep: {grid: {time: [{label: stops, stop_height: 9}, {label: 3, duration: 3 s}, {label: \"on\"}]}}\n",
        BASE "sweep: {grid: {adversary: [{kind: crash, at: 1 s, share: 10 %}, {kind: partition, at: 2 s, groups: "
             "[1/2]}]}}\n",
        BASE "faults: [{name: f, kind: crash, at: 1 s, share: 1/3}]\n"
             "sweep: {grid: {faults.f.kind: [partition], faults.f.groups: [[1/2], [1/3]], faults.f.at: [3 s]}, "
             "where: 'faults.f.kind = partition'}\n",
        BASE "faults: [{name: f, kind: crash, at: 1 s, share: 1/3}]\n"
             "sweep: {grid: {faults.0: [{label: a, at: 2 s}, {label: b, share: 1/4}], faults.0.at: [8 s, 9 s]}}\n",
        BASE
        "sweep: {zip: {protocol.slot: [1 s, 1 s], protocol: [{label: u}, {label: v, active_slot_coefficient: 1/9}]}}\n",
        BASE "sweep: {grid: {network.regions.eu.share: [40 %, 60 %], network.regions.us: [{label: k, share: 1/2}]}}\n",
        BASE "sweep: {grid: {record: [[], [votes], [blocks, votes]]}}\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(sweeps); i++) {
        struct scenario *scenario = load_text(sweeps[i]);
        is_the_same_again(scenario);
        scenario_free(scenario);
    }
}

/* Presets and files, as paths from the folder of the scenario, are then found from anywhere. */
static void writes_down_files(void)
{
    static const char *const sweeps[] = {
        BASE "sweep: {grid: {validators.stake.file: [in/one.csv, in/two.csv, other/two.csv]}}\n",
        BASE "sweep: {grid: {validators.stake: [{file: in/one.csv}, {label: b, file: in/two.csv, column: stake}]}}\n",
        "posim: 1\nextends: c\nsweep: {grid: {validators.stake: [{label: a}, {label: b, column: x}]}}\n",
        "posim: 1\nextends: c\nsweep: {grid: {validators.stake: [{label: a, names: in/two.csv}, {label: b}]}}\n",
        "posim: 1\nextends: c\nsweep: {grid: {validators: [{label: a, count: 2}, {label: b, stake: {dist: equal}}]}}\n",
        "posim: 1\nextends: c\nsweep: {grid: {validators.stake.dist: [file, equal], relay: [on, off]}}\n",
        "posim: 1\nextends: c\nname: own\nsweep: {grid: {extends: [a, ./b.yaml, {label: d, extends: b}]}}\n",
        "posim: 1\nsweep: {grid: {protocol: [{slot: 3 s}], extends: [a, {label: e, extends: a, relay: on}]}}\n",
    };
    struct folder folder;
    folder_fill(&folder);
    for (size_t i = 0; i < G_N_ELEMENTS(sweeps); i++) {
        struct scenario_source source = in(&folder, sweeps[i]);
        struct scenario *scenario = load(&source);
        is_the_same_again(scenario);
        scenario_free(scenario);
    }
    folder_release(&folder);
}

/* The command line is written down with all else. */
static void writes_down_the_command_line(void)
{
    static const char *const overrides[] = {"protocol.slot=7 s", "relay=on", NULL};
    static const char *const added[] = {"crypto=ideal,real", "validators.count={from: 1, to: 5, step: 2}", NULL};
    struct scenario *scenario =
        load(&(struct scenario_source){.text = BASE "sweep:\n"
                                                    "  grid: {protocol: [{label: a}, {label: b, slot: 2 s}]}\n"
                                                    "  zip: {time.duration: [1 s, 2 s], network.delay: [1 s, 0]}\n"
                                                    "  where: protocol = a or crypto = real\n",
                                       .overrides = overrides,
                                       .sweeps = added,
                                       .only = "time.duration = 1 s or crypto = ideal and protocol != b"});
    is_the_same_again(scenario);
    scenario_free(scenario);
}

/* Random sweeps over a random base: what loads is the same again. */
static void writes_down_whatever_loads(void)
{
    static const char *const bases[] = {"protocol: {kind: praos}\n", "protocol: {kind: praos, slot: 9 s}\n",
                                        "protocol: {kind: tendermint}\n",
                                        "protocol: {kind: tendermint, block_size: 1 B}\n", ""};
    static const char *const others[] = {
        "",
        "relay: on\n",
        "adversary: {kind: crash, at: 3 s}\n",
        "faults: [{name: f, kind: crash, at: 1 s, share: 1/2}, {kind: crash, at: 0}]\n",
        "time: {stop_height: 3}\n",
        "validators: {count: 8, stake: {dist: zipf, s: 1}}\n"};
    static const struct {
        const char *key, *values[5];
    } keys[] = {
        {"protocol",
         {"{kind: praos}", "{kind: tendermint}", "{label: l, slot: 2 s}", "{label: m, kind: praos, slot: 4 s}",
          "{label: n, block_size: 2 B}"}},
        {"protocol.kind", {"praos", "tendermint"}},
        {"protocol.slot", {"1 s", "2 s", "1 min"}},
        {"protocol.block_size", {"1 B", "2 kB"}},
        {"validators", {"{label: few, count: 3}", "{label: more, count: 30, stake: {dist: pareto}}", "{label: same}"}},
        {"validators.count", {"1", "2", "1_000"}},
        {"validators.stake",
         {"{dist: equal}", "{dist: pareto, alpha: 2}", "{values: [1, 2, 3]}", "{label: z, alpha: 3}"}},
        {"validators.stake.dist", {"equal", "pareto"}},
        {"validators.stake.values", {"[1, 2]", "[3]"}},
        {"validators.stake.alpha", {"1", "1.5", "9/7"}},
        {"network", {"{label: slow, delay: 1 s}", "{label: eu, regions: {eu: {share: 10 %}}}"}},
        {"network.regions.eu.share", {"1/3", "20 %"}},
        {"network.regions.eu", {"{label: r, share: 1/5}", "{label: s, bandwidth: 1 Mbit/s}"}},
        {"faults", {"[]", "[{kind: crash, at: 4 s}]", "[{name: f, kind: partition, at: 5 s, groups: [1/2, 1/2]}]"}},
        {"faults.f", {"{label: p, at: 6 s}", "{label: q, kind: partition, at: 7 s, groups: [1/3]}"}},
        {"faults.f.at", {"8 s", "9 s"}},
        {"faults.0.share", {"10 %", "1/7"}},
        {"adversary", {"{kind: crash, at: 1 s}", "{kind: partition, at: 2 s, groups: []}", "{label: t, share: 1/8}"}},
        {"adversary.kind", {"crash", "partition"}},
        {"time.stop_height", {"1", "7"}},
        {"time", {"{label: long, duration: 3 h}", "{label: until, stop_height: 5}"}},
        {"crypto", {"ideal", "real"}},
        {"relay", {"on", "off"}},
        {"record", {"[]", "[votes]", "[blocks, votes]"}},
    };
    GRand *random = g_rand_new_with_seed(25);
    int loaded = 0, rounds = 4000;
    for (int i = 0; i < rounds; i++) {
        GString *text = g_string_new("posim: 1\n");
        const char *other = others[g_rand_int_range(random, 0, G_N_ELEMENTS(others))];
        g_string_append(text, bases[g_rand_int_range(random, 0, G_N_ELEMENTS(bases))]);
        g_string_append_printf(text, "%s%ssweep:\n", other,
                               strstr(other, "validators") ? "" : "validators: {count: 4}\n");
        size_t first = 0, length = 0;
        for (int part = 0; part < 2; part++) {
            g_string_append(text, part ? "  zip:\n" : "  grid:\n");
            int wanted = g_rand_int_range(random, part ? 0 : 1, 4);
            size_t together = (size_t)g_rand_int_range(random, 1, 4);
            if (!wanted)
                g_string_truncate(text, text->len - strlen("  zip:\n"));
            for (int k = 0; k < wanted; k++) {
                size_t key = (size_t)g_rand_int_range(random, 0, G_N_ELEMENTS(keys)), count = 1;
                while (count < 5 && keys[key].values[count])
                    count++;
                first = length++ ? first : key;
                size_t many = part ? together : (size_t)g_rand_int_range(random, 1, (gint32)count + 1);
                g_string_append_printf(text, "    %s: [", keys[key].key);
                for (size_t v = 0; v < many; v++)
                    g_string_append_printf(text, "%s%s", v ? ", " : "", keys[key].values[v % count]);
                g_string_append(text, "]\n");
            }
        }
        if (g_rand_boolean(random))
            g_string_append_printf(text, "  where: not %s = %s\n", keys[first].key, keys[first].values[0]);
        struct scenario *scenario;
        char *errors = fixture_load(&(struct scenario_source){.text = text->str}, &scenario);
        if (scenario)
            is_the_same_again(scenario);
        loaded += scenario != NULL;
        scenario_free(scenario);
        g_free(errors);
        g_string_free(text, TRUE);
    }
    g_test_message("%d of %d random sweeps load", loaded, rounds);
    g_assert_cmpint(loaded, >, rounds / 6);
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sweep resolved/writes down what was given", writes_down_what_was_given);
    g_test_add_func("/sweep resolved/writes down files", writes_down_files);
    g_test_add_func("/sweep resolved/writes down the command line", writes_down_the_command_line);
    g_test_add_func("/sweep resolved/writes down whatever loads", writes_down_whatever_loads);
    return g_test_run();
}
