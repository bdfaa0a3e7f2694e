/* SPDX-License-Identifier: MIT */
/*
 * Scenarios that went through a shredder: thousands of random changes to valid texts and overrides, from fixed seeds.
 * Whatever comes out, loading ends with a scenario or with errors, never with a crash or a leak (under the sanitizers),
 * every error has a place within the text, and what loads prints to something that loads to the same, each point of a
 * sweep included.
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

static const char swept_text[] =
    "posim: 1\n"
    "protocol: {kind: praos, slot: 3 s}\n"
    "validators: {count: 4}\n"
    "faults: [{name: split, kind: crash, at: 1 s, share: 10 %}]\n"
    "sweep:\n"
    "  grid:\n"
    "    protocol.slot: [1 s, 250 ms]\n"
    "    validators.count: {from: 1, to: 100, factor: 10}\n"
    "    faults.split.at: {from: 1 s, to: 3 s, step: 1 s}\n"
    "    protocol:\n"
    "      - {kind: praos}\n"
    "      - {label: dense, kind: praos, active_slot_coefficient: 1/2}\n"
    "  zip: {crypto: [ideal, real], relay: [on, off]}\n"
    "  where: \"(protocol = dense or protocol.slot < 1 s) and not validators.count = 10\"\n";

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
    "grid: ",
    "zip: ",
    "where: ",
    "from: ",
    "factor: ",
    "label: ",
    "protocol.slot: ",
    " and ",
    "not ",
    "(",
    ")",
    " = ",
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

/* The word at or after a random place, as bytes of the text. */
static void pick_word(const GString *text, GRand *random, gsize *start, gsize *length)
{
    static const char ends[] = " \n[]{},:\"()";
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)text->len);
    while (text->str[at] && strchr(ends, text->str[at]))
        at++;
    while (at > 0 && !strchr(ends, text->str[at - 1]))
        at--;
    *start = at;
    *length = strcspn(text->str + at, ends);
}

/* Puts one of the text's words in place of another: most often it is still YAML. */
static void mix_words(GString *text, GRand *random)
{
    gsize from, from_length, to, to_length;
    pick_word(text, random, &from, &from_length);
    pick_word(text, random, &to, &to_length);
    char *word = g_strndup(text->str + from, from_length);
    g_string_erase(text, (gssize)to, (gssize)to_length);
    g_string_insert(text, (gssize)to, word);
    g_free(word);
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

/* The scenario of a point as text; "" where its values do not fit together. */
static char *resolved_at(const struct scenario *scenario, uint64_t point)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *one = scenario_at(scenario, point, &diagnostics);
    check_places(&diagnostics);
    char *text = one ? resolved(one) : g_strdup("");
    scenario_free(one);
    diagnostics_release(&diagnostics);
    return text;
}

/* The first points of both, their labels and their scenarios. */
static void check_points(const struct scenario *scenario, const struct scenario *again)
{
    enum { MOST = 8 };
    size_t keys = scenario_swept(scenario, NULL, 0);
    g_assert_cmpuint(scenario_swept(again, NULL, 0), ==, keys);
    g_assert_cmpuint(scenario_points(again), ==, scenario_points(scenario));
    uint64_t point = scenario_next_point(scenario, 0);
    for (int i = 0; i < MOST && point < scenario_points(scenario); i++) {
        g_assert_true(scenario_has_point(again, point));
        for (size_t key = 0; key < keys; key++)
            g_assert_cmpstr(scenario_swept_value(again, point, key), ==, scenario_swept_value(scenario, point, key));
        char *before = resolved_at(scenario, point), *after = resolved_at(again, point);
        g_assert_cmpstr(after, ==, before);
        g_free(after);
        g_free(before);
        point = scenario_next_point(scenario, point + 1);
        g_assert_cmpuint(scenario_next_point(again, point), ==, point);
    }
}

static void check_reload(struct scenario *scenario)
{
    char *once = resolved(scenario);
    struct scenario *again = fixture_must_load(once, NULL);
    char *twice = resolved(again);
    g_assert_cmpstr(once, ==, twice);
    check_points(scenario, again);
    g_free(twice);
    g_free(once);
    scenario_free(again);
}

