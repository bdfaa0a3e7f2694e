/* SPDX-License-Identifier: MIT */
/* Sweeps over whole parts of a scenario, presets and files. */
#include "sweep_fixture.h"

/* Another kind drops what the file says of the first; its own kind keeps it. */
static void sweeps_parts(void)
{
    struct scenario *scenario = load_text("posim: 1\nprotocol: {kind: praos, slot: 9 s}\nvalidators: {count: 4}\n"
                                          "sweep:\n"
                                          "  grid:\n"
                                          "    protocol:\n"
                                          "      - {kind: tendermint, block_size: 2 kB}\n"
                                          "      - {kind: praos}\n"
                                          "      - {label: dense, active_slot_coefficient: 50 %}\n");
    has_points(scenario, "0: tendermint; 1: praos; 2: dense");
    g_assert_cmpstr(values_of(scenario)->protocol.variant->name, ==, "tendermint");
    struct scenario *praos = at(scenario, 1), *dense = at(scenario, 2);
    g_assert_cmpint(praos_of(praos)->slot_ns, ==, 9 * SECOND);
    g_assert_cmpint(praos_of(dense)->slot_ns, ==, 9 * SECOND);
    g_assert_cmpuint(praos_of(praos)->active_slot_coefficient.denominator, ==, 20);
    g_assert_cmpuint(praos_of(dense)->active_slot_coefficient.denominator, ==, 2);
    scenario_free(dense);
    scenario_free(praos);
    scenario_free(scenario);
}

/* A key that leads further is laid over each value of the other, in whichever order they stand. */
static void lays_inner_keys_later(void)
{
    static const char *const orders[] = {
        BASE "sweep: {grid: {protocol.slot: [3 s, 4 s], protocol: [{kind: praos, slot: 1 s}]}}\n",
        BASE "sweep: {grid: {protocol: [{kind: praos, slot: 1 s}], protocol.slot: [3 s, 4 s]}}\n",
        BASE "sweep: {grid: {protocol.slot: [3 s, 4 s], protocol.kind: [praos]}}\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        struct scenario *scenario = load_text(orders[i]), *second = at(scenario, 1);
        g_assert_cmpint(praos_of(second)->slot_ns, ==, 4 * SECOND);
        scenario_free(second);
        scenario_free(scenario);
    }
}

/* A condition may leave out the kinds that do not have a key: it is typed by those that do. */
static void types_keys_of_some_kinds(void)
{
    struct scenario *scenario = load_text(BASE "sweep:\n"
                                               "  grid:\n"
                                               "    protocol: [{kind: tendermint}, {kind: praos}]\n"
                                               "    protocol.slot: {from: 1 s, to: 3 s, step: 1 s}\n"
                                               "  where: protocol = praos and protocol.slot >= 2 s\n");
    has_points(scenario, "4: praos, 2; 5: praos, 3");
    scenario_free(scenario);
    gives_points(BASE "sweep:\n"
                      "  grid:\n"
                      "    faults: [[], [{name: f, kind: crash, at: 1 s}]]\n"
                      "    faults.f.at: {from: 2 s, to: 3 s, step: 1 s}\n"
                      "  where: faults != \"[]\"\n",
                 "2: [{name: f, kind: crash, at: 1 s}], 2; 3: [{name: f, kind: crash, at: 1 s}], 3");
    fixture_must_fail(BASE "sweep: {grid: {faults.f.at: {from: 2 s, to: 3 s, step: 1 s}}}\n", NULL,
                      "scenario:4:23: the list has no item `f`\n"
                      "    sweep: {grid: {faults.f.at: {from: 2 s, to: 3 s, step: 1 s}}}\n"
                      "                          ^\n"
                      "  the list is empty\n");
}

/* Files and presets. */

/* Each value of `extends` is what the file is laid over. What the file extends by itself does not shine through. */
static void sweeps_presets(void)
{
    struct folder folder;
    folder_fill(&folder);
    struct scenario_source source = in(&folder, "posim: 1\n"
                                                "extends: c\n"
                                                "name: mine\n"
                                                "network: {delay: 3 ms}\n"
                                                "sweep:\n"
                                                "  grid:\n"
                                                "    extends: [a, ./b.yaml, {label: own, extends: a, crypto: real}]\n"
                                                "    time.duration: [1 s, 2 s]\n"
                                                "  where: extends != a or time.duration = 2 s\n");
    struct scenario *scenario = load(&source);
    has_points(scenario, "1: a, 2; 2: ./b.yaml, 1; 3: ./b.yaml, 2; 4: own, 1; 5: own, 2");
    struct scenario *a = at(scenario, 1), *b = at(scenario, 2), *own = at(scenario, 4);
    g_assert_cmpint(values_of(a)->validators.count, ==, 7);
    g_assert_cmpint(values_of(b)->validators.count, ==, 8);
    g_assert_cmpint(values_of(own)->validators.count, ==, 7);
    g_assert_false(values_of(a)->relay);
    g_assert_true(values_of(b)->relay);
    g_assert_cmpint(values_of(own)->crypto, ==, 1);
    g_assert_cmpstr(values_of(a)->validators.stake.variant->name, ==, "equal");
    g_assert_cmpstr(values_of(b)->validators.stake.variant->name, ==, "file");
    g_assert_cmpint(values_of(b)->time.duration_ns, ==, 1 * SECOND);
    g_assert_cmpint(values_of(b)->network.delay_ns, ==, 3 * MILLISECOND);
    g_assert_cmpstr(values_of(b)->name, ==, "mine");
    scenario_free(own);
    scenario_free(b);
    scenario_free(a);
    scenario_free(scenario);
    folder_release(&folder);
}

