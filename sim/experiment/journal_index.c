/* SPDX-License-Identifier: MIT */
/* What is in journals: where each record is, and the records themselves. */
#include "experiment/journal.h"

#include "base/vector.h"
#include "experiment/journal_format.h"
#include "experiment/journal_lost.h"
#include "experiment/results.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Journals that are open for reading at a time, however many there are. */
enum { OPEN_MOST = 16 };

/* Of what is no record, so much is searched for one that follows. */
#define SEARCHED_MOST (16 << 20)

/* Where a record is. */
struct entry {
    struct run_id id;
    uint32_t file;
    uint32_t length;
    uint64_t offset; /* of its bytes */
    bool fine, fetched;
};

/* A file, and how much of it is known. It is opened to be read, and closed when others want to be. */
struct journal_file {
    char *path;
    int file; /* -1: closed */
    dev_t device;
    ino_t inode;          /* which file it was, should another take its name */
    uint64_t known_bytes; /* 0: not even its first line */
    uint64_t records;     /* in them */
};

struct journal_index {
    char **folders;
    VECTOR(struct journal_file) sources;
    uint32_t open[OPEN_MOST]; /* numbers of sources, in a ring */
    size_t opened;            /* how often one was opened */
    GPtrArray *makers;        /* NULL-terminated */
    GHashTable *runs;         /* struct entry by its id, both in one */
};

/* Who wants to hear of records. */
struct listener {
    journal_take *take; /* NULL: nobody */
    void *user;
};

/* A record that was fine stays; of those that failed, the last one does. */
static void note(struct journal_index *index, const struct entry *found, const struct run_record *record,
                 const struct listener *listener)
{
    struct entry *known = g_hash_table_lookup(index->runs, &found->id);
    if (!known) {
        known = g_memdup2(found, sizeof *found);
        g_hash_table_add(index->runs, known);
    } else if (!known->fine) {
        *known = *found;
    }
    if (listener->take)
        listener->take(listener->user, &found->id, record);
}

static void note_maker(struct journal_index *index, const char *maker)
{
    for (guint m = 0; m + 1 < index->makers->len; m++)
        if (strcmp(index->makers->pdata[m], maker) == 0)
            return;
    g_ptr_array_insert(index->makers, 0, g_strdup(maker));
}

/* The first line: which program wrote it, and whether this one can read it. */
static bool read_first(struct journal_index *index, FILE *stream, const char *path, bool *empty, GError **error)
{
    char line[256];
    bool read = fgets(line, sizeof line, stream) != NULL, whole = read && strchr(line, '\n');
    *empty = !whole && feof(stream);
    if (*empty)
        return true; /* killed before anything was written */
    char *wanted = journal_first_words();
    bool same = whole && g_str_has_prefix(line, wanted);
    if (same)
        note_maker(index, g_strchomp(line + strlen(wanted)));
    else if (!whole || !g_str_has_prefix(line, JOURNAL_FIRST_WORDS))
        journal_set_damaged(error, path, "its first line is not that of a journal");
    else
        g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                    "%s was written by another version of posim, whose records mean something else", path);
    g_free(wanted);
    return same;
}

static bool read_record(FILE *stream, struct entry *entry, uint8_t *bytes, struct run_record *record)
{
    struct journal_head head;
    uint8_t check[8];
    if (fread(&head, sizeof head, 1, stream) != 1 || head.length > JOURNAL_RECORD_MOST)
        return false;
    entry->offset = (uint64_t)ftello(stream);
    if (fread(bytes, 1, head.length, stream) != head.length)
        return false;
    journal_check(&head, bytes, check);
    if (memcmp(check, head.check, sizeof check) != 0 || !run_record_unpack(bytes, head.length, record))
        return false;
    entry->id = head.id;
    entry->length = head.length;
    entry->fine = record->status == RUN_FINE;
    return true;
}

/* What follows the last record that is whole. */

enum rest {
    REST_TORN,    /* nothing that is whole: a kill cut it off, or somebody is writing it */
    REST_WHOLE,   /* a record, which was being written a moment ago */
    REST_DAMAGED, /* what is no record, and then one: no kill leaves that */
};