/* Loads; what loads must load again from its resolved form, to the same. Returns whether it loaded. */
static bool survives_source(struct scenario_source source)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *scenario;
    source.folder = "/nowhere";
    bool is_loaded = scenario_load(&source, &fixture_table, &scenario, &diagnostics);
    if (is_loaded)
        check_reload(scenario);
    bool is_fine = is_loaded && scenario_check_points(scenario, 20, &diagnostics);
    GString *printed = g_string_new(NULL);
    diagnostics_print(&diagnostics, printed);
    g_assert_true(g_utf8_validate(printed->str, (gssize)printed->len, NULL));
    g_assert_true(is_fine == (printed->len == 0));
    check_places(&diagnostics);
    g_string_free(printed, TRUE);
    diagnostics_release(&diagnostics);
    scenario_free(scenario);
    return is_loaded;
}

static bool survives(const char *text, const char *const *overrides)
{
    return survives_source((struct scenario_source){.text = text, .overrides = overrides});
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

static void survives_mutated_sweeps(void)
{
    GRand *random = g_rand_new_with_seed(20220915);
    int loaded = 0;
    for (int i = 0; i < 6000; i++) {
        GString *text = g_string_new(swept_text);
        int changes = i % 2 ? 1 : g_rand_int_range(random, 2, 8);
        for (int change = 0; change < changes; change++) {
            if (i % 4 < 3)
                mix_words(text, random);
            else
                mutate(text, random);
        }
        loaded += survives(text->str, NULL);
        g_string_free(text, TRUE);
    }
    g_test_message("%d of 6000 mutated sweeps still load", loaded);
    g_assert_cmpint(loaded, >, 150);
    g_rand_free(random);
}

/* --sweep, --only and a --set that may meet them. */
static void survives_mutated_options(void)
{
    static const char *const sweeps[] = {
        "protocol.slot=4 s,8 s",
        "validators.count={from: 1, to: 9, step: 2}",
        "protocol={kind: praos},{label: x, kind: tendermint}",
        "faults.split.at=[1 s, 2 s]",
        "faults=[[],[{name: split, kind: crash, at: 1 s}]]",
    };
    static const char *const conditions[] = {
        "protocol.slot < 1 s or crypto = real",
        "not (protocol = dense) and validators.count >= 10",
        "faults.split.at = 1 s",
        "relay != on and protocol.slot = 250 ms",
    };
    static const char *const sets[] = {"protocol.slot=2 s", "protocol.active_slot_coefficient=1/3",
                                       "faults.split.share=1/4", "time.duration=5 s", "protocol={kind: tendermint}"};
    GRand *random = g_rand_new_with_seed(20190501);
    int loaded = 0;
    for (int i = 0; i < 6000; i++) {
        GString *sweep = g_string_new(sweeps[g_rand_int_range(random, 0, G_N_ELEMENTS(sweeps))]);
        GString *only = g_string_new(conditions[g_rand_int_range(random, 0, G_N_ELEMENTS(conditions))]);
        GString *set = g_string_new(sets[g_rand_int_range(random, 0, G_N_ELEMENTS(sets))]);
        if (i % 2)
            mutate(sweep, random);
        if (i % 3)
            mutate(only, random);
        if (i % 5 == 0)
            mutate(set, random);
        loaded += survives_source((struct scenario_source){
            .text = swept_text,
            .sweeps = (const char *const[]){sweep->str, NULL},
            .only = i % 4 ? only->str : NULL,
            .overrides = (const char *const[]){set->str, NULL},
        });
        g_string_free(sweep, TRUE);
        g_string_free(only, TRUE);
        g_string_free(set, TRUE);
    }
    g_test_message("%d of 6000 sets of options still load", loaded);
    g_assert_cmpint(loaded, >, 300);
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(survives(seed_text, NULL));
    g_test_add_func("/scenario fuzz/survives mutated files", survives_mutated_files);
    g_test_add_func("/scenario fuzz/survives mutated overrides", survives_mutated_overrides);
    g_assert_true(survives(swept_text, NULL));
    g_test_add_func("/scenario fuzz/survives mutated sweeps", survives_mutated_sweeps);
    g_test_add_func("/scenario fuzz/survives mutated options", survives_mutated_options);
    return g_test_run();
}
