/* SPDX-License-Identifier: MIT */
/* Conditions on swept values: what they mean, what stays open while values are missing, and how slips are told. */
#include "scenario/condition.h"

#include <glib.h>
#include <string.h>

static const struct param duration = {.key = "slot", .type = PARAM_DURATION, .minimum = "1 s", .maximum = "9 s"};
static const struct param share = {.key = "stake", .type = PARAM_SHARE};
static const struct param decimal = {.key = "alpha", .type = PARAM_DECIMAL};
static const struct param integer = {.key = "count", .type = PARAM_INTEGER};
static const struct param size = {.key = "size", .type = PARAM_SIZE};
static const struct param stake = {.key = "stake", .type = PARAM_STAKE};

static const char *const protocols[] = {"praos", "tendermint", "a (b) and c", NULL};

enum { SLOT, TIMEOUT, SHARE, ALPHA, COUNT, SIZE, STAKE, PROTOCOL, NAME, ODD, LONG_ODD, KEYS };

static const struct condition_key keys[KEYS] = {
    [SLOT] = {"protocol.slot", &duration, NULL},
    [TIMEOUT] = {"protocol.slot.timeout", &duration, NULL},
    [SHARE] = {"adversary.stake", &share, NULL},
    [ALPHA] = {"alpha", &decimal, NULL},
    [COUNT] = {"validators.count", &integer, NULL},
    [SIZE] = {"size", &size, NULL},
    [STAKE] = {"stake", &stake, NULL},
    [PROTOCOL] = {"protocol", NULL, protocols},
    [NAME] = {"name", NULL, NULL},
    [ODD] = {"faults.the big one", &duration, NULL},
    [LONG_ODD] = {"faults.the big one of all", &duration, NULL},
};

/* slot 4 s, timeout 2 s, share 1/3, alpha 0.3, count -5, size 3 MiB, stake 2^64 - 1. */
static const struct typed_value values[KEYS] = {
    [SLOT] = {.param = &duration, .integer = 4000000000},
    [TIMEOUT] = {.param = &duration, .integer = 2000000000},
    [SHARE] = {.param = &share, .ratio = {1, 3}},
    [ALPHA] = {.param = &decimal, .ratio = {3, 10}},
    [COUNT] = {.param = &integer, .integer = -5},
    [SIZE] = {.param = &size, .natural = 3 << 20},
    [STAKE] = {.param = &stake, .natural = UINT64_MAX},
    [PROTOCOL] = {.text = "praos"},
    [NAME] = {.text = "it is so"},
    [ODD] = {.param = &duration, .integer = 0},
    [LONG_ODD] = {.param = &duration, .integer = 1},
};

/* Which values are known: a bit each. */
static const struct typed_value *value_of(void *user, size_t key)
{
    const unsigned *known = user;
    return *known & 1u << key ? &values[key] : NULL;
}

/* What a text that stands alone in a source comes to; errors are appended to `errors`. */
static bool decide(const char *text, unsigned known, enum truth *truth, GString *errors)
{
    struct pool pool;
    struct diagnostics diagnostics;
    pool_init(&pool);
    diagnostics_init(&diagnostics);
    struct source *source = source_new(&pool, "only", "/", NULL, text, strlen(text));
    struct place place = {.source = source, .line = 1, .column = 1, .length = 1};
    const struct condition *condition = condition_parse(&pool, text, place, keys, KEYS, &diagnostics);
    g_assert_true((condition != NULL) == (diagnostics_count(&diagnostics) == 0));
    if (condition)
        *truth = condition_decide(condition, value_of, &known);
    diagnostics_print(&diagnostics, errors);
    diagnostics_release(&diagnostics);
    pool_release(&pool);
    return condition;
}

static void is(const char *text, unsigned known, enum truth expected)
{
    GString *errors = g_string_new(NULL);
    enum truth truth = TRUTH_OPEN;
    decide(text, known, &truth, errors);
    g_assert_cmpstr(errors->str, ==, "");
    g_assert_cmpint(truth, ==, expected);
    g_string_free(errors, TRUE);
}

static void holds(const char *text)
{
    is(text, ~0u, TRUTH_YES);
}

static void fails(const char *text)
{
    is(text, ~0u, TRUTH_NO);
}

static void is_refused(const char *text, const char *expected)
{
    GString *errors = g_string_new(NULL);
    enum truth truth;
    g_assert_false(decide(text, ~0u, &truth, errors));
    g_assert_cmpstr(errors->str, ==, expected);
    g_string_free(errors, TRUE);
}

/* All six comparisons at a value below, at and above the key's. */
static void compares_in_order(void)
{
    static const char *const marks[] = {"<", "<=", ">", ">=", "=", "==", "!="};
    static const char *const expected[] = {"001", "011", "100", "110", "010", "010", "101"};
    static const char *const literals[] = {"3999 ms", "4 s", "4.000000001 s"};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(literals); j++) {
            char *text = g_strdup_printf("protocol.slot %s %s", marks[i], literals[j]);
            is(text, ~0u, expected[i][j] == '1' ? TRUTH_YES : TRUTH_NO);
            g_free(text);
        }
}

