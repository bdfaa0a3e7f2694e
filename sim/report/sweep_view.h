/* SPDX-License-Identifier: MIT */
/*
 * The part of a sweep that one figure shows: the points that its `at` leaves, and the values that swept keys have
 * there. What is wrong with a parameter is an error (FIGURE_ERROR_PARAMETER) that names it and what is allowed.
 */
#ifndef POSIM_REPORT_SWEEP_VIEW_H
#define POSIM_REPORT_SWEEP_VIEW_H

#include "report/label.h"
#include "report/sweep_params.h"
#include "report/sweep_table.h"

#define NO_KEY   SIZE_MAX
#define NO_LEVEL SIZE_MAX

struct sweep_view {
    const struct figure_source *source;
    const struct sweep_choices *choices;
    struct sweep_table table;
    bool *shown;     /* by point */
    bool *fixed;     /* by key: `at` names it */
    size_t count;    /* points shown */
    GString *places; /* what `at` chose: "protocol.slot = 4 s"; "" */
};

/* False and an error where the tables cannot be read, or `at` names what is not there. */
bool sweep_view_open(struct sweep_view *view, const struct figure_source *source, const struct sweep_choices *choices,
                     GError **error);
void sweep_view_release(struct sweep_view *view);

/* The different values that a key has at the points shown: numbers ascending, texts in the order of the plan. */
struct levels {
    size_t key;   /* NO_KEY: none, and no level */
    bool numeric; /* all are numbers */
    VECTOR(struct swept_value) all;
    struct scale scale;
};
void levels_init(struct levels *levels, const struct sweep_view *view, size_t key);
void levels_release(struct levels *levels);

/* The level of a point, NO_LEVEL without a key. */
size_t levels_find(const struct levels *levels, const struct sweep_view *view, size_t point);

/* "4 s"; g_free it. */
char *levels_text(const struct levels *levels, size_t level);

/* "Protocol slot (s)", or what the user calls it; g_free it. */
char *levels_title(const struct levels *levels, const struct sweep_view *view, const char *given);

/*
 * A number as people or tables write it, in the unit of the table: 4, 4 s, 10 %, 1 MiB, 1e-5; NAN where it is none.
 */
double sweep_parse_number(const char *unit, const char *text);

/* One key by name, of which errors say which parameter named it. */
bool sweep_view_key(const struct sweep_view *view, const char *parameter, const char *name, size_t *key,
                    GError **error);

/*
 * Of the keys that `at` leaves open, besides two, the one that has most values, but at least 2 and at most `most`; a
 * number before any text; NO_KEY where there is none.
 */
size_t sweep_view_widest(const struct sweep_view *view, size_t besides, size_t or_besides, size_t most);

/* The name that a choice among sweep_outcomes means; -1: one that the sweep changes. NULL and an error: none does. */
const char *sweep_view_metric(const struct sweep_view *view, int choice, GError **error);

/* Sets FIGURE_ERROR_PARAMETER; returns false. */
bool sweep_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
