/* SPDX-License-Identifier: MIT */
/* The frame of a page: the files of analysis/page, the head, the contents. And the pieces that sections are made of. */
#include "base/assert.h"
#include "experiment/results.h"
#include "report/page_parts.h"

#include <math.h>
#include <string.h>

void page_init(struct page *page)
{
    *page = (struct page){0};
    html_init(&page->html);
}

void page_section(struct page *page, const char *id, const char *name, const char *title)
{
    vector_push(&page->sections, (struct page_section){id, name});
    html_begin(&page->html, "section");
    html_attribute(&page->html, "id", id);
    html_attribute_format(&page->html, "aria-labelledby", "%s-title", id);
    html_begin(&page->html, "h2");
    html_attribute_format(&page->html, "id", "%s-title", id);
    html_text(&page->html, title);
    html_end(&page->html);
}

void page_section_end(struct page *page)
{
    html_end(&page->html);
}

/* The parts around the sections. */

static void write_head(struct html *html, const struct page_head *head)
{
    html_begin_classed(html, "header", "head");
    html_classed(html, "p", "kind", head->kind);
    html_element(html, "h1", head->title);
    if (head->question)
        html_classed(html, "p", "question", head->question);
    html_begin_classed(html, "dl", "facts");
    for (size_t i = 0; head->facts[i][0]; i++) {
        html_begin(html, "div");
        html_element(html, "dt", head->facts[i][0]);
        html_element(html, "dd", head->facts[i][1]);
        html_end(html);
    }
    html_end(html);
    html_end(html);
}

static void write_contents(struct html *html, const struct page *page)
{
    html_begin_classed(html, "nav", "contents");
    html_attribute(html, "aria-label", "Contents");
    html_begin(html, "ul");
    for (size_t i = 0; i < page->sections.count; i++) {
        char *address = g_strconcat("#", page->sections.at[i].id, NULL);
        html_begin(html, "li");
        html_link(html, address, page->sections.at[i].name);
        html_end(html);
        g_free(address);
    }
    html_end(html);
    html_end(html);
}

static char *make_body(const struct page *page, const struct page_head *head)
{
    struct html html;
    html_init(&html);
    html_begin_classed(&html, "a", "skip");
    html_attribute(&html, "href", "#content");
    html_text(&html, "Skip to the content");
    html_end(&html);
    write_head(&html, head);
    write_contents(&html, page);
    html_begin(&html, "main");
    html_attribute(&html, "id", "content");
    html_append(&html, &page->html);
    html_end(&html);
    char *maker = results_maker_now();
    html_begin(&html, "footer");
    html_classed_format(&html, "p", NULL,
                        "Written by %s from the tables of the results, and from nothing else. The page loads nothing "
                        "from anywhere.",
                        maker);
    html_end(&html);
    g_free(maker);
    return html_finish(&html);
}

/* The files of analysis/page. */

static char *read_file(const char *scripts, const char *name, GError **error)
{
    char *path = g_build_filename(scripts, "page", name, NULL), *text = NULL;
    g_file_get_contents(path, &text, NULL, error);
    g_free(path);
    return text;
}

/* What the page may do: run the one script that is in it, and nothing from elsewhere. */
static char *make_policy(const char *script)
{
    /* of what stands between the tags, line end after the tag included */
    char *content = g_strconcat("\n", script, NULL);
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;
    g_checksum_update(checksum, (const guchar *)content, (gssize)strlen(content));
    g_checksum_get_digest(checksum, digest, &length);
    char *hash = g_base64_encode(digest, length);
    char *policy = g_strdup_printf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'", hash);
    g_free(hash);
    g_checksum_free(checksum);
    g_free(content);
    return policy;
}

static char *escaped(const char *text)
{
    struct html html;
    html_init(&html);
    html_text(&html, text);
    return html_finish(&html);
}

/* Puts each text in the place that the template names, in one pass: what is put in is not looked through again. */
static char *fill_template(const char *template, const char *const places[][2])
{
    GString *page = g_string_new(NULL);
    for (const char *at = template; *at;) {
        size_t i = 0;
        while (places[i][0] && !g_str_has_prefix(at, places[i][0]))
            i++;
        if (places[i][0]) {
            g_string_append(page, places[i][1]);
            at += strlen(places[i][0]);
        } else {
            g_string_append_c(page, *at++);
        }
    }
    return g_string_free(page, FALSE);
}

static char *assemble(const char *template, const char *style, const char *script, const char *title, const char *body)
{
    char *policy = make_policy(script), *maker = results_maker_now(), *safe_title = escaped(title);
    const char *const places[][2] = {{"@POLICY@", policy}, {"@MAKER@", maker}, {"@TITLE@", safe_title},
                                     {"@STYLE@", style},   {"@BODY@", body},   {"@SCRIPT@", script},
                                     {NULL, NULL}};
    char *page = fill_template(template, places);
    g_free(safe_title);
    g_free(maker);
    g_free(policy);
    return page;
}

