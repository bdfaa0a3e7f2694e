/* SPDX-License-Identifier: MIT */
/*
 * Letters in LaTeX. Those of Latin-1 are left as they are; Greek ones, signs of mathematics and accents become commands
 * of base LaTeX, and others the nearest letters that it has. For one that has none, its number stands, as
 * `\posimletter{4E2D}`, which prints [U+4E2D] unless a document says otherwise (with LuaLaTeX and a font that has the
 * letter: `\newcommand{\posimletter}[1]{\symbol{"#1}}`).
 */
#ifndef POSIM_REPORT_TEX_LETTER_H
#define POSIM_REPORT_TEX_LETTER_H

#include <glib.h>

/* A definition of \posimletter, in a line, for a document that has none. */
extern const char tex_letter_definition[];

/*
 * Appends the letter at `at`, which is valid UTF-8 in form NFC and not at its end, with the accents that follow it;
 * returns what is behind them. ASCII is left as it is: what TeX takes for commands is the caller's.
 */
const char *tex_letter(GString *out, const char *at);

/* A text that is LaTeX already, with its letters so; it defines \posimletter behind its first line if need be. */
char *tex_with_letters(const char *tex);

/* The letters of such a text for which numbers stand, each once, as "x (U+4E2D), y (U+1F600)"; NULL if there are none.
 */
char *tex_numbered_letters(const char *tex);

#endif
