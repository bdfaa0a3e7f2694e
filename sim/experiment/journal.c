/* SPDX-License-Identifier: MIT */
#include "experiment/journal.h"

#include "experiment/journal_format.h"
#include "experiment/posim_commit.h"
#include "experiment/posim_version.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAKER "posim " POSIM_VERSION " (" POSIM_COMMIT ")"

enum { SYNC_EVERY_US = 1000000 };

struct journal {
    int file;
    char *path;
    gint64 synced_us;
};

/* Whether what was written is on the disk; some file systems know of no such thing. */
static bool sync_to_disk(const struct journal *journal, GError **error)
{
    if (fdatasync(journal->file) == 0 || errno == EINVAL || errno == ENOSYS)
        return true;
    journal_set_error(error, "write", journal->path);
    return false;
}

struct journal *journal_new(const char *folder, const char *writer, GError **error)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    struct journal *journal = g_new0(struct journal, 1);
    journal->file = -1;
    if (g_mkdir_with_parents(journals, 0777) != 0)
        journal_set_error(error, "make", journals);
    else {
        for (unsigned number = 1; journal->file < 0; number++) {
            char *name = g_strdup_printf("%s-%04u" JOURNAL_ENDING, writer, number);
            g_free(journal->path);
            journal->path = g_build_filename(journals, name, NULL);
            journal->file = g_open(journal->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
            g_free(name);
            if (journal->file < 0 && errno != EEXIST) {
                journal_set_error(error, "create", journal->path);
                break;
            }
        }
    }
    g_free(journals);
    char *words = journal_first_words();
    char *first = g_strconcat(words, MAKER "\n", NULL);
    if (journal->file >= 0 && !journal_write(journal->file, first, strlen(first))) {
        journal_set_error(error, "write", journal->path);
        g_close(journal->file, NULL);
        journal->file = -1;
    }
    g_free(first);
    g_free(words);
    if (journal->file >= 0)
        return journal;
    g_free(journal->path);
    g_free(journal);
    return NULL;
}

bool journal_append(struct journal *journal, const struct run_id *id, const struct run_record *record, GError **error)
{
    struct journal_head head = {.id = *id};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)&head, sizeof head);
    run_record_pack(record, bytes);
    head.length = bytes->len - (guint)sizeof head;
    journal_check(&head, bytes->data + sizeof head, head.check);
    memcpy(bytes->data, &head, sizeof head);
    bool written = journal_write(journal->file, bytes->data, bytes->len);
    if (!written)
        journal_set_error(error, "write", journal->path);
    g_byte_array_unref(bytes);
    gint64 now_us = g_get_monotonic_time();
    if (written && now_us - journal->synced_us > SYNC_EVERY_US) {
        written = sync_to_disk(journal, error); /* what a power cut loses is run again */
        journal->synced_us = now_us;
    }
    return written;
}

bool journal_close(struct journal *journal, GError **error)
{
    if (!journal)
        return true;
    bool fine = sync_to_disk(journal, error);
    if (close(journal->file) != 0 && errno != EINTR && fine) {
        journal_set_error(error, "write", journal->path);
        fine = false;
    }
    g_free(journal->path);
    g_free(journal);
    return fine;
}
