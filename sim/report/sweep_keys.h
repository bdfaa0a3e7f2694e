/* SPDX-License-Identifier: MIT */
/*
 * Where the points of a sweep stand in a figure: along x by one swept key, in a style for each value of another (by),
 * and what becomes of the keys that neither names. Made from a view, which must outlive it.
 */
#ifndef POSIM_REPORT_SWEEP_KEYS_H
#define POSIM_REPORT_SWEEP_KEYS_H

#include "report/sweep_view.h"

#define STYLES_MOST 7 /* line types that can be told apart */

struct sweep_keys {
    const struct sweep_view *view;
    struct levels x, by;
    size_t x_count, by_count; /* levels, at least 1 */
    bool *open;               /* by key: takes several values at one x and by */
};

enum sweep_x { SWEEP_X_NONE, SWEEP_X_OPTIONAL, SWEEP_X_NEEDED };

/*
 * Finds the keys by name; NULL chooses the widest that fits, a by of `none` none. Without a sweep an optional x has no
 * key. By may have at most `styles` values.
 */
bool sweep_keys_find(struct sweep_keys *keys, const struct sweep_view *view, enum sweep_x need, const char *x,
                     const char *by, size_t styles, GError **error);

/* The same for a plane: both keys are needed, and what the second is called is y. */
bool sweep_keys_find_plane(struct sweep_keys *keys, const struct sweep_view *view, const char *x, const char *y,
                           GError **error);
void sweep_keys_release(struct sweep_keys *keys);

/* Levels of a point, 0 without a key; NO_LEVEL where the point has no such value. */
size_t sweep_keys_x_level(const struct sweep_keys *keys, size_t point);
size_t sweep_keys_style(const struct sweep_keys *keys, size_t point);

/* Where a level stands along x: its number in the axis's unit, or from 0 by its place where levels are texts. */
double sweep_keys_place(const struct sweep_keys *keys, size_t level);

/* The axis of x by such places. */
struct axis sweep_keys_axis(const struct sweep_keys *keys, enum axis_choice choice);

/* Whether two points agree in all keys that are open: then they belong to one line. */
bool sweep_keys_same_line(const struct sweep_keys *keys, size_t a, size_t b);

/* NAME_styles.csv: style, label; without a key no row. */
bool sweep_keys_save_styles(const struct sweep_keys *keys, const char *folder, const char *name, GError **error);

/*
 * NAME_ticks.csv: at, label; no row for numbers that do not all have room, whose axis then has ticks as usual. Sets how
 * many rows there are.
 */
bool sweep_keys_save_ticks(const struct sweep_keys *keys, const struct axis *axis, const char *folder, const char *name,
                           size_t *count, GError **error);

/* FILE.csv: at, label, for levels that stand at 0, 1, 2, ...: of very many only some have a label. */
bool levels_save_places(const struct levels *levels, size_t labels_most, const char *folder, const char *file,
                        size_t *count, GError **error);

/* What by is called above the key of a figure, "" without; g_free it. */
char *sweep_keys_by_title(const struct sweep_keys *keys);

#endif
