/* SPDX-License-Identifier: MIT */
/*
 * Takes a drawing of gnuplot's into a page. The file is parsed, and of it only elements and attributes that draw are
 * written again, by html.h: no script, no reference to anything outside, no name that another drawing on the page has.
 */
#ifndef POSIM_REPORT_SVG_H
#define POSIM_REPORT_SVG_H

#include "report/html.h"

#define SVG_ERROR (svg_error_quark())
GQuark svg_error_quark(void);

enum svg_error {
    SVG_ERROR_MALFORMED, /* it is no SVG that can be read */
};

/*
 * Writes the drawing as an element `svg`, which is one picture to who cannot see it, called `label`. Names within get
 * the prefix. False and an error where it is none; then nothing is written.
 */
bool svg_write(struct html *html, const char *svg, const char *prefix, const char *label, GError **error);

#endif
