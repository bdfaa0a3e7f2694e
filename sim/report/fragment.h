/* SPDX-License-Identifier: MIT */
/*
 * Reports as a fragment of LaTeX: what of a page belongs into a paper, which are the verdict in a sentence, the table
 * of numbers, what was expected, and the figures. It needs nothing but graphicx and xcolor. \posimdir is where the
 * results are, seen from where LaTeX runs; a document that defines it before \input has the last word.
 *
 * Each function returns a whole fragment; g_free it.
 */
#ifndef POSIM_REPORT_FRAGMENT_H
#define POSIM_REPORT_FRAGMENT_H

#include "report/page.h"

char *fragment_of_results(const struct page_results *results);
char *fragment_of_comparison(const struct page_results results[2], const struct comparison_list *list);
char *fragment_of_suite(const struct page_results *results, size_t count);

#endif
