/* SPDX-License-Identifier: MIT */
#include "record/shelf.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    int file; /* -1: not recorded */
    char *path;
    off_t begin; /* where the run that is under way begins */
};

struct shelf {
    struct place places[TABLES];
    struct packed_label label;
    char lead[PACKED_LEAD_BYTES];
};

static void set_error(GError **error, const char *doing, const char *path, int number)
{
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(number), "cannot %s %s: %s", doing, path,
                g_strerror(number));
}

/* Names. */

char *shelf_name(enum table table, const char *writer, uint32_t number)
{
    return g_strdup_printf("%s-%s-%u" PACKED_ENDING, table_info(table).name, writer, number);
}

bool shelf_parse_name(const char *name, enum table *table, char **writer, uint32_t *number)
{
    if (!g_str_has_suffix(name, PACKED_ENDING))
        return false;
    char *stem = g_strndup(name, strlen(name) - strlen(PACKED_ENDING));
    char *first = strchr(stem, '-'), *last = strrchr(stem, '-');
    guint64 value = 0;
    bool fine = first && last > first + 1 && g_ascii_string_to_unsigned(last + 1, 10, 1, UINT32_MAX, &value, NULL);
    if (fine) {
        *first = *last = '\0';
        *table = table_find(stem);
        *writer = g_strdup(first + 1);
        *number = (uint32_t)value;
        char *written = *table < TABLES ? shelf_name(*table, *writer, *number) : NULL;
        fine = g_strcmp0(written, name) == 0; /* -01 is somebody else's */
        if (!fine)
            g_clear_pointer(writer, g_free);
        g_free(written);
    }
    g_free(stem);
    return fine;
}

/* Opening. */

int shelf_lock(const char *path, int flags)
{
    int file = g_open(path, flags | O_CLOEXEC, 0666);
    if (file < 0)
        return -1;
    bool busy = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; /* where there are no locks go on */
    struct stat opened, named;
    bool stale = !busy && (fstat(file, &opened) != 0 || stat(path, &named) != 0 || opened.st_dev != named.st_dev ||
                           opened.st_ino != named.st_ino);
    if (!busy && !stale)
        return file;
    close(file);
    errno = busy ? EWOULDBLOCK : ESTALE;
    return -1;
}

static bool write_all(int file, const uint8_t *bytes, size_t count)
{
    while (count) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno != EINTR)
            return false;
        if (written <= 0)
            continue;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

/* Whether a file begins with the header line that we would write. */
static bool has_header(int file, const struct packed_file *packed, const GByteArray *header)
{
    uint8_t *bytes = g_malloc(header->len);
    bool same = packed->header_end == header->len && pread(file, bytes, header->len, 0) == (ssize_t)header->len &&
                memcmp(bytes, header->data, header->len) == 0;
    g_free(bytes);
    return same;
}

/* Goes on behind the last whole run, or begins; *mine is false where the file is of another kind. */
static bool go_on(struct place *place, enum table table, bool *mine, GError **error)
{
    struct table_info info = table_info(table);
    struct packed_file packed;
    if (!packed_file_read(&packed, place->file)) {
        set_error(error, "read", place->path, errno);
        return false;
    }
    GByteArray *header = csv_pack_header(PACKED_HEADER_LEAD, info.columns, info.column_count);
    bool begins = packed.header_end == 0 && packed.size <= header->len; /* nothing, or killed as it began */
    *mine = begins || has_header(place->file, &packed, header);
    bool fine = !*mine || (packed.whole == packed.size && !begins) || ftruncate(place->file, (off_t)packed.whole) == 0;
    if (fine && begins)
        fine = write_all(place->file, header->data, header->len);
    if (!fine)
        set_error(error, "write", place->path, errno);
    g_byte_array_unref(header);
    packed_file_release(&packed);
    return fine;
}

static void place_release(struct place *place)
{
    if (place->file >= 0)
        close(place->file);
    g_free(place->path);
    *place = (struct place){.file = -1};
}

/* *mine is false where somebody else has it. */
static bool place_open(struct place *place, char *path, enum table table, bool *mine, GError **error)
{
    place->path = path;
    do
        place->file = shelf_lock(path, O_RDWR | O_CREAT | O_APPEND);
    while (place->file < 0 && errno == ESTALE);
    *mine = place->file >= 0 || errno != EWOULDBLOCK;
    if (!*mine)
        return true;
    if (place->file >= 0)
        return go_on(place, table, mine, error);
    set_error(error, "create", path, errno);
    return false;
}

/* All tables under one number; *mine is false where one of them is not to be had. */
static bool open_all(struct shelf *shelf, const char *folder, const char *writer, uint32_t number, uint32_t tables,
                     bool *mine, GError **error)
{
    *mine = true;
    bool fine = true;
    for (enum table table = 0; table < TABLES && fine && *mine; table++) {
        if (!(tables & TABLE_BIT(table)))
            continue;
        char *name = shelf_name(table, writer, number);
        fine = place_open(&shelf->places[table], g_build_filename(folder, name, NULL), table, mine, error);
        g_free(name);
    }
    for (enum table table = 0; table < TABLES && !(fine && *mine); table++)
        place_release(&shelf->places[table]);
    return fine;
}

struct shelf *shelf_open(const char *folder, const char *writer, uint32_t number, uint32_t tables, GError **error)
{
    REQUIRE(number > 0);
    struct shelf *shelf = g_new0(struct shelf, 1);
    bool mine = false, fine = true;
    for (enum table table = 0; table < TABLES; table++)
        shelf->places[table].file = -1;
    for (; fine && !mine; number++)
        fine = open_all(shelf, folder, writer, number, tables, &mine, error);
    if (!fine)
        g_clear_pointer(&shelf, shelf_close);
    return shelf;
}

void shelf_close(struct shelf *shelf)
{
    for (enum table table = 0; shelf && table < TABLES; table++)
        place_release(&shelf->places[table]);
    g_free(shelf);
}

/* Runs. */

void shelf_begin(struct shelf *shelf, const struct packed_label *label)
{
    shelf->label = *label;
    packed_lead(label, shelf->lead);
    for (enum table table = 0; table < TABLES; table++)
        if (shelf->places[table].file >= 0)
            shelf->places[table].begin = lseek(shelf->places[table].file, 0, SEEK_END);
}

struct csv_writer *shelf_table(struct shelf *shelf, enum table table, GError **error)
{
    struct place *place = &shelf->places[table];
    REQUIRE(place->file >= 0);
    struct table_info info = table_info(table);
    uint8_t label[PACKED_LABEL_BYTES];
    packed_label_write(&shelf->label, label);
    if (write_all(place->file, label, sizeof label))
        return csv_continue(place->file, place->path, shelf->lead, info.columns, info.column_count);
    set_error(error, "write", place->path, errno);
    return NULL;
}

void shelf_drop(struct shelf *shelf)
{
    for (enum table table = 0; table < TABLES; table++) {
        const struct place *place = &shelf->places[table];
        /* what stays all the same is not in the journal, and goes later */
        if (place->file >= 0 && ftruncate(place->file, place->begin) != 0)
            continue;
    }
}
