/* SPDX-License-Identifier: MIT */
/*
 * Places a graph in layers whose edges are as wide as what flows through them: columns of posts, each as tall as its
 * weight, and between two columns ribbons. Lengths are lines of text. A post takes a line at least, so that there is
 * room for its label; what is as heavy is as tall in all columns.
 */
#ifndef POSIM_REPORT_LAYERS_H
#define POSIM_REPORT_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#define LAYERS_GAP 0.3 /* lines, between two posts */

struct post {
    double weight;      /* above 0 */
    double top, bottom; /* result: lines from the top of the drawing */
};

struct layer {
    struct post *posts; /* from the top */
    size_t count;
};

struct ribbon {
    size_t from, to;         /* posts of a layer and of the next */
    double weight;           /* above 0 */
    double from_top, to_top; /* result */
    double thickness;        /* result */
};

/* How tall the drawing is; places posts of layers that weigh the same in all. */
double layers_place(struct layer *layers, size_t count);

/* Ribbons from `left` to `right`, which are placed, ordered by (from, to): what is above at one end is above at the
 * other where it can be. */
void ribbons_place(struct ribbon *ribbons, size_t count, const struct layer *left, const struct layer *right);

#endif
