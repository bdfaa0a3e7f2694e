/* SPDX-License-Identifier: MIT */
/* The traces' tables as figures read them: by column name, plain or compressed, of any length, with every error told.
 */
#include "base/ids.h"
#include "report/rows.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <zstd.h>

static char *folder;

static char *write_bytes(const char *name, const char *bytes, size_t length)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    return path;
}

static char *write_text(const char *text)
{
    return write_bytes("table.csv", text, strlen(text));
}

static char *write_packed(const char *text, size_t cut)
{
    size_t room = ZSTD_compressBound(strlen(text));
    char *packed = g_malloc(room);
    size_t length = ZSTD_compress(packed, room, text, strlen(text), 3);
    g_assert_false(ZSTD_isError(length));
    char *path = write_bytes("table.csv.zst", packed, length - cut);
    g_free(packed);
    return path;
}

/* Reads a table to its end; returns its number of rows, or -1 after an error that must contain `expected`. */
static int count_rows(char *path, const char *const *columns, const char *expected)
{
    GError *error = NULL;
    int count = 0;
    struct rows *rows = rows_open(path, columns, &error);
    if (rows) {
        for (; rows_next(rows); count++)
            rows_number(rows, 0);
        if (!rows_close(rows, &error))
            count = -1;
    }
    if (expected) {
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, expected));
        g_clear_error(&error);
        count = -1;
    }
    g_assert_no_error(error);
    g_free(path);
    return count;
}

static const char *const number_column[] = {"number", NULL};

/* Columns are found by name, whatever their order; each kind of cell, and what is missing, comes out as it went in. */
static void every_kind_of_cell(void)
{
    static const char *const columns[] = {"time_s", "id", "text", "share", "hash", NULL};
    char *path = write_text("text,hash,id,unused,share,time_s\r\n"
                            "\"a, \"\"b\"\"\nc\",0x00000000000000ff,7,x,0.250000,12.000000005\n"
                            "NA,18446744073709551615,NA,x,NA,NA\n"
                            ",0xffffffffffffffff,4294967294,x,-1.5,-0.5");
    struct rows *rows = rows_open(path, columns, NULL);
    g_assert_nonnull(rows);
    g_assert_true(rows_next(rows));
    g_assert_cmpint(rows_time(rows, 0), ==, 12 * SECOND + 5);
    g_assert_cmpuint(rows_id(rows, 1), ==, 7);
    g_assert_cmpstr(rows_text(rows, 2), ==, "a, \"b\"\nc");
    g_assert_cmpfloat(rows_real(rows, 3), ==, 0.25);
    g_assert_cmpuint(rows_number(rows, 4), ==, 255);
    g_assert_true(rows_next(rows));
    g_assert_cmpint(rows_time(rows, 0), ==, TIME_NEVER);
    g_assert_cmpuint(rows_id(rows, 1), ==, ID_NONE);
    g_assert_true(rows_missing(rows, 2));
    g_assert_true(isnan(rows_real(rows, 3)));
    g_assert_cmpuint(rows_number(rows, 4), ==, UINT64_MAX);
    g_assert_true(rows_next(rows));
    g_assert_cmpint(rows_time(rows, 0), ==, -SECOND / 2);
    g_assert_cmpuint(rows_id(rows, 1), ==, UINT32_MAX - 1);
    g_assert_cmpstr(rows_text(rows, 2), ==, "");
    g_assert_cmpuint(rows_number(rows, 4), ==, UINT64_MAX);
    g_assert_false(rows_next(rows));
    g_assert_true(rows_close(rows, NULL));
    g_free(path);
}

/* A megabyte of rows, so that records lie across the borders of what is read at once; plain and compressed agree. */
static void long_tables(void)
{
    GString *text = g_string_new("other,number\n");
    uint64_t expected = 0;
    for (uint64_t i = 0; i < 60000; i++) {
        g_string_append_printf(text, "\"row, %" G_GUINT64_FORMAT "\",%" G_GUINT64_FORMAT "\n", i * i, 3 * i);
        expected += 3 * i;
    }
    char *paths[] = {write_text(text->str), write_packed(text->str, 0)};
    for (size_t p = 0; p < G_N_ELEMENTS(paths); p++) {
        struct rows *rows = rows_open(paths[p], number_column, NULL);
        uint64_t sum = 0, count = 0;
        for (; rows_next(rows); count++)
            sum += rows_number(rows, 0);
        g_assert_true(rows_close(rows, NULL));
        g_assert_cmpuint(count, ==, 60000);
        g_assert_cmpuint(sum, ==, expected);
        g_free(paths[p]);
    }
    g_string_free(text, TRUE);
}

static void errors_name_the_place(void)
{
    g_assert_cmpint(count_rows(g_strdup("/nowhere/table.csv"), number_column, "/nowhere/table.csv"), ==, -1);
    g_assert_cmpint(count_rows(write_text(""), number_column, ":1: the file is empty: a header line"), ==, -1);
    g_assert_cmpint(count_rows(write_text("a,b\n1,2\n"), number_column,
                               "table.csv: there is no column number: the columns are a, b"),
                    ==, -1);
    g_assert_cmpint(count_rows(write_text("a,number\n1,2\n3\n"), number_column,
                               "table.csv:3: 1 cell, but the header has 2 columns"),
                    ==, -1);
    g_assert_cmpint(
        count_rows(write_text("number\n1\nx1\n"), number_column, "table.csv:3: column number: \"x1\" is not a number"),
        ==, -1);
    g_assert_cmpint(
        count_rows(write_text("number\n1\n\"2\n"), number_column, "table.csv:3: a quoted cell does not end"), ==, -1);
    g_assert_cmpint(count_rows(write_text("number\n\"1\"2\n"), number_column,
                               "table.csv:2: text follows the closing quote of a cell"),
                    ==, -1);
    g_assert_cmpint(
        count_rows(write_text("number\n1\"\n2\"\n"), number_column, "table.csv:2: a quote, or a line's end"), ==, -1);
    g_assert_cmpint(count_rows(write_text("number,text\n1,\"a\nb\"\n\nx\n"), number_column, "table.csv:5: 1 cell, but"),
                    ==, -1);
    g_assert_cmpint(count_rows(write_text("\n\nnumber\n\r\n1\r\n"), number_column, NULL), ==, 1);
    g_assert_cmpint(count_rows(write_packed("number\n1\n2\n", 3), number_column, "cut short"), ==, -1);
    g_assert_cmpint(count_rows(write_bytes("table.csv.zst", "no zstd at all", 14), number_column, "table.csv.zst"), ==,
                    -1);
    g_assert_cmpint(count_rows(write_text("number\n"), number_column, NULL), ==, 0);
    g_assert_cmpint(count_rows(write_text("number\n1\n2"), number_column, NULL), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("posim-rows-XXXXXX", NULL);
    g_test_add_func("/rows/every kind of cell", every_kind_of_cell);
    g_test_add_func("/rows/long tables", long_tables);
    g_test_add_func("/rows/errors name the place", errors_name_the_place);
    int failed = g_test_run();
    static const char *const files[] = {"table.csv", "table.csv.zst"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char *path = g_build_filename(folder, files[i], NULL);
        g_unlink(path);
        g_free(path);
    }
    g_rmdir(folder);
    g_free(folder);
    return failed;
}
