/* SPDX-License-Identifier: MIT */
/*
 * Places the labels of points in a plot so that they cover neither each other nor points: each label beside, above or
 * below its point, the first way that is free, those on the side where it leans before others. Lengths are centimetres
 * on paper, for a plot one column wide; on a wider one there is only more room.
 */
#ifndef POSIM_REPORT_LABEL_PLACE_H
#define POSIM_REPORT_LABEL_PLACE_H

#include "report/label.h"

#define LABEL_PLOT_WIDE 6.9 /* cm, of a plot in a figure of one column */
#define LABEL_PLOT_TALL 3.9

struct placed_label {
    double x, y;   /* of its point, cm from the lower left corner of the plot */
    size_t length; /* characters */
    int lean_x;    /* -1 or 1: the side of the point, across and upwards, on which the label rather stands */
    int lean_y;
    bool wanted;   /* it is worth a label */
    bool needed;   /* even where that covers a point or two */
    bool shown;    /* result */
    double dx, dy; /* result: from the point to the label's middle of the near edge, cm */
    size_t way;    /* result: private */
    int side;      /* result: 1 the text goes on to the right, -1 to the left, 0 it is centred */
};

/* The needed ones are placed first. */
void label_place(struct placed_label *labels, size_t count);

/* Where a value stands on an axis of that length. Logarithms are taken roughly, and the same everywhere. */
double label_position(const struct axis *axis, double value, double length);

#endif
