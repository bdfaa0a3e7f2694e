/* SPDX-License-Identifier: MIT */
#include "experiment/journal_parts.h"

#include "experiment/journal.h"
#include "experiment/journal_format.h"
#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *folder, const char *name)
{
    return g_build_filename(folder, JOURNAL_FOLDER, name, NULL);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in the journal's folder that end so, sorted; g_ptr_array_unref it. */
static GPtrArray *names_in(const char *folder, const char *ending)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    GDir *listing = g_dir_open(journals, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (*name != '.' && g_str_has_suffix(name, ending))
            g_ptr_array_add(names, g_strdup(name));
    if (listing)
        g_dir_close(listing);
    g_free(journals);
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* "shard-1-of-4" of "shard-1-of-4-0002.journal"; g_free it. */
static char *writer_of(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash ? g_strndup(name, (gsize)(dash - name)) : g_strdup(name);
}

/* The number of parts in "shard-1-of-4"; 0: it is the writer of no part. */
static uint32_t parts_in(const char *writer)
{
    char **words = g_strsplit(writer, "-", -1);
    guint64 of = 0;
    if (g_strv_length(words) == 4 && strcmp(words[0], "shard") == 0)
        g_ascii_string_to_unsigned(words[3], 10, 1, 1000000, &of, NULL);
    g_strfreev(words);
    return (uint32_t)of;
}

/* What is done. */

static bool is_done(const char *folder, const char *writer)
{
    char *name = g_strconcat(writer, JOURNAL_DONE_ENDING, NULL), *path = path_of(folder, name);
    bool done = g_file_test(path, G_FILE_TEST_EXISTS);
    g_free(path);
    g_free(name);
    return done;
}

bool journal_set_done(const char *folder, const char *writer, bool done, GError **error)
{
    char *name = g_strconcat(writer, JOURNAL_DONE_ENDING, NULL), *path = path_of(folder, name);
    bool fine = done ? temporary_write_text(path, "", error) : g_unlink(path) == 0 || errno == ENOENT;
    if (!fine && !done)
        journal_set_error(error, "remove", path);
    g_free(path);
    g_free(name);
    return fine;
}

struct journal_parts journal_parts_of(const char *folder)
{
    struct journal_parts parts = {0};
    GPtrArray *names = names_in(folder, JOURNAL_ENDING);
    GHashTable *writers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool alike = true;
    for (guint n = 0; n < names->len; n++) {
        char *writer = writer_of(names->pdata[n]);
        uint32_t of = parts_in(writer);
        if (!of) {
            parts.other_files++;
            g_free(writer);
        } else if (g_hash_table_contains(writers, writer)) {
            g_free(writer);
        } else {
            alike = alike && (parts.count == 0 || parts.of == of);
            parts.of = of;
            parts.count++;
            parts.done += is_done(folder, writer);
            g_hash_table_add(writers, writer);
        }
    }
    if (!alike || parts.other_files)
        parts.of = 0;
    g_hash_table_unref(writers);
    g_ptr_array_unref(names);
    return parts;
}

/* Bringing together. */

static bool is_same_folder(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool holds(const char *path, GMappedFile *content)
{
    GMappedFile *other = g_mapped_file_new(path, FALSE, NULL);
    gsize length = g_mapped_file_get_length(content);
    bool same =
        other && g_mapped_file_get_length(other) == length &&
        (!length || memcmp(g_mapped_file_get_contents(other), g_mapped_file_get_contents(content), length) == 0);
    if (other)
        g_mapped_file_unref(other);
    return same;
}

/* Whether the directory has a journal with these bytes. */
static bool has_journal(const char *folder, GMappedFile *content)
{
    GPtrArray *names = names_in(folder, JOURNAL_ENDING);
    bool found = false;
    for (guint n = 0; n < names->len && !found; n++) {
        char *path = path_of(folder, names->pdata[n]);
        found = holds(path, content);
        g_free(path);
    }
    g_ptr_array_unref(names);
    return found;
}

/* The path of the writer's next journal in the directory; g_free it. */
static char *free_path(const char *folder, const char *writer)
{
    for (unsigned number = 1;; number++) {
        char *name = g_strdup_printf("%s-%04u" JOURNAL_ENDING, writer, number), *path = path_of(folder, name);
        g_free(name);
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            return path;
        g_free(path);
    }
}

static bool write_content(const char *path, GMappedFile *content, GError **error)
{
    char *temporary;
    int file = temporary_open(path, &temporary);
    bool fine = file >= 0 &&
                journal_write(file, g_mapped_file_get_contents(content), g_mapped_file_get_length(content)) &&
                (fdatasync(file) == 0 || errno == EINVAL || errno == ENOSYS);
    if (file >= 0)
        fine = close(file) == 0 && fine;
    fine = fine && g_rename(temporary, path) == 0;
    if (!fine) {
        journal_set_error(error, "write", path);
        if (temporary)
            g_unlink(temporary);
    }
    g_free(temporary);
    return fine;
}

static bool copy_journal(const char *other, const char *name, const char *folder, GError **error)
{
    char *path = path_of(other, name);
    GMappedFile *content = g_mapped_file_new(path, FALSE, error);
    bool fine = content != NULL;
    if (content && !has_journal(folder, content)) {
        char *writer = writer_of(name), *here = free_path(folder, writer);
        fine = write_content(here, content, error);
        g_free(here);
        g_free(writer);
    }
    if (content)
        g_mapped_file_unref(content);
    g_free(path);
    return fine;
}

static bool gather_one(const char *other, const char *folder, GError **error)
{
    GPtrArray *names = names_in(other, JOURNAL_ENDING), *done = names_in(other, JOURNAL_DONE_ENDING);
    bool fine = true;
    for (guint n = 0; n < names->len && fine; n++)
        fine = copy_journal(other, names->pdata[n], folder, error);
    for (guint n = 0; n < done->len && fine; n++) {
        char *writer = g_strndup(done->pdata[n], strlen(done->pdata[n]) - strlen(JOURNAL_DONE_ENDING));
        fine = journal_set_done(folder, writer, true, error);
        g_free(writer);
    }
    g_ptr_array_unref(done);
    g_ptr_array_unref(names);
    return fine;
}

bool journal_gather(const char *const *others, const char *folder, GError **error)
{
    bool fine = true;
    for (const char *const *other = others; *other && fine; other++)
        fine = is_same_folder(*other, folder) || gather_one(*other, folder, error);
    return fine;
}
