/* SPDX-License-Identifier: MIT */
#include "report/html.h"

#include "base/assert.h"

#include <stdarg.h>
#include <string.h>

/* Those that have no content, and no end. */
static const char *const voids[] = {"br", "col", "hr", "input", "meta", "wbr", NULL};

/* Those that stand within a line: others begin one of their own, so that people can read the source. */
static const char *const within_lines[] = {"a",    "abbr",   "b",     "button", "code", "dd",   "em",  "kbd", "option",
                                           "span", "strong", "small", "sub",    "sup",  "text", "use", "wbr", NULL};

void html_init(struct html *html)
{
    *html = (struct html){.text = g_string_new(NULL)};
}

char *html_finish(struct html *html)
{
    REQUIRE(html->depth == 0 && !html->in_tag);
    return g_string_free(html->text, FALSE);
}

static bool is_name(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-')
            return false;
    return g_ascii_isalpha(*name);
}

static void close_tag(struct html *html)
{
    if (html->in_tag)
        g_string_append_c(html->text, '>');
    html->in_tag = false;
}

/* Whether the text that follows would count: HTML keeps line ends there. */
static bool keeps_lines(const struct html *html)
{
    for (size_t i = 0; i < html->depth; i++)
        if (strcmp(html->open[i], "pre") == 0)
            return true;
    return false;
}

void html_begin(struct html *html, const char *element)
{
    REQUIRE(is_name(element) && html->depth < HTML_DEEPEST);
    close_tag(html);
    if (html->text->len && !g_strv_contains(within_lines, element) && !keeps_lines(html))
        g_string_append_c(html->text, '\n');
    g_string_append_printf(html->text, "<%s", element);
    html->open[html->depth++] = element;
    html->in_tag = true;
}

/* HTML forbids the other control characters even as references; the last two of a plane are no characters. */
static bool is_allowed(gunichar c)
{
    return c >= 0x20 ? c != 0x7f && !(c >= 0x80 && c < 0xa0) && (c & 0xfffe) != 0xfffe : c == '\t' || c == '\n';
}

static void append_character(GString *out, gunichar c, bool in_attribute)
{
    if (c == '&')
        g_string_append(out, "&amp;");
    else if (c == '<')
        g_string_append(out, "&lt;");
    else if (c == '>')
        g_string_append(out, "&gt;");
    else if (c == '"' && in_attribute)
        g_string_append(out, "&quot;");
    else
        g_string_append_unichar(out, is_allowed(c) ? c : 0xfffd);
}

static void append_escaped(GString *out, const char *text, bool in_attribute)
{
    char *valid = g_utf8_make_valid(text, -1);
    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        append_character(out, g_utf8_get_char(at), in_attribute);
    g_free(valid);
}

void html_attribute(struct html *html, const char *name, const char *value)
{
    REQUIRE(html->in_tag && is_name(name));
    if (!value)
        return;
    g_string_append_printf(html->text, " %s=\"", name);
    append_escaped(html->text, value, true);
    g_string_append_c(html->text, '"');
}

void html_attribute_format(struct html *html, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    html_attribute(html, name, value);
    g_free(value);
}

void html_end(struct html *html)
{
    REQUIRE(html->depth > 0);
    close_tag(html);
    const char *element = html->open[--html->depth];
    if (!g_strv_contains(voids, element))
        g_string_append_printf(html->text, "</%s>", element);
}

void html_text(struct html *html, const char *text)
{
    close_tag(html);
    if (text)
        append_escaped(html->text, text, false);
}

static void text_of(struct html *html, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);
static void text_of(struct html *html, const char *format, va_list arguments)
{
    char *text = g_strdup_vprintf(format, arguments);
    html_text(html, text);
    g_free(text);
}

void html_format(struct html *html, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_of(html, format, arguments);
    va_end(arguments);
}

void html_begin_classed(struct html *html, const char *element, const char *classes)
{
    html_begin(html, element);
    html_attribute(html, "class", classes);
}

void html_element(struct html *html, const char *element, const char *text)
{
    html_classed(html, element, NULL, text);
}

void html_classed(struct html *html, const char *element, const char *classes, const char *text)
{
    html_begin_classed(html, element, classes);
    html_text(html, text);
    html_end(html);
}

void html_classed_format(struct html *html, const char *element, const char *classes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    html_begin_classed(html, element, classes);
    text_of(html, format, arguments);
    html_end(html);
    va_end(arguments);
}

void html_append(struct html *html, const struct html *other)
{
    REQUIRE(other->depth == 0 && !other->in_tag);
    close_tag(html);
    g_string_append_c(html->text, '\n');
    g_string_append_len(html->text, other->text->str, (gssize)other->text->len);
}

void html_link(struct html *html, const char *address, const char *text)
{
    html_begin(html, "a");
    html_attribute(html, "href", address);
    html_text(html, text);
    html_end(html);
}

char *html_path(const char *path)
{
    return g_uri_escape_bytes((const guint8 *)path, strlen(path), "/");
}
