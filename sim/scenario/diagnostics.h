/* SPDX-License-Identifier: MIT */
/*
 * The errors of a scenario, collected so that all are told at once. Each names its place, what is wrong in lower case
 * without a full stop, and may carry notes: the allowed range, "did you mean". Printed, one reads
 *
 *     scenario.yaml:3:20: `timeout_propose`: a duration needs a unit: 3 s, 3 ms, 3 min
 *           timeout_propose: 3
 *                            ^
 *       allowed: a duration such as 12 s, at least 1 ms
 *
 * There are no warnings: a scenario is right or refused. A diagnostic copies what it shows, so it outlives the sources
 * it speaks of. Printing escapes control characters, so that a file cannot play with the terminal.
 */
#ifndef POSIM_SCENARIO_DIAGNOSTICS_H
#define POSIM_SCENARIO_DIAGNOSTICS_H

#include "scenario/source.h"

#include <glib.h>
#include <stdbool.h>

/* One error. Its notes are printed below it, a line each. */
struct diagnostic {
    char *file;
    int line;
    int column;
    guint order; /* of arrival, the last tie-break */
    char *message;
    char *excerpt;    /* the source line, or NULL; long ones are cut around the place */
    int caret;        /* where in the excerpt, in display cells */
    int caret_length; /* in display cells, at least 1 */
    GPtrArray *notes;
    bool is_of_several; /* values that are right one by one are wrong together */
};

struct diagnostics {
    GPtrArray *list;           /* of struct diagnostic, in order of arrival */
    GHashTable *known;         /* place and message of each, so that none is told twice */
    struct diagnostic *unseen; /* what callers write notes to when an error is not kept */
    size_t dropped;            /* how many came after the list was full */
};

void diagnostics_init(struct diagnostics *diagnostics);
void diagnostics_release(struct diagnostics *diagnostics);

/* How many errors there are, those that were dropped included. */
size_t diagnostics_count(const struct diagnostics *diagnostics);

/*
 * Adds an error. Returns it, for notes; it belongs to the list. The same error at the same place is kept once; when
 * the list is full (1,000) an error is only counted, and what is returned shows nowhere.
 */
struct diagnostic *diagnostics_add(struct diagnostics *diagnostics, struct place place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Whether the error just added will be shown: else notes that cost something need not be made. */
bool diagnostic_is_kept(const struct diagnostics *diagnostics, const struct diagnostic *diagnostic);

/* Adds a line below the error. */
void diagnostic_note(struct diagnostic *diagnostic, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds "did you mean `a` or `b`?" where a candidate is near to what was written; `candidates` is NULL-terminated. */
void diagnostic_suggest(struct diagnostic *diagnostic, const char *written, const char *const *candidates);

/* Appends all errors, sorted by file, line and column. */
void diagnostics_print(const struct diagnostics *diagnostics, GString *out);

/* A value as the user wrote it, between quotes, cut when long; g_free it. (Keys and names stand in backquotes.) */
char *diagnostic_quote(const char *text);

#endif
