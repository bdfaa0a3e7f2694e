/* SPDX-License-Identifier: MIT */
/*
 * Scenarios that went through a shredder: thousands of random changes to valid texts and overrides, from fixed seeds.
 * Whatever comes out, loading ends with a scenario or with errors, never with a crash or a leak (under the sanitizers),
 * every error has a place within the text, and what loads prints to something that loads to the same.
 */
#include "scenario_fixture.h"

static const char seed_text[] = "posim: 1\n"
                                "name: \"all of it\"\n"
                                "time: {duration: 1.5 h, warmup: 90 s, stop_height: 1_000}\n"
                                "protocol:\n"
                                "  kind: praos\n"
                                "  slot: 250 ms # a comment\n"
                                "  active_slot_coefficient: 1/20\n"
                                "validators: {count: 3, stake: {dist: list, values: [10, 20, 30]}}\n"
                                "network:\n"
                                "  delay: 1 ms\n"
                                "  regions:\n"
                                "    eu: {share: 40 %, bandwidth: 1 Gbit/s}\n"
                                "    us-east: {share: 60 %}\n"
                                "faults:\n"
                                "  - {kind: crash, at: 1 s, share: 10 %}\n"
                                "  - name: split\n"
                                "    kind: partition\n"
                                "    at: 2 s\n"
                                "    groups: [1/3, 2/3]\n"
                                "crypto: real\n"
                                "relay: on\n"
                                "record: [blocks]\n"
                                "expect: [{metric: 'x', max: 0.25}]\n"
                                "adversary: {kind: crash, at: 0 s}\n";

static const char *const fragments[] = {
    "{",
    "}",
    "[",
    "]",
    ": ",
    "\n",
    "- ",
    "  ",
    "&a ",
    "*a",
    "!t ",
    "<<: ",
    "\"",
    "'",
    "|\n",
    ">\n",
    "#",
    "%",
    "? ",
    ",",
    "\t",
    "\xff",
    "\xc3",
    "---\n",
    "...\n",
    "posim: ",
    "kind: ",
    "name: ",
    "dist: ",
    "zipf",
    "file",
    "extends: ",
    "\r",
    "\xe2\x80\xa8",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "\\x",
    "\"\\0\"",
    "~",
    "values: ",
    "praos",
    "tendermint",
    "\xf0\x9f\x98\x80",
};

/* One random change: a byte, a fragment put in, a stretch taken out, moved or doubled. */
static void mutate(GString *text, GRand *random)
{
    gssize length = (gssize)text->len;
    gssize at = length ? g_rand_int_range(random, 0, (gint32)length) : 0;
    gssize wanted = g_rand_int_range(random, 1, 12);
    gssize stretch = MIN(length - at, wanted);
    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        if (length)
            text->str[at] = (char)g_rand_int_range(random, 1, 256);
        break;
    case 1:
    case 2:
        g_string_insert(text, at, fragments[g_rand_int_range(random, 0, G_N_ELEMENTS(fragments))]);
        break;
    case 3:
        g_string_erase(text, at, stretch);
        break;
    case 4: {
        char *copy = g_strndup(text->str + at, (gsize)stretch);
        g_string_insert(text, g_rand_int_range(random, 0, (gint32)length + 1), copy);
        g_free(copy);
        break;
    }
    default: {
        char *copy = g_strndup(text->str + at, (gsize)stretch);
        g_string_erase(text, at, stretch);
        g_string_insert(text, g_rand_int_range(random, 0, (gint32)text->len + 1), copy);
        g_free(copy);
    }
    }
}

static void check_places(const struct diagnostics *diagnostics)
{
    for (guint i = 0; i < diagnostics->list->len; i++) {
        const struct diagnostic *diagnostic = diagnostics->list->pdata[i];
        g_assert_cmpint(diagnostic->line, >=, 0);
        g_assert_cmpint(diagnostic->column, >=, diagnostic->line ? 1 : 0);
        g_assert_cmpint(diagnostic->caret, >=, 0);
        g_assert_true(diagnostic->line == 0 || diagnostic->caret <= (int)strlen(diagnostic->excerpt));
    }
}

static char *resolved(const struct scenario *scenario)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(scenario, text);
    return g_string_free(text, FALSE);
}

/* Loads; what loads must load again from its resolved form, to the same. Returns whether it loaded. */
static bool survives(const char *text, const char *const *overrides)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *scenario;
    struct scenario_source source = {.text = text, .folder = "/nowhere", .overrides = overrides};
    bool is_loaded = scenario_load(&source, &fixture_table, &scenario, &diagnostics);
    GString *printed = g_string_new(NULL);
    diagnostics_print(&diagnostics, printed);
    g_assert_true(g_utf8_validate(printed->str, (gssize)printed->len, NULL));
    g_assert_true(is_loaded == (printed->len == 0));
    check_places(&diagnostics);
    g_string_free(printed, TRUE);
    diagnostics_release(&diagnostics);
    if (is_loaded) {
        char *once = resolved(scenario);
        struct scenario *again = fixture_must_load(once, NULL);
        char *twice = resolved(again);
        g_assert_cmpstr(once, ==, twice);
        g_free(twice);
        g_free(once);
        scenario_free(again);
    }
    scenario_free(scenario);
    return is_loaded;
}

static void survives_mutated_files(void)
{
    GRand *random = g_rand_new_with_seed(20170601);
    int loaded = 0;
    for (int i = 0; i < 6000; i++) {
        GString *text = g_string_new(seed_text);
        int changes = i % 2 ? 1 : g_rand_int_range(random, 2, 12);
        for (int change = 0; change < changes; change++)
            mutate(text, random);
        loaded += survives(text->str, NULL);
        g_string_free(text, TRUE);
    }
    g_test_message("%d of 6000 mutated files still load", loaded);
    g_assert_cmpint(loaded, >, 100); /* else the changes are too harsh to reach beyond the parser */
    g_assert_cmpint(loaded, <, 5000);
    g_rand_free(random);
}

static void survives_mutated_overrides(void)
{
    static const char *const seeds[] = {
        "protocol.slot=4 s",
        "faults.split.at=2 h",
        "faults.0.share=1/3",
        "validators.stake={dist: zipf, s: 1}",
        "record=[votes, blocks]",
        "network.regions.eu.share=3 %",
        "faults=[{kind: crash, at: 1 s}]",
        "expect.0.max=1",
    };
    GRand *random = g_rand_new_with_seed(20180405);
    int loaded = 0;
    for (int i = 0; i < 6000; i++) {
        GString *first = g_string_new(seeds[g_rand_int_range(random, 0, G_N_ELEMENTS(seeds))]);
        GString *second = g_string_new(seeds[g_rand_int_range(random, 0, G_N_ELEMENTS(seeds))]);
        if (i % 2)
            mutate(first, random);
        if (i % 3)
            mutate(second, random);
        const char *const overrides[] = {first->str, second->str, NULL};
        loaded += survives(seed_text, overrides);
        g_string_free(first, TRUE);
        g_string_free(second, TRUE);
    }
    g_test_message("%d of 6000 pairs of overrides still load", loaded);
    g_assert_cmpint(loaded, >, 1000);
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(survives(seed_text, NULL));
    g_test_add_func("/scenario fuzz/survives mutated files", survives_mutated_files);
    g_test_add_func("/scenario fuzz/survives mutated overrides", survives_mutated_overrides);
    return g_test_run();
}
