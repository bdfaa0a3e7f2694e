/* SPDX-License-Identifier: MIT */
/* Rows as text and as files: every type of column, quoting, what is missing, compression, and whole files or none. */
#include "record/column.h"
#include "record/csv.h"
#include "record/tee.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <zstd.h>

struct sample {
    uint8_t small;
    uint32_t id;
    uint64_t count;
    uint64_t seed;
    time_ns at_ns;
    bool on;
    struct ratio share;
    const char *text;
    uint32_t colour;
};

static const char *const colours[] = {"red", "green", NULL};
static const struct column columns[] = {
    COLUMN(COLUMN_U8, uint8_t, NULL, sample, small, "small", ""),
    U32(sample, id, "id", ""),
    U64(sample, count, "count", ""),
    HEX64(sample, seed, "seed", ""),
    TIME(sample, at_ns, "at_s", ""),
    FLAG(sample, on, "on", ""),
    RATIO(sample, share, "share", ""),
    TEXT(sample, text, "text", ""),
    NAME(sample, colour, "colour", "", colours),
};

#define HEADER "small,id,count,seed,at_s,on,share,text,colour\n"

static void expect_line(struct sample row, const char *expected)
{
    GString *text = g_string_new(NULL);
    csv_append(text, columns, G_N_ELEMENTS(columns), &row);
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static const struct sample plain = {1, 2, 3, 0xab, 12 * SECOND + 5, true, {1, 3}, "word", 1};

static void every_type_prints(void)
{
    expect_line(plain, "1,2,3,0x00000000000000ab,12.000000005,1,0.333333,word,green\n");
}

/* The largest values; a ratio rounds halves up and may exceed 1. */
static void limits_print(void)
{
    struct sample row = {255,   UINT32_MAX - 1,           UINT64_MAX, UINT64_MAX, TIME_NEVER - 1,
                         false, {UINT64_MAX, UINT64_MAX}, "",         0};
    expect_line(row, "255,4294967294,18446744073709551615,0xffffffffffffffff,9223372036.854775806,0,1.000000,,red\n");
    row.share = (struct ratio){1, 2000000};
    row.at_ns = -1;
    expect_line(row, "255,4294967294,18446744073709551615,0xffffffffffffffff,-0.000000001,0,0.000001,,red\n");
    row.share = (struct ratio){7, 2};
    row.at_ns = INT64_MIN;
    expect_line(row, "255,4294967294,18446744073709551615,0xffffffffffffffff,-9223372036.854775808,0,3.500000,,red\n");
}

static void what_is_missing_is_na(void)
{
    struct sample row = {0, ID_NONE, 0, 0, TIME_NEVER, false, {0, 0}, NULL, ID_NONE};
    expect_line(row, "0,NA,0,0x0000000000000000,NA,0,NA,NA,NA\n");
}

static void text_is_quoted_where_it_must_be(void)
{
    struct sample row = plain;
    row.text = "a, \"b\"\nc";
    expect_line(row, "1,2,3,0x00000000000000ab,12.000000005,1,0.333333,\"a, \"\"b\"\"\nc\",green\n");
    row.text = "\"\"\"\"";
    expect_line(row, "1,2,3,0x00000000000000ab,12.000000005,1,0.333333,\"\"\"\"\"\"\"\"\"\",green\n");
}

static char *new_folder(void)
{
    char *folder = g_dir_make_tmp("posim-csv-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

static guint files_in(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir))
        count++;
    g_dir_close(dir);
    return count;
}

static void remove_folder(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_dir_close(dir);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

/* A file has no final name until it is whole; then it has that one only, with the permissions of any new file. */
static void file_appears_when_whole(void)
{
    char *folder = new_folder();
    char *path = g_build_filename(folder, "sample.csv", NULL);
    GError *error = NULL;
    struct csv_writer *writer = csv_open(path, columns, G_N_ELEMENTS(columns), &error);
    g_assert_no_error(error);
    csv_write(writer, &plain);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(csv_bytes(writer), ==, strlen(HEADER) + 60);
    g_assert_true(csv_close(writer, true, &error));
    g_assert_no_error(error);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, HEADER "1,2,3,0x00000000000000ab,12.000000005,1,0.333333,word,green\n");
    g_assert_cmpuint(files_in(folder), ==, 1);
    g_free(text);
    g_free(path);
    remove_folder(folder);
}

static void discarded_file_leaves_nothing(void)
{
    char *folder = new_folder();
    char *path = g_build_filename(folder, "sample.csv", NULL);
    struct csv_writer *writer = csv_open(path, columns, G_N_ELEMENTS(columns), NULL);
    csv_write(writer, &plain);
    csv_discard(writer);
    csv_discard(NULL);
    g_assert_cmpuint(files_in(folder), ==, 0);
    g_free(path);
    remove_folder(folder);
}

/* A folder that is not there is refused with its path; a disk that is full is reported when the file is closed. */
static void errors_name_the_path(void)
{
    GError *error = NULL;
    g_assert_null(csv_open("/nowhere/at/all/sample.csv", columns, G_N_ELEMENTS(columns), &error));
    g_assert_cmpstr(error->message, ==, "cannot create /nowhere/at/all/sample.csv: No such file or directory");
    g_clear_error(&error);

    char *folder = new_folder();
    char *path = g_build_filename(folder, "taken", NULL);
    struct csv_writer *writer = csv_open(path, columns, G_N_ELEMENTS(columns), &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_assert_false(csv_close(writer, false, &error));
    g_assert_true(g_str_has_prefix(error->message, "cannot rename a temporary file to /"));
    g_clear_error(&error);
    g_assert_cmpuint(files_in(folder), ==, 1);
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_free(path);
    remove_folder(folder);
}

/* Many rows and a text longer than any buffer: plain and compressed hold the same text, twice the same bytes. */
static void compressed_file_holds_the_same_text(void)
{
    char *folder = new_folder();
    char *long_text = g_strnfill(600000, '"');
    GString *expected = g_string_new(NULL);
    csv_append_header(expected, columns, G_N_ELEMENTS(columns));
    char *packed[2];
    gsize packed_bytes[2];
    for (int copy = 0; copy < 2; copy++) {
        char *path = g_build_filename(folder, copy ? "b.csv.zst" : "a.csv.zst", NULL);
        struct csv_writer *writer = csv_open(path, columns, G_N_ELEMENTS(columns), NULL);
        struct sample row = plain;
        for (uint32_t i = 0; i < 20000; i++) {
            row.id = i;
            row.text = i == 777 ? long_text : "w";
            csv_write(writer, &row);
            if (!copy)
                csv_append(expected, columns, G_N_ELEMENTS(columns), &row);
        }
        g_assert_cmpuint(csv_bytes(writer), ==, expected->len);
        g_assert_true(csv_close(writer, false, NULL));
        g_assert_true(g_file_get_contents(path, &packed[copy], &packed_bytes[copy], NULL));
        g_free(path);
    }
    g_assert_cmpuint(packed_bytes[0], ==, packed_bytes[1]);
    g_assert_true(memcmp(packed[0], packed[1], packed_bytes[0]) == 0);
    g_assert_cmpuint(packed_bytes[0], <, expected->len / 4);
    char *text = g_malloc(expected->len + 1);
    size_t count = ZSTD_decompress(text, expected->len + 1, packed[0], packed_bytes[0]);
    g_assert_false(ZSTD_isError(count));
    g_assert_cmpuint(count, ==, expected->len);
    g_assert_true(memcmp(text, expected->str, count) == 0);
    g_free(text);
    g_free(packed[0]);
    g_free(packed[1]);
    g_string_free(expected, TRUE);
    g_free(long_text);
    remove_folder(folder);
}

/* Every kind of row has a schema whose names are unique, snake_case and explained. */
static void every_kind_has_a_schema(void)
{
    for (int kind = 0; kind < TRACE_KINDS; kind++) {
        const struct trace_schema *schema = &trace_schemas[kind];
        g_assert_nonnull(schema->name);
        g_assert_cmpuint(strlen(schema->meaning), >, 0);
        for (int other = 0; other < kind; other++)
            g_assert_cmpstr(schema->name, !=, trace_schemas[other].name);
        g_assert_cmpuint(schema->column_count, >, 0);
        for (size_t i = 0; i < schema->column_count; i++) {
            const struct column *column = &schema->columns[i];
            g_assert_cmpuint(strspn(column->name, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen(column->name));
            g_assert_cmpuint(strlen(column->meaning), >, 0);
            g_assert_cmpuint(column->offset, <, schema->row_size);
            g_assert_true((column->type == COLUMN_TIME) == g_str_has_suffix(column->name, "_s"));
            for (size_t j = 0; j < i; j++) {
                g_assert_cmpstr(column->name, !=, schema->columns[j].name);
                g_assert_cmpuint(column->offset, !=, schema->columns[j].offset);
            }
        }
    }
}

struct counter {
    struct trace_sink sink;
    int rows;
};

static void count_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    (void)kind, (void)row;
    ((struct counter *)sink)->rows++;
}

/* One output wants blocks, the other all: each gets what it wants. */
static void tee_hands_on_what_is_wanted(void)
{
    struct counter blocks = {.sink.row = count_row}, all = {.sink.row = count_row};
    struct trace_tee tee;
    trace_tee_init(&tee);
    trace_tee_add(&tee, &blocks.sink, TRACE_BIT(TRACE_BLOCK));
    trace_tee_add(&tee, &all.sink, TRACE_ALL);
    trace_write(&tee.sink, TRACE_BLOCK, &(struct trace_block){.block = 1});
    trace_write(&tee.sink, TRACE_VOTE, &(struct trace_vote){.block = 1});
    trace_write(&tee.sink, TRACE_END, &(struct trace_end){.at_ns = 1});
    g_assert_cmpint(blocks.rows, ==, 1);
    g_assert_cmpint(all.rows, ==, 3);
    trace_tee_release(&tee);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/every type prints", every_type_prints);
    g_test_add_func("/csv/limits print", limits_print);
    g_test_add_func("/csv/what is missing is NA", what_is_missing_is_na);
    g_test_add_func("/csv/text is quoted where it must be", text_is_quoted_where_it_must_be);
    g_test_add_func("/csv/file appears when whole", file_appears_when_whole);
    g_test_add_func("/csv/discarded file leaves nothing", discarded_file_leaves_nothing);
    g_test_add_func("/csv/errors name the path", errors_name_the_path);
    g_test_add_func("/csv/compressed file holds the same text", compressed_file_holds_the_same_text);
    g_test_add_func("/csv/every kind has a schema", every_kind_has_a_schema);
    g_test_add_func("/csv/tee hands on what is wanted", tee_hands_on_what_is_wanted);
    return g_test_run();
}
