/* SPDX-License-Identifier: MIT */
/*
 * What pages are made of: a frame with its sections, tables, and the sections that pages share. Private to page*.c.
 */
#ifndef POSIM_REPORT_PAGE_PARTS_H
#define POSIM_REPORT_PAGE_PARTS_H

#include "report/html.h"
#include "report/page.h"
#include "report/words.h"

struct page_section {
    const char *id, *name;
};

struct page {
    struct html html; /* of the sections */
    VECTOR(struct page_section) sections;
    unsigned tables, drawings; /* numbered, for their ids */
};

/* The frame. */

void page_init(struct page *page);

/* A section of the page, with its name in the contents and its title; all are literals. */
void page_section(struct page *page, const char *id, const char *name, const char *title);
void page_section_end(struct page *page);

/* What stands above the sections. */
struct page_head {
    const char *kind, *title;
    const char *question;    /* NULL: none */
    const char *facts[8][2]; /* names and values, NULL-terminated */
};

/* The whole page: the head, the contents, the sections. Releases the page in any case. */
char *page_finish(struct page *page, const struct page_head *head, const char *scripts, GError **error);

/* Pieces. */

/* A text that is then freed. */
void page_text(struct html *html, char *text);
void page_paragraph(struct html *html, const char *classes, char *text);

/* "hall" with a colour: good, bad or open. */
void page_mark(struct html *html, const char *tone, const char *text);

/* Links to a file of the directory, which is shown by its path there. */
void page_file_link(struct html *html, const struct page_results *results, const char *file, const char *text);

/* A table that scrolls by itself where it is too wide. Returns the number by which a filter finds it. */
unsigned page_table(struct page *page, const char *caption, bool sortable);
void page_table_end(struct page *page);

/* The row of headings: literals, or texts of the caller; NULL-terminated. `numbers` tells which are of numbers. */
void page_headings(struct html *html, const char *const *headings, uint64_t numbers);
void page_row(struct html *html);
void page_row_end(struct html *html);

/* Cells. The value is what the column sorts by; NAN: missing. */
void page_cell(struct html *html, const char *text);
void page_row_heading(struct html *html, const char *text);
void page_number(struct html *html, double value, const struct scale *scale);
void page_count(struct html *html, uint64_t value);
/* A mean, and its interval below. */
void page_finding(struct html *html, const struct finding *finding, const struct scale *scale);

/* Sections that several pages have. Their headings are of the page's second level. */

void page_verdicts(struct page *page, const struct page_results *results);
void page_key_figures(struct page *page, const struct page_results *results);
void page_claims(struct page *page, const struct page_results *results);
void page_points(struct page *page, const struct page_results *results);
void page_drawings(struct page *page, const struct page_results *results);
void page_metrics(struct page *page, const struct page_results *results);
void page_shares(struct page *page, const struct page_results *results);
void page_limits(struct page *page, const struct page_results *results, size_t count);
void page_scenario(struct page *page, const struct page_results *results);
void page_reproduce(struct page *page, const struct page_results *results, size_t count);
void page_files(struct page *page, const struct page_results *results, size_t count);

/* Their content alone, without the section around it. */
void page_headline(struct html *html, const struct findings *findings);
void page_claims_table(struct page *page, const struct page_results *results);

/* The drawings one beside the other. */
void page_drawings_grid(struct page *page, const struct page_results *results);

#endif
