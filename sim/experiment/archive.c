/* SPDX-License-Identifier: MIT */
#include "experiment/archive.h"

#include "experiment/archive_files.h"

#define DEEPER "\n    "

char *archive_date(void)
{
    const char *given = g_getenv("SOURCE_DATE_EPOCH");
    gint64 since_epoch_s;
    if (!given || !g_ascii_string_to_signed(given, 10, 0, G_MAXINT64 / 1000000, &since_epoch_s, NULL))
        return NULL;
    GDateTime *date = g_date_time_new_from_unix_utc(since_epoch_s);
    char *text = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
    if (date)
        g_date_time_unref(date);
    return text;
}

void archive_print_item(FILE *file, JsonBuilder *builder, bool first)
{
    char *text = json_finish(builder);
    GString *indented = g_string_new(text);
    g_string_replace(indented, "\n", DEEPER, 0); /* texts within have no line breaks: JSON escapes them */
    fprintf(file, "%s" DEEPER "%s", first ? "" : ",", indented->str);
    g_string_free(indented, TRUE);
    g_free(text);
}

typedef void print(FILE *file, const struct archive *archive, const struct archive_files *files);

static bool write_one(const struct archive *archive, const struct archive_files *files, enum results_file name,
                      print *print_it, GError **error)
{
    struct stream stream = {0};
    bool fine = stream_open(&stream, archive->folder, name, error);
    if (fine)
        print_it(stream.file, archive, files);
    fine = fine && stream_close(&stream, error) && stream_name(&stream, error);
    stream_discard(&stream);
    return fine;
}

bool archive_write(const struct archive *archive, GError **error)
{
    struct archive_files files;
    bool fine = archive_files_init(&files, archive, error) &&
                write_one(archive, &files, RESULTS_PACKAGE, archive_print_package, error) &&
                write_one(archive, &files, RESULTS_CRATE, archive_print_crate, error);
    archive_files_release(&files);
    return fine;
}
