/* SPDX-License-Identifier: MIT */
/*
 * Tables that many runs share: what others read is one CSV; a run is found again, taken out, or given another label;
 * and whatever is cut off at the end costs the last run alone.
 */
#include "record/packed_copy.h"
#include "record/shelf.h"
#include "report/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define HEADER "point,replication,chain,kind,messages,bytes,deliveries\n"
/* As unkind as a cell can be: a line that looks like another run's row. */
#define UNKIND "say \"so\"\n7,1,vote"

static char *folder;

static void set_up(void)
{
    folder = g_dir_make_tmp("posim-shelf-XXXXXX", NULL);
}

static void tear_down(void)
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_dir_close(listing);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

static struct shelf *open_shelf(uint32_t number)
{
    GError *error = NULL;
    struct shelf *shelf = shelf_open(folder, "main", number, TABLE_BIT(TABLE_NETWORK), &error);
    g_assert_no_error(error);
    return shelf;
}

static struct packed_label label_of(uint64_t point)
{
    return (struct packed_label){.id = {(uint8_t)point, 1}, .point = point, .replication = 3};
}

/* A run with `rows` rows. */
static void add_run(struct shelf *shelf, uint64_t point, uint64_t rows)
{
    struct packed_label label = label_of(point);
    shelf_begin(shelf, &label);
    struct csv_writer *writer = shelf_table(shelf, TABLE_NETWORK, NULL);
    for (uint64_t r = 0; r < rows; r++) {
        struct network_row row = {.kind = r == 1 ? UNKIND : "vote", .messages = r, .bytes = point};
        csv_write(writer, &row);
    }
    g_assert_true(csv_close(writer, false, NULL));
}

static char *path_of(uint32_t number)
{
    char *name = shelf_name(TABLE_NETWORK, "main", number);
    char *path = g_build_filename(folder, name, NULL);
    g_free(name);
    return path;
}

/* What zstdcat prints. */
static char *unpacked(uint32_t number)
{
    char *path = path_of(number), *bytes, *text = g_malloc(1 << 24);
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    size_t count = ZSTD_decompress(text, (1 << 24) - 1, bytes, length);
    g_assert_false(ZSTD_isError(count));
    text[count] = '\0';
    g_free(bytes);
    g_free(path);
    return text;
}

