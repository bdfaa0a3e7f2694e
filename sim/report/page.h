/* SPDX-License-Identifier: MIT */
/*
 * Reports: one HTML page that holds all it needs, made from findings and drawings alone, so the same results give the
 * same bytes. Its look and what moves on it are the files of analysis/page, which are put into it whole; texts from
 * results get in through html.h only, and the page's own policy forbids any other script and any address.
 *
 * Each function returns a whole page, g_free it, or NULL and an error where the files of analysis/page cannot be read.
 */
#ifndef POSIM_REPORT_PAGE_H
#define POSIM_REPORT_PAGE_H

#include "report/comparison_list.h"
#include "report/drawings.h"
#include "report/findings.h"

/* A results directory as a page shows it. */
struct page_results {
    const struct findings *findings;
    const struct drawings *drawings; /* NULL: none are shown */
    const char *no_drawings;         /* why, in words; NULL: nobody asks */
    const char *address;             /* of the directory, seen from the page: "" or "../other/", as a path */
};

/* One directory: a run, replications, or a sweep. `scripts` is the folder analysis/. */
char *page_of_results(const struct page_results *results, const char *scripts, GError **error);

/* Two of them, or two points, side by side. */
char *page_of_comparison(const struct page_results results[2], const struct comparison_list *list, const char *scripts,
                         GError **error);

/* Several that are each about something published: what was expected, what came of it. */
char *page_of_suite(const struct page_results *results, size_t count, const char *scripts, GError **error);

/* The way from the folder of a page to a directory, as "" or "../other/"; both exist. g_free it. */
char *page_address(const char *page_folder, const char *folder);

#endif
