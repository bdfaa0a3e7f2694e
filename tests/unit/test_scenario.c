/* SPDX-License-Identifier: MIT */
/* From a scenario's text to the structs that the tables describe, and back to text; and the words for what is wrong. */
#include "scenario_fixture.h"

#include <glib/gstdio.h>

static const char everything[] = "posim: 1\n"
                                 "name: \"7: all\"\n"
                                 "time: {duration: 1.5 h, warmup: 90 s, stop_height: 1_000}\n"
                                 "protocol: {kind: praos, slot: 250 ms, active_slot_coefficient: 1/20}\n"
                                 "validators:\n"
                                 "  count: 3\n"
                                 "  stake: {values: [10, 20, 18446744073709551615]}\n"
                                 "network:\n"
                                 "  delay: 1 ms\n"
                                 "  regions:\n"
                                 "    eu: {share: 40 %, bandwidth: 1 Gbit/s}\n"
                                 "    us-east: {share: 60 %}\n"
                                 "faults:\n"
                                 "  - {kind: crash, at: 1 s, share: 10 %}\n"
                                 "  - {name: split, kind: partition, at: 2 s, groups: [1/3, 2/3]}\n"
                                 "crypto: real\n"
                                 "relay: on\n"
                                 "record: []\n"
                                 "expect: [{metric: x, max: 0.25}]\n"
                                 "adversary: {kind: crash, at: 0 s}\n";

static void check_everything(const struct fixture_root *root)
{
    g_assert_cmpstr(root->name, ==, "7: all");
    g_assert_cmpint(root->time.duration_ns, ==, 5400 * SECOND);
    g_assert_cmpint(root->time.stop_height, ==, 1000);
    g_assert_cmpstr(root->protocol.variant->name, ==, "praos");
    const struct fixture_praos *praos = root->protocol.value;
    g_assert_cmpint(praos->slot_ns, ==, 250 * MILLISECOND);
    g_assert_cmpuint(praos->active_slot_coefficient.denominator, ==, 20);

    g_assert_cmpstr(root->validators.stake.variant->name, ==, "list");
    const struct fixture_values *stakes = root->validators.stake.value;
    g_assert_cmpuint(stakes->values.count, ==, 3);
    g_assert_cmpuint(((const stake_amount *)stakes->values.items)[2], ==, UINT64_MAX);

    const struct fixture_region *regions = root->network.regions.items;
    g_assert_cmpuint(root->network.regions.count, ==, 2);
    g_assert_cmpstr(regions[0].name, ==, "eu");
    g_assert_cmpuint(regions[0].bandwidth_bit_per_s, ==, 1000000000);
    g_assert_cmpstr(regions[1].name, ==, "us-east");
    g_assert_cmpuint(regions[1].bandwidth_bit_per_s, ==, (uint64_t)PARAM_ABSENT);

    const struct param_variant_value *faults = root->faults.items;
    g_assert_cmpuint(root->faults.count, ==, 2);
    const struct fixture_fault *crash = faults[0].value;
    g_assert_null(crash->name);
    g_assert_cmpuint(crash->share.denominator, ==, 10);
    const struct fixture_fault *split = faults[1].value;
    g_assert_cmpstr(split->name, ==, "split");
    g_assert_cmpuint(((const struct ratio *)split->groups.items)[1].numerator, ==, 2);

    g_assert_cmpint(root->crypto, ==, 1);
    g_assert_true(root->relay);
    g_assert_cmpuint(root->record.count, ==, 0);
    const struct fixture_expectation *expectation = root->expect.items;
    g_assert_cmpuint(expectation->max.denominator, ==, 4);
    g_assert_cmpstr(root->adversary.variant->name, ==, "crash");
}

/* Every type and every way of nesting, given; then the same from the scenario's own resolved form. */
static void fills_and_prints_everything(void)
{
    struct scenario *scenario = fixture_must_load(everything, NULL);
    check_everything(scenario_values(scenario));
    GString *resolved = g_string_new(NULL);
    scenario_write_resolved(scenario, resolved);
    scenario_free(scenario);

    struct scenario *again = fixture_must_load(resolved->str, NULL);
    check_everything(scenario_values(again));
    GString *twice = g_string_new(NULL);
    scenario_write_resolved(again, twice);
    g_assert_cmpstr(twice->str, ==, resolved->str);
    scenario_free(again);
    g_string_free(twice, TRUE);
    g_string_free(resolved, TRUE);
}

