/* SPDX-License-Identifier: MIT */
/* HTML is written element by element, and what a user wrote cannot become markup. */
#include "report/html.h"

#include <string.h>

static void test_elements_nest(void)
{
    struct html html;
    html_init(&html);
    html_begin_classed(&html, "p", "note");
    html_text(&html, "a ");
    html_element(&html, "code", "b");
    html_begin(&html, "br");
    html_end(&html);
    html_format(&html, "%d", 3);
    html_end(&html);
    html_link(&html, "#x", "there");
    char *text = html_finish(&html);
    g_assert_cmpstr(text, ==, "<p class=\"note\">a <code>b</code>\n<br>3</p><a href=\"#x\">there</a>");
    g_free(text);
}

/* Line ends within `pre` count, so none is added there. */
static void test_pre_keeps_its_lines(void)
{
    struct html html;
    html_init(&html);
    html_begin(&html, "pre");
    html_begin(&html, "div");
    html_text(&html, "1\n2");
    html_end(&html);
    html_end(&html);
    char *text = html_finish(&html);
    g_assert_cmpstr(text, ==, "<pre><div>1\n2</div></pre>");
    g_free(text);
}

static char *text_as_html(const char *text)
{
    struct html html;
    html_init(&html);
    html_text(&html, text);
    return html_finish(&html);
}

static char *attribute_as_html(const char *text)
{
    struct html html;
    html_init(&html);
    html_begin(&html, "i");
    html_attribute(&html, "title", text);
    html_attribute(&html, "lang", NULL);
    html_end(&html);
    return html_finish(&html);
}

static void test_texts_are_escaped(void)
{
    static const char *const cases[][3] = {
        {"plain", "plain", "<i title=\"plain\"></i>"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
         "<i title=\"&lt;script&gt;alert(1)&lt;/script&gt;\"></i>"},
        {"a & b &amp; c", "a &amp; b &amp;amp; c", "<i title=\"a &amp; b &amp;amp; c\"></i>"},
        {"\" onload=\"x", "\" onload=\"x", "<i title=\"&quot; onload=&quot;x\"></i>"},
        {"-->", "--&gt;", "<i title=\"--&gt;\"></i>"},
        {"\001\r\x7f\xc2\x85", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
         "<i title=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"></i>"},
        {"\xff<\xc3", "\xef\xbf\xbd&lt;\xef\xbf\xbd", "<i title=\"\xef\xbf\xbd&lt;\xef\xbf\xbd\"></i>"},
        {"\xef\xbf\xbf", "\xef\xbf\xbd", "<i title=\"\xef\xbf\xbd\"></i>"},
        {"\xc3\xa9 \xe2\x82\xac", "\xc3\xa9 \xe2\x82\xac", "<i title=\"\xc3\xa9 \xe2\x82\xac\"></i>"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = text_as_html(cases[i][0]), *attribute = attribute_as_html(cases[i][0]);
        g_assert_cmpstr(text, ==, cases[i][1]);
        /* the empty attribute was left out */
        g_assert_cmpstr(attribute, ==, cases[i][2]);
        g_free(attribute);
        g_free(text);
    }
}

static void test_paths_become_addresses(void)
{
    static const char *const cases[][2] = {
        {"plots/data/line.csv", "plots/data/line.csv"},
        {"../my results/100 %/runs.csv", "../my%20results/100%20%25/runs.csv"},
        {"javascript:alert(1)", "javascript%3Aalert%281%29"},
        {"a?b#c\"<", "a%3Fb%23c%22%3C"},
        {"\xff", "%FF"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *address = html_path(cases[i][0]);
        g_assert_cmpstr(address, ==, cases[i][1]);
        g_free(address);
    }
}

/* A program that uses it wrongly ends at once. */
static void leave_open(void)
{
    if (g_test_subprocess()) {
        struct html html;
        html_init(&html);
        html_begin(&html, "p");
        html_finish(&html);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
}

static void name_badly(void)
{
    if (g_test_subprocess()) {
        struct html html;
        html_init(&html);
        html_begin(&html, "p><script");
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
}

static void add_late(void)
{
    if (g_test_subprocess()) {
        struct html html;
        html_init(&html);
        html_begin(&html, "p");
        html_text(&html, "x");
        html_attribute(&html, "class", "y");
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/elements", test_elements_nest);
    g_test_add_func("/html/pre", test_pre_keeps_its_lines);
    g_test_add_func("/html/escaped", test_texts_are_escaped);
    g_test_add_func("/html/paths", test_paths_become_addresses);
    g_test_add_func("/html/misuse/open", leave_open);
    g_test_add_func("/html/misuse/name", name_badly);
    g_test_add_func("/html/misuse/late", add_late);
    return g_test_run();
}
