/* SPDX-License-Identifier: MIT */
/*
 * Writes HTML into memory, element by element. This is the one place where texts are escaped: whatever a scenario, a
 * table or a manifest says gets into a page through html_text or as the value of an attribute, and there is no way to
 * pass markup through. Names of elements and attributes are the program's own, and checked.
 *
 * Life: html_init; html_begin, its attributes, its content, html_end, nested as they like; html_finish.
 */
#ifndef POSIM_REPORT_HTML_H
#define POSIM_REPORT_HTML_H

#include <glib.h>
#include <stdbool.h>

#define HTML_DEEPEST 64

struct html {
    GString *text;
    const char *open[HTML_DEEPEST]; /* static texts: the elements around */
    size_t depth;
    bool in_tag; /* attributes may follow */
};

void html_init(struct html *html);

/* The text, g_free it. Every element must be closed. */
char *html_finish(struct html *html);

/* `element` and `name` must outlive the writer: they are literals. A value or text that is NULL is left out. */
void html_begin(struct html *html, const char *element);
void html_attribute(struct html *html, const char *name, const char *value);
void html_attribute_format(struct html *html, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
void html_end(struct html *html);

/* What is no UTF-8, or no character that HTML allows, becomes U+FFFD. */
void html_text(struct html *html, const char *text);
void html_format(struct html *html, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* An element with a class (NULL: none) begun; and one with nothing but text, whole. */
void html_begin_classed(struct html *html, const char *element, const char *classes);
void html_element(struct html *html, const char *element, const char *text);
void html_classed(struct html *html, const char *element, const char *classes, const char *text);
void html_classed_format(struct html *html, const char *element, const char *classes, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Appends all that another writer has written, whose elements are all closed; it stays as it is. */
void html_append(struct html *html, const struct html *other);

/* A link; a path goes through html_path first. */
void html_link(struct html *html, const char *address, const char *text);

/* A path of files as a relative address: what is no letter, digit, dot, dash or slash is percent-encoded. g_free it. */
char *html_path(const char *path);

#endif
