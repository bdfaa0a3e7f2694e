/* SPDX-License-Identifier: MIT */
#include "experiment/journal_format.h"

#include "crypto/hash.h"
#include "experiment/run_record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void journal_check(const struct journal_head *head, const uint8_t *bytes, uint8_t check[8])
{
    const struct hash_piece pieces[] = {
        {&head->length, sizeof head->length}, {head->id.bytes, sizeof head->id.bytes}, {bytes, head->length}};
    hash_blake2b(check, 8, NULL, 0, pieces, G_N_ELEMENTS(pieces));
}

bool journal_is_record(const uint8_t *bytes, size_t size)
{
    struct journal_head head;
    uint8_t check[8];
    if (size < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    if (head.length == 0 || head.length > JOURNAL_RECORD_MOST || head.length > size - sizeof head)
        return false;
    journal_check(&head, bytes + sizeof head, check);
    return memcmp(check, head.check, sizeof check) == 0;
}

char *journal_first_words(void)
{
    char *layout = run_record_layout();
    char *words = g_strdup_printf(JOURNAL_FIRST_WORDS "1, records %s, ", layout);
    g_free(layout);
    return words;
}

void journal_set_error(GError **error, const char *what, const char *path)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
                g_strerror(code));
}

bool journal_write(int file, const void *bytes, size_t size)
{
    for (const char *at = bytes; size;) {
        ssize_t wrote = write(file, at, size);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0) {
            at += wrote;
            size -= (size_t)wrote;
        }
    }
    return true;
}