/* The least that loads: defaults everywhere, and what is optional is absent. */
static void fills_defaults(void)
{
    struct scenario *scenario = fixture_must_load(FIXTURE_SMALLEST, NULL);
    const struct fixture_root *root = scenario_values(scenario);
    const struct fixture_tendermint *tendermint = root->protocol.value;
    g_assert_null(root->name);
    g_assert_cmpint(root->time.duration_ns, ==, 10 * MINUTE);
    g_assert_cmpint(root->time.stop_height, ==, PARAM_ABSENT);
    g_assert_cmpint(tendermint->timeout_propose_ns, ==, 3 * SECOND);
    g_assert_cmpuint(tendermint->block_size_bytes, ==, 1 << 20);
    g_assert_cmpstr(root->validators.stake.variant->name, ==, "equal");
    g_assert_null(root->validators.stake.value);
    g_assert_cmpuint(root->record.count, ==, 2);
    g_assert_cmpint(((const int *)root->record.items)[1], ==, 1);
    g_assert_cmpuint(root->expect.count, ==, 0);
    g_assert_null(root->adversary.variant);

    GString *text = g_string_new(NULL);
    scenario_write_resolved(scenario, text);
    g_assert_cmpstr(text->str, ==,
                    "posim: 1\n"
                    "time:\n"
                    "  duration: 600 s\n"
                    "  warmup: 0 s\n"
                    "protocol:\n"
                    "  kind: tendermint\n"
                    "  timeout_propose: 3 s\n"
                    "  block_size: 1 MiB\n"
                    "validators:\n"
                    "  count: 4\n"
                    "  stake:\n"
                    "    dist: equal\n"
                    "network:\n"
                    "  delay: 100 ms\n"
                    "  regions: {}\n"
                    "faults: []\n"
                    "crypto: ideal\n"
                    "relay: off\n"
                    "record: [blocks, finality]\n");
    g_string_free(text, TRUE);
    scenario_free(scenario);
}

/* A long list breaks into lines, odd names and texts are quoted, and all of it loads again. */
static void prints_what_loads_again(void)
{
    GString *text = g_string_new("posim: 1\nprotocol: {kind: praos}\n"
                                 "name: \"a\\\"b\\\\c\\n\\x01\\u2028 \\U0001F600 #: -\"\n"
                                 "network: {regions: {'yes: no': {share: 1 %}, '1': {share: 2 %}, ' x ': {share: 0}}}\n"
                                 "validators: {count: 3, stake: {values: [1");
    for (int i = 0; i < 500; i++)
        g_string_append_printf(text, ", %d", 1 + i * 37 % 1000);
    g_string_append(text, "]}}\n");
    struct scenario *scenario = fixture_must_load(text->str, NULL);
    GString *resolved = g_string_new(NULL);
    scenario_write_resolved(scenario, resolved);
    char **lines = g_strsplit(resolved->str, "\n", -1);
    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 101);
    g_strfreev(lines);

    struct scenario *again = fixture_must_load(resolved->str, NULL);
    const struct fixture_root *a = scenario_values(scenario);
    const struct fixture_root *b = scenario_values(again);
    g_assert_cmpstr(a->name, ==, b->name);
    const struct fixture_region *regions = b->network.regions.items;
    g_assert_cmpstr(regions[0].name, ==, "yes: no");
    g_assert_cmpstr(regions[2].name, ==, " x ");
    const struct fixture_values *x = a->validators.stake.value;
    const struct fixture_values *y = b->validators.stake.value;
    g_assert_cmpuint(x->values.count, ==, y->values.count);
    g_assert_true(memcmp(x->values.items, y->values.items, x->values.count * sizeof(stake_amount)) == 0);
    scenario_free(again);
    scenario_free(scenario);
    g_string_free(resolved, TRUE);
    g_string_free(text, TRUE);
}