/* A third is neither 33 % nor 0.3333; the largest stake is no negative number. */
static void compares_exactly(void)
{
    holds("adversary.stake = 1/3");
    holds("adversary.stake > 33.333333333 %");
    holds("adversary.stake < 33.333333334 %");
    holds("alpha = 0.30");
    holds("alpha < adversary.stake");
    holds("validators.count = -5");
    holds("validators.count < 0");
    holds("size > 1 MiB");
    holds("size = 3 MiB");
    holds("stake = 18446744073709551615");
    holds("stake >= 18446744073709551615");
    holds("protocol.slot.timeout < protocol.slot");
    fails("protocol.slot = protocol.slot.timeout");
}

/* A condition may well ask for what no value reaches: the ranges of keys do not bind it. */
static void knows_no_ranges(void)
{
    holds("protocol.slot < 1 h");
    holds("protocol.slot > 0 s");
    holds("adversary.stake < 200 %");
}

static void compares_texts(void)
{
    holds("protocol = praos");
    holds("protocol != tendermint");
    holds("protocol != \"a (b) and c\"");
    holds("protocol='praos'");
    holds("name != 'so' or protocol = praos or alpha = 0");
    holds("name = it is so");
    holds("name != protocol");
}

/* `and` binds more than `or`, `not` more than both; brackets decide. */
static void binds(void)
{
    holds("alpha = 0.3 or alpha = 1 and alpha = 2");
    fails("(alpha = 0.3 or alpha = 1) and alpha = 2");
    holds("not alpha = 1 and alpha = 0.3");
    fails("not (alpha = 1 or alpha = 0.3)");
    holds("not not alpha=0.3");
    holds("((alpha=0.3))and(not(alpha=1))");
    holds("  alpha   =   0.3   ");
}

/* A key may have spaces, and may begin like another one. */
static void finds_keys(void)
{
    holds("faults.the big one = 0 s and alpha = 0.3");
    holds("faults.the big one of all = 1 ns and faults.the big one < faults.the big one of all");
    holds("protocol.slot.timeout = 2 s");
    holds("protocol.slot = 4 s");
    holds("protocol = praos");
    holds("alpha < 1 and stake > 0");
}

/* While a value is missing the answer is open, unless it is the same whatever the value. */
static void stays_open(void)
{
    is("alpha = 0.3", 0, TRUTH_OPEN);
    is("not alpha = 0.3", 0, TRUTH_OPEN);
    is("alpha = 0.3 and protocol = praos", 1u << ALPHA, TRUTH_OPEN);
    is("alpha = 1 and protocol = praos", 1u << ALPHA, TRUTH_NO);
    is("protocol = praos and alpha = 1", 1u << ALPHA, TRUTH_NO);
    is("alpha = 0.3 or protocol = praos", 1u << ALPHA, TRUTH_YES);
    is("protocol = praos or alpha = 0.3", 1u << ALPHA, TRUTH_YES);
    is("not (protocol = praos or alpha = 0.3)", 1u << ALPHA, TRUTH_NO);
    is("alpha < adversary.stake", 1u << ALPHA, TRUTH_OPEN);
}

/* What is decided early is what is decided in the end: random conditions with every set of known values. */
static void never_takes_back(void)
{
    static const char *const parts[] = {
        "alpha = 0.3",          "alpha > 1", "protocol = praos", "protocol != praos", "alpha < adversary.stake",
        "adversary.stake = 1/2"};
    static const unsigned used[] = {ALPHA, PROTOCOL, SHARE};
    GRand *random = g_rand_new_with_seed(7);
    for (int i = 0; i < 300; i++) {
        GString *text = g_string_new(NULL);
        for (int part = 0; part < 5; part++) {
            if (part)
                g_string_append(text, g_rand_boolean(random) ? " and " : " or ");
            g_string_append(text, g_rand_boolean(random) ? "not " : "");
            g_string_append(text, parts[g_rand_int_range(random, 0, G_N_ELEMENTS(parts))]);
            if (part == 2) {
                g_string_prepend(text, "(");
                g_string_append_c(text, ')');
            }
        }
        GString *errors = g_string_new(NULL);
        enum truth whole = TRUTH_OPEN;
        g_assert_true(decide(text->str, ~0u, &whole, errors));
        g_assert_cmpint(whole, !=, TRUTH_OPEN);
        for (unsigned set = 0; set < 8; set++) {
            unsigned known = 0;
            for (unsigned bit = 0; bit < 3; bit++)
                known |= (set >> bit & 1u) << used[bit];
            enum truth truth = TRUTH_OPEN;
            decide(text->str, known, &truth, errors);
            g_assert_true(truth == TRUTH_OPEN || truth == whole);
        }
        g_string_free(errors, TRUE);
        g_string_free(text, TRUE);
    }
    g_rand_free(random);
}