char *page_finish(struct page *page, const struct page_head *head, const char *scripts, GError **error)
{
    char *body = make_body(page, head), *whole = NULL;
    char *template = read_file(scripts, "page.html", error);
    char *style = template ? read_file(scripts, "page.css", error) : NULL;
    char *script = style ? read_file(scripts, "page.js", error) : NULL;
    if (script)
        whole = assemble(template, style, script, head->title, body);
    g_free(script);
    g_free(style);
    g_free(template);
    g_free(body);
    g_free(html_finish(&page->html));
    vector_release(&page->sections);
    return whole;
}

char *page_address(const char *page_folder, const char *folder)
{
    char *from = g_canonicalize_filename(page_folder, NULL), *to = g_canonicalize_filename(folder, NULL);
    char **above = g_strsplit(from, "/", -1), **below = g_strsplit(to, "/", -1);
    size_t same = 0;
    while (above[same] && below[same] && strcmp(above[same], below[same]) == 0)
        same++;
    GString *address = g_string_new(NULL);
    for (size_t i = same; above[i]; i++)
        if (*above[i])
            g_string_append(address, "../");
    for (size_t i = same; below[i]; i++)
        if (*below[i])
            g_string_append_printf(address, "%s/", below[i]);
    g_strfreev(below);
    g_strfreev(above);
    g_free(to);
    g_free(from);
    return g_string_free(address, FALSE);
}

/* Pieces. */

void page_text(struct html *html, char *text)
{
    html_text(html, text);
    g_free(text);
}

void page_paragraph(struct html *html, const char *classes, char *text)
{
    html_classed(html, "p", classes, text);
    g_free(text);
}

void page_mark(struct html *html, const char *tone, const char *text)
{
    char *classes = g_strconcat("mark ", tone, NULL);
    html_classed(html, "span", classes, text);
    g_free(classes);
}

void page_file_link(struct html *html, const struct page_results *results, const char *file, const char *text)
{
    char *path = g_strconcat(results->address, file, NULL), *address = html_path(path);
    html_link(html, address, text);
    g_free(address);
    g_free(path);
}

unsigned page_table(struct page *page, const char *caption, bool sortable)
{
    struct html *html = &page->html;
    html_begin_classed(html, "div", "scroll");
    html_attribute(html, "role", "region");
    html_attribute(html, "aria-label", caption);
    html_attribute(html, "tabindex", "0");
    html_begin_classed(html, "table", sortable ? "sortable" : NULL);
    html_attribute_format(html, "id", "table-%u", ++page->tables);
    html_begin(html, "caption");
    html_element(html, "span", caption);
    html_end(html);
    return page->tables;
}

void page_table_end(struct page *page)
{
    html_end(&page->html); /* tbody */
    html_end(&page->html);
    html_end(&page->html);
}

/* A key may be broken behind its dots, so that it does not make a column wide. */
static void write_breakable(struct html *html, const char *text)
{
    char **parts = g_strsplit(text, ".", -1);
    for (char **part = parts; *part; part++) {
        html_format(html, "%s%s", *part, part[1] ? "." : "");
        if (part[1]) {
            html_begin(html, "wbr");
            html_end(html);
        }
    }
    g_strfreev(parts);
}

void page_headings(struct html *html, const char *const *headings, uint64_t numbers)
{
    html_begin(html, "thead");
    html_begin(html, "tr");
    for (size_t i = 0; headings[i]; i++) {
        html_begin(html, "th");
        html_attribute(html, "scope", "col");
        html_attribute(html, "class", i < 64 && (numbers >> i & 1) ? "number" : NULL);
        write_breakable(html, headings[i]);
        html_end(html);
    }
    html_end(html);
    html_end(html);
    html_begin(html, "tbody");
}

void page_row(struct html *html)
{
    html_begin(html, "tr");
}

void page_row_end(struct html *html)
{
    html_end(html);
}

void page_cell(struct html *html, const char *text)
{
    html_element(html, "td", text);
}

void page_row_heading(struct html *html, const char *text)
{
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    html_text(html, text);
    html_end(html);
}

static void begin_number(struct html *html, double value)
{
    char printed[G_ASCII_DTOSTR_BUF_SIZE];
    html_begin_classed(html, "td", "number");
    html_attribute(html, "data-value", isnan(value) ? "" : g_ascii_formatd(printed, sizeof printed, "%.9g", value));
}

void page_number(struct html *html, double value, const struct scale *scale)
{
    begin_number(html, value);
    page_text(html, words_number(value / scale->factor));
    html_end(html);
}

void page_count(struct html *html, uint64_t value)
{
    static const struct scale plain = {.factor = 1};
    page_number(html, (double)value, &plain);
}

void page_finding(struct html *html, const struct finding *finding, const struct scale *scale)
{
    static const struct scale no_unit = {.factor = 1};
    struct scale bare = no_unit;
    bare.factor = scale->factor;
    begin_number(html, finding->mean);
    page_text(html, words_number(finding->mean / scale->factor));
    if (!isnan(finding->low)) {
        html_begin(html, "small");
        page_text(html, words_range(finding->low, finding->high, &bare));
        html_end(html);
    }
    html_end(html);
}
