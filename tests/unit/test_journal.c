/* SPDX-License-Identifier: MIT */
/* The journal: many of them are read with few open files, what could not be written is told, and so is damage. */
#include "experiment/journal.h"
#include "experiment/results.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char *new_folder(void)
{
    char *folder = g_dir_make_tmp("posim-journal-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

static void remove_folder(char *folder)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    GDir *listing = g_dir_open(journals, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(journals, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    if (listing)
        g_dir_close(listing);
    g_rmdir(journals);
    g_rmdir(folder);
    g_free(journals);
    g_free(folder);
}

static struct run_id id_of(uint32_t number)
{
    struct run_id id = {0};
    memcpy(id.bytes, &number, sizeof number);
    return id;
}

static void append(struct journal *journal, uint32_t number)
{
    struct run_record *record = g_new0(struct run_record, 1);
    struct run_id id = id_of(number);
    record->events = number;
    g_assert_true(journal_append(journal, &id, record, NULL));
    g_free(record);
}

/* The descriptor that is given out next. */
static int next_file(void)
{
    int file = open("/dev/null", O_RDONLY);
    g_assert_cmpint(file, >=, 0);
    close(file);
    return file;
}

/* Forty writers, and a process that may open two dozen files: each run is found, in any order, and so is what comes
 * later. */
static void test_many_journals_need_few_files(void)
{
    enum { WRITERS = 40, FILES = 24 };
    char *folder = new_folder();
    struct journal *last = NULL;
    for (uint32_t w = 0; w < WRITERS; w++) {
        char *writer = g_strdup_printf("rank-%u", w);
        last = journal_new(folder, writer, NULL);
        append(last, w);
        if (w + 1 < WRITERS)
            g_assert_true(journal_close(last, NULL));
        g_free(writer);
    }
    struct rlimit before, limit;
    getrlimit(RLIMIT_NOFILE, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)next_file() + FILES;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    const char *folders[] = {folder, NULL};
    GError *error = NULL;
    struct journal_index *index = journal_index_new(folders, &error);
    g_assert_no_error(error);
    append(last, WRITERS);
    g_assert_true(journal_index_refresh(index, NULL, NULL, &error));
    g_assert_cmpuint(journal_index_fine(index), ==, WRITERS + 1);
    struct run_record *record = g_new0(struct run_record, 1);
    for (uint32_t i = 0; i < 3 * WRITERS; i++) {
        uint32_t number = i * 7 % (WRITERS + 1);
        struct run_id id = id_of(number);
        g_assert_true(journal_index_fetch(index, &id, record, &error));
        g_assert_cmpuint(record->events, ==, number);
    }
    setrlimit(RLIMIT_NOFILE, &before);
    g_free(record);
    journal_index_free(index);
    g_assert_true(journal_close(last, NULL));
    remove_folder(folder);
}

/* A journal that is removed while somebody looks on, or gives way to another of its name, is not what it was. */
static void test_a_journal_that_went_is_missed(void)
{
    char *folder = new_folder();
    struct journal *journal = journal_new(folder, "main", NULL);
    append(journal, 1);
    g_assert_true(journal_close(journal, NULL));
    const char *folders[] = {folder, NULL};
    struct journal_index *index = journal_index_new(folders, NULL);
    char *path = g_build_filename(folder, JOURNAL_FOLDER, "main-0001" JOURNAL_ENDING, NULL);
    char *aside = g_strconcat(path, ".aside", NULL);
    g_assert_cmpint(g_rename(path, aside), ==, 0); /* it stays, so that its number is not given out again */
    g_assert_true(journal_close(journal_new(folder, "main", NULL), NULL));
    GError *error = NULL;
    g_assert_false(journal_index_refresh(index, NULL, NULL, &error));
    g_assert_nonnull(strstr(error->message, "main-0001.journal has been removed"));
    g_clear_error(&error);
    journal_index_free(index);
    g_free(aside);
    g_free(path);
    remove_folder(folder);
}

/* A disk without room: the record that does not fit is told with its file. */
static void test_a_full_disk_is_told(void)
{
    char *folder = new_folder();
    struct journal *journal = journal_new(folder, "main", NULL);
    struct rlimit before, limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 4096;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    struct run_record *record = g_new0(struct run_record, 1);
    struct run_id id = id_of(1);
    GError *error = NULL;
    int written = 0;
    while (written < 100 && journal_append(journal, &id, record, &error))
        written++;
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_cmpint(written, <, 100);
    g_assert_nonnull(strstr(error->message, "cannot write "));
    g_assert_nonnull(strstr(error->message, "main-0001.journal: "));
    g_clear_error(&error);
    g_free(record);
    journal_close(journal, NULL);
    remove_folder(folder);
}

/* Flushing or closing may be what fails, as on a file server: that is told, too. */
static void test_what_closing_tells_is_told(void)
{
    char *folder = new_folder();
    int file = next_file();
    struct journal *journal = journal_new(folder, "main", NULL);
    append(journal, 1);
    close(file); /* whatever is done with it now fails */
    GError *error = NULL;
    g_assert_false(journal_close(journal, &error));
    g_assert_nonnull(strstr(error->message, "main-0001.journal: "));
    g_clear_error(&error);
    remove_folder(folder);
}

/* The bytes of the file, changed by whoever asks, and what an index then says: runs that are there, or an error. */
struct file_bytes {
    char *path, *bytes;
    gsize size;
    size_t record; /* the length of the last record, with its head */
};

static struct file_bytes write_records(const char *folder, uint32_t count)
{
    struct file_bytes file = {.path = g_build_filename(folder, JOURNAL_FOLDER, "main-0001" JOURNAL_ENDING, NULL)};
    struct journal *journal = journal_new(folder, "main", NULL);
    for (uint32_t i = 0; i < count; i++)
        append(journal, i);
    g_assert_true(journal_close(journal, NULL));
    g_assert_true(g_file_get_contents(file.path, &file.bytes, &file.size, NULL));
    gsize first = (gsize)(strchr(file.bytes, '\n') + 1 - file.bytes);
    file.record = (file.size - first) / count;
    g_assert_cmpuint(first + file.record * count, ==, file.size);
    return file;
}

/* How many runs are found in those bytes; -1: the file is damaged, which the error's text says so. */
static int runs_in(const char *folder, const struct file_bytes *file, const char *bytes, size_t size, const char *text)
{
    const char *folders[] = {folder, NULL};
    GError *error = NULL;
    FILE *stream = fopen(file->path, "wb");
    g_assert_cmpuint(fwrite(bytes, 1, size, stream), ==, size);
    fclose(stream);
    struct journal_index *index = journal_index_new(folders, &error);
    int runs = index ? (int)journal_index_fine(index) : -1;
    g_assert_true(index || g_error_matches(error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED));
    g_assert_true(index || (strstr(error->message, "main-0001.journal is damaged") && strstr(error->message, text)));
    g_clear_error(&error);
    journal_index_free(index);
    return runs;
}

/* Five records, cut off at every 13th byte and at their ends: what is whole counts, and it is no damage. Nor are zeros
 * that a power cut left.
 */
static void test_a_torn_end_is_no_damage(void)
{
    char *folder = new_folder();
    struct file_bytes file = write_records(folder, 5);
    size_t first = file.size - 5 * file.record;
    for (size_t size = 0; size <= file.size; size++) {
        if (size % 13 && (size + 5 * file.record - file.size) % file.record)
            continue;
        int whole = size < first ? 0 : (int)((size - first) / file.record);
        g_assert_cmpint(runs_in(folder, &file, file.bytes, size, ""), ==, whole);
    }
    char *zeros = g_malloc0(file.size + 100000);
    memcpy(zeros, file.bytes, file.size - file.record + 10);
    g_assert_cmpint(runs_in(folder, &file, zeros, file.size + 100000, ""), ==, 4);
    g_free(zeros);
    g_free(file.bytes);
    g_free(file.path);
    remove_folder(folder);
}

/* A byte of the third of five records is another one, wherever; or all of them are zeros; or some are gone. */
static void test_a_bad_middle_is_damage(void)
{
    char *folder = new_folder();
    struct file_bytes file = write_records(folder, 5);
    size_t third = file.size - 3 * file.record;
    char *told = g_strdup_printf("at byte %zu, after 2 records, is none", third);
    char *bytes = g_memdup2(file.bytes, file.size);
    for (size_t at = third; at < third + file.record; at += at < third + 64 ? 1 : 13) {
        bytes[at] = (char)(bytes[at] ^ 0x41);
        g_assert_cmpint(runs_in(folder, &file, bytes, file.size, told), ==, -1);
        bytes[at] = file.bytes[at];
    }
    memset(bytes + third, 0, file.record);
    g_assert_cmpint(runs_in(folder, &file, bytes, file.size, told), ==, -1);
    memmove(bytes + third, file.bytes + third + 9, file.size - third - 9);
    g_assert_cmpint(runs_in(folder, &file, bytes, file.size - 9, told), ==, -1);
    memset(bytes + third + file.record, 'x', 2 * file.record); /* nothing whole follows: as if it had been cut off */
    g_assert_cmpint(runs_in(folder, &file, bytes, file.size, ""), ==, 2);
    memcpy(bytes, file.bytes, file.size);
    bytes[3] = '#';
    g_assert_cmpint(runs_in(folder, &file, bytes, file.size, "its first line is not that of a journal"), ==, -1);
    g_free(bytes);
    g_free(told);
    g_free(file.bytes);
    g_free(file.path);
    remove_folder(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/many journals need few files", test_many_journals_need_few_files);
    g_test_add_func("/journal/a journal that went is missed", test_a_journal_that_went_is_missed);
    g_test_add_func("/journal/a full disk is told", test_a_full_disk_is_told);
    g_test_add_func("/journal/what closing tells is told", test_what_closing_tells_is_told);
    g_test_add_func("/journal/a torn end is no damage", test_a_torn_end_is_no_damage);
    g_test_add_func("/journal/a bad middle is damage", test_a_bad_middle_is_damage);
    return g_test_run();
}