/* Each value says where it comes from: a line of the file, the command line, or the default and its source. */
static void tells_origins(void)
{
    const char *const overrides[] = {"network.delay=2 ms", NULL};
    struct scenario *scenario = fixture_must_load(FIXTURE_SMALLEST, overrides);
    GString *origins = g_string_new(NULL);
    scenario_write_origins(scenario, origins);
    g_assert_true(g_str_has_prefix(origins->str, "time.duration = 600 s                             # default\n"));
    g_assert_nonnull(strstr(origins->str, "\nprotocol.kind = tendermint                        # scenario:2\n"));
    g_assert_nonnull(strstr(origins->str, "\nprotocol.timeout_propose = 3 s                    # default, "
                                          "CometBFT 0.38\n"));
    g_assert_nonnull(strstr(origins->str, "\nnetwork.delay = 2 ms                              # --set\n"));
    g_assert_nonnull(strstr(origins->str, "\nrecord = [blocks, finality]                       # default\n"));
    g_string_free(origins, TRUE);
    scenario_free(scenario);
}

/* Keys that are not there, are not known, or stand in the wrong place. */
static void explains_wrong_keys(void)
{
    fixture_must_fail("posim: 1\n"
                      "protocol: {kind: praos, timeout_propose: 3 s, slto: 1 s}\n"
                      "delay: 3 s\n"
                      "qqqq: 1\n",
                      NULL,
                      "scenario:1:1: the scenario needs the key `validators`\n"
                      "    posim: 1\n"
                      "    ^\n"
                      "  `validators`: who takes part\n"
                      "  allowed: a map\n"
                      "scenario:2:25: unknown key `timeout_propose` in `protocol` of kind praos\n"
                      "    protocol: {kind: praos, timeout_propose: 3 s, slto: 1 s}\n"
                      "                            ^~~~~~~~~~~~~~~\n"
                      "  `timeout_propose` belongs to kind `tendermint`\n"
                      "  allowed: kind, slot, active_slot_coefficient\n"
                      "scenario:2:47: unknown key `slto` in `protocol` of kind praos\n"
                      "    protocol: {kind: praos, timeout_propose: 3 s, slto: 1 s}\n"
                      "                                                  ^~~~\n"
                      "  did you mean `slot`?\n"
                      "  allowed: kind, slot, active_slot_coefficient\n"
                      "scenario:3:1: unknown key `delay` in the scenario\n"
                      "    delay: 3 s\n"
                      "    ^~~~~\n"
                      "  did you mean `network.delay`?\n"
                      "  allowed: posim, extends, name, time, protocol, validators, network, faults, crypto, relay, "
                      "record, expect, sweep, adversary\n"
                      "scenario:4:1: unknown key `qqqq` in the scenario\n"
                      "    qqqq: 1\n"
                      "    ^~~~\n"
                      "  allowed: posim, extends, name, time, protocol, validators, network, faults, crypto, relay, "
                      "record, expect, sweep, adversary\n");
}

/* One mistake, one error: a required key that is misspelt is not missing too, and a discriminator has one name. */
static void tells_one_mistake_once(void)
{
    fixture_must_fail("posim: 1\n"
                      "protocol: {kind: praos}\n"
                      "validators: {cuont: 4, stake: {kind: pareto}}\n",
                      NULL,
                      "scenario:3:14: unknown key `cuont` in `validators`\n"
                      "    validators: {cuont: 4, stake: {kind: pareto}}\n"
                      "                 ^~~~~\n"
                      "  did you mean `count`?\n"
                      "  allowed: count, stake\n"
                      "scenario:3:32: unknown key `kind` in `validators.stake` of dist equal\n"
                      "    validators: {cuont: 4, stake: {kind: pareto}}\n"
                      "                                   ^~~~\n"
                      "  did you mean `dist: pareto`?\n"
                      "  allowed: dist\n");
}

