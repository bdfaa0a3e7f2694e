/* SPDX-License-Identifier: MIT */
/* What a user wrote is letters and signs to LaTeX, and never a command. */
#include "report/tex.h"
#include "report/tex_letter.h"

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
    check(tex_text, "[a] *b", "{[}a] {*}b");
    check(tex_text, NULL, "");
}

static void test_letters(void)
{
    check(tex_text, "Gaži, été, Milošević", "Ga\\v{z}i, été, Milo\\v{s}evi\\'{c}");
    check(tex_text, "Gaz\xcc\x8ci, e\xcc\x81t\xc3\xa9, x\xcc\x84_1", "Ga\\v{z}i, \xc3\xa9t\xc3\xa9, \\={x}\\_1");
    check(tex_text, "Łódź ﬁ", "Lód\\'{z} fi");
    check(tex_text, "Δ ≤ 3µs – Ω",
          "\\ensuremath{\\Delta} \\ensuremath{\\leq} 3\\ensuremath{\\mu}s -- \\ensuremath{\\Omega}");
}

/* What has no letter is told by its number, which only this writes, and by no more than one for an emoji. */
static void test_numbers(void)
{
    check(tex_text, "東 ❤\xef\xb8\x8f \xf0\x9f\x98\x80",
          "\\posimletter{6771} \\posimletter{2764} \\posimletter{1F600}");
    check(tex_text, "\xff\001", "\\posimletter{FFFD}\\posimletter{0001}");
    check(tex_text, "\\posimletter{6771}", "\\textbackslash{}posimletter\\{6771\\}");
    char *told = tex_numbered_letters("\\posimletter{6771}, \\posimletter{1F600} and \\posimletter{6771}");
    g_assert_cmpstr(told, ==, "東 (U+6771), \xf0\x9f\x98\x80 (U+1F600)");
    g_free(told);
    g_assert_null(tex_numbered_letters("\\posimletter and posimletter{6771}"));
}

static void test_of_latex(void)
{
    char *plain = tex_with_letters("% é\n\\put(0){\\strut{}σ_s}"), *numbered = tex_with_letters("% a\n\\put{東}\n");
    g_assert_cmpstr(plain, ==, "% é\n\\put(0){\\strut{}\\ensuremath{\\sigma}_s}");
    g_assert_cmpstr(numbered, ==, "% a\n\\providecommand{\\posimletter}[1]{[U+#1]}\n\\put{\\posimletter{6771}}\n");
    g_free(plain);
    g_free(numbered);
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
    g_test_add_func("/tex/letters", test_letters);
    g_test_add_func("/tex/numbers", test_numbers);
    g_test_add_func("/tex/of-latex", test_of_latex);
    g_test_add_func("/tex/labels-and-paths", test_labels_and_paths);
    return g_test_run();
}
