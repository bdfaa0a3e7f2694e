/* SPDX-License-Identifier: MIT */
/* Texts in rows and columns, as wide as they need to be; on a terminal only whole columns that there is room for. */
#ifndef POSIM_CLI_GRID_H
#define POSIM_CLI_GRID_H

#include "cli/screen.h"

#include <glib.h>

struct grid {
    GPtrArray *cells; /* row by row */
    size_t columns;
    bool has_remarks; /* in the last column */
};

void grid_init(struct grid *grid, size_t columns);

/* Takes the text. */
void grid_add(struct grid *grid, char *text);

/* Appends a line a row and releases the grid; `looks` are by row, after the header. */
void grid_finish(struct grid *grid, const struct screen *screen, const enum look *looks, GString *out);

#endif
