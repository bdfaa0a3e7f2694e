/* SPDX-License-Identifier: MIT */
/*
 * Two results directories, or points of them, side by side: which points are compared with which, in which metrics, and
 * what all the differences come to when they are looked at together. `posim compare` prints it, a report shows it.
 *
 * Life: comparison_side_read for each side, comparison_list_make, look; then release the list and the sides.
 */
#ifndef POSIM_REPORT_COMPARISON_LIST_H
#define POSIM_REPORT_COMPARISON_LIST_H

#include "report/comparison.h"

/* One side as a user names it: DIR, or DIR:POINT. A directory that has such a name is meant as a whole. */
struct comparison_side {
    char *folder;
    bool has_point;
    uint64_t point;
    struct compared_points points;
};

/* Whether a text means a point of results, or something that should be one: DIR:..., where DIR holds results. */
bool comparison_side_is_point(const char *text);

/* False and an error where there are no such results, or no such point; release it in any case. */
bool comparison_side_read(struct comparison_side *side, const char *text, GError **error);
void comparison_side_release(struct comparison_side *side);

/* The differences, pair by pair of points, metrics in order. Those without a pair of values are left out. */
struct comparison_list {
    VECTOR(struct comparison) all;
    VECTOR(const struct compared_runs *) failed; /* points that are in no pair, as all of their runs failed */
};

/*
 * Compares in the metrics that are chosen: the points that were named, or else those of equal numbers. False and an
 * error where no runs could be paired. The sides must outlive the list.
 */
bool comparison_list_make(struct comparison_list *list, const struct comparison_side *first,
                          const struct comparison_side *second, const bool chosen[METRICS], GError **error);
void comparison_list_release(struct comparison_list *list);

/* Whether every pair gave the same. */
bool comparison_is_none(const struct comparison *comparison);

/* "all runs of results/sizes:3 failed", of the points that are in no pair for that; NULL: there is none. g_free it. */
char *comparison_list_failed(const struct comparison_list *list);

/* What a difference amounts to: "the first is higher", "not established", ... */
const char *comparison_verdict(const struct comparison *comparison);

/* What came of all of them, in a sentence; g_free it. */
char *comparison_list_outcome(const struct comparison_list *list);

/* How many differences are established, of how many that are any. */
size_t comparison_list_established(const struct comparison_list *list, size_t *of);

/* What the pairs' common luck was worth, in a sentence; NULL: nothing can be said. g_free it. */
char *comparison_list_luck(const struct comparison_list *list);

#endif
