/* SPDX-License-Identifier: MIT */
/*
 * The figures of a report: those that the scenario names under `plots:`, or else those that say most of such results.
 * They are made as `posim plot` makes them, in DIR/plots, with what a page needs to show them: the drawing, a caption,
 * words for who cannot see it. A figure that cannot be drawn is kept with the reason.
 *
 * Life: drawings_make, look, drawings_release.
 */
#ifndef POSIM_REPORT_DRAWINGS_H
#define POSIM_REPORT_DRAWINGS_H

#include "base/param.h"
#include "base/vector.h"
#include "report/findings.h"

struct drawing {
    char *name;    /* of its files */
    char *title;   /* what it shows: "Orphan rate over protocol slot (s)" */
    char *caption; /* how, in a sentence */
    char *words;   /* both, and what the figure says of its data */
    char *file;    /* in the results directory: "plots/line.svg"; NULL where it was not drawn */
    char *data;    /* there: "plots/data/line.csv" */
    char *svg;     /* what is in the file; NULL for other formats */
    char *why;     /* why there is none; NULL where it was drawn */
};

struct drawings {
    VECTOR(struct drawing) list;
};

struct drawings_order {
    const struct findings *findings;
    const struct param_variants *kinds; /* the figures (figure_variants_init) */
    const char *scripts;                /* the folder analysis/ */
    const char *format;                 /* svg or tex */
};

/* False and an error where the directory cannot be read or gnuplot fails; all that was made by then is kept. */
bool drawings_make(struct drawings *drawings, const struct drawings_order *order, GError **error);
void drawings_release(struct drawings *drawings);

#endif