/* What belongs to the experiment comes from the file and what that extends, whatever the presets say. */
static void keeps_the_experiment(void)
{
    struct folder folder;
    folder_fill(&folder);
    struct scenario_source source = in(&folder, "posim: 1\nname: mine\nsweep: {grid: {extends: [a, b]}}\n");
    struct scenario *scenario = load(&source);
    for (uint64_t point = 0; point < 2; point++) {
        struct scenario *one = at(scenario, point);
        g_assert_cmpstr(values_of(one)->name, ==, "mine");
        g_assert_cmpuint(values_of(one)->expect.count, ==, 0);
        scenario_free(one);
    }
    scenario_free(scenario);
    folder_release(&folder);
}

/* Files are called by the ends of their paths, and are inputs once the points were checked. */
static void sweeps_files(void)
{
    struct folder folder;
    folder_fill(&folder);
    struct scenario_source source =
        in(&folder, BASE "sweep: {grid: {validators.stake.file: [in/one.csv, ./in/two.csv]}}\n");
    struct scenario *scenario = load(&source);
    has_points(scenario, "0: one.csv; 1: two.csv");
    g_assert_cmpuint(g_strv_length((char **)scenario_inputs(scenario)), ==, 1);
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    g_assert_true(scenario_check_points(scenario, 10, &diagnostics));
    diagnostics_release(&diagnostics);
    g_assert_cmpuint(g_strv_length((char **)scenario_inputs(scenario)), ==, 2);
    scenario_free(scenario);

    source = in(&folder, BASE "sweep: {grid: {validators.stake.file: [in/one.csv, in/two.csv, other/two.csv]}}\n");
    scenario = load(&source);
    has_points(scenario, "0: in/one.csv; 1: in/two.csv; 2: other/two.csv");
    scenario_free(scenario);
    folder_release(&folder);
}

/* A path starts from the file that has it, be that another one, and on the command line from the current folder. */
static void finds_presets_from_where_they_are_named(void)
{
    struct folder folder;
    folder_fill(&folder);
    folder_write(&folder, "in/swept.yaml", "posim: 1\nsweep: {grid: {extends: [./near.yaml]}}\n");
    folder_write(&folder, "in/near.yaml", "posim: 1\nvalidators: {count: 3}\n");
    struct scenario_source source = in(&folder, "posim: 1\nextends: ./in/swept.yaml\nprotocol: {kind: praos}\n");
    struct scenario *scenario = load(&source);
    has_points(scenario, "0: ./near.yaml");
    g_assert_cmpint(values_of(scenario)->validators.count, ==, 3);
    scenario_free(scenario);

    char *current = g_get_current_dir(), *near = g_build_filename(folder.path, "in", NULL);
    g_assert_cmpint(g_chdir(near), ==, 0);
    source = in(&folder, "posim: 1\nprotocol: {kind: praos}\n");
    source.sweeps = (const char *const[]){"extends=./near.yaml", NULL};
    scenario = load(&source);
    g_assert_cmpint(g_chdir(current), ==, 0);
    has_points(scenario, "0: ./near.yaml");
    scenario_free(scenario);
    g_free(near);
    g_free(current);
    folder_release(&folder);
}

/* A preset's sweep is inherited key by key, a range as a whole. */
static void inherits(void)
{
    struct folder folder;
    folder_fill(&folder);
    folder_write(&folder, "swept.yaml",
                 "posim: 1\nextends: a\nsweep:\n"
                 "  grid:\n"
                 "    protocol.slot: {from: 1 s, to: 9 s, step: 1 s}\n"
                 "    crypto: [ideal, real]\n");
    struct scenario_source source =
        in(&folder, "posim: 1\nextends: swept\nsweep: {grid: {protocol.slot: {from: 1 s, to: 4 s, factor: 2}}}\n");
    struct scenario *scenario = load(&source);
    has_points(scenario, "0: ideal, 1; 1: ideal, 2; 2: ideal, 4; 3: real, 1; 4: real, 2; 5: real, 4");
    scenario_free(scenario);
    folder_release(&folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sweep-parts/sweeps parts", sweeps_parts);
    g_test_add_func("/sweep-parts/lays inner keys later", lays_inner_keys_later);
    g_test_add_func("/sweep-parts/types keys of some kinds", types_keys_of_some_kinds);
    g_test_add_func("/sweep-parts/sweeps presets", sweeps_presets);
    g_test_add_func("/sweep-parts/keeps the experiment", keeps_the_experiment);
    g_test_add_func("/sweep-parts/sweeps files", sweeps_files);
    g_test_add_func("/sweep-parts/finds presets from where they are named", finds_presets_from_where_they_are_named);
    g_test_add_func("/sweep-parts/inherits", inherits);
    return g_test_run();
}