static enum rest judge_rest(const struct journal_file *source)
{
    struct stat status;
    if (fstat(source->file, &status) != 0 || (uint64_t)status.st_size <= source->known_bytes)
        return REST_TORN;
    size_t left = MIN((size_t)status.st_size - source->known_bytes, SEARCHED_MOST);
    uint8_t *bytes = g_malloc(left);
    ssize_t size = pread(source->file, bytes, left, (off_t)source->known_bytes), at = 0;
    while (at < size && !journal_is_record(bytes + at, (size_t)(size - at)))
        at++;
    g_free(bytes);
    return at >= size ? REST_TORN : at ? REST_DAMAGED : REST_WHOLE;
}

static void set_damaged(const struct journal_file *source, GError **error)
{
    char *how = g_strdup_printf("at byte %" G_GUINT64_FORMAT ", after %" G_GUINT64_FORMAT
                                " records, is none, but others follow, so that no kill cut it off there",
                                source->known_bytes, source->records);
    journal_set_damaged(error, source->path, how);
    g_free(how);
}

/* Opening: the file that has been open the longest makes room. */

static bool is_same(const struct journal_file *source, const struct stat *status)
{
    return status->st_dev == source->device && status->st_ino == source->inode;
}

static void set_removed(const struct journal_file *source, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s has been removed", source->path);
}

static void close_source(struct journal_file *source)
{
    if (source->file >= 0)
        close(source->file);
    source->file = -1;
}

static bool open_source(struct journal_index *index, uint32_t number, GError **error)
{
    struct journal_file *source = &index->sources.at[number];
    struct stat status;
    if (source->file >= 0)
        return true;
    uint32_t *place = &index->open[index->opened % OPEN_MOST];
    if (index->opened >= OPEN_MOST)
        close_source(&index->sources.at[*place]);
    source->file = g_open(source->path, O_RDONLY | O_CLOEXEC);
    if (source->file < 0) {
        journal_set_error(error, "read", source->path);
        return false;
    }
    *place = number;
    index->opened++;
    if (fstat(source->file, &status) == 0 && is_same(source, &status))
        return true;
    set_removed(source, error);
    return false;
}

/* From where the file is known to what is not whole. */
static bool read_records(struct journal_index *index, uint32_t number, FILE *stream, const struct listener *listener,
                         GError **error)
{
    struct journal_file *source = &index->sources.at[number];
    uint8_t *bytes = g_malloc(JOURNAL_RECORD_MOST);
    struct run_record *record = g_new(struct run_record, 1);
    struct entry entry = {.file = number};
    uint64_t again_at = 0; /* where it was read a second time */
    enum rest rest = REST_WHOLE;
    while (rest == REST_WHOLE) {
        if (read_record(stream, &entry, bytes, record)) {
            note(index, &entry, record, listener);
            source->known_bytes = entry.offset + entry.length;
            source->records++;
            continue;
        }
        rest = judge_rest(source);
        if (rest == REST_WHOLE && again_at == source->known_bytes)
            rest = REST_DAMAGED; /* its checksum is right, and it is none of ours */
        again_at = source->known_bytes;
        fseeko(stream, (off_t)source->known_bytes, SEEK_SET);
    }
    if (rest == REST_DAMAGED)
        set_damaged(source, error);
    g_free(record);
    g_free(bytes);
    return rest != REST_DAMAGED;
}

/* The records after what is known of a file, as far as they are whole. */
static bool read_on(struct journal_index *index, uint32_t number, const struct listener *listener, GError **error)
{
    if (!open_source(index, number, error))
        return false;
    struct journal_file *source = &index->sources.at[number];
    int copy = fcntl(source->file, F_DUPFD_CLOEXEC, 0);
    FILE *stream = copy < 0 ? NULL : fdopen(copy, "rb");
    if (!stream) {
        journal_set_error(error, "read", source->path);
        return false;
    }
    bool empty = false;
    fseeko(stream, (off_t)source->known_bytes, SEEK_SET);
    bool fine = source->known_bytes || read_first(index, stream, source->path, &empty, error);
    if (fine && !empty) {
        source->known_bytes = (uint64_t)ftello(stream);
        fine = read_records(index, number, stream, listener, error);
    }
    fclose(stream);
    return fine;
}