static void expect_text(uint32_t number, const char *expected)
{
    char *text = unpacked(number);
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* The points of a table's runs, as "2 5 "; its bytes are all whole runs'. */
static void expect_runs(uint32_t number, const char *expected)
{
    char *path = path_of(number);
    int file = open(path, O_RDONLY);
    struct packed_file packed;
    g_assert_true(packed_file_read(&packed, file));
    g_assert_cmpuint(packed.whole, ==, packed.size);
    GString *found = g_string_new(NULL);
    for (size_t r = 0; r < packed.runs.count; r++) {
        struct packed_label label = label_of(packed.runs.at[r].label.point);
        g_assert_cmpmem(packed.runs.at[r].label.id, PACKED_ID_BYTES, label.id, PACKED_ID_BYTES);
        g_assert_cmpuint(packed.runs.at[r].label.replication, ==, 3);
        g_string_append_printf(found, "%" G_GUINT64_FORMAT " ", packed.runs.at[r].label.point);
    }
    g_assert_cmpstr(found->str, ==, expected);
    g_string_free(found, TRUE);
    packed_file_release(&packed);
    close(file);
    g_free(path);
}

static void test_others_read_one_table(void)
{
    set_up();
    struct shelf *shelf = open_shelf(1);
    add_run(shelf, 2, 1);
    add_run(shelf, 5, 0);
    add_run(shelf, 9, 2);
    shelf_close(shelf);
    expect_text(1, HEADER "2,3,0,vote,0,2,0\n9,3,0,vote,0,9,0\n9,3,0,\"say \"\"so\"\"\n7,1,vote\",1,9,0\n");
    expect_runs(1, "2 5 9 ");
    tear_down();
}

static void test_a_run_is_taken_out_again(void)
{
    set_up();
    struct shelf *shelf = open_shelf(1);
    add_run(shelf, 2, 1);
    add_run(shelf, 5, 100000);
    shelf_drop(shelf);
    add_run(shelf, 9, 1);
    shelf_close(shelf);
    expect_text(1, HEADER "2,3,0,vote,0,2,0\n9,3,0,vote,0,9,0\n");
    tear_down();
}

/* Whoever has a table has it alone; when it is free again the next one goes on in it. */
static void test_nobody_shares_a_table_at_a_time(void)
{
    set_up();
    struct shelf *first = open_shelf(1), *second = open_shelf(1);
    add_run(first, 1, 1);
    add_run(second, 2, 1);
    shelf_close(first);
    struct shelf *third = open_shelf(1);
    add_run(third, 3, 1);
    shelf_close(third);
    shelf_close(second);
    expect_runs(1, "1 3 ");
    expect_runs(2, "2 ");
    tear_down();
}

/* A file of that name with another header is left as it is. */
static void test_another_table_is_not_gone_on_in(void)
{
    set_up();
    char *path = path_of(1), packed[256];
    size_t length = ZSTD_compress(packed, sizeof packed, "mine\n1\n", 7, 3);
    g_assert_true(g_file_set_contents(path, packed, (gssize)length, NULL));
    struct shelf *shelf = open_shelf(1);
    add_run(shelf, 1, 1);
    shelf_close(shelf);
    expect_text(1, "mine\n1\n");
    expect_runs(2, "1 ");
    g_free(path);
    tear_down();
}

/* A kill may cut the file anywhere (every other byte is tried): what was whole stays, the next run stands right behind
 * it. */
static void test_what_was_cut_off_costs_the_last_run(void)
{
    set_up();
    struct shelf *shelf = open_shelf(1);
    add_run(shelf, 1, 3);
    add_run(shelf, 2, 3);
    shelf_close(shelf);
    char *path = path_of(1), *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    struct packed_file packed;
    int file = open(path, O_RDONLY);
    g_assert_true(packed_file_read(&packed, file));
    close(file);
    for (gsize cut = 0; cut <= length; cut += 2) {
        g_assert_true(g_file_set_contents(path, bytes, (gssize)cut, NULL));
        shelf = open_shelf(1);
        add_run(shelf, 9, 1);
        shelf_close(shelf);
        expect_runs(1, cut < packed.runs.at[0].end ? "9 " : cut < packed.runs.at[1].end ? "1 9 " : "1 2 9 ");
    }
    packed_file_release(&packed);
    g_free(bytes);
    g_free(path);
    tear_down();
}

/* Another label changes how rows begin and nothing else, in a table of many blocks too. */
static void test_a_run_gets_another_label(void)
{
    enum { ROWS = 20000 };
    set_up();
    struct shelf *shelf = open_shelf(1);
    add_run(shelf, 7, ROWS);
    shelf_close(shelf);
    char *from_path = path_of(1), *to_path = path_of(2);
    int from = open(from_path, O_RDONLY), to = open(to_path, O_WRONLY | O_CREAT, 0666);
    struct packed_file packed;
    g_assert_true(packed_file_read(&packed, from));
    struct packed_label label = label_of(7);
    label.point = 1234567890123;
    g_assert_true(packed_copy_header(&packed, from, to));
    g_assert_true(packed_copy_run(&packed.runs.at[0], from, to, &label));
    close(to);
    char *before = unpacked(1);
    GString *wanted = g_string_new(before);
    g_free(before);
    g_string_replace(wanted, "\n7,3,", "\n1234567890123,3,", 0);
    g_assert_nonnull(strstr(wanted->str, "1234567890123,3,0,\"say \"\"so\"\"\n7,1,vote\",1,7,0\n1234567890123,3,0,"));
    expect_text(2, wanted->str);
    /* rows that do not say what the label says are not made to say something else */
    struct packed_run wrong = packed.runs.at[0];
    wrong.label.point = 8;
    to = open("/dev/null", O_WRONLY);
    g_assert_false(packed_copy_run(&wrong, from, to, &label));
    g_assert_cmpint(errno, ==, EBADMSG);
    close(to);
    close(from);
    packed_file_release(&packed);
    g_string_free(wanted, TRUE);
    g_free(from_path);
    g_free(to_path);
    tear_down();
}

/* A reader of one run gets the header line and that run's rows. */
static void test_one_run_is_read_alone(void)
{
    static const char *const columns[] = {"bytes", "messages", "point", NULL};
    set_up();
    struct shelf *shelf = open_shelf(1);
    const uint64_t rows_of[] = {3, 0, 100000, 5};
    for (uint64_t point = 0; point < G_N_ELEMENTS(rows_of); point++)
        add_run(shelf, point, rows_of[point]);
    shelf_close(shelf);
    char *path = path_of(1);
    struct packed_file packed;
    int file = open(path, O_RDONLY);
    g_assert_true(packed_file_read(&packed, file));
    close(file);
    for (uint64_t point = 0; point < G_N_ELEMENTS(rows_of); point++) {
        GError *error = NULL;
        struct rows_part part = {packed.header_end, packed.runs.at[point].rows, packed.runs.at[point].end};
        struct rows *rows = rows_open_part(path, part, columns, &error);
        g_assert_no_error(error);
        uint64_t count = 0;
        for (; rows_next(rows); count++) {
            g_assert_cmpuint(rows_number(rows, 0), ==, point);
            g_assert_cmpuint(rows_number(rows, 1), ==, count);
            g_assert_cmpuint(rows_number(rows, 2), ==, point);
        }
        g_assert_true(rows_close(rows, &error));
        g_assert_cmpuint(count, ==, rows_of[point]);
    }
    packed_file_release(&packed);
    g_free(path);
    tear_down();
}

static void test_names_are_told_from_others(void)
{
    static const char *const wrong[] = {"blocks.csv.zst",         "blocks-1.csv.zst",      "blocks-main.csv.zst",
                                        "blocks-main-01.csv.zst", "blocks-main-0.csv.zst", "blocks-main-1.csv",
                                        "mine-main-1.csv.zst",    "blocks--1.csv.zst",     "blocks-main-1.csv.zst.old"};
    enum table table;
    char *writer;
    uint32_t number;
    g_assert_true(shelf_parse_name("votes_cast-shard-2-of-4-17.csv.zst", &table, &writer, &number));
    g_assert_cmpint(table, ==, TABLE_VOTES_CAST);
    g_assert_cmpstr(writer, ==, "shard-2-of-4");
    g_assert_cmpuint(number, ==, 17);
    g_free(writer);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(shelf_parse_name(wrong[i], &table, &writer, &number));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shelf/others read one table", test_others_read_one_table);
    g_test_add_func("/shelf/a run is taken out again", test_a_run_is_taken_out_again);
    g_test_add_func("/shelf/nobody shares a table at a time", test_nobody_shares_a_table_at_a_time);
    g_test_add_func("/shelf/another table is not gone on in", test_another_table_is_not_gone_on_in);
    g_test_add_func("/shelf/what was cut off costs the last run", test_what_was_cut_off_costs_the_last_run);
    g_test_add_func("/shelf/a run gets another label", test_a_run_gets_another_label);
    g_test_add_func("/shelf/one run is read alone", test_one_run_is_read_alone);
    g_test_add_func("/shelf/names are told from others", test_names_are_told_from_others);
    return g_test_run();
}
