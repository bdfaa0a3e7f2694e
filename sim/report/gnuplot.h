/* SPDX-License-Identifier: MIT */
/*
 * Draws a figure by running gnuplot as a program on one of the scripts of analysis/. gnuplot leaves a truncated file
 * when it fails, so it writes into a hidden folder beside the figures; only what is whole gets its final name.
 */
#ifndef POSIM_REPORT_GNUPLOT_H
#define POSIM_REPORT_GNUPLOT_H

#include <glib.h>
#include <stdbool.h>

#define GNUPLOT_ERROR (gnuplot_error_quark())
GQuark gnuplot_error_quark(void);

enum gnuplot_error {
    GNUPLOT_ERROR_MISSING, /* there is no gnuplot */
    GNUPLOT_ERROR_FAILED,  /* it ended with an error, complained, or left no whole figure */
};

/* How the hidden folders begin in which figures are drawn. */
#define GNUPLOT_DRAWING ".drawing-"

/* The formats that figures can have, by their endings, and `term`: text for a terminal; NULL ends the list. */
extern const char *const gnuplot_formats[];

struct gnuplot_order {
    const char *scripts; /* the folder analysis/ */
    const char *script;  /* of the figure, and the beginning of its data's names: its kind */
    const char *name;    /* of the figure's files */
    const char *results; /* the results directory */
    const char *data;    /* the folder of the figure's data */
    const char *output;  /* the folder where figures go, there already; NULL for `term` */
    const char *format;  /* one of gnuplot_formats */
    int columns;         /* of a page that the figure spans: 1 or 2; for `term` of characters */
    bool colours;        /* for `term`: with ANSI codes */
};

/*
 * Makes output/NAME.FORMAT (and for tex NAME.pdf as well, which it includes); appends the paths of what it wrote, each
 * followed by a line end, to `written`, or for `term` the figure itself.
 */
bool gnuplot_draw(const struct gnuplot_order *order, GString *written, GError **error);

#endif