/* Values of the wrong shape, out of range, without a unit, or not among the choices. */
static void explains_wrong_values(void)
{
    fixture_must_fail("posim: 1\n"
                      "protocol: {kind: tendermint, timeout_propose: 2 h}\n"
                      "validators: {count: [4], stake: {dist: paretto}}\n"
                      "time: {duration: 1 s, warmup: 2 s}\n"
                      "network: {delay: 3, regions: {eu: {share: 0.33, name: x}, us: 5}}\n"
                      "faults:\n"
                      "  - {kind: partition, at: 5 s, groups: 60 %}\n"
                      "  - {groups: [1/2], at: 4 s}\n"
                      "  - {name: a, kind: crash, at: 1 s}\n"
                      "  - {name: a, kind: crash, at: 1 s}\n"
                      "crypto: reel\n"
                      "relay:\n"
                      "adversary: crash\n",
                      NULL,
                      "scenario:2:47: `protocol.timeout_propose`: 2 h is out of range: from 1 ms to 1 h\n"
                      "    protocol: {kind: tendermint, timeout_propose: 2 h}\n"
                      "                                                  ^~~\n"
                      "  allowed: a duration such as 12 s, from 1 ms to 1 h; default 3 s\n"
                      "scenario:3:21: `validators.count` must be one value, not a list\n"
                      "    validators: {count: [4], stake: {dist: paretto}}\n"
                      "                        ^\n"
                      "  allowed: a whole number, from 1 to 1_000_000\n"
                      "scenario:3:40: `validators.stake`: there is no dist \"paretto\"\n"
                      "    validators: {count: [4], stake: {dist: paretto}}\n"
                      "                                           ^~~~~~~\n"
                      "  did you mean `pareto`?\n"
                      "  allowed: equal, file, list, pareto, zipf\n"
                      "scenario:4:31: `time.warmup`: must be less than `duration`\n"
                      "    time: {duration: 1 s, warmup: 2 s}\n"
                      "                                  ^~~\n"
                      "scenario:5:18: `network.delay`: a duration needs a unit: 3 s, 3 ms, 3 min\n"
                      "    network: {delay: 3, regions: {eu: {share: 0.33, name: x}, us: 5}}\n"
                      "                     ^\n"
                      "  allowed: a duration such as 12 s; default 100 ms\n"
                      "scenario:5:43: `network.regions.eu.share`: a share needs % or a fraction: 33 % or 33/100\n"
                      "    network: {delay: 3, regions: {eu: {share: 0.33, name: x}, us: 5}}\n"
                      "                                              ^~~~\n"
                      "  allowed: a share such as 33 % or 1/3\n"
                      "scenario:5:49: `name` is not needed here\n"
                      "    network: {delay: 3, regions: {eu: {share: 0.33, name: x}, us: 5}}\n"
                      "                                                    ^~~~\n"
                      "  the key `eu` is the name\n"
                      "scenario:5:63: `network.regions.us` must be a map, not \"5\"\n"
                      "    network: {delay: 3, regions: {eu: {share: 0.33, name: x}, us: 5}}\n"
                      "                                                                  ^\n"
                      "  allowed: a map of name, share, bandwidth\n"
                      "scenario:7:40: `faults.0.groups` must be a list, not \"60 %\"\n"
                      "      - {kind: partition, at: 5 s, groups: 60 %}\n"
                      "                                           ^~~~\n"
                      "  did you mean `groups: [60 %]`?\n"
                      "  allowed: a list of shares\n"
                      "scenario:8:5: `faults.1` needs the key `kind`\n"
                      "      - {groups: [1/2], at: 4 s}\n"
                      "        ^\n"
                      "  did you mean `kind: partition`?\n"
                      "  allowed: crash, partition\n"
                      "scenario:10:12: two items of `faults` have the name `a`\n"
                      "      - {name: a, kind: crash, at: 1 s}\n"
                      "               ^\n"
                      "scenario:11:9: `crypto`: \"reel\" is not one of: ideal, real\n"
                      "    crypto: reel\n"
                      "            ^~~~\n"
                      "  did you mean `real`?\n"
                      "scenario:12:1: `relay` has no value\n"
                      "    relay:\n"
                      "    ^~~~~\n"
                      "  allowed: on or off\n"
                      "  without the key the default holds\n"
                      "scenario:13:12: `adversary` must be a map, not \"crash\"\n"
                      "    adversary: crash\n"
                      "               ^~~~~\n"
                      "  did you mean `adversary: {kind: crash}`?\n"
                      "  allowed: a map with `kind`: crash, partition\n");
}

/* A list that is too short for its table. */
static void counts_items(void)
{
    fixture_must_fail(FIXTURE_SMALLEST "adversary:\n  kind: partition\n  at: 1 s\n  groups: {a: 1}\n", NULL,
                      "scenario:7:11: `adversary.groups` must be a list, not a map\n"
                      "      groups: {a: 1}\n"
                      "              ^\n"
                      "  each item of a list begins with `- `\n"
                      "  allowed: a list of shares\n");
    fixture_must_fail("posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 1, stake: {values: []}}\n", NULL,
                      "scenario:3:40: `validators.stake.values` has 0 items\n"
                      "    validators: {count: 1, stake: {values: []}}\n"
                      "                                           ^\n"
                      "  allowed: a list of stakes, each at least 1, from 1 to 1000 items\n");
}

