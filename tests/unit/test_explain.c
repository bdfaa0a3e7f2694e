/* SPDX-License-Identifier: MIT */
/* What is said of parameters outside of a scenario: explanations, JSON schema, template, man page. */
#include "scenario/explain.h"

#include "scenario_fixture.h"

#include <json-glib/json-glib.h>

static void expect_explanation(const char *key, const char *expected)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;
    g_assert_true(explain_key(&fixture_table, key, text, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

/* One key by its whole path, by its end, by its variant: always the same words. */
static void explains_a_key(void)
{
    const char *expected = "protocol.timeout_propose\n"
                           "  how long a node waits for a proposal\n"
                           "  type     duration\n"
                           "  allowed  a duration such as 12 s, from 1 ms to 1 h\n"
                           "  default  3 s\n"
                           "  source   CometBFT 0.38\n"
                           "  in       protocol[tendermint].timeout_propose\n";
    expect_explanation("protocol.timeout_propose", expected);
    expect_explanation("timeout_propose", expected);
    expect_explanation("tendermint.timeout_propose", expected);
    expect_explanation("protocol[tendermint].timeout_propose", expected);
    expect_explanation("stop_height", "time.stop_height\n"
                                      "  height at which the run stops\n"
                                      "  type     whole number\n"
                                      "  allowed  a whole number, at least 1\n"
                                      "  default  none; may be left out\n");
    expect_explanation("record", "record\n"
                                 "  which traces are written\n"
                                 "  type     list of choices\n"
                                 "  allowed  a list of any of blocks, finality, votes\n"
                                 "  default  [blocks, finality]\n");
}

/* What a sweep takes is shown by examples. */
static void explains_a_sweep(void)
{
    GString *text = g_string_new(NULL);
    g_assert_true(explain_key(&fixture_table, "sweep.grid", text, NULL));
    g_assert_true(g_str_has_prefix(text->str,
                                   "sweep.grid\n"
                                   "  keys and the values of each; every combination is a point\n"
                                   "  type     map from keys to values\n"
                                   "  allowed  a map from keys, as --set names them, to lists or ranges of values\n"
                                   "  default  none; may be left out\n"
                                   "  forms\n"
                                   "    protocol.slot: [4 s, 8 s]"));
    g_assert_nonnull(strstr(text->str, "\n    extends: [cosmos-hub, ./mine.yaml]"));
    g_string_free(text, TRUE);
}

/* What has parts lists them: structs their keys, discriminators and what they choose for the kinds. */
static void explains_what_has_parts(void)
{
    expect_explanation("time", "time\n"
                               "  how long a run lasts\n"
                               "  type     map\n"
                               "  keys\n"
                               "    duration                 simulated time\n"
                               "    warmup                   time before anything counts\n"
                               "    stop_height              height at which the run stops\n");
    expect_explanation("protocol.kind", "protocol.kind\n"
                                        "  chooses: the consensus protocol\n"
                                        "  default  none; required\n"
                                        "    praos                    longest chain\n"
                                        "    tendermint               rounds of votes\n");
    expect_explanation("dist", "validators.stake.dist\n"
                               "  chooses: how stake is spread\n"
                               "  default  equal\n"
                               "  source   none: a choice\n"
                               "    equal                    all the same\n"
                               "    file                     a column of a file (also meant by the key `file`)\n"
                               "    list                     as given (also meant by the key `values`)\n"
                               "    pareto                   a heavy tail\n"
                               "    zipf                     by rank\n");
    expect_explanation("praos", "praos\n"
                                "  longest chain\n"
                                "  in       protocol[praos]\n"
                                "  keys\n"
                                "    slot                     length of a slot\n"
                                "    active_slot_coefficient  chance that a slot has a leader\n");
}

/* A kind that two keys choose from is one kind. */
static void explains_a_shared_kind_once(void)
{
    expect_explanation("crash", "crash\n"
                                "  nodes stop\n"
                                "  in       faults[crash], adversary[crash]\n"
                                "  keys\n"
                                "    name                     what it is called\n"
                                "    at                       when it begins\n"
                                "    share                    share of the nodes\n");
}

/* A key that several kinds share is told once; one that ends like a whole path is only named. */
static void explains_shared_keys_once(void)
{
    expect_explanation("faults.at", "faults.at\n"
                                    "  when it begins\n"
                                    "  type     duration\n"
                                    "  allowed  a duration such as 12 s\n"
                                    "  default  none; required\n"
                                    "  in       faults[crash].at, faults[partition].at\n");
    expect_explanation("name", "name\n"
                               "  name of the scenario\n"
                               "  type     text\n"
                               "  allowed  a text\n"
                               "  default  none; may be left out\n"
                               "\n"
                               "see also faults.name, adversary.name\n");
}

static void expect_refusal(const char *key, const char *expected)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;
    g_assert_false(explain_key(&fixture_table, key, text, &error));
    g_assert_cmpstr(error->message, ==, expected);
    g_assert_cmpstr(text->str, ==, "");
    g_error_free(error);
    g_string_free(text, TRUE);
}

static void suggests_what_was_meant(void)
{
    expect_refusal("timeout_prpose", "there is no key or kind `timeout_prpose`: did you mean `timeout_propose`?");
    expect_refusal("valdators.count", "there is no key or kind `valdators.count`: did you mean `validators.count`?");
    expect_refusal("tendrmint", "there is no key or kind `tendrmint`: did you mean `tendermint`?");
    expect_refusal("xyzzy", "there is no key or kind `xyzzy`");
    expect_refusal("", "there is no key or kind ``");
    expect_refusal("praos.timeout_propose",
                   "there is no key or kind `praos.timeout_propose`: did you mean `protocol.timeout_propose`?");
}

static JsonObject *properties_of(JsonObject *schema)
{
    return json_object_get_object_member(schema, "properties");
}

/* The schema is JSON, describes every type, and closes every map. */
static void writes_a_schema(void)
{
    GString *text = g_string_new(NULL);
    schema_json(&fixture_table, text);
    JsonParser *parser = json_parser_new();
    GError *error = NULL;
    json_parser_load_from_data(parser, text->str, (gssize)text->len, &error);
    g_assert_no_error(error);
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    g_assert_cmpstr(json_object_get_string_member(root, "$schema"), ==, "https://json-schema.org/draft/2020-12/schema");
    g_assert_false(json_object_get_boolean_member(root, "additionalProperties"));
    JsonObject *keys = properties_of(root);
    g_assert_cmpuint(json_object_get_size(keys), ==, 2 + G_N_ELEMENTS(fixture_root_params));

    JsonObject *height =
        json_object_get_object_member(properties_of(json_object_get_object_member(keys, "time")), "stop_height");
    g_assert_cmpint(json_object_get_int_member(height, "minimum"), ==, 1);
    JsonArray *kinds = json_object_get_array_member(json_object_get_object_member(keys, "protocol"), "anyOf");
    g_assert_cmpuint(json_array_get_length(kinds), ==, 2);
    JsonObject *praos = properties_of(json_array_get_object_element(kinds, 0));
    JsonObject *slot = json_object_get_object_member(praos, "slot");
    g_assert_cmpstr(json_object_get_string_member(slot, "description"), ==,
                    "length of a slot: a duration such as 12 s, at least 1 ms; default 1 s");
    const char *pattern = json_object_get_string_member(slot, "pattern");
    g_assert_true(g_regex_match_simple(pattern, "1.5 min", 0, 0));
    g_assert_true(g_regex_match_simple(pattern, "0", 0, 0));
    g_assert_false(g_regex_match_simple(pattern, "1.5", 0, 0));
    g_assert_false(g_regex_match_simple(pattern, "1.5 kg", 0, 0));

    JsonObject *grid =
        json_object_get_object_member(properties_of(json_object_get_object_member(keys, "sweep")), "grid");
    JsonArray *forms =
        json_object_get_array_member(json_object_get_object_member(grid, "additionalProperties"), "anyOf");
    g_assert_cmpuint(json_array_get_length(forms), ==, 2);
    JsonObject *range = json_array_get_object_element(forms, 1);
    g_assert_true(json_object_has_member(properties_of(range), "factor"));
    g_assert_false(json_object_get_boolean_member(range, "additionalProperties"));

    JsonObject *network = properties_of(json_object_get_object_member(keys, "network"));
    JsonObject *region =
        json_object_get_object_member(json_object_get_object_member(network, "regions"), "additionalProperties");
    g_assert_false(json_object_has_member(properties_of(region), "name"));
    g_assert_true(json_object_has_member(properties_of(region), "share"));
    g_object_unref(parser);
    g_string_free(text, TRUE);
}

/* A template loads as it is, to the defaults of the kinds that were chosen. */
static void writes_templates_that_load(void)
{
    const char *const choices[] = {"protocol=praos", "validators.stake=pareto", "adversary=crash", NULL};
    GString *text = g_string_new(NULL);
    template_yaml(&fixture_table, choices, text);
    struct scenario *scenario = fixture_must_load(text->str, (const char *const[]){"adversary.at=7 s", NULL});
    const struct fixture_root *root = scenario_values(scenario);
    const struct fixture_praos *praos = root->protocol.value;
    const struct fixture_alpha *pareto = root->validators.stake.value;
    g_assert_cmpint(praos->slot_ns, ==, SECOND);
    g_assert_cmpuint(pareto->alpha.numerator, ==, 29);
    g_assert_cmpstr(root->adversary.variant->name, ==, "crash");
    scenario_free(scenario);

    g_string_truncate(text, 0);
    template_yaml(&fixture_table, NULL, text);
    scenario = fixture_must_load(text->str, NULL);
    root = scenario_values(scenario);
    g_assert_cmpstr(root->protocol.variant->name, ==, "praos");
    g_assert_null(root->adversary.variant);
    g_assert_nonnull(strstr(text->str, "\n  # simulated time (a duration such as 12 s, at least 1 ms)\n"
                                       "  duration: 10 min\n"));
    g_assert_nonnull(strstr(text->str, "\n# adversary: {kind: crash}\n"));
    scenario_free(scenario);
    g_string_free(text, TRUE);
}

static void writes_the_manual(void)
{
    GString *text = g_string_new(NULL);
    manual_troff(&fixture_table, text);
    g_assert_nonnull(strstr(text->str, ".SS time\nhow long a run lasts\n.TP\n.B time.duration\nsimulated time\n.br\n"
                                       "a duration such as 12 s, at least 1 ms; default 10 min\n"));
    g_assert_nonnull(strstr(text->str, ".B protocol.kind\n.br\n.B praos\n\\(en longest chain\n"));
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/explains a key", explains_a_key);
    g_test_add_func("/explain/explains a sweep", explains_a_sweep);
    g_test_add_func("/explain/explains what has parts", explains_what_has_parts);
    g_test_add_func("/explain/explains shared keys once", explains_shared_keys_once);
    g_test_add_func("/explain/explains a shared kind once", explains_a_shared_kind_once);
    g_test_add_func("/explain/suggests what was meant", suggests_what_was_meant);
    g_test_add_func("/explain/writes a schema", writes_a_schema);
    g_test_add_func("/explain/writes templates that load", writes_templates_that_load);
    g_test_add_func("/explain/writes the manual", writes_the_manual);
    return g_test_run();
}
