/* SPDX-License-Identifier: MIT */
#include "cli/grid.h"

void grid_init(struct grid *grid, size_t columns)
{
    *grid = (struct grid){.cells = g_ptr_array_new_with_free_func(g_free), .columns = columns};
}

void grid_add(struct grid *grid, char *text)
{
    g_ptr_array_add(grid->cells, text);
}

/* By column; g_free it. */
static size_t *widths_of(const struct grid *grid)
{
    size_t *widths = g_new0(size_t, grid->columns);
    for (size_t cell = 0; cell < grid->cells->len; cell++)
        widths[cell % grid->columns] = MAX(widths[cell % grid->columns], screen_width(grid->cells->pdata[cell]));
    return widths;
}

static bool is_remark(const struct grid *grid, size_t column)
{
    return grid->has_remarks && column + 1 == grid->columns;
}

/* The columns that are wholly there within `room`: a number that is cut off would be another one, unlike remarks. */
static size_t columns_in(const struct grid *grid, const size_t *widths, size_t room)
{
    size_t used = 0, column = 0;
    for (; column < grid->columns; column++) {
        used += is_remark(grid, column) ? 0 : widths[column] + 2;
        if (used > room && column >= 2)
            break;
    }
    return column;
}

void grid_finish(struct grid *grid, const struct screen *screen, const enum look *looks, GString *out)
{
    unsigned rows, room;
    screen_measure(screen, &rows, &room);
    size_t *widths = widths_of(grid);
    size_t columns = screen_is_possible(screen->file) ? columns_in(grid, widths, room) : grid->columns;
    for (size_t cell = 0; cell < grid->cells->len; cell += grid->columns) {
        enum look look = cell ? looks[cell / grid->columns - 1] : LOOK_PLAIN;
        g_string_append(out, look != LOOK_PLAIN ? screen_look(screen, look) : "");
        for (size_t c = 0; c < columns; c++) {
            const char *text = grid->cells->pdata[cell + c];
            int blanks = (int)(widths[c] - screen_width(text));
            g_string_append_printf(out, "  %*s%s%*s", c && !is_remark(grid, c) ? blanks : 0, "", text, c ? 0 : blanks,
                                   "");
        }
        g_string_append_printf(out, "%s\n", look != LOOK_PLAIN ? screen_look(screen, LOOK_PLAIN) : "");
    }
    g_free(widths);
    g_ptr_array_unref(grid->cells);
}