#define SWEPT                                                                                                          \
    "  swept: protocol.slot, protocol.slot.timeout, adversary.stake, alpha, validators.count, size, stake, protocol, " \
    "name, faults.the big one, faults.the big one of all\n"

static void tells_slips(void)
{
    is_refused("protocl.slot < 4 s", "only:1:1: a condition compares keys that are swept\n"
                                     "    protocl.slot < 4 s\n"
                                     "    ^~~~~~~~~~~~\n"
                                     "  did you mean `protocol.slot`?\n" SWEPT);
    is_refused("4 s > protocol.slot", "only:1:1: a condition compares keys that are swept\n"
                                      "    4 s > protocol.slot\n"
                                      "    ^\n" SWEPT "  the key stands first, as in protocol.slot = ...\n");
    is_refused("alpha", "only:1:6: a comparison is missing: <, <=, >, >=, = or !=\n"
                        "    alpha\n"
                        "         ^\n");
    is_refused("alpha <", "only:1:8: a value to compare with is missing\n"
                          "    alpha <\n"
                          "           ^\n");
    is_refused("protocol.slot < 4", "only:1:17: `protocol.slot`: a duration needs a unit: 4 s, 4 ms, 4 min\n"
                                    "    protocol.slot < 4\n"
                                    "                    ^\n");
    is_refused("alpha < 1 && size > 1 B",
               "only:1:9: `alpha`: \"1 && size\" is not a plain number: write for example 1.16 or 1/3\n"
               "    alpha < 1 && size > 1 B\n"
               "            ^~~~~~~~~\n"
               "  comparisons are joined by `and` and `or`\n");
    is_refused("protocol = paros", "only:1:12: `protocol` is never \"paros\"\n"
                                   "    protocol = paros\n"
                                   "               ^~~~~\n"
                                   "  did you mean `praos`?\n"
                                   "  values: praos, tendermint, a (b) and c\n");
    is_refused("protocol > praos", "only:1:10: texts have no order: they are equal (=) or not (!=)\n"
                                   "    protocol > praos\n"
                                   "             ^\n");
    is_refused("protocol.slot = alpha", "only:1:15: these two keys are of different kinds: they cannot be compared\n"
                                        "    protocol.slot = alpha\n"
                                        "                  ^\n");
    is_refused("size = stake", "only:1:6: these two keys are of different kinds: they cannot be compared\n"
                               "    size = stake\n"
                               "         ^\n");
    is_refused("name = alpha", "only:1:6: these two keys are of different kinds: they cannot be compared\n"
                               "    name = alpha\n"
                               "         ^\n");
    is_refused("(alpha < 1", "only:1:11: a closing bracket is missing\n"
                             "    (alpha < 1\n"
                             "              ^\n");
    is_refused("alpha < 1) or alpha > 2", "only:1:10: the condition has ended here; `and` or `or` would go on\n"
                                          "    alpha < 1) or alpha > 2\n"
                                          "             ^~~~~~~~~~~~~~\n");
    is_refused("name = \"a", "only:1:8: the quote is never closed\n"
                             "    name = \"a\n"
                             "           ^\n");
    is_refused("", "only:1:1: a key is missing here\n"
                   "    \n"
                   "    ^\n" SWEPT);
}

/* Neither brackets nor lengths without end exhaust the stack. */
static void has_limits(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 1900; i++)
        g_string_append(text, "(");
    enum truth truth;
    GString *errors = g_string_new(NULL);
    g_assert_false(decide(text->str, ~0u, &truth, errors));
    g_assert_nonnull(strstr(errors->str, "only:1:65: the condition has too many brackets and `not` within each other"));
    g_string_assign(text, "alpha=1");
    while (text->len + 12 <= CONDITION_LONGEST)
        g_string_append(text, " or size=1 B");
    g_string_truncate(errors, 0);
    g_assert_true(decide(text->str, ~0u, &truth, errors));
    while (text->len <= CONDITION_LONGEST)
        g_string_append(text, " ");
    g_assert_false(decide(text->str, ~0u, &truth, errors));
    g_assert_nonnull(strstr(errors->str, "only:1:1: a condition has at most 4000 characters"));
    g_string_free(errors, TRUE);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/condition/compares in order", compares_in_order);
    g_test_add_func("/condition/compares exactly", compares_exactly);
    g_test_add_func("/condition/knows no ranges", knows_no_ranges);
    g_test_add_func("/condition/compares texts", compares_texts);
    g_test_add_func("/condition/binds", binds);
    g_test_add_func("/condition/finds keys", finds_keys);
    g_test_add_func("/condition/stays open", stays_open);
    g_test_add_func("/condition/never takes back", never_takes_back);
    g_test_add_func("/condition/tells slips", tells_slips);
    g_test_add_func("/condition/has limits", has_limits);
    return g_test_run();
}
