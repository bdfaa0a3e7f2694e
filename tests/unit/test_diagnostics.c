/* SPDX-License-Identifier: MIT */
/* Errors of a scenario: sorted, told once, cut where they are long, with carets in place; and "did you mean". */
#include "base/suggest.h"
#include "scenario/diagnostics.h"

#include <string.h>

struct telling {
    struct pool pool;
    struct diagnostics diagnostics;
};

static void telling_init(struct telling *telling)
{
    pool_init(&telling->pool);
    diagnostics_init(&telling->diagnostics);
}

/* Releases all, and returns what was printed. */
static char *telling_end(struct telling *telling)
{
    GString *printed = g_string_new(NULL);
    diagnostics_print(&telling->diagnostics, printed);
    diagnostics_release(&telling->diagnostics);
    pool_release(&telling->pool);
    return g_string_free(printed, FALSE);
}

static struct place at(const struct source *source, int line, int column, int length)
{
    return (struct place){source, line, column, length};
}

/* Errors arrive in any order, one of them twice; they come out by file, line and column, each once. */
static void sorts_and_tells_once(void)
{
    struct telling telling;
    telling_init(&telling);
    const struct source *a = source_new(&telling.pool, "a.yaml", "/", NULL, "x: 1\r\ny: 2", 10);
    const struct source *b = source_new(&telling.pool, "b.yaml", "/", NULL, "z", 1);
    diagnostics_add(&telling.diagnostics, at(b, 1, 1, 1), "last");
    diagnostics_add(&telling.diagnostics, at(a, 2, 4, 1), "third");
    diagnostics_add(&telling.diagnostics, at(a, 2, 1, 1), "second");
    struct diagnostic *again = diagnostics_add(&telling.diagnostics, at(a, 2, 1, 1), "second");
    diagnostic_note(again, "a note on a repetition is not shown");
    diagnostic_note(diagnostics_add(&telling.diagnostics, at(a, 1, 1, 4), "first"), "with a note");
    diagnostics_add(&telling.diagnostics, at(a, 0, 0, 0), "about the whole file");
    g_assert_cmpuint(diagnostics_count(&telling.diagnostics), ==, 5);
    char *printed = telling_end(&telling);
    g_assert_cmpstr(printed, ==,
                    "a.yaml: about the whole file\n"
                    "a.yaml:1:1: first\n"
                    "    x: 1\n"
                    "    ^~~~\n"
                    "  with a note\n"
                    "a.yaml:2:1: second\n"
                    "    y: 2\n"
                    "    ^\n"
                    "a.yaml:2:4: third\n"
                    "    y: 2\n"
                    "       ^\n"
                    "b.yaml:1:1: last\n"
                    "    z\n"
                    "    ^\n");
    g_free(printed);
}

/* A line of 10,000 characters shows a window around the place; a message full of escapes shows none of them raw. */
static void stays_readable(void)
{
    struct telling telling;
    telling_init(&telling);
    char *text = g_strnfill(10000, 'x');
    text[5000] = '!';
    const struct source *source = source_new(&telling.pool, "a", "/", NULL, text, 10000);
    diagnostics_add(&telling.diagnostics, at(source, 1, 5001, 1), "here \x1b[31m\nand %s", text);
    char *printed = telling_end(&telling);
    char **lines = g_strsplit(printed, "\n", -1);
    g_assert_true(g_str_has_prefix(lines[0], "a:1:5001: here \\x1b[31m\\x0aand xxxx"));
    g_assert_cmpuint(strlen(lines[0]), <, 450);
    g_assert_cmpuint(strlen(lines[1]), <, 200);
    g_assert_cmpint(lines[1][strlen(lines[2]) - 1], ==, '!');
    g_strfreev(lines);
    g_free(printed);
    g_free(text);
}

/* Of 1,500 different errors 1,000 are shown and the others counted. */
static void holds_only_so_many(void)
{
    struct telling telling;
    telling_init(&telling);
    const struct source *source = source_new(&telling.pool, "a", "/", NULL, "x", 1);
    for (int i = 0; i < 1500; i++)
        diagnostics_add(&telling.diagnostics, at(source, 0, 0, 0), "number %d", i);
    diagnostics_add(&telling.diagnostics, at(source, 0, 0, 0), "number %d", 3);
    g_assert_cmpuint(diagnostics_count(&telling.diagnostics), ==, 1500);
    char *printed = telling_end(&telling);
    g_assert_true(g_str_has_suffix(printed, "a: number 999\nand 500 more errors\n"));
    g_free(printed);
}

static void quotes_values(void)
{
    char *quoted = diagnostic_quote("12 s");
    g_assert_cmpstr(quoted, ==, "\"12 s\"");
    g_free(quoted);
    char *text = g_strnfill(100, 'y');
    quoted = diagnostic_quote(text);
    g_assert_cmpuint(strlen(quoted), ==, 62);
    g_assert_true(g_str_has_suffix(quoted, "y...\""));
    g_free(quoted);
    g_free(text);
}

/* Insertions, deletions, changes and swaps count one each; case and the kind of a separator count nothing. */
static void measures_distances(void)
{
    g_assert_cmpuint(suggest_distance("", "abc"), ==, 3);
    g_assert_cmpuint(suggest_distance("slot", "slto"), ==, 1);
    g_assert_cmpuint(suggest_distance("kitten", "sitting"), ==, 3);
    g_assert_cmpuint(suggest_distance("Timeout-Propose", "timeout_propose"), ==, 0);
    g_assert_cmpuint(suggest_distance("ca", "abc"), ==, 3); /* the restricted form: no part is edited twice */
}

static void expect_suggestion(const char *written, const char *expected)
{
    static const char *const words[] = {"count",
                                        "duration",
                                        "timeout_propose",
                                        "timeout_prevote",
                                        "zipf",
                                        "pareto",
                                        "at",
                                        "for",
                                        "orphan_rate",
                                        "finality_s_first_p50",
                                        "finality_s_last_p50",
                                        "finality_s_last_p95",
                                        NULL};
    const char **near = suggest(written, words);
    char *joined = suggest_join(near, "or");
    g_assert_cmpstr(joined, ==, expected);
    g_free(joined);
    g_free(near);
}

static void suggests_what_is_near(void)
{
    expect_suggestion("cuont", "`count`");
    expect_suggestion("paretto", "`pareto`");
    expect_suggestion("timeout", "`timeout_propose` or `timeout_prevote`");
    expect_suggestion("propose", "`timeout_propose`");
    expect_suggestion("timeout-prevotes", "`timeout_prevote`");
    expect_suggestion("orphans", "`orphan_rate`");
    expect_suggestion("rate_of_orphans", "`orphan_rate`");
    expect_suggestion("finality-p50", "`finality_s_first_p50` or `finality_s_last_p50`");
    expect_suggestion("last_finality", "`finality_s_last_p50` or `finality_s_last_p95`");
    expect_suggestion("p95_of_what_is_lost", "");
    expect_suggestion("xyzzy", "");
    expect_suggestion("b", "");
    expect_suggestion("", "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diagnostics/sorts and tells once", sorts_and_tells_once);
    g_test_add_func("/diagnostics/stays readable", stays_readable);
    g_test_add_func("/diagnostics/holds only so many", holds_only_so_many);
    g_test_add_func("/diagnostics/quotes values", quotes_values);
    g_test_add_func("/suggest/measures distances", measures_distances);
    g_test_add_func("/suggest/suggests what is near", suggests_what_is_near);
    return g_test_run();
}
