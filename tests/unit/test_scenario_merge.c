/* SPDX-License-Identifier: MIT */
/* Scenarios over presets, and --set over both: what is kept, what is replaced, what is dropped. */
#include "scenario_fixture.h"

#include <glib/gstdio.h>

/* A folder of files that a test extends; removed at its end. */
struct files {
    char *folder;
    GPtrArray *paths;
};

static void files_init(struct files *files)
{
    files->folder = g_dir_make_tmp("posim-XXXXXX", NULL);
    files->paths = g_ptr_array_new_with_free_func(g_free);
}

static void files_write(struct files *files, const char *name, const char *text)
{
    char *path = g_build_filename(files->folder, name, NULL);
    char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_ptr_array_add(files->paths, path);
    g_ptr_array_add(files->paths, folder);
}

static void files_release(struct files *files)
{
    for (guint i = 0; i < files->paths->len; i++)
        g_remove(files->paths->pdata[i]);
    g_remove(files->folder);
    g_ptr_array_unref(files->paths);
    g_free(files->folder);
}

/* Loads a text that stands in the folder; its errors, g_free them. */
static char *load_in(const struct files *files, const char *text, const char *const *overrides,
                     struct scenario **scenario)
{
    char *presets = g_build_filename(files->folder, "presets", NULL);
    struct scenario_source source = {
        .text = text,
        .folder = files->folder,
        .presets = presets,
        .overrides = overrides,
    };
    char *errors = fixture_load(&source, scenario);
    g_free(presets);
    return errors;
}

static struct scenario *must_load_in(const struct files *files, const char *text)
{
    struct scenario *scenario;
    char *errors = load_in(files, text, NULL, &scenario);
    g_assert_cmpstr(errors, ==, "");
    g_free(errors);
    return scenario;
}

/* The text must be refused; TMP in the expected errors stands for the folder. */
static void must_fail_in(const struct files *files, const char *text, const char *expected)
{
    struct scenario *scenario;
    char *errors = load_in(files, text, NULL, &scenario);
    GString *clean = g_string_new(errors);
    g_string_replace(clean, files->folder, "TMP", 0);
    g_assert_cmpstr(clean->str, ==, expected);
    g_string_free(clean, TRUE);
    g_free(errors);
}

static const char preset[] = "posim: 1\n"
                             "name: preset\n"
                             "time: {duration: 1 h, warmup: 1 min}\n"
                             "protocol: {kind: tendermint, timeout_propose: 2 s, block_size: 1 kB}\n"
                             "validators: {count: 10, stake: {dist: pareto, alpha: 2}}\n"
                             "record: [blocks, votes]\n"
                             "faults:\n"
                             "  - {name: heal, kind: partition, at: 1 h, groups: [60 %, 40 %]}\n"
                             "  - {kind: crash, at: 2 h}\n";

/* A preset by name over a file by path over a text: maps merge key by key, lists and scalars replace. */
static void merges_a_chain(void)
{
    struct files files;
    files_init(&files);
    files_write(&files, "presets/cosmos.yaml", preset);
    files_write(&files, "middle/middle.yaml", "posim: 1\nextends: cosmos\nname: middle\ntime: {duration: 2 h}\n");
    struct scenario *scenario =
        must_load_in(&files, "posim: 1\nextends: middle/middle.yaml\nrecord: [finality]\nvalidators: {count: 5}\n");
    const struct fixture_root *root = scenario_values(scenario);
    g_assert_cmpstr(root->name, ==, "middle");
    g_assert_cmpint(root->time.duration_ns, ==, 2 * HOUR);
    g_assert_cmpint(root->time.warmup_ns, ==, MINUTE);
    g_assert_cmpint(root->validators.count, ==, 5);
    g_assert_cmpstr(root->validators.stake.variant->name, ==, "pareto");
    g_assert_cmpuint(root->record.count, ==, 1);
    g_assert_cmpuint(root->faults.count, ==, 2);
    g_assert_cmpint(((const struct fixture_tendermint *)root->protocol.value)->timeout_propose_ns, ==, 2 * SECOND);
    g_assert_true(g_str_has_suffix(scenario_inputs(scenario)[0], "/middle/middle.yaml"));
    g_assert_true(g_str_has_suffix(scenario_inputs(scenario)[1], "/presets/cosmos.yaml"));
    scenario_free(scenario);
    files_release(&files);
}

