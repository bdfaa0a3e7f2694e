/* SPDX-License-Identifier: MIT */
/*
 * The small tables that a figure is drawn from: a header and at most SHEET_ROWS rows of CSV, built in memory and
 * written whole. One row of facts goes with each figure (KIND_facts.csv): what the figure says of itself. Numbers are
 * printed by base/decimal.h, so a sheet is the same everywhere.
 */
#ifndef POSIM_REPORT_SHEET_H
#define POSIM_REPORT_SHEET_H

#include "base/time.h"
#include "report/label.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SHEET_ROWS 100000

struct sheet {
    GString *text;
    size_t rows;
    bool in_row;
};

void sheet_init(struct sheet *sheet, const char *header);
void sheet_release(struct sheet *sheet);

/*
 * Cells of a row in the order of the header, then sheet_end. Texts lose commas, quotes and line ends to semicolons and
 * the like: gnuplot 5.4 cuts a quoted cell short at its first comma.
 */
void sheet_text(struct sheet *sheet, const char *text);
void sheet_number(struct sheet *sheet, uint64_t number);
void sheet_real(struct sheet *sheet, double number);           /* nine digits; NAN: NA */
void sheet_time(struct sheet *sheet, time_ns time);            /* in seconds */
void sheet_axis(struct sheet *sheet, const struct axis *axis); /* three cells: from, to, 1 if logarithmic */
void sheet_end(struct sheet *sheet);

/* Writes folder/name.csv and releases the sheet, whether it worked or not. */
bool sheet_save(struct sheet *sheet, const char *folder, const char *name, GError **error);

#endif
