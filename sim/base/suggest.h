/* SPDX-License-Identifier: MIT */
/*
 * "Did you mean": which of the allowed words are near to a word that is not allowed. Pure functions; results are the
 * caller's to free.
 */
#ifndef POSIM_BASE_SUGGEST_H
#define POSIM_BASE_SUGGEST_H

#include <glib.h>
#include <stddef.h>

/*
 * The number of insertions, deletions, changes and swaps of neighbours between two texts (Damerau 1964; the restricted
 * form, in which no part is edited twice). Letters are compared without case, and `-`, `_` and space are equal.
 */
size_t suggest_distance(const char *a, const char *b);

/*
 * At most three of the candidates (NULL-terminated), nearest first and in their own order where equally near: those
 * within a third of the word's length, or else those that contain what was written, or else those that have most of its
 * words in common with it. NULL-terminated; g_free it, not the texts.
 */
const char **suggest(const char *written, const char *const *candidates);

/* "`a`", "`a` or `b`", "`a`, `b` or `c`" of a NULL-terminated list; g_free it. */
char *suggest_join(const char *const *words, const char *conjunction);

/* "; did you mean `a` or `b`?", or "" where nothing is near; g_free it. */
char *suggest_question(const char *written, const char *const *candidates);

/*
 * Why no node is in the region written: those that nodes are in, or that there are none; g_free it. Regions by node, ""
 * where one is in none.
 */
char *suggest_region(const char *written, const char *const *region_of_node, size_t node_count);

#endif
