/* SPDX-License-Identifier: MIT */
/* Drawings get into a page without anything that could act, or reach out of it, or clash with another drawing. */
#include "report/svg.h"

#include <string.h>

static char *copy(const char *svg)
{
    struct html html;
    GError *error = NULL;
    html_init(&html);
    bool fine = svg_write(&html, svg, "d1", "a \"label\"", &error);
    g_assert_no_error(error);
    g_assert_true(fine);
    return html_finish(&html);
}

#define HEAD "<?xml version=\"1.0\"?>\n<svg width=\"321\" height=\"204\" viewBox=\"0 0 321 204\" onload=\"x()\">\n"
#define OUT  "\n<svg class=\"drawing\" viewBox=\"0 0 321 204\" role=\"img\" aria-label=\"a &quot;label&quot;\">"

static void check(const char *inside, const char *expected)
{
    char *svg = g_strconcat(HEAD, inside, "</svg>", NULL), *wanted = g_strconcat(OUT, expected, "</svg>", NULL);
    char *copied = copy(svg);
    g_assert_cmpstr(copied, ==, wanted);
    g_free(copied);
    g_free(wanted);
    g_free(svg);
}

static void test_what_draws_is_kept(void)
{
    check("<title>Gnuplot</title><g id=\"a\" fill='none'>\n\t<path stroke='rgb(  0, 114, 178)' d='M1,2 L3,4'/></g>",
          "\n<g id=\"d1-a\" fill=\"none\">\n<path stroke=\"rgb(  0, 114, 178)\" d=\"M1,2 L3,4\"></path></g>");
    check("<text x='1'>a &lt;b&gt; &amp; c<tspan> d</tspan></text> stray",
          "<text x=\"1\">a &lt;b&gt; &amp; c\n<tspan> d</tspan></text>");
}

static void test_names_are_its_own(void)
{
    check("<use xlink:href='#p'/><rect fill='url(#g)'/>",
          "<use href=\"#d1-p\"></use>\n<rect fill=\"url(#d1-g)\"></rect>");
}

static void test_what_acts_or_reaches_out_is_left_out(void)
{
    check("<script>alert(1)</script><g onclick=\"x()\"></g>", "\n<g></g>");
    check("<foreignObject><g id='in'/></foreignObject><image href='http://a/b.png'/>", "");
    check("<a href='javascript:x()'><g/></a>", "");
    check("<use href='http://a/b#c'/><rect fill='url(http://a/b)'/>", "<use></use>\n<rect></rect>");
    check("<rect fill='url(#a) url(http://b)'/>", "\n<rect></rect>");
    check("<rect fill='URL(http://b)'/><rect fill='u\\72l(http://b)'/>", "\n<rect></rect>\n<rect></rect>");
    check("<path style='fill:none; stroke:rgb(1,2,3)'/>", "\n<path style=\"fill:none; stroke:rgb(1,2,3)\"></path>");
    check("<path style='fill:url(http://a)'/><path style='background:URL(x)'/>", "\n<path></path>\n<path></path>");
    check("<animate attributeName='href'/><set/><style>@import 'x'</style>", "");
    check("<svg><g/></svg>", "");
}

static void test_what_is_no_drawing_is_refused(void)
{
    static const char *const cases[] = {"", "<svg", "<svg><g></svg>", "text", "<g/>", "<html><svg/></html"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct html html;
        GError *error = NULL;
        html_init(&html);
        g_assert_false(svg_write(&html, cases[i], "d1", "label", &error));
        g_assert_error(error, SVG_ERROR, SVG_ERROR_MALFORMED);
        g_error_free(error);
        char *nothing = html_finish(&html);
        g_assert_cmpstr(nothing, ==, "");
        g_free(nothing);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/svg/kept", test_what_draws_is_kept);
    g_test_add_func("/svg/names", test_names_are_its_own);
    g_test_add_func("/svg/left-out", test_what_acts_or_reaches_out_is_left_out);
    g_test_add_func("/svg/refused", test_what_is_no_drawing_is_refused);
    return g_test_run();
}