static void checks_the_version(void)
{
    fixture_must_fail("protocol: {kind: praos}\nvalidators: {count: 1}\n", NULL,
                      "scenario:1:1: the version of the scenario format is missing\n"
                      "    protocol: {kind: praos}\n"
                      "    ^\n"
                      "  begin the file with `posim: 1`\n");
    fixture_must_fail("posim: 2\nprotocol: {kind: praos}\nvalidators: {count: 1}\n", NULL,
                      "scenario:1:8: `posim`: \"2\" is not a version of the format that this posim reads\n"
                      "    posim: 2\n"
                      "           ^\n"
                      "  allowed: 1\n");
    fixture_must_fail("", NULL, "scenario: the file is empty\n");
    fixture_must_fail("[1]\n", NULL, "scenario:1:1: a scenario is a map of keys, not a list\n    [1]\n    ^\n");
}

/* A file named by a scenario is found beside it; one that is not there is told with the whole path that was tried. */
static void finds_files(void)
{
    char *folder = g_dir_make_tmp("posim-XXXXXX", NULL);
    char *data = g_build_filename(folder, "stakes.csv", NULL);
    char *path = g_build_filename(folder, "s.yaml", NULL);
    g_assert_true(g_file_set_contents(data, "stake\n1\n", -1, NULL));
    const char *text = "posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 1, stake: {file: stakes.csv}}\n";
    g_assert_true(g_file_set_contents(path, text, -1, NULL));

    struct scenario *scenario;
    char *errors = fixture_load(&(struct scenario_source){.path = path}, &scenario);
    g_assert_cmpstr(errors, ==, "");
    const struct fixture_root *root = scenario_values(scenario);
    const struct fixture_file *file = root->validators.stake.value;
    g_assert_cmpstr(file->file, ==, data);
    g_assert_cmpstr(file->column, ==, "stake");
    g_assert_cmpstr(scenario_inputs(scenario)[0], ==, path);
    g_assert_cmpstr(scenario_inputs(scenario)[1], ==, data);
    g_assert_null(scenario_inputs(scenario)[2]);
    scenario_free(scenario);
    g_free(errors);

    const char *misspelt = "posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 1, stake: {file: stake.csv}}\n";
    errors = fixture_load(&(struct scenario_source){.text = misspelt, .folder = folder}, &scenario);
    char *expected = g_strdup_printf("scenario:3:38: `validators.stake.file`: cannot read the file \"stake.csv\": no "
                                     "such file or directory\n"
                                     "    validators: {count: 1, stake: {file: stake.csv}}\n"
                                     "                                         ^~~~~~~~~\n"
                                     "  tried %s/stake.csv\n"
                                     "  did you mean `stakes.csv`?\n",
                                     folder);
    g_assert_cmpstr(errors, ==, expected);
    g_free(expected);
    g_free(errors);

    g_remove(path);
    g_remove(data);
    g_rmdir(folder);
    g_free(path);
    g_free(data);
    g_free(folder);
}

static void names_a_file_that_is_not_there(void)
{
    struct scenario *scenario;
    char *errors = fixture_load(&(struct scenario_source){.path = "/nowhere/s.yaml"}, &scenario);
    g_assert_cmpstr(errors, ==, "/nowhere/s.yaml: cannot read the scenario: no such file\n  tried /nowhere/s.yaml\n");
    g_free(errors);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenario/fills and prints everything", fills_and_prints_everything);
    g_test_add_func("/scenario/fills defaults", fills_defaults);
    g_test_add_func("/scenario/prints what loads again", prints_what_loads_again);
    g_test_add_func("/scenario/tells origins", tells_origins);
    g_test_add_func("/scenario/explains wrong keys", explains_wrong_keys);
    g_test_add_func("/scenario/tells one mistake once", tells_one_mistake_once);
    g_test_add_func("/scenario/explains wrong values", explains_wrong_values);
    g_test_add_func("/scenario/counts items", counts_items);
    g_test_add_func("/scenario/checks the version", checks_the_version);
    g_test_add_func("/scenario/finds files", finds_files);
    g_test_add_func("/scenario/names a file that is not there", names_a_file_that_is_not_there);
    return g_test_run();
}
