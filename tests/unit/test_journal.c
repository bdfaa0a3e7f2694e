/* SPDX-License-Identifier: MIT */
/* The journal: many of them are read with few open files, and what could not be written is told. */
#include "experiment/journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/many journals need few files", test_many_journals_need_few_files);
    g_test_add_func("/journal/a journal that went is missed", test_a_journal_that_went_is_missed);
    g_test_add_func("/journal/a full disk is told", test_a_full_disk_is_told);
    g_test_add_func("/journal/what closing tells is told", test_what_closing_tells_is_told);
    return g_test_run();
}
