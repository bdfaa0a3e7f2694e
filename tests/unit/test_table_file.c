/* SPDX-License-Identifier: MIT */
/* Tables that users bring: what is read, and what is refused with which words. */
#include "base/table_file.h"

#include <glib/gstdio.h>

static char *folder;

/* The table of a file with that text; the path is folder/t.csv. */
static struct table_file *read_text(const char *text, GError **error)
{
    char *path = g_build_filename(folder, "t.csv", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct table_file *table = table_file_read(path, error);
    g_free(path);
    return table;
}

/* The message of a refusal, without the folder. */
static char *refusal(GError *error)
{
    g_assert_nonnull(error);
    char **parts = g_strsplit(error->message, folder, -1);
    char *message = g_strjoinv("", parts);
    g_strfreev(parts);
    g_error_free(error);
    return message;
}

static void refuses(const char *text, const char *message)
{
    GError *error = NULL;
    g_assert_null(read_text(text, &error));
    char *said = refusal(error);
    g_assert_cmpstr(said, ==, message);
    g_free(said);
}

/* A byte order mark, CRLF, a blank line, quotes around a comma, a quote and a line break, an empty last cell. */
static void reads_what_rfc_4180_allows(void)
{
    GError *error = NULL;
    struct table_file *table = read_text("\xef\xbb\xbfname,stake\r\n\r\n\"a, \"\"b\"\"\nc\",12\r\nd,\n", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(table->column_count, ==, 2);
    g_assert_cmpuint(table->row_count, ==, 2);
    g_assert_cmpstr(table_file_header(table, 0), ==, "name");
    g_assert_cmpstr(table_file_cell(table, 0, 0), ==, "a, \"b\"\nc");
    g_assert_cmpstr(table_file_cell(table, 0, 1), ==, "12");
    g_assert_cmpstr(table_file_cell(table, 1, 0), ==, "d");
    g_assert_cmpstr(table_file_cell(table, 1, 1), ==, "");
    size_t column;
    g_assert_true(table_file_find(table, "stake", &column));
    g_assert_cmpuint(column, ==, 1);
    g_assert_false(table_file_find(table, "Stake", &column));
    int64_t value;
    g_assert_false(table_file_number(table, 1, 1, 1, &value, &error));
    char *said = refusal(error);
    g_assert_cmpstr(said, ==, "/t.csv:5: column stake: \"\" is not a number such as 12 or 85.25");
    g_free(said);
    table_file_free(table);
}

/* A file without a last line break, and one of a header alone. */
static void reads_short_files(void)
{
    struct table_file *table = read_text("a,b\n1,2", NULL);
    g_assert_cmpstr(table_file_cell(table, 0, 1), ==, "2");
    table_file_free(table);
    table = read_text("a", NULL);
    g_assert_cmpuint(table->row_count, ==, 0);
    table_file_free(table);
}

static void refuses_what_is_no_table(void)
{
    refuses("", "/t.csv:1: the file is empty: a header line with column names is needed");
    refuses("\n\n", "/t.csv:1: the file is empty: a header line with column names is needed");
    refuses("a,b\n1,2\n\n3\n", "/t.csv:4: 1 cell, but the header has 2 columns");
    refuses("a,b\n1,2,3\n", "/t.csv:2: 3 cells, but the header has 2 columns");
    refuses("a,b\n1,\"2\n", "/t.csv:2: a quoted cell does not end");
    refuses("a,b\n1,\"2\"3\n", "/t.csv:2: text follows the closing quote of a cell");
    refuses("a\xff\n", "/t.csv: the file is not UTF-8 text");
}

static void missing_file_is_named(void)
{
    GError *error = NULL;
    g_assert_null(table_file_read("/nowhere/x.csv", &error));
    g_assert_nonnull(strstr(error->message, "/nowhere/x.csv"));
    g_error_free(error);
}

static void missing_column_lists_the_others(void)
{
    GError *error = NULL;
    struct table_file *table = read_text("node,producer\n", NULL);
    size_t column;
    g_assert_false(table_file_need(table, "stake", &column, &error));
    char *said = refusal(error);
    g_assert_cmpstr(said, ==, "/t.csv: there is no column stake: the columns are node, producer");
    g_free(said);
    table_file_free(table);
}

/* Milliseconds as ns: exact, rounded at the last place, and what is no such number. */
static void numbers_are_scaled(void)
{
    struct table_file *table = read_text("ms\n0.1474\n85.0000005\n85.0000004\n7\n-1\n1e3\n1.\n.5\n1.2.3\n"
                                         "999999999999999999\n1234567890123456789\n",
                                         NULL);
    const int64_t expected[] = {147400, 85000001, 85000000, 7000000};
    int64_t value;
    for (size_t row = 0; row < G_N_ELEMENTS(expected); row++) {
        g_assert_true(table_file_number(table, row, 0, 1000000, &value, NULL));
        g_assert_cmpint(value, ==, expected[row]);
    }
    for (size_t row = G_N_ELEMENTS(expected); row < table->row_count; row++)
        g_assert_false(table_file_number(table, row, 0, 1000000, &value, NULL));
    GError *error = NULL;
    g_assert_true(table_file_number(table, 9, 0, 1, &value, NULL));
    g_assert_cmpint(value, ==, 999999999999999999);
    g_assert_false(table_file_number(table, 9, 0, 1000, &value, &error));
    char *said = refusal(error);
    g_assert_cmpstr(said, ==, "/t.csv:11: column ms: 999999999999999999 is too large: at most 9223372036854775");
    g_free(said);
    g_assert_true(table_file_number(table, 10, 0, 1, &value, NULL));
    g_assert_cmpint(value, ==, 1234567890123456789);
    table_file_free(table);
}

/* Whether there is any of it, up to what no integer holds, and what is no such number. */
static void numbers_are_positive_or_not(void)
{
    struct table_file *table = read_text("stake\n13827530980098948\n9223372036854775808\n99999999999999999999999\n0.3\n"
                                         "0.000000000000000001\n0\n0.00\n-1\nmuch\n",
                                         NULL);
    for (size_t row = 0; row < table->row_count; row++) {
        bool positive;
        g_assert_cmpint(table_file_positive(table, row, 0, &positive, NULL), ==, row < 7);
        if (row < 7)
            g_assert_cmpint(positive, ==, row < 5);
    }
    GError *error = NULL;
    g_assert_false(table_file_positive(table, 8, 0, &(bool){false}, &error));
    char *said = refusal(error);
    g_assert_cmpstr(said, ==, "/t.csv:10: column stake: \"much\" is not a number such as 12 or 85.25");
    g_free(said);
    table_file_free(table);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("posim-table-XXXXXX", NULL);
    g_test_add_func("/table_file/reads what rfc 4180 allows", reads_what_rfc_4180_allows);
    g_test_add_func("/table_file/reads short files", reads_short_files);
    g_test_add_func("/table_file/refuses what is no table", refuses_what_is_no_table);
    g_test_add_func("/table_file/missing file is named", missing_file_is_named);
    g_test_add_func("/table_file/missing column lists the others", missing_column_lists_the_others);
    g_test_add_func("/table_file/numbers are scaled", numbers_are_scaled);
    g_test_add_func("/table_file/numbers are positive or not", numbers_are_positive_or_not);
    int result = g_test_run();
    char *path = g_build_filename(folder, "t.csv", NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
    return result;
}
