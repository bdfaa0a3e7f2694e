/* SPDX-License-Identifier: MIT */
/*
 * Writes LaTeX into memory. As in html.h, this is the one place where texts are escaped: what a scenario or a table
 * says gets in through tex_text, as letters and signs and never as a command; tex_letter.h has the letters.
 */
#ifndef POSIM_REPORT_TEX_H
#define POSIM_REPORT_TEX_H

#include <glib.h>
#include <stdbool.h>

/* Appends a text of anybody's. */
void tex_text(GString *out, const char *text);

/* The same for a formatted text. */
void tex_format(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What a \label may hold: letters, digits and dashes; others become dashes. */
void tex_label(GString *out, const char *text);

/* A path for \input: letters, digits and the signs of file names; what TeX would not take as it is becomes a dash. */
void tex_path(GString *out, const char *path);

#endif