/*
 * Another kind leaves nothing of the old one behind: neither the parameters of the protocol nor those of a distribution
 * that is named, implied by a key, or the default. The same kind keeps them.
 */
static void changing_a_kind_drops_its_siblings(void)
{
    struct files files;
    files_init(&files);
    files_write(&files, "presets/cosmos.yaml", preset);
    files_write(&files, "presets/listed.yaml", "posim: 1\nextends: cosmos\nvalidators: {stake: {values: [1, 2]}}\n");
    struct scenario *scenario = must_load_in(
        &files, "posim: 1\nextends: cosmos\nprotocol: {kind: praos}\nvalidators: {stake: {values: [1, 2]}}\n");
    const struct fixture_root *root = scenario_values(scenario);
    g_assert_cmpstr(root->protocol.variant->name, ==, "praos");
    g_assert_cmpstr(root->validators.stake.variant->name, ==, "list");
    scenario_free(scenario);

    scenario = must_load_in(&files, "posim: 1\nextends: listed\nvalidators: {stake: {dist: zipf, s: 2}}\n");
    root = scenario_values(scenario);
    g_assert_cmpstr(root->validators.stake.variant->name, ==, "zipf");
    scenario_free(scenario);

    scenario = must_load_in(&files, "posim: 1\nextends: cosmos\nprotocol: {kind: tendermint, block_size: 2 kB}\n");
    root = scenario_values(scenario);
    const struct fixture_tendermint *tendermint = root->protocol.value;
    g_assert_cmpint(tendermint->timeout_propose_ns, ==, 2 * SECOND);
    g_assert_cmpuint(tendermint->block_size_bytes, ==, 2000);
    scenario_free(scenario);
    files_release(&files);
}

/* What was inherited is typed where it was written: an error in the preset names the preset's line. */
static void errors_name_the_file_of_the_value(void)
{
    struct files files;
    files_init(&files);
    files_write(&files, "presets/p.yaml", "posim: 1\nprotocol: {kind: praos, slot: 0 s}\n");
    must_fail_in(&files, "posim: 1\nextends: p\nvalidators: {count: 0}\n",
                 "TMP/presets/p.yaml:2:31: `protocol.slot`: 0 s is too small: at least 1 ms\n"
                 "    protocol: {kind: praos, slot: 0 s}\n"
                 "                                  ^~~\n"
                 "  allowed: a duration such as 12 s, at least 1 ms; default 1 s\n"
                 "scenario:3:21: `validators.count`: 0 is out of range: from 1 to 1_000_000\n"
                 "    validators: {count: 0}\n"
                 "                        ^\n"
                 "  allowed: a whole number, from 1 to 1_000_000\n");
    files_release(&files);
}

/* References that lead nowhere, or round in a circle; keys that only the lost file has are not called missing. */
static void refuses_bad_references(void)
{
    struct files files;
    files_init(&files);
    files_write(&files, "presets/cosmos.yaml", preset);
    files_write(&files, "a.yaml", "posim: 1\nextends: ./b.yaml\n");
    files_write(&files, "b.yaml", "posim: 1\nextends: a.yaml\n");
    must_fail_in(&files, "posim: 1\nextends: cosmso\ntime: {duration: 3}\n",
                 "scenario:2:10: there is no preset `cosmso`\n"
                 "    extends: cosmso\n"
                 "             ^~~~~~\n"
                 "  did you mean `cosmos`?\n"
                 "  presets: cosmos\n"
                 "  a file is named by its path, such as ./cosmso.yaml\n"
                 "scenario:3:18: `time.duration`: a duration needs a unit: 3 s, 3 ms, 3 min\n"
                 "    time: {duration: 3}\n"
                 "                     ^\n"
                 "  allowed: a duration such as 12 s, at least 1 ms; default 10 min\n");
    must_fail_in(&files, "posim: 1\nextends: c.yaml\n",
                 "scenario:2:10: cannot read the scenario: no such file\n"
                 "    extends: c.yaml\n"
                 "             ^~~~~~\n"
                 "  tried TMP/c.yaml\n");
    must_fail_in(&files, "posim: 1\nextends: a.yaml\n",
                 "TMP/b.yaml:2:10: `extends` goes in a circle: TMP/a.yaml -> TMP/b.yaml -> TMP/a.yaml\n"
                 "    extends: a.yaml\n"
                 "             ^~~~~~\n");
    must_fail_in(&files, "posim: 1\nextends: [a, b]\n",
                 "scenario:2:10: `extends` takes one preset or file\n"
                 "    extends: [a, b]\n"
                 "             ^\n"
                 "  what is extended may itself extend another\n");
    files_release(&files);
}

