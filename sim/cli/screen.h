/* SPDX-License-Identifier: MIT */
/*
 * A few lines of a terminal that are drawn again in place. Nothing of the terminal's state is changed, neither its
 * modes nor its cursor nor its screen, so there is nothing to restore, however the program ends.
 */
#ifndef POSIM_CLI_SCREEN_H
#define POSIM_CLI_SCREEN_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* How a part of a line looks; without colours all are "". */
enum look { LOOK_PLAIN, LOOK_BOLD, LOOK_DIM, LOOK_GOOD, LOOK_BAD, LOOKS };

struct screen {
    FILE *file;
    unsigned drawn; /* lines that stand above the cursor */
    bool coloured;
};

/* Whether lines can be drawn in place there: it is a terminal, and no dumb one. */
bool screen_is_possible(FILE *file);

/* NO_COLOR, if it says something, means no colours. */
void screen_init(struct screen *screen, FILE *file);

/* What begins a look, LOOK_PLAIN to end it. */
const char *screen_look(const struct screen *screen, enum look look);

/* Its size now. */
void screen_measure(const struct screen *screen, unsigned *rows, unsigned *columns);

/* Whether the terminal shows more than ASCII. */
bool screen_has_blocks(void);

/* How wide a text is there: characters, looks apart. */
size_t screen_width(const char *text);

/* Draws whole lines in place of those drawn before; what is too wide or too long is cut off. */
void screen_draw(struct screen *screen, const char *lines);

/* Removes what was drawn. */
void screen_erase(struct screen *screen);

#endif