/* Looked at by name, since it may be on another machine that the file was removed. */
static bool has_grown(const struct journal_file *source, bool *removed)
{
    struct stat status;
    *removed = stat(source->path, &status) != 0 || !is_same(source, &status);
    return !*removed && (uint64_t)status.st_size > source->known_bytes;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_known(const struct journal_index *index, const char *path)
{
    for (size_t s = 0; s < index->sources.count; s++)
        if (strcmp(index->sources.at[s].path, path) == 0)
            return true;
    return false;
}

/* Adds the files of a folder that are new. */
static bool find_files(struct journal_index *index, const char *folder, GError **error)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    GDir *listing = g_dir_open(journals, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (g_str_has_suffix(name, JOURNAL_ENDING))
            g_ptr_array_add(names, g_build_filename(journals, name, NULL));
    if (listing)
        g_dir_close(listing);
    g_free(journals);
    g_ptr_array_sort(names, compare_texts);
    bool fine = true;
    for (guint i = 0; i < names->len && fine; i++) {
        const char *path = names->pdata[i];
        if (is_known(index, path))
            continue;
        struct stat status;
        fine = stat(path, &status) == 0;
        if (!fine) {
            journal_set_error(error, "read", path);
            break;
        }
        struct journal_file source = {
            .path = g_strdup(path), .file = -1, .device = status.st_dev, .inode = status.st_ino};
        vector_push(&index->sources, source);
    }
    g_ptr_array_unref(names);
    return fine;
}

struct journal_index *journal_index_open(const char *const *folders)
{
    struct journal_index *index = g_new0(struct journal_index, 1);
    index->folders = g_strdupv((char **)folders);
    index->makers = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(index->makers, NULL);
    index->runs = g_hash_table_new_full(run_id_hash, run_id_equal, g_free, NULL);
    return index;
}

bool journal_index_refresh(struct journal_index *index, journal_take *take, void *user, GError **error)
{
    struct listener listener = {take, user};
    for (char **folder = index->folders; *folder; folder++)
        if (!find_files(index, *folder, error))
            return false;
    for (uint32_t s = 0; s < index->sources.count; s++) {
        bool removed;
        if (has_grown(&index->sources.at[s], &removed) && !read_on(index, s, &listener, error))
            return false;
        if (removed) {
            set_removed(&index->sources.at[s], error);
            return false;
        }
    }
    qsort(index->makers->pdata, index->makers->len - 1, sizeof(gpointer), compare_texts);
    return true;
}

struct journal_index *journal_index_new(const char *const *folders, GError **error)
{
    struct journal_index *index = journal_index_open(folders);
    if (!journal_index_refresh(index, NULL, NULL, error))
        g_clear_pointer(&index, journal_index_free);
    return index;
}

void journal_index_free(struct journal_index *index)
{
    if (!index)
        return;
    for (size_t s = 0; s < index->sources.count; s++) {
        close_source(&index->sources.at[s]);
        g_free(index->sources.at[s].path);
    }
    vector_release(&index->sources);
    g_strfreev(index->folders);
    g_ptr_array_unref(index->makers);
    g_hash_table_unref(index->runs);
    g_free(index);
}

const char *const *journal_index_makers(const struct journal_index *index)
{
    return (const char *const *)index->makers->pdata;
}

size_t journal_index_files(const struct journal_index *index)
{
    return index->sources.count;
}

static uint64_t count_fine(const struct journal_index *index, bool with_fetched)
{
    GHashTableIter iterator;
    gpointer at;
    uint64_t count = 0;
    g_hash_table_iter_init(&iterator, index->runs);
    while (g_hash_table_iter_next(&iterator, &at, NULL)) {
        const struct entry *entry = at;
        count += entry->fine && (with_fetched || !entry->fetched);
    }
    return count;
}

uint64_t journal_index_fine(const struct journal_index *index)
{
    return count_fine(index, true);
}

uint64_t journal_index_unused(const struct journal_index *index)
{
    return count_fine(index, false);
}

bool journal_index_has(const struct journal_index *index, const struct run_id *id, bool *fine)
{
    const struct entry *entry = g_hash_table_lookup(index->runs, id);
    *fine = entry && entry->fine;
    return entry;
}

bool journal_index_fetch(struct journal_index *index, const struct run_id *id, struct run_record *record,
                         GError **error)
{
    struct entry *entry = g_hash_table_lookup(index->runs, id);
    if (!entry || !open_source(index, entry->file, error))
        return false;
    entry->fetched = true;
    uint8_t *bytes = g_malloc(entry->length);
    bool fine = pread(index->sources.at[entry->file].file, bytes, entry->length, (off_t)entry->offset) ==
                    (ssize_t)entry->length &&
                run_record_unpack(bytes, entry->length, record);
    if (!fine)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "cannot read %s again", index->sources.at[entry->file].path);
    g_free(bytes);
    return fine;
}