static struct scenario * override(const char *const *overrides)
{
    const char *text = "posim: 1\n"
                       "protocol: {kind: tendermint, timeout_propose: 2 s}\n"
                       "validators: {count: 10, stake: {dist: pareto, alpha: 2}}\n"
                       "faults:\n"
                       "  - {name: heal, kind: partition, at: 1 h, groups: [60 %, 40 %]}\n"
                       "  - {kind: crash, at: 2 h}\n";
    return fixture_must_load(text, overrides);
}

/* Keys of maps, items of lists by name and by number, and whole maps and lists as values. */
static void sets_values(void)
{
    const char *const overrides[] = {
        "validators.count=7",
        "faults.heal.at=3 h",
        "faults.1.share=10 %",
        "faults.heal.groups.0=1/2",
        "record=[votes]",
        "validators.stake={dist: zipf, s: 1}",
        "name=a = b.c",
        "faults.0.groups.1=1/2",
        NULL,
    };
    struct scenario *scenario = override(overrides);
    const struct fixture_root *root = scenario_values(scenario);
    const struct param_variant_value *faults = root->faults.items;
    const struct fixture_fault *heal = faults[0].value;
    const struct fixture_fault *crash = faults[1].value;
    g_assert_cmpint(root->validators.count, ==, 7);
    g_assert_cmpint(heal->at_ns, ==, 3 * HOUR);
    g_assert_cmpuint(((const struct ratio *)heal->groups.items)[0].denominator, ==, 2);
    g_assert_cmpuint(((const struct ratio *)heal->groups.items)[1].denominator, ==, 2);
    g_assert_cmpuint(crash->share.denominator, ==, 10);
    g_assert_cmpuint(root->record.count, ==, 1);
    g_assert_cmpstr(root->validators.stake.variant->name, ==, "zipf");
    g_assert_cmpstr(root->name, ==, "a = b.c");
    scenario_free(scenario);
}

/* A kind set together with its parameters: the order does not matter, and the old kind's parameters are gone. */
static void sets_a_kind_in_any_order(void)
{
    const char *const first[] = {"protocol.kind=praos", "protocol.slot=4 s", NULL};
    const char *const last[] = {"protocol.slot=4 s", "protocol.kind=praos", NULL};
    const char *const *const orders[] = {first, last};
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        struct scenario *scenario = override(orders[i]);
        const struct fixture_root *root = scenario_values(scenario);
        g_assert_cmpstr(root->protocol.variant->name, ==, "praos");
        g_assert_cmpint(((const struct fixture_praos *)root->protocol.value)->slot_ns, ==, 4 * SECOND);
        scenario_free(scenario);
    }
}

/* An item that becomes another kind keeps its name, and nothing else. */
static void an_item_keeps_its_name(void)
{
    const char *const overrides[] = {"faults.heal={kind: crash, at: 5 s}", NULL};
    struct scenario *scenario = override(overrides);
    const struct fixture_root *root = scenario_values(scenario);
    const struct param_variant_value *faults = root->faults.items;
    g_assert_cmpstr(faults[0].variant->name, ==, "crash");
    g_assert_cmpstr(((const struct fixture_fault *)faults[0].value)->name, ==, "heal");
    scenario_free(scenario);
}

