/* SPDX-License-Identifier: MIT */
/* What a user wrote is letters and signs to LaTeX, and never a command. */
#include "report/tex.h"

static void check(void (*append)(GString *, const char *), const char *text, const char *expected)
{
    GString *out = g_string_new(NULL);
    append(out, text);
    g_assert_cmpstr(out->str, ==, expected);
    g_string_free(out, TRUE);
}

static void test_texts(void)
{
    check(tex_text, "95 % of a_b & c", "95 \\% of a\\_b \\& c");
    check(tex_text, "\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}");
    check(tex_text, "$x^2 ~ #1 <a|b>",
          "\\$x\\textasciicircum{}2 \\textasciitilde{} \\#1 "
          "\\textless{}a\\textbar{}b\\textgreater{}");
    check(tex_text, "say \"it\"\nand go", "say ''it'' and go");
    check(tex_text,
          "Gaz\xcc\x8ci, \xc3\xa9t\xc3\xa9, Milo\xc5\xa1"
          "evi\xc4\x87",
          "Gazi, \xc3\xa9t\xc3\xa9, Milosevic");
    check(tex_text, "\xce\x94 \xf0\x9f\x98\x80 \xff\001", "? ? ?");
    check(tex_text, NULL, "");
}

static void test_labels_and_paths(void)
{
    check(tex_label, "a b_c.d}%", "a-b-c-d--");
    check(tex_path, "../my_results/p.1-2/x", "../my_results/p.1-2/x");
    check(tex_path, "a b}\\x%#", "a-b--x--");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tex/texts", test_texts);
    g_test_add_func("/tex/labels-and-paths", test_labels_and_paths);
    return g_test_run();
}
