/* SPDX-License-Identifier: MIT */
#include "report/sheet.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "record/temporary.h"

void sheet_init(struct sheet *sheet, const char *header)
{
    *sheet = (struct sheet){.text = g_string_new(header)};
    g_string_append_c(sheet->text, '\n');
}

void sheet_release(struct sheet *sheet)
{
    if (sheet->text)
        g_string_free(sheet->text, TRUE);
    *sheet = (struct sheet){0};
}

static void separate(struct sheet *sheet)
{
    if (sheet->in_row)
        g_string_append_c(sheet->text, ',');
    sheet->in_row = true;
}

/* What stands for a character that gnuplot would take for its own; analysis/style.gp turns it back (as_is). */
static const char *stand_in(char character)
{
    switch (character) {
    case ',':
        return "\u201a"; /* single low quotation mark */
    case '"':
        return "\u2033"; /* double prime */
    case '\\':
        return "\u2216"; /* set minus */
    case '\n':
        return " ";
    default:
        return NULL;
    }
}

void sheet_text(struct sheet *sheet, const char *text)
{
    separate(sheet);
    for (; *text; text++) {
        const char *other = stand_in(*text);
        if (other)
            g_string_append(sheet->text, other);
        else
            g_string_append_c(sheet->text, *text);
    }
}

void sheet_number(struct sheet *sheet, uint64_t number)
{
    separate(sheet);
    g_string_append_printf(sheet->text, "%" G_GUINT64_FORMAT, number);
}

void sheet_real(struct sheet *sheet, double number)
{
    char printed[DECIMAL_SIZE];
    separate(sheet);
    g_string_append(sheet->text, decimal_print(printed, number, 9));
}

void sheet_time(struct sheet *sheet, time_ns time)
{
    char printed[DECIMAL_SIZE];
    separate(sheet);
    g_string_append(sheet->text, decimal_from_ns(printed, time));
}

void sheet_axis(struct sheet *sheet, const struct axis *axis)
{
    sheet_real(sheet, axis->from);
    sheet_real(sheet, axis->to);
    sheet_number(sheet, axis->logarithmic);
}

void sheet_end(struct sheet *sheet)
{
    g_string_append_c(sheet->text, '\n');
    sheet->in_row = false;
    sheet->rows++;
    REQUIRE(sheet->rows <= SHEET_ROWS);
}

bool sheet_save(struct sheet *sheet, const char *folder, const char *name, GError **error)
{
    char *file = g_strconcat(name, ".csv", NULL), *path = g_build_filename(folder, file, NULL);
    bool written = temporary_write_text(path, sheet->text->str, error);
    g_free(path);
    g_free(file);
    sheet_release(sheet);
    return written;
}