/* Of two overrides of one value the later one holds; and one may address what another has just given. */
static void later_overrides_win(void)
{
    const char *const overrides[] = {"validators.count=7", "validators.count=8",
                                     "faults=[{kind: crash, at: 1 s, name: a}]", "faults.a.at=9 s", NULL};
    struct scenario *scenario = override(overrides);
    const struct fixture_root *root = scenario_values(scenario);
    const struct param_variant_value *faults = root->faults.items;
    g_assert_cmpint(root->validators.count, ==, 8);
    g_assert_cmpuint(root->faults.count, ==, 1);
    g_assert_cmpint(((const struct fixture_fault *)faults[0].value)->at_ns, ==, 9 * SECOND);
    scenario_free(scenario);
}

/* Errors of overrides show the override as their line. */
static void explains_wrong_overrides(void)
{
    const char *const overrides[] = {"foo",
                                     "=1",
                                     "a..b=1",
                                     "posim=2",
                                     "name=",
                                     "name=*x",
                                     "time=[",
                                     "protocol.slott=3 s",
                                     "time.warmup.x=3 s",
                                     "network.delay=12",
                                     "expect.0.max=3",
                                     "faults.heal.at=2 h",
                                     NULL};
    fixture_must_fail(FIXTURE_SMALLEST "faults: [{kind: crash, at: 1 s, name: heel}]\n", overrides,
                      "--set:1:1: an override needs a key and a value\n"
                      "    foo\n"
                      "    ^~~\n"
                      "  write KEY=VALUE, such as protocol.slot=4 s\n"
                      "--set:1:1: a key is missing here\n"
                      "    =1\n"
                      "    ^\n"
                      "--set:1:1: `posim` can only stand in a file\n"
                      "    posim=2\n"
                      "    ^~~~~\n"
                      "--set:1:3: a key is missing here\n"
                      "    a..b=1\n"
                      "      ^\n"
                      "--set:1:5: the value is missing\n"
                      "    name=\n"
                      "        ^\n"
                      "--set:1:6: aliases are not supported: `*x`\n"
                      "    name=*x\n"
                      "         ^~\n"
                      "--set:1:7: this is not YAML: did not find expected node content\n"
                      "    time=[\n"
                      "          ^\n"
                      "--set:1:8: the list has no item `0`\n"
                      "    expect.0.max=3\n"
                      "           ^\n"
                      "  the list is empty\n"
                      "--set:1:8: the list has no item `heal`\n"
                      "    faults.heal.at=2 h\n"
                      "           ^~~~\n"
                      "  did you mean `heel`?\n"
                      "  allowed: 0, or the name heel\n"
                      "--set:1:10: unknown key `slott` in `protocol` of kind tendermint\n"
                      "    protocol.slott=3 s\n"
                      "             ^~~~~\n"
                      "  allowed: kind, timeout_propose, block_size\n"
                      "--set:1:13: `time.warmup` must be one value, not a map\n"
                      "    time.warmup.x=3 s\n"
                      "                ^\n"
                      "  allowed: a duration such as 12 s\n"
                      "--set:1:15: `network.delay`: a duration needs a unit: 12 s, 12 ms, 12 min\n"
                      "    network.delay=12\n"
                      "                  ^~\n"
                      "  allowed: a duration such as 12 s; default 100 ms\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/merge/merges a chain", merges_a_chain);
    g_test_add_func("/merge/changing a kind drops its siblings", changing_a_kind_drops_its_siblings);
    g_test_add_func("/merge/errors name the file of the value", errors_name_the_file_of_the_value);
    g_test_add_func("/merge/refuses bad references", refuses_bad_references);
    g_test_add_func("/set/sets values", sets_values);
    g_test_add_func("/set/sets a kind in any order", sets_a_kind_in_any_order);
    g_test_add_func("/set/an item keeps its name", an_item_keeps_its_name);
    g_test_add_func("/set/later overrides win", later_overrides_win);
    g_test_add_func("/set/explains wrong overrides", explains_wrong_overrides);
    return g_test_run();
}
