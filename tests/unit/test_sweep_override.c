/* SPDX-License-Identifier: MIT */
/* Sweeps and the command line: --sweep adds and replaces keys, --set changes what is around them. */
#include "sweep_fixture.h"

static void takes_sweeps_from_the_command_line(void)
{
#define GRID BASE "sweep: {grid: {protocol.slot: [1 s, 2 s]}, zip: {validators.count: [1, 2], crypto: [ideal, real]}}\n"
    static const struct {
        const char *text, *sweep, *points;
    } cases[] = {
        {BASE, "protocol.slot=4s,8s", "0: 4; 1: 8"},
        {BASE, "protocol.slot=[4 s, 8 s]", "0: 4; 1: 8"},
        {BASE, "protocol.slot={from: 1 s, to: 3 s, step: 1 s}", "0: 1; 1: 2; 2: 3"},
        {BASE, "protocol={kind: praos},{kind: tendermint}", "0: praos; 1: tendermint"},
        {BASE, "protocol.kind=praos", "0: praos"},
        {BASE "faults: [{name: f, kind: partition, at: 0, groups: [1]}]\n", "faults.f.groups=[1/2, 1/2],[1/3, 2/3]",
         "0: [1/2, 1/2]; 1: [1/3, 2/3]"},
        /* replaces a key of the grid where it stands; a new one stands before those of `zip` */
        {GRID, "protocol.slot=3s", "0: 3, 1, ideal; 1: 3, 2, real"},
        {GRID, "relay=on,off",
         "0: 1, on, 1, ideal; 1: 1, on, 2, real; 2: 1, off, 1, ideal; 3: 1, off, 2, real; "
         "4: 2, on, 1, ideal; 5: 2, on, 2, real; 6: 2, off, 1, ideal; 7: 2, off, 2, real"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const sweeps[] = {cases[i].sweep, NULL};
        struct scenario_source source = {.text = cases[i].text, .sweeps = sweeps};
        struct scenario *scenario = load(&source);
        has_points(scenario, cases[i].points);
        scenario_free(scenario);
    }
}

static void refuses_wrong_sweeps(void)
{
    static const struct {
        const char *text, *sweep, *errors;
    } cases[] = {
        {BASE, "protocol.slot",
         "--sweep:1:1: a sweep needs a key and values\n"
         "    protocol.slot\n"
         "    ^~~~~~~~~~~~~\n"
         "  write KEY=VALUE,VALUE, such as protocol.slot=4s,8s\n"},
        {BASE, "protocol.slot=",
         "--sweep:1:15: `protocol.slot` has no value\n"
         "    protocol.slot=[]\n"
         "                  ^\n"},
        {BASE, "=1",
         "--sweep:1:1: a key is missing in ``\n"
         "    =[1]\n"
         "    ^\n"},
        {BASE, "protocol..slot=1s",
         "--sweep:1:1: a key is missing in `protocol..slot`\n"
         "    protocol..slot=[1s]\n"
         "    ^~~~~~~~~~~~~~\n"},
        {BASE, "protocol.slot=4,8s",
         "--sweep:1:16: `protocol.slot`: a duration needs a unit: 4 s, 4 ms, 4 min\n"
         "    protocol.slot=[4,8s]\n"
         "                   ^\n"
         "  allowed: a duration such as 12 s, at least 1 ms; default 1 s\n"},
        {BASE, "protocol.slot=4s]",
         "--sweep:1:19: this is not YAML: did not find expected <document start>\n"
         "    protocol.slot=[4s]]\n"
         "                      ^\n"
         "  the text goes on after its end; a whole scenario is one map\n"},
        {GRID, "crypto=ideal,real",
         "--sweep:1:1: `crypto` changes with other keys: --sweep cannot change it\n"
         "    crypto=[ideal,real]\n"
         "    ^~~~~~\n"
         "  it stands in `zip`; --only chooses among its values\n"},
        {BASE, "posim=1,2",
         "--sweep:1:1: `posim` is the same for all points: it cannot be swept\n"
         "    posim=[1,2]\n"
         "    ^~~~~\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const sweeps[] = {cases[i].sweep, NULL};
        static const char *const overrides[] = {"relay=on", NULL};
        refuses_source(&(struct scenario_source){.text = cases[i].text, .sweeps = sweeps, .overrides = overrides},
                       cases[i].errors);
    }
}

/* --set. */

/* Above a swept key it changes what is swept in; below one it changes each of its values. */
static void is_overridden_around(void)
{
    struct scenario *scenario = load(&(struct scenario_source){
        .text = "posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 4}\n"
                "sweep: {grid: {protocol.slot: [3 s, 4 s]}}\n",
        .overrides = (const char *const[]){"protocol={kind: praos, active_slot_coefficient: 50 %}", NULL}});
    struct scenario *second = at(scenario, 1);
    g_assert_cmpint(praos_of(second)->slot_ns, ==, 4 * SECOND);
    g_assert_cmpuint(praos_of(second)->active_slot_coefficient.denominator, ==, 2);
    scenario_free(second);
    scenario_free(scenario);

    scenario = load(&(struct scenario_source){
        .text = "posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 4}\n"
                "sweep: {grid: {protocol: [{label: a, kind: praos}, {label: b, kind: praos, slot: 2 s}]}}\n",
        .overrides = (const char *const[]){"protocol.slot=7 s", NULL}});
    has_points(scenario, "0: a; 1: b");
    for (uint64_t point = 0; point < 2; point++) {
        struct scenario *one = at(scenario, point);
        g_assert_cmpint(praos_of(one)->slot_ns, ==, 7 * SECOND);
        scenario_free(one);
    }
    scenario_free(scenario);
}

static void overrides_items_of_values(void)
{
    struct scenario *scenario =
        load(&(struct scenario_source){.text = BASE "sweep: {grid: {faults: [[{name: f, kind: crash, at: 1 s}], "
                                                    "[{kind: crash, at: 2 s}, {name: f, kind: crash, at: 3 s}]]}}\n",
                                       .overrides = (const char *const[]){"faults.f.at=9 s", NULL}});
    struct scenario *second = at(scenario, 1);
    const struct param_variant_value *faults = values_of(second)->faults.items;
    g_assert_cmpint(((const struct fixture_fault *)faults[0].value)->at_ns, ==, 2 * SECOND);
    g_assert_cmpint(((const struct fixture_fault *)faults[1].value)->at_ns, ==, 9 * SECOND);
    scenario_free(second);
    scenario_free(scenario);
}

static void overrides_presets(void)
{
    struct folder folder;
    folder_fill(&folder);
    struct scenario_source source =
        in(&folder, "posim: 1\nsweep: {grid: {extends: [a, {label: own, extends: b, relay: off}]}}\n");
    source.overrides = (const char *const[]){"validators.count=5", "name=changed", NULL};
    struct scenario *scenario = load(&source);
    for (uint64_t point = 0; point < 2; point++) {
        struct scenario *one = at(scenario, point);
        g_assert_cmpint(values_of(one)->validators.count, ==, 5);
        g_assert_cmpstr(values_of(one)->name, ==, "changed");
        scenario_free(one);
    }
    scenario_free(scenario);
    folder_release(&folder);
}

/* What a sweep decides no --set can, in whatever form. */
static void refuses_overrides_of_swept_keys(void)
{
#define SLOTS BASE "sweep: {grid: {protocol.slot: [3 s, 4 s]}}\n"
#define PARTS BASE "sweep: {grid: {protocol: [{kind: praos}]}}\n"
    static const struct {
        const char *text, *set, *errors;
    } cases[] = {
        {SLOTS, "protocol.slot=1 s",
         "--set:1:10: `protocol.slot` is swept: --set cannot change it\n"
         "    protocol.slot=1 s\n"
         "             ^~~~\n"
         "  --sweep protocol.slot=VALUE,VALUE replaces the values; --only chooses among them\n"},
        {SLOTS, "protocol={kind: praos, slot: 1 s}",
         "--set:1:24: `protocol.slot` is swept: --set cannot change it\n"
         "    protocol={kind: praos, slot: 1 s}\n"
         "                           ^~~~\n"
         "  --sweep protocol.slot=VALUE,VALUE replaces the values; --only chooses among them\n"},
        {PARTS, "protocol={kind: tendermint}",
         "--set:1:1: `protocol` is swept: --set cannot change it\n"
         "    protocol={kind: tendermint}\n"
         "    ^~~~~~~~\n"
         "  --sweep protocol=VALUE,VALUE replaces the values; --only chooses among them\n"},
        {PARTS, "protocol.block_size=1 kB",
         "--set:1:10: unknown key `block_size` in `protocol` of kind praos\n"
         "    protocol.block_size=1 kB\n"
         "             ^~~~~~~~~~\n"
         "  `block_size` belongs to kind `tendermint`\n"
         "  allowed: kind, slot, active_slot_coefficient\n"},
        {SLOTS, "protocol.slot.unit=1",
         "--set:1:10: `protocol.slot` is swept: --set cannot change it\n"
         "    protocol.slot.unit=1\n"
         "             ^~~~\n"
         "  --sweep protocol.slot=VALUE,VALUE replaces the values; --only chooses among them\n"},
        {BASE "sweep: {grid: {protocol.slot: {from: 1 s, to: 2 s, step: 1 s}}}\n", "protocol.slot.from=2 s",
         "--set:1:10: `protocol.slot` is swept: --set cannot change it\n"
         "    protocol.slot.from=2 s\n"
         "             ^~~~\n"
         "  --sweep protocol.slot=VALUE,VALUE replaces the values; --only chooses among them\n"},
        {SLOTS, "sweep.grid.protocol.slot=1 s",
         "--set:1:21: `protocol` needs a list of values, or a range\n"
         "    sweep.grid.protocol.slot=1 s\n"
         "                        ^~~~\n"
         "  such as [4 s, 8 s], or {from: 4 s, to: 12 s, step: 4 s}\n"
         "  --sweep KEY=VALUE,VALUE changes what is swept\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const overrides[] = {cases[i].set, NULL};
        fixture_must_fail(cases[i].text, overrides, cases[i].errors);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sweep-override/takes sweeps from the command line", takes_sweeps_from_the_command_line);
    g_test_add_func("/sweep-override/refuses wrong sweeps", refuses_wrong_sweeps);
    g_test_add_func("/sweep-override/is overridden around", is_overridden_around);
    g_test_add_func("/sweep-override/overrides items of values", overrides_items_of_values);
    g_test_add_func("/sweep-override/overrides presets", overrides_presets);
    g_test_add_func("/sweep-override/refuses overrides of swept keys", refuses_overrides_of_swept_keys);
    return g_test_run();
}
