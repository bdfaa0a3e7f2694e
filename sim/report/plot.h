/* SPDX-License-Identifier: MIT */
/*
 * Makes figures: reduces results to a figure's data, and has its script draw them. Data go to folder/data (those of a
 * figure with a name of its own to a folder of that name in it), figures to the folder itself.
 */
#ifndef POSIM_REPORT_PLOT_H
#define POSIM_REPORT_PLOT_H

#include "report/figure_entry.h"
#include "report/gnuplot.h"

struct plot {
    struct figure_source source;
    const char *scripts; /* the folder analysis/; this and the next two are absolute */
    const char *results;
    const char *folder;
    char **formats; /* of gnuplot_formats, NULL-terminated */
    int columns;    /* of a page: 1 or 2 */
    int characters; /* across, for the format `term` */
    bool colours;   /* for the format `term` */
};

/*
 * Makes one figure in every format; appends to `written` the paths of its files, a line each, or for `term` the figure.
 * Errors: FIGURE_ERROR where the results do not allow it or its parameters do not fit them, or what failed.
 */
bool plot_figure(struct plot *plot, const struct figure_entry *entry, GString *written, GError **error);

/* Why results without traces have no figures of single runs, and how to get some; g_free it. */
char *plot_no_traces(const struct figure_source *source);

#endif
